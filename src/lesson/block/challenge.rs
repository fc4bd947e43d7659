//! Reads a challenge.

use super::{
    ChallengeBlock, Reported,
    reader::{BlockReader, words},
};
use crate::{
    lesson::{
        expression::{Expression, Known, names::did_you_mean},
        fence::{self, Info, KeyLine},
        limits::MAX_LINES,
        node::RichText,
        source::Located,
    },
    plural::counted,
    script::COMMANDS,
    words::say,
};

/// Its keys.
pub(in crate::lesson) const KEYS: [&str; 10] =
    ["ask", "check", "goal", "start", "hint", "solution", "allow", "memory", "number", "before"];

/// Its attributes.
pub(in crate::lesson) const ATTRIBUTES: [&str; 2] = ["id", "lines"];

/// The challenge of a fence; none if something that it needs is missing or wrong.
pub(super) fn read(reader: &mut BlockReader<'_, '_, '_>, info: &Info, content: &Located) -> Option<ChallengeBlock> {
    reader.no_more_words(info, 1);
    reader.needed_id(info);
    let attributes = reader.attributes(info, &ATTRIBUTES);
    let count = attributes.iter().find(|(name, _)| *name == "lines").map(|(_, value)| (*value).clone());
    let lines = match count.as_ref().map(|value| value.text().parse::<usize>()) {
        Some(Ok(lines)) if (1..=MAX_LINES).contains(&lines) => lines,
        _ => {
            let place = count.map_or(info.source.whole(), |value| value.whole());
            reader.errors.add(place, say!("a challenge says how many lines it takes"), say!("Write lines=3."));
            0
        }
    };
    let known = Known { variables: reader.variables, picked: reader.has_policy, ..Known::default() };
    let keys = reader.keys(content, "challenge", &KEYS, &["goal", "hint", "number"]);
    let one = |key: &str| keys.iter().find(|line| line.key.text() == key);
    let value = |reader: &mut BlockReader<'_, '_, '_>, key: &str| one(key).and_then(|line| reader.value(line));
    let plain = Known { variables: reader.variables, ..Known::default() };
    let ask = value(reader, "ask").map(|text| reader.text(&text, &plain));
    let check = value(reader, "check").and_then(|text| reader.expression(&text, &known));
    let start = value(reader, "start").map(|lines| reader.lines(&lines));
    let solution = value(reader, "solution").map(|lines| reader.lines(&lines));
    let allow = value(reader, "allow").and_then(|text| allowed(reader, &text));
    let memory = value(reader, "memory").and_then(|text| reader.expression(&text, &known));
    let before = value(reader, "before").map_or_else(Vec::new, |lines| reader.lines(&lines));
    let named = keys.iter().filter(|line| line.key.text() == "number");
    let numbers = named.filter_map(|line| number(reader, line, &known)).collect();
    let texts = |reader: &mut BlockReader<'_, '_, '_>, key: &str| -> Vec<RichText> {
        let lines = keys.iter().filter(|line| line.key.text() == key);
        lines.filter_map(|line| reader.value(line).map(|text| reader.text(&text, &plain))).collect()
    };
    let (goals, hints) = (texts(reader, "goal"), texts(reader, "hint"));
    let parts = check.as_ref().map_or(goals.len(), |check| check.conjuncts().len());
    if !goals.is_empty() && goals.len() != parts {
        let place = one("goal").map_or(info.source.whole(), |line| line.key.whole());
        let message = say!(
            "{goals} for a check of {parts}",
            goals = counted(goals.len(), "goal"),
            parts = counted(parts, "part")
        );
        reader.errors.add(place, message, say!("Write a line goal: for each part that and joins, in order; or none."));
    }
    for key in ["ask", "check", "solution"] {
        if one(key).is_none() {
            let message = say!("a challenge needs {key}", key);
            reader.errors.add(info.source.whole(), message, say!("Add a line {key}: between the fences.", key));
        }
    }
    let reported = Reported { memory, numbers, before };
    if reported.is_empty() && !reported.before.is_empty() {
        let place = one("before").map_or(info.source.whole(), |line| line.key.whole());
        let remedy = say!("Add number \"its name\": EXPRESSION.");
        reader.errors.add(place, say!("nothing is reported of these lines"), remedy);
    }
    Some(ChallengeBlock { lines, ask: ask?, check: check?, goals, start, hints, solution: solution?, allow, reported })
}

/// A number of the report, with its name.
fn number(reader: &mut BlockReader<'_, '_, '_>, line: &KeyLine, known: &Known<'_>) -> Option<(RichText, Expression)> {
    let value = line.value.clone().filter(|value| !value.text().is_empty());
    let (Some((name, _)), Some(value)) = (fence::quoted(&line.head), value) else {
        let remedy = say!("Write number \"bytes written\": report.flush_bytes");
        return reader.wrong(line.place.clone(), say!("number has another form"), remedy);
    };
    let plain = Known { variables: reader.variables, ..Known::default() };
    Some((reader.text(&name, &plain), reader.expression(&value, known)?))
}

/// The commands that may be used; none if all.
fn allowed(reader: &mut BlockReader<'_, '_, '_>, source: &Located) -> Option<Vec<String>> {
    if source.text() == "all" {
        return None;
    }
    let known: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    let mut found = Vec::new();
    for word in words(source) {
        if known.contains(&word.text()) {
            found.push(word.text().to_string());
        } else {
            let message = say!("there is no command {name}", name = word.text());
            reader.errors.add(word.whole(), message, did_you_mean(word.text(), &known));
        }
    }
    Some(found)
}
