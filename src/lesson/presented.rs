//! What a player is shown of a lesson, as data: its outline, and a beat of it for one variant.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{LessonKind, PredictionKind, judged::CandidateRow, node::Node, source::LessonError, state::StagePlace};

/// What a lesson is, before it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonOutline {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it is a lesson or an article.
    pub kind: LessonKind,
    /// Its place in the course.
    pub lesson: Option<u64>,
    /// How long it takes.
    pub minutes: Option<u64>,
    /// What a learner can do afterwards.
    pub goals: Vec<String>,
    /// The lessons that come before.
    pub needs: Vec<String>,
    /// Its language.
    pub lang: String,
    /// The sentence to keep.
    pub keep: Vec<Node>,
    /// What comes next.
    pub next: Vec<Node>,
    /// The number of its variants.
    pub variants: usize,
    /// Its beats.
    pub beats: Vec<OutlinedBeat>,
}

/// A beat, before it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OutlinedBeat {
    /// Its title, as plain text; empty at the beginning of an article.
    pub title: String,
    /// Whether it is a beat of the lecture.
    pub lecture: bool,
    /// Its blocks: the word and kind of each, and its id.
    pub blocks: Vec<OutlinedBlock>,
}

/// A block, before it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OutlinedBlock {
    /// `predict click`.
    pub name: &'static str,
    /// Its id, if it has one.
    pub id: Option<String>,
}

/// A beat for one variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PresentedBeat {
    /// Its title.
    pub title: Vec<Node>,
    /// Whether it is a beat of the lecture.
    pub lecture: bool,
    /// How its database is opened.
    pub opening: PresentedOpening,
    /// Its texts and blocks, in order.
    pub items: Vec<PresentedItem>,
    /// What is wrong with the lesson here.
    pub problems: Vec<LessonError>,
}

/// How a database is opened: a preset, and changes to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PresentedOpening {
    /// The preset.
    pub preset: String,
    /// The options that differ from it, as text.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, string>"))]
    pub options: BTreeMap<String, String>,
}

/// A text or a block.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PresentedItem {
    /// A text.
    Text {
        /// Its parts.
        nodes: Vec<Node>,
    },
    /// A block.
    Block {
        /// Its number among the blocks of the beat: for grades and attempts.
        block: usize,
        /// Its id, if it has one.
        id: Option<String>,
        /// What it is.
        content: Box<PresentedBlock>,
    },
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PresentedBlock {
    /// Lines that run.
    Lines {
        /// `run`, `silent` or `type`.
        role: &'static str,
        /// They; those that are to be typed are the answer.
        lines: Vec<String>,
        /// The position before them.
        from: usize,
        /// The position after them.
        to: usize,
    },
    /// A question.
    Predict {
        /// It.
        #[serde(flatten)]
        prediction: Box<PresentedPrediction>,
    },
    /// Two scripts side by side, each on a database of its own.
    Compare {
        /// How both are opened.
        opening: PresentedOpening,
        /// The title of the left one.
        left_title: Vec<Node>,
        /// Its lines.
        left: Vec<String>,
        /// The title of the right one.
        right_title: Vec<Node>,
        /// Its lines.
        right: Vec<String>,
        /// The moment at which both begin, if it says so.
        from: Option<String>,
        /// What is shown of them: `stage`, `meters`, `story`, `tables`.
        show: Vec<String>,
    },
    /// The lines of the beat so far, once more under these options.
    Fork {
        /// How the other database is opened.
        opening: PresentedOpening,
        /// The lines.
        lines: Vec<String>,
    },
    /// The life of a key.
    Life {
        /// The key.
        key: String,
    },
    /// A figure with a database of its own.
    Figure {
        /// How its database is opened.
        opening: PresentedOpening,
        /// The lines.
        lines: Vec<String>,
        /// The moment at which it begins, if it says so.
        from: Option<String>,
        /// The moment at which it ends.
        to: Option<String>,
        /// What stands below it.
        caption: Vec<Node>,
        /// Moments between, at which it halts.
        via: Vec<String>,
        /// A key whose way is told below it.
        key: Option<String>,
    },
    /// A policy card.
    Policy {
        /// Its text, without the command.
        text: String,
    },
    /// A state to be reached.
    Challenge {
        /// The most lines.
        lines: usize,
        /// What is to be reached.
        ask: Vec<Node>,
        /// The parts of its check in words, in the order of an attempt's; none if they are shown as they are written.
        goals: Vec<Vec<Node>>,
        /// Help, one after the other.
        hints: Vec<Vec<Node>>,
        /// The commands that may be used; none if all.
        allow: Option<Vec<String>>,
        /// The lines of a fresh database to begin with; none if it begins with the beat's state.
        start: Option<Vec<String>>,
        /// The position at which it begins.
        from: usize,
    },
    /// For the teacher only.
    Note {
        /// It.
        nodes: Vec<Node>,
    },
    /// The controls that the beat has.
    Show {
        /// They.
        controls: Vec<String>,
        /// The options that have knobs, if `options` is among them; all if none is named.
        knobs: Vec<String>,
    },
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PresentedPrediction {
    /// How it is answered.
    pub kind: PredictionKind,
    /// Whether more than one choice may be right.
    pub several: bool,
    /// What is masked until the answer.
    pub hide: Vec<String>,
    /// The question.
    pub ask: Vec<Node>,
    /// Choices: the value of each, and its text.
    pub choices: Vec<PresentedChoice>,
    /// Cards, shuffled: the name of each as its value, and its text.
    pub cards: Vec<PresentedChoice>,
    /// The unit of a number.
    pub unit: String,
    /// Places to click.
    pub places: Vec<StagePlace>,
    /// Rows to tick.
    pub rows: Vec<CandidateRow>,
    /// Reasons, by their numbers; asked if there are any.
    pub reasons: Vec<Vec<Node>>,
    /// Help.
    pub hints: Vec<Vec<Node>>,
    /// The lines of its window.
    pub lines: Vec<String>,
    /// Whether the window is that of the prediction before.
    pub shares: bool,
    /// The position before the window.
    pub from: usize,
    /// The position after it.
    pub to: usize,
}

/// A choice, or a card.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PresentedChoice {
    /// What an answer has for it.
    pub value: String,
    /// What it says.
    pub text: Vec<Node>,
}
