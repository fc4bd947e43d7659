//! Executes a script on a disk without faults, and compares every answer with the model.
//!
//! In: a storage, sets of options, operations. Out: the script's history of writes. Errors: an answer that is not the
//! model's, or an operation that failed.

use crate::{
    Engine,
    engine::Snapshot,
    options::Options,
    storage::{Storage, block_on},
};

use super::{
    knobs,
    model::{self, History, Promise, State, apply},
    ops::{Op, Script, ScriptTeller, Write, batch},
};

/// An engine, and the model that its answers are compared with.
pub(super) struct Healthy<S: Storage> {
    engine: Option<Engine<S>>,
    options: Vec<Options>,
    /// The index of the engine's options.
    which: usize,
    /// The writes.
    pub history: History,
    state: State,
    snapshots: Vec<(Snapshot, State)>,
    /// The writes that the engine has promised to keep.
    pub promise: Promise,
}

impl<S: Storage> Healthy<S> {
    /// A new database with the first of `options`; each reopening takes the next one.
    pub fn new(storage: S, options: Vec<Options>) -> Result<Healthy<S>, String> {
        let engine = model::open(storage, &options[0]).map_err(|(error, _)| format!("it does not open: {error}"))?;
        let (history, state, snapshots) = (History::default(), State::new(), Vec::new());
        Ok(Healthy { engine: Some(engine), options, which: 0, history, state, snapshots, promise: Promise::default() })
    }

    fn engine(&mut self) -> &mut Engine<S> {
        self.engine.as_mut().expect("it is open between operations")
    }

    /// Executes one operation, and checks its answer.
    pub fn apply(&mut self, op: &Op) -> Result<(), String> {
        self.execute(op)?;
        let engine = self.engine.as_ref().expect("it is open between operations");
        self.promise.said(engine);
        match engine.job_error() {
            Some(error) => Err(format!("a background job failed: {error}")),
            None => Ok(()),
        }
    }

    fn execute(&mut self, op: &Op) -> Result<(), String> {
        let failed = |error: crate::Error| format!("it failed: {error}");
        match op {
            Op::Write(write) => self.write(std::slice::from_ref(write)),
            Op::Batch(writes) => self.write(writes),
            Op::Get(key, at) => {
                let (snapshot, state) = self.view(*at);
                let wanted = state.get(key).cloned();
                let found = block_on(self.engine().lookup(key, snapshot)).map_err(failed)?.value;
                model::same_value(key, found.as_deref(), wanted.as_deref())
            }
            Op::Scan(range, at) => {
                let (snapshot, state) = self.view(*at);
                let wanted = model::scanned(state, range);
                let found = block_on(self.engine().scan(range.clone(), snapshot)).map_err(failed)?.entries;
                model::same_scan(&found, wanted.iter().map(|(k, v)| (k.as_slice(), v.as_slice())))
            }
            Op::Snapshot => {
                let snapshot = self.engine().snapshot();
                self.snapshots.push((snapshot, self.state.clone()));
                Ok(())
            }
            Op::Release(n) if !self.snapshots.is_empty() => {
                let (snapshot, _) = self.snapshots.remove(n % self.snapshots.len());
                self.engine().release(snapshot.id).map_err(failed)
            }
            Op::Release(_) => Ok(()),
            Op::Flush => {
                block_on(self.engine().flush()).map_err(failed)?;
                self.promise.settled(&self.history);
                Ok(())
            }
            Op::Compact(level) => {
                let levels = self.options[self.which].levels();
                block_on(self.engine().compact(level.map(|l| l % levels))).map_err(failed)?;
                Ok(())
            }
            Op::Wait(seconds) => block_on(self.engine().advance_time(*seconds)).map_err(failed),
            Op::Reopen => self.reopen(true),
            Op::Kill => self.reopen(false),
        }
    }

    /// The snapshot that an operation names, if any, and the contents that it sees.
    fn view(&self, at: Option<usize>) -> (Option<Snapshot>, &State) {
        match at {
            Some(n) if !self.snapshots.is_empty() => {
                let (snapshot, state) = &self.snapshots[n % self.snapshots.len()];
                (Some(*snapshot), state)
            }
            _ => (None, &self.state),
        }
    }

    fn write(&mut self, writes: &[Write]) -> Result<(), String> {
        let seq = block_on(self.engine().write(&batch(writes))).map_err(|error| format!("it failed: {error}"))?;
        self.history.push(writes);
        writes.iter().for_each(|write| apply(&mut self.state, write));
        if seq != self.history.last() {
            return Err(format!("the write is number {seq}, should be {}", self.history.last()));
        }
        self.promise.acknowledged(&self.history, &self.options[self.which]);
        Ok(())
    }

    fn reopen(&mut self, close: bool) -> Result<(), String> {
        self.snapshots.clear();
        let mut engine = self.engine.take().expect("it is open between operations");
        if close {
            block_on(engine.close()).map_err(|error| format!("it does not close: {error}"))?;
        }
        let (storage, _) = engine.into_parts();
        self.which = (self.which + 1) % self.options.len();
        let opened = model::open(storage, &self.options[self.which]);
        self.engine = Some(opened.map_err(|(error, _)| format!("it does not open again: {error}"))?);
        if self.engine().last_seq() != self.history.last() {
            return Err(format!("{} writes are there, should be {}", self.engine().last_seq(), self.history.last()));
        }
        self.promise.opened(&self.history);
        Ok(())
    }

    /// Checks every key again, at the end of a script.
    pub fn finish(mut self, keys: &[Vec<u8>]) -> Result<(), String> {
        let state = std::mem::take(&mut self.state);
        model::agrees(self.engine(), &state, keys)
    }
}

/// A script in the command language; the first line sets the options.
pub(super) fn tell(script: &Script, options: &[Options]) -> Vec<String> {
    let mut teller = ScriptTeller::default();
    teller.lines.push(format!("options {}", knobs::text(&options[0])));
    let mut which = 0;
    for op in &script.ops {
        if matches!(op, Op::Reopen | Op::Kill) {
            which = (which + 1) % options.len();
        }
        let changed = options.iter().any(|o| *o != options[0]);
        let changes = if changed { knobs::text(&options[which]) } else { String::new() };
        teller.tell(op, options[which].num_levels, &changes);
    }
    teller.lines
}

/// One operation in the command language.
pub(super) fn tell_one(op: &Op) -> String {
    let mut teller = ScriptTeller::default();
    teller.tell(op, 64, "");
    teller.lines.pop().unwrap_or_default()
}
