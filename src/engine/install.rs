//! The installation of version edits: the one place where the tree changes shape, and where obsolete files are deleted.
//!
//! Order is everything: output tables are durable before the edit is logged; the edit is durable before any reader sees
//! the new shape; and only then are inputs and logs deleted. A crash in between leaves files that nothing refers to,
//! which the next open removes.

use std::rc::Rc;

use super::{
    Engine, emit, manifest,
    state::{Manifest, Marks},
};
use crate::{
    entry::SeqNo,
    error::Result,
    storage::{FileId, Storage},
    trace::{Event, Tracer},
    version::{Version, VersionEdit},
};

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Logs `edit`, applies it, and deletes what it made obsolete. `flushed` are memtables that its tables hold now.
    pub(super) async fn install(&mut self, job: u64, mut edit: VersionEdit, flushed: Vec<u64>) -> Result<()> {
        let newest = edit.added.iter().map(|(_, t)| t.largest_seq).max().unwrap_or(0);
        let marks = Marks {
            log_number: edit.log_number.unwrap_or(self.state.marks.log_number),
            flushed_seq: newest.max(self.state.marks.flushed_seq),
        };
        edit.last_seq = Some(marks.flushed_seq);
        edit.time = Some(self.state.time());
        edit.ages = self.kept_ages(self.state.marks.flushed_seq, marks);
        match self.state.manifest {
            Some(m) if !m.is_full(self.options.max_manifest_file_size) => {
                // An edit that does not fit must not be logged: it is tried, and taken back.
                self.change_shape(&edit)?;
                self.change_shape(&edit.inverse())?;
                edit.next_file = Some(self.state.next_file);
                self.log_edit(m, &edit).await?;
            }
            _ => {
                let mut next = (*self.state.version).clone();
                next.change(&edit)?;
                self.begin_manifest(&next, marks).await?;
            }
        }
        self.change_shape(&edit)?;
        self.state.marks = marks;
        let stays = |id| edit.added.iter().any(|(_, t)| t.id == id);
        self.state.obsolete.extend(edit.removed.iter().map(|(_, t)| t).filter(|t| !stays(t.id)).cloned());
        self.state.jobs_unclear = true;
        self.state.immutables.retain(|m| !flushed.contains(&m.id));
        emit!(self, Jobs, Event::VersionInstalled { job, edit: Rc::new(edit), flushed });
        self.look_at_pressure();
        self.collect_garbage().await;
        Ok(())
    }

    /// Changes the shape in place, so that a change does not cost what the tree holds. Where an iterator reads the
    /// shape, a copy is changed.
    fn change_shape(&mut self, edit: &VersionEdit) -> Result<()> {
        if Rc::strong_count(&self.state.version) > 1 {
            self.state.old_versions.push(Rc::downgrade(&self.state.version));
        }
        Rc::make_mut(&mut self.state.version).change(edit)
    }

    async fn log_edit(&mut self, m: Manifest, edit: &VersionEdit) -> Result<()> {
        let mut bytes = Vec::new();
        manifest::put_edit(&mut bytes, m.file, m.bytes, m.edits, edit);
        let mut written = self.storage.append(m.file, &bytes);
        if written.is_ok() {
            written = self.storage.sync(m.file).await;
        }
        if let Err(error) = written {
            // Whether the edit is durable is not known, so no further edit may build on it.
            return Err(self.stop_writes(error));
        }
        self.tracer.bytes(m.file, m.bytes, &bytes);
        let length = bytes.len() as u64;
        self.state.manifest = Some(Manifest { bytes: m.bytes + length, edits: m.edits + 1, ..m });
        self.state.counters.manifest_bytes += length;
        emit!(self, Jobs, Event::EditLogged { file: m.file, offset: m.bytes, bytes: length });
        Ok(())
    }

    /// Writes a new manifest whose first edit holds the whole of `version`, and makes it the current one.
    pub(super) async fn begin_manifest(&mut self, version: &Version, marks: Marks) -> Result<()> {
        let file = FileId::manifest(self.state.take_file_number()?);
        let edit = VersionEdit {
            added: version.listing(),
            cursors: version.cursor_listing(),
            log_number: Some(marks.log_number),
            next_file: Some(self.state.next_file),
            last_seq: Some(marks.flushed_seq),
            time: Some(self.state.time()),
            ages: self.kept_ages(0, marks),
            ..VersionEdit::default()
        };
        let mut content = Vec::new();
        manifest::put_edit(&mut content, file, 0, 0, &edit);
        self.storage.create(file, &content).await?;
        self.tracer.bytes(file, 0, &content);
        let bytes = content.len() as u64;
        let old = self.state.manifest.replace(Manifest { file, bytes, edits: 1, shape_bytes: bytes });
        self.state.counters.manifest_bytes += bytes;
        emit!(self, Jobs, Event::ManifestCreated { file, bytes });
        if let Err(error) = self.storage.swap_current(file).await {
            return Err(self.stop_writes(error));
        }
        emit!(self, Jobs, Event::CurrentSwapped { file });
        self.state.orphans.extend(old.map(|old| old.file));
        self.remove_orphans().await;
        Ok(())
    }

    /// What a manifest keeps of when writes `after` one were made. Those that are in no table yet may be lost, and
    /// their numbers given out again: not of them.
    fn kept_ages(&self, after: SeqNo, marks: Marks) -> Vec<(SeqNo, u64)> {
        let kept = |pair: &&(SeqNo, u64)| after < pair.0 && pair.0 <= marks.flushed_seq;
        match self.options.tombstone_retention_seconds {
            0 => Vec::new(),
            _ => self.state.ages.pairs().iter().filter(kept).copied().collect(),
        }
    }

    /// Deletes files that nothing refers to. A deletion that fails does no harm: it is tried again when garbage is
    /// collected, and by the next open at the latest.
    pub(super) async fn remove_orphans(&mut self) {
        for file in std::mem::take(&mut self.state.orphans) {
            if self.storage.remove(file).await.is_ok() {
                emit!(self, Jobs, Event::OrphanRemoved { file });
            } else {
                self.state.orphans.push(file);
            }
        }
    }

    /// Deletes the files of tables that left the tree and that no iterator reads, and logs whose entries are in tables.
    /// A file that cannot be deleted now is tried again later, and by the next open at the latest.
    pub(super) async fn collect_garbage(&mut self) {
        self.remove_orphans().await;
        self.state.old_versions.retain(|v| v.strong_count() > 0);
        let read: Vec<Rc<Version>> = self.state.old_versions.iter().filter_map(std::rc::Weak::upgrade).collect();
        for id in self.state.obsolete.iter().map(|t| t.id).collect::<Vec<_>>() {
            if read.iter().any(|v| v.find(id).is_some()) {
                emit!(self, Jobs, Event::TablePinned { table: id });
                continue;
            }
            self.tables.remove(&id);
            for block in self.cache.blocks_of(id) {
                let evicted = self.cache.remove(id, block);
                self.emit_evicted(evicted);
            }
            if self.storage.remove(FileId::table(id)).await.is_ok() {
                self.state.obsolete.retain(|t| t.id != id);
                emit!(self, Jobs, Event::TableRemoved { table: id });
            }
        }
        while let Some(wal) = self.state.wals.front().map(|l| l.wal).filter(|w| *w < self.state.marks.log_number) {
            if self.storage.remove(FileId::wal(wal)).await.is_err() {
                break;
            }
            self.state.wals.pop_front();
            emit!(self, Jobs, Event::WalRemoved { wal });
        }
    }
}
