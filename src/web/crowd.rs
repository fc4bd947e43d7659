//! Levels with too many tables for a view to list, as typed arrays.
//!
//! A dozen named fields for each of 10,000 tables cost a browser some 50 ms a step; five columns cost it one copy each.

use js_sys::{Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{timeline::JsTimeline, value::to_js};
use crate::scene::crowd::Crowd;

#[wasm_bindgen(typescript_custom_section)]
const CROWD: &str = r#"
/** The tables of a level, column by column, in the level's order. */
export interface Crowd {
  ids: Float64Array;
  /** Left and right edges on the key axis, from 0 to 1. */
  x0: Float64Array;
  x1: Float64Array;
  bytes: Float64Array;
  /** 0: idle, 1: input of the job at hand, 2: installed by it; plus 4: asked by the read at hand. */
  marks: Uint8Array;
}
"#;

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// All tables of `level` where the timeline was last seeked to.
    #[wasm_bindgen(unchecked_return_type = "Crowd")]
    pub fn crowd(&self, level: usize) -> JsValue {
        crowd_to_js(&self.timeline().borrow().crowd(level))
    }

    /// Some tables of `level` there, in full, by their places in it.
    #[wasm_bindgen(unchecked_return_type = "TableView[]")]
    pub fn tables(&self, level: usize, which: Vec<u32>) -> JsValue {
        let which: Vec<usize> = which.into_iter().map(|place| place as usize).collect();
        to_js(&self.timeline().borrow().tables(level, &which))
    }
}

/// Columns as typed arrays.
pub fn crowd_to_js(crowd: &Crowd) -> JsValue {
    let object = Object::new();
    let columns = [("ids", &crowd.ids), ("x0", &crowd.x0), ("x1", &crowd.x1), ("bytes", &crowd.bytes)];
    for (name, column) in columns {
        set(&object, name, &Float64Array::from(&column[..]));
    }
    set(&object, "marks", &Uint8Array::from(&crowd.marks[..]));
    object.into()
}

fn set(object: &Object, name: &str, column: &JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), column);
}
