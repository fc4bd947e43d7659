//! Gets and scans as the page draws them.

use serde::Serialize;

use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    trace::{Cost, Place},
};

/// What a read is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum ReadKind {
    /// Of one key.
    Get,
    /// Of a range of keys.
    Scan,
}

/// A get or a scan.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReadView {
    /// A get or a scan.
    pub kind: ReadKind,
    /// For a get: its key.
    pub key: Option<Bytes>,
    /// Where the key lies on the axis, from 0 to 1.
    pub x: Option<f64>,
    /// Which memtables were searched, and what was found there.
    pub memtables: Vec<MemtableProbe>,
    /// Whether it is over.
    pub done: bool,
    /// Whether it found something.
    pub found: bool,
    /// The version that decided it.
    pub seq: Option<SeqNo>,
    /// Put or delete.
    pub decided_by: Option<EntryKind>,
    /// Where that was.
    pub place: Option<Place>,
    /// Its cost; none while it is running.
    pub cost: Option<Cost>,
}

/// A memtable that was searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MemtableProbe {
    /// Its number.
    pub memtable: u64,
    /// The version found.
    pub found: Option<SeqNo>,
}
