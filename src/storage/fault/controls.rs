//! The switches of a [`Fault`](super::Fault): shared, so that they can be set while the engine owns the disk.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use crate::{
    error::{Error, ErrorKind, Result},
    storage::{FileId, FileKind},
};

/// A call of [`Storage`](crate::storage::Storage).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named for its call")]
pub enum Call {
    Append,
    Sync,
    Create,
    Read,
    SwapCurrent,
    Current,
    Remove,
    List,
}

impl Call {
    fn verb(self) -> &'static str {
        match self {
            Call::Append => "append to",
            Call::Sync => "sync",
            Call::Create => "create",
            Call::Read => "read",
            Call::SwapCurrent => "make current",
            Call::Current => "read CURRENT",
            Call::Remove => "remove",
            Call::List => "list the files",
        }
    }
}

/// A call that is to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedFailure {
    /// Which call.
    pub call: Call,
    /// On which kind of file; none for any.
    pub on: Option<FileKind>,
    /// How many such calls still go well.
    pub after: u64,
    /// Whether all calls after it fail too.
    pub for_good: bool,
    /// With what.
    pub with: ErrorKind,
}

#[derive(Debug, Default)]
struct State {
    power_off: Cell<bool>,
    calls: Cell<u64>,
    /// The power goes after this many calls.
    cut_after: Cell<Option<u64>>,
    lying: Cell<bool>,
    /// How many bytes still fit; none if there is no limit.
    room: Cell<Option<u64>>,
    failure: RefCell<Option<PlannedFailure>>,
    failed: Cell<u64>,
}

/// What breaks a disk. A copy is another handle on the same switches.
#[derive(Clone, Debug, Default)]
pub struct Controls(Rc<State>);

impl Controls {
    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.0.calls.get()
    }

    /// Lets the power go after `calls` calls in all: the one after them does not happen, and neither does any other.
    pub fn cut_after(&self, calls: Option<u64>) {
        self.0.cut_after.set(calls);
    }

    /// Turns the power on or off. Without it, every call fails.
    pub fn set_power(&self, on: bool) {
        self.0.power_off.set(!on);
        if on {
            self.0.cut_after.set(None);
        }
    }

    /// Whether there is power.
    pub fn power(&self) -> bool {
        !self.0.power_off.get()
    }

    /// Lets syncs (and what is durable by contract) say that all is well without making anything durable.
    pub fn set_lying(&self, lying: bool) {
        self.0.lying.set(lying);
    }

    /// Whether syncs lie.
    pub fn lying(&self) -> bool {
        self.0.lying.get()
    }

    /// Lets only `bytes` more be written until something is removed; none lifts the limit.
    pub fn set_room(&self, bytes: Option<u64>) {
        self.0.room.set(bytes);
    }

    /// How many bytes still fit; none if there is no limit.
    pub fn room(&self) -> Option<u64> {
        self.0.room.get()
    }

    /// Lets a call fail; none heals the disk.
    pub fn fail(&self, failure: Option<PlannedFailure>) {
        *self.0.failure.borrow_mut() = failure;
    }

    /// The number of calls that have failed as planned: whether a failure was ever reached.
    pub fn failed(&self) -> u64 {
        self.0.failed.get()
    }

    /// A call begins: counts it, and says whether it may go on.
    pub(super) fn begin(&self, call: Call, file: Option<FileId>) -> Result<()> {
        let state = &*self.0;
        if state.cut_after.get().is_some_and(|after| state.calls.get() >= after) {
            state.power_off.set(true);
        }
        if state.power_off.get() {
            return Err(Error { file, ..Error::new(ErrorKind::PowerLost, "the power was cut") });
        }
        state.calls.set(state.calls.get() + 1);
        self.check_failure(call, file).inspect_err(|_| state.failed.set(state.failed.get() + 1))
    }

    fn check_failure(&self, call: Call, file: Option<FileId>) -> Result<()> {
        let mut slot = self.0.failure.borrow_mut();
        let Some(failure) =
            slot.as_mut().filter(|f| f.call == call && f.on.is_none_or(|on| file.is_some_and(|f| f.kind == on)))
        else {
            return Ok(());
        };
        if failure.after > 0 {
            failure.after -= 1;
            return Ok(());
        }
        let what = file.map(|f| format!(" {f}")).unwrap_or_default();
        let error =
            Error { file, ..Error::new(failure.with, format!("could not {}{what}: the disk failed", call.verb())) };
        if !failure.for_good {
            *slot = None;
        }
        Err(error)
    }

    /// Takes up to `wanted` bytes of the room there is; says how many.
    pub(super) fn take_room(&self, wanted: u64) -> u64 {
        let Some(room) = self.0.room.get() else { return wanted };
        let taken = wanted.min(room);
        self.0.room.set(Some(room - taken));
        taken
    }

    /// A file of `bytes` bytes was removed.
    pub(super) fn give_room(&self, bytes: u64) {
        self.0.room.set(self.0.room.get().map(|room| room.saturating_add(bytes)));
    }
}

/// The error of a full disk.
pub(super) fn full(file: FileId) -> Error {
    Error { file: Some(file), ..Error::new(ErrorKind::NoSpace, format!("could not write {file}: no space is left")) }
}
