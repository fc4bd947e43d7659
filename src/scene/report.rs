//! The scene as an engine report.

use super::{Scene, job::SceneJob};
use crate::trace::Report;

impl Scene {
    /// What the engine would answer, were it asked now: after every event of full detail, exactly what it does answer.
    pub fn report(&self) -> Report {
        Report {
            open: self.open,
            wals: self.wals.iter().map(|wal| wal.report()).collect(),
            active: self.active.report(),
            immutables: self.immutables.iter().map(|memtable| memtable.report()).collect(),
            levels: self.shape.version.levels.clone(),
            last_seq: self.last_seq,
            acked_seq: self.acked_seq,
            durable_seq: self.durable_seq,
            snapshots: self.snapshots.clone(),
            manifest: self.manifest,
            jobs: self.jobs.iter().map(SceneJob::report).collect(),
            pinned: self.obsolete.clone(),
            cached: self.cached.iter().map(|((table, block), bytes)| (*table, *block, *bytes)).collect(),
            now: self.now,
            condition: self.condition,
            counters: self.counters,
        }
    }
}
