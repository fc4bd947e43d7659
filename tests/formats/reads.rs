//! What every build does with the fixtures, and with a format that is newer than its own.

use std::fs;

use lsmscope::{
    ErrorKind,
    engine::{
        log::put_frame,
        manifest,
        table::{FOOTER_BYTES, FORMAT_VERSION, Footer, Index, seal},
    },
    repair::repair,
    storage::{FileId, FileKind, Storage, file::Directory, memory::Memory},
    verify::{Findings, verify},
};
use tempfile::TempDir;

use super::*;

/// The fixtures, each with the format of its manifest.
const FIXTURES: [(&str, u64); 2] = [("manifest-1", 1), ("manifest-2", 2)];

/// A copy of a fixture, which may be opened and changed.
fn copy(name: &str) -> TempDir {
    let place = TempDir::new().unwrap();
    for entry in fs::read_dir(fixtures().join(name)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.path().join(entry.file_name())).unwrap();
    }
    place
}

fn check(path: &Path) -> Findings {
    block_on(verify(&Directory::open_read_only(path).unwrap())).unwrap()
}

/// The file of the manifest that `CURRENT` names, and its bytes.
fn manifest_of(path: &Path) -> (FileId, Vec<u8>) {
    let file = block_on(Directory::open_read_only(path).unwrap().current()).unwrap().unwrap();
    (file, fs::read(path.join(file.to_string())).unwrap())
}

fn format_of(path: &Path) -> u64 {
    let (file, bytes) = manifest_of(path);
    manifest::read(file, &bytes).unwrap().format
}

#[track_caller]
fn assert_holds_all(engine: &mut Engine<Directory>) {
    let (expected, all) = (model(), block_on(engine.scan(Default::default(), None)).unwrap().entries);
    assert_eq!(all.into_iter().collect::<BTreeMap<_, _>>(), expected);
    let written = SESSIONS.iter().map(|session| session.writes).sum();
    for key in (1..=written).map(|n| write(n).0) {
        assert_eq!(block_on(engine.get(&key)).unwrap().as_ref(), expected.get(&key), "{key:?}");
    }
    assert_eq!(engine.last_seq(), written, "the log is replayed to its end");
}

#[test]
fn every_format_opens_with_all_that_was_written() {
    for (name, format) in FIXTURES {
        let place = copy(name);
        assert_eq!(format_of(place.path()), format, "{name}");
        let found = check(place.path());
        assert!(found.list.is_empty(), "{name}: {:#?}", found.list);
        assert_holds_all(&mut open(place.path(), options(&[])).unwrap());
        // The open has begun a manifest of today's format where the old one was older, and lost nothing on the way.
        assert_eq!(format_of(place.path()), manifest::FORMAT, "{name}");
        let found = check(place.path());
        assert!(found.list.is_empty(), "{name}: {:#?}", found.list);
        assert_holds_all(&mut open(place.path(), options(&[])).unwrap());
    }
}

#[test]
fn the_newest_fixture_is_of_todays_format() {
    let newest = FIXTURES.last().unwrap();
    assert_eq!(newest.1, manifest::FORMAT, "a new format gets a fixture of its own: see the head of this file");
    assert_eq!(FORMAT_VERSION, 1, "a new version of tables gets a fixture of its own, and docs/formats.md a diagram");
}

/// The fixtures cover what the formats have: else they would prove little.
#[test]
fn the_fixtures_hold_every_part_of_a_table_and_a_log() {
    for (name, format) in FIXTURES {
        let place = copy(name);
        let (file, bytes) = manifest_of(place.path());
        let read = manifest::read(file, &bytes).unwrap();
        assert!(!read.version.cursor_listing().is_empty(), "{name}: a cursor of round-robin");
        assert!(read.edits.iter().any(|edit| !edit.removed.is_empty()), "{name}: removed tables");
        let has_ages = read.edits.iter().any(|edit| !edit.ages.is_empty());
        assert_eq!(has_ages, format >= 2, "{name}: ages of writes, which format 1 has not");
        let (mut filters, mut lz4, mut stored) = ([false; 2], false, false);
        for (_, table) in read.version.tables() {
            let bytes = fs::read(place.path().join(FileId::table(table.id).to_string())).unwrap();
            let footer = Footer::parse(&bytes[bytes.len() - FOOTER_BYTES..]).unwrap();
            filters[usize::from(footer.filter.bytes > 0)] = true;
            let index = footer.index.slice(&bytes).unwrap();
            let index = seal::unseal(index.to_vec(), table.id, footer.index.offset).unwrap();
            let index = Index::parse(&index).unwrap();
            for block in (0..index.len()).map(|i| index.handle(i)) {
                let compression = block.slice(&bytes).unwrap()[block.bytes as usize - 5];
                lz4 |= compression == 1;
                stored |= compression == 0;
            }
        }
        assert_eq!((filters, lz4, stored), ([true; 2], true, true), "{name}");
        assert!(read.version.tables().any(|(_, table)| table.tombstones > 0), "{name}: tombstones");
        let disk = Directory::open_read_only(place.path()).unwrap();
        let logs = block_on(disk.list()).unwrap().into_iter().filter(|(file, _)| file.kind == FileKind::Wal);
        assert!(logs.map(|(_, bytes)| bytes).sum::<u64>() > 0, "{name}: writes that are in no table");
    }
}

#[test]
fn a_newer_manifest_is_refused_by_its_format_whatever_fields_it_has() {
    let place = copy("manifest-2");
    let (file, bytes) = manifest_of(place.path());
    let newest = manifest::FORMAT;
    let mut newer = Vec::new();
    // Behind the format, a field that no format has yet.
    put_frame(&mut newer, file, 0, 0, 1, |out| out.extend_from_slice(&[1, newest as u8 + 1, 200, 1, 2, 3]));
    fs::write(place.path().join(file.to_string()), [newer, bytes].concat()).unwrap();
    let says = format!("{file} has format {}; this build reads formats 1 to {newest}", newest + 1);

    let opened = open(place.path(), options(&[])).err().unwrap();
    let found = check(place.path()).list;
    let disk = Directory::open_read_only(place.path()).unwrap();
    // A repair that took it for damage would throw away what it cannot read.
    let repaired = block_on(repair(&disk, &mut Memory::new(), &options(&[]), |_| {})).expect_err("it is no damage");
    assert!(found.iter().any(|finding| finding.to_string().contains(&says)), "{found:#?}");
    for error in [opened, repaired] {
        assert_eq!(error.kind, ErrorKind::Unsupported, "{error}");
        assert!(error.message.contains(&says), "{error}");
    }
}
