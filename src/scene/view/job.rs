//! Flushes and compactions as the page draws them.

use std::rc::Rc;

use serde::Serialize;

use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    float::as_float,
    policy::Compaction,
    runtime::clock::Nanos,
    trace::{DropReason, KeepReason, Place},
    version::TableId,
};

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Memtables become a table of level 0.
    Flush,
    /// Tables become other tables, further down.
    Compaction,
}

/// A running job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct JobView {
    /// Its number.
    pub job: u64,
    /// A flush or a compaction.
    pub kind: JobKind,
    /// For a compaction: what is done, and why.
    pub compaction: Option<Rc<Compaction>>,
    /// For a flush: the memtables it writes.
    pub memtables: Vec<u64>,
    /// Where its outputs go.
    pub output_level: usize,
    /// Its outputs so far: the last ones, where there are many.
    pub outputs: Vec<OutputView>,
    /// Earlier outputs that were left out.
    pub hidden_outputs: usize,
    /// Entries kept so far.
    pub kept: u64,
    /// Entries dropped so far.
    pub dropped: u64,
    /// Blocks of inputs read so far.
    pub blocks_read: u64,
    /// What its merge decided last, oldest first.
    pub decisions: Vec<Rc<EntryDecision>>,
    /// Whether its edit is installed.
    pub installed: bool,
    /// Under virtual time, once it was executed: when the device moves its bytes.
    pub schedule: Option<JobSchedule>,
}

/// When the device moves a job's bytes. Times are virtual, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct JobSchedule {
    /// Since when.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub began: Nanos,
    /// Until when, as it was planned when it began: jobs that begin later make it later.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub ends: Nanos,
    /// Bytes of tables that it reads.
    pub bytes_read: u64,
    /// Bytes that it writes.
    pub bytes_written: u64,
    /// For a flush that is done: the older memtable that must be in a table before.
    pub behind: Option<u64>,
}

/// What a merge decided about one entry: `kept` or `dropped` says why.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EntryDecision {
    /// Its key.
    pub key: Bytes,
    /// Its sequence number.
    pub seq: SeqNo,
    /// Put or delete.
    pub kind: EntryKind,
    /// Where it came from.
    pub from: Place,
    /// Why it was kept.
    pub kept: Option<KeepReason>,
    /// Why it was dropped.
    pub dropped: Option<DropReason>,
    /// For what was dropped: the sequence number that hides it.
    pub by: Option<SeqNo>,
}

/// A table being written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OutputView {
    /// Its number.
    pub table: TableId,
    /// Its level.
    pub level: usize,
    /// Its data blocks so far.
    pub blocks: u64,
    /// Its bytes so far.
    pub bytes: u64,
    /// Its entries so far.
    pub entries: u64,
    /// Its first key.
    pub smallest: Option<Bytes>,
    /// Its last key so far.
    pub largest: Option<Bytes>,
    /// Its left edge, from 0 to 1.
    pub x0: f64,
    /// Its right edge so far.
    pub x1: f64,
    /// Whether it is whole and durable.
    pub finished: bool,
}
