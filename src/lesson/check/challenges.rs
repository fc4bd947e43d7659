//! Challenges: the solution passes, and no line at all does not.

use super::{CheckedBeat, Checker};
use crate::lesson::{
    Variant,
    beat_run::Names,
    block::{ChallengeBlock, LessonBlock},
    grade::GradeError,
};
use crate::words::say;

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
                Ok(attempt) => {
                    let failed = attempt.parts.iter().filter(|part| !part.holds).map(|part| part.source.clone());
                    let wrong = attempt.errors.iter().map(|error| error.message.clone());
                    let why: Vec<String> = wrong.chain(failed).collect();
                    let message = say!("the solution does not pass: {why}", why = why.join("; "));
                    // Where a part has no value, that says why.
                    let error = self.lesson.error(place(), message, say!("Correct the solution, or the check."));
                    self.fail_in(variant, error);
                }
                Err(GradeError::Lesson { error }) => self.fail_in(variant, error),
                Err(GradeError::Answer { message }) => self.fail(place(), message, say!("Correct the solution.")),
            }
        }
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
