//! How each type of knob is written, read and bounded.

use std::ops::RangeInclusive;

use super::{Options, Problem};

/// A type that a knob can have.
pub trait Value: Sized {
    /// What bounds it.
    type Range;
    /// Reads it from text, or says what was expected.
    fn parse(text: &str, range: &Self::Range) -> Result<Self, String>;
    /// Says what was expected, if `self` is out of `range`.
    fn check(&self, range: &Self::Range) -> Result<(), String>;
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

    fn parse(text: &str, range: &Self::Range) -> Result<u64, String> {
        let text = text.trim().replace('_', "");
        let upper = text.to_ascii_uppercase();
        let (digits, scale) = [
            ("GB", 1u64 << 30),
            ("MB", 1 << 20),
            ("KB", 1 << 10),
            ("G", 1 << 30),
            ("M", 1 << 20),
            ("K", 1 << 10),
            ("B", 1),
        ]
        .into_iter()
        .find_map(|(suffix, scale)| upper.strip_suffix(suffix).map(|digits| (digits.trim().to_string(), scale)))
        .unwrap_or((upper, 1));
        let expected = || format!("a whole number from {} to {}", range.start(), range.end());
        let number = match digits.parse::<u64>() {
            Ok(n) => n.checked_mul(scale).ok_or_else(expected)?,
            // A fraction makes sense only of a larger unit: 1.5MB.
            Err(_) if scale > 1 => {
                let f: f64 = digits.parse().map_err(|_| expected())?;
                if !f.is_finite() || f < 0.0 {
                    return Err(expected());
                }
                (f * scale as f64) as u64
            }
            Err(_) => return Err(expected()),
        };
        number.check(range).map(|()| number)
    }

    fn check(&self, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(format!("{} to {}", range.start(), range.end())) }
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

    fn parse(text: &str, range: &Self::Range) -> Result<i64, String> {
        let expected = || format!("a whole number from {} to {}", range.start(), range.end());
        let number: i64 = text.trim().replace('_', "").parse().map_err(|_| expected())?;
        number.check(range).map(|()| number)
    }

    fn check(&self, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(format!("{} to {}", range.start(), range.end())) }
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn bounds(range: &Self::Range) -> (Option<f64>, Option<f64>) {
        (Some(*range.start() as f64), Some(*range.end() as f64))
    }
}

impl Value for f64 {
    type Range = RangeInclusive<f64>;

    fn parse(text: &str, range: &Self::Range) -> Result<f64, String> {
        let number: f64 = text
            .trim()
            .replace('_', "")
            .parse()
            .map_err(|_| format!("a number from {} to {}", range.start(), range.end()))?;
        number.check(range).map(|()| number)
    }

    fn check(&self, range: &Self::Range) -> Result<(), String> {
        if range.contains(self) { Ok(()) } else { Err(format!("{} to {}", range.start(), range.end())) }
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

    fn parse(text: &str, (): &()) -> Result<bool, String> {
        match text.trim() {
            "true" | "on" | "yes" | "1" => Ok(true),
            "false" | "off" | "no" | "0" => Ok(false),
            _ => Err("true or false".into()),
        }
    }

    fn check(&self, (): &()) -> Result<(), String> {
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

    fn parse(text: &str, (): &()) -> Result<C, String> {
        let text = text.trim();
        C::NAMES.iter().find(|(name, _)| *name == text).map(|(_, c)| *c).ok_or_else(|| or_list(&Self::choices()))
    }

    fn check(&self, (): &()) -> Result<(), String> {
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

/// `a, b or c`.
fn or_list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The problem of a name that no knob has, with the nearest that one does.
pub(crate) fn unknown(name: &str, known: &[&str]) -> Problem {
    let nearest = known.iter().min_by_key(|k| distance(name, k)).expect("there are knobs");
    Problem {
        field: name.to_string(),
        value: "(unknown)".to_string(),
        expected: format!("the name of an option; the nearest is {nearest}"),
    }
}

/// The one of `known` that `name` was most likely meant to be; none if all are far from it.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = (name.len() / 2).clamp(1, 6);
    let candidates = known.iter().filter(|k| k.len().abs_diff(name.len()) <= allowed);
    candidates.map(|k| (distance(name, k), *k)).filter(|(d, _)| *d <= allowed).min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

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
    /// Every knob whose value is not the default's, for a short description of a set.
    pub fn changed(&self) -> Vec<Knob> {
        let default = Options::default();
        Options::describe()
            .into_iter()
            .filter_map(|d| {
                let value = self.get(d.name)?;
                (Some(&value) != default.get(d.name).as_ref()).then(|| (d.name.to_string(), value))
            })
            .collect()
    }
}
