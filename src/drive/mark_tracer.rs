//! Records the jobs and stalls of a run: when each began and ended, and which bytes it moved between which levels.
//!
//! In: the engine's events, which the engine's own tracer passes on ([`MarkTracer::learn`]). Out: one [`DriveMark`] for
//! each flush, compaction and stall.

use std::cell::{Cell, RefCell};

use serde::Serialize;

use crate::{
    policy::Action,
    runtime::{clock::Nanos, stall::Condition},
    trace::{Event, StallReason},
};

/// What a mark marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DriveMarkKind {
    /// Memtables became a table.
    Flush,
    /// Tables were merged.
    Compaction,
    /// Tables changed their level; nothing was rewritten.
    Move,
    /// A write had to wait.
    Stall,
    /// Writes were slowed down.
    Slowdown,
}

/// A flush, compaction or stall in virtual time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DriveMark {
    /// What it was.
    pub kind: DriveMarkKind,
    /// When it began: milliseconds since the run began.
    pub from_ms: f64,
    /// When it ended. Where jobs run inline, they take no time.
    pub to_ms: f64,
    /// The first level that tables came from, for a compaction.
    pub level: Option<usize>,
    /// Where they went.
    pub output_level: Option<usize>,
    /// Bytes that it wrote.
    pub bytes: u64,
    /// Why, of a stall or a slowdown.
    pub reason: Option<StallReason>,
}

/// Keeps marks.
#[derive(Debug, Default)]
pub struct MarkTracer {
    /// The engine's time when the run began.
    began: Cell<Nanos>,
    /// The engine's time, as of the last event.
    now: Cell<Nanos>,
    /// Running jobs, each with its number.
    open: RefCell<Vec<(u64, DriveMark)>>,
    /// Writes are being slowed down.
    slow: RefCell<Option<DriveMark>>,
    done: RefCell<Vec<DriveMark>>,
    /// Tables were dropped unread, by FIFO compaction.
    dropped: Cell<bool>,
}

impl MarkTracer {
    /// The run begins at `now`.
    pub fn begin_at(&self, now: Nanos) {
        self.began.set(now);
        self.now.set(now);
    }

    /// `event` has happened.
    pub fn learn(&self, event: &Event) {
        match event {
            Event::TimeAdvanced { nanos, .. }
            | Event::Acknowledged { nanos, .. }
            | Event::WriteDelayed { nanos, .. } => self.now.set(*nanos),
            Event::FlushBegan { job, .. } => {
                self.began(*job, DriveMark { output_level: Some(0), ..self.mark(DriveMarkKind::Flush) });
            }
            Event::CompactionPicked { job, compaction } => {
                let kind =
                    if compaction.action == Action::Move { DriveMarkKind::Move } else { DriveMarkKind::Compaction };
                self.dropped.set(self.dropped.get() || compaction.action == Action::Drop);
                let (level, output) = (compaction.start_level(), compaction.output_level);
                self.began(*job, DriveMark { level: Some(level), output_level: Some(output), ..self.mark(kind) });
            }
            Event::JobScheduled { job, began, .. } => {
                let from_ms = self.millis(*began);
                self.open.borrow_mut().iter_mut().filter(|(n, _)| n == job).for_each(|(_, m)| m.from_ms = from_ms);
            }
            Event::FlushEnded { job, bytes, .. } => self.ended(*job, *bytes),
            Event::CompactionEnded { job, bytes_written, .. } => self.ended(*job, *bytes_written),
            Event::JobFailed { job, .. } => drop(self.take(*job)),
            // Without virtual time, nothing says how long it waited.
            Event::Stalled { reason, why: None } => self.waited(*reason, 0),
            Event::StallEnded { reason, waited } => self.waited(*reason, *waited),
            Event::StallConditionsChanged { condition } => self.slowed(condition),
            _ => {}
        }
    }

    /// Moves what has ended since the last time behind `marks`.
    pub fn take_into(&self, marks: &mut Vec<DriveMark>) {
        marks.append(&mut self.done.borrow_mut());
    }

    /// It is over: what lasts, ends.
    pub fn end(&self) {
        self.slowed(&Condition::Normal);
    }

    /// Whether tables were dropped unread, with keys that a reader could see.
    pub fn has_dropped(&self) -> bool {
        self.dropped.get()
    }

    fn millis(&self, at: Nanos) -> f64 {
        at.saturating_sub(self.began.get()) as f64 / 1e6
    }

    fn mark(&self, kind: DriveMarkKind) -> DriveMark {
        let now = self.millis(self.now.get());
        DriveMark { kind, from_ms: now, to_ms: now, level: None, output_level: None, bytes: 0, reason: None }
    }

    fn began(&self, job: u64, mark: DriveMark) {
        self.open.borrow_mut().push((job, mark));
    }

    fn take(&self, job: u64) -> Option<DriveMark> {
        let mut open = self.open.borrow_mut();
        let at = open.iter().position(|(number, _)| *number == job)?;
        Some(open.remove(at).1)
    }

    fn ended(&self, job: u64, bytes: u64) {
        if let Some(mark) = self.take(job) {
            let to_ms = self.millis(self.now.get());
            self.done.borrow_mut().push(DriveMark { to_ms, bytes, ..mark });
        }
    }

    fn waited(&self, reason: StallReason, waited: Nanos) {
        let from_ms = self.millis(self.now.get().saturating_sub(waited));
        let mark = DriveMark { from_ms, reason: Some(reason), ..self.mark(DriveMarkKind::Stall) };
        self.done.borrow_mut().push(mark);
    }

    fn slowed(&self, condition: &Condition) {
        let mut slow = self.slow.borrow_mut();
        match (condition, &mut *slow) {
            (Condition::Delayed { .. }, Some(_)) => {}
            (Condition::Delayed { why, .. }, None) => {
                let reason = Some(StallReason::from(why.cause));
                *slow = Some(DriveMark { reason, ..self.mark(DriveMarkKind::Slowdown) });
            }
            (_, open) => {
                let to_ms = self.millis(self.now.get());
                self.done.borrow_mut().extend(open.take().map(|mark| DriveMark { to_ms, ..mark }));
            }
        }
    }
}
