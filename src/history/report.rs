//! The report on a whole history: how many decisions match, and the full detail of the first that does not.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::{
    AskedOn, CompactionCause, Decision, EditAction, History, HistoryRun, HistoryStep, HistorySummary, amounts,
    place_of, sorted,
};
use crate::{
    error::Result,
    plural::counted,
    policy::{Action, Compaction, Inputs, LevelScore, Reason, Running},
    version::Version,
    words::say,
};

/// What a history came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct HistoryReport {
    /// What the file is, what was read of it, left out and assumed.
    pub summary: HistorySummary,
    /// How many decisions are the same.
    pub matched: u64,
    /// How many decisions there are, but for those that are named.
    pub decisions: u64,
    /// How many of the matching decisions may have been taken on one of several versions, or beside other jobs: ours is
    /// the same in one of these cases.
    pub matched_of_several: u64,
    /// At how many flushes ours, too, had nothing to compact before.
    pub waits_matched: u64,
    /// How many flushes there are.
    pub waits: u64,
    /// How many of the matching decisions each of our rules made.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "{ [rule: string]: number }"))]
    pub rules: BTreeMap<&'static str, u64>,
    /// Compactions that no score explains, by what explains them.
    pub named: Vec<NamedCompactions>,
    /// The place among the decisions, from 1 on, of the first that differs.
    pub first_different: Option<u64>,
    /// The first decision that differs.
    pub first_difference: Option<Difference>,
}

/// Compactions that leave a mark which nothing else leaves, and that cannot be predicted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NamedCompactions {
    /// What they are called: [`CompactionCause::name`].
    pub name: &'static str,
    /// What that means, as [`said`](crate::words::said) says it.
    #[serde(serialize_with = "crate::words::serialize_said")]
    pub about: &'static str,
    /// How many there are.
    pub count: u64,
    /// Where the first is in the history: `byte 353`.
    pub first: String,
}

/// A decision that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Difference {
    /// Where it is in the history: `line 7`.
    pub at: String,
    /// Whose decision it is: `RocksDB`.
    pub database: &'static str,
    /// In one sentence, what is not the same.
    pub why: String,
    /// What the real database did.
    pub real: EditAction,
    /// What ours would have, with its reasons.
    pub ours: Option<Compaction>,
    /// How many tables and bytes each level held where ours was asked.
    pub levels: Vec<(u64, u64)>,
    /// Every level's score there, as ours counts it.
    pub scores: Vec<LevelScore>,
    /// The compactions that ran when it was taken, as the database's log tells.
    pub running: Vec<EditAction>,
    /// On how many versions, beside how many sets of running jobs the log allows it to have been taken; none if it does
    /// not tell, and ours was asked on the version before the edit.
    pub alternatives: Option<usize>,
}

impl HistoryReport {
    /// Replays all of `history`.
    ///
    /// # Errors
    /// An edit does not fit.
    pub fn of(history: &History) -> Result<HistoryReport> {
        HistoryReport::watched(history, |_, _| {})
    }

    /// The same, with progress: `watch` receives the number of edits compared so far, and the number of all.
    ///
    /// # Errors
    /// An edit does not fit.
    pub fn watched(history: &History, mut watch: impl FnMut(usize, usize)) -> Result<HistoryReport> {
        let mut replay = HistoryRun::new(history);
        let mut report = HistoryReport { summary: history.summary.clone(), ..HistoryReport::default() };
        let mut replayed = 0;
        while let Some(step) = replay.judge() {
            report.note(&step, history, || replay.version().clone());
            replay.advance(&step)?;
            replayed += 1;
            watch(replayed, history.edits.len());
        }
        Ok(report)
    }

    /// Counts one step, taken on the version `before`.
    pub(super) fn note(&mut self, step: &HistoryStep, history: &History, before: impl FnOnce() -> Version) {
        match step {
            HistoryStep::Other => {}
            HistoryStep::Flush { is_due, .. } => {
                self.waits += u64::from(is_due.is_some());
                self.waits_matched += u64::from(*is_due == Some(false));
            }
            HistoryStep::Decision(decision) => self.count(decision, history, before),
        }
    }

    fn count(&mut self, decision: &Decision, history: &History, before: impl FnOnce() -> Version) {
        if let Some(cause) = decision.cause.filter(|cause| !cause.is_predicted()) {
            self.name(cause, || place_of(history.unit, decision.at));
            return;
        }
        self.decisions += 1;
        if decision.matches() {
            self.matched += 1;
            self.matched_of_several += u64::from(decision.alternatives > 1);
            let rule = match (decision.cause, &decision.ours) {
                (Some(cause), _) => cause.name(),
                (None, ours) => ours.as_ref().map_or("", |c| c.reason.rule.name()),
            };
            *self.rules.entry(rule).or_default() += 1;
        } else if self.first_difference.is_none() {
            self.first_different = Some(self.decisions);
            self.first_difference = Some(Difference::new(decision.clone(), &before(), history));
        }
    }

    fn name(&mut self, cause: CompactionCause, at: impl Fn() -> String) {
        match self.named.iter_mut().find(|named| named.name == cause.name()) {
            Some(named) => named.count += 1,
            None => {
                self.named.push(NamedCompactions { name: cause.name(), about: cause.about(), count: 1, first: at() })
            }
        }
    }

    /// Whether there was something to compare, and every decision is the same. What was only named is no decision of
    /// ours: of a history that has nothing else, nothing was compared.
    pub fn is_match(&self) -> bool {
        self.decisions > 0 && self.matched == self.decisions
    }

    /// What a person can do where there was nothing to compare.
    fn remedy(&self) -> String {
        let families = &self.summary.families;
        let chosen = self.summary.family.as_deref();
        let other = families.iter().filter(|f| f.compactions > 0 && Some(f.name.as_str()) != chosen);
        match other.max_by_key(|family| family.compactions) {
            Some(family) => format!(
                "choose a column family that has some: --family {} ({})",
                family.name,
                counted(family.compactions, "compaction")
            ),
            None if !self.named.is_empty() => {
                "no score asks for what is named above: take the MANIFEST of a database that compacted for its scores"
                    .into()
            }
            None => "take the MANIFEST of a database that has compacted since it was opened last".into(),
        }
    }
}

impl Difference {
    /// Of a decision whose edit was made on the version `before`.
    pub(super) fn new(decision: Decision, before: &Version, history: &History) -> Difference {
        let asked = decision.asked_on.map(|asked| *asked);
        let alternatives = asked.as_ref().map(|asked| asked.alternatives);
        let AskedOn { running, levels, scores, .. } = asked.unwrap_or_else(|| AskedOn {
            edits: 0,
            alternatives: 1,
            running: Vec::new(),
            levels: amounts(before),
            scores: history.scores(before, &Running::default()),
        });
        Difference {
            at: place_of(history.unit, decision.at),
            database: history.rules.name(),
            why: why(&decision.real, decision.ours.as_ref(), history.rules.name()),
            levels,
            scores,
            running,
            alternatives,
            real: decision.real,
            ours: decision.ours,
        }
    }
}

/// What is not the same.
pub(super) fn why(real: &EditAction, ours: Option<&Compaction>, database: &str) -> String {
    let Some(ours) = ours else { return say!("ours has nothing to compact") };
    if let Some(level) = real.output_level.filter(|level| *level != ours.output_level) {
        return say!("the outputs go to level {level}, ours to level {own}", level, own = ours.output_level);
    }
    let (theirs, our_inputs) = (sorted(&real.inputs), sorted(&ours.inputs));
    let levels: std::collections::BTreeSet<_> = theirs.keys().chain(our_inputs.keys()).collect();
    let parts: Vec<String> = levels
        .into_iter()
        .filter_map(|level| {
            let (a, b) =
                (theirs.get(level).cloned().unwrap_or_default(), our_inputs.get(level).cloned().unwrap_or_default());
            let only = |x: &[u64], y: &[u64]| x.iter().copied().filter(|t| !y.contains(t)).collect::<Vec<_>>();
            (a != b).then(|| of_level(*level, database, &only(&a, &b), &only(&b, &a)))
        })
        .collect();
    match parts.is_empty() {
        true if real.action == ours.action || real.output_level.is_none() => {
            say!("the same, but the next round-robin compaction of the level begins at another key")
        }
        true => {
            let (theirs, own) = (done(real.action), done(ours.action));
            say!("the same tables: {database} {theirs}, ours {own}", database, theirs, own)
        }
        false => parts.join("; "),
    }
}

/// What of a level only one of them takes: tables of the database, or of ours.
fn of_level(level: usize, database: &str, theirs: &[u64], own: &[u64]) -> String {
    let (their_tables, our_tables) = (numbers(theirs), numbers(own));
    if own.is_empty() {
        return say!("of level {level}, ours does not take {tables}", level, tables = their_tables);
    }
    if theirs.is_empty() {
        return say!("of level {level}, {database} does not take {tables}", level, database, tables = our_tables);
    }
    say!(
        "of level {level}, {database} takes {theirs}, and ours {own} instead",
        level,
        database,
        theirs = their_tables,
        own = our_tables
    )
}

/// `4 tables (78, 88, 99, 111)`: the numbers of the first ones.
fn numbers(tables: &[u64]) -> String {
    /// How many are named.
    const NAMED: usize = 8;
    let named: Vec<String> = tables.iter().take(NAMED).map(u64::to_string).collect();
    let more = if tables.len() > NAMED { ", …" } else { "" };
    format!("{} ({}{more})", counted(tables.len(), "table"), named.join(", "))
}

/// What a database does with tables, behind its name.
fn done(action: Action) -> String {
    match action {
        Action::Merge => say!("merges"),
        Action::Move => say!("moves"),
        Action::Drop => say!("drops"),
    }
}

/// `merges level 0 [4 3] + level 1 [9] into level 1`.
fn sentence(action: Action, inputs: &[Inputs], output_level: Option<usize>) -> String {
    let ids = |tables: &[u64]| tables.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
    let inputs: Vec<String> = inputs.iter().map(|i| format!("level {} [{}]", i.level, ids(i.ids()))).collect();
    let what = format!("{} {}", done(action), inputs.join(" + "));
    match (action, output_level) {
        (Action::Drop, _) => what,
        (_, Some(level)) => format!("{what} into level {level}"),
        (_, None) => format!("{what} into nothing that is left"),
    }
}

impl fmt::Display for HistoryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "matched {} of {}", self.matched, self.decisions)?;
        if self.matched_of_several > 0 {
            write!(f, ", {} of them in one of several cases that the LOG allows", self.matched_of_several)?;
        }
        if self.waits > 0 {
            write!(f, ", and nothing to do at {} of {} flushes", self.waits_matched, self.waits)?;
        }
        write!(f, "\n  {}", self.summary)?;
        for NamedCompactions { about, count, first, .. } in &self.named {
            write!(f, "\n  named: {} from {first} on: {about}", counted(*count, "compaction"))?;
        }
        if self.decisions == 0 {
            write!(f, "\n  there was nothing to compare: {}", self.remedy())?;
        }
        self.first_difference.as_ref().map_or(Ok(()), |difference| write!(f, "\n{difference}"))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  the first difference is at {}: {}", self.at, self.why)?;
        writeln!(
            f,
            "    {:<8} {}",
            self.database,
            sentence(self.real.action, &self.real.inputs, self.real.output_level)
        )?;
        match &self.ours {
            None => writeln!(f, "    ours     does nothing")?,
            Some(ours) => {
                writeln!(f, "    ours     {}", sentence(ours.action, &ours.inputs, Some(ours.output_level)))?;
                let Reason { rule, option, source, .. } = &ours.reason;
                writeln!(f, "             by {rule}, which {option} governs ({source})")?;
            }
        }
        for (score, (tables, bytes)) in self.scores.iter().zip(&self.levels) {
            let (level, number, formula) = (score.level, score.score, &score.formula);
            writeln!(f, "    level {level}  {tables:>4} tables {bytes:>11} bytes  score {number:>7.3}  {formula}")?;
        }
        for c in self.ours.iter().flat_map(|ours| &ours.reason.candidates).take(10) {
            writeln!(
                f,
                "    table {:<6} {:<16} priority {}, overlaps {} bytes",
                c.table, c.verdict, c.priority, c.overlap_bytes
            )?;
        }
        for EditAction { inputs, output_level, action } in &self.running {
            writeln!(f, "    meanwhile, another {}", sentence(*action, inputs, *output_level))?;
        }
        match self.alternatives {
            None => {
                write!(f, "    (the policy is asked about the version before the edit: see `lsmscope help replay`)")
            }
            Some(1) => write!(f, "    (the policy is asked about the version on which the LOG says that it was taken)"),
            Some(cases) => {
                write!(
                    f,
                    "    (the LOG allows {cases} cases: ours differs in all, and this is the first that is likely)"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_tables_that_only_one_takes() {
        let said = |theirs: &[u64], own: &[u64]| of_level(4, "RocksDB", theirs, own);
        assert_eq!(said(&[], &[78, 88]), "of level 4, RocksDB does not take 2 tables (78, 88)");
        assert_eq!(said(&[9], &[]), "of level 4, ours does not take 1 table (9)");
        assert_eq!(said(&[9], &[7]), "of level 4, RocksDB takes 1 table (9), and ours 1 table (7) instead");
        let many: Vec<u64> = (1..=20).collect();
        assert_eq!(numbers(&many), "20 tables (1, 2, 3, 4, 5, 6, 7, 8, …)");
    }
}
