//! What came of a simulation: the table that RocksDB's statistics print, both kinds of amplification, stalls by reason,
//! and sentences that say what it means.
//!
//! In: a [`Simulation`]. Out: a [`Summary`], as data and as text. What a device could sustain is worked out from what
//! each byte of keys and values has cost so far:
//!
//! ```text
//! device seconds per byte = seconds that the device was in use / bytes of keys and values
//! sustainable bytes/s     = 1 / that
//! ```
//!
//! In use means with all that it does: transfers, the latency of requests (on a disk, most of it), syncs, reads.
//!
//! It is an average over the run: a tree that still grows gets more levels, and each byte then costs more.

use serde::Serialize;

use super::{Simulation, level_stats::LevelCompactionStats, reads::ReadLatency};
use crate::{
    effect::Executor,
    metrics::{
        Amplification, Counters,
        compared::{Comparison, Measured, compare},
    },
    policy::{LevelScore, Levels, estimate::is_of_levels},
    runtime::{
        Device,
        clock::{SECOND, seconds},
        device::MB,
        stall::{Cause, Condition, Why},
    },
};

mod text;

/// Waiting by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StallSum {
    /// How long it lasted, in seconds.
    pub seconds: f64,
    /// How long writers waited, in seconds: of the time in which they are slowed down, the part that they lose.
    pub waited_seconds: f64,
}

/// One reason why writes were slowed down or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StallRow {
    /// Whether they were stopped; otherwise slowed down.
    pub is_stop: bool,
    /// What had piled up; none where the device could not take the WAL's bytes as fast as they came (`device`), or
    /// where every write waits for jobs (`job_mode`).
    pub cause: Option<Cause>,
    /// The option that sets its limit, and the limit.
    pub option: &'static str,
    /// The limit.
    pub limit: u64,
    /// How long.
    pub sum: StallSum,
}

/// Waiting by reason, while the simulation runs.
#[derive(Clone, Debug, Default)]
pub(super) struct StallSums {
    rows: Vec<StallRow>,
}

impl StallSums {
    /// So many nanoseconds pass under `condition`, of which writers waited so many; for `other` if it is normal.
    pub fn pass(&mut self, condition: &Condition, other: &'static str, passed: f64, waited: f64) {
        let why = condition.why();
        if why.is_none() && waited <= 0.0 {
            return;
        }
        let is_stop = condition.is_stopped();
        let (cause, option, limit) = why.map_or((None, other, 0), |why| (Some(why.cause), why.option, why.limit));
        // What had piled up says which option sets the limit; where nothing had, there is the other.
        let is_it =
            |row: &StallRow| (row.is_stop, row.cause) == (is_stop, cause) && (cause.is_some() || row.option == option);
        let known = self.rows.iter().position(is_it);
        let at = known.unwrap_or_else(|| {
            self.rows.push(StallRow { is_stop, cause, option, limit, sum: StallSum::default() });
            self.rows.len() - 1
        });
        let sum = &mut self.rows[at].sum;
        sum.seconds += passed / SECOND as f64;
        sum.waited_seconds += waited / SECOND as f64;
    }
}

/// One level at the end, and what was done to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelRow {
    /// The level.
    pub level: usize,
    /// Its tables.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Its score, and how it came about.
    pub score: LevelScore,
    /// Of the jobs that wrote into it.
    pub sums: LevelCompactionStats,
    /// Bytes written into it by bytes that came to it from elsewhere: RocksDB's W-Amp. None where nothing came.
    pub write_amplification: Option<f64>,
}

/// What came of a simulation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Summary {
    /// How long it ran, in seconds of virtual time.
    pub seconds: f64,
    /// Bytes of keys and values that came.
    pub offered_bytes: f64,
    /// What was done.
    pub counters: Counters,
    /// From level 0 down.
    pub levels: Vec<LevelRow>,
    /// All levels together.
    pub total: LevelCompactionStats,
    /// Both ways of counting, where there are two.
    pub amplification: Amplification,
    /// Bytes of all tables by bytes of what a reader can see of them: the literature's space amplification. None where
    /// a reader can see nothing.
    pub space_live: Option<f64>,
    /// The amplifications with those that formulas expect.
    pub compared: Comparison,
    /// Why writers waited, the longest first.
    pub stalls: Vec<StallRow>,
    /// How long they waited, in seconds.
    pub waited_seconds: f64,
    /// What writes wait for, where the run ended because they would do so for ever.
    pub standstill: Option<Why>,
    /// The share of the time that the device was in use. None before any time has passed.
    pub device_use: Option<f64>,
    /// The device.
    pub device: Device,
    /// MB of keys and values a second that the device could sustain, at what each has cost so far. None before the
    /// first flush, where the run stands still, and where writes waited nearly all the time for something else than the
    /// device.
    pub sustainable_mb_per_s: Option<f64>,
    /// How long gets take now.
    pub reads: ReadLatency,
    /// What it all means, a sentence each.
    pub sentences: Vec<String>,
}

impl Summary {
    pub(super) fn of(simulation: &Simulation) -> Summary {
        let counters = simulation.counted();
        let bytes = &*simulation.tree.sizes();
        let levels = level_rows(simulation, bytes);
        let mut stalls = simulation.stalls.rows.clone();
        stalls.sort_by(|a, b| b.sum.waited_seconds.total_cmp(&a.sum.waited_seconds));
        let now = seconds(simulation.runtime.now());
        let device = *simulation.runtime.device();
        let amplification = counters.amplification_of(bytes, simulation.version().sorted_runs());
        let space_live = simulation.space_amplification_live(bytes);
        // Runs would be counted one by one, for every look at a simulation that goes on.
        let is_whole = is_of_levels(simulation.options());
        let measured = Measured { amplification, space_live, absent_get: None, is_whole };
        let standstill = simulation.standstill.map(|(_, why)| why);
        let mut summary = Summary {
            seconds: now,
            offered_bytes: simulation.rate.amount(0, simulation.runtime.now()),
            total: levels.iter().fold(LevelCompactionStats::default(), |sum, row| sum.plus(&row.sums)),
            amplification,
            space_live,
            compared: compare(simulation.options(), simulation.version(), &measured),
            waited_seconds: stalls.iter().map(|row| row.sum.waited_seconds).sum(),
            device_use: (now > 0.0).then(|| simulation.runtime.device_busy() / SECOND as f64 / now),
            sustainable_mb_per_s: None,
            standstill,
            reads: simulation.read_latency(bytes),
            counters,
            levels,
            stalls,
            device,
            sentences: Vec::new(),
        };
        if counters.flushes > 0 && standstill.is_none() && !summary.waits_for_others() {
            summary.sustainable_mb_per_s = sustainable(&counters, simulation.runtime.device_busy());
        }
        summary.sentences = text::sentences(&summary);
        let options = simulation.options();
        summary.sentences.extend(options.raised().iter().map(|raised| format!("{raised}.")));
        let without_effect = [options.told_of_changed(Executor::Simulator), simulation.spec().told_of_changed(options)];
        summary.sentences.extend(without_effect.concat().iter().map(|told| format!("{told}.")));
        summary
    }

    /// Whether writes waited nearly all the time, though the device was not in use nearly all the time: what it could
    /// sustain was never tried.
    fn waits_for_others(&self) -> bool {
        let nearly_all = |share: Option<f64>| share.is_some_and(|share| share > 0.9);
        nearly_all(self.share(self.waited_seconds)) && !nearly_all(self.device_use)
    }

    /// `amount` by the seconds that have passed; none before any have.
    pub fn share(&self, amount: f64) -> Option<f64> {
        (self.seconds > 0.0).then(|| amount / self.seconds)
    }
}

fn level_rows(simulation: &Simulation, bytes: &[u64]) -> Vec<LevelRow> {
    let version = simulation.version();
    let scores = simulation.scores();
    let row = |score: LevelScore| {
        let level = score.level;
        let sums = simulation.levels[level];
        LevelRow {
            level,
            tables: version.levels[level].len() as u64,
            bytes: bytes[level],
            write_amplification: sums.write_amplification(),
            sums,
            score,
        }
    };
    scores.into_iter().map(row).collect()
}

/// MB of keys and values a second of a device that was `busy` for so many nanoseconds.
fn sustainable(counters: &Counters, busy: f64) -> Option<f64> {
    let seconds = busy / SECOND as f64;
    (seconds > 0.0).then(|| counters.user_bytes as f64 / MB / seconds)
}
