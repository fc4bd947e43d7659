//! The sweep along the key axis: how many entries a merge leaves in each interval.
//!
//! In: the tables of a merge, newest first, which [`InputRuns`] makes sorted runs of; the [`KeyModel`]; whether the
//! tombstones of an interval must stay. Out: [`MergedEntries`], and [`SeqRanges`] for the same tables.
//!
//! An interval ends where a segment of any run ends, or is as wide as can be. Its count is a whole number; what
//! rounding leaves is carried to the next interval, so that no entry is lost however narrow intervals are.
//!
//! ```text
//! a table of 6 entries      [ •   •   •   •   •   • ]
//! a table of 5 entries              [ •  •  •  •  • ]
//! stretches                 [   2  ][       9       ]     9 = 4 + 5 only where no key is in both (KeyModel)
//! ```

use std::ops::Range;

use super::{
    density_profile::DensityProfiles,
    input_runs::{InputRuns, RunCursor},
    key_model::KeyModel,
    merged_entries::{MergedEntries, Stretch},
    seq_ranges::SeqRanges,
};
use crate::{float::float, version::TableMeta};

/// What a sum of fractions may lack of a whole number.
pub(super) const SLACK: f64 = 1e-6;

/// The widest interval: its width is a signed number.
pub(super) const WIDEST: u64 = 1 << 62;

/// The logarithm to base 2 of a positive number, to within 0.05: a straight line between powers of two. With `libm`'s,
/// `ten-hours` takes 8 % longer.
#[inline]
pub(super) fn log2(x: f64) -> f64 {
    const MANTISSA: f64 = (1u64 << 52) as f64;
    x.to_bits() as i64 as f64 / MANTISSA - 1023.0 + 0.043
}

/// The sweep of one merge after another. Buffers are reused by the next merge: with new ones, here and in [`InputRuns`]
/// and [`SeqRanges`], `ten-hours` takes 18 % longer.
#[derive(Clone, Debug, Default)]
pub(super) struct Sweep {
    /// The entries that the merge leaves.
    pub entries: MergedEntries,
    /// The sequence numbers of the same tables.
    pub seqs: SeqRanges,
    runs: InputRuns,
    totals: SweepTotals,
}

/// Sums over the intervals so far.
#[derive(Clone, Copy, Debug, Default)]
struct SweepTotals {
    entries: u64,
    tombstones: f64,
    /// The bits by which neighbours are nearer to each other than in their tables, summed over all entries.
    nearer: f64,
    /// The fraction of an entry that the last interval left over.
    carry: f64,
    /// The widest step.
    step: f64,
    /// The width of the intervals without an entry since the last stretch, and the widest such gap.
    gap: u64,
    widest_gap: u64,
}

/// What the runs leave in one interval.
#[derive(Clone, Copy, Debug, Default)]
struct IntervalCounts {
    entries: f64,
    tombstones: f64,
    /// `log2` of the distances of entries in their tables, summed.
    log2_steps: f64,
}

impl Sweep {
    /// Merges `tables`, newest first, those of a sorted level in its order. `keeps` says whether the tombstones of a
    /// range must stay.
    pub fn merge<'a>(
        &mut self,
        tables: impl Iterator<Item = &'a TableMeta>,
        model: &KeyModel,
        keeps: impl FnMut(u64, u64) -> bool,
        profiles: &mut DensityProfiles,
    ) {
        self.entries.stretches.clear();
        self.seqs.clear();
        self.runs.fill(tables, profiles, &mut self.seqs);
        let runs = &self.runs;
        let (range, stretches) = (runs.smallest..runs.end, &mut self.entries.stretches);
        self.entries.cells = model.cells();
        self.totals = if runs.len() == 2 && !runs.have_tombstones && model.is_unique() {
            sweep_two(range, [runs.cursor(0), runs.cursor(1)], stretches)
        } else {
            let cursors = (0..runs.len()).map(|run| runs.cursor(run)).collect();
            sweep(range, cursors, stretches, model, keeps)
        };
        self.end();
    }

    fn end(&mut self) {
        let SweepTotals { entries, tombstones, step, widest_gap, .. } = self.totals;
        let InputRuns { smallest, end, .. } = self.runs;
        let merged = &mut self.entries;
        merged.stretches.push(Stretch { from: end, first: entries, step: 1.0, tombstones_before: tombstones });
        // A single entry lies at the smallest key.
        let largest = if entries == 1 { smallest } else { end.saturating_sub(1) };
        (merged.len, merged.smallest, merged.largest) = (entries, smallest, largest);
        // Two steps, since the first and the last of all entries lie at the ends of their shares, not in the middle.
        merged.widest = ((2.0 * step) as u64).saturating_add(widest_gap).saturating_add(2);
    }

    /// The expected number of tombstones.
    pub fn all_tombstones(&self) -> f64 {
        self.totals.tombstones
    }

    /// The bits by which neighbours are nearer to each other than in their tables, on average.
    pub fn nearer(&self) -> f64 {
        self.totals.nearer / float(self.totals.entries.max(1))
    }
}

/// Sweeps over all `runs`, from each end of a segment to the next.
fn sweep(
    range: Range<u64>,
    mut runs: Vec<RunCursor<'_>>,
    stretches: &mut Vec<Stretch>,
    model: &KeyModel,
    mut keeps: impl FnMut(u64, u64) -> bool,
) -> SweepTotals {
    let Range { start: mut at, end } = range;
    let mut totals = SweepTotals::default();
    while at < end {
        let to = runs.iter().fold(at.saturating_add(WIDEST), |to, run| to.min(run.segment.end));
        let width = float(to - at);
        let mut found = IntervalCounts::default();
        let mut union = model.union(width);
        for run in &mut runs {
            let (tombstones, log2_step) = (run.segment.tombstones, run.segment.log2_step);
            let taken = run.take(to, width);
            let kept = union.add(taken);
            found.tombstones += kept * tombstones;
            found.entries += kept;
            found.log2_steps += kept * log2_step;
        }
        if found.tombstones > 0.0 && !keeps(at, to - 1) {
            found.drop_tombstones();
        }
        // No two entries of one key.
        totals.add(at..to, width, model.cells().within(width), &found, stretches);
        at = to;
    }
    totals
}

/// The same for two runs that share no key, without tombstones: almost all merges of new keys are so. Without it,
/// `ten-hours` takes 4 % longer.
fn sweep_two(
    range: Range<u64>,
    [mut upper, mut lower]: [RunCursor<'_>; 2],
    stretches: &mut Vec<Stretch>,
) -> SweepTotals {
    let Range { start: mut at, end } = range;
    let mut totals = SweepTotals::default();
    while at < end {
        let to = at.saturating_add(WIDEST).min(upper.segment.end).min(lower.segment.end);
        let width = float(to - at);
        let log2_steps = [upper.segment.log2_step, lower.segment.log2_step];
        let taken = [upper.take(to, width), lower.take(to, width)];
        let found = IntervalCounts {
            entries: taken[0] + taken[1],
            tombstones: 0.0,
            log2_steps: taken[0] * log2_steps[0] + taken[1] * log2_steps[1],
        };
        // No two entries at one position.
        totals.add(at..to, width, width, &found, stretches);
        at = to;
    }
    totals
}

impl IntervalCounts {
    #[cold]
    fn drop_tombstones(&mut self) {
        self.log2_steps *= 1.0 - self.tombstones / self.entries;
        self.entries -= self.tombstones;
        self.tombstones = 0.0;
    }
}

impl SweepTotals {
    /// Adds what was `found` in an interval that has room for `room` entries: the next of `stretches`, if it is a whole
    /// entry. Inlining it, and what a cursor and a writer do for each interval and output, gains 5 %.
    #[inline(always)]
    fn add(&mut self, range: Range<u64>, width: f64, room: f64, found: &IntervalCounts, stretches: &mut Vec<Stretch>) {
        let tombstones_before = self.tombstones;
        self.tombstones += found.tombstones;
        self.nearer += found.log2_steps;
        let exact = found.entries + self.carry;
        let whole = smaller(exact + SLACK, room) as i64;
        let count = whole as f64;
        self.carry = smaller(exact - count, 1.0);
        if whole == 0 {
            self.gap += range.end - range.start;
            self.widest_gap = self.widest_gap.max(self.gap);
            return;
        }
        let (step, first) = (width / count, self.entries);
        self.nearer -= log2(step) * count;
        self.step = larger(self.step, step);
        self.gap = 0;
        self.entries += whole as u64;
        stretches.push(Stretch { from: range.start, first, step, tombstones_before });
    }
}

/// The smaller of two numbers, neither of which is NaN: one instruction. With `f64::min` and `max`, which look for NaN,
/// `ten-hours` takes 2 % longer.
#[inline]
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The larger of two numbers, neither of which is NaN.
#[inline]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
