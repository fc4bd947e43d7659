//! A beat that is run: its lines for one variant, and whatever is computed over them.
//!
//! In: a lesson, a variant, a beat. Out: a [`BeatRun`], which evaluates expressions and fills in texts. Errors: a line
//! that is none, options that do not go together, lines that do too much; expressions without a value.
//!
//! An expression with forks has each of them run first, once; then it is computed.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ops::Range,
    rc::Rc,
};

use serde_json::Value as Json;

use super::{
    Lesson, Variant,
    beat_plan::{BeatPlan, LineWindow, Told},
    beats::Beat,
    block::FigureBlock,
    evaluate::{EvaluationError, ForkRun, Scope},
    expression::{Expression, ForkLines},
    lesson_run::{Budget, LessonRun},
    limits::{MAX_BEAT_STEPS, MAX_BEAT_WORK, MAX_ERRORS, MAX_FORKS, MAX_OPERATIONS, MAX_SHOWN},
    node::{Node, RichText},
    script::ScriptText,
    source::LessonError,
    value,
};
use crate::{
    policy::PolicyCard,
    script::{Command, parse},
    words::{said, say, to_say},
};

/// Lines that were run, with what they were run for.
#[derive(Debug)]
pub(super) struct BeatRun<'a> {
    pub lesson: &'a Lesson,
    pub variant: &'a Variant,
    opening: Vec<(String, String)>,
    /// The lines with the values of the variant.
    pub lines: Vec<String>,
    pub run: Rc<LessonRun>,
    forks: RefCell<Vec<RunFork>>,
    /// The last figure that a text told of.
    figure: RefCell<Option<RunFigure>>,
    /// Events and operations of the run and its forks.
    work: Cell<u64>,
    /// What expressions may still take.
    budget: Rc<Budget>,
}

/// A figure that was run.
#[derive(Clone, Debug)]
struct RunFigure {
    /// Of its first line.
    place: Range<usize>,
    lines: Vec<String>,
    run: Rc<LessonRun>,
}

/// A fork that was run, or why it was not.
#[derive(Clone, Debug)]
struct RunFork {
    lines: ForkLines,
    window: LineWindow,
    run: Result<Rc<LessonRun>, String>,
}

/// What an expression is computed over, beside the run.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    /// `let`, `truth`, `answer`.
    pub values: BTreeMap<String, Rc<Json>>,
    /// The answer of the policy card above.
    pub picked: Option<&'a Json>,
}

impl<'a> BeatRun<'a> {
    /// Runs `lines` on a database that is opened with the lesson's options and `opening`; `place` is where errors are
    /// shown that no line is the cause of.
    pub async fn open(
        lesson: &'a Lesson,
        variant: &'a Variant,
        opening: &[(String, String)],
        script: &[&ScriptText],
        more: &[String],
        place: Range<usize>,
    ) -> Result<BeatRun<'a>, LessonError> {
        let mut lines = Vec::with_capacity(script.len() + more.len());
        for line in script {
            let text = line.with(&variant.values);
            match parse(&text) {
                Ok(Command::Exit | Command::Help { .. }) | Err(_) => {
                    let message = match parse(&text) {
                        Err(error) => error.message,
                        Ok(_) => say!("this line is for a console only"),
                    };
                    return Err(lesson.error(line.place(), format!("{text}: {message}"), say!("Correct the line.")));
                }
                Ok(_) => lines.push(text),
            }
        }
        lines.extend_from_slice(more);
        let options = lesson.options(opening, variant).map_err(|problem| {
            lesson.error(place.clone(), problem.to_string(), say!("Options have to go together in every variant."))
        })?;
        let run = LessonRun::of(&lesson.opener, &options, &lines).await.map_err(|failure| {
            let place = failure.line.and_then(|line| script.get(line)).map_or(place, |line| line.place());
            lesson.error(place, failure.message, failure.remedy)
        })?;
        let (work, budget) = (run.work(), Rc::new(Budget::new(MAX_BEAT_STEPS)));
        let (opening, work, run) = (opening.to_vec(), Cell::new(work), Rc::new(run));
        let (forks, figure) = Default::default();
        Ok(BeatRun { lesson, variant, opening, lines, run, forks, figure, work, budget })
    }

    /// Runs all lines of a figure, which has a database of its own; what it may do is a part of what the beat may.
    async fn of_figure(&self, figure: &FigureBlock) -> Result<BeatRun<'a>, LessonError> {
        let place = figure.lines.first().map_or(0..0, ScriptText::place);
        let known = self.figure.borrow().as_ref().filter(|known| known.place == place).cloned();
        let RunFigure { lines, run, .. } = match known {
            Some(known) => known,
            None => {
                let lines: Vec<_> = figure.lines.iter().collect();
                let opening = &figure.opening;
                let opened = BeatRun::open(self.lesson, self.variant, opening, &lines, &[], place.clone()).await?;
                self.work.set(self.work.get() + opened.work.get());
                let known = RunFigure { place, lines: opened.lines, run: opened.run };
                *self.figure.borrow_mut() = Some(known.clone());
                known
            }
        };
        Ok(BeatRun {
            lesson: self.lesson,
            variant: self.variant,
            opening: figure.opening.clone(),
            lines,
            run,
            forks: RefCell::default(),
            figure: RefCell::default(),
            work: self.work.clone(),
            budget: Rc::clone(&self.budget),
        })
    }

    /// Runs all lines of a beat.
    pub async fn of_beat(
        lesson: &'a Lesson,
        variant: &'a Variant,
        beat: &'a Beat,
        plan: &BeatPlan<'a>,
    ) -> Result<BeatRun<'a>, LessonError> {
        BeatRun::open(lesson, variant, beat.opening(), &plan.lines, &[], beat.place.clone()).await
    }

    /// The positions before and after the window.
    pub fn events(&self, window: LineWindow) -> Range<usize> {
        let start = self.run.after(window.above);
        start..self.run.after(window.end).max(start)
    }

    /// The value of an expression over a window.
    pub async fn compute(
        &self,
        expression: &Expression,
        window: LineWindow,
        names: &Names<'_>,
    ) -> Result<Json, LessonError> {
        let forks = self.forks_of(expression, window).await;
        let computed = self.scope(window, names, &forks).evaluate(expression);
        computed.map_err(|EvaluationError { place, message, remedy }| {
            let remedy = remedy.unwrap_or_else(|| {
                say!("Over what runs above, it has no value: ask for what is there, or move it below those lines.")
            });
            self.lesson.error(place, message, remedy)
        })
    }

    /// A value that can be shown in a text.
    async fn short(&self, expression: &Expression, window: LineWindow, names: &Names<'_>) -> Result<Json, LessonError> {
        let value = self.compute(expression, window, names).await?;
        if value::measure(&value).0 > MAX_SHOWN {
            let remedy = say!("Show one of its fields, an item of it, or its length.");
            return Err(self.lesson.error(expression.whole(), say!("this value is too long for a text"), remedy));
        }
        Ok(value)
    }

    /// What expressions are computed over.
    pub fn scope<'s>(&'s self, window: LineWindow, names: &Names<'s>, forks: &'s super::evaluate::Forks) -> Scope<'s> {
        Scope {
            run: &self.run,
            window: self.events(window),
            variables: &self.variant.values,
            names: names.values.clone(),
            picked: names.picked,
            forks,
            budget: &self.budget,
        }
    }

    /// Events, operations, and a hundredth of the steps of expressions: what it has cost.
    pub fn cost(&self) -> u64 {
        self.work.get() + (MAX_BEAT_STEPS - self.budget.left()) / 100
    }

    /// The forks of an expression, each run once.
    pub async fn forks_of(&self, expression: &Expression, window: LineWindow) -> super::evaluate::Forks {
        let mut found = Vec::new();
        for lines in expression.forks() {
            let known = |fork: &&RunFork| fork.lines == *lines && fork.window == window;
            let before = self.forks.borrow().iter().find(known).map(|fork| fork.run.clone());
            let run = match before {
                Some(run) => run,
                None => {
                    let count = self.forks.borrow().iter().filter(|fork| fork.window == window).count();
                    let run = match count {
                        _ if self.work.get() > MAX_BEAT_WORK => Err(said(TOO_MUCH, &[])),
                        count if count >= MAX_FORKS => Err(said(TOO_MANY, &[])),
                        _ => self.fork(lines, window).await,
                    };
                    self.work.set(self.work.get() + run.as_ref().map_or(MAX_OPERATIONS, |run| run.work()));
                    self.forks.borrow_mut().push(RunFork { lines: lines.clone(), window, run: run.clone() });
                    run
                }
            };
            let above = window.above;
            let in_fork = |run: Rc<LessonRun>| {
                let start = run.after(above);
                let window = start..run.len().max(start);
                ForkRun { run, window }
            };
            found.push((lines.clone(), run.map(in_fork)));
        }
        found
    }

    async fn fork(&self, fork: &ForkLines, window: LineWindow) -> Result<Rc<LessonRun>, String> {
        let mut lines: Vec<String> = self.lines[..window.above.min(self.lines.len())].to_vec();
        match &fork.lines {
            Some(others) => lines.extend(others.iter().map(|line| line.with(&self.variant.values))),
            None => lines.extend_from_slice(&self.lines[window.above..window.end]),
        }
        for line in &lines {
            match parse(line) {
                Ok(Command::Options { changes }) => {
                    let is_of_fork = |name: &str| fork.changes.iter().any(|(other, _)| other == name);
                    let lost = changes.iter().find(|change| is_of_fork(&change.name) || change.name == "preset");
                    if let Some(change) = lost.filter(|_| !fork.changes.is_empty()) {
                        return Err(say!("the line {line} sets {name} after it", line, name = change.name));
                    }
                }
                Ok(Command::Exit) => return Err(say!("exit is for a console only")),
                Ok(_) => {}
                Err(error) => return Err(format!("{line}: {}", error.message)),
            }
        }
        let opening: Vec<(String, String)> = self.opening.iter().chain(&fork.changes).cloned().collect();
        let options = self.lesson.options(&opening, self.variant).map_err(|problem| problem.to_string())?;
        LessonRun::of(&self.lesson.opener, &options, &lines).await.map(Rc::new).map_err(|failure| failure.message)
    }

    /// `text` with its values; what has none is among `problems`.
    pub async fn fill(
        &self,
        text: &RichText,
        told: impl Into<Told<'_>>,
        names: &Names<'_>,
        problems: &mut Vec<LessonError>,
    ) -> Vec<Node> {
        if text.values.is_empty() {
            return text.filled(&[]);
        }
        match told.into() {
            Told::Lines(window) => self.fill_over(text, window, names, problems).await,
            Told::Figure(figure) => match self.of_figure(figure).await {
                Ok(run) => {
                    let all = LineWindow { above: 0, end: run.lines.len() };
                    let filled = run.fill_over(text, all, names, problems).await;
                    self.work.set(run.work.get());
                    filled
                }
                Err(error) => {
                    problems.push(error);
                    text.filled(&[])
                }
            },
        }
    }

    async fn fill_over(
        &self,
        text: &RichText,
        window: LineWindow,
        names: &Names<'_>,
        problems: &mut Vec<LessonError>,
    ) -> Vec<Node> {
        let mut values = Vec::with_capacity(text.values.len());
        for expression in &text.values {
            // With as many faults, one more is not looked for.
            let value = match problems.len() {
                MAX_ERRORS.. => Json::Null,
                _ => self.short(expression, window, names).await.unwrap_or_else(|error| {
                    problems.push(error);
                    Json::Null
                }),
            };
            let shown = value::shown(&value);
            values.push((value, shown));
        }
        text.filled(&values)
    }
}

const TOO_MANY: &str = to_say!("a prediction has at most 16 forks");
const TOO_MUCH: &str = to_say!("the forks before it have done all that those of a beat may do");

/// What a policy answers to a card; null if there is nothing to do.
pub(super) fn picked(card: &str) -> Json {
    let Some(compaction) = PolicyCard::parse(card).ok().and_then(|card| card.picked()) else { return Json::Null };
    let (level, tables) = (compaction.start_level(), compaction.tables().map(|(_, table)| table).collect::<Vec<_>>());
    let mut found = serde_json::to_value(&compaction).unwrap_or_default();
    if let Json::Object(fields) = &mut found {
        let reason = fields.remove("reason").unwrap_or_default();
        fields.insert("level".into(), level.into());
        fields.insert("tables".into(), tables.into());
        for name in ["rule", "option", "scores", "candidates", "rules", "runs"] {
            fields.insert(name.into(), reason.get(name).cloned().unwrap_or_default());
        }
    }
    found
}
