//! The storage contract, held up by every native backend, and what a directory promises beyond it.
#![cfg(not(target_arch = "wasm32"))]

use std::{fs, path::Path};

use lsmscope::{
    ErrorKind,
    storage::{FileId, Storage, block_on, file::Directory, memory::Memory},
};
use tempfile::TempDir;

/// Every promise of the contract, on an empty disk. `restart` is what the backend has for a crash: it must keep what
/// was made durable and may keep more.
fn contract<S: Storage>(disk: S, restart: impl Fn(S) -> S) {
    let disk = appends_are_visible_before_they_are_durable(disk, &restart);
    let disk = created_files_are_whole(disk, &restart);
    let disk = current_names_the_last_manifest(disk, &restart);
    let disk = reads_are_exact_or_errors(disk);
    removed_files_are_gone(disk, &restart);
}

fn appends_are_visible_before_they_are_durable<S: Storage>(mut disk: S, restart: &impl Fn(S) -> S) -> S {
    let wal = FileId::wal(1);
    disk.append(wal, b"one").unwrap();
    disk.append(wal, b"").unwrap();
    assert_eq!(block_on(disk.list()).unwrap(), [(wal, 3)]);
    assert_eq!(read(&disk, wal, 0..3), b"one");
    block_on(disk.sync(wal)).unwrap();
    disk.append(wal, b"two").unwrap();
    assert_eq!(read(&disk, wal, 0..6), b"onetwo", "across what is synced and what is not");
    assert_eq!(read(&disk, wal, 4..6), b"wo");
    assert_eq!(read(&disk, wal, 1..2), b"n");
    block_on(disk.sync(wal)).unwrap();
    disk.append(wal, b"volatile").unwrap();

    let mut disk = restart(disk);
    let (_, len) = block_on(disk.list()).unwrap()[0];
    assert!((6..=14).contains(&len), "kept {len} bytes");
    assert_eq!(block_on(disk.read_all(wal, len)).unwrap(), &b"onetwovolatile"[..len as usize]);
    // Appends go on where the file ends.
    disk.append(wal, b"!").unwrap();
    assert_eq!(read(&disk, wal, len..len + 1), b"!");
    // Far more than any buffer, in pieces that do not divide it.
    let big: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8).collect();
    big.chunks(997).for_each(|piece| disk.append(wal, piece).unwrap());
    disk.append(wal, &big).unwrap();
    assert_eq!(read(&disk, wal, len + 1..len + 1 + 600_000), [&big[..], &big].concat());
    block_on(disk.sync(wal)).unwrap();
    let disk = restart(disk);
    assert_eq!(block_on(disk.list()).unwrap(), [(wal, len + 600_001)]);
    assert_eq!(read(&disk, wal, len + 1..len + 600_001), [&big[..], &big].concat());
    disk
}

fn created_files_are_whole<S: Storage>(mut disk: S, restart: &impl Fn(S) -> S) -> S {
    let (table, empty) = (FileId::table(2), FileId::table(3));
    block_on(disk.create(table, b"first")).unwrap();
    assert_eq!(read(&disk, table, 0..5), b"first");
    block_on(disk.create(table, b"second")).unwrap();
    assert_eq!(read(&disk, table, 0..6), b"second", "a second create replaces the first");
    block_on(disk.create(empty, b"")).unwrap();
    let disk = restart(disk);
    assert_eq!(read(&disk, table, 0..6), b"second");
    assert_eq!(block_on(disk.list()).unwrap()[1..], [(table, 6), (empty, 0)], "even one without bytes");
    disk
}

fn current_names_the_last_manifest<S: Storage>(mut disk: S, restart: &impl Fn(S) -> S) -> S {
    assert_eq!(block_on(disk.current()).unwrap(), None, "a new database has none");
    block_on(disk.swap_current(FileId::manifest(4))).unwrap();
    block_on(disk.swap_current(FileId::manifest(1_000_007))).unwrap();
    let disk = restart(disk);
    assert_eq!(block_on(disk.current()).unwrap(), Some(FileId::manifest(1_000_007)));
    disk
}

fn reads_are_exact_or_errors<S: Storage>(disk: S) -> S {
    let table = FileId::table(2);
    assert_eq!(read(&disk, table, 6..6), b"");
    for (file, range, message) in [
        (table, 0..7, "000002.sst has 6 bytes, but bytes 0 to 7 were wanted"),
        (table, 7..7, "000002.sst has 6 bytes, but bytes 7 to 7 were wanted"),
        (table, 0..u64::MAX, "000002.sst has 6 bytes, but bytes 0 to 18446744073709551615 were wanted"),
        (FileId::table(99), 0..1, "000099.sst does not exist"),
    ] {
        let error = block_on(disk.read(file, range.clone())).unwrap_err();
        assert_eq!((error.kind, error.file, error.offset), (ErrorKind::Corruption, Some(file), Some(range.start)));
        assert_eq!(error.message, message);
    }
    disk
}

fn removed_files_are_gone<S: Storage>(mut disk: S, restart: &impl Fn(S) -> S) {
    let (wal, table) = (FileId::wal(1), FileId::table(2));
    block_on(disk.remove(table)).unwrap();
    block_on(disk.remove(table)).unwrap();
    assert_eq!(block_on(disk.read(table, 0..1)).unwrap_err().message, "000002.sst does not exist");
    // A file of the same name starts afresh.
    block_on(disk.remove(wal)).unwrap();
    disk.append(wal, b"new").unwrap();
    block_on(disk.sync(wal)).unwrap();
    let disk = restart(disk);
    assert_eq!(read(&disk, wal, 0..3), b"new");
    assert!(block_on(disk.list()).unwrap().iter().all(|(id, len)| *id != table && (*id != wal || *len == 3)));
}

fn read<S: Storage>(disk: &S, file: FileId, range: std::ops::Range<u64>) -> Vec<u8> {
    block_on(disk.read(file, range)).unwrap()
}

#[test]
fn memory_keeps_the_contract() {
    contract(Memory::new(), |mut disk| {
        disk.crash();
        disk
    });
}

#[test]
fn a_directory_keeps_the_contract() {
    let place = TempDir::new().unwrap();
    contract(Directory::open(place.path()).unwrap(), |disk| {
        drop(disk);
        Directory::open(place.path()).unwrap()
    });
}

#[test]
fn what_was_synced_outlives_a_process_that_never_cleaned_up() {
    let place = TempDir::new().unwrap();
    let (wal, path) = (FileId::wal(1), place.path().join("new/and/deep"));
    let mut disk = Directory::open(&path).unwrap();
    disk.append(wal, b"kept").unwrap();
    block_on(disk.sync(wal)).unwrap();
    disk.append(wal, b"in the buffer").unwrap();
    // What a killed process leaves is what the operating system has now.
    let copy = place.path().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(path.join("000001.log"), copy.join("000001.log")).unwrap();
    let copy = Directory::open(copy).unwrap();
    assert_eq!(block_on(copy.list()).unwrap(), [(wal, 4)]);
    assert_eq!(read(&copy, wal, 0..4), b"kept");
}

#[test]
fn a_directory_has_one_owner() {
    let place = TempDir::new().unwrap();
    let first = Directory::open(place.path()).unwrap();
    let error = Directory::open(place.path()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert!(error.message.contains(place.path().to_str().unwrap()), "{error}");
    drop(first);
    Directory::open(place.path()).unwrap();
}

#[test]
fn a_damaged_current_is_never_taken_for_another() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("CURRENT");
    block_on(Directory::open(place.path()).unwrap().swap_current(FileId::manifest(7))).unwrap();
    let good = fs::read(&path).unwrap();
    let mut texts: Vec<Vec<u8>> = (0..good.len()).map(|cut| good[..cut].to_vec()).collect();
    texts.extend((0..good.len() * 8).map(|bit| {
        let mut text = good.clone();
        text[bit / 8] ^= 1 << (bit % 8);
        text
    }));
    texts.push(b"MANIFEST-000007\n".to_vec());
    for text in texts {
        fs::write(&path, &text).unwrap();
        let error = block_on(Directory::open(place.path()).unwrap().current()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corruption);
        assert!(error.message.contains("CURRENT is damaged"), "{error}");
    }
    fs::write(&path, good).unwrap();
    assert_eq!(block_on(Directory::open(place.path()).unwrap().current()).unwrap(), Some(FileId::manifest(7)));
}

#[test]
fn opening_removes_our_leftovers_and_nothing_else() {
    let place = TempDir::new().unwrap();
    let write = |name: &str| fs::write(place.path().join(name), name).unwrap();
    let (ours, foreign) = (
        ["CURRENT.tmp", "000003.sst.tmp", "MANIFEST-000004.tmp"],
        ["notes.txt", "7.log", "x.tmp", "000003.sst.bak", "LOCK.tmp"],
    );
    ours.iter().chain(&foreign).for_each(|name| write(name));
    fs::create_dir(place.path().join("000008.sst")).unwrap();
    let mut disk = Directory::open(place.path()).unwrap();
    assert_eq!(block_on(disk.list()).unwrap(), []);
    block_on(disk.create(FileId::table(3), b"table")).unwrap();
    drop(disk);
    let exists = |name: &&str| place.path().join(name).exists();
    assert!(!ours.iter().any(exists), "leftovers of ours are removed");
    assert!(foreign.iter().all(exists), "foreign files are left alone");
    assert!(place.path().join("000008.sst").is_dir());
}

#[test]
fn a_file_cut_short_behind_our_back_is_damage() {
    let place = TempDir::new().unwrap();
    let mut disk = Directory::open(place.path()).unwrap();
    block_on(disk.create(FileId::table(1), b"0123456789")).unwrap();
    fs::write(place.path().join("000001.sst"), b"0123").unwrap();
    let error = block_on(disk.read(FileId::table(1), 2..8)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corruption);
    assert_eq!(error.message, "000001.sst has 4 bytes, but bytes 2 to 8 were wanted");
}

#[test]
fn errors_name_the_file_and_what_was_done_to_it() {
    let place = TempDir::new().unwrap();
    let not_a_directory = place.path().join("plain");
    fs::write(&not_a_directory, "x").unwrap();
    let error = Directory::open(&not_a_directory).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Io);
    assert!(error.message.contains("plain"), "{error}");

    let mut disk = Directory::open(place.path()).unwrap();
    fs::create_dir(place.path().join("000005.sst")).unwrap();
    let error = block_on(disk.create(FileId::table(5), b"x")).unwrap_err();
    assert_eq!((error.kind, error.file), (ErrorKind::Io, Some(FileId::table(5))));
    assert!(error.message.contains("000005.sst"), "{error}");
    assert_eq!(names(place.path()), ["000005.sst", "LOCK", "plain"], "a failed create leaves nothing");
}

/// `/dev/full` is a full disk that one can have without filling one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_apart_and_loses_nothing() {
    let place = TempDir::new().unwrap();
    let (wal, path) = (FileId::wal(1), place.path().join("000001.log"));
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let mut disk = Directory::open(place.path()).unwrap();
    disk.append(wal, b"waiting").unwrap();
    for _ in 0..2 {
        let error = block_on(disk.sync(wal)).unwrap_err();
        assert_eq!((error.kind, error.file), (ErrorKind::NoSpace, Some(wal)));
        assert!(error.message.starts_with(&format!("cannot write {}: ", path.display())), "{error}");
    }
    // A refused append adds nothing.
    let error = disk.append(wal, &[0; 100_000]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoSpace);
    assert_eq!(block_on(disk.list()).unwrap(), [(wal, 7)]);
    assert_eq!(read(&disk, wal, 0..7), b"waiting");
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
