//! The ages of writes, which tombstone retention needs.
//!
//! In: from time to time a sequence number, and a time by which all writes up to it had been made. Out: up to which
//! number all writes had been made by a given time. Entries do not carry times, so this is an approximation, but never
//! too early: for a tombstone whose own pair was forgotten, the next pair counts. RocksDB has the same for tiered
//! storage (`SeqnoToTimeMapping`).
//!
//! ```text
//! pairs     (10, 5 s) (40, 6 s) (41, 90 s)
//! written by 89 s: up to 40
//! ```

use crate::entry::SeqNo;

/// More pairs are thinned out.
const MAX_PAIRS: usize = 256;

/// Sequence numbers and times by which they had been written, both ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteAges {
    pairs: Vec<(SeqNo, u64)>,
}

impl WriteAges {
    /// All up to `seq` had been written by `time`.
    #[inline]
    pub fn note(&mut self, seq: SeqNo, time: u64) {
        match self.pairs.last_mut() {
            Some(last) if last.0 <= seq && last.1 == time => last.0 = seq,
            Some(last) if last.0 >= seq || last.1 > time => self.insert(seq, time),
            _ => {
                self.pairs.push((seq, time));
                self.thin_out();
            }
        }
    }

    /// A pair that is not the newest: from a table, or from a clock that was set back.
    fn insert(&mut self, seq: SeqNo, time: u64) {
        let at = self.pairs.partition_point(|pair| pair.0 < seq);
        if self.pairs.get(at).is_some_and(|pair| pair.1 <= time) {
            // That one says more.
            return;
        }
        if self.pairs.get(at).is_some_and(|pair| pair.0 == seq) {
            self.pairs.remove(at);
        }
        let first = self.pairs[..at].partition_point(|pair| pair.1 < time);
        self.pairs.splice(first..at, [(seq, time)]);
        self.thin_out();
    }

    /// Forgets every other pair of the older half.
    fn thin_out(&mut self) {
        if self.pairs.len() > MAX_PAIRS {
            let mut at = 0;
            self.pairs.retain(|_| {
                at += 1;
                at > MAX_PAIRS / 2 || at % 2 == 0
            });
        }
    }

    /// Up to which one all writes had been made by `time`; 0 if that is not known of any.
    pub fn written_by(&self, time: u64) -> SeqNo {
        let after = self.pairs.partition_point(|pair| pair.1 <= time);
        after.checked_sub(1).map_or(0, |at| self.pairs[at].0)
    }

    /// What a manifest keeps.
    pub fn pairs(&self) -> &[(SeqNo, u64)] {
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ages(pairs: &[(SeqNo, u64)]) -> WriteAges {
        let mut ages = WriteAges::default();
        pairs.iter().for_each(|(seq, time)| ages.note(*seq, *time));
        ages
    }

    #[test]
    fn a_write_is_as_old_as_the_next_pair_says() {
        let ages = ages(&[(9, 5), (10, 5), (40, 6), (41, 90)]);
        assert_eq!(ages.pairs(), [(10, 5), (40, 6), (41, 90)]);
        for (time, seq) in [(4, 0), (5, 10), (89, 40), (90, 41), (1000, 41)] {
            assert_eq!(ages.written_by(time), seq, "by {time}");
        }
    }

    #[test]
    fn what_says_less_is_passed_over_and_what_says_more_replaces_it() {
        assert_eq!(ages(&[(10, 5), (40, 60), (20, 70)]).pairs(), [(10, 5), (40, 60)]);
        assert_eq!(ages(&[(10, 5), (40, 60), (20, 30)]).pairs(), [(10, 5), (20, 30), (40, 60)]);
        assert_eq!(ages(&[(10, 5), (40, 60), (40, 30)]).pairs(), [(10, 5), (40, 30)]);
        // A clock that was set back: the later pair holds for all before it.
        assert_eq!(ages(&[(10, 50), (40, 60), (41, 7)]).pairs(), [(41, 7)]);
    }

    #[test]
    fn old_pairs_are_thinned_out_and_never_make_a_write_older() {
        let many: Vec<(SeqNo, u64)> = (1..=5000).map(|n| (n * 3, n)).collect();
        let ages = ages(&many);
        assert!(ages.pairs().len() <= MAX_PAIRS);
        for time in 0..=5001 {
            assert!(ages.written_by(time) <= time.min(5000) * 3, "by {time}");
        }
        assert_eq!(ages.written_by(5000), 15_000);
    }
}
