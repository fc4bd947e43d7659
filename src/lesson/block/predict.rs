//! Reads a prediction.

use std::ops::Range;

use super::{
    Accept, ChoiceRow, Prediction, PredictionKind, WhyRow,
    plain::known_words,
    reader::{BlockReader, words},
};
use crate::{
    lesson::{
        expression::{
            Known,
            names::{did_you_mean, nearest},
        },
        fence::{Info, KeyLine},
        node::RichText,
        source::Located,
        value::read_number,
    },
    trace::Event,
    words::{say, to_say},
};

mod rows;

/// Kinds of places, as `among` and `wrong` name them: in the singular, and in the plural.
pub(in crate::lesson) const PLACE_KINDS: [(&str, &str); 6] = [
    ("memtable", "memtables"),
    ("immutable", "immutables"),
    ("table", "tables"),
    ("level", "levels"),
    ("wal", "wal"),
    ("manifest", "manifest"),
];

/// What may be masked, beside places.
const MASKS: [&str; 5] = ["read", "story", "meters", "entries", "scores"];

/// Its kinds.
pub(in crate::lesson) const KINDS: [&str; 5] = ["choice", "number", "order", "click", "scan"];

/// Its attributes.
pub(in crate::lesson) const ATTRIBUTES: [&str; 5] = ["id", "hide", "several", "among", "unit"];

/// Its keys.
pub(in crate::lesson) const KEYS: [&str; 16] = [
    "ask", "run", "let", "truth", "expect", "choice", "card", "unit", "accept", "why", "right", "wrong", "stop",
    "hint", "hide", "among",
];

/// What an answer to a number is.
pub(in crate::lesson) const NUMBER_FORM: &str = to_say!("a number, such as 1,024 or 0.5");

/// The prediction of a fence; none if something that it needs is missing or wrong.
pub(super) fn read(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<Prediction> {
    let kind = kind(reader, info)?;
    reader.needed_id(info);
    let attributes = reader.attributes(info, &ATTRIBUTES);
    let of = |name: &str| attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).clone());
    let is_several = |word: &&Located| word.text() == "several";
    let several = info.words.iter().any(|word| is_several(&word)) || of("several").is_some();
    if let Some(word) = info.words[2..].iter().find(|word| !is_several(word)) {
        let message = say!("{word} means nothing here", word = word.text());
        reader.errors.add(word.whole(), message, say!("Attributes are written as name=value."));
    }
    let many = ["let", "choice", "card", "why", "wrong", "hint"];
    let lines = reader.keys(content, "predict", &KEYS, &many);
    let mut draft = Draft {
        known: Known { variables: reader.variables, picked: reader.has_policy, ..Known::default() },
        has_reasons: lines.iter().any(|line| line.key.text() == "why"),
        kind,
    };
    // Names come first, wherever they stand; then the truth, which the texts see.
    let mut lets = Vec::new();
    for line in lines.iter().filter(|line| line.key.text() == "let") {
        lets.extend(draft.name(reader, line));
    }
    let one = |key: &str| lines.iter().find(|line| line.key.text() == key);
    let value = |reader: &mut BlockReader<'_, '_, '_>, key: &str| one(key).and_then(|line| reader.value(line));
    let plain = Known { variables: reader.variables, ..Known::default() };
    let ask = value(reader, "ask").map(|text| reader.text(&text, &plain));
    let run = value(reader, "run").map(|lines| reader.lines(&lines));
    let truth = value(reader, "truth");
    let has_truth = truth.is_some();
    let truth = truth.and_then(|text| reader.expression(&text, &draft.known));
    let expect = value(reader, "expect").and_then(|text| reader.expression(&text, &draft.known));
    draft.known.truth = true;
    let mut hide = Vec::new();
    if let Some(text) = of("hide").or_else(|| value(reader, "hide")) {
        hide = masks(reader, &text);
    }
    let mut among = Vec::new();
    if let Some(text) = of("among").or_else(|| value(reader, "among")) {
        let known: Vec<&str> = PLACE_KINDS.iter().map(|(_, plural)| *plural).collect();
        among = known_words(reader, &text, to_say!("there is no kind of place {word}"), &known);
    }
    let unit = of("unit").or_else(|| value(reader, "unit")).map_or(String::new(), |unit| unit.text().to_string());
    let accept = value(reader, "accept").map_or(Accept::Exact, |text| accept(reader, &text));
    let (mut choices, mut cards, mut whys, mut wrongs, mut hints) = (vec![], vec![], vec![], vec![], vec![]);
    for line in &lines {
        match line.key.text() {
            "choice" => choices.extend(draft.choice(reader, line)),
            "card" => cards.extend(draft.card(reader, line)),
            "why" => whys.extend(draft.why(reader, line)),
            _ => {}
        }
    }
    draft.known.answer = true;
    for line in &lines {
        match line.key.text() {
            "wrong" => wrongs.extend(draft.wrong(reader, line)),
            "hint" => hints.extend(reader.value(line).map(|text| reader.text(&text, &plain))),
            _ => {}
        }
    }
    let right = value(reader, "right").map(|text| reader.text(&text, &draft.known));
    let stop = value(reader, "stop").inspect(|text| check_moment(reader, text));
    for (key, is_missing) in [("ask", ask.is_none()), ("truth", !has_truth), ("right", right.is_none())] {
        if is_missing && one(key).is_none() {
            let message = say!("a prediction needs {key}", key);
            reader.errors.add(info.source.whole(), message, say!("Add a line {key}: between the fences.", key));
        }
    }
    draft.check_rows(reader, info, &lines, &choices, &cards, &whys);
    Some(Prediction {
        kind,
        several,
        hide,
        among,
        ask: ask?,
        run,
        lets,
        truth: truth?,
        expect,
        choices,
        cards,
        unit,
        accept,
        whys,
        right: right?,
        wrongs,
        stop,
        hints,
    })
}

fn kind(reader: &mut BlockReader<'_, '_, '_>, info: &Info) -> Option<PredictionKind> {
    Some(match info.words.get(1).map(Located::text) {
        Some("choice") => PredictionKind::Choice,
        Some("number") => PredictionKind::Number,
        Some("order") => PredictionKind::Order,
        Some("click") => PredictionKind::Click,
        Some("scan") => PredictionKind::Scan,
        Some(other) => {
            let remedy = did_you_mean(other, &KINDS);
            return reader.wrong(info.words[1].whole(), say!("predict has no kind {other}", other), remedy);
        }
        None => {
            return reader.wrong(
                info.source.whole(),
                say!("predict needs a kind"),
                say!("Write predict {kind}.", kind = KINDS[0]),
            );
        }
    })
}

/// What a prediction is read with.
struct Draft<'a> {
    known: Known<'a>,
    has_reasons: bool,
    kind: PredictionKind,
}

impl Draft<'_> {
    /// Whether there are the rows that the kind needs, and no others.
    fn check_rows(
        &self,
        reader: &mut BlockReader<'_, '_, '_>,
        info: &Info,
        lines: &[KeyLine],
        choices: &[ChoiceRow],
        cards: &[(String, RichText)],
        whys: &[WhyRow],
    ) {
        let is_choice = self.kind == PredictionKind::Choice;
        let is_number = self.kind == PredictionKind::Number;
        let of_kind = [
            ("choice", is_choice),
            ("card", self.kind == PredictionKind::Order),
            ("unit", is_number),
            ("accept", is_number),
        ];
        for line in lines {
            if let Some((key, false)) = of_kind.iter().find(|(key, _)| *key == line.key.text()) {
                let message = say!("{key} is for another kind of prediction", key);
                reader.errors.add(line.key.whole(), message, say!("Leave it out, or change the kind."));
            }
        }
        let count = |key: &str| lines.iter().filter(|line| line.key.text() == key).count();
        for (key, is_wanted) in [("choice", is_choice), ("card", self.kind == PredictionKind::Order)] {
            if is_wanted && count(key) < 2 {
                let message = say!("at least two lines {key} are needed", key);
                reader.errors.add(info.source.whole(), message, say!("Write {key} NAME \"text\" for each.", key));
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        let names = choices.iter().map(|row| (row.value.text(), row.place.clone()));
        let cards = cards.iter().map(|(name, _)| (name.as_str(), info.source.whole()));
        for (name, place) in names.chain(cards) {
            if seen.contains(&name) {
                reader.errors.add(place, say!("{name} stands twice", name), say!("Give each another name."));
            }
            seen.push(name);
        }
        if self.has_reasons && whys.iter().filter(|row| row.tag.is_none()).count() != 1 {
            let remedy = say!("Write why right \"text\" once, and why m:TAG \"text\" for the others.");
            reader.errors.add(info.source.whole(), say!("exactly one reason is right"), remedy);
        }
    }
}

fn masks(reader: &mut BlockReader<'_, '_, '_>, source: &Located) -> Vec<String> {
    let mut found = Vec::new();
    for word in words(source) {
        let text = word.text();
        let (kind, number) = text.split_once(' ').unwrap_or((text, ""));
        let is_place = PLACE_KINDS.iter().any(|(one, many)| *one == kind || *many == kind)
            && number.chars().all(|c| c.is_ascii_digit());
        if is_place || MASKS.contains(&text) {
            found.push(text.to_string());
        } else {
            let known: Vec<&str> = MASKS.iter().copied().chain(PLACE_KINDS.iter().map(|(_, many)| *many)).collect();
            let message = say!("{text} cannot be hidden", text);
            reader.errors.add(word.whole(), message, did_you_mean(text, &known));
        }
    }
    found
}

fn accept(reader: &mut BlockReader<'_, '_, '_>, source: &Located) -> Accept {
    let text = source.text();
    let positive = |text: &str| read_number(text).filter(|number| *number >= 0.0);
    if let Some(around) = text.strip_prefix('±').or_else(|| text.strip_prefix("+-")) {
        let share = around.trim().strip_suffix('%').and_then(positive);
        let found = share.map(|share| Accept::Share(share / 100.0));
        if let Some(accept) = found.or_else(|| positive(around).map(Accept::Difference)) {
            return accept;
        }
    }
    let between = text.strip_prefix("between ").and_then(|text| text.split_once(" and "));
    if let Some((Some(from), Some(to))) = between.map(|(from, to)| (read_number(from), read_number(to)))
        && from <= to
    {
        return Accept::Between(from, to);
    }
    let remedy = say!("Write ±10%, ±2, or between 1 and 3.");
    reader.errors.add(source.whole(), say!("accept has another form"), remedy);
    Accept::Exact
}

/// The name of a moment has one form; whether it is there is seen when the window runs.
fn check_moment(reader: &mut BlockReader<'_, '_, '_>, source: &Located) {
    const PLACES: [&str; 4] = ["op", "flush", "compaction", "recovery"];
    let known: Vec<&str> = PLACES.iter().chain(Event::KINDS.iter()).copied().collect();
    let mut wrong: Option<(Range<usize>, Option<&str>)> = None;
    let mut at = 0;
    for part in source.text().split('/') {
        let (word, which) = part.split_once(':').unwrap_or((part, "1"));
        if !known.contains(&word) {
            wrong.get_or_insert((source.place(at..at + word.len()), nearest(word, &known)));
        } else if !which.parse::<usize>().is_ok_and(|which| which > 0) {
            wrong.get_or_insert((source.place(at..at + part.len()), None));
        }
        at += part.len() + 1;
    }
    if let Some((place, near)) = wrong {
        let remedy = near.map_or_else(
            || say!("Write a kind of event, such as get_ended or merge_kept:3, or compaction:1/version_installed."),
            |near| say!("Did you mean {near}?", near),
        );
        reader.errors.add(place, say!("this names no moment"), remedy);
    }
}
