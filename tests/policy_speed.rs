//! How many decisions a second a simulator can take: on a tree of about 500 tables, `decide`, and the edit that it
//! makes. Not run by default: `cargo test --release --test policy_speed -- --ignored --nocapture`.

#![allow(clippy::disallowed_macros, reason = "a test's own report, which the test runner prints")]
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use lsmscope::{
    Options,
    indexed::IndexedLevels,
    policy::{Action, Compaction, Explanation, Levels, Running, RunningCompaction, policy_for},
    random::Random,
    version::{TableId, TableMeta, Version, VersionEdit},
};

const TABLE: u64 = 64 << 20;
/// The last level holds no more than this: what is written replaces what is there.
const MAX_LAST_LEVEL_BYTES: u64 = 450 * TABLE;

/// A tree that is written to at random keys; a merge makes tables of about the same size, at keys evenly spread.
struct Sim {
    options: Options,
    tree: IndexedLevels,
    random: Random,
    next: TableId,
    seq: u64,
}

impl Sim {
    fn new(options: Options) -> Sim {
        let tree = IndexedLevels::new(Version::new(options.levels()));
        Sim { options, tree, random: Random::new(1), next: 1, seq: 1 }
    }

    fn table(&mut self, from: u64, to: u64, bytes: u64) -> Rc<TableMeta> {
        self.next += 1;
        Rc::new(TableMeta {
            id: self.next,
            bytes,
            entries: bytes / 116,
            tombstones: 0,
            smallest: (&from.to_be_bytes()[..]).into(),
            largest: (&to.to_be_bytes()[..]).into(),
            smallest_seq: self.seq,
            largest_seq: self.seq,
            ..TableMeta::default()
        })
    }

    fn flush(&mut self) {
        self.seq += 1;
        let (from, to) = (self.random.below(1 << 40), u64::MAX - self.random.below(1 << 40));
        let table = self.table(from, to, TABLE);
        self.tree.apply(&VersionEdit { added: vec![(0, table)], ..VersionEdit::default() }).unwrap();
    }

    fn carry_out(&mut self, job: &Compaction) {
        let removed = job.resolve(self.tree.version());
        let added = match job.action {
            Action::Drop => unreachable!("leveled compaction drops nothing unread"),
            Action::Move => removed.iter().map(|(_, t)| (job.output_level, t.clone())).collect(),
            Action::Merge => self.merge(job, &removed),
        };
        self.tree.apply(&VersionEdit { removed, added, ..VersionEdit::default() }).unwrap();
    }

    fn merge(&mut self, job: &Compaction, removed: &[(usize, Rc<TableMeta>)]) -> Vec<(usize, Rc<TableMeta>)> {
        let number = |key: &[u8]| u64::from_be_bytes(key.try_into().unwrap());
        let from = removed.iter().map(|(_, t)| number(&t.smallest)).min().unwrap();
        let to = removed.iter().map(|(_, t)| number(&t.largest)).max().unwrap();
        let mut bytes: u64 = removed.iter().map(|(_, t)| t.bytes).sum();
        let last = self.options.levels() - 1;
        if job.output_level == last && self.tree.version().level_bytes(last) > MAX_LAST_LEVEL_BYTES {
            bytes = removed.iter().filter(|(level, _)| *level == last).map(|(_, t)| t.bytes).sum::<u64>().max(1);
        }
        let pieces = bytes.div_ceil(TABLE).max(1);
        let step = (to - from) / pieces;
        let piece = |i: u64| (from + i * step, if i + 1 == pieces { to } else { from + (i + 1) * step - 1 - step / 9 });
        (0..pieces).map(piece).map(|(a, b)| (job.output_level, self.table(a, b, bytes / pieces))).collect()
    }

    /// Flushes, and decides until nothing is due; how many decisions that took.
    fn turn(&mut self) -> u64 {
        self.flush();
        let mut decisions = 1;
        let policy = policy_for(&self.options);
        let running = Running::default();
        while let Some(job) = policy.pick(&self.tree, &self.options, &running, Explanation::RuleOnly) {
            self.carry_out(&job.listed(&self.tree));
            decisions += 1;
        }
        decisions
    }
}

#[test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_methods, reason = "it measures real time")]
fn decisions_a_second() {
    for dynamic in [true, false] {
        let mut sim = Sim::new(Options {
            level_compaction_dynamic_level_bytes: dynamic,
            num_levels: if dynamic { 7 } else { 4 },
            ..Options::default()
        });
        while sim.tree.version().tables().count() < 480 {
            sim.turn();
        }
        let begun = std::time::Instant::now();
        let decisions: u64 = (0..100_000).map(|_| sim.turn()).sum();
        let seconds = begun.elapsed().as_secs_f64();
        let tables = sim.tree.version().tables().count();
        println!(
            "dynamic {dynamic}: {decisions} decisions on {tables} tables in {seconds:.2} s, {:.0} a second",
            decisions as f64 / seconds
        );
    }
}

/// What is measured is what is decided: with and without an index, and with and without reasons.
#[test]
fn a_tree_decides_as_its_version_does() {
    for dynamic in [true, false] {
        let mut sim =
            Sim::new(Options { level_compaction_dynamic_level_bytes: dynamic, num_levels: 5, ..Options::default() });
        let mut running = Running::default();
        for _ in 0..600 {
            sim.flush();
            loop {
                let policy = policy_for(&sim.options);
                let quick = policy
                    .pick(&sim.tree, &sim.options, &running, Explanation::RuleOnly)
                    .map(|job| job.listed(&sim.tree));
                let full = policy.pick(sim.tree.version(), &sim.options, &running, Explanation::Full);
                let bare = |c: &Compaction| (c.action, c.inputs.clone(), c.output_level, c.cuts.clone());
                assert_eq!(quick.as_ref().map(bare), full.as_ref().map(bare));
                match quick {
                    Some(job) if running.compactions.len() < 2 => {
                        running.start(job, sim.tree.version());
                    }
                    _ if running.compactions.is_empty() => break,
                    _ => {
                        let RunningCompaction { compaction: job, tables } = running.end(0);
                        assert!(tables.iter().map(|(level, t)| (*level, t.id)).eq(job.tables()));
                        sim.carry_out(&job);
                    }
                }
            }
        }
        assert!(sim.tree.version().tables().count() > 100);
    }
}
