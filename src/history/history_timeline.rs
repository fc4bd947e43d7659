//! A history as a timeline that the page can step through.
//!
//! In: a [`History`]. Out: a [`Timeline`] with the events that the engine would have reported had it done the same, and
//! for each decision its position there, and whether ours is the same ([`PlacedDecision`]). It is built in steps
//! ([`HistoryTimeline::advance`]), so that the page stays responsive. Like any timeline it is bounded: of a very long
//! history, the beginning is dropped.
//!
//! ```text
//! RecoveryBegan RecoveryEnded                                                     the history's options
//! FlushBegan VersionInstalled FlushEnded                                          a flush
//! OpBegan CompactionPicked VersionInstalled CompactionEnded OpEnded               a decision
//!                         ↑ its position
//! VersionInstalled                                                                anything else
//! ```
//!
//! A decision is shown as the real database took it, with the reasons that ours has where it was taken: a database's
//! log may tell that this was on an earlier version than the one that is shown, which is the one before its edit.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde::Serialize;

use super::{Decision, Difference, EditAction, History, HistoryReport, HistoryRun, HistoryStep, place_of};
use crate::{
    error::Result,
    policy::{Action, Compaction, Cuts, Reason, Running},
    timeline::Timeline,
    trace::Event,
    version::{Cursor, TableId, TableMeta, Version, VersionEdit},
    words::{said, say},
};

/// Differences beyond this many are counted, and not kept.
const MAX_DIFFERENCES: usize = 1000;

/// One decision on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlacedDecision {
    /// Its place among the decisions, from 1 on.
    pub number: u64,
    /// The position on the timeline at which its inputs are picked, and nothing is done yet.
    pub position: usize,
    /// Where it is in the history: `line 7`.
    pub at: String,
    /// Whether ours is the same.
    pub matches: bool,
    /// What explains it, where no score does.
    pub named: Option<String>,
    /// How many flushes there were since the decision before.
    pub flushes: u64,
    /// How many edits came between the version on which it was taken and its own edit: the levels that are shown are
    /// those just before its own edit.
    pub edits_later: usize,
}

/// A history that becomes a timeline.
#[derive(Debug)]
pub struct HistoryTimeline {
    history: Rc<History>,
    replay: HistoryRun<Rc<History>>,
    report: HistoryReport,
    timeline: Timeline,
    decisions: Vec<PlacedDecision>,
    differences: BTreeMap<u64, Difference>,
    /// The tree as the timeline has it.
    shown: Version,
    is_drawn: bool,
    done: usize,
    jobs: u64,
    flushes: u64,
}

impl HistoryTimeline {
    /// Of `history`, from its beginning.
    pub fn new(history: History) -> HistoryTimeline {
        let options = Rc::new(history.options.clone());
        let history = Rc::new(history);
        let mut timeline = Timeline::new(&options);
        timeline.push(Event::RecoveryBegan { fresh: true, options, nanos: 0, counters: None });
        timeline.push(Event::RecoveryEnded { last_seq: 0, tables: 0, entries: 0 });
        HistoryTimeline {
            replay: HistoryRun::new(history.clone()),
            report: HistoryReport { summary: history.summary.clone(), ..HistoryReport::default() },
            timeline,
            decisions: Vec::new(),
            differences: BTreeMap::new(),
            shown: Version::new(history.options.levels()),
            is_drawn: true,
            done: 0,
            jobs: 0,
            flushes: 0,
            history,
        }
    }

    /// Replays up to `edits` more; returns whether that was all.
    ///
    /// # Errors
    /// An edit does not fit.
    pub fn advance(&mut self, edits: usize) -> Result<bool> {
        for _ in 0..edits {
            let Some(step) = self.replay.judge() else { return Ok(true) };
            self.report.note(&step, &self.history, || self.replay.version().clone());
            let edit = self.edit(self.done);
            self.done += 1;
            match &step {
                HistoryStep::Flush { .. } => self.flush(edit),
                HistoryStep::Decision(decision) => self.decision(decision, edit),
                HistoryStep::Other => self.install(0, edit),
            }
            self.replay.advance(&step)?;
        }
        Ok(self.done == self.history.edits.len())
    }

    /// How many edits are replayed, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.history.edits.len())
    }

    /// What it came to so far.
    pub fn report(&self) -> &HistoryReport {
        &self.report
    }

    /// The history.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The decisions so far.
    pub fn decisions(&self) -> &[PlacedDecision] {
        &self.decisions
    }

    /// What differs at decision `number`, if anything does, and is kept.
    pub fn difference(&self, number: u64) -> Option<&Difference> {
        self.differences.get(&number)
    }

    /// The last decision at or before `position` of the timeline.
    pub fn decision_at(&self, position: usize) -> Option<&PlacedDecision> {
        self.decisions[..self.decisions.partition_point(|decision| decision.position <= position)].last()
    }

    /// The timeline, to be shown; what is left knows nothing more of it.
    pub fn take_timeline(&mut self) -> Timeline {
        std::mem::replace(&mut self.timeline, Timeline::new(&Rc::new(self.history.options.clone())))
    }

    /// An edit of the history as one of the timeline's tree.
    fn edit(&self, at: usize) -> VersionEdit {
        let edit = &self.history.edits[at];
        let ids: BTreeSet<TableId> = edit.removed.iter().map(|(_, id)| *id).collect();
        let found = |(level, table): (usize, &Rc<TableMeta>)| ids.contains(&table.id).then(|| (level, table.clone()));
        let moved = |(level, key): &(usize, _)| Cursor {
            level: *level,
            from: self.shown.cursor(*level).cloned(),
            to: Some(Clone::clone(key)),
        };
        VersionEdit {
            removed: if ids.is_empty() { Vec::new() } else { self.shown.tables().filter_map(found).collect() },
            added: edit.added.iter().map(|a| (a.level, a.table.clone())).collect(),
            cursors: edit.cursors.iter().map(moved).collect(),
            time: edit.time,
            ..VersionEdit::default()
        }
    }

    fn install(&mut self, job: u64, edit: VersionEdit) {
        // In place: a copy of thousands of tables for each edit would be felt.
        if self.is_drawn
            && let Err(error) = self.shown.change(&edit)
        {
            self.is_drawn = false;
            let what = say!("the levels from there on, which cannot be drawn: {error}", error = error.message);
            self.report.summary.left_out.push(what);
        }
        self.timeline.push(Event::VersionInstalled { job, edit: Rc::new(edit), flushed: Vec::new() });
    }

    fn flush(&mut self, edit: VersionEdit) {
        self.jobs += 1;
        self.flushes += 1;
        let job = self.jobs;
        let tables: Vec<TableId> = edit.added.iter().map(|(_, t)| t.id).collect();
        let bytes = edit.added.iter().map(|(_, t)| t.bytes).fold(0, u64::saturating_add);
        self.timeline.push(Event::FlushBegan { job, memtables: vec![job] });
        self.install(job, edit);
        self.timeline.push(Event::FlushEnded { job, tables, bytes });
    }

    fn decision(&mut self, decision: &Decision, edit: VersionEdit) {
        self.jobs += 1;
        let (job, number) = (self.jobs, self.decisions.len() as u64 + 1);
        let at = place_of(self.history.unit, decision.at);
        let matches = decision.matches();
        let named = decision.cause.map(|cause| said(cause.about(), &[]));
        let is_named = named.is_some();
        let result = match (&named, matches) {
            (Some(cause), _) => cause.clone(),
            (None, true) => say!("ours is the same"),
            (None, false) => super::report::why(&decision.real, decision.ours.as_ref(), self.history.rules.name()),
        };
        let compaction = Rc::new(self.as_taken(decision));
        self.timeline.push(Event::OpBegan { op: number, command: say!("decision {number}, {at}", number, at) });
        self.timeline.push(Event::CompactionPicked { job, compaction });
        let flushes = std::mem::take(&mut self.flushes);
        // Its own edit is counted as done.
        let edits_later = decision.asked_on.as_ref().map_or(0, |asked| (self.done - 1).saturating_sub(asked.edits));
        let position = self.timeline.len();
        self.decisions.push(PlacedDecision { number, position, at, matches, named, flushes, edits_later });
        // Sizes are those of the file, which may be damaged: whether they can be is found out when the edit is made.
        let sum = |tables: &[(usize, Rc<TableMeta>)], what: fn(&TableMeta) -> u64| {
            tables.iter().map(|(_, t)| what(t)).fold(0, u64::saturating_add)
        };
        let merged = decision.real.action == Action::Merge;
        let of = |tables: &[(usize, Rc<TableMeta>)]| if merged { sum(tables, |t| t.bytes) } else { 0 };
        let ended = Event::CompactionEnded {
            job,
            bytes_read: of(&edit.removed),
            bytes_written: of(&edit.added),
            entries_in: sum(&edit.removed, |t| t.entries),
            entries_out: sum(&edit.added, |t| t.entries),
            moved: decision.real.action == Action::Move,
        };
        self.install(job, edit);
        self.timeline.push(ended);
        self.timeline.push(Event::OpEnded { op: number, ok: matches, result });
        if !matches && !is_named && self.differences.len() < MAX_DIFFERENCES {
            let difference = Difference::new(decision.clone(), self.replay.version(), &self.history);
            self.differences.insert(number, difference);
        }
    }

    /// What the real database did, with the reasons that ours has.
    fn as_taken(&mut self, decision: &Decision) -> Compaction {
        if let (true, None, Some(ours)) = (decision.matches(), decision.cause, &decision.ours) {
            return ours.clone();
        }
        let EditAction { inputs, output_level, action } = decision.real.clone();
        let ours = decision.ours.as_ref().map(|ours| ours.reason.clone());
        let reason = ours.unwrap_or_else(|| {
            let scores = match &decision.asked_on {
                Some(asked) => asked.scores.clone(),
                None => self.history.scores(self.replay.version(), &Running::default()),
            };
            Reason { scores, ..Reason::default() }
        });
        let start = inputs.first().map_or(0, |inputs| inputs.level);
        let (target_file_size, cuts, cursor) = (u64::MAX, Cuts::default(), None);
        Compaction {
            action,
            inputs,
            output_level: output_level.unwrap_or(start),
            target_file_size,
            cuts,
            cursor,
            reason,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::history;

    fn timeline_of(history: History) -> HistoryTimeline {
        let mut built = HistoryTimeline::new(history);
        while !built.advance(7).unwrap() {}
        built
    }

    fn recorded(name: &str) -> History {
        let path = format!("{}/tests/fixtures/rocksdb/{name}", env!("CARGO_MANIFEST_DIR"));
        history::open(&std::fs::read(path).unwrap(), &history::HistoryRequest::default()).unwrap()
    }

    #[test]
    fn it_comes_to_what_the_report_says_and_every_decision_has_its_place() {
        for name in ["dyn10.jsonl", "dyn10_intral0.jsonl", "tr_u4.jsonl"] {
            let mut built = timeline_of(recorded(name));
            assert_eq!(built.report(), &HistoryReport::of(built.history()).unwrap(), "{name}");
            assert_eq!(
                (built.decisions().len() as u64, built.progress().0),
                (built.report().decisions, built.progress().1)
            );
            let mut timeline = built.take_timeline();
            for decision in built.decisions() {
                let now = timeline.view(decision.position).now;
                assert!(matches!(now, Some(Event::CompactionPicked { .. })), "{name}: decision {}", decision.number);
                assert_eq!(built.decision_at(decision.position), Some(decision));
                assert_ne!(built.decision_at(decision.position - 1), Some(decision));
            }
        }
    }

    /// At every decision, the stage has the tables that the replay has.
    #[test]
    fn the_stage_shows_the_tree_that_was_decided_on() {
        let history = recorded("dyn4.jsonl");
        let mut built = timeline_of(history.clone());
        let mut timeline = built.take_timeline();
        let mut replay = HistoryRun::new(&history);
        let mut decisions = built.decisions().iter();
        loop {
            let before: Vec<usize> = replay.version().levels.iter().map(|tables| tables.len()).collect();
            match replay.step().unwrap() {
                None => break,
                Some(HistoryStep::Decision(_)) => {
                    let view = timeline.view(decisions.next().unwrap().position);
                    assert_eq!(view.levels.iter().map(|l| l.count).collect::<Vec<_>>(), before);
                }
                Some(_) => {}
            }
        }
        assert_eq!(decisions.next(), None);
    }

    #[test]
    fn a_decision_that_differs_is_shown_as_it_was_taken_and_its_difference_is_cached() {
        let mut history = recorded("dyn10.jsonl");
        history.options.max_bytes_for_level_multiplier = 4.0;
        let built = timeline_of(history);
        let first = built.decisions().iter().find(|decision| !decision.matches).expect("they differ");
        let difference = built.difference(first.number).unwrap();
        assert_eq!(Some(difference), built.report().first_difference.as_ref());
        assert_eq!(built.report().first_different, Some(first.number));
        let Some(Event::CompactionPicked { compaction, .. }) =
            built.timeline.event(first.position - 1).map(|e| e.event)
        else {
            panic!("no decision at {}", first.position)
        };
        assert_eq!(compaction.inputs, difference.real.inputs);
    }
}
