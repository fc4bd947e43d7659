//! A running flush or compaction: its outputs, and the decisions of its merge.

use std::{collections::VecDeque, rc::Rc};

use super::{
    axis::KeyAxis,
    contents::{self, ListedEntry, MAX_TABLE_ENTRIES, TableEntries},
    view::{EntryDecision, JobKind, JobSchedule, JobView, OutputView},
};
use crate::{
    entry::{Bytes, SeqNo},
    policy::{Compaction, CutReason},
    trace::{Event, JobReport, JobTimes, OutputReport, Section},
    version::{TableId, TableMeta},
};

/// The most outputs that a view lists: those begun last.
const MAX_OUTPUTS: usize = 24;

/// The most blocks of an output that are kept.
const MAX_BLOCKS: usize = 64;

/// How many of the merge's last decisions are kept.
const MAX_DECISIONS: usize = 12;

#[derive(Clone, Debug)]
struct Output {
    table: TableId,
    level: usize,
    blocks: u64,
    bytes: u64,
    entries: u64,
    bounds: Option<(Bytes, Bytes)>,
    finished: bool,
    cut: Option<CutReason>,
    /// Its entries so far, if all of them were reported and they are not too many to list.
    listed: Option<TableEntries>,
    /// Its blocks so far, as long as they are few.
    closed: Vec<ClosedBlock>,
    /// Its other sections so far.
    sections: Vec<Section>,
}

/// The first and the last key of a data block that was written.
pub type ClosedBlock = (Bytes, Bytes);

/// A table being written, or written and not yet installed.
#[derive(Clone, Copy, Debug)]
pub struct JobOutput<'a> {
    /// Its number.
    pub table: TableId,
    /// Its level.
    pub level: usize,
    /// The number of its entries so far; of one whose entries are not listed, of those in whole blocks.
    pub entry_count: u64,
    /// The number of its data blocks so far.
    pub block_count: u64,
    /// Those of them that are kept.
    pub blocks: &'a [ClosedBlock],
    /// Its other sections so far.
    pub sections: &'a [Section],
    /// Whether its file is whole.
    pub is_finished: bool,
    /// Of a compaction, once it is whole: why it ends there.
    pub cut: Option<CutReason>,
    /// The first and the last key of its blocks so far.
    pub bounds: Option<&'a (Bytes, Bytes)>,
    /// Its entries so far, if they are listed.
    pub listed: Option<&'a TableEntries>,
}

/// A job.
#[derive(Clone, Debug)]
pub struct SceneJob {
    /// Its number.
    pub job: u64,
    /// For a compaction: what is done, and why.
    pub compaction: Option<Rc<Compaction>>,
    /// For a flush: the memtables it writes.
    pub memtables: Rc<[u64]>,
    /// Whether its edit is installed.
    pub installed: bool,
    /// Tables that its edit brought.
    pub brought: Rc<[TableId]>,
    /// Finished outputs are left alone, so that a copy shares them.
    outputs: Vec<Rc<Output>>,
    kept: u64,
    dropped: u64,
    blocks_read: u64,
    decisions: VecDeque<Rc<EntryDecision>>,
    /// Under virtual time, once it was executed.
    schedule: Option<JobSchedule>,
}

impl SceneJob {
    /// A flush of `memtables`.
    pub fn flush(job: u64, memtables: &[u64]) -> SceneJob {
        SceneJob { memtables: memtables.into(), ..SceneJob::new(job) }
    }

    /// A compaction.
    pub fn compaction(job: u64, compaction: &Rc<Compaction>) -> SceneJob {
        SceneJob { compaction: Some(compaction.clone()), ..SceneJob::new(job) }
    }

    fn new(job: u64) -> SceneJob {
        SceneJob {
            job,
            compaction: None,
            memtables: Rc::new([]),
            installed: false,
            brought: Rc::new([]),
            outputs: Vec::new(),
            kept: 0,
            dropped: 0,
            blocks_read: 0,
            decisions: VecDeque::new(),
            schedule: None,
        }
    }

    /// Whether `table` is an input.
    pub fn reads(&self, table: TableId) -> bool {
        self.compaction.as_ref().is_some_and(|c| c.tables().any(|(_, input)| input == table))
    }

    /// The inputs that lie in the level that it writes.
    pub fn replaces(&self) -> impl Iterator<Item = TableId> {
        self.compaction.iter().flat_map(|compaction| {
            compaction.tables().filter(|(level, _)| *level == compaction.output_level).map(|(_, table)| table)
        })
    }

    /// Something happened in it.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::InputBlockRead { .. } => self.blocks_read += 1,
            Event::MergeKept { key, seq, kind, from, reason, .. } => {
                self.kept += 1;
                self.decide(EntryDecision {
                    key: key.clone(),
                    seq: *seq,
                    kind: *kind,
                    from: *from,
                    kept: Some(*reason),
                    dropped: None,
                    by: None,
                });
            }
            Event::MergeDropped { key, seq, kind, from, reason, by, .. } => {
                self.dropped += 1;
                self.decide(EntryDecision {
                    key: key.clone(),
                    seq: *seq,
                    kind: *kind,
                    from: *from,
                    kept: None,
                    dropped: Some(*reason),
                    by: *by,
                });
            }
            Event::TableBegan { table, level, .. } => {
                self.output(*table, *level).listed = Some(Rc::default());
            }
            Event::BlockWritten { table, offset, bytes, entries, first, last, .. } => {
                let output = self.output(*table, 0);
                output.blocks += 1;
                if output.closed.len() < MAX_BLOCKS {
                    output.closed.push((first.clone(), last.clone()));
                }
                output.bytes = offset + bytes;
                output.entries += entries;
                let smallest = output.bounds.take().map_or_else(|| first.clone(), |(smallest, _)| smallest);
                output.bounds = Some((smallest, last.clone()));
            }
            Event::SectionWritten { table, section, offset, bytes, .. } => {
                let output = self.output(*table, 0);
                output.bytes = offset + bytes;
                output.sections.push(*section);
            }
            Event::TableFinished { table, level, cut, .. } => self.finish(table, *level, *cut),
            Event::JobScheduled { bytes_read, bytes_written, began, ends, .. } => {
                let (bytes_read, bytes_written) = (*bytes_read, *bytes_written);
                self.schedule =
                    Some(JobSchedule { began: *began, ends: *ends, bytes_read, bytes_written, behind: None });
            }
            Event::JobWaits { behind, .. } => {
                self.schedule = self.schedule.map(|schedule| JobSchedule { behind: Some(*behind), ..schedule });
            }
            _ => {}
        }
    }

    /// Its edit is part of the tree.
    pub fn install(&mut self, brought: impl Iterator<Item = TableId>) {
        self.installed = true;
        self.brought = brought.collect();
    }

    /// The merge keeps `entry`: it goes into the output that was begun last.
    pub fn list(&mut self, entry: ListedEntry) {
        let Some(output) = self.outputs.last_mut().map(Rc::make_mut) else { return };
        match &mut output.listed {
            Some(listed) if listed.len() < MAX_TABLE_ENTRIES => Rc::make_mut(listed).push(entry),
            listed => *listed = None,
        }
    }

    /// The entries of the output `table`, if they are listed.
    pub fn listed(&self, table: TableId) -> Option<&TableEntries> {
        self.outputs.iter().rev().find(|o| o.table == table)?.listed.as_ref()
    }

    /// Its outputs, in order.
    pub fn outputs(&self) -> impl Iterator<Item = JobOutput<'_>> {
        self.outputs.iter().map(|o| JobOutput {
            table: o.table,
            level: o.level,
            entry_count: o.listed.as_ref().map_or(o.entries, |listed| listed.len() as u64),
            block_count: o.blocks,
            blocks: &o.closed,
            sections: &o.sections,
            is_finished: o.finished,
            cut: o.cut,
            bounds: o.bounds.as_ref(),
            listed: o.listed.as_ref(),
        })
    }

    /// Whether version `seq` of `key` is in one of its outputs, as far as they are listed.
    pub fn has_output(&self, key: &Bytes, seq: SeqNo) -> bool {
        // Outputs are in key order: the last one that begins at or before the key is the only one that can have it.
        let begins =
            |o: &Rc<Output>| o.listed.as_ref().and_then(|listed| listed.first()).is_none_or(|first| first.key <= *key);
        let Some(at) = self.outputs.partition_point(begins).checked_sub(1) else { return false };
        self.outputs[at].listed.as_ref().is_none_or(|listed| contents::find(listed, key, seq).is_some())
    }

    /// Whether it was executed: its outputs are whole, and it waits for the device or for its installation.
    pub fn is_executed(&self) -> bool {
        self.schedule.is_some()
    }

    /// What its merge decided last.
    pub fn last_decision(&self) -> Option<&EntryDecision> {
        self.decisions.back().map(|decision| &**decision)
    }

    /// What its merge decided on version `seq` of `key`, if that was among the last.
    pub fn decision(&self, key: &Bytes, seq: SeqNo) -> Option<&EntryDecision> {
        let is_it = |decision: &&Rc<EntryDecision>| decision.seq == seq && decision.key == *key;
        self.decisions.iter().rev().find(is_it).map(|decision| &**decision)
    }

    fn decide(&mut self, decision: EntryDecision) {
        if self.decisions.len() == MAX_DECISIONS {
            self.decisions.pop_front();
        }
        self.decisions.push_back(Rc::new(decision));
    }

    fn finish(&mut self, table: &TableMeta, level: usize, cut: Option<CutReason>) {
        let output = self.output(table.id, level);
        output.bytes = table.bytes;
        output.entries = table.entries;
        output.bounds = Some((table.smallest.clone(), table.largest.clone()));
        output.finished = true;
        output.cut = cut;
    }

    /// The output `table`. It is begun here if its beginning was not reported, as with jobs-only detail.
    fn output(&mut self, table: TableId, level: usize) -> &mut Output {
        let at = self.outputs.iter().rposition(|o| o.table == table).unwrap_or_else(|| {
            self.outputs.push(Rc::new(Output {
                table,
                level,
                blocks: 0,
                bytes: 0,
                entries: 0,
                bounds: None,
                finished: false,
                cut: None,
                listed: None,
                closed: Vec::new(),
                sections: Vec::new(),
            }));
            self.outputs.len() - 1
        });
        Rc::make_mut(&mut self.outputs[at])
    }

    /// For the comparison with the engine.
    pub fn report(&self) -> JobReport {
        let output =
            |o: &Rc<Output>| OutputReport { table: o.table, blocks: o.blocks, bytes: o.bytes, finished: o.finished };
        let span = self.schedule.map(|schedule| JobTimes { began: schedule.began, ends: schedule.ends });
        JobReport { job: self.job, outputs: self.outputs.iter().map(output).collect(), span }
    }

    /// For the page.
    pub fn view(&self, axis: &KeyAxis) -> JobView {
        let hidden_outputs = self.outputs.len().saturating_sub(MAX_OUTPUTS);
        JobView {
            job: self.job,
            kind: if self.compaction.is_some() { JobKind::Compaction } else { JobKind::Flush },
            compaction: self.compaction.clone(),
            memtables: self.memtables.to_vec(),
            output_level: self.compaction.as_ref().map_or(0, |c| c.output_level),
            outputs: self.outputs[hidden_outputs..].iter().map(|o| output_view(o, axis)).collect(),
            hidden_outputs,
            kept: self.kept,
            dropped: self.dropped,
            blocks_read: self.blocks_read,
            decisions: self.decisions.iter().cloned().collect(),
            installed: self.installed,
            schedule: self.schedule,
        }
    }

    /// The length of an output's file so far.
    pub fn output_len(&self, table: TableId) -> Option<u64> {
        self.outputs.iter().rev().find(|o| o.table == table).map(|o| o.bytes)
    }
}

fn output_view(output: &Output, axis: &KeyAxis) -> OutputView {
    let (x0, x1) = output.bounds.as_ref().map_or((0.0, 0.0), |(smallest, largest)| axis.span(smallest, largest));
    OutputView {
        table: output.table,
        level: output.level,
        blocks: output.blocks,
        bytes: output.bytes,
        entries: output.entries,
        smallest: output.bounds.as_ref().map(|b| b.0.clone()),
        largest: output.bounds.as_ref().map(|b| b.1.clone()),
        x0,
        x1,
        finished: output.finished,
    }
}
