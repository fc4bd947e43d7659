//! Recovery: rebuilds the engine's state from the files, or makes a new database.
//!
//! 1. `CURRENT` names the manifest; its edits make the tree. A torn last edit was never acted upon, and is dropped; so
//!    are zeros behind the last edit.
//! 2. Every table of the tree must be there with its length.
//! 3. The live logs are replayed in order ([`super::replay`]): entries that are in no table go into the memtable, as
//!    writes did.
//! 4. Every write of a table that nothing refers to must have been recovered from elsewhere ([`super::orphans`]): if
//!    not, the manifest has lost edits, and the open is refused.
//! 5. Only then is anything changed. What was read becomes durable, because all that follows relies on it: the manifest
//!    before any file is deleted, the logs before any write begins a new one.
//! 6. Files that nothing refers to are what a crash left of a job, and are deleted.
//! 7. If replay dropped anything, what it kept is flushed and the logs are left behind.
//! 8. With dynamic levels, whole levels move down as far as there is room. Each is an edit of its own.
//!
//! Recovery changes nothing that it still needs: it can be cut off and begun again at any point, and an open that fails
//! can be tried again.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    Batch, Engine, cache::BlockCache, emit, manifest, orphans::table_numbers, replay::Progress, state::Manifest,
    state::State,
};
use crate::{
    error::{Error, ErrorKind, Result},
    metrics::Counters,
    options::{JobMode, Options},
    policy::policy_for,
    runtime::clock::{Nanos, whole_seconds},
    storage::{FileId, FileKind, Storage},
    trace::{Event, SealReason, Tracer},
    version::{Version, VersionEdit},
};

/// What earlier opens of the same database left, and the files do not hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Earlier {
    /// The virtual time. The manifest holds whole seconds, as of its last edit; the open begins at the later of the
    /// two.
    pub clock: Nanos,
    /// What they counted: amplification goes on from there.
    pub counters: Counters,
}

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
    /// The options do not fit, the storage failed, or the files are damaged or of a newer format: nothing that was
    /// stored is lost by the attempt.
    pub async fn open(storage: S, options: Options, tracer: T) -> Result<Engine<S, T>, Box<Failed<S, T>>> {
        Engine::open_after(storage, options, tracer, Earlier::default()).await
    }

    /// Opens it again, and goes on from what `earlier` opens left.
    ///
    /// # Errors
    /// As [`open`](Engine::open).
    pub async fn open_after(
        storage: S,
        options: Options,
        tracer: T,
        earlier: Earlier,
    ) -> Result<Engine<S, T>, Box<Failed<S, T>>> {
        let mut engine = Engine {
            storage,
            tracer,
            state: State {
                now: earlier.clock,
                counters: earlier.counters,
                ..State::new(options.levels().clamp(2, 64))
            },
            tables: Default::default(),
            cache: BlockCache::new(options.block_cache_size),
            runtime: None,
            policy: None,
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
        let (fresh, options, nanos) = (current.is_none(), self.options.clone(), self.state.now);
        let counters = Some(self.state.counters).filter(|c| *c != Counters::default()).map(Box::new);
        emit!(self, Jobs, Event::RecoveryBegan { fresh, options, nanos, counters });
        for (file, _) in &files {
            // It was not written by us, and its number leaves none for the next file.
            if file.number >= FileId::MAX_NUMBER {
                let max = FileId::MAX_NUMBER - 1;
                let message = format!("{file} is there, but no file gets a number above {max}: take it away");
                return Err(Error { file: Some(*file), ..Error::new(ErrorKind::Corruption, message) });
            }
            // What a crash left of a job keeps its number: a new file never takes the place of one that is there.
            self.state.next_file = self.state.next_file.max(file.number + 1);
        }
        match current {
            None => self.create(&files).await?,
            Some(manifest) => {
                self.restore(manifest, &files).await?;
                self.move_levels_down().await?;
            }
        }
        self.state.open = true;
        (self.state.acked_seq, self.state.durable_seq) = (self.state.last_seq, self.state.last_seq);
        let tables = self.state.version.tables().count() as u64;
        let entries = self.state.active.len() + self.state.immutables.iter().map(super::Mem::len).sum::<usize>();
        emit!(self, Jobs, Event::RecoveryEnded { last_seq: self.state.last_seq, tables, entries: entries as u64 });
        match self.options.job_mode {
            JobMode::Inline => self.run_due_jobs().await,
            JobMode::Scheduled => self.begin_schedule().await,
            JobMode::Manual => {}
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
        self.state.orphans.extend(files.iter().map(|(f, _)| *f));
        self.remove_orphans().await;
        Ok(())
    }

    async fn restore(&mut self, file: FileId, files: &[(FileId, u64)]) -> Result<()> {
        let Some(bytes) = length(files, file) else {
            return Err(Error::corruption(file, 0, "CURRENT names it, but it does not exist"));
        };
        let read = manifest::load(&self.storage, file, bytes).await?;
        check_levels(&self.options, &read.version)?;
        self.show_bytes(file, bytes).await?;
        let ends_here = self.restore_shape(file, read)?;
        self.check_tables(files)?;
        let mut progress = Progress::default();
        let replayed = self.replay(files, &mut progress).await;
        self.check_unnamed(files, replayed, &progress.covered).await?;
        self.state.ages.note(self.state.last_seq, self.state.time());
        // Up to here, nothing was changed on disk.
        self.make_shape_durable(file, ends_here).await?;
        let named = table_numbers(&self.state.version);
        let live = |f: &FileId| match f.kind {
            FileKind::Wal => f.number >= self.state.marks.log_number,
            FileKind::Table => named.contains(&f.number),
            FileKind::Manifest => self.state.manifest.is_some_and(|m| m.file == *f),
        };
        let orphans: Vec<FileId> = files.iter().map(|(f, _)| *f).filter(|f| *f != file && !live(f)).collect();
        self.state.orphans.extend(orphans);
        self.remove_orphans().await;
        // Also if they are left behind: what is in a table may not be gone from its log before the edit that names it.
        let durable = self.make_logs_durable().await;
        if progress.dropped || !durable {
            self.leave_logs_behind().await?;
        }
        Ok(())
    }

    /// Every table of the tree must exist, complete as far as its length shows.
    fn check_tables(&self, files: &[(FileId, u64)]) -> Result<()> {
        let lengths: BTreeMap<FileId, u64> = files.iter().copied().collect();
        for (_, table) in self.state.version.tables() {
            let id = FileId::table(table.id);
            match lengths.get(&id).copied() {
                Some(found) if found == table.bytes => {}
                Some(found) => {
                    let what = format!("it has {found} bytes, the manifest says {}", table.bytes);
                    return Err(Error::corruption(id, found.min(table.bytes), what));
                }
                None => return Err(Error::corruption(id, 0, "the manifest names it, but it does not exist")),
            }
        }
        Ok(())
    }

    /// Makes durable what was read of the manifest, before anything is deleted because of it: an edit that was only
    /// appended can be read after the process has died, and be gone after the next power cut.
    async fn make_shape_durable(&mut self, file: FileId, ends_here: bool) -> Result<()> {
        if !ends_here && self.storage.sync(file).await.is_ok() {
            return Ok(());
        }
        // Appending behind a torn edit would make it look like damage, an older build does not know newer fields, and
        // of a file that cannot be synced, only what was read is known. Either way, a new manifest says it all.
        let version = self.state.version.clone();
        self.begin_manifest(&version, self.state.marks).await
    }

    /// Makes durable what was read of the logs, before any later log can be: frames that were only appended can be read
    /// after the process has died, and would leave a hole if the next power cut took them, but not what came after.
    /// Says whether that went well.
    async fn make_logs_durable(&mut self) -> bool {
        let wals: Vec<u64> = self.state.wals.iter().filter(|l| l.bytes > 0).map(|l| l.wal).collect();
        for wal in wals {
            if self.storage.sync(FileId::wal(wal)).await.is_err() {
                return false;
            }
        }
        true
    }

    /// Applies the manifest's edits; says whether a new one must follow it: its last edit was torn, or it is of an
    /// older format than what would be appended.
    fn restore_shape(&mut self, file: FileId, read: manifest::Recovered) -> Result<bool> {
        let levels = self.options.levels();
        let edits = read.edits.len() as u64;
        self.state.manifest = Some(Manifest { file, bytes: read.bytes, edits, shape_bytes: read.first_bytes });
        emit!(self, Jobs, Event::ManifestRead { file, bytes: read.bytes, edits });
        let deeper = |e: &VersionEdit| {
            e.added.iter().any(|(level, _)| *level >= levels) || e.cursors.iter().any(|cursor| cursor.level >= levels)
        };
        let steps = if read.edits.iter().any(|e| deeper(e)) {
            // The history used more levels than there are now: only its outcome fits. Where a round-robin compaction of
            // a level would go on that is no more, nothing asks any longer.
            let mut outcome = read.outcome();
            outcome.cursors.retain(|cursor| cursor.level < levels);
            vec![outcome.into()]
        } else {
            read.edits
        };
        for edit in steps {
            // Whether it fits was seen when it was read; a copy of the shape with each edit would be n² steps.
            Rc::make_mut(&mut self.state.version).change(&edit)?;
            edit.ages.iter().for_each(|(seq, time)| self.state.ages.note(*seq, *time));
            for (_, table) in &edit.added {
                if let Some(time) = table.newest_time {
                    self.state.ages.note(table.largest_seq, time);
                }
            }
            self.state.marks.log_number = edit.log_number.unwrap_or(self.state.marks.log_number);
            self.state.marks.flushed_seq = edit.last_seq.unwrap_or(self.state.marks.flushed_seq);
            self.state.last_seq = self.state.marks.flushed_seq;
            self.state.next_file = self.state.next_file.max(edit.next_file.unwrap_or(0));
            if let Some(seconds) = edit.time {
                self.state.now = self.state.now.max(whole_seconds(seconds));
            }
            emit!(self, Jobs, Event::EditRecovered { edit });
        }
        if read.torn > 0 {
            emit!(
                self,
                Jobs,
                Event::ManifestTornTail { file, offset: read.bytes, bytes: read.torn, zeros: read.zeros }
            );
        }
        Ok(read.torn > 0 || read.format < manifest::FORMAT)
    }

    /// Moves whole levels down, where dynamic levels have room below them
    /// ([`moves_at_open`](crate::policy::Policy::moves_at_open)).
    async fn move_levels_down(&mut self) -> Result<()> {
        for compaction in policy_for(&self.options).moves_at_open(&self.state.version, &self.options) {
            let job = self.begin_compaction(compaction).await?;
            self.finish_job(job).await?;
        }
        Ok(())
    }

    /// Makes a fresh start without the old logs, whose entries go into a table first. One edit does it, so a power cut
    /// leaves all of the old logs or none: what was dropped cannot come back, and what was kept has no hole before it.
    pub(super) async fn leave_logs_behind(&mut self) -> Result<()> {
        if self.state.active.len() > 0 {
            self.seal(SealReason::Recovery).await?;
        }
        if self.state.immutables.is_empty() {
            let edit = VersionEdit { log_number: Some(self.state.next_file), ..VersionEdit::default() };
            self.install(0, edit, Vec::new()).await
        } else {
            self.flush_immutables().await
        }
    }
}

/// Checks that `options` have a level for every table of `version`.
///
/// # Errors
/// They have not: how many it takes.
pub(crate) fn check_levels(options: &Options, version: &Version) -> Result<()> {
    let levels = options.levels();
    match version.tables().filter(|(level, _)| *level >= levels).last() {
        None => Ok(()),
        Some((level, _)) => Err(Error::invalid(format!(
            "num_levels = {levels}: expected at least {}, because level {level} holds tables",
            level + 1
        ))),
    }
}

/// The length of `wanted`, if it is there.
fn length(files: &[(FileId, u64)], wanted: FileId) -> Option<u64> {
    files.iter().find(|(f, _)| *f == wanted).map(|(_, len)| *len)
}
