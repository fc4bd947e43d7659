//! The tracer that records an engine's events into a timeline.

use std::{cell::RefCell, rc::Rc};

use super::Timeline;
use crate::{
    storage::FileId,
    trace::{Detail, Event, Report, Tracer},
};

/// The engine's listener: a handle to a [`Timeline`] that others read at the same time.
#[derive(Clone, Debug)]
pub struct Recorder(Rc<RefCell<Timeline>>);

impl Recorder {
    /// Records into `timeline`.
    pub fn new(timeline: Timeline) -> Recorder {
        Recorder(Rc::new(RefCell::new(timeline)))
    }

    /// The timeline. Its borrow must not be held while the engine runs.
    pub fn timeline(&self) -> &Rc<RefCell<Timeline>> {
        &self.0
    }
}

impl Tracer for Recorder {
    fn wants(&self, detail: Detail) -> bool {
        detail <= self.0.borrow().detail()
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0.borrow_mut().push(event);
    }

    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        self.0.borrow_mut().record_bytes(file, offset, bytes);
    }
}
