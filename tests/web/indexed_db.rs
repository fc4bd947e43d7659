//! The IndexedDB backend: the contract, what a reload keeps, and what a failing browser is reported as.

use js_sys::{Array, Function};
use lsmscope::{
    ErrorKind,
    storage::{
        FileId, Storage,
        indexed_db::{CHUNK, Durability, IndexedDb, Ownership},
        memory::Memory,
    },
};
use rexie::{ObjectStore, Rexie};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    contract::contract,
    support::{Patch, behind, fresh, open},
};

#[wasm_bindgen_test]
async fn keeps_the_contract_in_both_durabilities() {
    for durability in [Durability::Strict, Durability::Relaxed] {
        let open = || async { IndexedDb::open("contract", durability, Ownership::Refuse).await.unwrap() };
        IndexedDb::delete("contract").await.unwrap();
        contract(open().await, async |disk| {
            drop(disk);
            open().await
        })
        .await;
    }
}

/// Where an address has 32 bits.
#[wasm_bindgen_test]
async fn memory_keeps_the_contract_too() {
    contract(Memory::new(), async |mut disk: Memory| {
        disk.crash();
        disk
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_reload_keeps_what_was_synced_and_nothing_else() {
    let (wal, never_synced) = (FileId::wal(1), FileId::wal(2));
    let mut disk = fresh("reload").await;
    for word in ["several ", "appends, ", "one sync"] {
        disk.append(wal, word.as_bytes()).unwrap();
    }
    disk.sync(wal).await.unwrap();
    disk.append(wal, b" lost").unwrap();
    disk.append(never_synced, b"lost").unwrap();
    assert_eq!(disk.list().await.unwrap(), [(wal, 30), (never_synced, 4)]);
    drop(disk);

    let disk = open("reload").await;
    assert_eq!(disk.list().await.unwrap(), [(wal, 25)]);
    assert_eq!(disk.read_all(wal, 25).await.unwrap(), b"several appends, one sync");
    drop(disk);
    assert_eq!(behind("reload", "chunks", async |s| s.count(None).await.unwrap()).await, 1, "one sync is one record");
}

#[wasm_bindgen_test]
async fn removed_files_leave_no_records() {
    let mut disk = fresh("remove").await;
    for number in [1, 2] {
        disk.create(FileId::table(number), &vec![7; 2 * CHUNK + 1]).await.unwrap();
    }
    disk.append(FileId::wal(3), b"never synced").unwrap();
    disk.remove(FileId::table(1)).await.unwrap();
    disk.remove(FileId::wal(3)).await.unwrap();
    drop(disk);
    assert_eq!(open("remove").await.list().await.unwrap(), [(FileId::table(2), 2 * CHUNK as u64 + 1)]);
    assert_eq!(behind("remove", "chunks", async |s| s.count(None).await.unwrap()).await, 3);
}

#[wasm_bindgen_test]
async fn a_read_fetches_the_chunks_it_needs_and_checks_them() {
    let (table, chunk) = (FileId::table(1), CHUNK as u64);
    let bytes: Vec<u8> = (0..3 * CHUNK as u32 + 5).map(|i| (i % 253) as u8).collect();
    let mut disk = fresh("chunks").await;
    disk.create(table, &bytes).await.unwrap();
    drop(disk);
    let key = |end: u64| -> JsValue { Array::of2(&table.to_string().into(), &(end as f64).into()).into() };
    behind("chunks", "chunks", async |store| {
        store
            .put_all(std::iter::once((js_sys::Uint8Array::new_with_length(9).into(), Some(key(2 * chunk)))))
            .await
            .unwrap();
    })
    .await;

    let disk = open("chunks").await;
    for range in [0..chunk, chunk - 1..chunk, 2 * chunk..3 * chunk + 5, 3 * chunk - 1..3 * chunk + 1] {
        let found = disk.read(table, range.clone()).await.unwrap();
        assert_eq!(found, bytes[range.start as usize..range.end as usize], "{range:?}");
    }
    for range in [chunk..chunk + 1, 0..chunk + 1, 2 * chunk - 1..2 * chunk] {
        let error = disk.read(table, range).await.unwrap_err();
        assert_eq!((error.kind, error.file, error.offset), (ErrorKind::Corruption, Some(table), Some(chunk)));
    }
    // A record that is gone is noticed as well.
    behind("chunks", "chunks", async |store| store.delete(key(chunk)).await.unwrap()).await;
    for range in [0..1, chunk..chunk + 1, 0..3 * chunk] {
        assert_eq!(disk.read(table, range).await.unwrap_err().kind, ErrorKind::Corruption);
    }
}

#[wasm_bindgen_test]
async fn an_aborted_transaction_is_an_error_and_can_be_tried_again() {
    let (wal, table) = (FileId::wal(1), FileId::table(2));
    let mut disk = fresh("abort").await;
    disk.append(wal, b"one").unwrap();
    disk.sync(wal).await.unwrap();
    disk.append(wal, b"two").unwrap();
    {
        let _undo = Patch::aborting();
        let error = disk.sync(wal).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Io);
        assert_eq!(error.message, "cannot sync 000001.log in the browser's storage: the transaction was aborted");
        for error in [
            disk.create(table, b"table").await.unwrap_err(),
            disk.swap_current(FileId::manifest(3)).await.unwrap_err(),
            disk.remove(wal).await.unwrap_err(),
        ] {
            assert_eq!(error.kind, ErrorKind::Io, "{error}");
        }
    }
    assert_eq!(disk.list().await.unwrap(), [(wal, 6)], "a failed create leaves nothing, a failed remove leaves all");
    assert_eq!(disk.read(wal, 0..6).await.unwrap(), b"onetwo");
    assert_eq!(disk.current().await.unwrap(), None);
    disk.sync(wal).await.unwrap();
    drop(disk);
    let disk = open("abort").await;
    assert_eq!(disk.list().await.unwrap(), [(wal, 6)]);
    assert_eq!(disk.read(wal, 0..6).await.unwrap(), b"onetwo");
}

#[wasm_bindgen_test]
async fn a_sync_that_nobody_waited_for_is_not_written_twice() {
    let wal = FileId::wal(1);
    let mut disk = fresh("dropped").await;
    disk.append(wal, b"abc").unwrap();
    {
        // One poll begins the transaction; then the future is gone, and the transaction goes on.
        let mut sync = std::pin::pin!(disk.sync(wal));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(sync.as_mut().poll(&mut context).is_pending());
    }
    disk.append(wal, b"def").unwrap();
    disk.sync(wal).await.unwrap();
    assert_eq!(disk.read(wal, 0..6).await.unwrap(), b"abcdef");
    drop(disk);
    let disk = open("dropped").await;
    assert_eq!(disk.list().await.unwrap(), [(wal, 6)]);
    assert_eq!(disk.read(wal, 0..6).await.unwrap(), b"abcdef");
}

#[wasm_bindgen_test]
async fn a_full_quota_is_told_apart() {
    let mut disk = fresh("quota").await;
    disk.append(FileId::wal(1), b"bytes").unwrap();
    {
        let (_abort, _quota) = (Patch::aborting(), Patch::quota());
        assert_eq!(disk.sync(FileId::wal(1)).await.unwrap_err().kind, ErrorKind::NoSpace);
    }
    {
        let _full = Patch::property(
            "IDBObjectStore.prototype",
            "put",
            "value() { throw new DOMException('full', 'QuotaExceededError') }, writable: true",
        );
        assert_eq!(disk.create(FileId::table(2), b"table").await.unwrap_err().kind, ErrorKind::NoSpace);
    }
    disk.sync(FileId::wal(1)).await.unwrap();
}

#[wasm_bindgen_test]
async fn every_durable_write_asks_for_the_durability() {
    for (durability, wanted) in [(Durability::Strict, "strict"), (Durability::Relaxed, "relaxed")] {
        IndexedDb::delete("durability").await.unwrap();
        let mut disk = IndexedDb::open("durability", durability, Ownership::Refuse).await.unwrap();
        assert_eq!(disk.durability(), durability, "this browser knows both");
        // Notes the durability of every transaction that commits.
        Function::new_no_args("self.asked = []").call0(&JsValue::NULL).unwrap();
        let patch = "value() { self.asked.push(this.durability); return self.commit.call(this) }, writable: true";
        Function::new_no_args("self.commit = IDBTransaction.prototype.commit").call0(&JsValue::NULL).unwrap();
        let _undo = Patch::property("IDBTransaction.prototype", "commit", patch);
        disk.append(FileId::wal(1), b"x").unwrap();
        disk.sync(FileId::wal(1)).await.unwrap();
        disk.create(FileId::table(2), b"x").await.unwrap();
        disk.swap_current(FileId::manifest(3)).await.unwrap();
        let asked: Array = Function::new_no_args("return self.asked").call0(&JsValue::NULL).unwrap().unchecked_into();
        assert_eq!(asked.iter().map(|a| a.as_string().unwrap()).collect::<Vec<_>>(), [wanted; 3]);
    }
}

#[wasm_bindgen_test]
async fn a_newer_format_is_refused_unchanged() {
    drop(fresh("newer").await);
    let set = async |number: f64| {
        behind("newer", "meta", async |s| {
            s.put_all(std::iter::once((number.into(), Some("format".into())))).await.unwrap();
        })
        .await;
    };
    set(2.0).await;
    let error = refused("newer").await;
    assert_eq!(error.message, "the database \"newer\" has format 2, but this version reads format 1");
    set(1.0).await;
    open("newer").await;
}

#[wasm_bindgen_test]
async fn a_foreign_database_is_refused_unchanged() {
    for stores in [&["notes"][..], &["chunks", "meta"]] {
        Rexie::delete("foreign").await.unwrap();
        let builder = stores.iter().fold(Rexie::builder("foreign"), |b, s| b.add_object_store(ObjectStore::new(s)));
        let database = builder.version(3).build().await.unwrap();
        database.close();
        behind("foreign", stores[0], async |s| {
            s.put_all(std::iter::once(("theirs".into(), Some("key".into())))).await.unwrap();
        })
        .await;
        let error = refused("foreign").await;
        assert!(error.message.contains("\"foreign\" was not written by lsmscope"), "{error}");
        let database = Rexie::builder("foreign").build().await.unwrap();
        assert_eq!(
            (database.version().unwrap(), database.store_names()),
            (3, stores.iter().map(ToString::to_string).collect())
        );
        database.close();
        let theirs = behind("foreign", stores[0], async |s| s.get("key".into()).await.unwrap()).await;
        assert_eq!(theirs, Some("theirs".into()));
    }
}

/// As Chromium does it: its LevelDB did not open, so there is no database any more, and the first opening is told.
#[wasm_bindgen_test]
async fn what_the_browser_discarded_is_reported_once() {
    IndexedDb::delete("discarded").await.unwrap();
    let (loss, why) = ("value: 'total'", "value: 'IndexedDB (database was corrupt): checksum mismatch'");
    let patches = [("dataLoss", loss), ("dataLossMessage", why)]
        .map(|(name, value)| Patch::property("IDBVersionChangeEvent.prototype", name, value));
    let error = IndexedDb::open("discarded", Durability::Strict, Ownership::Refuse).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Closed);
    let parts = ["discarded everything that this site had stored", "\"discarded\"", "checksum mismatch"];
    assert!(parts.iter().all(|part| error.message.contains(part)), "{error}");
    drop(patches);
    assert_eq!(open("discarded").await.list().await.unwrap(), []);
}

#[wasm_bindgen_test]
async fn damaged_records_are_named() {
    let mut disk = fresh("damaged").await;
    disk.swap_current(FileId::manifest(1)).await.unwrap();
    drop(disk);
    behind("damaged", "meta", async |s| {
        s.put_all(std::iter::once(("MANIFEST-1".into(), Some("current".into())))).await.unwrap();
    })
    .await;
    let disk = open("damaged").await;
    let error = disk.current().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corruption);
    assert!(error.message.contains("\"current\"") && error.message.contains("MANIFEST-1"), "{error}");
    drop(disk);
    behind("damaged", "chunks", async |s| {
        s.put_all(std::iter::once((1.into(), Some("what".into())))).await.unwrap();
    })
    .await;
    let error = IndexedDb::open("damaged", Durability::Relaxed, Ownership::Refuse).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Corruption);
    assert!(error.message.contains("what"), "{error}");
}

#[wasm_bindgen_test]
async fn a_browser_that_refuses_storage_is_an_error_with_its_reason() {
    for (object, name, how, reason) in [
        ("self", "indexedDB", "get() { throw new DOMException('no', 'SecurityError') }", "SecurityError: no"),
        ("self", "indexedDB", "value: undefined", "there is no IndexedDB here"),
        (
            "IDBFactory.prototype",
            "open",
            "value() { throw new DOMException('no', 'SecurityError') }",
            "SecurityError: no",
        ),
    ] {
        let _undo = Patch::property(object, name, how);
        let error = IndexedDb::open("refused", Durability::Relaxed, Ownership::Refuse).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Io);
        assert!(error.message.starts_with("cannot open the database in the browser's storage: "), "{error}");
        assert!(error.message.ends_with(reason), "{error}");
    }
    fresh("refused").await;
}

/// The error of opening `name`, which must be [`ErrorKind::Unsupported`] whichever way it is opened.
async fn refused(name: &str) -> lsmscope::Error {
    let error = IndexedDb::open(name, Durability::Strict, Ownership::TakeOver).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert_eq!(IndexedDb::open(name, Durability::Relaxed, Ownership::Refuse).await.err().unwrap(), error);
    error
}
