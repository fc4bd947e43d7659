//! Grades an answer to a prediction.
//!
//! In: a variant, a beat, a block, an [`LessonAnswer`]. Out: a [`Grade`]: right or wrong, the text for it, what
//! happened, and where to stop. Errors: a [`GradeError`]: the answer is none of its kind, or the lesson has a fault.

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    Lesson, Variant,
    answer::LessonAnswer,
    beat_plan::{BeatPlan, LineWindow, block_of},
    beat_run::BeatRun,
    block::{NUMBER_FORM, PLACE_KINDS, Prediction, PredictionKind, WrongRow, WrongWhen},
    front_matter::scalar,
    judged::Judged,
    node::Node,
    source::LessonError,
    state,
    value::{self, read_number},
};
use crate::words::{said, say};

/// How an answer is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum GradeOutcome {
    /// The engine did this.
    Right,
    /// The engine did this, but not for this reason.
    Partly,
    /// It did another thing.
    Wrong,
}

/// An answer, graded.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Grade {
    /// Right or wrong.
    pub outcome: GradeOutcome,
    /// The misconception that the answer shows, if the lesson names one.
    pub tag: Option<String>,
    /// What the lesson says to this answer; empty if it says nothing.
    pub text: Vec<Node>,
    /// What happened: the truth.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
    pub truth: Json,
    /// The same in words, a line for each part.
    pub happened: Vec<Vec<Node>>,
    /// The right reason, if one was asked for.
    pub reason: Vec<Node>,
    /// The position on the beat's timeline before the window.
    pub from: usize,
    /// The position at which the run stops: after the deciding event.
    pub stop: usize,
    /// The position after the window.
    pub to: usize,
    /// Values in texts that could not be computed.
    pub problems: Vec<LessonError>,
}

/// Why an answer has no grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "fault_of", rename_all = "snake_case")]
pub enum GradeError {
    /// It is no answer to this question.
    Answer {
        /// What it should have been.
        message: String,
    },
    /// The lesson has a fault.
    Lesson {
        /// Which.
        error: LessonError,
    },
}

impl From<LessonError> for GradeError {
    fn from(error: LessonError) -> GradeError {
        GradeError::Lesson { error }
    }
}

fn unusable<T>(message: impl Into<String>) -> Result<T, GradeError> {
    Err(GradeError::Answer { message: message.into() })
}

impl Lesson {
    /// Grades an answer: runs the beat, and compares.
    ///
    /// # Errors
    /// There is no such prediction, the answer is none of its kind, or the lesson has a fault.
    pub async fn grade(
        &self,
        variant: &Variant,
        beat: usize,
        block: usize,
        answer: &LessonAnswer,
    ) -> Result<Grade, GradeError> {
        let Some(found) = self.beats.get(beat) else { return unusable(say!("there is no beat {beat}", beat)) };
        let Some((item, prediction)) = block_of(found, block).and_then(|(at, block)| Some((at, block.prediction()?)))
        else {
            return unusable(say!("block {block} of beat {beat} is no prediction", block, beat));
        };
        let plan = BeatPlan::of(found);
        let run = BeatRun::of_beat(self, variant, found, &plan).await?;
        let window = plan.windows[item];
        let judged = Judged::of(&run, prediction, window, plan.cards[item]).await?;
        Grader { run: &run, prediction, window, judged: &judged }.grade(answer).await
    }
}

/// Grades answers to one prediction over its run.
pub(super) struct Grader<'a> {
    pub run: &'a BeatRun<'a>,
    pub prediction: &'a Prediction,
    pub window: LineWindow,
    pub judged: &'a Judged,
}

impl Grader<'_> {
    pub async fn grade(&self, answer: &LessonAnswer) -> Result<Grade, GradeError> {
        let given = self.read(answer)?;
        let (prediction, judged) = (self.prediction, self.judged);
        let is_right = self.is_right(&given);
        let reason = match (answer.why(), prediction.whys.is_empty()) {
            (Some(why), false) => match prediction.whys.get(why) {
                Some(row) => Some(row),
                None => return unusable(say!("there are {n} reasons", n = prediction.whys.len())),
            },
            (None, false) => return unusable(say!("a reason is asked for: why is the number of one")),
            (_, true) => None,
        };
        let wrong_reason = reason.filter(|_| is_right).and_then(|row| row.tag.clone());
        let mut problems = Vec::new();
        let names = judged.names(Some(&given));
        let row = if is_right { None } else { self.wrong_row(&given).await? };
        let text = if is_right { Some(&prediction.right) } else { row.map(|row| &row.text) };
        let text = match text {
            Some(text) => self.run.fill(text, self.window, &names, &mut problems).await,
            None => Vec::new(),
        };
        let right_reason = prediction.whys.iter().find(|row| row.tag.is_none());
        let reason = match right_reason {
            Some(row) => self.run.fill(&row.text, self.window, &names, &mut problems).await,
            None => Vec::new(),
        };
        let events = self.run.events(self.window);
        Ok(Grade {
            outcome: match (is_right, &wrong_reason) {
                (true, None) => GradeOutcome::Right,
                (true, Some(_)) => GradeOutcome::Partly,
                (false, _) => GradeOutcome::Wrong,
            },
            tag: wrong_reason.or_else(|| row.and_then(|row| row.tag.clone())),
            text,
            truth: judged.truth.clone(),
            happened: self.happened(&mut problems).await,
            reason,
            from: events.start,
            stop: self.stop()?,
            to: events.end,
            problems,
        })
    }

    /// The answer as expressions see it.
    fn read(&self, answer: &LessonAnswer) -> Result<Json, GradeError> {
        let judged = self.judged;
        let known = |items: &[String], known: &[&str], what: &str| -> Result<(), GradeError> {
            match items.iter().find(|item| !known.contains(&item.as_str())) {
                Some(item) => {
                    unusable(say!("{item} is no {what} of this question", item = crate::error::excerpt(item), what))
                }
                None => Ok(()),
            }
        };
        let choices: Vec<&str> = judged.choices.iter().map(|(value, _)| value.as_str()).collect();
        Ok(match (self.prediction.kind, answer) {
            (PredictionKind::Choice, LessonAnswer::Choice { choice, .. }) if !self.prediction.several => {
                known(std::slice::from_ref(choice), &choices, &say!("choice"))?;
                scalar(choice)
            }
            (PredictionKind::Choice, LessonAnswer::Choices { choices: given, .. }) if self.prediction.several => {
                known(given, &choices, &say!("choice"))?;
                given.iter().map(|choice| scalar(choice)).collect()
            }
            (PredictionKind::Number, LessonAnswer::Number { number, .. }) => match read_number(number) {
                Some(number) => value::number(number),
                None => return unusable(say!("expected {what}", what = said(NUMBER_FORM, &[]))),
            },
            (PredictionKind::Order, LessonAnswer::Order { order, .. }) => {
                let cards: Vec<&str> = self.prediction.cards.iter().map(|(name, _)| name.as_str()).collect();
                known(order, &cards, &say!("card"))?;
                let is_whole = order.len() == cards.len() && cards.iter().all(|card| order.iter().any(|o| o == card));
                if !is_whole {
                    return unusable(say!("an order has every card once"));
                }
                order.iter().map(|card| Json::from(card.as_str())).collect()
            }
            (PredictionKind::Click, LessonAnswer::Click { click, .. }) => {
                let places: Vec<&str> = judged.places.iter().map(|place| place.place.as_str()).collect();
                known(click, &places, &say!("place"))?;
                click.iter().map(|place| Json::from(place.as_str())).collect()
            }
            (PredictionKind::Scan, LessonAnswer::Scan { scan, .. }) => {
                let rows: Vec<&str> = judged.rows.iter().map(|row| row.row.as_str()).collect();
                known(scan, &rows, &say!("row"))?;
                scan.iter().map(|row| Json::from(row.as_str())).collect()
            }
            (PredictionKind::Choice, _) if self.prediction.several => {
                return unusable(say!("expected choices: a list"));
            }
            (PredictionKind::Choice, _) => return unusable(say!("expected choice: one of the choices")),
            (PredictionKind::Number, _) => return unusable(say!("expected number: digits")),
            (PredictionKind::Order, _) => return unusable(say!("expected order: a list of cards")),
            (PredictionKind::Click, _) => return unusable(say!("expected click: a list of places")),
            (PredictionKind::Scan, _) => return unusable(say!("expected scan: a list of rows")),
        })
    }

    fn is_right(&self, given: &Json) -> bool {
        let judged = self.judged;
        match self.prediction.kind {
            PredictionKind::Choice => {
                let right: Vec<Json> =
                    judged.choices.iter().filter(|(_, is_right)| *is_right).map(|(value, _)| scalar(value)).collect();
                match given {
                    Json::Array(given) => same_set(given, &right),
                    given => right.iter().any(|right| value::same(right, given)),
                }
            }
            PredictionKind::Number => {
                given.as_f64().is_some_and(|number| judged.accepts(self.prediction.accept, number))
            }
            PredictionKind::Order => value::same(given, &judged.truth),
            PredictionKind::Click | PredictionKind::Scan => {
                let truth: Vec<Json> = judged.truths().into_iter().map(Json::from).collect();
                given.as_array().is_some_and(|given| same_set(given, &truth))
            }
        }
    }

    /// The first text that is for this wrong answer.
    pub async fn wrong_row(&self, given: &Json) -> Result<Option<&WrongRow>, LessonError> {
        for row in self.prediction.wrongs.iter().filter(|row| row.when != WrongWhen::Otherwise) {
            if self.is_for(row, given).await? {
                return Ok(Some(row));
            }
        }
        Ok(self.prediction.wrongs.iter().find(|row| row.when == WrongWhen::Otherwise))
    }

    async fn is_for(&self, row: &WrongRow, given: &Json) -> Result<bool, LessonError> {
        let names = self.judged.names(Some(given));
        match &row.when {
            WrongWhen::Otherwise => Ok(true),
            WrongWhen::If(condition) => match self.run.compute(condition, self.window, &names).await? {
                Json::Bool(holds) => Ok(holds),
                other => {
                    let message = say!("this is {kind}, and not true or false", kind = value::kind(&other));
                    Err(self.run.lesson.error(condition.whole(), message, say!("Write a comparison.")))
                }
            },
            WrongWhen::Equals(expression) => {
                let wanted = self.run.compute(expression, self.window, &names).await?;
                Ok(value::same(&wanted, given))
            }
            WrongWhen::First(name) => Ok(given.get(0).is_some_and(|first| first == name.as_str())),
            WrongWhen::Value(text) => Ok(self.is_value(&text.with(&self.run.variant.values), given)),
        }
    }

    /// Whether the answer is the one that a line `wrong VALUE` is for.
    fn is_value(&self, text: &str, given: &Json) -> bool {
        let empty = Vec::new();
        let items = given.as_array().unwrap_or(&empty);
        let truth = self.judged.truths();
        let extra = || items.iter().filter_map(Json::as_str).filter(|item| truth.iter().all(|t| t != item));
        let is_missing = || truth.iter().any(|t| items.iter().all(|item| item != t.as_str()));
        match self.prediction.kind {
            PredictionKind::Choice if self.prediction.several => {
                items.iter().any(|item| value::same(item, &scalar(text)))
            }
            PredictionKind::Choice => value::same(&scalar(text), given),
            PredictionKind::Number => read_number(text).is_some_and(|number| given.as_f64() == Some(number)),
            PredictionKind::Order => {
                let wanted: Vec<Json> = text.split(',').map(|name| Json::from(name.trim())).collect();
                *items == wanted
            }
            PredictionKind::Click if text == "missing" => is_missing(),
            PredictionKind::Click => {
                let kind = PLACE_KINDS.iter().find(|(one, many)| *one == text || *many == text).map(|(one, _)| *one);
                let exact = extra().any(|item| item == text);
                exact || kind.is_some_and(|kind| extra().any(|item| state::kind_of(item) == Some(kind)))
            }
            PredictionKind::Scan if text == "missing" => is_missing(),
            PredictionKind::Scan => extra().any(|item| item == text || self.row_is(item, text)),
        }
    }

    /// Whether a row that is not returned is `deleted`, or `old`.
    fn row_is(&self, row: &str, what: &str) -> bool {
        let rows = &self.judged.rows;
        let Some(found) = rows.iter().find(|candidate| candidate.row == row) else { return false };
        let newest = rows.iter().filter(|other| other.key == found.key).max_by_key(|other| other.seq);
        let is_deleted = newest.is_some_and(|newest| newest.deleted);
        match what {
            "deleted" => is_deleted,
            "old" => !is_deleted && newest.is_some_and(|newest| newest.seq > found.seq),
            _ => false,
        }
    }

    /// What happened, in words.
    async fn happened(&self, problems: &mut Vec<LessonError>) -> Vec<Vec<Node>> {
        let (prediction, judged) = (self.prediction, self.judged);
        let names = judged.names(None);
        let words = |text: String| vec![Node::Text { text }];
        let mut lines = Vec::new();
        match prediction.kind {
            PredictionKind::Choice => {
                for (row, (_, is_right)) in prediction.choices.iter().zip(&judged.choices) {
                    if *is_right {
                        lines.push(self.run.fill(&row.text, self.window, &names, problems).await);
                    }
                }
            }
            PredictionKind::Number => {
                let value = judged.truth.clone();
                let text = match value.as_f64() {
                    Some(1.0) if self.run.lesson.lang().starts_with("en") => value::singular(&prediction.unit),
                    _ => prediction.unit.clone(),
                };
                let unit = Node::Text { text: format!(" {text}") };
                let number = Node::Value { slot: 0, text: value::shown(&value), value };
                lines.push(if prediction.unit.is_empty() { vec![number] } else { vec![number, unit] });
            }
            PredictionKind::Order => {
                for name in judged.truths() {
                    if let Some((_, text)) = prediction.cards.iter().find(|(card, _)| *card == name) {
                        lines.push(self.run.fill(text, self.window, &names, problems).await);
                    }
                }
            }
            PredictionKind::Click | PredictionKind::Scan => lines.extend(judged.truths().into_iter().map(words)),
        }
        lines
    }

    /// The position after the deciding event.
    pub fn stop(&self) -> Result<usize, LessonError> {
        let events = self.run.events(self.window);
        let Some(stop) = &self.prediction.stop else { return Ok(events.end) };
        let name = stop.text();
        let found = if name.contains('/') || ["op", "flush", "compaction", "recovery"].iter().any(|w| begins(name, w)) {
            let found = self.run.run.timeline().find_moment(name);
            found.map_err(|unfound| unfound.expected).and_then(|at| {
                match (events.start + 1..=events.end).contains(&at) {
                    true => Ok(at),
                    false => Err(say!("a moment of the window")),
                }
            })
        } else {
            let (kind, which) = name.split_once(':').unwrap_or((name, "1"));
            let all = self.run.run.of_kind(kind, events.start, events.end);
            let at = which.parse::<usize>().ok().and_then(|which| all.get(which.wrapping_sub(1)));
            at.map(|index| index + 1)
                .ok_or_else(|| say!("at most {n} {kind}: the window has no more", n = all.len(), kind))
        };
        found.map_err(|expected| {
            self.run.lesson.error(
                stop.whole(),
                say!("the window has no such moment"),
                say!("Expected {expected}.", expected),
            )
        })
    }
}

/// Whether the name of a moment begins with this place.
fn begins(name: &str, place: &str) -> bool {
    name == place || name.strip_prefix(place).is_some_and(|rest| rest.starts_with(':'))
}

/// Whether two lists hold the same, in any order.
fn same_set(a: &[Json], b: &[Json]) -> bool {
    let within = |a: &[Json], b: &[Json]| a.iter().all(|item| b.iter().any(|other| value::same(item, other)));
    within(a, b) && within(b, a)
}
