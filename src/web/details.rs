//! What is asked of a moment in depth, which the player leaves to the engine: a file's bytes, a key's life, and what
//! the tree should have cost to write.

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    inspection,
    timeline::JsTimeline,
    value::{invalid, shown_key, to_js},
};
use crate::{
    policy::{estimate::WriteEstimate, expected::Expected},
    storage::FileId,
    words::say,
};

/// Write amplification as RocksDB counts it, as it should be.
#[derive(Serialize, Tsify)]
pub struct ExpectedWrites {
    /// For the tree as it is.
    pub estimate: Option<WriteEstimate>,
    /// With full levels: an upper bound.
    pub bound: Option<Expected>,
}

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// What the tree at the position of the last seek should have cost to write, and at most with full levels.
    #[wasm_bindgen(unchecked_return_type = "ExpectedWrites")]
    pub fn expected_writes(&self) -> JsValue {
        let (estimate, bound) = self.timeline().borrow().scene().expected_writes();
        to_js(&ExpectedWrites { estimate, bound })
    }

    /// What happened to every version of a key, given as it is shown.
    #[wasm_bindgen(unchecked_return_type = "LifeStep[]")]
    pub fn key_life(&self, key: &str) -> Result<JsValue, JsValue> {
        let key = shown_key(key)?;
        Ok(to_js(&self.timeline().borrow().key_life(&key)))
    }

    /// The bytes of `file` as they were at `position`, explained; undefined if they are not on record.
    #[wasm_bindgen(unchecked_return_type = "Inspection | undefined")]
    pub fn inspect(&self, file: &str, position: f64) -> Result<JsValue, JsValue> {
        let id = FileId::parse(file).ok_or_else(|| invalid(say!("{file} is not a file of a database", file)))?;
        let position = super::value::position(position);
        let kept = inspection::kept(&mut self.timeline().borrow_mut(), id, position);
        Ok(to_js(&kept.map(|bytes| inspection::inspect(&self.timeline().borrow(), id, position, bytes))))
    }
}
