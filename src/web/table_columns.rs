//! The tables of large levels as typed arrays.
//!
//! In: [`TableColumns`]. Out: a JavaScript object of typed arrays. A dozen named fields for each of 10,000 tables cost
//! a browser about 50 ms a step; five columns cost one copy each.

use js_sys::{Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{timeline::JsTimeline, value::to_js};
use crate::scene::table_columns::TableColumns;

#[wasm_bindgen(typescript_custom_section)]
const TABLE_COLUMNS: &str = r#"
/** The tables of a level, column by column, in the level's order. */
export interface TableColumns {
  ids: Float64Array;
  /** Left and right edges on the key axis, from 0 to 1. */
  x0: Float64Array;
  x1: Float64Array;
  bytes: Float64Array;
  /** The role in running jobs (0: none, 1: input, 2: installed), plus 4 if the current read has probed the table. */
  marks: Uint8Array;
}
"#;

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The tables of `level` at the last sought position.
    #[wasm_bindgen(unchecked_return_type = "TableColumns")]
    pub fn table_columns(&self, level: usize) -> JsValue {
        columns_to_js(&self.timeline().borrow().table_columns(level))
    }

    /// Some tables of `level` at that position, in full, by their positions in the level.
    #[wasm_bindgen(unchecked_return_type = "TableView[]")]
    pub fn tables(&self, level: usize, which: Vec<u32>) -> JsValue {
        let which: Vec<usize> = which.into_iter().map(|place| place as usize).collect();
        to_js(&self.timeline().borrow().tables(level, &which))
    }
}

/// `columns` as a JavaScript object of typed arrays.
pub fn columns_to_js(columns: &TableColumns) -> JsValue {
    let object = Object::new();
    let TableColumns { ids, x0, x1, bytes, marks } = columns;
    for (name, column) in [("ids", ids), ("x0", x0), ("x1", x1), ("bytes", bytes)] {
        set(&object, name, &Float64Array::from(&column[..]));
    }
    set(&object, "marks", &Uint8Array::from(&marks[..]));
    object.into()
}

fn set(object: &Object, name: &str, column: &JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), column);
}
