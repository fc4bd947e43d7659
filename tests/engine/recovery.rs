//! Opening: what comes back, what is refused, and how that is said.

use lsmscope::{
    ErrorKind,
    storage::{FileId, FileKind, Storage, block_on, memory::Memory},
};

use super::{fresh, get, open, options, put};

fn first(disk: &Memory, kind: FileKind) -> FileId {
    block_on(disk.list()).unwrap().into_iter().map(|(f, _)| f).find(|f| f.kind == kind).unwrap()
}

/// A disk with three writes in a log and nothing else.
fn with_log() -> Memory {
    let mut engine = fresh(&[]);
    for key in ["a", "b", "c"] {
        put(&mut engine, key, "v").unwrap();
    }
    engine.into_parts().0
}

/// A disk with tables on several levels.
fn with_tables() -> Memory {
    let mut engine = fresh(&[]);
    for n in 0..40 {
        put(&mut engine, &format!("k{:02}", n % 17), &format!("value {n}")).unwrap();
    }
    engine.into_parts().0
}

#[test]
fn a_log_may_be_replayed_again_and_again_without_a_write_in_between() {
    let mut disk = with_log();
    for _ in 0..3 {
        let mut engine = open(disk, options(&[])).unwrap();
        assert_eq!(get(&mut engine, "c").as_deref(), Some("v"));
        disk = engine.into_parts().0;
    }
    // And with writes in between, over several logs.
    for n in 0..3 {
        let mut engine = open(disk, options(&[("write_buffer_entries", "0")])).unwrap();
        put(&mut engine, &format!("n{n}"), "v").unwrap();
        disk = engine.into_parts().0;
    }
    let engine = open(disk, options(&[("write_buffer_entries", "0")])).unwrap();
    assert_eq!((engine.report().wals.len(), engine.report().active.entries.len()), (4, 6));
}

#[test]
fn a_torn_tail_may_be_followed_by_a_log_that_goes_on_where_it_stopped() {
    let mut disk = with_log();
    let wal = first(&disk, FileKind::Wal);
    let bytes = disk.bytes_mut(wal).unwrap();
    bytes.truncate(bytes.len() - 1);
    let mut engine = open(disk, options(&[])).unwrap();
    assert_eq!((get(&mut engine, "b").is_some(), get(&mut engine, "c")), (true, None));
    put(&mut engine, "d", "v").unwrap();
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert_eq!(["a", "b", "c", "d"].map(|k| get(&mut engine, k).is_some()), [true, true, false, true]);
}

#[test]
fn a_log_that_is_missing_is_noticed() {
    let mut disk = with_log();
    let mut engine = open(disk, options(&[("write_buffer_entries", "0")])).unwrap();
    put(&mut engine, "d", "v").unwrap();
    disk = engine.into_parts().0;
    let wal = first(&disk, FileKind::Wal);
    block_on(disk.remove(wal)).unwrap();
    let error = open(disk, options(&[])).unwrap_err();
    assert!(error.message.contains("begins with sequence number 4, expected 1"), "{error}");
}

#[test]
fn files_that_a_crash_orphaned_are_removed() {
    let mut disk = with_tables();
    for orphan in [FileId::table(900), FileId::wal(1), FileId::manifest(901)] {
        block_on(disk.create(orphan, b"left behind")).unwrap();
    }
    let engine = open(disk, options(&[])).unwrap();
    let files = block_on(engine.storage().list()).unwrap();
    assert!(files.iter().all(|(f, _)| f.number < 900 && *f != FileId::wal(1)));
    // Their numbers are not used again.
    let mut engine = engine;
    put(&mut engine, "k", "v").unwrap();
    assert!(engine.report().wals.back_number() > 901);
}

trait BackNumber {
    fn back_number(&self) -> u64;
}

impl BackNumber for Vec<lsmscope::trace::WalReport> {
    fn back_number(&self) -> u64 {
        self.last().map_or(0, |w| w.wal)
    }
}

#[test]
fn a_number_that_was_never_given_out_is_refused_and_the_file_is_left_alone() {
    let mut disk = with_log();
    // From the largest number of a name on: it would leave none for the next file.
    for number in [FileId::MAX_NUMBER, FileId::MAX_NUMBER + 1, u64::MAX] {
        let foreign = FileId::table(number);
        block_on(disk.create(foreign, b"not ours")).unwrap();
        let error = open(disk.clone(), options(&[])).unwrap_err();
        assert_eq!((error.kind, error.file), (ErrorKind::Corruption, Some(foreign)));
        let told = format!("{foreign} is there, but no file gets a number above 9007199254740990: take it away");
        assert_eq!(error.message, told);
        block_on(disk.remove(foreign)).unwrap();
    }
    open(disk, options(&[])).unwrap();
}

#[test]
fn numbers_that_run_out_are_an_error_that_loses_nothing() {
    let mut disk = with_log();
    block_on(disk.create(FileId::table(FileId::MAX_NUMBER - 2), b"not ours")).unwrap();
    let mut engine = open(disk, options(&[])).unwrap();
    // The last number goes to the log of this write; then there is none for a table.
    put(&mut engine, "d", "v").unwrap();
    let error = block_on(engine.flush()).unwrap_err();
    assert!(error.message.contains("every file number has been given out"), "{error}");
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    for key in ["a", "b", "c", "d"] {
        assert_eq!(get(&mut engine, key).as_deref(), Some("v"), "{key}");
    }
}

#[test]
fn a_table_that_is_missing_or_cut_short_is_named() {
    let disk = with_tables();
    let table = first(&disk, FileKind::Table);
    let mut missing = disk.clone();
    block_on(missing.remove(table)).unwrap();
    let error = open(missing, options(&[])).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corruption);
    assert!(error.message.contains(&table.to_string()) && error.message.contains("does not exist"), "{error}");
    let mut cut = disk;
    cut.bytes_mut(table).unwrap().pop();
    let error = open(cut, options(&[])).unwrap_err();
    assert!(error.message.contains("the manifest says"), "{error}");
}

#[test]
fn a_database_without_its_root_is_not_taken_for_a_new_one() {
    let disk = with_tables();
    let mut rootless = Memory::new();
    for (file, length) in block_on(disk.list()).unwrap() {
        let bytes = block_on(disk.read(file, 0..length)).unwrap();
        block_on(rootless.create(file, &bytes)).unwrap();
    }
    let error = open(rootless, options(&[])).unwrap_err();
    assert!(error.message.contains("CURRENT is missing"), "{error}");
}

#[test]
fn levels_that_hold_tables_cannot_be_taken_away() {
    let mut engine = open(with_tables(), options(&[])).unwrap();
    block_on(engine.compact(None)).unwrap();
    let deepest = engine.version().tables().map(|(level, _)| level).max().unwrap();
    assert!(deepest >= 1);
    if deepest >= 2 {
        let error = open(engine.into_parts().0, options(&[("num_levels", "2")])).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidInput);
        assert!(error.message.starts_with("num_levels = 2: expected at least"), "{error}");
    }
}

#[test]
fn bad_options_are_refused_before_anything_is_touched() {
    let mut bad = options(&[]);
    bad.block_size = 0;
    let error = open(Memory::new(), bad).unwrap_err();
    assert_eq!(error.message, "block_size = 0: expected 32 bytes to 16 MB");
}

#[test]
fn the_manifest_is_rewritten_when_it_has_grown() {
    let mut engine = fresh(&[("max_manifest_file_size", "400")]);
    for n in 0..100 {
        put(&mut engine, &format!("k{:02}", n % 10), "v").unwrap();
        let (_, bytes) = engine.report().manifest.unwrap();
        assert!(bytes < 1200);
    }
    let files = block_on(engine.storage().list()).unwrap();
    assert_eq!(files.iter().filter(|(f, _)| f.kind == FileKind::Manifest).count(), 1);
    let mut engine = open(engine.into_parts().0, options(&[])).unwrap();
    assert!((0..10).all(|n| get(&mut engine, &format!("k{n:02}")).is_some()));
}
