//! Reads the rows of a prediction: names, choices, cards, reasons, and texts for wrong answers.

use super::{Draft, NUMBER_FORM};
use crate::{
    lesson::{
        block::{ChoiceRow, PredictionKind, WhyRow, WrongRow, WrongWhen, reader::BlockReader},
        expression::{Expression, Known, names::RESERVED},
        fence::{self, KeyLine},
        limits::MAX_LETS,
        markdown,
        node::RichText,
        script::{self, ScriptText},
        source::Located,
        value::read_number,
    },
    trace::Event,
    words::{said, say, to_say},
};

impl Draft<'_> {
    /// `let NAME: EXPR`.
    pub(super) fn name(
        &mut self,
        reader: &mut BlockReader<'_, '_, '_>,
        line: &KeyLine,
    ) -> Option<(String, Expression)> {
        let name = line.head.text();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name || name.starts_with(|c: char| c.is_ascii_digit()) {
            return reader.wrong(
                line.place.clone(),
                say!("let has another form"),
                say!("Write {line}", line = "let cost: last(get_ended).cost"),
            );
        }
        let taken = RESERVED.contains(&name) || Event::KINDS.contains(&name);
        if taken || self.known.variables.iter().chain(&self.known.lets).any(|other| other == name) {
            return reader.wrong(line.head.whole(), say!("the name {name} is taken", name), say!("Take another one."));
        }
        if self.known.lets.len() == MAX_LETS {
            return reader.wrong(
                line.place.clone(),
                say!("a block has at most 32 names"),
                say!("Put some of them together."),
            );
        }
        let value = line.value.clone().unwrap_or_default();
        let expression = reader.expression(&value, &self.known);
        // Known even if it is wrong: otherwise each use of it would be an error of its own.
        self.known.lets.push(name.to_string());
        Some((name.to_string(), expression?))
    }

    /// `choice VALUE "text" if EXPR`.
    pub(super) fn choice(&self, reader: &mut BlockReader<'_, '_, '_>, line: &KeyLine) -> Option<ChoiceRow> {
        let (value, text, rest) = Draft::named_text(reader, line, "choice 2 \"two tables\"")?;
        let when = match rest.text().strip_prefix("if ") {
            Some(_) => Some(reader.expression(&rest.slice(3..rest.text().len()), &self.known)?),
            None if rest.text().is_empty() => None,
            None => {
                return reader.wrong(
                    rest.whole(),
                    say!("something stands behind the text"),
                    say!("Write if EXPR, or nothing."),
                );
            }
        };
        let value = match ScriptText::new(value, reader.variables) {
            Ok(value) => value,
            Err((place, message)) => return reader.wrong(place, message, said(script::VARIABLES_REMEDY, &[])),
        };
        Some(ChoiceRow { value, text, when, place: line.place.clone() })
    }

    /// `card NAME "text"`.
    pub(super) fn card(&self, reader: &mut BlockReader<'_, '_, '_>, line: &KeyLine) -> Option<(String, RichText)> {
        let (name, text, rest) = Draft::named_text(reader, line, "card wal_appended \"the log\"")?;
        if !rest.text().is_empty() {
            return reader.wrong(rest.whole(), say!("something stands behind the text"), say!("Leave it out."));
        }
        Some((name.text().to_string(), text))
    }

    /// `why right "text"`, `why m:TAG "text"`.
    pub(super) fn why(&self, reader: &mut BlockReader<'_, '_, '_>, line: &KeyLine) -> Option<WhyRow> {
        const FORM: &str = "why m:below \"the bottom holds the truth\"";
        let (name, text, rest) = Draft::named_text(reader, line, FORM)?;
        if !rest.text().is_empty() {
            return reader.wrong(rest.whole(), say!("something stands behind the text"), say!("Leave it out."));
        }
        let tag = match name.text() {
            "right" => None,
            name_text => match tag_of(name_text) {
                Some(tag) => Some(tag),
                None => {
                    return reader.wrong(
                        name.whole(),
                        say!("a reason is right or m:TAG"),
                        say!("Write {line}", line = FORM),
                    );
                }
            },
        };
        Some(WhyRow { tag, text })
    }

    /// What stands before a text in quotes, the text, and what stands behind it.
    fn named_text(
        reader: &mut BlockReader<'_, '_, '_>,
        line: &KeyLine,
        form: &str,
    ) -> Option<(Located, RichText, Located)> {
        let head = &line.head;
        let name_end = match head.text().strip_prefix('"') {
            // The value itself is a text in quotes.
            Some(rest) => rest.find('"').map(|at| at + 2),
            None => head.text().find('"'),
        };
        let read = name_end.and_then(|at| {
            let name = head.slice(0..at).trim();
            let name = fence::quoted(&name).map_or(name, |(name, _)| name);
            let (text, rest) = fence::quoted(&head.slice(at..head.text().len()))?;
            (!name.text().is_empty()).then_some((name, text, rest))
        });
        match read {
            Some((name, text, rest)) => {
                // It is shown before the answer.
                let known = Known { variables: reader.variables, ..Known::default() };
                Some((name, markdown::inline(&text, &known, reader.errors), rest))
            }
            None => {
                let message = say!("{key} has another form", key = line.key.text());
                reader.wrong(line.place.clone(), message, say!("Write {line}", line = form))
            }
        }
    }

    /// `wrong VALUE: m:TAG "text"`.
    pub(super) fn wrong(&self, reader: &mut BlockReader<'_, '_, '_>, line: &KeyLine) -> Option<WrongRow> {
        const FORM: &str =
            to_say!("Write wrong 2: m:TAG \"text\", wrong if answer > truth: m:TAG \"text\", or wrong: \"text\".");
        let Some(value) = &line.value else {
            return reader.wrong(line.place.clone(), say!("wrong has another form"), said(FORM, &[]));
        };
        let (tag, text) = match value.text().strip_prefix("m:") {
            Some(rest) => {
                let end = 2 + rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
                let Some(tag) = tag_of(&value.text()[..end]) else {
                    return reader.wrong(
                        value.place(0..end),
                        say!("a tag has small letters, digits and -"),
                        said(FORM, &[]),
                    );
                };
                (Some(tag), value.slice(end..value.text().len()))
            }
            None => (None, value.clone()),
        };
        let Some((text, rest)) = fence::quoted(&text).filter(|(_, rest)| rest.text().is_empty()) else {
            return reader.wrong(value.whole(), say!("the text for a wrong answer stands in quotes"), said(FORM, &[]));
        };
        let _ = rest;
        let when = self.when(reader, &line.head)?;
        let text = markdown::inline(&text, &self.known, reader.errors);
        Some(WrongRow { when, tag, text, place: line.place.clone() })
    }

    fn when(&self, reader: &mut BlockReader<'_, '_, '_>, head: &Located) -> Option<WrongWhen> {
        let text = head.text();
        if text.is_empty() {
            return Some(WrongWhen::Otherwise);
        }
        if text.strip_prefix("if ").is_some() {
            return reader.expression(&head.slice(3..text.len()), &self.known).map(WrongWhen::If);
        }
        if text.starts_with('{') && !text.starts_with("{{") && text.ends_with('}') {
            return reader.expression(&head.slice(1..text.len() - 1), &self.known).map(WrongWhen::Equals);
        }
        if let Some(first) = text.strip_prefix("first=").filter(|_| self.kind == PredictionKind::Order) {
            return Some(WrongWhen::First(first.trim().to_string()));
        }
        let head = fence::quoted(head).map_or_else(|| head.clone(), |(text, _)| text);
        if self.kind == PredictionKind::Number && read_number(head.text()).is_none() && !head.text().contains("{{") {
            let remedy =
                say!("Write wrong 2: for a number, wrong {EXPR}: for a value, or wrong if EXPR: for a condition.");
            return reader.wrong(
                head.whole(),
                say!("{word} is not {expected}", word = head.text(), expected = said(NUMBER_FORM, &[])),
                remedy,
            );
        }
        match ScriptText::new(head, reader.variables) {
            Ok(value) => Some(WrongWhen::Value(value)),
            Err((place, message)) => reader.wrong(place, message, said(script::VARIABLES_REMEDY, &[])),
        }
    }
}

/// The tag of a misconception: `m:below`.
fn tag_of(text: &str) -> Option<String> {
    let tag = text.strip_prefix("m:")?;
    let is_tag = !tag.is_empty() && tag.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    is_tag.then(|| tag.to_string())
}
