//! Everything that happens in the engine, as data.
//!
//! In: the engine reports every change it makes, and every step of every read, as an [`Event`], right **after** it was
//! made. Out: the events, to a [`Tracer`]. The page draws only what events say ([`crate::scene`]), so it draws nothing
//! that did not happen. With [`NoTrace`] no event is ever built: the engine compiles as if this module did not exist.
//!
//! [`Detail`] has four levels, each with the events of those before it. Every event belongs to one level
//! ([`Event::detail`]).

use serde::Serialize;

use crate::file_id::FileId;

mod event;
mod event_fields;
mod report;

pub use event::Event;
pub use event_fields::{BitProbe, Cost, DropReason, KeepReason, Place, SealReason, Section, StallReason, WalRecord};
pub use report::{JobReport, JobTimes, MemtableReport, OutputReport, Report, WalReport};

/// How much is reported.
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
    /// And merge decisions, blocks written, and every probe of a read.
    All,
}

/// A listener for the engine's events.
pub trait Tracer {
    /// Whether events of `detail` are wanted. Others are not even built.
    fn wants(&self, detail: Detail) -> bool;

    /// Takes an event, right after the change that it reports. `engine` returns the engine's state at this moment; the
    /// call is expensive and meant for tests.
    fn event(&mut self, event: Event, engine: &dyn Fn() -> Report);

    /// Takes the bytes that were just written to `file` at `offset`, so that they can be inspected even after the file
    /// is deleted.
    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        let _ = (file, offset, bytes);
    }

    /// Whether [`bytes`](Tracer::bytes) keeps any. If not, recovery does not read a file a second time to show it.
    fn wants_bytes(&self) -> bool {
        true
    }
}

/// A tracer that wants nothing, and costs nothing.
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
