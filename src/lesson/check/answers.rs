//! Answers that are tried: the right one, and wrong ones of every sort.

use serde_json::Value as Json;

use super::{CheckedBeat, Checker, answer_text};
use crate::lesson::{
    LessonAnswer, PredictionKind, Variant,
    block::{LessonBlock, Prediction, WrongWhen},
    front_matter::scalar,
    grade::{GradeError, GradeOutcome, Grader},
    judged::Judged,
    value::{self, read_number},
};
use crate::words::say;

/// The most cards of which every order is tried.
const MAX_PERMUTED: usize = 5;

/// The most choices of which every combination is tried.
const MAX_COMBINED: usize = 6;

impl Checker<'_> {
    /// Grades the right answer and wrong ones.
    pub(super) async fn prediction(
        &mut self,
        variant: &Variant,
        checked: &CheckedBeat<'_>,
        block: &LessonBlock,
        prediction: &Prediction,
        at: usize,
    ) {
        let CheckedBeat { run, plan, .. } = checked;
        let window = plan.windows[at];
        let judged = match Judged::of(run, prediction, window, plan.cards[at]).await {
            Ok(judged) => judged,
            Err(error) => return self.fail_in(variant, error),
        };
        self.shown(checked, prediction, &judged, at).await;
        if let Some(expect) = &prediction.expect {
            match run.compute(expect, window, &judged.names(None)).await {
                Ok(expected) if value::same(&expected, &judged.truth) => {}
                Ok(expected) => {
                    let message = say!(
                        "the engine says {truth}, and the author {expected}",
                        truth = answer_text(&judged.truth),
                        expected = answer_text(&expected)
                    );
                    let error = self.lesson.error(
                        expect.whole(),
                        message,
                        say!("Find out who is right, and correct that one."),
                    );
                    self.fail_in(variant, error);
                }
                Err(error) => self.fail_in(variant, error),
            }
        }
        let grader = Grader { run, prediction, window, judged: &judged };
        let reason = prediction.whys.iter().position(|row| row.tag.is_none());
        match grader.grade(&right_answer(prediction, &judged, reason)).await {
            Ok(grade) => {
                self.graded.insert(block.place.start);
                if grade.outcome != GradeOutcome::Right {
                    let message = say!("the truth, {truth}, is not graded right", truth = answer_text(&judged.truth));
                    let remedy = say!("The answer has to be among what can be answered, and within accept.");
                    let error = self.lesson.error(prediction.truth.whole(), message, remedy);
                    self.fail_in(variant, error);
                }
                grade.problems.into_iter().for_each(|error| self.fail_in(variant, error));
            }
            Err(GradeError::Lesson { error }) => self.fail_in(variant, error),
            Err(GradeError::Answer { message }) => {
                let error =
                    self.lesson.error(prediction.truth.whole(), message, say!("The truth has to be an answer."));
                self.fail_in(variant, error);
            }
        }
        for answer in wrong_answers(prediction, &judged, reason) {
            self.wrong_answer(variant, block, &grader, &answer).await;
        }
    }

    async fn wrong_answer(
        &mut self,
        variant: &Variant,
        block: &LessonBlock,
        grader: &Grader<'_>,
        answer: &LessonAnswer,
    ) {
        let grade = match grader.grade(answer).await {
            Ok(grade) => grade,
            Err(GradeError::Lesson { error }) => return self.fail_in(variant, error),
            // It is no answer to this question.
            Err(GradeError::Answer { .. }) => return,
        };
        if grade.outcome != GradeOutcome::Wrong {
            return;
        }
        grade.problems.into_iter().for_each(|error| self.fail_in(variant, error));
        let given = answer_value(answer);
        match grader.wrong_row(&given).await {
            Ok(Some(row)) => drop(self.reached.insert(row.place.start)),
            Ok(None) => {
                let remedy = say!("Add wrong VALUE: m:TAG \"text\", or wrong: \"text\" for all others.");
                let row = match answer {
                    LessonAnswer::Choice { choice, .. } => {
                        let choices = grader.prediction.choices.iter().zip(&grader.judged.choices);
                        choices.into_iter().find(|(_, (value, _))| value == choice).map(|(row, _)| row)
                    }
                    _ => None,
                };
                match row {
                    Some(row) => self.warn(row.place.clone(), say!("this wrong choice has no text"), remedy),
                    None => self.warn(block.place.clone(), say!("some wrong answers have no text"), remedy),
                }
            }
            Err(error) => self.fail_in(variant, error),
        }
    }
}

/// The answer as expressions see it.
fn answer_value(answer: &LessonAnswer) -> Json {
    let list = |items: &[String]| items.iter().map(|item| Json::from(item.as_str())).collect();
    match answer {
        LessonAnswer::Choice { choice, .. } => scalar(choice),
        LessonAnswer::Choices { choices, .. } => choices.iter().map(|choice| scalar(choice)).collect(),
        LessonAnswer::Number { number, .. } => read_number(number).map_or(Json::Null, value::number),
        LessonAnswer::Order { order: items, .. }
        | LessonAnswer::Click { click: items, .. }
        | LessonAnswer::Scan { scan: items, .. } => list(items),
    }
}

/// An answer of the prediction's kind.
fn answer(prediction: &Prediction, items: Vec<String>, why: Option<usize>) -> LessonAnswer {
    let first = || items.first().cloned().unwrap_or_default();
    match prediction.kind {
        PredictionKind::Choice if prediction.several => LessonAnswer::Choices { choices: items, why },
        PredictionKind::Choice => LessonAnswer::Choice { choice: first(), why },
        PredictionKind::Number => LessonAnswer::Number { number: first(), why },
        PredictionKind::Order => LessonAnswer::Order { order: items, why },
        PredictionKind::Click => LessonAnswer::Click { click: items, why },
        PredictionKind::Scan => LessonAnswer::Scan { scan: items, why },
    }
}

fn right_answer(prediction: &Prediction, judged: &Judged, why: Option<usize>) -> LessonAnswer {
    let items = match prediction.kind {
        PredictionKind::Choice => {
            judged.choices.iter().filter(|(_, is_right)| *is_right).map(|(value, _)| value.clone()).collect()
        }
        _ => judged.truths(),
    };
    answer(prediction, items, why)
}

/// Answers that may be wrong, of every sort.
fn wrong_answers(prediction: &Prediction, judged: &Judged, why: Option<usize>) -> Vec<LessonAnswer> {
    let truth = judged.truths();
    let choices: Vec<String> = judged.choices.iter().map(|(value, _)| value.clone()).collect();
    let all: Vec<Vec<String>> = match prediction.kind {
        PredictionKind::Choice if prediction.several => combinations(&choices),
        PredictionKind::Choice => choices.into_iter().map(|choice| vec![choice]).collect(),
        PredictionKind::Number => numbers(prediction, judged).into_iter().map(|number| vec![number]).collect(),
        PredictionKind::Order => orders(prediction),
        PredictionKind::Click => {
            sets(&judged.places.iter().map(|place| place.place.clone()).collect::<Vec<_>>(), &truth)
        }
        PredictionKind::Scan => sets(&judged.rows.iter().map(|row| row.row.clone()).collect::<Vec<_>>(), &truth),
    };
    all.into_iter().map(|items| answer(prediction, items, why)).collect()
}

/// Every combination of a few, or each alone and all.
fn combinations(items: &[String]) -> Vec<Vec<String>> {
    if items.len() > MAX_COMBINED {
        let each = items.iter().map(|item| vec![item.clone()]);
        return each.chain([items.to_vec(), Vec::new()]).collect();
    }
    let chosen = |set: usize| items.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1);
    (0..1_usize << items.len()).map(|set| chosen(set).map(|(_, item)| item.clone()).collect()).collect()
}

/// Each alone, all, none; the truth without one, and with one more.
fn sets(items: &[String], truth: &[String]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = vec![Vec::new(), items.to_vec()];
    for item in items {
        found.push(vec![item.clone()]);
        found.push(truth.iter().filter(|other| *other != item).cloned().collect());
        found.push(truth.iter().cloned().chain([item.clone()]).collect());
    }
    found
}

/// Numbers around the truth, and those that texts are for.
fn numbers(prediction: &Prediction, judged: &Judged) -> Vec<String> {
    let truth = judged.truth.as_f64().unwrap_or(0.0);
    let mut found: Vec<f64> = vec![0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 100.0, 1e6];
    found.extend([truth - 1.0, truth + 1.0, truth + 2.0, truth / 2.0, truth * 2.0, truth * 10.0, truth / 10.0]);
    for name in judged.values.values() {
        // What a name stands for is often what an answer is mistaken for.
        found.extend(name.as_f64());
    }
    let mut texts: Vec<String> = found.into_iter().map(|number| value::number(number).to_string()).collect();
    for row in &prediction.wrongs {
        if let WrongWhen::Value(text) = &row.when {
            texts.push(text.text().to_string());
        }
    }
    texts
}

/// Every order of a few cards; of many, each card first, neighbours swapped, and all turned around.
fn orders(prediction: &Prediction) -> Vec<Vec<String>> {
    let cards: Vec<String> = prediction.cards.iter().map(|(name, _)| name.clone()).collect();
    let mut found = Vec::new();
    for row in &prediction.wrongs {
        if let WrongWhen::Value(text) = &row.when {
            found.push(text.text().split(',').map(|name| name.trim().to_string()).collect());
        }
    }
    if cards.len() <= MAX_PERMUTED {
        permute(&mut cards.clone(), 0, &mut found);
        return found;
    }
    for at in 0..cards.len() {
        let mut first = cards.clone();
        first[..=at].rotate_right(1);
        found.push(first);
        let mut swapped = cards.clone();
        swapped.swap(at, (at + 1) % cards.len());
        found.push(swapped);
    }
    found.push(cards.into_iter().rev().collect());
    found
}

fn permute(cards: &mut Vec<String>, from: usize, found: &mut Vec<Vec<String>>) {
    if from + 1 >= cards.len() {
        found.push(cards.clone());
        return;
    }
    for at in from..cards.len() {
        cards.swap(from, at);
        permute(cards, from + 1, found);
        cards.swap(from, at);
    }
}
