//! Which keys the writes of a history had, as far as it tells: how many different ones.
//!
//! In: how many entries the database's merges dropped, and how many a run with a number of keys drops. Out: a
//! [`KeySpace`]. Errors: none.

use std::collections::BTreeSet;

use super::writes::{RecordedFlush, RecordedWrites};
use crate::{keyed::KeyedEntry, random::Random};

/// How many different keys there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeySpace {
    keys: u64,
}

/// So many keys that no write meets another's.
const UNIQUE: u64 = 1 << 60;
/// The drops of the estimate are this near to those of the history, or the estimate has taken so many runs.
const NEAR: f64 = 0.002;
pub(super) const MAX_RUNS: u32 = 17;

/// The search for as many keys as make a run drop what the history dropped, run by run: fewer keys drop more.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeySearch {
    wanted: u64,
    few: f64,
    many: f64,
    tried: u32,
    /// To be tried next, or what was found.
    keys: KeySpace,
    is_over: bool,
}

impl KeySearch {
    pub fn new(writes: &RecordedWrites) -> KeySearch {
        let least = writes.flushes.iter().map(|flush| flush.entries).max().unwrap_or(1);
        let all: u64 = writes.flushes.iter().map(|flush| flush.entries).sum();
        KeySearch {
            wanted: writes.dropped,
            few: (least as f64).ln(),
            many: (all as f64 * 1000.0).ln(),
            tried: 0,
            // What deletions drop, they drop whatever the keys are.
            keys: KeySpace { keys: UNIQUE },
            is_over: false,
        }
    }

    /// What is to be tried next, or, once it is over, what was found.
    pub fn keys(&self) -> KeySpace {
        self.keys
    }

    /// How many runs were tried.
    pub fn runs(&self) -> u32 {
        self.tried
    }

    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// A run with these keys dropped so many entries.
    pub fn tried(&mut self, dropped: u64) {
        let (dropped, wanted) = (dropped as f64, self.wanted as f64);
        self.tried += 1;
        let is_near = match self.tried {
            1 => wanted <= dropped,
            _ => (dropped - wanted).abs() <= NEAR * wanted,
        };
        self.is_over = is_near || self.tried == MAX_RUNS;
        if self.is_over {
            return;
        }
        if self.tried > 1 {
            let tried = (self.keys.keys as f64).ln();
            if dropped > wanted { self.few = tried } else { self.many = tried }
        }
        self.keys = KeySpace { keys: ((self.few + self.many) / 2.0).exp() as u64 };
    }
}

impl KeySpace {
    /// How many; none if no write meets another's.
    pub fn distinct(self) -> Option<u64> {
        (self.keys < UNIQUE).then_some(self.keys)
    }

    /// The entries of a flush, one of `each` of them: as many different keys of its span as it had, and as many
    /// deletions. `seq` is the number before the first.
    pub fn draw(self, flush: &RecordedFlush, each: u64, seq: u64, random: &mut Random) -> Vec<KeyedEntry> {
        let keys = (self.keys / each).max(1);
        let (from, to) = flush.span;
        let first = (from * keys as f64) as u64;
        let room = (((to - from) * keys as f64) as u64).max(1);
        let wanted = (flush.entries / each).clamp(1, room);
        let tombstones = flush.tombstones / each;
        let step = u64::MAX / keys;
        let mut drawn = BTreeSet::new();
        let mut entries = Vec::with_capacity(wanted as usize);
        while (entries.len() as u64) < wanted {
            let key = (first + random.below(room)) * step;
            if drawn.insert(key) {
                let number = entries.len() as u64;
                entries.push(KeyedEntry { key, seq: seq + 1 + number, is_tombstone: number < tombstones });
            }
        }
        entries
    }
}
