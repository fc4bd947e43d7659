//! The blocks of a lesson: what the fences of its file mean.
//!
//! In: the words and lines of a fence. Out: a [`LessonBlock`]. Errors: an unknown word, kind, attribute or key, one
//! that is missing or stands twice, and what is wrong with a text, an expression or a line; each at its place.

use std::ops::Range;

use super::{expression::Expression, node::RichText, script::ScriptText, source::Located};

mod challenge;
mod plain;
mod predict;
mod reader;

pub(super) use challenge::{ATTRIBUTES as CHALLENGE_ATTRIBUTES, KEYS as CHALLENGE_KEYS};
pub(super) use plain::{COMPARE_KEYS, CONTROLS, FIGURE_ATTRIBUTES, ROLES, SHOW_KEYS};
pub(super) use predict::{
    ATTRIBUTES as PREDICTION_ATTRIBUTES, KEYS as PREDICTION_KEYS, KINDS as PREDICTION_KINDS, NUMBER_FORM, PLACE_KINDS,
};
pub(super) use reader::{BlockReader, is_id};

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonBlock {
    /// What it is called in the lesson, if it has a name.
    pub(super) id: Option<String>,
    /// Where its fence begins and ends.
    pub(super) place: Range<usize>,
    pub(super) kind: BlockKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum BlockKind {
    Lines(LinesBlock),
    Predict(Box<Prediction>),
    Compare(CompareBlock),
    Fork(Vec<(String, String)>),
    Life(ScriptText),
    Figure(Box<FigureBlock>),
    Policy(Located),
    Challenge(Box<ChallengeBlock>),
    Note(RichText),
    Show(ShowBlock),
}

/// Who runs the lines of a block, and whether they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Run,
    Silent,
    Type,
}

/// Lines that bring the beat on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinesBlock {
    pub role: Role,
    pub lines: Vec<ScriptText>,
    /// How the database is opened, if this is the beat's first block with lines: a preset and options.
    pub opening: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
/// How a prediction is answered.
pub enum PredictionKind {
    /// One of several texts; with `several`, any number of them.
    Choice,
    /// A number.
    Number,
    /// Cards in an order.
    Order,
    /// Places of the stage.
    Click,
    /// Rows that a scan returns.
    Scan,
}

/// A question about what the engine will do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prediction {
    pub kind: PredictionKind,
    pub several: bool,
    pub hide: Vec<String>,
    pub among: Vec<String>,
    pub ask: RichText,
    /// The lines of its window; none if it shares that of the prediction before.
    pub run: Option<Vec<ScriptText>>,
    pub lets: Vec<(String, Expression)>,
    pub truth: Expression,
    pub expect: Option<Expression>,
    pub choices: Vec<ChoiceRow>,
    pub cards: Vec<(String, RichText)>,
    pub unit: String,
    pub accept: Accept,
    pub whys: Vec<WhyRow>,
    pub right: RichText,
    pub wrongs: Vec<WrongRow>,
    pub stop: Option<Located>,
    pub hints: Vec<RichText>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChoiceRow {
    /// The value that it stands for, or its name.
    pub value: ScriptText,
    pub text: RichText,
    pub when: Option<Expression>,
    pub place: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct WhyRow {
    /// The misconception that it shows; none if it is right.
    pub tag: Option<String>,
    pub text: RichText,
}

/// Which numbers are right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Accept {
    #[default]
    Exact,
    /// Within this share of the truth.
    Share(f64),
    /// Within this difference.
    Difference(f64),
    Between(f64, f64),
}

/// A text for wrong answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WrongRow {
    pub when: WrongWhen,
    pub tag: Option<String>,
    pub text: RichText,
    pub place: Range<usize>,
}

/// For which answers a text is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum WrongWhen {
    /// This one, as it was written.
    Value(ScriptText),
    /// The value of an expression.
    Equals(Expression),
    /// Those of which it is true.
    If(Expression),
    /// Orders that begin with it.
    First(String),
    /// All others.
    Otherwise,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct CompareBlock {
    pub left: Side,
    pub right: Side,
    /// The moment at which both are shown first.
    pub from: Option<Located>,
    pub show: Vec<String>,
}

/// The controls of a beat.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShowBlock {
    pub controls: Vec<String>,
    /// The options that have knobs; all if it names none.
    pub knobs: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    pub title: RichText,
    pub lines: Vec<ScriptText>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct FigureBlock {
    pub lines: Vec<ScriptText>,
    pub from: Option<Located>,
    pub to: Option<Located>,
    pub opening: Vec<(String, String)>,
    pub caption: RichText,
    /// Moments between, at which it halts.
    pub via: Vec<Located>,
    /// A key whose way is told below it.
    pub key: Option<ScriptText>,
}

/// A state to be reached.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChallengeBlock {
    /// The most lines.
    pub lines: usize,
    pub ask: RichText,
    pub check: Expression,
    /// The parts of the check in words, one for each that `and` joins; none if they are shown as they are written.
    pub goals: Vec<RichText>,
    /// Lines of a fresh database; none if it begins with the beat's state.
    pub start: Option<Vec<ScriptText>>,
    pub hints: Vec<RichText>,
    pub solution: Vec<ScriptText>,
    /// The commands that may be used; none if all.
    pub allow: Option<Vec<String>>,
    /// What is reported of the learner's lines.
    pub reported: Reported,
}

/// The numbers by which a solution is defended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reported {
    /// The bytes of memory that it needs: reports are sorted by them.
    pub memory: Option<Expression>,
    /// Numbers, with their names.
    pub numbers: Vec<(RichText, Expression)>,
    /// Lines whose numbers stand beside the learner's; without any, those of the beginning.
    pub before: Vec<ScriptText>,
}

impl Reported {
    pub fn is_empty(&self) -> bool {
        self.memory.is_none() && self.numbers.is_empty()
    }
}

impl LessonBlock {
    /// Its word and kind, as they are written: `predict click`.
    pub(super) fn name(&self) -> &'static str {
        match &self.kind {
            BlockKind::Lines(lines) => match lines.role {
                Role::Run => "lsm run",
                Role::Silent => "lsm silent",
                Role::Type => "lsm type",
            },
            BlockKind::Predict(prediction) => match prediction.kind {
                PredictionKind::Choice => "predict choice",
                PredictionKind::Number => "predict number",
                PredictionKind::Order => "predict order",
                PredictionKind::Click => "predict click",
                PredictionKind::Scan => "predict scan",
            },
            BlockKind::Compare(_) => "compare",
            BlockKind::Fork(_) => "fork",
            BlockKind::Life(_) => "life",
            BlockKind::Figure(_) => "figure",
            BlockKind::Policy(_) => "policy",
            BlockKind::Challenge(_) => "challenge",
            BlockKind::Note(_) => "note",
            BlockKind::Show(_) => "show",
        }
    }

    pub(super) fn prediction(&self) -> Option<&Prediction> {
        match &self.kind {
            BlockKind::Predict(prediction) => Some(prediction),
            _ => None,
        }
    }

    /// Whether the learner does or decides something here.
    pub(super) fn asks(&self) -> bool {
        match &self.kind {
            BlockKind::Predict(_) | BlockKind::Challenge(_) => true,
            BlockKind::Lines(lines) => lines.role == Role::Type,
            _ => false,
        }
    }

    /// Whether something moves here, or is asked for.
    pub(super) fn moves(&self) -> bool {
        match &self.kind {
            BlockKind::Lines(lines) => lines.role != Role::Silent,
            BlockKind::Policy(_) | BlockKind::Note(_) | BlockKind::Show(_) => false,
            _ => true,
        }
    }
}
