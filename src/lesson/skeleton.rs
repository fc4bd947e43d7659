//! Compares a translation with its original: everything but the texts has to be the same.
//!
//! In: two lessons of one id. Out: the [`LessonFinding`]s of the second: what it lacks, and what differs. A translation
//! that asks for other truths would be another lesson.

use std::ops::Range;

use super::{
    Lesson,
    beats::{Beat, BeatItem},
    block::{BlockKind, LessonBlock, Prediction, Reported, WrongWhen},
    check::{LessonFinding, LessonSeverity},
    expression::Expression,
    script::ScriptText,
    source::Located,
};
use crate::{error::excerpt, plural::counted, words::say};

/// What differs in `translation` that is no text.
pub fn same_skeleton(original: &Lesson, translation: &Lesson) -> Vec<LessonFinding> {
    let mut comparison = Comparison { translation, findings: Vec::new() };
    let (a, b) = (&original.header, &translation.header);
    let top = 0..3;
    comparison.same(&top, "id", &a.id, &b.id);
    comparison.same(&top, "preset", &a.preset, &b.preset);
    comparison.same(&top, "options", &pairs(&a.options), &pairs(&b.options));
    comparison.same(&top, "vary", &format!("{:?}", a.vary), &format!("{:?}", b.vary));
    comparison.same(&top, "needs", &a.needs.join(", "), &b.needs.join(", "));
    if a.lang == b.lang {
        comparison.add(
            top.clone(),
            say!("both are in {lang}", lang = a.lang),
            say!("Write the language of the translation."),
        );
    }
    let count = |beats: usize| counted(beats, "beat");
    comparison.same(&top, &say!("the number of beats"), &count(original.beats.len()), &count(translation.beats.len()));
    for (a, b) in original.beats.iter().zip(&translation.beats) {
        comparison.beat(a, b);
    }
    comparison.findings
}

struct Comparison<'a> {
    translation: &'a Lesson,
    findings: Vec<LessonFinding>,
}

impl Comparison<'_> {
    fn add(&mut self, place: Range<usize>, message: String, remedy: String) {
        let error = self.translation.error(place, message, remedy);
        self.findings.push(LessonFinding { severity: LessonSeverity::Error, error });
    }

    fn same(&mut self, place: &Range<usize>, what: &str, a: &str, b: &str) {
        if a != b {
            let message =
                say!("{what} differs: {here}, and {there} in the original", what, here = shown(b), there = shown(a));
            self.add(place.clone(), message, say!("Only texts are translated."));
        }
    }

    fn beat(&mut self, a: &Beat, b: &Beat) {
        let star = |beat: &Beat| if beat.lecture { "★" } else { "no ★" };
        self.same(&b.place, &say!("the star"), star(a), star(b));
        let names = |beat: &Beat| beat.blocks().map(LessonBlock::name).collect::<Vec<_>>().join(", ");
        if names(a) != names(b) {
            return self.same(&b.place, &say!("the list of blocks"), &names(a), &names(b));
        }
        let values = |beat: &Beat| -> Vec<String> {
            let texts = beat.items.iter().filter_map(|item| match item {
                BeatItem::Text(text) => Some(text),
                BeatItem::Block(_) => None,
            });
            let mut all: Vec<String> =
                texts.flat_map(|text| text.values.iter().map(|value| value.text().to_string())).collect();
            // Another language has another order.
            all.sort();
            all
        };
        self.same(&b.place, &say!("the values in the text"), &values(a).join(", "), &values(b).join(", "));
        for (a, b) in a.blocks().zip(b.blocks()) {
            self.block(a, b);
        }
    }

    fn block(&mut self, a: &LessonBlock, b: &LessonBlock) {
        let place = &b.place;
        self.same(place, &say!("the id"), a.id.as_deref().unwrap_or(""), b.id.as_deref().unwrap_or(""));
        match (&a.kind, &b.kind) {
            (BlockKind::Lines(a), BlockKind::Lines(b)) => {
                self.same(place, &say!("the script||of a lesson"), &script(&a.lines), &script(&b.lines));
                self.same(place, &say!("the options||of a lesson"), &pairs(&a.opening), &pairs(&b.opening));
            }
            (BlockKind::Predict(a), BlockKind::Predict(b)) => self.prediction(place, a, b),
            (BlockKind::Compare(a), BlockKind::Compare(b)) => {
                self.same(place, &say!("the left script"), &script(&a.left.lines), &script(&b.left.lines));
                self.same(place, &say!("the right script"), &script(&a.right.lines), &script(&b.right.lines));
                self.same(place, "from", moment(&a.from), moment(&b.from));
                self.same(place, "show", &a.show.join(", "), &b.show.join(", "));
            }
            (BlockKind::Fork(a), BlockKind::Fork(b)) => {
                self.same(place, &say!("the options||of a lesson"), &pairs(a), &pairs(b))
            }
            (BlockKind::Life(a), BlockKind::Life(b)) => self.same(place, &say!("the key"), a.text(), b.text()),
            (BlockKind::Figure(a), BlockKind::Figure(b)) => {
                self.same(place, &say!("the script||of a lesson"), &script(&a.lines), &script(&b.lines));
                self.same(place, &say!("the options||of a lesson"), &pairs(&a.opening), &pairs(&b.opening));
                self.same(place, "from", moment(&a.from), moment(&b.from));
                self.same(place, "to", moment(&a.to), moment(&b.to));
                let via = |names: &[Located]| names.iter().map(Located::text).collect::<Vec<_>>().join(", ");
                self.same(place, "via", &via(&a.via), &via(&b.via));
                let key = |key: &Option<ScriptText>| key.as_ref().map_or(String::new(), |key| key.text().to_string());
                self.same(place, "key", &key(&a.key), &key(&b.key));
            }
            (BlockKind::Policy(a), BlockKind::Policy(b)) => self.same(place, &say!("the card"), a.text(), b.text()),
            (BlockKind::Challenge(a), BlockKind::Challenge(b)) => {
                self.same(place, "lines", &a.lines.to_string(), &b.lines.to_string());
                self.same(place, "check", a.check.text(), b.check.text());
                self.same(place, "goals", &a.goals.len().to_string(), &b.goals.len().to_string());
                let lines = |lines: &Option<Vec<ScriptText>>| lines.as_deref().map_or(String::new(), script);
                self.same(place, "start", &lines(&a.start), &lines(&b.start));
                self.same(place, "solution", &script(&a.solution), &script(&b.solution));
                let words = |words: &Option<Vec<String>>| words.as_ref().map_or("all".into(), |words| words.join(", "));
                self.same(place, "allow", &words(&a.allow), &words(&b.allow));
                let (a, b) = (&a.reported, &b.reported);
                let memory = |reported: &Reported| reported.memory.as_ref().map_or("", Expression::text).to_string();
                self.same(place, "memory", &memory(a), &memory(b));
                let numbers = |reported: &Reported| {
                    reported.numbers.iter().map(|(_, value)| value.text()).collect::<Vec<_>>().join("; ")
                };
                self.same(place, &say!("the numbers"), &numbers(a), &numbers(b));
                self.same(place, "before", &script(&a.before), &script(&b.before));
            }
            (BlockKind::Show(a), BlockKind::Show(b)) => {
                self.same(place, "show", &a.controls.join(" "), &b.controls.join(" "));
                self.same(place, &say!("the knobs"), &a.knobs.join(", "), &b.knobs.join(", "));
            }
            // Notes are texts.
            _ => {}
        }
    }

    fn prediction(&mut self, place: &Range<usize>, a: &Prediction, b: &Prediction) {
        self.same(place, "truth", a.truth.text(), b.truth.text());
        let expression = |expression: &Option<Expression>| {
            expression.as_ref().map_or(String::new(), |expression| expression.text().to_string())
        };
        self.same(place, "expect", &expression(&a.expect), &expression(&b.expect));
        let run = |lines: &Option<Vec<ScriptText>>| lines.as_deref().map_or("none".into(), script);
        self.same(place, "run", &run(&a.run), &run(&b.run));
        let lets = |p: &Prediction| {
            let one = |(name, value): &(String, Expression)| format!("{name}: {}", value.text());
            p.lets.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        self.same(place, "let", &lets(a), &lets(b));
        let choices = |p: &Prediction| {
            let one = |row: &super::block::ChoiceRow| format!("{} {}", row.value.text(), expression(&row.when));
            p.choices.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        self.same(place, &say!("the choices"), &choices(a), &choices(b));
        let cards = |p: &Prediction| p.cards.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
        self.same(place, &say!("the cards"), &cards(a), &cards(b));
        self.same(place, "accept", &format!("{:?}", a.accept), &format!("{:?}", b.accept));
        let hide = |p: &Prediction| format!("{} {} {}", p.hide.join(", "), p.among.join(", "), p.several);
        self.same(place, &say!("the attributes"), &hide(a), &hide(b));
        let stop = |p: &Prediction| p.stop.as_ref().map_or(String::new(), |stop| stop.text().to_string());
        self.same(place, "stop", &stop(a), &stop(b));
        let whys = |p: &Prediction| {
            p.whys.iter().map(|row| row.tag.clone().unwrap_or("right".into())).collect::<Vec<_>>().join(", ")
        };
        self.same(place, &say!("the reasons||of a lesson"), &whys(a), &whys(b));
        let wrongs = |p: &Prediction| {
            let one = |row: &super::block::WrongRow| {
                let when = match &row.when {
                    WrongWhen::Value(value) => value.text().to_string(),
                    WrongWhen::Equals(expression) | WrongWhen::If(expression) => expression.text().to_string(),
                    WrongWhen::First(name) => format!("first={name}"),
                    WrongWhen::Otherwise => "others".into(),
                };
                format!("{when} {}", row.tag.as_deref().unwrap_or("-"))
            };
            p.wrongs.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        self.same(place, &say!("the lines wrong"), &wrongs(a), &wrongs(b));
    }
}

fn moment(name: &Option<Located>) -> &str {
    name.as_ref().map_or("", Located::text)
}

fn script(lines: &[ScriptText]) -> String {
    lines.iter().map(ScriptText::text).collect::<Vec<_>>().join(" | ")
}

fn pairs(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn shown(text: &str) -> String {
    if text.is_empty() { "nothing".into() } else { excerpt(text) }
}
