//! How old the oldest entries of a range are, and how new the newest, by the tables they came from.
//!
//! The sequence numbers of a table's entries are taken to be spread evenly from its first to its last. So `n` entries of it have
//! a first one that is `span / n` behind the table's, on average; of several tables in a range, the one whose first is then the
//! earliest has the oldest. A table that has no more than a few entries in the range does not make it much older.
//!
//! ```text
//! a table of sequence numbers 100 to 200, with 2 entries in the range     first one at about 150
//! a table of sequence numbers 120 to 140, with 10 entries in it           first one at about 122: the oldest
//! ```

use crate::entry::SeqNo;

/// Instead of nothing, where something is divided.
const SLACK: f64 = 1e-6;

/// The entries of one table in some range, as far as their age goes: where the table's sequence numbers begin or end, and how far
/// those of these entries lie apart, on average.
#[derive(Clone, Copy, Debug)]
pub(super) struct Age {
    pub seq: SeqNo,
    pub apart: f64,
}

/// The oldest entries of a range, and the newest; none if there are none.
pub(super) type Ages = Option<(Age, Age)>;

/// Takes entries into account that are as old as `oldest`, and as new as `newest`.
#[inline]
pub(super) fn widen(ages: &mut Ages, oldest: Age, newest: Age) {
    let Some((before, after)) = ages else {
        *ages = Some((oldest, newest));
        return;
    };
    before.join(oldest, |age| age.seq as f64 + age.apart);
    after.join(newest, |age| age.apart - age.seq as f64);
}

impl Age {
    /// The two together, where `from` is how late one is thought to begin: if they are of one table, its entries of both lie nearer
    /// to each other; otherwise it is the earlier one.
    #[inline]
    fn join(&mut self, other: Age, from: impl Fn(Age) -> f64) {
        if self.seq == other.seq {
            self.apart = self.apart * other.apart / (self.apart + other.apart).max(SLACK);
        } else if from(other) < from(*self) {
            *self = other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tables: &[(SeqNo, SeqNo, f64)]) -> (SeqNo, SeqNo) {
        let mut ages = None;
        for (from, to, entries) in tables {
            let apart = (to - from) as f64 / entries;
            widen(&mut ages, Age { seq: *from, apart }, Age { seq: *to, apart });
        }
        ages.map_or((0, 0), |(oldest, newest)| (oldest.seq + oldest.apart as u64, newest.seq - newest.apart as u64))
    }

    #[test]
    fn a_table_with_few_entries_in_a_range_makes_it_little_older() {
        assert_eq!(of(&[(100, 200, 2.0), (120, 140, 10.0)]), (122, 150));
        assert_eq!(of(&[(120, 140, 10.0), (100, 200, 2.0)]), (122, 150));
        assert_eq!(of(&[(100, 200, 50.0), (120, 140, 10.0)]), (102, 198));
    }

    #[test]
    fn what_is_of_one_table_counts_together() {
        assert_eq!(of(&[(100, 200, 5.0), (100, 200, 5.0)]), of(&[(100, 200, 10.0)]));
    }
}
