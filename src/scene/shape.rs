//! The tree's shape, with the sums that charts and levels show: counted when the shape changes, not at every event.

use std::rc::Rc;

use crate::version::Version;

/// A version and its sums.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The tables.
    pub version: Version,
    /// Each level's sums.
    pub levels: Rc<[LevelSums]>,
    /// Sorted runs that a read may have to look into.
    pub read_runs: u64,
    /// RocksDB's space amplification.
    pub space_rocksdb: Option<f64>,
}

/// One level's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelSums {
    /// Tables.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their entries.
    pub entries: u64,
}

impl Shape {
    /// No table on any of `levels` levels.
    pub fn empty(levels: usize) -> Shape {
        Shape::new(Version::new(levels))
    }

    /// Counts `version`.
    pub fn new(version: Version) -> Shape {
        let levels = version
            .levels
            .iter()
            .map(|tables| LevelSums {
                tables: tables.len() as u64,
                bytes: tables.iter().map(|t| t.bytes).sum(),
                entries: tables.iter().map(|t| t.entries).sum(),
            })
            .collect();
        let amplification = crate::metrics::Counters::default().amplification(&version);
        Shape { levels, read_runs: amplification.read_runs, space_rocksdb: amplification.space_rocksdb, version }
    }
}
