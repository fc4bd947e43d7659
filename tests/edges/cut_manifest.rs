//! A database whose manifest lost its last bytes, and with them the edit of a flush: the table is there, its log is
//! not.
//!
//! `tests/fixtures/storage/cut_manifest` is the database as it was: `000043.sst` holds writes 57 to 60, and
//! `000044.log` goes on with 61.

use std::{fs, path::Path};

use lsmscope::{
    ErrorKind,
    repair::repair,
    storage::{FileId, Storage, block_on, file::Directory, memory::Memory},
    verify::{Severity, verify},
};
use tempfile::TempDir;

use super::{
    database::{Model, contents, open, options},
    listing,
};

const MODES: [&str; 4] =
    ["absolute_consistency", "tolerate_corrupted_tail_records", "point_in_time", "skip_any_corrupted_records"];

/// The database, with the last `cut` bytes of its manifest cut off.
fn fixture(cut: u64) -> TempDir {
    let place = TempDir::new().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/storage/cut_manifest");
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.path().join(entry.file_name())).unwrap();
    }
    let manifest = fs::File::options().write(true).open(place.path().join("MANIFEST-000001")).unwrap();
    manifest.set_len(manifest.metadata().unwrap().len() - cut).unwrap();
    place
}

fn whole() -> Model {
    contents(&mut open(Directory::open(fixture(0).path()).unwrap(), options(&[])).unwrap())
}

#[test]
fn no_mode_opens_it_and_nothing_is_deleted() {
    for log in [true, false] {
        for mode in MODES {
            let place = fixture(3);
            if !log {
                fs::remove_file(place.path().join("000044.log")).unwrap();
            }
            let before = listing(place.path());
            let error =
                open(Directory::open(place.path()).unwrap(), options(&[("wal_recovery_mode", mode)])).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Corruption, "{mode}: {error}");
            let names = error.message.contains("000043.sst, which the manifest does not name, holds writes 57 to 60");
            assert!(names, "{mode}: {error}");
            // What loses least comes first.
            assert!(error.kind.remedy().starts_with("Salvage what can be read into a new place with lsmscope repair"));
            assert_eq!(listing(place.path()), before, "{mode}");
        }
    }
}

#[test]
fn verify_calls_the_table_needed() {
    let place = fixture(3);
    let findings = block_on(verify(&Directory::open_read_only(place.path()).unwrap())).unwrap();
    let told = findings.list.iter().find(|f| f.what.contains("000043.sst")).unwrap();
    assert_eq!((told.severity, told.file, told.offset), (Severity::Damage, Some(FileId::manifest(1)), Some(1602)));
    assert!(told.what.contains("writes 57 to 60") && told.what.contains("no open removes it"), "{told}");
    assert!(findings.list.iter().all(|f| f.severity == Severity::Damage), "{findings}");
    assert_eq!(findings.tables, 8, "the table is checked as well");
}

#[test]
fn repair_keeps_everything_wherever_the_manifest_ends() {
    let whole = whole();
    assert!(whole.len() > 10);
    for cut in 0..1662 {
        let place = fixture(cut);
        let damaged = Directory::open_read_only(place.path()).unwrap();
        let mut fresh = Memory::new();
        let account = block_on(repair(&damaged, &mut fresh, &options(&[]), |_| ())).unwrap();
        let mut engine = open(fresh, options(&[])).unwrap();
        assert_eq!(contents(&mut engine), whole, "{cut} bytes are cut: {account}");
        assert!(engine.last_seq() >= 61, "no number is given out again");
        if cut == 3 {
            assert!(account.is_complete(), "{account}");
        }
        assert_eq!(block_on(damaged.list()).unwrap().len(), 10);
    }
}

#[test]
fn a_new_manifest_that_was_never_made_current_is_still_removed() {
    let place = fixture(0);
    fs::write(place.path().join("MANIFEST-000099"), "half").unwrap();
    let before = whole();
    let mut engine = open(Directory::open(place.path()).unwrap(), options(&[])).unwrap();
    assert_eq!(contents(&mut engine), before);
    assert!(!place.path().join("MANIFEST-000099").exists());
}
