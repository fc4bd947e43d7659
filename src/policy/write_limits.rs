//! The level-0 limits at which writes stall: never below the number of tables at which level 0 is due.
//!
//! In: a set of options. Out: at how many tables of level 0 writes are slowed down and stopped, and which of the two
//! options does not count as it was set. A trigger below the one of compactions would stop writes before anything is
//! due that could let them go on. So it is raised to what the style [calls due](super::Policy::level_0_due), and where
//! a style has no use for it, lifted; RocksDB does both (`SanitizeCfOptions` in `db/column_family.cc`). Engine,
//! simulator and replay all ask here.

use std::fmt;

use super::policy_for;
use crate::{options::Options, words::say};

/// An option that counts as more than it was set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The option.
    pub field: &'static str,
    /// What it was set to.
    pub value: u64,
    /// What it counts as.
    pub counts_as: u64,
    /// The option that it may not be below.
    pub at_least: &'static str,
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Raised { field, value, counts_as, at_least } = self;
        f.write_str(&say!(
            "{field} = {value} counts as {counts_as}: it is never below {at_least}",
            field,
            value,
            counts_as,
            at_least
        ))
    }
}

impl Options {
    /// At how many tables of level 0 writes are slowed down; `u64::MAX` where no number does that.
    pub fn level0_slowdown(&self) -> u64 {
        policy_for(self).level_0_due(self).map_or(u64::MAX, |(due, _)| self.level0_slowdown_writes_trigger.max(due))
    }

    /// At how many tables of level 0 writes are stopped; `u64::MAX` where no number does that.
    pub fn level0_stop(&self) -> u64 {
        self.level0_stop_writes_trigger.max(self.level0_slowdown())
    }

    /// The triggers that count as more than they were set to.
    pub fn raised(&self) -> Vec<Raised> {
        let Some((_, due)) = policy_for(self).level_0_due(self) else { return Vec::new() };
        let slowdown = Raised {
            field: "level0_slowdown_writes_trigger",
            value: self.level0_slowdown_writes_trigger,
            counts_as: self.level0_slowdown(),
            at_least: due,
        };
        let stop = Raised {
            field: "level0_stop_writes_trigger",
            value: self.level0_stop_writes_trigger,
            counts_as: self.level0_stop(),
            at_least: slowdown.field,
        };
        [slowdown, stop].into_iter().filter(|raised| raised.counts_as > raised.value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::CompactionStyle;

    fn options(trigger: u64, slowdown: u64, stop: u64) -> Options {
        Options {
            level0_file_num_compaction_trigger: trigger,
            level0_slowdown_writes_trigger: slowdown,
            level0_stop_writes_trigger: stop,
            ..Options::default()
        }
    }

    /// What RocksDB 9.8.4 makes of them.
    #[test]
    fn triggers_below_the_one_of_compactions_are_raised() {
        for (set, counts) in [((10, 2, 6), (10, 10)), ((4, 20, 36), (20, 36)), ((4, 20, 3), (20, 20))] {
            let options = options(set.0, set.1, set.2);
            assert_eq!((options.level0_slowdown(), options.level0_stop()), counts, "{set:?}");
            assert_eq!(options.validate(), []);
        }
        let said: Vec<String> = options(10, 2, 6).raised().iter().map(Raised::to_string).collect();
        assert_eq!(
            said,
            [
                "level0_slowdown_writes_trigger = 2 counts as 10: it is never below level0_file_num_compaction_trigger",
                "level0_stop_writes_trigger = 6 counts as 10: it is never below level0_slowdown_writes_trigger"
            ]
        );
        assert_eq!(Options::default().raised(), []);
    }

    #[test]
    fn each_style_has_its_own_trigger_and_fifo_none() {
        let of = |compaction_style| Options {
            compaction_style,
            size_tiered_min_threshold: 50,
            max_bytes_for_level_multiplier: 60.9,
            ..Options::default()
        };
        assert_eq!(of(CompactionStyle::SizeTiered).level0_stop(), 50);
        assert_eq!(of(CompactionStyle::LazyLeveling).level0_stop(), 60);
        assert_eq!(of(CompactionStyle::Universal).level0_stop(), 36);
        let fifo = Options { compaction_style: CompactionStyle::Fifo, ..options(4, 1, 1) };
        assert_eq!((fifo.level0_slowdown(), fifo.level0_stop(), fifo.raised()), (u64::MAX, u64::MAX, vec![]));
    }
}
