//! Flushes and compactions of a simulation: started as slots allow, with outputs computed at the start, installed at
//! the end.

use std::{borrow::Cow, rc::Rc};

use super::{Simulation, drawn_overlap, recent_spans::SimulatedJob};
use crate::{
    options::Options,
    policy::{Action, Compaction, Explanation, Levels, RunningCompaction},
    runtime::{Ended, WorkKind, clock::SECOND, device::Work, jobs::subcompactions},
    version::{TableMeta, VersionEdit},
};

/// A flush that is running.
#[derive(Debug)]
pub(super) struct FlushJob {
    job: u64,
    /// The memtables that it takes.
    memtables: usize,
    table: Option<TableMeta>,
    pub(super) span: SimulatedJob,
}

/// A compaction that is running; its inputs are in [`Running`](crate::policy::Running).
#[derive(Debug)]
pub(super) struct CompactionJob {
    /// Each with its level.
    outputs: Vec<(usize, Rc<TableMeta>)>,
    pub(super) span: SimulatedJob,
}

impl Simulation {
    /// Starts every job that is due and has a slot.
    pub(super) fn start_jobs(&mut self) {
        while self.is_flush_due() && self.runtime.has_room(WorkKind::Flush) {
            self.start_flush();
        }
        self.running.time = self.runtime.now() / SECOND;
        while !self.followed.disable_auto_compactions && self.runtime.has_room(WorkKind::Compaction) {
            let picked = self.policy.pick(&self.tree, &self.followed, &self.running, Explanation::RuleOnly);
            let Some(compaction) = picked else { return };
            self.start_compaction(compaction);
        }
    }

    /// Whether enough memtables wait for a flush to begin, or fewer and memory is short: as in the engine.
    fn is_flush_due(&self) -> bool {
        let Options { db_write_buffer_size, soft_limit_percent, min_write_buffer_number_to_merge, .. } = self.followed;
        let is_short = || {
            let most = u128::from(db_write_buffer_size) * u128::from(soft_limit_percent);
            most > 0 && u128::from(self.memtables.memory(&self.followed)) * 100 >= most
        };
        let waiting = self.memtables.waiting();
        waiting >= min_write_buffer_number_to_merge || (waiting > 0 && is_short())
    }

    fn number(&mut self) -> u64 {
        self.next_job += 1;
        self.next_job - 1
    }

    fn start_flush(&mut self) {
        let model = self.merger.model().clone();
        let memtables = self.memtables.begin_flush(&self.spec, &self.format, &model, &mut self.random);
        let table = match &memtables[..] {
            // A single memtable is not merged.
            [one] => Some(TableMeta { id: self.next_table, ..one.clone() }),
            several => self.merger.flush(several, self.next_table),
        };
        self.next_table += 1;
        let written = table.as_ref().map_or(0, |table| table.bytes);
        let job = self.number();
        self.runtime.start(job, WorkKind::Flush, &Work { written, syncs: 1, ..Work::default() });
        let span = SimulatedJob {
            job,
            kind: WorkKind::Flush,
            is_move: false,
            from_level: None,
            to_level: 0,
            began: self.runtime.now(),
            ended: None,
            read: 0,
            written,
            inputs: memtables.len() as u64,
            outputs: u64::from(table.is_some()),
            rule: "flush",
        };
        self.flushes.push_back(FlushJob { job, memtables: memtables.len(), table, span });
    }

    fn start_compaction(&mut self, mut picked: Compaction) {
        drawn_overlap::redraw(&mut picked, &self.tree, &self.running, &self.spec, &mut self.random);
        if picked.action != Action::Merge {
            return self.at_once(&picked);
        }
        let RunningCompaction { compaction, tables: inputs } = self.running.start(picked, &self.tree);
        let placed = drawn_overlap::placed(compaction, inputs, &self.spec);
        if let Cow::Owned(placed) = &placed {
            placed.iter().for_each(|(_, table)| self.merger.spread_evenly(table.id));
        }
        let outputs = self.merger.compact(compaction, &self.tree, &placed, &mut self.next_table);
        let read: u64 = inputs.iter().map(|(_, t)| t.bytes).sum();
        let written: u64 = outputs.iter().map(|(_, t)| t.bytes).sum();
        let work = Work {
            read,
            written,
            syncs: outputs.len() as u64,
            threads: subcompactions(self.policy, &self.followed, compaction, read),
        };
        let span = SimulatedJob {
            job: self.next_job,
            kind: WorkKind::Compaction,
            is_move: false,
            from_level: Some(compaction.start_level()),
            to_level: compaction.output_level,
            began: self.runtime.now(),
            ended: None,
            read,
            written,
            inputs: inputs.len() as u64,
            outputs: outputs.len() as u64,
            rule: compaction.reason.rule.name(),
        };
        self.next_job += 1;
        self.runtime.start(span.job, WorkKind::Compaction, &work);
        self.compactions.push(CompactionJob { outputs, span });
    }

    /// Tables change their level, or go, unread: at once.
    fn at_once(&mut self, compaction: &Compaction) {
        let removed = compaction.resolve(&self.tree);
        let level = compaction.output_level;
        let bytes: u64 = removed.iter().map(|(_, t)| t.bytes).sum();
        let count = removed.len() as u64;
        let is_move = compaction.action == Action::Move;
        let stays = if is_move { &removed[..] } else { &[] };
        let edit = VersionEdit {
            added: stays.iter().map(|(_, t)| (level, t.clone())).collect(),
            cursors: compaction.cursor_edit(self.tree.cursor(compaction.start_level())),
            removed,
            ..VersionEdit::default()
        };
        self.apply(&edit);
        self.counters.compactions += 1;
        if is_move {
            self.counters.moves += 1;
            self.levels[level].moved += bytes;
            self.levels[level].moves += 1;
        }
        let now = self.runtime.now();
        let job = self.number();
        self.job_spans.push(SimulatedJob {
            job,
            kind: WorkKind::Compaction,
            is_move,
            from_level: Some(compaction.start_level()),
            to_level: level,
            began: now,
            ended: Some(now),
            read: 0,
            written: 0,
            inputs: count,
            outputs: if is_move { count } else { 0 },
            rule: compaction.reason.rule.name(),
        });
        self.look_around();
    }

    /// `job` has ended.
    pub(super) fn finish(&mut self, job: &Ended) {
        match job.kind {
            WorkKind::Flush => self.finish_flush(job),
            WorkKind::Compaction => self.finish_compaction(job),
            WorkKind::Log => {}
        }
    }

    /// Flushes are installed in the order of their memtables' age: one that is done early waits for those before it.
    fn finish_flush(&mut self, ended: &Ended) {
        if let Some(flush) = self.flushes.iter_mut().find(|flush| flush.job == ended.job) {
            flush.span.ended = Some(ended.ended);
        }
        while self.flushes.front().is_some_and(|flush| flush.span.ended.is_some()) {
            let mut flush = self.flushes.pop_front().expect("there is one");
            flush.span.ended = Some(ended.ended);
            self.memtables.end_flush(flush.memtables);
            self.levels[0].flush(flush.table.as_ref(), &flush.span);
            self.counters.flushes += 1;
            self.counters.flush_bytes += flush.span.written;
            if let Some(table) = flush.table {
                self.flushed_writes = self.flushed_writes.max(table.largest_seq);
                self.apply(&VersionEdit { added: vec![(0, Rc::new(table))], ..VersionEdit::default() });
            }
            self.job_spans.push(flush.span);
            self.look_around();
        }
    }

    fn finish_compaction(&mut self, ended: &Ended) {
        let Some(at) = self.compactions.iter().position(|job| job.span.job == ended.job) else { return };
        let CompactionJob { outputs, span } = self.compactions.remove(at);
        let span = SimulatedJob { ended: Some(ended.ended), ..span };
        let RunningCompaction { compaction, tables } = self.running.end(at);
        let cursors = compaction.cursor_edit(self.tree.cursor(compaction.start_level()));
        let edit = VersionEdit { removed: tables, added: outputs, cursors, ..VersionEdit::default() };
        self.count(&edit, &span);
        self.apply(&edit);
        self.merger.reuse(edit.removed.into_iter().map(|(_, table)| table));
        self.job_spans.push(span);
        self.look_around();
    }

    fn count(&mut self, VersionEdit { removed, added, .. }: &VersionEdit, span: &SimulatedJob) {
        self.counters.compactions += 1;
        self.counters.compaction_bytes_read += span.read;
        self.counters.compaction_bytes_written += span.written;
        let sums = &mut self.levels[span.to_level];
        let own: u64 = removed.iter().filter(|(level, _)| *level == span.to_level).map(|(_, t)| t.bytes).sum();
        sums.read_own += own;
        sums.read_upper += span.read - own;
        sums.written += span.written;
        sums.jobs += 1;
        sums.busy += span.ended.unwrap_or(span.began) - span.began;
        sums.entries_in += removed.iter().map(|(_, t)| t.entries).sum::<u64>();
        sums.entries_out += added.iter().map(|(_, t)| t.entries).sum::<u64>();
    }

    fn apply(&mut self, edit: &VersionEdit) {
        self.tree.apply(edit).expect("a policy's compaction fits the tree it was picked on, whatever runs beside it");
    }
}
