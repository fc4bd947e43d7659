//! One factor for each level: how `max_bytes_for_level_multiplier_additional` is written, read and bounded.

use std::ops::RangeInclusive;

use super::{Unit, Value, from_to};
use crate::words::say;

/// Factors of levels, from level 0 on, written as `1:3:1`. Levels past the last have 1, and so does every level where
/// there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelFactors(#[cfg_attr(target_arch = "wasm32", tsify(type = "string"))] Vec<u64>);

/// There are no more: RocksDB has one for each level.
const MAX_FACTORS: usize = 64;

impl LevelFactors {
    /// That of `level`.
    pub fn of(&self, level: usize) -> u64 {
        self.0.get(level).copied().unwrap_or(1)
    }
}

impl serde::Serialize for LevelFactors {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl Value for LevelFactors {
    /// Of each factor.
    type Range = RangeInclusive<u64>;

    fn parse(text: &str, unit: Unit, range: &Self::Range) -> Result<LevelFactors, String> {
        let expected = || {
            say!(
                "a whole number from {limits} for each level, from level 0 on, such as 1:3:1, and {most} at most",
                limits = from_to(range.start(), range.end()),
                most = MAX_FACTORS,
            )
        };
        let text = text.trim();
        let numbers = text.split(':').filter(|_| !text.is_empty()).map(|factor| factor.trim().parse().ok());
        let factors = LevelFactors(numbers.take(MAX_FACTORS + 1).collect::<Option<_>>().ok_or_else(expected)?);
        factors.check(unit, range).map(|()| factors).map_err(|_| expected())
    }

    fn check(&self, _: Unit, range: &Self::Range) -> Result<(), String> {
        match self.0.len() <= MAX_FACTORS && self.0.iter().all(|factor| range.contains(factor)) {
            true => Ok(()),
            false => Err(from_to(range.start(), range.end())),
        }
    }

    fn to_text(&self) -> String {
        self.0.iter().map(u64::to_string).collect::<Vec<_>>().join(":")
    }

    fn bounds(_: &Self::Range) -> (Option<f64>, Option<f64>) {
        (None, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<LevelFactors, String> {
        LevelFactors::parse(text, Unit::Count, &(1..=1000))
    }

    #[test]
    fn factors_are_written_as_they_are_read() {
        for text in ["", "1", "1:3:1:2"] {
            assert_eq!(parse(text).unwrap().to_text(), text);
        }
        let factors = parse(" 1: 3 ").unwrap();
        assert_eq!([factors.of(0), factors.of(1), factors.of(2)], [1, 3, 1]);
    }

    #[test]
    fn what_is_no_factor_is_refused_with_what_is_one() {
        for text in ["0", "1:0", "1:", "1;2", "-1", "1001"] {
            assert!(parse(text).unwrap_err().contains("from 1 to 1000 for each level"), "{text}");
        }
        let many = ["1"; MAX_FACTORS].join(":");
        assert_eq!(parse(&many).unwrap().to_text(), many);
        assert!(parse(&format!("{many}:2")).unwrap_err().contains("64 at most"));
    }
}
