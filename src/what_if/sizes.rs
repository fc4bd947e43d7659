//! How large a table of so many entries is, estimated from the tables of a history.
//!
//! In: recorded tables. Out: an [`EntrySizer`]: bytes of a table = a + b × values + c × deletions, by least squares
//! over all outputs of merges (over flushed tables, if there are none). With it a table is sized whatever its entries,
//! compression and blocks are, as far as these are alike throughout the history.

use super::writes::{RecordedTable, RecordedWrites};
use crate::{
    keyed::{KeyedEntry, TableSizer},
    version::TableId,
};

/// The bytes that are written at a time: outputs are cut by what is written.
const BLOCK: f64 = 4096.0;

/// Sizes a table of entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EntrySizer {
    fixed: f64,
    value: f64,
    tombstone: f64,
    /// How many entries of the history each entry stands for.
    each: u64,
    filled: f64,
}

impl EntrySizer {
    pub fn of(writes: &RecordedWrites) -> EntrySizer {
        let flushed = || {
            let flushes = writes.flushes.iter();
            flushes.map(|f| RecordedTable { entries: f.entries, tombstones: f.tombstones, bytes: f.bytes }).collect()
        };
        let tables: Vec<RecordedTable> = if writes.tables.is_empty() { flushed() } else { writes.tables.clone() };
        let [fixed, value, tombstone] = fit(&tables);
        EntrySizer { fixed, value, tombstone, each: 1, filled: 0.0 }
    }

    /// The same, of entries that stand for so many each.
    pub fn for_each(self, each: u64) -> EntrySizer {
        EntrySizer { each, ..self }
    }
}

impl TableSizer for EntrySizer {
    fn add(&mut self, entry: &KeyedEntry) {
        self.filled += self.each as f64 * if entry.is_tombstone { self.tombstone } else { self.value };
    }

    fn written(&self) -> u64 {
        ((self.filled / BLOCK).floor() * BLOCK) as u64
    }

    fn finish(self, _: TableId, _: u64, _: bool) -> u64 {
        (self.filled + self.fixed).round().max(1.0) as u64
    }

    fn entries_each(&self) -> u64 {
        self.each
    }
}

/// The least squares of a + b × values + c × tombstones; where the tables do not tell a or c, they are 0 and b.
fn fit(tables: &[RecordedTable]) -> [f64; 3] {
    let has_tombstones = tables.iter().any(|table| table.tombstones > 0);
    let mut normal = [[0.0; 4]; 3];
    for table in tables {
        let row = [1.0, (table.entries - table.tombstones.min(table.entries)) as f64, table.tombstones as f64];
        for (sums, a) in normal.iter_mut().zip(row) {
            for (sum, b) in sums.iter_mut().zip(row.into_iter().chain([table.bytes as f64])) {
                *sum += a * b;
            }
        }
    }
    let sum = |of: fn(&RecordedTable) -> u64| tables.iter().map(|table| of(table) as f64).sum::<f64>();
    let plain = sum(|table| table.bytes) / sum(|table| table.entries).max(1.0);
    let solved = if has_tombstones { solve::<3>(&normal) } else { solve::<2>(&normal) };
    match solved {
        Some([fixed, value, tombstone]) if fixed >= 0.0 && value > 0.0 && tombstone >= 0.0 => {
            [fixed, value, if has_tombstones { tombstone } else { value }]
        }
        _ => [0.0, plain, plain],
    }
}

/// Solves the first `N` of the normal equations, whose right sides are last in each row; none if they hang together.
fn solve<const N: usize>(normal: &[[f64; 4]; 3]) -> Option<[f64; 3]> {
    let mut rows: Vec<Vec<f64>> =
        normal[..N].iter().map(|row| row[..N].iter().copied().chain([row[3]]).collect()).collect();
    for at in 0..N {
        let pivot = (at..N).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        let lead = rows[at][at];
        if lead.abs() < 1e-9 {
            return None;
        }
        for other in (0..N).filter(|other| *other != at) {
            let factor = rows[other][at] / lead;
            let pivot = rows[at].clone();
            rows[other].iter_mut().zip(pivot).for_each(|(cell, pivot)| *cell -= factor * pivot);
        }
    }
    let mut solved = [0.0; 3];
    for at in 0..N {
        solved[at] = rows[at][N] / rows[at][at];
    }
    Some(solved)
}
