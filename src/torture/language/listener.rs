//! Listens to the engine: records a timeline, as the page does; notes whether FIFO compaction dropped anything; and
//! counts the steps of a line.

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

/// The most questions of the engine to its tracer in one line: more, and the line does not end.
pub(super) const MAX_STEPS: u64 = 5_000_000;

/// What was heard, for the oracle.
#[derive(Debug, Default)]
pub(super) struct Heard {
    steps: Cell<u64>,
    dropped: Cell<bool>,
}

impl Heard {
    /// A line begins.
    pub fn begin(&self) {
        self.steps.set(0);
    }

    /// Whether tables were dropped unread since this was last asked.
    pub fn take_dropped(&self) -> bool {
        self.dropped.take()
    }

    fn step(&self) {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        assert!(steps <= MAX_STEPS, "the line does not end: {MAX_STEPS} steps so far");
    }
}

/// A tracer that records, and counts.
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

    /// What was heard.
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
