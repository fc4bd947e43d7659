//! Lines of the command language in a lesson, with variables in braces.
//!
//! In: a line as it stands in the file. Out: a [`ScriptText`], which becomes a line for each variant. Errors: a name in
//! braces that is no variable.

use std::{collections::BTreeMap, ops::Range};

use serde_json::Value as Json;

use super::source::Located;
use crate::words::{say, to_say};

/// What to do about a name in braces that is none.
pub(super) const VARIABLES_REMEDY: &str = to_say!("In a line, only variables of vary stand in braces: {{k}}.");

/// A line, and the variables in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptText {
    source: Located,
    /// Where variables stand, their braces included, and their names.
    variables: Vec<(Range<usize>, String)>,
}

impl ScriptText {
    /// Reads a line, in which `known` may stand in braces. An error has its place in the line.
    pub fn new(source: Located, known: &[String]) -> Result<ScriptText, (Range<usize>, String)> {
        let mut variables = Vec::new();
        let mut at = 0;
        while let Some(open) = source.text()[at..].find("{{").map(|offset| at + offset) {
            let Some(length) = source.text()[open..].find("}}") else {
                return Err((source.at(open)..source.at(open + 2), say!("a value is never closed")));
            };
            let place = open..open + length + 2;
            let name = source.text()[place.start + 2..place.end - 2].trim().to_string();
            if !known.contains(&name) {
                return Err((source.place(place), say!("{name} is no variable of vary", name)));
            }
            at = place.end;
            variables.push((place, name));
        }
        Ok(ScriptText { source, variables })
    }

    /// The line with these values.
    pub fn with(&self, values: &BTreeMap<String, Json>) -> String {
        let (mut line, mut at) = (String::new(), 0);
        for (place, name) in &self.variables {
            line.push_str(&self.source.text()[at..place.start]);
            line.push_str(&values.get(name).map_or(String::new(), super::value::text_of));
            at = place.end;
        }
        line + &self.source.text()[at..]
    }

    /// Where it stands.
    pub fn place(&self) -> Range<usize> {
        self.source.whole()
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Where the bytes `range` of the line stand in the file, if no variable makes it another one; else all of it.
    pub fn place_of(&self, range: Range<usize>) -> Range<usize> {
        if self.variables.is_empty() { self.source.place(range) } else { self.place() }
    }
}

/// The pieces of `text` between `separator`s that stand outside of quotes.
pub(super) fn separated(text: &str, separator: char) -> Vec<Range<usize>> {
    let (mut pieces, mut start, mut quote) = (Vec::new(), 0, None);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() && !is_inside_word(text, at) => quote = Some(c),
            _ if c == separator && quote.is_none() => {
                pieces.push(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(start..text.len());
    pieces
}

/// Whether the character at `at` is an apostrophe, as in "engine's".
fn is_inside_word(text: &str, at: usize) -> bool {
    text[at..].starts_with('\'') && text[..at].ends_with(char::is_alphanumeric)
}

/// The lines of `source` that are separated by `|` or ends of lines; empty ones and comments are left out.
pub(super) fn lines(source: &Located, known: &[String]) -> Result<Vec<ScriptText>, (Range<usize>, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in source.text().split('\n') {
        let whole = start..start + line.len();
        start = whole.end + 1;
        // A comment may hold a bar.
        let pieces = if line.trim_start().starts_with('#') { Vec::new() } else { separated(line, '|') };
        for piece in pieces {
            let line = source.slice(whole.start + piece.start..whole.start + piece.end).trim();
            if !line.text().is_empty() {
                found.push(ScriptText::new(line, known)?);
            }
        }
    }
    Ok(found)
}
