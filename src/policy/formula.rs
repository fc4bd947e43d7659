//! A score's formula as data: the numbers, and their text only where it is read.
//!
//! Most picks are never shown; the page shows a dozen and wants words. So a
//! [`LevelScore`](super::LevelScore) carries the numbers, and [`Display`](fmt::Display) makes the text: to the byte
//! with `{}`, as tests and reports compare them; with `{:#}` for reading, which is how it is serialized: sizes that are
//! no longer taken in at a glance have units, in powers of 1,024 (`256 MB / target 256 MB`).

use std::fmt;

use serde::{Serialize, Serializer};

/// How a score came about. Its text is `3 tables / trigger 4`, or `10 × 6 tables / trigger 4` where it was scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// Whether the scale of dynamic level sizes is on top.
    pub scaled: bool,
    /// At which share of the limit, in percent, the level is due, where that is not the whole: the score is that much
    /// higher.
    pub soft: Option<u64>,
    /// The rest.
    pub term: Term,
}

/// The bytes of a level as scores count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The tables' bytes.
    pub bytes: u64,
    /// What is added for tables of more tombstones than values.
    pub for_tombstones: u64,
}

/// What is weighed against what.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The last level's.
    LastLevel,
    /// Of a level that has no target.
    NoTarget {
        /// What it holds.
        bytes: u64,
    },
    /// Level 0 by its tables.
    Tables {
        /// How many.
        tables: u64,
        /// `level0_file_num_compaction_trigger`.
        trigger: u64,
    },
    /// Bytes against the level's target.
    Target {
        /// What it holds.
        held: Held,
        /// What it should.
        target: u64,
    },
    /// Level 0's bytes against the base.
    Base {
        /// What it holds.
        held: Held,
        /// `max_bytes_for_level_base`.
        base: u64,
    },
    /// Level 0 holds as much as the base: 1.01, whatever its tables.
    ReachesBase {
        /// What it holds.
        held: Held,
        /// `max_bytes_for_level_base`.
        base: u64,
    },
    /// Level 0's bytes against those of the level it compacts into.
    LevelBelow {
        /// What it holds.
        held: Held,
        /// That level's bytes, or its target.
        size: u64,
        /// That level.
        level: usize,
    },
    /// Bytes against the target and what is about to come down on top of it.
    Incoming {
        /// What it holds.
        held: Held,
        /// What it should.
        target: u64,
        /// What is on its way down.
        incoming: u64,
    },
    /// A level that is not needed: the further up, the sooner.
    Unnecessary {
        /// How many levels it is above the lowest such.
        steps: usize,
    },
    /// Entries against their limit.
    Entries {
        /// How many.
        entries: u64,
        /// How many it should hold.
        limit: u64,
    },
    /// In words.
    Text(String),
}

impl Formula {
    /// `term`, not scaled.
    pub fn new(term: Term) -> Formula {
        Formula { scaled: false, soft: None, term }
    }
}

impl From<String> for Formula {
    fn from(text: String) -> Formula {
        Formula::new(Term::Text(text))
    }
}

impl From<&str> for Formula {
    fn from(text: &str) -> Formula {
        text.to_string().into()
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scaled {
            f.write_str("10 × ")?;
        }
        self.term.fmt(f)?;
        self.soft.map_or(Ok(()), |percent| write!(f, ", due at {percent} %"))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = f.alternate();
        let size = |&bytes: &u64| Size { bytes, rounded, unit: "" };
        let amount = |bytes: u64| Size { bytes, rounded, unit: " bytes" };
        let told = |held: &Held| match held.for_tombstones {
            0 => amount(held.bytes).to_string(),
            more => format!("({} + {} for its tombstones)", amount(held.bytes), size(&more)),
        };
        match self {
            Term::LastLevel => f.write_str("the last level has nowhere to go"),
            Term::NoTarget { bytes } => write!(f, "{}, no target", amount(*bytes)),
            Term::Tables { tables: 1, trigger } => write!(f, "1 table / trigger {trigger}"),
            Term::Tables { tables, trigger } => write!(f, "{tables} tables / trigger {trigger}"),
            Term::Target { held, target } => write!(f, "{} / target {}", told(held), size(target)),
            Term::Base { held, base } => write!(f, "{} / base {}", told(held), size(base)),
            Term::ReachesBase { held, base } => write!(f, "1.01, as {} reach base {}", told(held), size(base)),
            Term::LevelBelow { held, size: below, level } => {
                write!(f, "{} / {} of level {level}", told(held), size(below))
            }
            Term::Incoming { held, target, incoming } => {
                write!(f, "{} / (target {} + {} on their way down)", told(held), size(target), size(incoming))
            }
            Term::Unnecessary { steps } => write!(f, "(1.001 + 0.001 × {steps}), to empty a level that is not needed"),
            Term::Entries { entries, limit } => write!(f, "{entries} entries / limit {limit}"),
            Term::Text(text) => f.write_str(text),
        }
    }
}

/// Bytes in a formula.
struct Size {
    bytes: u64,
    /// Whether they may be rounded, for reading.
    rounded: bool,
    /// What stands behind them where they are not.
    unit: &'static str,
}

/// Sizes below this are written to the byte: five digits are where one begins to count them.
const TO_THE_BYTE: u64 = 10 << 10;

impl fmt::Display for Size {
    /// Written as the page writes sizes: two digits that count, or all of a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rounded || self.bytes < TO_THE_BYTE {
            return write!(f, "{}{}", self.bytes, self.unit);
        }
        let mut scaled = self.bytes as f64;
        let mut units = ["B", "KB", "MB", "GB", "TB"].iter();
        let mut unit = units.next();
        while scaled >= 1024.0 && units.len() > 0 {
            scaled /= 1024.0;
            unit = units.next();
        }
        let text = format!("{scaled:.*}", usize::from(scaled < 100.0));
        write!(f, "{} {}", text.strip_suffix(".0").unwrap_or(&text), unit.unwrap_or(&"B"))
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(bytes: u64, for_tombstones: u64, target: u64) -> Formula {
        Formula::new(Term::Target { held: Held { bytes, for_tombstones }, target })
    }

    #[test]
    fn for_reading_sizes_have_units_and_for_comparing_they_are_to_the_byte() {
        let read = |formula: &Formula| serde_json::to_value(formula).unwrap();
        let large = target(256 << 20, 0, 268_435_457);
        assert_eq!(large.to_string(), "268435456 bytes / target 268435457");
        assert_eq!(read(&large), "256 MB / target 256 MB");
        let small = target(2269, 0, 10_239);
        assert_eq!(read(&small), small.to_string(), "2269 bytes / target 10239");
        let dead = Formula { scaled: true, soft: Some(80), ..target(3_500_000_000_000, 20_000, 10 << 10) };
        assert_eq!(read(&dead), "10 × (3.2 TB + 19.5 KB for its tombstones) / target 10 KB, due at 80 %");
        assert_eq!(read(&Formula::new(Term::NoTarget { bytes: 150 << 30 })), "150 GB, no target");
    }
}
