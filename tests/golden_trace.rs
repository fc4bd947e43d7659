//! The golden traces, natively: byte for byte what is in `tests/golden/*.jsonl`. `tests/web.rs` compares the same in a
//! browser. `UPDATE_GOLDEN=1 cargo test --test golden_trace` writes them anew; a commit that does so says why.

#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/trace.rs"]
mod trace;
#[path = "golden/workload.rs"]
mod workload;

fn compare(name: &str, found: &str) {
    let path = format!("{}/tests/golden/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "event {number}");
    }
    assert_eq!(found.len(), expected.len(), "one trace goes on where the other ends");
    assert!(found.lines().count() > 500, "it is a run worth comparing");
}

#[test]
fn the_same_run_gives_the_same_trace() {
    compare("trace", &trace::trace());
}

#[test]
fn the_same_run_under_virtual_time_gives_the_same_trace() {
    let found = trace::scheduled();
    for event in ["job_scheduled", "job_waits", "install_began", "write_delayed", "stalled", "stall_ended"] {
        assert!(found.contains(&format!("{{\"type\":\"{event}\"")), "no {event}");
    }
    compare("scheduled", &found);
}

#[test]
fn a_workload_is_the_one_it_always_was() {
    use workload::{BYTES, RUN, STREAM, bytes, run, stream};
    assert_eq!((stream(), bytes(), run()), (STREAM, BYTES, RUN));
}
