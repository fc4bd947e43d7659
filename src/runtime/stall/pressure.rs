//! What has piled up: the numbers that slots and stalls go by.
//!
//! In: the tree, the options, the sealed memtables. Out: a [`Pressure`]. Which limits the numbers have is said where
//! they are held against them: [`stall`](super) and [`jobs`](crate::runtime::jobs).

use serde::Serialize;

use crate::{
    options::{CompactionStyle, Options},
    policy::{Levels, pending_compaction_bytes},
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
    /// Of `tree`, with this number of sealed memtables.
    pub fn of(tree: &dyn Levels, options: &Options, immutables: u64) -> Pressure {
        let level0_tables = match options.compaction_style {
            CompactionStyle::Universal => tree.sorted_runs(),
            _ => tree.level_0().len(),
        };
        Pressure {
            immutables,
            level0_tables: level0_tables as u64,
            pending_bytes: pending_compaction_bytes(tree, options),
            last_level_bytes: tree.sizes().iter().rev().find(|bytes| **bytes > 0).copied().unwrap_or(0),
        }
    }
}
