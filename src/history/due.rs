//! Whether a policy would find something to compact, where sums over the levels suffice to decide it.
//!
//! In: the [`Shape`] and the options. Out: whether the policy would pick, or none where the policy has to be asked. A
//! history of flushes asks this once for each flush: to count the tables of level 0 again each time would take time
//! quadratic in its length. A test compares every answer with the policy's.

use super::shape::Shape;
use crate::options::{CompactionStyle, Options};

/// Whether a compaction is due in `shape` at `time`, if its sums decide it.
pub(super) fn certainly(shape: &Shape, options: &Options, time: u64) -> Option<bool> {
    if options.disable_auto_compactions {
        return Some(false);
    }
    match options.compaction_style {
        // A level 0 that is due can always be compacted while nothing is running.
        CompactionStyle::Leveled if !options.one_table_per_level => {
            let trigger = options.level0_file_num_compaction_trigger;
            let by_tables = trigger > 0 && shape.tables()[0] as u64 >= trigger;
            let is_due = by_tables || shape.bytes()[0] >= options.level_0_limit();
            let is_alone = shape.tables()[1..].iter().all(|tables| *tables == 0) && !shape.has_range_deletions();
            // Nothing expires on the last level that has tables.
            (is_due || is_alone).then_some(is_due)
        }
        CompactionStyle::Universal if shape.is_in_order() => universal(shape, options),
        CompactionStyle::Fifo => fifo(shape, options, time),
        _ => None,
    }
}

/// Enough runs make the last of universal's rules merge some, whatever their sizes.
fn universal(shape: &Shape, options: &Options) -> Option<bool> {
    let older = shape.tables()[1..].iter().filter(|tables| **tables > 0).count();
    let runs = (shape.tables()[0] + older) as u64;
    let trigger = options.level0_file_num_compaction_trigger;
    if trigger == 0 || runs < trigger {
        return Some(false);
    }
    let allowed = match options.universal_max_read_amp {
        -1 => trigger,
        // As many as their sizes make.
        0 => return None,
        allowed => u64::try_from(allowed).ok()?,
    };
    let least = options.universal_min_merge_width.max(2);
    (runs > allowed && runs - allowed + 1 >= least && options.universal_max_merge_width >= least).then_some(true)
}

/// FIFO drops while there is too much, and nothing that is young while there is not.
fn fifo(shape: &Shape, options: &Options, time: u64) -> Option<bool> {
    let total: u64 = shape.bytes().iter().sum();
    if total > options.fifo_max_table_files_size {
        return Some(true);
    }
    let oldest = time.checked_sub(options.ttl).filter(|_| options.ttl > 0);
    let may_expire = oldest.is_some_and(|oldest| {
        shape.oldest().is_some_and(|table| table.newest_time.or(table.oldest_time).is_some_and(|time| time < oldest))
    });
    (!may_expire && !options.fifo_allow_compaction).then_some(false)
}
