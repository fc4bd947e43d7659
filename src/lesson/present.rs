//! Presents a lesson: its outline, and a beat of it for one variant.
//!
//! In: a lesson; a variant, a beat. Out: a [`LessonOutline`]; a [`PresentedBeat`], with the values of its texts, and
//! where its blocks stand on the beat's timeline. Neither has an answer, a solution or a text for one. Errors: none;
//! what could not be computed is among the problems of the beat, and shows as `?`.

use std::collections::BTreeMap;

use super::{
    Lesson, Variant,
    beat_plan::{BeatPlan, LineWindow, Told},
    beat_run::{BeatRun, Names},
    beats::{Beat, BeatItem},
    block::{BlockKind, ChallengeBlock, LessonBlock, Prediction, Role},
    judged::Judged,
    node::{Node, plain},
    presented::{
        LessonOutline, OutlinedBeat, OutlinedBlock, PresentedBeat, PresentedBlock, PresentedChoice, PresentedItem,
        PresentedOpening, PresentedPrediction,
    },
    source::LessonError,
};
use crate::random::Random;

impl Lesson {
    /// What it is, before it runs.
    pub fn outline(&self) -> LessonOutline {
        let header = &self.header;
        let beat = |beat: &Beat| OutlinedBeat {
            title: plain(&beat.title.nodes),
            lecture: beat.lecture,
            blocks: beat.blocks().map(|block| OutlinedBlock { name: block.name(), id: block.id.clone() }).collect(),
        };
        LessonOutline {
            id: header.id.clone(),
            title: header.title.clone(),
            kind: header.kind,
            lesson: header.lesson,
            minutes: header.minutes,
            goals: header.goals.clone(),
            needs: header.needs.clone(),
            lang: header.lang.clone(),
            keep: header.keep.nodes.clone(),
            next: header.next.nodes.clone(),
            variants: self.variant_count(),
            beats: self.beats.iter().map(beat).collect(),
        }
    }

    /// A beat for a variant: its texts with their values, and where its blocks stand on its timeline. A beat that is
    /// not there is empty.
    pub async fn present(&self, variant: &Variant, beat: usize) -> PresentedBeat {
        let mut presented = PresentedBeat {
            title: Vec::new(),
            lecture: false,
            opening: self.opening(&[], variant),
            items: Vec::new(),
            problems: Vec::new(),
        };
        let Some(beat) = self.beats.get(beat) else { return presented };
        presented.lecture = beat.lecture;
        presented.opening = self.opening(beat.opening(), variant);
        let plan = BeatPlan::of(beat);
        let run = match BeatRun::of_beat(self, variant, beat, &plan).await {
            Ok(run) => run,
            Err(error) => {
                presented.problems.push(error);
                return presented;
            }
        };
        let mut presenter = Presenter { run: &run, plan: &plan, beat, problems: Vec::new() };
        let none = LineWindow { above: 0, end: 0 };
        presented.title = presenter.text(&beat.title, none).await;
        let mut blocks = 0;
        for (at, item) in beat.items.iter().enumerate() {
            presented.items.push(match item {
                BeatItem::Text(text) => PresentedItem::Text { nodes: presenter.text(text, plan.texts[at]).await },
                BeatItem::Block(block) => {
                    let content = Box::new(presenter.block(block, at).await);
                    blocks += 1;
                    PresentedItem::Block { block: blocks - 1, id: block.id.clone(), content }
                }
            });
        }
        presented.problems = presenter.problems;
        presented.problems.sort();
        presented.problems.dedup();
        presented
    }

    /// A preset, and the options that differ from it.
    pub(super) fn opening(&self, changes: &[(String, String)], variant: &Variant) -> PresentedOpening {
        let named = changes.iter().rev().find(|(name, _)| name == "preset").map(|(_, value)| value);
        let preset_name = named.unwrap_or(&self.header.preset).clone();
        let options = match (crate::options::preset(&preset_name), self.options(changes, variant)) {
            (Ok(preset), Ok(options)) => {
                let changed = |name: &&str| {
                    let value = options.get(name)?;
                    let is_changed = preset.get(name).as_ref() != Some(&value);
                    is_changed.then(|| (name.to_string(), value))
                };
                crate::options::Options::NAMES.iter().filter_map(changed).collect()
            }
            _ => BTreeMap::new(),
        };
        PresentedOpening { preset: preset_name, options }
    }
}

struct Presenter<'a> {
    run: &'a BeatRun<'a>,
    plan: &'a BeatPlan<'a>,
    beat: &'a Beat,
    problems: Vec<LessonError>,
}

impl Presenter<'_> {
    async fn text(&mut self, text: &super::node::RichText, told: impl Into<Told<'_>>) -> Vec<Node> {
        self.run.fill(text, told, &Names::default(), &mut self.problems).await
    }

    fn lines(&self, window: LineWindow) -> Vec<String> {
        self.run.lines[window.above..window.end].to_vec()
    }

    fn scripts(&self, lines: &[super::script::ScriptText]) -> Vec<String> {
        lines.iter().map(|line| line.with(&self.run.variant.values)).collect()
    }

    async fn block(&mut self, block: &LessonBlock, at: usize) -> PresentedBlock {
        let (text, window) = (self.plan.texts[at], self.plan.windows[at]);
        let (lesson, variant) = (self.run.lesson, self.run.variant);
        match &block.kind {
            BlockKind::Lines(lines) => {
                let events = self.run.events(window);
                let role = match lines.role {
                    Role::Run => "run",
                    Role::Silent => "silent",
                    Role::Type => "type",
                };
                PresentedBlock::Lines { role, lines: self.lines(window), from: events.start, to: events.end }
            }
            BlockKind::Predict(prediction) => {
                let prediction = self.prediction(prediction, at).await;
                PresentedBlock::Predict { prediction: prediction.into() }
            }
            BlockKind::Compare(sides) => PresentedBlock::Compare {
                opening: lesson.opening(self.beat.opening(), variant),
                left_title: self.text(&sides.left.title, text).await,
                left: self.scripts(&sides.left.lines),
                right_title: self.text(&sides.right.title, text).await,
                right: self.scripts(&sides.right.lines),
                from: sides.from.as_ref().map(|name| name.text().to_string()),
                show: sides.show.clone(),
            },
            BlockKind::Fork(changes) => {
                let all: Vec<(String, String)> = self.beat.opening().iter().chain(changes).cloned().collect();
                let lines = self.run.lines[..window.above].to_vec();
                PresentedBlock::Fork { opening: lesson.opening(&all, variant), lines }
            }
            BlockKind::Life(key) => PresentedBlock::Life { key: key.with(&variant.values) },
            BlockKind::Figure(figure) => PresentedBlock::Figure {
                opening: lesson.opening(&figure.opening, variant),
                lines: self.scripts(&figure.lines),
                from: figure.from.as_ref().map(|name| name.text().to_string()),
                to: figure.to.as_ref().map(|name| name.text().to_string()),
                caption: self.text(&figure.caption, text).await,
                via: figure.via.iter().map(|name| name.text().to_string()).collect(),
                key: figure.key.as_ref().map(|key| key.with(&variant.values)),
            },
            BlockKind::Policy(card) => {
                let mut lines: Vec<&str> = card.text().lines().collect();
                lines.pop();
                PresentedBlock::Policy { text: lines.join("\n") }
            }
            BlockKind::Challenge(challenge) => self.challenge(challenge, text, window).await,
            BlockKind::Note(note) => PresentedBlock::Note { nodes: self.text(note, text).await },
            BlockKind::Show(show) => {
                PresentedBlock::Show { controls: show.controls.clone(), knobs: show.knobs.clone() }
            }
        }
    }

    async fn challenge(&mut self, challenge: &ChallengeBlock, text: Told<'_>, window: LineWindow) -> PresentedBlock {
        let (mut goals, mut hints) = (Vec::new(), Vec::new());
        for goal in &challenge.goals {
            goals.push(self.text(goal, text).await);
        }
        for hint in &challenge.hints {
            hints.push(self.text(hint, text).await);
        }
        PresentedBlock::Challenge {
            lines: challenge.lines,
            ask: self.text(&challenge.ask, text).await,
            goals,
            hints,
            allow: challenge.allow.clone(),
            start: challenge.start.as_ref().map(|lines| self.scripts(lines)),
            from: self.run.events(window).start,
        }
    }

    async fn prediction(&mut self, prediction: &Prediction, at: usize) -> PresentedPrediction {
        let (text, window) = (self.plan.texts[at], self.plan.windows[at]);
        let judged = match Judged::of(self.run, prediction, window, self.plan.cards[at]).await {
            Ok(judged) => Some(judged),
            Err(error) => {
                self.problems.push(error);
                None
            }
        };
        let ask = self.text(&prediction.ask, text).await;
        let mut choices = Vec::new();
        for row in &prediction.choices {
            let value = row.value.with(&self.run.variant.values);
            choices.push(PresentedChoice { value, text: self.text(&row.text, text).await });
        }
        let mut cards = Vec::new();
        for (name, words) in &prediction.cards {
            cards.push(PresentedChoice { value: name.clone(), text: self.text(words, text).await });
        }
        let truth = judged.as_ref().map_or(Vec::new(), Judged::truths);
        shuffle(&mut cards, self.run.variant.number as u64 - 1, &truth);
        let (mut reasons, mut hints) = (Vec::new(), Vec::new());
        for row in &prediction.whys {
            reasons.push(self.text(&row.text, text).await);
        }
        for hint in &prediction.hints {
            hints.push(self.text(hint, text).await);
        }
        let events = self.run.events(window);
        let (places, rows) = judged.map_or_else(Default::default, |judged| (judged.places, judged.rows));
        PresentedPrediction {
            kind: prediction.kind,
            several: prediction.several,
            hide: prediction.hide.clone(),
            ask,
            choices,
            cards,
            unit: prediction.unit.clone(),
            places,
            rows,
            reasons,
            hints,
            lines: self.lines(window),
            shares: prediction.run.is_none(),
            from: events.start,
            to: events.end,
        }
    }
}

/// Puts cards into an order that depends on `seed`, and is not that of the truth.
fn shuffle(cards: &mut [PresentedChoice], seed: u64, truth: &[String]) {
    let mut random = Random::new(seed);
    for at in (1..cards.len()).rev() {
        cards.swap(at, random.below(at as u64 + 1) as usize);
    }
    if cards.len() > 1 && cards.iter().zip(truth).all(|(card, name)| card.value == *name) {
        cards.rotate_left(1);
    }
}
