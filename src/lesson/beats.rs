//! The body of a lesson: its beats, with their texts and blocks in order.
//!
//! In: a text, and what its front matter says. Out: [`Beat`]s. Errors: those of its texts and blocks, and what does not
//! fit together: a prediction without a window, options where the database is open already. Below a fence that is never
//! closed nothing is read.

use std::{collections::BTreeSet, ops::Range};

use super::{
    block::{BlockKind, BlockReader, LessonBlock},
    expression::Known,
    fence,
    header::LessonKind,
    limits::{MAX_BEATS, MAX_BLOCKS, MAX_LINES},
    markdown::{self, Part},
    node::{Node, RichText},
    script::ScriptText,
    source::{Errors, Located},
};
use crate::words::say;

/// A part of a lesson that is read at one go.
#[derive(Clone, Debug)]
pub(super) struct Beat {
    pub title: RichText,
    /// Whether it is a beat of the lecture.
    pub lecture: bool,
    pub items: Vec<BeatItem>,
    pub place: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum BeatItem {
    Text(RichText),
    Block(Box<LessonBlock>),
}

impl Beat {
    /// Its blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &LessonBlock> {
        self.items.iter().filter_map(|item| match item {
            BeatItem::Block(block) => Some(&**block),
            BeatItem::Text(_) => None,
        })
    }

    /// The lines that a block runs in the beat's own database.
    pub fn lines_of(block: &LessonBlock) -> &[ScriptText] {
        match &block.kind {
            BlockKind::Lines(lines) => &lines.lines,
            BlockKind::Predict(prediction) => prediction.run.as_deref().unwrap_or_default(),
            _ => &[],
        }
    }

    /// How the beat's database is opened: a preset and options.
    pub fn opening(&self) -> &[(String, String)] {
        let first = self.blocks().find_map(|block| match &block.kind {
            BlockKind::Lines(lines) => Some(&lines.opening[..]),
            _ => None,
        });
        first.unwrap_or_default()
    }
}

/// Reads the body, which is `text` from `start` on.
pub(super) fn read(
    text: &str,
    start: usize,
    variables: &[String],
    kind: LessonKind,
    errors: &mut Errors<'_>,
) -> Vec<Beat> {
    let known = Known { variables, ..Known::default() };
    let parts = markdown::body(text, start, &known, errors);
    let mut builder =
        Builder { kind, variables, beats: Vec::new(), ids: BTreeSet::new(), blocks: 0, has_policy: false };
    let is_cut = matches!(parts.last(), Some(Part::Cut));
    for part in parts {
        if !builder.add(part, errors) {
            break;
        }
    }
    if builder.beats.is_empty() && !is_cut {
        errors.add(start..start + 1, say!("the lesson has no beat"), say!("Begin one with ## and its title."));
    }
    builder.beats.iter().for_each(|beat| check(beat, errors));
    builder.beats
}

/// The beats so far.
struct Builder<'a> {
    kind: LessonKind,
    variables: &'a [String],
    beats: Vec<Beat>,
    ids: BTreeSet<String>,
    blocks: usize,
    /// Whether a policy card stands above in the beat.
    has_policy: bool,
}

impl Builder<'_> {
    /// Adds a part of the body; false if there are too many.
    fn add(&mut self, part: Part, errors: &mut Errors<'_>) -> bool {
        match part {
            Part::Beat(title, place) => return self.begin(title, place, errors),
            Part::Text(text, place) => self.push_text(text, place, errors),
            Part::Cut => {}
            Part::Fence { info, content, place } if fence::is_block(info.text()) => {
                return self.push_block(&info, &content, place, errors);
            }
            Part::Fence { info, content, place } => {
                if let Some(meant) = fence::meant(info.text()) {
                    let word = info.text().split(' ').next().unwrap_or_default();
                    errors.add(
                        info.whole(),
                        say!("{word} begins no block", word),
                        say!("Did you mean {near}?", near = meant),
                    );
                }
                let node = markdown::shown_code(&info, &content);
                self.push_text(RichText { nodes: vec![node], values: Vec::new() }, place, errors);
            }
        }
        true
    }

    fn begin(&mut self, title: RichText, place: Range<usize>, errors: &mut Errors<'_>) -> bool {
        if self.beats.len() == MAX_BEATS {
            errors.add(place, say!("a lesson has at most 64 beats"), say!("Make two of it."));
            return false;
        }
        self.has_policy = false;
        let (title, lecture) = starred(title);
        if title.nodes.is_empty() {
            errors.add(place.clone(), say!("the beat has no title"), say!("Write one behind ##."));
        }
        self.beats.push(Beat { title, lecture, items: Vec::new(), place });
        true
    }

    /// The beat that is being read; an article may begin without a heading.
    fn current(&mut self, place: Range<usize>, errors: &mut Errors<'_>) -> &mut Beat {
        if self.beats.is_empty() {
            if self.kind == LessonKind::Lesson {
                let remedy = say!("Begin a beat before it, with ## and its title.");
                errors.add(place.clone(), say!("this stands before the first beat"), remedy);
            }
            self.beats.push(Beat { title: RichText::default(), lecture: false, items: Vec::new(), place });
        }
        let last = self.beats.len() - 1;
        &mut self.beats[last]
    }

    /// Texts that follow each other are one.
    fn push_text(&mut self, text: RichText, place: Range<usize>, errors: &mut Errors<'_>) {
        let items = &mut self.current(place, errors).items;
        match items.last_mut() {
            Some(BeatItem::Text(before)) => before.append(text),
            _ => items.push(BeatItem::Text(text)),
        }
    }

    fn push_block(&mut self, info: &Located, content: &Located, place: Range<usize>, errors: &mut Errors<'_>) -> bool {
        self.blocks += 1;
        if self.blocks > MAX_BLOCKS {
            errors.add(place, say!("a lesson has at most 200 blocks"), say!("Make two of it."));
            return false;
        }
        let has_policy = self.has_policy;
        let mut reader = BlockReader { variables: self.variables, errors, ids: &mut self.ids, has_policy };
        let block = reader.block(info, content, place.clone());
        self.has_policy = reader.has_policy;
        if let Some(block) = block {
            self.current(place, errors).items.push(BeatItem::Block(block.into()));
        }
        true
    }
}

/// A title without the star before it, and whether there was one.
fn starred(mut title: RichText) -> (RichText, bool) {
    let Some(Node::Text { text }) = title.nodes.first_mut() else { return (title, false) };
    let Some(rest) = text.strip_prefix('★') else { return (title, false) };
    *text = rest.trim_start().to_string();
    if text.is_empty() {
        title.nodes.remove(0);
    }
    (title, true)
}

/// What does not fit together in a beat.
fn check(beat: &Beat, errors: &mut Errors<'_>) {
    let (mut has_lines, mut has_window, mut lines) = (false, false, 0);
    for block in beat.blocks() {
        lines += Beat::lines_of(block).len();
        match &block.kind {
            BlockKind::Lines(block_lines) => {
                if has_lines && !block_lines.opening.is_empty() {
                    let remedy =
                        say!("Move them to the first lsm block of the beat, or write a line options NAME=VALUE.");
                    errors.add(block.place.clone(), say!("the database is open already"), remedy);
                }
                (has_lines, has_window) = (true, false);
            }
            BlockKind::Policy(_) => has_window = true,
            BlockKind::Predict(prediction) => {
                has_window |= prediction.run.is_some();
                if !has_window {
                    let remedy = say!("Add a line run: with the lines that run after the answer.");
                    errors.add(block.place.clone(), say!("this prediction has no window"), remedy);
                }
                has_lines = true;
            }
            _ => {}
        }
    }
    if lines > MAX_LINES {
        errors.add(beat.place.clone(), say!("a beat has at most 500 lines of script"), say!("Make two of it."));
    }
}
