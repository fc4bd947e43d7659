//! The upper bounds of amplification: what formulas expect of a tree with full levels, shown beside the measured one.
//! [`estimate`](super::estimate) has what a tree as it is now should have cost.
//!
//! In: the options and the tree as it is. Out: one [`Expected`] for each thing that is amplified and each way of
//! counting it, with the formula in today's numbers. Formulas are rules of thumb: RocksDB's is a worst case, which
//! measured trees undercut by 1.8 to 3.5 times (Lim, Andersen and Kaminsky, FAST 2016); those of the literature say how
//! things grow, without constants.
//!
//! With `T` = `max_bytes_for_level_multiplier` (of tiers: the runs that are merged at once), `L` levels with data (of
//! tiers: as many as it takes), and `b` filter bits for each key:
//!
//! | | leveling | lazy leveling | tiering | source |
//! | --- | --- | --- | --- | --- |
//! | write, RocksDB's way | `1 + (level 0 + base) / level 0 + T (L − 1)` | | | RocksDB Tuning Guide |
//! | write | `T L` | `T + L` | `L` | Dayan and Idreos, Dostoevsky, SIGMOD 2018 |
//! | short scan, runs | `L` | `1 + T (L − 1)` | `T L` | the same |
//! | space | `1 + 1/(T − 1)` | `1 + 1/T` | `T` | the same |
//! | get of an absent key, tables read | the sum of the filters' false positives, `e^(−b ln² 2)` for each run | | | |
//! | the same, best split of the bits | as Monkey splits them ([`monkey`]) | | | Dayan et al., Monkey, SIGMOD 2017 |
//!
//! Space as RocksDB counts it is that of all levels by that of the last one, were every level above as full as its
//! target. Where nothing is merged (`fifo`), or everything each time (`full`), there are neither levels nor tiers: of
//! these formulas, only the filters' apply. Each style says which are its own ([`Policy::expected`](super::Policy));
//! [`metrics::compared`](crate::metrics::compared) sets all this beside what was measured.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{policy_for, targets};
use crate::{
    options::Options,
    plural::counted,
    version::Version,
    words::{decimal, say, to_say},
};

/// What is amplified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Bytes written for each byte that came in.
    Write,
    /// Runs that a short scan looks into.
    Scan,
    /// Tables that are read for a key that is not there, with filters as they are.
    AbsentGet,
    /// The same, were the same bits of filter split among the runs as Monkey does.
    AbsentGetMonkey,
    /// Bytes stored for each byte that is alive.
    Space,
}

/// Whose way of counting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// RocksDB, in its statistics and its tuning guide.
    Rocksdb,
    /// Papers on LSM-trees.
    Literature,
}

/// One amplification, as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Expected {
    /// Of what.
    pub quantity: Quantity,
    /// Counted by whom.
    pub counted: Counted,
    /// How much.
    pub value: f64,
    /// How that came about. Serialized as its text.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub formula: ExpectedFormula,
}

/// A formula with today's numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectedFormula {
    /// Written by the flush, into the base level, and into each level below.
    WorstCase {
        /// Bytes of level 0 when it is due.
        level_0: u64,
        /// Bytes of the base level when it is full.
        base: u64,
        /// The multiplier.
        ratio: f64,
        /// Levels below the base.
        below: usize,
    },
    /// Every level's bytes by the last one's.
    LevelsByLast {
        /// Bytes of all levels.
        all: u64,
        /// Bytes of the last one.
        last: u64,
    },
    /// So many runs or levels.
    Count {
        /// How many.
        levels: usize,
    },
    /// `T × L`.
    RatioTimesLevels {
        /// T.
        ratio: f64,
        /// L.
        levels: usize,
    },
    /// `T + L`.
    RatioPlusLevels {
        /// T.
        ratio: f64,
        /// L.
        levels: usize,
    },
    /// `1 + T × (L − 1)`.
    OneAndTiers {
        /// T.
        ratio: f64,
        /// L − 1.
        tiers: usize,
    },
    /// `1 + 1 / n`.
    OneAndPart {
        /// n.
        of: f64,
    },
    /// T itself.
    Ratio {
        /// T.
        ratio: f64,
    },
    /// As many false positives as there are runs.
    FalsePositives {
        /// The runs.
        runs: usize,
        /// Bits for each key.
        bits: f64,
    },
    /// The false positives of runs whose filters are as Monkey makes them.
    Monkey {
        /// The runs.
        runs: usize,
        /// Bits for each key, on average.
        bits: f64,
    },
}

use ExpectedFormula as F;

/// Why a style of runs has fewer formulas than one of levels.
pub(super) const ONLY_OF_LITERATURE: &str =
    to_say!("RocksDB's own formulas are for levels; those of the literature are for tiers too.");

impl ExpectedFormula {
    fn value(&self) -> f64 {
        match *self {
            F::WorstCase { level_0, base, ratio, below } => {
                1.0 + (level_0 + base) as f64 / level_0.max(1) as f64 + ratio * below as f64
            }
            F::LevelsByLast { all, last } => all as f64 / last.max(1) as f64,
            F::Count { levels } => levels as f64,
            F::RatioTimesLevels { ratio, levels } => ratio * levels as f64,
            F::RatioPlusLevels { ratio, levels } => ratio + levels as f64,
            F::OneAndTiers { ratio, tiers } => 1.0 + ratio * tiers as f64,
            F::OneAndPart { of } => 1.0 + 1.0 / of,
            F::Ratio { ratio } => ratio,
            F::FalsePositives { runs, bits } => runs as f64 * false_positives(bits),
            // Of the runs' sizes, which its text does not list.
            F::Monkey { .. } => f64::NAN,
        }
    }
}

impl fmt::Display for ExpectedFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let levels = |levels: &usize| counted(*levels, "level");
        let runs = |runs: &usize| counted(*runs, "run");
        let number = |x: &f64| decimal(&x.to_string());
        f.write_str(&match self {
            F::WorstCase { level_0, base, ratio, below } => say!(
                "1 + ({level_0} + {base}) / {level_0} bytes + {ratio} × {levels} below the base",
                level_0,
                base,
                ratio = number(ratio),
                levels = levels(below)
            ),
            F::LevelsByLast { all, last } => say!("{all} bytes in all / {last} bytes of the last level", all, last),
            F::Count { levels: count } => format!("1 × {}", levels(count)),
            F::RatioTimesLevels { ratio, levels: count } => format!("{} × {}", number(ratio), levels(count)),
            F::RatioPlusLevels { ratio, levels: count } => format!("{} + {}", number(ratio), levels(count)),
            F::OneAndTiers { ratio, tiers } => {
                say!("1 + {ratio} × {levels} of tiers", ratio = number(ratio), levels = levels(tiers))
            }
            F::OneAndPart { of } => format!("1 + 1 / {}", number(of)),
            F::Ratio { ratio } => say!("{ratio} runs with a version of each key", ratio = number(ratio)),
            F::FalsePositives { runs: count, bits } => {
                say!("{runs} × e^(−{bits} bits × ln² 2)", runs = runs(count), bits = short(*bits))
            }
            F::Monkey { runs: count, bits } => {
                say!(
                    "{runs}, {bits} bits on average, more for the smaller ones",
                    runs = runs(count),
                    bits = short(*bits)
                )
            }
        })
    }
}

/// A number with two places at most.
fn short(x: f64) -> String {
    decimal(&((x * 100.0).round() / 100.0).to_string())
}

impl Serialize for ExpectedFormula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The probability that a bloom filter with `bits` bits for each key lets an absent key through.
fn false_positives(bits: f64) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    libm::exp(-bits * LN_2 * LN_2)
}

/// The expected number of runs of `entries` that are read for an absent key, if filters of `bits` for each key on
/// average are split in the best way: the false positives of a run proportional to its entries, but no more than 1.
/// Larger runs get fewer bits for each key, and the largest none if there are too few.
///
/// `fpr = R × n / Σn`, and `bits = −ln fpr / ln² 2`; so `ln R = −(b ln² 2 × all + Σ n ln(n / Σn)) / Σn` over those that
/// get any.
pub fn monkey(entries: &[u64], bits: f64) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    let mut runs: Vec<f64> = entries.iter().filter(|n| **n > 0).map(|n| *n as f64).collect();
    runs.sort_unstable_by(f64::total_cmp);
    let budget = bits * LN_2 * LN_2 * runs.iter().sum::<f64>();
    let mut without = 0;
    // The largest go without a filter for as long as theirs would have to let more than everything through.
    while let Some(largest) = runs.last() {
        let sum: f64 = runs.iter().sum();
        let ordered: f64 = runs.iter().map(|n| n * libm::log(n / sum)).sum();
        let all = libm::exp(-(budget + ordered) / sum);
        if all * largest / sum <= 1.0 {
            return all + without as f64;
        }
        runs.pop();
        without += 1;
    }
    without as f64
}

/// RocksDB's worst case of leveled compaction: 1 for the flush, `(level 0 + base) / level 0` into the base level, and
/// `ratio` into each level `below` it.
pub fn worst_case(level_0: u64, base: u64, ratio: f64, below: usize) -> Expected {
    F::WorstCase { level_0, base, ratio, below }.expected(Quantity::Write, Counted::Rocksdb)
}

impl ExpectedFormula {
    fn expected(self, quantity: Quantity, counted: Counted) -> Expected {
        Expected { quantity, counted, value: self.value(), formula: self }
    }
}

/// What `version` should amplify under `options`; nothing while it has no tables.
pub fn expected(options: &Options, version: &Version) -> Vec<Expected> {
    if version.tables().next().is_none() {
        return Vec::new();
    }
    let mut all = policy_for(options).expected(version, options);
    all.extend(absent_gets(options, version));
    all
}

/// Levels from 1 on that have data; at least one.
fn levels_with_data(version: &Version) -> usize {
    version.levels[1..].iter().filter(|level| !level.is_empty()).count().max(1)
}

/// Of levels, each one sorted run.
pub(super) fn leveling(version: &Version, options: &Options) -> Vec<Expected> {
    use Counted::{Literature, Rocksdb};
    let (ratio, levels) = (options.max_bytes_for_level_multiplier, levels_with_data(version));
    let targets = targets(version, options);
    // If level 0 is empty, the size of a memtable stands in.
    let flushed = version.levels[0].iter().map(|t| t.bytes).max().unwrap_or(options.write_buffer_size);
    let level_0 = flushed.max(1) * options.level0_file_num_compaction_trigger;
    let base = targets.of(targets.base_level).unwrap_or(options.max_bytes_for_level_base);
    let last = version.levels.iter().rposition(|level| !level.is_empty()).unwrap_or(0);
    let last_bytes = version.level_bytes(last);
    let above = (1..last).filter_map(|level| targets.of(level)).fold(level_0.min(last_bytes), u64::saturating_add);
    vec![
        F::WorstCase { level_0, base, ratio, below: levels - 1 }.expected(Quantity::Write, Rocksdb),
        F::RatioTimesLevels { ratio, levels }.expected(Quantity::Write, Literature),
        F::Count { levels }.expected(Quantity::Scan, Literature),
        F::LevelsByLast { all: last_bytes.saturating_add(above), last: last_bytes }.expected(Quantity::Space, Rocksdb),
        F::OneAndPart { of: ratio - 1.0 }.expected(Quantity::Space, Literature),
    ]
}

/// How many levels of tiers there are when each run is merged of `ratio` smaller ones, from a flush to all there is.
fn tiers(version: &Version, options: &Options, ratio: f64) -> usize {
    let entries = |tables: &crate::version::Level| tables.iter().map(|t| t.bytes).sum::<u64>();
    let all: u64 = version.levels.iter().map(entries).sum();
    let flushed = version.levels[0].iter().map(|t| t.bytes).min().unwrap_or(options.write_buffer_size).max(1);
    let (mut size, mut levels) = (flushed as f64, 1);
    while size * ratio <= all as f64 {
        size *= ratio;
        levels += 1;
    }
    levels
}

/// Of runs, `merged` of which make one.
pub(super) fn tiering(version: &Version, options: &Options, merged: u64) -> Vec<Expected> {
    use Counted::Literature;
    let ratio = merged.max(2) as f64;
    let levels = tiers(version, options, ratio);
    vec![
        F::Count { levels }.expected(Quantity::Write, Literature),
        F::RatioTimesLevels { ratio, levels }.expected(Quantity::Scan, Literature),
        F::Ratio { ratio }.expected(Quantity::Space, Literature),
    ]
}

/// Of tiers of runs above one run.
pub(super) fn lazy_leveling(version: &Version, options: &Options) -> Vec<Expected> {
    use Counted::Literature;
    let ratio = options.max_bytes_for_level_multiplier.floor().max(2.0);
    let levels = tiers(version, options, ratio);
    vec![
        F::RatioPlusLevels { ratio, levels }.expected(Quantity::Write, Literature),
        F::OneAndTiers { ratio, tiers: levels - 1 }.expected(Quantity::Scan, Literature),
        F::OneAndPart { of: ratio }.expected(Quantity::Space, Literature),
    ]
}

fn absent_gets(options: &Options, version: &Version) -> [Expected; 2] {
    let bits = options.filter_bits_per_key();
    let mut runs: Vec<u64> = version.levels[0].iter().map(|t| t.entries).collect();
    let level = |tables: &crate::version::Level| tables.iter().map(|t| t.entries).sum::<u64>();
    runs.extend(version.levels[1..].iter().filter(|tables| !tables.is_empty()).map(level));
    let plain = F::FalsePositives { runs: runs.len(), bits }.expected(Quantity::AbsentGet, Counted::Literature);
    let best = Expected {
        value: monkey(&runs, bits),
        ..F::Monkey { runs: runs.len(), bits }.expected(Quantity::AbsentGetMonkey, Counted::Literature)
    };
    [plain, best]
}

#[cfg(test)]
mod tests;
