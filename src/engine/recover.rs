//! Opening: makes the engine's state again from the files, or makes a new database.
//!
//! 1. `CURRENT` names the manifest; its edits make the tree. A torn last edit was never acted upon, and is dropped.
//! 2. Every table of the tree must be there with its length. Files that nothing refers to are what a crash left of a job,
//!    and are deleted.
//! 3. The live logs are replayed in order. Sequence numbers must follow one another without a gap, through all logs:
//!    a log may end in a torn frame only if the next one goes on exactly where it stopped.
//! 4. Entries that are in tables already are passed over; the others go into the memtable, as writes did.
//!
//! Recovery changes nothing that it still needs: it can be cut off and begun again at any point.

use super::{
    Batch, Engine, cache::BlockCache, emit, log, manifest, report::WalReport, state::Manifest, state::State, wal,
    write::record,
};
use crate::{
    entry::SeqNo,
    error::{Error, ErrorKind, Result},
    options::{JobMode, Options, WalRecoveryMode},
    storage::{FileId, FileKind, Storage},
    trace::{Event, SealReason, Tracer},
    version::VersionEdit,
};

/// An open that failed, with what was handed in.
#[derive(Debug)]
pub struct Failed<S, T> {
    /// Why.
    pub error: Error,
    /// The storage, unchanged but for what recovery may safely do.
    pub storage: S,
    /// The tracer.
    pub tracer: T,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Opens the database in `storage`, or makes a new one there.
    ///
    /// # Errors
    /// The options do not fit, the storage failed, or the files are damaged or of a newer format: nothing that was stored is
    /// lost by the attempt.
    pub async fn open(storage: S, options: Options, tracer: T) -> Result<Engine<S, T>, Box<Failed<S, T>>> {
        let mut engine = Engine {
            storage,
            tracer,
            state: State::new(options.levels().clamp(2, 64)),
            tables: Default::default(),
            cache: BlockCache::new(options.block_cache_size),
            frame: Vec::new(),
            batch: Batch::new(),
            options: options.into(),
        };
        match engine.recover().await {
            Ok(()) => Ok(engine),
            Err(error) => {
                let (storage, tracer) = engine.into_parts();
                Err(Box::new(Failed { error, storage, tracer }))
            }
        }
    }

    async fn recover(&mut self) -> Result<()> {
        if let Some(problem) = self.options.validate().into_iter().next() {
            return Err(problem.into());
        }
        let current = self.storage.current().await?;
        let files = self.storage.list().await?;
        emit!(self, Jobs, Event::RecoveryBegan { fresh: current.is_none(), options: self.options.clone() });
        let highest = files.iter().map(|(f, _)| f.number + 1).max().unwrap_or(0);
        self.state.next_file = self.state.next_file.max(highest);
        match current {
            None => self.create(&files).await?,
            Some(manifest) => self.restore(manifest, &files).await?,
        }
        self.state.open = true;
        (self.state.acked_seq, self.state.durable_seq) = (self.state.last_seq, self.state.last_seq);
        let tables = self.state.version.tables().count() as u64;
        let entries = self.state.active.len() + self.state.immutables.iter().map(super::Mem::len).sum::<usize>();
        emit!(self, Jobs, Event::RecoveryEnded { last_seq: self.state.last_seq, tables, entries: entries as u64 });
        if self.options.job_mode == JobMode::Inline {
            self.run_due_jobs().await;
        }
        Ok(())
    }

    /// A new database. The first open may have been cut off, so a manifest may be there; nothing else may.
    async fn create(&mut self, files: &[(FileId, u64)]) -> Result<()> {
        if let Some((file, _)) = files.iter().find(|(f, _)| f.kind != FileKind::Manifest) {
            let message = format!("CURRENT is missing, but {file} is there: this is a database without its root");
            return Err(Error::new(ErrorKind::Corruption, message));
        }
        let version = self.state.version.clone();
        self.begin_manifest(&version, self.state.marks).await?;
        self.remove_orphans(files.iter().map(|(f, _)| *f)).await
    }

    async fn restore(&mut self, file: FileId, files: &[(FileId, u64)]) -> Result<()> {
        let length = |wanted: FileId| files.iter().find(|(f, _)| *f == wanted).map(|(_, len)| *len);
        let Some(bytes) = length(file) else {
            return Err(Error::corruption(file, 0, "CURRENT names it, but it does not exist"));
        };
        let content = self.storage.read(file, 0..bytes).await?;
        let torn = self.restore_shape(file, &content)?;
        for (_, table) in self.state.version.tables() {
            let id = FileId::table(table.id);
            match length(id) {
                Some(found) if found == table.bytes => {}
                Some(found) => {
                    let what = format!("it has {found} bytes, the manifest says {}", table.bytes);
                    return Err(Error::corruption(id, found.min(table.bytes), what));
                }
                None => return Err(Error::corruption(id, 0, "the manifest names it, but it does not exist")),
            }
        }
        let live = |f: &FileId| match f.kind {
            FileKind::Wal => f.number >= self.state.marks.log_number,
            FileKind::Table => self.state.version.find(f.number).is_some(),
            FileKind::Manifest => *f == file,
        };
        let orphans: Vec<FileId> = files.iter().map(|(f, _)| *f).filter(|f| !live(f)).collect();
        self.remove_orphans(orphans.into_iter()).await?;
        let logs: Vec<(u64, u64)> = files
            .iter()
            .filter(|(f, _)| f.kind == FileKind::Wal && f.number >= self.state.marks.log_number)
            .map(|(f, len)| (f.number, *len))
            .collect();
        let dropped = self.replay(&logs).await?;
        if !dropped.is_empty() {
            self.leave_logs_behind(dropped).await?;
        }
        if torn {
            // Appending behind a torn edit would make it look like damage.
            let version = self.state.version.clone();
            self.begin_manifest(&version, self.state.marks).await?;
        }
        Ok(())
    }

    /// Applies the manifest's edits; says whether the last one was torn.
    fn restore_shape(&mut self, file: FileId, content: &[u8]) -> Result<bool> {
        let read = manifest::read(file, content)?;
        let levels = self.options.levels();
        if let Some((level, _)) = read.version.tables().filter(|(level, _)| *level >= levels).last() {
            return Err(Error::invalid(format!(
                "num_levels = {levels}: expected at least {}, because level {level} holds tables",
                level + 1
            )));
        }
        let edits = read.edits.len() as u64;
        self.state.manifest = Some(Manifest { file, bytes: read.bytes, edits });
        emit!(self, Jobs, Event::ManifestRead { file, bytes: read.bytes, edits });
        self.tracer.bytes(file, 0, content);
        let deeper = |e: &VersionEdit| e.added.iter().any(|(level, _)| *level >= levels);
        let steps = if read.edits.iter().any(|e| deeper(e)) {
            // The history used more levels than there are now: only its outcome fits.
            vec![outcome(&read).into()]
        } else {
            read.edits
        };
        for edit in steps {
            self.state.version = self.state.version.apply(&edit)?.into();
            self.state.marks.log_number = edit.log_number.unwrap_or(self.state.marks.log_number);
            self.state.marks.flushed_seq = edit.last_seq.unwrap_or(self.state.marks.flushed_seq);
            self.state.last_seq = self.state.marks.flushed_seq;
            self.state.next_file = self.state.next_file.max(edit.next_file.unwrap_or(0));
            self.state.time = edit.time.unwrap_or(self.state.time);
            emit!(self, Jobs, Event::EditRecovered { edit });
        }
        if read.torn > 0 {
            emit!(self, Jobs, Event::ManifestTornTail { file, offset: read.bytes, bytes: read.torn });
        }
        Ok(read.torn > 0)
    }

    async fn remove_orphans(&mut self, orphans: impl Iterator<Item = FileId>) -> Result<()> {
        for file in orphans {
            self.storage.remove(file).await?;
            emit!(self, Jobs, Event::OrphanRemoved { file });
        }
        Ok(())
    }

    /// Replays logs, given by number and length. Returns those that were not replayed to their end (tolerant mode).
    async fn replay(&mut self, logs: &[(u64, u64)]) -> Result<Vec<u64>> {
        let mut last: Option<SeqNo> = None;
        let mut torn: Option<(u64, u64)> = None;
        for (i, &(wal, length)) in logs.iter().enumerate() {
            let file = FileId::wal(wal);
            let content = self.storage.read(file, 0..length).await?;
            self.tracer.bytes(file, 0, &content);
            self.state.wals.push_back(WalReport { wal, bytes: length, synced: length, frames: 0 });
            emit!(self, Jobs, Event::WalReplayBegan { wal, bytes: length });
            let mut frames = log::Frames::new(file, &content);
            let (offset, what) = loop {
                let frame = match frames.next_frame() {
                    Ok(frame) => frame,
                    Err(log::End::Clean) => break (length, None),
                    Err(log::End::Torn { offset }) => {
                        self.trim_log(offset);
                        emit!(self, Jobs, Event::WalTornTail { wal, offset, bytes: length - offset });
                        torn = Some((wal, offset));
                        break (offset, None);
                    }
                    Err(log::End::Damaged { offset, what }) => break (offset, Some(what)),
                };
                match self.check_frame(&frame, last) {
                    Ok(records) => last = Some(self.replay_frame(wal, &frame, records).await?),
                    Err(what) => {
                        let what = match torn {
                            Some((wal, at)) => {
                                format!("{what}: {} ends in a torn frame at byte {at}", FileId::wal(wal))
                            }
                            None => what,
                        };
                        break (frame.offset, Some(what));
                    }
                }
                torn = None;
            };
            if let Some(what) = what {
                if self.options.wal_recovery_mode == WalRecoveryMode::Strict {
                    return Err(Error::corruption(file, offset, what));
                }
                self.trim_log(offset);
                emit!(self, Jobs, Event::WalDamaged { wal, offset, bytes: length - offset, what });
                return Ok(logs[i..].iter().map(|(wal, _)| *wal).collect());
            }
        }
        Ok(Vec::new())
    }

    fn trim_log(&mut self, bytes: u64) {
        if let Some(log) = self.state.wals.back_mut() {
            (log.bytes, log.synced) = (bytes, bytes);
        }
    }

    /// The records of a frame that goes on where the last one stopped, or where the tables do.
    fn check_frame<'a>(&self, frame: &log::Frame<'a>, last: Option<SeqNo>) -> Result<wal::Records<'a>, String> {
        let records = wal::records(frame)?;
        let (fits, expected) = match last {
            Some(last) => (frame.first == last + 1, last + 1),
            None => (frame.first <= self.state.marks.flushed_seq + 1, self.state.marks.flushed_seq + 1),
        };
        if fits {
            Ok(records)
        } else {
            Err(format!("the frame begins with sequence number {}, expected {expected}", frame.first))
        }
    }

    async fn replay_frame(&mut self, wal: u64, frame: &log::Frame<'_>, records: wal::Records<'_>) -> Result<SeqNo> {
        let last = frame.first + u64::from(frame.count) - 1;
        if let Some(log) = self.state.wals.back_mut() {
            log.frames += 1;
        }
        self.state.last_seq = self.state.last_seq.max(last);
        emit!(
            self,
            Operations,
            Event::FrameReplayed {
                wal,
                offset: frame.offset,
                bytes: frame.bytes,
                first_seq: frame.first,
                records: records.clone().map(|e| record(&e)).collect(),
            }
        );
        let flushed = self.state.marks.flushed_seq;
        for entry in records.filter(|e| e.seq > flushed) {
            self.insert(&entry);
            self.emit_inserted(&entry);
        }
        if let Some(reason) = self.seal_due()
            && self.may_seal()
        {
            self.seal(reason).await?;
        }
        Ok(last)
    }

    /// After damage: makes a fresh start without the old logs, so that what was dropped cannot come back later.
    async fn leave_logs_behind(&mut self, dropped: Vec<u64>) -> Result<()> {
        if self.state.active.len() > 0 {
            self.seal(SealReason::Asked).await?;
        }
        if self.state.immutables.is_empty() {
            let edit = VersionEdit { log_number: Some(self.state.next_file), ..VersionEdit::default() };
            self.install(0, edit, Vec::new()).await?;
        } else {
            self.flush_immutables().await?;
        }
        // The damaged log itself is gone with the others that were live; those behind it never were.
        self.remove_orphans(dropped.into_iter().skip(1).map(FileId::wal)).await
    }
}

/// One edit that makes the recovered shape out of nothing.
fn outcome(read: &manifest::Recovered) -> VersionEdit {
    let last = |pick: fn(&VersionEdit) -> Option<u64>| read.edits.iter().rev().find_map(|e| pick(e));
    VersionEdit {
        removed: Vec::new(),
        added: read.version.listing(),
        log_number: last(|e| e.log_number),
        next_file: last(|e| e.next_file),
        last_seq: last(|e| e.last_seq),
        time: last(|e| e.time),
    }
}
