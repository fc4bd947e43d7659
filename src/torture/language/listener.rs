//! The campaign's tracer: records a timeline, as the page does, notes that FIFO compaction dropped tables, and counts
//! the steps of a line.
//!
//! In: the events of an engine. Out: [`Heard`] and the timeline. A line of more than [`MAX_STEPS`] steps panics.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use crate::{
    options::Options,
    policy::Action,
    storage::FileId,
    timeline::{Limits, Recorder, Timeline},
    trace::{Detail, Event, Report, Tracer},
};

/// The maximum number of the engine's calls of its tracer in one line; a line with more does not end.
pub(super) const MAX_STEPS: u64 = 5_000_000;

/// The observations of a [`Listener`] that the oracle reads.
#[derive(Debug, Default)]
pub(super) struct Heard {
    steps: Cell<u64>,
    dropped: Cell<bool>,
}

impl Heard {
    /// Resets the count at the start of a line.
    pub fn begin(&self) {
        self.steps.set(0);
    }

    /// Whether tables were dropped since the last call.
    pub fn take_dropped(&self) -> bool {
        self.dropped.take()
    }

    fn step(&self) {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        assert!(steps <= MAX_STEPS, "the line does not end: {MAX_STEPS} steps so far");
    }
}

/// A tracer that records a timeline, and counts its calls.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    recorder: Recorder,
    heard: Rc<Heard>,
}

impl Listener {
    /// A listener with an empty timeline.
    pub fn new(options: &Options) -> Listener {
        let limits = Limits { checkpoint_every: 4096, file_bytes: 1 << 20, samples: 64, ..Limits::default() };
        let recorder = Recorder::new(Timeline::with_limits(&Rc::new(options.clone()), limits));
        Listener { recorder, heard: Rc::default() }
    }

    /// The timeline.
    pub fn timeline(&self) -> Rc<RefCell<Timeline>> {
        self.recorder.timeline().clone()
    }

    /// The observations.
    pub fn heard(&self) -> Rc<Heard> {
        self.heard.clone()
    }
}

impl Tracer for Listener {
    fn wants(&self, detail: Detail) -> bool {
        self.heard.step();
        self.recorder.wants(detail)
    }

    fn event(&mut self, event: Event, engine: &dyn Fn() -> Report) {
        self.heard.step();
        if matches!(&event, Event::CompactionPicked { compaction, .. } if compaction.action == Action::Drop) {
            self.heard.dropped.set(true);
        }
        self.recorder.event(event, engine);
    }

    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        self.recorder.bytes(file, offset, bytes);
    }
}
