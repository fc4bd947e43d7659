//! Jobs and stalls over virtual time, as lanes.
//!
//! In: each event, and the virtual time after it. Out: one [`JobSpan`] for each flush and compaction, from when it
//! began to when it was installed, and one [`StallSpan`] for each time during which writes were slowed down or had to
//! wait. Where jobs run at once (`job_mode=inline`), spans have no length.
//!
//! Their number is bounded: of too many, the older half of those that are over is dropped. The page asks only for those
//! around a moment ([`Lanes::around`]), so the cost of a step does not depend on their number.

use serde::Serialize;

use crate::{
    float::as_float,
    policy::{Action, Compaction},
    runtime::{
        clock::Nanos,
        stall::{Cause, Condition},
    },
    trace::Event,
};

/// The most spans of each kind that are kept.
const MAX_SPANS: usize = 8192;

/// The most spans of each kind around a moment.
const MAX_AROUND: usize = 256;

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// Memtables become a table.
    Flush,
    /// Tables are merged.
    Compaction,
    /// Tables change their level.
    Move,
    /// Tables are dropped unread.
    Drop,
}

/// A job over virtual time. Times are nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct JobSpan {
    /// Its number.
    pub job: u64,
    /// What it is.
    pub kind: LaneKind,
    /// The first level that it reads; none for a flush.
    pub from_level: Option<usize>,
    /// The level that it writes.
    pub to_level: usize,
    /// When it began.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub began: Nanos,
    /// When it was to end, as planned when it began: jobs that begin later make it later.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub planned: Nanos,
    /// When it was over; none while it is running.
    #[serde(serialize_with = "optional")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | undefined"))]
    pub ended: Option<Nanos>,
    /// Whether what it brought is in the tree.
    pub installed: bool,
    /// Bytes of tables that it reads.
    pub read: u64,
    /// Bytes that it writes.
    pub written: u64,
    /// The index of its first event.
    pub event: usize,
    /// The row that it is drawn in, among the flushes or among the others: the first that was free when it began.
    pub row: usize,
}

/// A time during which writes did not go on at full speed. Times are nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StallSpan {
    /// When it began.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub from: Nanos,
    /// When it was over; none while it lasts.
    #[serde(serialize_with = "optional")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | undefined"))]
    pub to: Option<Nanos>,
    /// Whether writes had to wait; they were slowed down otherwise.
    pub stopped: bool,
    /// The quantity that had exceeded its limit.
    pub reason: Cause,
    /// The index of its first event.
    pub event: usize,
}

fn optional<S: serde::Serializer>(n: &Option<Nanos>, serializer: S) -> Result<S::Ok, S::Error> {
    n.map(|n| n as f64).serialize(serializer)
}

/// All spans, in the order in which they began.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Lanes {
    /// Virtual time after the last event, in nanoseconds.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub now: Nanos,
    /// Flushes and compactions.
    pub jobs: Vec<JobSpan>,
    /// Stalls.
    pub stalls: Vec<StallSpan>,
    /// The most flushes that ran at once.
    pub flush_rows: usize,
    /// The most other jobs that ran at once.
    pub other_rows: usize,
    /// Running jobs: the number, whether it is a flush, the row.
    #[serde(skip)]
    running: Vec<(u64, bool, usize)>,
}

impl Lanes {
    /// What is to be drawn around the moment `at`: the stretch from some jobs before it to as many after it, and what
    /// lies in that. Nothing, where no job has taken any time.
    pub fn around(&self, at: Nanos, jobs: usize) -> Lanes {
        let rows =
            Lanes { now: self.now, flush_rows: self.flush_rows, other_rows: self.other_rows, ..Lanes::default() };
        if self.jobs.iter().all(|span| span.ended.is_some_and(|ended| ended <= span.began)) {
            return rows;
        }
        let next = self.jobs.partition_point(|span| span.ended.is_some_and(|ended| ended <= at));
        let first = &self.jobs[next.saturating_sub(jobs)];
        let last = &self.jobs[(next + jobs).min(self.jobs.len() - 1)];
        let from = first.began.min(at);
        let to = last.ended.unwrap_or(last.began).max(at);
        let meets = |began: Nanos, ended: Option<Nanos>| began <= to && ended.is_none_or(|ended| ended >= from);
        let nearest = |begins: Vec<Nanos>| {
            let middle = begins.partition_point(|began| *began <= at);
            let skipped = middle.saturating_sub(MAX_AROUND / 2).min(begins.len().saturating_sub(MAX_AROUND));
            skipped..(skipped + MAX_AROUND).min(begins.len())
        };
        let jobs: Vec<&JobSpan> = self.jobs.iter().filter(|span| meets(span.began, span.ended)).collect();
        let stalls: Vec<&StallSpan> = self.stalls.iter().filter(|span| meets(span.from, span.to)).collect();
        let in_view = nearest(jobs.iter().map(|span| span.began).collect());
        let in_view_stalls = nearest(stalls.iter().map(|span| span.from).collect());
        Lanes {
            jobs: jobs[in_view].iter().map(|span| (*span).clone()).collect(),
            stalls: stalls[in_view_stalls].iter().map(|span| (*span).clone()).collect(),
            ..rows
        }
    }

    /// `event` is at `index`, and it is `now`.
    pub(super) fn learn(&mut self, index: usize, event: &Event, now: Nanos) {
        self.now = now;
        match event {
            Event::FlushBegan { job, .. } => self.begin(index, *job, LaneKind::Flush, None, 0),
            Event::CompactionPicked { job, compaction } => {
                self.begin(index, *job, kind_of(compaction), Some(compaction.start_level()), compaction.output_level);
            }
            Event::JobScheduled { job, bytes_read, bytes_written, ends, .. } => {
                if let Some(span) = self.open_job(*job) {
                    (span.read, span.written, span.planned) = (*bytes_read, *bytes_written, *ends);
                }
            }
            Event::FlushEnded { job, bytes, .. } => self.end(*job, 0, *bytes),
            Event::CompactionEnded { job, bytes_read, bytes_written, .. } => {
                self.end(*job, *bytes_read, *bytes_written);
            }
            Event::JobFailed { job, .. } => {
                if let Some(span) = self.open_job(*job) {
                    span.ended = Some(now);
                }
                self.running.retain(|(other, ..)| other != job);
            }
            Event::StallConditionsChanged { condition } => self.stall(index, condition),
            Event::PowerCut { .. } | Event::RecoveryBegan { .. } | Event::Closed {} => self.end_everything(),
            _ => {}
        }
    }

    fn begin(&mut self, event: usize, job: u64, kind: LaneKind, from_level: Option<usize>, to_level: usize) {
        let began = self.now;
        let row = self.take_row(job, kind == LaneKind::Flush);
        let_go(&mut self.jobs, |span| span.ended.is_some());
        self.jobs.push(JobSpan {
            job,
            kind,
            from_level,
            to_level,
            began,
            planned: began,
            ended: None,
            installed: false,
            read: 0,
            written: 0,
            event,
            row,
        });
    }

    /// Puts `job` into the first row that no flush, or no other job, is in.
    fn take_row(&mut self, job: u64, flush: bool) -> usize {
        let is_taken = |row: &usize| self.running.iter().any(|(_, other, taken)| *other == flush && taken == row);
        let row = (0..).find(|row| !is_taken(row)).unwrap_or(0);
        self.running.push((job, flush, row));
        let rows = if flush { &mut self.flush_rows } else { &mut self.other_rows };
        *rows = (*rows).max(row + 1);
        row
    }

    fn open_job(&mut self, job: u64) -> Option<&mut JobSpan> {
        self.jobs.iter_mut().rev().find(|span| span.job == job && span.ended.is_none())
    }

    fn end(&mut self, job: u64, bytes_read: u64, bytes_written: u64) {
        let now = self.now;
        if let Some(span) = self.open_job(job) {
            (span.read, span.written) = (bytes_read, bytes_written);
            (span.ended, span.installed) = (Some(now), true);
        }
        self.running.retain(|(other, ..)| *other != job);
    }

    fn stall(&mut self, event: usize, condition: &Condition) {
        let (now, stopped) = (self.now, condition.is_stopped());
        let open = self.stalls.last_mut().filter(|span| span.to.is_none());
        let reason = condition.why().map(|why| why.cause);
        if open.as_ref().is_some_and(|span| Some(span.reason) == reason && span.stopped == stopped) {
            return;
        }
        if let Some(open) = open {
            open.to = Some(now);
        }
        if let Some(reason) = reason {
            let_go(&mut self.stalls, |span| span.to.is_some());
            self.stalls.push(StallSpan { from: now, to: None, stopped, reason, event });
        }
    }

    fn end_everything(&mut self) {
        let now = self.now;
        self.running.clear();
        self.jobs
            .iter_mut()
            .filter(|span| span.ended.is_none())
            .for_each(|span| span.ended = Some(now.max(span.began)));
        self.stalls.iter_mut().filter(|span| span.to.is_none()).for_each(|span| span.to = Some(now.max(span.from)));
    }
}

fn kind_of(compaction: &Compaction) -> LaneKind {
    match compaction.action {
        Action::Merge => LaneKind::Compaction,
        Action::Move => LaneKind::Move,
        Action::Drop => LaneKind::Drop,
    }
}

/// Makes room for one more span: where there are too many, the older half goes, but for those that are not over.
fn let_go<S>(spans: &mut Vec<S>, is_over: impl Fn(&S) -> bool) {
    if spans.len() < MAX_SPANS {
        return;
    }
    let mut place = 0;
    spans.retain(|span| {
        place += 1;
        place > MAX_SPANS / 2 || !is_over(span)
    });
}
