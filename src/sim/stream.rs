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

use super::keys::KeyModel;
use crate::{entry::SeqNo, version::TableMeta};

/// What sums of parts may lack of a whole.
const SLACK: f64 = 1e-6;

/// A table that is merged.
#[derive(Clone, Copy, Debug)]
struct Source {
    from: u64,
    /// Behind the last key.
    end: u64,
    entries: u64,
    /// Entries for each position.
    density: f64,
    /// Of its entries, those that are tombstones.
    tombstones: f64,
    seqs: (SeqNo, SeqNo),
    /// The entries before the piece at hand.
    before: u64,
}

impl Source {
    fn of(table: &TableMeta) -> Source {
        let (from, last) = (position(&table.smallest), position(&table.largest));
        let end = last.saturating_add(1);
        Source {
            from,
            end,
            entries: table.entries,
            density: table.entries as f64 / (end - from).max(1) as f64,
            tombstones: table.tombstones as f64 / table.entries.max(1) as f64,
            seqs: (table.smallest_seq, table.largest_seq),
            before: 0,
        }
    }

    /// Its entries from where the last piece ended up to `to`.
    fn take(&mut self, to: u64) -> u64 {
        let up_to = match to >= self.end {
            true => self.entries,
            false => (((to - self.from) as f64 * self.density) as u64).min(self.entries),
        };
        let taken = up_to - self.before;
        self.before = up_to;
        taken
    }
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
    /// The sequence numbers of its tables.
    seqs: (SeqNo, SeqNo),
}

/// The merged entries. Kept from one merge to the next, for the sake of its memory.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pieces: Vec<Piece>,
    entries: u64,
    tombstones: f64,
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
    ) {
        self.begin(tables);
        let (mut next, mut at, mut carry) = (0, self.smallest, 0.0);
        while next < self.order.len() || !self.open.is_empty() {
            if self.open.is_empty() {
                at = self.sources[self.order[next] as usize].from;
            }
            while next < self.order.len() && self.sources[self.order[next] as usize].from <= at {
                let opened = self.order[next];
                let place = self.open.partition_point(|open| *open < opened);
                self.open.insert(place, opened);
                next += 1;
            }
            let ends = self.open.iter().map(|open| self.sources[*open as usize].end).min();
            let begins = self.order.get(next).map(|next| self.sources[*next as usize].from);
            let to = ends.into_iter().chain(begins).min().unwrap_or(u64::MAX);
            carry = self.piece(at, to, carry, model, &mut keeps);
            let sources = &self.sources;
            self.open.retain(|open| sources[*open as usize].end > to);
            at = to;
        }
    }

    fn begin<'a>(&mut self, tables: impl Iterator<Item = &'a TableMeta>) {
        self.pieces.clear();
        self.open.clear();
        self.sources.clear();
        self.sources.extend(tables.map(Source::of));
        let sources = &self.sources;
        self.order.clear();
        self.order.extend(0..sources.len() as u32);
        self.order.sort_unstable_by_key(|at| (sources[*at as usize].from, *at));
        self.smallest = self.order.first().map_or(0, |first| sources[*first as usize].from);
        self.largest = sources.iter().map(|s| s.end).max().map_or(0, |end| end - 1);
        (self.entries, self.tombstones) = (0, 0.0);
    }

    /// Adds what the open tables have in `from..to`; returns the part of an entry that is left over.
    fn piece(
        &mut self,
        from: u64,
        to: u64,
        carry: f64,
        model: &KeyModel,
        keeps: &mut impl FnMut(u64, u64) -> bool,
    ) -> f64 {
        let width = (to - from) as f64;
        let mut union = model.union(width);
        let (mut entries, mut tombstones, mut seqs) = (0.0, 0.0, (SeqNo::MAX, 0));
        for open in &self.open {
            let source = &mut self.sources[*open as usize];
            let taken = source.take(to);
            seqs = (seqs.0.min(source.seqs.0), seqs.1.max(source.seqs.1));
            if taken > 0 {
                let kept = union.add(taken as f64);
                entries += kept;
                tombstones += kept * source.tombstones;
            }
        }
        if tombstones > 0.0 && !keeps(from, to - 1) {
            entries -= tombstones;
            tombstones = 0.0;
        }
        let exact = entries + carry;
        // No two entries at one position.
        let whole = ((exact + SLACK) as u64).min(to - from);
        if whole > 0 {
            let piece = Piece {
                from,
                first: self.entries,
                entries: whole,
                step: width / whole as f64,
                tombstones_before: self.tombstones,
                tombstones,
                seqs,
            };
            self.pieces.push(piece);
            self.entries += piece.entries;
        }
        self.tombstones += tombstones;
        (exact - whole as f64).min(1.0)
    }

    /// How many entries there are.
    pub fn len(&self) -> u64 {
        self.entries
    }

    /// How many of the first `n` entries are tombstones, when the last of them is in `piece`.
    pub fn tombstones(&self, n: u64, piece: usize) -> u64 {
        let piece = &self.pieces[piece];
        let share = (n - piece.first) as f64 / piece.entries as f64;
        (piece.tombstones_before + piece.tombstones * share + SLACK) as u64
    }

    /// How many of all entries are tombstones, as expected.
    pub fn all_tombstones(&self) -> f64 {
        self.tombstones
    }

    /// The sequence numbers of the tables in the pieces `first..=last`.
    pub fn seqs(&self, first: usize, last: usize) -> (SeqNo, SeqNo) {
        let wider = |a: (SeqNo, SeqNo), b: &Piece| (a.0.min(b.seqs.0), a.1.max(b.seqs.1));
        self.pieces[first..=last].iter().fold((SeqNo::MAX, 0), wider)
    }

    /// Where entry `n` lies, which is in `piece`.
    #[inline]
    pub fn position(&self, n: u64, piece: usize) -> u64 {
        if n == 0 {
            return self.smallest;
        }
        if n + 1 == self.entries {
            return self.largest;
        }
        let piece = &self.pieces[piece];
        piece.from + (((n - piece.first) as f64 + 0.5) * piece.step) as u64
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
            false => (n < self.entries).then_some((n, piece + 1)),
        }
    }
}

/// The position that a key of a byteless table stands for.
#[inline]
pub(super) fn position(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = key.len().min(8);
    bytes[..len].copy_from_slice(&key[..len]);
    u64::from_be_bytes(bytes)
}
