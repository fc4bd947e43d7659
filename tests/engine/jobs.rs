//! Flushes and compactions: what they keep, what they drop, and whom they wait for.

use lsmscope::{
    Engine,
    engine::ScanRange,
    storage::{FileKind, Storage, block_on, memory::Memory},
};

use super::{fresh, get, put};

fn entries(engine: &Engine<Memory>) -> u64 {
    engine.version().tables().map(|(_, t)| t.entries).sum()
}

#[test]
fn a_dozen_puts_show_flushes_and_a_compaction() {
    let mut engine = fresh(&[]);
    for n in 0..12 {
        put(&mut engine, &format!("key{n:02}"), "value").unwrap();
    }
    let counters = engine.counters();
    assert_eq!(counters.flushes, 3);
    assert!(counters.compactions >= 1);
    assert!((0..12).all(|n| get(&mut engine, &format!("key{n:02}")).is_some()));
}

#[test]
fn a_compaction_drops_shadowed_versions_and_at_the_bottom_tombstones() {
    let mut engine = fresh(&[("disable_auto_compactions", "true"), ("write_buffer_entries", "0")]);
    for value in ["one", "two", "three"] {
        put(&mut engine, "k", value).unwrap();
        block_on(engine.flush()).unwrap();
    }
    block_on(engine.compact(Some(0))).unwrap();
    assert_eq!(entries(&engine), 1);
    assert_eq!(get(&mut engine, "k").as_deref(), Some("three"));
    block_on(engine.delete(b"k")).unwrap();
    block_on(engine.flush()).unwrap();
    assert_eq!(entries(&engine), 2, "a flush keeps the tombstone: it hides what lies below");
    block_on(engine.compact(None)).unwrap();
    assert_eq!(entries(&engine), 0);
    assert_eq!(get(&mut engine, "k"), None);
}

#[test]
fn a_tombstone_stays_until_it_is_old_enough() {
    let retention =
        [("tombstone_retention_seconds", "60"), ("disable_auto_compactions", "true"), ("write_buffer_entries", "0")];
    let mut engine = fresh(&retention);
    put(&mut engine, "k", "v").unwrap();
    put(&mut engine, "other", "v").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.delete(b"k")).unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(Some(0))).unwrap();
    assert_eq!(entries(&engine), 2, "the young tombstone and the other key");
    block_on(engine.advance_time(60)).unwrap();
    put(&mut engine, "k2", "v").unwrap();
    block_on(engine.flush()).unwrap();
    assert_eq!(get(&mut engine, "k"), None);
    block_on(engine.compact(None)).unwrap();
    assert_eq!(entries(&engine), 2, "its own age counts, not that of the table that it was merged with");
    assert_eq!(get(&mut engine, "k"), None);
    put(&mut engine, "k", "back").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    assert_eq!(get(&mut engine, "k").as_deref(), Some("back"));
    assert_eq!(entries(&engine), 3);
}

#[test]
fn a_snapshot_keeps_what_it_sees_until_it_is_released() {
    let mut engine = fresh(&[("disable_auto_compactions", "true"), ("write_buffer_entries", "0")]);
    put(&mut engine, "k", "old").unwrap();
    let snapshot = engine.snapshot();
    put(&mut engine, "k", "new").unwrap();
    block_on(engine.delete(b"k")).unwrap();
    block_on(engine.flush()).unwrap();
    put(&mut engine, "j", "v").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    let old = block_on(engine.lookup(b"k", Some(snapshot))).unwrap();
    assert_eq!(old.value.as_deref(), Some(&b"old"[..]));
    assert_eq!(get(&mut engine, "k"), None);
    engine.release(snapshot.id).unwrap();
    assert!(block_on(engine.lookup(b"k", Some(snapshot))).is_err());
    // A table that reaches over the others, so that they are merged and not just moved.
    put(&mut engine, "a", "v").unwrap();
    put(&mut engine, "z", "v").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    assert_eq!(entries(&engine), 3, "a, j and z");
}

#[test]
fn a_table_that_an_iterator_reads_is_not_deleted_under_it() {
    let mut engine = fresh(&[("disable_auto_compactions", "true")]);
    for n in [0, 2, 4, 6, 1, 3, 5, 7] {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    let mut iter = engine.iter(ScanRange::default(), None).unwrap();
    assert!(block_on(iter.next(&mut engine)).unwrap().is_some());
    block_on(engine.compact(None)).unwrap();
    assert_eq!(engine.report().pinned.len(), 2);
    let tables = |engine: &Engine<Memory>| {
        let files = block_on(Storage::list(engine.storage())).unwrap();
        files.iter().filter(|(f, _)| f.kind == FileKind::Table).count()
    };
    assert!(tables(&engine) > engine.version().tables().count());
    let mut rest = 0;
    while block_on(iter.next(&mut engine)).unwrap().is_some() {
        rest += 1;
    }
    assert_eq!(rest, 7);
    drop(iter);
    block_on(engine.close()).unwrap();
    assert_eq!(tables(&engine), engine.version().tables().count());
}

#[test]
fn outputs_are_cut_at_the_target_size_but_never_between_versions_of_a_key() {
    let small = [("disable_auto_compactions", "true"), ("target_file_size_base", "200"), ("write_buffer_entries", "0")];
    let mut engine = fresh(&small);
    let mut snapshots = Vec::new();
    for n in 0..60 {
        put(&mut engine, &format!("k{}", n % 3), "twenty bytes of value").unwrap();
        snapshots.push(engine.snapshot());
    }
    block_on(engine.flush()).unwrap();
    put(&mut engine, "k1", "last").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(Some(0))).unwrap();
    let tables = &engine.version().levels[1];
    assert_eq!(tables.len(), 3);
    assert!(tables.iter().all(|t| t.smallest == t.largest && t.entries >= 20));
}

#[test]
fn jobs_wait_in_manual_mode() {
    let mut engine = fresh(&[("job_mode", "manual"), ("max_write_buffer_number", "5")]);
    for n in 0..13 {
        put(&mut engine, &format!("k{n:02}"), "v").unwrap();
    }
    assert_eq!((engine.report().immutables.len(), engine.counters().flushes), (3, 0));
    block_on(engine.flush()).unwrap();
    assert_eq!((engine.report().immutables.len(), engine.counters().flushes), (0, 1));
    assert_eq!(engine.version().levels[0].len(), 1, "several memtables become one table");
}
