//! A score's formula as data: the numbers, and their text only where it is read.
//!
//! Most picks are never shown; the page shows a dozen and wants words. So a
//! [`LevelScore`](super::LevelScore) carries the numbers, and [`Display`](fmt::Display) makes the text: to the byte
//! with `{}`, as tests and reports compare them; with `{:#}` for reading: sizes that are no longer taken in at a glance
//! have units, in powers of 1,024 (`256 MB / target 256 MB`). It is serialized as that text, beside the
//! [held](Formula::held) amount and its [limit](Formula::limit), which the page lays out:
//!
//! ```text
//! { "text": "3 tables / trigger 4", "held": { "value": 3.0, "of": "tables" },
//!   "limit": { "value": 4.0, "of": "tables", "name": "trigger", "option": "level0_file_num_compaction_trigger" } }
//! ```

use std::fmt;

use serde::{Serialize, Serializer};

use super::By;
use crate::{
    plural::counted,
    words::{decimal, said, say},
};

/// How a score came about. Its text is `3 tables / trigger 4`, or `10 × 6 tables / trigger 4` where it was scaled.
#[derive(Clone, Debug, PartialEq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct Formula {
    /// Whether the scale of dynamic level sizes is on top.
    pub scaled: bool,
    /// At which share of the limit, in percent, the level is due, where that is not the whole: the score is that much
    /// higher.
    pub soft: Option<u64>,
    /// The option that sets the limit, where the term alone does not tell: a level's target follows from several.
    #[borsh(deserialize_with = "crate::static_text::read_option")]
    pub option: Option<&'static str>,
    /// The rest.
    pub term: Term,
}

/// The bytes of a level as scores count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct Held {
    /// The tables' bytes.
    pub bytes: u64,
    /// What is added for tables of more tombstones than values.
    pub for_tombstones: u64,
}

/// The two amounts that are compared.
#[derive(Clone, Debug, PartialEq, borsh::BorshSerialize, borsh::BorshDeserialize)]
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
        /// `max_bytes_for_level_base`, or `max_bytes_for_level_0`.
        base: u64,
    },
    /// Level 0 holds as much as the base: 1.01, whatever its tables.
    ReachesBase {
        /// What it holds.
        held: Held,
        /// `max_bytes_for_level_base`, or `max_bytes_for_level_0`.
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
    /// A count of something against its limit.
    Of {
        /// How many.
        held: u64,
        /// Of what.
        of: CountedRuns,
        /// The limit.
        limit: Limit,
    },
    /// All bytes against what may be kept.
    Stored {
        /// What is stored.
        bytes: u64,
        /// `fifo_max_table_files_size`.
        limit: u64,
    },
    /// Tables that are too old.
    Older {
        /// How many.
        tables: u64,
        /// `ttl`.
        seconds: u64,
    },
    /// In words: those that [`said`] says.
    Words(#[borsh(deserialize_with = "crate::static_text::read")] &'static str),
}

/// What a policy counts that has one score for the whole tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub enum CountedRuns {
    /// All sorted runs.
    Sorted,
    /// The runs of the fullest tier.
    OfTier,
    /// The tables of the fullest bucket.
    OfLikeSize,
}

/// A number of a formula, and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Amount {
    /// How much.
    pub value: f64,
    /// Of what.
    pub of: By,
}

impl Amount {
    /// The number alone; bytes have their unit.
    pub fn number(self) -> String {
        match self.of {
            By::Bytes => Size { bytes: self.value as u64, rounded: true, has_unit: true }.to_string(),
            _ => decimal(&self.value.to_string()),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.value as u64;
        f.write_str(&match self.of {
            By::Tables => counted(n, "table"),
            By::Entries => counted(n, "entry"),
            By::Runs => counted(n, "sorted run"),
            By::Bytes | By::None => self.number(),
        })
    }
}

/// The limit that a number of a formula is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Limit {
    /// How much.
    pub value: f64,
    /// Of what.
    pub of: By,
    /// What it is called: `trigger`, `target`.
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub name: &'static str,
    /// The option that sets it; empty where the tree does.
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub option: &'static str,
}

impl Limit {
    /// The number, and what it counts.
    pub fn amount(&self) -> Amount {
        Amount { value: self.value, of: self.of }
    }

    /// A number of runs.
    pub fn of_runs(value: u64, name: &'static str, option: &'static str) -> Limit {
        Limit { value: value as f64, of: By::Runs, name, option }
    }
}

impl Formula {
    /// `term`, not scaled.
    pub fn new(term: Term) -> Formula {
        Formula { scaled: false, soft: None, option: None, term }
    }

    /// A formula that cannot be given in numbers.
    pub fn words(text: &'static str) -> Formula {
        Formula::new(Term::Words(text))
    }

    /// What the level has of what counts; none where nothing counts.
    pub fn held(&self) -> Option<Amount> {
        let (value, of) = match &self.term {
            Term::NoTarget { bytes } | Term::Stored { bytes, .. } => (*bytes, By::Bytes),
            Term::Tables { tables, .. } | Term::Older { tables, .. } => (*tables, By::Tables),
            Term::Target { held, .. }
            | Term::Base { held, .. }
            | Term::ReachesBase { held, .. }
            | Term::LevelBelow { held, .. }
            | Term::Incoming { held, .. } => (held.bytes, By::Bytes),
            Term::Entries { entries, .. } => (*entries, By::Entries),
            Term::Of { held, limit, .. } => (*held, limit.of),
            Term::LastLevel | Term::Unnecessary { .. } | Term::Words(_) => return None,
        };
        Some(Amount { value: value as f64, of })
    }

    /// The limit of that amount; none if it has none.
    pub fn limit(&self) -> Option<Limit> {
        let (value, of, name, option) = match &self.term {
            Term::Tables { trigger, .. } => (*trigger, By::Tables, "trigger", "level0_file_num_compaction_trigger"),
            Term::Target { target, .. } | Term::Incoming { target, .. } => {
                (*target, By::Bytes, "target", "max_bytes_for_level_base")
            }
            Term::Base { base, .. } | Term::ReachesBase { base, .. } => {
                (*base, By::Bytes, "base", "max_bytes_for_level_base")
            }
            Term::LevelBelow { size, .. } => (*size, By::Bytes, "level below", ""),
            Term::Entries { limit, .. } => (*limit, By::Entries, "limit", "max_entries_for_level_base"),
            Term::Stored { limit, .. } => (*limit, By::Bytes, "limit", "fifo_max_table_files_size"),
            Term::Of { limit, .. } => return Some(*limit),
            _ => return None,
        };
        Some(Limit { value: value as f64, of, name, option: self.option.unwrap_or(option) })
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = if self.scaled { "10 × " } else { "" };
        let term = if f.alternate() { format!("{scale}{:#}", self.term) } else { format!("{scale}{}", self.term) };
        f.write_str(&match self.soft {
            Some(percent) => say!("{formula}, due at {percent} %", formula = term, percent),
            None => term,
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = f.alternate();
        let size = |&bytes: &u64| Size { bytes, rounded, has_unit: false };
        let amount = |bytes: u64| Size { bytes, rounded, has_unit: true };
        let told = |held: &Held| match held.for_tombstones {
            0 => amount(held.bytes).to_string(),
            more => say!("({bytes} + {more} for its tombstones)", bytes = amount(held.bytes), more = size(&more)),
        };
        f.write_str(&match self {
            Term::LastLevel => say!("the last level has nowhere to go"),
            Term::NoTarget { bytes } => say!("{bytes}, no target", bytes = amount(*bytes)),
            Term::Tables { tables, trigger } => {
                say!("{tables} / trigger {trigger}", tables = counted(*tables, "table"), trigger)
            }
            Term::Target { held, target } => {
                say!("{bytes} / target {target}", bytes = told(held), target = size(target))
            }
            Term::Base { held, base } => say!("{bytes} / base {base}", bytes = told(held), base = size(base)),
            Term::ReachesBase { held, base } => {
                say!("1.01, as {bytes} reach base {base}", bytes = told(held), base = size(base))
            }
            Term::LevelBelow { held, size: below, level } => {
                say!("{bytes} / {below} of level {level}", bytes = told(held), below = size(below), level)
            }
            Term::Incoming { held, target, incoming } => say!(
                "{bytes} / (target {target} + {incoming} on their way down)",
                bytes = told(held),
                target = size(target),
                incoming = size(incoming)
            ),
            Term::Unnecessary { steps } => {
                say!("(1.001 + 0.001 × {steps}), to empty a level that is not needed", steps)
            }
            Term::Entries { entries, limit } => say!("{entries} entries / limit {limit}", entries, limit),
            Term::Of { held, of, limit } => {
                let limit = limit.value;
                match of {
                    CountedRuns::Sorted => {
                        say!("{runs} / trigger {limit}", runs = counted(*held, "sorted run"), limit)
                    }
                    CountedRuns::OfTier => {
                        say!("{runs} in one tier / limit {limit}", runs = counted(*held, "run"), limit)
                    }
                    CountedRuns::OfLikeSize => {
                        say!("{tables} of like size / threshold {limit}", tables = counted(*held, "table"), limit)
                    }
                }
            }
            Term::Stored { bytes, limit } => {
                say!("{bytes} / limit {limit}", bytes = amount(*bytes), limit = size(limit))
            }
            Term::Older { tables, seconds } => {
                say!("{tables} older than {seconds} s", tables = counted(*tables, "table"), seconds)
            }
            Term::Words(text) => said(text, &[]),
        })
    }
}

/// Bytes in a formula.
struct Size {
    bytes: u64,
    /// Whether they may be rounded, for reading.
    rounded: bool,
    /// Whether they have their unit where they are not.
    has_unit: bool,
}

/// Sizes below this are written to the byte: five digits are where one begins to count them.
const TO_THE_BYTE: u64 = 10 << 10;

impl fmt::Display for Size {
    /// Written as the page writes sizes: two digits that count, or all of a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rounded || self.bytes < TO_THE_BYTE {
            let n = self.bytes;
            return if self.has_unit { f.write_str(&say!("{n} bytes", n)) } else { write!(f, "{n}") };
        }
        let mut scaled = self.bytes as f64;
        let mut units = ["B", "KB", "MB", "GB", "TB"].iter();
        let mut unit = units.next();
        while scaled >= 1024.0 && units.len() > 0 {
            scaled /= 1024.0;
            unit = units.next();
        }
        let text = format!("{scaled:.*}", usize::from(scaled < 100.0));
        write!(f, "{} {}", decimal(text.strip_suffix(".0").unwrap_or(&text)), unit.unwrap_or(&"B"))
    }
}

/// A formula as it is serialized.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FormulaTold {
    /// For reading.
    pub text: String,
    /// What the level has of what counts.
    pub held: Option<Amount>,
    /// The limit of that amount.
    pub limit: Option<Limit>,
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (held, limit) = (self.held(), self.limit());
        FormulaTold { text: format!("{self:#}"), held, limit }.serialize(serializer)
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
        let read = |formula: &Formula| serde_json::to_value(formula).unwrap()["text"].clone();
        let large = target(256 << 20, 0, 268_435_457);
        assert_eq!(large.to_string(), "268435456 bytes / target 268435457");
        assert_eq!(read(&large), "256 MB / target 256 MB");
        let small = target(2269, 0, 10_239);
        assert_eq!(read(&small), small.to_string(), "2269 bytes / target 10239");
        let dead = Formula { scaled: true, soft: Some(80), ..target(3_500_000_000_000, 20_000, 10 << 10) };
        assert_eq!(read(&dead), "10 × (3.2 TB + 19.5 KB for its tombstones) / target 10 KB, due at 80 %");
        assert_eq!(read(&Formula::new(Term::NoTarget { bytes: 150 << 30 })), "150 GB, no target");
    }

    #[test]
    fn it_is_serialized_as_text_and_as_numbers() {
        let dead = serde_json::to_value(target(3000, 500, 10_000)).unwrap();
        assert_eq!(dead["text"], "(3000 bytes + 500 for its tombstones) / target 10000");
        assert_eq!(dead["held"], serde_json::json!({ "value": 3000.0, "of": "bytes" }));
        let limit = &dead["limit"];
        assert_eq!(
            (&limit["value"], &limit["of"], &limit["name"]),
            (&10_000.0.into(), &"bytes".into(), &"target".into())
        );
        let limit = Limit::of_runs(4, "trigger", "level0_file_num_compaction_trigger");
        let runs = Formula::new(Term::Of { held: 1, of: CountedRuns::Sorted, limit });
        assert_eq!(runs.to_string(), "1 sorted run / trigger 4");
        assert_eq!(runs.held(), Some(Amount { value: 1.0, of: By::Runs }));
        assert_eq!((Formula::new(Term::LastLevel).held(), Formula::new(Term::LastLevel).limit()), (None, None));
    }
}
