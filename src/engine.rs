//! The storage engine: open, write, read, flush, compact, recover, close.
//!
//! In: a [`Storage`], [`Options`], and calls such as [`put`](Engine::put) and [`get`](Engine::get). Out: answers,
//! files, and one [`Event`] for each step. Errors: see [`ErrorKind`]; after a failed sync of the WAL, writes are
//! refused until the database is reopened ([`Engine::stopped`]).
//!
//! # Layout
//!
//! - Files: [`wal`] and [`manifest`] are logs of frames ([`log`]); [`table`] is the sorted file; [`codec`] encodes the
//!   integers and strings of all three.
//! - Memory: [`memtable`] holds the newest entries; `cache` holds blocks that were read from tables.
//! - Operations: `write` is the path of a put, `read` that of a get, `iterate` that of a scan. A scan `merge`s its
//!   `source`s into one order.
//! - Jobs: `jobs` finds the flushes and compactions that are due; `job` is the life of one, from begin to end;
//!   `execute` reads its inputs and writes its outputs; `install` applies its edit to the tree and deletes obsolete
//!   files.
//! - Virtual time: `schedule` makes a job take as long as it would on a device; `admission` stalls writes.
//! - Recovery: `recover` rebuilds the state from the files; `replay` is the part of it that reads the logs.
//!
//! # Invariants
//!
//! All state is in one place (`state`) and changes in small steps; an [`Event`] reports each step. The inputs of a job
//! are immutable. The tree changes only in `install`, by one [`VersionEdit`](crate::version::VersionEdit) that is
//! durable before any reader sees it and before any input is deleted.
//!
//! The engine is single-threaded, and `async` only where the storage may have to wait. A future that is dropped before
//! it completes leaves the engine as a crash would: reopen it.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use crate::{
    entry::SeqNo,
    error::{Error, ErrorKind, Result},
    metrics::Counters,
    options::Options,
    policy::{LevelScore, Policy, policy_for},
    runtime::{Runtime, clock::Nanos},
    storage::Storage,
    trace::{Event, NoTrace, Report, Tracer},
    version::{TableId, Times, Version},
};

mod admission;
pub mod cache;
pub mod codec;
mod execute;
mod install;
mod iterate;
mod job;
mod jobs;
pub mod log;
pub mod manifest;
pub mod memtable;
mod merge;
pub(crate) mod orphans;
mod read;
pub(crate) mod recover;
mod replay;
mod retold;
mod schedule;
mod source;
mod state;
pub mod table;
pub mod wal;
mod write;
mod write_ages;

pub use iterate::{ScanIter, ScanRange, Scanned};
pub use read::Lookup;
pub use recover::{Earlier, Failed};
pub use retold::{SENTENCES, retold};
pub use schedule::JobStatus;
pub use wal::Batch;

use cache::BlockCache;
use state::State;
use table::Table;

/// Reports an event to the tracer, if it wants this detail. The event is built only then.
macro_rules! emit {
    ($engine:expr, $detail:ident, $event:expr) => {
        if $engine.tracer.wants($crate::trace::Detail::$detail) {
            let event = $event;
            let $crate::engine::Engine { tracer, state, cache, .. } = &mut *$engine;
            debug_assert_eq!(event.detail(), $crate::trace::Detail::$detail, "{event:?}");
            tracer.event(event, &|| state.report(cache));
        }
    };
}
pub(crate) use emit;

/// An open database.
#[derive(Debug)]
pub struct Engine<S: Storage, T: Tracer = NoTrace> {
    storage: S,
    tracer: T,
    options: Rc<Options>,
    state: State,
    /// Open tables, with their index and filter.
    tables: BTreeMap<TableId, Rc<Table>>,
    cache: BlockCache,
    /// Virtual time, with `job_mode=scheduled`: when jobs end, and whether writes are delayed or stopped.
    runtime: Option<Box<Runtime>>,
    /// Overrides the policy that the options name.
    policy: Option<&'static dyn Policy>,
    /// Scratch buffer, reused by every write.
    frame: Vec<u8>,
    batch: Batch,
}

/// A promise that the database stays readable as of a sequence number, until [`Engine::release`]. Until then,
/// compactions keep the versions that only it sees. FIFO compaction is the exception, as in RocksDB: it drops whole
/// tables unread, and [`Engine::dropped_under`] counts those that the snapshot has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The snapshot's number.
    pub id: u64,
    /// The last sequence number that it sees.
    pub seq: SeqNo,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// The options it was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The shape of the tree.
    pub fn version(&self) -> &Rc<Version> {
        &self.state.version
    }

    /// What was done since the open, or since an [`Earlier`] one.
    pub fn counters(&self) -> &Counters {
        &self.state.counters
    }

    /// Everything it holds.
    pub fn report(&self) -> Report {
        self.state.report(&self.cache)
    }

    /// Bytes of all memtables.
    pub fn memtable_bytes(&self) -> u64 {
        self.state.memtable_bytes()
    }

    /// Entries of all memtables; each version of a key counts.
    pub fn memtable_entries(&self) -> u64 {
        self.state.memtable_entries()
    }

    /// How many memtables wait for their flush.
    pub fn immutables(&self) -> usize {
        self.state.immutables.len()
    }

    /// The last sequence number given out.
    pub fn last_seq(&self) -> SeqNo {
        self.state.last_seq
    }

    /// How many logs there are that may hold writes which are in no table.
    pub fn live_logs(&self) -> usize {
        self.state.wals.iter().filter(|log| log.wal >= self.state.marks.log_number).count()
    }

    /// The last sequence number that was acknowledged: its write has returned.
    pub fn acked_seq(&self) -> SeqNo {
        self.state.acked_seq
    }

    /// The last sequence number that a power cut cannot take: what was synced. Between it and
    /// [`acked_seq`](Engine::acked_seq) lies what the sync policy puts at risk.
    pub fn durable_seq(&self) -> SeqNo {
        self.state.durable_seq
    }

    /// Virtual time, in whole seconds.
    pub fn time(&self) -> u64 {
        self.state.time()
    }

    /// Virtual time.
    pub fn now(&self) -> Nanos {
        self.state.now
    }

    /// Every level's score.
    pub fn scores(&self) -> Vec<LevelScore> {
        self.policy().scores(&*self.state.version, &self.options, &self.running())
    }

    /// Why writes are refused, if they are.
    pub fn stopped(&self) -> Option<&Error> {
        self.state.stopped.as_ref()
    }

    /// Why the last background job failed, if it did. Nothing was lost. The job is tried again when the next memtable
    /// is sealed, or when a flush or a compaction is asked for; a compaction that met damage only when asked for.
    pub fn job_error(&self) -> Option<&Error> {
        self.state.job_error.as_ref()
    }

    /// The tracer.
    pub fn tracer(&mut self) -> &mut T {
        &mut self.tracer
    }

    /// Where the bytes are.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// Where the bytes are, to be changed behind the engine's back: what only a broken disk does.
    pub fn storage_mut(&mut self) -> &mut S {
        &mut self.storage
    }

    /// Reports an event around the engine to the tracer: an operation's begin or end.
    pub fn trace(&mut self, event: Event) {
        if self.tracer.wants(event.detail()) {
            let Engine { tracer, state, cache, .. } = self;
            tracer.event(event, &|| state.report(cache));
        }
    }

    /// Takes a snapshot of everything written so far.
    pub fn snapshot(&mut self) -> Snapshot {
        let snapshot = Snapshot { id: self.state.next_snapshot, seq: self.state.last_seq };
        self.state.next_snapshot += 1;
        self.state.snapshots.insert(snapshot.id, snapshot.seq);
        emit!(self, Jobs, Event::SnapshotTaken { snapshot: snapshot.id, seq: snapshot.seq });
        snapshot
    }

    /// Every live snapshot.
    pub fn snapshots(&self) -> impl Iterator<Item = Snapshot> {
        self.state.snapshots.iter().map(|(&id, &seq)| Snapshot { id, seq })
    }

    /// How many tables that `snapshot` saw were dropped unread since, by FIFO compaction: what they held, it sees no
    /// longer.
    pub fn dropped_under(&self, snapshot: u64) -> u64 {
        self.state.broken.get(&snapshot).copied().unwrap_or(0)
    }

    /// The number that the next snapshot gets.
    pub fn next_snapshot(&self) -> u64 {
        self.state.next_snapshot
    }

    /// Numbers snapshots from `next` on, if that is further on: so that none has the number of one that a close or a
    /// power cut ended.
    pub fn number_snapshots_from(&mut self, next: u64) {
        self.state.next_snapshot = self.state.next_snapshot.max(next);
    }

    /// Ends a snapshot. What only it has kept goes with the compactions that are due; [`run_due`](Engine::run_due)
    /// begins them now, otherwise the next write does.
    ///
    /// # Errors
    /// [`Closed`](ErrorKind::Closed) if it is not live.
    pub fn release(&mut self, id: u64) -> Result<()> {
        if self.state.snapshots.remove(&id).is_none() {
            return Err(Error::new(ErrorKind::Closed, format!("there is no snapshot {id}")));
        }
        self.state.broken.remove(&id);
        let oldest = self.state.snapshots.values().min();
        self.state.released = oldest.copied().unwrap_or(self.state.last_seq);
        // What it has kept on the last level may be due now.
        self.state.jobs_unclear |= self.state.job_error.is_none();
        emit!(self, Jobs, Event::SnapshotReleased { snapshot: id });
        Ok(())
    }

    /// Makes everything acknowledged durable and ends every use of the files. The memtable is not flushed: the WAL has
    /// it. Afterwards, writes and reads are refused; take the parts with [`into_parts`](Engine::into_parts).
    ///
    /// # Errors
    /// The last sync failed: what was not synced before may be lost.
    pub async fn close(&mut self) -> Result<()> {
        if !self.state.open {
            return Ok(());
        }
        self.finish_jobs().await;
        if self.state.stopped.is_none() {
            self.sync_wal().await?;
        }
        self.collect_garbage().await;
        self.state.open = false;
        emit!(self, Jobs, Event::Closed {});
        Ok(())
    }

    /// The storage and the tracer, for the next open. Without [`close`](Engine::close) before, this is a crash of the
    /// process, though not of the disk.
    pub fn into_parts(self) -> (S, T) {
        (self.storage, self.tracer)
    }

    /// Picks compactions by `policy` from now on, whatever `compaction_style` says. What depends on the options alone
    /// stays with the style that they name, as the limits at which writes are slowed down and stopped.
    pub fn set_policy(&mut self, policy: &'static dyn Policy) {
        self.policy = Some(policy);
    }

    fn policy(&self) -> &'static dyn Policy {
        self.policy.unwrap_or_else(|| policy_for(&self.options))
    }

    fn check_open(&self) -> Result<()> {
        if self.state.open { Ok(()) } else { Err(Error::new(ErrorKind::Closed, "the database is closed")) }
    }

    /// The last sequence number that a reader sees: the snapshot's, or the last one written.
    fn visible(&self, at: Option<Snapshot>) -> Result<SeqNo> {
        self.check_open()?;
        match at {
            None => Ok(self.state.last_seq),
            Some(s) if self.state.snapshots.get(&s.id) == Some(&s.seq) => Ok(s.seq),
            Some(s) => Err(Error::new(ErrorKind::Closed, format!("snapshot {} was released", s.id))),
        }
    }

    /// Returns a table, and opens it if it is not open yet.
    async fn table(&mut self, meta: &Rc<crate::version::TableMeta>) -> Result<Rc<Table>> {
        if let Some(table) = self.tables.get(&meta.id) {
            return Ok(table.clone());
        }
        let table = Rc::new(Table::open(&self.storage, meta.clone()).await?);
        self.tables.insert(meta.id, table.clone());
        Ok(table)
    }
}

/// A memtable and what the engine knows about it besides its entries. Shared with iterators.
#[derive(Clone, Debug)]
struct Mem {
    id: u64,
    table: Rc<RefCell<memtable::Memtable>>,
    /// The oldest log that holds one of its entries.
    min_wal: Option<u64>,
    /// When its first and its last entry were written (virtual seconds).
    times: Times,
}

impl Mem {
    fn new(id: u64) -> Mem {
        Mem { id, table: Rc::default(), min_wal: None, times: Times::default() }
    }

    fn bytes(&self) -> u64 {
        self.table.borrow().bytes()
    }

    fn len(&self) -> usize {
        self.table.borrow().len()
    }
}
