//! A power cut in the scene: only the files are left.

use super::{FIRST_MEMTABLE, Scene, memtable::SceneMemtable, ordmap::OrdMap};
use crate::{
    runtime::stall::Condition,
    storage::{FileKind, fault::FileLoss},
};

impl Scene {
    /// Memory is lost, and of the logs what the cut took. The tables are files, all of them durable.
    pub(super) fn cut_power(&mut self, losses: &[FileLoss]) {
        (self.open, self.recovering, self.power) = (false, false, false);
        self.active = SceneMemtable::new(FIRST_MEMTABLE);
        self.immutables.clear();
        self.snapshots.clear();
        self.orphans = self.orphans_of_jobs();
        self.jobs.clear();
        (self.current_job, self.read, self.writes_stopped, self.stalled) = (None, None, None, None);
        self.condition = Condition::Normal;
        (self.cached, self.cached_bytes) = (OrdMap::default(), 0);
        for loss in losses {
            let kept = loss.kept.unwrap_or(0);
            match loss.file.kind {
                FileKind::Wal => {
                    if let Some(wal) = self.wal(loss.file.number) {
                        wal.cut(kept);
                    }
                    self.cut_unread(loss.file.number, kept);
                }
                FileKind::Manifest => {
                    self.manifest =
                        self.manifest.map(|(file, bytes)| (file, if file == loss.file { kept } else { bytes }));
                }
                FileKind::Table => {}
            }
        }
    }
}
