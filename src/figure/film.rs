//! A range of a timeline as a film: which pictures, and for how long each is shown.
//!
//! In: a [`Timeline`], a range of its positions, the speed, frames a second. Out: [`FilmFrame`]s. An event takes as
//! long as the page's stage gives it (`pace.rs`): its motion in even steps, then its end until the next event. All
//! times are multiples of a frame's.

use super::{
    motion::{self, Motion},
    pace,
};
use crate::{timeline::Timeline, trace::Event};

/// The most frames of a film: more would fill the memory of a page.
pub const MAX_FRAMES: usize = 6000;

/// Seconds that the moment before the first event is shown.
const BEGINNING: f64 = 0.6;

/// A picture of a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmFrame {
    /// The position of which the event is shown.
    pub position: usize,
    /// How far the event has come, from 0 to 1.
    pub progress: f64,
    /// How long the frame is shown, in seconds.
    pub seconds: f64,
}

/// Which film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmRange {
    /// The position that it begins at.
    pub from: usize,
    /// The position that it ends at.
    pub to: usize,
    /// How many times as fast as the page at speed 1.
    pub speed: f64,
    /// Frames in a second.
    pub rate: f64,
}

/// The frames of a film. `letters` is the length of the sentence of an event: how long it takes to read. None where
/// there would be more than [`MAX_FRAMES`].
pub fn frames(
    timeline: &Timeline,
    range: FilmRange,
    mut letters: impl FnMut(&Event) -> usize,
) -> Option<Vec<FilmFrame>> {
    let FilmRange { from, to, speed, rate } = range;
    let whole = |seconds: f64| (seconds / speed * rate).round();
    let mut frames =
        vec![FilmFrame { position: from, progress: 1.0, seconds: whole(BEGINNING * speed).max(1.0) / rate }];
    for position in from + 1..=to {
        let Some(row) = position.checked_sub(1).and_then(|index| timeline.event(index)) else { continue };
        let seconds = pace::seconds_at(timeline, position, letters(row.event));
        let steps = match motion::of(row.event) {
            Motion::Still(_) => 1.0,
            _ => whole(pace::motion_seconds(seconds)).max(1.0),
        };
        let held = (whole(seconds) - steps).max(0.0);
        for step in 1..=steps as usize {
            let rest = if step == steps as usize { held } else { 0.0 };
            frames.push(FilmFrame { position, progress: step as f64 / steps, seconds: (1.0 + rest) / rate });
        }
        if frames.len() > MAX_FRAMES {
            return None;
        }
    }
    Some(frames)
}
