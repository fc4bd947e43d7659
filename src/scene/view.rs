//! The view: what the page draws at one position of the timeline, on the key axis and trimmed to what fits.

use serde::Serialize;

use crate::{
    entry::SeqNo,
    float::as_float,
    metrics::{Amplification, Counters},
    runtime::{clock::Nanos, stall::Condition},
    storage::FileId,
    trace::{Event, StallReason, WalRecord},
};

mod job;
mod level;
mod read;

pub use job::{EntryDecision, JobKind, JobSchedule, JobView, OutputView};
pub use level::{LevelView, ProbeState, TableState, TableView};
pub use read::{MemtableProbe, ReadKind, ReadView};

/// Everything on the stage at one position.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct View {
    /// How many events have happened: 0 is before the first.
    pub position: usize,
    /// How many events there are.
    pub length: usize,
    /// The first position that can be sought: past 0 if the oldest events were dropped to bound memory.
    pub start: usize,
    /// The event that has just happened; none at position 0.
    pub now: Option<Event>,
    /// Whether the database is open.
    pub open: bool,
    /// Why no write is accepted, if none is.
    pub writes_stopped: Option<String>,
    /// The running operation, or the last one.
    pub operation: Option<OperationView>,
    /// Live logs, oldest first.
    pub wals: Vec<LogView>,
    /// The active memtable.
    pub memtable: MemtableView,
    /// Sealed ones, oldest first.
    pub immutables: Vec<MemtableView>,
    /// Levels, from 0 down; as many as `num_levels`.
    pub levels: Vec<LevelView>,
    /// What the next compaction waits for, in the words of the compaction style.
    pub waits: String,
    /// Whether a score of 1 means that a level is compacted next, and not only that it is considered.
    pub score_is_due: bool,
    /// The flush or compaction that is being executed or installed.
    pub job: Option<JobView>,
    /// All that have begun and are not over, that one among them.
    pub jobs: Vec<JobView>,
    /// The running get or scan, or, until the next operation begins, the last one.
    pub read: Option<ReadView>,
    /// Live snapshots.
    pub snapshots: Vec<SnapshotView>,
    /// The manifest.
    pub manifest: Option<ManifestView>,
    /// The block cache.
    pub cache: CacheView,
    /// The last sequence number given out.
    pub last_seq: SeqNo,
    /// The last one that was acknowledged.
    pub acked_seq: SeqNo,
    /// The last one that a power cut cannot take.
    pub durable_seq: SeqNo,
    /// Whether there is power: not between a power cut and the next open.
    pub power: bool,
    /// How the disk behaves.
    pub disk: DiskView,
    /// What the last power cut took, from the open that found out to the next one.
    pub aftermath: Option<AftermathView>,
    /// Virtual time, in whole seconds.
    pub time: u64,
    /// Virtual time, in nanoseconds.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub now_nanos: Nanos,
    /// The stall condition under virtual time: writes go on, are slowed down, or wait.
    pub condition: Condition,
    /// The write that waits, if one does.
    pub stalled: Option<StalledView>,
    /// What was done since counting began.
    pub counters: Counters,
    /// And what that amounts to.
    pub amplification: Amplification,
}

/// An operation.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OperationView {
    /// Its number, from 1.
    pub op: u64,
    /// The command, as typed.
    pub command: String,
    /// Whether it did what was asked; none while it is running.
    pub ok: Option<bool>,
    /// What it answered.
    pub result: Option<String>,
}

/// A log, without its frames: these are drawn.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogView {
    /// Its file's name.
    pub file: FileId,
    /// Its length.
    pub bytes: u64,
    /// How much of it is durable.
    pub synced: u64,
}

/// A log with its last frames.
#[derive(Clone, Debug)]
pub struct WalView {
    /// Its number.
    pub wal: u64,
    /// Its file's name.
    pub file: FileId,
    /// Its length.
    pub bytes: u64,
    /// How much of it is durable.
    pub synced: u64,
    /// Its last frames, oldest first.
    pub frames: Vec<FrameView>,
    /// Older frames that were left out.
    pub hidden: usize,
}

/// A frame of a log.
#[derive(Clone, Debug)]
pub struct FrameView {
    /// Where it begins.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// The sequence number of its first record.
    pub first_seq: SeqNo,
    /// Its records, as many as are kept.
    pub records: Vec<WalRecord>,
    /// Further records that were left out.
    pub hidden_records: usize,
    /// Whether a crash would leave it.
    pub synced: bool,
    /// Whether a power cut has left only a part of it.
    pub torn: bool,
    /// Whether a power cut has taken it.
    pub lost: bool,
}

/// A memtable, without its entries: these are drawn.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MemtableView {
    /// Its number.
    pub id: u64,
    /// Its size.
    pub bytes: u64,
    /// How many entries it has.
    pub count: usize,
    /// How full it is, of 1: the largest of bytes and entries against their limits.
    pub fill: f64,
    /// Whether a flush is writing it.
    pub flushing: bool,
}

/// A snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SnapshotView {
    /// Its number.
    pub snapshot: u64,
    /// What it sees.
    pub seq: SeqNo,
}

/// How the disk behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DiskView {
    /// How many bytes more fit, as of when the limit was set; none if there is no limit.
    pub room: Option<u64>,
    /// Whether its syncs say that all is well and do nothing.
    pub lying: bool,
}

/// What a power cut took: sequence numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AftermathView {
    /// Up to here, writes had been acknowledged.
    pub acked: SeqNo,
    /// Up to here, the disk had confirmed them.
    pub promised: SeqNo,
    /// Up to here, they are there.
    pub recovered: SeqNo,
}

/// A write that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StalledView {
    /// What for.
    pub reason: StallReason,
    /// Since when: virtual time, in nanoseconds.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub since: Nanos,
}

/// The manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ManifestView {
    /// Its file's name.
    pub file: FileId,
    /// Its length.
    pub bytes: u64,
}

/// The block cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CacheView {
    /// Blocks in it.
    pub blocks: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The most bytes it may hold.
    pub capacity: u64,
}
