//! Challenges: the solution passes, and no line at all does not.

use std::ops::Range;

use serde_json::Value as Json;

use super::{CheckedBeat, Checker};
use crate::lesson::{
    Attempt, CheckedPart, Variant,
    beat_run::Names,
    block::{ChallengeBlock, LessonBlock},
    grade::GradeError,
    node::{RichText, plain},
    value::text_of,
};
use crate::{error::excerpt, words::say};

impl Checker<'_> {
    pub(super) async fn challenge(
        &mut self,
        variant: &Variant,
        checked: &CheckedBeat<'_>,
        block: &LessonBlock,
        challenge: &ChallengeBlock,
        at: usize,
    ) {
        let CheckedBeat { run, plan, beat } = checked;
        let mut problems = Vec::new();
        for text in std::iter::once(&challenge.ask).chain(&challenge.hints) {
            run.fill(text, plan.texts[at], &Names::default(), &mut problems).await;
        }
        problems.into_iter().for_each(|error| self.fail_in(variant, error));
        let place = || {
            let lines = challenge.solution.iter().map(|line| line.place());
            lines.reduce(|first, last| first.start..last.end).unwrap_or(block.place.clone())
        };
        let beats = &self.lesson.beats;
        let Some(beat) = beats.iter().position(|other| other.place == beat.place) else { return };
        let Some(number) = beats[beat].blocks().position(|other| other.place == block.place) else { return };
        let lines: Vec<String> = challenge.solution.iter().map(|line| line.with(&variant.values)).collect();
        self.reported(variant, (beat, number), challenge, &lines).await;
        for (lines, wanted) in [(&lines[..], true), (&[], false)] {
            match self.lesson.attempt(variant, beat, number, lines).await {
                Ok(attempt) if attempt.passed == wanted => {}
                Ok(_) if !wanted => {
                    let remedy = say!("Ask for something that is not there yet.");
                    let error =
                        self.lesson.error(challenge.check.whole(), say!("this is true without any line"), remedy);
                    self.fail_in(variant, error);
                }
                Ok(attempt) => self.unsolved(variant, challenge, &attempt, &place()),
                Err(GradeError::Lesson { error }) => self.fail_in(variant, error),
                Err(GradeError::Answer { message }) => self.fail(place(), message, say!("Correct the solution.")),
            }
        }
    }

    /// Why the solution, which stands at `place`, does not pass: the lines that are wrong, each where it stands; if
    /// there are none, the goals that are not reached.
    fn unsolved(&mut self, variant: &Variant, challenge: &ChallengeBlock, attempt: &Attempt, place: &Range<usize>) {
        for wrong in &attempt.errors {
            let line = challenge.solution.get(wrong.line);
            let place = line.map_or(place.clone(), |line| match wrong.end > wrong.start {
                true => line.place_of(wrong.start..wrong.end),
                false => line.place(),
            });
            let message = say!("the solution does not pass: {why}", why = wrong.message);
            let remedy = match wrong.remedy.is_empty() {
                true => say!("Correct the solution, or the check."),
                false => wrong.remedy.clone(),
            };
            self.fail_in(variant, self.lesson.error(place, message, remedy));
        }
        if !attempt.errors.is_empty() {
            return;
        }
        let goals = attempt.parts.iter().enumerate().filter(|(_, part)| !part.holds);
        let goals: Vec<String> = goals.map(|(at, part)| unreached(challenge.goals.get(at), part)).collect();
        let message = say!("the solution does not pass: {why}", why = goals.join("; "));
        self.fail_in(variant, self.lesson.error(place.clone(), message, say!("Correct the solution, or the check.")));
    }

    /// Whether what is reported has values: after the solution, and memory after the lines of `before` as well.
    async fn reported(
        &mut self,
        variant: &Variant,
        (beat, number): (usize, usize),
        challenge: &ChallengeBlock,
        lines: &[String],
    ) {
        let report = match self.lesson.report(variant, beat, number, lines).await {
            Ok(Some(report)) => report,
            Ok(None) => return,
            Err(GradeError::Lesson { error }) => return self.fail_in(variant, error),
            // The solution does not run, and that is said.
            Err(GradeError::Answer { .. }) => return,
        };
        let numbers = challenge.reported.numbers.iter().map(|(_, value)| value).zip(&report.numbers);
        let memory = challenge.reported.memory.iter().zip(&report.memory);
        for (value, found) in numbers.chain(memory) {
            let after = (&found.after, say!("this is no number after the solution"));
            let before = (&found.before, say!("this is no number after the lines of before"));
            for (side, message) in [after, before] {
                if !side.is_number() {
                    let remedy = say!("Report what both have: a number of the state, or of an event in both.");
                    let error = self.lesson.error(value.whole(), message, remedy);
                    self.fail_in(variant, error);
                }
            }
        }
    }
}

/// A goal that is not reached: its words, if it has any, its part of the check, and the value that this has.
fn unreached(goal: Option<&RichText>, part: &CheckedPart) -> String {
    let source = &part.source;
    let value = |value: &Json| match value {
        Json::Null => say!("nothing"),
        value => excerpt(&text_of(value)),
    };
    let found = match (&part.left, &part.right) {
        (Json::Null, Json::Null) => say!("{check} is not true", check = source),
        // What stands at the right as it is has its value in the text.
        (left, right) if source.trim_end_matches('"').ends_with(&text_of(right)) => {
            say!("{check} is not true: it is {left}", check = source, left = value(left))
        }
        (left, right) => {
            let (left, right) = (value(left), value(right));
            say!("{check} is not true: these are {left} and {right}", check = source, left, right)
        }
    };
    let words = goal.map(|goal| plain(&goal.nodes));
    words.map_or(found.clone(), |goal| say!("the goal “{goal}” is not reached, as {found}", goal, found))
}
