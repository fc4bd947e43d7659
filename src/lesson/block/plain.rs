//! Blocks that ask nothing: lines, comparisons, figures, notes.

use super::{
    BlockKind, CompareBlock, FigureBlock, LinesBlock, Role, ShowBlock, Side,
    reader::{BlockReader, words},
};
use crate::{
    lesson::{
        expression::{Known, names::did_you_mean},
        fence::{self, Info},
        markdown,
        node::RichText,
        script::{self, ScriptText},
        source::Located,
    },
    options::Options,
    policy::PolicyCard,
    words::{said, say, to_say},
};

/// What `show` may name.
pub(in crate::lesson) const CONTROLS: [&str; 7] =
    ["stage", "story", "timeline", "console", "tables", "meters", "options"];

/// The keys of `show`.
pub(in crate::lesson) const SHOW_KEYS: [&str; 1] = ["knobs"];

/// What a comparison may show.
const COMPARED: [&str; 4] = ["stage", "meters", "story", "tables"];

/// What may stand behind `lsm`.
pub(in crate::lesson) const ROLES: [&str; 3] = ["run", "silent", "type"];

/// The keys of a comparison.
pub(in crate::lesson) const COMPARE_KEYS: [&str; 4] = ["left", "right", "from", "show"];

/// The attributes of a figure, beside options.
pub(in crate::lesson) const FIGURE_ATTRIBUTES: [&str; 6] = ["id", "from", "to", "caption", "via", "key"];

/// `lsm run`, `lsm silent`, `lsm type`.
pub(super) fn lines(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    let role = match info.words.get(1).map(Located::text) {
        Some("run") => Role::Run,
        Some("silent") => Role::Silent,
        Some("type") => Role::Type,
        Some(other) => {
            let remedy = did_you_mean(other, &ROLES);
            return reader.wrong(info.words[1].whole(), say!("lsm has no kind {other}", other), remedy);
        }
        None => {
            return reader.wrong(
                info.source.whole(),
                say!("lsm needs a kind"),
                say!("Write lsm run, lsm silent or lsm type."),
            );
        }
    };
    reader.no_more_words(info, 2);
    let names = BlockReader::option_names();
    let attributes = reader.attributes(info, &names);
    let opening = reader.opening(&attributes);
    let lines = reader.lines(content);
    if content.trim().text().is_empty() && opening.is_empty() {
        return reader.wrong(
            info.source.whole(),
            say!("there is no line in this block"),
            say!("Write one, such as put a 1."),
        );
    }
    Some(BlockKind::Lines(LinesBlock { role, lines, opening }))
}

pub(super) fn compare(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.no_more_words(info, 1);
    reader.attributes(info, &["id"]);
    let (mut left, mut right, mut from, mut show) = (None, None, None, Vec::new());
    for line in reader.keys(content, "compare", &COMPARE_KEYS, &[]) {
        match line.key.text() {
            "show" => {
                let Some(value) = reader.value(&line) else { continue };
                show = known_words(reader, &value, to_say!("a comparison shows no {word}"), &COMPARED);
            }
            "from" => from = reader.value(&line).map(|value| value.trim()),
            key => {
                let (title, value) = (fence::quoted(&line.head), line.value.clone().unwrap_or_default());
                let Some((title, _)) = title.filter(|_| !value.text().is_empty()) else {
                    reader.errors.add(
                        line.place.clone(),
                        say!("{key} has another form", key),
                        say!("Write {line}", line = format!("{key} \"its title\": put a 1 | put b 2")),
                    );
                    continue;
                };
                let known = Known { variables: reader.variables, ..Known::default() };
                let side = Side { title: markdown::inline(&title, &known, reader.errors), lines: reader.lines(&value) };
                *(if key == "left" { &mut left } else { &mut right }) = Some(side);
            }
        }
    }
    match (left, right) {
        (Some(left), Some(right)) => Some(BlockKind::Compare(CompareBlock { left, right, from, show })),
        _ => reader.wrong(
            info.source.whole(),
            say!("a comparison has two sides"),
            say!("Write left \"title\": … and right \"title\": …"),
        ),
    }
}

/// The words of `source`, each of which has to be one of `known`.
pub(super) fn known_words(
    reader: &mut BlockReader<'_, '_, '_>,
    source: &Located,
    message: &str,
    known: &[&str],
) -> Vec<String> {
    let mut found = Vec::new();
    for word in words(source) {
        if known.contains(&word.text()) {
            found.push(word.text().to_string());
        } else {
            let message = said(message, &[("word", &word.text())]);
            reader.errors.add(word.whole(), message, did_you_mean(word.text(), known));
        }
    }
    found
}

pub(super) fn fork(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.no_more_words(info, 1);
    no_content(reader, content);
    let names = BlockReader::option_names();
    let attributes = reader.attributes(info, &names);
    if attributes.is_empty() {
        return reader.wrong(
            info.source.whole(),
            say!("fork needs an option"),
            say!("Write fork bloom_bits_per_key=0."),
        );
    }
    Some(BlockKind::Fork(reader.opening(&attributes)))
}

pub(super) fn life(reader: &mut BlockReader<'_, '_, '_>, info: &Info) -> Option<BlockKind> {
    reader.attributes(info, &[]);
    reader.no_more_words(info, 2);
    let Some(key) = info.words.get(1) else {
        return reader.wrong(info.source.whole(), say!("life needs a key"), say!("Write life user:1."));
    };
    match ScriptText::new(key.clone(), reader.variables) {
        Ok(key) => Some(BlockKind::Life(key)),
        Err((place, message)) => reader.wrong(place, message, said(script::VARIABLES_REMEDY, &[])),
    }
}

pub(super) fn figure(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.no_more_words(info, 1);
    reader.needed_id(info);
    let names: Vec<&str> = FIGURE_ATTRIBUTES.into_iter().chain(BlockReader::option_names()).collect();
    let attributes = reader.attributes(info, &names);
    let of = |name: &str| attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).clone());
    let (from, to, caption) = (of("from"), of("to"), of("caption"));
    let via = of("via").map_or(Vec::new(), |names| {
        let ranges = script::separated(names.text(), ',').into_iter();
        ranges.map(|range| names.slice(range).trim()).filter(|name| !name.text().is_empty()).collect()
    });
    let key = match of("key").map(|key| ScriptText::new(key, reader.variables)).transpose() {
        Ok(key) => key,
        Err((place, message)) => return reader.wrong(place, message, script::VARIABLES_REMEDY),
    };
    let is_option = |name: &&str| !["from", "to", "caption", "via", "key"].contains(name);
    let options: Vec<_> = attributes.iter().copied().filter(|(name, _)| is_option(name)).collect();
    let opening = reader.opening(&options);
    let known = Known { variables: reader.variables, ..Known::default() };
    let caption = caption.map_or_else(RichText::default, |text| markdown::inline(&text, &known, reader.errors));
    let lines = reader.lines(content);
    if lines.is_empty() {
        return reader.wrong(
            info.source.whole(),
            say!("a figure is drawn from lines"),
            say!("Write them between the fences."),
        );
    }
    Some(BlockKind::Figure(FigureBlock { lines, from, to, opening, caption, via, key }.into()))
}

pub(super) fn policy(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.no_more_words(info, 1);
    reader.needed_id(info);
    reader.attributes(info, &["id"]);
    if let Err((line, message)) = PolicyCard::parse(content.text()) {
        let start = content.text().split('\n').take(line).map(|line| line.len() + 1).sum::<usize>();
        let end = start + content.text().split('\n').nth(line).map_or(0, str::len);
        let remedy = say!("Write options:, level N, tables such as 3: a-m bytes=100, and pick.");
        return reader.wrong(content.place(start..end), message, remedy);
    }
    reader.has_policy = true;
    Some(BlockKind::Policy(content.clone()))
}

pub(super) fn note(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.no_more_words(info, 1);
    reader.attributes(info, &[]);
    let known = Known { variables: reader.variables, ..Known::default() };
    Some(BlockKind::Note(markdown::blocks(content, &known, reader.errors)))
}

pub(super) fn show(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<BlockKind> {
    reader.attributes(info, &[]);
    let mut controls = Vec::new();
    for word in &info.words[1..] {
        controls.extend(known_words(reader, word, to_say!("there is no control {word}"), &CONTROLS));
    }
    let mut knobs = Vec::new();
    for line in reader.keys(content, "show", &SHOW_KEYS, &[]) {
        let Some(names) = reader.value(&line) else { continue };
        knobs.extend(known_words(reader, &names, to_say!("there is no option {word}"), Options::NAMES));
        if !controls.iter().any(|control| control == "options") {
            return reader.wrong(line.place, say!("knobs are those of options"), say!("Write show options."));
        }
    }
    if controls.is_empty() {
        return reader.wrong(
            info.source.whole(),
            say!("show names controls"),
            say!("Write show {controls}.", controls = CONTROLS.join(" ")),
        );
    }
    Some(BlockKind::Show(ShowBlock { controls, knobs }))
}

fn no_content(reader: &mut BlockReader<'_, '_, '_>, content: &Located) {
    let content = content.trim();
    if !content.text().is_empty() {
        reader.errors.add(content.whole(), say!("this block has no lines"), say!("Take them out."));
    }
}
