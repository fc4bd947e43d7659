//! How long an event takes at speed 1.
//!
//! In: an [`Event`], those before it, and the length of the sentence that tells it. Out: seconds. A decision, an
//! install, a sync and the first of a kind take as long as their sentence takes to read; the fifth "kept" is short, and
//! a run of like events is one sweep at an even pace.

use super::motion::{self, Motion};
use crate::{timeline::Timeline, trace::Event};

/// The earlier events among which a kind of event counts as known.
const REMEMBERED: usize = 1000;

/// Letters that a beginner reads in a second.
const LETTERS_A_SECOND: f64 = 12.0;
/// The longest that one event takes, in seconds.
const LONGEST: f64 = 5.0;
/// The longest that one of a known kind takes.
const KNOWN: f64 = 2.4;
/// An event that moves and is told at length, at least.
const TOLD: f64 = 1.6;
/// One that moves, like the one before it.
const LIKE: f64 = 0.55;
/// One that moves nothing.
const STILL: f64 = 0.25;
/// The share of an event's time in which it moves; the rest is for reading.
const MOVES: f64 = 0.6;
/// The shortest and the longest motion, in seconds.
const MOTIONS: (f64, f64) = (0.22, 1.4);

/// The seconds of `event`, which follows `earlier`, newest first, at speed 1; its sentence has `letters`.
pub fn seconds<'a>(mut earlier: impl Iterator<Item = &'a Event>, event: &Event, letters: usize) -> f64 {
    let read = (letters as f64 / LETTERS_A_SECOND).min(LONGEST);
    match motion::of(event) {
        Motion::Still(_) if !is_told(event) => STILL,
        _ if is_told(event) && earlier.any(|other| is_like(other, event)) => read.clamp(TOLD, KNOWN),
        _ if is_told(event) => read.max(TOLD),
        _ if earlier.next().is_some_and(|before| is_like(before, event)) => LIKE,
        _ => (read / 2.0).clamp(LIKE, TOLD),
    }
}

/// The seconds of the event that leads to `position`; 0 where there is none on record.
pub fn seconds_at(timeline: &Timeline, position: usize, letters: usize) -> f64 {
    let event = |position: usize| position.checked_sub(1).and_then(|index| timeline.event(index)).map(|row| row.event);
    let earlier = (position.saturating_sub(REMEMBERED)..position).rev().filter_map(event);
    event(position).map_or(0.0, |now| seconds(earlier, now, letters))
}

/// For how much of its `seconds` an event moves, as `www/views/figure.js` has it.
pub fn motion_seconds(seconds: f64) -> f64 {
    (seconds * MOVES).clamp(MOTIONS.0, MOTIONS.1).min(seconds)
}

/// Whether an event is worth reading about whenever it comes: a decision, a change of the tree, a loss.
fn is_told(event: &Event) -> bool {
    use Event::*;
    matches!(
        event,
        MemtableSealed { .. }
            | Stalled { .. }
            | WritesStopped { .. }
            | FlushBegan { .. }
            | CompactionPicked { .. }
            | MergeDropped { .. }
            | JobFailed { .. }
            | VersionInstalled { .. }
            | FilterProbed { .. }
            | FalsePositive { .. }
            | GetEnded { .. }
            | ScanBegan { .. }
            | WalTornTail { .. }
            | WalDamaged { .. }
            | WalGap { .. }
            | PowerCut { .. }
            | Aftermath { .. }
            | SnapshotBroken { .. }
    )
}

/// Whether two events are of one kind: the second needs no explanation of its own.
fn is_like(a: &Event, b: &Event) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SealReason;

    #[test]
    fn what_is_new_can_be_read_and_what_is_known_is_short() {
        let none = || std::iter::empty();
        let sealed = Event::MemtableSealed { memtable: 1, next: 2, reason: SealReason::Entries };
        assert_eq!(seconds(none(), &sealed, 48), 4.0);
        assert_eq!(seconds(none(), &sealed, 600), LONGEST, "capped");
        assert_eq!(seconds([&sealed].into_iter(), &sealed, 600), KNOWN, "it was told before");
        let synced = Event::WalSynced { wal: 1, upto: 9 };
        assert!(seconds([&sealed].into_iter(), &synced, 60) > seconds([&synced].into_iter(), &synced, 60));
        let cached = Event::CacheInserted { table: 1, block: 0, bytes: 9 };
        assert_eq!(seconds(none(), &cached, 60), STILL);
    }
}
