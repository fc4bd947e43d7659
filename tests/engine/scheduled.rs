//! Jobs under virtual time: the visible state while they run, the order of their ends, and their effect on writes.

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    Engine, ErrorKind,
    engine::ScanRange,
    runtime::{
        clock::{MILLISECOND, Nanos, SECOND},
        stall::{Cause, Condition},
    },
    storage::{
        FileKind, Storage, block_on,
        fault::{Call, Fault, PlannedFailure},
        memory::Memory,
    },
    trace::{Detail, Event, Report, StallReason, Tracer},
};

use super::{fresh, get, open, options, put};

/// A device of 1 MB/s on which nothing but the transfer takes time, and limits that are far away.
const SLOW: [(&str, &str); 10] = [
    ("job_mode", "scheduled"),
    ("device", "custom"),
    ("device_read_mb_per_s", "1"),
    ("device_write_mb_per_s", "1"),
    ("device_latency_us", "0"),
    ("device_fsync_us", "0"),
    ("write_buffer_size", "10MB"),
    ("level0_file_num_compaction_trigger", "10"),
    ("max_bytes_for_level_base", "1GB"),
    ("target_file_size_base", "10MB"),
];

fn slow(changes: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let all = SLOW.iter().chain(changes).map(|(name, value)| (*name, value.to_string()));
    // The knobs' names live as long as the program.
    all.map(|(name, value)| (leak(name), value)).collect()
}

fn leak(name: &str) -> &'static str {
    lsmscope::Options::describe().into_iter().find(|d| d.name == name).map(|d| d.name).expect("there is such a knob")
}

fn scheduled(changes: &[(&str, &str)]) -> Engine<Memory> {
    let changes = slow(changes);
    let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fresh(&changes)
}

/// Keeps every event.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<Event>>>);

impl Tracer for Told {
    fn wants(&self, detail: Detail) -> bool {
        detail <= Detail::Operations
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0.borrow_mut().push(event);
    }
}

fn traced(changes: &[(&str, &str)]) -> (Engine<Memory, Told>, Told) {
    let changes = slow(changes);
    let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = Told::default();
    let opened = block_on(Engine::open(Memory::new(), options(&changes), told.clone()));
    (opened.map_err(|failed| failed.error).unwrap(), told)
}

fn write<T: Tracer>(engine: &mut Engine<Memory, T>, key: &str, bytes: usize) {
    block_on(engine.put(key.as_bytes(), &vec![b'v'; bytes])).unwrap();
}

fn tables<T: Tracer>(engine: &Engine<Memory, T>) -> Vec<usize> {
    engine.version().levels.iter().map(|level| level.len()).collect()
}

fn files(engine: &Engine<Memory>) -> usize {
    let files = block_on(Storage::list(engine.storage())).unwrap();
    files.iter().filter(|(file, _)| file.kind == FileKind::Table).count()
}

#[test]
fn a_flush_takes_as_long_as_the_device_needs_for_its_bytes_and_nobody_sees_its_table_before() {
    let mut engine = scheduled(&[("wal_sync", "never")]);
    for n in 0..4 {
        write(&mut engine, &format!("k{n}"), 100_000);
    }
    let begun = engine.now();
    let log = engine.counters().wal_bytes;
    assert_eq!(begun.div_ceil(1000), log * SECOND / (1 << 20) / 1000 + 1, "the writes took the time of their log");
    let running_jobs = engine.running_jobs();
    let [job] = &running_jobs[..] else { panic!("{running_jobs:?}") };
    let ends = begun + (job.bytes_written * SECOND).div_ceil(1 << 20);
    assert_eq!((job.ends, job.memtables.len()), (Some(ends), 1));
    block_on(engine.advance_to(ends - 1)).unwrap();
    assert_eq!((tables(&engine)[0], engine.report().immutables.len(), files(&engine)), (0, 1, 1));
    assert!(get(&mut engine, "k0").is_some());
    block_on(engine.advance_to(ends)).unwrap();
    assert_eq!((tables(&engine)[0], engine.report().immutables.len(), engine.now()), (1, 0, ends));
    assert!(get(&mut engine, "k0").is_some());
}

#[test]
fn jobs_that_run_at_the_same_time_share_the_device() {
    let alone = {
        let mut engine = scheduled(&[("wal_sync", "never"), ("max_background_flushes", "2")]);
        (0..4).for_each(|n| write(&mut engine, &format!("k{n}"), 100_000));
        engine.running_jobs()[0].ends.unwrap() - engine.now()
    };
    let mut engine = scheduled(&[("wal_sync", "never"), ("max_background_flushes", "2")]);
    (0..4).for_each(|n| write(&mut engine, &format!("k{n}"), 100_000));
    let began = engine.now();
    (0..4).for_each(|n| write(&mut engine, &format!("l{n}"), 100_000));
    block_on(engine.flush()).unwrap();
    // Twice the bytes of tables, and the log of the second memtable beside them.
    let log = engine.counters().wal_bytes / 2 * SECOND / (1 << 20);
    let all = engine.now() - began;
    assert!(all.abs_diff(2 * alone + log) < MILLISECOND, "{all} for two of {alone} and {log}");
}

#[test]
fn several_flush_workers_empty_the_queue_and_install_in_the_order_of_age() {
    let workers = [("max_background_flushes", "3"), ("max_write_buffer_number", "6"), ("wal_sync", "never")];
    let (mut engine, told) = traced(&workers);
    // The oldest memtable is the largest.
    for (round, bytes) in [200_000, 10, 10].into_iter().enumerate() {
        (0..4).for_each(|n| write(&mut engine, &format!("{round}{n}"), bytes));
    }
    assert_eq!(engine.running_jobs().len(), 3, "one worker for each memtable");
    let first_to_end = engine.running_jobs().iter().filter_map(|job| job.ends).min().unwrap();
    block_on(engine.advance_to(first_to_end)).unwrap();
    assert_eq!((tables(&engine)[0], engine.running_jobs().len()), (0, 3), "the table of a younger memtable waits");
    let waits = |event: &Event| matches!(event, Event::JobWaits { job: 2, behind: 1 });
    assert!(told.0.borrow().iter().any(waits));
    block_on(engine.advance_to(3 * SECOND)).unwrap();
    assert_eq!((tables(&engine)[0], engine.running_jobs().len()), (3, 0));
    let installed: Vec<u64> = told
        .0
        .borrow()
        .iter()
        .filter_map(|event| match event {
            Event::VersionInstalled { flushed, .. } => flushed.first().copied(),
            _ => None,
        })
        .collect();
    assert_eq!(installed, [1, 2, 3]);
    // With one worker they come one after the other: the second takes all that waits by then.
    let mut engine = scheduled(&[("max_write_buffer_number", "6"), ("wal_sync", "never")]);
    for (round, bytes) in [200_000, 10, 10].into_iter().enumerate() {
        (0..4).for_each(|n| write(&mut engine, &format!("{round}{n}"), bytes));
    }
    assert_eq!((engine.running_jobs().len(), engine.report().immutables.len()), (1, 3));
    block_on(engine.flush()).unwrap();
    assert_eq!(engine.counters().flushes, 2);
}

#[test]
fn a_process_that_dies_with_running_jobs_loses_nothing_and_leaves_nothing() {
    let workers = [("max_background_flushes", "3"), ("max_write_buffer_number", "6")];
    let mut engine = scheduled(&workers);
    for (round, bytes) in [200_000, 10, 10].into_iter().enumerate() {
        (0..4).for_each(|n| write(&mut engine, &format!("{round}{n}"), bytes));
    }
    let first_to_end = engine.running_jobs().iter().filter_map(|job| job.ends).min().unwrap();
    block_on(engine.advance_to(first_to_end)).unwrap();
    assert_eq!((files(&engine), tables(&engine)[0]), (3, 0));
    let opened_with = engine.options().clone();
    let (mut disk, _) = engine.into_parts();
    disk.crash();
    let mut engine = open(disk, opened_with).unwrap();
    assert_eq!(engine.last_seq(), 12);
    let running: usize = engine.running_jobs().len();
    assert_eq!(files(&engine), running, "only the outputs of the repeated jobs: the orphans were removed");
    block_on(engine.close()).unwrap();
    assert_eq!((files(&engine), tables(&engine)[0] > 0), (engine.version().tables().count(), true));
}

#[test]
fn a_close_waits_for_running_jobs() {
    let mut engine = scheduled(&[]);
    (0..4).for_each(|n| write(&mut engine, &format!("k{n}"), 100_000));
    let ends = engine.running_jobs()[0].ends;
    block_on(engine.close()).unwrap();
    assert_eq!((tables(&engine)[0], Some(engine.now()), engine.report().jobs.len()), (1, ends, 0));
}

/// What a merge dropped, no snapshot needed when it began; a later one sees newer versions.
#[test]
fn a_snapshot_that_is_taken_while_a_compaction_runs_stays_right() {
    let mut engine = scheduled(&[("wal_sync", "never"), ("level0_file_num_compaction_trigger", "2")]);
    let before = engine.snapshot();
    for value in ["one", "two"] {
        for n in 0..4 {
            put(&mut engine, &format!("k{n}"), value).unwrap();
        }
        block_on(engine.flush()).unwrap();
    }
    let running_jobs = engine.running_jobs();
    assert!(running_jobs.iter().any(|job| job.compaction.is_some()), "{running_jobs:?}");
    let during = engine.snapshot();
    put(&mut engine, "k0", "three").unwrap();
    block_on(engine.delete(b"k1")).unwrap();
    let read = |engine: &mut Engine<Memory>, at| {
        let scanned = block_on(engine.scan(ScanRange::default(), Some(at))).unwrap().entries;
        scanned.into_iter().map(|(_, value)| String::from_utf8(value).unwrap()).collect::<Vec<_>>()
    };
    let seen = read(&mut engine, during);
    assert_eq!(seen, ["two"; 4]);
    block_on(engine.advance_time(10)).unwrap();
    assert_eq!((tables(&engine)[0], engine.running_jobs().len()), (0, 0));
    assert_eq!((read(&mut engine, during), read(&mut engine, before).len()), (seen, 0));
    assert_eq!((get(&mut engine, "k0").as_deref(), get(&mut engine, "k1")), (Some("three"), None));
}

/// A source of ours tells them apart: whether the write that fills the memtable pays for the flush, or it goes on
/// beside.
#[test]
fn a_flush_that_is_waited_for_holds_the_writer_up_and_one_in_the_background_does_not() {
    let run = |is_async: bool| {
        // Building a table keeps a thread busy for longer than its bytes keep the device.
        let threads = [("table_build_mb_per_s", "0.5"), ("max_write_buffer_number", "8"), ("wal_sync", "never")];
        let mut engine = scheduled(&threads);
        let mut longest: Nanos = 0;
        for n in 0..24 {
            let before = engine.now();
            write(&mut engine, &format!("k{n:02}"), 20_000);
            if !is_async && n % 4 == 3 {
                block_on(engine.flush()).unwrap();
            }
            longest = longest.max(engine.now() - before);
        }
        (engine.now(), longest, engine.counters().stalls)
    };
    let (sync, background) = (run(false), run(true));
    assert!(background.0 * 3 < sync.0 * 2, "{background:?} {sync:?}");
    assert!(background.1 * 3 < sync.1, "the slowest write: {background:?} {sync:?}");
    assert_eq!(background.2, 0);
}

#[test]
fn a_write_waits_while_too_many_memtables_are_sealed() {
    let (mut engine, told) = traced(&[("max_write_buffer_number", "2"), ("wal_sync", "never")]);
    (0..8).for_each(|n| write(&mut engine, &format!("k{n}"), 10_000));
    assert_eq!((engine.report().immutables.len(), engine.counters().stalls), (2, 0));
    let Condition::Stopped { why } = engine.report().condition else { panic!("writes go on") };
    assert_eq!((why.cause, why.value, why.limit, why.option), (Cause::Memtables, 2, 2, "max_write_buffer_number"));
    let (before, ends) = (engine.now(), engine.running_jobs()[0].ends.unwrap());
    write(&mut engine, "k9", 10);
    assert_eq!((engine.counters().stalls, engine.counters().stall_nanos), (1, ends - before));
    let told = told.0.borrow();
    let waited = told.iter().find_map(|event| match event {
        Event::StallEnded { reason: StallReason::Memtables, waited } => Some(*waited),
        _ => None,
    });
    assert_eq!(waited, Some(ends - before));
    let last = told.iter().rev().find_map(|event| match event {
        Event::StallConditionsChanged { condition } => Some(*condition),
        _ => None,
    });
    assert_eq!(last, Some(Condition::Normal));
}

#[test]
fn writes_are_slowed_down_and_then_wait_when_level_0_fills_up() {
    // Compactions are slow because level 1 is large; flushes are small.
    let (mut engine, told) = traced(&[
        ("wal_sync", "never"),
        ("max_write_buffer_number", "10"),
        ("level0_file_num_compaction_trigger", "2"),
        ("level0_slowdown_writes_trigger", "4"),
        ("level0_stop_writes_trigger", "6"),
        ("delayed_write_rate", "1MB"),
    ]);
    for n in 0..8 {
        write(&mut engine, &format!("k{n}"), 500_000);
    }
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    (0..60).for_each(|n| write(&mut engine, &format!("k{}", n % 8), 2_000));
    let counters = *engine.counters();
    assert!(counters.delays > 0 && counters.stalls > 0, "{counters:?}");
    let told = told.0.borrow();
    let reasons: Vec<(bool, u64)> = told
        .iter()
        .filter_map(|event| match event {
            Event::StallConditionsChanged { condition } => {
                condition.why().map(|why| (condition.is_stopped(), why.value))
            }
            _ => None,
        })
        .collect();
    assert!(reasons.contains(&(false, 4)) && reasons.contains(&(true, 6)), "{reasons:?}");
    assert!(reasons.iter().all(|(stopped, tables)| *stopped == (*tables >= 6)), "{reasons:?}");
    let delayed = told.iter().filter_map(|event| match event {
        Event::WriteDelayed { waited, .. } => Some(*waited),
        _ => None,
    });
    let stalled = told.iter().filter_map(|event| match event {
        Event::StallEnded { reason, waited } => {
            assert_eq!(*reason, StallReason::Level0);
            Some(*waited)
        }
        _ => None,
    });
    assert_eq!(delayed.chain(stalled).sum::<Nanos>(), counters.stall_nanos);
}

#[test]
fn a_write_that_would_wait_for_ever_is_refused_and_a_compaction_by_hand_lets_it_go_on() {
    let mut engine = scheduled(&[
        // Two runs are as many as may be, and no rule of universal compaction merges them.
        ("compaction_style", "universal"),
        ("level0_file_num_compaction_trigger", "2"),
        ("level0_slowdown_writes_trigger", "2"),
        ("level0_stop_writes_trigger", "2"),
        ("universal_max_read_amp", "10"),
        ("universal_min_merge_width", "3"),
    ]);
    for round in ["a", "b"] {
        put(&mut engine, round, "v").unwrap();
        block_on(engine.flush()).unwrap();
    }
    let error = put(&mut engine, "c", "v").unwrap_err();
    assert_eq!(error.kind, ErrorKind::Stalled);
    assert!(error.message.contains("level0_stop_writes_trigger"), "{error}");
    assert_eq!((engine.last_seq(), get(&mut engine, "c")), (2, None));
    block_on(engine.compact(None)).unwrap();
    put(&mut engine, "c", "v").unwrap();
}

#[test]
fn a_job_that_fails_leaves_its_inputs_and_is_tried_again() {
    let changes = slow(&[("max_write_buffer_number", "3")]);
    let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let disk = block_on(Fault::new(Memory::new())).unwrap();
    let controls = disk.controls().clone();
    let mut engine = open(disk, options(&changes)).unwrap();
    let full = PlannedFailure { call: Call::Create, on: None, after: 0, for_good: true, with: ErrorKind::NoSpace };
    controls.fail(Some(full));
    for n in 0..4 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!(engine.job_error().map(|error| error.kind), Some(ErrorKind::NoSpace));
    assert_eq!((engine.report().jobs.len(), engine.report().immutables.len()), (0, 1));
    assert_eq!(block_on(engine.flush()).unwrap_err().kind, ErrorKind::NoSpace);
    for n in 4..12 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    let refused = put(&mut engine, "k12", "v").unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NoSpace, "the write that waits for the flush is told why: {refused}");
    controls.fail(None);
    put(&mut engine, "k12", "v").unwrap();
    block_on(engine.flush()).unwrap();
    assert!(engine.job_error().is_none());
    assert!((0..13).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
    assert_eq!(engine.report().immutables.len(), 0);
}

#[test]
fn a_compaction_by_hand_waits_for_the_others_and_lets_none_begin() {
    let (mut engine, told) = traced(&[("wal_sync", "never"), ("level0_file_num_compaction_trigger", "2")]);
    for round in 0..2 {
        (0..4).for_each(|n| write(&mut engine, &format!("k{n}"), 1000 * (round + 1)));
        block_on(engine.flush()).unwrap();
    }
    let automatic = engine.running_jobs().iter().find(|job| job.compaction.is_some()).map(|job| job.job).unwrap();
    assert_eq!(block_on(engine.compact(Some(1))).unwrap(), 1);
    assert!(engine.running_jobs().is_empty());
    let told = told.0.borrow();
    let place = |wanted: &dyn Fn(&Event) -> bool| told.iter().position(wanted).unwrap();
    let ended = place(&|event| matches!(event, Event::CompactionEnded { job, .. } if *job == automatic));
    let by_hand = place(&|event| matches!(event, Event::CompactionPicked { job, .. } if *job > automatic));
    assert!(ended < by_hand);
}
