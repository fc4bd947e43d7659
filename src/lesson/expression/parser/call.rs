//! Calls, with the patterns of events that they take, and forks.

use std::ops::Range;

use super::{Parser, listed};
use crate::{
    lesson::expression::{Aggregate, Function, Pattern, Spanned, Term, Which, Wrong, fork, names, token::Token},
    plural::counted,
    trace::Event,
    words::say,
};

const FUNCTIONS: [(&str, Function, (usize, usize)); 12] = [
    ("op", Function::Op, (1, 1)),
    ("at", Function::At, (1, 1)),
    ("probed", Function::Probed, (1, 1)),
    ("rows", Function::Rows, (1, 1)),
    ("same", Function::Same, (1, 1)),
    ("tables", Function::Tables, (1, 1)),
    ("versions", Function::Versions, (1, 1)),
    ("life", Function::Life, (1, 1)),
    ("length", Function::Length, (1, 1)),
    ("has", Function::Has, (2, 2)),
    ("round", Function::Round, (1, 2)),
    ("min", Function::Min, (2, 16)),
];

const AGGREGATES: [(&str, Aggregate); 5] = [
    ("count", Aggregate::Count),
    ("sum", Aggregate::Sum),
    ("min", Aggregate::Min),
    ("max", Aggregate::Max),
    ("list", Aggregate::List),
];

/// Every name that can be called.
pub(in crate::lesson) const CALLABLE: [&str; 21] = [
    "count", "sum", "min", "max", "list", "first", "last", "op", "at", "before", "order", "rank", "probed", "rows",
    "same", "tables", "versions", "life", "length", "has", "round",
];

impl Parser<'_> {
    pub(super) fn call(&mut self, name: &str, place: Range<usize>) -> Result<Spanned, Wrong> {
        self.at += 1;
        let event = self.event.take();
        let was_right = std::mem::take(&mut self.is_right);
        let term = self.deeper(|parser| parser.called(name, &place, event));
        (self.event, self.is_right) = (event, was_right);
        Ok(Spanned { term: term?, place: self.since(place.start) })
    }

    /// The call of `name`, of which the opening parenthesis was read; `event` is that of the `where` around it.
    fn called(
        &mut self,
        name: &str,
        place: &Range<usize>,
        event: Option<(&'static str, &'static [&'static str])>,
    ) -> Result<Term, Wrong> {
        if let Some((_, aggregate)) = AGGREGATES.iter().find(|(known, _)| *known == name) {
            let is_of_values = matches!(aggregate, Aggregate::Min | Aggregate::Max) && !self.is_kind_next();
            if !is_of_values {
                let pattern = self.pattern()?;
                self.expect(")", say!("Close the call."))?;
                return over(*aggregate, pattern);
            }
        }
        match name {
            "first" | "last" => {
                let pattern = self.whole_event()?;
                self.expect(")", say!("Close the call."))?;
                Ok(Term::Event(if name == "first" { Which::First } else { Which::Last }, pattern))
            }
            "before" => {
                let all = self.list(")", Parser::whole_event)?;
                if all.len() < 2 {
                    return Err(Wrong::new(
                        place.clone(),
                        say!("before compares two at least"),
                        say!("Write before(A, B)."),
                    ));
                }
                Ok(Term::Before(all))
            }
            "order" => Ok(Term::Order(self.list(")", |parser| {
                let name = parser.label();
                let pattern = parser.whole_event()?;
                Ok((name.unwrap_or_else(|| pattern.kind.to_string()), pattern))
            })?)),
            "rank" => Ok(Term::Rank(self.list(")", |parser| {
                let here = parser.here();
                let remedy = say!("Write rank(leveled: EXPR, universal: EXPR).");
                let name =
                    parser.label().ok_or_else(|| Wrong::new(here, say!("expected a name and a colon"), remedy))?;
                Ok((name, parser.or()?))
            })?)),
            "probed" | "rows" | "same" => {
                let wanted = if name == "probed" { "get" } else { "scan" };
                if !self.takes_word(wanted) {
                    return Err(
                        self.wrong(say!("expected {wanted}", wanted), say!("Write {name}({wanted}).", name, wanted))
                    );
                }
                self.expect(")", say!("Close the call."))?;
                Ok(Term::Call(function(name, place)?.0, Vec::new()))
            }
            "versions" | "life" => {
                // A key may be a plain word.
                self.is_right = true;
                let key = self.or()?;
                self.expect(")", say!("Close the call."))?;
                Ok(Term::Call(function(name, place)?.0, vec![key]))
            }
            _ => {
                let (function, (least, most)) = function(name, place)?;
                self.event = event;
                let values = self.list(")", Parser::or)?;
                if !(least..=most).contains(&values.len()) {
                    let message = say!("{name} takes {values}", name, values = counted(least, "value"));
                    return Err(Wrong::new(place.clone(), message, say!("docs/lesson-format.md lists all calls.")));
                }
                Ok(Term::Call(function, values))
            }
        }
    }

    /// A name and a colon, if they are next.
    fn label(&mut self) -> Option<String> {
        let is_label = matches!(self.tokens.get(self.at + 1), Some((Token::Sign(":"), _)));
        match self.peek() {
            Some(Token::Word(name)) if is_label => {
                let name = name.clone();
                self.at += 2;
                Some(name)
            }
            _ => None,
        }
    }

    fn is_kind_next(&self) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if Event::KINDS.contains(&word.as_str()))
    }

    /// A pattern without a path.
    fn whole_event(&mut self) -> Result<Pattern, Wrong> {
        let pattern = self.pattern()?;
        if pattern.path.is_empty() {
            return Ok(pattern);
        }
        Err(Wrong::new(
            pattern.place,
            say!("expected a kind of event alone"),
            say!("Write first(get_ended).cost: fields behind it."),
        ))
    }

    fn pattern(&mut self) -> Result<Pattern, Wrong> {
        let (word, place) = self.name(say!("a kind of event"))?;
        let Some((kind, fields)) = names::fields(&word) else {
            let remedy = names::did_you_mean(&word, Event::KINDS);
            // All of them would be a page.
            let remedy = if names::nearest(&word, Event::KINDS).is_some() {
                remedy
            } else {
                say!("lsmscope picture SCRIPT --list names them.")
            };
            return Err(Wrong::new(place, say!("{word} is no kind of event", word), remedy));
        };
        let mut path = Vec::new();
        while self.takes(".") {
            let (name, here) = self.name(say!("the name of a field"))?;
            if path.is_empty() && !fields.contains(&name.as_str()) {
                return Err(Wrong::new(here, say!("{kind} has no field {name}", kind, name), listed(fields)));
            }
            path.push(name);
        }
        let mut filter = None;
        if self.takes_word("where") {
            let before = self.event.replace((kind, fields));
            let read = self.or();
            self.event = before;
            filter = Some(Box::new(read?));
        }
        Ok(Pattern { kind, path, filter, place: self.since(place.start) })
    }

    pub(super) fn fork(&mut self, place: Range<usize>) -> Result<Spanned, Wrong> {
        let Some(Token::Braces(inside)) = self.peek().cloned() else {
            return Err(
                self.wrong(say!("expected the braces of a fork"), say!("Write fork{OPTION=VALUE}.report.write_user."))
            );
        };
        let lines = fork::read(self.source, inside, self.known.variables)?;
        self.at += 1;
        self.expect(".", say!("Say what is wanted of the fork: fork{OPTION=VALUE}.report.write_user."))?;
        let before = self.forks.len();
        let inner = self.deeper(|parser| {
            let primary = parser.primary()?;
            parser.fields_of(primary)
        })?;
        if self.forks.len() > before {
            return Err(Wrong::new(place, say!("a fork in a fork"), say!("Put all options into one.")));
        }
        self.forks.push(lines);
        Ok(Spanned { term: Term::Fork(before, inner.into()), place: self.since(place.start) })
    }
}

fn over(aggregate: Aggregate, pattern: Pattern) -> Result<Term, Wrong> {
    let wrong = |message: String, remedy: String| Err(Wrong::new(pattern.place.clone(), message, remedy));
    match (aggregate, pattern.path.is_empty()) {
        (Aggregate::Count, false) => {
            wrong(say!("count takes a kind of event alone"), say!("Write count(KIND), or sum(KIND.field)."))
        }
        (Aggregate::Sum | Aggregate::Min | Aggregate::Max, true) => {
            wrong(say!("a field is missing"), say!("Write KIND.field, such as wal_appended.bytes."))
        }
        _ => Ok(Term::Over(aggregate, pattern)),
    }
}

fn function(name: &str, place: &Range<usize>) -> Result<(Function, (usize, usize)), Wrong> {
    if name == "max" {
        return Ok((Function::Max, (2, 16)));
    }
    let found = FUNCTIONS.iter().find(|(known, ..)| *known == name);
    found.map(|(_, function, count)| (*function, *count)).ok_or_else(|| {
        Wrong::new(place.clone(), say!("there is no call {name}", name), names::did_you_mean(name, &CALLABLE))
    })
}
