//! What is reported of a challenge: options, memory and numbers of the learner's lines, beside those of other lines.
//!
//! In: a variant, a beat, a block, lines. Out: a [`ChallengeReport`], or none if the challenge reports nothing. Errors:
//! there is no such block, the lesson has a fault, or the lines do more than a lesson may.
//!
//! The hash of the trace is XXH3 (64 bits) over the events of the run, one JSON document a line, as the trace writes
//! them: two runs with the same hash did the same, event by event.

use serde::Serialize;
use serde_json::Value as Json;
use xxhash_rust::xxh3::Xxh3;

use super::{
    Lesson, Variant,
    attempt::Attempt,
    beat_plan::{BeatPlan, LineWindow, block_of},
    beat_run::{BeatRun, Names, picked},
    block::{BlockKind, ChallengeBlock},
    expression::Expression,
    grade::GradeError,
    lesson_run::LessonRun,
    node::plain,
    script::ScriptText,
};
use crate::options::Options;

/// The numbers by which a learner defends their lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ChallengeReport {
    /// The variant: the seed is among its values.
    pub variant: Variant,
    /// The options that the lines changed.
    pub options: Vec<ReportedOption>,
    /// The bytes of memory that they need; none if the challenge does not count it.
    pub memory: Option<ReportedNumber>,
    /// The numbers, in the order of the file.
    pub numbers: Vec<ReportedNumber>,
    /// The hash of the trace of the learner's run, in hexadecimal.
    pub trace: String,
}

/// An option that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReportedOption {
    /// The option.
    pub name: String,
    /// Its value without the learner's lines.
    pub before: String,
    /// Its value at their end.
    pub after: String,
}

/// A number, before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReportedNumber {
    /// What it counts, in the lesson's words; empty for memory.
    pub name: String,
    /// Its value after the lines of `before`; null if it has none.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
    pub before: Json,
    /// Its value after the learner's lines.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
    pub after: Json,
}

/// A challenge of a variant, with what runs before the learner's lines.
struct Place<'a> {
    lesson: &'a Lesson,
    variant: &'a Variant,
    opening: &'a [(String, String)],
    above: Vec<&'a ScriptText>,
    picked: Option<Json>,
}

/// A run with lines behind what runs before them.
struct Side<'a> {
    run: BeatRun<'a>,
    window: LineWindow,
}

impl Lesson {
    /// What is reported of a learner's lines at a challenge; none if it reports nothing.
    ///
    /// # Errors
    /// There is no such block, the lesson has a fault, or the lines do more than a lesson may.
    pub async fn report(
        &self,
        variant: &Variant,
        beat: usize,
        block: usize,
        lines: &[String],
    ) -> Result<Option<ChallengeReport>, GradeError> {
        let found = self.beats.get(beat).and_then(|beat| block_of(beat, block).map(|found| (beat, found)));
        let Some((beat, (item, block))) = found else {
            return Err(GradeError::Answer { message: format!("there is no block {block} in beat {beat}") });
        };
        let BlockKind::Challenge(challenge) = &block.kind else { return Ok(None) };
        if challenge.reported.is_empty() {
            return Ok(None);
        }
        let plan = BeatPlan::of(beat);
        let above = match &challenge.start {
            Some(start) => start.iter().collect(),
            None => plan.lines[..plan.windows[item].above].to_vec(),
        };
        let picked = plan.cards[item].map(picked);
        let place = Place { lesson: self, variant, opening: beat.opening(), above, picked };
        let others: Vec<String> = challenge.reported.before.iter().map(|line| line.with(&variant.values)).collect();
        let before = place.run(&others, block.place.clone()).await?;
        let after = place.run(&Attempt::runnable(lines, challenge), block.place.clone()).await?;
        place.compare(challenge, &before, &after).await.map(Some)
    }
}

impl<'a> Place<'a> {
    async fn run(&self, lines: &[String], place: std::ops::Range<usize>) -> Result<Side<'a>, GradeError> {
        let run = BeatRun::open(self.lesson, self.variant, self.opening, &self.above, lines, place).await?;
        let window = LineWindow { above: self.above.len(), end: self.above.len() + lines.len() };
        Ok(Side { run, window })
    }

    async fn compare(
        &self,
        challenge: &ChallengeBlock,
        before: &Side<'_>,
        after: &Side<'_>,
    ) -> Result<ChallengeReport, GradeError> {
        let names = Names { picked: self.picked.as_ref(), ..Names::default() };
        let mut numbers = Vec::with_capacity(challenge.reported.numbers.len());
        for (name, value) in &challenge.reported.numbers {
            let name = plain(&before.run.fill(name, before.window, &names, &mut Vec::new()).await);
            numbers.push(reported(name, value, before, after, &names).await);
        }
        let memory = match &challenge.reported.memory {
            Some(value) => Some(reported(String::new(), value, before, after, &names).await),
            None => None,
        };
        let options = changed(&before.options(), &after.options());
        let trace = trace_hash(&after.run.run);
        Ok(ChallengeReport { variant: self.variant.clone(), options, memory, numbers, trace })
    }
}

impl Side<'_> {
    fn options(&self) -> Options {
        let run = &self.run.run;
        run.at(run.len(), |scene| Options::clone(scene.options()))
    }
}

async fn reported(
    name: String,
    value: &Expression,
    before: &Side<'_>,
    after: &Side<'_>,
    names: &Names<'_>,
) -> ReportedNumber {
    // Without its lines, a number may have no value.
    let before = before.run.compute(value, before.window, names).await.unwrap_or_default();
    let after = after.run.compute(value, after.window, names).await.unwrap_or_default();
    ReportedNumber { name, before, after }
}

fn changed(before: &Options, after: &Options) -> Vec<ReportedOption> {
    let one = |name: &&str| {
        let (before, after) = (before.get(name)?, after.get(name)?);
        (before != after).then(|| ReportedOption { name: name.to_string(), before, after })
    };
    Options::NAMES.iter().filter_map(one).collect()
}

fn trace_hash(run: &LessonRun) -> String {
    let mut hash = Xxh3::new();
    for row in run.timeline().events(0, run.len()) {
        hash.update(&serde_json::to_vec(row.event).unwrap_or_default());
        hash.update(b"\n");
    }
    format!("{:016x}", hash.digest())
}
