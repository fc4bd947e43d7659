//! A disk that refuses: what was promised is kept, the error says what happened, reads go on.

use lsmscope::{
    Engine, ErrorKind,
    engine::{Batch, ScanRange, manifest},
    entry::MAX_SEQ,
    storage::{FileId, FileKind, Storage, block_on, fault::Fault, memory::Memory},
    version::VersionEdit,
};

use super::{
    failing::{Failing, Plan},
    fresh, get, open, options, put,
};

fn engine(changes: &[(&str, &str)]) -> (Engine<Failing>, Plan) {
    let disk = Failing::default();
    let plan = disk.plan.clone();
    (open(disk, options(changes)).unwrap(), plan)
}

#[test]
fn a_failed_wal_sync_stops_writes_and_says_why_while_reads_go_on() {
    let (mut engine, plan) = engine(&[]);
    put(&mut engine, "kept", "v").unwrap();
    plan.fail("sync", FileKind::Wal, ErrorKind::Io);
    assert_eq!(put(&mut engine, "refused", "v").unwrap_err().kind, ErrorKind::Io);
    plan.heal();
    let error = put(&mut engine, "later", "v").unwrap_err();
    assert_eq!(error.kind, ErrorKind::WritesStopped);
    assert!(error.message.contains("sync of 000002.log failed"), "{error}");
    assert!(error.kind.remedy().contains("Reopen"));
    assert_eq!(block_on(engine.flush()).unwrap_err().kind, ErrorKind::WritesStopped);
    assert_eq!(get(&mut engine, "kept").as_deref(), Some("v"));
    assert_eq!(get(&mut engine, "refused"), None, "what was not acknowledged is not shown");
    // The remedy works.
    let (disk, _) = engine.into_parts();
    let mut engine = open(disk, options(&[])).unwrap();
    assert_eq!(get(&mut engine, "kept").as_deref(), Some("v"));
    put(&mut engine, "later", "v").unwrap();
}

#[test]
fn a_full_disk_fails_the_flush_but_loses_no_write() {
    let (mut engine, plan) = engine(&[]);
    plan.fail("create", FileKind::Table, ErrorKind::NoSpace);
    for n in 0..4 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!(engine.job_error().unwrap().kind, ErrorKind::NoSpace);
    assert_eq!(engine.version().tables().count(), 0);
    // The queue fills, and then a write cannot go on: it is refused with the reason, and nothing is lost.
    for n in 4..8 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    let error = put(&mut engine, "k8", "v").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoSpace);
    assert!((0..8).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
    assert_eq!(get(&mut engine, "k8"), None);
    plan.heal();
    block_on(engine.flush()).unwrap();
    put(&mut engine, "k8", "v").unwrap();
    assert!((0..9).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
}

#[test]
fn a_failed_compaction_keeps_its_inputs_and_leaves_no_file_behind() {
    let (mut engine, plan) = engine(&[("disable_auto_compactions", "true")]);
    for n in 0..12 {
        put(&mut engine, &format!("k{}", n % 5), "v").unwrap();
    }
    let before = engine.version().clone();
    plan.fail("create", FileKind::Table, ErrorKind::Io);
    assert_eq!(block_on(engine.compact(Some(0))).unwrap_err().kind, ErrorKind::Io);
    assert_eq!(engine.version(), &before);
    plan.heal();
    plan.fail("read", FileKind::Table, ErrorKind::Io);
    assert!(block_on(engine.compact(Some(0))).is_err());
    plan.heal();
    let files = block_on(lsmscope::storage::Storage::list(engine.storage())).unwrap();
    assert_eq!(files.iter().filter(|(f, _)| f.kind == FileKind::Table).count(), before.tables().count());
    block_on(engine.compact(Some(0))).unwrap();
    assert!(engine.version().levels[0].is_empty());
}

#[test]
fn an_edit_that_may_or_may_not_be_durable_stops_writes_and_deletes_nothing() {
    let (mut engine, plan) = engine(&[]);
    plan.fail("sync", FileKind::Manifest, ErrorKind::Io);
    for n in 0..4 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!(put(&mut engine, "k4", "v").unwrap_err().kind, ErrorKind::WritesStopped);
    assert_eq!(block_on(engine.compact(None)).unwrap_err().kind, ErrorKind::WritesStopped);
    assert!((0..4).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
    plan.heal();
    // Both outcomes open: with the edit, and without it.
    let (disk, _) = engine.into_parts();
    for edit_survives in [true, false] {
        let mut memory = disk.memory.clone();
        if !edit_survives {
            memory.crash();
        }
        let mut engine = open(memory, options(&[])).unwrap();
        assert!((0..4).all(|n| get(&mut engine, &format!("k{n}")).is_some()), "edit survives: {edit_survives}");
    }
}

#[test]
fn an_open_that_fails_gives_the_storage_back_unchanged() {
    let (mut engine, plan) = engine(&[]);
    put(&mut engine, "k", "v").unwrap();
    let (disk, trace) = engine.into_parts();
    plan.fail("read", FileKind::Manifest, ErrorKind::Io);
    let failed = block_on(Engine::open(disk, options(&[]), trace)).expect_err("it cannot be read");
    assert_eq!(failed.error.kind, ErrorKind::Io);
    plan.heal();
    let mut engine = open(failed.storage, options(&[])).unwrap();
    assert_eq!(get(&mut engine, "k").as_deref(), Some("v"));
}

#[test]
fn a_log_that_finds_no_space_stops_every_command_that_writes() {
    let disk = block_on(Fault::new(Memory::new())).unwrap();
    let mut engine = open(disk, options(&[])).unwrap();
    put(&mut engine, "kept", "v").unwrap();
    engine.storage().controls().set_room(Some(20));
    let error = put(&mut engine, "refused", "v").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoSpace);
    // Half a frame is in the log: nothing may be appended behind it, even if there were room again.
    engine.storage().controls().set_room(None);
    let mut batch = Batch::new();
    batch.put(b"k", b"v").unwrap();
    for error in [
        put(&mut engine, "k", "v").map(drop),
        block_on(engine.delete(b"k")).map(drop),
        block_on(engine.write(&batch)).map(drop),
        block_on(engine.flush()),
        block_on(engine.compact(None)).map(drop),
    ]
    .map(Result::unwrap_err)
    {
        assert_eq!(error.kind, ErrorKind::WritesStopped);
        assert!(error.message.contains("no space is left"), "{error}");
    }
    assert_eq!((get(&mut engine, "kept").as_deref(), get(&mut engine, "refused")), (Some("v"), None));
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    put(&mut engine, "later", "v").unwrap();
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert_eq!(["kept", "refused", "later"].map(|k| get(&mut engine, k).is_some()), [true, false, true]);
}

#[test]
fn a_failed_job_is_tried_again_once_for_every_memtable_that_is_sealed() {
    let (mut engine, plan) = engine(&[("max_write_buffer_number", "4")]);
    plan.fail("create", FileKind::Table, ErrorKind::NoSpace);
    let failed = || plan.failed("create", FileKind::Table);
    for n in 0..4 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!((failed(), engine.job_error().map(|e| e.kind)), (1, Some(ErrorKind::NoSpace)));
    for n in 4..7 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!(failed(), 1, "not with every write");
    put(&mut engine, "k7", "v").unwrap();
    assert_eq!(failed(), 2);
    plan.heal();
    for n in 8..12 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert_eq!((engine.job_error(), engine.counters().flushes), (None, 1), "all three memtables in one table");
    assert_eq!(engine.version().levels[0][0].entries, 12);
}

#[test]
fn a_compaction_that_meets_damage_names_it_and_waits_while_flushes_go_on() {
    let mut engine = fresh(&[("disable_auto_compactions", "true")]);
    for n in [0, 2, 4, 6, 1, 3, 5, 7] {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    let table = FileId::table(engine.version().levels[0][0].id);
    let mut disk = engine.into_parts().0;
    disk.bytes_mut(table).unwrap()[3] ^= 1;
    let mut engine = open(disk, options(&[("block_cache_size", "0")])).unwrap();
    let mut flushes = |upto: u64| {
        while engine.counters().flushes < upto {
            let key = format!("n{}", engine.last_seq());
            put(&mut engine, &key, "v").unwrap();
        }
        (engine.job_error().cloned(), engine.counters().compactions, engine.report().immutables.len())
    };
    let (error, ..) = flushes(1);
    let error = error.expect("the third table makes a compaction due");
    assert_eq!((error.kind, error.file, error.offset), (ErrorKind::Corruption, Some(table), Some(0)));
    let (still, compactions, waiting) = flushes(5);
    assert_eq!((still, compactions, waiting), (Some(error.clone()), 0, 0));
    assert_eq!(block_on(engine.compact(None)).unwrap_err(), error, "asked for, it is tried again");
    // A get meets the same damage, says the same, and leaves the rest readable.
    let key = String::from_utf8(engine.version().find(table.number).unwrap().1.smallest.to_vec()).unwrap();
    assert_eq!(block_on(engine.get(key.as_bytes())).unwrap_err(), error);
    assert_eq!(get(&mut engine, "n12").as_deref(), Some("v"));
}

#[test]
fn a_compaction_that_met_damage_is_not_tried_again_before_it_is_asked_for() {
    let (mut engine, plan) = engine(&[]);
    plan.fail("read", FileKind::Table, ErrorKind::Corruption);
    for n in 0..20 {
        put(&mut engine, &format!("k{:02}", n * 7 % 20), "v").unwrap();
    }
    assert_eq!((plan.failed("read", FileKind::Table), engine.counters().flushes), (1, 5));
    block_on(engine.flush()).unwrap_err();
    assert_eq!(plan.failed("read", FileKind::Table), 2);
    plan.heal();
    block_on(engine.flush()).unwrap();
    assert!(engine.job_error().is_none() && engine.counters().compactions > 0);
}

#[test]
fn a_scan_that_failed_does_not_pass_for_one_that_is_over() {
    let (mut engine, plan) = engine(&[("block_cache_size", "0"), ("disable_auto_compactions", "true")]);
    for n in 0..12 {
        put(&mut engine, &format!("k{n:02}"), "a value that fills its block with others").unwrap();
    }
    let whole = block_on(engine.scan(ScanRange::default(), None)).unwrap().entries;
    assert_eq!(whole.len(), 12);
    for reverse in [false, true] {
        for before in 0..12 {
            let mut iter = engine.iter(ScanRange { reverse, ..ScanRange::default() }, None).unwrap();
            for _ in 0..before {
                block_on(iter.next(&mut engine)).unwrap().unwrap();
            }
            plan.fail("read", FileKind::Table, ErrorKind::Io);
            let mut got = before;
            let error = loop {
                match block_on(iter.next(&mut engine)) {
                    Ok(Some(_)) => got += 1,
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            };
            plan.heal();
            match error {
                Some(error) => assert_eq!(block_on(iter.next(&mut engine)).unwrap_err(), error),
                None => assert_eq!(got, 12, "it had read everything"),
            }
        }
    }
    assert_eq!(block_on(engine.scan(ScanRange::default(), None)).unwrap().entries, whole);
}

#[test]
fn what_a_dead_process_left_behind_is_durable_before_a_later_write_is() {
    let lazy = options(&[("wal_sync", "never"), ("write_buffer_entries", "0")]);
    let mut engine = open(Memory::new(), lazy).unwrap();
    put(&mut engine, "first", "v").unwrap();
    // The process dies: the operating system has the bytes, the disk has not.
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert_eq!(get(&mut engine, "first").as_deref(), Some("v"));
    put(&mut engine, "second", "v").unwrap();
    let mut disk = engine.into_parts().0;
    disk.crash();
    let mut engine = open(disk, options(&[])).unwrap();
    assert_eq!(["first", "second"].map(|k| get(&mut engine, k).is_some()), [true, true]);
}

#[test]
fn an_edit_that_was_read_is_durable_before_a_file_is_deleted_because_of_it() {
    let lazy = [("disable_auto_compactions", "true")];
    let (mut engine, plan) = engine(&lazy);
    // The flush's edit is in the manifest, but no sync has confirmed it; the next open deletes the log because of it.
    plan.fail("sync", FileKind::Manifest, ErrorKind::Io);
    for n in 0..4 {
        put(&mut engine, &format!("k{n}"), "v").unwrap();
    }
    assert!(engine.stopped().is_some());
    plan.heal();
    let mut engine = open(engine.into_parts().0, options(&lazy)).unwrap();
    assert_eq!((engine.version().tables().count(), engine.report().wals.len()), (1, 0));
    assert!((0..4).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
    let mut memory = engine.into_parts().0.memory;
    memory.crash();
    let mut engine = open(memory, options(&lazy)).unwrap();
    assert!((0..4).all(|n| get(&mut engine, &format!("k{n}")).is_some()));
}

#[test]
fn what_cannot_be_synced_at_an_open_is_written_anew() {
    // A disk that has failed a sync may say of the next one that all is well, so the file backend lets every later sync
    // of that file fail: an open must do without.
    for kind in [FileKind::Wal, FileKind::Manifest] {
        let (mut engine, plan) = engine(&[("write_buffer_entries", "0")]);
        put(&mut engine, "k", "v").unwrap();
        let before = engine.report().manifest;
        plan.fail("sync", kind, ErrorKind::Io);
        let engine = open(engine.into_parts().0, options(&[])).unwrap();
        assert!(plan.failed("sync", kind) > 0);
        match kind {
            FileKind::Wal => assert_eq!((engine.report().wals.len(), engine.version().tables().count()), (0, 1)),
            _ => assert!(engine.report().manifest.map(|m| m.0) > before.map(|m| m.0)),
        }
        let mut memory = engine.into_parts().0.memory;
        memory.crash();
        assert_eq!(get(&mut open(memory, options(&[])).unwrap(), "k").as_deref(), Some("v"));
    }
}

#[test]
fn a_swap_that_happened_but_was_told_as_failed_is_found_by_the_next_open() {
    let (mut engine, plan) = engine(&[("max_manifest_file_size", "256")]);
    plan.fail("swap_current, though done,", FileKind::Manifest, ErrorKind::Io);
    let mut written = 0;
    while put(&mut engine, &format!("k{written:02}"), "v").is_ok() {
        written += 1;
    }
    assert!(engine.stopped().is_some() && written > 4);
    plan.heal();
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert!((0..written).all(|n| get(&mut engine, &format!("k{n:02}")).is_some()));
    let files = block_on(engine.storage().list()).unwrap();
    assert_eq!(files.iter().filter(|(f, _)| f.kind == FileKind::Manifest).count(), 1);
}

#[test]
fn an_orphan_that_cannot_be_deleted_fails_no_open_and_is_tried_again() {
    let (mut engine, plan) = engine(&[]);
    put(&mut engine, "k", "v").unwrap();
    let mut disk = engine.into_parts().0;
    let orphan = FileId::table(900);
    block_on(disk.create(orphan, b"left behind")).unwrap();
    plan.fail("remove", FileKind::Table, ErrorKind::Io);
    let mut engine = open(disk, options(&[])).unwrap();
    let there =
        |engine: &Engine<Failing>| block_on(engine.storage().list()).unwrap().iter().any(|(file, _)| *file == orphan);
    assert!(there(&engine));
    plan.heal();
    block_on(engine.flush()).unwrap();
    assert!(!there(&engine));
    assert_eq!(get(&mut engine, "k").as_deref(), Some("v"));
}

#[test]
fn a_group_that_sequence_numbers_do_not_suffice_for_is_refused_before_it_is_in_the_log() {
    let mut disk = Memory::new();
    let (mut bytes, file) = (Vec::new(), FileId::manifest(1));
    let edit = VersionEdit { last_seq: Some(MAX_SEQ - 2), ..VersionEdit::default() };
    manifest::put_edit(&mut bytes, file, 0, 0, &edit);
    block_on(disk.create(file, &bytes)).unwrap();
    block_on(disk.swap_current(file)).unwrap();
    let mut engine = open(disk, options(&[])).unwrap();
    let batch = |keys: &[&str]| {
        let mut batch = Batch::new();
        keys.iter().for_each(|key| batch.put(key.as_bytes(), b"v").unwrap());
        batch
    };
    let error = block_on(engine.write_group(&[batch(&["a"]), batch(&["b", "c"])])).unwrap_err();
    assert_eq!((error.kind, engine.last_seq()), (ErrorKind::InvalidInput, MAX_SEQ - 2));
    block_on(engine.write_group(&[batch(&["d"]), batch(&["e"])])).unwrap();
    assert_eq!(put(&mut engine, "f", "v").unwrap_err().kind, ErrorKind::InvalidInput);
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert_eq!(["a", "b", "d", "e", "f"].map(|k| get(&mut engine, k).is_some()), [false, false, true, true, false]);
}
