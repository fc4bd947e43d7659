//! Sequence numbers of outputs: the oldest and the newest entry in a range of positions.
//!
//! In: the tables of a merge, run by run; then ranges of positions, from left to right. Out: two sequence numbers.
//!
//! Those of a table's entries lie evenly from its first, `s`, to its last, `t`, as its entries do over its positions.
//! So the oldest of `m` of its entries is expected at `s + (t − s) / m`. Of several tables in a range, the one for
//! which this is earliest has the oldest entry: a table with few entries in the range makes it little older.
//!
//! ```text
//! a table of sequence numbers 100 to 200, with 2 entries in the range     oldest expected at 150
//! a table of sequence numbers 120 to 140, with 10 entries in it           oldest expected at 122: the oldest of both
//! ```

use super::sweep::{larger, smaller};
use crate::{entry::SeqNo, float::float, random::Random, version::TableMeta};

/// One table of a merge: its positions and sequence numbers, which are below 2^53, so that floats hold them.
#[derive(Clone, Copy, Debug)]
struct SeqSpread {
    from: f64,
    end: f64,
    first: f64,
    last: f64,
    /// `(t − s) / n × width`: by the positions of a range, it is how far apart the range's sequence numbers lie.
    spread: f64,
}

/// The tables of a merge by run ([`input_runs`](super::input_runs)). Buffers are reused by the next merge.
#[derive(Clone, Debug, Default)]
pub(super) struct SeqRanges {
    /// The tables of each run, and behind them a sentinel at infinity.
    tables: Vec<SeqSpread>,
    /// For each run, the first table that does not end before the last range.
    runs: Vec<usize>,
}

impl SeqRanges {
    /// No tables yet.
    pub fn clear(&mut self) {
        self.tables.clear();
        self.runs.clear();
    }

    /// Adds a table, which is the first of a run, or behind the last one.
    #[inline(always)]
    pub fn add(&mut self, table: &TableMeta, begins_run: bool) {
        if begins_run {
            self.end_run();
            self.runs.push(self.tables.len());
        }
        let (from, end) = (table.smallest.beginning() as f64, table.largest.beginning() as f64 + 1.0);
        let (first, last) = (float(table.smallest_seq), float(table.largest_seq));
        let spread = (last - first) * (end - from) / float(table.entries);
        self.tables.push(SeqSpread { from, end, first, last, spread });
    }

    /// The last run is complete.
    #[inline]
    pub fn end_run(&mut self) {
        self.tables.push(SeqSpread { from: f64::INFINITY, end: f64::INFINITY, first: 0.0, last: 0.0, spread: 0.0 });
    }

    /// The sequence numbers of the oldest and the newest entry in `from..=to`, a range behind those asked before. They
    /// are drawn: uniformly, up to twice as far from the ends of their tables' as expected. With the expectation
    /// itself, a policy that goes by age would find all outputs equally old. None if there are no tables there.
    pub fn of(&mut self, from: u64, to: u64, random: &mut Random) -> Option<(SeqNo, SeqNo)> {
        let (from, end) = (from as f64, to as f64 + 1.0);
        let tables = &self.tables[..];
        // Where the oldest and the newest are expected, and their tables.
        let (mut oldest, mut oldest_at) = (f64::INFINITY, 0);
        let (mut newest, mut newest_at) = (f64::NEG_INFINITY, 0);
        for begin in &mut self.runs {
            // The sentinel ends both loops.
            let mut at = *begin;
            while tables[at].end <= from {
                at += 1;
            }
            *begin = at;
            while tables[at].from < end {
                let table = &tables[at];
                let apart = table.spread / (smaller(table.end, end) - larger(table.from, from));
                let (first, last) = (table.first + apart, table.last - apart);
                if first < oldest {
                    (oldest, oldest_at) = (first, at);
                }
                if last > newest {
                    (newest, newest_at) = (last, at);
                }
                at += 1;
            }
        }
        if oldest == f64::INFINITY {
            return None;
        }
        // Two draws in one.
        let draw = random.draw();
        let a = up_to_twice(tables[oldest_at].first, oldest, draw >> 32);
        let b = up_to_twice(tables[newest_at].last, newest, draw & u64::from(u32::MAX));
        Some((larger(smaller(a, b), 0.0) as i64 as SeqNo, larger(a, b) as i64 as SeqNo))
    }
}

/// From where a table's sequence numbers begin or end, up to twice as far as `expected`; `draw` has 32 bits.
#[inline]
fn up_to_twice(seq: f64, expected: f64, draw: u64) -> f64 {
    const HALF: f64 = (1u64 << 31) as f64;
    seq + (expected - seq) * (float(draw) / HALF)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean oldest and newest of `tables` in the range 0 to 99. Each has a run of its own, a range, sequence
    /// numbers and entries.
    fn of(tables: &[(u64, u64, SeqNo, SeqNo, u64)]) -> (u64, u64) {
        let mut seqs = SeqRanges::default();
        for (from, to, smallest_seq, largest_seq, entries) in tables {
            let table = TableMeta {
                id: 1,
                bytes: 0,
                entries: *entries,
                tombstones: 0,
                smallest: from.to_be_bytes()[..].into(),
                largest: to.to_be_bytes()[..].into(),
                smallest_seq: *smallest_seq,
                largest_seq: *largest_seq,
                ..TableMeta::default()
            };
            seqs.add(&table, true);
        }
        seqs.end_run();
        let mut random = Random::new(7);
        let draws: Vec<_> = (0..20_000).filter_map(|_| seqs.of(0, 99, &mut random)).collect();
        let mean = |of: fn(&(u64, u64)) -> u64| draws.iter().map(of).sum::<u64>().div_ceil(draws.len().max(1) as u64);
        (mean(|pair| pair.0), mean(|pair| pair.1))
    }

    #[track_caller]
    fn assert_near(got: (u64, u64), expected: (u64, u64)) {
        assert!(got.0.abs_diff(expected.0) <= 2 && got.1.abs_diff(expected.1) <= 2, "{got:?}, expected {expected:?}");
    }

    #[test]
    fn a_table_with_few_entries_in_a_range_makes_it_little_older() {
        // A tenth of the one lies in the range: 2 of 20 entries.
        let (thin, thick) = ((0, 999, 100, 300, 20), (0, 99, 1200, 1400, 100));
        assert_near(of(&[thick]), (1202, 1398));
        assert_near(of(&[(0, 999, 1000, 1600, 20), thick]), (1202, 1398));
        assert_near(of(&[thick, (0, 999, 1000, 1600, 20)]), (1202, 1398));
        // It is so old that even its later ones are the oldest.
        assert_near(of(&[thin, thick]), (200, 1398));
    }

    #[test]
    fn tables_outside_of_the_range_do_not_count() {
        let (here, elsewhere) = ((0, 99, 1200, 1400, 100), (100, 199, 1, 9000, 1000));
        assert_near(of(&[here, elsewhere]), (1202, 1398));
        assert_eq!(of(&[elsewhere]), (0, 0));
    }
}
