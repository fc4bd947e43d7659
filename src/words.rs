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

/// What [`say`] expands to.
pub fn said(sentence: &str, values: &[(&str, &dyn Display)]) -> String {
    TABLE.with_borrow(|table| filled(table.get(sentence).map_or(sentence, String::as_str), values))
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
