//! The estimate of write amplification comes near what is counted, on each preset with keys drawn evenly. The table of
//! `src/policy/estimate.rs` is what it was when it was written.

#![cfg(not(target_arch = "wasm32"))]

use lsmscope::{
    options::preset,
    policy::estimate::write_estimate,
    session::Session,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
    workload::Workload,
};

/// A preset, its keys, how many writes, and how far off the estimate may be, in percent.
const RUNS: &[(&str, u64, f64, f64)] = &[
    ("universal", 500, 5_000.0, 15.0),
    ("universal", 1_000_000, 1_000.0, 20.0),
    ("size-tiered", 500, 5_000.0, 15.0),
    ("size-tiered", 1_000_000, 1_000.0, 15.0),
    ("lazy-leveling", 500, 5_000.0, 15.0),
    ("lazy-leveling", 1_000_000, 1_000.0, 15.0),
    ("fifo", 500, 5_000.0, 15.0),
    ("full-merge", 500, 5_000.0, 15.0),
    ("demo-recipe", 100_000, 300_000.0, 15.0),
    ("demo-recipe", 100_000_000, 300_000.0, 15.0),
    ("write-heavy", 5_000, 60_000.0, 15.0),
    ("write-heavy", 100_000_000, 60_000.0, 15.0),
    ("read-heavy", 5_000, 5_000.0, 15.0),
    ("read-heavy", 100_000_000, 5_000.0, 15.0),
    ("balanced", 5_000, 30_000.0, 15.0),
    ("balanced", 100_000_000, 30_000.0, 15.0),
];

/// Counted, and estimated.
fn run(name: &str, keys: u64, writes: f64) -> (f64, Option<f64>) {
    let options = preset(name).expect("it exists");
    let mut workload = Workload { write_rate: 1000.0, duration_seconds: writes / 1000.0, ..Workload::default() };
    let knobs =
        [("key_space_size", keys.to_string()), ("key_order", "scrambled".into()), ("key_dist", "uniform".into())];
    knobs.iter().for_each(|(knob, value)| workload.set(knob, value).expect("it fits"));
    let mut session = block_on(Session::open(Memory::new(), options.clone(), NoTrace)).expect("a new database opens");
    block_on(session.drive(&workload)).expect("it goes well");
    let engine = session.engine().expect("it is open");
    let estimate = write_estimate(&options, engine.version()).map(|estimate| estimate.value);
    (engine.counters().write_rocksdb().expect("it was flushed"), estimate)
}

#[test]
fn the_estimate_comes_near_what_is_counted() {
    let (mut table, mut wrong) = (String::new(), 0);
    for (name, keys, writes, most) in RUNS {
        let (counted, estimated) = run(name, *keys, *writes);
        let estimated = estimated.expect("it is not of tiny tables");
        let off = (estimated / counted - 1.0) * 100.0;
        wrong += u64::from(off.abs() > *most);
        table += &format!("| {name} | {keys} | {writes} | {counted:.2} | {estimated:.2} | {off:+.1} % |\n");
    }
    assert_eq!(wrong, 0, "too far off:\n{table}");
}

#[test]
fn of_tables_of_one_entry_or_two_nothing_is_said() {
    assert_eq!(run("teaching", 2_000, 2_000.0).1, None);
    assert_eq!(run("background", 500, 500.0).1, None);
}
