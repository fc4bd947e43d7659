//! What a run wants to know of the jobs: when each began and ended, what it moved from where to where.
//!
//! A [`Tap`] stands beside whoever else listens to the engine and is told the same events. It keeps one [`Mark`] for each
//! flush, compaction and stall.

use std::cell::{Cell, RefCell};

use serde::Serialize;

use crate::{
    policy::Action,
    trace::{Event, StallReason},
};

/// What a mark marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Memtables became a table.
    Flush,
    /// Tables were merged.
    Compaction,
    /// Tables changed their level; nothing was rewritten.
    Move,
    /// A write had to wait.
    Stall,
}

/// A flush, compaction or stall in virtual time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Mark {
    /// What it was.
    pub kind: MarkKind,
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
    /// Why, of a stall.
    pub reason: Option<StallReason>,
}

/// Keeps marks.
#[derive(Debug, Default)]
pub struct Tap {
    now: Cell<u64>,
    /// Jobs under way, each with its number.
    open: RefCell<Vec<(u64, Mark)>>,
    done: RefCell<Vec<Mark>>,
}

impl Tap {
    /// It is so many nanoseconds since the run began.
    pub fn set_now(&self, now: u64) {
        self.now.set(now);
    }

    /// `event` has happened, now.
    pub fn learn(&self, event: &Event) {
        match event {
            Event::FlushBegan { job, .. } => {
                self.began(*job, Mark { output_level: Some(0), ..self.mark(MarkKind::Flush) })
            }
            Event::CompactionPicked { job, compaction } => {
                let kind = if compaction.action == Action::Move { MarkKind::Move } else { MarkKind::Compaction };
                let (level, output) = (compaction.start_level(), compaction.output_level);
                self.began(*job, Mark { level: Some(level), output_level: Some(output), ..self.mark(kind) });
            }
            Event::FlushEnded { job, bytes, .. } => self.ended(*job, *bytes),
            Event::CompactionEnded { job, bytes_written, .. } => self.ended(*job, *bytes_written),
            Event::JobFailed { job, .. } => drop(self.take(*job)),
            Event::Stalled { reason } => {
                let mark = Mark { reason: Some(*reason), ..self.mark(MarkKind::Stall) };
                self.done.borrow_mut().push(mark);
            }
            _ => {}
        }
    }

    /// Moves what has ended since the last time behind `marks`.
    pub fn take_into(&self, marks: &mut Vec<Mark>) {
        marks.append(&mut self.done.borrow_mut());
    }

    fn millis(&self) -> f64 {
        self.now.get() as f64 / 1e6
    }

    fn mark(&self, kind: MarkKind) -> Mark {
        let now = self.millis();
        Mark { kind, from_ms: now, to_ms: now, level: None, output_level: None, bytes: 0, reason: None }
    }

    fn began(&self, job: u64, mark: Mark) {
        self.open.borrow_mut().push((job, mark));
    }

    fn take(&self, job: u64) -> Option<Mark> {
        let mut open = self.open.borrow_mut();
        let at = open.iter().position(|(number, _)| *number == job)?;
        Some(open.remove(at).1)
    }

    fn ended(&self, job: u64, bytes: u64) {
        if let Some(mark) = self.take(job) {
            self.done.borrow_mut().push(Mark { to_ms: self.millis(), bytes, ..mark });
        }
    }
}
