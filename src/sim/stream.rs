//! The entries of a byteless merge, in order, without listing them: how many there are between one place and the next, and
//! so where each of them lies.
//!
//! In: tables with key ranges (positions of 64 bits) and counts, newest first. Out: *pieces*, in which every count is
//! spread evenly:
//!
//! ```text
//! a table of 6 entries      [ •   •   •   •   •   • ]
//! a table of 5 entries              [ •  •  •  •  • ]
//! pieces                    [   2  ][       9       ]     9 and not 5 + 4 only where no key is in both (KeyModel)
//! ```
//!
//! The first entry lies at the smallest key of all, the last at the largest; between them each lies in the middle of its share
//! of the piece. Counts are whole, and what rounding leaves is carried on: nothing gets lost, however small the pieces.
//!
//! What is merged into one table need not be dense everywhere: where the level below has just been compacted away, only the new
//! entries lie. So a table keeps a *shape*, its parts of unlike density. Were each table evened out, dense tables and thin ones
//! would become alike, there would be less to gain from picking the right one, and write amplification would come
//! out 3 % too high.

use std::ops::Range;

use super::{
    ages::{Age, Ages, widen},
    keys::KeyModel,
    shapes::{Knot, Shape, Shapes},
};
use crate::{entry::SeqNo, version::TableMeta};

/// What sums of parts may lack of a whole.
const SLACK: f64 = 1e-6;

/// Parts are told apart where entries lie so many times as far apart as in the one before.
const ALIKE: f64 = 1.5;

/// A table that is merged.
#[derive(Clone, Copy, Debug)]
struct Source {
    from: u64,
    /// Behind the last key.
    end: u64,
    /// Of its entries, those that are tombstones.
    tombstones: f64,
    /// The logarithm of how far its entries are apart.
    apart: f64,
    seqs: (SeqNo, SeqNo),
    /// How many sequence numbers there are from the first to the last.
    span: f64,
    entries: u64,
    /// Entries for each position.
    density: f64,
    /// The entries before the piece at hand.
    before: u64,
}

impl Source {
    /// Adds `table` to `sources`, part by part where its `shape` is not even.
    fn add(table: &TableMeta, shape: Option<Shape>, sources: &mut Vec<Source>) {
        let (mut at, end) = (table.smallest.beginning(), table.largest.beginning().saturating_add(1));
        let mut left = table.entries;
        let tombstones = float(table.tombstones) / float(table.entries.max(1));
        let seqs = (table.smallest_seq, table.largest_seq);
        let span = float(seqs.1.saturating_sub(seqs.0));
        let mut part = |end: u64, entries: u64| {
            let width = (end - at).max(1) as f64;
            let density = float(entries) / width;
            // By the same rule as below: the logarithm is a rough one, and roughness must cancel out.
            let apart = log2(width / float(entries.max(1)));
            sources.push(Source { from: at, end, tombstones, apart, seqs, span, entries, density, before: 0 });
            at = end;
        };
        for knot in shape.iter().flat_map(Shape::knots) {
            part(knot.end, knot.entries);
            left -= knot.entries;
        }
        part(end, left);
    }

    /// Its entries from where the last piece ended up to `to`.
    fn take(&mut self, to: u64) -> u64 {
        let up_to = match to >= self.end {
            true => self.entries,
            false => (((to - self.from) as f64 * self.density) as i64 as u64).min(self.entries),
        };
        let taken = up_to - self.before;
        self.before = up_to;
        taken
    }
}

/// A count as a float. Counts are far below 2^63, and processors have an instruction for signed numbers only.
#[inline]
fn float(count: u64) -> f64 {
    count as i64 as f64
}

/// The logarithm to base 2 of a positive number, to within 0.05: a straight line between powers of two.
fn log2(x: f64) -> f64 {
    const MANTISSA: f64 = (1u64 << 52) as f64;
    x.to_bits() as i64 as f64 / MANTISSA - 1023.0 + 0.043
}

/// A range in which entries are spread evenly.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: u64,
    /// The number of its first entry, and how many it has.
    first: u64,
    entries: u64,
    /// From one entry to the next.
    step: f64,
    /// Tombstones before it, and in it.
    tombstones_before: f64,
    tombstones: f64,
    /// How old its entries are.
    ages: Ages,
}

/// Sums over the pieces so far.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    entries: u64,
    tombstones: f64,
    /// By how many bits neighbours are nearer to each other than they were in their tables, summed over all entries.
    nearer: f64,
    /// The part of an entry that the last piece left over.
    carry: f64,
    /// No two neighbours are further apart.
    widest: u64,
    /// Where the last piece that has entries ends, and its step.
    until: u64,
    step: u64,
}

/// The merged entries. Kept from one merge to the next, for the sake of its memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pieces: Vec<Piece>,
    sums: Sums,
    smallest: u64,
    largest: u64,
    sources: Vec<Source>,
    /// Sources, by where they begin.
    order: Vec<u32>,
    /// Of these, the ones that the piece at hand is in; newest first.
    open: Vec<u32>,
}

impl Stream {
    /// Merges `tables`, which are given newest first. `keeps` says whether the tombstones of a range must stay.
    pub fn merge<'a>(
        &mut self,
        tables: impl Iterator<Item = &'a TableMeta>,
        model: &KeyModel,
        mut keeps: impl FnMut(u64, u64) -> bool,
        shapes: &mut Shapes,
    ) {
        self.begin(tables, shapes);
        let Stream { sources, order, open, .. } = self;
        let (mut at, mut sums, mut begun) = (self.smallest, self.sums, 0);
        // The first end of an open one.
        let mut end = u64::MAX;
        loop {
            let mut begins = order.get(begun).map_or(u64::MAX, |next| sources[*next as usize].from);
            if open.is_empty() {
                if begun == order.len() {
                    break;
                }
                at = begins;
            }
            while begins <= at && begun < order.len() {
                end = end.min(sources[order[begun] as usize].end);
                insert(open, order[begun]);
                begun += 1;
                begins = order.get(begun).map_or(u64::MAX, |next| sources[*next as usize].from);
            }
            let to = end.min(begins);
            self.pieces.extend(sums.piece(sources, open, at..to, model, &mut keeps));
            end = u64::MAX;
            let mut left = 0;
            for i in 0..open.len() {
                let ends = sources[open[i] as usize].end;
                if ends > to {
                    open[left] = open[i];
                    left += 1;
                    end = end.min(ends);
                }
            }
            open.truncate(left);
            at = to;
        }
        sums.widen(self.largest.max(sums.until), sums.step);
        self.sums = sums;
    }

    fn begin<'a>(&mut self, tables: impl Iterator<Item = &'a TableMeta>, shapes: &mut Shapes) {
        self.pieces.clear();
        self.open.clear();
        self.sources.clear();
        for table in tables {
            Source::add(table, shapes.take(table.id), &mut self.sources);
        }
        let sources = &self.sources;
        self.order.clear();
        self.order.extend(0..sources.len() as u32);
        self.order.sort_unstable_by_key(|at| (sources[*at as usize].from, *at));
        self.smallest = self.order.first().map_or(0, |first| sources[*first as usize].from);
        self.largest = sources.iter().map(|s| s.end).max().map_or(0, |end| end - 1);
        self.sums = Sums { until: self.smallest, ..Sums::default() };
    }
}

/// Puts `new` into `open`, which is in order.
fn insert(open: &mut Vec<u32>, new: u32) {
    open.push(new);
    let mut at = open.len() - 1;
    while at > 0 && open[at - 1] > new {
        open[at] = open[at - 1];
        at -= 1;
    }
    open[at] = new;
}

impl Sums {
    /// Adds what the `open` ones of `sources` have in `range`, and returns it; none if that is not a whole entry.
    #[inline]
    fn piece(
        &mut self,
        sources: &mut [Source],
        open: &[u32],
        range: Range<u64>,
        model: &KeyModel,
        keeps: &mut impl FnMut(u64, u64) -> bool,
    ) -> Option<Piece> {
        let Range { start: from, end: to } = range;
        let width = (to - from) as f64;
        let mut union = model.union(width);
        let (mut entries, mut tombstones, mut apart, mut ages) = (0.0, 0.0, 0.0, None);
        for open in open {
            let source = &mut sources[*open as usize];
            let taken = source.take(to);
            if taken > 0 {
                let kept = union.add(float(taken));
                let apart_by = source.span / float(taken);
                let of = |seq| Age { seq, apart: apart_by };
                widen(&mut ages, of(source.seqs.0), of(source.seqs.1));
                entries += kept;
                tombstones += kept * source.tombstones;
                apart += kept * source.apart;
            }
        }
        apart /= f64::max(entries, SLACK);
        if tombstones > 0.0 && !keeps(from, to - 1) {
            entries -= tombstones;
            tombstones = 0.0;
        }
        let exact = entries + self.carry;
        // No two entries at one position.
        let whole = ((exact + SLACK) as i64 as u64).min(to - from);
        let (first, tombstones_before) = (self.entries, self.tombstones);
        self.carry = (exact - float(whole)).min(1.0);
        self.tombstones += tombstones;
        if whole == 0 {
            return None;
        }
        let step = width / float(whole);
        self.nearer += (apart - log2(step)) * float(whole);
        let apart_by = step as u64;
        self.widen(from, apart_by);
        self.entries += whole;
        (self.until, self.step) = (to, apart_by);
        Some(Piece { from, first, entries: whole, step, tombstones_before, tombstones, ages })
    }

    /// Takes into account how far the first entry of a piece that begins at `from` lies behind the one before it.
    fn widen(&mut self, from: u64, step: u64) {
        // Twice a step, since the first and the last of all entries lie at the ends of their shares, not in the middle.
        let across = (from - self.until).saturating_add(self.step).saturating_add(step);
        self.widest = self.widest.max(across.max(step.saturating_mul(2)).saturating_add(2));
    }
}

impl Stream {
    /// No two neighbours are further apart than this.
    pub fn widest(&self) -> u64 {
        self.sums.widest
    }

    /// How many entries there are.
    pub fn len(&self) -> u64 {
        self.sums.entries
    }

    /// How many of the first `n` entries are tombstones, when the last of them is in `piece`.
    pub fn tombstones(&self, n: u64, piece: usize) -> u64 {
        let piece = &self.pieces[piece];
        let share = (n - piece.first) as f64 / piece.entries as f64;
        (piece.tombstones_before + piece.tombstones * share + SLACK) as u64
    }

    /// How many of all entries are tombstones, as expected.
    pub fn all_tombstones(&self) -> f64 {
        self.sums.tombstones
    }

    /// By how many bits neighbours are nearer to each other than they were in their tables, on average.
    pub fn nearer(&self) -> f64 {
        self.sums.nearer / self.sums.entries.max(1) as f64
    }

    /// The ages of the entries from `begin` to `end`, which is in the piece `last` or before it.
    pub fn ages(&self, begin: (u64, usize), end: u64, last: usize) -> Ages {
        let mut all = None;
        for piece in &self.pieces[begin.1..=last] {
            let Some((oldest, newest)) = piece.ages else { continue };
            let many = (piece.first + piece.entries).min(end).saturating_sub(piece.first.max(begin.0));
            // Fewer entries than the piece has are further apart.
            let fewer = float(piece.entries) / float(many.max(1));
            let of = |age: Age| Age { apart: age.apart * fewer, ..age };
            widen(&mut all, of(oldest), of(newest));
        }
        all
    }

    /// How the entries from `begin` to `end` are spread, each given with its piece; none if about evenly.
    pub fn shape(&self, begin: (u64, usize), end: (u64, usize)) -> Option<Shape> {
        let last = self.piece_before(end.0 - 1, end.1);
        if begin.1 == last {
            return None;
        }
        let mut shape = Shape::default();
        let from = self.position(begin.0, begin.1);
        let to = self.position(end.0 - 1, last) + 1;
        // The part at hand: where it begins, and how many entries it has.
        let (mut part_from, mut part_entries) = (from, 0u64);
        for at in begin.1..=last {
            let piece = &self.pieces[at];
            let first = piece.first.max(begin.0);
            let many = (piece.first + piece.entries).min(end.0) - first;
            let piece_from = piece.from.max(from);
            // How far the entries of the part are apart, and those of the piece, both times the entries of the part.
            let (apart, step) = ((piece_from - part_from) as f64, piece.step * float(part_entries));
            let alike = apart < step * ALIKE && step < apart * ALIKE;
            if part_entries > 0 && !alike && !shape.is_full() {
                shape.push(Knot { end: piece_from, entries: part_entries });
                (part_from, part_entries) = (piece_from, 0);
            }
            part_entries += many;
        }
        debug_assert!(shape.knots().last().is_none_or(|knot| knot.end < to));
        (!shape.knots().is_empty()).then_some(shape)
    }

    /// Where entry `n` lies, which is in `piece`.
    #[inline]
    pub fn position(&self, n: u64, piece: usize) -> u64 {
        if n == 0 {
            return self.smallest;
        }
        if n + 1 == self.sums.entries {
            return self.largest;
        }
        let piece = &self.pieces[piece];
        piece.from + ((float(n - piece.first) + 0.5) * piece.step) as u64
    }

    /// The piece of entry `n`, which is `piece` or a later one.
    #[inline]
    pub fn piece_of(&self, n: u64, mut piece: usize) -> usize {
        while n >= self.pieces[piece].first + self.pieces[piece].entries {
            piece += 1;
        }
        piece
    }

    /// The piece of entry `n`, which is `piece` or the one before it.
    #[inline]
    pub fn piece_before(&self, n: u64, piece: usize) -> usize {
        if n < self.pieces[piece].first { piece - 1 } else { piece }
    }

    /// The first entry that lies at or behind `from`, and its piece, when there is none in a piece before `piece`. None if all
    /// lie before it.
    pub fn first_at(&self, from: u64, mut piece: usize) -> Option<(u64, usize)> {
        while piece + 1 < self.pieces.len() && self.pieces[piece + 1].from <= from {
            piece += 1;
        }
        let Piece { from: begin, first, entries, step, .. } = self.pieces[piece];
        // Near enough, and then exactly.
        let guess = (from.saturating_sub(begin) as f64 / step) as u64;
        let mut n = first + guess.min(entries);
        while n > first && self.position(n - 1, piece) >= from {
            n -= 1;
        }
        while n < first + entries && self.position(n, piece) < from {
            n += 1;
        }
        match n < first + entries {
            true => Some((n, piece)),
            false => (n < self.sums.entries).then_some((n, piece + 1)),
        }
    }
}
