//! Nouns in the number that agrees with a count: `1 table`, `2 tables`, `3 flushes`, `4 entries`.
//!
//! In: a count, and a noun in the singular. Out: text, with thousands apart where they may be many
//! ([`grouped_count`]).

use std::fmt::Display;

use crate::words::{decimal, said_of_count, say};

/// A whole number that counts something.
pub trait Count: Copy + Display + PartialEq + From<u8> {}

impl<N: Copy + Display + PartialEq + From<u8>> Count for N {}

/// The count and its noun: `1 table`, `2 tables`.
pub fn counted<N: Count>(n: N, what: &str) -> String {
    count(&n, n == N::from(1), what)
}

fn count(n: &dyn Display, is_one: bool, what: &str) -> String {
    said_of_count(n, is_one, &format!("{{n}} {what}"), &format!("{{n}} {}", many(what)))
}

/// The plural of a noun.
pub fn many(what: &str) -> String {
    match what.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{stem}ies"),
        None if what.ends_with(['h', 'x']) => format!("{what}es"),
        None => format!("{what}s"),
    }
}

/// The verb behind the count `n`: `is` or `are`.
pub fn be<N: Count>(n: N) -> &'static str {
    if n == N::from(1) { "is" } else { "are" }
}

/// A count with its thousands apart, and its noun: `1 block`, `9,120 blocks`.
pub fn grouped_count(n: u64, what: &str) -> String {
    count(&grouped(n), n == 1, what)
}

/// A number with its thousands apart: `9,120`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    decimal(&out)
}

/// The place in an order: `1st`, `2nd`, `11th`.
pub fn ordinal(n: usize) -> String {
    match (n % 100, n % 10) {
        (11..=13, _) => say!("{n}th", n),
        (_, 1) => say!("{n}st", n),
        (_, 2) => say!("{n}nd", n),
        (_, 3) => say!("{n}rd", n),
        _ => say!("{n}th", n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_goes_by_its_number() {
        let said = [(1, "level"), (0, "level"), (2, "flush"), (3, "entry"), (1, "entry"), (2, "key")];
        let said = said.map(|(n, what)| counted(n, what));
        assert_eq!(said, ["1 level", "0 levels", "2 flushes", "3 entries", "1 entry", "2 keys"]);
    }
    #[test]
    fn places_in_an_order_end_as_they_are_spoken() {
        let said = [1, 2, 3, 4, 11, 12, 13, 21, 101, 112, 1003].map(ordinal);
        assert_eq!(said.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 101st 112th 1003rd");
    }
}
