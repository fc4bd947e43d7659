//! Trees for the tests of amplification.

use std::rc::Rc;

use crate::version::{TableMeta, Version};

/// A tree with so many bytes on each level, each in one table; an entry for each of 100 bytes.
pub(super) fn tree(levels: &[u64]) -> Version {
    let table = |(level, bytes): (usize, &u64)| {
        let meta = TableMeta {
            id: level as u64 + 1,
            bytes: *bytes,
            entries: bytes / 100,
            tombstones: 0,
            smallest: "a".into(),
            largest: "z".into(),
            smallest_seq: 1,
            largest_seq: 1,
            ..TableMeta::default()
        };
        (*bytes > 0).then(|| Rc::new(meta)).into_iter().collect()
    };
    Version { levels: levels.iter().enumerate().map(table).collect(), cursors: Vec::new() }
}
