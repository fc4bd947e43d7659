//! The last jobs and stalls of a simulation, a span of virtual time each.
//!
//! In: spans, as they end or begin. Out: those from a number on. At a bound, the oldest are dropped.

use std::collections::VecDeque;

use serde::Serialize;

use crate::runtime::{WorkKind, clock::Nanos, stall::Cause};

/// The most spans of each kind that are kept.
pub const MAX_SPANS: usize = 200_000;

/// A flush, a compaction or a move, from its begin to its installation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SimulatedJob {
    /// Its number.
    pub job: u64,
    /// Flush or compaction.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'flush' | 'compaction'"))]
    pub kind: WorkKind,
    /// Whether its tables only changed their level; it takes no time then.
    pub is_move: bool,
    /// Where its inputs were; none of a flush.
    pub from_level: Option<usize>,
    /// Where its outputs are.
    pub to_level: usize,
    /// When it began, in nanoseconds.
    pub began: Nanos,
    /// When it was installed; none while it runs.
    pub ended: Option<Nanos>,
    /// Bytes of tables that it read.
    pub read: u64,
    /// Bytes of tables that it wrote.
    pub written: u64,
    /// Tables, or memtables, that went in.
    pub inputs: u64,
    /// Tables that came out.
    pub outputs: u64,
    /// The rule that picked it; `flush` of a flush.
    pub rule: &'static str,
}

/// A time in which writes were slowed down or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SimulatedStall {
    /// Whether they were stopped; otherwise slowed down.
    pub is_stop: bool,
    /// What had piled up.
    pub cause: Cause,
    /// The option that sets its limit.
    pub option: &'static str,
    /// When it began, in nanoseconds.
    pub began: Nanos,
    /// When it ended; none while it lasts.
    pub ended: Option<Nanos>,
}

/// The last [`MAX_SPANS`] of a growing list, each with its number since the beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct RecentSpans<T> {
    kept: VecDeque<T>,
    dropped: u64,
}

impl<T> RecentSpans<T> {
    pub(super) fn new() -> RecentSpans<T> {
        RecentSpans { kept: VecDeque::new(), dropped: 0 }
    }

    pub(super) fn push(&mut self, value: T) {
        if self.kept.len() == MAX_SPANS {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.kept.push_back(value);
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.kept.back_mut()
    }

    /// Those from number `from` on that are still kept.
    pub fn since(&self, from: u64) -> impl Iterator<Item = &T> {
        self.kept.iter().skip(from.saturating_sub(self.dropped) as usize)
    }

    /// The number of all spans, with those that were dropped.
    pub fn count(&self) -> u64 {
        self.dropped + self.kept.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_with_their_numbers() {
        let mut last = RecentSpans::new();
        (0..MAX_SPANS + 10).for_each(|i| last.push(i));
        assert_eq!((last.count(), last.since(0).next()), (MAX_SPANS as u64 + 10, Some(&10)));
        assert_eq!(last.since(15).next(), Some(&15));
        assert_eq!(last.since(MAX_SPANS as u64 + 9).count(), 1);
    }
}
