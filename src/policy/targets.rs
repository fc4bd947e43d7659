//! Target sizes of levels: the two ways in which RocksDB computes them.
//!
//! In: the tree and the options. Out: [`Targets`]: the level that level 0 compacts into, each level's target, and which
//! levels should be emptied.
//!
//! *Static* sizes count down from level 1: `max_bytes_for_level_base`, then times the multiplier for each level, and
//! times what `max_bytes_for_level_multiplier_additional` has for the level above.
//! *Dynamic* sizes (`level_compaction_dynamic_level_bytes`) count up from the largest level, so that the last level
//! holds most of the data and the levels above it hold about a tenth of it, however much there is:
//!
//! ```text
//! base = 10 GB, multiplier 10, last level 3,000 GB          static          dynamic
//!   level 1                                                  10 GB       (stays empty)
//!   level 2                                                 100 GB           30 GB    <- level 0 compacts into it
//!   level 3                                               1,000 GB          300 GB
//!   level 4                                              10,000 GB        3,000 GB
//! ```
//!
//! Arithmetic is RocksDB's to the bit (whole bytes, truncated after each division), as in `VersionStorageInfo::
//! CalculateBaseBytes`: a decision depends on whether a level is one byte over.

use super::Levels;
use crate::{
    options::{Options, times},
    version::Version,
};

/// What each level should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    /// Where compactions of level 0 go.
    pub base_level: usize,
    /// Each level's target in bytes, from level 0; `u64::MAX` where there is none.
    pub bytes: Vec<u64>,
    /// The deepest level that should be emptied, with every one above it, because the tree has more levels than its
    /// data needs.
    pub lowest_unnecessary: Option<usize>,
}

impl Targets {
    /// What levels of `sizes` bytes, from level 0 down, should hold under `options`.
    pub fn of_sizes(sizes: &[u64], options: &Options) -> Targets {
        if options.level_compaction_dynamic_level_bytes { dynamic(sizes, options) } else { fixed(sizes.len(), options) }
    }

    /// A level's target; none for level 0, and for a level that should stay empty.
    pub fn of(&self, level: usize) -> Option<u64> {
        (level > 0 && self.bytes[level] != u64::MAX).then(|| self.bytes[level])
    }

    /// Whether `level` should be emptied.
    pub fn is_unnecessary(&self, level: usize) -> bool {
        level > 0 && self.lowest_unnecessary.is_some_and(|lowest| level <= lowest)
    }
}

/// What each level of `version` should hold under `options`.
pub fn targets(version: &Version, options: &Options) -> Targets {
    Targets::of_sizes(&version.sizes(), options)
}

fn fixed(levels: usize, options: &Options) -> Targets {
    let mut bytes = vec![u64::MAX; levels];
    let mut target = options.max_bytes_for_level_base;
    for (level, bytes) in bytes.iter_mut().enumerate().skip(1) {
        *bytes = target;
        let factor = options.max_bytes_for_level_multiplier_additional.of(level);
        target = times(times(target, options.max_bytes_for_level_multiplier), factor as f64);
    }
    Targets { base_level: 1, bytes, lowest_unnecessary: None }
}

fn dynamic(sizes: &[u64], options: &Options) -> Targets {
    let last = sizes.len() - 1;
    let most = options.max_bytes_for_level_base;
    let multiplier = options.max_bytes_for_level_multiplier;
    let least = over(most, multiplier);

    let mut bytes = vec![u64::MAX; last + 1];
    let Some(first_with_data) = (1..=last).find(|level| sizes[*level] > 0) else {
        // Nothing below level 0: it compacts straight into the last level.
        return Targets { base_level: last, bytes, lowest_unnecessary: None };
    };

    // What the first level with data would hold if the largest level's size were the last level's target.
    let mut size = sizes[1..].iter().copied().max().unwrap_or(0);
    let mut lowest_unnecessary = None;
    for level in (first_with_data..last).rev() {
        size = over(size, multiplier);
        if size <= least && lowest_unnecessary.is_none() {
            lowest_unnecessary = Some(level);
        }
    }

    let mut base_level = first_with_data;
    let base_size = if size <= least {
        // There are more levels than the data needs.
        least + 1
    } else {
        // There is more data than the levels in use can hold: begin further up.
        while base_level > 1 && size > most {
            base_level -= 1;
            size = over(size, multiplier);
        }
        // The base may be 0 in a real database's options.
        if size > most { most } else { size.max(1) }
    };

    let mut target = base_size;
    for level in &mut bytes[base_level..] {
        // Never below the base: levels smaller than level 0 would outscore it, and level 0 would pile up.
        *level = target.max(most);
        target = times(target, multiplier);
    }
    Targets { base_level, bytes, lowest_unnecessary }
}

/// `bytes / multiplier`, truncated.
fn over(bytes: u64, multiplier: f64) -> u64 {
    (bytes as f64 / multiplier) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{sized, vector_options};

    /// Base level and targets from there on, of a tree with the given bytes on each level.
    fn dynamic_targets(base: u64, multiplier: f64, levels: &[u64]) -> (usize, Vec<u64>) {
        let t = targets(&sized(levels), &vector_options(base, multiplier, true));
        (t.base_level, t.bytes[t.base_level..].to_vec())
    }

    #[test]
    fn static_targets_grow_from_level_1() {
        let t = targets(&sized(&[0, 0, 0, 0]), &vector_options(256, 10.0, false));
        assert_eq!((t.base_level, t.of(0), &t.bytes[1..]), (1, None, &[256, 2560, 25600][..]));
    }

    /// `MaxBytesMultiplerAdditional(i - 1)` in RocksDB: level 1 has no factor, level 2 that of level 1.
    #[test]
    fn static_targets_have_the_factor_of_the_level_above() {
        let mut options = vector_options(100, 10.0, false);
        options.set("max_bytes_for_level_multiplier_additional", "7:3:1:2").unwrap();
        assert_eq!(targets(&sized(&[0; 6]), &options).bytes[1..], [100, 3_000, 30_000, 600_000, 6_000_000]);
        options.level_compaction_dynamic_level_bytes = true;
        let with = targets(&sized(&[0, 0, 0, 0, 0, 5000]), &options);
        options.set("max_bytes_for_level_multiplier_additional", "").unwrap();
        assert_eq!(with, targets(&sized(&[0, 0, 0, 0, 0, 5000]), &options));
    }

    #[test]
    fn an_empty_tree_sends_level_0_to_the_last_level() {
        let t = targets(&sized(&[7, 0, 0, 0]), &vector_options(256, 10.0, true));
        assert_eq!((t.base_level, t.of(3)), (3, None));
    }

    #[test]
    fn a_base_of_0_bytes_is_a_target_of_0_bytes() {
        assert_eq!(dynamic_targets(0, 10.0, &[0, 0, 0, 1000]), (1, vec![0, 0, 0]));
    }

    #[test]
    fn a_last_level_past_the_base_puts_one_level_above_it() {
        assert_eq!(dynamic_targets(1000, 5.0, &[0, 0, 0, 0, 0, 1000]), (5, vec![1000]));
        assert_eq!(dynamic_targets(1000, 5.0, &[0, 0, 0, 0, 0, 1050]).0, 4);
        assert_eq!(dynamic_targets(1000, 5.0, &[0, 0, 0, 0, 0, 1050]).1[0], 1000);
    }

    #[test]
    fn data_on_a_level_keeps_it_the_base_level() {
        assert_eq!(dynamic_targets(1000, 5.0, &[0, 0, 0, 550, 550, 1050]), (3, vec![1000, 1005, 5025]));
    }

    #[test]
    fn targets_count_up_from_the_largest_level() {
        const G: u64 = 1_000_000_000;
        assert_eq!(
            dynamic_targets(10 * G, 10.0, &[0, 0, 0, 32 * G, 500 * G, 3000 * G]),
            (2, vec![10 * G, 30 * G, 300 * G, 3000 * G])
        );
        let (base, bytes) = dynamic_targets(40_000, 5.0, &[0, 0, 8_000, 40_000, 200_000, 1_286_250]);
        assert_eq!((base, &bytes[..3]), (2, &[40_000, 51_450, 257_250][..]));
    }

    #[test]
    fn more_levels_than_the_data_needs_are_to_be_emptied() {
        let t = targets(&sized(&[0, 10, 0, 100, 200, 2000]), &vector_options(1000, 10.0, true));
        assert_eq!((t.base_level, t.lowest_unnecessary), (1, Some(3)));
        assert!(t.is_unnecessary(1) && !t.is_unnecessary(4) && !t.is_unnecessary(0));
    }

    /// Measured: with 7 levels and a base of 4 MB the base level rises when the last level passes 4, 16, 64, 256 MB.
    #[test]
    fn the_base_level_rises_where_the_real_one_does() {
        const MB: u64 = 1 << 20;
        for (mb, base) in [(4, 6), (5, 5), (16, 5), (17, 4), (64, 4), (65, 3), (256, 3), (257, 2)] {
            assert_eq!(dynamic_targets(4 * MB, 4.0, &[0, 0, 0, 0, 0, 0, mb * MB]).0, base, "{mb} MB");
        }
        for (mb, base) in [(4, 6), (5, 5), (40, 5), (41, 4)] {
            assert_eq!(dynamic_targets(4 * MB, 10.0, &[0, 0, 0, 0, 0, 0, mb * MB]).0, base, "{mb} MB, × 10");
        }
    }

    #[test]
    fn targets_never_overflow() {
        let t = targets(&sized(&[0; 12]), &vector_options(1 << 50, 1000.0, false));
        assert!(t.bytes[1..].windows(2).all(|pair| pair[0] <= pair[1]), "{t:?}");
    }
}
