//! Size-tiered compaction after Cassandra: tables of similar size are merged, whatever their age.
//!
//! In: the tree, the options, the running jobs. Out: the next [`Compaction`], with every bucket considered. The rules
//! are those of Cassandra's `SizeTieredCompactionStrategy`; all tables lie on level 0:
//!
//! 1. **Buckets.** From the smallest on, a table goes into the first bucket to whose average it is alike: larger than
//!    `size_tiered_bucket_low` times it, and smaller than `size_tiered_bucket_high` times; or both are smaller than
//!    `size_tiered_min_sstable_size`. If there is none, it begins one.
//! 2. **Which bucket.** Of those with at least `size_tiered_min_threshold` tables, the one with the smallest tables.
//!    (Cassandra takes the bucket that is read most, where it has measured that.)
//! 3. **How many.** At most `size_tiered_max_threshold` of its tables, the smallest first.
//!
//! ```text
//!   level 0   [ 9: 110 ] [ 8: 900 ] [ 7: 100 ] [ 6: 90 ] [ 5: 105 ]
//!             bucket of about 101: 9, 7, 6, 5 -> merged, though 8 lies between them in age
//! ```
//!
//! The tables that are merged need not be neighbours in age, so the sequence numbers of tables may interleave
//! afterwards. A read takes that into account: it goes on while a table behind may hold a newer version.
//!
//! What another style left on deeper levels stays there until a manual compaction, which merges everything into one
//! table of level 0. Cassandra's single-table tombstone compaction is not part of this.

use super::{
    About, By, Compaction, CountedRuns, Explanation, LevelScore, Levels, Limit, NextCompaction, Policy, Reason, Rule,
    Running, Verdict, WeighedRule,
    about::{self, Unused},
    expected::{self, Expected},
    overlap::{Jobs, List, TableList},
    runs::{self, Run},
};
use crate::{
    options::Options,
    plural::counted,
    version::{TableMeta, Version},
    words::{say, to_say},
};

/// Size-tiered compaction.
#[derive(Clone, Copy, Debug)]
pub struct SizeTiered;

impl Policy for SizeTiered {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, _: Explanation) -> Option<Compaction> {
        let jobs = Jobs::new(running);
        let buckets = buckets(tree, options, &jobs);
        let Some(picked) = buckets.iter().position(|bucket| bucket.is_due(options)) else {
            return runs::bottommost(tree, options, running, self);
        };
        let taken = buckets[picked].taken(options);
        let reason = Reason {
            scores: scores(tree, options, &jobs, &buckets),
            rules: buckets.iter().map(|bucket| bucket.weighed(options)).collect(),
            runs: tree.level_0().iter().map(|t| verdict(t, &buckets, picked, taken, options)).collect(),
            ..Reason::of(Rule::Bucket, "size_tiered_min_threshold")
        };
        // In the level's order.
        let mut tables = taken.to_vec();
        tables.sort_by_key(|t| tree.level_0().iter().position(|other| other.id == t.id));
        runs::merge(options, &jobs, &[run(tables)], 0, reason)
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        runs::pick_manual(tree, options, running, level, 0, self)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        let jobs = Jobs::new(running);
        scores(tree, options, &jobs, &buckets(tree, options, &jobs))
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("Cassandra's; tables of like size are merged, whatever their age"),
            next: NextCompaction {
                waits: to_say!("Tables of like size are merged when there are {limit} of them; now {held}."),
                ..NextCompaction::DUE
            },
            level_1: to_say!("Merged tables stay on level 0."),
            rules: &[Rule::Bucket],
            own_options: &[
                "size_tiered_min_threshold",
                "size_tiered_max_threshold",
                "size_tiered_bucket_low",
                "size_tiered_bucket_high",
                "size_tiered_min_sstable_size",
            ],
            unused: UNUSED,
            leaves_runs_on_level_0: true,
            ..About::NOTHING
        }
    }

    /// As many as make a bucket due.
    fn level_0_due(&self, options: &Options) -> Option<(u64, &'static str)> {
        Some((options.size_tiered_min_threshold, "size_tiered_min_threshold"))
    }

    fn expected(&self, version: &Version, options: &Options) -> Vec<Expected> {
        expected::tiering(version, options, options.size_tiered_min_threshold)
    }

    fn why_not_expected(&self) -> Option<&'static str> {
        Some(expected::ONLY_OF_LITERATURE)
    }
}

const UNUSED: &[Unused] = &[
    about::LEVEL_SIZES,
    about::MULTIPLIER,
    about::COMPACTION_PRI,
    about::TABLE_SIZE,
    about::TABLE_SIZES,
    about::COMPACTION_BYTES,
    Unused::partly(
        &["level0_file_num_compaction_trigger"],
        to_say!(
            "size_tiered compaction goes by size_tiered_min_threshold; \
             it only says when compactions get all their slots"
        ),
    ),
    about::TTL,
    about::DELETION_RATIO,
    about::HARD_PENDING,
    about::SOFT_PENDING,
    about::SUBCOMPACTIONS,
];

/// Tables of like size, the smallest first.
struct Bucket<'a> {
    tables: List<'a>,
    bytes: u64,
}

impl<'a> Bucket<'a> {
    fn average(&self) -> f64 {
        self.bytes as f64 / self.tables.len() as f64
    }

    fn takes(&self, table: &TableMeta, options: &Options) -> bool {
        let (size, average) = (table.bytes as f64, self.average());
        let small = options.size_tiered_min_sstable_size as f64;
        (size > average * options.size_tiered_bucket_low && size < average * options.size_tiered_bucket_high)
            || (size < small && average < small)
    }

    fn is_due(&self, options: &Options) -> bool {
        self.tables.len() as u64 >= options.size_tiered_min_threshold
    }

    /// Those that one merge takes.
    fn taken(&self, options: &Options) -> &[&'a TableMeta] {
        &self.tables[..self.tables.len().min(options.size_tiered_max_threshold as usize)]
    }

    fn weighed(&self, options: &Options) -> WeighedRule {
        let least = options.size_tiered_min_threshold;
        WeighedRule {
            rule: Rule::Bucket,
            option: "size_tiered_min_threshold",
            fired: self.is_due(options),
            formula: say!(
                "{tables} of about {average} bytes / {least}",
                tables = counted(self.tables.len(), "table"),
                average = format!("{:.0}", self.average()),
                least
            ),
        }
    }
}

/// Every idle table of level 0 in its bucket; the buckets in order of size.
fn buckets<'a>(tree: &'a dyn Levels, options: &Options, jobs: &Jobs<'_>) -> Vec<Bucket<'a>> {
    let mut tables: List<'a> = tree.level_0().iter().map(|t| &**t).filter(|t| !jobs.is_busy(t)).collect();
    tables.sort_by_key(|t| (t.bytes, t.id));
    let mut buckets: Vec<Bucket<'a>> = Vec::new();
    for table in tables {
        match buckets.iter_mut().find(|bucket| bucket.takes(table, options)) {
            Some(bucket) => {
                bucket.tables.push(table);
                bucket.bytes += table.bytes;
            }
            None => buckets.push(Bucket { tables: vec![table], bytes: table.bytes }),
        }
    }
    buckets
}

fn scores(tree: &dyn Levels, options: &Options, jobs: &Jobs<'_>, buckets: &[Bucket<'_>]) -> Vec<LevelScore> {
    let fullest = buckets.iter().map(|bucket| bucket.tables.len()).max().unwrap_or(0);
    let least = options.size_tiered_min_threshold;
    let limit = Limit { of: By::Tables, ..Limit::of_runs(least, "threshold", "size_tiered_min_threshold") };
    let first = runs::by_count(fullest, CountedRuns::OfLikeSize, limit);
    runs::scores(tree, jobs, first, to_say!("size-tiered compaction leaves it alone"))
}

fn verdict(
    table: &TableMeta,
    buckets: &[Bucket<'_>],
    picked: usize,
    taken: &[&TableMeta],
    options: &Options,
) -> super::WeighedRun {
    let bucket = buckets.iter().position(|bucket| bucket.tables.iter().any(|t| t.id == table.id));
    let verdict = match bucket {
        None => Verdict::Busy,
        Some(_) if taken.iter().any(|t| t.id == table.id) => Verdict::Picked,
        Some(at) if at == picked => Verdict::NotNeeded,
        Some(at) if buckets[at].is_due(options) => Verdict::Later,
        Some(_) => Verdict::TooFew,
    };
    super::WeighedRun { level: 0, tables: vec![table.id], bytes: table.bytes, verdict }
}

/// `tables` of level 0 as one.
fn run(tables: List<'_>) -> Run<'_> {
    let bytes = tables.iter().map(|t| t.bytes).sum();
    Run { level: 0, bytes, weighed: bytes, busy: false, tables: TableList::List(tables) }
}
