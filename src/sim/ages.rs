//! How old the oldest entries of a range are, and how new the newest, by the tables they came from.
//!
//! In: the tables of a merge; then ranges of positions, from left to right. Out: sequence numbers. Those of a table's
//! entries are taken to be spread evenly from its first to its last, as its entries are over its positions. So `n`
//! entries of it have a first one that is `span / n` behind the table's, on average; of several tables in a range, the
//! one whose first is then the earliest has the oldest. A table that has no more than a few entries in the range does
//! not make it much older.
//!
//! ```text
//! a table of sequence numbers 100 to 200, with 2 entries in the range     first one at about 150
//! a table of sequence numbers 120 to 140, with 10 entries in it           first one at about 122: the oldest
//! ```

use super::stream::{larger, smaller};
use crate::{entry::SeqNo, float::float, random::Random, version::TableMeta};

/// One table of a merge. Sequence numbers are below 2^53: floats hold them.
#[derive(Clone, Copy, Debug)]
struct Aged {
    from: f64,
    end: f64,
    first: f64,
    last: f64,
    /// In a range of so many positions, its sequence numbers are one apart.
    spread: f64,
}

/// The tables of a merge by run (see [`stream`](super::stream)). Kept from one merge to the next, for the sake of its
/// memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Ages {
    /// The tables of each run, and behind them one that begins nowhere.
    tables: Vec<Aged>,
    /// For each run, the first table that the last range has met or comes before.
    runs: Vec<usize>,
}

impl Ages {
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
        self.tables.push(Aged { from, end, first, last, spread });
    }

    /// The last run is complete.
    #[inline]
    pub fn end_run(&mut self) {
        self.tables.push(Aged { from: f64::INFINITY, end: f64::INFINITY, first: 0.0, last: 0.0, spread: 0.0 });
    }

    /// The sequence numbers of the oldest and the newest of the entries from `from` to `to`, which is behind all that
    /// was asked about before. Not those that are thought likeliest, but by chance as far from the ends of their
    /// tables' as twice that: policies that go by age would otherwise find all outputs the same age. None if there are
    /// no tables there.
    #[inline(never)]
    pub fn of(&mut self, from: u64, to: u64, random: &mut Random) -> Option<(SeqNo, SeqNo)> {
        let (from, end) = (from as f64, to as f64 + 1.0);
        let tables = &self.tables[..];
        // When the oldest and the newest are thought to be written, and their tables.
        let (mut oldest, mut oldest_at) = (f64::INFINITY.to_bits(), 0);
        let (mut newest, mut newest_at) = (f64::NEG_INFINITY, 0);
        for begin in &mut self.runs {
            // Behind the last table of a run is one that begins nowhere.
            let mut at = *begin;
            while tables[at].end <= from {
                at += 1;
            }
            *begin = at;
            while tables[at].from < end {
                let table = &tables[at];
                let apart = table.spread / (smaller(table.end, end) - larger(table.from, from));
                // Numbers that are not negative are in the order of their bits.
                let (first, last) = ((table.first + apart).to_bits(), table.last - apart);
                oldest_at = if first < oldest { at } else { oldest_at };
                oldest = oldest.min(first);
                newest_at = if last > newest { at } else { newest_at };
                newest = larger(last, newest);
                at += 1;
            }
        }
        let oldest = f64::from_bits(oldest);
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

/// From where a table's sequence numbers begin or end, up to twice as far as `thought`; `draw` has 32 bits.
#[inline]
fn up_to_twice(seq: f64, thought: f64, draw: u64) -> f64 {
    const HALF: f64 = (1u64 << 31) as f64;
    seq + (thought - seq) * (float(draw) / HALF)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `tables` have in the range 0 to 99, on average: each has a run of its own, a range, sequence numbers and
    /// entries.
    fn of(tables: &[(u64, u64, SeqNo, SeqNo, u64)]) -> (u64, u64) {
        let mut ages = Ages::default();
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
            ages.add(&table, true);
        }
        ages.end_run();
        let mut random = Random::new(7);
        let draws: Vec<_> = (0..20_000).filter_map(|_| ages.of(0, 99, &mut random)).collect();
        let mean = |of: fn(&(u64, u64)) -> u64| draws.iter().map(of).sum::<u64>().div_ceil(draws.len().max(1) as u64);
        (mean(|seqs| seqs.0), mean(|seqs| seqs.1))
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
    fn what_lies_elsewhere_does_not_count() {
        let (here, elsewhere) = ((0, 99, 1200, 1400, 100), (100, 199, 1, 9000, 1000));
        assert_near(of(&[here, elsewhere]), (1202, 1398));
        assert_eq!(of(&[elsewhere]), (0, 0));
    }
}
