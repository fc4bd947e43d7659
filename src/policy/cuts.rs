//! Where a merge ends one output table and begins the next.
//!
//! In: the keys that the merge keeps, in order, and how large the open output has become. Out: whether to cut before a key.
//! One [`Cutter`] serves the engine, which writes the bytes, and the simulator, which only counts them, and asks only about
//! the keys at which the answer may be yes ([`Cutter::full_at`], [`Cutter::next_boundary`], [`Cutter::large_from`]).
//!
//! Size alone is not all there is to it. An output will itself be compacted one day, with the tables below that it
//! overlaps, its *grandparents*. So outputs end where grandparents end, as far as their size allows, lest the next compaction
//! rewrite a table for a handful of its keys:
//!
//! ```text
//! grandparents     [ a────d ]      [ h────────m ]  [ n──p ]
//! cut by size      [ a b c  h ][ i j k  n ][ o p ]           the first one meets two tables, the second one two
//! cut in step      [ a b c ]  [ h i j k ]  [ n o p ]         each meets one
//! ```
//!
//! A *boundary* is the first and the last key of a grandparent. Before a key is written, with T the target size, the output is
//! cut (`CompactionOutputs::ShouldStopBefore`):
//!
//! 1. at 2 T, whatever comes; at T if there are no grandparents;
//! 2. if the key crosses a boundary, and with this one the output and its grandparents would be larger than
//!    `max_compaction_bytes`;
//! 3. if the key crosses so many boundaries at once (3; 2 if it lies between grandparents) that one of more than T/8 is
//!    skipped whole;
//! 4. if the key crosses a boundary, and the output has T × 50 %, and 5 % more for each boundary that it has crossed by
//!    then, up to 90 %: who has met many will soon meet another, which may suit better;
//! 5. where the next round-robin compaction of the output level begins, so that it finds a table that begins there.

use std::{ops::Range, rc::Rc};

use serde::Serialize;

use super::{Compaction, Inputs, lookup::Lookup};
use crate::{
    entry::{Bytes, is_before},
    version::{TableMeta, Version},
};

mod positions;

pub use positions::{Ahead, MOST_CROSSED};

/// Where a merge cuts its outputs, beyond their size.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cuts {
    /// The tables of the first level below the output level that has any in the compaction's range.
    pub grandparents: Option<Inputs>,
    /// Where they are in the level that it names, of the tree that was picked on; instead of the list, for a simulator, which
    /// shows it to nobody.
    #[serde(skip)]
    pub grandparents_at: Option<(usize, Range<usize>)>,
    /// An output and its grandparents should be no larger than this together.
    pub max_compaction_bytes: u64,
    /// Where the next round-robin compaction of the output level begins.
    pub at: Option<Bytes>,
}

impl Cuts {
    /// Whether there is nothing but the size to cut by.
    pub fn is_none(&self) -> bool {
        self.grandparents.is_none() && self.grandparents_at.is_none() && self.at.is_none()
    }

    /// The same with the grandparents listed, for what was picked on `tree`.
    pub(super) fn listed<'a>(self, tree: impl Into<Lookup<'a>>) -> Cuts {
        let tree = tree.into();
        let list = |(level, span): (usize, Range<usize>)| Inputs { level, tables: tree.run(level, span).ids() };
        Cuts { grandparents: self.grandparents_at.map(list).or(self.grandparents), grandparents_at: None, ..self }
    }
}

/// What a cutter takes a key for: the key itself, or, in a simulator, the position that it stands for.
pub trait Place: Clone + std::fmt::Debug {
    /// A key as it is asked about.
    type Key: ?Sized;
    /// Of a table's first or last key.
    fn of(key: &Bytes) -> Self;
    /// Whether it is before `key`.
    fn is_before(&self, key: &Self::Key) -> bool;
    /// Whether it is behind `key`.
    fn is_behind(&self, key: &Self::Key) -> bool;
}

impl Place for Bytes {
    type Key = [u8];

    fn of(key: &Bytes) -> Bytes {
        key.clone()
    }

    fn is_before(&self, key: &[u8]) -> bool {
        is_before(self, key)
    }

    fn is_behind(&self, key: &[u8]) -> bool {
        is_before(key, self)
    }
}

impl Place for u64 {
    type Key = u64;

    #[inline]
    fn of(key: &Bytes) -> u64 {
        key.beginning()
    }

    #[inline]
    fn is_before(&self, key: &u64) -> bool {
        self < key
    }

    #[inline]
    fn is_behind(&self, key: &u64) -> bool {
        key < self
    }
}

/// Decides where the outputs of one merge are cut.
#[derive(Clone, Debug)]
pub struct Cutter<P = Bytes> {
    target: u64,
    most: u64,
    limit: u64,
    at: Option<P>,
    grandparents: Vec<Grandparent<P>>,
    /// The bytes of all grandparents.
    bytes: u64,
    /// How far the first key of the narrowest one is from its last; 0 where nobody knows, since keys are no positions.
    narrowest: u64,
    begun: bool,
    /// How many boundaries lie before the last key, or at it; an odd number: it lies in a grandparent.
    passed: usize,
    /// The same of the first key of the open output.
    passed_at_first: usize,
}

/// A table below the output level.
#[derive(Clone, Debug)]
struct Grandparent<P> {
    /// Its boundaries.
    smallest: P,
    largest: P,
    /// The bytes of those before it.
    before: u64,
}

impl Cutter<Bytes> {
    /// As `compaction`, which was picked on `version`, says.
    pub fn new(compaction: &Compaction, version: &Version) -> Cutter {
        let cuts = &compaction.cuts;
        let cutter = Cutter::by_size(compaction.target_file_size);
        let cutter = Cutter { limit: cuts.max_compaction_bytes, at: cuts.at.clone(), ..cutter };
        match (&cuts.grandparents_at, &cuts.grandparents) {
            (Some((level, span)), _) => cutter.above(version.levels[*level][span.clone()].iter()),
            (None, Some(listed)) => cutter.above(version.among(listed.level, &listed.tables)),
            (None, None) => cutter,
        }
    }

    /// The same that cuts in step with `grandparents`.
    fn above<'a>(mut self, grandparents: impl Iterator<Item = &'a Rc<TableMeta>>) -> Cutter {
        for table in grandparents {
            let (smallest, largest) = (table.smallest.clone(), table.largest.clone());
            self.grandparents.push(Grandparent { smallest, largest, before: self.bytes });
            self.bytes += table.bytes;
        }
        self.most = self.most_above();
        self
    }
}

impl<P: Place> Cutter<P> {
    /// By size alone.
    pub fn by_size(target: u64) -> Cutter<P> {
        Cutter {
            target,
            most: target,
            limit: u64::MAX,
            at: None,
            grandparents: Vec::new(),
            bytes: 0,
            narrowest: 0,
            begun: false,
            passed: 0,
            passed_at_first: 0,
        }
    }

    /// The size at which an output ends, whatever comes.
    fn most_above(&self) -> u64 {
        if self.grandparents.is_empty() { self.target } else { self.target.saturating_mul(2) }
    }

    /// How many boundaries lie before `key`, or at it, when so many do at least.
    #[inline]
    fn passed_by(&self, key: &P::Key, passed: usize) -> usize {
        let from = passed / 2;
        let left = self.grandparents.get(from..).unwrap_or_default();
        let more = left.iter().take_while(|table| table.largest.is_before(key)).count();
        2 * (from + more) + usize::from(left.get(more).is_some_and(|table| !table.smallest.is_behind(key)))
    }

    /// Whether the open output, which has `size` bytes, ends before `key`; none is open if `size` is `None`. To be asked
    /// about each key that is written, once.
    pub fn cuts_before(&mut self, key: &P::Key, size: Option<u64>) -> bool {
        let before = self.passed;
        let passes_cursor = self.pass(key);
        let cuts = size.is_some_and(|size| passes_cursor || self.is_full(size, before));
        if cuts || !self.begun {
            self.begin();
        }
        cuts
    }

    /// Goes on to `key`: whether it passes where the next round-robin compaction begins.
    fn pass(&mut self, key: &P::Key) -> bool {
        self.passed = self.passed_by(key, self.passed);
        self.at.take_if(|at| !at.is_behind(key)).is_some()
    }

    /// An output begins.
    fn begin(&mut self) {
        (self.begun, self.passed_at_first) = (true, self.passed);
    }

    /// The bytes of the grandparents that the open output overlaps when it has passed so many boundaries.
    fn overlap(&self, passed: usize) -> u64 {
        let before = |at: usize| self.grandparents.get(at).map_or(self.bytes, |grandparent| grandparent.before);
        before(passed.div_ceil(2)) - before(self.passed_at_first / 2)
    }

    fn is_full(&self, size: u64, passed_before: usize) -> bool {
        if size >= self.most {
            return true;
        }
        if self.passed == passed_before {
            return false;
        }
        let skips = self.passed - passed_before >= if self.passed.is_multiple_of(2) { 2 } else { 3 };
        let overlap = self.overlap(self.passed);
        overlap.saturating_add(size) > self.limit
            || (skips && overlap - self.overlap(passed_before) > self.target / 8)
            || size >= self.large_enough((self.passed - self.passed_at_first) as u64)
    }

    /// The size from which on an output ends at the last of so many boundaries that it has crossed.
    fn large_enough(&self, crossed: u64) -> u64 {
        self.target.div_ceil(100).saturating_mul(50 + (crossed * 5).min(40))
    }
}

#[cfg(test)]
mod tests;
