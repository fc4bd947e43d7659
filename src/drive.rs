//! A workload on an engine, under virtual time, with samples.
//!
//! In: a [`Workload`] and an [`Engine`]. Out: a [`Run`]: a [`Sample`] every so many virtual milliseconds, a [`Mark`] for each
//! flush, compaction and stall, and totals. Time is virtual: it is what the workload says, not what the machine takes, so the
//! same workload and options give the same run, byte for byte, everywhere.
//!
//! With `job_mode=scheduled`, writes take the time that the device needs for them, are slowed down and wait, and jobs go on
//! meanwhile; where operations arrive faster than they can be done, they queue. In the other modes nothing takes any time.
//!
//! A [`Driver`] runs in slices ([`Driver::slice`]), so that a page stays responsive, a terminal shows progress, and a person
//! can stop it; nothing it keeps grows with the number of operations, only with the number of samples and jobs.
//!
//! [`csv`] writes samples as the columns that the demo driver of the teaching material has, [`prometheus`] the totals as
//! a Prometheus scrape takes them.

use std::{pin::Pin, rc::Rc};

use serde::Serialize;

use crate::{
    engine::{Engine, ScanRange},
    error::Result,
    metrics::{Amplification, Counters},
    storage::Storage,
    trace::Tracer,
    workload::{Arrival, Kind, Operation, Operations, SECOND, Workload},
};

pub mod csv;
pub mod prometheus;
mod summary;
mod tap;

pub use tap::{Mark, MarkKind, Tap};

/// What was done in one interval, and how things stood at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Sample {
    /// The end of the interval: milliseconds since the run began.
    pub ts_ms: u64,
    /// What was done in the interval.
    pub ops: Ops,
    /// Bytes of all memtables.
    pub memtable_bytes: u64,
    /// Memtables that wait for their flush.
    pub immutables: u64,
    /// Tables of each level.
    pub level_tables: Vec<u64>,
    /// Bytes of each level.
    pub level_bytes: Vec<u64>,
    /// What was done since the run began.
    pub counters: Counters,
    /// The amplifications by now.
    pub amplification: Amplification,
}

/// Operations by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Ops {
    /// Puts, those of a read-modify-write included.
    pub put: u64,
    /// Gets, those of a read-modify-write included.
    pub get: u64,
    /// Deletes.
    pub del: u64,
    /// Scans.
    pub scan: u64,
    /// Of the gets, those that found a value.
    pub found: u64,
    /// Entries that scans returned.
    pub scanned: u64,
}

impl Ops {
    /// All operations.
    pub fn total(&self) -> u64 {
        self.put + self.get + self.del + self.scan
    }

    fn add(&mut self, other: &Ops) {
        self.put += other.put;
        self.get += other.get;
        self.del += other.del;
        self.scan += other.scan;
        self.found += other.found;
        self.scanned += other.scanned;
    }
}

/// A fall of the memtables' bytes: a flush took them away, between two samples or more often.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Fall {
    /// When: milliseconds since the run began.
    pub ms: f64,
    /// Bytes before.
    pub from: u64,
    /// Bytes after.
    pub to: u64,
}

/// A run, so far or complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Run {
    /// Virtual milliseconds that have passed.
    pub millis: f64,
    /// Whether it came to its end.
    pub complete: bool,
    /// In order of time.
    pub samples: Vec<Sample>,
    /// Flushes, compactions and stalls, in the order in which they ended.
    pub marks: Vec<Mark>,
    /// Where the memtables' bytes fell. Samples alone would draw another saw than there was, where flushes are as frequent.
    pub falls: Vec<Fall>,
    /// Puts that were made before the time began.
    pub loaded: u64,
    /// All operations.
    pub ops: Ops,
    /// What the engine has done, the loading included.
    pub counters: Counters,
    /// The amplifications at the end.
    pub amplification: Amplification,
}

impl Run {
    /// How many marks there are of `kind`.
    pub fn count(&self, kind: MarkKind) -> usize {
        self.marks.iter().filter(|mark| mark.kind == kind).count()
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Progress {
    /// From 0 to 1, loading included.
    pub done: f64,
    /// Virtual milliseconds that have passed.
    pub millis: f64,
    /// Operations so far, loading included.
    pub operations: u64,
    /// Samples so far.
    pub samples: usize,
}

/// Who watches a run: called between its slices, with the run so far. The run goes on when the future is ready, and ends
/// early if it says false.
pub type Watch = dyn FnMut(&Run, &Progress) -> Pin<Box<dyn Future<Output = bool>>>;

/// A workload under way.
#[derive(Debug)]
pub struct Driver {
    workload: Workload,
    operations: Operations,
    /// Puts that come before the time begins: the next one, and how many there are.
    loading: std::ops::Range<u64>,
    /// An operation that was drawn, but does not come before the sample that is due.
    waiting: Option<Operation>,
    tap: Rc<Tap>,
    /// Nanoseconds since the run began.
    now: u64,
    /// The engine's time when the run began; it begins when everything is loaded.
    began: u64,
    /// What the engine had done before.
    before: Option<Counters>,
    /// Since the last sample.
    ops: Ops,
    /// Bytes of all memtables, when they were last looked at.
    memtable: u64,
    run: Run,
    key: Vec<u8>,
}

impl Driver {
    /// `workload`, about to begin. `tap` hears of the engine's jobs, if the engine's tracer [tells](Tap::learn) it.
    ///
    /// # Errors
    /// The workload is not [valid](Workload::validate).
    pub fn new(workload: &Workload, tap: Rc<Tap>) -> Result<Driver> {
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
            run: Run::default(),
            key: Vec::new(),
            workload,
        })
    }

    /// Does the next operations, `most` at most. Says whether there are more.
    ///
    /// # Errors
    /// As the engine's operations. The run is what it was until then.
    pub async fn slice<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, most: u64) -> Result<bool> {
        if self.before.is_none() {
            self.before = Some(*engine.counters());
            self.begin_at(engine.now());
        }
        for _ in 0..most {
            if !self.step(engine).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let load = self.loading.end as f64;
        let run = self.workload.expected_operations().max(1.0);
        let time = (self.now as f64 / self.workload.duration() as f64).min(1.0);
        Progress {
            done: if self.run.complete {
                1.0
            } else {
                ((self.run.loaded as f64 + time * run) / (load + run)).min(0.999)
            },
            millis: self.millis(),
            operations: self.run.loaded + self.run.ops.total() + self.ops.total(),
            samples: self.run.samples.len(),
        }
    }

    /// The run so far.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The run, with everything that happened up to now.
    pub fn finish<S: Storage, T: Tracer>(mut self, engine: &Engine<S, T>) -> Run {
        self.tap.end();
        self.settle(engine);
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
            self.pass_to(engine, due).await;
            self.sample(engine, due);
            return Ok(due < self.workload.duration());
        }
        let Some(operation) = operation else { unreachable!("the last sample is due at the end") };
        self.pass_to(engine, at).await;
        self.carry_out(engine, &operation).await?;
        self.now = engine.now() - self.began;
        self.look_at_memtables(engine);
        if self.workload.arrival == Arrival::Closed {
            self.operations.returned(self.now);
        }
        Ok(true)
    }

    /// Puts the next of the keys that are there from the beginning; false if all are.
    async fn load_next<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<bool> {
        let Some(number) = self.loading.next() else { return Ok(false) };
        let operation = self.operations.load(number);
        self.operations.key(&operation, &mut self.key);
        engine.put(&self.key, self.operations.value(&operation)).await?;
        self.run.loaded += 1;
        // What loading sets off is before the time begins, and nobody's mark.
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
    async fn pass_to<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, at: u64) {
        if at > self.now {
            engine.advance_to(self.began + at).await;
            self.now = at;
            self.look_at_memtables(engine);
        }
    }

    fn look_at_memtables<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        let (from, to) = (self.memtable, engine.memtable_bytes());
        if to < from {
            self.run.falls.push(Fall { ms: self.now as f64 / 1e6, from, to });
        }
        self.memtable = to;
    }

    async fn carry_out<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        operation: &Operation,
    ) -> Result<()> {
        self.operations.key(operation, &mut self.key);
        match operation.kind {
            Kind::Put => self.put(engine, operation).await,
            Kind::Get => self.get(engine).await,
            Kind::Delete => {
                engine.delete(&self.key).await?;
                self.ops.del += 1;
                Ok(())
            }
            Kind::ReadModifyWrite => {
                self.get(engine).await?;
                self.put(engine, operation).await
            }
            Kind::Scan => {
                let range =
                    ScanRange { start: Some(self.key.clone()), limit: Some(operation.span), ..ScanRange::default() };
                let mut iter = engine.iter(range, None)?;
                let mut count = |_: &[u8], _: &[u8]| self.ops.scanned += 1;
                while iter.next_with(engine, &mut count).await? {}
                self.ops.scan += 1;
                Ok(())
            }
        }
    }

    async fn put<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, operation: &Operation) -> Result<()> {
        engine.put(&self.key, self.operations.value(operation)).await?;
        self.ops.put += 1;
        Ok(())
    }

    async fn get<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        let found = engine.get(&self.key).await?.is_some();
        self.ops.get += 1;
        self.ops.found += u64::from(found);
        Ok(())
    }

    /// Takes the sample that is due at `due`. If a write had to wait beyond that, things stand as they do after it.
    fn sample<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>, due: u64) {
        self.settle(engine);
        let version = engine.version();
        let levels = || 0..version.levels.len();
        self.run.samples.push(Sample {
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
        self.run.ops.add(&self.ops);
        self.run.amplification = counters.amplification(engine.version());
        self.run.counters = counters;
        self.tap.take_into(&mut self.run.marks);
    }
}

#[cfg(test)]
mod tests;
