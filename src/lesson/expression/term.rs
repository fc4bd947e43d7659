//! The tree of an expression.

use std::ops::Range;

use serde_json::Value as Json;

/// A term and its place in the expression.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::lesson) struct Spanned {
    pub term: Term,
    pub place: Range<usize>,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::lesson) enum Term {
    /// A number, a text or a truth value.
    Literal(Json),
    /// A variable of `vary`, a name of `let`, `truth` or `answer`.
    Name(String),
    /// A field of the event that `where` looks at.
    EventField(&'static str),
    List(Vec<Spanned>),
    Not(Box<Spanned>),
    Negative(Box<Spanned>),
    Binary(Binary, Box<Spanned>, Box<Spanned>),
    Field(Box<Spanned>, String),
    Item(Box<Spanned>, Box<Spanned>),
    /// `report`, `begin`.
    State(Which),
    Options,
    Expected,
    Compared,
    Picked,
    /// `count(KIND)`, `sum(KIND.field)`, …
    Over(Aggregate, Pattern),
    /// `first(KIND)`, `last(KIND)`.
    Event(Which, Pattern),
    /// `before(A, B)`.
    Before(Vec<Pattern>),
    /// `order(A, NAME: B)`.
    Order(Vec<(String, Pattern)>),
    /// `rank(NAME: EXPR)`.
    Rank(Vec<(String, Spanned)>),
    /// Any other call, with values.
    Call(Function, Vec<Spanned>),
    /// A fork, by its number, and what is evaluated there.
    Fork(usize, Box<Spanned>),
}

/// One of two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lesson) enum Which {
    First,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lesson) enum Binary {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What is made of the events of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lesson) enum Aggregate {
    Count,
    Sum,
    Min,
    Max,
    List,
}

/// Events of a kind, and a path into each.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::lesson) struct Pattern {
    pub kind: &'static str,
    pub path: Vec<String>,
    pub filter: Option<Box<Spanned>>,
    pub place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lesson) enum Function {
    Min,
    Max,
    Op,
    At,
    Probed,
    Rows,
    Same,
    Tables,
    Versions,
    Life,
    Length,
    Has,
    Round,
}

impl Spanned {
    /// Calls `what` for this term and all in it.
    pub fn each<'a>(&'a self, what: &mut impl FnMut(&'a Term)) {
        what(&self.term);
        let mut patterns = |pattern: &'a Pattern| {
            if let Some(filter) = &pattern.filter {
                filter.each(what);
            }
        };
        match &self.term {
            Term::Literal(_)
            | Term::Name(_)
            | Term::EventField(_)
            | Term::State(_)
            | Term::Options
            | Term::Expected
            | Term::Compared
            | Term::Picked => {}
            Term::Over(_, pattern) | Term::Event(_, pattern) => patterns(pattern),
            Term::Before(all) => all.iter().for_each(patterns),
            Term::Order(all) => all.iter().for_each(|(_, pattern)| patterns(pattern)),
            Term::List(all) | Term::Call(_, all) => all.iter().for_each(|term| term.each(what)),
            Term::Rank(all) => all.iter().for_each(|(_, term)| term.each(what)),
            Term::Not(inner) | Term::Negative(inner) | Term::Field(inner, _) | Term::Fork(_, inner) => inner.each(what),
            Term::Binary(_, left, right) | Term::Item(left, right) => {
                left.each(what);
                right.each(what);
            }
        }
    }
}
