//! The state that the page draws, as a fold over events.
//!
//! In: the engine's [`Event`]s in order ([`Scene::apply`]). Out: what the page draws ([`Scene::view`]), and the same
//! facts as an engine [`Report`](crate::trace::Report) ([`Scene::report`]), which `tests/scene.rs` compares with the
//! engine's own after every event. Errors: none; an event that does not fit changes what it can. Nothing else feeds the
//! scene, so it shows nothing that did not happen.
//!
//! A scene is cheap to copy, because the timeline keeps hundreds of copies. Copies share whatever can grow ([`ordmap`],
//! [`Rc`]), and the cost of applying an event does not depend on how many came before.

use std::rc::Rc;

use crate::{
    entry::SeqNo,
    metrics::Counters,
    options::Options,
    policy::{
        estimate::{WriteEstimate, write_estimate},
        expected::{Counted, Expected, Quantity, expected},
    },
    runtime::{clock::Nanos, stall::Condition},
    storage::{FileId, FileKind},
    trace::{Event, StallReason},
    version::{TableId, VersionEdit},
};

pub mod axis;
pub mod contents;
pub(crate) mod job;
pub mod layout;
pub(crate) mod memtable;
pub(crate) mod on_disk;
pub mod ordmap;
mod painted;
mod power;
pub(crate) mod read;
mod report;
mod shape;
pub mod tables;
pub mod view;
mod wal;
mod write;

use self::{
    contents::Contents,
    job::SceneJob,
    memtable::SceneMemtable,
    on_disk::{OnDisk, Orphan},
    ordmap::OrdMap,
    read::Read,
    shape::Shape,
    wal::Wal,
};

pub use self::{shape::LevelSums, wal::MAX_FRAMES};

/// The number of the memtable that an open begins with.
const FIRST_MEMTABLE: u64 = 1;

/// The state that the page draws.
#[derive(Clone, Debug)]
pub struct Scene {
    options: Rc<Options>,
    open: bool,
    /// Between `RecoveryBegan` and `RecoveryEnded`. Inserts are replayed then: they were counted when they were first
    /// written.
    recovering: bool,
    writes_stopped: Option<Rc<str>>,
    operation: Option<Rc<view::OperationView>>,
    wals: Vec<Wal>,
    active: SceneMemtable,
    immutables: Vec<SceneMemtable>,
    shape: Rc<Shape>,
    /// Running jobs, in the order in which they began.
    jobs: Vec<SceneJob>,
    /// The running job that is being executed or installed at this event.
    current_job: Option<u64>,
    read: Option<Read>,
    snapshots: Vec<(u64, SeqNo)>,
    manifest: Option<(FileId, u64)>,
    /// Tables that left the tree but whose files still exist, in the order in which they left.
    obsolete: Vec<TableId>,
    /// Bits that were flipped on the disk an odd number of times, and are wrong therefore.
    flips: Vec<(FileId, u64, u8)>,
    /// What an open has still to read, as the scene knew it before.
    on_disk: Option<OnDisk>,
    /// What a power cut or a close left of jobs, until an open removes it.
    orphans: Vec<Orphan>,
    /// The entries of tables, the obsolete ones among them.
    contents: Contents,
    cached: OrdMap<(TableId, u64), u64>,
    cached_bytes: u64,
    last_seq: SeqNo,
    acked_seq: SeqNo,
    durable_seq: SeqNo,
    /// Off between a power cut and the next open.
    power: bool,
    disk: view::DiskView,
    /// What the last power cut took, once the next open has reported it.
    aftermath: Option<view::AftermathView>,
    /// Virtual time.
    now: Nanos,
    /// Whether writes run at full speed, are slowed down or stopped, under virtual time.
    condition: Condition,
    /// Why and since when a write waits.
    stalled: Option<(StallReason, Nanos)>,
    counters: Counters,
}

impl Scene {
    /// The scene before the first event.
    pub fn new(options: &Rc<Options>) -> Scene {
        Scene {
            options: options.clone(),
            open: false,
            recovering: false,
            writes_stopped: None,
            operation: None,
            wals: Vec::new(),
            active: SceneMemtable::new(FIRST_MEMTABLE),
            immutables: Vec::new(),
            shape: Rc::new(Shape::empty(options.levels())),
            jobs: Vec::new(),
            current_job: None,
            read: None,
            snapshots: Vec::new(),
            manifest: None,
            obsolete: Vec::new(),
            flips: Vec::new(),
            on_disk: None,
            orphans: Vec::new(),
            contents: Contents::default(),
            cached: OrdMap::default(),
            cached_bytes: 0,
            last_seq: 0,
            acked_seq: 0,
            durable_seq: 0,
            power: true,
            disk: view::DiskView::default(),
            aftermath: None,
            now: 0,
            condition: Condition::Normal,
            stalled: None,
            counters: Counters::default(),
        }
    }

    /// What the tree as it is should have cost to write, and at most with full levels.
    pub fn expected_writes(&self) -> (Option<WriteEstimate>, Option<Expected>) {
        let is_write = |e: &Expected| e.quantity == Quantity::Write && e.counted == Counted::Rocksdb;
        let version = &self.shape.version;
        (write_estimate(&self.options, version), expected(&self.options, version).into_iter().find(is_write))
    }

    /// The options that the database was last opened with.
    pub fn options(&self) -> &Rc<Options> {
        &self.options
    }

    /// Applies one event. An event that does not fit those before it (no engine reports one) changes what it can and
    /// never panics.
    pub fn apply(&mut self, event: &Event) {
        use Event::*;
        match event {
            OpBegan { op, command } => {
                self.operation =
                    Some(Rc::new(view::OperationView { op: *op, command: command.clone(), ok: None, result: None }));
                self.read = None;
            }
            OpEnded { ok, result, .. } => {
                if let Some(operation) = &mut self.operation {
                    let operation = Rc::make_mut(operation);
                    (operation.ok, operation.result) = (Some(*ok), Some(result.clone()));
                }
            }
            RecoveryBegan { .. }
            | ManifestRead { .. }
            | EditRecovered { .. }
            | ManifestTornTail { .. }
            | WalReplayBegan { .. }
            | FrameReplayed { .. }
            | WalTornTail { .. }
            | WalDamaged { .. }
            | WalSkipped { .. }
            | WalGap { .. }
            | OrphanRemoved { .. }
            | RecoveryEnded { .. } => self.recover(event),
            WalCreated { .. }
            | WalAppended { .. }
            | WalSynced { .. }
            | WalRemoved { .. }
            | MemtableInserted { .. }
            | Acknowledged { .. }
            | MemtableSealed { .. }
            | Stalled { .. }
            | StallEnded { .. }
            | StallConditionsChanged { .. }
            | WriteDelayed { .. }
            | WritesStopped { .. }
            | Sampled { .. } => self.write(event),
            FlushBegan { job, memtables } => self.begin_job(SceneJob::flush(*job, memtables)),
            CompactionPicked { job, compaction } => self.begin_job(SceneJob::compaction(*job, compaction)),
            InputBlockRead { .. }
            | MergeKept { .. }
            | MergeDropped { .. }
            | TableBegan { .. }
            | BlockWritten { .. }
            | SectionWritten { .. }
            | TableFinished { .. }
            | JobScheduled { .. }
            | JobWaits { .. }
            | InstallBegan { .. } => {
                self.turn_to_job(event);
                self.list(event);
                if let Some(job) = event.job().and_then(|job| self.job_mut(job)) {
                    job.apply(event);
                }
            }
            ManifestCreated { .. }
            | CurrentSwapped { .. }
            | EditLogged { .. }
            | VersionInstalled { .. }
            | FlushEnded { .. }
            | CompactionEnded { .. }
            | JobFailed { .. }
            | TablePinned { .. }
            | TableRemoved { .. } => self.change_shape(event),
            GetBegan { key, .. } => self.read = Some(Read::get(key)),
            ScanBegan { start, end, sources, .. } => {
                self.read = Some(Read::scan(start.as_ref(), end.as_ref(), sources));
            }
            MemtableProbed { .. }
            | RangeProbed { .. }
            | FilterProbed { .. }
            | IndexProbed { .. }
            | BlockProbed { .. }
            | FalsePositive { .. }
            | GetEnded { .. }
            | ScanBlockRead { .. }
            | ScanEmitted { .. }
            | ScanSkipped { .. }
            | ScanEnded { .. } => {
                if let Some(read) = &mut self.read {
                    read.apply(event);
                }
            }
            CacheInserted { table, block, bytes } => {
                self.cached_bytes += bytes;
                self.cached_bytes -= self.cached.insert((*table, *block), *bytes).unwrap_or(0);
            }
            CacheEvicted { table, block, .. } => {
                self.cached_bytes -= self.cached.remove(&(*table, *block)).unwrap_or(0);
            }
            SnapshotTaken { snapshot, seq } => self.snapshots.push((*snapshot, *seq)),
            SnapshotReleased { snapshot } => self.snapshots.retain(|(number, _)| number != snapshot),
            TimeAdvanced { nanos, .. } => self.now = *nanos,
            PowerCut { losses, .. } => self.cut_power(losses),
            Aftermath { acked, promised, recovered } => {
                self.aftermath =
                    Some(view::AftermathView { acked: *acked, promised: *promised, recovered: *recovered });
            }
            BitFlipped { file, offset, bit } => self.flip((*file, *offset, *bit)),
            SnapshotBroken { .. } => {}
            DiskChanged { room, lying } => self.disk = view::DiskView { room: *room, lying: *lying },
            Closed {} => self.open = false,
        }
    }

    fn change_shape(&mut self, event: &Event) {
        use Event::*;
        match event {
            ManifestCreated { file, bytes } => {
                self.counters.manifest_bytes += bytes;
                self.manifest = Some((*file, *bytes));
            }
            EditLogged { file, offset, bytes } => {
                self.counters.manifest_bytes += bytes;
                self.manifest = Some((*file, offset + bytes));
            }
            VersionInstalled { job, edit, flushed } => self.install(*job, edit, flushed),
            FlushEnded { job, bytes, .. } => {
                self.counters.flushes += 1;
                self.counters.flush_bytes += bytes;
                self.end_job(*job);
            }
            CompactionEnded { job, bytes_read, bytes_written, moved, .. } => {
                self.counters.compactions += 1;
                self.counters.moves += u64::from(*moved);
                self.counters.compaction_bytes_read += bytes_read;
                self.counters.compaction_bytes_written += bytes_written;
                self.end_job(*job);
            }
            JobFailed { job, .. } => self.end_job(*job),
            TableRemoved { table } => self.forget(FileId::table(*table)),
            _ => {}
        }
    }

    fn begin_job(&mut self, job: SceneJob) {
        self.current_job = Some(job.job);
        self.jobs.push(job);
    }

    /// An executed job is not the current one until its installation begins.
    fn turn_to_job(&mut self, event: &Event) {
        match event {
            Event::JobScheduled { .. } | Event::JobWaits { .. } => self.current_job = None,
            Event::InstallBegan { job } => self.current_job = Some(*job),
            _ => {}
        }
    }

    fn job_mut(&mut self, number: u64) -> Option<&mut SceneJob> {
        self.jobs.iter_mut().rev().find(|job| job.job == number)
    }

    /// The job that is being executed or installed.
    fn current_job(&self) -> Option<&SceneJob> {
        self.jobs.iter().rev().find(|job| Some(job.job) == self.current_job)
    }

    fn end_job(&mut self, number: u64) {
        self.jobs.retain(|job| job.job != number);
        self.current_job = self.current_job.filter(|current| *current != number);
    }

    fn install(&mut self, job: u64, edit: &VersionEdit, flushed: &[u64]) {
        self.reshape(edit);
        self.immutables.retain(|memtable| !flushed.contains(&memtable.id));
        let stays = |id| edit.added.iter().any(|(_, table)| table.id == id);
        self.obsolete.extend(edit.removed.iter().map(|(_, table)| table.id).filter(|id| !stays(*id)));
        if let Some(job) = self.job_mut(job) {
            job.install(edit.added.iter().map(|(_, table)| table.id));
        }
    }

    fn reshape(&mut self, edit: &VersionEdit) {
        Shape::change(&mut self.shape, edit);
    }

    fn flip(&mut self, bit: (FileId, u64, u8)) {
        match self.flips.iter().position(|flipped| *flipped == bit) {
            Some(at) => drop(self.flips.remove(at)),
            None => self.flips.push(bit),
        }
    }

    fn forget(&mut self, file: FileId) {
        self.flips.retain(|(flipped, ..)| *flipped != file);
        match file.kind {
            FileKind::Wal => self.wals.retain(|wal| wal.wal != file.number),
            FileKind::Table => {
                self.obsolete.retain(|table| *table != file.number);
                self.contents.remove(file.number);
            }
            FileKind::Manifest => {}
        }
    }

    fn wal(&mut self, number: u64) -> Option<&mut Wal> {
        self.wals.iter_mut().rev().find(|wal| wal.wal == number)
    }

    /// Virtual time.
    pub fn now(&self) -> Nanos {
        self.now
    }

    /// The running jobs, in the order in which they began.
    pub fn running_jobs(&self) -> Vec<u64> {
        self.jobs.iter().map(|job| job.job).collect()
    }

    /// The last sequence number that was acknowledged.
    pub fn acked_seq(&self) -> SeqNo {
        self.acked_seq
    }

    /// The last sequence number that a power cut cannot take.
    pub fn durable_seq(&self) -> SeqNo {
        self.durable_seq
    }

    /// The bytes of all memtables.
    pub fn memtable_bytes(&self) -> u64 {
        self.active.bytes + self.immutables.iter().map(|memtable| memtable.bytes).sum::<u64>()
    }

    /// The number of tables.
    pub fn table_count(&self) -> u64 {
        self.shape.table_count()
    }

    /// The sums of each level; the same allocation until the shape changes.
    pub fn level_sums(&self) -> &Rc<[LevelSums]> {
        &self.shape.levels
    }

    /// The current length of `file`; none if the scene does not know the file.
    pub fn file_len(&self, file: FileId) -> Option<u64> {
        match file.kind {
            FileKind::Wal => self.wals.iter().find(|wal| wal.wal == file.number).map(|wal| wal.bytes),
            FileKind::Manifest => self.manifest.filter(|(id, _)| *id == file).map(|(_, bytes)| bytes),
            FileKind::Table => {
                let live = self.shape.version.find(file.number).map(|(_, table)| table.bytes);
                live.or_else(|| self.jobs.iter().rev().find_map(|job| job.output_len(file.number)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
