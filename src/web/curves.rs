//! The curves of a whole timeline, reduced to the resolution of a screen, as typed arrays.
//!
//! The page asks for these after every command, or once a frame where commands come faster. So they cost the same after
//! ten commands as after ten thousand, and a browser takes each column in one copy.

use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{timeline::JsTimeline, value::to_js};
use crate::timeline::{samples::Columns, track::Track};

#[wasm_bindgen(typescript_custom_section)]
const CURVES: &str = r#"
/** The charts' points, column by column. */
export interface Columns {
  /** Positions. */
  events: Float64Array;
  /** Bytes of all memtables. */
  memtable_bytes: Float64Array;
  /** Tables: one column for each level. */
  level_tables: Float64Array[];
  /** Bytes: one column for each level. */
  level_bytes: Float64Array[];
  /** The literature's write amplification. */
  write_user: Float64Array;
  /** RocksDB's write amplification. */
  write_rocksdb: Float64Array;
  /** Sorted runs that a read may have to look into. */
  read_runs: Float64Array;
  /** RocksDB's space amplification. */
  space_rocksdb: Float64Array;
  /** The last sequence number that was acknowledged. */
  acked: Float64Array;
  /** The last one that a power cut cannot take. */
  durable: Float64Array;
  /** How many writes lie between the two. */
  at_risk: Float64Array;
  /** Virtual time, in nanoseconds; NaN where jobs and writes take none of it. */
  nanos: Float64Array;
}

/** Stretches of the timeline that are worth going to, in the order in which they begin: one a kind and column. */
export interface Track {
  /** 0: flush, 1: compaction, 2: stall, 3: recovery, 4: power cut, 5: fault. */
  kinds: Uint8Array;
  /** The index of the first event of each. */
  begins: Float64Array;
  /** And of the last. */
  ends: Float64Array;
  /** How many flushes, compactions, … they stand for. */
  count: number;
}
"#;

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The charts' points, column by column.
    #[wasm_bindgen(unchecked_return_type = "Columns")]
    pub fn samples(&self) -> JsValue {
        columns_to_js(&self.timeline().borrow().samples().columns())
    }

    /// The flushes, compactions, stalls, recoveries, power cuts and faults, in `columns` columns of pixels.
    #[wasm_bindgen(unchecked_return_type = "Track")]
    pub fn track(&self, columns: u32) -> JsValue {
        let timeline = self.timeline().borrow();
        track_to_js(&timeline.steps().track(timeline.len(), columns as usize))
    }

    /// Jobs and stalls around the moment `at` (in nanoseconds of virtual time): those from some jobs before it to as
    /// many after it. Nothing where jobs take no time.
    #[wasm_bindgen(unchecked_return_type = "Lanes")]
    pub fn lanes(&self, at: f64, jobs: u32) -> JsValue {
        to_js(&self.timeline().borrow().lanes().around(at as u64, jobs as usize))
    }
}

fn columns_to_js(columns: &Columns) -> JsValue {
    let object = Object::new();
    let lists = [
        ("events", &columns.events),
        ("memtable_bytes", &columns.memtable_bytes),
        ("write_user", &columns.write_user),
        ("write_rocksdb", &columns.write_rocksdb),
        ("read_runs", &columns.read_runs),
        ("space_rocksdb", &columns.space_rocksdb),
        ("acked", &columns.acked),
        ("durable", &columns.durable),
        ("at_risk", &columns.at_risk),
        ("nanos", &columns.nanos),
    ];
    for (name, column) in lists {
        set(&object, name, &Float64Array::from(&column[..]));
    }
    for (name, levels) in [("level_tables", &columns.level_tables), ("level_bytes", &columns.level_bytes)] {
        let lists: Array = levels.iter().map(|column| JsValue::from(Float64Array::from(&column[..]))).collect();
        set(&object, name, &lists);
    }
    object.into()
}

fn track_to_js(track: &Track) -> JsValue {
    let object = Object::new();
    set(&object, "kinds", &Uint8Array::from(&track.kinds[..]));
    set(&object, "begins", &Float64Array::from(&track.begins[..]));
    set(&object, "ends", &Float64Array::from(&track.ends[..]));
    set(&object, "count", &JsValue::from(track.count as f64));
    object.into()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}
