//! Runs of events in which nothing happened but that time passed: the event list shows each as one line.
//!
//! A long workload records a sample and a step of the clock again and again, which would drown what happened between.

use serde::Serialize;

use crate::{runtime::clock::Nanos, trace::Event};

/// Ticks of the clock in a row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TickRun {
    /// The index of the first.
    pub first: usize,
    /// The index of the last.
    pub last: usize,
    /// How many seconds of virtual time they took.
    pub seconds: f64,
}

/// All runs of two ticks or more, in order.
#[derive(Debug, Default)]
pub struct Ticks {
    runs: Vec<TickRun>,
    /// The time before the last run.
    before: Nanos,
    /// The time after the last event.
    now: Nanos,
}

impl Ticks {
    /// The runs.
    pub fn runs(&self) -> impl Iterator<Item = &TickRun> {
        self.runs.iter().filter(|run| run.last > run.first)
    }

    /// `event` is at `index`, new or in place of the last one; the time is `now` after it.
    pub(super) fn learn(&mut self, index: usize, event: &Event, now: Nanos) {
        let before = std::mem::replace(&mut self.now, now);
        if !matches!(event, Event::TimeAdvanced { .. } | Event::Sampled { .. }) {
            return;
        }
        let goes_on = self.runs.last().is_some_and(|run| run.last + 1 >= index);
        if !goes_on {
            // A tick alone is no run.
            self.runs.pop_if(|run| run.first == run.last);
            self.runs.push(TickRun { first: index, last: index, seconds: 0.0 });
            self.before = before;
        }
        if let Some(run) = self.runs.last_mut() {
            run.last = index;
            run.seconds = now.saturating_sub(self.before) as f64 / 1e9;
        }
    }

    /// What ended before `start` is forgotten.
    pub(super) fn let_go(&mut self, start: usize) {
        self.runs.retain(|run| run.last >= start);
    }
}
