//! What is wrong with a value.

use std::fmt;

use serde::Serialize;

use crate::{
    error::{Error, MAX_PATH, excerpt, without_middle},
    words::say,
};

/// An invalid value: the field, the value as given, and what would be valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Problem {
    /// The knob.
    pub field: String,
    /// The value as given.
    pub value: String,
    /// What would be valid.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = without_middle(self.value.clone(), MAX_PATH);
        let (field, expected) = (excerpt(&self.field), &self.expected);
        f.write_str(&say!("{field} = {value}: expected {expected}", field, value, expected))
    }
}

impl std::error::Error for Problem {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::invalid(problem.to_string())
    }
}
