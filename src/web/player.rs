//! The player: a recording that runs its own lines, without an engine.
//!
//! The page's first wasm has this class and a timeline's, and nothing of the engine. It stands in for a
//! `Sandbox` until the engine has arrived: the same lines give the same events there (`tests/recording.rs`).

use std::{cell::RefCell, rc::Rc};

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    timeline::JsTimeline,
    value::{invalid, to_js},
};
use crate::{recording::Recording, timeline::Timeline};

/// What came of a recorded line.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct PlayedOutcome {
    /// Whether it did what was asked.
    pub ok: bool,
    /// What it answered.
    pub text: String,
    /// The position before it.
    pub first: usize,
    /// The position after it.
    pub last: usize,
    /// The session goes on.
    pub exit: bool,
}

/// A recording, played line by line.
#[wasm_bindgen]
pub struct Player {
    recording: Recording,
    timeline: Rc<RefCell<Timeline>>,
    played: usize,
}

#[wasm_bindgen]
impl Player {
    /// Reads a recording, and plays its open. Throws an `LsmError`.
    pub fn read(bytes: &[u8]) -> Result<Player, JsValue> {
        let mut recording = Recording::from_bytes(bytes).map_err(|error| invalid(error.to_string()))?;
        let mut timeline = Timeline::new(&Rc::new(recording.options.clone()));
        std::mem::take(&mut recording.opening).into_iter().for_each(|event| timeline.push(event));
        Ok(Player { recording, timeline: Rc::new(RefCell::new(timeline)), played: 0 })
    }

    /// What was played so far.
    pub fn timeline(&self) -> JsTimeline {
        JsTimeline::of(&self.timeline)
    }

    /// Plays the next line, if it is `line`; undefined if it is not.
    #[wasm_bindgen(unchecked_return_type = "PlayedOutcome | undefined")]
    pub fn run(&mut self, line: &str) -> JsValue {
        let Some(next) = self.recording.lines.get_mut(self.played).filter(|next| next.line == line) else {
            return JsValue::UNDEFINED;
        };
        let mut timeline = self.timeline.borrow_mut();
        let first = timeline.len();
        std::mem::take(&mut next.events).into_iter().for_each(|event| timeline.push(event));
        self.played += 1;
        to_js(&PlayedOutcome {
            ok: next.ok,
            text: std::mem::take(&mut next.text),
            first,
            last: timeline.len(),
            exit: false,
        })
    }
}
