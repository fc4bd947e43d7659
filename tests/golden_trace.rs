//! The golden trace, natively: byte for byte what is in `tests/golden/trace.jsonl`. `tests/web.rs` compares the same in a
//! browser. `UPDATE_GOLDEN=1 cargo test --test golden_trace` writes it anew; a commit that does so says why.

#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/trace.rs"]
mod trace;

#[test]
fn the_same_run_gives_the_same_trace() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/trace.jsonl");
    let found = trace::trace();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "event {number}");
    }
    assert_eq!(found.len(), expected.len(), "one trace goes on where the other ends");
    assert!(found.lines().count() > 500, "it is a run worth comparing");
}
