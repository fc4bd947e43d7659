//! Storage faults: calls that fail, and full disks.
//!
//! In: a case, which is a script under random options. It runs once without faults, to record its calls, and then
//! `FAULTS` times with one fault each: a call of one kind on one kind of file fails, once or always, with an I/O
//! error or with `NoSpace`; or the disk is full after a number of bytes. Errors: a broken rule.
//!
//! - Every operation returns the right answer, or an error that the fault explains.
//! - Acknowledged writes can be read.
//! - After a failed write to the log or the manifest, every write fails with `WritesStopped` until the database is
//!   opened again; reads continue.
//!
//! At the end the fault is removed, and the disk is opened twice: as the process left it, with every acknowledged
//! write; and after a power cut, with every promised write. Both databases must accept further writes.

use std::rc::Rc;

use super::{
    Campaign, Case, Found, Tally,
    healthy::{Healthy, tell, tell_one},
    knobs,
    model::{self, History, Promise, State, apply, is_disk_trouble},
    ops::{Mix, Op, Script, Write, batch},
    recording_disk::{CallKind, MAX_CALLS, RecordingDisk},
};
use crate::{
    Engine, Error, ErrorKind,
    engine::Snapshot,
    entry::SeqNo,
    options::Options,
    random::Random,
    storage::{
        block_on,
        fault::{Controls, Fault, Keep},
        memory::Memory,
    },
};

mod trouble;

use trouble::Trouble;

/// The number of runs of a script, with one fault each.
const FAULTS: u64 = 48;

fn draw(case: &Case<'_>) -> (Script, [Options; 2]) {
    let script = Script::draw(&mut case.random(Campaign::Faults, &[]), Mix::of(Campaign::Faults));
    let options = case.limit(knobs::sets(&mut case.random(Campaign::Faults, &[u64::MAX])));
    (script.keep(case.ops.as_deref()), options)
}

/// The script of a case, in the command language.
pub(super) fn script(case: &Case<'_>) -> Vec<String> {
    let (script, options) = draw(case);
    tell(&script, &options)
}

/// Runs a case.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let (script, options) = draw(case);
    // Recorded from the whole script, so that a shrunk one gets the same faults.
    let (whole, drawn) = draw(&Case { ops: None, options: None, ..case.clone() });
    let (calls, result) = calls(&whole, &drawn);
    if case.ops.is_none() {
        result?;
    }
    for i in (0..FAULTS).filter(|i| case.wants(*i)) {
        tally.point(&[i], &[]);
        let mut random = case.random(Campaign::Faults, &[i]);
        let trouble = Trouble::draw(&mut random, &calls);
        attempt(&script, &options, trouble, &mut random, tally)
            .map_err(|what| format!("{}: {what}", trouble.text()))?;
    }
    Ok(())
}

/// The calls of a script without faults, and its failure, if any.
fn calls(script: &Script, options: &[Options; 2]) -> (Vec<CallKind>, Result<(), Found>) {
    let (disk, recording) = RecordingDisk::counting(disk());
    let result = Healthy::new(disk, options.to_vec()).and_then(|mut healthy| {
        let mut apply = |op| healthy.apply(op).map_err(|what| format!("without any fault: {}: {what}", tell_one(op)));
        script.ops.iter().try_for_each(&mut apply)
    });
    let calls = std::mem::take(&mut recording.borrow_mut().calls);
    (calls, result)
}

fn disk() -> Fault<Memory> {
    let disk = block_on(Fault::new(Memory::new())).expect("memory can be listed");
    // An engine that makes more calls loops.
    disk.controls().cut_after(Some(MAX_CALLS));
    disk
}

/// Runs the script with one fault, and checks the database that it leaves.
fn attempt(
    script: &Script,
    options: &[Options; 2],
    trouble: Trouble,
    random: &mut Random,
    tally: &mut Tally,
) -> Result<(), Found> {
    let disk = disk();
    let controls = disk.controls().clone();
    trouble.begin(&controls);
    let mut run = Run {
        engine: None,
        controls,
        trouble,
        options,
        which: 0,
        history: History::default(),
        doubt: Vec::new(),
        state: State::new().into(),
        snapshots: Vec::new(),
        promise: Promise::default(),
        refused: false,
    };
    run.open(disk)?;
    for (i, op) in script.ops.iter().enumerate() {
        tally.operations += 1;
        run.refused = false;
        run.apply(op).map_err(|what| format!("operation {i}, `{}`: {what}", tell_one(op)))?;
        tally.errors += u64::from(run.refused);
    }
    run.finish(&script.keys, random, tally)
}

/// An engine on a failing disk, and its model.
struct Run<'a> {
    engine: Option<Engine<Fault<Memory>>>,
    controls: Controls,
    trouble: Trouble,
    options: &'a [Options; 2],
    which: usize,
    /// The acknowledged writes.
    history: History,
    /// The batch that failed and stopped writes. The next open recovers it or not.
    doubt: Vec<Write>,
    state: Rc<State>,
    snapshots: Vec<(Snapshot, Rc<State>)>,
    promise: Promise,
    /// Whether the last operation failed.
    refused: bool,
}

impl Run<'_> {
    fn engine(&mut self) -> &mut Engine<Fault<Memory>> {
        self.engine.as_mut().expect("it is open between operations")
    }

    fn apply(&mut self, op: &Op) -> Result<(), Found> {
        let stopped = self.engine().stopped().is_some();
        let result = match op {
            Op::Write(write) => return self.write(std::slice::from_ref(write), stopped),
            Op::Batch(writes) => return self.write(writes, stopped),
            Op::Get(key, at) => return self.get(key, *at),
            Op::Scan(range, at) => return self.scan(range, *at),
            Op::Snapshot => {
                let snapshot = self.engine().snapshot();
                // A snapshot may see the batch in doubt or not.
                if self.doubt.is_empty() {
                    self.snapshots.push((snapshot, self.state.clone()));
                }
                return Ok(());
            }
            Op::Release(n) if !self.snapshots.is_empty() => {
                let (snapshot, _) = self.snapshots.remove(n % self.snapshots.len());
                return self.engine().release(snapshot.id).map_err(|error| format!("it failed: {error}"));
            }
            Op::Release(_) => return Ok(()),
            Op::Wait(seconds) => {
                return block_on(self.engine().advance_time(*seconds)).map_err(|error| format!("it failed: {error}"));
            }
            Op::Reopen => return self.reopen(true),
            Op::Kill => return self.reopen(false),
            Op::Flush => block_on(self.engine().flush()),
            Op::Compact(level) => {
                let levels = self.options[self.which].levels();
                block_on(self.engine().compact(level.map(|l| l % levels))).map(|_| ())
            }
        };
        match result {
            Ok(()) if stopped => Err("it went well, though writes are stopped".to_string()),
            Ok(()) => {
                if matches!(op, Op::Flush) {
                    self.promise.settled(&self.history);
                }
                Ok(())
            }
            Err(error) => self.explained(&error, stopped),
        }
    }

    /// Checks that the fault explains an error.
    fn explained(&mut self, error: &Error, stopped: bool) -> Result<(), Found> {
        self.refused = true;
        match error.kind {
            ErrorKind::WritesStopped if stopped => Ok(()),
            kind if stopped => Err(format!("writes are stopped, but the error is {kind:?}: {error}")),
            kind if is_disk_trouble(kind) => Ok(()),
            kind => Err(format!("the disk failed, but the error is {kind:?}: {error}")),
        }
    }

    fn write(&mut self, writes: &[Write], stopped: bool) -> Result<(), Found> {
        let result = block_on(self.engine().write(&batch(writes)));
        match result {
            Ok(_) if stopped => Err("it went well, though writes are stopped".to_string()),
            Ok(seq) => {
                self.history.push(writes);
                self.state = self.history.state(self.history.last());
                self.promise.acknowledged(&self.history, &self.options[self.which]);
                if seq != self.history.last() {
                    return Err(format!("the write is number {seq}, should be {}", self.history.last()));
                }
                let engine = self.engine.as_ref().expect("it is open between operations");
                self.promise.said(engine);
                Ok(())
            }
            Err(error) => {
                self.explained(&error, stopped)?;
                if !stopped && self.engine().stopped().is_some() {
                    self.doubt = writes.to_vec();
                }
                Ok(())
            }
        }
    }

    /// The contents that a reader may see: the acknowledged writes, without the batch in doubt or with it.
    fn doubtful(&self) -> Option<Rc<State>> {
        if self.doubt.is_empty() {
            return None;
        }
        let mut state = (*self.state).clone();
        self.doubt.iter().for_each(|write| apply(&mut state, write));
        Some(state.into())
    }

    fn view(&self, at: Option<usize>) -> (Option<Snapshot>, Rc<State>, Option<Rc<State>>) {
        match at {
            Some(n) if !self.snapshots.is_empty() => {
                let (snapshot, state) = &self.snapshots[n % self.snapshots.len()];
                (Some(*snapshot), state.clone(), None)
            }
            _ => (None, self.state.clone(), self.doubtful()),
        }
    }

    fn get(&mut self, key: &[u8], at: Option<usize>) -> Result<(), Found> {
        let (snapshot, state, doubtful) = self.view(at);
        match block_on(self.engine().lookup(key, snapshot)) {
            Err(error) => self.read_failed(&error),
            Ok(found) => {
                let says =
                    |state: &State| model::same_value(key, found.value.as_deref(), state.get(key).map(Vec::as_slice));
                says(&state).or_else(|what| doubtful.map_or(Err(what), |state| says(&state)))
            }
        }
    }

    fn scan(&mut self, range: &crate::engine::ScanRange, at: Option<usize>) -> Result<(), Found> {
        let (snapshot, state, doubtful) = self.view(at);
        match block_on(self.engine().scan(range.clone(), snapshot)) {
            Err(error) => self.read_failed(&error),
            Ok(found) => {
                let says = |state: &State| {
                    let wanted = model::scanned(state, range);
                    model::same_scan(&found.entries, wanted.iter().map(|(k, v)| (k.as_slice(), v.as_slice())))
                };
                says(&state).or_else(|what| doubtful.map_or(Err(what), |state| says(&state)))
            }
        }
    }

    fn read_failed(&mut self, error: &Error) -> Result<(), Found> {
        self.refused = true;
        if self.trouble.fails_reads() && error.kind == ErrorKind::Io {
            return Ok(());
        }
        Err(format!("a read failed, though reads do not: {error}"))
    }

    fn reopen(&mut self, close: bool) -> Result<(), Found> {
        self.snapshots.clear();
        let mut engine = self.engine.take().expect("it is open between operations");
        if close {
            match block_on(engine.close()) {
                Ok(()) if engine.stopped().is_none() => self.promise.settled(&self.history),
                Ok(()) => {}
                Err(error) => self.explained(&error, false)?,
            }
        }
        self.which = 1 - self.which;
        self.open(engine.into_parts().0)
    }

    /// Opens the database; if the fault prevents that, removes the fault first.
    fn open(&mut self, disk: Fault<Memory>) -> Result<(), Found> {
        let options = &self.options[self.which];
        let engine = match model::open_torn(disk, options) {
            Ok(engine) => engine,
            Err((error, disk)) => {
                self.explained(&error, false).map_err(|what| format!("it does not open: {what}"))?;
                self.heal();
                model::open_torn(disk, options)
                    .map_err(|(error, _)| format!("it does not open on the healed disk: {error}"))?
            }
        };
        self.settle_doubt(engine.last_seq())?;
        self.engine = Some(engine);
        self.promise.opened(&self.history);
        Ok(())
    }

    /// Notes after an open whether the batch in doubt was recovered.
    fn settle_doubt(&mut self, there: SeqNo) -> Result<(), Found> {
        let doubt = std::mem::take(&mut self.doubt);
        let acknowledged = self.history.last();
        if there == acknowledged + doubt.len() as SeqNo {
            self.history.push(&doubt);
            self.state = self.history.state(there);
        } else if there != acknowledged {
            return Err(format!(
                "LOST or INVENTED: {acknowledged} writes were acknowledged, {} more in doubt, and {there} are there",
                doubt.len()
            ));
        }
        Ok(())
    }

    fn heal(&self) {
        self.controls.fail(None);
        self.controls.set_room(None);
    }

    /// Removes the fault, and checks every key: as it is, after an open, and after a power cut and an open.
    fn finish(mut self, keys: &[Vec<u8>], random: &mut Random, tally: &mut Tally) -> Result<(), Found> {
        self.heal();
        let (state, doubtful) = (self.state.clone(), self.doubtful());
        model::agrees(self.engine(), &state, keys)
            .or_else(|what| doubtful.map_or(Err(what), |state| model::agrees(self.engine(), &state, keys)))
            .map_err(|what| format!("on the healed disk: {what}"))?;
        let acknowledged = self.history.last();
        let mut history = self.history.clone();
        history.push(&self.doubt);
        let most = history.last();
        let disk = self.engine.take().expect("it is open between operations").into_parts().0;
        let options = &self.options[random.below(2) as usize];
        tally.operations += 2;
        let whole = disk.image();
        as_good_as_new(whole, options, &history, keys, acknowledged, most)
            .map_err(|what| format!("opened again on the healed disk: {what}"))?;
        let keep = [Keep::Nothing, Keep::Everything, Keep::Torn(random.draw())][random.below(3) as usize];
        let mut cut = disk.image();
        block_on(cut.cut(keep)).map_err(|error| format!("the power cut itself failed: {error}"))?;
        as_good_as_new(cut, options, &history, keys, self.promise.upto, most)
            .map_err(|what| format!("opened after a power cut: {what}"))
    }
}

/// Opens and checks a database, executes further writes, and checks it again.
fn as_good_as_new(
    disk: Fault<Memory>,
    options: &Options,
    history: &History,
    keys: &[Vec<u8>],
    least: SeqNo,
    most: SeqNo,
) -> Result<(), Found> {
    let mut engine = model::open_torn(disk, options).map_err(|(error, _)| format!("it does not open: {error}"))?;
    let there = model::check(&mut engine, history, keys, &(least..=most))?;
    let mut history = history.clone();
    history.truncate(there);
    let more = [Write::Put(keys[0].clone(), b"more".to_vec()), Write::Delete(keys[1].clone())];
    block_on(engine.write(&batch(&more))).map_err(|error| format!("a write failed: {error}"))?;
    history.push(&more);
    block_on(engine.flush()).map_err(|error| format!("a flush failed: {error}"))?;
    let mut engine = model::open(engine.into_parts().0, options)
        .map_err(|(error, _)| format!("after more writes it does not open: {error}"))?;
    let last = history.last();
    model::check(&mut engine, &history, keys, &(last..=last)).map(|_| ())
}
