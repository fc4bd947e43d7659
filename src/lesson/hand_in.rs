//! What a learner hands in: their answers and lines, graded again.
//!
//! In: JSON, as the player exports it. Out: a [`GradedHandIn`]: the score, and where the hand-in says something else.
//! Errors: it has another form, or is of another lesson.
//!
//! ```json
//! {"v": 2, "lesson": "deletes", "name": "Ada", "variant": 4, "score": {"points": 7, "of": 9},
//!  "answers": [{"id": "q28", "answer": {"click": ["memtable"]}, "outcome": "wrong"},
//!              {"id": "q28", "answer": {"click": ["table 5"]}, "outcome": "right", "variant": 1}],
//!  "challenges": [{"id": "c5", "lines": ["flush", "compact 0"], "passed": true,
//!                  "report": {"memory": {…}, "numbers": […], "options": […], "trace": "…"}, "sentences": "…"}]}
//! ```
//!
//! The report of a challenge that has one is made again from the lines: memory, numbers, options and the hash of the
//! trace have to be those of the hand-in. The sentences are for people, and so is the learner's name, which may be
//! missing.
//!
//! Variants count from 1; in a hand-in without a version (`v`), which an earlier lsmscope wrote, from 0. What has no
//! variant of its own was answered in that of the hand-in: a question that is asked again comes in another. Answers
//! stand in the order in which they were given, and the first to each question counts. The score is right first tries
//! of all questions of the lesson; a challenge counts double.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    ChallengeReport, Lesson, LessonAnswer, Variant,
    beats::Beat,
    block::BlockKind,
    grade::{GradeError, GradeOutcome},
    value,
};
use crate::{error::excerpt, words::say};

/// Points, and the most that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonScore {
    /// Points: one for a right first try, two for a challenge.
    pub points: u64,
    /// All that could be made.
    pub of: u64,
}

/// An answer or a challenge of a hand-in, graded again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct GradedEntry {
    /// The prediction or the challenge.
    pub id: String,
    /// Which try it is, from 1.
    pub attempt: usize,
    /// `right`, `partly`, `wrong`; `passed`, `failed`; none if it could not be graded.
    pub outcome: Option<&'static str>,
    /// The misconception that it shows.
    pub tag: Option<String>,
    /// Where the hand-in says something else, or why there is no grade.
    pub differs: Option<String>,
}

/// A hand-in, graded again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct GradedHandIn {
    /// The lesson.
    pub lesson: String,
    /// The variant.
    pub variant: Variant,
    /// The score.
    pub score: LessonScore,
    /// Every answer, and every try at a challenge.
    pub entries: Vec<GradedEntry>,
    /// Questions and challenges of the lesson that it does not have.
    pub missing: Vec<String>,
    /// Where it says something else than was found.
    pub differs: Vec<String>,
    /// What is reported of challenges: those that passed first, and among them those that need the least memory.
    pub reports: Vec<GradedReport>,
}

/// What is reported of a challenge, made again from its lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct GradedReport {
    /// The challenge.
    pub id: String,
    /// Whether it passed.
    pub passed: bool,
    /// Options, memory, numbers, trace.
    pub report: ChallengeReport,
    /// The learner's sentences: at most 2,000 characters.
    pub sentences: String,
}

impl GradedHandIn {
    /// Whether everything in it is as it says.
    pub fn is_as_said(&self) -> bool {
        self.differs.is_empty() && self.entries.iter().all(|entry| entry.differs.is_none())
    }
}

impl Lesson {
    /// Grades what a learner hands in.
    ///
    /// # Errors
    /// It has another form or version, or is of another lesson.
    pub async fn grade_again(&self, hand_in: &Json) -> Result<GradedHandIn, String> {
        let hand_in = &*counted_from_one(hand_in)?;
        let id = hand_in.get("lesson").and_then(Json::as_str).ok_or_else(|| say!("a hand-in names its lesson"))?;
        if id != self.id() {
            let own = self.id();
            return Err(say!("the hand-in is of the lesson {id}, and this one is {own}", id = excerpt(id), own));
        }
        let number = hand_in.get("variant").ok_or_else(|| say!("a hand-in has the number of its variant"))?;
        let variant = self.variant_of(number)?;
        let list = |name: &str| match hand_in.get(name) {
            None => Ok(&[][..]),
            Some(Json::Array(items)) if items.len() <= MAX_ENTRIES => Ok(&items[..]),
            Some(_) => Err(say!("{name} is a list of at most {n}", name, n = MAX_ENTRIES)),
        };
        let mut graded = GradedHandIn {
            lesson: id.to_string(),
            variant,
            score: LessonScore::default(),
            entries: Vec::new(),
            missing: Vec::new(),
            differs: Vec::new(),
            reports: Vec::new(),
        };
        for entry in list("answers")? {
            self.answer_again(&mut graded, entry).await?;
        }
        for entry in list("challenges")? {
            self.challenge_again(&mut graded, entry).await?;
        }
        graded.sort_reports();
        self.add_up(&mut graded);
        if let Some(said) = hand_in.get("score") {
            let LessonScore { points, of } = graded.score;
            let number = |name: &str| said.get(name).and_then(Json::as_u64);
            if (number("points"), number("of")) != (Some(points), Some(of)) {
                graded.differs.push(say!(
                    "the hand-in says a score of {said}; it is {points} of {of}",
                    said,
                    points,
                    of
                ));
            }
        }
        Ok(graded)
    }

    /// The variant of a hand-in, or of an entry of it.
    fn variant_of(&self, number: &Json) -> Result<Variant, String> {
        let number = number.as_u64().ok_or_else(|| say!("a variant is told by its number"))?;
        self.numbered_variant(number)
    }

    /// The variant in which an entry was answered, or why there is none.
    fn own_variant(&self, graded: &GradedHandIn, entry: &Json) -> Result<Variant, String> {
        entry.get("variant").map_or_else(|| Ok(graded.variant.clone()), |number| self.variant_of(number))
    }

    async fn answer_again(&self, graded: &mut GradedHandIn, entry: &Json) -> Result<(), String> {
        let id = entry.get("id").and_then(Json::as_str).ok_or_else(|| say!("an answer names its question by id"))?;
        let answer = entry.get("answer").ok_or_else(|| say!("{id} has no answer", id))?;
        let found = match (self.find(id), LessonAnswer::from_json(answer), self.own_variant(graded, entry)) {
            (None, ..) => Err(say!("the lesson has no such question")),
            (_, Err(message), _) | (_, _, Err(message)) => Err(message),
            (Some((beat, block)), Ok(answer), Ok(variant)) => {
                self.grade(&variant, beat, block, &answer).await.map_err(why)
            }
        };
        let (outcome, tag, why_not) = match found {
            Ok(grade) => (Some(word(grade.outcome)), grade.tag, None),
            Err(message) => (None, None, Some(message)),
        };
        let said = entry.get("outcome").and_then(Json::as_str);
        graded.push(id, outcome, tag, why_not, said);
        Ok(())
    }

    async fn challenge_again(&self, graded: &mut GradedHandIn, entry: &Json) -> Result<(), String> {
        let id = entry.get("id").and_then(Json::as_str).ok_or_else(|| say!("a challenge is named by its id"))?;
        let lines = match entry.get("lines") {
            Some(Json::Array(items)) => items.iter().map(|item| item.as_str().map(String::from)).collect(),
            _ => None,
        };
        let lines: Vec<String> = lines.ok_or_else(|| say!("{id} has no list of lines", id))?;
        let found = match (self.find(id), self.own_variant(graded, entry)) {
            (None, _) => Err(say!("the lesson has no such challenge")),
            (_, Err(message)) => Err(message),
            (Some((beat, block)), Ok(variant)) => {
                let attempt = self.attempt(&variant, beat, block, &lines).await.map_err(why);
                let report = self.report(&variant, beat, block, &lines).await.map_err(why);
                attempt.and_then(|attempt| Ok((attempt.passed, report?)))
            }
        };
        let (outcome, why_not) = match found {
            Ok((passed, report)) => {
                if let Some(report) = report {
                    graded.add_report(id, passed, report, entry);
                }
                (Some(if passed { "passed" } else { "failed" }), None)
            }
            Err(message) => (None, Some(message)),
        };
        let said = entry.get("passed").and_then(Json::as_bool).map(|passed| if passed { "passed" } else { "failed" });
        graded.push(id, outcome, None, why_not, said);
        Ok(())
    }

    /// The score, and what is missing.
    fn add_up(&self, graded: &mut GradedHandIn) {
        for block in self.beats.iter().flat_map(Beat::blocks) {
            let (worth, won) = match &block.kind {
                BlockKind::Predict(_) => (1, "right"),
                BlockKind::Challenge(_) => (2, "passed"),
                _ => continue,
            };
            graded.score.of += worth;
            let Some(id) = &block.id else { continue };
            let mut tries = graded.entries.iter().filter(|entry| entry.id == *id);
            match &block.kind {
                // A challenge may be tried as often as one likes.
                BlockKind::Challenge(_) if tries.any(|entry| entry.outcome == Some(won)) => {
                    graded.score.points += worth
                }
                BlockKind::Predict(_) => match tries.next() {
                    Some(first) if first.outcome == Some(won) => graded.score.points += worth,
                    Some(_) => {}
                    None => graded.missing.push(id.clone()),
                },
                _ if graded.entries.iter().all(|entry| entry.id != *id) => graded.missing.push(id.clone()),
                _ => {}
            }
        }
    }
}

/// A hand-in whose variants count from 1.
fn counted_from_one(hand_in: &Json) -> Result<Cow<'_, Json>, String> {
    match hand_in.get("v") {
        Some(v) if v.as_u64() == Some(VERSION) => return Ok(Cow::Borrowed(hand_in)),
        Some(v) => {
            let v = excerpt(&v.to_string());
            return Err(say!("the hand-in has version {v}, and this lsmscope reads {known}", v, known = VERSION));
        }
        None => {}
    }
    let mut hand_in = hand_in.clone();
    count_from_one(&mut hand_in);
    for name in ["answers", "challenges"] {
        hand_in.get_mut(name).and_then(Json::as_array_mut).into_iter().flatten().for_each(count_from_one);
    }
    Ok(Cow::Owned(hand_in))
}

fn count_from_one(entry: &mut Json) {
    if let Some(variant) = entry.get_mut("variant") {
        *variant = variant.as_u64().map_or(Json::Null, |index| index.saturating_add(1).into());
    }
}

/// The version of hand-ins.
const VERSION: u64 = 2;

/// The most answers of a hand-in.
const MAX_ENTRIES: usize = 1000;

/// Characters of a learner's sentences.
const MAX_SENTENCES: usize = 2_000;

/// Whether a hand-in says what was found: a number that went through JSON may differ in its last digit.
fn alike(said: &Json, is: &Json) -> bool {
    match (said, is) {
        (Json::Number(said), Json::Number(is)) => {
            let (said, is) = (said.as_f64().unwrap_or(f64::NAN), is.as_f64().unwrap_or(f64::NAN));
            (said - is).abs() <= 1e-9 * is.abs()
        }
        (Json::Array(said), Json::Array(is)) => said.len() == is.len() && said.iter().zip(is).all(|(a, b)| alike(a, b)),
        _ => value::same(said, is),
    }
}

fn why(error: GradeError) -> String {
    match error {
        GradeError::Answer { message } => message,
        GradeError::Lesson { error } => say!("the lesson has a fault: {fault}", fault = error.message),
    }
}

impl GradedHandIn {
    /// A report that was made again, beside the one of the hand-in.
    fn add_report(&mut self, id: &str, passed: bool, report: ChallengeReport, entry: &Json) {
        let sentences = entry.get("sentences").and_then(Json::as_str).unwrap_or_default();
        let sentences = sentences.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_SENTENCES).collect();
        if let Some(said) = entry.get("report") {
            let made = serde_json::to_value(&report).unwrap_or_default();
            let part = |of: &Json, name: &str| of.get(name).cloned().unwrap_or_default();
            let after = |of: &Json| part(of, "after");
            let numbers = |of: &Json| Json::Array(of.as_array().into_iter().flatten().map(after).collect());
            let compared = [
                ("memory", after(&part(said, "memory")), after(&part(&made, "memory"))),
                ("numbers", numbers(&part(said, "numbers")), numbers(&part(&made, "numbers"))),
                ("options", part(said, "options"), part(&made, "options")),
                ("trace", part(said, "trace"), part(&made, "trace")),
            ];
            for (what, said, is) in compared {
                if !alike(&said, &is) {
                    let (said, is) = (excerpt(&said.to_string()), excerpt(&is.to_string()));
                    self.differs.push(say!("the report of {id} says {what} {said}; it is {is}", id, what, said, is));
                }
            }
        }
        // Of several tries, the last one.
        self.reports.retain(|other| other.id != id);
        self.reports.push(GradedReport { id: excerpt(id), passed, report, sentences });
    }

    fn sort_reports(&mut self) {
        let memory = |one: &GradedReport| one.report.memory.as_ref().and_then(|memory| memory.after.as_f64());
        self.reports.sort_by(|a, b| {
            let bytes = |one| memory(one).unwrap_or(f64::INFINITY);
            b.passed.cmp(&a.passed).then(bytes(a).total_cmp(&bytes(b)))
        });
    }

    fn push(
        &mut self,
        id: &str,
        outcome: Option<&'static str>,
        tag: Option<String>,
        why_not: Option<String>,
        said: Option<&str>,
    ) {
        let attempt = self.entries.iter().filter(|entry| entry.id == id).count() + 1;
        let differs = why_not.or_else(|| {
            let (said, is) = (said?, outcome?);
            (said != is).then(|| say!("the hand-in says {said}; it is {is}", said = excerpt(said), is))
        });
        self.entries.push(GradedEntry { id: excerpt(id), attempt, outcome, tag, differs });
    }
}

fn word(outcome: GradeOutcome) -> &'static str {
    match outcome {
        GradeOutcome::Right => "right",
        GradeOutcome::Partly => "partly",
        GradeOutcome::Wrong => "wrong",
    }
}
