//! Golden tests of the compaction policies: a tree in plain text in, the decision and its reasons out.
//!
//! Each file of `tests/golden/policy` shows one rule and reads like its documentation:
//!
//! ```text
//! # What the rule is.
//!
//! (a card: src/policy/card.rs)
//! pick
//! ----
//! (what the policy answers, up to a blank line)
//! ```
//!
//! `options:` begins a new card. Commands, as many as wanted: `pick`, `compact` and `compact LEVEL` (asked for by
//! hand), `open`, `scores`, `targets`, `pending` (pending compaction bytes). `UPDATE_GOLDEN=1` writes the answers anew:
//! review the difference as you would review code.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use lsmscope::{
    options::Options,
    policy::{
        Action, Compaction, Explanation, Grandparents, Inputs, LevelScore, PolicyCard, Reason, Rule, Verdict,
        policy_for, styles, targets,
    },
    version::Version,
};

#[test]
fn decisions_are_as_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/policy");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 10, "the golden files of {} are gone", folder.display());
    let mut wrong = String::new();
    let mut answers = String::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let before = fs::read_to_string(&file).unwrap();
        let after = answer(&name, &before);
        answers.push_str(&after);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, &after).unwrap();
        } else if before != after {
            writeln!(wrong, "{}", difference(&name, &before, &after)).unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nIf this is intended, run again with UPDATE_GOLDEN=1 and review the difference."
    );
    assert_eq!(unshown(&answers), [] as [&str; 0], "no golden file shows these rules and verdicts at work");
}

#[test]
fn every_rule_belongs_to_a_style() {
    let said: BTreeSet<Rule> = styles().flat_map(|(_, policy)| policy.about().rules).copied().collect();
    let unsaid: Vec<&Rule> =
        Rule::ALL.iter().filter(|rule| !said.contains(rule) && !Rule::OF_ALL_STYLES.contains(rule)).collect();
    assert_eq!(unsaid, [] as [&Rule; 0], "no style says that it decides by these");
    for (style, policy) in styles() {
        assert!(
            !policy.about().rules.is_empty() && !policy.about().purpose.is_empty(),
            "{style:?} says nothing of itself"
        );
    }
}

/// The rules that no answer was picked by, and the verdicts that none has.
fn unshown(answers: &str) -> Vec<&'static str> {
    let rules: BTreeSet<&str> =
        answers.lines().filter_map(|line| line.strip_prefix("rule: ")?.split_whitespace().next()).collect();
    // `  9    picked         priority …`, `  level 0 [9 8]      picked     110 bytes`
    let verdicts: BTreeSet<&str> = answers
        .lines()
        .filter(|line| line.starts_with("  "))
        .filter_map(|line| match line.split_once("] ") {
            Some((_, rest)) => rest.split_whitespace().next(),
            None => line.split_whitespace().nth(1).filter(|_| line.contains(" priority ")),
        })
        .collect();
    let rules = Rule::ALL.iter().map(|rule| rule.name()).filter(|name| !rules.contains(name));
    rules.chain(Verdict::ALL.iter().map(|v| v.name()).filter(|name| !verdicts.contains(name))).collect()
}

/// The first line that differs.
fn difference(name: &str, before: &str, after: &str) -> String {
    let (mut old, mut new) = (before.lines(), after.lines());
    for line in 1.. {
        match (old.next(), new.next()) {
            (a, b) if a == b && a.is_some() => {}
            (a, b) => {
                return format!("{name}:{line}\n  expected: {}\n  answered: {}", a.unwrap_or(""), b.unwrap_or(""));
            }
        }
    }
    unreachable!("some line differs")
}

/// The file with every answer made anew.
fn answer(name: &str, text: &str) -> String {
    let mut out = String::new();
    let mut case = PolicyCard::default();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        writeln!(out, "{line}").unwrap();
        if line == "----" {
            out.push_str(&case.answers());
            // What was answered before ends at a blank line.
            if lines.by_ref().any(|(_, line)| line.is_empty()) {
                out.push('\n');
            }
        } else if let Err(what) = case.read(line) {
            panic!("{name}:{}: {what}: {line}", number + 1);
        }
    }
    out
}

/// What is asked about a card's tree, answered.
trait Answers {
    fn answers(&self) -> String;
}

impl Answers for PolicyCard {
    fn answers(&self) -> String {
        let version = self.version();
        let policy = policy_for(&self.options);
        let says = |pick: Option<Compaction>| {
            if let Some(rule) = pick.as_ref().map(|pick| pick.reason.rule) {
                let known = policy.about().rules.contains(&rule) || Rule::OF_ALL_STYLES.contains(&rule);
                assert!(known, "{policy:?} decides by {rule}, and does not say so of itself");
            }
            // The page shows both, the option of the decision and that of the level's limit.
            if let Some(Compaction { inputs, reason, .. }) = pick.as_ref().filter(|p| p.reason.rule == Rule::LevelScore)
                && let Some(limit) = reason.scores.get(inputs[0].level).and_then(|score| score.formula.limit())
            {
                assert_eq!(limit.option, reason.option);
            }
            show_pick(&version, pick)
        };
        let manual = |level| says(policy.pick_manual(&version, &self.options, &self.running, level));
        match self.command.split_once(' ') {
            None if self.command == "pick" => {
                says(policy.pick(&version, &self.options, &self.running, Explanation::Full))
            }
            None if self.command == "compact" => manual(None),
            None if self.command == "open" => {
                let moves = policy.moves_at_open(&version, &self.options);
                match moves.is_empty() {
                    true => says(None),
                    false => moves.into_iter().map(|each| says(Some(each))).collect(),
                }
            }
            None if self.command == "scores" => {
                show_scores(&version, &policy.scores(&version, &self.options, &self.running))
            }
            None if self.command == "pending" => {
                format!("{} bytes\n", policy.pending_bytes(&version, &self.options))
            }
            None if self.command == "targets" => show_targets(&version, &self.options),
            Some(("compact", level)) => manual(Some(level.parse().expect("a level"))),
            _ => panic!("{} is not a command", self.command),
        }
    }
}

fn show_pick(version: &Version, pick: Option<Compaction>) -> String {
    let Some(pick) = pick else { return "nothing to do\n".into() };
    let mut out = String::new();
    let inputs: Vec<String> = pick.inputs.iter().map(show_inputs).collect();
    let (inputs, level) = (inputs.join(" + "), pick.output_level);
    match (pick.action, pick.target_file_size) {
        (Action::Drop, _) => writeln!(out, "drop {inputs}").unwrap(),
        (Action::Move, _) => writeln!(out, "move {inputs} -> level {level}").unwrap(),
        (Action::Merge, u64::MAX) => writeln!(out, "merge {inputs} -> level {level}, one table").unwrap(),
        (Action::Merge, size) => writeln!(out, "merge {inputs} -> level {level}, tables of {size} bytes").unwrap(),
    }
    if let Some(grandparents) = &pick.cuts.grandparents {
        let limit = pick.cuts.max_compaction_bytes;
        let Grandparents { level, places } = grandparents.clone();
        let listed = Inputs::listed(level, version.levels[level][places].iter().map(|t| t.id).collect());
        writeln!(out, "cut in step with {}, at most {limit} bytes with them", show_inputs(&listed)).unwrap();
    }
    if let Some(key) = &pick.cuts.at {
        writeln!(out, "cut before {key}").unwrap();
    }
    if let Some(key) = &pick.cursor {
        writeln!(out, "the next one begins at {key}").unwrap();
    }
    writeln!(out, "rule: {} ({})", pick.reason.rule, pick.reason.option).unwrap();
    out.push_str(&show_scores(version, &pick.reason.scores));
    show_runs(&mut out, &pick.reason);
    if pick.reason.candidates.is_empty() {
        return out;
    }
    writeln!(out, "candidates").unwrap();
    for c in &pick.reason.candidates {
        writeln!(
            out,
            "  {:<4} {:<14} priority {:<6} overlaps {} bytes",
            c.table, c.verdict, c.priority, c.overlap_bytes
        )
        .unwrap();
    }
    out
}

/// The rules and the runs that a policy weighed which merges whole runs.
fn show_runs(out: &mut String, reason: &Reason) {
    if !reason.rules.is_empty() {
        writeln!(out, "rules").unwrap();
    }
    for r in &reason.rules {
        writeln!(out, "  {:<18} {}  {}", r.rule, if r.fired { "yes" } else { "no " }, r.formula).unwrap();
    }
    if !reason.runs.is_empty() {
        writeln!(out, "runs").unwrap();
    }
    for run in &reason.runs {
        let ids = run.tables.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        writeln!(out, "  level {} {:<10} {:<10} {} bytes", run.level, format!("[{ids}]"), run.verdict, run.bytes)
            .unwrap();
    }
}

fn show_inputs(inputs: &Inputs) -> String {
    let tables: Vec<String> = inputs.ids().iter().map(u64::to_string).collect();
    format!("level {} [{}]", inputs.level, tables.join(" "))
}

/// The scores of levels with tables: the others' say nothing of the case.
fn show_scores(version: &Version, scores: &[LevelScore]) -> String {
    let mut out = "scores\n".to_string();
    for s in scores.iter().filter(|s| !version.levels[s.level].is_empty()) {
        let score = format!("{:.3}", s.score);
        writeln!(out, "  level {} {score:>8}  {:<8} {}", s.level, s.by, s.formula).unwrap();
    }
    out
}

fn show_targets(version: &Version, options: &Options) -> String {
    let targets = targets(version, options);
    let mut out = format!("level 0 compacts into level {}\n", targets.base_level);
    for level in 1..options.levels() {
        match targets.of(level) {
            Some(bytes) => write!(out, "  level {level}  target {bytes}").unwrap(),
            None => write!(out, "  level {level}  no target").unwrap(),
        }
        let drains = targets.is_unnecessary(level) && !version.levels[level].is_empty();
        writeln!(out, "{}", if drains { ", to be emptied" } else { "" }).unwrap();
    }
    out
}
