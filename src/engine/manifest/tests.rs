//! What a manifest says, what a torn one still says, and what is refused.

use super::*;
use crate::{engine::log::put_frame, version::Cursor};

const FILE: FileId = FileId { kind: crate::storage::FileKind::Manifest, number: 4 };

fn table(id: TableId, smallest: &str, largest: &str) -> Rc<TableMeta> {
    Rc::new(TableMeta {
        id,
        bytes: 1000,
        entries: 9,
        tombstones: 2,
        range_deletion_bytes: 0,
        smallest: smallest.into(),
        largest: largest.into(),
        smallest_seq: 3,
        largest_seq: 300,
        oldest_time: Some(70),
        newest_time: Some(77),
        tombstone_seqs: Some((4, 9)),
        shadowing_seq: None,
    })
}

fn manifest() -> (Vec<VersionEdit>, Vec<u8>) {
    let edits = vec![
        VersionEdit {
            next_file: Some(9),
            last_seq: Some(0),
            log_number: Some(2),
            time: Some(5),
            ages: vec![(3, 4)],
            ..Default::default()
        },
        VersionEdit { added: vec![(0, table(10, "a", "m")), (1, table(11, "", "z"))], ..Default::default() },
        VersionEdit {
            removed: vec![(0, table(10, "a", "m"))],
            added: vec![(2, table(10, "a", "m"))],
            cursors: vec![Cursor { level: 1, from: None, to: Some("g".into()) }],
            ..Default::default()
        },
    ];
    let mut bytes = Vec::new();
    for (i, edit) in edits.iter().enumerate() {
        let offset = bytes.len() as u64;
        put_edit(&mut bytes, FILE, offset, i as u64, edit);
    }
    (edits, bytes)
}

#[test]
fn a_table_is_added_once() {
    let first = VersionEdit { next_file: Some(9), added: vec![(0, table(7, "a", "m"))], ..Default::default() };
    let again = VersionEdit { added: vec![(0, table(7, "a", "m"))], ..Default::default() };
    let twice = VersionEdit { added: vec![(0, table(8, "a", "m")); 2], ..Default::default() };
    for (edit, id) in [(again, 7), (twice, 8)] {
        let mut bytes = Vec::new();
        put_edit(&mut bytes, FILE, 0, 0, &first);
        let offset = bytes.len() as u64;
        put_edit(&mut bytes, FILE, offset, 1, &edit);
        let error = read(FILE, &bytes).unwrap_err();
        assert_eq!((error.kind, error.offset), (ErrorKind::Corruption, Some(offset)));
        assert!(error.message.ends_with(&format!("table {id} is there already")), "{error}");
    }
}

#[test]
fn edits_read_back_and_make_the_shape() {
    let (edits, bytes) = manifest();
    let read = read(FILE, &bytes).unwrap();
    assert_eq!(read.edits.iter().map(|e| (**e).clone()).collect::<Vec<_>>(), edits);
    assert_eq!((read.version.levels[0].len(), read.version.levels[1].len(), read.version.levels[2].len()), (0, 1, 1));
    assert_eq!(read.version.cursor(1), Some(&"g".into()));
    assert_eq!(read.outcome().cursors, edits[2].cursors, "what a new manifest begins with");
    assert_eq!((read.bytes, read.torn), (bytes.len() as u64, 0));
}

#[test]
fn a_torn_last_edit_is_as_if_never_written() {
    let (_, bytes) = manifest();
    let read = read(FILE, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(read.edits.len(), 2);
    assert_eq!(read.bytes + read.torn, bytes.len() as u64 - 1);
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (_, bytes) = manifest();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(read(FILE, &damaged).unwrap_err().kind, ErrorKind::Corruption, "bit {bit}");
    }
    assert!(read(FILE, &[]).is_err());
}

#[test]
fn a_table_of_format_1_is_as_old_as_its_newest_entry() {
    let mut bytes = Vec::new();
    put_frame(&mut bytes, FILE, 0, 0, 1, |o| {
        o.extend_from_slice(&[1, 1, 7, 2, 10, 100, 9, 2, 3, 30, 77, 1, b'a', 1, b'm']);
    });
    let read = read(FILE, &bytes).unwrap();
    let expected = TableMeta {
        bytes: 100,
        largest_seq: 30,
        oldest_time: Some(77),
        tombstone_seqs: Some((3, 30)),
        shadowing_seq: Some(3),
        ..(*table(10, "a", "m")).clone()
    };
    assert_eq!((read.format, &*read.version.levels[2][0]), (1, &expected));
}

#[test]
fn a_newer_format_is_named() {
    let mut bytes = Vec::new();
    // A field that no format has yet follows.
    put_frame(&mut bytes, FILE, 0, 0, 1, |o| o.extend_from_slice(&[1, 9, 200, 1, 2, 3]));
    let error = read(FILE, &bytes).unwrap_err();
    assert_eq!((error.kind, error.offset), (ErrorKind::Unsupported, Some(0)), "{error}");
    assert!(error.message.contains("format 9"), "{}", error.message);
}
