//! A disk that refuses: what was promised is kept, the error says what happened, reads go on.

use lsmscope::{Engine, ErrorKind, storage::FileKind, storage::block_on};

use super::{
    failing::{Failing, Plan},
    get, open, options, put,
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
