//! What only a browser can show. Run by `wasm-bindgen-test-runner`, in a worker, where there is as much IndexedDB as in
//! a page.
#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "storage/contract.rs"]
mod contract;
#[path = "web/golden.rs"]
mod golden;
#[path = "web/history.rs"]
mod history;
#[path = "web/indexed_db.rs"]
mod indexed_db;
#[path = "web/ownership.rs"]
mod ownership;
#[path = "web/sandbox.rs"]
mod sandbox;
#[path = "golden/simulation.rs"]
mod simulation;
#[path = "web/support.rs"]
mod support;
#[path = "golden/trace.rs"]
mod trace;
#[path = "golden/workload.rs"]
mod workload;
