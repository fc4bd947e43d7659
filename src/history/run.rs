//! A comparison in progress: a history, one edit at a time.
//!
//! In: a [`History`]. Out: a [`HistoryStep`] for each of its edits. Our policy is asked about a decision on the version
//! on which it was taken, with the jobs that ran then ([`DecidedOn`](super::decided_on::DecidedOn)); where that is not
//! known, on the version before its edit, with none. Of several versions or orders that are possible, the first counts
//! on which ours is the same. Errors: an edit does not fit the shape before it.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Added, AskedOn, CompactionCause, Decision, Edit, EditAction, History, HistoryStep, Rules, amounts, cause,
    decided_on::{Beside, DecidedOn, LoggedDecisions},
    due, leveldb,
    shape::Shape,
    sorted,
};
use crate::{
    error::Result,
    options::CompactionStyle,
    policy::{Action, Compaction, Cuts, Explanation, Inputs, Reason, Running, Selection, policy_for},
    version::{TableId, Version},
};

/// Before the first table of a merge of LevelDB, no more tables are flushed than this. Its writer waits when one
/// memtable is full and another is being flushed.
const MAX_BEFORE_FIRST: usize = 64;

/// What our policy picks where a decision may have been taken; on which version, if it is another.
#[derive(Clone, Debug)]
struct Asked {
    ours: Option<Compaction>,
    on: Option<Box<AskedOn>>,
}

/// A comparison in progress: a history, one edit at a time.
#[derive(Debug)]
pub struct HistoryRun<H> {
    history: H,
    shape: Shape,
    time: u64,
    next: usize,
    /// Whether only whole levels were moved so far.
    is_opening: bool,
    /// For LevelDB: the tables that were flushed since the last compaction.
    flushed: Vec<TableId>,
    /// Decisions whose edits are still to come, by these, as they were asked about on the versions so far.
    asked_on: BTreeMap<usize, Asked>,
    /// Whether the writer waited for compactions, as far as is known.
    writer_waits: bool,
    /// Which decisions are asked about after how many edits.
    to_ask: BTreeMap<usize, Vec<usize>>,
    /// The number of picks so far.
    #[cfg(test)]
    pub(super) asked: u64,
}

impl<H: Borrow<History>> HistoryRun<H> {
    /// A comparison from the beginning of `history`.
    pub fn new(history: H) -> HistoryRun<H> {
        let shape = Shape::new(history.borrow().options.levels());
        let mut to_ask: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let LoggedDecisions { decided, causes, .. } = &history.borrow().logged;
        for (edit, decided) in decided.iter().filter(|(edit, _)| !causes.contains_key(edit)) {
            decided.edits.clone().for_each(|after| to_ask.entry(after).or_default().push(*edit));
        }
        let writer_waits = history.borrow().writer_waits();
        HistoryRun {
            history,
            shape,
            time: 0,
            next: 0,
            is_opening: true,
            flushed: Vec::new(),
            asked_on: BTreeMap::new(),
            writer_waits,
            to_ask,
            #[cfg(test)]
            asked: 0,
        }
    }

    /// The shape after the edits so far.
    pub fn version(&mut self) -> &Version {
        self.shape.version()
    }

    /// Compares the next edit with our policy, and applies it; none at the end.
    ///
    /// # Errors
    /// The edit does not fit the shape: the history is incomplete.
    pub fn step(&mut self) -> Result<Option<HistoryStep>> {
        let Some(step) = self.judge() else { return Ok(None) };
        self.advance(&step)?;
        Ok(Some(step))
    }

    /// Compares the next edit with our policy; none at the end. [`version`](HistoryRun::version) stays the one before
    /// it, and another call returns the same.
    pub fn judge(&mut self) -> Option<HistoryStep> {
        self.ask_here();
        let edit = self.history.borrow().edits.get(self.next)?.clone();
        if edit.removed.is_empty() {
            if !edit.is_flush() {
                return Some(HistoryStep::Other);
            }
            let is_due = if self.writer_waits { Some(self.is_due()) } else { None };
            return Some(HistoryStep::Flush { at: edit.at, is_due });
        }
        let mut decision = self.real_decision(self.next);
        decision.cause = self.cause_by_log(&decision.real);
        (decision.ours, decision.asked_on) = match (self.history.borrow().rules, self.asked_on.get(&self.next)) {
            _ if decision.cause.is_some() => (None, None),
            (Rules::RocksDb, Some(asked)) => (asked.ours.clone(), asked.on.clone()),
            (Rules::RocksDb, None) => (self.ours(), None),
            (Rules::LevelDb, _) => (self.of_leveldb(&edit, &decision.real), None),
        };
        if decision.cause.is_none() && !decision.is_same() {
            let history = self.history.borrow();
            let is_logged = history.logged.flushed_later.contains_key(&self.next);
            decision.cause = cause::of(&decision, history, self.shape.version(), self.is_opening, is_logged);
        }
        Some(HistoryStep::Decision(Box::new(decision)))
    }

    /// Why the next edit was made, if the log gives a reason that is no score; or that it tells nothing of it. Tables
    /// that FIFO compaction drops go at once: there is no job that a log could tell of.
    fn cause_by_log(&self, real: &EditAction) -> Option<CompactionCause> {
        let LoggedDecisions { decided, causes, .. } = &self.history.borrow().logged;
        let is_missing = !decided.is_empty() && !decided.contains_key(&self.next) && real.action != Action::Drop;
        causes.get(&self.next).copied().or(is_missing.then_some(CompactionCause::NotInLog))
    }

    /// Applies the edit that `step` was judged of.
    ///
    /// # Errors
    /// It does not fit the shape: the history is incomplete.
    pub fn advance(&mut self, step: &HistoryStep) -> Result<()> {
        let history = self.history.borrow();
        let Some(edit) = history.edits.get(self.next) else { return Ok(()) };
        self.to_ask.remove(&self.next);
        self.asked_on.remove(&self.next);
        self.next += 1;
        // The edit was made when its job ended; its decision was taken no later.
        self.time = self.time.max(edit.time.unwrap_or(0));
        self.shape.make(edit).map_err(|what| history.unfit(edit, what))?;
        self.is_opening &= !matches!(step, HistoryStep::Flush { .. });
        match step {
            HistoryStep::Decision(decision) => {
                self.is_opening &= decision.cause == Some(CompactionCause::MovedAtOpen);
                self.flushed.clear();
                if let (Some(ours), true) = (&decision.ours, edit.cursors.is_empty())
                    && let Some(key) = &ours.cursor
                {
                    // The history does not record cursors: our policy's is as good as any.
                    self.shape.set_cursor(ours.start_level(), key)?;
                }
            }
            HistoryStep::Flush { .. } | HistoryStep::Other => {
                self.flushed.extend(edit.added.iter().map(|added| added.table.id))
            }
        }
        Ok(())
    }

    /// Asks about the decisions that may have been taken on the version as it is now.
    fn ask_here(&mut self) {
        let Some(edits) = self.to_ask.get_mut(&self.next).map(std::mem::take) else { return };
        for edit in edits {
            if self.asked_on.get(&edit).is_some_and(|asked| asked.on.is_none()) {
                continue;
            }
            let real = self.real_decision(edit);
            let decided = &self.history.borrow().logged.decided[&edit];
            let around: Vec<(Beside, bool)> =
                decided.around.iter().copied().filter(|(other, _)| self.may_run(*other)).collect();
            for others in orders(&around) {
                let running = self.running_at(edit, &others);
                let decision = Decision { ours: self.pick(&running), ..real.clone() };
                if decision.is_same() {
                    self.asked_on.insert(edit, Asked { ours: decision.ours, on: None });
                    break;
                }
                // The first is the likely one.
                if !self.asked_on.contains_key(&edit) {
                    let on = Some(Box::new(self.asked_now(&running, real.alternatives)));
                    self.asked_on.insert(edit, Asked { ours: decision.ours, on });
                }
            }
        }
    }

    /// The tree as it is now, and what runs.
    fn asked_now(&mut self, running: &Running, alternatives: usize) -> AskedOn {
        let (history, edits) = (self.history.borrow(), self.next);
        let version = self.shape.version();
        let running_now = running.compactions.iter().map(|running| {
            let Compaction { inputs, output_level, action, .. } = running.compaction.clone();
            EditAction { inputs, output_level: Some(output_level), action }
        });
        let scores = history.scores(version, running);
        AskedOn { edits, alternatives, running: running_now.collect(), levels: amounts(version), scores }
    }

    /// The decision of an edit, without ours.
    fn real_decision(&self, edit: usize) -> Decision {
        let History { edits, options, logged, .. } = self.history.borrow();
        let alternatives = logged.decided.get(&edit).map_or(1, DecidedOn::alternatives);
        let edit = &edits[edit];
        Decision {
            at: edit.at,
            real: choice(edit, options.compaction_style),
            cursor: edit.cursors.first().map(|(_, key)| key.clone()),
            ours: None,
            asked_on: None,
            cause: None,
            alternatives,
        }
    }

    /// Whether a job can run now: its edit is still to come.
    fn may_run(&self, job: Beside) -> bool {
        match job {
            Beside::Edit(edit) => edit >= self.next,
            Beside::Unfinished(_) => true,
        }
    }

    /// What ran when `edit` was decided, if that was now; and `others`.
    fn running_at(&mut self, edit: usize, others: &[Beside]) -> Running {
        let history = self.history.borrow();
        let jobs = history.logged.decided[&edit].after.iter().chain(others).filter(|job| self.may_run(**job));
        let actions: Vec<EditAction> = jobs
            .map(|job| match *job {
                Beside::Edit(edit) => choice(&history.edits[edit], history.options.compaction_style),
                Beside::Unfinished(job) => history.logged.unfinished[job].clone(),
            })
            .collect();
        let mut running = Running::at(self.time);
        let version = self.shape.version();
        let mut busy: BTreeSet<TableId> = BTreeSet::new();
        for EditAction { inputs, output_level, action } in actions {
            let level = inputs.last().map_or(0, |inputs| inputs.level);
            let ids: Vec<TableId> = inputs.iter().flat_map(Inputs::ids).copied().collect();
            let compaction = Compaction {
                action,
                inputs,
                output_level: output_level.unwrap_or(level),
                target_file_size: u64::MAX,
                cuts: Cuts::default(),
                cursor: None,
                reason: Reason::default(),
            };
            // A job has what is in the tree, and alone: of two others that a log names, one had ended or began later.
            let is_free = ids.iter().all(|table| !busy.contains(table));
            if is_free && compaction.resolve(version).len() == ids.len() {
                busy.extend(ids);
                running.start(compaction, version);
            }
        }
        running
    }

    /// Whether our policy would compact now.
    fn is_due(&mut self) -> bool {
        let options = &self.history.borrow().options;
        match due::certainly(&self.shape, options, self.time) {
            Some(due) => due,
            None => self.ours().is_some(),
        }
    }

    pub(super) fn ours(&mut self) -> Option<Compaction> {
        self.pick(&Running::at(self.time))
    }

    fn pick(&mut self, running: &Running) -> Option<Compaction> {
        let options = &self.history.borrow().options;
        if options.disable_auto_compactions {
            return None;
        }
        #[cfg(test)]
        (self.asked += 1);
        policy_for(options).pick(self.shape.version(), options, running, Explanation::Full)
    }

    /// LevelDB's decision, on the version that it was taken on: without the tables that were flushed while the merge
    /// ran. A `LOG` says which those are. Without one, those have higher numbers than its first output, except for one
    /// that was flushed before the first output was begun: so earlier tables are left out as well, one by one, until
    /// the decision matches, but no more than [`MAX_BEFORE_FIRST`].
    fn of_leveldb(&mut self, edit: &Edit, real: &EditAction) -> Option<Compaction> {
        let first = edit.added.iter().map(|added| added.table.id).min().filter(|_| real.action == Action::Merge);
        let known = self.flushed.iter().filter(|id| first.is_none_or(|first| **id < first)).count();
        let options = &self.history.borrow().options;
        let mut version = self.shape.version().clone();
        // What is left out once is not there the next time.
        let mut without = |later: &[TableId]| {
            let later: BTreeSet<TableId> = later.iter().copied().collect();
            version.levels.iter_mut().for_each(|level| level.retain(|table| !later.contains(&table.id)));
            #[cfg(test)]
            (self.asked += 1);
            leveldb::pick(&version, options)
        };
        if let Some(later) = self.history.borrow().logged.flushed_later.get(&self.next) {
            return without(later);
        }
        let told = without(&self.flushed[known..]);
        let is_same = |ours: &Option<Compaction>| {
            ours.as_ref().is_some_and(|ours| sorted(&ours.inputs) == sorted(&real.inputs) && ours.action == real.action)
        };
        if first.is_none() || is_same(&told) {
            return told;
        }
        let earlier = self.flushed[..known].iter().rev().take(MAX_BEFORE_FIRST);
        earlier.map(|table| without(std::slice::from_ref(table))).find(is_same).unwrap_or(told)
    }
}

/// Which of the decisions `around` one were taken before it: the likely order first, then each other.
fn orders(around: &[(Beside, bool)]) -> impl Iterator<Item = Vec<Beside>> {
    (0..1_u32 << around.len()).map(|swapped| {
        let is_earlier = |(at, (_, likely)): (usize, &(Beside, bool))| *likely ^ (swapped >> at & 1 == 1);
        around.iter().enumerate().filter(|one| is_earlier(*one)).map(|(_, (other, _))| *other).collect()
    })
}

/// What the real database did. Only under FIFO compaction is an edit without added tables known to be a drop.
fn choice(edit: &Edit, style: CompactionStyle) -> EditAction {
    let mut inputs: Vec<Inputs> = Vec::new();
    let mut removed = edit.removed.clone();
    removed.sort_unstable();
    let mut ids: Vec<TableId> = removed.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    for (level, table) in removed {
        match inputs.last_mut() {
            Some(Inputs { level: last, tables: Selection::Ids(ids) }) if *last == level => ids.push(table),
            _ => inputs.push(Inputs::listed(level, vec![table])),
        }
    }
    let is_old = |added: &Added| ids.binary_search(&added.table.id).is_ok();
    let moved = !edit.added.is_empty() && edit.added.iter().all(is_old);
    EditAction {
        inputs,
        output_level: edit.added.first().map(|a| a.level),
        action: match style {
            _ if moved => Action::Move,
            CompactionStyle::Fifo if edit.added.is_empty() => Action::Drop,
            _ => Action::Merge,
        },
    }
}
