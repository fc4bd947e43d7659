//! What the page draws at one position of the timeline: the scene, laid out on the key axis and trimmed to what fits.

use std::rc::Rc;

use serde::Serialize;

use crate::{
    entry::{Bytes, Kind, SeqNo},
    metrics::{Amplification, Counters},
    policy::{Compaction, LevelScore},
    runtime::{clock::Nanos, stall::Condition},
    storage::FileId,
    trace::{Cost, DropReason, Event, KeepReason, Place, Record, StallReason, as_float},
    version::TableId,
};

/// Everything on the stage at one position.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct View {
    /// How many events have happened: 0 is before the first.
    pub position: usize,
    /// How many events there are.
    pub length: usize,
    /// The first position that can be seeked to: past 0 where the oldest events were let go to bound memory.
    pub start: usize,
    /// The event that has just happened; none at position 0.
    pub now: Option<Event>,
    /// Whether the database is open.
    pub open: bool,
    /// Why no write is accepted, if none is.
    pub writes_stopped: Option<String>,
    /// The operation under way, or the last one.
    pub operation: Option<OperationView>,
    /// Live logs, oldest first.
    pub wals: Vec<WalView>,
    /// The active memtable.
    pub memtable: MemtableView,
    /// Sealed ones, oldest first.
    pub immutables: Vec<MemtableView>,
    /// Levels, from 0 down; as many as `num_levels`.
    pub levels: Vec<LevelView>,
    /// Labels of the key axis, from left to right.
    pub axis: Vec<Tick>,
    /// The flush or compaction that is being executed or installed.
    pub job: Option<JobView>,
    /// All that have begun and are not over, that one among them.
    pub jobs: Vec<JobView>,
    /// The get or scan under way, or, until the next operation begins, the last one.
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
    /// What becomes of writes under virtual time: they go on, are slowed down, or wait.
    pub condition: Condition,
    /// The write that waits, if one does.
    pub stalled: Option<StalledView>,
    /// What was done since the open.
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
    /// Whether it did what was asked; none while it is under way.
    pub ok: Option<bool>,
    /// What it answered.
    pub result: Option<String>,
}

/// A log.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
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
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FrameView {
    /// Where it begins.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
    /// The sequence number of its first record.
    pub first_seq: SeqNo,
    /// Its records, as many as are kept.
    pub records: Vec<Record>,
    /// Further records that were left out.
    pub hidden_records: usize,
    /// Whether a crash would leave it.
    pub synced: bool,
    /// Whether a power cut has left only a part of it.
    pub torn: bool,
    /// Whether a power cut has taken it.
    pub lost: bool,
}

/// A memtable.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MemtableView {
    /// Its number.
    pub id: u64,
    /// Its size.
    pub bytes: u64,
    /// How many entries it has.
    pub count: usize,
    /// The entries in order, around the last inserted one where there are too many.
    pub entries: Vec<Record>,
    /// Entries left out before the first shown.
    pub hidden_before: usize,
    /// Entries left out after the last shown.
    pub hidden_after: usize,
    /// The sequence number of the entry that was inserted last.
    pub newest: Option<SeqNo>,
    /// How full it is, of 1: the largest of bytes and entries against their limits.
    pub fill: f64,
    /// Whether a flush is writing it.
    pub flushing: bool,
}

/// A level.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelView {
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
    /// Its tables: level 0 newest first, the others by key; none where there are too many to list (see
    /// [`crowd`](super::crowd)).
    pub tables: Vec<TableView>,
}

/// What a table is to the jobs in flight.
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

/// What the read under way has learned of a table.
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
    /// What it is to the jobs in flight.
    pub state: TableState,
    /// What the read under way has learned of it.
    pub probe: Option<ProbeState>,
}

/// A label of the key axis.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Tick {
    /// Where, from 0 to 1.
    pub x: f64,
    /// Which key.
    pub key: Bytes,
}

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

/// A job in flight.
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
    pub decisions: Vec<Rc<Decision>>,
    /// Whether its edit is installed.
    pub installed: bool,
    /// Under virtual time, once it was executed: when the device moves its bytes.
    pub flight: Option<FlightView>,
}

/// When the device moves a job's bytes. Times are virtual, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FlightView {
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
pub struct Decision {
    /// Its key.
    pub key: Bytes,
    /// Its sequence number.
    pub seq: SeqNo,
    /// Put or delete.
    pub kind: Kind,
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
    pub decided_by: Option<Kind>,
    /// Where that was.
    pub place: Option<Place>,
    /// What it cost; while it is under way, nothing yet.
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
