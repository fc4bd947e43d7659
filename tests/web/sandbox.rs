//! The page's side of the boundary, as JavaScript sees it: values, errors, order of calls.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use lsmscope::{
    storage::indexed_db::IndexedDb,
    web::{db::Db, sandbox::Sandbox},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::Patch;

/// The name of a database that is not there yet.
async fn fresh(name: &str) -> String {
    IndexedDb::delete(name).await.unwrap();
    name.into()
}

fn config(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

fn in_memory() -> JsValue {
    config(&[("backend", "memory".into())])
}

fn in_browser(name: &str) -> JsValue {
    config(&[("backend", "indexeddb".into()), ("name", name.into()), ("durability", "relaxed".into())])
}

/// `value.a.b.0` for the path `a.b.0`.
fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn text(value: &JsValue, path: &str) -> String {
    at(value, path).as_string().unwrap_or_else(|| panic!("{path} is no text"))
}

fn number(value: &JsValue, path: &str) -> f64 {
    at(value, path).as_f64().unwrap_or_else(|| panic!("{path} is no number"))
}

async fn run(sandbox: &Sandbox, line: &str) -> JsValue {
    let outcome = sandbox.run(line.into()).await.unwrap();
    assert_eq!(at(&outcome, "ok"), JsValue::TRUE, "{line}: {}", text(&outcome, "error.message"));
    outcome
}

/// The file of the table that was written first.
fn flushed(sandbox: &Sandbox) -> String {
    let events = sandbox.js_timeline().events(0.0, sandbox.js_timeline().length() as f64).unchecked_into::<Array>();
    let is_table = |row: &JsValue| text(row, "event.type") == "table_finished";
    let row = events.iter().find(is_table).expect("a table was written");
    format!("{:06}.sst", number(&row, "event.table.id"))
}

#[test]
async fn a_command_becomes_events_and_the_stage_shows_them_at_each_position() {
    let sandbox = Sandbox::open(in_memory()).await.unwrap();
    let before = sandbox.js_timeline().length() as f64;
    let outcome = run(&sandbox, "put user:1 Alice").await;
    assert_eq!((number(&outcome, "first"), number(&outcome, "last")), (before, sandbox.js_timeline().length() as f64));
    let types: Vec<String> = sandbox
        .js_timeline()
        .events(before, sandbox.js_timeline().length() as f64)
        .unchecked_into::<Array>()
        .iter()
        .map(|row| text(&row, "event.type"))
        .collect();
    assert_eq!(
        types,
        ["op_began", "wal_created", "wal_appended", "wal_synced", "memtable_inserted", "acknowledged", "op_ended"]
    );
    let logged = sandbox.js_timeline().seek(before + 3.0);
    assert_eq!((number(&logged, "memtable.count"), number(&logged, "wals.0.synced")), (0.0, 0.0));
    assert_eq!(text(&logged, "now.type"), "wal_appended");
    let done = sandbox.js_timeline().seek(1e9);
    assert_eq!((number(&done, "memtable.count"), at(&done, "operation.ok")), (1.0, JsValue::TRUE));
    assert_eq!(number(&sandbox.js_timeline().seek(-5.0), "position"), 0.0);
}

#[test]
async fn calls_that_overlap_run_one_after_the_other() {
    let sandbox = Rc::new(Sandbox::open(in_browser(&fresh("overlap").await)).await.unwrap());
    let call = |line: &'static str| {
        let sandbox = sandbox.clone();
        JsFuture::from(future_to_promise(async move { sandbox.run(line.into()).await }))
    };
    let calls = ["put a 1", "put a 2", "get a"].map(call);
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    assert!(outcomes.windows(2).all(|pair| number(&pair[0], "last") <= number(&pair[1], "first")));
    assert!(text(&outcomes[2], "text").contains('2'), "{}", text(&outcomes[2], "text"));
}

#[test]
async fn a_long_command_lets_the_browser_have_its_turns() {
    let sandbox = Sandbox::open(in_memory()).await.unwrap();
    let turns = Rc::new(Cell::new(0));
    let counter = turns.clone();
    let count = Closure::<dyn FnMut()>::new(move || counter.set(counter.get() + 1));
    let global = js_sys::global();
    let every: Function = at(&global, "setInterval").unchecked_into();
    let timer = every.call2(&global, count.as_ref(), &0.into()).unwrap();
    run(&sandbox, "fill 20000 anyway").await;
    let during = turns.get();
    at(&global, "clearInterval").unchecked_into::<Function>().call1(&global, &timer).unwrap();
    assert!(during >= 5, "timers fired {during} times");
}

#[test]
async fn errors_say_what_to_do() {
    let refused = config(&[("backend", "memory".into()), ("options", config(&[("block_size", "7".into())]))]);
    let error = Sandbox::open(refused).await.err().unwrap();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(
        (text(&error, "kind"), text(&error, "field"), text(&error, "value")),
        ("invalid_input".into(), "block_size".into(), "7".into())
    );
    assert!(text(&error, "expected").contains("32") && !text(&error, "remedy").is_empty());
    assert!(Sandbox::open("nonsense".into()).await.is_err());
    let sandbox = Sandbox::open(in_memory()).await.unwrap();
    let outcome = sandbox.run("püt a 1".into()).await.unwrap();
    assert_eq!((at(&outcome, "ok"), number(&outcome, "error.start")), (JsValue::FALSE, 0.0));
    assert!(number(&outcome, "error.end") <= 7.0, "places are counted as JavaScript counts");
    assert!(
        sandbox.js_timeline().find("nonsense", 0.0, false).is_err()
            && sandbox.js_timeline().step(0.0, "sideways", false).is_err()
    );
    sandbox.close().await.unwrap();
    assert_eq!(text(&sandbox.run("get a".into()).await.unwrap_err(), "kind"), "closed");
    assert!(sandbox.js_timeline().length() > 0, "the timeline stays");
}

#[test]
async fn files_are_inspected_as_they_were() {
    let sandbox = Sandbox::open(in_memory()).await.unwrap();
    run(&sandbox, "put a 1").await;
    run(&sandbox, "put b 2").await;
    let view = sandbox.js_timeline().seek(1e9);
    let (file, length) = (text(&view, "wals.0.file"), number(&view, "wals.0.bytes"));
    let now = sandbox.inspect(file.clone(), 1e9).await.unwrap();
    let bytes: Uint8Array = at(&now, "bytes").dyn_into().unwrap();
    assert_eq!(f64::from(bytes.length()), length);
    let inserted = sandbox.js_timeline().find("key:a", 0.0, false).unwrap().unwrap() as f64;
    let first = number(&sandbox.js_timeline().seek(inserted), "wals.0.bytes");
    let then = sandbox.inspect(file, inserted).await.unwrap();
    assert_eq!(f64::from(at(&then, "bytes").unchecked_into::<Uint8Array>().length()), first);
    run(&sandbox, "flush").await;
    run(&sandbox, "get a").await;
    let table = sandbox.inspect(flushed(&sandbox), 1e9).await.unwrap();
    assert_eq!((text(&table, "filter.probe.key"), at(&table, "filter.probe.maybe")), ("a".into(), JsValue::TRUE));
    assert!(number(&table, "filter.ones") > 0.0);
    assert!(sandbox.inspect("x.log".into(), 0.0).await.is_err());
}

#[test]
async fn a_database_in_the_browser_is_there_again_and_its_recovery_is_told() {
    let name = fresh("again").await;
    let sandbox = Sandbox::open(in_browser(&name)).await.unwrap();
    assert_eq!(
        (text(&sandbox.backend(), "kind"), text(&sandbox.backend(), "name")),
        ("indexeddb".into(), name.clone())
    );
    run(&sandbox, "put a 1").await;
    run(&sandbox, "flush").await;
    run(&sandbox, "put b 2").await;
    let table = flushed(&sandbox);
    sandbox.close().await.unwrap();
    drop(sandbox);
    let again = Sandbox::open(in_browser(&name)).await.unwrap();
    let recovery = again.js_timeline().find("recovery", 0.0, false).unwrap();
    assert!(recovery.is_some_and(|position| position > 0), "{recovery:?}");
    assert!(text(&run(&again, "get b").await, "text").contains('2'));
    let table = again.inspect(table, 1e9).await.unwrap();
    assert!(at(&table, "bytes").unchecked_into::<Uint8Array>().length() > 0, "read from the storage");
    again.close().await.unwrap();
}

#[test]
async fn trouble_is_known_with_its_remedy_and_passes_with_a_reopen() {
    let sandbox = Sandbox::open(in_browser(&fresh("trouble").await)).await.unwrap();
    run(&sandbox, "put a 1").await;
    assert!(sandbox.trouble().is_undefined());
    {
        let _undo = Patch::aborting();
        let outcome = sandbox.run("put b 2".into()).await.unwrap();
        assert_eq!(at(&outcome, "ok"), JsValue::FALSE);
    }
    let trouble = sandbox.trouble();
    assert_eq!((text(&trouble, "kind"), at(&trouble, "lost")), ("io".into(), JsValue::FALSE));
    assert!(text(&trouble, "message").contains("the transaction was aborted"), "{}", text(&trouble, "message"));
    assert!(text(&trouble, "remedy").contains("reopen"), "{}", text(&trouble, "remedy"));
    run(&sandbox, "get a").await;
    run(&sandbox, "reopen").await;
    assert!(sandbox.trouble().is_undefined());
    run(&sandbox, "put b 2").await;

    let told = Rc::new(Cell::new(0));
    let counter = told.clone();
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |trouble: JsValue| {
        assert_eq!((text(&trouble, "kind"), at(&trouble, "lost")), ("closed".into(), JsValue::TRUE));
        counter.set(counter.get() + 1);
    });
    sandbox.on_lost(listener.as_ref().clone().unchecked_into());
    IndexedDb::delete("trouble").await.unwrap();
    assert_eq!(told.get(), 1);
    assert_eq!(at(&sandbox.trouble(), "lost"), JsValue::TRUE);
    run(&sandbox, "get a").await;
    let refused = sandbox.run("put c 3".into()).await.unwrap();
    assert!(text(&refused, "error.message").contains("was deleted"), "{}", text(&refused, "error.message"));
    assert_eq!(at(&sandbox.trouble(), "lost"), JsValue::TRUE, "the loss explains what failed after it");

    let memory = Sandbox::open(in_memory()).await.unwrap();
    run(&memory, "crash").await;
    assert!(memory.trouble().is_undefined(), "a power cut was asked for");
}

#[test]
async fn events_are_rescued_piece_by_piece() {
    let sandbox = Sandbox::open(in_memory()).await.unwrap();
    run(&sandbox, "fill 2000").await;
    let mut from = 0.0;
    let mut pieces = 0;
    loop {
        let rows: Array = sandbox.js_timeline().rescue(from).unchecked_into();
        if rows.length() == 0 {
            break;
        }
        assert_eq!(number(&rows.get(0), "index"), from);
        from += f64::from(rows.length());
        pieces += 1;
    }
    assert_eq!(from, sandbox.js_timeline().length() as f64);
    assert!(pieces > 1);
}

#[test]
async fn a_db_answers_at_once_where_nothing_has_to_wait() {
    let db = Db::open(in_memory()).await.unwrap();
    assert_eq!(db.put("a".into(), "1".into()).unwrap().as_f64(), Some(1.0));
    let batch = Array::of2(&Array::of2(&"b".into(), &"2".into()), &Array::of1(&"a".into()));
    assert_eq!(db.batch(batch).unwrap().as_f64(), Some(3.0));
    assert_eq!(db.get_text("b".into()).unwrap().as_string(), Some("2".into()));
    assert!(db.get("a".into()).unwrap().is_undefined());
    let found: Array = db.scan(JsValue::UNDEFINED, JsValue::UNDEFINED, None).unwrap().unchecked_into();
    assert_eq!(found.length(), 1);
    let pair: Array = found.get(0).unchecked_into();
    assert_eq!(pair.get(1).unchecked_into::<Uint8Array>().to_vec(), b"2");
    assert!(db.put(7.into(), "1".into()).is_err());
    let workload = |operations: &str| {
        let numbers = [("count", 3000), ("seed", 1), ("value_size", 20)].map(|(name, n)| (name, JsValue::from(n)));
        let mut fields = vec![("operations", operations.into())];
        fields.extend(numbers);
        config(&fields)
    };
    assert_eq!(number(&db.run_workload(workload("put")).unwrap(), "operations"), 3000.0);
    assert_eq!(number(&db.run_workload(workload("get")).unwrap(), "found"), 3000.0);
    assert_eq!(number(&db.run_workload(workload("scan")).unwrap(), "operations"), 3000.0);
    db.close().await.unwrap();
    assert!(db.get("a".into()).unwrap_err().is_object());
}

#[test]
async fn a_db_answers_with_a_promise_where_a_write_has_to_be_durable() {
    let db = Db::open(in_browser(&fresh("promise").await)).await.unwrap();
    let written = db.put("a".into(), "1".into()).unwrap();
    let promise: Promise = written.dyn_into().expect("a sync takes its time");
    // Comes while the put runs: it waits for its turn.
    let read: Promise = db.get_text("a".into()).unwrap().dyn_into().unwrap();
    assert_eq!(JsFuture::from(promise).await.unwrap().as_f64(), Some(1.0));
    assert_eq!(JsFuture::from(read).await.unwrap().as_string(), Some("1".into()));
    assert_eq!(db.get_text("a".into()).unwrap().as_string(), Some("1".into()), "now there is nothing to wait for");
    db.close().await.unwrap();
}
