//! An option as data: panels and help are generated from it.

use std::borrow::Cow;

use serde::Serialize;

/// The unit of an option's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes; may be written `64KB`, `1.5MB`, `2TB` (powers of 1,024), up to PB.
    Bytes,
    /// A count, or a plain number.
    Count,
    /// Bits per key.
    Bits,
    /// A share of 100.
    Percent,
    /// A share of 1.
    Ratio,
    /// Seconds of virtual time; may be written `90s`, `5m`, `1.5h`, `30d`, `2w`.
    Seconds,
    /// Milliseconds of virtual time; may be written `500ms`, `2s`.
    Milliseconds,
    /// A rate: per second of virtual time.
    PerSecond,
    /// `true` or `false`.
    Switch,
    /// One of several names.
    Choice,
}

/// One option, as data: panels and help are generated from it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Description {
    /// Its name.
    pub name: &'static str,
    /// The part of the engine that it belongs to.
    pub group: &'static str,
    /// The unit of its numbers.
    pub unit: Unit,
    /// Its default, as text.
    pub default: String,
    /// The least value, for a number.
    pub min: Option<f64>,
    /// The greatest value, for a number.
    pub max: Option<f64>,
    /// The values, for a choice.
    pub choices: Vec<&'static str>,
    /// What it does, and the trade-off, in the reader's language.
    pub about: Cow<'static, str>,
}
