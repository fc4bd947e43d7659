//! The lesson: its front matter, its beats, its variants.
//!
//! In: a text. Out: a [`Lesson`]. Errors: all that is wrong with it.

use std::{collections::BTreeMap, ops::Range};

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    beats::{self, Beat},
    front_matter,
    header::{self, Header},
    lesson_run::SessionOpener,
    limits::MAX_FILE_BYTES,
    script::ScriptText,
    source::{Errors, LessonError, Located},
};
use crate::options::{Options, Problem, preset};
use crate::words::say;

/// A lesson that was read.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub(super) text: String,
    pub(super) header: Header,
    pub(super) beats: Vec<Beat>,
    /// What opens the databases that its lines run on.
    pub(super) opener: SessionOpener,
}

/// One combination of the values of `vary`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Variant {
    /// Which, from 1.
    pub number: usize,
    /// The values by their names.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, LessonValue>"))]
    pub values: BTreeMap<String, Json>,
}

impl Lesson {
    /// Reads a lesson, whose lines run on databases in memory.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in the order of the file.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn parse(text: &str) -> Result<Lesson, Vec<LessonError>> {
        Lesson::parse_with(text, SessionOpener::in_memory())
    }

    /// Reads a lesson, whose lines run on databases that `opener` opens.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in the order of the file.
    pub fn parse_with(text: &str, opener: SessionOpener) -> Result<Lesson, Vec<LessonError>> {
        let mut errors = Errors::of(text);
        if text.len() > MAX_FILE_BYTES {
            errors.add(0..1, say!("a lesson has at most 256 KiB"), say!("Make two of it."));
            return Err(errors.into_found());
        }
        refuse_characters(text, &mut errors);
        let (entries, body) = front_matter::read(text, &mut errors);
        let header = header::read(&entries, &mut errors);
        let variables: Vec<String> = header.vary.iter().map(|(name, _)| name.clone()).collect();
        let beats = beats::read(text, body, &variables, header.kind, &mut errors);
        if errors.is_empty() {
            Ok(Lesson { text: text.to_string(), header, beats, opener })
        } else {
            Err(errors.into_found())
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.header.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.header.title
    }

    /// Its language.
    pub fn lang(&self) -> &str {
        &self.header.lang
    }

    /// The number of its variants; 1 at least.
    pub fn variant_count(&self) -> usize {
        self.header.vary.iter().map(|(_, values)| values.len()).product()
    }

    /// All its variants.
    pub fn variants(&self) -> impl Iterator<Item = Variant> {
        (0..self.variant_count()).map(|index| self.variant(index as u64))
    }

    /// The variant at `index`, from 0; past the last, they begin from the first again.
    pub fn variant(&self, index: u64) -> Variant {
        let index = (index % self.variant_count() as u64) as usize;
        let mut rest = index;
        let mut values = BTreeMap::new();
        for (name, all) in self.header.vary.iter().rev() {
            values.insert(name.clone(), all[rest % all.len()].clone());
            rest /= all.len();
        }
        Variant { number: index + 1, values }
    }

    /// The variant with this number, from 1.
    ///
    /// # Errors
    /// There is none.
    pub fn numbered_variant(&self, number: u64) -> Result<Variant, String> {
        let n = self.variant_count();
        match number.checked_sub(1).filter(|index| *index < n as u64) {
            Some(index) => Ok(self.variant(index)),
            None => Err(say!("there is no variant {number}: the lesson has {n}", number, n)),
        }
    }

    /// The indexes, from 0, of the variants in which this beat has other values than in `variant`: a beat that names
    /// none of the variables is the same in all.
    pub fn other_variants(&self, variant: &Variant, beat: usize) -> Vec<usize> {
        let Some(beat) = self.beats.get(beat) else { return Vec::new() };
        let names = self.named_in(beat);
        let differs = |other: &Variant| names.iter().any(|name| other.values.get(*name) != variant.values.get(*name));
        self.variants().enumerate().filter(|(_, other)| differs(other)).map(|(index, _)| index).collect()
    }

    /// The variables that a beat names, from its beginning to the next one's: in braces, or bare in an expression.
    fn named_in(&self, beat: &Beat) -> Vec<&str> {
        let starts = self.beats.iter().map(|other| other.place.start);
        let end = starts.filter(|start| *start > beat.place.start).min().unwrap_or(self.text.len());
        let text = &self.text[beat.place.start..end];
        let mut words: Vec<&str> = words_in_braces(text).collect();
        let lines = text.lines().filter_map(|line| line.trim_start().split_once(':'));
        // `let further: 2048 * n` has a name behind its key.
        let is_of_expression = |key: &str| key.split(' ').next().is_some_and(|word| WITH_EXPRESSIONS.contains(&word));
        let of_expressions = lines.filter(|(key, _)| is_of_expression(key));
        words.extend(of_expressions.flat_map(|(_, expression)| words_of(expression)));
        self.header.vary.iter().map(|(name, _)| &**name).filter(|name| words.contains(name)).collect()
    }

    /// The beat and the number of the block that has this id.
    pub fn find(&self, id: &str) -> Option<(usize, usize)> {
        self.beats.iter().enumerate().find_map(|(beat, all)| {
            all.blocks().position(|block| block.id.as_deref() == Some(id)).map(|block| (beat, block))
        })
    }

    /// What is wrong at the bytes `place` of the file.
    pub(super) fn error(
        &self,
        place: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> LessonError {
        LessonError::at(&self.text, place, message, remedy)
    }

    /// The options that a beat's database is opened with.
    ///
    /// # Errors
    /// They do not go together.
    pub(super) fn options(&self, changes: &[(String, String)], variant: &Variant) -> Result<Options, Problem> {
        let own: Vec<(String, String)> = self.header.options.clone();
        // A preset of the beat's own begins anew.
        let named = changes.iter().rev().find(|(name, _)| name == "preset");
        let mut options = preset(named.map_or(&*self.header.preset, |(_, value)| value))?;
        let own = if named.is_some() { Vec::new() } else { own };
        for (name, value) in own.iter().chain(changes).filter(|(name, _)| name != "preset") {
            let variables: Vec<String> = variant.values.keys().cloned().collect();
            let located = Located::of(value, 0..value.len());
            let text = ScriptText::new(located, &variables);
            let value = text.map_or_else(|_| value.clone(), |text| text.with(&variant.values));
            options.set(name, &value)?;
        }
        options.validate().into_iter().next().map_or(Ok(options), Err)
    }
}

/// The keys of fences whose values are, or have in them, expressions.
const WITH_EXPRESSIONS: [&str; 7] = ["let", "truth", "expect", "choice", "check", "number", "memory"];

/// What may be names in `text`.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// What may be names between the braces of `text`.
fn words_in_braces(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).flat_map(|(inside, _)| words_of(inside))
}

/// Characters that no text needs, and some hide behind.
fn refuse_characters(text: &str, errors: &mut Errors<'_>) {
    let is_wrong = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for (at, c) in text.char_indices().filter(|(_, c)| is_wrong(*c)) {
        let message = say!("the character U+{code} may not stand in a lesson", code = format!("{:04X}", c as u32));
        errors.add(at..at + c.len_utf8(), message, say!("Take it out: it is not seen, or turns text around."));
    }
}
