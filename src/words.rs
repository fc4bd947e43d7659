//! What the crate says to a reader, in the reader's language.
//!
//! In: an English sentence with places for values, `hidden by {seq}`; it is its own key in the table of another
//! language. Out: the sentence of that language with the values in it; the English one where the table has none.
//! `www/words.js` does the same for the page, with the same tables (`www/languages/de/*.json`), and gives them to this
//! module: [`speak`]. Without that, everything is English.
//!
//! The language is a setting of the program, as a locale is: it changes texts that a reader sees, and nothing else.
//! Names that programs read (options, commands, events, JSON) have no language.

use std::{cell::RefCell, collections::BTreeMap, fmt::Display};

use serde::Serializer;

thread_local! {
    static TABLE: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// From now on, everything is said in the language of this table; with an empty one, in English.
pub fn speak(sentences: BTreeMap<String, String>) {
    TABLE.set(sentences);
}

/// A sentence with its values: `say!("hidden by {seq}", seq = newer)`. A value that has its place's name may stand
/// alone: `say!("hidden by {seq}", seq)`.
macro_rules! say {
    ($sentence:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::words::said($sentence, &[$((stringify!($name), &$crate::words::say!(@ $name $($value)?))),*])
    };
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
}
pub(crate) use say;

/// A sentence that [`said`] says later, so that it can be a constant, or be recorded: the sentence itself.
macro_rules! to_say {
    ($sentence:literal) => {
        $sentence
    };
}
pub(crate) use to_say;

/// What `say!` expands to. A key may end in `||context`, where one English word means two things: `full||a table`.
pub fn said(sentence: &str, values: &[(&str, &dyn Display)]) -> String {
    TABLE.with_borrow(|table| match table.get(sentence) {
        Some(said) => filled(said, values),
        None => filled(sentence.split("||").next().unwrap_or(sentence), values),
    })
}

/// Serializes a sentence of a list in the source, of a command or a preset, as it is [`said`].
pub fn serialize_said<S: Serializer>(sentence: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&said(sentence, &[]))
}

/// Says a text once more that was said in English, with the values in it, by a part that has no language: as the one of
/// `sentences` that it is, the one with the most words of its own if it may be several. Its values are such texts, too.
pub fn said_again(text: &str, sentences: &[&str]) -> String {
    if TABLE.with_borrow(BTreeMap::is_empty) {
        return text.into();
    }
    let found = sentences.iter().filter_map(|sentence| Some((sentence, values_in(text, sentence)?)));
    let own = |values: &[(&str, &str)]| text.len() - values.iter().map(|(_, value)| value.len()).sum::<usize>();
    let Some((sentence, values)) = found.max_by_key(|(_, values)| own(values)) else { return text.into() };
    let values: Vec<_> = values.into_iter().map(|(name, value)| (name, said_again(value, sentences))).collect();
    said(sentence, &values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect::<Vec<_>>())
}

/// The values of `sentence` in `text`, if that is what it says.
fn values_in<'a>(text: &'a str, sentence: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut parts = sentence.split('{').peekable();
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    while let Some(part) = parts.next() {
        let (name, behind) = part.split_once('}')?;
        let end = if parts.peek().is_some() { rest.find(behind)? } else { rest.strip_suffix(behind)?.len() };
        found.push((name, &rest[..end]));
        rest = &rest[end + behind.len()..];
    }
    rest.is_empty().then_some(found)
}

/// A sentence about the count `n`, which stands in it as `{n}`: one of the two forms, `{n} table` and `{n} tables`,
/// which together are the key. The form for one is taken for a count of one: a language with other plurals needs more
/// here.
pub fn said_of_count(n: &dyn Display, is_one: bool, one: &str, many: &str) -> String {
    TABLE.with_borrow(|table| {
        let forms = table.get(&format!("{one}|{many}")).and_then(|forms| forms.split_once('|')).unwrap_or((one, many));
        filled(if is_one { forms.0 } else { forms.1 }, &[("n", n)])
    })
}

/// A number that was written the English way, as the language writes it: `1,234.5`, `1.234,5`.
pub fn decimal(digits: &str) -> String {
    TABLE.with_borrow(|table| {
        let sign = |c: char| match c {
            '.' | ',' => {
                table.get(c.encode_utf8(&mut [0; 4]) as &str).and_then(|sign| sign.chars().next()).unwrap_or(c)
            }
            digit => digit,
        };
        digits.chars().map(sign).collect()
    })
}

/// A number with `places` digits behind the point.
pub fn places(number: f64, places: usize) -> String {
    decimal(&format!("{number:.places$}"))
}

/// `sentence` with its values: what stands in braces is the name of one.
fn filled(sentence: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut parts = sentence.split('{');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        match part
            .split_once('}')
            .and_then(|(name, rest)| Some((values.iter().find(|(known, _)| *known == name)?, rest)))
        {
            Some(((_, value), rest)) => {
                out.push_str(&value.to_string());
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plural::{counted, grouped_count};

    /// Says in `sentences`, and in English again afterwards.
    fn speaking<T>(sentences: &[(&str, &str)], say: impl FnOnce() -> T) -> T {
        speak(sentences.iter().map(|(key, said)| (key.to_string(), said.to_string())).collect());
        let said = say();
        speak(BTreeMap::new());
        said
    }

    #[test]
    fn a_sentence_is_said_in_its_language_with_its_values() {
        let hidden = |seq: u64| say!("hidden by {seq}: {what}", seq, what = "dropped");
        assert_eq!(hidden(7), "hidden by 7: dropped");
        let german = [("hidden by {seq}: {what}", "{what}, da von {seq} verdeckt")];
        assert_eq!(speaking(&german, || hidden(7)), "dropped, da von 7 verdeckt");
        assert_eq!(speaking(&[("full", "voll")], || said(to_say!("full"), &[])), "voll");
        assert_eq!((said("full||a table", &[]), to_say!("full")), ("full".into(), "full"));
        // What a value says is no place.
        assert_eq!(said("{a} {b} {", &[("a", &"{b}"), ("b", &"c")]), "{b} c {");
    }

    #[test]
    fn counts_and_numbers_are_written_as_the_language_does() {
        let german = [("{n} entry|{n} entries", "{n} Eintrag|{n} Einträge"), (",", "."), (".", ",")];
        let said = || [counted(1, "entry"), grouped_count(9120, "entry"), counted(2, "table"), decimal("1,234.5")];
        assert_eq!(speaking(&german, said), ["1 Eintrag", "9.120 Einträge", "2 tables", "1.234,5"]);
        assert_eq!(said(), ["1 entry", "9,120 entries", "2 tables", "1,234.5"]);
    }
}
