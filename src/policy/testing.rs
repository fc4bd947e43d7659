//! Trees for the policies' tests.

use std::rc::Rc;

use super::estimate::whole_run;
use crate::{
    options::Options,
    version::{Level, TableId, TableMeta, Version, VersionEdit},
};

/// A tree of seven levels with the given tables: level, number, smallest and largest key, bytes.
pub(crate) fn tree(tables: &[(usize, TableId, &str, &str, u64)]) -> Version {
    let added = tables.iter().map(|(level, id, smallest, largest, bytes)| {
        let table = TableMeta {
            id: *id,
            bytes: *bytes,
            entries: *bytes / 10,
            tombstones: 0,
            smallest: (*smallest).into(),
            largest: (*largest).into(),
            smallest_seq: *id,
            largest_seq: *id,
            oldest_time: Some(0),
            newest_time: Some(0),
            ..TableMeta::default()
        };
        (*level, Rc::new(table))
    });
    let edit = VersionEdit { added: added.collect(), ..VersionEdit::default() };
    Version::new(7).apply(&edit).expect("a tree that can be")
}

/// A tree with `levels` bytes on each level, each in one table; those of level 0 in four.
pub(crate) fn sized(levels: &[u64]) -> Version {
    let table = |id: u64, bytes: u64| Rc::new(TableMeta { bytes, ..whole_run(id) });
    let of_level = |level: usize, bytes: u64| match (level, bytes) {
        (_, 0) => Level::default(),
        (0, _) => (100..104).rev().map(|id| table(id, bytes / 4)).collect(),
        (level, bytes) => vec![table(level as u64, bytes)].into(),
    };
    let levels = levels.iter().enumerate().map(|(level, bytes)| of_level(level, *bytes)).collect();
    Version { levels, cursors: Vec::new() }
}

/// A tree with `levels` bytes on each level, each in one table, level 0 too; one entry for each 100 bytes.
pub(crate) fn bytes_of_levels(levels: &[u64]) -> Version {
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

/// The options of the test vectors.
pub(crate) fn vector_options(base: u64, multiplier: f64, dynamic: bool) -> Options {
    Options {
        max_bytes_for_level_base: base,
        max_bytes_for_level_multiplier: multiplier,
        level_compaction_dynamic_level_bytes: dynamic,
        ..Options::default()
    }
}
