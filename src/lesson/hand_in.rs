//! What a learner hands in: their answers and lines, graded again.
//!
//! In: JSON, as the player exports it. Out: a [`GradedHandIn`]: the score, and where the hand-in says something else.
//! Errors: it has another form, or is of another lesson.
//!
//! ```json
//! {"lesson": "deletes", "variant": 4, "score": {"points": 7, "of": 9},
//!  "answers": [{"id": "q28", "answer": {"click": ["memtable"]}, "outcome": "wrong"},
//!              {"id": "q28", "answer": {"click": ["table 5"]}, "outcome": "right", "variant": 1}],
//!  "challenges": [{"id": "c5", "lines": ["flush", "compact 0"], "passed": true}]}
//! ```
//!
//! What has no variant of its own was answered in that of the hand-in: a question that is asked again comes in another.
//! Answers stand in the order in which they were given, and the first to each question counts. The score is right first
//! tries of all questions of the lesson; a challenge counts double.

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    Lesson, LessonAnswer, Variant,
    beats::Beat,
    block::BlockKind,
    grade::{GradeError, GradeOutcome},
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
    /// It has another form, or is of another lesson.
    pub async fn grade_again(&self, hand_in: &Json) -> Result<GradedHandIn, String> {
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
        };
        for entry in list("answers")? {
            self.answer_again(&mut graded, entry).await?;
        }
        for entry in list("challenges")? {
            self.challenge_again(&mut graded, entry).await?;
        }
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
        if number >= self.variant_count() as u64 {
            let n = self.variant_count();
            return Err(say!("there is no variant {number}: the lesson has {n}", number, n));
        }
        Ok(self.variant(number))
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
                self.grade(&variant, beat, block, &answer).await.map_err(|error| match error {
                    GradeError::Answer { message } => message,
                    GradeError::Lesson { error } => say!("the lesson has a fault: {fault}", fault = error.message),
                })
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
                self.attempt(&variant, beat, block, &lines).await.map_err(|error| match error {
                    GradeError::Answer { message } => message,
                    GradeError::Lesson { error } => say!("the lesson has a fault: {fault}", fault = error.message),
                })
            }
        };
        let (outcome, why_not) = match found {
            Ok(attempt) => (Some(if attempt.passed { "passed" } else { "failed" }), None),
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

/// The most answers of a hand-in.
const MAX_ENTRIES: usize = 1000;

impl GradedHandIn {
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
