//! Histories of files that may be damaged or hostile, as JavaScript sees them.

use js_sys::{Array, Reflect};
use lsmscope::web::history::JsHistory;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

/// Three times 256 tables of 32 TB each, which are 2^53 bytes: what the page shows of it are numbers, and the engine
/// goes on.
#[test]
fn amounts_that_javascript_cannot_hold_are_rounded() {
    let header = r#"{"tfs": 1048576, "mult": 10.0, "base": 4194304, "l0": 4, "pri": "kByCompensatedSize", "levels": 7,
        "dynamic": false}"#;
    let mut lines = vec![header.replace('\n', "")];
    let bytes = 1_u64 << 45;
    for flush in 0..3 {
        // 9 PB, the most that a tree may have, which are gone before the next.
        let ids = flush * 1_000 + 1..flush * 1_000 + 257;
        let added: Vec<String> = ids.clone().map(|id| format!(r#"[0, {id}, {bytes}, "a", "b", {id}, {id}]"#)).collect();
        let removed: Vec<String> = ids.map(|id| format!("[0, {id}]")).collect();
        lines.push(format!(r#"{{"del": [], "add": [{}]}}"#, added.join(", ")));
        lines.push(format!(r#"{{"del": [{}], "add": []}}"#, removed.join(", ")));
    }
    let mut history = JsHistory::read(lines.join("\n").as_bytes(), None, None, None).unwrap();
    while !history.advance(100.0).unwrap() {}
    let report = at(&history.comparison(), "report");
    assert_eq!(at(&report, "decisions").as_f64(), Some(3.0));
    let timeline = history.timeline();
    let events: Array = timeline.events(0.0, timeline.length() as f64).unchecked_into();
    assert!(events.length() > 6);
    for number in 1..=3 {
        assert!(history.decision(f64::from(number)).is_object());
        // Where ours is the same, there is none.
        let _ = history.difference(f64::from(number));
    }
}
