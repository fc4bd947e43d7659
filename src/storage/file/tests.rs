//! Tests that need the module's internals: a full disk, with `/dev/full` in the place of a log.
#![cfg(target_os = "linux")]

use super::*;
use crate::storage::block_on;

/// `/dev/full` takes no byte. It is put in the place of an open log by hand: by its name, it is refused.
#[test]
fn a_full_disk_is_told_apart_and_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (wal, path) = (FileId::wal(1), place.path().join("000001.log"));
    let mut disk = Directory::open(place.path()).unwrap();
    let file = File::options().write(true).open("/dev/full").unwrap();
    let writer = Some(Writer { file, pending: Vec::new(), dirty: false, broken: None });
    disk.files.insert(wal, Entry { there: true, writer, ..Entry::default() });
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
    assert_eq!(block_on(disk.read(wal, 0..7)).unwrap(), b"waiting");
}
