//! Values of expressions, of variables and of answers: JSON, compared and written as people expect it.

use serde_json::Value as Json;

use crate::{
    plural::grouped,
    words::{decimal, say},
};

/// `number` as a value: a whole one where it is one.
pub(super) fn number(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}

/// A value as a word of a script line, or as a part of an error: as it would be typed.
pub(super) fn text_of(value: &Json) -> String {
    match value {
        Json::Null => "nothing".into(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A value for people: thousands apart, four digits at most behind the point.
pub(super) fn shown(value: &Json) -> String {
    match value {
        Json::Number(number) => shown_number(number.as_f64().unwrap_or(f64::NAN)),
        Json::Bool(true) => say!("yes||a value"),
        Json::Bool(false) => say!("no||a value"),
        Json::Null => "?".into(),
        Json::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => text_of(other),
    }
}

/// The English unit of one: authors write that of many, such as `entries`.
pub(super) fn singular(unit: &str) -> String {
    match (unit.strip_suffix("ies"), unit.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with('s') => stem.to_string(),
        _ => unit.to_string(),
    }
}

fn shown_number(number: f64) -> String {
    let sign = if number < 0.0 { "−" } else { "" };
    let size = number.abs();
    if size >= 9e15 {
        return format!("{number:e}");
    }
    // Two places, and two digits of what is less than a tenth.
    let places = match size {
        size if size.fract() == 0.0 => 0,
        size if size < 0.1 => (1.0 - libm::floor(libm::log10(size))).clamp(2.0, 8.0) as usize,
        _ => 2,
    };
    // A half goes up, as people round and as the page does.
    let scale = libm::pow(10.0, places as f64);
    let text = format!("{:.places$}", libm::round(size * scale) / scale);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = grouped(whole.parse().unwrap_or_default());
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{}{fraction}", decimal(".")) }
}

/// Whether two values are the same: numbers by their size, a number and a text if it is written so.
pub(super) fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            number.to_string() == *text
        }
        (Json::Bool(truth), Json::String(text)) | (Json::String(text), Json::Bool(truth)) => truth.to_string() == *text,
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ => a == b,
    }
}

/// How many parts a value has, and how deeply they lie in each other. A long text counts as several.
pub(super) fn measure(value: &Json) -> (u64, usize) {
    let of_all = |values: &mut dyn Iterator<Item = &Json>| {
        values.map(measure).fold((1, 1), |(parts, depth), (more, below)| (parts + more, depth.max(below + 1)))
    };
    match value {
        Json::String(text) => (1 + text.len() as u64 / 16, 0),
        Json::Array(items) => of_all(&mut items.iter()),
        Json::Object(fields) => of_all(&mut fields.values()),
        _ => (1, 0),
    }
}

/// What a value is, for errors.
pub(super) fn kind(value: &Json) -> String {
    match value {
        Json::Null => say!("nothing||a value"),
        Json::Bool(_) => say!("true or false"),
        Json::Number(_) => say!("a number"),
        Json::String(_) => say!("a text"),
        Json::Array(_) => say!("a list"),
        Json::Object(_) => say!("a record"),
    }
}

/// The number that a person wrote: `1,024`, `1 024`, `3.5`, `3,5`, `−2`.
///
/// A comma keeps thousands apart, or it is the decimal one of other languages: the only comma, where no thousands group
/// stands (three digits behind it, and one to three in front, of which the first is no 0) or where points keep
/// thousands apart, as in `1.024,5`.
pub(super) fn read_number(text: &str) -> Option<f64> {
    let mut plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '_' | '\''))
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    match plain.split_once(',') {
        Some((whole, fraction)) if is_decimal(whole, fraction) => {
            plain = format!("{}.{fraction}", whole.replace('.', ""));
        }
        _ => plain.retain(|c| c != ','),
    }
    let is_number = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    plain.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

/// Whether the comma between these is a decimal one.
fn is_decimal(whole: &str, fraction: &str) -> bool {
    if fraction.contains([',', '.']) {
        return false;
    }
    let digits = whole.trim_start_matches(['-', '+']);
    let is_group = fraction.len() == 3 && (1..=3).contains(&digits.len()) && !digits.starts_with('0');
    whole.contains('.') || !is_group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people_and_read_from_them() {
        let numbers = [0.0, 4.0, 1234567.0, 1.5, 0.333333, 0.008194, -2.25, 1024.125];
        let told = numbers.map(shown_number);
        assert_eq!(told, ["0", "4", "1,234,567", "1.5", "0.33", "0.0082", "−2.25", "1,024.13"]);
        for (text, expected) in [
            ("1,024", Some(1024.0)),
            (" 1 024 ", Some(1024.0)),
            ("3.5", Some(3.5)),
            ("3,5", Some(3.5)),
            ("−3,5", Some(-3.5)),
            ("0,25", Some(0.25)),
            ("0,125", Some(0.125)),
            ("1234,567", Some(1234.567)),
            ("3,500", Some(3500.0)),
            ("1,024.5", Some(1024.5)),
            ("1.024,5", Some(1024.5)),
            ("1,234,567", Some(1_234_567.0)),
            ("3,", Some(3.0)),
            ("1.2.3", None),
            ("−2", Some(-2.0)),
            ("four", None),
            ("", None),
            ("inf", None),
            ("NaN", None),
        ] {
            assert_eq!(read_number(text), expected, "{text}");
        }
    }

    #[test]
    fn a_unit_of_one_is_in_the_singular() {
        let units = ["entries", "blocks", "block reads", "MB a second", ""].map(singular);
        assert_eq!(units, ["entry", "block", "block read", "MB a second", ""]);
    }

    #[test]
    fn a_word_is_the_same_whether_it_is_read_as_a_number_or_not() {
        assert!(same(&number(2.0), &"2".into()) && same(&1.into(), &number(1.0)) && same(&true.into(), &"true".into()));
        assert!(!same(&"007".into(), &7.into()) && same(&vec!["a", "b"].into(), &vec!["a", "b"].into()));
    }
}
