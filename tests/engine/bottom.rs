//! What lies on the last level goes once it is of use to no reader, and ages are those of the data, not of its last
//! merge.

use lsmscope::{
    Engine, Options,
    options::{Choice, CompactionStyle},
    policy::policy_for,
    storage::{block_on, memory::Memory},
};

use super::{fresh, get, open, options, put};

/// The names of all styles that rewrite: one that drops tables unread never does.
fn rewriting() -> Vec<&'static str> {
    let drops_unread =
        |style| policy_for(&Options { compaction_style: style, ..Options::default() }).about().drops_unread();
    CompactionStyle::NAMES.iter().filter(|(_, style)| !drops_unread(*style)).map(|(name, _)| *name).collect()
}

fn entries(engine: &Engine<Memory>) -> u64 {
    engine.version().tables().map(|(_, t)| t.entries).sum()
}

fn tombstones(engine: &Engine<Memory>) -> u64 {
    engine.version().tables().map(|(_, t)| t.tombstones).sum()
}

fn delete(engine: &mut Engine<Memory>, key: &str) {
    block_on(engine.delete(key.as_bytes())).unwrap();
}

fn compact(engine: &mut Engine<Memory>) -> usize {
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap()
}

/// Four keys on the last level, of which a snapshot sees what was deleted and overwritten since.
fn with_snapshot(changes: &[(&str, &str)]) -> Engine<Memory> {
    let mut engine = fresh(&[&[("write_buffer_entries", "0")], changes].concat());
    for key in ["a", "b", "c", "d"] {
        put(&mut engine, key, "1").unwrap();
    }
    compact(&mut engine);
    engine.snapshot();
    delete(&mut engine, "a");
    delete(&mut engine, "b");
    put(&mut engine, "c", "2").unwrap();
    compact(&mut engine);
    assert_eq!((entries(&engine), tombstones(&engine)), (7, 2));
    assert_eq!(compact(&mut engine), 0, "the snapshot needs all of it");
    engine
}

#[test]
fn what_a_snapshot_kept_goes_by_itself_when_it_is_released() {
    for style in rewriting() {
        let mut engine = with_snapshot(&[("compaction_style", style)]);
        let before = engine.counters().compactions;
        engine.release(1).unwrap();
        block_on(engine.run_due());
        assert_eq!((entries(&engine), tombstones(&engine)), (2, 0), "{style}");
        assert_eq!(engine.counters().compactions, before + 1, "{style}: not in vain, nor twice");
        assert_eq!((get(&mut engine, "a"), get(&mut engine, "c").as_deref()), (None, Some("2")), "{style}");
        assert_eq!(compact(&mut engine), 0, "{style}: nothing is left to go");
    }
}

#[test]
fn the_next_write_begins_what_a_release_made_due_and_virtual_time_ends_it() {
    for mode in ["inline", "scheduled"] {
        let mut engine = with_snapshot(&[("job_mode", mode)]);
        engine.release(1).unwrap();
        put(&mut engine, "x", "1").unwrap();
        block_on(engine.advance_time(10)).unwrap();
        assert_eq!((entries(&engine), tombstones(&engine)), (2, 0), "{mode}");
    }
}

#[test]
fn by_hand_it_goes_where_nothing_runs_by_itself() {
    for style in rewriting() {
        let mut engine = with_snapshot(&[("compaction_style", style), ("disable_auto_compactions", "true")]);
        engine.release(1).unwrap();
        block_on(engine.run_due());
        assert_eq!(entries(&engine), 7, "{style}");
        assert_eq!(compact(&mut engine), 1, "{style}");
        assert_eq!((entries(&engine), tombstones(&engine)), (2, 0), "{style}");
    }
}

#[test]
fn a_snapshot_that_a_reopening_ended_keeps_nothing_from_going() {
    let engine = with_snapshot(&[]);
    let (storage, _) = engine.into_parts();
    let mut engine = open(storage, options(&[("write_buffer_entries", "0")])).unwrap();
    assert_eq!(compact(&mut engine), 1);
    assert_eq!((entries(&engine), tombstones(&engine)), (2, 0));
}

#[test]
fn of_two_snapshots_the_older_decides() {
    let mut engine = with_snapshot(&[]);
    engine.snapshot();
    engine.release(2).unwrap();
    block_on(engine.run_due());
    assert_eq!(entries(&engine), 7, "the older one still sees it");
    let younger = engine.snapshot();
    engine.release(1).unwrap();
    block_on(engine.run_due());
    assert_eq!(entries(&engine), 2, "the younger one does not");
    assert_eq!(block_on(engine.lookup(b"a", Some(younger))).unwrap().value, None);
}

#[test]
fn retained_tombstones_go_by_themselves_when_they_are_old_enough() {
    for style in rewriting() {
        for mode in ["inline", "scheduled"] {
            let changes = [("compaction_style", style), ("job_mode", mode), ("tombstone_retention_seconds", "100")];
            let mut engine = fresh(&[&[("write_buffer_entries", "0")][..], &changes].concat());
            put(&mut engine, "a", "1").unwrap();
            put(&mut engine, "b", "1").unwrap();
            compact(&mut engine);
            delete(&mut engine, "a");
            compact(&mut engine);
            assert_eq!(tombstones(&engine), 1, "{style} {mode}");
            block_on(engine.advance_time(90)).unwrap();
            assert_eq!((compact(&mut engine), tombstones(&engine)), (0, 1), "{style} {mode}: too young");
            block_on(engine.advance_time(11)).unwrap();
            block_on(engine.advance_time(9)).unwrap();
            assert_eq!((entries(&engine), tombstones(&engine)), (1, 0), "{style} {mode}");
        }
    }
}

/// A merge brings younger entries, and younger tombstones, into the table; the process ends and begins again.
#[test]
fn the_age_of_a_tombstone_is_its_own() {
    let changes =
        [("write_buffer_entries", "0"), ("tombstone_retention_seconds", "100"), ("max_manifest_file_size", "300")];
    let mut engine = fresh(&changes);
    put(&mut engine, "k", "1").unwrap();
    put(&mut engine, "z", "1").unwrap();
    compact(&mut engine);
    delete(&mut engine, "k");
    let has_k = |engine: &Engine<Memory>| engine.version().tables().any(|(_, t)| *t.smallest <= b"k"[..]);
    for second in (30..=120).step_by(30) {
        block_on(engine.advance_time(30)).unwrap();
        delete(&mut engine, &format!("m{second}"));
        put(&mut engine, "z", "2").unwrap();
        compact(&mut engine);
        assert_eq!(has_k(&engine), second < 100, "after {second} s");
        let (storage, _) = engine.into_parts();
        engine = open(storage, options(&changes)).unwrap();
    }
    assert!(tombstones(&engine) >= 3, "the younger ones stay");
    assert_eq!(get(&mut engine, "k"), None);
}

#[test]
fn a_range_that_is_written_to_expires_all_the_same() {
    let mut engine = fresh(&[("ttl", "100"), ("write_buffer_entries", "0")]);
    let write = |engine: &mut Engine<Memory>| {
        put(engine, "a", "x").unwrap();
        put(engine, "z", "x").unwrap();
        block_on(engine.flush()).unwrap();
        block_on(engine.compact(Some(0))).unwrap();
    };
    write(&mut engine);
    block_on(engine.compact(Some(1))).unwrap();
    delete(&mut engine, "m");
    for _ in 0..6 {
        write(&mut engine);
        block_on(engine.advance_time(30)).unwrap();
    }
    let is_young = |t: &lsmscope::version::TableMeta| t.oldest_time.is_some_and(|time| time + 100 >= engine.time());
    assert!(engine.version().levels[1].iter().all(|t| is_young(t)));
    assert_eq!(tombstones(&engine), 0);
}

#[test]
fn a_run_of_many_tombstones_is_merged_where_they_go() {
    for style in rewriting() {
        let changes = [("compact_on_deletion_ratio", "0.5"), ("level0_file_num_compaction_trigger", "6")];
        let mut engine = fresh(&[&[("compaction_style", style), ("write_buffer_entries", "0")][..], &changes].concat());
        for n in 0..20 {
            put(&mut engine, &format!("k{n:02}"), "value").unwrap();
        }
        compact(&mut engine);
        for n in 0..4 {
            delete(&mut engine, &format!("k{n:02}"));
        }
        block_on(engine.flush()).unwrap();
        // Only leveled and universal compaction look above the last run.
        let looks = ["leveled", "universal"].contains(&style);
        assert_eq!((entries(&engine), tombstones(&engine)), if looks { (16, 0) } else { (24, 4) }, "{style}");
    }
}
