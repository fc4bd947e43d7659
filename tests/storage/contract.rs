//! The storage contract as one test, for every backend: natively in `tests/storage.rs`, in the browser in
//! `tests/web.rs`.

use lsmscope::{
    ErrorKind,
    storage::{FileId, Storage},
};

/// Every promise of the contract, on an empty disk. `restart` is what the backend has for a crash: it must keep what
/// was made durable and may keep more.
pub async fn contract<S: Storage>(disk: S, restart: impl AsyncFn(S) -> S) {
    let disk = appends_are_visible_before_they_are_durable(disk, &restart).await;
    let disk = created_files_are_whole(disk, &restart).await;
    let disk = current_names_the_last_manifest(disk, &restart).await;
    let disk = reads_are_exact_or_errors(disk).await;
    removed_files_are_gone(disk, &restart).await;
}

async fn appends_are_visible_before_they_are_durable<S: Storage>(mut disk: S, restart: &impl AsyncFn(S) -> S) -> S {
    let wal = FileId::wal(1);
    disk.append(wal, b"one").unwrap();
    disk.append(wal, b"").unwrap();
    assert_eq!(disk.list().await.unwrap(), [(wal, 3)]);
    assert_eq!(read(&disk, wal, 0..3).await, b"one");
    disk.sync(wal).await.unwrap();
    disk.append(wal, b"two").unwrap();
    assert_eq!(read(&disk, wal, 0..6).await, b"onetwo", "across what is synced and what is not");
    assert_eq!(read(&disk, wal, 4..6).await, b"wo");
    assert_eq!(read(&disk, wal, 1..2).await, b"n");
    disk.sync(wal).await.unwrap();
    disk.append(wal, b"volatile").unwrap();

    let mut disk = restart(disk).await;
    let (_, len) = disk.list().await.unwrap()[0];
    assert!((6..=14).contains(&len), "kept {len} bytes");
    assert_eq!(disk.read_all(wal, len).await.unwrap(), &b"onetwovolatile"[..len as usize]);
    // Appends go on where the file ends.
    disk.append(wal, b"!").unwrap();
    assert_eq!(read(&disk, wal, len..len + 1).await, b"!");
    // Far more than any buffer, in pieces that do not divide it.
    let big: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8).collect();
    big.chunks(997).for_each(|piece| disk.append(wal, piece).unwrap());
    disk.append(wal, &big).unwrap();
    assert_eq!(read(&disk, wal, len + 1..len + 1 + 600_000).await, [&big[..], &big].concat());
    disk.sync(wal).await.unwrap();
    let disk = restart(disk).await;
    assert_eq!(disk.list().await.unwrap(), [(wal, len + 600_001)]);
    assert_eq!(read(&disk, wal, len + 1..len + 600_001).await, [&big[..], &big].concat());
    disk
}

async fn created_files_are_whole<S: Storage>(mut disk: S, restart: &impl AsyncFn(S) -> S) -> S {
    let (table, empty) = (FileId::table(2), FileId::table(3));
    disk.create(table, b"first").await.unwrap();
    assert_eq!(read(&disk, table, 0..5).await, b"first");
    disk.create(table, b"second").await.unwrap();
    assert_eq!(read(&disk, table, 0..6).await, b"second", "a second create replaces the first");
    disk.create(empty, b"").await.unwrap();
    let disk = restart(disk).await;
    assert_eq!(read(&disk, table, 0..6).await, b"second");
    assert_eq!(disk.list().await.unwrap()[1..], [(table, 6), (empty, 0)], "even one without bytes");
    disk
}

async fn current_names_the_last_manifest<S: Storage>(mut disk: S, restart: &impl AsyncFn(S) -> S) -> S {
    assert_eq!(disk.current().await.unwrap(), None, "a new database has none");
    disk.swap_current(FileId::manifest(4)).await.unwrap();
    disk.swap_current(FileId::manifest(1_000_007)).await.unwrap();
    let disk = restart(disk).await;
    assert_eq!(disk.current().await.unwrap(), Some(FileId::manifest(1_000_007)));
    disk
}

async fn reads_are_exact_or_errors<S: Storage>(disk: S) -> S {
    let table = FileId::table(2);
    assert_eq!(read(&disk, table, 6..6).await, b"");
    for (file, range, message) in [
        (table, 0..7, "000002.sst has 6 bytes, but bytes 0 to 7 were wanted"),
        (table, 7..7, "000002.sst has 6 bytes, but bytes 7 to 7 were wanted"),
        (table, 0..u64::MAX, "000002.sst has 6 bytes, but bytes 0 to 18446744073709551615 were wanted"),
        (table, 1 << 32..(1 << 32) + 6, "000002.sst has 6 bytes, but bytes 4294967296 to 4294967302 were wanted"),
        (FileId::table(99), 0..1, "000099.sst does not exist"),
    ] {
        let error = disk.read(file, range.clone()).await.unwrap_err();
        assert_eq!((error.kind, error.file, error.offset), (ErrorKind::Corruption, Some(file), Some(range.start)));
        assert_eq!(error.message, message);
    }
    disk
}

async fn removed_files_are_gone<S: Storage>(mut disk: S, restart: &impl AsyncFn(S) -> S) {
    let (wal, table) = (FileId::wal(1), FileId::table(2));
    disk.remove(table).await.unwrap();
    disk.remove(table).await.unwrap();
    assert_eq!(disk.read(table, 0..1).await.unwrap_err().message, "000002.sst does not exist");
    // A file of the same name starts afresh.
    disk.remove(wal).await.unwrap();
    disk.append(wal, b"new").unwrap();
    disk.sync(wal).await.unwrap();
    let disk = restart(disk).await;
    assert_eq!(read(&disk, wal, 0..3).await, b"new");
    assert!(disk.list().await.unwrap().iter().all(|(id, len)| *id != table && (*id != wal || *len == 3)));
}

async fn read<S: Storage>(disk: &S, file: FileId, range: std::ops::Range<u64>) -> Vec<u8> {
    disk.read(file, range).await.unwrap()
}
