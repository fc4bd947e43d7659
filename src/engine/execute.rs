//! The execution of a job: reads its inputs, merges them, writes its output tables.
//!
//! In: sources of entries in order, a [`Plan`], and a [`Cutter`] that says where one table ends and the next begins.
//! Out: the tables, each durable, none part of the tree yet. Errors: a read or a write failed. A job's inputs never
//! change, so it is executed at once when it begins; its tables may become part of the tree much later
//! ([`super::job`]).

use std::{collections::VecDeque, rc::Rc};

use super::{
    Engine, emit,
    merge::{Gate, Merge, Verdict, hides_something},
    source::{Direction, Purpose, Source},
    table::{Block, BlockInfo, Table, TableBuilder},
};
use crate::{
    entry::{EntryRef, SeqNo},
    error::Result,
    policy::{CutReason, Cutter},
    storage::{FileId, Storage},
    trace::{Event, KeepReason, OutputReport, Tracer},
    version::{TableId, TableMeta, Times, Version},
};

/// How many blocks of an input a job reads at a time.
const READ_AHEAD: usize = 64;

/// What a merge writes, and where.
pub(super) struct Plan {
    pub job: u64,
    pub level: usize,
    /// The version that says what lies outside of the inputs; none for a flush, whose tombstones always stay.
    pub bottom: Option<Rest>,
    /// Tombstones up to this one are old enough to go.
    pub aged: SeqNo,
    /// Those of its inputs.
    pub times: Times,
}

/// What lies outside of a compaction's inputs.
pub(super) struct Rest {
    pub version: Rc<Version>,
    /// The level at which the inputs begin.
    pub start: usize,
    pub inputs: Vec<TableId>,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Merges `sources` into tables at the plan's level.
    pub(super) async fn merge(
        &mut self,
        plan: &Plan,
        mut cutter: Cutter<&[Rc<TableMeta>]>,
        mut sources: Vec<Source>,
    ) -> Result<Vec<Rc<TableMeta>>> {
        for source in &mut sources {
            source.seek_to_end(self, Direction::Forward).await?;
        }
        let mut merge = Merge::new(sources, Direction::Forward);
        let mut gate = Gate::new(self.state.snapshots.values().copied().collect());
        let mut builder: Option<TableBuilder> = None;
        let mut tables = Vec::new();
        while let Some(entry) = merge.entry() {
            let verdict = gate.judge(&entry, || plan.tombstone(&entry));
            if let Verdict::Keep(_) = verdict {
                // Versions of one key stay in one table: a level's tables must not share a key.
                let is_new_key = builder.as_ref().is_none_or(|b| b.last_key() != entry.key);
                let size = builder.as_ref().map(TableBuilder::flushed_size);
                if is_new_key
                    && let Some(cut) = cutter.reason_to_cut(entry.key, size)
                    && let Some(full) = builder.take()
                {
                    tables.push(self.finish_table(plan, full, cut).await?);
                }
                if builder.is_none() {
                    builder = Some(self.begin_table(plan)?);
                }
            }
            // Behind the beginning of its table: a kept entry goes into the table that was begun last.
            if self.wants_all() {
                self.emit_verdict(plan.job, &entry, &merge, verdict);
            }
            if let (Verdict::Keep(_), Some(builder)) = (verdict, &mut builder)
                && let Some(block) = builder.add(entry)?
            {
                self.block_written(plan.job, builder.id(), &block);
            }
            merge.advance(self).await?;
        }
        if let Some(last) = builder {
            tables.push(self.finish_table(plan, last, CutReason::LastInput).await?);
        }
        Ok(tables)
    }

    fn emit_verdict(&mut self, job: u64, entry: &EntryRef<'_>, merge: &Merge, verdict: Verdict) {
        let Some(from) = merge.place() else { return };
        let (key, seq, kind) = (entry.key.into(), entry.seq, entry.kind);
        emit!(
            self,
            All,
            match verdict {
                Verdict::Keep(reason) => Event::MergeKept { job, key, seq, kind, from, reason },
                Verdict::Drop(reason, by) => Event::MergeDropped { job, key, seq, kind, from, reason, by },
            }
        );
    }

    fn begin_table(&mut self, plan: &Plan) -> Result<TableBuilder> {
        let table = self.state.take_file_number()?;
        if let Some(job) = self.state.jobs.get_mut(&plan.job) {
            job.outputs.push(OutputReport { table, blocks: 0, bytes: 0, finished: false });
        }
        emit!(self, All, Event::TableBegan { job: plan.job, table, level: plan.level });
        Ok(TableBuilder::new(table, &self.options))
    }

    /// The table that `job` is writing.
    fn output(&mut self, job: u64) -> &mut OutputReport {
        self.state.jobs.get_mut(&job).and_then(|j| j.outputs.last_mut()).expect("the job is writing a table")
    }

    fn block_written(&mut self, job: u64, table: TableId, info: &BlockInfo) {
        let output = self.output(job);
        output.blocks += 1;
        output.bytes = info.offset + info.bytes;
        let BlockInfo { index: block, offset, bytes, raw_bytes, entries, .. } = *info;
        emit!(self, All, {
            let (first, last) = (info.first.clone(), info.last.clone());
            Event::BlockWritten { job, table, block, offset, bytes, raw_bytes, entries, first, last }
        });
    }

    async fn finish_table(&mut self, plan: &Plan, builder: TableBuilder, cut: CutReason) -> Result<Rc<TableMeta>> {
        let (job, level) = (plan.job, plan.level);
        let mut built = builder.finish(plan.times.newest.unwrap_or(0));
        built.meta.oldest_time = plan.times.oldest;
        let id = built.meta.id;
        if let Some(block) = &built.last_block {
            self.block_written(job, id, block);
        }
        for info in &built.sections {
            self.output(job).bytes = info.offset + info.bytes;
            let (section, offset, bytes) = (info.section, info.offset, info.bytes);
            emit!(self, All, Event::SectionWritten { job, table: id, section, offset, bytes });
        }
        self.storage.create(FileId::table(id), &built.bytes).await?;
        self.tracer.bytes(FileId::table(id), 0, &built.bytes);
        let output = self.output(job);
        output.finished = true;
        output.bytes = built.meta.bytes;
        let table = Rc::new(built.meta);
        emit!(self, Jobs, {
            let cut = plan.is_compaction().then_some(cut);
            Event::TableFinished { job, table: table.clone(), level, cut }
        });
        Ok(table)
    }

    /// The data block `i` of a job's input. `ahead` holds what was read with an earlier one: a job reads every block,
    /// so it reads many at a time, and past the cache, which readers need for themselves.
    pub(super) async fn job_block(
        &mut self,
        job: u64,
        table: &Table,
        i: usize,
        ahead: &mut VecDeque<Block>,
    ) -> Result<Rc<Block>> {
        if ahead.is_empty() {
            let upto = table.blocks().min(i + READ_AHEAD);
            *ahead = table.read_blocks(&self.storage, i..upto).await?.into();
        }
        let block = ahead.pop_front().expect("at least one block was read");
        emit!(self, All, {
            Event::InputBlockRead { job, table: table.meta().id, block: i as u64, bytes: table.block_len(i) }
        });
        Ok(Rc::new(block))
    }
}

impl Plan {
    fn is_compaction(&self) -> bool {
        self.bottom.is_some()
    }

    /// Why a tombstone that every reader sees must stay, if it must.
    fn tombstone(&self, entry: &EntryRef<'_>) -> Option<KeepReason> {
        match &self.bottom {
            None => Some(KeepReason::TombstoneHides),
            Some(rest) if hides_something(&rest.version, rest.start, &rest.inputs, entry.key, entry.seq) => {
                Some(KeepReason::TombstoneHides)
            }
            Some(_) if entry.seq > self.aged => Some(KeepReason::TombstoneRetained),
            Some(_) => None,
        }
    }
}

/// One source for each table of level 0, and one for each deeper level's inputs.
pub(super) fn job_sources(job: u64, inputs: &[(usize, Rc<TableMeta>)]) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut runs: Vec<(usize, Vec<Rc<TableMeta>>)> = Vec::new();
    for (level, table) in inputs {
        match runs.last_mut().filter(|(l, _)| l == level && *level > 0) {
            Some((_, run)) => run.push(table.clone()),
            None => runs.push((*level, vec![table.clone()])),
        }
    }
    for (level, mut run) in runs {
        run.sort_by(|a, b| a.smallest.cmp(&b.smallest));
        sources.push(Source::run(level, run, Purpose::Job(job)));
    }
    sources
}
