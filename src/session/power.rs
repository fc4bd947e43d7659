//! Power cuts in a session: between any two events, and what an open finds afterwards.
//!
//! `crash` cuts the power at once; `crash in 7` lights a fuse that burns one event of the next command at a time;
//! `crash in 7 during put a 1` does both in one operation, so that its events have the numbers of the put's. The
//! [`Fused`] tracer stands between the engine and the session's tracer. When the fuse is spent, it turns the disk's
//! power off and passes no event on: whatever the engine still does, no byte of it reaches the disk, and no event is
//! recorded. [`Fault::cut`] decides which unsynced bytes the disk keeps.
//!
//! The fuse counts events and not calls of the storage, because events are what a user sees and steps through. So the
//! same script gives the same crash on the page, in a link and in the repl, with any tracer.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::{Answer, LastOpen, Session, State, closed, failure, last_open::Promises};
use crate::{
    drive::MarkTracer,
    engine::Earlier,
    entry::SeqNo,
    error::{Error, ErrorKind, Result},
    metrics::Counters,
    plural::counted,
    script::ScriptError,
    storage::{
        FileId, Storage,
        fault::{Controls, Fault, Keep},
    },
    trace::{Detail, Event, Report, Tracer},
    verify::verify,
    words::say,
};

#[derive(Debug, Default)]
pub(super) struct Fuse {
    /// Events until the power goes; none if no fuse is lit.
    left: Cell<Option<u64>>,
    keep: Cell<Option<Keep>>,
    /// It burnt down.
    spent: Cell<bool>,
    /// How far things had come then, and what was counted; none if the database was not open: a recovery promises
    /// nothing new.
    then: Cell<Option<(Promises, Counters)>>,
    controls: RefCell<Controls>,
}

/// A tracer that burns the fuse. While a workload runs, it also reports the jobs to the run, and may pass on less.
#[derive(Debug)]
pub struct Fused<T> {
    inner: T,
    fuse: Rc<Fuse>,
    driven: Option<Driven>,
}

/// A running workload.
#[derive(Debug)]
pub(super) struct Driven {
    /// The tracer that receives the jobs.
    pub tap: Rc<MarkTracer>,
    /// The most detail that is passed on, so that a long run is not a long list of events.
    pub detail: Detail,
}

impl<T: Tracer> Fused<T> {
    pub(super) fn new(inner: T, controls: &Controls) -> (Fused<T>, Rc<Fuse>) {
        let fuse = Rc::new(Fuse { controls: RefCell::new(controls.clone()), ..Fuse::default() });
        (Fused { inner, fuse: fuse.clone(), driven: None }, fuse)
    }

    /// A workload begins, or has ended.
    pub(super) fn set_driven(&mut self, driven: Option<Driven>) {
        self.driven = driven;
    }

    /// Whether the inner tracer receives events of `detail`.
    fn passes(&self, detail: Detail) -> bool {
        self.driven.as_ref().is_none_or(|driven| detail <= driven.detail) && self.inner.wants(detail)
    }
}

impl<T: Tracer> Tracer for Fused<T> {
    fn wants(&self, detail: Detail) -> bool {
        // A fuse counts every event, so that it burns the same with any tracer.
        let tapped = self.driven.is_some() && detail <= Detail::Jobs;
        self.fuse.left.get().is_some() || tapped || self.passes(detail)
    }

    fn event(&mut self, event: Event, engine: &dyn Fn() -> Report) {
        if self.fuse.spent.get() {
            return;
        }
        if let Some(driven) = &self.driven {
            driven.tap.learn(&event);
        }
        if self.passes(event.detail()) {
            self.inner.event(event, engine);
        }
        let Some(left) = self.fuse.left.get() else { return };
        self.fuse.left.set(Some(left.saturating_sub(1)));
        if left <= 1 {
            let report = engine();
            let then = Promises { acked: report.acked_seq, durable: report.durable_seq };
            self.fuse.then.set(report.open.then_some((then, report.counters)));
            self.fuse.spent.set(true);
            self.fuse.controls.borrow().set_power(false);
        }
    }

    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        if !self.fuse.spent.get() {
            self.inner.bytes(file, offset, bytes);
        }
    }

    fn wants_bytes(&self) -> bool {
        self.inner.wants_bytes()
    }
}

impl Fuse {
    pub(super) fn is_lit(&self) -> bool {
        self.left.get().is_some()
    }

    /// Keeps it from burning; says how many events are left, if it was lit.
    pub(super) fn hold(&self) -> Option<u64> {
        self.left.take()
    }

    /// Lets it burn on.
    pub(super) fn hold_no_longer(&self, left: u64) {
        self.left.set(Some(left));
    }

    /// Lights it; it begins to burn with the next event.
    pub(super) fn light(&self, events: u64, keep: Keep) {
        self.left.set(Some(events));
        self.keep.set(Some(keep));
    }

    /// Puts it out; says whether it was spent.
    fn put_out(&self) -> bool {
        self.left.set(None);
        self.spent.take()
    }
}

impl<S: Storage, T: Tracer> Session<S, T> {
    /// `crash`: now, or after `after` events of the next command.
    pub(super) async fn crash(&mut self, after: Option<u64>, keep: Keep) -> Result<Answer, ScriptError> {
        match after {
            None => {
                let mut answer = self.cut_power(keep).await.map_err(failure)?;
                answer.result = say!("ok  the power is cut; {told}", told = answer.result);
                Ok(answer)
            }
            Some(events) => {
                self.lit = Some((events, keep));
                let events = counted(events, "event");
                Ok(say!("ok  the power goes after {events} of the next command", events).into())
            }
        }
    }

    /// After a command: lights the fuse that it asked for.
    pub(super) fn light_fuse(&mut self) {
        if let Some((events, keep)) = self.lit.take() {
            self.fuse.light(events, keep);
        }
    }

    /// The fuse has burnt through a command, or the command was shorter than the fuse: the power goes. `failed` is what
    /// was wrong with the command.
    pub(super) async fn burn_out(&mut self, failed: Option<ScriptError>) -> ScriptError {
        let spent = self.fuse.spent.get();
        let keep = self.fuse.keep.get().unwrap_or(Keep::Nothing);
        match self.cut_power(keep).await {
            Ok(cut) => {
                let told = cut.result;
                let message = match failed {
                    _ if spent => say!("the power was cut while this was running; {told}", told),
                    None => say!("the power was cut just after this; {told}", told),
                    Some(error) => {
                        let error = error.message;
                        say!("the power was cut just after this failed ({error}); {told}", error, told)
                    }
                };
                failure(Error::new(ErrorKind::PowerLost, message))
            }
            Err(error) => failure(error),
        }
    }

    /// Cuts the power: memory is lost, and the database waits for a `reopen`. The result says what had been synced.
    async fn cut_power(&mut self, keep: Keep) -> Result<Answer> {
        let spent = self.fuse.put_out();
        let then = self.fuse.then.take();
        let (mut storage, mut tracer) = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(engine) => {
                let now = LastOpen::of(&engine);
                // What the engine did after the fuse was spent, it did in memory only.
                let last = (self.last_open.promises, self.last_open.earlier.counters);
                let (promises, counters) =
                    if spent { then.unwrap_or(last) } else { (now.promises, now.earlier.counters) };
                self.last_open = LastOpen { promises, earlier: Earlier { counters, ..now.earlier }, ..now };
                self.cut = Some(engine.snapshots().count() as u64);
                engine.into_parts()
            }
            State::Failed { storage, tracer, .. } => {
                if let Some((promises, counters)) = then {
                    self.last_open.promises = promises;
                    self.last_open.earlier.counters = counters;
                }
                self.cut.get_or_insert(0);
                (storage, tracer)
            }
            State::Closed => return Err(closed()),
        };
        let promises = self.last_open.promises;
        let cut = storage.cut(keep).await;
        let error = Error::new(ErrorKind::PowerLost, say!("the power is cut"));
        let told = cut.map(|cut| {
            let Promises { acked, durable } = promises;
            let answer = describe(&cut, promises);
            tracer.event(Event::PowerCut { losses: cut.losses, undone: cut.undone, acked, durable }, &Report::default);
            answer
        });
        self.state = State::Failed { storage, tracer, error };
        told
    }

    /// After an open: what the last power cut took, if there was one.
    pub(super) fn aftermath(&mut self) -> Option<String> {
        let recovered = self.engine()?.last_seq();
        let Promises { acked, durable: promised } = self.last_open.promises;
        self.last_open.promises = Promises { acked: recovered, durable: recovered };
        let ended_snapshots = self.cut.take()?;
        self.tell(Event::Aftermath { acked, promised, recovered });
        let told = if recovered < promised {
            let lost = counted(promised - recovered, "write");
            let seqs = seqs(recovered + 1, promised);
            say!("lost, though the disk had confirmed it: {lost}, {seqs}", lost, seqs)
        } else if recovered < acked {
            let lost = counted(acked - recovered, "acknowledged write");
            let seqs = seqs(recovered + 1, acked);
            say!("lost: {lost}, {seqs}; not one had been promised to be durable", lost, seqs)
        } else {
            say!("no acknowledged write was lost")
        };
        let told = match ended_snapshots {
            0 => told,
            ended => {
                let snapshots = counted(ended, "snapshot");
                say!("{told}; {snapshots} did not outlive the power cut", told, snapshots)
            }
        };
        self.told = Some(told.clone());
        Some(told)
    }

    /// `disk`: how much fits, and whether syncs lie.
    pub(super) fn set_disk(&mut self, room: Option<u64>, lying: bool) -> Result<Answer, ScriptError> {
        let controls = self.storage().map_err(failure)?.controls().clone();
        controls.set_room(room);
        controls.set_lying(lying);
        self.tell(Event::DiskChanged { room, lying });
        Ok(match (room, lying) {
            (Some(bytes), _) => say!("ok  the disk takes {bytes} more", bytes = counted(bytes, "byte")),
            (None, true) => say!("ok  from now on, syncs do nothing and say that all is well"),
            (None, false) => say!("ok  the disk is healthy again"),
        }
        .into())
    }

    /// `flip`: a bad sector.
    pub(super) async fn flip(&mut self, file: FileId, offset: u64, bit: u8) -> Result<Answer> {
        let storage = match &mut self.state {
            State::Open(engine) => engine.storage_mut(),
            State::Failed { storage, .. } => storage,
            State::Closed => return Err(closed()),
        };
        storage.flip(file, offset, bit).await?;
        self.tell(Event::BitFlipped { file, offset, bit });
        let mut answer: Answer = say!(
            "ok  bit {bit} of byte {offset} of {file} is flipped, and the disk reports nothing",
            bit,
            offset,
            file
        )
        .into();
        answer.notes.push(say!("what is already in memory or in the block cache is still correct"));
        Ok(answer)
    }

    /// `verify`: the files themselves, whatever is in memory.
    pub(super) async fn verify(&self) -> Result<Answer> {
        if let State::Failed { error, .. } = &self.state
            && error.kind == ErrorKind::PowerLost
        {
            return Err(error.clone());
        }
        let findings = verify(self.storage()?).await?;
        if findings.is_sound() {
            Ok(findings.to_string().into())
        } else {
            Err(Error::new(ErrorKind::Corruption, findings.to_string()))
        }
    }

    fn storage(&self) -> Result<&Fault<S>> {
        match &self.state {
            State::Open(engine) => Ok(engine.storage()),
            State::Failed { storage, .. } => Ok(storage),
            State::Closed => Err(closed()),
        }
    }
}

/// `seq 3 to 5`.
pub(super) fn seqs(first: SeqNo, last: SeqNo) -> String {
    if first == last { format!("seq {first}") } else { say!("seq {first} to {last}", first, last) }
}

/// What a cut did: whether it is a risk, in a line, and file by file.
fn describe(cut: &crate::storage::fault::Cut, promises: Promises) -> Answer {
    let mut answer: Answer = match promises.acked.saturating_sub(promises.durable) {
        0 => say!("every acknowledged write had been synced"),
        at_risk => say!("{writes} had not been synced", writes = counted(at_risk, "acknowledged write")),
    }
    .into();
    for loss in &cut.losses {
        let durable = loss.durable.unwrap_or(0);
        let (unsynced, kept) = (loss.bytes - durable, loss.kept.unwrap_or(0).saturating_sub(durable));
        let file = loss.file;
        answer.notes.push(say!("{file}: {kept} of {unsynced} unsynced bytes are left", file, kept, unsynced));
    }
    answer.notes.extend(cut.undone.iter().map(|file| say!("{file} had been deleted, and is there again", file)));
    answer.notes.push(say!("reopen to recover"));
    answer
}

#[cfg(test)]
mod tests;
