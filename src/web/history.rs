//! The history of a real database, for the page: read a slice at a time, then a timeline like any other.

use std::{cell::RefCell, rc::Rc};

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    timeline::JsTimeline,
    value::{position, thrown_with, to_js},
};
use crate::{
    history::{self, HistoryRefusal, HistoryReport, HistoryRequest, history_timeline::HistoryTimeline},
    options::{Knob, preset},
};

/// A refusal for JavaScript, with the remedy that fits the file.
fn refused(refusal: &HistoryRefusal) -> JsValue {
    thrown_with(&refusal.error, &refusal.remedy)
}

/// What a replay came to.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct ReplaySummary {
    /// How many decisions match, and the full detail of the first that does not.
    pub report: HistoryReport,
    /// The options that were replayed under, as far as they are not RocksDB's defaults.
    pub options: Vec<Knob>,
    /// The decisions that differ, from 1 on: the first thousand.
    pub differing: Vec<u64>,
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
pub struct ReplayProgress {
    /// Edits that were replayed.
    pub done: usize,
    /// Edits there are.
    pub of: usize,
}

/// A history that is being compared, and then browsed.
#[wasm_bindgen(js_name = History)]
pub struct JsHistory {
    film: HistoryTimeline,
}

#[wasm_bindgen(js_class = History)]
impl JsHistory {
    /// Reads a history. `options` is the text of RocksDB's OPTIONS file, for a MANIFEST; without it, RocksDB's defaults
    /// count. `family` is the column family to replay; without, the default one. Throws an `LsmError`.
    pub fn read(bytes: &[u8], options: Option<String>, family: Option<String>) -> Result<JsHistory, JsValue> {
        let request = HistoryRequest { options: options.as_deref(), family: family.as_deref(), changes: &[] };
        let history = history::open(bytes, &request).map_err(|refusal| refused(&refusal))?;
        Ok(JsHistory { film: HistoryTimeline::new(history) })
    }

    /// Replays up to `edits` more; returns whether that was all. Throws an `LsmError` where an edit does not fit.
    pub fn advance(&mut self, edits: f64) -> Result<bool, JsValue> {
        self.film.advance(position(edits)).map_err(|error| refused(&error.into()))
    }

    /// How far it is.
    #[wasm_bindgen(unchecked_return_type = "ReplayProgress")]
    pub fn progress(&self) -> JsValue {
        let (done, of) = self.film.progress();
        to_js(&ReplayProgress { done, of })
    }

    /// What it came to.
    #[wasm_bindgen(unchecked_return_type = "ReplaySummary")]
    pub fn summary(&self) -> JsValue {
        let defaults = preset("rocksdb").unwrap_or_default();
        let options = self.film.history().options.changed();
        let options = options.into_iter().filter(|(name, value)| defaults.get(name).as_ref() != Some(value)).collect();
        let scenes = self.film.scenes().iter().filter(|scene| !scene.matches);
        let differing = scenes.map(|scene| scene.number).take(1000).collect();
        to_js(&ReplaySummary { report: self.film.report().clone(), options, differing })
    }

    /// Its timeline; once.
    pub fn timeline(&mut self) -> JsTimeline {
        JsTimeline::of(&Rc::new(RefCell::new(self.film.take_timeline())))
    }

    /// The last decision at or before a position of the timeline.
    #[wasm_bindgen(unchecked_return_type = "PlacedDecision | undefined")]
    pub fn scene_at(&self, at: f64) -> JsValue {
        to_js(&self.film.scene_at(position(at)))
    }

    /// Decision `number`, from 1 on.
    #[wasm_bindgen(unchecked_return_type = "PlacedDecision | undefined")]
    pub fn scene(&self, number: f64) -> JsValue {
        to_js(&position(number).checked_sub(1).and_then(|at| self.film.scenes().get(at)))
    }

    /// What differs at decision `number`, if anything does.
    #[wasm_bindgen(unchecked_return_type = "Difference | undefined")]
    pub fn difference(&self, number: f64) -> JsValue {
        to_js(&self.film.difference(position(number) as u64))
    }
}
