//! The path of a write: WAL frame, sync, memtable; then the seal, flush or compaction that it makes due.
//!
//! 1. A write that finds no room waits for a flush ([`Event::Stalled`]): the active memtable is full and as many are
//!    sealed as may be, or all memtables together are at the hard limit.
//! 2. Its batch is appended to the WAL as one frame.
//! 3. The WAL is synced, if the sync policy says so now. A *group* of batches shares one sync.
//! 4. Its entries go into the memtable: from here on, readers see it. Only then is it acknowledged
//!    ([`Event::Acknowledged`]), whether or not it is durable yet: that is the sync policy's business.
//! 5. A full memtable is sealed: its log is synced and closed, and the next write begins a new one. So a later
//!    log is never durable before an earlier one, and recovery never finds a hole.
//! 6. Jobs that are due run (in [`JobMode::Inline`]) or begin (in [`JobMode::Scheduled`], where the write also takes
//!    the time that the device needs for its log: [`super::schedule`]). If one fails, the write has happened all the
//!    same: the failure is kept ([`Engine::job_error`]), and [`super::jobs`] says when it is tried again.
//!
//! A failed write is not seen by any reader. If the log failed, by an append, a sync, or want of space, all writes
//! stop: the frame may be there, or half of it, or not, and nothing may be appended behind it or reuse its sequence
//! numbers before a recovery has found out which. After a reopening, such a write is there as a whole or not at all.

use super::{Batch, Engine, Mem, emit};
use crate::{
    entry::{Bytes, EntryRef, MAX_SEQ, SeqNo},
    error::{Error, ErrorKind, Result},
    options::{JobMode, WalSync},
    storage::{FileId, Storage},
    trace::{Detail, Event, SealReason, StallReason, Tracer, WalRecord, WalReport},
    version::Times,
};

/// The bytes of a value that an event shows.
const PREVIEW: usize = 64;

/// How often a filling memtable is sampled.
const SAMPLES: u64 = 16;

/// An entry as events tell it.
pub(super) fn record(entry: &EntryRef<'_>) -> WalRecord {
    WalRecord {
        seq: entry.seq,
        kind: entry.kind,
        key: entry.key.into(),
        value: Bytes::preview(entry.value, PREVIEW),
        value_bytes: entry.value.len() as u64,
    }
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Puts one value; returns its sequence number.
    ///
    /// # Errors
    /// Those of [`Batch::put`] and [`write`](Engine::write).
    pub async fn put(&mut self, key: &[u8], value: &[u8]) -> Result<SeqNo> {
        self.write_one(|batch| batch.put(key, value)).await
    }

    /// Deletes one key, whether or not it exists; returns the tombstone's sequence number.
    ///
    /// # Errors
    /// Those of [`Batch::delete`] and [`write`](Engine::write).
    pub async fn delete(&mut self, key: &[u8]) -> Result<SeqNo> {
        self.write_one(|batch| batch.delete(key)).await
    }

    async fn write_one(&mut self, fill: impl FnOnce(&mut Batch) -> Result<()>) -> Result<SeqNo> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.clear();
        let result = match fill(&mut batch) {
            Ok(()) => self.write(&batch).await,
            Err(error) => Err(error),
        };
        self.batch = batch;
        result
    }

    /// Writes a batch, whole or not at all; returns its last sequence number.
    ///
    /// # Errors
    /// [`Closed`](ErrorKind::Closed), [`WritesStopped`](ErrorKind::WritesStopped) after a failed append or sync, or why
    /// the storage refused.
    pub async fn write(&mut self, batch: &Batch) -> Result<SeqNo> {
        self.write_group(std::slice::from_ref(batch)).await
    }

    /// Group commit: writes several batches, each one atomic by itself, with at most one sync for all.
    ///
    /// # Errors
    /// As [`write`](Engine::write); batches before the one that failed may have been written.
    pub async fn write_group(&mut self, batches: &[Batch]) -> Result<SeqNo> {
        self.check_writable()?;
        if batches.iter().all(Batch::is_empty) {
            return Ok(self.state.last_seq);
        }
        let records: u64 = batches.iter().map(|b| b.len() as u64).sum();
        if self.state.last_seq + records > MAX_SEQ {
            // Before anything is appended: a frame in the log that is not in the memtable would come back later.
            return Err(Error::invalid("every sequence number has been given out"));
        }
        match self.is_scheduled() {
            true => self.make_room_in_time(batches.iter().map(Batch::bytes).sum()).await?,
            false => self.make_room().await?,
        }
        let before = self.state.counters;
        let mut next = self.state.last_seq + 1;
        for batch in batches.iter().filter(|b| !b.is_empty()) {
            self.append_frame(batch, next)?;
            next += batch.len() as u64;
        }
        if self.sync_is_due() {
            self.sync_wal().await?;
        }
        let mut next = next - records;
        for batch in batches {
            for entry in batch.entries(next) {
                self.insert(&entry);
                self.state.counters.writes += 1;
                self.state.counters.user_bytes += (entry.key.len() + entry.value.len()) as u64;
                self.emit_inserted(&entry);
            }
            next += batch.len() as u64;
        }
        let last = self.state.last_seq;
        self.state.ages.note(last, self.state.time());
        self.spend(&before).await;
        self.state.acked_seq = last;
        emit!(
            self,
            Operations,
            Event::Acknowledged { upto: last, durable: self.state.durable_seq, nanos: self.state.now }
        );
        // The write has happened, and is as durable as the sync policy promises. If the seal or a job fails now, the
        // engine keeps the error, and the next write returns it if it cannot go on.
        let _ = self.after_write().await;
        Ok(last)
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        self.check_open()?;
        match &self.state.stopped {
            Some(why) => Err(Error::new(
                ErrorKind::WritesStopped,
                format!("writes are stopped, because what reached the disk is not known: {why}"),
            )),
            None => Ok(()),
        }
    }

    /// Refuses writes from now on: `error` left the disk in a state that only a recovery can tell.
    pub(super) fn stop_writes(&mut self, error: Error) -> Error {
        self.state.stopped = Some(error.clone());
        emit!(self, Jobs, Event::WritesStopped { what: error.message.clone() });
        error
    }

    fn append_frame(&mut self, batch: &Batch, first: SeqNo) -> Result<()> {
        if !self.state.wal_open {
            let wal = self.state.take_file_number()?;
            self.state.wals.push_back(WalReport { wal, bytes: 0, synced: 0, frames: 0 });
            self.state.wal_open = true;
            emit!(self, Jobs, Event::WalCreated { wal });
        }
        let log = self.state.wals.back_mut().expect("a log is open");
        let (wal, offset) = (log.wal, log.bytes);
        self.frame.clear();
        let crc = batch.put_frame(&mut self.frame, wal, offset, first);
        if let Err(error) = self.storage.append(FileId::wal(wal), &self.frame) {
            return Err(self.stop_writes(error));
        }
        let bytes = self.frame.len() as u64;
        self.tracer.bytes(FileId::wal(wal), offset, &self.frame);
        log.bytes += bytes;
        log.frames += 1;
        self.state.unsynced_writes += 1;
        self.state.last_seq = first + batch.len() as u64 - 1;
        self.state.counters.wal_bytes += bytes;
        emit!(self, Operations, {
            let records = batch.entries(first).map(|e| record(&e)).collect();
            Event::WalAppended { wal, offset, bytes, crc, first_seq: first, records }
        });
        Ok(())
    }

    fn sync_is_due(&self) -> bool {
        match self.options.wal_sync {
            WalSync::EveryWrite => true,
            WalSync::Writes => self.state.unsynced_writes >= self.options.wal_sync_writes,
            WalSync::Bytes => {
                let unsynced = self.state.wals.back().map_or(0, |log| log.bytes - log.synced);
                unsynced >= self.options.wal_bytes_per_sync
            }
            WalSync::Never => false,
        }
    }

    /// Makes the open log durable. Earlier logs already are: sealing syncs them.
    pub(super) async fn sync_wal(&mut self) -> Result<()> {
        let Some((wal, upto)) = self.state.wals.back().filter(|l| l.synced < l.bytes).map(|l| (l.wal, l.bytes)) else {
            return Ok(());
        };
        if let Err(error) = self.storage.sync(FileId::wal(wal)).await {
            return Err(self.stop_writes(error));
        }
        if let Some(log) = self.state.wals.back_mut() {
            log.synced = upto;
        }
        self.state.unsynced_writes = 0;
        self.state.durable_seq = self.state.last_seq;
        self.state.counters.wal_syncs += 1;
        emit!(self, Operations, Event::WalSynced { wal, upto });
        Ok(())
    }

    /// Puts an entry that the last live log holds into the active memtable.
    #[inline]
    pub(super) fn insert(&mut self, entry: &EntryRef<'_>) {
        let time = self.state.time();
        let active = &mut self.state.active;
        active.table.borrow_mut().insert(*entry);
        active.times = Times { oldest: active.times.oldest.or(Some(time)), newest: Some(time) };
        if active.min_wal.is_none() {
            active.min_wal = self.state.wals.back().map(|log| log.wal);
        }
    }

    #[inline]
    pub(super) fn emit_inserted(&mut self, entry: &EntryRef<'_>) {
        emit!(self, Operations, {
            let (memtable, bytes) = (self.state.active.id, self.state.active.bytes());
            Event::MemtableInserted { memtable, record: record(entry), bytes }
        });
    }

    /// Whether, and why, the active memtable must be sealed.
    pub(super) fn seal_due(&self) -> Option<SealReason> {
        let (options, active) = (&self.options, self.state.active.table.borrow());
        let wal_bytes = if self.state.wal_open { self.state.wals.back().map_or(0, |l| l.bytes) } else { 0 };
        if active.is_empty() {
            None
        } else if active.bytes() >= options.write_buffer_size {
            Some(SealReason::Bytes)
        } else if options.write_buffer_entries > 0 && active.len() as u64 >= options.write_buffer_entries {
            Some(SealReason::Entries)
        } else if options.max_total_wal_size > 0 && wal_bytes >= options.max_total_wal_size {
            Some(SealReason::WalSize)
        } else {
            None
        }
    }

    /// Whether all memtables together are at `percent` of their limit.
    pub(super) fn memory_at(&self, percent: u64) -> bool {
        let limit = self.options.db_write_buffer_size;
        limit > 0 && self.state.memtable_bytes() >= limit / 100 * percent + limit % 100 * percent / 100
    }

    /// Whether there may be one more sealed memtable. Under virtual time always: what waits then is the next write.
    pub(super) fn may_seal(&self) -> bool {
        self.is_scheduled() || (self.state.immutables.len() as u64) + 2 <= self.options.max_write_buffer_number
    }

    /// Seals the active memtable, whose log is made durable and closed.
    pub(super) async fn seal(&mut self, reason: SealReason) -> Result<()> {
        self.sync_wal().await?;
        self.sample();
        self.state.sampled_bytes = 0;
        self.state.wal_open = false;
        let next = self.state.active.id + 1;
        let sealed = std::mem::replace(&mut self.state.active, Mem::new(next));
        let memtable = sealed.id;
        self.state.immutables.push_back(sealed);
        self.state.jobs_unclear = true;
        emit!(self, Jobs, Event::MemtableSealed { memtable, next, reason });
        self.look_at_pressure();
        Ok(())
    }

    /// Waits until there is room for a write.
    async fn make_room(&mut self) -> Result<()> {
        let reason = match self.seal_due() {
            Some(_) if !self.may_seal() => StallReason::Memtables,
            _ if self.memory_at(100) => StallReason::Memory,
            Some(seal) => return self.seal(seal).await,
            None => return Ok(()),
        };
        self.state.counters.stalls += 1;
        emit!(self, Jobs, Event::Stalled { reason, why: None });
        if self.state.immutables.is_empty() || reason == StallReason::Memory {
            self.seal(self.seal_due().unwrap_or(SealReason::SoftLimit)).await?;
        }
        self.flush_immutables().await?;
        match self.seal_due() {
            Some(seal) => self.seal(seal).await,
            None => Ok(()),
        }
    }

    /// Reports the size of the memtable, for a tracer that does not want every insert.
    pub(crate) fn sample(&mut self) {
        if !self.tracer.wants(Detail::Operations) {
            let bytes = self.state.active.bytes();
            self.state.sampled_bytes = bytes;
            emit!(
                self,
                Jobs,
                Event::Sampled {
                    memtable: self.state.active.id,
                    entries: self.state.active.len() as u64,
                    bytes,
                    wal_bytes: if self.state.wal_open { self.state.wals.back().map_or(0, |log| log.bytes) } else { 0 },
                    last_seq: self.state.last_seq,
                    durable_seq: self.state.durable_seq,
                    nanos: self.state.now,
                    counters: Box::new(self.state.counters),
                }
            );
        }
    }

    /// What a write calls for: a seal, and the jobs that are due.
    async fn after_write(&mut self) -> Result<()> {
        if self.tracer.wants(Detail::Jobs)
            && self.state.active.bytes() - self.state.sampled_bytes >= self.options.write_buffer_size / SAMPLES
        {
            self.sample();
        }
        if let Some(reason) = self.seal_due()
            && self.may_seal()
        {
            self.seal(reason).await?;
        }
        if self.memory_at(self.options.soft_limit_percent) {
            self.state.jobs_unclear |= self.state.job_error.is_none();
            if self.state.immutables.is_empty() {
                self.seal(SealReason::SoftLimit).await?;
            }
        }
        self.run_due().await;
        Ok(())
    }

    /// Runs the jobs that are due, or begins them, as `job_mode` says. Every write ends with it. If one fails,
    /// [`job_error`](Engine::job_error) says so.
    pub async fn run_due(&mut self) {
        match self.options.job_mode {
            JobMode::Inline if self.state.jobs_unclear => self.run_due_jobs().await,
            JobMode::Scheduled => self.begin_due().await,
            _ => {}
        }
    }
}
