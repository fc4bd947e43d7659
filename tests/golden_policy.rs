//! Golden tests of the compaction policies: a tree in plain text in, the decision and its reasons out.
//!
//! Each file of `tests/golden/policy` shows one rule and reads like its documentation:
//!
//! ```text
//! # What the rule is.
//!
//! options: num_levels=3 level0_file_num_compaction_trigger=2
//! level 0
//!   2: c-p bytes=100 seq=11-20
//!   1: a-m bytes=100 seq=1-10
//! level 1
//!   3: a-z bytes=500
//! running: 3 -> 2
//! cursor: 1 k
//! time: 100
//! pick
//! ----
//! (what the policy answers, up to a blank line)
//! ```
//!
//! `options:` begins a new tree, from RocksDB's defaults or from `preset=NAME`. A table is `number: smallest-largest`,
//! with `bytes=100 seq=number entries=bytes/10 deletes=0` unless said otherwise. `written=5`: its entries are of that
//! second; else that is not known. `tombstones=3-9`: between these sequence numbers, else they are the table's own;
//! `shadows=7`: the lowest entry with an older version beside it. `cursor:` says at which key the next round-robin
//! compaction of a level begins, `time:` how late it is in seconds. `horizon: oldest=9 released=9 aged=9` are the
//! [`Horizon`]'s sequence numbers, 0 where not given. Commands, as many as wanted: `pick`, `compact` and `compact
//! LEVEL` (asked for by hand), `scores`, `targets`, `pending` (pending compaction bytes). `UPDATE_GOLDEN=1` writes the
//! answers anew: review the difference as you would review code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
    rc::Rc,
};

use lsmscope::{
    options::{Options, preset},
    policy::{
        Action, Compaction, Explanation, Grandparents, Horizon, Inputs, LevelScore, Reason, Rule, Running, Verdict,
        policy_for, styles, targets,
    },
    version::{Cursor, TableId, TableMeta, Version},
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
    let mut case = Case::default();
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

/// A tree, and what is asked about it.
#[derive(Default)]
struct Case {
    options: Options,
    tables: BTreeMap<TableId, (usize, Rc<TableMeta>)>,
    level: usize,
    running: Running,
    cursors: Vec<Cursor>,
    command: String,
}

impl Case {
    fn read(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(settings) = line.strip_prefix("options:") {
            *self = Case::default();
            return self.set(settings);
        }
        if let Some(level) = line.strip_prefix("level ") {
            self.level = number(level)? as usize;
            return Ok(());
        }
        if let Some(job) = line.strip_prefix("running: ") {
            return self.run(job);
        }
        if let Some(cursor) = line.strip_prefix("cursor: ") {
            let (level, key) = cursor.split_once(' ').ok_or("expected level key")?;
            self.cursors.push(Cursor { level: number(level)? as usize, from: None, to: Some(key.into()) });
            return Ok(());
        }
        if let Some(time) = line.strip_prefix("time: ") {
            self.running.time = number(time)?;
            return Ok(());
        }
        if let Some(horizon) = line.strip_prefix("horizon: ") {
            return self.set_horizon(horizon);
        }
        if line.starts_with("  ") {
            return self.add(line.trim());
        }
        self.command = line.to_string();
        Ok(())
    }

    fn set(&mut self, settings: &str) -> Result<(), String> {
        for setting in settings.split_whitespace() {
            let (name, value) = setting.split_once('=').ok_or("expected name=value")?;
            if name == "preset" {
                self.options = preset(value).map_err(|p| p.to_string())?;
            } else {
                self.options.set(name, value).map_err(|p| p.to_string())?;
            }
        }
        match self.options.validate().first() {
            Some(problem) => Err(problem.to_string()),
            None => Ok(()),
        }
    }

    fn set_horizon(&mut self, words: &str) -> Result<(), String> {
        for word in words.split_whitespace() {
            let (name, seq) = word.split_once('=').ok_or("expected name=seq")?;
            let Horizon { oldest, released, aged } = &mut self.running.horizon;
            *match name {
                "oldest" => oldest,
                "released" => released,
                "aged" => aged,
                _ => return Err(format!("{name} is none of oldest, released, aged")),
            } = number(seq)?;
        }
        Ok(())
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let (id, rest) = line.split_once(": ").ok_or("expected number: smallest-largest")?;
        let id = number(id)?;
        let mut words = rest.split_whitespace();
        let (smallest, largest) = words.next().and_then(|r| r.split_once('-')).ok_or("expected smallest-largest")?;
        let mut fields = BTreeMap::new();
        let mut seqs = (id, id);
        let mut tombstone_seqs = None;
        for word in words {
            match word.split_once('=').ok_or("expected name=value")? {
                ("seq", value) => {
                    let (low, high) = value.split_once('-').unwrap_or((value, value));
                    seqs = (number(low)?, number(high)?);
                }
                ("tombstones", value) => {
                    let (low, high) = value.split_once('-').unwrap_or((value, value));
                    tombstone_seqs = Some((number(low)?, number(high)?));
                }
                (name @ ("bytes" | "entries" | "deletes" | "written" | "shadows"), value) => {
                    fields.insert(name, number(value)?);
                }
                (name, _) => {
                    return Err(format!(
                        "{name} is none of bytes, seq, entries, deletes, written, tombstones, shadows"
                    ));
                }
            }
        }
        let bytes = fields.get("bytes").copied().unwrap_or(100);
        let table = TableMeta {
            id,
            bytes,
            entries: fields.get("entries").copied().unwrap_or(bytes / 10),
            tombstones: fields.get("deletes").copied().unwrap_or(0),
            smallest: smallest.into(),
            largest: largest.into(),
            smallest_seq: seqs.0,
            largest_seq: seqs.1,
            oldest_time: fields.get("written").copied(),
            newest_time: fields.get("written").copied(),
            tombstone_seqs: tombstone_seqs.or((fields.get("deletes") > Some(&0)).then_some(seqs)),
            shadowing_seq: fields.get("shadows").copied(),
            ..TableMeta::default()
        };
        self.tables.insert(id, (self.level, Rc::new(table)));
        Ok(())
    }

    /// `5 7 -> 2`: a job that merges tables 5 and 7 into level 2.
    fn run(&mut self, job: &str) -> Result<(), String> {
        let (tables, output_level) = job.split_once(" -> ").ok_or("expected tables -> level")?;
        let mut inputs: BTreeMap<usize, Vec<TableId>> = BTreeMap::new();
        for id in tables.split_whitespace() {
            let id = number(id)?;
            let (level, _) = self.tables.get(&id).ok_or(format!("there is no table {id}"))?;
            inputs.entry(*level).or_default().push(id);
        }
        let compaction = Compaction {
            action: Action::Merge,
            inputs: inputs.into_iter().map(|(level, tables)| Inputs::listed(level, tables)).collect(),
            output_level: number(output_level)? as usize,
            target_file_size: u64::MAX,
            cuts: Default::default(),
            cursor: None,
            reason: Reason::default(),
        };
        let version = self.version();
        self.running.start(compaction, &version);
        Ok(())
    }

    fn version(&self) -> Version {
        let mut levels = vec![Vec::new(); self.options.levels()];
        for (level, table) in self.tables.values() {
            levels[*level].push(table.clone());
        }
        // Not by an edit, which refuses tables that share a key: the engine makes none, but histories have them.
        levels[0].sort_by_key(|t| std::cmp::Reverse((t.largest_seq, t.id)));
        levels[1..].iter_mut().for_each(|tables| tables.sort_by(|a, b| a.smallest.cmp(&b.smallest)));
        let mut version = Version::of(levels);
        for cursor in &self.cursors {
            version.set_cursor(cursor.level, cursor.to.clone()).unwrap();
        }
        version
    }

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

fn number(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("{text} is not a number"))
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
