//! Files that are longer than memory: `truncate -s 200G`.

use std::{
    fs::{self, File},
    path::Path,
};

use lsmscope::{
    Options,
    options::preset,
    storage::{FileId, FileKind, Storage, block_on, file::Directory},
};
use tempfile::TempDir;

use super::database::{files, open, options, write};

const HUGE: u64 = 200 << 30;

fn lengthen(path: &Path) {
    File::options().write(true).open(path).unwrap().set_len(HUGE).unwrap();
}

/// A database with a file of each kind.
fn sample() -> TempDir {
    let place = TempDir::new().unwrap();
    let mut engine = open(Directory::open(place.path()).unwrap(), options(&[])).unwrap();
    let mut random = lsmscope::random::Random::new(1);
    write(&mut engine, &mut Default::default(), &mut random, 30);
    block_on(engine.flush()).unwrap();
    write(&mut engine, &mut Default::default(), &mut random, 2);
    block_on(engine.close()).unwrap();
    place
}

fn open_with(path: &Path, options: Options) -> lsmscope::Error {
    open(Directory::open(path).unwrap(), options).unwrap_err()
}

#[test]
fn a_file_of_200_gigabytes_is_an_error_that_names_it() {
    for kind in [FileKind::Wal, FileKind::Manifest, FileKind::Table] {
        let place = sample();
        let file: FileId = *files(&Directory::open_read_only(place.path()).unwrap(), kind).last().unwrap();
        let path = place.path().join(file.to_string());
        let whole = fs::metadata(&path).unwrap().len();
        lengthen(&path);
        for options in [options(&[]), options(&[("wal_recovery_mode", "absolute_consistency")])] {
            let error = open_with(place.path(), options);
            assert_eq!((error.file, error.offset), (Some(file), Some(whole)), "{error}");
            let limit = "more than 2 GB are not taken for zeros that were allocated beforehand";
            assert!(kind == FileKind::Table || error.message.contains(limit), "{error}");
        }
        assert_eq!(fs::metadata(&path).unwrap().len(), HUGE);
    }
}

#[test]
fn a_log_that_is_all_zeros_behind_its_frames_costs_no_memory_when_they_are_dropped() {
    let place = sample();
    let file = *files(&Directory::open_read_only(place.path()).unwrap(), FileKind::Wal).last().unwrap();
    lengthen(&place.path().join(file.to_string()));
    let mut options = preset("teaching").unwrap();
    options.set("wal_recovery_mode", "point_in_time").unwrap();
    let engine = open(Directory::open(place.path()).unwrap(), options).unwrap();
    assert_eq!(engine.last_seq(), 32);
}

#[test]
fn a_read_of_more_than_memory_is_an_error() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("000001.sst");
    File::create(&path).unwrap().set_len(1 << 62).or_else(|_| File::create(&path)?.set_len(1 << 43)).unwrap();
    let len = fs::metadata(&path).unwrap().len();
    let disk = Directory::open_read_only(place.path()).unwrap();
    if len > 1 << 60 {
        let error = block_on(disk.read(FileId::table(1), 0..len)).unwrap_err();
        assert!(error.message.contains("000001.sst") && error.message.contains("memory"), "{error}");
    }
}
