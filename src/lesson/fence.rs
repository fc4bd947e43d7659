//! What stands in a fence: the words and attributes of its info string, and the `key: value` lines of its content.
//!
//! In: an info string, a content. Out: [`Info`], [`KeyLine`]s, with their places. Errors: a quote that is never closed,
//! a line that is indented and continues none.

use std::ops::Range;

use super::source::{Errors, Located};
use crate::options::nearest;
use crate::words::say;

/// The first words of blocks.
pub(super) const BLOCKS: [&str; 10] =
    ["lsm", "predict", "compare", "fork", "life", "figure", "policy", "challenge", "note", "show"];

/// An info string.
#[derive(Clone, Debug)]
pub(super) struct Info {
    /// All of it.
    pub source: Located,
    /// The words that are no attributes; the first is the block's.
    pub words: Vec<Located>,
    /// `name=value`.
    pub attributes: Vec<(Located, Located)>,
}

/// Whether the info string begins a block.
pub(super) fn is_block(info: &str) -> bool {
    info.split_whitespace().next().is_some_and(|word| BLOCKS.contains(&word))
}

/// The block that `info`, which begins none, was most likely meant to be: something stands behind its first word, as
/// behind no language's.
pub(super) fn meant(info: &str) -> Option<&'static str> {
    let mut words = info.split_whitespace();
    let first = words.next()?;
    words.next()?;
    nearest(first, &BLOCKS)
}

/// A fence that is never closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnclosedFence<'a> {
    /// Its marks, with which it would be closed.
    pub marks: &'a str,
    /// Its first line.
    pub opening: Range<usize>,
    /// Where the next fence begins, if that is why it is seen.
    pub next: Option<usize>,
}

/// Whether `fence` is never closed: all of one, as Markdown ends it. Markdown takes the end of the next fence for its
/// end, and the first line of that for its content.
pub(super) fn unclosed(fence: &str) -> Option<UnclosedFence<'_>> {
    let marks = marks_of(fence)?;
    let opening = 0..fence.find('\n').unwrap_or(fence.len());
    let of_block = |info: &str| is_block(info) || meant(info).is_some();
    let begins_block = of_block(&fence[marks.end..opening.end]);
    let mut at = opening.end + 1;
    for line in fence.get(at..).unwrap_or_default().split_inclusive('\n') {
        let found = marks_of(line).filter(|found| {
            found.len() >= marks.len() && line[found.clone()].starts_with(&fence[marks.start..=marks.start])
        });
        if let Some(found) = found {
            let info = line[found.end..].trim();
            if info.is_empty() {
                return None;
            }
            if begins_block || of_block(info) {
                return Some(UnclosedFence { marks: &fence[marks], opening, next: Some(at) });
            }
        }
        at += line.len();
    }
    Some(UnclosedFence { marks: &fence[marks], opening, next: None })
}

/// Where the marks of a line that opens or closes a fence stand; none if it does neither.
fn marks_of(line: &str) -> Option<Range<usize>> {
    let start = line.bytes().take_while(|b| *b == b' ').count();
    let mark = *line.as_bytes().get(start).filter(|b| matches!(b, b'`' | b'~'))?;
    let end = start + line.bytes().skip(start).take_while(|b| *b == mark).count();
    (start <= 3 && end - start >= 3).then_some(start..end)
}

/// Reads the info string of a block.
pub(super) fn info(source: &Located, errors: &mut Errors<'_>) -> Info {
    let (mut words, mut attributes) = (Vec::new(), Vec::new());
    let text = source.text();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let space = rest.len() - rest.trim_start().len();
        if space > 0 {
            at += space;
            continue;
        }
        let Some(length) = word_length(rest) else {
            errors.add(
                source.place(at..text.len()),
                say!("a quote is never closed"),
                say!("Add a \" where the value ends."),
            );
            break;
        };
        let word = at..at + length;
        at = word.end;
        match text[word.clone()].find('=').map(|offset| word.start + offset) {
            Some(equals) => {
                let value = source.slice(equals + 1..word.end);
                attributes.push((source.slice(word.start..equals), unquoted(value)));
            }
            None => words.push(source.slice(word)),
        }
    }
    Info { source: source.clone(), words, attributes }
}

/// The length of a word, in which quotes keep spaces.
fn word_length(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => return Some(at),
            _ => {}
        }
    }
    (!is_quoted).then_some(text.len())
}

fn unquoted(value: Located) -> Located {
    let is_quoted = value.text().len() >= 2 && value.text().starts_with('"') && value.text().ends_with('"');
    if is_quoted { value.slice(1..value.text().len() - 1) } else { value }
}

/// A line of a content, with those that continue it.
#[derive(Clone, Debug)]
pub(super) struct KeyLine {
    /// The first word.
    pub key: Located,
    /// What stands between the key and the colon; or all behind the key, if there is no colon.
    pub head: Located,
    /// What stands behind the colon.
    pub value: Option<Located>,
    /// All of it.
    pub place: Range<usize>,
}

/// Keys without a colon.
const BARE: [&str; 3] = ["choice", "card", "why"];

/// The lines of a content.
pub(super) fn key_lines(content: &Located, errors: &mut Errors<'_>) -> Vec<KeyLine> {
    let mut joined: Vec<Located> = Vec::new();
    let mut start = 0;
    for line in content.text().split('\n') {
        let range = start..start + line.trim_end().len();
        start += line.len() + 1;
        let text = &content.text()[range.clone()];
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let piece = content.slice(range.clone());
        if !text.starts_with(' ') && !text.starts_with('\t') {
            joined.push(piece);
            continue;
        }
        match joined.last_mut() {
            Some(last) => {
                let piece = piece.trim();
                last.push("\n", piece.at(0).saturating_sub(1));
                last.push(piece.text(), piece.at(0));
            }
            None => errors.add(
                piece.whole(),
                say!("this line continues none"),
                say!("Begin it at the left edge, with a key."),
            ),
        }
    }
    joined.iter().map(key_line).collect()
}

fn key_line(line: &Located) -> KeyLine {
    let text = line.text();
    let length = text.find(|c: char| c.is_whitespace() || c == ':' || c == '"').unwrap_or(text.len());
    let key = line.slice(0..length);
    let colon = if BARE.contains(&key.text()) { None } else { colon(text, length) };
    let (head, value) = match colon {
        Some(at) => (line.slice(length..at).trim(), Some(line.slice(at + 1..text.len()).trim())),
        None => (line.slice(length..text.len()).trim(), None),
    };
    KeyLine { key, head, value, place: line.whole() }
}

/// The first colon of `text` from `start` on that is outside of quotes and brackets.
fn colon(text: &str, start: usize) -> Option<usize> {
    let (mut depth, mut is_quoted) = (0_i32, false);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < start) {
        match c {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ':' if depth <= 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// A text in quotes at the beginning of `source`, and what stands behind it; none if there is none.
pub(super) fn quoted(source: &Located) -> Option<(Located, Located)> {
    let source = source.trim();
    let text = source.text();
    if !text.starts_with('"') {
        return None;
    }
    let mut value = Located::default();
    let mut start = 1;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                value.push(&text[start..at], source.at(start));
                return Some((value, source.slice(at + 1..text.len()).trim()));
            }
            '\\' => {
                // Only a quote and a backslash: Markdown has escapes of its own.
                let (next, escaped) = chars.next()?;
                if matches!(escaped, '"' | '\\') {
                    value.push(&text[start..at], source.at(start));
                    start = next;
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_info_string_has_words_and_attributes() {
        let text = "predict choice id=q1 hide=\"table 5, level 1\" several";
        let mut errors = Errors::of(text);
        let info = info(&Located::of(text, 0..text.len()), &mut errors);
        let words: Vec<&str> = info.words.iter().map(Located::text).collect();
        assert_eq!(words, ["predict", "choice", "several"]);
        let attributes: Vec<_> = info.attributes.iter().map(|(n, v)| (n.text(), v.text(), v.at(0))).collect();
        assert_eq!(attributes, [("id", "q1", 18), ("hide", "table 5, level 1", 27)]);
        assert_eq!((meant("predit choice"), meant("rust"), meant("rust ignore")), (Some("predict"), None, None));
    }

    #[test]
    fn a_fence_is_closed_by_marks_alone() {
        let next = |fence: &'static str| unclosed(fence).map(|open| open.next);
        assert_eq!(next("```lsm run\nput a 1\n```"), None);
        assert_eq!(next("````text\n```lsm run\n```\n````\n"), None, "code that shows a block");
        assert_eq!(next("~~~markdown\n```lsm run\n```\n~~~\n"), None, "the same with other marks");
        assert_eq!(next("```text\n```rust\n```\n"), None, "no block is swallowed");
        assert_eq!(next("```lsm run\nput a 1\n"), Some(None));
        assert_eq!(next("```lsm run"), Some(None));
        assert_eq!(next("```lsm run\nput a 1\n\n```rust\n```\n"), Some(Some(20)));
        assert_eq!(next("```text\na\n```predict number\n```\n"), Some(Some(10)));
        let open = unclosed("~~~~ lsm run\nput a 1").unwrap();
        assert_eq!((open.marks, open.opening), ("~~~~", 0..12));
    }

    #[test]
    fn a_line_is_continued_by_indented_ones() {
        let text = "ask: What is\n  there?\n# no\nwrong if answer > rank(a: 1)[0]: m:x \"t: u\"\nchoice 2 \"a: b\"\n";
        let mut errors = Errors::of(text);
        let lines = key_lines(&Located::of(text, 0..text.len()), &mut errors);
        let told: Vec<_> =
            lines.iter().map(|l| (l.key.text(), l.head.text(), l.value.as_ref().map(Located::text))).collect();
        let expected = [
            ("ask", "", Some("What is\nthere?")),
            ("wrong", "if answer > rank(a: 1)[0]", Some("m:x \"t: u\"")),
            ("choice", "2 \"a: b\"", None),
        ];
        assert_eq!(told, expected);
        let value = lines[0].value.as_ref().unwrap();
        assert_eq!(&text[value.place(8..14)], "there?");
    }

    #[test]
    fn a_text_in_quotes_may_hold_quotes() {
        let text = r#""say \"a\", \* and \\" if true"#;
        let (value, rest) = quoted(&Located::of(text, 0..text.len())).unwrap();
        assert_eq!((value.text(), rest.text()), (r#"say "a", \* and \"#, "if true"));
        assert_eq!(&text[value.place(5..6)], "a");
        assert!(quoted(&Located::of("\"open", 0..5)).is_none());
    }
}
