//! Histories whose jobs overlap, made by our own engine: each decision is found again where it was taken.
//!
//! A decision of the engine is ours by definition: if the replay finds another, it asked on another version, or beside
//! other jobs, than there were. Here both are known ([`TakenOn`]).

use std::{cell::RefCell, collections::BTreeSet, ops::Range, rc::Rc};

use super::{
    super::{
        History, HistoryReport, HistoryRequest,
        decided_on::{Beside, MAX_AROUND},
        open_families,
        options_file::Settings,
    },
    rocksdb_files::{Reports, RocksDbFiles, rocksdb_files, rocksdb_files_with},
};
use crate::{
    Engine, Options,
    random::Random,
    runtime::clock::{MILLISECOND, Nanos},
    storage::{block_on, memory::Memory},
    trace::{Detail, Event, Report, Tracer},
};

/// Keeps what changes the tree, with its time.
#[derive(Clone, Default)]
struct Reported(Rc<RefCell<(Nanos, Reports)>>);

impl Tracer for Reported {
    fn wants(&self, detail: Detail) -> bool {
        detail <= Detail::Operations
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        let (now, reports) = &mut *self.0.borrow_mut();
        match event {
            Event::TimeAdvanced { nanos, .. } | Event::Acknowledged { nanos, .. } => *now = nanos,
            Event::FlushBegan { .. } | Event::CompactionPicked { .. } | Event::VersionInstalled { .. } => {
                reports.push((*now, event));
            }
            _ => {}
        }
    }

    fn wants_bytes(&self) -> bool {
        false
    }
}

/// How many writes each database gets.
const WRITES: u64 = 40_000;

/// Options of RocksDB, as they are replayed.
type Changes<'a> = &'a [(&'a str, &'a str)];

const SMALL: Changes<'_> = &[
    ("write_buffer_size", "65536"),
    ("target_file_size_base", "16384"),
    ("max_bytes_for_level_base", "262144"),
    ("max_bytes_for_level_multiplier", "4"),
];

/// The same, and a slow device on which many jobs run at once.
fn engine_options(changes: Changes<'_>) -> Options {
    let mut options = Settings::read(None, "default", changes).unwrap().options;
    let slow = [
        ("job_mode", "scheduled"),
        ("device", "custom"),
        ("device_read_mb_per_s", "8"),
        ("device_write_mb_per_s", "4"),
        ("device_latency_us", "200"),
        ("device_fsync_us", "200"),
        ("wal_sync", "never"),
        ("max_background_flushes", "2"),
        ("max_background_compactions", "5"),
        ("block_size", "1024"),
    ];
    slow.iter().for_each(|(name, value)| options.set(name, value).unwrap());
    options
}

/// What an engine reports of random writes, a fifth of them deletions, until it is left while jobs run; after every
/// `manual` of them, a compaction of everything is asked for.
fn reports(changes: Changes<'_>, seed: u64, writes: u64, manual: Option<u64>) -> Reports {
    let reported = Reported::default();
    let opened = block_on(Engine::open(Memory::new(), engine_options(changes), reported.clone()));
    let mut engine = opened.map_err(|failed| failed.error).unwrap();
    let mut random = Random::new(seed);
    for number in 0..writes {
        let key = format!("key{:09}", random.below(writes * 2));
        block_on(async {
            if manual.is_some_and(|every| number % every == every - 1) {
                engine.compact(None).await?;
            }
            if number % 16 == 0 {
                // Without a pause, memtables would wait for their flush all the time.
                engine.advance_to(engine.now() + random.below(3 * MILLISECOND)).await?;
            }
            match random.one_in(5) {
                true => engine.delete(key.as_bytes()).await,
                false => engine.put(key.as_bytes(), &[b'v'; 90]).await,
            }
        })
        .unwrap();
    }
    drop(engine);
    let (_, reports) = reported.0.take();
    reports
}

fn histories(files: &RocksDbFiles, changes: Changes<'_>) -> Vec<History> {
    let request = HistoryRequest { log: Some(&files.log), changes, ..HistoryRequest::default() };
    let read = open_families(&files.manifest, &request).unwrap();
    read.into_iter().map(|(_, history)| history.unwrap()).collect()
}

/// How many decisions match if each was taken as many edits later as `shift` says.
pub fn matched_if_shifted(history: &History, shift: isize) -> u64 {
    let mut shifted = history.clone();
    for (edit, decided) in &mut shifted.logged.decided {
        let moved = |after: &usize| after.saturating_add_signed(shift).min(*edit);
        decided.edits = moved(decided.edits.start())..=moved(decided.edits.end());
    }
    HistoryReport::of(&shifted).unwrap().matched
}

/// What one database came to.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    decisions: u64,
    too_many: u64,
    named: u64,
    beside_others: u64,
    of_several: u64,
    earlier: u64,
    later: u64,
}

fn assert_found_again(changes: Changes<'_>, families: u64, seed: u64, manual: Option<u64>, sums: &mut Sums) {
    let told: Vec<Reports> = (0..families).map(|family| reports(changes, seed * 10 + family, WRITES, manual)).collect();
    let files = rocksdb_files(&told, seed);
    let histories = histories(&files, changes);
    assert_eq!(histories.len() as u64, families);
    for (history, taken_on) in histories.iter().zip(&files.taken_on) {
        let what = format!("{changes:?}, seed {seed}");
        let logged = &history.logged.decided;
        let found: Vec<&usize> = logged.keys().collect();
        assert_eq!(found, taken_on.keys().collect::<Vec<_>>(), "each decision is found: {what}");
        for (edit, truth) in taken_on {
            let decided = &logged[edit];
            let of_edits = |beside: &Beside| if let Beside::Edit(edit) = beside { Some(*edit) } else { None };
            let certain: BTreeSet<usize> = decided.after.iter().filter_map(of_edits).collect();
            let possible = decided.around.iter().filter_map(|(beside, _)| of_edits(beside));
            let possible: BTreeSet<usize> = possible.chain(certain.iter().copied()).collect();
            let what = format!("{what}, edit {edit}: {decided:?}, {truth:?}");
            assert!(decided.edits.contains(&truth.edits), "{what}");
            // Of many that were decided at the same moment, the likely order is taken.
            let is_open = truth.running.is_subset(&possible);
            assert!(is_open || decided.around.len() == MAX_AROUND, "{what}");
            sums.too_many += u64::from(!is_open);
            assert!(certain.iter().all(|other| *other < truth.edits || truth.running.contains(other)), "{what}");
            sums.beside_others += u64::from(!truth.running.is_empty());
        }
        let report = HistoryReport::of(history).unwrap();
        let named: u64 = report.named.iter().map(|named| named.count).sum();
        assert!(report.matched + sums.too_many >= report.decisions, "{what}: {report}");
        assert_eq!(report.decisions + named, taken_on.len() as u64, "{what}: {report}");
        let names: Vec<&str> = report.named.iter().map(|named| named.name).collect();
        assert!(names.iter().all(|name| *name == "manual"), "only they are no decisions of ours: {what}: {names:?}");
        sums.named += named;
        sums.decisions += report.decisions;
        sums.of_several += report.matched_of_several;
        sums.earlier += matched_if_shifted(history, -1);
        sums.later += matched_if_shifted(history, 1);
    }
}

/// The control: were each decision looked for one edit earlier or later, many would differ.
fn assert_all(changes: Changes<'_>, families: u64, seeds: Range<u64>, manual: Option<u64>) {
    let changes = [SMALL, changes].concat();
    let mut sums = Sums::default();
    seeds.for_each(|seed| assert_found_again(&changes, families, seed, manual, &mut sums));
    let Sums { decisions, too_many, named, beside_others, of_several, earlier, later } = sums;
    assert!(decisions > 60 && beside_others * 8 > decisions, "jobs overlap: {sums:?}");
    assert!(too_many * 100 <= decisions, "next to none had many at the same moment: {sums:?}");
    assert_eq!(named > 0, manual.is_some(), "{sums:?}");
    assert!(families > 1 || of_several * 4 < decisions * 3, "many are known to one: {sums:?}");
    assert!(earlier * 10 < decisions * 9 && later * 10 < decisions * 9, "{sums:?}");
}

#[test]
fn leveled_decisions_are_found_where_they_were_taken() {
    assert_all(&[("level0_file_num_compaction_trigger", "2")], 1, 0..3, Some(15_000));
}

#[test]
fn static_levels_in_turn_are_found_where_they_were_taken() {
    assert_all(&[("level_compaction_dynamic_level_bytes", "false"), ("compaction_pri", "round_robin")], 1, 3..5, None);
}

#[test]
fn universal_decisions_are_found_where_they_were_taken() {
    assert_all(&[("compaction_style", "universal")], 1, 5..8, None);
}

#[test]
fn decisions_of_several_families_are_found_where_they_were_taken() {
    assert_all(&[("compaction_pri", "by_compensated_size")], 3, 8..10, None);
}

/// One database, and the history of its files with another log.
fn with_log(seed: u64, change: impl Fn(&str) -> String) -> (usize, History) {
    let changes = [SMALL, &[("level0_file_num_compaction_trigger", "2")]].concat();
    let mut files = rocksdb_files(&[reports(&changes, seed, WRITES, None)], seed);
    files.log = change(str::from_utf8(&files.log).unwrap()).into_bytes();
    let decisions = files.taken_on[0].len();
    (decisions, histories(&files, &changes).remove(0))
}

/// Of a log that is cut, the rest is enough for what was decided since; what is missing is named, and does not count.
#[test]
fn what_a_cut_log_does_not_tell_of_is_named() {
    let (decisions, history) = with_log(90, |log| {
        let lines: Vec<&str> = log.split_inclusive('\n').collect();
        lines[lines.len() / 2..].concat()
    });
    let report = HistoryReport::of(&history).unwrap();
    assert!(report.is_match() && report.decisions * 4 > decisions as u64, "{report}");
    let [named] = &report.named[..] else { panic!("{report}") };
    assert_eq!((named.name, named.count + report.decisions), ("not_in_log", decisions as u64));
    let says = |what: &String| what.ends_with("of which the LOG does not tell, have no deletions");
    assert!(report.summary.assumed.iter().any(says), "{report}");
}

#[test]
fn a_log_of_another_database_is_left_out() {
    let (_, history) = with_log(91, |log| log.replace("\"job\": ", "\"job\": 9").replace("Moving", "Wandering"));
    let summary = &history.summary;
    assert_eq!(summary.left_out, ["the LOG: it tells of no compaction of this file"]);
}

/// A version that no edit tells of makes all later numbers higher by one.
#[test]
fn numbers_on_both_sides_of_a_change_of_options_are_found() {
    let changes = [SMALL, &[("level0_file_num_compaction_trigger", "2")]].concat();
    let reports = reports(&changes, 92, WRITES, None);
    let middle = reports.len() / 2;
    let files = rocksdb_files_with(&[reports], 92, Some(middle));
    let history = histories(&files, &changes).remove(0);
    for (edit, truth) in &files.taken_on[0] {
        let decided = &history.logged.decided[edit];
        assert!(decided.edits.contains(&truth.edits), "edit {edit}: {decided:?}, {truth:?}");
    }
    let report = HistoryReport::of(&history).unwrap();
    assert!(report.is_match() && report.decisions == files.taken_on[0].len() as u64, "{report}");
    let told = history.summary.left_out.iter().any(|what| what.starts_with("changes of options while it ran"));
    assert!(told && history.summary.assumed.iter().all(|what| !what.contains("contradict")), "{report}");
}
