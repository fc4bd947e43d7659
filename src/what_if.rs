//! What other options would have cost: the writes of a recorded history once more, under a changed set.
//!
//! In: a [`History`] whose tables are known with their entries (a `MANIFEST` with its `LOG`), and options. Out: a
//! [`WhatIfEstimate`]: amplifications, bytes flushed and compacted, stalls, and each level at the end, of several draws
//! of keys with their spread; and what the database itself came to (`comparison`, `measured_stalls`). Errors: a history
//! that does not tell what its tables hold, or has no flush.
//!
//! What is known of the writes is what was flushed: how many entries and deletions, how many bytes, between which keys
//! (`writes`). Which keys they had is not known, only how many of them met an older entry of theirs: so as many
//! different keys are assumed as make the recorded options drop as many entries as the database dropped (`keys`).
//! These entries are flushed and merged by the policy of the engine, on tables that hold keys only (`keyed`), which
//! are as large as the recorded tables are for their entries (`sizes`). Of a writer that waited for compactions, all
//! that is due is compacted after each flush (`run`); of another one, compactions run beside the flushes, which come
//! at the times of the `LOG` (`timed`).

use std::{ops::ControlFlow, rc::Rc, sync::Arc};

use serde::Serialize;

pub use self::{
    comparison::WhatIfComparison,
    measured_stalls::measured_stalls,
    outcome::{StalledSeconds, WhatIfOutcome},
    work::WhatIfWork,
};
use self::{keys::KeySpace, sizes::EntrySizer, work::RunOnce, writes::RecordedWrites};
use crate::{
    Options,
    effect::{Executor, HistoryTime},
    error::Result,
    history::{History, options_file::own_name},
};

mod comparison;
mod keys;
mod measured_stalls;
mod outcome;
mod run;
mod sizes;
mod timed;
mod work;
mod writes;

/// An estimate, of several draws of keys: all of the one that has the median write amplification, and the least and the
/// most of them. Means would belong to no tree: two draws may come to shapes far apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WhatIfEstimate {
    /// What the draw with the median write amplification came to.
    #[serde(flatten)]
    pub typical: WhatIfOutcome,
    /// Write amplification, the least and the most of a draw.
    pub write_amp_range: (f64, f64),
    /// Each level's bytes at the end, the least and the most of a draw.
    pub level_ranges: Vec<(f64, f64)>,
}

/// How fast compactions are, where they run beside the writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// As fast as those of the history were.
    AsRecorded,
    /// As fast as the device of the options lets them be.
    OfOptions,
}

impl Speed {
    /// As `changes`, each `name=value`, ask for: that of the options, if they name a device or how fast tables are
    /// built.
    pub fn of<'a>(mut changes: impl Iterator<Item = &'a str>) -> Speed {
        let names_speed = |change: &str| {
            change.starts_with("device")
                || ["table_build_mb_per_s=", "compression_mb_per_s="].iter().any(|name| change.starts_with(name))
        };
        if changes.any(names_speed) { Speed::OfOptions } else { Speed::AsRecorded }
    }
}

/// The writes of a history, ready to be written again.
#[derive(Clone, Debug)]
pub struct WhatIf {
    writes: Arc<RecordedWrites>,
    sizer: EntrySizer,
    keys: KeySpace,
}

impl WhatIf {
    /// Of `history`: estimates how many different keys it has.
    ///
    /// # Errors
    /// See above; or a policy asked for what cannot be.
    pub fn of(history: &History) -> Result<WhatIf> {
        let mut work = WhatIfWork::new(history, &[], 0)?;
        while !work.advance(usize::MAX)? {}
        Ok(work.what_if())
    }

    /// What the database itself came to.
    pub fn measured(&self) -> &WhatIfOutcome {
        &self.writes.measured
    }

    /// How many different keys are assumed; none if every write has a new one.
    pub fn distinct_keys(&self) -> Option<u64> {
        self.keys.distinct()
    }

    /// What `options` are estimated to come to, by `draws` draws of keys, at least one.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn estimate(&self, options: &Options, speed: Speed, draws: u64) -> Result<WhatIfEstimate> {
        let estimate = self.estimate_watched(options, speed, draws, &mut |_| ControlFlow::Continue(()))?;
        Ok(estimate.unwrap_or_default())
    }

    /// The same, with progress: `look` receives the share that is done, from 0 to 1. None if it says stop.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn estimate_watched(
        &self,
        options: &Options,
        speed: Speed,
        draws: u64,
        look: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<Option<WhatIfEstimate>> {
        /// Flushes between two looks.
        const SLICE: usize = 16;
        let options = Rc::new(options.clone());
        let (draws, flushes) = (draws.max(1), self.writes.flushes.len());
        let mut outcomes = Vec::new();
        for draw in 0..draws {
            let mut run = RunOnce::new(&self.writes, self.sizer, self.keys, &options, speed, FIRST_SEED + draw);
            let mut done = 0;
            loop {
                let share = (draw as f64 + done.min(flushes) as f64 / flushes as f64) / draws as f64;
                if look(share).is_break() {
                    return Ok(None);
                }
                if run.advance(SLICE)? {
                    break;
                }
                done += SLICE;
            }
            outcomes.push(run.ran()?.outcome);
        }
        Ok(Some(WhatIfEstimate::of(&outcomes)))
    }

    /// Of `changes`, each `name=value`, those that change no estimate under `options`, which have them, or less than
    /// their names say: a sentence for each reason.
    pub fn without_effect(&self, options: &Options, changes: &[String]) -> Vec<String> {
        let names = || changes.iter().filter_map(|change| change.split_once('=')).map(|(name, _)| name.trim());
        let executor = self.executor(Speed::of(changes.iter().map(String::as_str)));
        options.told_without_effect(executor, |name| names().any(|set| own_name(set) == name))
    }

    /// What an estimate is, for the options that have no effect on one.
    pub fn executor(&self, speed: Speed) -> Executor {
        Executor::History(match (self.writes.pace, speed) {
            (None, _) => HistoryTime::None,
            (_, Speed::AsRecorded) => HistoryTime::AsRecorded,
            (_, Speed::OfOptions) => HistoryTime::OfOptions,
        })
    }
}

/// The seed of the first draw.
const FIRST_SEED: u64 = 1;

impl WhatIfEstimate {
    /// Of the outcomes of several draws.
    pub fn of(outcomes: &[WhatIfOutcome]) -> WhatIfEstimate {
        let mut sorted: Vec<&WhatIfOutcome> = outcomes.iter().collect();
        sorted.sort_by(|a, b| a.write_amp.total_cmp(&b.write_amp));
        let range = |of: &dyn Fn(&WhatIfOutcome) -> f64| {
            let values = || outcomes.iter().map(of);
            (values().reduce(f64::min).unwrap_or(0.0), values().reduce(f64::max).unwrap_or(0.0))
        };
        let levels = outcomes.first().map_or(0, |outcome| outcome.levels.len());
        WhatIfEstimate {
            typical: sorted.get(sorted.len() / 2).copied().cloned().unwrap_or_default(),
            write_amp_range: range(&|outcome| outcome.write_amp),
            level_ranges: (0..levels).map(|level| range(&|outcome| outcome.levels[level])).collect(),
        }
    }
}
