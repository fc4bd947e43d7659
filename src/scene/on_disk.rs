//! What an open finds on disk, as far as the scene knew it before: what is drawn until it has been read again.
//!
//! In: the scene at the beginning of an open or at a power cut, and the events of the open. Out: the tables and frames
//! that are there and not read yet, and where the reading stands ([`ReadHead`]). The engine knows nothing of it: a
//! report has only what was read.
//!
//! ```text
//! power cut   tables, logs, finished outputs of jobs (orphans) stay; memory is gone
//! open        all of it is unread ──edits──> tables are live ──frames──> entries are in the memtable
//!             orphans are removed; the end of the open forgets the rest
//! ```

use std::{cmp::Reverse, collections::BTreeSet, rc::Rc};

use super::{
    Scene,
    job::{JobOutput, SceneJob},
    shape::Shape,
    view::WalView,
    wal::Wal,
};
use crate::{
    entry::Bytes,
    storage::{FileId, FileKind},
    trace::Event,
    version::{TableId, TableMeta},
};

/// What is on disk while an open reads it.
#[derive(Clone, Debug)]
pub(super) struct OnDisk {
    /// The tree before.
    shape: Rc<Shape>,
    /// The logs before.
    logs: Vec<Wal>,
    manifest: Option<(FileId, u64)>,
    /// The edits of the manifest, and how many of them were applied.
    edits: u64,
    applied: u64,
    head: Option<ReadHead>,
}

/// Where an open reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadHead {
    /// In the manifest: how many of its edits were applied, and how many it has.
    Manifest(u64, u64),
    /// In a log, at this offset.
    Log(u64, u64),
    /// At a torn or damaged frame of a log: nothing behind it is read.
    Stopped(u64, u64),
}

/// How a table that is drawn stands to the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is part of it.
    Live,
    /// Its file is there, and no edit that was read has named it.
    Unread,
    /// An edit has named it, and a later one takes it away from there: its file is gone, or in another level.
    Passing,
}

/// A table that a job finished and never installed.
#[derive(Clone, Debug)]
pub struct Orphan {
    /// Its number.
    pub table: TableId,
    /// The level that it was written for.
    pub level: usize,
    /// Its first and its last key.
    pub bounds: (Bytes, Bytes),
    /// The tables of that level that its merge read.
    pub replaces: Rc<[TableId]>,
}

/// A log as it lies on the tape.
#[derive(Clone, Debug)]
pub struct TapeLog {
    /// Its frames.
    pub view: WalView,
    /// While an open reads it: frames from this offset on are not read yet.
    pub read_to: Option<u64>,
}

impl Scene {
    /// What is on disk when an open begins: nothing where it finds no database.
    pub(super) fn found_on_disk(&self, is_fresh: bool) -> Option<OnDisk> {
        if is_fresh {
            return None;
        }
        // An open that failed has changed nothing.
        let before = self.on_disk.clone();
        Some(before.map_or_else(
            || OnDisk {
                shape: self.shape.clone(),
                logs: self.wals.clone(),
                manifest: self.manifest,
                edits: 0,
                applied: 0,
                head: None,
            },
            |before| OnDisk { edits: 0, applied: 0, head: None, ..before },
        ))
    }

    /// A power cut left the first `kept` bytes of a log, also of one that an open had not come to.
    pub(super) fn cut_unread(&mut self, number: u64, kept: u64) {
        let logs = self.on_disk.iter_mut().flat_map(|disk| &mut disk.logs);
        logs.filter(|log| log.wal == number).for_each(|log| log.cut(kept));
    }

    /// The finished outputs of jobs that are not installed: they are files that nothing refers to.
    pub(super) fn orphans_of_jobs(&self) -> Vec<Orphan> {
        let jobs = self.jobs.iter().filter(|job| !job.installed);
        let of = |job: &SceneJob| -> Vec<Orphan> {
            let replaces: Rc<[TableId]> = job.replaces().collect();
            let outputs = job.outputs().filter(|output| output.is_finished);
            let of = |o: JobOutput<'_>| {
                let (table, level, bounds) = (o.table, o.level, o.bounds?.clone());
                Some(Orphan { table, level, bounds, replaces: replaces.clone() })
            };
            outputs.filter_map(of).collect()
        };
        self.orphans.iter().cloned().chain(jobs.flat_map(of)).collect()
    }

    /// An open has read on.
    pub(super) fn read_on(&mut self, event: &Event) {
        if let Event::OrphanRemoved { file } = event {
            self.orphans.retain(|orphan| FileId::table(orphan.table) != *file);
        }
        let Some(disk) = &mut self.on_disk else { return };
        match event {
            Event::ManifestRead { edits, .. } => {
                disk.edits = *edits;
                disk.head = Some(ReadHead::Manifest(0, disk.edits));
            }
            Event::EditRecovered { .. } => {
                disk.applied += 1;
                disk.head = Some(ReadHead::Manifest(disk.applied, disk.edits));
            }
            Event::WalReplayBegan { wal, .. } => disk.head = Some(ReadHead::Log(*wal, 0)),
            Event::FrameReplayed { wal, offset, bytes, .. } | Event::WalSkipped { wal, offset, bytes, .. } => {
                disk.head = Some(ReadHead::Log(*wal, offset + bytes));
            }
            Event::WalTornTail { wal, offset, .. } | Event::WalDamaged { wal, offset, .. } => {
                disk.head = Some(ReadHead::Stopped(*wal, *offset));
            }
            Event::OrphanRemoved { file } if file.kind == FileKind::Wal => {
                disk.logs.retain(|log| log.wal != file.number);
            }
            Event::RecoveryEnded { .. } => (self.on_disk, self.orphans) = (None, Vec::new()),
            _ => {}
        }
    }

    /// Whether an open is reading.
    pub(crate) fn is_recovering(&self) -> bool {
        self.recovering
    }

    /// Where an open reads.
    pub(crate) fn read_head(&self) -> Option<ReadHead> {
        self.on_disk.as_ref().filter(|_| self.recovering).and_then(|disk| disk.head)
    }

    /// What a power cut or a close left of jobs.
    pub(crate) fn orphans(&self) -> &[Orphan] {
        &self.orphans
    }

    /// The manifest and its length, and whether it was read or written since the open began.
    pub(crate) fn manifest_file(&self) -> Option<((FileId, u64), bool)> {
        let before = self.on_disk.as_ref().and_then(|disk| disk.manifest);
        self.manifest.map(|file| (file, true)).or(before.map(|file| (file, false)))
    }

    /// The number of levels that have a table to draw.
    pub(crate) fn drawn_levels(&self) -> usize {
        let shapes = [Some(&self.shape), self.on_disk.as_ref().map(|disk| &disk.shape)];
        let deepest = |shape: &Rc<Shape>| shape.version.levels.iter().rposition(|tables| !tables.is_empty());
        shapes.into_iter().flatten().filter_map(deepest).max().map_or(0, |level| level + 1)
    }

    /// Whether a level has a table to draw.
    pub(crate) fn has_drawn_tables(&self, level: usize) -> bool {
        let shapes = [Some(&self.shape), self.on_disk.as_ref().map(|disk| &disk.shape)];
        let has = |shape: &Rc<Shape>| shape.version.levels.get(level).is_some_and(|tables| !tables.is_empty());
        shapes.into_iter().flatten().any(has)
    }

    /// The tables of a level, in its order, those among them that are on disk and were not read yet.
    pub(crate) fn drawn_tables(&self, level: usize) -> Vec<(Rc<TableMeta>, Standing)> {
        let of = |shape: &Shape| -> Vec<Rc<TableMeta>> {
            shape.version.levels.get(level).map(|tables| tables.iter().cloned().collect()).unwrap_or_default()
        };
        let live = of(&self.shape);
        // Where the scene knows nothing of the disk, all that an edit names is there.
        let Some(disk) = self.on_disk.as_ref().filter(|disk| disk.manifest.is_some()) else {
            return live.into_iter().map(|table| (table, Standing::Live)).collect();
        };
        let found = of(&disk.shape);
        let there: BTreeSet<TableId> = found.iter().map(|table| table.id).collect();
        let named: BTreeSet<TableId> = self.shape.version.tables().map(|(_, table)| table.id).collect();
        let standing = |table: &TableMeta| match there.contains(&table.id) {
            true => Standing::Live,
            false => Standing::Passing,
        };
        let unread = found.into_iter().filter(|table| !named.contains(&table.id));
        let unread = unread.map(|table| (table, Standing::Unread));
        let mut all: Vec<_> = live.into_iter().map(|table| (table.clone(), standing(&table))).chain(unread).collect();
        match level {
            0 => all.sort_by_key(|(table, _)| Reverse((table.largest_seq, table.id))),
            _ => all.sort_by(|(a, _), (b, _)| a.smallest.cmp(&b.smallest)),
        }
        all
    }

    /// The logs, oldest first: while an open reads, those that it has not come to among them.
    pub(crate) fn tape(&self) -> Vec<TapeLog> {
        let live = |log: &Wal| TapeLog { view: log.view(), read_to: None };
        let Some(disk) = &self.on_disk else { return self.wals.iter().map(live).collect() };
        let unread = disk.logs.iter().map(|log| {
            let mut view = log.view();
            let now = self.wals.iter().find(|wal| wal.wal == log.wal);
            let length = now.map_or(log.bytes, |wal| wal.bytes.min(log.bytes));
            // What the cut took is not on disk; what is behind a torn frame is no part of the log.
            view.frames.retain(|frame| frame.offset < length);
            TapeLog { view, read_to: Some(now.map_or(0, Wal::end_of_frames)) }
        });
        let others = self.wals.iter().filter(|wal| disk.logs.iter().all(|log| log.wal != wal.wal)).map(live);
        unread.chain(others).collect()
    }
}
