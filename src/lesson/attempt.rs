//! A learner's lines: at a challenge, or where a line is to be typed.
//!
//! In: a variant, a beat, a block, lines. Out: an [`Attempt`]: whether it passed, which bound failed, what was wrong
//! with which line. Errors: there is no such block, or the lesson has a fault.

use serde::Serialize;

use super::{
    Lesson, Variant,
    beat_plan::{BeatPlan, LineWindow, block_of},
    beat_run::{BeatRun, Names, picked},
    block::{BlockKind, ChallengeBlock, LessonBlock, Role},
    evaluate::CheckedPart,
    grade::GradeError,
    limits::{MAX_ANSWER, MAX_LINES},
    script::ScriptText,
};
use crate::{
    plural::counted,
    script::{COMMANDS, Command, parse},
    session::is_operation,
    words::say,
};

/// An attempt at a challenge, or a typed line.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Attempt {
    /// Whether it passed.
    pub passed: bool,
    /// The parts of the check that `and` joins, with their values; empty for a typed line.
    pub parts: Vec<CheckedPart>,
    /// The lines that count.
    pub lines: usize,
    /// What is wrong with lines.
    pub errors: Vec<AttemptError>,
    /// The position before the learner's first line.
    pub from: usize,
    /// The position after the last.
    pub to: usize,
    /// The numbers of the lines that were run.
    #[serde(skip)]
    numbers: Vec<usize>,
}

/// What is wrong with a learner's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AttemptError {
    /// The line, from 0.
    pub line: usize,
    /// Where the wrong part begins in it, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl Lesson {
    /// Runs a learner's lines: at a challenge, and where a line is to be typed.
    ///
    /// # Errors
    /// There is no such block, or the lesson has a fault.
    pub async fn attempt(
        &self,
        variant: &Variant,
        beat: usize,
        block: usize,
        lines: &[String],
    ) -> Result<Attempt, GradeError> {
        let Some(found) = self.beats.get(beat) else { return unusable(say!("there is no beat {beat}", beat)) };
        let Some((item, block)) = block_of(found, block) else {
            return unusable(say!("there is no block {block}", block));
        };
        let plan = BeatPlan::of(found);
        let (window, card) = (plan.windows[item], plan.cards[item]);
        match &block.kind {
            BlockKind::Challenge(challenge) => {
                let above = &plan.lines[..window.above];
                self.challenge(variant, challenge, block, (found.opening(), above), card, lines).await
            }
            BlockKind::Lines(typed) if typed.role == Role::Type => {
                let above = (found.opening(), &plan.lines[..window.above]);
                self.typed(variant, block, &plan.lines[window.above..window.end], above, lines).await
            }
            _ => unusable(say!("{name} takes no lines", name = block.name())),
        }
    }

    async fn challenge(
        &self,
        variant: &Variant,
        challenge: &ChallengeBlock,
        block: &LessonBlock,
        (opening, above): (&[(String, String)], &[&ScriptText]),
        card: Option<&str>,
        lines: &[String],
    ) -> Result<Attempt, GradeError> {
        let start: Vec<&ScriptText> = challenge.start.iter().flatten().collect();
        let above = if challenge.start.is_some() { &start[..] } else { above };
        let mut attempt = Attempt::default();
        let lines = attempt.read(lines, challenge);
        let run = BeatRun::open(self, variant, opening, above, &lines, block.place.clone()).await;
        let run = match run {
            Ok(run) => run,
            // Without the learner's lines, the lesson is as it was checked.
            Err(error) => return attempt.too_much(error, lines.len()),
        };
        let window = LineWindow { above: above.len(), end: above.len() + lines.len() };
        attempt.note_failures(&run, above.len());
        let answer = card.map(picked);
        let names = Names { picked: answer.as_ref(), ..Names::default() };
        let passed = run.compute(&challenge.check, window, &names).await;
        let forks = run.forks_of(&challenge.check, window).await;
        attempt.parts = run.scope(window, &names, &forks).parts(&challenge.check);
        // Where a part has no value yet, it does not hold.
        let holds = passed.is_ok_and(|value| value == true);
        attempt.passed = holds && attempt.errors.is_empty() && attempt.lines <= challenge.lines;
        let events = run.events(window);
        (attempt.from, attempt.to) = (events.start, events.end);
        Ok(attempt)
    }

    /// Whether `lines` do what `wanted` do: the same events, but for the words of the command.
    async fn typed(
        &self,
        variant: &Variant,
        block: &LessonBlock,
        wanted: &[&ScriptText],
        (opening, above): (&[(String, String)], &[&ScriptText]),
        lines: &[String],
    ) -> Result<Attempt, GradeError> {
        let mut attempt = Attempt::default();
        let lines: Vec<String> = attempt.check(lines);
        let given = match BeatRun::open(self, variant, opening, above, &lines, block.place.clone()).await {
            Ok(run) => run,
            Err(error) => return attempt.too_much(error, lines.len()),
        };
        attempt.note_failures(&given, above.len());
        let all: Vec<&ScriptText> = above.iter().chain(wanted).copied().collect();
        let right = BeatRun::open(self, variant, opening, &all, &[], block.place.clone()).await?;
        let effects = |run: &BeatRun<'_>| -> Vec<serde_json::Value> {
            let from = run.run.after(above.len());
            (from..run.run.len()).map(|index| effect(&run.run.row(index))).collect()
        };
        attempt.passed = attempt.errors.is_empty() && effects(&given) == effects(&right);
        (attempt.from, attempt.to) = (given.run.after(above.len()), given.run.len());
        Ok(attempt)
    }
}

fn unusable<T>(message: impl Into<String>) -> Result<T, GradeError> {
    Err(GradeError::Answer { message: message.into() })
}

/// An event without the words of its command.
fn effect(event: &serde_json::Value) -> serde_json::Value {
    let mut event = event.clone();
    if event["type"] == "op_began"
        && let Some(fields) = event.as_object_mut()
    {
        fields.remove("command");
    }
    event
}

impl Attempt {
    fn wrong(&mut self, line: usize, place: std::ops::Range<usize>, message: impl Into<String>, remedy: &str) {
        let (message, remedy) = (message.into(), remedy.to_string());
        self.errors.push(AttemptError { line, start: place.start, end: place.end, message, remedy });
    }

    /// The lines that can be run; what is wrong with the others is noted.
    fn check(&mut self, lines: &[String]) -> Vec<String> {
        let mut kept = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if number >= MAX_LINES || line.len() > MAX_ANSWER {
                let message = say!("these are more lines than a lesson takes");
                self.wrong(number, 0..0, message, &say!("Write fewer, and shorter ones."));
                break;
            }
            match parse(line) {
                Ok(Command::Exit) => {
                    self.wrong(number, 0..line.len(), say!("exit ends nothing here"), &say!("Leave it out."));
                }
                Ok(command) => {
                    self.lines += usize::from(command != Command::Empty && is_operation(line));
                    kept.push(line.clone());
                    self.numbers.push(number);
                }
                Err(error) => self.wrong(number, error.start..error.end, error.message, &error.remedy),
            }
        }
        kept
    }

    /// Those of `lines` that a challenge runs.
    pub(super) fn runnable(lines: &[String], challenge: &ChallengeBlock) -> Vec<String> {
        Attempt::default().read(lines, challenge)
    }

    /// The same, for a challenge: some commands may not be used, and there may be too many lines.
    fn read(&mut self, lines: &[String], challenge: &ChallengeBlock) -> Vec<String> {
        let kept = self.check(lines);
        if let Some(allowed) = &challenge.allow {
            for (number, line) in lines.iter().enumerate() {
                let word = line.split_whitespace().next().unwrap_or_default();
                let command = COMMANDS.iter().find(|command| command.name == word || command.aliases.contains(&word));
                if let Some(command) =
                    command.filter(|command| is_operation(line) && !allowed.contains(&command.name.into()))
                {
                    let remedy = say!("Use {commands} here.", commands = allowed.join(", "));
                    let start = line.len() - line.trim_start().len();
                    let message = say!("{command} may not be used for this", command = command.name);
                    self.wrong(number, start..start + word.len(), message, &remedy);
                }
            }
        }
        if self.lines > challenge.lines {
            let (lines_used, most) = (counted(self.lines, "line"), challenge.lines);
            let message = say!("these are {lines}, and it takes {most}", lines = lines_used, most);
            self.wrong(lines.len().saturating_sub(1), 0..0, message, &say!("Find a shorter way."));
        }
        kept
    }

    /// Lines that failed when they were run; a power cut is no failure.
    fn note_failures(&mut self, run: &BeatRun<'_>, above: usize) {
        for (line, number) in run.run.lines[above..].iter().zip(self.numbers.clone()) {
            let is_cut = run.run.at(line.to, |scene| !scene.has_power());
            if let Some(error) = line.error.as_ref().filter(|_| !is_cut) {
                self.wrong(number, error.start..error.end, error.message.clone(), &error.remedy);
            }
        }
    }

    /// The lines do more than a lesson may, or the lesson's own cannot be run.
    fn too_much(mut self, error: super::LessonError, count: usize) -> Result<Attempt, GradeError> {
        if count == 0 {
            return Err(error.into());
        }
        self.wrong(count - 1, 0..0, error.message, &error.remedy);
        Ok(self)
    }
}
