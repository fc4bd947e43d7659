//! The write path: what is durable when, and how full is full.

use lsmscope::{ErrorKind, engine::Batch, storage::block_on};

use super::{crash, fresh, get, options, put};

#[test]
fn with_a_sync_on_every_write_nothing_acknowledged_is_lost() {
    let mut engine = fresh(&[]);
    for n in 0..3 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    let mut engine = crash(engine, options(&[])).unwrap();
    assert_eq!((0..3).filter(|n| get(&mut engine, &format!("k{n}")).is_some()).count(), 3);
    assert_eq!(engine.last_seq(), 3);
}

#[test]
fn a_later_sync_is_a_promise_for_fewer_writes() {
    // A frame of one such put takes 30 bytes: the fourth makes more than 100 that are not durable yet.
    for (mode, limit) in [("writes", ("wal_sync_writes", "2")), ("bytes", ("wal_bytes_per_sync", "100"))] {
        let changes = [("wal_sync", mode), limit, ("write_buffer_entries", "0")];
        let mut engine = fresh(&changes);
        for n in 0..5 {
            put(&mut engine, &format!("k{n}"), "v").unwrap();
        }
        let engine = crash(engine, options(&changes)).unwrap();
        assert_eq!(engine.last_seq(), 4, "{mode}");
    }
}

#[test]
fn without_syncs_a_crash_takes_the_memtable_but_no_table() {
    let changes = [("wal_sync", "never")];
    let mut engine = fresh(&changes);
    for n in 0..6 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!(engine.counters().flushes, 1);
    let mut engine = crash(engine, options(&changes)).unwrap();
    assert_eq!(get(&mut engine, "k3").as_deref(), Some("v"));
    assert_eq!(get(&mut engine, "k4"), None);
}

#[test]
fn a_batch_is_whole_or_absent_whatever_the_crash_leaves_of_its_frame() {
    let mut batch = Batch::new();
    batch.put(b"a", b"1").unwrap();
    batch.delete(b"b").unwrap();
    batch.put(b"c", b"3").unwrap();
    let mut engine = fresh(&[("wal_sync", "never")]);
    put(&mut engine, "b", "before").unwrap();
    block_on(engine.write(&batch)).unwrap();
    let (disk, _) = engine.into_parts();
    let wal = block_on(lsmscope::storage::Storage::list(&disk)).unwrap()[0];
    for cut in 0..=wal.1 as usize {
        let mut torn = disk.clone();
        torn.bytes_mut(wal.0).unwrap().truncate(cut);
        let mut engine = super::open(torn, options(&[])).unwrap();
        let state = ["a", "b", "c"].map(|k| get(&mut engine, k));
        let (none, before, after) =
            ([None, None, None], [None, Some("before".into()), None], [Some("1".into()), None, Some("3".into())]);
        assert!(state == none || state == before || state == after, "cut at {cut}: {state:?}");
    }
}

#[test]
fn a_group_of_batches_shares_one_sync() {
    let mut engine = fresh(&[("write_buffer_entries", "0")]);
    let batch = |key: &[u8]| {
        let mut batch = Batch::new();
        batch.put(key, b"v").unwrap();
        batch
    };
    block_on(engine.write_group(&[batch(b"a"), batch(b"b"), Batch::new(), batch(b"c")])).unwrap();
    assert_eq!((engine.counters().wal_syncs, engine.counters().writes, engine.last_seq()), (1, 3, 3));
    assert_eq!(engine.report().wals[0].frames, 3);
}

#[test]
fn a_memtable_is_sealed_by_entries_by_bytes_and_by_the_size_of_its_log() {
    for limit in [("write_buffer_entries", "3"), ("write_buffer_size", "100"), ("max_total_wal_size", "80")] {
        let mut engine = fresh(&[("write_buffer_entries", "0"), limit]);
        for n in 0..3 {
            assert_eq!(engine.counters().flushes, 0, "{limit:?}");
            put(&mut engine, &format!("k{n}"), "v").unwrap();
        }
        assert_eq!(engine.counters().flushes, 1, "{limit:?}");
    }
}

#[test]
fn a_write_that_finds_no_room_waits_for_a_flush() {
    let mut engine = fresh(&[("job_mode", "manual"), ("max_write_buffer_number", "3")]);
    for n in 0..12 {
        put(&mut engine, &format!("k{n:02}"), "v").unwrap();
    }
    let report = engine.report();
    assert_eq!((report.immutables.len(), report.counters.flushes, report.counters.stalls), (2, 0, 0));
    put(&mut engine, "one more", "v").unwrap();
    assert_eq!((engine.counters().flushes, engine.counters().stalls), (1, 1));
}

#[test]
fn the_soft_limit_acts_before_the_hard_one() {
    let memory = [("db_write_buffer_size", "1000"), ("write_buffer_entries", "0"), ("write_buffer_size", "10000")];
    let mut engine = fresh(&memory);
    for n in 0..30 {
        put(&mut engine, &format!("k{n:02}"), "sixteen bytes it").unwrap();
        assert!(engine.report().active.bytes < 850);
    }
    assert!(engine.counters().flushes > 0);
    assert_eq!(engine.counters().stalls, 0);
    // Where nothing runs by itself, writes go on up to the hard limit, and then wait.
    let mut engine = fresh(&[memory[0], memory[1], memory[2], ("job_mode", "manual")]);
    while engine.counters().stalls == 0 {
        put(&mut engine, "k", "sixteen bytes it").unwrap();
    }
    assert_eq!(engine.counters().flushes, 1);
}

#[test]
fn too_large_a_key_or_value_is_refused_and_changes_nothing() {
    let mut engine = fresh(&[]);
    let long = "k".repeat(70_000);
    let error = put(&mut engine, &long, "v").unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidInput);
    assert!(error.message.contains("70000") && error.message.contains("65535"), "{error}");
    assert_eq!(engine.last_seq(), 0);
    put(&mut engine, "k", "v").unwrap();
}

#[test]
fn a_closed_database_refuses_and_loses_nothing() {
    let mut engine = fresh(&[("wal_sync", "never")]);
    put(&mut engine, "k", "v").unwrap();
    block_on(engine.close()).unwrap();
    assert_eq!(put(&mut engine, "k", "w").unwrap_err().kind, ErrorKind::Closed);
    let mut engine = crash(engine, options(&[])).unwrap();
    assert_eq!(get(&mut engine, "k").as_deref(), Some("v"));
}
