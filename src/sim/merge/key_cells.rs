//! Small key spaces: each key has a range of positions of its own, its *cell*, so that the same key is the same place.
//!
//! In: the number of keys. Out: the cell of a key, of a position, and the number of cells in a range.
//!
//! In a large key space, a table may begin and end at any position: the keys that two tables share follow from the
//! overlap of their ranges ([`key_model`](super::key_model)). For a table of one key, or of all of a few, that is
//! wrong: two tables of the same key would lie apart. So the keys of a space of at most [`MAX_KEYS`] lie in cells of
//! one width, a power of two, and tables begin and end where cells do.
//!
//! ```text
//! three keys, cells of 2^62      |   0   |   1   |   2   |       |      the last cell is never used
//! a table of keys 0 and 1        [ •       •     ]
//! a table of key 1                       [   •   ]                       merged with it: two entries
//! ```
//!
//! A larger space has no cells: each position is one. From a million keys on, that changes a few entries of a million.

/// Key spaces of at most this many keys have cells.
pub const MAX_KEYS: u64 = 1 << 20;

/// A cell is at most 2^62 wide, so that no interval of a merge ends inside one ([`sweep`](super::sweep)).
const MIN_CELLS: u64 = 4;

/// Where each key of a small key space lies.
#[derive(Clone, Copy, Debug)]
pub struct KeyCells {
    /// The width of a cell, less one: 0 where there are no cells.
    mask: u64,
    /// Cells per position.
    density: f64,
}

impl KeyCells {
    /// No cells: each position is one.
    pub const NONE: KeyCells = KeyCells { mask: 0, density: 1.0 };

    /// The cells of `keys` keys; none if there are more than [`MAX_KEYS`].
    pub fn of(keys: u64) -> KeyCells {
        if keys > MAX_KEYS {
            return KeyCells::NONE;
        }
        // One more than there are keys, so that the position behind the last used cell is a `u64`.
        let count = (keys + 1).next_power_of_two().max(MIN_CELLS);
        let width = 1u64 << (u64::BITS - count.trailing_zeros());
        KeyCells { mask: width - 1, density: 1.0 / width as f64 }
    }

    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self.mask == 0
    }

    /// The first position of the cell of key number `key`.
    pub fn place(self, key: u64) -> u64 {
        key * (self.mask + 1)
    }

    /// The first position of the cell that `at` lies in.
    #[inline(always)]
    pub fn begin(self, at: u64) -> u64 {
        at & !self.mask
    }

    /// The last position of the cell that `at` lies in.
    #[inline(always)]
    pub fn end(self, at: u64) -> u64 {
        at | self.mask
    }

    /// The number of cells in a range of `width` positions.
    #[inline(always)]
    pub fn within(self, width: f64) -> f64 {
        width * self.density
    }
}

impl Default for KeyCells {
    fn default() -> KeyCells {
        KeyCells::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Options,
        options::CompactionStyle,
        sim::{
            Simulation, Spec,
            spec::{KeyDistribution, OverlapModel},
        },
    };

    const MB: u64 = 1 << 20;

    fn run(options: Options, spec: Spec) -> Simulation {
        let mut simulation = Simulation::new(options, spec).unwrap();
        while !simulation.run(10_000).done {}
        simulation
    }

    #[test]
    fn cells_of_a_small_space_lie_apart_and_a_large_one_has_none() {
        for keys in [1, 2, 3, 4, 7, 8, 1000, MAX_KEYS] {
            let cells = KeyCells::of(keys);
            for key in [0, keys / 2, keys - 1] {
                let begin = cells.place(key);
                let end = cells.end(begin);
                assert_eq!(
                    (cells.begin(end), cells.within((end - begin) as f64 + 1.0)),
                    (begin, 1.0),
                    "{key} of {keys}"
                );
                assert!(end < cells.place(key + 1));
            }
        }
        let none = KeyCells::of(MAX_KEYS + 1);
        assert!(none.is_none() && (none.begin(77), none.end(77), none.within(77.0)) == (77, 77, 77.0));
    }

    /// No table has more keys than there are, whatever it was merged from, nor have the tables of a level.
    #[test]
    fn no_level_has_more_entries_than_there_are_keys() {
        for (key_dist, zipf_skew) in
            [(KeyDistribution::Uniform, 0.0), (KeyDistribution::Zipf, 0.99), (KeyDistribution::Zipf, 10.0)]
        {
            // A memtable of one write, of a few, or of very many.
            for (keys, entries, delete_percent) in [
                (1, 1, 0.0),
                (1, 0, 0.0),
                (2, 1, 0.0),
                (2, 3, 0.0),
                (3, 1, 30.0),
                (3, 0, 0.0),
                (10, 1, 0.0),
                (10, 7, 0.0),
                (10, 0, 10.0),
                (1000, 1, 0.0),
                (1000, 300, 0.0),
            ] {
                for style in [CompactionStyle::Leveled, CompactionStyle::Universal, CompactionStyle::SizeTiered] {
                    let options = Options {
                        compaction_style: style,
                        write_buffer_entries: entries,
                        write_buffer_size: MB,
                        max_bytes_for_level_base: 4096,
                        target_file_size_base: 4096,
                        ..crate::sim::options()
                    };
                    let spec = Spec {
                        key_dist,
                        zipf_skew,
                        key_space_size: keys,
                        delete_percent,
                        // Three hundred memtables.
                        write_mb_per_s: if entries > 0 { entries as f64 * 1016.0 / MB as f64 } else { 1.0 },
                        duration_seconds: 300.0,
                        samples: 10,
                        ..Spec::default()
                    };
                    let what = format!("{entries} entries of {keys} keys, {key_dist:?} {zipf_skew}, {style:?}");
                    let simulation = run(options, spec);
                    assert!(simulation.counters().compactions > 10, "{what}");
                    assert!(simulation.version().tables().all(|(_, table)| table.entries <= keys), "{what}");
                    for level in &simulation.version().levels[1..] {
                        assert!(level.iter().map(|table| table.entries).sum::<u64>() <= keys, "{what}");
                        assert!(level.windows(2).all(|pair| pair[0].largest < pair[1].smallest), "{what}");
                    }
                }
            }
        }
    }

    /// One key: each flush overwrites it, so that no flush can be moved past another, and each is a table of the same
    /// key.
    #[test]
    fn tables_of_one_key_lie_at_the_same_place() {
        for key_dist in [KeyDistribution::Uniform, KeyDistribution::Zipf] {
            let spec = Spec { key_dist, key_space_size: 1, duration_seconds: 600.0, ..Spec::default() };
            let simulation = run(crate::sim::options(), spec);
            let mut ranges: Vec<_> =
                simulation.version().tables().map(|(_, t)| (t.smallest.clone(), t.largest.clone())).collect();
            ranges.dedup();
            assert_eq!(ranges.len(), 1, "{ranges:?}");
            assert!(simulation.version().tables().all(|(_, table)| table.entries == 1));
            assert!(simulation.version().levels[1..].iter().flatten().count() <= 1);
        }
    }

    #[test]
    fn memtables_of_one_write_meet_each_key_as_often_as_it_is_drawn() {
        let options = Options { write_buffer_entries: 1, disable_auto_compactions: true, ..crate::sim::options() };
        let options =
            Options { level0_slowdown_writes_trigger: 100_000, level0_stop_writes_trigger: 100_000, ..options };
        let counts = |key_dist, zipf_skew| {
            let write_mb_per_s = 1016.0 / MB as f64;
            let spec = Spec { key_dist, zipf_skew, key_space_size: 3, write_mb_per_s, ..Spec::default() };
            let simulation = run(options.clone(), Spec { duration_seconds: 3000.0, ..spec });
            let mut counts = std::collections::BTreeMap::new();
            simulation
                .version()
                .tables()
                .for_each(|(_, table)| *counts.entry(table.smallest.clone()).or_insert(0) += 1);
            let mut counts: Vec<u64> = counts.into_values().collect();
            counts.sort_unstable();
            counts
        };
        let uniform = counts(KeyDistribution::Uniform, 0.0);
        assert!(uniform.len() == 3 && uniform.iter().all(|count| (900..1100).contains(count)), "{uniform:?}");
        // Shares of 1, 1/2 and 1/3 of 11/6.
        let zipf = counts(KeyDistribution::Zipf, 1.0);
        assert!(zipf.len() == 3 && zipf[0].abs_diff(545) < 80 && zipf[2].abs_diff(1636) < 80, "{zipf:?}");
    }

    #[test]
    fn drawn_overlaps_of_a_few_keys_leave_levels_in_order() {
        for overlap in [OverlapModel::Exponential, OverlapModel::Uniform, OverlapModel::FixedShare] {
            let options = Options {
                write_buffer_size: MB,
                max_bytes_for_level_base: 4096,
                target_file_size_base: 4096,
                ..crate::sim::options()
            };
            let spec = Spec { overlap, key_dist: KeyDistribution::Uniform, key_space_size: 40, ..Spec::default() };
            let simulation = run(options, Spec { write_mb_per_s: 5.0, duration_seconds: 300.0, ..spec });
            for level in &simulation.version().levels[1..] {
                assert!(level.iter().map(|table| table.entries).sum::<u64>() <= 40, "{overlap:?}");
                assert!(level.windows(2).all(|pair| pair[0].largest < pair[1].smallest), "{overlap:?}");
            }
        }
    }
}
