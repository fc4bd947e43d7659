//! The operating system's edges: our names that are no plain files, files longer than memory, a manifest that was cut.

#![cfg(unix)]

#[path = "edges/cut_manifest.rs"]
mod cut_manifest;
#[path = "damage/database.rs"]
mod database;
#[path = "edges/huge.rs"]
mod huge;

use std::{
    fs,
    os::unix::{fs::symlink, net::UnixListener},
    path::Path,
    process::Command,
};

use database::{contents, open, options};
use lsmscope::{
    ErrorKind,
    storage::{FileId, Storage, block_on, file::Directory},
};
use tempfile::TempDir;

/// Every kind of name that is ours; the files of a database are `000002.log`, `000003.sst` and `MANIFEST-000001`.
const NAMES: [&str; 8] = [
    "LOCK",
    "CURRENT",
    "MANIFEST-000001",
    "000002.log",
    "000003.sst",
    "CURRENT.tmp",
    "000009.log.tmp",
    "MANIFEST-000009.tmp",
];

/// Puts something that is no plain file at `path`.
type Place = fn(&Path);

const KINDS: [(&str, Place); 6] = [
    ("a symbolic link", |path| {
        let target = path.with_file_name("target of a link");
        match path.exists() {
            true => fs::rename(path, &target).unwrap(),
            false => fs::write(&target, "somebody's").unwrap(),
        }
        symlink(target, path).unwrap();
    }),
    ("a symbolic link", |path| replace(path, |path| symlink("/nowhere/at all", path).unwrap())),
    ("a symbolic link", |path| replace(path, |path| symlink("/dev/zero", path).unwrap())),
    ("a directory", |path| replace(path, |path| fs::create_dir(path).unwrap())),
    ("a named pipe", |path| {
        replace(path, |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()));
    }),
    ("a socket", |path| replace(path, |path| drop(UnixListener::bind(path).unwrap()))),
];

fn replace(path: &Path, place: impl Fn(&Path)) {
    let _ = fs::remove_file(path);
    place(path);
}

fn database() -> TempDir {
    let place = TempDir::new().unwrap();
    for name in &NAMES[3..5] {
        fs::write(place.path().join(name), format!("the bytes of {name}")).unwrap();
    }
    let mut disk = Directory::open(place.path()).unwrap();
    block_on(disk.create(FileId::manifest(1), b"a manifest")).unwrap();
    block_on(disk.swap_current(FileId::manifest(1))).unwrap();
    place
}

/// Every name with what is there, links not followed.
fn listing(directory: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let bytes = if kind.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            format!("{} {kind:?} {bytes:?}", path.display())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_name_of_ours_that_is_no_plain_file_is_refused_and_left_alone() {
    for name in NAMES {
        for (kind, place) in KINDS {
            let directory = database();
            let path = directory.path().join(name);
            place(&path);
            let before = listing(directory.path());
            for opened in [Directory::open(directory.path()), Directory::open_read_only(directory.path())] {
                let error = opened.unwrap_err();
                assert_eq!(error.kind, ErrorKind::Io, "{name}, {kind}: {error}");
                let says = format!("{} is {kind}, not a plain file", path.display());
                assert!(error.message.contains(&says), "{name}, {kind}: {error}");
            }
            assert_eq!(listing(directory.path()), before, "{name}, {kind}");
        }
    }
}

#[test]
fn names_of_others_and_a_directory_that_is_a_link_are_fine() {
    let place = TempDir::new().unwrap();
    let (real, link) = (place.path().join("real"), place.path().join("link"));
    fs::create_dir(&real).unwrap();
    symlink("/dev/zero", real.join("notes.log")).unwrap();
    symlink(&real, &link).unwrap();
    let mut engine = open(Directory::open(&link).unwrap(), options(&[])).unwrap();
    block_on(engine.put(b"a", b"1")).unwrap();
    drop(engine);
    assert_eq!(contents(&mut open(Directory::open(&real).unwrap(), options(&[])).unwrap()).len(), 1);
}

#[test]
fn a_link_that_appears_while_the_database_is_open_is_not_written_through() {
    let place = TempDir::new().unwrap();
    let target = place.path().join("somebody's");
    let mut disk = Directory::open(place.path().join("db")).unwrap();
    block_on(disk.create(FileId::table(1), b"a table")).unwrap();
    for name in ["000002.log", "000003.sst", "000003.sst.tmp", "CURRENT", "CURRENT.tmp"] {
        fs::write(&target, "precious").unwrap();
        symlink(&target, place.path().join("db").join(name)).unwrap();
    }
    let error = disk.append(FileId::wal(2), b"bytes").unwrap_err();
    assert!(error.message.contains("000002.log"), "{error}");
    assert!(block_on(disk.current()).unwrap_err().message.contains("a symbolic link"));
    // Files that are made whole take the link's place.
    block_on(disk.create(FileId::table(3), b"bytes")).unwrap();
    block_on(disk.swap_current(FileId::manifest(1))).unwrap();
    assert_eq!(block_on(disk.current()).unwrap(), Some(FileId::manifest(1)));
    assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    // A file that was found, and is another one by the time it is read.
    fs::rename(place.path().join("db/000001.sst"), place.path().join("moved")).unwrap();
    symlink(place.path().join("moved"), place.path().join("db/000001.sst")).unwrap();
    let error = block_on(disk.read(FileId::table(1), 0..7)).unwrap_err();
    assert!(error.message.contains("000001.sst is a symbolic link"), "{error}");
}

/// An empty file that was found is written to, and so is one that was made empty.
#[test]
fn empty_files_are_no_obstacle() {
    let place = TempDir::new().unwrap();
    fs::write(place.path().join("000001.log"), "").unwrap();
    let mut disk = Directory::open(place.path()).unwrap();
    block_on(disk.create(FileId::wal(2), b"")).unwrap();
    for wal in [FileId::wal(1), FileId::wal(2)] {
        disk.append(wal, b"bytes").unwrap();
        block_on(disk.sync(wal)).unwrap();
        assert_eq!(fs::read(place.path().join(wal.to_string())).unwrap(), b"bytes");
    }
}
