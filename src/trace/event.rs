//! The events: one for each change that the engine makes and each step of a read.

use std::rc::Rc;

use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};

use super::{BitProbe, Cost, Detail, DropReason, KeepReason, Place, SealReason, Section, StallReason, WalRecord};
use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    float::as_float,
    metrics::Counters,
    options::Options,
    policy::{Compaction, CutReason},
    runtime::{
        clock::Nanos,
        stall::{Condition, Why},
    },
    storage::{FileId, fault::FileLoss},
    version::{TableId, TableMeta, VersionEdit},
};

/// One thing that happened. Offsets and lengths are bytes, times are nanoseconds of virtual time.
#[derive(
    Clone, Debug, PartialEq, Serialize, IntoStaticStr, VariantNames, borsh::BorshSerialize, borsh::BorshDeserialize,
)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs, reason = "each field is named for what it holds; the variants' docs say the rest")]
pub enum Event {
    // --- operations -----------------------------------------------------------------------------------------------
    /// A command begins. `op` counts from 1.
    OpBegan { op: u64, command: String },
    /// The command is over; `result` is what it answered. `ok` is whether it did what was asked.
    OpEnded { op: u64, ok: bool, result: String },

    // --- opening and recovery ---------------------------------------------------------------------------------------
    /// An open begins, under these options, at virtual time `nanos` or later; `fresh` if there is no database yet.
    /// `counters` is what earlier opens of the same session have counted, and this one goes on from.
    RecoveryBegan {
        fresh: bool,
        options: Rc<Options>,
        nanos: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        counters: Option<Box<Counters>>,
    },
    /// `CURRENT` named this manifest, and its edits will be applied.
    ManifestRead { file: FileId, bytes: u64, edits: u64 },
    /// One edit of the manifest was applied.
    EditRecovered { edit: Rc<VersionEdit> },
    /// The manifest's last edit was never whole: it was dropped, as if never written.
    /// Or, with `zeros`, what is behind the last whole one was allocated beforehand, and nothing was written there.
    ManifestTornTail { file: FileId, offset: u64, bytes: u64, zeros: bool },
    /// A log will be replayed.
    WalReplayBegan { wal: u64, bytes: u64 },
    /// One frame was whole; its records follow as inserts.
    FrameReplayed { wal: u64, offset: u64, bytes: u64, first_seq: SeqNo, records: Vec<WalRecord> },
    /// The log ends in the middle of a frame: a crash leaves that of one that was not synced yet. It is dropped.
    /// Or, with `zeros`, what is behind the last whole one was allocated beforehand, and nothing was written there.
    WalTornTail { wal: u64, offset: u64, bytes: u64, zeros: bool },
    /// Replay of this log stopped here (point-in-time mode): the rest of it was dropped.
    WalDamaged { wal: u64, offset: u64, bytes: u64, what: String },
    /// These bytes of the log were passed over (skip mode): replay goes on behind them.
    WalSkipped { wal: u64, offset: u64, bytes: u64, what: String },
    /// The frame at `offset` goes on too late: the writes `first_seq` to `last_seq` are in no frame before it, and are
    /// lost (skip mode).
    WalGap { wal: u64, offset: u64, first_seq: SeqNo, last_seq: SeqNo },
    /// A file that nothing refers to (a job's output that a crash orphaned, a log that was flushed) was deleted.
    OrphanRemoved { file: FileId },
    /// The database is open.
    RecoveryEnded { last_seq: SeqNo, tables: u64, entries: u64 },

    // --- the write path -------------------------------------------------------------------------------------------
    /// A log was begun; the active memtable's writes go there.
    WalCreated { wal: u64 },
    /// A frame was appended: one batch, all of it or nothing.
    WalAppended { wal: u64, offset: u64, bytes: u64, crc: u32, first_seq: SeqNo, records: Vec<WalRecord> },
    /// The log is durable up to `upto`.
    WalSynced { wal: u64, upto: u64 },
    /// The log's entries are in tables: its file was deleted.
    WalRemoved { wal: u64 },
    /// An entry is in the active memtable and can be read. `bytes` is the memtable's size now.
    MemtableInserted { memtable: u64, record: WalRecord, bytes: u64 },
    /// The write returns to its caller at virtual time `nanos`: everything up to `upto` is acknowledged, and everything
    /// up to `durable` survives a power cut.
    Acknowledged {
        upto: SeqNo,
        durable: SeqNo,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        nanos: Nanos,
    },
    /// The active memtable is immutable now and waits for its flush; `next` is the new active one.
    MemtableSealed { memtable: u64, next: u64, reason: SealReason },
    /// A write has to wait. `why` has the numbers, where virtual time determines how long.
    Stalled {
        reason: StallReason,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        why: Option<Why>,
    },
    /// The stalled write goes on, `waited` nanoseconds later.
    StallEnded {
        reason: StallReason,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        waited: Nanos,
    },
    /// The stall condition has changed: from now on, writes run at full speed, are slowed down, or are stopped.
    StallConditionsChanged { condition: Condition },
    /// A write of `bytes` was slowed down to `rate` bytes a second, and goes on at virtual time `nanos`.
    WriteDelayed {
        bytes: u64,
        rate: u64,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        waited: Nanos,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        nanos: Nanos,
    },
    /// A sync failed: no write is accepted until a reopen finds out what reached the disk.
    WritesStopped { what: String },

    // --- jobs -----------------------------------------------------------------------------------------------------
    /// A flush begins to write these memtables, oldest first, into one table.
    FlushBegan { job: u64, memtables: Vec<u64> },
    /// A compaction was picked: what will be done, and why.
    CompactionPicked { job: u64, compaction: Rc<Compaction> },
    /// An input's data block was read by a merge.
    InputBlockRead { job: u64, table: TableId, block: u64, bytes: u64 },
    /// The merge keeps this entry: it goes into the table that the job began last.
    MergeKept { job: u64, key: Bytes, seq: SeqNo, kind: EntryKind, from: Place, reason: KeepReason },
    /// The merge drops this entry; `by` is the sequence number that hides it.
    MergeDropped {
        job: u64,
        key: Bytes,
        seq: SeqNo,
        kind: EntryKind,
        from: Place,
        reason: DropReason,
        by: Option<SeqNo>,
    },
    /// An output table begins.
    TableBegan { job: u64, table: TableId, level: usize },
    /// A data block of an output is complete.
    BlockWritten {
        job: u64,
        table: TableId,
        block: u64,
        offset: u64,
        bytes: u64,
        raw_bytes: u64,
        entries: u64,
        first: Bytes,
        last: Bytes,
    },
    /// Another part of an output is complete.
    SectionWritten { job: u64, table: TableId, section: Section, offset: u64, bytes: u64 },
    /// The output's file is whole and durable, but not yet part of the tree. `cut`: why a compaction ended it there; a
    /// flush writes one table, whatever its size.
    TableFinished {
        job: u64,
        table: Rc<TableMeta>,
        level: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        cut: Option<CutReason>,
    },
    /// The job was executed: its outputs are written, but not part of the tree. It has been running since virtual time
    /// `began`; the device will have moved its bytes at `ends`, if no other job begins or ends meanwhile.
    JobScheduled {
        job: u64,
        bytes_read: u64,
        bytes_written: u64,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        began: Nanos,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        ends: Nanos,
    },
    /// The device has moved the flush's bytes. Its table waits until an older memtable is in a table too, because they
    /// are installed in the order of their age.
    JobWaits { job: u64, behind: u64 },
    /// The device has moved the job's bytes: what it brings is logged and installed now.
    InstallBegan { job: u64 },
    /// A job failed; its inputs are as they were.
    JobFailed { job: u64, what: String },
    /// A manifest with one edit that holds the whole shape was written.
    ManifestCreated { file: FileId, bytes: u64 },
    /// `CURRENT` names this manifest now.
    CurrentSwapped { file: FileId },
    /// An edit was appended to the manifest and synced.
    EditLogged { file: FileId, offset: u64, bytes: u64 },
    /// The edit was applied: readers see the new shape from now on. `flushed` are memtables that are in tables now.
    VersionInstalled { job: u64, edit: Rc<VersionEdit>, flushed: Vec<u64> },
    /// A flush is over.
    FlushEnded { job: u64, tables: Vec<TableId>, bytes: u64 },
    /// A compaction is over.
    CompactionEnded { job: u64, bytes_read: u64, bytes_written: u64, entries_in: u64, entries_out: u64, moved: bool },
    /// A table that left the tree is still read by an iterator: its file stays for now.
    TablePinned { table: TableId },
    /// A table's file was deleted.
    TableRemoved { table: TableId },

    // --- reads ------------------------------------------------------------------------------------------------------
    /// A get begins, as of sequence number `at`.
    GetBegan { key: Bytes, at: SeqNo },
    /// A memtable was searched; `found` is the sequence number of the version seen.
    MemtableProbed { memtable: u64, found: Option<SeqNo> },
    /// A table's key range was compared with the key.
    RangeProbed { table: TableId, level: usize, inside: bool },
    /// A table's filter was asked: `maybe` is false where the key is certainly absent.
    FilterProbed { table: TableId, level: usize, bits: Vec<BitProbe>, maybe: bool },
    /// A table's index was searched: the key can only be in `block`; none if it is past the last.
    IndexProbed { table: TableId, level: usize, block: Option<u64> },
    /// A data block was searched; `found` is the sequence number of the version seen.
    BlockProbed { table: TableId, level: usize, block: u64, cached: bool, bytes: u64, found: Option<SeqNo> },
    /// The filter had said maybe, and the key is not there.
    FalsePositive { table: TableId, level: usize },
    /// The get is over. `seq` is the version that decided it, `kind` whether that was a put or a delete.
    GetEnded {
        key: Bytes,
        found: bool,
        seq: Option<SeqNo>,
        kind: Option<EntryKind>,
        place: Option<Place>,
        cost: Box<Cost>,
    },
    /// A scan begins, as of sequence number `at`.
    ScanBegan { start: Option<Bytes>, end: Option<Bytes>, reverse: bool, at: SeqNo, sources: Vec<Place> },
    /// A scan read a data block.
    ScanBlockRead { table: TableId, level: usize, block: u64, cached: bool, bytes: u64 },
    /// A scan returned an entry.
    ScanEmitted { key: Bytes, seq: SeqNo, from: Place },
    /// A scan passed over an entry: an older version, a tombstone, or one newer than the snapshot.
    ScanSkipped { key: Bytes, seq: SeqNo, kind: EntryKind, from: Place },
    /// The scan is over.
    ScanEnded { returned: u64, skipped: u64, cost: Box<Cost> },
    /// A data block was put into the cache.
    CacheInserted { table: TableId, block: u64, bytes: u64 },
    /// A data block was evicted from the cache, to make room or because its table was deleted.
    CacheEvicted { table: TableId, block: u64, bytes: u64 },

    // --- the rest ---------------------------------------------------------------------------------------------------
    /// A snapshot sees everything up to `seq`, and nothing after, until it is released.
    SnapshotTaken { snapshot: u64, seq: SeqNo },
    /// What only the snapshot saw may be dropped now.
    SnapshotReleased { snapshot: u64 },
    /// Tables that the snapshot saw were dropped unread, as FIFO compaction does: what only they held, it sees no
    /// longer.
    SnapshotBroken { job: u64, snapshot: u64, tables: Vec<TableId>, entries: u64 },
    /// Virtual time moved on: to `now` in whole seconds, to `nanos` exactly.
    TimeAdvanced {
        now: u64,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        nanos: Nanos,
    },
    /// What the memtable and the WAL hold and the counters, reported once per operation where `Detail::Operations` is
    /// not wanted.
    Sampled {
        memtable: u64,
        entries: u64,
        bytes: u64,
        wal_bytes: u64,
        last_seq: SeqNo,
        durable_seq: SeqNo,
        #[serde(serialize_with = "as_float")]
        #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
        nanos: Nanos,
        counters: Box<Counters>,
    },
    /// The power was cut: memory is lost, and only some of what the disk had not confirmed is left. Up to `acked`
    /// writes had been acknowledged, up to `durable` the disk had confirmed them.
    PowerCut { losses: Vec<FileLoss>, undone: Vec<FileId>, acked: SeqNo, durable: SeqNo },
    /// The first open after a power cut found everything up to `recovered`; compare what had been acknowledged, and
    /// what was promised to be durable.
    Aftermath { acked: SeqNo, promised: SeqNo, recovered: SeqNo },
    /// A bit of a file was flipped without an error, as a bad sector would.
    BitFlipped { file: FileId, offset: u64, bit: u8 },
    /// The disk behaves differently from now on: `room` is the number of bytes that still fit (none: no limit), `lying`
    /// whether its syncs do nothing.
    DiskChanged { room: Option<u64>, lying: bool },
    /// The database was closed; everything acknowledged is durable.
    Closed {},
}

impl Event {
    /// The names of all kinds of events, as the trace writes them: `flush_began`.
    pub const KINDS: &[&str] = <Event as VariantNames>::VARIANTS;

    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// The detail from which on this event is reported.
    pub fn detail(&self) -> Detail {
        use Event::*;
        match self {
            WalAppended { .. }
            | WalSynced { .. }
            | MemtableInserted { .. }
            | Acknowledged { .. }
            | WriteDelayed { .. }
            | FrameReplayed { .. }
            | GetBegan { .. }
            | GetEnded { .. }
            | ScanBegan { .. }
            | ScanEnded { .. } => Detail::Operations,
            InputBlockRead { .. }
            | MergeKept { .. }
            | MergeDropped { .. }
            | TableBegan { .. }
            | BlockWritten { .. }
            | SectionWritten { .. }
            | MemtableProbed { .. }
            | RangeProbed { .. }
            | FilterProbed { .. }
            | IndexProbed { .. }
            | BlockProbed { .. }
            | FalsePositive { .. }
            | ScanBlockRead { .. }
            | ScanEmitted { .. }
            | ScanSkipped { .. }
            | CacheInserted { .. }
            | CacheEvicted { .. } => Detail::All,
            _ => Detail::Jobs,
        }
    }

    /// The job it belongs to, for the events of a flush or a compaction.
    pub fn job(&self) -> Option<u64> {
        use Event::*;
        match self {
            FlushBegan { job, .. }
            | CompactionPicked { job, .. }
            | InputBlockRead { job, .. }
            | MergeKept { job, .. }
            | MergeDropped { job, .. }
            | TableBegan { job, .. }
            | BlockWritten { job, .. }
            | SectionWritten { job, .. }
            | TableFinished { job, .. }
            | JobFailed { job, .. }
            | JobScheduled { job, .. }
            | JobWaits { job, .. }
            | InstallBegan { job }
            | VersionInstalled { job, .. }
            | FlushEnded { job, .. }
            | SnapshotBroken { job, .. }
            | CompactionEnded { job, .. } => Some(*job),
            _ => None,
        }
    }

    /// About how many bytes it holds besides itself. Keys and previews are shared between events, so this counts some
    /// twice: a bound, not an account.
    pub(crate) fn heap_bytes(&self) -> usize {
        const RC: usize = 16;
        let of = |bytes: &[u8]| bytes.len() + RC;
        match self {
            Event::WalAppended { records, .. } | Event::FrameReplayed { records, .. } => {
                records.iter().map(|r| size_of_val(r) + of(&r.key) + of(&r.value)).sum()
            }
            Event::MemtableInserted { record, .. } => of(&record.key) + of(&record.value),
            Event::GetEnded { key, cost, .. } => of(key) + size_of_val(&**cost),
            Event::ScanEnded { cost, .. } => size_of_val(&**cost),
            Event::Sampled { counters, .. } => size_of_val(&**counters),
            Event::MergeKept { key, .. }
            | Event::MergeDropped { key, .. }
            | Event::GetBegan { key, .. }
            | Event::ScanEmitted { key, .. }
            | Event::ScanSkipped { key, .. } => of(key),
            Event::BlockWritten { first, last, .. } => of(first) + of(last),
            Event::FilterProbed { bits, .. } => size_of_val(bits.as_slice()),
            Event::OpBegan { command, .. } => command.len(),
            Event::OpEnded { result, .. } => result.len(),
            Event::TableFinished { table, .. } => size_of_val(&**table) + of(&table.smallest) + of(&table.largest),
            Event::VersionInstalled { edit, .. } | Event::EditRecovered { edit } => {
                (edit.added.len() + edit.removed.len()) * 64
            }
            Event::CompactionPicked { compaction, .. } => {
                let reason = &compaction.reason;
                size_of_val(&**compaction) + reason.candidates.len() * 48 + reason.scores.len() * 160
            }
            _ => 0,
        }
    }
}
