//! What a prediction's answer is: computed by the engine, over the window.
//!
//! In: a beat that was run, and a prediction. Out: [`Judged`]: the truth, what is right, and what stands to choose.
//! Errors: a truth that is none of its kind, no right choice, or two.

use std::{collections::BTreeMap, rc::Rc};

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    beat_plan::LineWindow,
    beat_run::{BeatRun, Names},
    block::{Accept, Prediction, PredictionKind},
    evaluate::calls::memtable_place,
    front_matter::scalar,
    limits::MAX_LIST,
    source::LessonError,
    state::{self, StagePlace},
    value::{self, text_of},
};
use crate::{
    entry::{Bytes, EntryKind, text},
    error::excerpt,
    scene::Scene,
    timeline::find::bytes_of_text,
    words::say,
};

/// A version of a key that a scan meets: a row that it returns, or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CandidateRow {
    /// `key = value`, or `key deleted`.
    pub row: String,
    /// Where it is.
    pub place: String,
    /// The key.
    #[serde(skip)]
    pub(super) key: Bytes,
    #[serde(skip)]
    pub(super) seq: u64,
    #[serde(skip)]
    pub(super) deleted: bool,
}

/// A prediction over its run.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub truth: Json,
    /// `let` and `truth`, for the texts.
    pub values: BTreeMap<String, Rc<Json>>,
    pub picked: Json,
    /// The values of choices, and whether each is right.
    pub choices: Vec<(String, bool)>,
    /// Places to click, of the kinds that are offered.
    pub places: Vec<StagePlace>,
    /// Rows to tick.
    pub rows: Vec<CandidateRow>,
}

impl Judged {
    /// Computes all of it.
    pub async fn of(
        run: &BeatRun<'_>,
        prediction: &Prediction,
        window: LineWindow,
        card: Option<&str>,
    ) -> Result<Judged, LessonError> {
        let picked = card.map_or(Json::Null, super::beat_run::picked);
        let mut names = Names { values: BTreeMap::new(), picked: card.map(|_| &picked) };
        for (name, expression) in &prediction.lets {
            let value = run.compute(expression, window, &names).await?;
            names.values.insert(name.clone(), value.into());
        }
        let truth = run.compute(&prediction.truth, window, &names).await?;
        let truth = of_kind(run, prediction, window, truth)?;
        names.values.insert("truth".into(), truth.clone().into());
        let mut choices = Vec::new();
        for row in &prediction.choices {
            let value = row.value.with(&run.variant.values);
            let is_right = match &row.when {
                None => is_among(&truth, &scalar(&value), prediction.several),
                Some(when) => match run.compute(when, window, &names).await? {
                    Json::Bool(is_right) => is_right,
                    other => {
                        let message = say!("this is {kind}, and not true or false", kind = value::kind(&other));
                        return Err(run.lesson.error(when.whole(), message, say!("Write a comparison.")));
                    }
                },
            };
            choices.push((value, is_right));
        }
        let right = choices.iter().filter(|(_, is_right)| *is_right).count();
        if prediction.kind == PredictionKind::Choice && right == 0 {
            let (truth, values) = (excerpt(&text_of(&truth)), choices.iter().map(|(value, _)| value.as_str()));
            let choices = excerpt(&values.collect::<Vec<_>>().join(", "));
            let message =
                say!("no choice is right: the truth is {truth}, and the choices are {choices}", truth, choices);
            let remedy =
                say!("The word behind choice has to be the value of truth: write choice {truth} \"text\".", truth);
            return Err(run.lesson.error(prediction.truth.whole(), message, remedy));
        }
        if prediction.kind == PredictionKind::Choice && right > 1 && !prediction.several {
            let message = say!("{right} choices are right: the truth is {truth}", right, truth = text_of(&truth));
            let remedy = say!("Exactly one is right in every variant, unless it says several.");
            return Err(run.lesson.error(prediction.truth.whole(), message, remedy));
        }
        let is_click = prediction.kind == PredictionKind::Click;
        let position = run.events(window).start;
        let places = if is_click { offered(state::places(&run.run, position), &prediction.among) } else { Vec::new() };
        if is_click {
            check_offered(run, prediction, &places, &truth)?;
        }
        let rows = if prediction.kind == PredictionKind::Scan { rows(run, window) } else { Vec::new() };
        let Names { values, .. } = names;
        Ok(Judged { truth, values, picked, choices, places, rows })
    }

    /// The names for texts, and for conditions on an answer.
    pub fn names(&self, answer: Option<&Json>) -> Names<'_> {
        let mut values = self.values.clone();
        values.extend(answer.map(|answer| ("answer".to_string(), Rc::new(answer.clone()))));
        Names { values, picked: Some(&self.picked).filter(|picked| !picked.is_null()) }
    }

    /// Whether a number is right.
    pub fn accepts(&self, accept: Accept, number: f64) -> bool {
        let truth = self.truth.as_f64().unwrap_or(f64::NAN);
        // Of what was typed, the digits count: 0.3 is no binary fraction.
        let within = |difference: f64| (number - truth).abs() <= difference + truth.abs() * 1e-9;
        match accept {
            Accept::Exact => within(0.0),
            Accept::Share(share) => within(truth.abs() * share),
            Accept::Difference(difference) => within(difference),
            Accept::Between(from, to) => (from..=to).contains(&number) && (from..=to).contains(&truth),
        }
    }

    /// The texts of a truth that is a list.
    pub fn truths(&self) -> Vec<String> {
        match &self.truth {
            Json::Array(items) => items.iter().map(text_of).collect(),
            other => vec![text_of(other)],
        }
    }
}

/// Whether a choice of this value is right.
fn is_among(truth: &Json, choice: &Json, several: bool) -> bool {
    match truth {
        Json::Array(items) if several => items.iter().any(|item| value::same(item, choice)),
        _ => value::same(truth, choice),
    }
}

/// The truth as its kind has it.
fn of_kind(run: &BeatRun<'_>, prediction: &Prediction, window: LineWindow, truth: Json) -> Result<Json, LessonError> {
    let wrong = |expected: &str| {
        let message =
            say!("the truth is {kind}: {truth}", kind = value::kind(&truth), truth = excerpt(&text_of(&truth)));
        Err(run.lesson.error(prediction.truth.whole(), message, say!("Expected {expected}.", expected)))
    };
    match (prediction.kind, &truth) {
        (_, Json::Null) => wrong(&say!("a value: there is no such event in the window")),
        (PredictionKind::Number, Json::Number(_)) => Ok(truth),
        (PredictionKind::Number, _) => wrong(&say!("a number")),
        (PredictionKind::Order, Json::Array(items)) => {
            let mut names: Vec<String> = items.iter().map(text_of).collect();
            let mut cards: Vec<&str> = prediction.cards.iter().map(|(name, _)| name.as_str()).collect();
            names.sort();
            cards.sort_unstable();
            if names == cards { Ok(truth) } else { wrong(&say!("a list with the names of all cards")) }
        }
        (PredictionKind::Order, _) => wrong(&say!("a list, such as order(wal_appended, wal_synced)")),
        (PredictionKind::Click, _) => {
            let items = if let Json::Array(items) = &truth { items.clone() } else { vec![truth.clone()] };
            let active = run.run.at(run.events(window).end, |scene| scene.active().id);
            let places: Vec<Json> = items.iter().map(|item| place_of(item, active)).collect();
            let is_place = |place: &Json| place.as_str().is_some_and(|place| state::kind_of(place).is_some());
            if places.iter().all(is_place) {
                Ok(Json::Array(places))
            } else {
                wrong(&say!("places, such as probed(get)"))
            }
        }
        (PredictionKind::Scan, Json::Array(_)) => Ok(truth),
        (PredictionKind::Scan, _) => wrong(&say!("the rows of a scan: rows(scan)")),
        (PredictionKind::Choice, Json::Object(_)) => wrong(&say!("a number, a word or true")),
        (PredictionKind::Choice, _) => Ok(truth),
    }
}

/// A place of an event as an answer names it.
fn place_of(item: &Json, active: u64) -> Json {
    let id = item.get("id").and_then(Json::as_u64);
    match (item.get("in").and_then(Json::as_str), id) {
        (Some("table"), Some(id)) => format!("table {id}").into(),
        (Some("memtable"), Some(id)) => memtable_place(id, active),
        _ => item.clone(),
    }
}

/// The places of the kinds that are offered.
fn offered(places: Vec<StagePlace>, among: &[String]) -> Vec<StagePlace> {
    let kinds: Vec<&str> = if among.is_empty() {
        vec!["memtables", "immutables", "tables"]
    } else {
        among.iter().map(String::as_str).collect()
    };
    let is_offered = |place: &StagePlace| {
        let plural = super::block::PLACE_KINDS.iter().find(|(one, _)| *one == place.kind).map(|(_, plural)| *plural);
        plural.is_some_and(|plural| kinds.contains(&plural))
    };
    places.into_iter().filter(is_offered).take(MAX_LIST).collect()
}

/// Whether every place of the truth can be clicked.
fn check_offered(
    run: &BeatRun<'_>,
    prediction: &Prediction,
    places: &[StagePlace],
    truth: &Json,
) -> Result<(), LessonError> {
    let items = if let Json::Array(items) = truth { items.as_slice() } else { &[] };
    let missing = items.iter().map(text_of).find(|item| !places.iter().any(|place| place.place == *item));
    match missing {
        None => Ok(()),
        Some(place) => {
            let message = say!("the truth has {place}, which cannot be clicked when it is asked", place);
            let remedy = say!("Add its kind to among, or ask for places that are there before the window runs.");
            Err(run.lesson.error(prediction.truth.whole(), message, remedy))
        }
    }
}

/// All versions in the range of the window's last scan, source by source.
fn rows(run: &BeatRun<'_>, window: LineWindow) -> Vec<CandidateRow> {
    let events = run.events(window);
    let Some(began) = run.run.of_kind("scan_began", events.start, events.end).pop() else { return Vec::new() };
    let row = run.run.row(began);
    let end = |name: &str| row.get(name).and_then(Json::as_str).and_then(bytes_of_text);
    let (start, end) = (end("start"), end("end"));
    let holds = |key: &Bytes| {
        start.as_ref().is_none_or(|start| **start <= **key) && end.as_ref().is_none_or(|end| **key <= **end)
    };
    run.run.at(began, |scene| {
        let mut found = Vec::new();
        for (place, key, seq, kind, value) in versions(scene) {
            if !holds(&key) || found.len() == MAX_LIST {
                continue;
            }
            let deleted = kind == EntryKind::Delete;
            let row = if deleted { format!("{} deleted", text(&key)) } else { format!("{} = {value}", text(&key)) };
            if found.iter().all(|other: &CandidateRow| other.row != row) {
                found.push(CandidateRow { row, place, key, seq, deleted });
            }
        }
        found
    })
}

type Version = (String, Bytes, u64, EntryKind, String);

/// Every version in memtables and tables, with its place and its value.
fn versions(scene: &Scene) -> Vec<Version> {
    let mut found = Vec::new();
    let sealed = scene.sealed().iter().rev().map(|memtable| (format!("immutable {}", memtable.id), memtable));
    for (place, memtable) in std::iter::once(("memtable".to_string(), scene.active())).chain(sealed) {
        let entry = |record: &crate::trace::WalRecord| {
            (place.clone(), record.key.clone(), record.seq, record.kind, text(&record.value))
        };
        found.extend(memtable.entries().map(entry));
    }
    for (_, table) in scene.version().tables() {
        let Some(entries) = scene.entries_of(table.id) else { continue };
        let place = format!("table {}", table.id);
        found.extend(entries.iter().map(|entry| {
            let value = entry.value.as_ref().map_or("?".to_string(), |value| text(value));
            (place.clone(), entry.key.clone(), entry.seq, entry.kind, value)
        }));
    }
    found
}
