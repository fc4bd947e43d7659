//! Where things come to an end: what is dropped although somebody was promised it, writes that could never go on,
//! virtual time, and levels that are no more.

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    Engine, ErrorKind,
    runtime::clock::{END, SECOND},
    session::Session,
    storage::{block_on, memory::Memory},
    trace::{Detail, Event, Report, Tracer},
};

use super::{fresh, get, open, options, put};

/// Keeps what concerns jobs.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<Event>>>);

impl Tracer for Told {
    fn wants(&self, detail: Detail) -> bool {
        detail == Detail::Jobs
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0.borrow_mut().push(event);
    }
}

/// Runs lines; what each answered, or how it was refused.
fn answers(lines: &str) -> Vec<String> {
    let mut session = block_on(Session::open(Memory::new(), options(&[]), Told::default())).unwrap();
    let answer = |line: &str| {
        let outcome = block_on(session.run(line.trim()));
        match outcome.error {
            Some(error) => format!("refused: {}. {}", error.message, error.remedy),
            None => outcome.text,
        }
    };
    lines.lines().filter(|line| !line.trim().is_empty()).map(answer).collect()
}

const FIFO: [(&str, &str); 4] = [
    ("compaction_style", "fifo"),
    ("job_mode", "scheduled"),
    ("write_buffer_entries", "1"),
    ("fifo_max_table_files_size", "1GB"),
];

/// RocksDB lifts both triggers under FIFO (`SanitizeCfOptions`): there, nothing would ever empty level 0.
#[test]
fn fifo_stops_no_write_however_many_tables_level_0_has() {
    let mut engine = fresh(&FIFO);
    for n in 0..60 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
        block_on(engine.flush()).unwrap();
    }
    let counters = engine.counters();
    assert_eq!((engine.version().levels[0].len(), counters.delays), (60, 0));
    assert_eq!(get(&mut engine, "k0").as_deref(), Some("v"));
}

#[test]
fn an_expired_table_of_level_0_is_dropped_though_another_style_left_some_below() {
    let mut engine = fresh(&[]);
    put(&mut engine, "a", "1").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    let mut engine = open(engine.into_parts().0, options(&[("compaction_style", "fifo")])).unwrap();
    put(&mut engine, "b", "1").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.advance_time(400 * 24 * 3600)).unwrap();
    put(&mut engine, "c", "1").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    assert_eq!(["a", "b", "c"].map(|key| get(&mut engine, key).is_some()), [true, false, true]);
}

/// RocksDB drops it, too; here, the event, the answer and the help say so.
#[test]
fn what_fifo_drops_under_a_snapshot_is_said() {
    let said = answers(
        "options preset=fifo\n put k 1\n flush\n snapshot\n fill 200\n get k @1\n scan @1\n get k\n help snapshot",
    );
    assert!(said[3].contains("whether or not a snapshot sees them"), "{}", said[3]);
    for at in [5, 6] {
        assert!(said[at].contains("FIFO compaction has dropped 1 table that snapshot 1 saw"), "{}", said[at]);
    }
    assert!(!said[7].contains("FIFO") && said[8].contains("FIFO"), "{said:?}");

    let told = Told::default();
    let fifo = options(&[("compaction_style", "fifo"), ("fifo_max_table_files_size", "600")]);
    let mut engine = block_on(Engine::open(Memory::new(), fifo, told.clone())).map_err(|failed| failed.error).unwrap();
    block_on(engine.put(b"k", b"1")).unwrap();
    block_on(engine.flush()).unwrap();
    let (saw, released) = (engine.snapshot(), engine.snapshot());
    engine.release(released.id).unwrap();
    for n in 0..20_u8 {
        block_on(engine.put(&[n], b"1")).unwrap();
    }
    assert_eq!((engine.dropped_under(saw.id), engine.dropped_under(released.id)), (1, 0));
    let broken =
        told.0.borrow().iter().filter(|event| matches!(event, Event::SnapshotBroken { snapshot: 1, .. })).count();
    assert_eq!(broken, 1);
}

/// The stop trigger counts as the number at which level 0 is due, or nothing would ever be.
#[test]
fn triggers_below_the_one_of_compactions_are_raised_and_that_is_said() {
    let triggers =
        "level0_file_num_compaction_trigger=10 level0_slowdown_writes_trigger=2 level0_stop_writes_trigger=6";
    let said = answers(&format!("options job_mode=scheduled wal_sync=never {triggers}\n fill 400\n options"));
    assert!(said[0].contains("level0_stop_writes_trigger = 6 counts as 10"), "{}", said[0]);
    assert!(said[1].starts_with("ok  400 puts"), "{}", said[1]);
    assert!(said[2].contains("level0_slowdown_writes_trigger = 2 counts as 10"), "{}", said[2]);
}

#[test]
fn time_ends_with_an_error_before_it_is_reached() {
    let wait = "wait 36500d\n".repeat(6);
    let said = answers(&format!("options job_mode=scheduled\n {wait} put a 1\n get a"));
    assert_eq!(said[2], "ok  time 6307200000 s");
    assert!(said[3].starts_with("refused: virtual time ends after 9223372036 s"), "{}", said[3]);
    assert!(said[7].starts_with("ok  seq 1"), "{said:?}");
    assert!(said[8].starts_with('1'), "{said:?}");
}

#[test]
fn at_the_end_of_time_nothing_takes_any_more_and_a_reopening_without_it_goes_on() {
    let told = Told::default();
    let scheduled = options(&[("job_mode", "scheduled"), ("device", "hdd")]);
    let mut engine =
        block_on(Engine::open(Memory::new(), scheduled.clone(), told)).map_err(|failed| failed.error).unwrap();
    block_on(engine.put(b"a", b"1")).unwrap();
    block_on(engine.advance_to(END - SECOND / 100)).unwrap();
    assert!(block_on(engine.advance_to(END + 1)).is_err());
    // What it has to sync takes longer than what is left.
    block_on(engine.put(b"b", b"1")).unwrap();
    assert_eq!(engine.now(), END);
    for result in [block_on(engine.put(b"c", b"1")).map(drop), block_on(engine.flush())] {
        let error = result.unwrap_err();
        assert_eq!(error.kind, ErrorKind::TimeOver);
        assert!(error.message.contains("virtual time is at its end"), "{error}");
    }
    block_on(engine.close()).unwrap();
    // It opens as late as it is.
    let mut engine = open(engine.into_parts().0, scheduled).unwrap();
    block_on(engine.advance_to(END)).unwrap();
    assert!(put(&mut engine, "c", "1").is_err());
    block_on(engine.close()).unwrap();
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    put(&mut engine, "c", "1").unwrap();
    block_on(engine.flush()).unwrap();
    assert_eq!(["a", "b", "c"].map(|key| get(&mut engine, key).is_some()), [true; 3]);
}

#[test]
fn a_job_that_would_end_after_the_end_of_time_ends_never() {
    let mut engine = fresh(&[("job_mode", "scheduled"), ("wal_sync", "never"), ("device", "hdd")]);
    block_on(engine.advance_to(END - 1_000_000)).unwrap();
    let error = (0..100).find_map(|n| put(&mut engine, &format!("k{n}"), "v").err()).expect("memtables fill up");
    assert_eq!((error.kind, engine.now() <= END), (ErrorKind::TimeOver, true));
    assert!(error.message.contains("virtual time is at its end"), "{error}");
    assert!(engine.running_jobs().iter().all(|job| job.ends.is_none() && !job.is_done));
    assert!(block_on(engine.compact(None)).is_err());
    block_on(engine.close()).unwrap();
}

/// The command that used up the last of the time says so; what is refused then names what helps; and a job that never
/// ends is not called done.
#[test]
fn the_end_of_time_is_told_as_such() {
    let waits = "wait 36500d\n wait 36500d\n wait 33751d\n wait 23h\n wait 2836s\n wait 854ms\n wait 775us";
    let lines = format!(
        "options job_mode=scheduled wal_sync=never device=hdd write_buffer_entries=2\n {waits}\n fill 2\n jobs\n \
         put a 1\n flush\n wait 1s\n drive 1s\n fill 1\n get a\n options job_mode=inline\n put a 1"
    );
    let said = answers(&lines);
    let over = "virtual time is at its end, after 292 years";
    let helps = "Let less time pass, or begin with a fresh database. With job_mode=inline, only wait and drive";
    assert!(said[1..8].iter().all(|answer| answer.starts_with("ok  time") && !answer.contains(over)), "{said:?}");
    let fill = &said[8];
    assert!(fill.starts_with("ok  2 puts") && fill.contains(over) && fill.contains(helps), "{fill}");
    let jobs = &said[9];
    assert!(jobs.contains("never done: virtual time ends before it") && jobs.contains(over), "{jobs}");
    assert!(!jobs.contains("older flush"), "{jobs}");
    for refused in &said[10..15] {
        assert!(refused.starts_with("refused: virtual time") && refused.contains(helps), "{refused}");
        assert!(!refused.contains("raise the limit") && !refused.contains("Nothing was"), "{refused}");
    }
    assert_eq!(said[15].lines().next(), Some("not found: no version of the key"));
    assert!(said[17].starts_with("ok  seq 3") && !said[17].contains(over), "{}", said[17]);
}

/// A log that ends in a torn frame and holds nothing else was in the way of `absolute_consistency` for ever: there was
/// nothing to flush, so no edit left it behind.
#[test]
fn a_flush_of_nothing_leaves_a_torn_log_behind() {
    let said = answers(
        "disk full 44\n fill 15\n disk ok\n reopen\n options wal_recovery_mode=absolute_consistency\n flush\n \
         options wal_recovery_mode=absolute_consistency\n put a 1\n reopen\n get a\n verify\n flush\n flush",
    );
    assert!(said[4].contains("a flush leaves the torn log behind"), "{}", said[4]);
    assert_eq!(said[5], "nothing to flush, and 1 log of which nothing is needed left behind");
    assert!(said[6].starts_with("ok  reopened with wal_recovery_mode"), "{}", said[6]);
    assert!(said[9].starts_with('1') && said[10].ends_with("nothing wrong"), "{said:?}");
    assert!(said[11].starts_with("ok  1 flush"), "{}", said[11]);
    assert_eq!(said[12], "nothing to flush");
}

/// As RocksDB's `DBImpl::Recover` does it: whole levels, the lowest first, each by an edit of its own.
#[test]
fn dynamic_levels_that_are_turned_on_move_whole_levels_down() {
    let mut engine = fresh(&[("num_levels", "7")]);
    for n in 0..60 {
        put(&mut engine, &format!("k{:02}", n * 37 % 100), &"v".repeat(20)).unwrap();
    }
    let shape = |engine: &Engine<Memory>| -> Vec<Vec<u64>> {
        engine.version().levels[1..].iter().map(|level| level.iter().map(|t| t.id).collect()).collect()
    };
    let mut before = shape(&engine);
    assert!(before[0].len() > 1 && before[1].len() > 1 && before[2..].iter().all(Vec::is_empty), "{before:?}");
    let dynamic = options(&[("num_levels", "7"), ("level_compaction_dynamic_level_bytes", "true")]);
    let told = Told::default();
    let engine =
        block_on(Engine::open(engine.into_parts().0, dynamic, told.clone())).map_err(|failed| failed.error).unwrap();
    let counters = *engine.counters();
    assert_eq!((counters.compaction_bytes_written, counters.compactions, counters.moves), (0, 2, 2));
    before.rotate_right(4);
    let now: Vec<Vec<u64>> =
        engine.version().levels[1..].iter().map(|level| level.iter().map(|t| t.id).collect()).collect();
    assert_eq!(now, before, "as they were, four levels further down");
    let rules: Vec<&str> = told
        .0
        .borrow()
        .iter()
        .filter_map(|event| match event {
            Event::CompactionPicked { compaction, .. } => Some(compaction.reason.rule.name()),
            _ => None,
        })
        .collect();
    assert_eq!(rules, ["moved_at_open"; 2]);
    // Once is enough.
    let engine =
        open(engine.into_parts().0, options(&[("num_levels", "7"), ("level_compaction_dynamic_level_bytes", "true")]));
    assert_eq!(engine.unwrap().counters().compactions, 0);
}

/// Measured on RocksDB 9.8.4: with a multiplier of 4 the base level and the next have the base size.
#[test]
fn tables_of_dynamic_levels_grow_from_the_second_level_below_the_base_on() {
    let mut engine = fresh(&[
        ("num_levels", "7"),
        ("level_compaction_dynamic_level_bytes", "true"),
        ("target_file_size_base", "1000"),
        ("target_file_size_multiplier", "4"),
        ("max_bytes_for_level_base", "4000"),
        ("max_bytes_for_level_multiplier", "4"),
        ("write_buffer_entries", "20"),
        ("bloom_bits_per_key", "0"),
        ("block_size", "100"),
    ]);
    for n in 0..2000_u64 {
        put(&mut engine, &format!("{:016x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)), &"v".repeat(40)).unwrap();
    }
    let base = engine.version().levels[1..].iter().position(|level| !level.is_empty()).unwrap() + 1;
    assert!(base <= 4, "base level {base}");
    let largest = engine.version().levels[6].iter().map(|t| t.bytes).max().unwrap();
    let target = 1000 * 4_u64.pow(6 - base as u32 - 1);
    assert!((target..target * 5 / 4).contains(&largest), "{largest} of {target}, base level {base}");
}

/// A round-robin compaction of a level that is no more has nowhere to go on.
#[test]
fn fewer_levels_are_enough_where_only_a_cursor_is_deeper() {
    let said = answers(
        "options compaction_pri=round_robin num_levels=6\n fill 300 seed 3\n options compaction_style=size_tiered\n \
         compact\n options num_levels=2\n get k\n reopen",
    );
    assert!(said.iter().all(|answer| !answer.starts_with("refused")), "{said:?}");
}

/// A stop that no compaction ends is an error with its numbers, and not a wait.
#[test]
fn a_style_that_keeps_more_runs_than_writes_may_find_says_so() {
    let mut engine = fresh(&[
        ("job_mode", "scheduled"),
        ("compaction_style", "universal"),
        ("universal_max_read_amp", "100"),
        ("universal_min_merge_width", "60"),
        ("universal_max_size_amplification_percent", "1000000"),
        ("write_buffer_entries", "1"),
    ]);
    let error = (0..100).find_map(|n| put(&mut engine, &format!("k{n}"), "v").err()).expect("it stands still");
    assert_eq!(error.kind, ErrorKind::Stalled);
    assert!(error.message.contains("36 tables on level 0, limit 36 (level0_stop_writes_trigger)"), "{error}");
    assert!(error.kind.remedy().contains("raise the limit"), "{}", error.kind.remedy());
}
