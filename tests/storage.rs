//! The storage contract, held up by every native backend, and what a directory promises beyond it.
#![cfg(not(target_arch = "wasm32"))]

use std::{fs, path::Path};

use lsmscope::{
    ErrorKind,
    storage::{
        FileId, Storage, block_on,
        file::{BUFFER, Directory},
        memory::Memory,
    },
};
use proptest::prelude::*;
use tempfile::TempDir;

#[path = "storage/contract.rs"]
mod contract;
use contract::contract;

#[test]
fn memory_keeps_the_contract() {
    block_on(contract(Memory::new(), async |mut disk: Memory| {
        disk.crash();
        disk
    }));
}

#[test]
fn a_directory_keeps_the_contract() {
    let place = TempDir::new().unwrap();
    block_on(contract(Directory::open(place.path()).unwrap(), async |disk| {
        drop(disk);
        Directory::open(place.path()).unwrap()
    }));
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
fn a_directory_can_be_looked_at_without_a_trace() {
    let place = TempDir::new().unwrap();
    let wal = FileId::wal(1);
    let names = || {
        let mut names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    fs::write(place.path().join("000001.log"), "bytes").unwrap();
    fs::write(place.path().join("CURRENT.tmp"), "half").unwrap();
    let before = names();
    let mut disk = Directory::open_read_only(place.path()).unwrap();
    assert_eq!(block_on(disk.read(wal, 0..5)).unwrap(), b"bytes");
    assert_eq!(disk.append(wal, b"more").unwrap_err().kind, ErrorKind::InvalidInput);
    assert_eq!(block_on(disk.create(FileId::table(2), b"")).unwrap_err().kind, ErrorKind::InvalidInput);
    assert_eq!(block_on(disk.swap_current(FileId::manifest(3))).unwrap_err().kind, ErrorKind::InvalidInput);
    assert_eq!(block_on(disk.remove(wal)).unwrap_err().kind, ErrorKind::InvalidInput);
    assert_eq!(block_on(disk.sync(wal)).unwrap_err().kind, ErrorKind::InvalidInput);
    drop(disk);
    assert_eq!(names(), before);
    // Several may look at it; nobody may while it is written to, nor write while it is looked at.
    drop(Directory::open(place.path()).unwrap());
    let readers = [Directory::open_read_only(place.path()).unwrap(), Directory::open_read_only(place.path()).unwrap()];
    assert_eq!(Directory::open(place.path()).unwrap_err().kind, ErrorKind::Busy);
    drop(readers);
    let _writer = Directory::open(place.path()).unwrap();
    assert_eq!(Directory::open_read_only(place.path()).unwrap_err().kind, ErrorKind::Busy);
    assert_eq!(Directory::open_read_only(place.path().join("none")).unwrap_err().kind, ErrorKind::Io);
    assert!(!place.path().join("none").exists());
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
    fs::create_dir(place.path().join("8.sst")).unwrap();
    let mut disk = Directory::open(place.path()).unwrap();
    assert_eq!(block_on(disk.list()).unwrap(), []);
    block_on(disk.create(FileId::table(3), b"table")).unwrap();
    drop(disk);
    let exists = |name: &&str| place.path().join(name).exists();
    assert!(!ours.iter().any(exists), "leftovers of ours are removed");
    assert!(foreign.iter().all(exists), "foreign files are left alone");
    assert!(place.path().join("8.sst").is_dir());
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

/// What a user can do to a disk, for the comparison with the model.
#[derive(Clone, Debug)]
enum Op {
    Append(FileId, usize),
    Sync(FileId),
    Create(FileId, usize),
    Remove(FileId),
    SwapCurrent(FileId),
    Read(FileId, f64, f64),
    Reopen,
}

fn any_op() -> impl Strategy<Value = Op> {
    let file = (0..3u64, 0..2u64).prop_map(|(kind, number)| match kind {
        0 => FileId::wal(number),
        1 => FileId::table(number),
        _ => FileId::manifest(number),
    });
    // Mostly small, sometimes about as long as the buffer, where pieces of a file meet.
    let len = prop_oneof![4 => 0..200usize, 1 => BUFFER - 2..BUFFER + 2, 1 => 0..3 * BUFFER];
    prop_oneof![
        8 => (file.clone(), len.clone()).prop_map(|(file, len)| Op::Append(file, len)),
        2 => file.clone().prop_map(Op::Sync),
        2 => (file.clone(), len).prop_map(|(file, len)| Op::Create(file, len)),
        1 => file.clone().prop_map(Op::Remove),
        1 => (0..9u64).prop_map(|number| Op::SwapCurrent(FileId::manifest(number))),
        8 => (file, 0.0..1.0, 0.0..1.0).prop_map(|(file, from, to)| Op::Read(file, from, to)),
        1 => Just(Op::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Without a crash, a directory and memory are the same disk, whatever is done to them.
    #[test]
    fn a_directory_behaves_like_memory(ops in proptest::collection::vec(any_op(), 1..60)) {
        let place = TempDir::new().unwrap();
        let (mut disk, mut model) = (Directory::open(place.path()).unwrap(), Memory::new());
        for (turn, op) in ops.into_iter().enumerate() {
            let bytes = |len: usize| -> Vec<u8> { (0..len).map(|i| (i + turn * 7) as u8).collect() };
            match op {
                Op::Append(file, len) => {
                    disk.append(file, &bytes(len)).unwrap();
                    model.append(file, &bytes(len)).unwrap();
                }
                Op::Sync(file) => block_on(disk.sync(file)).unwrap(),
                Op::Create(file, len) => {
                    block_on(disk.create(file, &bytes(len))).unwrap();
                    block_on(model.create(file, &bytes(len))).unwrap();
                }
                Op::Remove(file) => {
                    block_on(disk.remove(file)).unwrap();
                    block_on(model.remove(file)).unwrap();
                }
                Op::SwapCurrent(manifest) => {
                    block_on(disk.swap_current(manifest)).unwrap();
                    block_on(model.swap_current(manifest)).unwrap();
                }
                Op::Read(file, from, to) => {
                    let files = block_on(model.list()).unwrap();
                    let len = files.iter().find(|(id, _)| *id == file).map_or(0, |(_, len)| *len);
                    // One byte past the end at times.
                    let (from, to) = ((from * (len + 2) as f64) as u64, (to * (len + 2) as f64) as u64);
                    let range = from.min(to)..from.max(to);
                    prop_assert_eq!(block_on(disk.read(file, range.clone())), block_on(model.read(file, range)));
                }
                Op::Reopen => {
                    drop(disk);
                    disk = Directory::open(place.path()).unwrap();
                }
            }
            prop_assert_eq!(block_on(disk.list()), block_on(model.list()));
            prop_assert_eq!(block_on(disk.current()), block_on(model.current()));
        }
    }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn read<S: Storage>(disk: &S, file: FileId, range: std::ops::Range<u64>) -> Vec<u8> {
    block_on(disk.read(file, range)).unwrap()
}
