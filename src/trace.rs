//! Everything that happens, as data.
//!
//! The engine says every change it makes and every step of every read as an [`Event`], through a [`Tracer`], right
//! **after** the change. The page draws only what events say ([`crate::scene`]), so nothing is drawn that did not
//! happen. With [`NoTrace`] no event is ever built: the engine compiles as if this module did not exist.
//!
//! Four levels of [`Detail`] say how much is told; each includes the ones before it. Every event belongs to one
//! ([`Event::detail`]).

use serde::Serialize;

use crate::file_id::FileId;

mod event;
mod event_fields;
mod report;

pub use event::Event;
pub use event_fields::{BitProbe, Cost, DropReason, KeepReason, Place, SealReason, Section, StallReason, WalRecord};
pub use report::{JobReport, JobTimes, MemtableReport, OutputReport, Report, WalReport};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Nothing.
    Off,
    /// Jobs, changes of shape, recovery, stalls.
    Jobs,
    /// And operations: each WAL frame, sync and insert, and each operation's outcome.
    Operations,
    /// And every merge decision, every block written, every probe of a read.
    All,
}

/// Who listens to the engine.
pub trait Tracer {
    /// Whether events of `detail` are wanted. An event that is not wanted is not even built.
    fn wants(&self, detail: Detail) -> bool;

    /// Takes an event, right after what it tells of has happened. `engine` answers what the engine holds at this very
    /// moment; asking is expensive and meant for tests.
    fn event(&mut self, event: Event, engine: &dyn Fn() -> Report);

    /// Takes the bytes that were just written to `file` at `offset`, so that they can be inspected even after the file
    /// is gone.
    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        let _ = (file, offset, bytes);
    }

    /// Whether [`bytes`](Tracer::bytes) keeps any: if not, recovery does not read a file a second time to show it.
    fn wants_bytes(&self) -> bool {
        true
    }
}

/// Nobody listens, at no cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTrace;

impl Tracer for NoTrace {
    #[inline(always)]
    fn wants(&self, _: Detail) -> bool {
        false
    }

    fn event(&mut self, _: Event, _: &dyn Fn() -> Report) {}

    fn wants_bytes(&self) -> bool {
        false
    }
}
