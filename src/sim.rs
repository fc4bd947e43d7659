//! The simulator: the engine's policies, on tables that have sizes and key ranges but no bytes, under virtual time.
//!
//! In: the engine's [`Options`] and a [`Spec`]: how fast which keys are written, and for how long. Out: samples
//! ([`sample_columns`]), jobs and stalls ([`recent_spans`]), and a [`Summary`] that explains them. Terabytes take a
//! second, because a table is a few numbers, and a merge makes the tables that the engine would from the inputs'
//! ([`merge`]).
//!
//! # How it runs
//!
//! Between two events, bytes flow into the active memtable at a constant rate: the offered one, or what a stall leaves
//! of it. The next event is the first of these:
//!
//! | event | what happens |
//! | --- | --- |
//! | the memtable is full | it is sealed, and a flush begins if there is a slot |
//! | a job ends | its tables are installed; what is due then begins |
//! | the offered rate changes | nothing else |
//! | a sample is due | it is taken |
//!
//! Decisions are the policy's ([`Policy::pick`]), slots and stalls the [`Runtime`]'s: nothing is decided here. A job's
//! outputs are computed when it begins, since its inputs never change, and installed when it ends. A move takes no
//! time.
//!
//! A run whose writes are stopped while no job is running, and none is due, would stand still for ever: it ends there,
//! and its summary says so.
//!
//! # What it leaves out
//!
//! Writes that wait are lost and not made up for, as with clients that each wait for their last one. Syncs of the WAL
//! are shared by many writes and are not counted. Reads take their part of the device but do not change the tree. There
//! are no snapshots, and `tombstone_retention_seconds` is not looked at: a merge drops tombstones as soon as they hide
//! nothing. Keys are spread evenly; with `zipf`, how popular a key is has nothing to do with where it lies.
//!
//! ```
//! use lsmscope::{Options, sim::{Simulation, spec::Spec}};
//!
//! let spec = Spec { duration_seconds: 600.0, ..Spec::default() };
//! let mut simulation = Simulation::new(Options::default(), spec)?;
//! // A slice at a time, so that the caller can report progress and stop.
//! while !simulation.run(1000).done {}
//! assert!(simulation.summary().counters.flushes > 150);
//! # Ok::<(), lsmscope::Error>(())
//! ```

use std::collections::VecDeque;

use serde::Serialize;

pub(crate) mod csv;
mod drawn_overlap;
mod effect;
mod jobs;
pub mod level_stats;
pub mod memtables;
pub mod merge;
pub mod reads;
pub mod recent_spans;
pub mod sample_columns;
mod sampler;
pub mod spec;
pub mod summary;
mod write_rate;

use jobs::{CompactionJob, FlushJob};
use level_stats::LevelCompactionStats;
use memtables::{EntrySize, Memtables};
use merge::{Merger, TableFormat};
use reads::ReadModel;
use recent_spans::{RecentSpans, SimulatedJob, SimulatedStall};
use sample_columns::SampleColumns;
use sampler::Sampler;
pub use spec::Spec;
use summary::{StallSums, Summary};
use write_rate::WriteRate;

use crate::{
    Options,
    error::Result,
    indexed::IndexedLevels,
    metrics::Counters,
    options::JobMode,
    policy::{Horizon, LevelScore, Levels, Policy, Running, policy_for},
    random::Random,
    runtime::{
        Ended, Runtime,
        clock::{Nanos, SECOND, rounded_up},
        stall::{Cause, Condition, Pressure, Why},
    },
    version::{TableId, Version},
    workload::Rate,
};

/// The engine's options with which a simulation begins: RocksDB's, with jobs that run beside the writes.
pub fn options() -> Options {
    Options { job_mode: JobMode::Scheduled, ..Options::default() }
}

/// How far a simulation has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SimProgress {
    /// The virtual time, in nanoseconds.
    pub at: Nanos,
    /// Where it ends.
    pub end: Nanos,
    /// Events so far.
    pub events: u64,
    /// Whether it has ended.
    pub done: bool,
}

/// A simulation that is stepped from event to event.
pub struct Simulation {
    options: Options,
    /// The same without those that the simulator does not follow.
    followed: Options,
    spec: Spec,
    policy: &'static dyn Policy,
    runtime: Runtime,
    tree: IndexedLevels,
    running: Running,
    merger: Merger,
    format: TableFormat,
    memtables: Memtables,
    entry: EntrySize,
    rate: Rate,
    reads: ReadModel,
    random: Random,
    next_table: TableId,
    next_job: u64,
    /// Oldest first.
    flushes: VecDeque<FlushJob>,
    /// One for each of `running`.
    compactions: Vec<CompactionJob>,
    write_rate: WriteRate,
    /// Whether writes are stopped, and why, as last noted; none at full speed.
    stalled: Option<(bool, Cause)>,
    /// Which part of the device the reads take, as of the last sample.
    read_part: f64,
    end: Nanos,
    /// Since when it stands still, and for what; none while it goes on.
    standstill: Option<(Nanos, Why)>,
    events: u64,
    /// Writes that were flushed.
    flushed_writes: u64,
    counters: Counters,
    levels: Vec<LevelCompactionStats>,
    stalls: StallSums,
    samples: SampleColumns,
    sampler: Sampler,
    job_spans: RecentSpans<SimulatedJob>,
    stall_spans: RecentSpans<SimulatedStall>,
    /// Scratch buffer, reused.
    ended: Vec<Ended>,
}

impl Simulation {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// An option or a parameter does not fit.
    pub fn new(options: Options, spec: Spec) -> Result<Simulation> {
        let (options, spec) = (options.checked()?, spec.checked()?);
        // Or policies would rewrite tables for tombstones that no merge has kept.
        let followed = Options { tombstone_retention_seconds: 0, ..options.clone() };
        let runtime = Runtime::new(&options);
        let entry = EntrySize::of(&spec, &options);
        let format = memtables::table_format(&spec, &options);
        let levels = options.levels();
        let mut simulation = Simulation {
            policy: policy_for(&options),
            reads: ReadModel::new(&spec, &options, runtime.device()),
            runtime,
            tree: IndexedLevels::new(Version::new(levels)),
            running: Running { horizon: Horizon::OPEN, ..Running::default() },
            merger: Merger::new(spec.key_model(), format.clone()),
            format,
            memtables: Memtables::new(entry, &options),
            entry,
            rate: spec.rate(),
            random: Random::new(spec.seed),
            next_table: 1,
            next_job: 1,
            flushes: VecDeque::new(),
            compactions: Vec::new(),
            write_rate: WriteRate::default(),
            stalled: None,
            read_part: 0.0,
            standstill: None,
            end: spec.duration(),
            events: 0,
            flushed_writes: 0,
            counters: Counters::default(),
            levels: vec![LevelCompactionStats::default(); levels],
            stalls: StallSums::default(),
            samples: SampleColumns::default(),
            sampler: Sampler::new(&spec),
            job_spans: RecentSpans::new(),
            stall_spans: RecentSpans::new(),
            ended: Vec::new(),
            options,
            followed,
            spec,
        };
        simulation.set_read_part(0.0);
        simulation.set_write_rate();
        Ok(simulation)
    }

    /// Goes on for at most `max_events` events.
    pub fn run(&mut self, max_events: u64) -> SimProgress {
        let until = self.events.saturating_add(max_events);
        while self.events < until && self.runtime.now() < self.end {
            self.step();
        }
        self.progress()
    }

    /// How far it has come.
    pub fn progress(&self) -> SimProgress {
        let at = self.runtime.now();
        SimProgress { at, end: self.end, events: self.events, done: at >= self.end }
    }

    /// The engine's options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What is simulated.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The shape of the tree as it is now.
    pub fn version(&self) -> &Version {
        self.tree.version()
    }

    /// The compactions that are running.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// Slots, stalls and the device.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Sums so far.
    pub fn counters(&self) -> Counters {
        self.counted()
    }

    /// The samples so far.
    pub fn samples(&self) -> &SampleColumns {
        &self.samples
    }

    /// Flushes and compactions that have ended.
    pub fn job_spans(&self) -> &RecentSpans<SimulatedJob> {
        &self.job_spans
    }

    /// When writes were slowed down or stopped.
    pub fn stall_spans(&self) -> &RecentSpans<SimulatedStall> {
        &self.stall_spans
    }

    /// Flushes and compactions that are running.
    pub fn running_spans(&self) -> impl Iterator<Item = SimulatedJob> {
        self.flushes.iter().map(|flush| flush.span).chain(self.compactions.iter().map(|job| job.span))
    }

    /// Every level's score.
    pub fn scores(&self) -> Vec<LevelScore> {
        self.policy.scores(self.version(), &self.followed, &self.running)
    }

    /// Its results, explained.
    pub fn summary(&self) -> Summary {
        Summary::of(self)
    }

    /// Goes on to the next event.
    fn step(&mut self) {
        self.events += 1;
        let now = self.runtime.now();
        let full = match self.write_rate.written > 0.0 {
            true => now.saturating_add(rounded_up(self.memtables.room() / self.write_rate.written)),
            false => Nanos::MAX,
        };
        let job = self.runtime.next_change().unwrap_or(Nanos::MAX);
        let to = full.min(job).min(self.write_rate.until).min(self.sampler.next).min(self.end);
        self.pass(to);
        let mut changed = false;
        if job == to {
            self.runtime.change(to, &mut self.ended);
            for at in 0..self.ended.len() {
                let ended = self.ended[at];
                self.finish(&ended);
                changed = true;
            }
            self.ended.clear();
        } else {
            self.runtime.pass(to);
        }
        if self.memtables.is_full() {
            self.memtables.seal(to / SECOND);
            self.look_at_memtables();
            changed = true;
        }
        if changed {
            self.start_jobs();
        }
        if self.followed.db_write_buffer_size > 0 {
            if self.runtime.set_memory(self.memtables.memory(&self.followed)).is_stopped() {
                self.start_jobs();
            }
            self.note_stall();
        }
        self.set_write_rate();
        self.look_for_standstill();
        if to >= self.sampler.next || to >= self.end {
            self.sample();
        }
    }

    /// Writes are stopped and no job runs: what is due has begun already, so that nothing would ever happen again. It
    /// ends here.
    fn look_for_standstill(&mut self) {
        if let Condition::Stopped { why } = self.runtime.condition()
            && self.runtime.jobs().is_empty()
        {
            self.end = self.runtime.now();
            self.standstill = Some((self.end, why));
        }
    }

    /// Something was installed: slots and stalls are evaluated again.
    fn look_around(&mut self) {
        self.reevaluate(&Pressure::of(&self.tree, self.policy, &self.followed, self.memtables.immutables()));
    }

    /// A memtable was sealed, and the tree is as it was.
    fn look_at_memtables(&mut self) {
        let immutables = self.memtables.immutables();
        self.reevaluate(&Pressure { immutables, ..*self.runtime.pressure() });
    }

    fn reevaluate(&mut self, pressure: &Pressure) {
        self.runtime.reevaluate(pressure, &self.followed);
        self.note_stall();
    }
}

#[cfg(test)]
mod tests;
