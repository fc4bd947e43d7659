//! The experiments that were measured on a real RocksDB: how near we are, and that the document says so.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;

use lsmscope::{
    Options,
    accuracy::{
        self, CUT, EXPERIMENTS, Keys, Outcome, PUTS, byteless,
        keyed::{self, Keyed},
        lockstep::Lockstep,
        published, report, with_bytes,
    },
    replay,
    version::TableMeta,
};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/fixtures/rocksdb/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the history is there")
}

fn document() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/accuracy.md")).expect("the document is there")
}

fn assert_says(section: &str) {
    assert!(
        document().contains(section),
        "docs/accuracy.md does not say this; make it again with `cargo run --release -- accuracy --out docs/accuracy.md`\n\n{section}"
    );
}

fn byteless_outcomes(puts: u64) -> Vec<Outcome> {
    EXPERIMENTS.iter().map(|experiment| byteless::run(experiment, puts).unwrap()).collect()
}

#[test]
fn byteless_tables_come_to_what_rocksdb_was_measured_to_do() {
    let outcomes = byteless_outcomes(PUTS);
    for (experiment, outcome) in EXPERIMENTS.iter().zip(&outcomes) {
        assert_eq!(report::out_of_bounds(experiment, outcome), [""; 0]);
        assert_eq!(outcome.counters.flushes, PUTS.div_ceil(accuracy::FLUSH_EVERY));
        if let Some(measured) = experiment.measured.space_amplification {
            let ours = outcome.space_amplification(experiment.live(PUTS));
            assert!((ours / measured - 1.0).abs() < 0.03, "{}: {ours}", experiment.name);
        }
    }
    assert_says(&report::byteless(&outcomes));
}

/// A table as a history has it: level, number, bytes, first and last key.
type Line = (usize, u64, u64, String, String);

#[test]
fn with_rocksdbs_keys_and_sizes_every_table_of_a_real_history_comes_out_the_same() {
    for (file, keys, flush_every) in
        [("dyn10", Keys::Insert, 7200), ("stat10", Keys::Insert, 7200), ("dyn4", Keys::Insert, 7200)]
    {
        let history = replay::read(&fixture(&format!("{file}.jsonl")), &Options::default()).unwrap();
        let flushes = history.edits.iter().filter(|edit| edit.removed.is_empty()).count() as u64;
        let mut ours = Lockstep::new(history.options.clone(), Keyed::new(keys, 1), keyed::FIRST_TABLE);
        ours.history = Some(Vec::new());
        ours.put(600_000, flush_every).unwrap();
        assert_eq!(ours.counters.flushes, flushes, "{file}");
        let digits = |key: &[u8]| key.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = |key: &[u8]| String::from_utf8(key.to_vec()).unwrap();
        let line = |level: usize, t: &TableMeta, name: &dyn Fn(&[u8]) -> String| -> Line {
            (level, t.id, t.bytes, name(&t.smallest), name(&t.largest))
        };
        for (theirs, ours) in history.edits.iter().zip(ours.history.unwrap()) {
            let theirs: Vec<Line> = theirs.added.iter().map(|a| line(a.level, &a.table, &text)).collect();
            let ours: Vec<Line> = ours.added.iter().map(|(level, table)| line(*level, table, &digits)).collect();
            assert_eq!(ours, theirs, "{file}");
        }
    }
}

#[test]
fn a_cut_on_our_engine_and_byteless_comes_to_the_same() {
    let engine: Vec<Outcome> = EXPERIMENTS.iter().map(|e| with_bytes::run(e, CUT, 1).unwrap()).collect();
    let byteless = byteless_outcomes(CUT);
    for ((experiment, engine), byteless) in EXPERIMENTS.iter().zip(&engine).zip(&byteless) {
        let (a, b) = (engine.write_amplification(), byteless.write_amplification());
        // A tree this small makes few steps, and one more of them shows.
        assert!((b / a - 1.0).abs() < 0.08, "{}: {a} with bytes, {b} without", experiment.name);
        assert_eq!(engine.counters.flushes, byteless.counters.flushes);
        if !matches!(experiment.keys, accuracy::Keys::Overwrite(_)) {
            let entries = |o: &Outcome| o.levels.iter().map(|level| level.entries).sum::<u64>();
            assert_eq!((entries(engine), entries(byteless)), (CUT, CUT), "{}", experiment.name);
        }
    }
    assert_says(&report::cut(CUT, &engine, &byteless));
}

#[test]
fn published_figures_are_computed_and_stand_in_the_document() {
    let figures = published::figures().unwrap();
    let ours = |source: &str, what: &str| {
        figures.iter().find(|f| f.source.contains(source) && f.what.contains(what)).expect("it is computed").ours
    };
    assert_eq!(ours("Tuning Guide", "write"), 33.0);
    assert!((1.8..=3.5).contains(&ours("FAST 2016", "worst case")));
    assert!((ours("2015", "1000 GB") - 1.111).abs() < 0.001);
    assert!((ours("2015", "200 GB") - 1.555).abs() < 0.001);
    assert_says(&report::published(&figures));
}

/// As the command does it: some minutes.
#[test]
#[ignore = "some minutes; `cargo test --release --test accuracy -- --ignored`"]
fn our_engine_comes_to_what_rocksdb_was_measured_to_do() {
    let outcomes: Vec<Outcome> = EXPERIMENTS.iter().map(|e| with_bytes::run(e, PUTS, e.seeds).unwrap()).collect();
    for (experiment, outcome) in EXPERIMENTS.iter().zip(&outcomes) {
        assert_eq!(report::out_of_bounds(experiment, outcome), [""; 0]);
    }
    assert_says(&report::with_bytes(&outcomes));
}
