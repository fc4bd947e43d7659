//! The golden traces, workloads and simulations in a browser: the same bytes as natively.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::trace;

fn compare(found: &str, expected: &str) {
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "event {number}");
    }
    assert_eq!(crc32fast::hash(found.as_bytes()), crc32fast::hash(expected.as_bytes()));
}

#[wasm_bindgen_test]
fn the_same_run_gives_the_same_trace_as_natively() {
    compare(&trace::trace(), include_str!("../golden/trace.jsonl"));
}

#[wasm_bindgen_test]
fn the_same_run_under_virtual_time_gives_the_same_trace_as_natively() {
    compare(&trace::scheduled(), include_str!("../golden/scheduled.jsonl"));
}

#[wasm_bindgen_test]
fn a_simulation_is_the_same_as_natively() {
    assert_eq!(super::simulation::hash(), super::simulation::EXPECTED);
}

#[wasm_bindgen_test]
fn a_workload_and_what_it_makes_of_a_database_are_the_same_as_natively() {
    use crate::workload::{BYTES, RUN, STREAM, bytes, run, stream};
    assert_eq!((stream(), bytes(), run()), (STREAM, BYTES, RUN));
}
