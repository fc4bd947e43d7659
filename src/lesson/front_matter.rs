//! The front matter: one `key: value` a line, between two lines `---`.
//!
//! In: the text of a lesson. Out: its entries with their places, and where the body begins. Errors: at the line that
//! has another form. A reader of its own, and not one of YAML: anchors and tags are what hostile files are made of, and
//! its errors have no columns.
//!
//! ```text
//! value  = list | record | text
//! list   = "[" value *( "," value ) "]"
//! record = "{" name ":" value *( "," name ":" value ) "}"
//! text   = what is left of the line; inside of a list or a record, up to "," or the end, or "in quotes"
//! ```

use std::ops::Range;

use super::{
    limits::{MAX_LIST, MAX_VARIABLE, MAX_VARIANTS},
    source::{Errors, Located},
};
use crate::words::say;

/// A value, with its place.
#[derive(Clone, Debug)]
pub(super) enum FrontValue {
    /// A word, a number or a text.
    Text(Located),
    /// A list.
    List(Vec<FrontValue>, Range<usize>),
    /// Names and their values.
    Record(Vec<(Located, FrontValue)>, Range<usize>),
}

impl FrontValue {
    /// Where it stands.
    pub fn place(&self) -> Range<usize> {
        match self {
            FrontValue::Text(text) => text.whole(),
            FrontValue::List(_, place) | FrontValue::Record(_, place) => place.clone(),
        }
    }
}

/// A line of the front matter.
#[derive(Clone, Debug)]
pub(super) struct FrontEntry {
    pub key: Located,
    pub value: FrontValue,
}

/// The entries of the front matter of `text`, and the offset at which the body begins.
pub(super) fn read(text: &str, errors: &mut Errors<'_>) -> (Vec<FrontEntry>, usize) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = lines(text, start);
    if lines.next().is_none_or(|line| text[line].trim_end() != "---") {
        errors.add(
            start..start + 1,
            say!("a lesson begins with its front matter"),
            say!("Write a line --- first, then id: and title:, then another line ---."),
        );
        return (Vec::new(), start);
    }
    let mut entries = Vec::new();
    for line in lines {
        let content = text[line.clone()].trim_end();
        if content == "---" {
            return (entries, (line.end + 1).min(text.len()));
        }
        if content.trim().is_empty() || content.trim_start().starts_with('#') {
            continue;
        }
        entries.extend(entry(text, line.start..line.start + content.len(), errors));
    }
    errors.add(
        start..start + 3,
        say!("the front matter is never closed"),
        say!("Write a line --- behind its last key."),
    );
    (entries, text.len())
}

/// The lines of `text` from `start` on, without their ends.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = start;
    text[start..].split('\n').map(move |line| {
        let from = at;
        at += line.len() + 1;
        from..from + line.strip_suffix('\r').unwrap_or(line).len()
    })
}

fn entry(text: &str, line: Range<usize>, errors: &mut Errors<'_>) -> Option<FrontEntry> {
    let content = &text[line.clone()];
    let Some((key, _)) = content.split_once(':').filter(|(key, _)| is_key(key)) else {
        errors.add(
            line,
            say!("this is no line of a front matter"),
            say!("Write key: value, such as title: A delete is a write."),
        );
        return None;
    };
    let key = Located::of(text, line.start..line.start + key.len());
    let rest = line.start + key.text().len() + 1..line.end;
    let mut reader = Reader { text, at: rest.start, end: rest.end };
    reader.skip_space();
    let value = match reader.peek() {
        Some('[' | '{') => match reader.value(0).and_then(|value| reader.is_over().map(|()| value)) {
            Ok(value) => value,
            Err((place, message)) => {
                errors.add(place, message, say!("Write a list as [a, b] and a record as {name: value}, in one line."));
                return None;
            }
        },
        _ => FrontValue::Text(unquoted(Located::of(text, rest).trim())),
    };
    Some(FrontEntry { key, value })
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// Without the quotes around it.
fn unquoted(text: Located) -> Located {
    let quoted = text.text().len() >= 2 && text.text().starts_with('"') && text.text().ends_with('"');
    if quoted { text.slice(1..text.text().len() - 1) } else { text }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

type Wrong = (Range<usize>, String);

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..self.end].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn is_over(&mut self) -> Result<(), Wrong> {
        self.skip_space();
        if self.at < self.end { Err((self.at..self.end, say!("something stands behind the value"))) } else { Ok(()) }
    }

    fn value(&mut self, depth: usize) -> Result<FrontValue, Wrong> {
        let start = self.at;
        match self.peek() {
            Some('[' | '{') if depth == 2 => Err((start..start + 1, say!("a value is nested too deeply"))),
            Some('[') => {
                let items = self.items(']', |reader| reader.value(depth + 1))?;
                Ok(FrontValue::List(items, start..self.at))
            }
            Some('{') => {
                let items = self.items('}', |reader| {
                    let name = reader.text_until(|c| c == ':');
                    if name.text().is_empty() || reader.next() != Some(':') {
                        return Err((name.whole(), say!("a name and a colon are missing")));
                    }
                    reader.skip_space();
                    Ok((name, reader.value(depth + 1)?))
                })?;
                Ok(FrontValue::Record(items, start..self.at))
            }
            _ => Ok(FrontValue::Text(self.quoted_or_plain()?)),
        }
    }

    /// What `each` reads, between commas, from the opening bracket to `closing`.
    fn items<T>(
        &mut self,
        closing: char,
        mut each: impl FnMut(&mut Self) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        let start = self.at;
        self.next();
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(c) if c == closing => {
                    self.next();
                    return Ok(items);
                }
                None => return Err((start..self.end, say!("a bracket is never closed"))),
                _ if items.len() == MAX_LIST => {
                    return Err((start..self.end, say!("there are more than 1,000 values")));
                }
                _ => items.push(each(self)?),
            }
            self.skip_space();
            match self.peek() {
                Some(',') => drop(self.next()),
                Some(c) if c == closing => {}
                None => return Err((start..self.end, say!("a bracket is never closed"))),
                Some(_) => return Err((self.at..self.at + 1, say!("expected a comma or the closing bracket"))),
            }
        }
    }

    fn quoted_or_plain(&mut self) -> Result<Located, Wrong> {
        if self.peek() != Some('"') {
            return Ok(self.text_until(|c| matches!(c, ',' | ']' | '}')));
        }
        let start = self.at;
        self.next();
        match self.text[self.at..self.end].find('"') {
            Some(length) => {
                let text = Located::of(self.text, self.at..self.at + length);
                self.at += length + 1;
                Ok(text)
            }
            None => Err((start..self.end, say!("a quote is never closed"))),
        }
    }

    fn text_until(&mut self, ends: impl Fn(char) -> bool) -> Located {
        let start = self.at;
        while self.peek().is_some_and(|c| !ends(c)) {
            self.next();
        }
        Located::of(self.text, start..self.at).trim()
    }
}

/// The values of a variable: a list, or a range of whole numbers.
pub(super) fn values_of(value: &FrontValue) -> Result<Vec<serde_json::Value>, String> {
    let form = || say!("expected a list [a, b, c] or a range of whole numbers 1..50");
    let values: Vec<serde_json::Value> = match value {
        FrontValue::List(items, _) => items
            .iter()
            .map(|item| match item {
                FrontValue::Text(text) if text.text().chars().count() > MAX_VARIABLE => {
                    Err(say!("a variable's value has at most 100 characters"))
                }
                FrontValue::Text(text) => Ok(scalar(text.text())),
                _ => Err(form()),
            })
            .collect::<Result<_, _>>()?,
        FrontValue::Text(text) => {
            let (from, to) = text.text().split_once("..").ok_or_else(form)?;
            let number = |text: &str| text.trim().parse::<i32>().map_err(|_| form());
            let (from, to) = (number(from)?, number(to)?);
            if i64::from(to) - i64::from(from) >= MAX_VARIANTS as i64 {
                return Err(say!("a range has at most 200 numbers"));
            }
            (from..=to).map(Into::into).collect()
        }
        FrontValue::Record(..) => return Err(form()),
    };
    if values.is_empty() { Err(form()) } else { Ok(values) }
}

/// A word of the file as a value: `true`, a number, or a text.
pub(super) fn scalar(text: &str) -> serde_json::Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        // A key such as 007 stays as it is.
        text => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => match text.parse::<f64>() {
                Ok(number) if number.to_string() == text => number.into(),
                _ => text.into(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> (Vec<FrontEntry>, usize, Vec<String>) {
        let mut errors = Errors::of(text);
        let (entries, body) = read(text, &mut errors);
        let told = errors.into_found().iter().map(|e| format!("{}:{} {}", e.line, e.column, e.message)).collect();
        (entries, body, told)
    }

    #[test]
    fn values_are_texts_lists_and_records() {
        let text =
            "---\nid: a-b\ngoals: [Say \"x, y\", \"no, really\", z]\nvary: {k: [a, b], seed: 1..3}\n# note\n---\n## B";
        let (entries, body, errors) = read_all(text);
        assert_eq!(errors, [] as [&str; 0]);
        assert_eq!(&text[body..], "## B");
        let FrontValue::List(goals, _) = &entries[1].value else { panic!("{:?}", entries[1]) };
        let goals: Vec<&str> = goals.iter().map(|g| if let FrontValue::Text(t) = g { t.text() } else { "" }).collect();
        assert_eq!(goals, ["Say \"x", "y\"", "no, really", "z"]);
        let FrontValue::Record(vary, _) = &entries[2].value else { panic!("{:?}", entries[2]) };
        let values: Vec<_> = vary.iter().map(|(name, value)| (name.text(), values_of(value).unwrap())).collect();
        assert_eq!(values, [("k", vec!["a".into(), "b".into()]), ("seed", vec![1.into(), 2.into(), 3.into()])]);
    }

    #[test]
    fn what_has_another_form_is_an_error_at_its_place() {
        for (text, expected) in [
            ("# A lesson", "1:1 a lesson begins with its front matter"),
            ("---\nid: x\n", "1:1 the front matter is never closed"),
            ("---\n- id\n---\n", "2:1 this is no line of a front matter"),
            ("---\ngoals: [a, b\n---\n", "2:8 a bracket is never closed"),
            ("---\nvary: {a}\n---\n", "2:8 a name and a colon are missing"),
            ("---\ngoals: [a] b\n---\n", "2:12 something stands behind the value"),
            ("---\ngoals: [[[[a]]]]\n---\n", "2:10 a value is nested too deeply"),
            ("---\ngoals: [\"a]\n---\n", "2:9 a quote is never closed"),
        ] {
            assert_eq!(read_all(text).2, [expected], "{text}");
        }
        for wrong in ["1..201", "x", "1..a", "[]"] {
            let text = format!("---\nv: {wrong}\n---\n");
            assert!(values_of(&read_all(&text).0[0].value).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_word_is_a_number_only_if_it_is_written_as_one() {
        let values = ["7", "007", "-2", "1.5", "1e3", "true", "a"].map(scalar);
        let expected: [serde_json::Value; 7] =
            [7.into(), "007".into(), (-2).into(), 1.5.into(), "1e3".into(), true.into(), "a".into()];
        assert_eq!(values, expected);
    }
}
