//! The marks on the scrubber: no more of them than it has columns of pixels.
//!
//! In: all marks, the length of the timeline, the columns. Out: for each kind of mark and each column that one begins
//! in, one stretch, from where the first of them begins to where the last of them ends. Drawn, that is the same as all
//! of them.

use super::steps::{MarkKind, Steps};

/// Every kind, in the order of its numbers in [`Track::kinds`].
const KINDS: [MarkKind; 6] =
    [MarkKind::Flush, MarkKind::Compaction, MarkKind::Stall, MarkKind::Recovery, MarkKind::Crash, MarkKind::Fault];

/// Stretches of the timeline, column by column, in the order in which they begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// What they are of: 0 flush, 1 compaction, 2 stall, 3 recovery, 4 power cut, 5 fault.
    pub kinds: Vec<u8>,
    /// The index of the first event of each.
    pub begins: Vec<f64>,
    /// The index of the last event of each; that of the last event of all, where it is not over.
    pub ends: Vec<f64>,
    /// How many marks they stand for.
    pub count: usize,
}

impl Steps {
    /// What `columns` columns show of the marks on a timeline of `length` events.
    pub fn track(&self, length: usize, columns: usize) -> Track {
        let mut track = Track { count: self.marks().len(), ..Track::default() };
        let column = |index: usize| index * columns / length.max(1);
        // Of each kind: the column of its last stretch, and where that is in the track.
        let mut last: [Option<(usize, usize)>; KINDS.len()] = Default::default();
        for mark in self.marks() {
            let kind = KINDS.iter().position(|kind| *kind == mark.kind).unwrap_or(0);
            let end = mark.end.unwrap_or(length.saturating_sub(1)) as f64;
            match last[kind].filter(|(before, _)| *before == column(mark.begin)) {
                Some((_, at)) => track.ends[at] = end.max(track.ends[at]),
                None => {
                    last[kind] = Some((column(mark.begin), track.kinds.len()));
                    track.kinds.push(kind as u8);
                    track.begins.push(mark.begin as f64);
                    track.ends.push(end);
                }
            }
        }
        track
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{timeline::tests::limits, timeline::tests::teller::Teller, timeline::tests::timeline};

    #[test]
    fn the_track_of_a_long_history_is_as_long_as_that_of_a_short_one_and_covers_the_same() {
        for events in [500, 5000, 50_000] {
            let timeline = timeline(&Teller::events(5, events), limits());
            let (steps, columns) = (timeline.steps(), 100);
            let track = steps.track(timeline.len(), columns);
            assert!(track.kinds.len() <= columns * KINDS.len() && track.count == steps.marks().len());
            assert!(track.begins.is_sorted());
            let drawn = |mark: &crate::timeline::steps::Mark| {
                let column = |index: f64| (index * columns as f64 / timeline.len() as f64).floor();
                (0..track.kinds.len()).any(|i| {
                    KINDS[track.kinds[i] as usize] == mark.kind
                        && column(track.begins[i]) == column(mark.begin as f64)
                        && mark.end.is_none_or(|end| track.ends[i] >= end as f64)
                })
            };
            assert!(steps.marks().iter().all(drawn), "{events} events");
        }
        assert_eq!(Steps::default().track(0, 100), Track::default());
    }
}
