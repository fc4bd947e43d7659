use super::*;
use crate::{
    error::ErrorKind,
    storage::{block_on, memory::Memory},
};

const LOG: FileId = FileId { kind: crate::storage::FileKind::Wal, number: 1 };
const LATER: FileId = FileId { kind: crate::storage::FileKind::Wal, number: 2 };
const TABLE: FileId = FileId { kind: crate::storage::FileKind::Table, number: 3 };

fn disk() -> Fault<Memory> {
    let mut disk = block_on(Fault::new(Memory::new())).unwrap();
    disk.append(LOG, b"safe").unwrap();
    block_on(disk.sync(LOG)).unwrap();
    disk.append(LOG, b"loose").unwrap();
    disk.append(LATER, b"more").unwrap();
    disk
}

fn files(disk: &Fault<Memory>) -> Vec<(FileId, u64)> {
    let listed = block_on(disk.list()).unwrap();
    assert_eq!(listed, block_on(disk.inner().list()).unwrap(), "what is listed is what is there");
    listed
}

#[test]
fn a_cut_keeps_nothing_everything_or_the_first_bytes() {
    let cut = |keep| {
        let mut disk = disk();
        block_on(disk.cut(keep)).unwrap();
        files(&disk)
    };
    assert_eq!(cut(Keep::Nothing), [(LOG, 4)]);
    assert_eq!(cut(Keep::Everything), [(LOG, 9), (LATER, 4)]);
    assert_eq!(cut(Keep::Bytes(3)), [(LOG, 7)]);
    assert_eq!(cut(Keep::Bytes(6)), [(LOG, 9), (LATER, 1)]);
}

#[test]
fn a_torn_cut_reaches_every_length_and_never_takes_what_was_synced() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..400 {
        let mut disk = disk();
        let cut = block_on(disk.cut(Keep::Torn(seed))).unwrap();
        assert_eq!(cut.losses[0].durable, Some(4));
        seen.insert(files(&disk));
        assert_eq!(block_on(disk.read(LOG, 0..4)).unwrap(), b"safe");
    }
    // 6 lengths of the log; the later one absent, or with 0 to 4 bytes.
    assert_eq!(seen.len(), 6 * 6);
}

#[test]
fn a_removal_can_be_undone_until_something_is_synced() {
    let with_table = || {
        let mut disk = disk();
        block_on(disk.create(TABLE, b"rows")).unwrap();
        block_on(disk.remove(TABLE)).unwrap();
        assert!(block_on(disk.read(TABLE, 0..1)).is_err());
        disk
    };
    let mut undone = with_table();
    assert_eq!(block_on(undone.cut(Keep::Nothing)).unwrap().undone, [TABLE]);
    assert_eq!(block_on(undone.read(TABLE, 0..4)).unwrap(), b"rows");
    let mut done = with_table();
    block_on(done.sync(LATER)).unwrap();
    assert_eq!(block_on(done.cut(Keep::Nothing)).unwrap().undone, []);
    assert_eq!(files(&done), [(LOG, 4), (LATER, 4)]);
}

#[test]
fn a_disk_that_lies_loses_what_it_said_was_durable() {
    let mut disk = disk();
    block_on(disk.swap_current(FileId::manifest(8))).unwrap();
    block_on(disk.create(FileId::manifest(8), b"old")).unwrap();
    disk.controls().set_lying(true);
    block_on(disk.sync(LOG)).unwrap();
    block_on(disk.create(TABLE, b"rows")).unwrap();
    block_on(disk.swap_current(FileId::manifest(9))).unwrap();
    let cut = block_on(disk.cut(Keep::Nothing)).unwrap();
    assert_eq!(files(&disk), [(LOG, 4), (FileId::manifest(8), 3)]);
    assert_eq!(cut.swapped_back, Some(FileId::manifest(8)));
    assert_eq!(block_on(disk.current()).unwrap(), Some(FileId::manifest(8)));
}

#[test]
fn without_power_nothing_happens() {
    let mut disk = disk();
    disk.controls().cut_after(Some(disk.controls().calls() + 1));
    disk.append(LOG, b"!").unwrap();
    assert_eq!(disk.append(LOG, b"?").unwrap_err().kind, ErrorKind::PowerLost);
    assert_eq!(block_on(disk.list()).unwrap_err().kind, ErrorKind::PowerLost);
    block_on(disk.cut(Keep::Everything)).unwrap();
    assert_eq!(files(&disk), [(LOG, 10), (LATER, 4)]);
}

#[test]
fn a_full_disk_writes_what_fits_and_says_so() {
    let mut disk = disk();
    disk.controls().set_room(Some(5));
    assert_eq!(disk.append(LOG, b"123456789").unwrap_err().kind, ErrorKind::NoSpace);
    assert_eq!(files(&disk)[0], (LOG, 14));
    assert_eq!(block_on(disk.create(TABLE, b"rows")).unwrap_err().kind, ErrorKind::NoSpace);
    block_on(disk.remove(LATER)).unwrap();
    block_on(disk.create(TABLE, b"rows")).unwrap();
}

#[test]
fn the_nth_call_fails_once_or_for_good() {
    let mut disk = disk();
    let failure =
        PlannedFailure { call: Call::Sync, on: Some(LOG.kind), after: 1, for_good: false, with: ErrorKind::Io };
    disk.controls().fail(Some(failure));
    let syncs = |disk: &mut Fault<Memory>| [(); 4].map(|()| block_on(disk.sync(LOG)).is_ok());
    assert_eq!(syncs(&mut disk), [true, false, true, true]);
    disk.controls().fail(Some(PlannedFailure { for_good: true, ..failure }));
    assert_eq!(syncs(&mut disk), [true, false, false, false]);
}

#[test]
fn a_flipped_bit_is_told_to_nobody() {
    let mut disk = disk();
    block_on(disk.flip(LOG, 1, 0)).unwrap();
    assert_eq!(block_on(disk.read(LOG, 0..9)).unwrap(), b"s`feloose");
    assert_eq!(block_on(disk.flip(LOG, 9, 0)).unwrap_err().message, "000001.log has 9 bytes: there is no byte 9");
    // What was not durable still is not.
    block_on(disk.cut(Keep::Nothing)).unwrap();
    assert_eq!(block_on(disk.read(LOG, 0..4)).unwrap(), b"s`fe");
}

#[test]
fn a_file_made_where_one_was_removed_is_not_taken_with_it() {
    let mut disk = disk();
    block_on(disk.create(TABLE, b"old")).unwrap();
    block_on(disk.remove(TABLE)).unwrap();
    block_on(disk.create(TABLE, b"newer")).unwrap();
    block_on(disk.sync(LOG)).unwrap();
    assert_eq!(block_on(disk.read(TABLE, 0..5)).unwrap(), b"newer");
    block_on(disk.cut(Keep::Nothing)).unwrap();
    assert_eq!(block_on(disk.read(TABLE, 0..5)).unwrap(), b"newer");
}
