//! The terms in which a decision explains itself: the rules, and the verdicts on a table or a run.
//!
//! Every term that a policy can report is in one of these lists, with its meaning. The page has a sentence for each
//! rule, and shows verdicts by their names. A test checks that each rule and each verdict occurs in the golden texts.

use std::fmt;

use serde::Serialize;

/// An enum whose variants have names, and are all in `ALL`.
macro_rules! words {
    ($(#[$about:meta])* $kind:ident { $( $(#[$meaning:meta])* $variant:ident = $name:literal, )* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[derive(borsh::BorshSerialize, borsh::BorshDeserialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub enum $kind {
            $( $(#[$meaning])* #[serde(rename = $name)] $variant, )*
        }

        impl $kind {
            /// Every one there is.
            pub const ALL: &'static [$kind] = &[$( $kind::$variant, )*];

            /// What it is called.
            pub const fn name(self) -> &'static str {
                match self {
                    $( $kind::$variant => $name, )*
                }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

words! {
    /// The rule that asks for a compaction.
    Rule {
        /// A level's score is at least 1, and the highest.
        LevelScore = "level_score",
        /// The oldest tables of level 0 overlap nothing below: they move.
        L0TrivialMove = "l0_trivial_move",
        /// Level 0 is small against the base level: its tables are merged among themselves.
        IntraL0Size = "intra_l0_size",
        /// Level 0 has to wait for the base level: its newest tables are merged meanwhile.
        IntraL0Cost = "intra_l0_cost",
        /// A table is marked, for its many tombstones.
        MarkedForCompaction = "marked_for_compaction",
        /// A bottommost table has entries that can be dropped by now.
        BottommostFiles = "bottommost_files",
        /// A table is too old to stay where it is.
        Ttl = "ttl",
        /// The database is opened, and the level is not as far down as it could be.
        MovedAtOpen = "moved_at_open",
        /// A level that is one table is due.
        WholeLevel = "whole_level",
        /// Everything is merged into one table.
        FullMerge = "full_merge",
        /// A person asked for it.
        Manual = "manual",
        /// The newer runs are large against the oldest.
        SizeAmplification = "size_amplification",
        /// Neighbouring runs are of like size.
        SizeRatio = "size_ratio",
        /// There are too many runs.
        SortedRuns = "sorted_runs",
        /// There are enough tables of like size.
        Bucket = "bucket",
        /// A tier is full.
        Tier = "tier",
        /// The oldest tier is full, and large enough against the last level.
        LastLevel = "last_level",
        /// Tables are too old to be kept.
        FifoTtl = "fifo_ttl",
        /// There is more than may be kept.
        FifoMaxSize = "fifo_max_size",
        /// There are more tables than need be.
        FifoReduceNumFiles = "fifo_reduce_num_files",
    }
}

words! {
    /// What set a score, and what the numbers of its formula count.
    By {
        /// Nothing: there is nothing to be compacted, or nowhere to go.
        None = "none",
        /// Tables.
        Tables = "tables",
        /// Bytes.
        Bytes = "bytes",
        /// Entries.
        Entries = "entries",
        /// Sorted runs.
        Runs = "runs",
    }
}

words! {
    /// The verdict on a table or a run that was considered.
    Verdict {
        /// The compaction takes it.
        Picked = "picked",
        /// It is taken along with the one that was picked.
        ComesAlong = "comes_along",
        /// Its compaction would rewrite more of the next level for each of its bytes.
        LargerOverlap = "larger_overlap",
        /// It is smaller.
        Smaller = "smaller",
        /// It was written to later.
        Newer = "newer",
        /// Its turn comes later.
        LaterTurn = "later_turn",
        /// Its keys come later, and otherwise it is the same.
        LargerKey = "larger_key",
        /// It is not marked for compaction, and another is.
        NotMarked = "not_marked",
        /// It is not old enough, and another is.
        Younger = "younger",
        /// It overlaps another, so that it cannot move.
        Overlaps = "overlaps",
        /// Adding it would cost more for each table that is merged away.
        CostsMore = "costs_more",
        /// A job has it.
        Busy = "busy",
        /// A job has a neighbour that it cannot leave behind.
        NeighbourBusy = "neighbour_busy",
        /// A job has a table of the output level that it overlaps.
        OutputBusy = "output_busy",
        /// A job writes into its range of the output level.
        RangeBusy = "range_busy",
        /// It was left out, so that level 0 does not fill up meanwhile.
        LeftOut = "left_out",
        /// It is too unlike its neighbour in size.
        StandsApart = "stands_apart",
        /// What is taken is enough without it.
        NotNeeded = "not_needed",
        /// It is older than what ended the merge.
        Older = "older",
        /// Too few are like it.
        TooFew = "too_few",
        /// It is due, but another bucket is merged first.
        Later = "later",
    }
}

impl Rule {
    /// The rules that a decision of any style may name.
    pub const OF_ALL_STYLES: &'static [Rule] = &[Rule::Manual, Rule::BottommostFiles];

    /// Where the rule is from: the file and function of RocksDB that decides it, or whose it is otherwise.
    pub const fn source(self) -> &'static str {
        match self {
            Rule::LevelScore => "compaction_picker_level.cc: LevelCompactionBuilder::PickFileToCompact",
            Rule::L0TrivialMove => "compaction_picker_level.cc: LevelCompactionBuilder::TryPickL0TrivialMove",
            Rule::IntraL0Size => "compaction_picker_level.cc: LevelCompactionBuilder::PickSizeBasedIntraL0Compaction",
            Rule::IntraL0Cost => "compaction_picker_level.cc: LevelCompactionBuilder::PickIntraL0Compaction",
            Rule::MarkedForCompaction => "compaction_picker.cc: CompactionPicker::PickFilesMarkedForCompaction",
            Rule::BottommostFiles => "version_set.cc: VersionStorageInfo::ComputeBottommostFilesMarkedForCompaction",
            Rule::Ttl => "version_set.cc: VersionStorageInfo::ComputeExpiredTtlFiles",
            Rule::MovedAtOpen => "db_impl_open.cc: DBImpl::Recover",
            Rule::Manual => "compaction_picker.cc: CompactionPicker::CompactRange",
            Rule::SizeAmplification => {
                "compaction_picker_universal.cc: UniversalCompactionBuilder::PickCompactionToReduceSizeAmp"
            }
            Rule::SizeRatio | Rule::SortedRuns => {
                "compaction_picker_universal.cc: UniversalCompactionBuilder::PickCompactionToReduceSortedRuns"
            }
            Rule::FifoTtl => "compaction_picker_fifo.cc: FIFOCompactionPicker::PickTTLCompaction",
            Rule::FifoMaxSize => "compaction_picker_fifo.cc: FIFOCompactionPicker::PickSizeCompaction",
            Rule::FifoReduceNumFiles => "compaction_picker.cc: FindIntraL0Compaction, for FIFOCompactionPicker",
            Rule::Bucket => "Cassandra, SizeTieredCompactionStrategy.java: getBuckets",
            Rule::Tier | Rule::LastLevel => "Dayan and Idreos, Dostoevsky, SIGMOD 2018: lazy leveling",
            Rule::WholeLevel | Rule::FullMerge => "not RocksDB's: as the smallest stores do it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_written_as_it_is_called() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.name());
        }
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.name());
        }
        assert_eq!(format!("{:<6}|", Rule::Ttl), "ttl   |");
    }
}
