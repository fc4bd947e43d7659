//! Places in the file of a lesson, and errors at them.
//!
//! In: a text, and offsets in it. Out: [`LessonError`]s with line and column; [`Located`] texts, which were put
//! together from pieces of the file (continued lines, escapes) and know where each of their characters stands.

use std::{fmt::Write, ops::Range};

use serde::Serialize;

use crate::error::{MAX_MESSAGE, without_middle};

use super::limits::MAX_ERRORS;

/// What is wrong with a file, and where. Lines and columns count from 1, columns and lengths in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonError {
    /// The line.
    pub line: usize,
    /// The column of the first wrong character.
    pub column: usize,
    /// The number of wrong characters in this line; 1 at least.
    pub length: usize,
    /// The reason.
    pub message: String,
    /// The remedy: a form that is valid.
    pub remedy: String,
}

impl LessonError {
    /// The error at the bytes `place` of `text`.
    pub fn at(text: &str, place: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) -> LessonError {
        let start = text.floor_char_boundary(place.start.min(text.len()));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text.ceil_char_boundary(place.end.clamp(start, line_end));
        LessonError {
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            length: text[start..end].chars().count().max(1),
            message: without_middle(message.into(), MAX_MESSAGE),
            remedy: without_middle(remedy.into(), MAX_MESSAGE),
        }
    }

    /// The error as compilers print it: where, the line of `text` with carets below the wrong characters, the remedy.
    pub fn shown(&self, file: &str, severity: &str, text: &str) -> String {
        let mut out = format!("{file}:{}:{}: {severity}: {}", self.line, self.column, self.message);
        let Some(line) = text.lines().nth(self.line - 1) else { return out };
        // One column for each character keeps the carets in place; a long line is cut to the columns around them.
        let from = (self.column - 1).saturating_sub(WINDOW / 2);
        let shown: String = line.chars().skip(from).take(WINDOW).map(visible).collect();
        let carets = self.length.min(WINDOW - (self.column - 1 - from));
        let _ = write!(out, "\n  {}\n  {}{}", shown.trim_end(), " ".repeat(self.column - 1 - from), "^".repeat(carets));
        if !self.remedy.is_empty() {
            let _ = write!(out, "\n  {}", self.remedy);
        }
        out
    }
}

/// The maximum number of characters of a line that an error draws.
const WINDOW: usize = 110;

/// A character that takes one column, and turns no text around.
fn visible(c: char) -> char {
    if c.is_control() || is_invisible(c) { ' ' } else { c }
}

/// Characters that change how the text around them is read: marks of direction, and what has no width.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// The errors of a file, as they are found.
#[derive(Debug)]
pub(super) struct Errors<'a> {
    text: &'a str,
    found: Vec<LessonError>,
}

impl<'a> Errors<'a> {
    pub fn of(text: &'a str) -> Errors<'a> {
        Errors { text, found: Vec::new() }
    }

    /// Something is wrong at the bytes `place`.
    pub fn add(&mut self, place: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        if self.found.len() < MAX_ERRORS {
            self.found.push(LessonError::at(self.text, place, message, remedy));
        }
    }

    /// The line, from 1, in which the byte `at` stands.
    pub fn line_of(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1
    }

    /// The errors in the order of the file.
    pub fn into_found(mut self) -> Vec<LessonError> {
        self.found.sort();
        self.found.dedup();
        self.found
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// A text, and where each of its characters stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    text: String,
    /// Offsets in the text from which on it is another piece of the file, and where these begin there.
    pieces: Vec<(usize, usize)>,
}

impl Located {
    /// The bytes `range` of `file`.
    pub fn of(file: &str, range: Range<usize>) -> Located {
        let mut located = Located::default();
        located.push(&file[range.clone()], range.start);
        located
    }

    /// Appends `text`, which stands at the offset `at` of the file.
    pub fn push(&mut self, text: &str, at: usize) {
        let continues = self.pieces.last().is_some_and(|(start, from)| from + (self.text.len() - start) == at);
        if !continues {
            self.pieces.push((self.text.len(), at));
        }
        self.text.push_str(text);
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the byte `offset` of the text stands in the file.
    pub fn at(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |(start, at)| at + offset.saturating_sub(*start))
    }

    /// Where the bytes `range` of the text stand in the file: from the first to the last.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let start = self.at(range.start);
        // Where the last byte ends: what follows it may stand elsewhere.
        let end = if range.end > range.start { self.at(range.end - 1) + 1 } else { start };
        start..end.max(start)
    }

    /// All of it.
    pub fn whole(&self) -> Range<usize> {
        self.place(0..self.text.len())
    }

    /// The bytes `range` of the text.
    pub fn slice(&self, range: Range<usize>) -> Located {
        let mut located = Located::default();
        let first = self.pieces.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        for (nth, (start, at)) in self.pieces.iter().enumerate().skip(first) {
            if *start > range.end {
                break;
            }
            let end = self.pieces.get(nth + 1).map_or(self.text.len(), |(next, _)| *next);
            let (from, to) = (range.start.max(*start), range.end.min(end));
            if from < to || (from == to && nth + 1 == self.pieces.len() && located.pieces.is_empty()) {
                located.push(&self.text[from..to], at + (from - start));
            }
        }
        located
    }

    /// Without white space at both ends.
    pub fn trim(&self) -> Located {
        let start = self.text.len() - self.text.trim_start().len();
        self.slice(start..start + self.text.trim().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column_of_characters() {
        let text = "one\nzwei ½ x\n";
        let error = LessonError::at(text, text.find('x').unwrap()..text.len(), "no x", "write y");
        assert_eq!((error.line, error.column, error.length), (2, 8, 1));
        assert_eq!(error.shown("f.md", "error", text), "f.md:2:8: error: no x\n  zwei ½ x\n         ^\n  write y");
        let end = LessonError::at(text, 999..1000, "more", "");
        assert_eq!((end.line, end.column, end.length), (3, 1, 1));
    }

    #[test]
    fn a_text_of_pieces_knows_where_each_stands() {
        let mut located = Located::default();
        located.push("ask: what", 10);
        located.push(" now", 30);
        assert_eq!((located.at(0), located.at(8), located.at(9), located.at(12)), (10, 18, 30, 33));
        let part = located.slice(5..11);
        assert_eq!((part.text(), part.at(0), part.at(4), part.at(5)), ("what n", 15, 30, 31));
        let spaced = Located::of("  a  ", 0..5).trim();
        assert_eq!((spaced.text(), spaced.whole()), ("a", 2..3));
        assert_eq!(Located::of("   ", 0..3).trim().text(), "");
    }
}
