//! A sweep over the options of a recorded history, instead of a workload.
//!
//! In: a history whose writes can be written again ([`WhatIf`]), and the options of a run. Out: the [`SweepOutcome`] of
//! the draw of keys with the median write amplification, and the least and the most write amplification of a draw.
//! Errors: none; options that cannot be estimated are refused.
//!
//! Compactions are as fast as the history's were, unless the device is one of the options that are set or vary: then
//! they are as fast as that.

use std::ops::ControlFlow;

use super::outcome::{SweepEnd, SweepOutcome};
use crate::{
    Options,
    effect::Executor,
    what_if::{Speed, WhatIf, WhatIfEstimate},
};

/// What a SPEC says of the history that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryWanted {
    /// The directory of the database, or its `MANIFEST`: relative to the SPEC.
    pub path: String,
    /// The column family.
    pub family: String,
}

/// A history that was read.
#[derive(Clone, Debug)]
pub struct SweepHistory {
    /// Its writes.
    pub what_if: WhatIf,
    /// The options that it was recorded under.
    pub options: Options,
    /// A hash of the files that it was read from.
    pub hash: u64,
}

/// How a run of a history is estimated.
#[derive(Clone, Debug)]
pub struct HistorySource {
    /// The history.
    pub history: SweepHistory,
    /// How many draws of keys an estimate is of, at least one.
    pub draws: u64,
    /// How fast compactions are.
    pub speed: Speed,
}

impl HistorySource {
    /// What options have an effect on.
    pub(super) fn executor(&self) -> Executor {
        self.history.what_if.executor(self.speed)
    }

    /// What `options` come to; none if `look` says stop.
    pub(super) fn run(&self, options: &Options, look: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Option<SweepOutcome> {
        let estimate = match self.history.what_if.estimate_watched(options, self.speed, self.draws, look) {
            Ok(estimate) => estimate?,
            Err(_) => return Some(SweepOutcome::empty(SweepEnd::Refused)),
        };
        let WhatIfEstimate { typical, write_amp_range: (least, most), .. } = estimate;
        // The columns of bytes and counts are whole numbers.
        Some(SweepOutcome {
            write_amp: typical.write_amp,
            write_amp_least: least,
            write_amp_most: most,
            read_amp: typical.read_amp,
            space_amp: typical.space_amp,
            flushed_bytes: typical.flushed.round(),
            compacted_bytes: typical.compacted.round(),
            peak_bytes: typical.peak_bytes.round(),
            end_bytes: typical.levels.iter().sum::<f64>().round(),
            compactions: (typical.compactions + typical.moves).round(),
            moves: typical.moves.round(),
            stopped_seconds: typical.stalled.map_or(f64::NAN, |stalled| stalled.stopped),
            delayed_seconds: typical.stalled.map_or(f64::NAN, |stalled| stalled.delayed),
            ..SweepOutcome::empty(SweepEnd::Done)
        })
    }
}
