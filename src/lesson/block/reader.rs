//! What all blocks are read with: attributes, keys, texts, expressions and lines.

use std::{collections::BTreeSet, ops::Range};

use super::{BlockKind, LessonBlock, challenge, plain, predict};
use crate::{
    lesson::{
        expression::{Expression, Known, names::did_you_mean},
        fence::{self, Info, KeyLine},
        limits::MAX_KEYS,
        markdown,
        node::RichText,
        script::{self, ScriptText},
        source::{Errors, Located, is_invisible},
    },
    options::{Options, PRESETS},
    script::{Command, parse},
    words::{said, say},
};

/// Reads the blocks of a lesson.
pub(in crate::lesson) struct BlockReader<'a, 'e, 't> {
    /// The variables of `vary`.
    pub variables: &'a [String],
    pub errors: &'e mut Errors<'t>,
    /// The ids that are taken.
    pub ids: &'a mut BTreeSet<String>,
    /// Whether a policy card stands above in the beat.
    pub has_policy: bool,
}

impl BlockReader<'_, '_, '_> {
    /// The block of a fence; none if its kind is unknown, or something that it needs is missing or wrong.
    pub fn block(&mut self, info: &Located, content: &Located, place: Range<usize>) -> Option<LessonBlock> {
        self.refuse_invisible(info);
        self.refuse_invisible(content);
        let info = fence::info(info, self.errors);
        let id = self.id(&info);
        let kind = match info.words[0].text() {
            "lsm" => plain::lines(self, &info, content),
            "predict" => predict::read(self, &info, content).map(|read| BlockKind::Predict(read.into())),
            "challenge" => challenge::read(self, &info, content).map(|read| BlockKind::Challenge(read.into())),
            "compare" => plain::compare(self, &info, content),
            "fork" => plain::fork(self, &info, content),
            "life" => plain::life(self, &info),
            "figure" => plain::figure(self, &info, content),
            "policy" => plain::policy(self, &info, content),
            "note" => plain::note(self, &info, content),
            _ => plain::show(self, &info, content),
        }?;
        Some(LessonBlock { id, place, kind })
    }

    /// Marks that make a script look like another one are not for scripts.
    fn refuse_invisible(&mut self, source: &Located) {
        if let Some((at, c)) = source.text().char_indices().find(|(_, c)| is_invisible(*c)) {
            let message =
                say!("a character that is not seen stands here: U+{code}", code = format!("{:04X}", c as u32));
            self.errors.add(source.place(at..at + c.len_utf8()), message, say!("Take it out."));
        }
    }

    fn id(&mut self, info: &Info) -> Option<String> {
        let (_, id) = info.attributes.iter().find(|(name, _)| name.text() == "id")?;
        if !is_id(id.text()) {
            self.errors.add(id.whole(), say!("an id has letters, digits and - only"), say!("Write id=first-flush."));
        } else if !self.ids.insert(id.text().to_string()) {
            let message = say!("the id {id} is taken", id = id.text());
            self.errors.add(id.whole(), message, say!("Every id stands once in a lesson."));
        }
        Some(id.text().to_string())
    }

    /// Something is wrong at `place`.
    pub fn wrong<T>(
        &mut self,
        place: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Option<T> {
        self.errors.add(place, message, remedy);
        None
    }

    /// The attributes but for `id`, each of which has to be one of `known`.
    pub fn attributes<'i>(&mut self, info: &'i Info, known: &[&str]) -> Vec<(&'i str, &'i Located)> {
        let mut found: Vec<(&str, &Located)> = Vec::new();
        for (name, value) in &info.attributes {
            let is_id = name.text() == "id" && known.contains(&"id");
            if !known.contains(&name.text()) {
                let message = say!("{word} has no attribute {name}", word = info.words[0].text(), name = name.text());
                let remedy = if known.is_empty() { say!("Leave it out.") } else { did_you_mean(name.text(), known) };
                self.errors.add(name.whole(), message, remedy);
            } else if found.iter().any(|(other, _)| *other == name.text()) {
                self.errors.add(
                    name.whole(),
                    say!("{name} stands twice", name = name.text()),
                    say!("Leave one of them out."),
                );
            } else if !is_id {
                found.push((name.text(), value));
            }
        }
        found
    }

    /// An attribute that has to be there.
    pub fn needed_id(&mut self, info: &Info) {
        if !info.attributes.iter().any(|(name, _)| name.text() == "id") {
            let word = info.words[0].text();
            let message = say!("{word} needs an id", word);
            self.errors.add(info.source.whole(), message, say!("Write id=NAME: answers are kept by it."));
        }
    }

    /// Nothing may stand behind the first `count` words.
    pub fn no_more_words(&mut self, info: &Info, count: usize) {
        if let Some(word) = info.words.get(count) {
            let message = say!("{word} means nothing here", word = word.text());
            self.errors.add(word.whole(), message, say!("Attributes are written as name=value."));
        }
    }

    /// The lines of a content by their keys, each of which has to be one of `known`, and may be repeated if it is one
    /// of `many`.
    pub fn keys(&mut self, content: &Located, what: &str, known: &[&str], many: &[&str]) -> Vec<KeyLine> {
        let mut found: Vec<KeyLine> = Vec::new();
        for (nth, line) in fence::key_lines(content, self.errors).into_iter().enumerate() {
            let key = line.key.text();
            if nth == MAX_KEYS {
                self.errors.add(
                    line.place,
                    say!("a block has at most 100 keys"),
                    say!("Ask for less in one question."),
                );
                break;
            }
            if !known.contains(&key) {
                let message = say!("{what} has no key {key}", what, key = crate::error::excerpt(key));
                self.errors.add(line.key.whole(), message, did_you_mean(key, known));
            } else if !many.contains(&key) && found.iter().any(|other| other.key.text() == key) {
                self.errors.add(
                    line.key.whole(),
                    say!("{name} stands twice", name = key),
                    say!("Leave one of them out."),
                );
            } else {
                found.push(line);
            }
        }
        found
    }

    /// What stands behind the colon of a line that has nothing between key and colon.
    pub fn value(&mut self, line: &KeyLine) -> Option<Located> {
        let key = line.key.text();
        match &line.value {
            Some(value) if line.head.text().is_empty() && !value.text().is_empty() => Some(value.clone()),
            _ => self.wrong(
                line.place.clone(),
                say!("{key} has another form", key),
                say!("Write {key}: and its value.", key),
            ),
        }
    }

    /// A text, in quotes or without.
    pub fn text(&mut self, source: &Located, known: &Known<'_>) -> RichText {
        let text = match fence::quoted(source) {
            Some((text, rest)) if rest.text().is_empty() => text,
            found => {
                if let Some(remedy) = wrong_quotes(source.text(), found.is_some()) {
                    self.errors.add(source.whole(), say!("these quotes do not hold a text"), remedy);
                }
                source.clone()
            }
        };
        markdown::inline(&text, known, self.errors)
    }

    pub fn expression(&mut self, source: &Located, known: &Known<'_>) -> Option<Expression> {
        Expression::parse(source, known, self.errors)
    }

    /// Lines of a script, in lines of their own or between bars.
    pub fn lines(&mut self, source: &Located) -> Vec<ScriptText> {
        match script::lines(source, self.variables) {
            Ok(lines) => {
                lines.iter().for_each(|line| self.check_line(line));
                lines
            }
            Err((place, message)) => {
                self.errors.add(place, message, said(script::VARIABLES_REMEDY, &[]));
                Vec::new()
            }
        }
    }

    /// A line without variables has to be one now; others are read for each variant.
    fn check_line(&mut self, line: &ScriptText) {
        if line.text().contains("{{") {
            return;
        }
        match parse(line.text()) {
            Ok(Command::Exit | Command::Help { .. }) => {
                self.errors.add(line.place(), say!("this line is for a console only"), say!("Leave it out."));
            }
            Ok(_) => {}
            Err(error) => {
                self.errors.add(line.place_of(error.start..error.end), error.message, error.remedy);
            }
        }
    }

    /// A preset and options, as attributes.
    pub fn opening(&mut self, attributes: &[(&str, &Located)]) -> Vec<(String, String)> {
        let mut opening = Vec::new();
        for (name, value) in attributes {
            if value.text().contains("{{") {
                let variables = ScriptText::new((*value).clone(), self.variables);
                if let Err((place, message)) = variables {
                    self.errors.add(place, message, said(script::VARIABLES_REMEDY, &[]));
                }
            } else if *name == "preset" {
                if !PRESETS.iter().any(|preset| preset.name == value.text()) {
                    let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
                    let message = say!("there is no preset {value}", value = value.text());
                    self.errors.add(value.whole(), message, did_you_mean(value.text(), &known));
                }
            } else if let Err(problem) = Options::default().set(name, value.text()) {
                self.errors.add(value.whole(), problem.to_string(), say!("help {name} says what it does.", name));
            }
            opening.push((name.to_string(), value.text().to_string()));
        }
        opening
    }

    /// The names of all options, and `preset`.
    pub fn option_names() -> Vec<&'static str> {
        std::iter::once("preset").chain(Options::NAMES.iter().copied()).collect()
    }
}

/// What is to be said of a text that begins with a quote and is not one `"text"`, `is_closed` where one ends in it: it
/// would be shown with its marks. Quotes within prose, as in `“Yes” is what it says`, are prose.
fn wrong_quotes(text: &str, is_closed: bool) -> Option<String> {
    if text.starts_with('"') && !is_closed {
        return Some(say!("Add a \" where the value ends."));
    }
    let inside = text.strip_prefix(['“', '”', '„'])?.strip_suffix(['“', '”'])?;
    (!inside.contains(['“', '”', '„'])).then(|| say!("Write \" before and behind it, or nothing."))
}

/// Whether `text` can be the id of a lesson or of a block.
pub(in crate::lesson) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The words of a list: separated by commas, or by spaces.
pub(super) fn words(source: &Located) -> Vec<Located> {
    let separator = |c: char| if source.text().contains(',') { c == ',' || c == '\n' } else { c.is_whitespace() };
    let mut at = 0;
    let mut found = Vec::new();
    for piece in source.text().split(separator) {
        let word = source.slice(at..at + piece.len()).trim();
        // Separators are of one byte.
        at += piece.len() + 1;
        if !word.text().is_empty() {
            found.push(word);
        }
    }
    found
}
