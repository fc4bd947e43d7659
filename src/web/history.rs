//! The history of a real database, for the page.
//!
//! In: the bytes of a MANIFEST or of a recorded history. Out: progress, while the page runs it in slices; then the
//! comparison, a timeline, and the decisions by number and by position. Errors: `LsmError`, thrown.

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
    options::{Knob, Options, preset},
    what_if::{Speed, StalledSeconds, WhatIfComparison, WhatIfEstimate, WhatIfWork},
};

/// A refusal for JavaScript, with the remedy that fits the file.
fn refused(refusal: &HistoryRefusal) -> JsValue {
    thrown_with(&refusal.error, &refusal.remedy)
}

/// The comparison of a history with our policy.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct HistoryComparison {
    /// The number of decisions that match, and the first one that differs, in full.
    pub report: HistoryReport,
    /// The options of the comparison that differ from RocksDB's defaults.
    pub options: Vec<Knob>,
    /// The numbers, from 1, of the first thousand decisions that differ.
    pub differing: Vec<u64>,
}

/// The progress of a comparison.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
pub struct HistoryProgress {
    /// Edits that are compared.
    pub done: usize,
    /// Edits of the history.
    pub of: usize,
}

/// A history that the page compares, and then steps through.
#[wasm_bindgen(js_name = History)]
pub struct JsHistory {
    timeline: HistoryTimeline,
    options: Option<String>,
    family: Option<String>,
}

#[wasm_bindgen(js_class = History)]
impl JsHistory {
    /// Reads a history. `options` is the text of RocksDB's OPTIONS file, for a MANIFEST; without it, RocksDB's defaults
    /// count. `log` is what its LOG files have, one behind the other. `family` is the column family to compare;
    /// without, the default one. Throws an `LsmError`.
    pub fn read(
        bytes: &[u8],
        options: Option<String>,
        log: Option<Vec<u8>>,
        family: Option<String>,
    ) -> Result<JsHistory, JsValue> {
        let (options, log, family) = (options.as_deref(), log.as_deref(), family.as_deref());
        let request = HistoryRequest { options, log, family, changes: &[] };
        let history = history::open(bytes, &request).map_err(|refusal| refused(&refusal))?;
        let timeline = HistoryTimeline::new(history);
        let (options, family) = (options.map(String::from), family.map(String::from));
        Ok(JsHistory { timeline, options, family })
    }

    /// Whether the LOG that was given is that of another database.
    pub fn is_log_foreign(&self) -> bool {
        self.timeline.history().summary.is_log_foreign
    }

    /// Compares up to `edits` further edits; returns whether they were the last. Throws an `LsmError` if an edit does
    /// not fit.
    pub fn advance(&mut self, edits: f64) -> Result<bool, JsValue> {
        self.timeline.advance(position(edits)).map_err(|error| refused(&error.into()))
    }

    /// The progress.
    #[wasm_bindgen(unchecked_return_type = "HistoryProgress")]
    pub fn progress(&self) -> JsValue {
        let (done, of) = self.timeline.progress();
        to_js(&HistoryProgress { done, of })
    }

    /// The comparison so far.
    #[wasm_bindgen(unchecked_return_type = "HistoryComparison")]
    pub fn comparison(&self) -> JsValue {
        let defaults = preset("rocksdb").unwrap_or_default();
        let options = self.timeline.history().options.changed();
        let options = options.into_iter().filter(|(name, value)| defaults.get(name).as_ref() != Some(value)).collect();
        let differing = self.timeline.decisions().iter().filter(|decision| !decision.matches);
        let differing = differing.map(|decision| decision.number).take(1000).collect();
        to_js(&HistoryComparison { report: self.timeline.report().clone(), options, differing })
    }

    /// The timeline; can be called once.
    pub fn timeline(&mut self) -> JsTimeline {
        JsTimeline::of(&Rc::new(RefCell::new(self.timeline.take_timeline())))
    }

    /// The last decision at or before a position of the timeline.
    #[wasm_bindgen(unchecked_return_type = "PlacedDecision | undefined")]
    pub fn decision_at(&self, at: f64) -> JsValue {
        to_js(&self.timeline.decision_at(position(at)))
    }

    /// Decision `number`, from 1 on.
    #[wasm_bindgen(unchecked_return_type = "PlacedDecision | undefined")]
    pub fn decision(&self, number: f64) -> JsValue {
        to_js(&position(number).checked_sub(1).and_then(|at| self.timeline.decisions().get(at)))
    }

    /// Begins to estimate what other options would have cost. `changes` are of its options, each `name=value`;
    /// `stopped` and `delayed` are the seconds that `LogFilm.measured_stalls` has of its LOG. Throws an `LsmError`: a
    /// change cannot be, or the history does not tell what its tables hold.
    pub fn what_if(
        &self,
        changes: Vec<String>,
        stopped: Option<f64>,
        delayed: Option<f64>,
    ) -> Result<JsWhatIf, JsValue> {
        let history = self.timeline.history();
        let (options, family) = (self.options.as_deref(), self.family.as_deref());
        let changed = history::changed_options(options, family, &changes).map_err(|refusal| refused(&refusal))?;
        let speed = Speed::of(changes.iter().map(String::as_str));
        let sets: [(Options, Speed); 2] = [(history.options.clone(), Speed::AsRecorded), (changed, speed)];
        let work = WhatIfWork::new(history, &sets, DRAWS).map_err(|error| refused(&error.into()))?;
        let without_effect = work.what_if().without_effect(&sets[1].0, &changes);
        let stalled = stopped.zip(delayed).map(|(stopped, delayed)| StalledSeconds { stopped, delayed });
        Ok(JsWhatIf { work, without_effect, stalled })
    }

    /// The difference at decision `number`, if any.
    #[wasm_bindgen(unchecked_return_type = "Difference | undefined")]
    pub fn difference(&self, number: f64) -> JsValue {
        to_js(&self.timeline.difference(position(number) as u64))
    }
}

/// How many draws of keys are estimated.
const DRAWS: u64 = 3;

/// An estimate in progress, which the page goes on with in slices.
#[wasm_bindgen(js_name = WhatIf)]
pub struct JsWhatIf {
    work: WhatIfWork,
    without_effect: Vec<String>,
    stalled: Option<StalledSeconds>,
}

#[wasm_bindgen(js_class = WhatIf)]
impl JsWhatIf {
    /// Goes on by up to `flushes`; returns whether all is estimated. Throws an `LsmError`.
    pub fn advance(&mut self, flushes: f64) -> Result<bool, JsValue> {
        self.work.advance(position(flushes)).map_err(|error| refused(&error.into()))
    }

    /// The progress, in flushes of all runs.
    #[wasm_bindgen(unchecked_return_type = "HistoryProgress")]
    pub fn progress(&self) -> JsValue {
        let (done, of) = self.work.progress();
        to_js(&HistoryProgress { done, of })
    }

    /// Of the changes, those that change no estimate, or less than their names say: a sentence for each reason.
    pub fn without_effect(&self) -> Vec<String> {
        self.without_effect.clone()
    }

    /// What was estimated, once it is over.
    #[wasm_bindgen(unchecked_return_type = "WhatIfComparison")]
    pub fn result(&self) -> JsValue {
        let [recorded, changed] = <[WhatIfEstimate; 2]>::try_from(self.work.estimates()).unwrap_or_default();
        to_js(&WhatIfComparison::of(&self.work.what_if(), self.stalled, recorded, changed))
    }
}
