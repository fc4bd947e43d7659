//! Splits a line into words, with quotes, escapes and comments.
//!
//! In: a line. Out: [`Word`]s, each with its bytes and its place in the line. Errors: an unclosed quote, an unknown
//! escape. A word ends at ASCII white space outside of quotes; `#` as the first character of a word starts a comment.

use std::ops::Range;

use super::ScriptError;
use crate::{entry, words::say};

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes, with quotes and escapes resolved.
    pub bytes: Vec<u8>,
    /// The offset of its first byte in the line.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
    /// Whether it has no quotes or escapes: only then can it be a keyword.
    pub plain: bool,
}

impl Word {
    /// Its place in the line.
    pub fn place(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The word's text; `None` if it has quotes or escapes.
    pub fn keyword(&self) -> Option<&str> {
        self.plain.then(|| std::str::from_utf8(&self.bytes).ok())?
    }

    /// Whether it is the keyword `text`.
    pub fn is(&self, text: &str) -> bool {
        self.keyword() == Some(text)
    }
}

/// The words of `line`. With `separators`, each `;` outside of quotes is a separate word.
pub(super) fn split(line: &str, separators: bool) -> Result<Vec<Word>, ScriptError> {
    let mut reader = Reader { line, at: 0, separators };
    let mut words = Vec::new();
    while let Some(word) = reader.word()? {
        words.push(word);
    }
    Ok(words)
}

/// `bytes` as one word: unquoted if that parses to the same bytes, otherwise in double quotes.
pub fn word(bytes: &[u8]) -> String {
    let text = entry::text(bytes);
    let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/' | '\\');
    if !text.is_empty() && text.chars().all(is_bare) && text != "limit" && text != "reverse" {
        text
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
    separators: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn is_separator(&self, c: char) -> bool {
        self.separators && c == ';'
    }

    fn word(&mut self) -> Result<Option<Word>, ScriptError> {
        while self.peek().is_some_and(|c| c.is_ascii_whitespace()) {
            self.next();
        }
        let start = self.at;
        let mut word = Word { bytes: Vec::new(), start, end: start, plain: true };
        match self.peek() {
            None | Some('#') => return Ok(None),
            Some(c) if self.is_separator(c) => {
                self.next();
                word.bytes.push(b';');
            }
            Some(_) => self.letters(&mut word)?,
        }
        word.end = self.at;
        Ok(Some(word))
    }

    fn letters(&mut self, word: &mut Word) -> Result<(), ScriptError> {
        while let Some(c) = self.peek().filter(|c| !c.is_ascii_whitespace() && !self.is_separator(*c)) {
            match c {
                '"' | '\'' => {
                    word.plain = false;
                    self.quoted(word)?;
                }
                _ => self.letter(word)?,
            }
        }
        Ok(())
    }

    fn quoted(&mut self, word: &mut Word) -> Result<(), ScriptError> {
        let start = self.at;
        let quote = self.next();
        while self.peek() != quote {
            if self.peek().is_none() {
                let quote = &self.line[start..start + 1];
                return Err(ScriptError::new(
                    self.line,
                    start..self.line.len(),
                    say!("the quote {quote} is never closed", quote),
                    say!("Add a {quote} where the word ends, or write \\{quote} for the character itself.", quote),
                ));
            }
            self.letter(word)?;
        }
        self.next();
        Ok(())
    }

    /// One character, or one escape.
    fn letter(&mut self, word: &mut Word) -> Result<(), ScriptError> {
        let start = self.at;
        let Some(c) = self.next() else { return Ok(()) };
        if c != '\\' {
            word.bytes.extend_from_slice(&self.line.as_bytes()[start..self.at]);
            return Ok(());
        }
        word.plain = false;
        let byte = match self.next() {
            Some(c @ ('\\' | '"' | '\'')) => c as u8,
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('x') => self.hex(start)?,
            _ => return Err(self.no_escape(start)),
        };
        word.bytes.push(byte);
        Ok(())
    }

    fn hex(&mut self, start: usize) -> Result<u8, ScriptError> {
        let mut digit = || -> Option<u8> {
            let digit = self.peek()?.to_digit(16)?;
            self.next();
            Some(digit as u8)
        };
        match (digit(), digit()) {
            (Some(high), Some(low)) => Ok(high * 16 + low),
            _ => Err(ScriptError::new(
                self.line,
                start..self.at,
                say!("\\x needs two hexadecimal digits"),
                say!("Write \\x and two of 0-9 a-f, such as \\x0a; or \\\\ for a backslash."),
            )),
        }
    }

    fn no_escape(&self, start: usize) -> ScriptError {
        ScriptError::new(
            self.line,
            start..self.at,
            say!("{word} is not an escape", word = &self.line[start..self.at]),
            say!("Write \\\\ for a backslash; the others are \\\" \\' \\n \\t \\xNN."),
        )
    }
}
