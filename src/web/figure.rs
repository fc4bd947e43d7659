//! The figure for the page: one event of a timeline, laid out once and painted frame by frame.

use wasm_bindgen::prelude::*;

use super::{timeline::JsTimeline, value::position};
use crate::figure::{
    Figure, Picture,
    buffer::{self, Strings},
    key_scale::Window,
    pace,
    part::TONES,
    theme::Theme,
};

/// The event that leads to one position, in one size.
#[wasm_bindgen(js_name = Figure)]
pub struct JsFigure {
    figure: Figure,
    strings: Strings,
    buffer: Vec<f32>,
}

#[wasm_bindgen(js_class = Figure)]
impl JsFigure {
    /// The event that leads to `at`, in a picture of this size that looks at the key axis from `from` to `to`.
    #[wasm_bindgen(constructor)]
    pub fn new(timeline: &JsTimeline, at: f64, width: f64, height: f64, from: f64, to: f64) -> JsFigure {
        let mut timeline = timeline.timeline().borrow_mut();
        let levels = timeline.levels_in_use();
        let picture = Picture { width, height, window: Window { from, to }, levels };
        let figure = Figure::at(&mut timeline, position(at), &picture);
        JsFigure { figure, strings: Strings::default(), buffer: Vec::new() }
    }

    /// The picture when the event has come this far, from 0 to 1: records of numbers (`figure/buffer.rs` has the list).
    pub fn frame(&mut self, progress: f64) -> Vec<f32> {
        self.buffer.clear();
        buffer::write(&self.figure.shapes(progress), &mut self.strings, &mut self.buffer);
        self.buffer.clone()
    }

    /// The strings that are new in the last frame: they go on where the earlier ones ended.
    pub fn strings(&mut self) -> Vec<String> {
        self.strings.take()
    }
}

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// How many seconds the event that leads to `at` takes at speed 1, where its sentence has this many letters.
    pub fn seconds(&self, at: f64, letters: usize) -> f64 {
        let timeline = self.timeline().borrow();
        let at = position(at);
        let event = |at: usize| at.checked_sub(1).and_then(|index| timeline.event(index)).map(|row| row.event);
        event(at).map_or(0.0, |now| pace::seconds(event(at - 1), now, letters))
    }
}

/// The colours of a theme, `light` or `dark`, by the number of their tone: `0xRRGGBB` each.
#[wasm_bindgen]
pub fn theme_colours(name: &str) -> Option<Vec<u32>> {
    let theme = Theme::parse(name)?;
    Some((0..TONES).map(|tone| theme.number(tone)).collect())
}
