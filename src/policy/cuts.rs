//! Where a merge ends one output table and begins the next.
//!
//! In: the keys that the merge keeps, in order, and how large the open output has become. Out: whether to cut before a
//! key. One [`Cutter`] serves a caller that writes every key, and one that asks only about those at which the answer
//! may be yes (`indexed/cutter`).
//!
//! Size alone is not enough. An output will itself be compacted one day, with the tables below that it overlaps, its
//! *grandparents*. So outputs end where grandparents end, as far as their size allows. Otherwise the next compaction
//! would rewrite a whole table for a few of its keys:
//!
//! ```text
//! grandparents     [ a────d ]      [ h────────m ]  [ n──p ]
//! cut by size      [ a b c  h ][ i j k  n ][ o p ]           the first one meets two tables, the second one two
//! cut in step      [ a b c ]  [ h i j k ]  [ n o p ]         each meets one
//! ```
//!
//! A *boundary* is the first and the last key of a grandparent. Before a key is written, with T the target size, the
//! output is cut (`CompactionOutputs::ShouldStopBefore`):
//!
//! 1. at 2 T, whatever comes; at T if there are no grandparents;
//! 2. if the key crosses a boundary, and with this one the output and its grandparents would be larger than
//!    `max_compaction_bytes`;
//! 3. if the key crosses several boundaries at once (3; 2 if it lies between grandparents), so that a grandparent of
//!    more than T/8 is skipped whole;
//! 4. if the key crosses a boundary, and the output has T × 50 %, and 5 % more for each boundary that it has crossed by
//!    then, up to 90 %: an output that has met many boundaries will soon meet another, which may suit better;
//! 5. where the next round-robin compaction of the output level begins, so that it finds a table that begins there.
//!
//! [`CutReason`] names the rule; only the engine, which reports it, asks for more than whether there is one.

use std::{ops::Range, rc::Rc};

use serde::Serialize;

use super::{Compaction, CutReason, overlap::count_leading};
use crate::{
    entry::{Bytes, is_before},
    version::{TableMeta, Version},
};

/// Neighbours on a level below the output level, given by their places: there may be thousands, and the cost of a pick
/// must not grow with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Grandparents {
    /// Their level.
    pub level: usize,
    /// Their places in its order, in the tree that was picked on.
    pub places: Range<usize>,
}

/// Where a merge cuts its outputs, beyond their size.
#[derive(Clone, Debug, Default, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cuts {
    /// The tables of the first level below the output level that has any in the compaction's range.
    pub grandparents: Option<Grandparents>,
    /// An output and its grandparents should be no larger than this together.
    pub max_compaction_bytes: u64,
    /// Where the next round-robin compaction of the output level begins.
    pub at: Option<Bytes>,
}

impl Cuts {
    /// Whether there is nothing but the size to cut by.
    pub fn is_none(&self) -> bool {
        self.grandparents.is_none() && self.at.is_none()
    }
}

/// The boundaries of a [`Cutter`]: first and last keys of the grandparents, in order, with their bytes. They are those
/// of tables, or of positions that stand for keys.
pub trait Boundaries: Default {
    /// A key that is about to be written.
    type Key: ?Sized;
    /// A key that is kept: that of a round-robin cursor.
    type Cursor: Clone + std::fmt::Debug;

    /// The number of grandparents.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of grandparents that end before `key`, given that the first `from` do.
    fn ended_before(&self, from: usize, key: &Self::Key) -> usize;

    /// Whether there is a grandparent `at`, and it begins before `key` or at it.
    fn has_begun(&self, at: usize, key: &Self::Key) -> bool;

    /// The bytes of the grandparents `which`. Where they are more than `most`, any number above `most`.
    fn bytes(&self, which: Range<usize>, most: u64) -> u64;

    /// Whether `key` is at `cursor` or behind it.
    fn reaches(key: &Self::Key, cursor: &Self::Cursor) -> bool;
}

impl Boundaries for &[Rc<TableMeta>] {
    type Key = [u8];
    type Cursor = Bytes;

    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn ended_before(&self, from: usize, key: &[u8]) -> usize {
        from + count_leading(&self[from..], |table| is_before(&table.largest, key))
    }

    fn has_begun(&self, at: usize, key: &[u8]) -> bool {
        self.get(at).is_some_and(|table| !is_before(key, &table.smallest))
    }

    fn bytes(&self, which: Range<usize>, most: u64) -> u64 {
        let mut sum = 0;
        for table in &self[which] {
            sum += table.bytes;
            if sum > most {
                break;
            }
        }
        sum
    }

    fn reaches(key: &[u8], cursor: &Bytes) -> bool {
        !is_before(key, cursor)
    }
}

/// Decides where the outputs of one merge are cut.
#[derive(Clone, Debug)]
pub struct Cutter<B: Boundaries> {
    pub(crate) target: u64,
    pub(crate) most: u64,
    pub(crate) limit: u64,
    pub(crate) at: Option<B::Cursor>,
    pub(crate) grandparents: B,
    pub(crate) begun: bool,
    /// How many boundaries lie before the last key, or at it; an odd number: it lies in a grandparent.
    pub(crate) passed: usize,
    /// The same of the first key of the open output.
    pub(crate) passed_at_first: usize,
}

impl<'a> Cutter<&'a [Rc<TableMeta>]> {
    /// As `compaction`, which was picked on `version`, says.
    pub fn new(compaction: &Compaction, version: &'a Version) -> Self {
        let cuts = &compaction.cuts;
        let grandparents = cuts.grandparents.as_ref();
        let listed = |of: &Grandparents| version.levels.get(of.level)?.get(of.places.clone());
        let mut cutter = Cutter {
            limit: cuts.max_compaction_bytes,
            at: cuts.at.clone(),
            grandparents: grandparents.and_then(listed).unwrap_or_default(),
            ..Cutter::by_size(compaction.target_file_size)
        };
        cutter.most = cutter.most_above();
        cutter
    }
}

impl<B: Boundaries> Cutter<B> {
    /// By size alone.
    pub fn by_size(target: u64) -> Self {
        Cutter {
            target,
            most: target,
            limit: u64::MAX,
            at: None,
            grandparents: B::default(),
            begun: false,
            passed: 0,
            passed_at_first: 0,
        }
    }

    /// The size at which an output ends, whatever comes.
    pub(crate) fn most_above(&self) -> u64 {
        if self.grandparents.is_empty() { self.target } else { self.target.saturating_mul(2) }
    }

    /// The number of boundaries that lie before `key`, or at it, given that the first `passed` do.
    #[inline]
    fn passed_by(&self, key: &B::Key, passed: usize) -> usize {
        let ended = self.grandparents.ended_before(passed / 2, key);
        2 * ended + usize::from(self.grandparents.has_begun(ended, key))
    }

    /// Whether the open output, which has `size` bytes, ends before `key`; none is open if `size` is `None`. To be
    /// asked about each key that is written, once.
    #[inline]
    pub fn cuts_before(&mut self, key: &B::Key, size: Option<u64>) -> bool {
        self.reason_to_cut(key, size).is_some()
    }

    /// As [`cuts_before`](Cutter::cuts_before): the rule that ends the open output before `key`, if one does.
    #[inline]
    pub fn reason_to_cut(&mut self, key: &B::Key, size: Option<u64>) -> Option<CutReason> {
        let before = self.passed;
        let passes_cursor = self.pass(key);
        let cut = size.and_then(|size| match passes_cursor {
            true => Some(CutReason::RoundRobinCursor),
            false => self.rule_at(size, before),
        });
        if cut.is_some() || !self.begun {
            self.begin();
        }
        cut
    }

    /// Goes on to `key`: whether it passes where the next round-robin compaction begins.
    pub(crate) fn pass(&mut self, key: &B::Key) -> bool {
        self.passed = self.passed_by(key, self.passed);
        self.at.take_if(|at| B::reaches(key, at)).is_some()
    }

    /// An output begins.
    pub(crate) fn begin(&mut self) {
        (self.begun, self.passed_at_first) = (true, self.passed);
    }

    /// The rule that ends an output of `size` bytes before the key that was passed last; `passed_before` are the
    /// boundaries before the key before it.
    fn rule_at(&self, size: u64, passed_before: usize) -> Option<CutReason> {
        if size >= self.most {
            return Some(CutReason::TargetSize { size, limit: self.most });
        }
        if self.passed == passed_before {
            return None;
        }
        let skips = self.passed - passed_before >= if self.passed.is_multiple_of(2) { 2 } else { 3 };
        let (overlapped, skipped) = (self.passed_at_first / 2, passed_before.div_ceil(2));
        // The bytes of the grandparents from `first` on that have begun, exact up to `most`.
        let bytes_from = |first: usize, most: u64| self.grandparents.bytes(first..self.passed.div_ceil(2), most);
        let more_than = |first: usize, most: u64| bytes_from(first, most) > most;
        if size > self.limit || more_than(overlapped, self.limit - size) {
            let overlap = bytes_from(overlapped, u64::MAX);
            return Some(CutReason::MaxCompactionBytes { size, overlap, limit: self.limit });
        }
        if skips && more_than(skipped, self.target / 8) {
            let overlap = bytes_from(skipped, u64::MAX);
            return Some(CutReason::SkippedGrandparent { overlap, limit: self.target / 8 });
        }
        let crossed = (self.passed - self.passed_at_first) as u64;
        let limit = self.large_enough(crossed);
        (size >= limit).then_some(CutReason::GrandparentBoundary { size, limit, crossed })
    }

    /// The size from which on an output that has crossed `crossed` boundaries ends at the last of them.
    pub(crate) fn large_enough(&self, crossed: u64) -> u64 {
        self.target.div_ceil(100).saturating_mul(50 + (crossed * 5).min(40))
    }
}

#[cfg(test)]
mod tests;
