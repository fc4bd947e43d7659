//! Job slots: how many jobs may run at the same time.
//!
//! In: the options, and the compaction backlog ([`Pressure`]). Out: [`Slots`]. The rules are those of RocksDB's
//! `DBImpl::GetBGJobLimits` and `ColumnFamilyData::RecalculateWriteStallConditions`:
//!
//! ```text
//! flushes      max(1, max_background_jobs / 4)                   4 jobs: 1 flush, 3 compactions
//! compactions  max(1, max_background_jobs − flushes)
//!              or max(1, max_background_flushes) and max(1, max_background_compactions), where either is set
//! but one compaction only, unless they have fallen behind:
//!              writes are slowed down or stopped;
//!              level 0 has min(2 × trigger, trigger + (slowdown − trigger) / 4) tables;
//!              pending bytes are at min(soft limit / 4, max(bytes of the last level / 8, 2 × base))
//! ```
//!
//! RocksDB counts as the last level every table that has nothing below it; here it is the last level that has data.
//! Left out: pools of threads that are smaller than these numbers; jobs that a person starts have no slot of their own.

use serde::Serialize;

use super::stall::{Cause, Pressure, Why};
use crate::{
    options::Options,
    policy::{Compaction, Policy},
};

/// How many jobs may run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Slots {
    /// Flushes.
    pub flushes: u64,
    /// Compactions.
    pub compactions: u64,
    /// Why there are more than one slot for compactions, if there may be; none while they keep up.
    pub pressure: Option<Why>,
}

/// The slots for flushes and for compactions that have fallen behind.
pub fn split(options: &Options) -> (u64, u64) {
    let (flushes, compactions) = (options.max_background_flushes, options.max_background_compactions);
    if flushes > 0 || compactions > 0 {
        return (flushes.max(1), compactions.max(1));
    }
    let flushes = (options.max_background_jobs / 4).max(1);
    (flushes, options.max_background_jobs.saturating_sub(flushes).max(1))
}

/// Why compactions are behind, though writes are neither slowed down nor stopped; none if they are not.
pub fn falls_behind(options: &Options, pressure: &Pressure) -> Option<Why> {
    let trigger = options.level0_file_num_compaction_trigger;
    let to_slowdown = options.level0_slowdown().saturating_sub(trigger);
    let tables = (2 * trigger).min(trigger + to_slowdown / 4);
    if pressure.level0_tables >= tables {
        return Some(Why {
            cause: Cause::Level0,
            value: pressure.level0_tables,
            limit: tables,
            option: "level0_file_num_compaction_trigger",
        });
    }
    let bytes = pending_limit(options, pressure.last_level_bytes);
    (pressure.pending_bytes >= bytes).then_some(Why {
        cause: Cause::PendingBytes,
        value: pressure.pending_bytes,
        limit: bytes,
        option: "soft_pending_compaction_bytes_limit",
    })
}

fn pending_limit(options: &Options, last_level_bytes: u64) -> u64 {
    // Without a soft limit compactions always have all their slots, as in RocksDB.
    let to_slowdown = options.soft_pending_compaction_bytes_limit / 4;
    if last_level_bytes == 0 {
        return to_slowdown;
    }
    (last_level_bytes / 8).max(2 * options.max_bytes_for_level_base).min(to_slowdown)
}

/// In how many parts `compaction`, which reads `bytes`, is merged: where its [policy](Policy::may_split) allows it, and
/// in no smaller parts than one table each. RocksDB's `CompactionJob::GenSubcompactionBoundaries`.
pub fn subcompactions(policy: &dyn Policy, options: &Options, compaction: &Compaction, bytes: u64) -> u64 {
    if compaction.output_level == 0 || !policy.may_split(compaction, options) {
        return 1;
    }
    options.max_subcompactions.min(bytes / compaction.target_file_size.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        options::CompactionPri,
        policy::{Action, Cuts, Inputs, Leveled, Reason, Rule},
    };

    #[test]
    fn a_quarter_of_the_jobs_are_flushes() {
        let with = |jobs, flushes, compactions| {
            split(&Options {
                max_background_jobs: jobs,
                max_background_flushes: flushes,
                max_background_compactions: compactions,
                ..Options::default()
            })
        };
        assert_eq!([1, 2, 4, 8, 16].map(|jobs| with(jobs, 0, 0)), [(1, 1), (1, 1), (1, 3), (2, 6), (4, 12)]);
        assert_eq!((with(8, 4, 0), with(8, 0, 6), with(8, 3, 5)), ((4, 1), (1, 6), (3, 5)));
    }

    /// RocksDB's own test, `CompactionSpeedupSingleColumnFamily`.
    #[test]
    fn compactions_fall_behind_at_the_numbers_of_rocksdb() {
        let options = Options {
            level0_slowdown_writes_trigger: 36,
            level0_stop_writes_trigger: 50,
            soft_pending_compaction_bytes_limit: 200,
            hard_pending_compaction_bytes_limit: 2000,
            ..Options::default()
        };
        let behind = |options: &Options, level0_tables, pending_bytes| {
            falls_behind(options, &Pressure { level0_tables, pending_bytes, ..Pressure::default() })
                .map(|why| why.cause)
        };
        let pending = [(0, 40), (0, 50), (0, 300), (0, 45)].map(|(l0, bytes)| behind(&options, l0, bytes));
        assert_eq!(pending, [None, Some(Cause::PendingBytes), Some(Cause::PendingBytes), None]);
        let tables = [(7, 45), (9, 45), (6, 45)].map(|(l0, bytes)| behind(&options, l0, bytes));
        assert_eq!(tables, [None, Some(Cause::Level0), None]);
        let sooner = Options { level0_slowdown_writes_trigger: 16, level0_stop_writes_trigger: 30, ..options };
        let tables = [(5, 45), (7, 45), (3, 45)].map(|(l0, bytes)| behind(&sooner, l0, bytes));
        assert_eq!(tables, [None, Some(Cause::Level0), None]);
    }

    #[test]
    fn a_debt_counts_by_what_the_tree_holds() {
        let options = Options { max_bytes_for_level_base: 100, ..Options::default() };
        let limit = |last| pending_limit(&options, last);
        assert_eq!((limit(0), limit(800), limit(8000), limit(u64::MAX)), (16 << 30, 200, 1000, 16 << 30));
    }

    #[test]
    fn only_what_is_large_and_out_of_level_0_is_split() {
        let options = Options { max_subcompactions: 4, ..Options::default() };
        let from = |level, output_level, rule| Compaction {
            action: Action::Merge,
            inputs: vec![Inputs::listed(level, vec![1])],
            output_level,
            target_file_size: 100,
            cuts: Cuts::default(),
            cursor: None,
            reason: Reason { rule, ..Reason::default() },
        };
        let parts = |level, output, rule, bytes| subcompactions(&Leveled, &options, &from(level, output, rule), bytes);
        assert_eq!(parts(0, 1, Rule::LevelScore, 1000), 4);
        assert_eq!(parts(0, 1, Rule::LevelScore, 250), 2);
        assert_eq!(parts(0, 1, Rule::LevelScore, 50), 1);
        assert_eq!(parts(1, 2, Rule::LevelScore, 1000), 1);
        assert_eq!(parts(1, 2, Rule::Manual, 1000), 4);
        assert_eq!(parts(0, 0, Rule::IntraL0Cost, 1000), 1);
        let turns = Options { compaction_pri: CompactionPri::RoundRobin, ..options };
        assert_eq!(subcompactions(&Leveled, &turns, &from(1, 2, Rule::LevelScore), 1000), 4);
    }
}
