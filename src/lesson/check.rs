//! Checks a lesson: all its variants are run, all its answers graded, all its challenges solved.
//!
//! In: a [`Lesson`], and the most variants. Out: [`LessonFinding`]s. An error is what keeps a learner from getting on:
//! lines that fail, expressions without a value, no right choice or two, a solution that does not pass. A warning is
//! what makes the lesson worse: a distractor without a text, an answer that can be read off, many words before anything
//! moves.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    Lesson, LessonKind, Variant,
    beat_plan::BeatPlan,
    beat_run::{BeatRun, Names},
    beats::{Beat, BeatItem},
    block::{BlockKind, LessonBlock},
    limits::{MAX_CHECKED, MAX_WORDS, SLOW_EVENTS},
    source::LessonError,
    value::text_of,
};
use crate::{error::excerpt, plural::grouped, words::say};

mod answers;
mod challenges;
mod figures;
mod visible;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum LessonSeverity {
    /// The lesson cannot be given like this.
    Error,
    /// It can, and would be better otherwise.
    Warning,
}

/// What is wrong with a lesson, and how bad that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonFinding {
    /// How bad it is.
    pub severity: LessonSeverity,
    /// What and where.
    #[serde(flatten)]
    pub error: LessonError,
}

/// Checks up to `variants` variants of a lesson.
pub async fn check(lesson: &Lesson, variants: usize) -> Vec<LessonFinding> {
    let mut checker =
        Checker { lesson, findings: Vec::new(), reached: BTreeSet::new(), graded: BTreeSet::new(), work: 0 };
    checker.structure();
    let all = lesson.variants().take(variants).collect::<Vec<_>>();
    let mut checked = 0;
    for variant in &all {
        checker.variant(variant).await;
        checked += 1;
        if checker.work > MAX_CHECKED {
            break;
        }
    }
    checker.unreached();
    if checked < all.len() {
        let message =
            say!("only {checked} of {all} variants were checked: they make too many events", checked, all = all.len());
        checker.warn(0..3, message, say!("Use fewer lines, or fewer values of vary."));
    }
    let mut findings = checker.findings;
    findings.sort_by(|a, b| a.error.cmp(&b.error));
    findings
}

/// A lesson while it is checked.
struct Checker<'a> {
    lesson: &'a Lesson,
    findings: Vec<LessonFinding>,
    /// The places of texts that some answer got.
    reached: BTreeSet<usize>,
    /// The places of predictions that could be graded.
    graded: BTreeSet<usize>,
    work: u64,
}

/// A beat that was run for a variant.
struct CheckedBeat<'a> {
    run: &'a BeatRun<'a>,
    plan: &'a BeatPlan<'a>,
    beat: &'a Beat,
}

impl Checker<'_> {
    fn add(&mut self, severity: LessonSeverity, error: LessonError) {
        // Of all variants, the first is enough.
        let is_known = |other: &LessonFinding| {
            (other.error.line, other.error.column) == (error.line, error.column) && other.severity == severity
        };
        if !self.findings.iter().any(|other| is_known(other) && alike(&other.error.message, &error.message)) {
            self.findings.push(LessonFinding { severity, error });
        }
    }

    fn warn(&mut self, place: std::ops::Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        let error = self.lesson.error(place, message, remedy);
        self.add(LessonSeverity::Warning, error);
    }

    fn fail(&mut self, place: std::ops::Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        let error = self.lesson.error(place, message, remedy);
        self.add(LessonSeverity::Error, error);
    }

    /// An error of one variant.
    fn fail_in(&mut self, variant: &Variant, error: LessonError) {
        let values: Vec<String> =
            variant.values.iter().map(|(name, value)| format!("{name}={}", text_of(value))).collect();
        let message = match values.is_empty() {
            true => error.message,
            false => say!("{message} (with {values})", message = error.message, values = excerpt(&values.join(", "))),
        };
        self.add(LessonSeverity::Error, LessonError { message, ..error });
    }

    /// What a file can break without being run.
    fn structure(&mut self) {
        if self.lesson.header.kind == LessonKind::Article {
            return;
        }
        let lesson = self.lesson;
        let mut idle: Option<&Beat> = None;
        for beat in &lesson.beats {
            let words = words_before_motion(beat);
            if words > MAX_WORDS {
                let message = say!("{words} words stand here before something moves", words);
                self.warn(beat.place.clone(), message, say!("At most 40: say the rest after it has moved."));
            }
            if beat.blocks().any(LessonBlock::asks) {
                idle = None;
            } else if idle.replace(beat).is_some() {
                let message = say!("two beats in a row have nothing to do or decide");
                self.warn(beat.place.clone(), message, say!("Ask what will happen, or let a line be typed."));
            }
        }
    }

    async fn variant(&mut self, variant: &Variant) {
        let lesson = self.lesson;
        for beat in &lesson.beats {
            let plan = BeatPlan::of(beat);
            let run = match BeatRun::of_beat(lesson, variant, beat, &plan).await {
                Ok(run) => run,
                Err(error) => {
                    self.fail_in(variant, error);
                    continue;
                }
            };
            self.lines(variant, &run, &plan, beat);
            let checked = CheckedBeat { run: &run, plan: &plan, beat };
            for (at, item) in beat.items.iter().enumerate() {
                match item {
                    BeatItem::Text(text) => {
                        let mut problems = Vec::new();
                        run.fill(text, plan.texts[at], &Names::default(), &mut problems).await;
                        problems.into_iter().for_each(|error| self.fail_in(variant, error));
                    }
                    BeatItem::Block(block) => self.block(variant, &checked, block, at).await,
                }
            }
            self.work += run.cost();
        }
    }

    /// Lines that failed, and lines that do much.
    fn lines(&mut self, variant: &Variant, run: &BeatRun<'_>, plan: &BeatPlan<'_>, beat: &Beat) {
        let events = run.run.len();
        if events > SLOW_EVENTS {
            let message = say!("this beat makes {n} events", n = grouped(events as u64));
            self.warn(beat.place.clone(), message, say!("From 2,000 on, a learner waits: use fewer lines."));
        }
        for (at, item) in beat.items.iter().enumerate() {
            let BeatItem::Block(block) = item else { continue };
            let BlockKind::Lines(_) = &block.kind else { continue };
            let window = plan.windows[at];
            for line in window.above..window.end {
                let is_cut = run.run.at(run.run.lines[line].to, |scene| !scene.has_power());
                if let Some(error) = run.run.lines[line].error.as_ref().filter(|_| !is_cut) {
                    let place = plan.lines[line].place_of(error.start..error.end.max(error.start + 1));
                    let error = self.lesson.error(place, error.message.clone(), error.remedy.clone());
                    self.fail_in(variant, error);
                }
            }
        }
    }

    async fn block(&mut self, variant: &Variant, checked: &CheckedBeat<'_>, block: &LessonBlock, at: usize) {
        let CheckedBeat { run, plan, beat } = checked;
        let (text, window) = (plan.texts[at], plan.windows[at]);
        match &block.kind {
            BlockKind::Predict(prediction) => self.prediction(variant, checked, block, prediction, at).await,
            BlockKind::Challenge(challenge) => self.challenge(variant, checked, block, challenge, at).await,
            BlockKind::Compare(sides) => {
                let mut problems = Vec::new();
                for side in [&sides.left, &sides.right] {
                    let lines: Vec<_> = side.lines.iter().collect();
                    let opened = BeatRun::open(self.lesson, variant, beat.opening(), &lines, &[], block.place.clone());
                    let opened = opened.await;
                    if let Ok(run) = &opened {
                        self.moments(variant, sides.from.iter(), &run.run.timeline());
                    }
                    self.side(variant, opened, &lines);
                    run.fill(&side.title, text, &Names::default(), &mut problems).await;
                }
                problems.into_iter().for_each(|error| self.fail_in(variant, error));
            }
            BlockKind::Fork(changes) => {
                let all: Vec<(String, String)> = beat.opening().iter().chain(changes).cloned().collect();
                let lines = &plan.lines[..window.above];
                let opened = BeatRun::open(self.lesson, variant, &all, lines, &[], block.place.clone()).await;
                self.side(variant, opened, lines);
            }
            BlockKind::Figure(figure) => self.figure(variant, run, block, figure, text).await,
            BlockKind::Note(note) => {
                let mut problems = Vec::new();
                run.fill(note, text, &Names::default(), &mut problems).await;
                problems.into_iter().for_each(|error| self.fail_in(variant, error));
            }
            BlockKind::Lines(_) | BlockKind::Life(_) | BlockKind::Policy(_) | BlockKind::Show(_) => {}
        }
    }

    /// A run beside the beat's.
    fn side(
        &mut self,
        variant: &Variant,
        opened: Result<BeatRun<'_>, LessonError>,
        lines: &[&super::script::ScriptText],
    ) {
        match opened {
            Err(error) => self.fail_in(variant, error),
            Ok(run) => {
                self.work += run.run.work();
                for (line, ran) in lines.iter().zip(&run.run.lines) {
                    let is_cut = run.run.at(ran.to, |scene| !scene.has_power());
                    if let Some(error) = ran.error.as_ref().filter(|_| !is_cut) {
                        let error = self.lesson.error(line.place(), error.message.clone(), error.remedy.clone());
                        self.fail_in(variant, error);
                    }
                }
            }
        }
    }

    /// Texts that no answer got.
    fn unreached(&mut self) {
        let lesson = self.lesson;
        for block in lesson.beats.iter().flat_map(Beat::blocks) {
            let Some(prediction) = block.prediction().filter(|_| self.graded.contains(&block.place.start)) else {
                continue;
            };
            for row in &prediction.wrongs {
                if !self.reached.contains(&row.place.start) {
                    let remedy = say!("Correct what it is for, or take it out: another line may come before it.");
                    self.warn(row.place.clone(), say!("no answer gets this text"), remedy);
                }
            }
        }
    }
}

/// Whether two messages differ in values only.
fn alike(a: &str, b: &str) -> bool {
    // As `fail_in` writes what a variant has.
    let with = say!("{message} (with {values})", message = "", values = "");
    let with = with.trim_end_matches(')');
    let plain = |text: &str| text.split(with).next().unwrap_or_default().replace(|c: char| c.is_ascii_digit(), "");
    plain(a) == plain(b)
}

/// The words of a beat's texts before the first block that moves, or asks.
fn words_before_motion(beat: &Beat) -> usize {
    let mut words = 0;
    for item in &beat.items {
        match item {
            BeatItem::Text(text) => words += text.words(),
            BeatItem::Block(block) if block.moves() => return words,
            BeatItem::Block(_) => {}
        }
    }
    words
}

/// A value as an answer has it.
fn answer_text(value: &Json) -> String {
    text_of(value)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{storage::block_on, words::speak};

    #[test]
    fn what_is_wrong_is_said_in_the_readers_language_and_once_for_all_variants() {
        let text = "---\nid: a\ntitle: A\nvary: {k: [a, b, c]}\n---\n\n## One\n\n```lsm run\nput {{k}} 1\n```\n\n\
                    {{at(first(get_ended)).tables}}\n";
        let messages = || {
            let lesson = Lesson::parse(text).unwrap();
            let errors = block_on(check(&lesson, 200)).into_iter();
            errors.filter(|found| found.severity == LessonSeverity::Error).map(|found| found.error.message).collect()
        };
        let english: Vec<String> = messages();
        assert_eq!(english, ["there is no get_ended in the window (with k=a)"]);
        let german = [
            ("there is no {kind} in the window", "im Fenster gibt es kein {kind}"),
            ("{message} (with {values})", "{message} (mit {values})"),
        ];
        speak(german.iter().map(|(key, said)| (key.to_string(), said.to_string())).collect());
        let german: Vec<String> = messages();
        speak(BTreeMap::new());
        assert_eq!(german, ["im Fenster gibt es kein get_ended (mit k=a)"]);
    }
}
