//! In German, what a figure paints and lists is German: no label is an English sentence of the table.

use std::{collections::BTreeMap, fs};

use lsmscope::{
    figure::{Figure, part::PartId},
    options::preset,
    words::speak,
};

use super::{
    SIZES, picture, record, script,
    steadiness::tour,
    whole_words::{pills_have_room, texts},
};

type Table = BTreeMap<String, String>;

/// The tables of German: those of the crate alone, or all of them.
fn german(of_crate: bool) -> Table {
    // The page is no part of the crate's package: it is read when the test runs.
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/www/languages/de")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let is_wanted = |name: &str| !of_crate || name.starts_with("engine") || name == "nouns.json";
    let wanted = paths.filter(|path| is_wanted(path.file_name().unwrap().to_str().unwrap()));
    let table = |path| serde_json::from_str::<Table>(&fs::read_to_string(path).unwrap()).unwrap();
    wanted.flat_map(table).collect()
}

/// What `said` returns while German is spoken.
fn in_german<T>(said: impl FnOnce() -> T) -> T {
    speak(german(false));
    let said = said();
    speak(BTreeMap::new());
    said
}

/// Whether `text` is the sentence, with whatever values in its places.
fn is_said_by(sentence: &str, text: &str) -> bool {
    let mut parts = sentence.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, inner)) = parts.split_last() else { return rest.is_empty() };
    for part in inner {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The English sentences that German says otherwise, each form of those about a count. What is hardly more than a value
/// is none: `{n}th`.
fn english() -> Vec<String> {
    let differing = german(true).into_iter().filter(|(english, german)| english != german);
    // What stands behind `||` tells keys apart, and is not said.
    let said = differing.map(|(english, _)| english.split("||").next().unwrap_or_default().to_string());
    let forms = said.flat_map(|english| english.split('|').map(String::from).collect::<Vec<_>>());
    forms.filter(|form| form.contains(' ') || !form.contains('{')).collect()
}

#[test]
fn no_label_and_no_listed_word_of_a_german_figure_is_english() {
    let lines = "put a 1\nput b 2\nput a 3\ndelete b\nput c 4\nflush\nput b 5\nput d 6\nsnapshot\nput a 7\nget a\n\
                 get bb\nget z\nscan a c\nflush\nput a 8\nflush\nput c 9\nput e 10\nflush\ncompact\nget a\n\
                 put x 1\ncrash\nreopen\nget x";
    let english = english();
    let mut found = Vec::new();
    let mut seen = 0;
    in_german(|| {
        let timeline = record(preset("teaching").unwrap(), &script(lines));
        let timeline = &mut *timeline.borrow_mut();
        for position in 1..=timeline.len() {
            for size in [SIZES[0], SIZES[3]] {
                let figure = Figure::at(timeline, position, &picture(size));
                // A command and its answer are the session's.
                let painted = figure.parts(1.0).into_iter();
                let painted = painted.filter(|part| !matches!(part.id, PartId::Command | PartId::Answer));
                let painted =
                    painted.flat_map(|part| texts(&part.look).into_iter().map(String::from).collect::<Vec<_>>());
                let listed = figure.listing().into_iter().flat_map(|lane| {
                    let parts = lane.parts.into_iter().map(|part| part.words);
                    [lane.name, lane.facts, lane.reason].into_iter().chain(parts).collect::<Vec<_>>()
                });
                for text in painted.chain(listed) {
                    let phrases = text.split([',', ':', '.', '·']).map(str::trim);
                    let is_english = |text: &str| english.iter().any(|sentence| is_said_by(sentence, text));
                    found.extend(phrases.chain([text.as_str()]).filter(|text| is_english(text)).map(String::from));
                    seen += 1;
                }
            }
        }
    });
    found.sort();
    found.dedup();
    assert_eq!(found, Vec::<String>::new());
    assert!(seen > 5000, "{seen}");
}

#[test]
fn a_sentence_is_known_again_whatever_its_values_are() {
    assert!(is_said_by("{held} of {limit}", "3 of 4") && is_said_by("found", "found"));
    assert!(!is_said_by("{held} of {limit}", "3 von 4") && !is_said_by("found", "found: deleted"));
    assert!(is_said_by("{a} and {b}.", "x and y.") && !is_said_by("{a} and {b}.", "x and y"));
}

/// The words of German are longer: they have room all the same.
#[test]
fn german_pills_have_room_in_the_tour() {
    in_german(|| pills_have_room(record(preset("teaching").unwrap(), &tour())));
}
