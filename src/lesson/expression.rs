//! The language of `truth`, `check` and `{{…}}`: pure, bounded, without loops.
//!
//! In: the text of an expression, and the names that it may use (`Known`). Out: an [`Expression`], which
//! `evaluate` computes over the events of a run. Errors: at the wrong word. Kinds of events, their
//! fields, and the names of the state and of options are checked when the file is read; what lies deeper in an event
//! (`table.entries`) when it is evaluated.
//!
//! ```text
//! or       = and *( "or" and )
//! and      = not *( "and" not )
//! not      = [ "not" ] compare
//! compare  = sum [ ( "==" / "!=" / "<" / "<=" / ">" / ">=" ) sum ]       in where, "=" is "=="
//! sum      = product *( ( "+" / "-" ) product )
//! product  = factor *( ( "*" / "/" ) factor )
//! factor   = [ "-" ] primary *( "." name / "[" or "]" )
//! primary  = number / "text" / true / false / name / call / list / "(" or ")" / fork
//! call     = name "(" [ argument *( "," argument ) ] ")"
//! argument = or / pattern / name ":" ( or / pattern )
//! pattern  = kind [ "." name *( "." name ) ] [ "where" or ]
//! fork     = "fork{" [ name "=" value *( "," … ) ] *( "|" line ) "}" "." primary
//! ```

use std::ops::Range;

mod fork;
pub mod names;
mod parser;
mod term;
mod token;

pub(super) use fork::ForkLines;
pub(super) use parser::CALLABLE;
pub(super) use term::{Aggregate, Binary, Function, Pattern, Spanned, Term, Which};

use super::{
    limits::{MAX_EXPRESSION, MAX_FORKS},
    source::{Errors, Located},
};
use crate::words::say;

/// The names that an expression may use.
#[derive(Clone, Debug, Default)]
pub(super) struct Known<'a> {
    /// The variables of `vary`.
    pub variables: &'a [String],
    /// The names of `let`.
    pub lets: Vec<String>,
    /// Whether there is a `truth`.
    pub truth: bool,
    /// Whether there is an `answer`, and with it `clicked`.
    pub answer: bool,
    /// Whether there is a policy card, and with it `picked`.
    pub picked: bool,
}

/// An expression that was parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    root: Spanned,
    source: Located,
    forks: Vec<ForkLines>,
}

impl Expression {
    /// Parses `source`; none if something is wrong with it, which is among `errors` then.
    pub(super) fn parse(source: &Located, known: &Known<'_>, errors: &mut Errors<'_>) -> Option<Expression> {
        let source = source.trim();
        if source.text().chars().count() > MAX_EXPRESSION {
            errors.add(
                source.whole(),
                say!("an expression has at most 2,000 characters"),
                say!("Give its parts names with let."),
            );
            return None;
        }
        let parsed = token::tokens(source.text()).and_then(|tokens| parser::parse(&source, tokens, known));
        match parsed {
            Ok((_, forks)) if forks.len() > MAX_FORKS => {
                errors.add(source.whole(), say!("there are more than 16 forks"), say!("Compare fewer."));
                None
            }
            Ok((root, forks)) => Some(Expression { root, source, forks }),
            Err(Wrong { place, message, remedy }) => {
                errors.add(source.place(place), message, remedy);
                None
            }
        }
    }

    pub(super) fn root(&self) -> &Spanned {
        &self.root
    }

    /// The parts that `and` joins, in order: what a challenge shows of its check.
    pub(super) fn conjuncts(&self) -> Vec<&Spanned> {
        let mut found = Vec::new();
        let mut waiting = vec![&self.root];
        while let Some(part) = waiting.pop() {
            if let Term::Binary(Binary::And, left, right) = &part.term {
                waiting.extend([&**right, &**left]);
            } else {
                found.push(part);
            }
        }
        found
    }

    /// The forks, by their numbers.
    pub(super) fn forks(&self) -> &[ForkLines] {
        &self.forks
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Where a part of it, or all of it, stands in the file.
    pub(super) fn place(&self, part: Range<usize>) -> Range<usize> {
        self.source.place(part)
    }

    pub(super) fn whole(&self) -> Range<usize> {
        self.source.whole()
    }
}

/// What is wrong with an expression, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub place: Range<usize>,
    pub message: String,
    pub remedy: String,
}

impl Wrong {
    pub fn new(place: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) -> Wrong {
        Wrong { place, message: message.into(), remedy: remedy.into() }
    }
}
