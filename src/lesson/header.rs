//! The front matter of a lesson, as it is meant.
//!
//! In: its entries. Out: a [`Header`]. Errors: an unknown key, a value of another form, a key that is missing.

use std::{collections::BTreeSet, ops::Range};

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    block::is_id,
    expression::{
        Known,
        names::{RESERVED, did_you_mean},
    },
    front_matter::{self, FrontEntry, FrontValue},
    limits::{MAX_VARIABLES, MAX_VARIANTS},
    markdown,
    node::RichText,
    source::{Errors, Located},
};
use crate::{
    options::{Options, PRESETS},
    trace::Event,
    words::say,
};

/// What a file is read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum LessonKind {
    /// Beats, one after the other.
    #[default]
    Lesson,
    /// A text with figures.
    Article,
}

/// The front matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub lesson: Option<u64>,
    pub id: String,
    pub title: String,
    pub minutes: Option<u64>,
    pub goals: Vec<String>,
    pub needs: Vec<String>,
    pub preset: String,
    pub options: Vec<(String, String)>,
    pub vary: Vec<(String, Vec<Json>)>,
    pub lang: String,
    pub keep: RichText,
    pub next: RichText,
    pub kind: LessonKind,
}

/// Its keys.
pub(super) const KEYS: [&str; 13] =
    ["id", "title", "kind", "lesson", "minutes", "goals", "needs", "preset", "options", "vary", "lang", "keep", "next"];

/// Reads the header.
pub(super) fn read(entries: &[FrontEntry], errors: &mut Errors<'_>) -> Header {
    let mut header = Header { preset: "teaching".into(), lang: "en".into(), ..Header::default() };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        let key = entry.key.text();
        if !KEYS.contains(&key) {
            let message = say!("the front matter has no key {key}", key);
            errors.add(entry.key.whole(), message, did_you_mean(key, &KEYS));
        } else if !seen.insert(key) {
            errors.add(entry.key.whole(), say!("{name} stands twice", name = key), say!("Leave one of them out."));
        } else if let Err((place, message, remedy)) = set(&mut header, key, &entry.value, errors) {
            errors.add(place, message, remedy);
        }
    }
    for key in ["id", "title"] {
        if !seen.contains(key) {
            errors.add(0..3, say!("the front matter has no {key}", key), say!("Add a line {key}: and its value.", key));
        }
    }
    header
}

type Wrong = (Range<usize>, String, String);

fn set(header: &mut Header, key: &str, value: &FrontValue, errors: &mut Errors<'_>) -> Result<(), Wrong> {
    let wrong = |message: String, remedy: String| Err((value.place(), message, remedy));
    match (key, value) {
        ("goals" | "needs", FrontValue::List(items, _)) => {
            let mut texts = Vec::new();
            for item in items {
                let FrontValue::Text(text) = item else {
                    return wrong(say!("expected texts"), say!("Write [one, two]."));
                };
                texts.push(text.text().to_string());
            }
            *(if key == "goals" { &mut header.goals } else { &mut header.needs }) = texts;
            Ok(())
        }
        ("goals" | "needs", _) => wrong(say!("expected a list"), say!("Write [one, two].")),
        ("options", FrontValue::Record(fields, _)) => {
            for (name, value) in fields {
                let FrontValue::Text(text) = value else {
                    return wrong(say!("expected values"), say!("Write {block_size: 64}."));
                };
                let tried = Options::default().set(name.text(), text.text());
                tried.map_err(|problem| (text.whole(), problem.to_string(), say!("help options lists them all.")))?;
                header.options.push((name.text().to_string(), text.text().to_string()));
            }
            Ok(())
        }
        ("vary", FrontValue::Record(fields, _)) => vary(header, fields, value, errors),
        ("options" | "vary", _) => wrong(say!("expected a record"), say!("Write {name: value}.")),
        (_, FrontValue::Text(text)) => set_text(header, key, text, errors),
        _ => wrong(say!("expected a text"), say!("Put quotes around it if it begins with a bracket.")),
    }
}

fn vary(
    header: &mut Header,
    fields: &[(Located, FrontValue)],
    value: &FrontValue,
    errors: &mut Errors<'_>,
) -> Result<(), Wrong> {
    for (name, values) in fields {
        let word = name.text();
        let is_name = !word.is_empty()
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !word.starts_with(|c: char| c.is_ascii_digit());
        if !is_name || RESERVED.contains(&word) || Event::KINDS.contains(&word) {
            let remedy = say!("Take small letters, digits and _, and no name of the language.");
            errors.add(name.whole(), say!("{word} cannot be a variable", word), remedy);
            continue;
        }
        if header.vary.len() == MAX_VARIABLES {
            errors.add(name.whole(), say!("vary has at most 16 variables"), say!("Leave some out."));
            break;
        }
        if header.vary.iter().any(|(other, _)| other == word) {
            errors.add(name.whole(), say!("{name} stands twice", name = word), say!("Leave one of them out."));
            continue;
        }
        match front_matter::values_of(values) {
            Ok(all) => header.vary.push((word.to_string(), all)),
            Err(message) => errors.add(values.place(), message, say!("Write {k: [a, b], seed: 1..50}.")),
        }
    }
    let count = header.vary.iter().map(|(_, values)| values.len()).fold(1_usize, usize::saturating_mul);
    if count > MAX_VARIANTS {
        let message = say!("vary makes {count} variants, and {most} are the most", count, most = MAX_VARIANTS);
        header.vary.clear();
        return Err((value.place(), message, say!("Use fewer values: all of them are checked.")));
    }
    Ok(())
}

fn set_text(header: &mut Header, key: &str, text: &Located, errors: &mut Errors<'_>) -> Result<(), Wrong> {
    let value = text.text();
    let wrong = |message: String, remedy: String| Err((text.whole(), message, remedy));
    let number = || value.parse::<u64>().ok().filter(|number| *number <= 10_000);
    match key {
        "id" if is_id(value) => header.id = value.to_string(),
        "id" => {
            return wrong(say!("{value} is no id", value), say!("Write small letters, digits and -, such as deletes."));
        }
        "title" if !value.is_empty() => header.title = value.to_string(),
        "title" => return wrong(say!("the title is empty"), say!("Write one.")),
        "kind" if value == "lesson" => header.kind = LessonKind::Lesson,
        "kind" if value == "article" => header.kind = LessonKind::Article,
        "kind" => return wrong(say!("there is no kind {value}", value), say!("Write lesson or article.")),
        "lesson" | "minutes" => {
            let Some(number) = number() else {
                return wrong(say!("{key} is a number", key), say!("Write digits."));
            };
            *(if key == "lesson" { &mut header.lesson } else { &mut header.minutes }) = Some(number);
        }
        "preset" if PRESETS.iter().any(|preset| preset.name == value) => header.preset = value.to_string(),
        "preset" => {
            let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            return Err((text.whole(), say!("there is no preset {value}", value), did_you_mean(value, &known)));
        }
        "lang" if is_language(value) => header.lang = value.to_string(),
        "lang" => return wrong(say!("{value} is no language", value), say!("Write a tag such as en, de or pt-BR.")),
        "keep" => header.keep = markdown::inline(text, &Known::default(), errors),
        "next" => header.next = markdown::inline(text, &Known::default(), errors),
        _ => return wrong(say!("{key} takes a list or a record", key), say!("Write [one, two] or {name: value}.")),
    }
    Ok(())
}

fn is_language(tag: &str) -> bool {
    let part = |part: &str| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    tag.len() <= 35 && tag.split('-').all(part)
}
