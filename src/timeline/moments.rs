//! Moments by name: addresses on the timeline that hold when a later version reports more events.
//!
//! A position counts all events before it, so each event that a later version adds moves it. A name counts events of
//! one kind, inside of the flush, the compaction, the recovery or the operation that they belong to.
//!
//! In: a position, or a name. Out: the other of the two, and what stood there ([`facts`](facts::facts)), so that the
//! name can be checked in another version. Errors: [`Unfound`], with the nearest position.
//!
//! ```text
//! moment  = number | event | place *( "/" place ) [ "/" event ]
//! place   = ( "op" | "flush" | "compaction" | "recovery" ) [ ":" number ]
//! event   = kind [ ":" number ]            the kinds of the trace: merge_kept
//!
//! 120                                      after 120 events
//! merge_kept:16                            after the 16th merge_kept of all
//! compaction:2/version_installed           after the first version_installed of the 2nd compaction
//! op:7/flush:1/table_finished:3            of the first flush that begins in operation 7
//! op:7                                     after the last event of operation 7
//! ```
//!
//! Operations are called by their numbers. Flushes, compactions and recoveries are counted in the order in which they
//! begin, and kinds in the order of events; where the number is left out, it is the first.

use serde::Serialize;

use crate::{
    error::excerpt,
    plural::{counted, ordinal},
    trace::Event,
    words::say,
};

use super::{
    EventRow, Timeline,
    steps::{Mark, MarkKind},
};

pub mod facts;

/// What may stand in a name, for errors.
fn form() -> String {
    say!(
        "a number of events, a kind of event and which one of these, such as flush_ended:2, or one of a \
         job or an operation, such as compaction:2/version_installed or op:7/get_ended"
    )
}

/// A name that leads to no moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfound {
    /// What it should have been.
    pub expected: String,
    /// The recorded position that is nearest to it.
    pub nearest: usize,
}

/// What a name and its check lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FoundMoment {
    /// The position.
    pub position: usize,
    /// Why that is not the moment itself, if it is not: a sentence.
    pub differs: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlaceKind {
    Operation,
    Job(MarkKind),
}

const PLACES: [(&str, PlaceKind); 4] = [
    ("op", PlaceKind::Operation),
    ("flush", PlaceKind::Job(MarkKind::Flush)),
    ("compaction", PlaceKind::Job(MarkKind::Compaction)),
    ("recovery", PlaceKind::Job(MarkKind::Recovery)),
];

#[derive(Debug, PartialEq, Eq)]
enum Name<'a> {
    Number(usize),
    Path { places: Vec<(PlaceKind, usize)>, event: Option<(&'a str, usize)> },
}

impl Name<'_> {
    fn parse(name: &str) -> Option<Name<'_>> {
        if let Ok(number) = name.parse() {
            return Some(Name::Number(number));
        }
        let (mut places, mut event) = (Vec::new(), None);
        for part in name.split('/') {
            let (word, which) = part.split_once(':').unwrap_or((part, "1"));
            let which = which.parse().ok().filter(|which| *which > 0)?;
            if event.is_some() {
                return None;
            }
            match PLACES.iter().find(|(place, _)| *place == word) {
                Some((_, place)) => places.push((*place, which)),
                None if Event::KINDS.contains(&word) => event = Some((word, which)),
                None => return None,
            }
        }
        Some(Name::Path { places, event })
    }
}

/// A part of the timeline: the events of `from..to`, or those of them that belong to an operation or a job.
#[derive(Clone, Copy, Debug)]
struct Scope {
    from: usize,
    to: usize,
    op: Option<u64>,
    job: Option<u64>,
}

impl Scope {
    fn holds(&self, row: &EventRow<'_>) -> bool {
        self.op.is_none_or(|op| row.op == Some(op)) && self.job.is_none_or(|job| row.job == Some(job))
    }
}

/// A moment in words, for a sentence: `the 2nd compaction: version installed`.
pub fn in_words(name: &str) -> String {
    let (places, event) = match Name::parse(name) {
        None => return excerpt(name),
        Some(Name::Number(0)) => return say!("the beginning"),
        Some(Name::Number(number)) => return say!("event {number}", number),
        Some(Name::Path { places, event }) => (places, event),
    };
    let mut words: Vec<String> = Vec::new();
    for (place, which) in places {
        let nth = ordinal(which);
        words.push(match place {
            PlaceKind::Operation => say!("operation {number}", number = which),
            PlaceKind::Job(MarkKind::Flush) => say!("the {nth} flush", nth),
            PlaceKind::Job(MarkKind::Compaction) => say!("the {nth} compaction", nth),
            PlaceKind::Job(_) => say!("the {nth} recovery", nth),
        });
    }
    if let Some((kind, which)) = event {
        let kind = kind.replace('_', " ");
        words.push(if which == 1 { kind } else { say!("the {nth} {kind}", nth = ordinal(which), kind) });
    }
    words.join(": ")
}

impl Timeline {
    /// The name of `position`. Where the beginning of the timeline was dropped, and nothing can be counted from there,
    /// it is the name within an operation, or the number.
    pub fn moment_name(&self, position: usize) -> String {
        let Some(row) = position.checked_sub(1).and_then(|index| self.event(index)) else {
            return position.to_string();
        };
        let place = self.job_of(&row).or_else(|| self.operation_of(&row));
        if place.is_none() && self.start() > 0 {
            return position.to_string();
        }
        let (prefix, scope) = place.unwrap_or_else(|| (String::new(), self.whole()));
        let which = self.of_kind(&Scope { to: position, ..scope }, row.event.kind()).count();
        let number = if which == 1 { String::new() } else { format!(":{which}") };
        format!("{prefix}{}{number}", row.event.kind())
    }

    /// What stands at `position`: see [`facts`](facts::facts). Empty at the beginning.
    pub fn moment_facts(&self, position: usize) -> String {
        let row = position.checked_sub(1).and_then(|index| self.event(index));
        row.map_or(String::new(), |row| facts::facts(row.event))
    }

    /// The position that `name` leads to.
    ///
    /// # Errors
    /// The name has another form, or nothing stands there.
    pub fn find_moment(&self, name: &str) -> Result<usize, Unfound> {
        let unfound = |expected: String, nearest: usize| Err(Unfound { expected, nearest });
        let last = self.len();
        let (places, event) = match Name::parse(name) {
            None => return unfound(form(), last),
            Some(Name::Number(number)) if number <= last => return Ok(number),
            Some(Name::Number(_)) => {
                let events = counted(last as u64, "event");
                return unfound(say!("at most {last}: there are {events}", last, events), last);
            }
            Some(Name::Path { places, event }) => (places, event),
        };
        let mut scope = self.whole();
        for (place, which) in places {
            scope = match self.place_in(&scope, place, which) {
                Ok(inner) => inner,
                Err(expected) => return unfound(expected, self.end_of(&scope)),
            };
        }
        let Some((kind, which)) = event else { return Ok(self.end_of(&scope)) };
        let mut found = self.of_kind(&scope, kind);
        let count = found.clone().count();
        match found.nth(which - 1) {
            Some(row) => Ok(row.index + 1),
            None => {
                let last_one = self.of_kind(&scope, kind).next_back();
                let nearest = last_one.map_or(self.end_of(&scope), |row| row.index + 1);
                unfound(say!("an event that there is: there are {count} of the kind {kind}", count, kind), nearest)
            }
        }
    }

    /// Where `name` leads, if what stands there has these `facts`; else the nearest moment that is like it. No facts,
    /// no check.
    pub fn open_moment(&self, name: &str, facts: &str) -> FoundMoment {
        let words = in_words(name);
        let (position, missing) = match self.find_moment(name) {
            Ok(position) => (position, None),
            Err(Unfound { expected, nearest }) => (nearest, Some(expected)),
        };
        if missing.is_none() && (facts.is_empty() || self.moment_facts(position) == facts) {
            return FoundMoment { position, differs: None };
        }
        let quoted = |facts: &str| say!("“{text}”", text = excerpt(facts));
        let wanted = quoted(facts);
        let alike = if facts.is_empty() { None } else { self.nearest_like(name, facts, position) };
        let differs = match (&missing, alike) {
            (Some(_), Some(_)) => {
                say!("There is no {words} any more: this is where {wanted} stands now.", words, wanted)
            }
            (None, Some(_)) => say!("At {words}, another thing stands now: this is where {wanted} is.", words, wanted),
            (Some(expected), None) => {
                say!("There is no moment {words}: expected {expected}. This is the nearest.", words, expected)
            }
            (None, None) => {
                let here = self.moment_facts(position);
                let here = if here.is_empty() { say!("another event") } else { quoted(&here) };
                say!("At {words} stood {wanted}; now it is {here}.", words, wanted, here)
            }
        };
        FoundMoment { position: alike.unwrap_or(position), differs: Some(differs) }
    }

    /// The position nearest to `position` whose event has the kind of `name`, and these facts.
    fn nearest_like(&self, name: &str, facts: &str, position: usize) -> Option<usize> {
        let Some(Name::Path { event: Some((kind, _)), .. }) = Name::parse(name) else { return None };
        let like = self.of_kind(&self.whole(), kind).filter(|row| facts::facts(row.event) == facts);
        like.map(|row| row.index + 1).min_by_key(|found| found.abs_diff(position))
    }

    fn whole(&self) -> Scope {
        Scope { from: self.start(), to: self.len(), op: None, job: None }
    }

    /// The position after the last event of a scope.
    fn end_of(&self, scope: &Scope) -> usize {
        self.events(scope.from, scope.to).rev().find(|row| scope.holds(row)).map_or(scope.to, |row| row.index + 1)
    }

    fn of_kind(&self, scope: &Scope, kind: &str) -> impl DoubleEndedIterator<Item = EventRow<'_>> + Clone + use<'_> {
        let (scope, kind) = (*scope, Event::KINDS.iter().copied().find(|known| *known == kind).unwrap_or(""));
        self.events(scope.from, scope.to).filter(move |row| scope.holds(row) && row.event.kind() == kind)
    }

    fn scope_of(&self, mark: &Mark) -> Scope {
        Scope { from: mark.begin, to: mark.end.map_or(self.len(), |end| end + 1), op: None, job: mark.job }
    }

    /// The flush, the compaction or the recovery that an event belongs to: its name, with a slash, and its events.
    fn job_of(&self, row: &EventRow<'_>) -> Option<(String, Scope)> {
        if self.start() > 0 {
            return None;
        }
        let marks = self.steps().marks();
        let begun = marks.partition_point(|mark| mark.begin <= row.index);
        let holds = |mark: &Mark| {
            let scope = self.scope_of(mark);
            row.index < scope.to && if mark.kind == MarkKind::Recovery { row.job.is_none() } else { scope.holds(row) }
        };
        let place = |mark: &Mark| PLACES.iter().find(|(_, place)| *place == PlaceKind::Job(mark.kind));
        let at = marks[..begun].iter().rposition(|mark| place(mark).is_some() && holds(mark))?;
        let which = marks[..=at].iter().filter(|mark| mark.kind == marks[at].kind).count();
        let (word, _) = place(&marks[at])?;
        Some((format!("{word}:{which}/"), self.scope_of(&marks[at])))
    }

    fn operation_of(&self, row: &EventRow<'_>) -> Option<(String, Scope)> {
        let op = row.op?;
        let scope = self.operation(op).filter(|scope| scope.from >= self.start())?;
        Some((format!("op:{op}/"), scope))
    }

    fn operation(&self, op: u64) -> Option<Scope> {
        let operations = self.steps().operations();
        let row = operations.get(operations.partition_point(|row| row.op < op)).filter(|row| row.op == op)?;
        let to = row.last.map_or(self.len(), |last| last + 1);
        Some(Scope { from: row.first, to, op: Some(op), job: None })
    }

    /// The events of a place inside of `scope`; what was expected, if there is none.
    fn place_in(&self, scope: &Scope, place: PlaceKind, which: usize) -> Result<Scope, String> {
        let inside = |begin: usize| (scope.from..scope.to).contains(&begin);
        let PlaceKind::Job(kind) = place else {
            let count = self.steps().operations().last().map_or(0, |row| row.op);
            let found = self.operation(which as u64).filter(|inner| inside(inner.from) && scope.op.is_none());
            return found.ok_or_else(|| say!("an operation that there is: there are {count}", count));
        };
        let marks = || self.steps().marks().iter().filter(|mark| mark.kind == kind && inside(mark.begin));
        let found = marks().nth(which - 1).map(|mark| self.scope_of(mark));
        found.ok_or_else(|| {
            let count = marks().count();
            match kind {
                MarkKind::Flush => say!("a flush that there is: there are {count}", count),
                MarkKind::Compaction => say!("a compaction that there is: there are {count}", count),
                _ => say!("a recovery that there is: there are {count}", count),
            }
        })
    }
}

#[cfg(test)]
mod tests;
