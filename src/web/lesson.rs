//! Lessons for the page: read, presented, graded and checked, each by the library's own grader.
//!
//! A lesson runs its lines on a database of its own, in memory, beside the page's. The lines are the same, and so are
//! the positions on both timelines.

use serde::Serialize;
use serde_json::Value as Json;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    storage::Paced,
    value::{invalid, position, thrown_with, to_js},
};
use crate::{
    Error, ErrorKind,
    lesson::{
        GradeError, Lesson, LessonAnswer, LessonError, LessonFinding, LessonSession, LessonSeverity, SessionOpener,
        Variant, check::check, skeleton::same_skeleton, vocabulary::vocabulary,
    },
    session::Session,
    storage::memory::Memory,
    words::say,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A value of a lesson's expression; undefined where there is none. */
export type LessonValue = undefined | boolean | number | string | LessonValue[] | { [name: string]: LessonValue };

/** An answer to a prediction; `why` is the number of the reason, where one is asked for. */
export type LessonAnswer = (
  | { choice: string }
  | { choices: string[] }
  | { number: string }
  | { order: string[] }
  | { click: string[] }
  | { scan: string[] }
) & { why?: number };

/** What a text was read as: a lesson, or all that is wrong with it. */
export interface ReadLesson {
  lesson?: Lesson;
  findings: PlacedFinding[];
}
"#;

/// What is wrong with a lesson, placed as JavaScript counts.
#[derive(Serialize, Tsify)]
pub struct PlacedFinding {
    /// How bad it is.
    pub severity: LessonSeverity,
    /// The reason.
    pub message: String,
    /// The remedy.
    pub remedy: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// Where it begins in the text, in UTF-16 code units.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// A lesson.
#[wasm_bindgen(js_name = Lesson)]
pub struct JsLesson {
    lesson: Lesson,
    text: String,
}

#[wasm_bindgen(js_class = Lesson)]
impl JsLesson {
    /// Reads a text. Throws nothing: what is wrong is among the findings.
    #[wasm_bindgen(unchecked_return_type = "ReadLesson")]
    pub fn read(text: String) -> JsValue {
        let (lesson, errors) = match Lesson::parse_with(&text, opener()) {
            Ok(lesson) => (Some(lesson), Vec::new()),
            Err(errors) => (None, errors),
        };
        let findings: Vec<PlacedFinding> = errors
            .into_iter()
            .map(|error| placed(&text, LessonFinding { severity: LessonSeverity::Error, error }))
            .collect();
        let read = js_sys::Object::new();
        // A fresh object takes any property.
        let _ = js_sys::Reflect::set(&read, &"findings".into(), &to_js(&findings));
        if let Some(lesson) = lesson {
            let _ = js_sys::Reflect::set(&read, &"lesson".into(), &JsLesson { lesson, text }.into());
        }
        read.into()
    }

    /// What it is, before it runs.
    #[wasm_bindgen(unchecked_return_type = "LessonOutline")]
    pub fn outline(&self) -> JsValue {
        to_js(&self.lesson.outline())
    }

    /// The variant at this index, from 0; past the last, they begin from the first again.
    #[wasm_bindgen(unchecked_return_type = "Variant")]
    pub fn variant(&self, index: f64) -> JsValue {
        to_js(&self.of(index))
    }

    /// The indexes, from 0, of the variants in which a beat has other values than in this one.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub fn other_variants(&self, variant: f64, beat: f64) -> JsValue {
        to_js(&self.lesson.other_variants(&self.of(variant), position(beat)))
    }

    /// The beat and the number of the block that has this id.
    #[wasm_bindgen(unchecked_return_type = "[number, number] | undefined")]
    pub fn find(&self, id: &str) -> JsValue {
        to_js(&self.lesson.find(id))
    }

    /// A beat for a variant.
    #[wasm_bindgen(unchecked_return_type = "PresentedBeat")]
    pub async fn present(&self, variant: f64, beat: f64) -> JsValue {
        to_js(&self.lesson.present(&self.of(variant), position(beat)).await)
    }

    /// Grades an answer. Rejects with an `LsmError`, if it is none to this question.
    #[wasm_bindgen(unchecked_return_type = "Grade")]
    pub async fn grade(
        &self,
        variant: f64,
        beat: f64,
        block: f64,
        #[wasm_bindgen(unchecked_param_type = "LessonAnswer")] answer: JsValue,
    ) -> Result<JsValue, JsValue> {
        let answer = LessonAnswer::from_json(&json(answer)?).map_err(invalid)?;
        let graded = self.lesson.grade(&self.of(variant), position(beat), position(block), &answer).await;
        graded.map(|grade| to_js(&grade)).map_err(faulty)
    }

    /// Runs a learner's lines: at a challenge, or where a line is to be typed. Rejects with an `LsmError`, if the block
    /// takes none.
    #[wasm_bindgen(unchecked_return_type = "Attempt")]
    pub async fn attempt(&self, variant: f64, beat: f64, block: f64, lines: Vec<String>) -> Result<JsValue, JsValue> {
        let tried = self.lesson.attempt(&self.of(variant), position(beat), position(block), &lines).await;
        tried.map(|attempt| to_js(&attempt)).map_err(faulty)
    }

    /// What is reported of a learner's lines at a challenge; undefined if it reports nothing. Rejects with an
    /// `LsmError`, if the lines do too much.
    #[wasm_bindgen(unchecked_return_type = "ChallengeReport | undefined")]
    pub async fn report(&self, variant: f64, beat: f64, block: f64, lines: Vec<String>) -> Result<JsValue, JsValue> {
        let reported = self.lesson.report(&self.of(variant), position(beat), position(block), &lines).await;
        reported.map(|report| to_js(&report)).map_err(faulty)
    }

    /// Runs up to so many of its variants, and returns all findings.
    #[wasm_bindgen(unchecked_return_type = "PlacedFinding[]")]
    pub async fn check(&self, variants: f64) -> JsValue {
        let findings = check(&self.lesson, position(variants)).await;
        to_js(&findings.into_iter().map(|finding| placed(&self.text, finding)).collect::<Vec<_>>())
    }

    /// What a prediction's `stop`, or a figure's `from` and `to`, can name. Rejects with an `LsmError`, if its lines do
    /// not run.
    #[wasm_bindgen(unchecked_return_type = "LessonMoment[]")]
    pub async fn moments(&self, variant: f64, beat: f64, block: f64) -> Result<JsValue, JsValue> {
        let found = self.lesson.moments(&self.of(variant), position(beat), position(block)).await;
        found.map(|moments| to_js(&moments)).map_err(|error| faulty(GradeError::Lesson { error }))
    }

    /// Every word of the language, described.
    #[wasm_bindgen(unchecked_return_type = "Vocabulary")]
    pub fn vocabulary() -> JsValue {
        to_js(&vocabulary())
    }

    /// What differs in a translation that is no text.
    #[wasm_bindgen(unchecked_return_type = "PlacedFinding[]")]
    pub fn compare(&self, translation: &JsLesson) -> JsValue {
        let findings = same_skeleton(&self.lesson, &translation.lesson);
        to_js(&findings.into_iter().map(|finding| placed(&translation.text, finding)).collect::<Vec<_>>())
    }

    /// Grades what a learner hands in. Rejects with an `LsmError`, if it is of another lesson.
    #[wasm_bindgen(unchecked_return_type = "GradedHandIn")]
    pub async fn grade_again(&self, hand_in: String) -> Result<JsValue, JsValue> {
        let hand_in: Json = serde_json::from_str(&hand_in).map_err(|error| invalid(format!("no JSON: {error}")))?;
        self.lesson.grade_again(&hand_in).await.map(|graded| to_js(&graded)).map_err(invalid)
    }
}

/// Opens databases in memory that let the browser paint.
fn opener() -> SessionOpener {
    SessionOpener::new(|options, recorder| {
        Box::pin(async {
            let storage = Paced::new(Memory::new(), recorder.clone());
            Ok(Box::new(Session::open(storage, options, recorder).await?) as Box<dyn LessonSession>)
        })
    })
}

impl JsLesson {
    fn of(&self, variant: f64) -> Variant {
        self.lesson.variant(position(variant) as u64)
    }
}

fn json(value: JsValue) -> Result<Json, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| invalid(format!("the answer: {error}")))
}

fn faulty(error: GradeError) -> JsValue {
    match error {
        GradeError::Answer { message } => invalid(message),
        GradeError::Lesson { error: LessonError { line, column, message, remedy, .. } } => {
            let message =
                say!("the lesson has a fault in line {line}, column {column}: {message}", line, column, message);
            thrown_with(&Error::new(ErrorKind::InvalidInput, message), &remedy)
        }
    }
}

fn placed(text: &str, finding: LessonFinding) -> PlacedFinding {
    let LessonFinding { severity, error: LessonError { line, column, length, message, remedy } } = finding;
    let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
    let before: usize = text.split('\n').take(line - 1).map(|line| units(line) + 1).sum();
    let in_line: Vec<char> = text.split('\n').nth(line - 1).unwrap_or_default().chars().collect();
    let width = |chars: &[char]| chars.iter().map(|c| c.len_utf16()).sum::<usize>();
    let from = (column - 1).min(in_line.len());
    let to = (from + length).min(in_line.len());
    let start = before + width(&in_line[..from]);
    let end = start + width(&in_line[from..to]);
    PlacedFinding { severity, message, remedy, line, column, start, end }
}
