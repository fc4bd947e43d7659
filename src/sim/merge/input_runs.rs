//! The inputs of a merge as sorted runs, each an unbroken row of *segments* in which entries lie evenly.
//!
//! In: tables, newest first, those of a sorted level from left to right. Tables that lie one behind the other are one
//! run, so that a run has at most one table at any position, and a merge of two levels walks along two rows. Out: a
//! [`RunCursor`] for each run, newest first.
//!
//! ```text
//! tables     [      a      ]           a comes from one level, b, c and d from the next
//!         [  b  ][   c   ]     [ d ]
//! runs     -[      a      ]----------  where a run has no table, a segment of no entries
//!         [  b  |   c   ]-----[ d ]
//! ```
//!
//! Two tables of a level that were cut from one merge are one step apart: `n` entries take `n` steps, the last of which
//! ends where the next table begins. So a segment goes on to the next table of its run if that is at most
//! [`MAX_GAP_STEPS`] away. That spares an interval for each gap: without it, `ten-hours` takes 3 % longer.

use super::{
    density_profile::{DensityProfile, DensityProfiles},
    seq_ranges::SeqRanges,
    sweep::{larger, log2},
};
use crate::{float::float, version::TableMeta};

/// A gap of at most this many steps belongs to the table before it.
pub(super) const MAX_GAP_STEPS: f64 = 2.0;

/// A range in which the entries of one run lie evenly.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunSegment {
    /// Behind its last position. It begins where the segment before it ends.
    pub end: u64,
    /// Entries per position.
    pub density: f64,
    /// Its entries; while a cursor is in it, those behind the cursor.
    pub entries: f64,
    /// Of its entries, the share that are tombstones.
    pub tombstones: f64,
    /// `log2` of the distance between two of its entries.
    pub log2_step: f64,
}

impl RunSegment {
    /// Nothing up to `end`.
    const fn gap(end: u64) -> RunSegment {
        RunSegment { end, density: 0.0, entries: 0.0, tombstones: 0.0, log2_step: 0.0 }
    }

    /// `entries` in `width` positions up to `end`.
    #[inline]
    fn of(end: u64, width: f64, entries: u64, tombstones: f64) -> RunSegment {
        let entries = float(entries);
        // The same rough logarithm as for the outputs, so that its error cancels out.
        RunSegment { end, density: entries / width, entries, tombstones, log2_step: log2(width / entries) }
    }
}

/// A position in a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunCursor<'a> {
    /// The segment that it is in.
    pub segment: RunSegment,
    /// The segments behind it.
    behind: &'a [RunSegment],
}

impl RunCursor<'_> {
    /// Goes on to `to`, by `width` positions and at most to the end of the segment: the entries passed.
    #[inline(always)]
    pub fn take(&mut self, to: u64, width: f64) -> f64 {
        let RunSegment { end, density, entries: left, .. } = self.segment;
        if end == to {
            self.advance();
            return left;
        }
        let taken = width * density;
        // Not less than nothing, whatever rounding does.
        self.segment.entries = larger(left - taken, 0.0);
        taken
    }

    /// Goes on to the next segment; behind the last one, to one without entries.
    #[inline(always)]
    fn advance(&mut self) {
        self.segment = match self.behind.split_first() {
            Some((segment, behind)) => {
                self.behind = behind;
                *segment
            }
            None => RunSegment::gap(u64::MAX),
        };
    }
}

/// The runs. Buffers are reused by the next merge.
#[derive(Clone, Debug, Default)]
pub(super) struct InputRuns {
    segments: Vec<RunSegment>,
    /// The first segment of each run, newest first.
    begins: Vec<usize>,
    /// The first position of all, and the one behind the last.
    pub smallest: u64,
    pub end: u64,
    /// Whether any entry is a tombstone.
    pub have_tombstones: bool,
}

impl InputRuns {
    /// Makes the runs of `tables`, and adds these to `seqs`. Their profiles are taken from `profiles`.
    pub fn fill<'a>(
        &mut self,
        mut tables: impl Iterator<Item = &'a TableMeta>,
        profiles: &mut DensityProfiles,
        seqs: &mut SeqRanges,
    ) {
        self.segments.clear();
        self.begins.clear();
        (self.smallest, self.end, self.have_tombstones) = (u64::MAX, 0, false);
        let begins = |table: Option<&TableMeta>| table.map_or(0, |table| table.smallest.beginning());
        let mut next = tables.next();
        let (mut from, mut run_end) = (begins(next), u64::MAX);
        while let Some(table) = next {
            next = tables.next();
            let next_from = begins(next);
            let end = table.largest.beginning().saturating_add(1);
            (self.smallest, self.end) = (self.smallest.min(from), self.end.max(end));
            let begins_run = from < run_end || self.begins.is_empty();
            if begins_run {
                self.begins.push(self.segments.len());
                // No entries before its first table.
                self.segments.push(RunSegment::gap(from));
            } else if from > run_end {
                self.segments.push(RunSegment::gap(from));
            }
            run_end = self.add(table, from, end, next_from, profiles.take(table.id));
            seqs.add(table, begins_run);
            from = next_from;
        }
        seqs.end_run();
    }

    /// Adds a table to a run, with a segment for each of its `profile`. Returns where the last one ends: at `end`, or
    /// where the `next` table begins.
    #[inline(always)]
    fn add(&mut self, table: &TableMeta, from: u64, end: u64, next: u64, profile: Option<&DensityProfile>) -> u64 {
        let mut share = 0.0;
        if table.tombstones > 0 {
            share = float(table.tombstones) / float(table.entries);
            self.have_tombstones = true;
        }
        let (mut at, mut left) = (from, table.entries);
        if let Some(profile) = profile {
            for step in profile.steps() {
                self.segments.push(RunSegment::of(step.end, (step.end - at) as f64, step.entries, share));
                (at, left) = (step.end, left - step.entries);
            }
        }
        let width = (end - at).max(1) as f64;
        if next > end {
            let gap = (next - end) as f64;
            if gap * float(left) <= width * MAX_GAP_STEPS {
                self.segments.push(RunSegment::of(next, width + gap, left, share));
                return next;
            }
        }
        self.segments.push(RunSegment::of(end, width, left, share));
        end
    }

    /// The number of runs.
    pub fn len(&self) -> usize {
        self.begins.len()
    }

    /// A cursor at the first position of all, in run `run`.
    #[inline]
    pub fn cursor(&self, run: usize) -> RunCursor<'_> {
        let end = self.begins.get(run + 1).copied().unwrap_or(self.segments.len());
        let segments = &self.segments[self.begins[run]..end];
        let mut cursor = RunCursor { segment: segments[0], behind: &segments[1..] };
        if cursor.segment.end == self.smallest {
            cursor.advance();
        }
        cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(id: u64, from: u64, to: u64, entries: u64) -> TableMeta {
        TableMeta {
            id,
            bytes: 0,
            entries,
            tombstones: 0,
            smallest: from.to_be_bytes()[..].into(),
            largest: to.to_be_bytes()[..].into(),
            smallest_seq: 1,
            largest_seq: 9,
            ..TableMeta::default()
        }
    }

    /// Each run from the first position on: where its segments end, and their entries.
    fn runs(tables: &[TableMeta]) -> Vec<Vec<(u64, f64)>> {
        let mut runs = InputRuns::default();
        runs.fill(tables.iter(), &mut DensityProfiles::default(), &mut SeqRanges::default());
        let segments = |run: usize| {
            let mut cursor = runs.cursor(run);
            let mut segments = Vec::new();
            while cursor.segment.end < u64::MAX {
                segments.push((cursor.segment.end, cursor.segment.entries));
                cursor.advance();
            }
            segments
        };
        (0..runs.len()).map(segments).collect()
    }

    #[test]
    fn tables_side_by_side_are_one_run_and_overlapping_ones_are_not() {
        let upper = table(1, 250, 1649, 10);
        let lower = [table(2, 0, 999, 10), table(3, 1000, 1999, 10)];
        let expected = [vec![(250, 0.0), (1650, 10.0)], vec![(1000, 10.0), (2000, 10.0)]];
        assert_eq!(runs(&[upper, lower[0].clone(), lower[1].clone()]), expected);
        // Tables of level 0, newest first, of which the second begins behind the first, and the third before the
        // second.
        let level_0 = [table(1, 0, 99, 1), table(2, 500, 599, 1), table(3, 200, 299, 1)];
        assert_eq!(runs(&level_0), [vec![(100, 1.0), (500, 0.0), (600, 1.0)], vec![(200, 0.0), (300, 1.0)]]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn a_table_goes_on_to_the_next_one_unless_entries_are_missing_between() {
        // 10 entries in 900 positions are 90 apart.
        let before = |gap: u64| runs(&[table(1, 0, 899, 10), table(2, 900 + gap, 1999, 10)]).remove(0);
        for narrow in [0, 1, 100, 180] {
            assert_eq!(before(narrow), [(900 + narrow, 10.0), (2000, 10.0)]);
        }
        assert_eq!(before(181), [(900, 10.0), (1081, 0.0), (2000, 10.0)]);
    }
}
