//! The compaction backlog: the numbers that determine job slots and write stalls.
//!
//! In: the tree, the options, the sealed memtables. Out: a [`Pressure`]. Its limits are in [`stall`](super) and
//! [`jobs`](crate::runtime::jobs).

use serde::Serialize;

use crate::{
    options::Options,
    policy::{Levels, Policy},
};

/// The compaction backlog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Pressure {
    /// Sealed memtables that no flush has installed yet.
    pub immutables: u64,
    /// Tables of level 0; with universal compaction, sorted runs.
    pub level0_tables: u64,
    /// The bytes that compactions will have to write until nothing is due; 0 where the style does not know.
    pub pending_bytes: u64,
    /// Bytes of the last level that has data.
    pub last_level_bytes: u64,
}

impl Pressure {
    /// Of `tree`, as `policy` counts it, with this number of sealed memtables.
    pub fn of(tree: &dyn Levels, policy: &dyn Policy, options: &Options, immutables: u64) -> Pressure {
        Pressure {
            immutables,
            level0_tables: policy.counted_for_stalls(tree) as u64,
            pending_bytes: policy.pending_bytes(tree, options),
            last_level_bytes: tree.sizes().iter().rev().find(|bytes| **bytes > 0).copied().unwrap_or(0),
        }
    }
}
