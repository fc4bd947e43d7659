//! A report of the engine's state, with which [`crate::scene::Scene`] must agree after every event.

use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    metrics::Counters,
    runtime::{clock::Nanos, stall::Condition},
    storage::FileId,
    version::{Level, TableId},
};

/// What the engine holds, when asked: what [`crate::scene::Scene`] must agree with after every event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Whether the database is open (between `RecoveryEnded` and `Closed`).
    pub open: bool,
    /// Live logs, oldest first.
    pub wals: Vec<WalReport>,
    /// The active memtable.
    pub active: MemtableReport,
    /// Sealed memtables, oldest first.
    pub immutables: Vec<MemtableReport>,
    /// The tree.
    pub levels: Vec<Level>,
    /// The last sequence number given out.
    pub last_seq: SeqNo,
    /// Up to here, writes were acknowledged.
    pub acked_seq: SeqNo,
    /// Up to here, a power cut takes nothing.
    pub durable_seq: SeqNo,
    /// Live snapshots: number and what they see.
    pub snapshots: Vec<(u64, SeqNo)>,
    /// The manifest's file and length.
    pub manifest: Option<(FileId, u64)>,
    /// The running jobs, by number.
    pub jobs: Vec<JobReport>,
    /// Tables out of the tree whose files are still there.
    pub pinned: Vec<TableId>,
    /// Cached blocks: table, block, bytes; in that order.
    pub cached: Vec<(TableId, u64, u64)>,
    /// Virtual time.
    pub now: Nanos,
    /// The stall condition under virtual time.
    pub condition: Condition,
    /// What was done.
    pub counters: Counters,
}

/// One live log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalReport {
    /// Its number.
    pub wal: u64,
    /// Its length.
    pub bytes: u64,
    /// How much of it is durable.
    pub synced: u64,
    /// Its frames.
    pub frames: u64,
}

/// One memtable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemtableReport {
    /// Its number.
    pub id: u64,
    /// Its size.
    pub bytes: u64,
    /// Its entries in order: key, sequence number, kind, length of the value.
    pub entries: Vec<(Bytes, SeqNo, EntryKind, u64)>,
}

/// A running job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobReport {
    /// Its number.
    pub job: u64,
    /// Its outputs so far.
    pub outputs: Vec<OutputReport>,
    /// When it was executed, if it was and is to be installed later.
    pub span: Option<JobTimes>,
}

/// The times of a running job under virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobTimes {
    /// When it began.
    pub began: Nanos,
    /// When it ends, as planned when it began.
    pub ends: Nanos,
}

/// A table being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputReport {
    /// Its number.
    pub table: TableId,
    /// Its data blocks so far.
    pub blocks: u64,
    /// The bytes of its file so far.
    pub bytes: u64,
    /// Whether it is whole and durable.
    pub finished: bool,
}
