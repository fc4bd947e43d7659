//! What expressions make of the events of the window.

use serde_json::Value as Json;

use super::{Computed, Evaluator};
use crate::lesson::{
    expression::{Aggregate, Pattern, Spanned, Which},
    value::{self, number},
};
use crate::words::say;

impl Evaluator<'_> {
    /// The indexes of the events that `pattern` is of, in order.
    fn matching(&self, term: &Spanned, pattern: &Pattern) -> Computed<Vec<usize>> {
        let run = self.scope.run;
        let window = &self.scope.window;
        self.step(term, window.len() as u64 / 8 + 1)?;
        let mut found = run.of_kind(pattern.kind, window.start, window.end);
        let Some(filter) = &pattern.filter else { return Ok(found) };
        let mut kept = Vec::new();
        for index in found.drain(..) {
            let row = run.row(index);
            let inner = Evaluator { scope: self.scope, budget: self.budget, event: Some(&row) };
            if inner.truth(filter)? {
                kept.push(index);
            }
        }
        Ok(kept)
    }

    /// The field of the event at `index` that the path of `pattern` leads to.
    fn at_path(&self, term: &Spanned, pattern: &Pattern, index: usize) -> Computed<Json> {
        self.step(term, 1)?;
        let row = self.scope.run.row(index);
        let mut at: &Json = &row;
        for (nth, name) in pattern.path.iter().enumerate() {
            at = match at {
                Json::Object(fields) => match fields.get(name) {
                    Some(value) => value,
                    // A field of the event itself that has nothing to say is left out.
                    None if nth == 0 => &Json::Null,
                    None => return self.no_field(term, name, fields),
                },
                Json::Null => &Json::Null,
                other => return self.fail(term, say!("{kind} has no fields", kind = value::kind(other))),
            };
        }
        Ok(at.clone())
    }

    pub(super) fn over(&self, term: &Spanned, aggregate: Aggregate, pattern: &Pattern) -> Computed<Json> {
        let found = self.matching(term, pattern)?;
        if aggregate == Aggregate::Count {
            return Ok(found.len().into());
        }
        let values: Vec<Json> =
            found.into_iter().map(|index| self.at_path(term, pattern, index)).collect::<Computed<_>>()?;
        if aggregate == Aggregate::List {
            return self.bounded(term, values);
        }
        let numbers: Vec<f64> = values.iter().filter_map(Json::as_f64).collect();
        if numbers.len() < values.len() {
            return self.fail(term, say!("{name} is no number", name = pattern.path.join(".")));
        }
        let folded = match aggregate {
            Aggregate::Sum => Some(numbers.iter().sum()),
            Aggregate::Min => numbers.iter().copied().reduce(f64::min),
            _ => numbers.iter().copied().reduce(f64::max),
        };
        Ok(folded.map_or(Json::Null, number))
    }

    /// The first or the last event of a pattern.
    pub(super) fn end(&self, term: &Spanned, which: Which, pattern: &Pattern) -> Computed<Option<usize>> {
        let found = self.matching(term, pattern)?;
        Ok(if which == Which::First { found.first().copied() } else { found.last().copied() })
    }

    /// Whether there are events of all patterns, all of each before the first of the next.
    pub(super) fn before(&self, term: &Spanned, patterns: &[Pattern]) -> Computed<Json> {
        let mut last: Option<usize> = None;
        for pattern in patterns {
            let found = self.matching(term, pattern)?;
            let (Some(first), Some(end)) = (found.first(), found.last()) else { return Ok(false.into()) };
            if last.is_some_and(|last| last >= *first) {
                return Ok(false.into());
            }
            last = Some(*end);
        }
        Ok(true.into())
    }

    /// Names in the order of their first events.
    pub(super) fn order(&self, term: &Spanned, patterns: &[(String, Pattern)]) -> Computed<Json> {
        let mut firsts = Vec::new();
        for (name, pattern) in patterns {
            match self.matching(term, pattern)?.first() {
                Some(first) => firsts.push((*first, name.clone())),
                None => return self.fail(term, say!("there is no {kind} in the window", kind = pattern.kind)),
            }
        }
        firsts.sort();
        Ok(firsts.into_iter().map(|(_, name)| Json::from(name)).collect())
    }

    /// Names in the order of their values. Two that are equal have no order.
    pub(super) fn rank(&self, term: &Spanned, values: &[(String, Spanned)]) -> Computed<Json> {
        let mut ranked = Vec::new();
        for (name, value) in values {
            ranked.push((self.number(value)?, name.clone()));
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(pair) = ranked.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let message = say!("{a} and {b} are equal: {value}", a = pair[0].1, b = pair[1].1, value = pair[0].0);
            return self.fail(term, message);
        }
        Ok(ranked.into_iter().map(|(_, name)| Json::from(name)).collect())
    }
}
