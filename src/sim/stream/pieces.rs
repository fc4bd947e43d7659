//! Where the entries of a merge lie: how many there are in each range, and what follows for any one of them.
//!
//! In: *pieces* from left to right, each with a whole number of entries that lie evenly, in the middle of their shares
//! of it; but the first entry of all lies at the smallest key, the last, if there are several, at the largest. Out:
//! where an entry lies, which is the first behind a key, how many of some are tombstones, and the [`Shape`] of a table
//! of them.

use crate::{
    float::float,
    sim::{
        cells::Cells,
        shapes::{Knot, Shape},
    },
};

use super::SLACK;

/// Parts are told apart where entries lie so many times as far apart as in the one before.
const ALIKE: f64 = 1.5;

/// A range in which entries lie evenly. It ends where the next one begins, or a little before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Piece {
    pub from: u64,
    /// The number of its first entry.
    pub first: u64,
    /// From one entry to the next.
    pub step: f64,
    /// Tombstones before it.
    pub tombstones_before: f64,
}

/// One of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Nth {
    /// Its number, from 0 on.
    pub n: u64,
    /// Its piece.
    pub piece: usize,
    /// Where it lies.
    pub at: u64,
}

/// The pieces of a merge.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Pieces {
    /// In order; at last one of no entries, which begins behind them all.
    pub(super) list: Vec<Piece>,
    /// How many entries there are.
    pub(super) len: u64,
    pub(super) smallest: u64,
    pub(super) largest: u64,
    /// No two neighbours are further apart.
    pub(super) widest: u64,
    /// What they lie in, each in one of its own.
    pub(super) cells: Cells,
}

impl Pieces {
    /// How many entries there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Where a table of the entries from `first` to `last` begins and ends.
    #[inline(always)]
    pub fn ends(&self, first: Nth, last: Nth) -> (u64, u64) {
        (self.cells.begin(first.at), self.cells.end(last.at))
    }

    /// No two neighbours are further apart than this.
    pub fn widest(&self) -> u64 {
        self.widest
    }

    /// The first entry.
    pub fn first(&self) -> Nth {
        Nth { n: 0, piece: 0, at: self.smallest }
    }

    /// The last entry.
    pub fn last(&self) -> Nth {
        Nth { n: self.len - 1, piece: self.list.len() - 2, at: self.largest }
    }

    /// Entry `n`, of which there are as many, in `piece` or a later one.
    #[inline]
    pub fn nth(&self, n: u64, piece: usize) -> Nth {
        let mut piece = piece;
        // Two at once: for a processor it is harder to foresee how many there are than to look at both. The last one
        // begins behind all entries.
        while let Some([next, second]) = self.list.get(piece + 1..piece + 3) {
            let passed = usize::from(next.first <= n) + usize::from(second.first <= n);
            piece += passed;
            if passed < 2 {
                break;
            }
        }
        Nth { n, piece, at: self.position(n, &self.list[piece]) }
    }

    /// The entry before one that is not the first.
    #[inline]
    pub fn before(&self, Nth { n, piece, .. }: Nth) -> Nth {
        let piece = piece - usize::from(self.list[piece].first == n);
        Nth { n: n - 1, piece, at: self.position(n - 1, &self.list[piece]) }
    }

    #[inline]
    fn position(&self, n: u64, piece: &Piece) -> u64 {
        // The first or the last one of all.
        if n.wrapping_sub(1) >= self.len.wrapping_sub(2) {
            return if n == 0 { self.smallest } else { self.largest };
        }
        piece.from + ((float(n - piece.first) + 0.5) * piece.step) as i64 as u64
    }

    /// The first entry that lies at or behind `from`, when there is none in a piece before `piece`. None if all lie
    /// before it.
    #[inline]
    pub fn first_at(&self, from: u64, piece: usize) -> Option<Nth> {
        if from > self.largest {
            return None;
        }
        let mut piece = piece;
        while self.list[piece + 1].from <= from {
            piece += 1;
        }
        let (here, end) = (&self.list[piece], self.list[piece + 1].first);
        // Near enough, and then exactly.
        let guess = (float(from.saturating_sub(here.from)) / here.step + 0.5) as i64 as u64;
        let mut n = here.first + guess;
        if n >= end {
            n = end - 1;
        }
        let mut at = self.position(n, here);
        while at < from {
            n += 1;
            if n == end {
                return Some(self.nth(n, piece));
            }
            at = self.position(n, here);
        }
        // Where it lies less than a step behind, the one before it lies before.
        while n > here.first && float(at - from) > here.step * 0.99 - 2.0 {
            let before = self.position(n - 1, here);
            if before < from {
                break;
            }
            (n, at) = (n - 1, before);
        }
        Some(Nth { n, piece, at })
    }

    /// How many entries before this one are tombstones.
    pub fn tombstones_before(&self, Nth { n, piece, .. }: Nth) -> u64 {
        let (piece, next) = (&self.list[piece], &self.list[piece + 1]);
        let share = float(n - piece.first) / float(next.first - piece.first);
        (piece.tombstones_before + (next.tombstones_before - piece.tombstones_before) * share + SLACK) as u64
    }

    /// How many of all entries are tombstones.
    pub fn tombstones(&self) -> u64 {
        self.list.last().map_or(0, |end| (end.tombstones_before + SLACK) as u64)
    }

    /// Adds to `shape`, which has no parts, how the entries from `first` to `last` are spread. Whether it has parts
    /// then: they are not spread evenly.
    #[inline]
    pub fn shape(&self, first: Nth, last: Nth, shape: &mut Shape) -> bool {
        let pieces = &self.list[first.piece..last.piece + 2];
        // The part at hand: its entries, and how wide it is.
        let mut entries = pieces[1].first - first.n;
        let mut many = float(entries);
        let mut width = many * pieces[0].step;
        let end = last.n + 1;
        for pair in pieces[1..].windows(2) {
            let (piece, next) = (&pair[0], &pair[1]);
            // How wide it would be if its entries lay as in this piece.
            let even = many * piece.step;
            let alike = (width < even * ALIKE) & (even < width * ALIKE);
            if !alike && !shape.is_full() {
                shape.push(Knot { end: piece.from, entries });
                (entries, many, width) = (0, 0.0, 0.0);
            }
            let more = next.first.min(end) - piece.first;
            entries += more;
            many += float(more);
            width += float(more) * piece.step;
        }
        debug_assert!(shape.knots().last().is_none_or(|knot| knot.end <= last.at));
        !shape.knots().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Pieces of a few entries or thousands, close together or far apart, with gaps.
    fn pieces(random: &mut Random) -> Pieces {
        let wide = [1, 100, 1 << 40][random.below(3) as usize];
        let smallest = random.below(1000);
        let (mut list, mut from, mut len) = (Vec::new(), smallest, 0);
        for _ in 0..1 + random.below(6) {
            let entries = 1 + random.below(50);
            let width = entries + random.below(entries * wide);
            list.push(Piece { from, first: len, step: float(width) / float(entries), tombstones_before: 0.0 });
            (from, len) = (from + width + random.below(2) * random.below(wide), len + entries);
        }
        list.push(Piece { from, first: len, step: 1.0, tombstones_before: 0.0 });
        Pieces { list, len, smallest, largest: if len == 1 { smallest } else { from - 1 }, ..Pieces::default() }
    }

    #[test]
    fn an_entry_is_found_by_its_number_and_by_where_it_lies() {
        let mut random = Random::new(3);
        for _ in 0..300 {
            let pieces = pieces(&mut random);
            let mut all: Vec<Nth> = Vec::new();
            for n in 0..pieces.len() {
                all.push(pieces.nth(n, all.last().map_or(0, |last| last.piece)));
            }
            assert_eq!((all[0], all[all.len() - 1]), (pieces.first(), pieces.last()));
            assert!(all.windows(2).all(|pair| pair[0].at < pair[1].at && pieces.before(pair[1]) == pair[0]));
            for nth in &all {
                let behind = nth.at + 1 + random.below(3);
                for from in [nth.at.saturating_sub(1), nth.at, behind] {
                    let found = all.iter().find(|other| other.at >= from).copied();
                    // From any piece on that it is not before.
                    let piece = random.below(found.map_or(nth.piece, |found| found.piece) as u64 + 1) as usize;
                    assert_eq!(pieces.first_at(from, piece), found, "{from} in {pieces:?}");
                }
            }
        }
    }

    #[test]
    fn a_shape_tells_dense_parts_from_thin_ones() {
        let piece = |from, first, step| Piece { from, first, step, tombstones_before: 0.0 };
        // 10 entries each 10 apart, then 12 apart, then 100 apart.
        let list = vec![piece(0, 0, 10.0), piece(100, 10, 12.0), piece(220, 20, 100.0), piece(1220, 30, 1.0)];
        let pieces = Pieces { list, len: 30, smallest: 0, largest: 1219, ..Pieces::default() };
        let knots = |first, last| {
            let mut shape = Shape::default();
            pieces.shape(pieces.nth(first, 0), pieces.nth(last, 0), &mut shape);
            shape.knots().to_vec()
        };
        assert_eq!(knots(0, 29), [Knot { end: 220, entries: 20 }]);
        assert_eq!(knots(5, 25), [Knot { end: 220, entries: 15 }]);
        assert_eq!(knots(0, 19), [], "nearly alike");
        assert_eq!(knots(21, 29), [], "one piece");
    }
}
