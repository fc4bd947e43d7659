//! The entries of a byteless merge, in order, without listing them: how many there are between one place and the next,
//! and so where each of them lies.
//!
//! In: tables with key ranges (positions of 64 bits) and counts, newest first. They are walked along as sorted runs
//! (`runs`). Out: *pieces*, in which every count is spread evenly (`pieces`):
//!
//! ```text
//! a table of 6 entries      [ •   •   •   •   •   • ]
//! a table of 5 entries              [ •  •  •  •  • ]
//! pieces                    [   2  ][       9       ]     9 and not 5 + 4 only where no key is in both (KeyModel)
//! ```
//!
//! Counts are whole, and what rounding leaves is carried on: nothing gets lost, however small the pieces. A piece is no
//! wider than a quarter of all positions.
//!
//! What is merged into one table need not be dense everywhere: where the level below has just been compacted away, only
//! the new entries lie. So a table keeps a *shape*, its parts of unlike density. Were each table evened out, dense
//! tables and thin ones would become alike, there would be less to gain from picking the right one, and write
//! amplification would come out 3 % too high.

use std::ops::Range;

use super::{ages::Ages, keys::KeyModel, shapes::Shapes};
use crate::{float::float, version::TableMeta};

mod pieces;
mod runs;

use pieces::Piece;
pub(super) use pieces::{Nth, Pieces};
use runs::{Cursor, Runs};

/// What sums of parts may lack of a whole.
const SLACK: f64 = 1e-6;

/// No piece is wider: its width is a signed number.
const WIDEST: u64 = 1 << 62;

/// The logarithm to base 2 of a positive number, to within 0.05: a straight line between powers of two.
#[inline]
fn log2(x: f64) -> f64 {
    const MANTISSA: f64 = (1u64 << 52) as f64;
    x.to_bits() as i64 as f64 / MANTISSA - 1023.0 + 0.043
}

/// The merged entries. Kept from one merge to the next, for the sake of its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    /// Where they lie.
    pub pieces: Pieces,
    /// How old they are.
    pub ages: Ages,
    runs: Runs,
    sums: Sums,
}

/// Sums over the pieces so far.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    pieces: usize,
    entries: u64,
    tombstones: f64,
    /// By how many bits neighbours are nearer to each other than they were in their tables, summed over all entries.
    nearer: f64,
    /// The part of an entry that the last piece left over.
    carry: f64,
    /// The widest step.
    step: f64,
    /// How wide the range without an entry is that the last piece left, and the widest one.
    gap: u64,
    widest_gap: u64,
}

/// What the runs have in one range.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    entries: f64,
    tombstones: f64,
    /// The logarithms of how far they are apart in their tables, summed.
    apart: f64,
}

impl Stream {
    /// Merges `tables`, which are given newest first, those of a sorted level in its order. `keeps` says whether the
    /// tombstones of a range must stay.
    pub fn merge<'a>(
        &mut self,
        tables: impl Iterator<Item = &'a TableMeta>,
        model: &KeyModel,
        keeps: impl FnMut(u64, u64) -> bool,
        shapes: &mut Shapes,
    ) {
        self.pieces.list.clear();
        self.ages.clear();
        self.runs.fill(tables, shapes, &mut self.ages);
        let runs = &self.runs;
        let (range, pieces) = (runs.smallest..runs.end, &mut self.pieces.list);
        self.pieces.cells = model.cells();
        // A step ends where a part does, or is as wide as can be.
        pieces.resize(runs.parts() + (u64::MAX / WIDEST) as usize + 2, Piece::default());
        self.sums = if runs.len() == 2 && !runs.have_tombstones && model.is_unique() {
            along_two(range, [runs.cursor(0), runs.cursor(1)], pieces)
        } else {
            let cursors = (0..runs.len()).map(|run| runs.cursor(run)).collect();
            match runs.have_tombstones || !model.is_unique() {
                false => along::<false>(range, cursors, pieces, model, keeps),
                true => along::<true>(range, cursors, pieces, model, keeps),
            }
        };
        self.end();
    }

    fn end(&mut self) {
        let Sums { entries, tombstones, step, widest_gap, .. } = self.sums;
        let Runs { smallest, end, .. } = self.runs;
        let pieces = &mut self.pieces;
        pieces.list[self.sums.pieces] = Piece { from: end, first: entries, step: 1.0, tombstones_before: tombstones };
        pieces.list.truncate(self.sums.pieces + 1);
        // A single entry lies at the smallest key.
        let largest = if entries == 1 { smallest } else { end.saturating_sub(1) };
        (pieces.len, pieces.smallest, pieces.largest) = (entries, smallest, largest);
        // Two steps, since the first and the last of all entries lie at the ends of their shares, not in the middle.
        pieces.widest = ((2.0 * step) as u64).saturating_add(widest_gap).saturating_add(2);
    }

    /// How many of all entries are tombstones, as expected.
    pub fn all_tombstones(&self) -> f64 {
        self.sums.tombstones
    }

    /// By how many bits neighbours are nearer to each other than they were in their tables, on average.
    pub fn nearer(&self) -> f64 {
        self.sums.nearer / float(self.sums.entries.max(1))
    }
}

/// Walks along all `runs` at once, from each place where a part of one of them ends to the next. `MORE`: keys may be in
/// several runs, or entries may be tombstones.
#[inline(never)]
fn along<const MORE: bool>(
    range: Range<u64>,
    mut runs: Vec<Cursor<'_>>,
    pieces: &mut [Piece],
    model: &KeyModel,
    mut keeps: impl FnMut(u64, u64) -> bool,
) -> Sums {
    let Range { start: mut at, end } = range;
    let mut sums = Sums::default();
    while at < end {
        let to = runs.iter().fold(at.saturating_add(WIDEST), |to, run| to.min(run.part.end));
        let width = float(to - at);
        let mut found = Found::default();
        let mut union = MORE.then(|| model.union(width));
        for run in &mut runs {
            let (tombstones, apart) = (run.part.tombstones, run.part.apart);
            let taken = run.take(to, width);
            let kept = union.as_mut().map_or(taken, |union| union.add(taken));
            if MORE {
                found.tombstones += kept * tombstones;
            }
            found.entries += kept;
            found.apart += kept * apart;
        }
        if MORE && found.tombstones > 0.0 && !keeps(at, to - 1) {
            found.drop_tombstones();
        }
        // No two entries of one key.
        sums.add(at..to, width, model.cells().within(width), &found, pieces);
        at = to;
    }
    sums
}

/// The same where no key is in both of two runs, and no entry is a tombstone: almost all merges are so.
#[inline(never)]
fn along_two(range: Range<u64>, [mut upper, mut lower]: [Cursor<'_>; 2], pieces: &mut [Piece]) -> Sums {
    let Range { start: mut at, end } = range;
    let mut sums = Sums::default();
    while at < end {
        let to = at.saturating_add(WIDEST).min(upper.part.end).min(lower.part.end);
        let width = float(to - at);
        let apart = [upper.part.apart, lower.part.apart];
        let taken = [upper.take(to, width), lower.take(to, width)];
        let found =
            Found { entries: taken[0] + taken[1], tombstones: 0.0, apart: taken[0] * apart[0] + taken[1] * apart[1] };
        // No two entries at one position.
        sums.add(at..to, width, width, &found, pieces);
        at = to;
    }
    sums
}

impl Found {
    #[cold]
    fn drop_tombstones(&mut self) {
        self.apart *= 1.0 - self.tombstones / self.entries;
        self.entries -= self.tombstones;
        self.tombstones = 0.0;
    }
}

impl Sums {
    /// Adds what was `found` in a `range`, which has room for so many entries: the next of `pieces`, if that is a whole
    /// entry.
    #[inline(always)]
    fn add(&mut self, range: Range<u64>, width: f64, room: f64, found: &Found, pieces: &mut [Piece]) {
        let tombstones_before = self.tombstones;
        self.tombstones += found.tombstones;
        self.nearer += found.apart;
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
        pieces[self.pieces] = Piece { from: range.start, first, step, tombstones_before };
        self.pieces += 1;
    }
}

/// The smaller of two numbers: with no thought of what is none, it is one instruction.
#[inline]
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The larger of two numbers.
#[inline]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
