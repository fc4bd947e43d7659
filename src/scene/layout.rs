//! Lays the scene out on the key axis, and trims it to what fits on the page.

use super::{
    Scene,
    axis::KeyAxis,
    view::{CacheView, LevelView, ManifestView, SnapshotView, StalledView, TableState, TableView, View},
};
use crate::{
    metrics::Amplification,
    policy::{LevelScore, Running, policy_for},
    runtime::clock::SECOND,
    storage::FileId,
    trace::Event,
    version::{Level, TableMeta},
    words::{said, say},
};

/// Where in the timeline a view is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelinePosition {
    /// How many events have happened.
    pub position: usize,
    /// How many there are.
    pub length: usize,
    /// The first position that can be seeked to.
    pub start: usize,
}

impl Scene {
    /// The stage at `at`, where `now` has just happened.
    pub fn view(&self, axis: &KeyAxis, at: TimelinePosition, now: Option<&Event>) -> View {
        let (scores, about) = (self.scores(), policy_for(&self.options).about());
        View {
            position: at.position,
            length: at.length,
            start: at.start,
            now: now.cloned(),
            open: self.open,
            writes_stopped: self.writes_stopped.as_deref().map(String::from),
            operation: self.operation.as_deref().cloned(),
            wals: self.wals.iter().map(|wal| wal.log_view()).collect(),
            memtable: self.active.view(&self.options, false),
            immutables: self.immutables.iter().map(|m| m.view(&self.options, self.is_flushing(m.id))).collect(),
            levels: self.levels(&scores, about.level_1),
            waits: about.waits_for(&scores, &self.options),
            score_is_due: about.next_of(&scores).score_is_due,
            job: self.current_job().map(|job| job.view(axis)),
            jobs: self.jobs.iter().map(|job| job.view(axis)).collect(),
            read: self.read.as_ref().map(|read| read.view(axis)),
            snapshots: self.snapshots.iter().map(|&(snapshot, seq)| SnapshotView { snapshot, seq }).collect(),
            manifest: self.manifest.map(|(file, bytes)| ManifestView { file, bytes }),
            cache: CacheView {
                blocks: self.cached.len(),
                bytes: self.cached_bytes,
                capacity: self.options.block_cache_size,
            },
            last_seq: self.last_seq,
            acked_seq: self.acked_seq,
            durable_seq: self.durable_seq,
            power: self.power,
            disk: self.disk,
            aftermath: self.aftermath,
            time: self.now / SECOND,
            now_nanos: self.now,
            condition: self.condition,
            stalled: self.stalled.map(|(reason, since)| StalledView { reason, since }),
            counters: self.counters,
            amplification: self.amplification(),
        }
    }

    /// How many times over things are written, read and stored. Costs the same whatever the number of tables.
    pub fn amplification(&self) -> Amplification {
        Amplification {
            write_rocksdb: self.counters.write_rocksdb(),
            write_user: self.counters.write_user(),
            read_runs: self.shape.read_runs,
            space_rocksdb: self.shape.space_rocksdb,
        }
    }

    fn is_flushing(&self, memtable: u64) -> bool {
        self.jobs.iter().any(|job| job.memtables.contains(&memtable))
    }

    fn levels(&self, scores: &[LevelScore], level_1: &str) -> Vec<LevelView> {
        let purpose = |level| match level {
            0 => say!("A flushed memtable becomes a table here."),
            1 => said(level_1, &[]),
            _ => String::new(),
        };
        let level = |(level, tables): (usize, &Level)| LevelView {
            purpose: purpose(level),
            level,
            bytes: self.shape.levels[level].bytes,
            entries: self.shape.levels[level].entries,
            score: scores.iter().find(|score| score.level == level).cloned(),
            count: tables.len(),
        };
        self.shape.version.levels.iter().enumerate().map(level).collect()
    }

    /// The score of each level, as the policy sees it now.
    pub(crate) fn scores(&self) -> Vec<LevelScore> {
        let under_way = self.jobs.iter().filter(|job| !job.installed).filter_map(|job| job.compaction.as_deref());
        let mut running = Running::default();
        for compaction in under_way {
            running.start(compaction.clone(), &self.shape.version);
        }
        policy_for(&self.options).scores(&self.shape.version, &self.options, &running)
    }

    pub(super) fn table(&self, table: &TableMeta, axis: &KeyAxis) -> TableView {
        let (x0, x1) = axis.span(&table.smallest, &table.largest);
        TableView {
            id: table.id,
            file: FileId::table(table.id),
            bytes: table.bytes,
            entries: table.entries,
            tombstones: table.tombstones,
            smallest: table.smallest.clone(),
            largest: table.largest.clone(),
            smallest_seq: table.smallest_seq,
            largest_seq: table.largest_seq,
            x0,
            x1,
            state: self.state_of(table),
            probe: self.read.as_ref().and_then(|read| read.probe(table.id)),
        }
    }

    fn state_of(&self, table: &TableMeta) -> TableState {
        if self.jobs.iter().any(|job| job.brought.contains(&table.id)) {
            TableState::Installed
        } else if self.jobs.iter().any(|job| job.reads(table.id)) {
            TableState::Input
        } else {
            TableState::Idle
        }
    }
}
