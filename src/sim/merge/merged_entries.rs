//! The merged entries, in order and without a list of them: the position of each, the first one behind a position, the
//! tombstones before one.
//!
//! In: *stretches* from left to right, each with a whole number of entries a step apart, in the middle of their shares.
//! The first entry of all lies at the smallest key, the last, if there are several, at the largest. Out: an
//! [`EntryAt`], and the [`DensityProfile`] of a table of some of them.

use super::{
    density_profile::{DensityProfile, DensityStep},
    key_cells::KeyCells,
    sweep::SLACK,
};
use crate::float::float;

/// A new segment of a profile begins where entries lie this many times as far apart as before, or as near.
pub(super) const ALIKE: f64 = 1.5;

/// A range in which entries lie evenly. It ends where the next one begins, or before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stretch {
    pub from: u64,
    /// The number of its first entry.
    pub first: u64,
    /// The positions from one entry to the next.
    pub step: f64,
    /// Tombstones before its first entry.
    pub tombstones_before: f64,
}

/// One of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryAt {
    /// Its number, from 0 on.
    pub n: u64,
    /// The place of its stretch.
    pub stretch: usize,
    /// Its position.
    pub at: u64,
}

/// The stretches of a merge.
#[derive(Clone, Debug, Default)]
pub(super) struct MergedEntries {
    /// In order; the last one has no entries, and begins behind them all.
    pub(super) stretches: Vec<Stretch>,
    /// The number of entries.
    pub(super) len: u64,
    pub(super) smallest: u64,
    pub(super) largest: u64,
    /// No two neighbours are further apart.
    pub(super) widest: u64,
    /// Each entry lies in a cell of its own.
    pub(super) cells: KeyCells,
}

impl MergedEntries {
    /// The number of entries.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The first and the last position of a table of the entries from `first` to `last`.
    #[inline(always)]
    pub fn key_range(&self, first: EntryAt, last: EntryAt) -> (u64, u64) {
        (self.cells.begin(first.at), self.cells.end(last.at))
    }

    /// No two neighbours are further apart than this.
    pub fn widest(&self) -> u64 {
        self.widest
    }

    /// The first entry.
    pub fn first(&self) -> EntryAt {
        EntryAt { n: 0, stretch: 0, at: self.smallest }
    }

    /// The last entry.
    pub fn last(&self) -> EntryAt {
        EntryAt { n: self.len - 1, stretch: self.stretches.len() - 2, at: self.largest }
    }

    /// Entry `n`, which lies in `stretch` or behind it.
    #[inline]
    pub fn nth(&self, n: u64, stretch: usize) -> EntryAt {
        let mut stretch = stretch;
        // The last stretch begins behind all entries.
        while self.stretches[stretch + 1].first <= n {
            stretch += 1;
        }
        EntryAt { n, stretch, at: self.position(n, &self.stretches[stretch]) }
    }

    /// The entry before one that is not the first.
    #[inline]
    pub fn before(&self, EntryAt { n, stretch, .. }: EntryAt) -> EntryAt {
        let stretch = stretch - usize::from(self.stretches[stretch].first == n);
        EntryAt { n: n - 1, stretch, at: self.position(n - 1, &self.stretches[stretch]) }
    }

    #[inline]
    fn position(&self, n: u64, stretch: &Stretch) -> u64 {
        // The first or the last of all, in one comparison.
        if n.wrapping_sub(1) >= self.len.wrapping_sub(2) {
            return if n == 0 { self.smallest } else { self.largest };
        }
        stretch.from + ((float(n - stretch.first) + 0.5) * stretch.step) as i64 as u64
    }

    /// The first entry at or behind `from`; none if all lie before it. There is none in a stretch before `stretch`.
    #[inline]
    pub fn first_at(&self, from: u64, stretch: usize) -> Option<EntryAt> {
        if from > self.largest {
            return None;
        }
        let mut stretch = stretch;
        while self.stretches[stretch + 1].from <= from {
            stretch += 1;
        }
        let (here, end) = (&self.stretches[stretch], self.stretches[stretch + 1].first);
        // A guess by the step, then neighbours until it is right.
        let guess = (float(from.saturating_sub(here.from)) / here.step + 0.5) as i64 as u64;
        let mut n = here.first + guess;
        if n >= end {
            n = end - 1;
        }
        let mut at = self.position(n, here);
        while at < from {
            n += 1;
            if n == end {
                return Some(self.nth(n, stretch));
            }
            at = self.position(n, here);
        }
        // Less than a step behind `from`, it is the first one.
        while n > here.first && float(at - from) > here.step * 0.99 - 2.0 {
            let before = self.position(n - 1, here);
            if before < from {
                break;
            }
            (n, at) = (n - 1, before);
        }
        Some(EntryAt { n, stretch, at })
    }

    /// The tombstones among the entries before this one.
    pub fn tombstones_before(&self, EntryAt { n, stretch, .. }: EntryAt) -> u64 {
        let (stretch, next) = (&self.stretches[stretch], &self.stretches[stretch + 1]);
        let share = float(n - stretch.first) / float(next.first - stretch.first);
        (stretch.tombstones_before + (next.tombstones_before - stretch.tombstones_before) * share + SLACK) as u64
    }

    /// The tombstones among all entries.
    pub fn tombstones(&self) -> u64 {
        self.stretches.last().map_or(0, |end| (end.tombstones_before + SLACK) as u64)
    }

    /// Makes `profile`, which is empty, that of the entries from `first` to `last`. Whether it has segments then: the
    /// entries do not lie evenly.
    #[inline]
    pub fn profile(&self, first: EntryAt, last: EntryAt, profile: &mut DensityProfile) -> bool {
        let stretches = &self.stretches[first.stretch..last.stretch + 2];
        // The segment so far: its entries and its width.
        let mut entries = stretches[1].first - first.n;
        let mut count = float(entries);
        let mut width = count * stretches[0].step;
        let end = last.n + 1;
        for pair in stretches[1..].windows(2) {
            let (stretch, next) = (&pair[0], &pair[1]);
            // Its width if its entries lay as in this stretch.
            let even = count * stretch.step;
            let alike = (width < even * ALIKE) & (even < width * ALIKE);
            if !alike && !profile.is_full() {
                profile.push(DensityStep { end: stretch.from, entries });
                (entries, count, width) = (0, 0.0, 0.0);
            }
            let more = next.first.min(end) - stretch.first;
            entries += more;
            count += float(more);
            width += float(more) * stretch.step;
        }
        debug_assert!(profile.steps().last().is_none_or(|step| step.end <= last.at));
        !profile.steps().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Stretches of a few entries or thousands, close together or far apart, with gaps.
    fn stretches(random: &mut Random) -> MergedEntries {
        let wide = [1, 100, 1 << 40][random.below(3) as usize];
        let smallest = random.below(1000);
        let (mut stretches, mut from, mut len) = (Vec::new(), smallest, 0);
        for _ in 0..1 + random.below(6) {
            let entries = 1 + random.below(50);
            let width = entries + random.below(entries * wide);
            stretches.push(Stretch { from, first: len, step: float(width) / float(entries), tombstones_before: 0.0 });
            (from, len) = (from + width + random.below(2) * random.below(wide), len + entries);
        }
        stretches.push(Stretch { from, first: len, step: 1.0, tombstones_before: 0.0 });
        MergedEntries {
            stretches,
            len,
            smallest,
            largest: if len == 1 { smallest } else { from - 1 },
            ..MergedEntries::default()
        }
    }

    #[test]
    fn an_entry_is_found_by_its_number_and_by_where_it_lies() {
        let mut random = Random::new(3);
        for _ in 0..300 {
            let entries = stretches(&mut random);
            let mut all: Vec<EntryAt> = Vec::new();
            for n in 0..entries.len() {
                all.push(entries.nth(n, all.last().map_or(0, |last| last.stretch)));
            }
            assert_eq!((all[0], all[all.len() - 1]), (entries.first(), entries.last()));
            assert!(all.windows(2).all(|pair| pair[0].at < pair[1].at && entries.before(pair[1]) == pair[0]));
            for nth in &all {
                let behind = nth.at + 1 + random.below(3);
                for from in [nth.at.saturating_sub(1), nth.at, behind] {
                    let found = all.iter().find(|other| other.at >= from).copied();
                    // From any stretch on that it is not before.
                    let stretch = random.below(found.map_or(nth.stretch, |found| found.stretch) as u64 + 1) as usize;
                    assert_eq!(entries.first_at(from, stretch), found, "{from} in {entries:?}");
                }
            }
        }
    }

    #[test]
    fn a_profile_tells_dense_segments_from_thin_ones() {
        let stretch = |from, first, step| Stretch { from, first, step, tombstones_before: 0.0 };
        // 10 entries each 10 apart, then 12 apart, then 100 apart.
        let stretches =
            vec![stretch(0, 0, 10.0), stretch(100, 10, 12.0), stretch(220, 20, 100.0), stretch(1220, 30, 1.0)];
        let entries = MergedEntries { stretches, len: 30, smallest: 0, largest: 1219, ..MergedEntries::default() };
        let steps = |first, last| {
            let mut profile = DensityProfile::default();
            entries.profile(entries.nth(first, 0), entries.nth(last, 0), &mut profile);
            profile.steps().to_vec()
        };
        assert_eq!(steps(0, 29), [DensityStep { end: 220, entries: 20 }]);
        assert_eq!(steps(5, 25), [DensityStep { end: 220, entries: 15 }]);
        assert_eq!(steps(0, 19), [], "nearly alike");
        assert_eq!(steps(21, 29), [], "one stretch");
    }
}
