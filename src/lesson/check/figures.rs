//! Figures: their lines run, their moments are there, in order, and their key is written or read.

use super::Checker;
use crate::{
    lesson::{
        Variant,
        beat_plan::Told,
        beat_run::{BeatRun, Names},
        block::{FigureBlock, LessonBlock},
        source::Located,
    },
    timeline::{Timeline, find::bytes_of_text},
    words::say,
};

impl Checker<'_> {
    pub(super) async fn figure(
        &mut self,
        variant: &Variant,
        beat_run: &BeatRun<'_>,
        block: &LessonBlock,
        figure: &FigureBlock,
        text: Told<'_>,
    ) {
        let mut problems = Vec::new();
        beat_run.fill(&figure.caption, text, &Names::default(), &mut problems).await;
        problems.into_iter().for_each(|error| self.fail_in(variant, error));
        let lines: Vec<_> = figure.lines.iter().collect();
        let opened = BeatRun::open(self.lesson, variant, &figure.opening, &lines, &[], block.place.clone()).await;
        if let Ok(run) = &opened {
            let timeline = run.run.timeline();
            self.moments(variant, figure.from.iter().chain(&figure.via).chain(&figure.to), &timeline);
            self.key(variant, figure, &timeline);
        }
        self.side(variant, opened, &lines);
    }

    /// What `from`, `via` and `to` name, in this order.
    pub(super) fn moments<'m>(
        &mut self,
        variant: &Variant,
        moments: impl Iterator<Item = &'m Located>,
        timeline: &Timeline,
    ) {
        let mut last = 0;
        for moment in moments {
            let (message, remedy) = match timeline.find_moment(moment.text()) {
                Err(unfound) => {
                    let remedy = say!("Expected {expected}.", expected = unfound.expected);
                    (say!("the figure has no such moment"), remedy)
                }
                Ok(position) if position < last => (
                    say!("this moment comes earlier than the one named before it"),
                    say!("Name from, those of via, and to in the order in which they happen."),
                ),
                Ok(position) => {
                    last = position;
                    continue;
                }
            };
            self.fail_in(variant, self.lesson.error(moment.whole(), message, remedy));
        }
    }

    /// The key whose way is told.
    fn key(&mut self, variant: &Variant, figure: &FigureBlock, timeline: &Timeline) {
        let Some(key) = &figure.key else { return };
        let name = key.with(&variant.values);
        if bytes_of_text(&name).is_none_or(|bytes| timeline.key_life(&bytes).is_empty()) {
            let message = say!("nothing happens to {name} in this figure", name);
            self.fail_in(variant, self.lesson.error(key.place(), message, say!("Name a key of its lines.")));
        }
    }
}
