//! Runs a workload on an engine, under virtual time, and takes samples.
//!
//! In: a [`Workload`] and an [`Engine`]. Out: a [`DriveRun`]: a [`DriveSample`] at each interval of virtual time, a
//! [`DriveMark`] for each flush, compaction and stall, and totals. Time is virtual: it is what the workload says, not
//! what the machine takes, so the same workload and options give the same run, byte for byte, everywhere.
//!
//! With `job_mode=scheduled`, writes take the time that the device needs for them, are slowed down and wait, and jobs
//! go on meanwhile; where operations arrive faster than they can be done, they queue. In the other modes nothing takes
//! any time. How long each operation took from when it was due is in [`DriveRun::latencies`].
//!
//! A [`Driver`] runs in slices ([`Driver::slice`]), so that a page stays responsive, a terminal shows progress, and a
//! person can stop it; nothing it keeps grows with the number of operations, only with the number of samples and jobs.
//!
//! [`csv`] writes samples as the columns that the demo driver of the teaching material has, [`prometheus`] the totals
//! as a Prometheus scrape takes them.

use std::{pin::Pin, rc::Rc};

use serde::Serialize;

use crate::{
    engine::Engine,
    error::Result,
    metrics::{
        Counters,
        compared::{Measured, compare},
    },
    runtime::clock::later,
    storage::Storage,
    trace::Tracer,
    workload::{Arrival, Operation, Operations, SECOND, Workload},
};

mod alive;
mod carry_out;
pub mod csv;
mod mark_tracer;
pub mod prometheus;
mod run;
mod summary;

use alive::Alive;
pub use mark_tracer::{DriveMark, DriveMarkKind, MarkTracer};
pub use run::{DriveRun, DriveSample, Fall, Latencies, Ops};

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DriveProgress {
    /// From 0 to 1, loading included.
    pub done: f64,
    /// Virtual milliseconds that have passed.
    pub millis: f64,
    /// Operations so far, loading included.
    pub operations: u64,
    /// Samples so far.
    pub samples: usize,
}

/// The observer of a run: called between its slices, with the run so far. The run goes on when the future is ready, and
/// ends early if it returns false.
pub type Watch = dyn FnMut(&DriveRun, &DriveProgress) -> Pin<Box<dyn Future<Output = bool>>>;

/// A running workload.
#[derive(Debug)]
pub struct Driver {
    workload: Workload,
    operations: Operations,
    /// Puts that come before the time begins: the next one, and how many there are.
    loading: std::ops::Range<u64>,
    /// An operation that was drawn, but does not come before the sample that is due.
    waiting: Option<Operation>,
    tap: Rc<MarkTracer>,
    /// Nanoseconds since the run began.
    now: u64,
    /// The engine's time when the run began; it begins when everything is loaded.
    began: u64,
    /// What the engine had done before.
    before: Option<Counters>,
    /// Since the last sample.
    ops: Ops,
    /// Bytes of all memtables, as of the last operation.
    memtable: u64,
    run: DriveRun,
    key: Vec<u8>,
    alive: Alive,
    /// Gets of keys that were never written, and the tables that were read for them.
    absent: (u64, u64),
}

impl Driver {
    /// `workload`, about to begin. `tap` hears of the engine's jobs, if the engine's tracer
    /// [forwards](MarkTracer::learn) its events.
    ///
    /// # Errors
    /// The workload is not [valid](Workload::validate).
    pub fn new(workload: &Workload, tap: Rc<MarkTracer>) -> Result<Driver> {
        let workload = workload.clone().checked()?;
        let operations = Operations::new(&workload);
        Ok(Driver {
            loading: 0..if workload.load { workload.key_space_size } else { 0 },
            operations,
            waiting: None,
            tap,
            now: 0,
            began: 0,
            before: None,
            ops: Ops::default(),
            memtable: 0,
            run: DriveRun::default(),
            key: Vec::new(),
            alive: Alive::default(),
            absent: (0, 0),
            workload,
        })
    }

    /// Does the next operations, `most` at most. Says whether there are more.
    ///
    /// # Errors
    /// As the engine's operations. The run is what it was until then.
    pub async fn slice<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, most: u64) -> Result<bool> {
        if self.before.is_none() {
            // Before anything is done.
            later(engine.now(), self.workload.duration())?;
            self.before = Some(*engine.counters());
            self.begin_at(engine.now());
            if engine.last_seq() > 0 {
                self.alive.lose_count();
            }
        }
        for _ in 0..most {
            if !self.step(engine).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How far it is.
    pub fn progress(&self) -> DriveProgress {
        let load = self.loading.end as f64;
        let run = self.workload.expected_operations().max(1.0);
        let time = (self.now as f64 / self.workload.duration() as f64).min(1.0);
        DriveProgress {
            done: if self.run.complete {
                1.0
            } else {
                ((self.run.loaded as f64 + time * run) / (load + run)).min(0.999)
            },
            millis: self.millis(),
            operations: self.run.loaded + self.run.ops.total(),
            samples: self.run.samples.len(),
        }
    }

    /// The run so far.
    pub fn run(&self) -> &DriveRun {
        &self.run
    }

    /// The run, with everything that happened up to now.
    pub fn finish<S: Storage, T: Tracer>(mut self, engine: &Engine<S, T>) -> DriveRun {
        self.tap.end();
        self.settle(engine);
        if self.tap.has_dropped() {
            // FIFO compaction has dropped tables: the live keys no longer follow from the writes.
            self.alive.lose_count();
        }
        let (gets, tables) = self.absent;
        let stored = engine.version().tables().map(|(_, table)| table.entries).sum::<u64>() + engine.memtable_entries();
        let measured = Measured {
            amplification: self.run.amplification,
            space_live: self.alive.count().filter(|alive| *alive > 0).map(|alive| stored as f64 / alive as f64),
            absent_get: (gets > 0).then(|| tables as f64 / gets as f64),
            is_whole: self.before.is_none_or(|before| before.writes == 0),
        };
        self.run.compared = compare(engine.options(), engine.version(), &measured);
        self.run
    }

    /// One operation, or one sample. False when it is over.
    async fn step<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<bool> {
        if self.load_next(engine).await? {
            return Ok(true);
        }
        let operation = self.waiting.take().or_else(|| self.operations.next());
        // Where the engine is behind, an operation begins when it is its turn, which may be after the end: never, then.
        let at = operation.map_or(self.workload.duration(), |o| o.at.max(self.now));
        let due = self.next_sample();
        if due <= at {
            self.waiting = operation;
            self.pass_to(engine, due).await?;
            self.sample(engine, due);
            return Ok(due < self.workload.duration());
        }
        let Some(operation) = operation else { unreachable!("the last sample is due at the end") };
        self.pass_to(engine, at).await?;
        let read = self.carry_out(engine, &operation).await?;
        self.now = engine.now() - self.began;
        self.look_at_memtables(engine);
        if self.workload.arrival == Arrival::Closed {
            self.operations.returned(self.now + read);
        }
        Ok(true)
    }

    /// Puts the next of the keys that are there from the beginning; false if all are.
    async fn load_next<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<bool> {
        let Some(number) = self.loading.next() else { return Ok(false) };
        let operation = self.operations.load(number);
        self.operations.key(&operation, &mut self.key);
        engine.put(&self.key, self.operations.value(&operation)).await?;
        self.alive.put(operation.key);
        self.run.loaded += 1;
        // Marks from loading belong to no run: they are before the time begins.
        self.tap.take_into(&mut Vec::new());
        self.begin_at(engine.now());
        Ok(true)
    }

    /// When the next sample is due: at the end of its interval, or of the run.
    fn next_sample(&self) -> u64 {
        let interval = self.workload.sample_ms * (SECOND / 1000);
        (self.run.samples.len() as u64 + 1).saturating_mul(interval).min(self.workload.duration())
    }

    /// How much of the run is over.
    fn millis(&self) -> f64 {
        self.now.min(self.workload.duration()) as f64 / 1e6
    }

    fn begin_at(&mut self, now: u64) {
        self.began = now;
        self.tap.begin_at(now);
    }

    /// Lets time pass up to `at`, if it has not yet.
    async fn pass_to<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, at: u64) -> Result<()> {
        if at > self.now {
            engine.advance_to(later(self.began, at)?).await?;
            self.now = at;
            self.look_at_memtables(engine);
        }
        Ok(())
    }

    fn look_at_memtables<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        let (from, to) = (self.memtable, engine.memtable_bytes());
        if to < from {
            self.run.falls.push(Fall { ms: self.now as f64 / 1e6, from, to });
        }
        self.memtable = to;
    }

    /// Takes the sample that is due at `due`. If a write had to wait beyond that, things stand as they do after it.
    fn sample<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>, due: u64) {
        self.settle(engine);
        let version = engine.version();
        let levels = || 0..version.levels.len();
        self.run.samples.push(DriveSample {
            ts_ms: due / (SECOND / 1000),
            ops: std::mem::take(&mut self.ops),
            memtable_bytes: engine.memtable_bytes(),
            immutables: engine.immutables() as u64,
            level_tables: levels().map(|level| version.levels[level].len() as u64).collect(),
            level_bytes: levels().map(|level| version.level_bytes(level)).collect(),
            counters: self.run.counters,
            amplification: self.run.amplification,
        });
        self.run.complete = due >= self.workload.duration();
    }

    /// Brings the run's totals up to now.
    fn settle<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        let counters = engine.counters().since(&self.before.unwrap_or_default());
        self.run.millis = self.millis();
        self.run.amplification = counters.amplification(engine.version());
        self.run.counters = counters;
        self.tap.take_into(&mut self.run.marks);
    }
}

#[cfg(test)]
mod tests;
