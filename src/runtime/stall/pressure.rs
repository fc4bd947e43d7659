//! What has piled up: the numbers that slots and stalls go by.
//!
//! In: the tree, the options, the sealed memtables. Out: a [`Pressure`]. Which limits the numbers have is said where they are
//! held against them: [`stall`](super) and [`jobs`](crate::runtime::jobs).

use serde::Serialize;

use crate::{
    options::{CompactionStyle, Options},
    policy::{Tree, pending_compaction_bytes},
    version::Version,
};

/// What has piled up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Pressure {
    /// Sealed memtables that no flush has installed yet.
    pub immutables: u64,
    /// Tables of level 0; with universal compaction, sorted runs.
    pub level0_tables: u64,
    /// [`pending_compaction_bytes`]; 0 with any style but leveled.
    pub pending_bytes: u64,
    /// Bytes of the last level that has data.
    pub last_level_bytes: u64,
}

impl Pressure {
    /// Of `version`, with so many sealed memtables.
    pub fn of(version: &Version, options: &Options, immutables: u64) -> Pressure {
        let sizes: Vec<u64> = (0..version.levels.len()).map(|level| version.level_bytes(level)).collect();
        let pending = || pending_compaction_bytes(version, options);
        let level0 = version.levels[0].len();
        Pressure::counted(options, immutables, &sizes, (level0, || version.sorted_runs()), pending)
    }

    /// The same of a simulator's tree, whose sums are at hand.
    pub fn of_tree(tree: &Tree, options: &Options, immutables: u64) -> Pressure {
        let pending = || tree.pending_compaction_bytes(options);
        let level0 = tree.level_0().len();
        Pressure::counted(options, immutables, tree.level_bytes(), (level0, || tree.sorted_runs()), pending)
    }

    fn counted(
        options: &Options,
        immutables: u64,
        sizes: &[u64],
        (level0, sorted_runs): (usize, impl Fn() -> usize),
        pending: impl Fn() -> u64,
    ) -> Pressure {
        let level0_tables = match options.compaction_style {
            CompactionStyle::Universal => sorted_runs(),
            _ => level0,
        };
        let is_leveled = options.compaction_style == CompactionStyle::Leveled;
        Pressure {
            immutables,
            level0_tables: level0_tables as u64,
            pending_bytes: if is_leveled { pending() } else { 0 },
            last_level_bytes: sizes.iter().rev().find(|bytes| **bytes > 0).copied().unwrap_or(0),
        }
    }
}
