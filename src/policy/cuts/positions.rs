//! [`Cutter`] in a simulator, whose keys are positions, and who does not ask about each of them.
//!
//! In: a compaction that was picked on a [`Tree`], whose rows have all there is to know of its grandparents; then positions, and how
//! many entries the open output has there. Out: where it may end next, and from which size on it does.

use super::{Compaction, Cutter, Grandparent, Place};
use crate::policy::{Tree, rows::Row};

/// An output that has crossed so many boundaries is no more likely to wait for the next than one that has crossed more.
pub const MOST_CROSSED: usize = 7;

impl Cutter<u64> {
    /// Begins anew, as `compaction`, which was picked on `tree`, says. It keeps its memory.
    pub fn restart(&mut self, compaction: &Compaction, tree: &Tree) {
        let cuts = &compaction.cuts;
        self.target = compaction.target_file_size;
        (self.limit, self.at) = (cuts.max_compaction_bytes, cuts.at.as_ref().map(u64::of));
        (self.begun, self.passed, self.passed_at_first) = (false, 0, 0);
        (self.bytes, self.narrowest) = (0, u64::MAX);
        self.grandparents.clear();
        match (&cuts.grandparents_at, &cuts.grandparents) {
            (Some((level, span)), _) => {
                self.grandparents.reserve(span.len());
                tree.rows(*level).from(span.start).slices(span.len()).for_each(|rows| self.add(rows));
            }
            (None, Some(listed)) => {
                let rows: Vec<Row> = tree.version().among(listed.level, &listed.tables).map(|t| Row::of(t)).collect();
                self.add(&rows);
            }
            (None, None) => {}
        }
        self.most = self.most_above();
    }

    /// Adds grandparents.
    fn add(&mut self, rows: &[Row]) {
        let (mut before, mut narrowest) = (self.bytes, self.narrowest);
        self.grandparents.extend(rows.iter().map(|row| {
            let grandparent = Grandparent { smallest: row.first, largest: row.last, before };
            before += row.bytes;
            narrowest = narrowest.min(row.last - row.first);
            grandparent
        }));
        (self.bytes, self.narrowest) = (before, narrowest);
    }

    /// The size at which an output ends, whatever comes.
    pub fn full_at(&self) -> u64 {
        self.most
    }

    /// Whether there is nothing but the size to cut by.
    pub fn is_by_size(&self) -> bool {
        self.grandparents.is_empty() && self.at.is_none()
    }

    /// An output that is not full may end next before the first key that is at this position or behind it. None if nothing
    /// but the size is left to cut by.
    pub fn next_boundary(&self) -> Option<u64> {
        let of_grandparent = self.grandparents.get(self.passed / 2).and_then(|next| match self.passed % 2 {
            0 => Some(next.smallest),
            _ => next.largest.checked_add(1),
        });
        match (self.at, of_grandparent) {
            (Some(at), Some(boundary)) => Some(at.min(boundary)),
            (at, boundary) => at.or(boundary),
        }
    }

    /// Whether an output below [`large_from`](Cutter::large_from) can only end at `max_compaction_bytes`, where neighbouring
    /// keys are at most so far apart: then no grandparent is skipped whole, since each holds a key.
    pub fn waits_for_size(&self, apart: u64) -> bool {
        self.at.is_none() && self.narrowest >= apart
    }

    /// The open output ends before `key`, as whoever has asked this cutter knows without asking again.
    pub fn cut_before(&mut self, key: u64) {
        self.pass(&key);
        self.begin();
    }

    /// The size from which on an output ends at the next boundary that has crossed so many, up to [`MOST_CROSSED`].
    pub fn large_from(&self, crossed: usize) -> u64 {
        self.large_enough(crossed as u64 + 1)
    }

    /// What lies ahead of the open output.
    #[inline]
    pub fn ahead(&self) -> Ahead<'_> {
        let first = self.passed_at_first;
        let before = self.grandparents.get(first / 2).map_or(self.bytes, |table| table.before);
        // An output that may be so large must not overlap more grandparents than those before it, and these bytes.
        let most = self.limit.checked_sub(self.most).map_or(0, |room| before.saturating_add(room).saturating_add(1));
        Ahead { grandparents: &self.grandparents, bytes: self.bytes, passed: self.passed, first, most }
    }

    /// The last key that was asked about, or walked to, lies behind so many boundaries.
    pub fn passes(&mut self, passed: usize) {
        self.passed = passed;
    }
}

/// The boundaries ahead of an output, past which one can walk while it is too small to end.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<'a> {
    grandparents: &'a [Grandparent<u64>],
    /// The bytes of all of them.
    bytes: u64,
    passed: usize,
    first: usize,
    /// While fewer bytes of grandparents begin before a boundary, the output cannot have reached `max_compaction_bytes` there.
    most: u64,
}

impl Ahead<'_> {
    /// How many boundaries lie before the last key, or at it.
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// How many of them the open output has crossed.
    #[inline]
    pub fn crossed(&self) -> usize {
        self.passed - self.first
    }

    /// Whether the open output, however large it is before it is full, reaches `max_compaction_bytes` nowhere.
    #[inline]
    pub fn is_quiet(&self) -> bool {
        self.bytes < self.most
    }

    /// Walks to `key`, before which the output is not full, with no question about the keys on the way. Stays where it is if the
    /// output may have reached `max_compaction_bytes` by then: whether it walked.
    #[inline]
    pub fn walks_to(&mut self, key: u64) -> bool {
        let mut at = self.passed / 2;
        let mut inside = false;
        while let Some(table) = self.grandparents.get(at) {
            if table.largest >= key {
                inside = table.smallest <= key;
                break;
            }
            at += 1;
        }
        let passed = 2 * at + usize::from(inside);
        if passed != self.passed {
            let before = self.grandparents.get(at + usize::from(inside)).map_or(self.bytes, |table| table.before);
            if before >= self.most {
                return false;
            }
            self.passed = passed;
        }
        true
    }
}
