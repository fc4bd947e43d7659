//! What a style says of itself is true of what it does, on trees that grow by flushes and are compacted until nothing
//! is due.

use std::rc::Rc;

use super::About;
use crate::{
    options::{JobMode, Options},
    policy::{Action, By, Compaction, Explanation, LevelScore, Policy, Rule, Running, policy_for, styles, targets},
    random::Random,
    version::{TableMeta, Version, VersionEdit},
};

/// Keys are numbers of four digits.
const KEYS: u64 = 10_000;

/// A tree that one style compacts.
struct Growth {
    options: Options,
    version: Version,
    next: u64,
}

impl Growth {
    fn new(options: Options) -> Growth {
        assert_eq!(options.validate(), []);
        Growth { version: Version::new(options.levels()), options, next: 1 }
    }

    fn policy(&self) -> &'static dyn Policy {
        policy_for(&self.options)
    }

    fn scores(&self) -> Vec<LevelScore> {
        self.policy().scores(&self.version, &self.options, &Running::default())
    }

    fn pick(&self) -> Option<Compaction> {
        self.policy().pick(&self.version, &self.options, &Running::default(), Explanation::Full)
    }

    fn waits(&self) -> String {
        self.policy().about().waits_for(&self.scores(), &self.options)
    }

    fn table(&mut self, bytes: u64, keys: (u64, u64), seqs: (u64, u64)) -> Rc<TableMeta> {
        let id = self.next;
        self.next += 1;
        let key = |key: u64| format!("{key:04}").as_str().into();
        let (smallest, largest) = (key(keys.0), key(keys.1));
        let (smallest_seq, largest_seq) = seqs;
        let entries = bytes / 10;
        Rc::new(TableMeta { id, bytes, entries, smallest, largest, smallest_seq, largest_seq, ..TableMeta::default() })
    }

    fn apply(&mut self, removed: Vec<(usize, Rc<TableMeta>)>, added: Vec<(usize, Rc<TableMeta>)>) {
        let edit = VersionEdit { removed, added, ..VersionEdit::default() };
        self.version = self.version.apply(&edit).expect("an edit that fits");
    }

    fn flush(&mut self, bytes: u64, keys: (u64, u64)) {
        let table = self.table(bytes, keys, (self.next, self.next));
        self.apply(Vec::new(), vec![(0, table)]);
    }

    /// Executes `compaction`: nothing in its inputs can be dropped.
    fn execute(&mut self, compaction: &Compaction) {
        let output = compaction.output_level;
        let mut inputs = Vec::new();
        for of_level in &compaction.inputs {
            of_level.for_each(&self.version, |table| inputs.push((of_level.level, table.clone())));
        }
        let added = match compaction.action {
            Action::Drop => Vec::new(),
            Action::Move => inputs.iter().map(|(_, table)| (output, table.clone())).collect(),
            Action::Merge => self.merged(compaction, &inputs),
        };
        self.apply(inputs, added);
    }

    fn merged(&mut self, compaction: &Compaction, inputs: &[(usize, Rc<TableMeta>)]) -> Vec<(usize, Rc<TableMeta>)> {
        let number = |key: &[u8]| std::str::from_utf8(key).unwrap().parse::<u64>().unwrap();
        let tables = || inputs.iter().map(|(_, table)| table);
        let low = tables().map(|t| number(&t.smallest)).min().unwrap();
        let high = tables().map(|t| number(&t.largest)).max().unwrap();
        let seqs = (tables().map(|t| t.smallest_seq).min().unwrap(), tables().map(|t| t.largest_seq).max().unwrap());
        let bytes: u64 = tables().map(|t| t.bytes).sum();
        let count = bytes.div_ceil(compaction.target_file_size).clamp(1, high - low + 1);
        let bound = |n: u64| low + (high - low + 1) * n / count;
        let table = |n| self.table(bytes / count, (bound(n), bound(n + 1) - 1), seqs);
        (0..count).map(table).map(|table| (compaction.output_level, table)).collect()
    }
}

/// Small options of `options`' style, so that all its rules come to fire, but for those that depend on time, deletions
/// and snapshots: no style's score counts these.
fn drawn(random: &mut Random, options: &Options) -> Options {
    let trigger = 2 + random.below(4);
    Options {
        num_levels: 3 + random.below(3),
        ttl: 0,
        level0_file_num_compaction_trigger: trigger,
        max_bytes_for_level_base: 200 + random.below(800),
        max_bytes_for_level_multiplier: 2.0 + random.below(3) as f64,
        max_entries_for_level_base: [0, 0, 30][random.below(3) as usize],
        level_compaction_dynamic_level_bytes: random.one_in(2),
        compaction_soft_limit_percent: [100, 100, 40 + random.below(60)][random.below(3) as usize],
        one_table_per_level: random.one_in(5),
        target_file_size_base: 64 + random.below(200),
        universal_max_size_amplification_percent: random.below(300),
        size_tiered_min_threshold: trigger,
        size_tiered_min_sstable_size: random.below(200),
        fifo_max_table_files_size: 500 + random.below(1000),
        fifo_allow_compaction: random.one_in(2),
        write_buffer_size: 64 + random.below(200),
        ..options.clone()
    }
}

/// Calls `each` for every settled tree of every style, its flush, and each compaction picked from then on: the growth
/// before it, the sentence before the flush, whether it is the first since, and the compaction.
fn grow(mut each: impl FnMut(&Growth, &str, bool, Option<&Compaction>)) {
    for (style, _) in styles() {
        for seed in 0..40 {
            let mut random = Random::new(seed);
            let base = Options { compaction_style: style, job_mode: JobMode::Manual, ..Options::default() };
            let mut growth = Growth::new(drawn(&mut random, &base));
            let size = 50 + random.below(100);
            let alike = random.one_in(2);
            for _ in 0..40 {
                let waits = growth.waits();
                let from = random.below(KEYS);
                let to = from + random.below(KEYS - from);
                growth.flush(if alike { size } else { size / 2 + random.below(size) }, (from, to));
                let mut first = true;
                for step in 0.. {
                    assert!(step < 100, "{style:?} of seed {seed} never comes to rest");
                    let picked = growth.pick();
                    each(&growth, &waits, first, picked.as_ref());
                    let Some(picked) = picked else { break };
                    growth.execute(&picked);
                    first = false;
                }
            }
        }
    }
}

#[test]
fn a_score_of_1_is_a_compaction_where_a_style_says_so() {
    let mut undecided = Vec::new();
    grow(|growth, _, _, picked| {
        let (scores, style) = (growth.scores(), growth.options.compaction_style);
        let told = growth.policy().about().next_of(&scores);
        let highest = scores.iter().map(|score| score.score).fold(0.0, f64::max);
        // RocksDB's picker keeps as many bytes as its score calls too many: at exactly the limit, nothing is dropped.
        let at_limit = growth.policy().about().drops_unread() && highest == 1.0;
        match picked {
            Some(picked) => assert!(highest >= 1.0, "{style:?}: {:?} at {highest}", picked.reason.rule),
            None if highest < 1.0 || at_limit => {}
            None => {
                assert!(!told.score_is_due, "{style:?}: nothing at {highest}: {}", growth.waits());
                undecided.push((style, told.due));
            }
        }
    });
    // And a style says otherwise only where that happens.
    for (style, policy) in styles() {
        let About { next, next_by_tables, .. } = policy.about();
        for told in [Some(next), next_by_tables].into_iter().flatten() {
            assert!(told.score_is_due || undecided.contains(&(style, told.due)), "{style:?}: {}", told.due);
        }
    }
}

/// The numbers in a sentence: the limit, then what there is.
fn numbers(sentence: &str) -> (u64, u64) {
    let mut numbers = sentence.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    // `Level 0 is compacted …` names the level first.
    if sentence.starts_with("Level 0") || sentence.contains("when level 0") {
        numbers.next();
    }
    (numbers.next().expect("a limit"), numbers.next().expect("what there is"))
}

#[test]
fn the_first_compaction_comes_at_the_limit_that_the_sentence_names() {
    let set: &[fn(&mut Options)] = &[
        |_| {},
        |options| options.max_bytes_for_level_base = 350,
        |options| options.max_bytes_for_level_0 = 250,
        |options| options.max_entries_for_level_base = 25,
        |options| options.compaction_soft_limit_percent = 70,
        |options| (options.compaction_soft_limit_percent, options.max_bytes_for_level_base) = (40, 900),
        |options| options.fifo_allow_compaction = true,
        |options| options.level_compaction_dynamic_level_bytes = true,
        |options| options.max_bytes_for_level_multiplier = 5.0,
    ];
    for (style, _) in styles() {
        for (at, set) in set.iter().enumerate() {
            let mut options = Options {
                compaction_style: style,
                level0_file_num_compaction_trigger: 6,
                level_compaction_dynamic_level_bytes: false,
                max_bytes_for_level_base: 10_000,
                fifo_max_table_files_size: 950,
                write_buffer_size: 1000,
                ..Options::default()
            };
            set(&mut options);
            let mut growth = Growth::new(options);
            let mut expected = None;
            for count in 1..=50 {
                growth.flush(100, (0, KEYS - 1));
                let picked = growth.pick().is_some();
                let sentence = growth.waits();
                if let Some(expected) = expected.filter(|_| picked) {
                    assert_eq!(count, expected, "{style:?}, options {at}: {sentence}");
                    break;
                }
                let (limit, held) = numbers(&sentence);
                assert!(!picked && held < limit, "{style:?}, options {at}: {sentence}");
                // All tables are alike, so each adds as much.
                let each = held / count;
                expected = Some(limit.div_ceil(each));
            }
            assert!(growth.pick().is_some(), "{style:?}, options {at}: nothing is ever due");
        }
    }
}

/// Something that a sentence says, and whether it holds: of the tree before, the compaction, and the tree after.
struct Claim {
    says: &'static str,
    holds: fn(&Growth, &Compaction, &Version) -> bool,
}

fn inputs(growth: &Growth, compaction: &Compaction) -> Vec<(usize, Rc<TableMeta>)> {
    let mut inputs = Vec::new();
    for of_level in &compaction.inputs {
        of_level.for_each(&growth.version, |table| inputs.push((of_level.level, table.clone())));
    }
    inputs
}

fn takes_everything_into_one_table(growth: &Growth, compaction: &Compaction) -> bool {
    let everything = inputs(growth, compaction).len() == growth.version.tables().count();
    everything && compaction.target_file_size == u64::MAX && compaction.action == Action::Merge
}

/// Whether `compaction` takes the tables of level 0 from `from` on, and those only.
fn takes_level_0(growth: &Growth, compaction: &Compaction, from: impl Fn(usize) -> usize) -> bool {
    let mut taken: Vec<u64> = inputs(growth, compaction).iter().map(|(_, table)| table.id).collect();
    let tables: Vec<u64> = growth.version.levels[0].iter().map(|table| table.id).collect();
    let from = from(tables.len() - taken.len());
    let mut expected = tables[from..from + taken.len()].to_vec();
    expected.sort_unstable();
    taken.sort_unstable();
    taken == expected
}

/// Whether sizes are alike as size-tiered compaction has it.
fn are_alike(options: &Options, mut sizes: Vec<u64>) -> bool {
    sizes.sort_unstable();
    let mut bytes = 0;
    sizes.iter().enumerate().all(|(count, size)| {
        let average = bytes as f64 / count as f64;
        bytes += size;
        let small = options.size_tiered_min_sstable_size as f64;
        count == 0 || (*size as f64) < average * options.size_tiered_bucket_high || (*size as f64) < small
    })
}

fn last(version: &Version) -> usize {
    version.levels.len() - 1
}

/// Where compactions out of level 0 go.
fn base_level(growth: &Growth) -> usize {
    targets(&growth.version, &growth.options).base_level
}

/// The claims of all sentences of [`About::next`], which hold of the first compaction after a flush, if nothing was due
/// before it.
const NEXT: &[Claim] = &[
    Claim { says: "Level 0 is compacted when it has", holds: |_, c, _| c.start_level() == 0 },
    Claim {
        says: "All tables are merged into one when level 0 has",
        holds: |growth, c, _| takes_everything_into_one_table(growth, c),
    },
    Claim { says: "Runs are weighed for a merge", holds: |_, c, _| c.action != Action::Drop },
    Claim {
        says: "Tables of like size are merged",
        holds: |growth, c, _| {
            are_alike(&growth.options, inputs(growth, c).iter().map(|(_, table)| table.bytes).collect())
        },
    },
    Claim {
        says: "A tier is merged when it has",
        holds: |growth, c, _| {
            let runs = inputs(growth, c).iter().filter(|(level, _)| *level == 0).count();
            c.action == Action::Merge && runs >= growth.options.max_bytes_for_level_multiplier as usize
        },
    },
    Claim {
        says: "The oldest tables are dropped when all are larger than",
        holds: |growth, c, _| {
            let bytes: u64 = growth.version.tables().map(|(_, table)| table.bytes).sum();
            let limit = growth.policy().about().drops_unread_above.and_then(|option| growth.options.get(option));
            c.action == Action::Drop
                && limit.is_some_and(|limit| bytes > limit.parse().expect("a number of bytes"))
                && takes_level_0(growth, c, |left| left)
        },
    },
    Claim {
        says: "The newest tables are weighed for a merge",
        holds: |growth, c, _| c.action != Action::Merge || takes_level_0(growth, c, |_| 0),
    },
];

/// The claims of all sentences about level 1, which hold of every compaction.
const LEVEL_1: &[Claim] = &[
    Claim { says: "is one sorted run", holds: |_, _, after| are_sorted_runs(after) },
    Claim {
        says: "level 0 is merged into the first in use",
        holds: |growth, c, _| c.start_level() > 0 || [0, base_level(growth)].contains(&c.output_level),
    },
    Claim {
        says: "Everything is merged into one table, on the last level",
        holds: |growth, c, after| takes_everything_into_one_table(growth, c) && c.output_level == last(after),
    },
    Claim {
        says: "Merged runs move down to these levels where there is room",
        holds: |growth, c, _| {
            // The next older run than all that it takes: there is room above it.
            let taken = inputs(growth, c);
            let oldest = |(level, table): &(usize, Rc<TableMeta>)| (*level, u64::MAX - table.largest_seq);
            let end = taken.iter().map(oldest).max();
            let next = growth.version.tables().filter(|(level, t)| Some((*level, u64::MAX - t.largest_seq)) > end);
            let next = next.filter(|(level, t)| !taken.iter().any(|(l, other)| l == level && other.id == t.id));
            let room = next.map(|(level, _)| level.saturating_sub(1)).min();
            c.output_level == room.unwrap_or(last(&growth.version))
        },
    },
    Claim {
        says: "the oldest to the last",
        holds: |_, _, after| {
            !after.levels[last(after)].is_empty() || after.levels[1..].iter().all(|level| level.is_empty())
        },
    },
    Claim {
        says: "Merged tables stay on level 0",
        holds: |_, _, after| after.levels[1..].iter().all(|level| level.is_empty()),
    },
    Claim {
        says: "Tiers lie on level 0, and below them one run on the last level",
        holds: |_, c, after| {
            are_sorted_runs(after)
                && after.levels[1..last(after)].iter().all(|level| level.is_empty())
                && [0, last(after)].contains(&c.output_level)
        },
    },
    Claim {
        says: "Nothing is merged down to here: tables stay on level 0",
        holds: |_, _, after| after.levels[1..].iter().all(|level| level.is_empty()),
    },
];

/// Whether no two tables of a level from 1 on overlap.
fn are_sorted_runs(version: &Version) -> bool {
    let sorted = |level: &crate::version::Level| {
        let tables: Vec<_> = level.iter().collect();
        tables.windows(2).all(|pair| pair[0].largest.is_before(&pair[1].smallest))
    };
    version.levels[1..].iter().all(sorted)
}

/// Those of `claims` that `sentence` makes; there must be one, or nothing of the sentence is tested.
fn made<'a>(claims: &'a [Claim], sentence: &str) -> Vec<&'a Claim> {
    let made: Vec<&Claim> = claims.iter().filter(|claim| sentence.contains(claim.says)).collect();
    assert!(!made.is_empty(), "no test knows what this claims: {sentence}");
    made
}

#[test]
fn what_a_style_says_of_its_compactions_is_true_of_them() {
    let mut seen = Vec::new();
    grow(|growth, waits, first, picked| {
        let Some(picked) = picked else { return };
        let mut after = Growth { options: growth.options.clone(), version: growth.version.clone(), next: growth.next };
        after.execute(picked);
        let mut check = |claims, sentence: &str| {
            for claim in made(claims, sentence) {
                let rule: Rule = picked.reason.rule;
                let style = growth.options.compaction_style;
                assert!((claim.holds)(growth, picked, &after.version), "{style:?} by {rule:?}: {sentence}");
                seen.push(claim.says);
            }
        };
        check(LEVEL_1, growth.policy().about().level_1);
        // Where a score was at 1 already, the sentence is that of `due`.
        if first && waits.contains("; now ") {
            check(NEXT, waits);
        }
    });
    for claim in NEXT.iter().chain(LEVEL_1) {
        assert!(seen.contains(&claim.says), "no compaction has tried this: {}", claim.says);
    }
}

#[test]
fn every_word_that_stands_for_another_is_replaced() {
    grow(|growth, waits, _, _| {
        for sentence in [waits, &growth.waits()] {
            assert!(!sentence.contains('{') && !sentence.is_empty(), "{sentence:?}");
        }
        let scores = growth.scores();
        let due = scores.iter().find(|score| score.score >= 1.0);
        let waits = due.is_some() && growth.policy().about().next_of(&scores).score_is_due;
        assert_eq!(growth.waits().ends_with("Jobs wait until asked for."), waits, "{}", growth.waits());
        assert!(scores.iter().all(|score| score.by != By::None || score.score == 0.0 || score.level > 0));
    });
}
