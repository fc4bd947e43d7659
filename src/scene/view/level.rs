//! Levels and their tables as the page draws them.

use serde::Serialize;

use crate::{
    entry::{Bytes, SeqNo},
    policy::LevelScore,
    storage::FileId,
    version::TableId,
};

/// A level.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelView {
    /// Its purpose, shown while it is empty; nothing where a level above shows it.
    pub purpose: String,
    /// Which.
    pub level: usize,
    /// Bytes of its tables.
    pub bytes: u64,
    /// Entries of its tables.
    pub entries: u64,
    /// Its score and target, as the policy sees it now.
    pub score: Option<LevelScore>,
    /// How many tables it has.
    pub count: usize,
}

/// A table's part in the running jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum TableState {
    /// Nothing.
    Idle,
    /// An input.
    Input,
    /// Just installed by one that is not quite over.
    Installed,
}

/// What the running read has learned of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum ProbeState {
    /// Its range does not hold the key.
    Outside,
    /// Its range holds the key.
    Inside,
    /// Its filter says no.
    FilterNo,
    /// Its filter says maybe.
    FilterMaybe,
    /// Its filter said maybe, for nothing.
    FalsePositive,
    /// A block was searched in vain.
    Missed,
    /// It has the version that decides the read; or, for a scan, gave an entry.
    Found,
}

/// A table on the key axis.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TableView {
    /// Its number.
    pub id: TableId,
    /// Its file's name.
    pub file: FileId,
    /// Its file's length.
    pub bytes: u64,
    /// Its entries.
    pub entries: u64,
    /// Of these, tombstones.
    pub tombstones: u64,
    /// Its first key.
    pub smallest: Bytes,
    /// Its last key.
    pub largest: Bytes,
    /// The lowest sequence number in it.
    pub smallest_seq: SeqNo,
    /// The highest.
    pub largest_seq: SeqNo,
    /// Its left edge, from 0 to 1.
    pub x0: f64,
    /// Its right edge.
    pub x1: f64,
    /// Its part in the running jobs.
    pub state: TableState,
    /// What the running read has learned of it.
    pub probe: Option<ProbeState>,
}
