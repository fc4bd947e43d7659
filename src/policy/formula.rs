//! A score's formula as data: the numbers, and their text only where somebody reads it.
//!
//! A simulator picks a million times a second and shows none of it; the page shows a dozen and wants words. So a
//! [`LevelScore`](super::LevelScore) carries the numbers, and [`Display`](fmt::Display) makes the text.

use std::fmt;

use serde::{Serialize, Serializer};

/// How a score came about. Its text is `3 tables / trigger 4`, or `10 × 6 tables / trigger 4` where it was scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// Whether the scale of dynamic level sizes is on top.
    pub scaled: bool,
    /// At which share of the limit, in percent, the level is due, where that is not the whole: the score is that much higher.
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
        match self {
            Term::LastLevel => f.write_str("the last level has nowhere to go"),
            Term::NoTarget { bytes } => write!(f, "{bytes} bytes, no target"),
            Term::Tables { tables: 1, trigger } => write!(f, "1 table / trigger {trigger}"),
            Term::Tables { tables, trigger } => write!(f, "{tables} tables / trigger {trigger}"),
            Term::Target { held, target } => write!(f, "{held} / target {target}"),
            Term::Base { held, base } => write!(f, "{held} / base {base}"),
            Term::ReachesBase { held, base } => write!(f, "1.01, as {held} reach base {base}"),
            Term::LevelBelow { held, size, level } => write!(f, "{held} / {size} of level {level}"),
            Term::Incoming { held, target, incoming } => {
                write!(f, "{held} / (target {target} + {incoming} on their way down)")
            }
            Term::Unnecessary { steps } => write!(f, "(1.001 + 0.001 × {steps}), to empty a level that is not needed"),
            Term::Entries { entries, limit } => write!(f, "{entries} entries / limit {limit}"),
            Term::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.for_tombstones {
            0 => write!(f, "{} bytes", self.bytes),
            more => write!(f, "({} bytes + {more} for its tombstones)", self.bytes),
        }
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
