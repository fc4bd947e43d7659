//! Pictures and films to take away, which the player leaves to the engine.

use wasm_bindgen::prelude::*;

use super::{figure::JsFigure, timeline::JsTimeline, value::position};
use crate::figure::{
    Known, Picture,
    caption::Caption,
    film::{self, FilmRange},
    key_scale::WHOLE,
    shape::DrawnShape,
    svg,
    theme::Theme,
};

#[wasm_bindgen(js_class = Figure)]
impl JsFigure {
    /// Writes a sentence below the picture, whose width and height these are: from now on it is part of every frame.
    pub fn tell(&mut self, title: &str, text: &str, width: f64, height: f64) {
        self.caption = Caption::of(title, text, width).shapes(height);
    }
}

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The frames of a film of the events that lead from one position to another: of each its position, its progress
    /// and its seconds, one behind the other. `letters` are the lengths of their sentences. Nothing where there would
    /// be too many.
    pub fn film(&self, from: f64, to: f64, letters: &[u32], speed: f64, rate: f64) -> Option<Vec<f64>> {
        let mut letters = letters.iter().copied();
        let range = FilmRange { from: position(from), to: position(to), speed, rate };
        let frames = film::frames(&self.timeline().borrow(), range, |_| letters.next().unwrap_or(0) as usize)?;
        Some(frames.iter().flat_map(|frame| [frame.position as f64, frame.progress, frame.seconds]).collect())
    }
}

/// How high a sentence below a picture of this width is.
#[wasm_bindgen]
pub fn caption_height(title: &str, text: &str, width: f64) -> f64 {
    Caption::of(title, text, width).height()
}

/// Pictures of one size that become one document: a picture for an article, or a filmstrip.
#[wasm_bindgen(js_name = PictureSheet)]
pub struct JsPictureSheet {
    picture: Picture,
    frames: Vec<Vec<DrawnShape>>,
}

#[wasm_bindgen(js_class = PictureSheet)]
impl JsPictureSheet {
    /// No picture yet; each will be of this size, its sentence included.
    #[wasm_bindgen(constructor)]
    pub fn new(width: f64, height: f64) -> JsPictureSheet {
        let picture = Picture { width, height, window: WHOLE, levels: 0, tree_only: false, known: Known::Whole };
        JsPictureSheet { picture, frames: Vec::new() }
    }

    /// Adds a figure when its event has come this far, from 0 to 1.
    pub fn add(&mut self, figure: &JsFigure, progress: f64) {
        self.frames.push(figure.shapes(progress));
    }

    /// The document: `columns` pictures side by side, in the theme `light` or `dark`. Nothing for another theme.
    pub fn svg(&self, theme: &str, title: &str, columns: usize) -> Option<String> {
        Some(svg::sheet(&self.frames, &self.picture, &Theme::parse(theme)?, title, columns.max(1)))
    }
}
