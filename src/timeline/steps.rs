//! Marks, operations, and the steps between them, for the page's debugger buttons.
//!
//! A *mark* is a flush, a compaction, a recovery (each with its begin and end), a stall, a power cut or a fault of the
//! disk. An *operation* is one command. Both are found as events arrive, so a step is a search in a sorted list. A job
//! that runs for a while under virtual time has two parts, its execution and its installation. Other events happen in
//! between, and a step over the job stops there.

use serde::Serialize;

use super::Timeline;
use crate::{policy::Compaction, trace::Event, words::say};

/// What a mark is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A flush.
    Flush,
    /// A compaction.
    Compaction,
    /// A write that had to wait.
    Stall,
    /// An open.
    Recovery,
    /// A power cut.
    Crash,
    /// The disk was broken, or healed.
    Fault,
}

/// Something that one looks for on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Mark {
    /// What it is.
    pub kind: MarkKind,
    /// The index of its first event.
    pub begin: usize,
    /// The index of its last event; none while it is running.
    pub end: Option<usize>,
    /// For a job under virtual time: the index of the event that reports that it was executed and is running.
    pub executed: Option<usize>,
    /// And of the event that begins its installation.
    pub installing: Option<usize>,
    /// For a flush or a compaction: its number.
    pub job: Option<u64>,
    /// Whether it failed.
    pub failed: bool,
    /// A few words.
    pub label: String,
}

impl Mark {
    fn new(kind: MarkKind, begin: usize, job: Option<u64>, label: String) -> Mark {
        Mark { kind, begin, end: None, executed: None, installing: None, job, failed: false, label }
    }

    /// For a job: its first and last events; under virtual time, those of its execution and those of its installation.
    /// The last is none while it is running.
    fn parts(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        let execution = (self.begin, self.executed.or(self.end));
        let installation = self.executed.and(self.installing.or(self.end)).map(|first| (first, self.end));
        let parts = [Some(execution), installation];
        parts.into_iter().flatten().filter(|_| self.job.is_some())
    }
}

/// One command, and the events that it caused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OperationRow {
    /// Its number, from 1.
    pub op: u64,
    /// The command, as typed.
    pub command: String,
    /// The index of its first event.
    pub first: usize,
    /// The index of its last event; none while it is running.
    pub last: Option<usize>,
    /// Whether it did what was asked.
    pub ok: Option<bool>,
}

/// How far a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One event: into everything.
    Event,
    /// One event, but a flush or compaction as a whole.
    Over,
    /// To the end (or the beginning) of the flush or compaction that one is in; where there is none, of the operation.
    Out,
    /// To where the next flush or compaction begins or ends.
    Job,
    /// To where the next operation begins or ends.
    Operation,
}

impl How {
    /// `event`, `over`, `out`, `job` or `operation`.
    pub fn parse(name: &str) -> Option<How> {
        Some(match name {
            "event" => How::Event,
            "over" => How::Over,
            "out" => How::Out,
            "job" => How::Job,
            "operation" => How::Operation,
            _ => return None,
        })
    }
}

/// Marks and operations, in the order of their first events.
#[derive(Debug, Default)]
pub struct Steps {
    marks: Vec<Mark>,
    operations: Vec<OperationRow>,
    /// Which of `marks` have no end yet.
    open: Vec<usize>,
    /// The job that is being executed or installed: events that name none belong to it.
    job: Option<u64>,
}

impl Steps {
    /// All marks.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// All operations.
    pub fn operations(&self) -> &[OperationRow] {
        &self.operations
    }

    /// `event` is at `index`: the operation and the job that it belongs to.
    pub(super) fn learn(&mut self, index: usize, event: &Event) -> (Option<u64>, Option<u64>) {
        match event {
            Event::OpBegan { op, command } => {
                self.operations.push(OperationRow {
                    op: *op,
                    command: command.clone(),
                    first: index,
                    last: None,
                    ok: None,
                });
            }
            Event::FlushBegan { job, memtables } => {
                self.begin(index, MarkKind::Flush, Some(*job), flush_label(memtables))
            }
            Event::CompactionPicked { job, compaction } => {
                self.begin(index, MarkKind::Compaction, Some(*job), compaction_label(compaction));
            }
            Event::InstallBegan { job } => {
                self.open_job(*job, |mark| mark.installing = Some(index));
                self.job = Some(*job);
            }
            Event::RecoveryBegan { fresh, .. } => {
                // The process may have died with running jobs.
                self.end_everything(index);
                let label = if *fresh { say!("new database") } else { say!("recovery") };
                self.begin(index, MarkKind::Recovery, None, label);
            }
            Event::Stalled { .. } => self.moment(index, MarkKind::Stall, say!("stall")),
            Event::PowerCut { .. } => {
                self.end_everything(index);
                self.moment(index, MarkKind::Crash, say!("power cut"));
            }
            Event::BitFlipped { file, .. } => self.moment(index, MarkKind::Fault, say!("bad sector in {file}", file)),
            Event::DiskChanged { room, lying } => self.moment(index, MarkKind::Fault, disk_label(*room, *lying)),
            _ => {}
        }
        let op = self.operations.last().filter(|operation| operation.last.is_none()).map(|operation| operation.op);
        let job = event.job().or(self.job);
        match event {
            Event::OpEnded { ok, .. } => {
                if let Some(operation) = self.operations.last_mut() {
                    (operation.last, operation.ok) = (Some(index), Some(*ok));
                }
            }
            Event::JobScheduled { job, .. } => {
                self.open_job(*job, |mark| mark.executed = Some(index));
                self.job = None;
            }
            Event::FlushEnded { job, .. } | Event::CompactionEnded { job, .. } => self.end_job(index, *job, false),
            Event::JobFailed { job, .. } => self.end_job(index, *job, true),
            Event::RecoveryEnded { .. } => self.end(index, false, |mark| mark.kind == MarkKind::Recovery),
            _ => {}
        }
        (op, job)
    }

    fn begin(&mut self, index: usize, kind: MarkKind, job: Option<u64>, label: String) {
        self.job = job;
        self.open.push(self.marks.len());
        self.marks.push(Mark::new(kind, index, job, label));
    }

    fn moment(&mut self, index: usize, kind: MarkKind, label: String) {
        self.marks.push(Mark { end: Some(index), ..Mark::new(kind, index, None, label) });
    }

    fn open_job(&mut self, job: u64, change: impl Fn(&mut Mark)) {
        for at in &self.open {
            Some(&mut self.marks[*at]).filter(|mark| mark.job == Some(job)).map(&change);
        }
    }

    fn end_job(&mut self, index: usize, job: u64, failed: bool) {
        self.end(index, failed, |mark| mark.job == Some(job));
        self.job = None;
    }

    /// Ends the open marks that are `wanted`.
    fn end(&mut self, index: usize, failed: bool, wanted: impl Fn(&Mark) -> bool) {
        let marks = &mut self.marks;
        self.open.retain(|at| {
            let mark = &mut marks[*at];
            if wanted(mark) {
                (mark.end, mark.failed) = (Some(index), failed);
            }
            mark.end.is_none()
        });
    }

    /// Everything that was running ends here, undone.
    fn end_everything(&mut self, index: usize) {
        self.end(index, true, |_| true);
        self.job = None;
    }

    /// What ended before `start` is forgotten.
    pub(super) fn let_go(&mut self, start: usize) {
        self.marks.retain(|mark| mark.end.is_none_or(|end| end >= start));
        self.open = (0..self.marks.len()).filter(|at| self.marks[*at].end.is_none()).collect();
        self.operations.retain(|operation| operation.last.is_none_or(|last| last >= start));
    }

    /// Positions just after the first and the last event of each part of a job.
    fn job_borders(&self) -> impl Iterator<Item = usize> {
        let borders = |(first, last): (usize, Option<usize>)| [Some(first + 1), last.map(|last| last + 1)];
        self.marks.iter().flat_map(Mark::parts).flat_map(borders).flatten()
    }

    /// The part of a job that has begun at `position` and is not over.
    fn job_around(&self, position: usize) -> Option<(usize, Option<usize>)> {
        let begun = self.marks.partition_point(|mark| mark.begin < position);
        let around =
            |(first, last): &(usize, Option<usize>)| *first < position && last.is_none_or(|l| l + 1 > position);
        self.marks[..begun].iter().rev().flat_map(Mark::parts).find(around)
    }

    fn operation_around(&self, position: usize) -> Option<&OperationRow> {
        let begun = self.operations.partition_point(|operation| operation.first < position);
        self.operations[..begun].last().filter(|operation| operation.last.is_none_or(|last| last + 1 > position))
    }
}

fn flush_label(memtables: &[u64]) -> String {
    if memtables.len() == 1 { say!("flush") } else { say!("flush of {count}", count = memtables.len()) }
}

fn disk_label(room: Option<u64>, lying: bool) -> String {
    match (room, lying) {
        (Some(_), _) => say!("the disk is full"),
        (None, true) => say!("the disk lies"),
        (None, false) => say!("the disk is healthy"),
    }
}

fn compaction_label(compaction: &Compaction) -> String {
    format!("L{} → L{}", compaction.start_level(), compaction.output_level)
}

impl Timeline {
    /// The position one step from `from`, never outside the timeline.
    pub fn step(&self, from: usize, how: How, backwards: bool) -> usize {
        let from = from.clamp(self.start(), self.len());
        let to = match how {
            How::Event => self.next(from, backwards),
            How::Over => self.over(from, backwards),
            How::Out => self.out(from, backwards),
            How::Job => self.border(from, backwards, self.steps().job_borders()),
            How::Operation => {
                let operations = self.steps().operations.iter();
                let borders = operations.flat_map(|o| [Some(o.first), o.last.map(|last| last + 1)]).flatten();
                self.border(from, backwards, borders)
            }
        };
        to.clamp(self.start(), self.len())
    }

    fn next(&self, from: usize, backwards: bool) -> usize {
        if backwards { from.saturating_sub(1) } else { from + 1 }
    }

    fn over(&self, from: usize, backwards: bool) -> usize {
        let mut parts = self.steps().marks.iter().flat_map(Mark::parts);
        let over = if backwards {
            parts.find(|(_, last)| last.is_some_and(|last| last + 1 == from)).map(|(first, _)| first)
        } else {
            parts.find(|(first, _)| *first == from).map(|(_, last)| last.map_or(self.len(), |last| last + 1))
        };
        over.unwrap_or_else(|| self.next(from, backwards))
    }

    fn out(&self, from: usize, backwards: bool) -> usize {
        let job = self.steps().job_around(from);
        let around = job.or_else(|| self.steps().operation_around(from).map(|o| (o.first, o.last)));
        match around {
            Some((begin, _)) if backwards => begin,
            Some((_, end)) => end.map_or(self.len(), |end| end + 1),
            None => self.next(from, backwards),
        }
    }

    /// The nearest of `borders` on that side of `from`; where there is none, the timeline's own end.
    fn border(&self, from: usize, backwards: bool, borders: impl Iterator<Item = usize>) -> usize {
        if backwards {
            borders.filter(|border| *border < from).max().unwrap_or(self.start())
        } else {
            borders.filter(|border| *border > from).min().unwrap_or(self.len())
        }
    }
}
