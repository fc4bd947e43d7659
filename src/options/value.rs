//! How each type of option is written, read and bounded.

use std::{fmt::Display, ops::RangeInclusive};

use super::{Options, Problem, Unit};
use crate::{error::excerpt, words::say};

/// A type that a knob can have.
pub trait Value: Sized {
    /// What bounds it.
    type Range;
    /// Reads it from text, or says what was expected. A number may have a suffix that suits its `unit`: `1.5MB`, `2d`.
    fn parse(text: &str, unit: Unit, range: &Self::Range) -> Result<Self, String>;
    /// Says what was expected, if `self` is out of `range`, whose numbers count `unit`.
    fn check(&self, unit: Unit, range: &Self::Range) -> Result<(), String>;
    /// Text that `parse` reads back.
    fn to_text(&self) -> String;
    /// The least and the most, for a number.
    fn bounds(range: &Self::Range) -> (Option<f64>, Option<f64>);
    /// What may be chosen, for a choice.
    fn choices() -> Vec<&'static str> {
        Vec::new()
    }
}

/// An enum whose variants have names.
pub trait Choice: Copy + PartialEq + 'static {
    /// Every variant with its name.
    const NAMES: &'static [(&'static str, Self)];
}

/// A knob's name and its value, both as text.
pub type Knob = (String, String);

impl Value for u64 {
    type Range = RangeInclusive<u64>;

    fn parse(text: &str, unit: Unit, range: &Self::Range) -> Result<u64, String> {
        let expected = || {
            let limits = limits(range, unit);
            match unit {
                Unit::Bytes => {
                    say!("a whole number from {limits}, or with a unit up to PB, such as 64KB, 1.5MB or 1TB", limits,)
                }
                _ if time_base(unit).is_some() => {
                    say!("a whole number from {limits}, or with a unit: ms, s, m, h, d or w", limits)
                }
                _ => say!("a whole number from {limits}", limits),
            }
        };
        let number = whole(text, unit).ok_or_else(expected)?;
        number.check(unit, range).map(|()| number)
    }

    fn check(&self, unit: Unit, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(limits(range, unit)) }
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn bounds(range: &Self::Range) -> (Option<f64>, Option<f64>) {
        (Some(*range.start() as f64), Some(*range.end() as f64))
    }
}

impl Value for i64 {
    type Range = RangeInclusive<i64>;

    fn parse(text: &str, unit: Unit, range: &Self::Range) -> Result<i64, String> {
        let expected = || say!("a whole number from {limits}", limits = from_to(range.start(), range.end()));
        let number: i64 = text.trim().replace('_', "").parse().map_err(|_| expected())?;
        number.check(unit, range).map(|()| number)
    }

    fn check(&self, _: Unit, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(from_to(range.start(), range.end())) }
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn bounds(range: &Self::Range) -> (Option<f64>, Option<f64>) {
        (Some(*range.start() as f64), Some(*range.end() as f64))
    }
}

/// `0.5 to 100`: the limits of a number with a fraction. Of very large or small ones, the digits are few: `1e30`.
fn numbers(range: &RangeInclusive<f64>) -> String {
    let is_long = |n: f64| n != 0.0 && !(1e-6..1e16).contains(&n.abs());
    let short = |n: f64| if is_long(n) { format!("{n:e}") } else { n.to_string() };
    from_to(&short(*range.start()), &short(*range.end()))
}

impl Value for f64 {
    type Range = RangeInclusive<f64>;

    fn parse(text: &str, unit: Unit, range: &Self::Range) -> Result<f64, String> {
        let expected = || {
            let limits = numbers(range);
            match time_base(unit) {
                Some(_) => say!("a number from {limits}, or with a unit: ms, s, m, h, d or w", limits),
                None => say!("a number from {limits}", limits),
            }
        };
        let text = text.trim().replace('_', "");
        let number = match (text.parse::<f64>(), time_base(unit)) {
            (Ok(number), _) => number,
            (Err(_), Some(base)) => {
                let (digits, nanos) = time(&text).ok_or_else(expected)?;
                digits.parse::<f64>().map_err(|_| expected())? * (nanos as f64 / base as f64)
            }
            (Err(_), None) => return Err(expected()),
        };
        number.check(unit, range).map(|()| number)
    }

    fn check(&self, _: Unit, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(numbers(range)) }
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn bounds(range: &Self::Range) -> (Option<f64>, Option<f64>) {
        (Some(*range.start()), Some(*range.end()))
    }
}

impl Value for bool {
    type Range = ();

    fn parse(text: &str, _: Unit, (): &()) -> Result<bool, String> {
        match text.trim() {
            "true" | "on" | "yes" | "1" => Ok(true),
            "false" | "off" | "no" | "0" => Ok(false),
            _ => Err(say!("true or false")),
        }
    }

    fn check(&self, _: Unit, (): &()) -> Result<(), String> {
        Ok(())
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn bounds((): &()) -> (Option<f64>, Option<f64>) {
        (None, None)
    }
}

impl<C: Choice> Value for C {
    type Range = ();

    fn parse(text: &str, _: Unit, (): &()) -> Result<C, String> {
        let text = text.trim();
        C::NAMES.iter().find(|(name, _)| *name == text).map(|(_, c)| *c).ok_or_else(|| or_list(&Self::choices()))
    }

    fn check(&self, _: Unit, (): &()) -> Result<(), String> {
        Ok(())
    }

    fn to_text(&self) -> String {
        C::NAMES.iter().find(|(_, c)| c == self).expect("every variant is named").0.to_string()
    }

    fn bounds((): &()) -> (Option<f64>, Option<f64>) {
        (None, None)
    }

    fn choices() -> Vec<&'static str> {
        C::NAMES.iter().map(|(name, _)| *name).collect()
    }
}

/// Suffixes of bytes and counts: powers of 1,024.
const SCALES: [(&str, u64); 16] = [
    ("PIB", 1 << 50),
    ("TIB", 1 << 40),
    ("GIB", 1 << 30),
    ("MIB", 1 << 20),
    ("KIB", 1 << 10),
    ("PB", 1 << 50),
    ("TB", 1 << 40),
    ("GB", 1 << 30),
    ("MB", 1 << 20),
    ("KB", 1 << 10),
    ("P", 1 << 50),
    ("T", 1 << 40),
    ("G", 1 << 30),
    ("M", 1 << 20),
    ("K", 1 << 10),
    ("B", 1),
];

/// Suffixes of times, in nanoseconds.
const TIMES: [(&str, u64); 7] = [
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("h", 3600 * 1_000_000_000),
    ("d", 86_400 * 1_000_000_000),
    ("w", 7 * 86_400 * 1_000_000_000),
];

/// The nanoseconds of a number without a suffix, where the unit is one of time.
fn time_base(unit: Unit) -> Option<u64> {
    match unit {
        Unit::Seconds => Some(1_000_000_000),
        Unit::Milliseconds => Some(1_000_000),
        _ => None,
    }
}

/// `64 bytes to 1 GB`: the limits of a knob, sizes as a person reads and types them.
fn limits(range: &RangeInclusive<u64>, unit: Unit) -> String {
    match unit {
        Unit::Bytes => sizes(*range.start(), *range.end()),
        _ => from_to(range.start(), &format!("{}{}", range.end(), in_time(*range.end(), unit))),
    }
}

/// `1 to 9`: the limits of what is not told with a unit of its own.
pub(crate) fn from_to(from: &dyn Display, to: &dyn Display) -> String {
    say!("{from} to {to}", from, to)
}

/// `64 bytes to 1 GB`: the limits of a size.
pub(crate) fn sizes(from: u64, to: u64) -> String {
    let (from_text, to) = (size_text(from), size_text(to));
    if from > 0 && from_text == from.to_string() {
        say!("{from} bytes to {to}", from, to)
    } else {
        from_to(&from_text, &to)
    }
}

/// ` (30 d)`, behind that number of a unit of time, if it is a whole number of a larger one.
pub(crate) fn in_time(number: u64, unit: Unit) -> String {
    let Some(base) = time_base(unit) else { return String::new() };
    let scales = TIMES.iter().rev().map(|(name, nanos)| (name, nanos / base));
    let mut whole = scales.filter(|(_, scale)| *scale > 1 && number >= *scale && number.is_multiple_of(*scale));
    whole.next().map_or(String::new(), |(name, scale)| format!(" ({} {name})", number / scale))
}

/// `64 KB`: a number of bytes as a person reads and types it; in bytes where it is no whole number of a larger unit.
pub(crate) fn size_text(bytes: u64) -> String {
    let whole = |(name, scale): &&(&str, u64)| name.len() == 2 && bytes >= *scale && bytes.is_multiple_of(*scale);
    match SCALES.iter().find(whole) {
        Some((name, scale)) => format!("{} {name}", bytes / scale),
        None => bytes.to_string(),
    }
}

/// Whether `text` is a suffix of a size or a time, as `KB` or `ms`.
pub(crate) fn is_unit(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    SCALES.iter().any(|(name, _)| *name == upper) || TIMES.iter().any(|(name, _)| *name == text)
}

/// The number of a time such as `10s`, as it is typed, and the nanoseconds of its suffix; none without a suffix, or
/// with another.
pub(crate) fn time(text: &str) -> Option<(&str, u64)> {
    let (digits, suffix) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
    TIMES.iter().find(|(name, _)| *name == suffix).map(|(_, nanos)| (digits, *nanos))
}

/// The whole number that `text` is, with a suffix that suits `unit`. A fraction makes sense only of a larger unit:
/// 1.5MB.
fn whole(text: &str, unit: Unit) -> Option<u64> {
    let text = text.trim().replace('_', "");
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    if let Some(base) = time_base(unit) {
        let (digits, nanos) = time(&text)?;
        return match digits.parse::<u64>() {
            Ok(n) => {
                let nanos = u128::from(n) * u128::from(nanos);
                (nanos % u128::from(base) == 0).then(|| u64::try_from(nanos / u128::from(base)).ok())?
            }
            Err(_) => truncated(digits, nanos as f64 / base as f64).filter(|_| nanos > base),
        };
    }
    let upper = text.to_ascii_uppercase();
    let (digits, scale) =
        SCALES.iter().find_map(|(suffix, scale)| Some((upper.strip_suffix(suffix)?.trim_end(), *scale)))?;
    match digits.parse::<u64>() {
        Ok(n) => n.checked_mul(scale),
        Err(_) => truncated(digits, scale as f64).filter(|_| scale > 1),
    }
}

/// `digits` times `scale`, without what is left of a whole number.
fn truncated(digits: &str, scale: f64) -> Option<u64> {
    let number = digits.parse::<f64>().ok()? * scale;
    // 2^64 is the first number that does not fit.
    (0.0..18_446_744_073_709_551_616.0).contains(&number).then_some(number as u64)
}

/// `a, b or c`.
fn or_list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => say!("{a} or {b}", a = first.join(", "), b = last),
    }
}

/// The problem of a name that no knob has, with the nearest that one does.
pub(crate) fn unknown(name: &str, known: &[&str]) -> Problem {
    let nearest = nearest(name, known).or_else(|| same_beginning(name, known));
    let expected = match nearest {
        Some(name) => say!("the name of an option; the nearest is {name}", name),
        None => say!("the name of an option"),
    };
    Problem { field: excerpt(name), value: say!("(unknown)"), expected }
}

/// The one of `known` that `name` was most likely meant to be: the shortest that begins with all of it, if it has four
/// letters at least, else the nearest; none if all are far from it.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let longer = known.iter().filter(|k| name.len() >= 4 && k.starts_with(name));
    if let Some(longer) = longer.min_by_key(|k| k.len()) {
        return Some(longer);
    }
    let allowed = (name.len() / 2).clamp(1, 6);
    let candidates = known.iter().filter(|k| k.len().abs_diff(name.len()) <= allowed);
    candidates.map(|k| (distance(name, k), *k)).filter(|(d, _)| *d <= allowed).min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

/// The nearest of those of `known` that begin with the same letters, four at least.
fn same_beginning<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let beginning = name.get(..4)?;
    // The distance to a name of any length would take its time, and say nothing.
    let close = known.iter().filter(|k| k.starts_with(beginning) && name.len() <= MAX_MISSPELT);
    close.min_by_key(|k| distance(name, k)).copied()
}

/// The longest name that is taken for a misspelt one, in bytes.
const MAX_MISSPELT: usize = 80;

/// Levenshtein's edit distance, in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

impl Options {
    /// Each option that differs from that of `new`: `name old -> new`.
    pub fn differences(&self, new: &Options) -> Vec<String> {
        let difference = |(name, unit): (&&str, &Unit)| {
            let (old, new) = (self.shown(name, *unit)?, new.shown(name, *unit)?);
            (old != new).then(|| format!("{name} {old} -> {new}"))
        };
        Options::NAMES.iter().zip(Options::UNITS).filter_map(difference).collect()
    }

    /// The value of a knob as a person reads it: a size as `64 KB`.
    pub(crate) fn shown(&self, name: &str, unit: Unit) -> Option<String> {
        let value = self.get(name)?;
        Some(if unit == Unit::Bytes { value.parse().map_or(value, size_text) } else { value })
    }

    /// Every knob whose value is not the default's, for a short description of a set.
    pub fn changed(&self) -> Vec<Knob> {
        let default = Options::default();
        let changed = |name: &&str| {
            let value = self.get(name)?;
            (Some(&value) != default.get(name).as_ref()).then(|| (name.to_string(), value))
        };
        Options::NAMES.iter().filter_map(changed).collect()
    }
}
