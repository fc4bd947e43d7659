//! One owner per database: whoever comes second is told, and whoever is thrown out writes nothing more.

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    ErrorKind, Result,
    storage::{
        FileId, Storage,
        indexed_db::{Durability, IndexedDb, Ownership},
    },
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Patch, fresh, open};

const WAL: FileId = FileId { kind: lsmscope::storage::FileKind::Wal, number: 1 };

async fn take_over(name: &str) -> Result<IndexedDb> {
    IndexedDb::open(name, Durability::Relaxed, Ownership::TakeOver).await
}

/// Asserts that every call fails, with `kind`.
async fn assert_thrown_out(disk: &mut IndexedDb, kind: ErrorKind, message: &str) {
    for error in [
        disk.append(WAL, b"!").err(),
        disk.sync(WAL).await.err(),
        disk.create(FileId::table(9), b"!").await.err(),
        disk.swap_current(FileId::manifest(9)).await.err(),
        disk.remove(WAL).await.err(),
        disk.read(WAL, 0..1).await.err(),
        disk.current().await.err(),
        disk.list().await.err(),
    ] {
        let error = error.expect("every call fails");
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.message.contains(message), "{error}");
    }
}

#[wasm_bindgen_test]
async fn a_second_owner_is_refused_and_the_first_goes_on() {
    let mut first = fresh("second").await;
    let error = IndexedDb::open("second", Durability::Relaxed, Ownership::Refuse).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert_eq!(error.message, "another tab has the database \"second\" open: close it there, or take over");
    first.append(WAL, b"mine").unwrap();
    first.sync(WAL).await.unwrap();
    // Another database is nobody's business.
    drop(fresh("third").await);
    drop(first);
    assert_eq!(open("second").await.read(WAL, 0..4).await.unwrap(), b"mine");
}

#[wasm_bindgen_test]
async fn taking_over_stops_the_first_owner() {
    let mut first = fresh("take-over").await;
    first.append(WAL, b"synced").unwrap();
    first.sync(WAL).await.unwrap();
    first.append(WAL, b" and not").unwrap();
    let mut second = take_over("take-over").await.unwrap();
    assert_thrown_out(&mut first, ErrorKind::Busy, "another tab took over the database \"take-over\"").await;
    assert_eq!(second.list().await.unwrap(), [(WAL, 6)]);
    second.append(WAL, b"!").unwrap();
    second.sync(WAL).await.unwrap();
    // The first one's end must not give away what is the second one's now.
    drop(first);
    let error = IndexedDb::open("take-over", Durability::Relaxed, Ownership::Refuse).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Busy);
    drop(second);
    assert_eq!(open("take-over").await.read(WAL, 0..7).await.unwrap(), b"synced!");
}

/// The page is told of a loss at once, not by the next call: a page may do nothing for a long time.
#[wasm_bindgen_test]
async fn whoever_listens_is_told_once_and_at_once() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let listener = || {
        let told = told.clone();
        move |error: &lsmscope::Error| told.borrow_mut().push(error.message.clone())
    };
    let first = fresh("listen").await;
    first.lost().listen(|_| unreachable!("another listener takes its place"));
    first.lost().listen(listener());
    assert_eq!((first.lost().reason(), told.borrow().len()), (None, 0));
    let second = take_over("listen").await.unwrap();
    let taken = "another tab took over the database \"listen\": nothing more is written from here";
    assert_eq!(*told.borrow(), [taken], "once, though the lock was stolen and the connection closed");
    first.lost().listen(listener());
    assert_eq!(*told.borrow(), [taken, taken], "who comes too late is told, too");

    second.lost().listen(listener());
    IndexedDb::delete("listen").await.unwrap();
    assert_eq!(told.borrow().last().unwrap(), "the database \"listen\" was deleted");
    assert_eq!(first.lost().reason().unwrap().kind, ErrorKind::Busy, "the first reason stays");
}

/// A sync runs while the database is taken over: the new owner sees it exactly if it was reported done.
#[wasm_bindgen_test]
async fn a_write_under_way_is_whole_or_an_error() {
    for _ in 0..10 {
        let mut first = fresh("under-way").await;
        first.append(WAL, &[7; 100_000]).unwrap();
        let sync = future_to_promise(async move {
            let done = first.sync(WAL).await.is_ok();
            // Keeps the first owner open, as a tab would.
            std::mem::forget(first);
            Ok(JsValue::from(done))
        });
        let second = take_over("under-way").await.unwrap();
        let listed = second.list().await.unwrap();
        let done = JsFuture::from(sync).await.unwrap().is_truthy();
        assert_eq!(listed, if done { vec![(WAL, 100_000)] } else { vec![] });
    }
}

/// Without Web Locks every opening takes over, and the fence alone keeps owners apart.
#[wasm_bindgen_test]
async fn without_web_locks_the_last_one_wins() {
    let _undo = Patch::property("navigator", "locks", "value: undefined");
    let mut first = fresh("no-locks").await;
    first.append(WAL, b"one").unwrap();
    first.sync(WAL).await.unwrap();
    let mut second = open("no-locks").await;
    assert_thrown_out(&mut first, ErrorKind::Busy, "another tab took over").await;
    second.append(WAL, b"two").unwrap();
    second.sync(WAL).await.unwrap();
    assert_eq!(second.read(WAL, 0..6).await.unwrap(), b"onetwo");

    // Five at once: one of them can write in the end, and what it writes goes on from what it read.
    drop((first, second));
    let opened = Rc::new(RefCell::new(Vec::new()));
    let openings: Vec<_> = (0..5)
        .map(|_| {
            let opened = opened.clone();
            future_to_promise(async move {
                let disk = IndexedDb::open("no-locks", Durability::Relaxed, Ownership::Refuse).await;
                opened.borrow_mut().push(disk);
                Ok(JsValue::UNDEFINED)
            })
        })
        .collect();
    for opening in openings {
        JsFuture::from(opening).await.unwrap();
    }
    let mut writers = 0;
    for disk in opened.take() {
        let Ok(mut disk) = disk else { continue };
        if disk.append(WAL, b"!").is_ok() && disk.sync(WAL).await.is_ok() {
            writers += 1;
        }
    }
    assert_eq!(writers, 1);
    assert_eq!(open("no-locks").await.list().await.unwrap(), [(WAL, 7)]);
}

#[wasm_bindgen_test]
async fn a_database_deleted_elsewhere_is_closed_here() {
    let mut disk = fresh("deleted").await;
    disk.append(WAL, b"x").unwrap();
    disk.sync(WAL).await.unwrap();
    IndexedDb::delete("deleted").await.unwrap();
    assert_thrown_out(&mut disk, ErrorKind::Closed, "the database \"deleted\" was deleted").await;
    drop(disk);
    assert_eq!(open("deleted").await.list().await.unwrap(), []);
}
