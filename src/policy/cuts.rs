//! Where a merge ends one output table and begins the next.
//!
//! In: the keys that the merge keeps, in order, and how large the open output has become. Out: whether to cut before a key.
//! One [`Cutter`] serves the engine, which writes the bytes, and the simulator, which only counts them, and asks only about
//! the keys at which the answer may be yes ([`Cutter::full_at`], [`Cutter::next_boundary`]).
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

use serde::Serialize;

use super::{Compaction, Inputs};
use crate::{
    entry::{Bytes, is_before},
    version::{TableMeta, Version},
};

/// Where a merge cuts its outputs, beyond their size.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cuts {
    /// The tables of the first level below the output level that has any in the compaction's range.
    pub grandparents: Option<Inputs>,
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

/// A grandparent, as far as it matters here.
#[derive(Debug)]
struct Grandparent {
    smallest: Bytes,
    largest: Bytes,
    bytes: u64,
}

/// The next key at which an output may end before it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary<'a> {
    /// The first key that is this one or behind it.
    From(&'a [u8]),
    /// The first key that is behind this one.
    Past(&'a [u8]),
}

impl<'a> Boundary<'a> {
    fn key(self) -> &'a [u8] {
        let (Boundary::From(key) | Boundary::Past(key)) = self;
        key
    }
}

/// Decides where the outputs of one merge are cut.
#[derive(Debug)]
pub struct Cutter {
    target: u64,
    most: u64,
    limit: u64,
    at: Option<Bytes>,
    grandparents: Vec<Grandparent>,
    /// The grandparent that the last key lay in, or, between two, the next one.
    next: usize,
    between: bool,
    begun: bool,
    /// Bytes of the grandparents that the open output overlaps, and how many boundaries it has crossed.
    overlap: u64,
    crossed: u64,
}

impl Cutter {
    /// By size alone.
    pub fn by_size(target: u64) -> Cutter {
        Cutter {
            target,
            most: target,
            limit: u64::MAX,
            at: None,
            grandparents: Vec::new(),
            next: 0,
            between: true,
            begun: false,
            overlap: 0,
            crossed: 0,
        }
    }

    /// As `compaction`, which was picked on `version`, says.
    pub fn new(compaction: &Compaction, version: &Version) -> Cutter {
        Cutter::from_key(compaction, version, &[])
    }

    /// The same, where the first key of the compaction is known: grandparents are found quickly by it.
    pub fn from_key(compaction: &Compaction, version: &Version, first: &[u8]) -> Cutter {
        let near = |level: usize| version.levels[level].partition_point(|t| is_before(&t.largest, first));
        let cuts = &compaction.cuts;
        let grandparents: Vec<Grandparent> = cuts
            .grandparents
            .iter()
            .flat_map(|g| version.among_from(g.level, &g.tables, near(g.level)))
            .map(|t: &std::rc::Rc<TableMeta>| Grandparent {
                smallest: t.smallest.clone(),
                largest: t.largest.clone(),
                bytes: t.bytes,
            })
            .collect();
        let target = compaction.target_file_size;
        let most = if grandparents.is_empty() { target } else { target.saturating_mul(2) };
        Cutter { most, limit: cuts.max_compaction_bytes, at: cuts.at.clone(), grandparents, ..Cutter::by_size(target) }
    }

    /// Whether the open output, which has `size` bytes, ends before `key`; none is open if `size` is `None`. To be asked
    /// about each key that is written, once.
    pub fn cuts_before(&mut self, key: &[u8], size: Option<u64>) -> bool {
        let before = self.overlap;
        let crossed = self.advance(key);
        let passes_cursor = self.passes_cursor(key);
        let cuts = size.is_some_and(|size| passes_cursor || self.is_full(size, crossed, before));
        if cuts {
            self.crossed = 0;
            self.overlap = self.overlap_here();
        }
        cuts
    }

    /// The size at which an output ends, whatever comes.
    pub fn full_at(&self) -> u64 {
        self.most
    }

    /// Where an output that is not full may end next: before the first key that is not before this boundary. None if nothing
    /// but the size is left to cut by.
    pub fn next_boundary(&self) -> Option<Boundary<'_>> {
        let of_grandparent = self.grandparents.get(self.next).map(|g| match self.between {
            true => Boundary::From(&g.smallest),
            false => Boundary::Past(&g.largest),
        });
        match (&self.at, of_grandparent) {
            (Some(at), Some(boundary)) if is_before(boundary.key(), at) => Some(boundary),
            (Some(at), _) => Some(Boundary::From(at)),
            (None, boundary) => boundary,
        }
    }

    /// Walks to `key`; how many boundaries lie on the way.
    fn advance(&mut self, key: &[u8]) -> u64 {
        let mut crossed = 0;
        while let Some(grandparent) = self.grandparents.get(self.next) {
            if self.between {
                if is_before(key, &grandparent.smallest) {
                    break;
                }
                if self.begun {
                    crossed += 1;
                    self.overlap += grandparent.bytes;
                }
                self.between = false;
            } else {
                if !is_before(&grandparent.largest, key) {
                    break;
                }
                crossed += u64::from(self.begun);
                self.between = true;
                self.next += 1;
            }
        }
        self.crossed += crossed;
        if !self.begun {
            self.begun = true;
            self.overlap = self.overlap_here();
        }
        crossed
    }

    /// What an output overlaps that begins with the key just walked to.
    fn overlap_here(&self) -> u64 {
        if self.between { 0 } else { self.grandparents[self.next].bytes }
    }

    fn is_full(&self, size: u64, crossed: u64, overlap_before: u64) -> bool {
        if size >= self.most {
            return true;
        }
        if crossed == 0 {
            return false;
        }
        let skips = crossed >= if self.between { 2 } else { 3 };
        let large_enough = self.target.div_ceil(100).saturating_mul(50 + (self.crossed * 5).min(40));
        self.overlap.saturating_add(size) > self.limit
            || (skips && self.overlap - overlap_before > self.target / 8)
            || size >= large_enough
    }

    /// Whether `key` is the first at or behind the cursor.
    fn passes_cursor(&mut self, key: &[u8]) -> bool {
        self.at.take_if(|at| key >= &**at).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        policy::{Action, Reason},
        version::TableId,
    };

    /// The outputs of a merge of `keys`, 1,000 bytes each, into level 1 above the given tables: key range and bytes.
    fn outputs(keys: &str, target: u64, limit: u64, below: &[(&str, &str, u64)], at: Option<&str>) -> Vec<String> {
        let tables: Vec<_> = (1..).zip(below).map(|(id, (a, b, bytes))| (2, id, *a, *b, *bytes)).collect();
        let version = crate::policy::testing::tree(&tables);
        let ids: Vec<TableId> = version.levels[2].iter().map(|t| t.id).collect();
        let compaction = Compaction {
            action: Action::Merge,
            inputs: Vec::new(),
            output_level: 1,
            target_file_size: target,
            cuts: Cuts {
                grandparents: (!ids.is_empty()).then_some(Inputs { level: 2, tables: ids }),
                max_compaction_bytes: limit,
                at: at.map(Into::into),
            },
            cursor: None,
            reason: Reason::default(),
        };
        let mut cutter = Cutter::new(&compaction, &version);
        let mut outputs: Vec<String> = Vec::new();
        for key in keys.chars() {
            let size = outputs.last().map(|output| output.len() as u64 * 1000);
            if cutter.cuts_before(key.to_string().as_bytes(), size) || outputs.is_empty() {
                outputs.push(String::new());
            }
            outputs.last_mut().expect("one was begun").push(key);
        }
        outputs
    }

    #[test]
    fn without_grandparents_only_the_size_counts() {
        assert_eq!(outputs("abcdefgh", 3000, 1, &[], None), ["abc", "def", "gh"]);
        assert_eq!(outputs("abcdefgh", u64::MAX, 1, &[], None), ["abcdefgh"]);
    }

    #[test]
    fn with_grandparents_an_output_grows_to_twice_the_size_where_no_boundary_comes() {
        assert_eq!(outputs("bcdefghij", 3000, 100_000, &[("a", "z", 100)], None), ["bcdefg", "hij"]);
    }

    #[test]
    fn an_output_that_is_half_full_ends_where_a_grandparent_ends() {
        let below = [("a", "d", 10), ("h", "m", 10), ("n", "p", 10)];
        assert_eq!(outputs("abcdhijklnop", 6000, 100_000, &below, None), ["abcd", "hijkl", "nop"]);
    }

    #[test]
    fn who_has_crossed_many_boundaries_waits_to_be_fuller() {
        // Each key crosses an end and a beginning: it takes 60 %, 70 %, 80 %, and from then on 90 %.
        let below: Vec<_> = ["b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|k| (k, k, 1)).into();
        assert_eq!(outputs("bcdefghij", 10_000, 100_000, &below, None), ["bcdefghij"]);
        assert_eq!(outputs("bcdefghij", 8000, 100_000, &below, None), ["bcdefghi", "j"]);
    }

    #[test]
    fn an_output_and_its_grandparents_stay_below_max_compaction_bytes() {
        let below = [("a", "b", 10_000), ("c", "d", 10_000), ("e", "f", 10_000)];
        assert_eq!(outputs("abcdef", 100_000, 25_000, &below, None), ["abcd", "ef"]);
    }

    #[test]
    fn a_grandparent_that_can_be_skipped_whole_is() {
        let below = [("b", "d", 10), ("k", "p", 2000), ("v", "x", 10)];
        assert_eq!(outputs("acuw", 10_000, 100_000, &below, None), ["ac", "uw"]);
        // Where it is small, it is not worth a table more.
        let small = [("b", "d", 10), ("k", "p", 1200), ("v", "x", 10)];
        assert_eq!(outputs("acuw", 10_000, 100_000, &small, None), ["acuw"]);
    }

    #[test]
    fn a_round_robin_cursor_gets_a_table_that_begins_there() {
        assert_eq!(outputs("abcdef", 100_000, 1000, &[], Some("d")), ["abc", "def"]);
        assert_eq!(outputs("abcdef", 100_000, 1000, &[], Some("a")), ["abcdef"]);
        assert_eq!(outputs("abcdef", 3000, 1000, &[], Some("d")), ["abc", "def"], "cut there anyway");
    }
}
