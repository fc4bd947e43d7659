//! Samples of a simulation at even distances, and when stalls begin and end.
//!
//! In: the rates of writes between events; the tree, the runtime and the memtables at the moment of a sample. Out: a
//! row of [`SampleColumns`](super::sample_columns::SampleColumns), and a [`SimulatedStall`] for each stall.

use super::{
    Simulation, Spec, recent_spans::SimulatedStall, sample_columns::SampleRow, spec::KeyDistribution,
    write_rate::WriteRate,
};
use crate::{
    metrics::Counters,
    policy::Levels,
    runtime::{
        WorkKind,
        clock::{MICROSECOND, Nanos, SECOND, seconds},
        device::MB,
        stall::{Condition, Why},
    },
};

/// When samples are taken, and what flowed since the last one.
#[derive(Clone, Debug)]
pub(super) struct Sampler {
    /// When the next is due.
    pub next: Nanos,
    every: Nanos,
    last: Nanos,
    offered: f64,
    written: f64,
    waited: f64,
    stopped: f64,
    busy: f64,
}

impl Sampler {
    pub fn new(spec: &Spec) -> Sampler {
        let every = (spec.duration() / spec.samples).max(1);
        Sampler { next: every, every, last: 0, offered: 0.0, written: 0.0, waited: 0.0, stopped: 0.0, busy: 0.0 }
    }

    /// `passed` nanoseconds pass; writers waited for `waited` of them.
    pub fn pass(&mut self, rate: &WriteRate, passed: f64, waited: f64, is_stopped: bool) {
        self.offered += rate.offered * passed;
        self.written += rate.written * passed;
        self.waited += waited;
        if is_stopped {
            self.stopped += waited;
        }
    }
}

impl Simulation {
    /// Takes a sample, and computes what reads need from now on.
    pub(super) fn sample(&mut self) {
        let now = self.runtime.now();
        let passed = (now - self.sampler.last).max(1) as f64;
        let mb_per_s = |entries: f64| entries * self.entry.user / MB / (passed / SECOND as f64);
        let bytes = self.tree.sizes().to_vec();
        let read = self.read_latency(&bytes);
        self.counters = self.counted();
        let amplification = self.counters.amplification_of(&bytes, (&self.tree as &dyn Levels).sorted_runs());
        let sample = SampleRow {
            at: seconds(now),
            offered_mb_per_s: mb_per_s(self.sampler.offered),
            written_mb_per_s: mb_per_s(self.sampler.written),
            waited_share: self.sampler.waited / passed,
            stopped_share: self.sampler.stopped / passed,
            delayed_write_mb_per_s: match self.runtime.condition() {
                Condition::Delayed { rate, .. } => rate as f64 / MB,
                _ => 0.0,
            },
            memtable_bytes: self.memtables.bytes() as f64,
            immutables: self.memtables.immutables() as f64,
            pending_bytes: self.runtime.pressure().pending_bytes as f64,
            flushes: self.runtime.running(WorkKind::Flush) as f64,
            compactions: self.runtime.running(WorkKind::Compaction) as f64,
            device_use: (self.runtime.device_busy() - self.sampler.busy) / passed,
            write_amplification: amplification.write_rocksdb.unwrap_or(f64::NAN),
            write_amplification_user: amplification.write_user.unwrap_or(f64::NAN),
            space_amplification: amplification.space_rocksdb.unwrap_or(f64::NAN),
            space_amplification_live: self.space_amplification_live(&bytes).unwrap_or(f64::NAN),
            runs: amplification.read_runs as f64,
            read_p50_us: read.p50 as f64 / MICROSECOND as f64,
            read_p99_us: read.p99 as f64 / MICROSECOND as f64,
            read_p999_us: read.p999 as f64 / MICROSECOND as f64,
        };
        self.samples.push(&sample, self.tree.level_tables(), &bytes);
        let next = self.sampler.next.saturating_add(if now >= self.sampler.next { self.sampler.every } else { 0 });
        let busy = self.runtime.device_busy();
        self.sampler = Sampler { next, last: now, busy, ..Sampler::new(&self.spec) };
        let part = self.spec.read_rate * read.blocks * self.reads.block() as f64 / SECOND as f64;
        self.set_read_part(part.min(0.9));
    }

    /// What was done up to now.
    pub(super) fn counted(&self) -> Counters {
        let written = self.memtables.written();
        Counters {
            writes: written as u64,
            user_bytes: (written * self.entry.user) as u64,
            wal_bytes: (written * self.entry.log) as u64,
            ..self.counters
        }
    }

    /// How long gets take now.
    pub(super) fn read_latency(&self, bytes: &[u64]) -> super::reads::ReadLatency {
        let in_memory = (self.memtables.written() as u64).saturating_sub(self.flushed_writes);
        let mut runs = vec![in_memory];
        runs.extend(self.tree.level_0().iter().map(|table| table.entries));
        let sorted = self.tree.level_entries();
        runs.extend(sorted.into_iter().skip(1).filter(|entries| *entries > 0));
        let users = self.runtime.device_users();
        self.reads.latency(&runs, bytes.iter().sum(), users, self.runtime.available())
    }

    /// Bytes of all tables, by those of them that a reader can see; none where there are none of these.
    pub(super) fn space_amplification_live(&self, bytes: &[u64]) -> Option<f64> {
        let total: u64 = bytes.iter().sum();
        let writes = self.flushed_writes - self.dropped_writes();
        let live = match self.spec.key_dist {
            KeyDistribution::Unique | KeyDistribution::Sequential => writes,
            _ => self.merger.model().distinct(writes),
        };
        let puts = live as f64 * (1.0 - self.spec.delete_percent / 100.0);
        // What is expected of random keys may be off by a few: no more can be seen than there is.
        let visible = (puts * self.entry.table).min(total as f64);
        (visible > 0.0).then(|| total as f64 / visible)
    }

    /// Writes that went with the tables that FIFO compaction dropped: the oldest ones.
    pub(super) fn dropped_writes(&self) -> u64 {
        if !self.policy.about().drops_unread() {
            return 0;
        }
        // All tables are on level 0, the newest first, whether flushed or merged of neighbours: what is dropped is its
        // end.
        let kept = self.tree.level_0().last().map(|table| table.smallest_seq - 1);
        kept.map_or(self.flushed_writes, |before| before.min(self.flushed_writes))
    }

    /// Notes when a stall begins or ends.
    pub(super) fn note_stall(&mut self) {
        // Which option sets the limit follows from these.
        let stalled = self.runtime.stall().what();
        if stalled != self.stalled {
            self.stalled = stalled;
            self.note_change();
        }
    }

    #[cold]
    fn note_change(&mut self) {
        let now = self.runtime.now();
        if let Some(open) = self.stall_spans.last_mut().filter(|span| span.ended.is_none()) {
            open.ended = Some(now);
        }
        let condition = self.runtime.condition();
        if let Some(Why { cause, option, .. }) = condition.why() {
            let is_stop = condition.is_stopped();
            self.stall_spans.push(SimulatedStall { is_stop, cause, option, began: now, ended: None });
            self.counters.stalls += 1;
        }
    }
}
