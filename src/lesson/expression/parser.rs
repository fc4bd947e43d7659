//! Parses an expression, by recursive descent: one function for each rule of the grammar.

use std::ops::Range;

use serde_json::Value as Json;

use super::{
    Binary, ForkLines, Function, Known, Spanned, Term, Which, Wrong, names,
    token::{Placed, Token},
};
use crate::{
    lesson::{
        limits::{MAX_DEPTH, MAX_LIST},
        source::Located,
    },
    trace::Event,
    words::say,
};

mod call;

pub(in crate::lesson) use call::CALLABLE;

/// Parses all of `tokens`, which `source` was split into.
pub(super) fn parse(
    source: &Located,
    tokens: Vec<Placed>,
    known: &Known<'_>,
) -> Result<(Spanned, Vec<ForkLines>), Wrong> {
    let mut parser = Parser { source, tokens, at: 0, known, depth: 0, event: None, is_right: false, forks: Vec::new() };
    let root = parser.or()?;
    match parser.peek() {
        None => Ok((root, parser.forks)),
        Some(Token::Sign("=")) => Err(parser
            .wrong(say!("one = means nothing here"), say!("Write == to compare; = is for where and for options."))),
        Some(Token::Sign("&&" | "||")) => {
            Err(parser.wrong(say!("this sign means nothing here"), say!("Write and, or, not.")))
        }
        Some(_) => {
            Err(parser
                .wrong(say!("something stands behind the expression"), say!("Join two of them by and, or, + or <.")))
        }
    }
}

struct Parser<'a> {
    source: &'a Located,
    tokens: Vec<Placed>,
    at: usize,
    known: &'a Known<'a>,
    depth: usize,
    /// The kind whose `where` is being read, and its fields.
    event: Option<(&'static str, &'static [&'static str])>,
    /// Whether this is the right side of a comparison in it, where a word may be a text.
    is_right: bool,
    forks: Vec<ForkLines>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// The place of the next token, or the end.
    fn here(&self) -> Range<usize> {
        let end = self.source.text().len();
        self.tokens.get(self.at).map_or(end..end, |(_, place)| place.clone())
    }

    /// From `start` to the end of the last token that was read.
    fn since(&self, start: usize) -> Range<usize> {
        start..self.tokens.get(self.at.wrapping_sub(1)).map_or(start, |(_, place)| place.end).max(start)
    }

    fn wrong(&self, message: impl Into<String>, remedy: impl Into<String>) -> Wrong {
        Wrong::new(self.here(), message, remedy)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Word(next)) if next == word);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, sign: &str, remedy: impl Into<String>) -> Result<(), Wrong> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong(say!("expected {sign}", sign), remedy)) }
    }

    fn name(&mut self, what: String) -> Result<(String, Range<usize>), Wrong> {
        let place = self.here();
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Ok((word, place))
            }
            _ => Err(self.wrong(say!("expected {what}", what), say!("Names are of letters, digits and _."))),
        }
    }

    /// Every rule that can hold itself goes through here.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T, Wrong>) -> Result<T, Wrong> {
        if self.depth == MAX_DEPTH {
            return Err(self.wrong(say!("this is nested too deeply"), say!("Give its parts names with let.")));
        }
        self.depth += 1;
        let found = rule(self);
        self.depth -= 1;
        found
    }

    fn or(&mut self) -> Result<Spanned, Wrong> {
        self.deeper(|parser| parser.joined(&[("or", Binary::Or)], Parser::and))
    }

    fn and(&mut self) -> Result<Spanned, Wrong> {
        self.joined(&[("and", Binary::And)], Parser::not)
    }

    fn not(&mut self) -> Result<Spanned, Wrong> {
        let start = self.here().start;
        if !self.takes_word("not") {
            return self.compare();
        }
        let inner = self.deeper(Parser::not)?;
        Ok(Spanned { place: self.since(start), term: Term::Not(inner.into()) })
    }

    fn compare(&mut self) -> Result<Spanned, Wrong> {
        const COMPARISONS: [(&str, Binary); 6] = [
            ("==", Binary::Equal),
            ("!=", Binary::Unequal),
            ("<=", Binary::LessOrEqual),
            (">=", Binary::GreaterOrEqual),
            ("<", Binary::Less),
            (">", Binary::Greater),
        ];
        let start = self.here().start;
        let left = self.sum()?;
        let found = COMPARISONS.into_iter().find(|(sign, _)| self.takes(sign)).map(|(_, binary)| binary);
        let found = found.or_else(|| (self.event.is_some() && self.takes("=")).then_some(Binary::Equal));
        let Some(binary) = found else { return Ok(left) };
        let was_right = std::mem::replace(&mut self.is_right, self.event.is_some());
        let right = self.sum();
        self.is_right = was_right;
        Ok(Spanned { term: Term::Binary(binary, left.into(), right?.into()), place: self.since(start) })
    }

    fn sum(&mut self) -> Result<Spanned, Wrong> {
        self.joined(&[("+", Binary::Add), ("-", Binary::Subtract)], Parser::product)
    }

    fn product(&mut self) -> Result<Spanned, Wrong> {
        self.joined(&[("*", Binary::Multiply), ("/", Binary::Divide)], Parser::factor)
    }

    /// Operands of a rule, with `operators` between them, from the left.
    fn joined(
        &mut self,
        operators: &[(&str, Binary)],
        operand: impl Fn(&mut Self) -> Result<Spanned, Wrong>,
    ) -> Result<Spanned, Wrong> {
        let start = self.here().start;
        let mut left = operand(self)?;
        let mut count = 0;
        while let Some((_, binary)) = operators.iter().find(|(sign, _)| self.takes(sign) || self.takes_word(sign)) {
            // The tree grows to the left, and is walked by recursion.
            count += 1;
            if count > MAX_DEPTH {
                return Err(self.wrong(say!("this has too many parts"), say!("Give some of them a name with let.")));
            }
            let right = operand(self)?;
            let place = self.since(start);
            left = Spanned { term: Term::Binary(*binary, left.into(), right.into()), place };
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Spanned, Wrong> {
        let start = self.here().start;
        if self.takes("-") {
            let inner = self.deeper(Parser::factor)?;
            return Ok(Spanned { place: self.since(start), term: Term::Negative(inner.into()) });
        }
        let primary = self.primary()?;
        self.fields_of(primary)
    }

    /// `.name` and `[index]` behind a value.
    fn fields_of(&mut self, value: Spanned) -> Result<Spanned, Wrong> {
        let start = value.place.start;
        let mut value = value;
        let mut count = 0;
        loop {
            let term = if self.takes(".") {
                let (name, place) = self.name(say!("the name of a field"))?;
                check_field(&value.term, &name, &place)?;
                Term::Field(value.into(), name)
            } else if self.takes("[") {
                let index = self.or()?;
                self.expect("]", say!("Close the index."))?;
                Term::Item(value.into(), index.into())
            } else {
                return Ok(value);
            };
            count += 1;
            if count > MAX_DEPTH {
                return Err(self.wrong(say!("this is nested too deeply"), say!("Give its parts names with let.")));
            }
            value = Spanned { term, place: self.since(start) };
        }
    }

    fn primary(&mut self) -> Result<Spanned, Wrong> {
        let place = self.here();
        let literal = |value: Json| Ok(Spanned { term: Term::Literal(value), place: place.clone() });
        match self.peek().cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                literal(crate::lesson::value::number(number))
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                literal(text.into())
            }
            Some(Token::Word(word)) => {
                self.at += 1;
                self.word(word, place)
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.or()?;
                self.expect(")", say!("Close the parenthesis."))?;
                Ok(Spanned { term: inner.term, place: self.since(place.start) })
            }
            Some(Token::Sign("[")) => {
                self.at += 1;
                let items = self.list("]", Parser::or)?;
                Ok(Spanned { term: Term::List(items), place: self.since(place.start) })
            }
            Some(_) => Err(self.wrong(say!("expected a value"), say!("Write a number, a \"text\", a name or a call."))),
            None => {
                Err(self
                    .wrong(say!("something is missing here"), say!("Write a number, a \"text\", a name or a call.")))
            }
        }
    }

    /// What `each` reads, between commas, up to `closing`.
    fn list<T>(&mut self, closing: &str, mut each: impl FnMut(&mut Self) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        let mut items = Vec::new();
        while !self.takes(closing) {
            if items.len() == MAX_LIST {
                return Err(self.wrong(say!("this list has more than 1,000 values"), say!("Leave some out.")));
            }
            items.push(self.deeper(&mut each)?);
            if !self.takes(",") {
                self.expect(closing, say!("Put a comma between two values, and close the list."))?;
                break;
            }
        }
        Ok(items)
    }

    fn word(&mut self, word: String, place: Range<usize>) -> Result<Spanned, Wrong> {
        let named = |term: Term| Ok(Spanned { term, place: place.clone() });
        match word.as_str() {
            "true" => return named(Term::Literal(true.into())),
            "false" => return named(Term::Literal(false.into())),
            "fork" => return self.fork(place),
            _ => {}
        }
        if matches!(self.peek(), Some(Token::Sign("("))) {
            return self.call(&word, place);
        }
        if let Some(field) = self.event.and_then(|(_, fields)| fields.iter().find(|field| **field == word)) {
            return named(Term::EventField(field));
        }
        let known = self.known;
        match word.as_str() {
            "report" => named(Term::State(Which::Last)),
            "begin" => named(Term::State(Which::First)),
            "options" => named(Term::Options),
            "expected" => named(Term::Expected),
            "compared" => named(Term::Compared),
            "picked" if known.picked => named(Term::Picked),
            "truth" if known.truth => named(Term::Name(word)),
            "answer" | "clicked" if known.answer => named(Term::Name("answer".into())),
            name if known.variables.iter().chain(&known.lets).any(|other| other == name) => named(Term::Name(word)),
            _ if self.is_right => named(Term::Literal(word.into())),
            _ => Err(self.unknown(&word, place)),
        }
    }

    fn unknown(&self, word: &str, place: Range<usize>) -> Wrong {
        if let Some((kind, fields)) = self.event {
            let remedy = say!("{fields}. A text stands on the right side, or in quotes.", fields = listed(fields));
            return Wrong::new(place, say!("{kind} has no field {word}", kind, word), remedy);
        }
        if Event::KINDS.contains(&word) {
            let remedy = say!("Write count({word}), first({word}), or another call.", word);
            return Wrong::new(place, say!("{word} is a kind of event, and no value", word), remedy);
        }
        if call::CALLABLE.contains(&word) {
            return Wrong::new(place, say!("{word} is called with parentheses", word), say!("Write {word}(…).", word));
        }
        let message = match word {
            "picked" => say!("{word} is known below a policy card only", word),
            "truth" | "answer" | "clicked" => say!("{word} is known in right, wrong and choices only", word),
            _ => say!("{word} is no name that is known here", word),
        };
        let mut known: Vec<&str> = vec!["report", "begin", "options", "expected", "compared"];
        known.extend(self.known.variables.iter().chain(&self.known.lets).map(String::as_str));
        Wrong::new(place, message, say!("{remedy} Put a text in quotes.", remedy = names::did_you_mean(word, &known)))
    }
}

fn listed(fields: &[&str]) -> String {
    if fields.is_empty() { say!("It has no fields.") } else { say!("It has {fields}", fields = fields.join(", ")) }
}

/// Whether `value` may have a field `name`, where that is known.
fn check_field(value: &Term, name: &str, place: &Range<usize>) -> Result<(), Wrong> {
    let (what, known) = match value {
        Term::State(_) | Term::Call(Function::At, _) => (say!("the state"), names::STATE_NAMES),
        Term::Expected => ("expected".into(), names::FORMULA_NAMES),
        Term::Compared => ("compared".into(), names::FORMULA_NAMES),
        Term::Picked => ("picked".into(), names::PICKED_NAMES),
        Term::Options => {
            return names::unknown_option(name).map_or(Ok(()), |remedy| {
                Err(Wrong::new(place.clone(), say!("there is no option {name}", name), remedy))
            });
        }
        Term::Event(_, pattern) => {
            let fields = names::fields(pattern.kind).map_or(&[][..], |(_, fields)| fields);
            if fields.contains(&name) {
                return Ok(());
            }
            return Err(Wrong::new(
                place.clone(),
                say!("{kind} has no field {name}", kind = pattern.kind, name),
                listed(fields),
            ));
        }
        _ => return Ok(()),
    };
    if known.contains(&name) {
        return Ok(());
    }
    Err(Wrong::new(place.clone(), say!("{what} has no {name}", what, name), names::did_you_mean(name, known)))
}
