//! Pending compaction bytes: the bytes to be rewritten until every level is within its target.
//!
//! In: the tree and the options. Out: an estimate in bytes, RocksDB's `estimated-compaction-bytes`, by which writes are
//! slowed down (`soft_pending_compaction_bytes_limit`) and stopped. It plays every level's excess down to the end, each
//! byte of it together with the bytes of the next level that it will meet there:
//!
//! ```text
//! base 1000, × 10      holds     after what comes down    excess    rewritten for it
//!   level 0              600     is due?  no: 3 tables         0              0
//!   level 1             1200     1200 / target 1000          200     200 × (9600/1200 + 1)   = 1800
//!   level 2             9600     9800, below its target        0              0
//! ```
//!
//! The rule is that of `VersionStorageInfo::EstimateCompactionBytesNeeded`.

use crate::{float::float, options::Options, policy::Levels};

/// The bytes that compactions will have to write until nothing is due.
pub(super) fn pending_bytes(tree: &dyn Levels, options: &Options) -> u64 {
    let (tables, sizes, targets) = (tree.totals(0).tables, tree.sizes(), tree.targets(options));
    let mut pending = 0;
    let mut carried = 0;
    let is_due = tables >= options.level0_file_num_compaction_trigger || sizes[0] >= options.level_0_limit();
    if is_due {
        carried = sizes[0];
        pending = sizes[0] + sizes[targets.base_level];
    }
    // The bytes of a level with what came down, and what of it goes on.
    for (pair, target) in sizes[targets.base_level..].windows(2).zip(&targets.bytes[targets.base_level..]) {
        let (size, next) = (pair[0] + carried, pair[1]);
        carried = size.saturating_sub(*target);
        if carried > 0 && next > 0 {
            // The cast is RocksDB's: a whole number of bytes.
            pending += (float(carried) * (float(next) / float(size) + 1.0)) as i64 as u64;
        }
    }
    pending
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::policy::testing::{sized, vector_options};

    /// The pending bytes of a tree with `levels` bytes on each level; level 0 in `tables` tables.
    fn pending(tables: u64, trigger: u64, levels: &[u64], dynamic: bool) -> u64 {
        let mut version = sized(levels);
        let template = version.levels[0].first().cloned();
        version.levels[0] = (0..tables)
            .flat_map(|i| {
                let t = template.as_ref()?;
                let mut meta = (**t).clone();
                (meta.id, meta.bytes) = (900 - i, levels[0] / tables);
                Some(Rc::new(meta))
            })
            .collect();
        let options = Options { level0_file_num_compaction_trigger: trigger, ..vector_options(1000, 10.0, dynamic) };
        pending_bytes(&version, &options)
    }

    #[test]
    fn what_is_above_the_targets_is_rewritten_all_the_way_down() {
        assert_eq!(pending(3, 4, &[600, 1200, 9600, 101_000, 999_900, 8_007_200], false), 20_800);
    }

    #[test]
    fn a_level_0_that_is_due_goes_down_with_the_level_that_it_meets() {
        assert_eq!(pending(5, 3, &[1000, 400, 9100, 101_000], false), 4400);
    }

    #[test]
    fn dynamic_targets_begin_at_the_base_level() {
        assert_eq!(pending(5, 3, &[1000, 0, 0, 0, 1100, 5200, 50_000], true), 17_540);
    }

    #[test]
    fn nothing_is_pending_where_nothing_is_due() {
        assert_eq!(pending(2, 4, &[200, 900, 9000, 0], false), 0);
        assert_eq!(pending(0, 4, &[0, 0, 0, 0], true), 0);
    }
}
