//! A score that is being computed: the number, what set it, and its formula if it is shown.

use crate::policy::{By, Formula, Term};

/// What a score above 1 is multiplied by under dynamic level sizes.
pub const SCALE: f64 = 10.0;

/// How a score is explained: by its [`Formula`], or, in a pick that is not shown, not at all.
pub trait Words {
    fn new(term: impl FnOnce() -> Term) -> Self;
    fn softened(self, percent: u64) -> Self;
    fn scaled(self) -> Self;
}

impl Words for Formula {
    fn new(term: impl FnOnce() -> Term) -> Formula {
        Formula::new(term())
    }

    fn softened(self, percent: u64) -> Formula {
        Formula { soft: Some(percent), ..self }
    }

    fn scaled(self) -> Formula {
        Formula { scaled: true, ..self }
    }
}

impl Words for () {
    fn new(_: impl FnOnce() -> Term) {}

    fn softened(self, _: u64) {}

    fn scaled(self) {}
}

/// A score with what set it.
pub struct Part<F> {
    pub score: f64,
    pub by: By,
    pub formula: F,
}

impl<F: Words> Part<F> {
    pub fn new(score: f64, by: By, term: impl FnOnce() -> Term) -> Part<F> {
        Part { score, by, formula: F::new(term) }
    }

    /// The higher of both; `self` if they are equal.
    pub fn or_higher(self, other: Part<F>) -> Part<F> {
        if other.score > self.score { other } else { self }
    }

    /// As it is where a level is due at `percent` of its limits.
    pub fn softened(self, percent: u64) -> Part<F> {
        if percent == 100 || self.by == By::None {
            return self;
        }
        Part { score: self.score * 100.0 / percent as f64, formula: self.formula.softened(percent), ..self }
    }

    pub fn scaled(self) -> Part<F> {
        Part { score: self.score * SCALE, formula: self.formula.scaled(), ..self }
    }
}
