//! The state of the engine: everything it holds besides files and caches, in one place.

use std::{
    collections::{BTreeMap, VecDeque},
    rc::{Rc, Weak},
};

use super::{Mem, cache::BlockCache, job::JobState, write_ages::WriteAges};
use crate::{
    entry::{Bytes, SeqNo},
    error::{Error, Result},
    metrics::Counters,
    runtime::{
        clock::{Nanos, SECOND},
        stall::Condition,
    },
    storage::FileId,
    trace::{MemtableReport, Report, WalReport},
    version::{TableMeta, Version},
};

#[derive(Debug)]
pub(super) struct State {
    /// Between `RecoveryEnded` and `Closed`.
    pub open: bool,
    /// Live logs, oldest first.
    pub wals: VecDeque<WalReport>,
    /// Whether the last of `wals` takes the next write; else the next write begins a new one.
    pub wal_open: bool,
    /// Frames appended since the last sync.
    pub unsynced_writes: u64,
    pub active: Mem,
    /// Sealed memtables, oldest first.
    pub immutables: VecDeque<Mem>,
    pub version: Rc<Version>,
    /// Versions that iterators may still hold.
    pub old_versions: Vec<Weak<Version>>,
    /// Tables out of the tree whose files are still there.
    pub obsolete: Vec<Rc<TableMeta>>,
    /// Files that nothing refers to, still to be deleted.
    pub orphans: Vec<FileId>,
    pub next_file: u64,
    pub last_seq: SeqNo,
    /// Up to here, writes have returned.
    pub acked_seq: SeqNo,
    /// Up to here, a power cut takes nothing.
    pub durable_seq: SeqNo,
    pub marks: Marks,
    pub snapshots: BTreeMap<u64, SeqNo>,
    /// Tables that were dropped unread although a live snapshot saw them: how many, by its number.
    pub broken: BTreeMap<u64, u64>,
    pub next_snapshot: u64,
    /// The oldest snapshot that was left when one was last released, or the last write then:
    /// [`Horizon::released`](crate::policy::Horizon).
    pub released: SeqNo,
    /// When writes were made.
    pub ages: WriteAges,
    pub manifest: Option<Manifest>,
    /// Jobs that have begun and are not over, by number.
    pub jobs: BTreeMap<u64, JobState>,
    pub next_job: u64,
    /// Virtual time.
    pub now: Nanos,
    pub counters: Counters,
    /// Why writes are refused.
    pub stopped: Option<Error>,
    /// Why the last job failed.
    pub job_error: Option<Error>,
    /// And which job that was.
    pub failed_job: Option<u64>,
    /// The stall condition under virtual time, as last reported.
    pub condition: Condition,
    /// Memtables up to this one were asked to be flushed, however few they are.
    pub flush_upto: u64,
    /// No automatic compaction begins: a manual one runs, or the database is being closed.
    pub hold_compactions: bool,
    /// No flush begins either.
    pub hold_flushes: bool,
    /// Whether a job may have become due since it was last found that none is: the policy is not asked after every
    /// write.
    pub jobs_unclear: bool,
    /// The active memtable's size when it was last sampled.
    pub sampled_bytes: u64,
    /// The cost of the running scan so far.
    pub scan_cost: crate::trace::Cost,
}

/// Up to where the log is in tables, as the manifest has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Everything up to this is in tables.
    pub flushed_seq: SeqNo,
    /// Logs with lower numbers are not needed.
    pub log_number: u64,
}

/// The live manifest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manifest {
    pub file: FileId,
    pub bytes: u64,
    pub edits: u64,
    /// The length of its first edit, which holds the whole shape.
    pub shape_bytes: u64,
}

impl Manifest {
    /// Whether the next edit goes into a new manifest: this one has reached `limit` bytes, and twice the length of its
    /// first edit. Without the second condition, every edit would rewrite a manifest whose table list is longer than
    /// `limit`, and n flushes would write n² bytes. RocksDB has the same since 10.9
    /// (`VersionSet::TuneMaxManifestFileSize`).
    pub fn is_full(&self, limit: u64) -> bool {
        self.bytes >= limit.max(2 * self.shape_bytes)
    }
}

impl State {
    pub fn new(levels: usize) -> State {
        State {
            open: false,
            wals: VecDeque::new(),
            wal_open: false,
            unsynced_writes: 0,
            active: Mem::new(1),
            immutables: VecDeque::new(),
            version: Rc::new(Version::new(levels)),
            old_versions: Vec::new(),
            obsolete: Vec::new(),
            orphans: Vec::new(),
            next_file: 1,
            last_seq: 0,
            acked_seq: 0,
            durable_seq: 0,
            marks: Marks::default(),
            snapshots: BTreeMap::new(),
            broken: BTreeMap::new(),
            next_snapshot: 1,
            released: 0,
            ages: WriteAges::default(),
            manifest: None,
            jobs: BTreeMap::new(),
            next_job: 1,
            now: 0,
            counters: Counters::default(),
            stopped: None,
            job_error: None,
            failed_job: None,
            condition: Condition::Normal,
            flush_upto: 0,
            hold_compactions: false,
            hold_flushes: false,
            jobs_unclear: true,
            sampled_bytes: 0,
            scan_cost: crate::trace::Cost::default(),
        }
    }

    /// Virtual time in whole seconds, as tables and the manifest have it.
    pub fn time(&self) -> u64 {
        self.now / SECOND
    }

    /// The number of the next file of any kind.
    ///
    /// # Errors
    /// The largest has been reached: a file that had a number just below it was in the database's place.
    pub fn take_file_number(&mut self) -> Result<u64> {
        if self.next_file >= FileId::MAX_NUMBER {
            return Err(Error::invalid("every file number has been given out"));
        }
        self.next_file += 1;
        Ok(self.next_file - 1)
    }

    /// Bytes of all memtables.
    pub fn memtable_bytes(&self) -> u64 {
        self.active.bytes() + self.immutables.iter().map(Mem::bytes).sum::<u64>()
    }

    /// Entries of all memtables.
    pub fn memtable_entries(&self) -> u64 {
        (self.active.len() + self.immutables.iter().map(Mem::len).sum::<usize>()) as u64
    }

    /// Whether a flush writes `memtable`.
    pub fn is_claimed(&self, memtable: u64) -> bool {
        self.jobs.values().any(|job| job.memtables().contains(&memtable))
    }

    /// The oldest sealed memtables that no flush has claimed, up to one that is claimed: a flush takes memtables that
    /// follow one another.
    pub fn unclaimed(&self) -> impl Iterator<Item = &Mem> {
        let claimed = |m: &&Mem| self.is_claimed(m.id);
        self.immutables.iter().skip_while(claimed).take_while(move |m| !claimed(m))
    }

    /// The oldest log that is needed once `flushed` are in tables: the oldest that holds an entry of another memtable.
    pub fn oldest_log_without(&self, flushed: &[u64]) -> u64 {
        let others = self.immutables.iter().filter(|m| !flushed.contains(&m.id)).chain([&self.active]);
        others.filter_map(|m| m.min_wal).min().unwrap_or(self.next_file)
    }

    pub fn report(&self, cache: &BlockCache) -> Report {
        let memtable = |m: &Mem| MemtableReport {
            id: m.id,
            bytes: m.bytes(),
            entries: m
                .table
                .borrow()
                .iter()
                .map(|e| (Bytes::from(e.key), e.seq, e.kind, e.value.len() as u64))
                .collect(),
        };
        Report {
            open: self.open,
            wals: self.wals.iter().cloned().collect(),
            active: memtable(&self.active),
            immutables: self.immutables.iter().map(memtable).collect(),
            levels: self.version.levels.clone(),
            last_seq: self.last_seq,
            acked_seq: self.acked_seq,
            durable_seq: self.durable_seq,
            snapshots: self.snapshots.iter().map(|(id, seq)| (*id, *seq)).collect(),
            manifest: self.manifest.map(|m| (m.file, m.bytes)),
            jobs: self.jobs.iter().map(|(number, job)| job.report(*number)).collect(),
            pinned: self.obsolete.iter().map(|t| t.id).collect(),
            cached: cache.entries(),
            now: self.now,
            condition: self.condition,
            counters: self.counters,
        }
    }
}
