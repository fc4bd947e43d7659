//! The moments that a lesson can name: of a question's window for its `stop`, of a figure's run for `from` and `to`.
//!
//! In: a variant, a beat, a block. Out: a [`LessonMoment`] for each event, with the name that leads to it there.
//! Errors: a line that is none, or that does too much.

use std::rc::Rc;

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    Lesson, Variant,
    beat_plan::{BeatPlan, block_of},
    beat_run::BeatRun,
    block::BlockKind,
    source::LessonError,
};

/// An event that can be named.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonMoment {
    /// The name that leads to it.
    pub name: String,
    /// The event, as the trace writes it.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Event"))]
    pub event: Rc<Json>,
}

/// The maximum number of moments of a list.
const MAX_MOMENTS: usize = 500;

impl Lesson {
    /// The moments of a prediction's window, or of a figure; none of other blocks.
    ///
    /// # Errors
    /// The lines do not run.
    pub async fn moments(
        &self,
        variant: &Variant,
        beat: usize,
        block: usize,
    ) -> Result<Vec<LessonMoment>, LessonError> {
        let Some(beat) = self.beats.get(beat) else { return Ok(Vec::new()) };
        let Some((item, block)) = block_of(beat, block) else { return Ok(Vec::new()) };
        match &block.kind {
            BlockKind::Predict(_) => {
                let plan = BeatPlan::of(beat);
                let run = BeatRun::of_beat(self, variant, beat, &plan).await?;
                let window = run.events(plan.windows[item]);
                let timeline = run.run.timeline();
                // A kind is counted within the window, as `stop` does.
                let mut kinds: Vec<&str> = Vec::new();
                let rows = timeline.events(window.start, window.end).take(MAX_MOMENTS);
                Ok(rows
                    .map(|row| {
                        let kind = row.event.kind();
                        kinds.push(kind);
                        let which = kinds.iter().filter(|other| **other == kind).count();
                        let name = if which == 1 { kind.into() } else { format!("{kind}:{which}") };
                        LessonMoment { name, event: run.run.row(row.index) }
                    })
                    .collect())
            }
            BlockKind::Figure(figure) => {
                let lines: Vec<_> = figure.lines.iter().collect();
                let run = BeatRun::open(self, variant, &figure.opening, &lines, &[], block.place.clone()).await?;
                let timeline = run.run.timeline();
                let rows = timeline.events(timeline.start(), timeline.len()).take(MAX_MOMENTS);
                let moment = |row: crate::timeline::EventRow<'_>| LessonMoment {
                    name: timeline.moment_name(row.index + 1),
                    event: run.run.row(row.index),
                };
                Ok(rows.map(moment).collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
