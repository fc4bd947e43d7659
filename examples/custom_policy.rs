//! A compaction style from outside the crate: level 0, and one sorted run on level 1.
//!
//! When level 0 has `level0_file_num_compaction_trigger` tables, all of them are merged with all of level 1.
//! `docs/add-a-policy.md` explains the steps.
//!
//! `cargo run --example custom_policy`

#![allow(clippy::disallowed_macros, reason = "an example prints")]

use lsmscope::{
    Engine, Result,
    options::{Options, preset},
    policy::{
        Action, By, Compaction, Cuts, Explanation, Formula, Inputs, LevelScore, Levels, Policy, Reason, Rule, Running,
        Term,
    },
    storage::{block_on, memory::Memory},
    trace::NoTrace,
};

/// Level 0, and one sorted run below it.
#[derive(Debug)]
struct TwoLevels;

/// The tables of `level`, by number.
fn inputs(tree: &dyn Levels, level: usize) -> Inputs {
    Inputs::listed(level, tree.version().levels[level].iter().map(|table| table.id).collect())
}

/// A merge of both levels into level 1; `None` while a compaction is running, which has claimed some of the tables.
fn merge(tree: &dyn Levels, options: &Options, running: &Running, reason: Reason) -> Option<Compaction> {
    let inputs: Vec<Inputs> =
        [inputs(tree, 0), inputs(tree, 1)].into_iter().filter(|found| !found.is_empty()).collect();
    if inputs.is_empty() || !running.compactions.is_empty() {
        return None;
    }
    Some(Compaction {
        action: Action::Merge,
        inputs,
        output_level: 1,
        target_file_size: options.target_file_size_base,
        cuts: Cuts::default(),
        cursor: None,
        reason,
    })
}

impl Policy for TwoLevels {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, detail: Explanation) -> Option<Compaction> {
        let scores = self.scores(tree, options, running);
        if scores[0].score < 1.0 {
            return None;
        }
        let reason = Reason::of(Rule::LevelScore, "level0_file_num_compaction_trigger");
        let scores = if detail == Explanation::Full { scores } else { Vec::new() };
        merge(tree, options, running, Reason { scores, ..reason })
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        _level: Option<usize>,
    ) -> Option<Compaction> {
        // All tables are in one run: nothing to merge.
        if tree.level_0().is_empty() {
            return None;
        }
        merge(tree, options, running, Reason::default())
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, _running: &Running) -> Vec<LevelScore> {
        let trigger = options.level0_file_num_compaction_trigger;
        let score = |level: usize| {
            let totals = tree.totals(level);
            let score = if level == 0 { totals.tables as f64 / trigger as f64 } else { 0.0 };
            LevelScore {
                level,
                score,
                tables: totals.tables,
                bytes: totals.bytes,
                entries: totals.entries,
                target_bytes: None,
                by: if score > 0.0 { By::Tables } else { By::None },
                formula: Formula::new(Term::Tables { tables: totals.tables, trigger }),
            }
        };
        (0..tree.count()).map(score).collect()
    }
}

fn main() -> Result<()> {
    let mut engine =
        block_on(Engine::open(Memory::new(), preset("teaching")?, NoTrace)).map_err(|failed| failed.error)?;
    engine.set_policy(&TwoLevels);
    for n in 0..500 {
        block_on(engine.put(format!("key{:03}", n * 7919 % 300).as_bytes(), format!("value{n}").as_bytes()))?;
    }
    let levels: Vec<usize> = engine.version().levels.iter().map(|tables| tables.len()).collect();
    println!("tables on each level: {levels:?}, after {} compactions", engine.counters().compactions);
    assert!(levels[1] > 0 && levels[2..].iter().all(|tables| *tables == 0), "only levels 0 and 1 have tables");
    assert!(engine.counters().compactions > 10);

    // Whatever the style merges, a read returns the newest version of a key.
    for n in 200..500 {
        let found = block_on(engine.get(format!("key{:03}", n * 7919 % 300).as_bytes()))?;
        assert_eq!(found, Some(format!("value{n}").into_bytes()));
    }
    println!("all 300 keys read back");
    Ok(())
}
