//! Flushes and compactions: what is due, and carrying it out.
//!
//! A job reads inputs that nobody changes, writes output tables that nobody reads yet, and then changes the tree in one
//! step ([`super::install`]). If it fails on the way, its outputs are deleted and nothing has happened.
//!
//! A job that failed is kept in mind ([`Engine::job_error`]) and tried again by itself whenever a memtable is sealed: a
//! full disk or a failing one may have recovered, and that often, trying costs little. A compaction that met damage is
//! the exception: its input stays damaged, so it waits until `flush` or `compact` is called; flushes go on meanwhile.

use std::{collections::VecDeque, rc::Rc};

use super::{
    Engine, Mem, emit,
    merge::{Gate, Merge, Verdict, hides_something},
    report::{JobReport, OutputReport},
    source::{Direction, Purpose, Source},
    table::{Block, BlockInfo, Table, TableBuilder},
};
use crate::{
    entry::EntryRef,
    error::{Error, ErrorKind, Result},
    policy::{Action, Compaction, Cutter, Running},
    storage::{FileId, Storage},
    trace::{Event, KeepReason, SealReason, Tracer},
    version::{TableId, TableMeta, Version, VersionEdit},
};

/// More compactions than any one write can call for; past it, the policy is asking in circles.
const MOST_COMPACTIONS: usize = 10_000;

/// How many blocks of an input a job reads at a time.
const READ_AHEAD: usize = 64;

/// What a merge writes, and where.
struct Plan {
    job: u64,
    level: usize,
    /// The version that says what lies outside of the inputs; none for a flush, whose tombstones always stay.
    bottom: Option<(Rc<Version>, Vec<TableId>)>,
    /// Whether every input is old enough for its tombstones to go.
    past_retention: bool,
    newest_time: u64,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Seals the active memtable and writes every sealed one to level 0; then whatever compactions that makes due.
    ///
    /// # Errors
    /// The job failed; nothing was lost, and it can be tried again.
    pub async fn flush(&mut self) -> Result<()> {
        self.check_writable()?;
        self.state.job_error = None;
        if self.state.active.len() > 0 {
            self.seal(SealReason::Asked).await?;
        }
        self.flush_immutables().await?;
        if self.options.job_mode != crate::options::JobMode::Manual {
            self.run_due_jobs().await;
        }
        self.state.job_error.clone().map_or(Ok(()), Err)
    }

    /// Compacts one level into the next, or everything into the last level that has data. Returns how many
    /// compactions that took: none if there was nothing to do. The memtable stays.
    ///
    /// # Errors
    /// A job failed; nothing was lost, and it can be tried again. Or there is no such level.
    pub async fn compact(&mut self, level: Option<usize>) -> Result<usize> {
        // An edit must not build on one of which it is not known whether it is durable.
        self.check_writable()?;
        if let Some(level) = level.filter(|l| *l >= self.state.version.levels.len()) {
            let last = self.state.version.levels.len() - 1;
            return Err(Error::invalid(format!("there is no level {level}: levels go from 0 to {last}")));
        }
        self.state.job_error = None;
        let mut done = 0;
        while let Some(picked) =
            self.policy().pick_manual(&self.state.version, &self.options, &Running::at(self.state.time), level)
        {
            self.run_compaction(picked).await?;
            done += 1;
            if level.is_some() || done >= MOST_COMPACTIONS {
                break;
            }
        }
        Ok(done)
    }

    /// Runs every job that is due. A failure is kept in `job_error`, and ends it.
    pub(super) async fn run_due_jobs(&mut self) {
        let met_damage = self.state.job_error.as_ref().is_some_and(|e| e.kind == ErrorKind::Corruption);
        for _ in 0..MOST_COMPACTIONS {
            if self.state.stopped.is_some() {
                return;
            }
            let waiting = self.state.immutables.len() as u64;
            let soft = waiting > 0 && self.memory_at(self.options.soft_limit_percent);
            let result = if waiting >= self.options.min_write_buffer_number_to_merge || soft {
                self.flush_immutables().await
            } else {
                let due = match self.options.disable_auto_compactions || met_damage {
                    true => None,
                    false => self.policy().pick(&self.state.version, &self.options, &Running::at(self.state.time)),
                };
                match due {
                    Some(compaction) => self.run_compaction(compaction).await,
                    None => {
                        self.state.jobs_unclear = false;
                        self.state.job_error.take_if(|_| !met_damage);
                        return;
                    }
                }
            };
            if result.is_err() {
                return;
            }
        }
    }

    /// Writes every sealed memtable into one table of level 0.
    pub(super) async fn flush_immutables(&mut self) -> Result<()> {
        if self.state.immutables.is_empty() {
            return Ok(());
        }
        let memtables: Vec<Mem> = self.state.immutables.iter().cloned().collect();
        let ids: Vec<u64> = memtables.iter().map(|m| m.id).collect();
        let job = self.begin_job();
        emit!(self, Jobs, Event::FlushBegan { job, memtables: ids.clone() });
        let plan = Plan {
            job,
            level: 0,
            bottom: None,
            past_retention: false,
            newest_time: memtables.iter().map(|m| m.newest_time).max().unwrap_or(0),
        };
        let sources = memtables.iter().map(Source::memtable).collect();
        let result = async {
            let tables = self.merge(&plan, Cutter::by_size(u64::MAX), sources).await?;
            let edit = VersionEdit {
                added: tables.iter().map(|t| (0, t.clone())).collect(),
                log_number: Some(self.state.active.min_wal.unwrap_or(self.state.next_file)),
                ..VersionEdit::default()
            };
            self.install(job, edit, ids).await?;
            Ok(tables)
        };
        let tables = match result.await {
            Ok(tables) => tables,
            Err(error) => return Err(self.fail_job(error).await),
        };
        let bytes = tables.iter().map(|t| t.bytes).sum();
        self.state.counters.flushes += 1;
        self.state.counters.flush_bytes += bytes;
        self.state.job = None;
        emit!(self, Jobs, Event::FlushEnded { job, tables: tables.iter().map(|t| t.id).collect(), bytes });
        Ok(())
    }

    async fn run_compaction(&mut self, compaction: Compaction) -> Result<()> {
        let compaction = Rc::new(compaction);
        let job = self.begin_job();
        emit!(self, Jobs, Event::CompactionPicked { job, compaction: compaction.clone() });
        let result = self.carry_out(job, &compaction).await;
        let (inputs, outputs) = match result {
            Ok(tables) => tables,
            Err(error) => return Err(self.fail_job(error).await),
        };
        let moved = compaction.action == Action::Move;
        let sum = |tables: &[Rc<TableMeta>], what: fn(&TableMeta) -> u64| tables.iter().map(|t| what(t)).sum::<u64>();
        let (bytes_read, bytes_written) =
            if moved { (0, 0) } else { (sum(&inputs, |t| t.bytes), sum(&outputs, |t| t.bytes)) };
        let counters = &mut self.state.counters;
        counters.compactions += 1;
        counters.moves += u64::from(moved);
        counters.compaction_bytes_read += bytes_read;
        counters.compaction_bytes_written += bytes_written;
        self.state.job = None;
        emit!(
            self,
            Jobs,
            Event::CompactionEnded {
                job,
                bytes_read,
                bytes_written,
                entries_in: sum(&inputs, |t| t.entries),
                entries_out: sum(&outputs, |t| t.entries),
                moved,
            }
        );
        Ok(())
    }

    /// Does what `compaction` says; returns its inputs and outputs.
    async fn carry_out(
        &mut self,
        job: u64,
        compaction: &Compaction,
    ) -> Result<(Vec<Rc<TableMeta>>, Vec<Rc<TableMeta>>)> {
        let version = self.state.version.clone();
        let mut removed = Vec::new();
        for (level, id) in compaction.tables() {
            match version.find(id) {
                Some((found, table)) if found == level => removed.push((level, table.clone())),
                _ => {
                    return Err(Error::invalid(format!(
                        "the compaction takes table {id}, which is not on level {level}"
                    )));
                }
            }
        }
        let inputs: Vec<_> = removed.iter().map(|(_, t)| t.clone()).collect();
        let outputs = match compaction.action {
            Action::Move => inputs.clone(),
            Action::Merge => {
                let newest_time = inputs.iter().map(|t| t.newest_time).max().unwrap_or(0);
                let cutter = Cutter::new(compaction, &version);
                let plan = Plan {
                    job,
                    level: compaction.output_level,
                    bottom: Some((version, inputs.iter().map(|t| t.id).collect())),
                    past_retention: self.state.time - newest_time.min(self.state.time)
                        >= self.options.tombstone_retention_seconds,
                    newest_time,
                };
                self.merge(&plan, cutter, job_sources(job, &removed)).await?
            }
        };
        let edit = VersionEdit {
            removed,
            added: outputs.iter().map(|t| (compaction.output_level, t.clone())).collect(),
            cursors: compaction.cursor_edit(&self.state.version),
            ..VersionEdit::default()
        };
        self.install(job, edit, Vec::new()).await?;
        Ok((inputs, outputs))
    }

    fn begin_job(&mut self) -> u64 {
        let job = self.state.next_job;
        self.state.next_job += 1;
        self.state.job = Some(JobReport { job, outputs: Vec::new() });
        job
    }

    /// Merges `sources` into tables at the plan's level.
    async fn merge(&mut self, plan: &Plan, mut cutter: Cutter, mut sources: Vec<Source>) -> Result<Vec<Rc<TableMeta>>> {
        for source in &mut sources {
            source.seek_to_end(self, Direction::Forward).await?;
        }
        let mut merge = Merge::new(sources, Direction::Forward);
        let mut gate = Gate::new(self.state.snapshots.values().copied().collect());
        let mut builder: Option<TableBuilder> = None;
        let mut tables = Vec::new();
        while let Some(entry) = merge.entry() {
            let verdict = gate.judge(&entry, || plan.tombstone(&entry));
            if self.wants_all() {
                self.emit_verdict(plan.job, &entry, &merge, verdict);
            }
            if let Verdict::Keep(_) = verdict {
                // Versions of one key stay in one table: a level's tables must not share a key.
                let is_new_key = builder.as_ref().is_none_or(|b| b.last_key() != entry.key);
                let size = builder.as_ref().map(TableBuilder::estimated_size);
                if is_new_key
                    && cutter.cuts_before(entry.key, size)
                    && let Some(full) = builder.take()
                {
                    tables.push(self.finish_table(plan, full).await?);
                }
                if builder.is_none() {
                    builder = Some(self.begin_table(plan));
                }
                let builder = builder.as_mut().expect("it was just made");
                if let Some(block) = builder.add(entry)? {
                    self.block_written(plan.job, builder.id(), &block);
                }
            }
            merge.advance(self).await?;
        }
        if let Some(last) = builder {
            tables.push(self.finish_table(plan, last).await?);
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

    fn begin_table(&mut self, plan: &Plan) -> TableBuilder {
        let table = self.state.take_file_number();
        if let Some(job) = &mut self.state.job {
            job.outputs.push(OutputReport { table, blocks: 0, bytes: 0, finished: false });
        }
        emit!(self, All, Event::TableBegan { job: plan.job, table, level: plan.level });
        TableBuilder::new(table, &self.options)
    }

    fn output(&mut self) -> &mut OutputReport {
        self.state.job.as_mut().and_then(|j| j.outputs.last_mut()).expect("a job is writing a table")
    }

    fn block_written(&mut self, job: u64, table: TableId, info: &BlockInfo) {
        let output = self.output();
        output.blocks += 1;
        output.bytes = info.offset + info.bytes;
        let BlockInfo { index: block, offset, bytes, raw_bytes, entries, .. } = *info;
        emit!(self, All, {
            let (first, last) = (info.first.clone(), info.last.clone());
            Event::BlockWritten { job, table, block, offset, bytes, raw_bytes, entries, first, last }
        });
    }

    async fn finish_table(&mut self, plan: &Plan, builder: TableBuilder) -> Result<Rc<TableMeta>> {
        let (job, level) = (plan.job, plan.level);
        let built = builder.finish(plan.newest_time);
        let id = built.meta.id;
        if let Some(block) = &built.last_block {
            self.block_written(job, id, block);
        }
        for info in &built.sections {
            self.output().bytes = info.offset + info.bytes;
            let (section, offset, bytes) = (info.section, info.offset, info.bytes);
            emit!(self, All, Event::SectionWritten { job, table: id, section, offset, bytes });
        }
        self.storage.create(FileId::table(id), &built.bytes).await?;
        self.tracer.bytes(FileId::table(id), 0, &built.bytes);
        let output = self.output();
        output.finished = true;
        output.bytes = built.meta.bytes;
        let table = Rc::new(built.meta);
        emit!(self, Jobs, Event::TableFinished { job, table: table.clone(), level });
        Ok(table)
    }

    /// The data block `i` of a job's input. `ahead` holds what was read with an earlier one: a job reads every block, so
    /// it reads many at a time, and past the cache, which readers need for themselves.
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
    /// Why a tombstone that every reader sees must stay, if it must.
    fn tombstone(&self, entry: &EntryRef<'_>) -> Option<KeepReason> {
        match &self.bottom {
            None => Some(KeepReason::TombstoneHides),
            Some((version, inputs)) if hides_something(version, inputs, entry.key, entry.seq) => {
                Some(KeepReason::TombstoneHides)
            }
            Some(_) if !self.past_retention => Some(KeepReason::TombstoneRetained),
            Some(_) => None,
        }
    }
}

/// One source for each table of level 0, and one for each deeper level's inputs.
fn job_sources(job: u64, inputs: &[(usize, Rc<TableMeta>)]) -> Vec<Source> {
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
