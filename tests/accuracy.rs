//! The experiments that were measured on a real RocksDB: how near we are, and that the document says so.

#![cfg(not(target_arch = "wasm32"))]

use std::{fs, rc::Rc};

use lsmscope::{
    Result,
    accuracy::{
        self, CUT, EXPERIMENTS, Experiment, ExperimentComparison, ExperimentOutcome, PUTS, PutOrder, byteless,
        keyed::{self, Keyed},
        lockstep::Lockstep,
        measured::{self, MeasuredRun},
        published, report, with_bytes,
    },
    history::{self, History, HistoryRequest},
    version::{TableMeta, VersionEdit},
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
        "docs/accuracy.md does not say this; make it again with `cargo run --release -- accuracy --out \
         docs/accuracy.md`\n\n{section}"
    );
}

/// Each experiment, in as many runs as RocksDB's.
fn compare(mut ours: impl FnMut(&MeasuredRun) -> Result<ExperimentOutcome>) -> Vec<ExperimentComparison> {
    EXPERIMENTS.iter().map(|experiment| ExperimentComparison::of(experiment, &mut ours).unwrap()).collect()
}

fn compare_keyed() -> Vec<ExperimentComparison> {
    compare(|run| keyed::run(run.experiment, PUTS, run.seed, run.first_table))
}

#[test]
fn byteless_tables_come_to_what_rocksdb_was_measured_to_do() {
    let comparisons = byteless::compare().unwrap();
    for comparison in &comparisons {
        assert_eq!(comparison.out_of_bounds(), [""; 0]);
        assert!(comparison.ours.iter().all(|ours| ours.counters.flushes == PUTS.div_ceil(accuracy::FLUSH_EVERY)));
    }
    assert_says(&report::byteless(&comparisons));
}

#[test]
fn with_rocksdbs_keys_and_sizes_every_experiment_comes_out_the_same() {
    for experiment in EXPERIMENTS {
        let run = &measured::runs_of(experiment)[0];
        let ours = keyed::run(experiment, PUTS, run.seed, run.first_table).unwrap();
        let written =
            |outcome: &ExperimentOutcome| (outcome.counters.flush_bytes, outcome.counters.compaction_bytes_written);
        assert_eq!(ours.levels, run.outcome.levels, "{}", experiment.name);
        assert_eq!(written(&ours), written(&run.outcome), "{}", experiment.name);
        assert_eq!(ours.distinct_keys, run.outcome.distinct_keys, "{}", experiment.name);
    }
}

/// A table as a history has it: level, number, bytes, first and last key.
type Line = (usize, u64, u64, String, String);

#[test]
fn with_rocksdbs_keys_and_sizes_every_table_of_a_real_history_comes_out_the_same() {
    let histories = [
        ("dyn10", PutOrder::Insert, 600_000, 7200),
        ("stat10", PutOrder::Insert, 600_000, 7200),
        ("dyn4", PutOrder::Insert, 600_000, 7200),
        ("dyn10_seq", PutOrder::Sequential, 300_000, 7200),
        ("dyn10_intral0", PutOrder::Insert, 150_000, 300),
    ];
    for (file, keys, puts, flush_every) in histories {
        let (theirs, ours) = history(&format!("{file}.jsonl"), keys, puts, flush_every);
        for (theirs, ours) in theirs.edits.iter().zip(&ours) {
            let mut theirs: Vec<Line> = theirs.added.iter().map(|a| line(a.level, &a.table, text)).collect();
            let mut ours: Vec<Line> = ours.added.iter().map(|(level, table)| line(*level, table, digits)).collect();
            // Where tables are moved, the history lists them in another order.
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{file}");
        }
    }
}

/// The recorded history of universal compaction tells what was added together, not each table.
#[test]
fn with_rocksdbs_keys_and_sizes_a_universal_history_comes_out_the_same() {
    let (theirs, ours) = history("tr_u4.jsonl", PutOrder::Insert, 300 * 7200, 7200);
    for (theirs, ours) in theirs.edits.iter().zip(&ours) {
        let sum = |tables: &[(usize, Rc<TableMeta>)]| -> (Option<usize>, usize, u64) {
            (tables.first().map(|(level, _)| *level), tables.len(), tables.iter().map(|(_, t)| t.bytes).sum())
        };
        let theirs: Vec<_> = theirs.added.iter().map(|a| (a.level, a.table.clone())).collect();
        assert_eq!(sum(&ours.added), sum(&theirs));
    }
}

/// A recorded history, and ours of so many puts of the keys of seed 1.
fn history(file: &str, keys: PutOrder, puts: u64, flush_every: u64) -> (History, Vec<VersionEdit>) {
    // The universal history does not tell its options.
    let changes = [("target_file_size_base", "1MB")];
    let theirs =
        history::open(&fixture(file), &HistoryRequest { changes: &changes, ..HistoryRequest::default() }).unwrap();
    let mut ours = Lockstep::new(theirs.options.clone(), Keyed::new(keys, 1), keyed::FIRST_TABLE);
    ours.history = Some(Vec::new());
    ours.put(puts, flush_every).unwrap();
    let ours = ours.history.unwrap();
    assert_eq!(ours.len(), theirs.edits.len(), "{file}");
    (theirs, ours)
}

fn line(level: usize, table: &TableMeta, name: fn(&[u8]) -> String) -> Line {
    (level, table.id, table.bytes, name(&table.smallest), name(&table.largest))
}

/// A key of a history.
fn text(key: &[u8]) -> String {
    String::from_utf8(key.to_vec()).unwrap()
}

/// A key of ours.
fn digits(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_cut_on_our_engine_and_byteless_comes_to_what_rocksdb_would() {
    let all = |run: &dyn Fn(&Experiment) -> Result<ExperimentOutcome>| -> Vec<ExperimentOutcome> {
        EXPERIMENTS.iter().map(|experiment| run(experiment).unwrap()).collect()
    };
    let rocksdb = all(&|experiment| keyed::run(experiment, CUT, 1, keyed::FIRST_TABLE));
    let engine = all(&|experiment| with_bytes::run(experiment, CUT, 1));
    let byteless = all(&|experiment| byteless::run(experiment, CUT, 1));
    for (at, experiment) in EXPERIMENTS.iter().enumerate() {
        for ours in [&engine[at], &byteless[at]] {
            let (a, b) = (rocksdb[at].write_amplification(), ours.write_amplification());
            // A tree this small makes few steps, and one more of them shows.
            assert!((b / a - 1.0).abs() < 0.08, "{}: {b}, of RocksDB {a}", experiment.name);
            assert_eq!(ours.counters.flushes, rocksdb[at].counters.flushes);
        }
        let entries = |o: &ExperimentOutcome| o.levels.iter().map(|level| level.entries).sum::<u64>();
        if !matches!(experiment.keys, PutOrder::Overwrite(_)) {
            let all = [&rocksdb, &engine, &byteless].map(|outcomes| entries(&outcomes[at]));
            assert_eq!(all, [CUT; 3], "{}", experiment.name);
        }
    }
    assert_says(&report::cut(CUT, &rocksdb, &engine, &byteless));
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
    let keyed = compare_keyed();
    assert!(keyed.iter().all(ExperimentComparison::is_exact));
    assert_says(&report::keyed(&keyed));
    let engine = compare(|run| with_bytes::run(run.experiment, PUTS, run.seed));
    for comparison in &engine {
        assert_eq!(comparison.out_of_bounds(), [""; 0]);
    }
    assert_says(&report::with_bytes(&engine));
    assert_says(&report::summary(&keyed, &engine, &byteless::compare().unwrap()));
}
