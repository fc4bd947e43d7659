//! Computes an expression over a run.
//!
//! In: an [`Expression`] and a [`Scope`]: the run, the window, the names. Out: a value. Errors: an [`EvaluationError`],
//! at the part that has no value. Nothing is changed, and the work is bounded.

use std::{cmp::Ordering, collections::BTreeMap, ops::Range, rc::Rc};

use serde_json::Value as Json;

use super::{
    expression::{Binary, Expression, ForkLines, Spanned, Term, Which, names::did_you_mean},
    lesson_run::{Budget, LessonRun},
    limits::{MAX_LIST, MAX_STEPS, MAX_VALUE, MAX_VALUE_DEPTH},
    state,
    value::{self, number},
};
use crate::words::say;

pub(super) mod calls;
mod events;

/// A value while it is computed.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Data(Json),
    /// An event, by its index, or none.
    Event(Option<usize>, &'static str),
    /// The state at a position.
    State(usize),
}

/// A run of the beat under other options, or with other lines as its window, and where that is.
#[derive(Debug)]
pub(super) struct ForkRun {
    pub run: Rc<LessonRun>,
    pub window: Range<usize>,
}

/// Forks that were run for an expression, by what they are.
pub(super) type Forks = Vec<(ForkLines, Result<ForkRun, String>)>;

/// What an expression is computed over.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    pub run: &'a LessonRun,
    pub window: Range<usize>,
    pub variables: &'a BTreeMap<String, Json>,
    /// The names of `let`, `truth` and `answer`.
    pub names: BTreeMap<String, Rc<Json>>,
    /// The answer of the policy card above.
    pub picked: Option<&'a Json>,
    pub forks: &'a Forks,
    /// What all expressions over the run may still take.
    pub budget: &'a Budget,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EvaluationError {
    /// Where in the file.
    pub place: Range<usize>,
    pub message: String,
    /// What to write instead, where that is known.
    pub remedy: Option<String>,
}

type Computed<T> = Result<T, Failure>;

/// The same, with a place in the expression.
#[derive(Clone, Debug)]
struct Failure {
    place: Range<usize>,
    message: String,
    remedy: Option<String>,
}

impl Scope<'_> {
    /// The value of `expression`.
    pub fn evaluate(&self, expression: &Expression) -> Result<Json, EvaluationError> {
        let computed = self
            .budget
            .share(MAX_STEPS, |budget| Evaluator { scope: self, budget, event: None }.data(expression.root()));
        let placed =
            |Failure { place, message, remedy }| EvaluationError { place: expression.place(place), message, remedy };
        computed.map_err(placed)
    }

    /// The value of each part that `and` joins, and for a comparison that of its sides: what a challenge's check shows.
    pub fn parts(&self, expression: &Expression) -> Vec<CheckedPart> {
        let mut found = Vec::new();
        for part in expression.conjuncts() {
            let value = |part: &Spanned| {
                let evaluate = |budget: &Budget| Evaluator { scope: self, budget, event: None }.data(part);
                self.budget.share(MAX_STEPS, evaluate)
            };
            let holds = value(part).ok().and_then(|value| value.as_bool()).unwrap_or(false);
            let sides = match &part.term {
                Term::Binary(binary, left, right) if binary.compares() => {
                    Some((value(left).unwrap_or_default(), value(right).unwrap_or_default()))
                }
                _ => None,
            };
            let source = expression.text().get(part.place.clone()).unwrap_or_default().to_string();
            let (left, right) = sides.unwrap_or_default();
            found.push(CheckedPart { source, holds, left, right });
        }
        found
    }
}

/// A part of a challenge's check.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CheckedPart {
    /// As it is written in the lesson: `report.tables == 1`.
    pub source: String,
    /// Whether it is true.
    pub holds: bool,
    /// The value of its left side; null if it is no comparison.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
    pub left: Json,
    /// The value of its right side.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
    pub right: Json,
}

impl Binary {
    fn compares(self) -> bool {
        use Binary::*;
        matches!(self, Equal | Unequal | Less | LessOrEqual | Greater | GreaterOrEqual)
    }

    /// Whether the comparison is true of two values that stand in this order.
    fn holds(self, order: Ordering) -> bool {
        match self {
            Binary::Less => order.is_lt(),
            Binary::LessOrEqual => order.is_le(),
            Binary::Greater => order.is_gt(),
            Binary::GreaterOrEqual => order.is_ge(),
            Binary::Unequal => order.is_ne(),
            _ => order.is_eq(),
        }
    }
}

struct Evaluator<'a> {
    scope: &'a Scope<'a>,
    budget: &'a Budget,
    /// The event that `where` looks at.
    event: Option<&'a Json>,
}

impl<'a> Evaluator<'a> {
    fn fail<T>(&self, term: &Spanned, message: impl Into<String>) -> Computed<T> {
        Err(Failure { place: term.place.clone(), message: message.into(), remedy: None })
    }

    /// A record has no field of this name: more likely a misspelt one than a value that is not there yet.
    fn no_field<T>(&self, term: &Spanned, name: &str, record: &serde_json::Map<String, Json>) -> Computed<T> {
        let known: Vec<&str> = record.keys().map(String::as_str).collect();
        let remedy = Some(did_you_mean(name, &known));
        let message = say!("there is no {name} in it; it has {known}", name, known = known.join(", "));
        Err(Failure { place: term.place.clone(), message, remedy })
    }

    fn step(&self, term: &Spanned, count: u64) -> Computed<()> {
        if self.budget.take(count) { Ok(()) } else { self.fail(term, say!("this is too much work for one expression")) }
    }

    /// A value that can be compared and shown.
    fn data(&self, term: &Spanned) -> Computed<Json> {
        match self.value(term)? {
            Value::Data(data) => Ok(data),
            Value::Event(None, _) => Ok(Json::Null),
            Value::Event(Some(index), _) => Ok((*self.scope.run.row(index)).clone()),
            Value::State(position) => Ok((*self.state(term, position)?).clone()),
        }
    }

    /// The state at a position. The first time, the timeline goes there, and all files are counted.
    fn state(&self, term: &Spanned, position: usize) -> Computed<Rc<Json>> {
        if !self.scope.run.has_state(position) {
            self.step(term, 500 + position as u64 / 4)?;
        }
        Ok(state::state(self.scope.run, position))
    }

    /// A list of the values of `items`, within bounds.
    fn listed(&self, term: &Spanned, items: &[Spanned]) -> Computed<Json> {
        let (mut values, mut parts) = (Vec::with_capacity(items.len()), 0);
        for item in items {
            let value = self.data(item)?;
            let (size, depth) = value::measure(&value);
            parts += size;
            if parts > MAX_VALUE || depth >= MAX_VALUE_DEPTH {
                return self.fail(term, say!("this value has too many parts"));
            }
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn value(&self, term: &Spanned) -> Computed<Value> {
        self.step(term, 1)?;
        let scope = self.scope;
        Ok(Value::Data(match &term.term {
            Term::Literal(value) => value.clone(),
            Term::Name(name) => match scope.names.get(name).map(|value| &**value).or_else(|| scope.variables.get(name))
            {
                Some(value) => {
                    self.step(term, value::measure(value).0)?;
                    value.clone()
                }
                None => return self.fail(term, say!("{name} has no value here", name)),
            },
            Term::EventField(field) => self.event.and_then(|event| event.get(field)).cloned().unwrap_or_default(),
            Term::List(items) => self.listed(term, items)?,
            Term::Not(inner) => (!self.truth(inner)?).into(),
            Term::Negative(inner) => number(-self.number(inner)?),
            Term::Binary(binary, left, right) => self.binary(term, *binary, left, right)?,
            Term::Field(inner, name) => return self.field(term, inner, name),
            Term::Item(inner, index) => self.item(inner, index)?,
            Term::State(Which::First) => return Ok(Value::State(scope.window.start)),
            Term::State(Which::Last) => return Ok(Value::State(scope.window.end)),
            Term::Options => {
                self.step(term, 200)?;
                state::options(scope.run, scope.window.end)
            }
            Term::Expected => {
                self.step(term, 500)?;
                state::expectations(scope.run, scope.window.end)
            }
            Term::Compared => match state::comparisons(scope.run, scope.window.end) {
                Some(compared) => compared,
                None => return self.fail(term, say!("no drive has run yet")),
            },
            Term::Picked => match scope.picked {
                Some(picked) => picked.clone(),
                None => return self.fail(term, say!("there is no policy card")),
            },
            Term::Over(aggregate, pattern) => self.over(term, *aggregate, pattern)?,
            Term::Event(which, pattern) => return Ok(Value::Event(self.end(term, *which, pattern)?, pattern.kind)),
            Term::Before(patterns) => self.before(term, patterns)?,
            Term::Order(patterns) => self.order(term, patterns)?,
            Term::Rank(values) => self.rank(term, values)?,
            Term::Call(function, values) => return self.call(term, *function, values),
            Term::Fork(which, inner) => self.fork(term, *which, inner)?,
        }))
    }

    fn binary(&self, term: &Spanned, binary: Binary, left: &Spanned, right: &Spanned) -> Computed<Json> {
        use Binary::*;
        match binary {
            And => return Ok((self.truth(left)? && self.truth(right)?).into()),
            Or => return Ok((self.truth(left)? || self.truth(right)?).into()),
            Equal => return Ok(value::same(&self.data(left)?, &self.data(right)?).into()),
            Unequal => return Ok((!value::same(&self.data(left)?, &self.data(right)?)).into()),
            _ => {}
        }
        if binary.compares()
            && let (Json::String(a), Json::String(b)) = (self.data(left)?, self.data(right)?)
        {
            // Keys are compared by their bytes.
            return Ok(binary.holds(a.cmp(&b)).into());
        }
        let (a, b) = (self.number(left)?, self.number(right)?);
        Ok(match binary {
            _ if binary.compares() => a.partial_cmp(&b).is_some_and(|order| binary.holds(order)).into(),
            Add => number(a + b),
            Subtract => number(a - b),
            Multiply => number(a * b),
            _ if b == 0.0 => return self.fail(term, say!("this divides by 0")),
            _ => number(a / b),
        })
    }

    fn truth(&self, term: &Spanned) -> Computed<bool> {
        match self.data(term)? {
            Json::Bool(truth) => Ok(truth),
            other => self.fail(term, say!("expected true or false, and this is {kind}", kind = value::kind(&other))),
        }
    }

    fn number(&self, term: &Spanned) -> Computed<f64> {
        let data = self.data(term)?;
        match data.as_f64().filter(|number| number.is_finite()) {
            Some(number) => Ok(number),
            None => self.fail(term, say!("expected a number, and this is {kind}", kind = value::kind(&data))),
        }
    }

    fn list(&self, term: &Spanned) -> Computed<Vec<Json>> {
        match self.data(term)? {
            Json::Array(items) => Ok(items),
            other => self.fail(term, say!("expected a list, and this is {kind}", kind = value::kind(&other))),
        }
    }

    fn field(&self, term: &Spanned, inner: &Spanned, name: &str) -> Computed<Value> {
        let record = match self.value(inner)? {
            Value::State(position) => self.state(inner, position)?,
            // A field of no event is nothing.
            Value::Event(None, _) => return Ok(Value::Data(Json::Null)),
            Value::Event(Some(index), _) => self.scope.run.row(index),
            Value::Data(data) => Rc::new(data),
        };
        match &*record {
            Json::Object(fields) => match fields.get(name) {
                Some(value) => Ok(Value::Data(value.clone())),
                None if is_left_out(inner, name) => Ok(Value::Data(Json::Null)),
                None => self.no_field(term, name, fields),
            },
            Json::Null => Ok(Value::Data(Json::Null)),
            other => self.fail(term, say!("{kind} has no fields", kind = value::kind(other))),
        }
    }

    fn item(&self, inner: &Spanned, index: &Spanned) -> Computed<Json> {
        let at = self.number(index)?;
        let items = self.list(inner)?;
        let found = if at >= 0.0 && at.fract() == 0.0 { items.get(at as usize) } else { None };
        match found {
            Some(item) => Ok(item.clone()),
            None => self.fail(index, say!("there is no {at} in it; it has {n} values", at, n = items.len())),
        }
    }

    fn fork(&self, term: &Spanned, which: usize, inner: &Spanned) -> Computed<Json> {
        let found = self.scope.forks.get(which).map(|(_, run)| run);
        let ForkRun { run, window } = match found {
            Some(Ok(run)) => run,
            Some(Err(message)) => return self.fail(term, say!("the fork did not run: {message}", message)),
            None => return self.fail(term, say!("the fork was not run")),
        };
        let scope = Scope { run, window: window.clone(), ..self.scope.clone() };
        Evaluator { scope: &scope, budget: self.budget, event: None }.data(inner)
    }

    /// A list within bounds.
    fn bounded(&self, term: &Spanned, items: Vec<Json>) -> Computed<Json> {
        if items.len() > MAX_LIST {
            return self.fail(term, say!("this list has more than 1,000 values"));
        }
        Ok(Json::Array(items))
    }
}

/// Whether a field is left out of an event, or of a table, where it has nothing to say.
fn is_left_out(inner: &Spanned, name: &str) -> bool {
    const OF_TABLES_AND_JOBS: [&str; 5] = ["range_deletion_bytes", "tombstone_seqs", "shadowing_seq", "cuts", "cursor"];
    matches!(inner.term, Term::Event(..) | Term::Expected | Term::Compared) || OF_TABLES_AND_JOBS.contains(&name)
}
