//! One database without a trace, for programs and benchmarks.
//!
//! A call whose storage need not wait (memory; a read that the cache answers; a write that need not be durable at once)
//! answers at once, with a plain value; only where it has to wait does it answer with a promise. So `await db.get(key)`
//! is right always, and costs no task where there is nothing to wait for.

use std::{
    future::Future,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{
    call_queue::CallQueue,
    config::{Backend, OpenConfig},
    storage::AnyStorage,
    value::{bytes, invalid, thrown, to_js},
    workload,
};
use crate::{
    engine::{Batch, Engine, ScanRange},
    error::{Error, Result},
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A key or a value: text (stored as UTF-8) or bytes. */
export type Text = string | Uint8Array;
/** A put, or a delete. */
export type BatchEntry = [key: Text, value: Text] | [key: Text];
"#;

type Database = Box<Engine<AnyStorage>>;

/// One database.
#[wasm_bindgen]
pub struct Db {
    engine: Rc<CallQueue<Database>>,
    backend: Backend,
}

#[wasm_bindgen]
impl Db {
    /// Opens a database, or makes a new one. Rejects with an `LsmError`.
    pub async fn open(
        #[wasm_bindgen(unchecked_param_type = "OpenConfig")] config: JsValue,
    ) -> std::result::Result<Db, JsValue> {
        let config = OpenConfig::parse(config)?;
        let options = config.options()?;
        let (storage, backend) = config.storage().await?;
        let engine = Engine::open(storage, options, crate::trace::NoTrace).await;
        let engine = engine.map_err(|failed| thrown(&failed.error))?;
        Ok(Db { engine: Rc::new(CallQueue::new(Box::new(engine))), backend })
    }

    /// Where the bytes are.
    #[wasm_bindgen(unchecked_return_type = "Backend")]
    pub fn backend(&self) -> JsValue {
        to_js(&self.backend)
    }

    /// Puts one value; its sequence number.
    #[wasm_bindgen(unchecked_return_type = "number | Promise<number>")]
    pub fn put(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Text")] key: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Text")] value: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let (key, value) = (bytes(&key)?, bytes(&value)?);
        self.call(async move |engine| Ok(number(engine.put(&key, &value).await?)))
    }

    /// Deletes one key; the tombstone's sequence number.
    #[wasm_bindgen(unchecked_return_type = "number | Promise<number>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Text")] key: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let key = bytes(&key)?;
        self.call(async move |engine| Ok(number(engine.delete(&key).await?)))
    }

    /// The value of a key, if it has one.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array | undefined | Promise<Uint8Array | undefined>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Text")] key: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let key = bytes(&key)?;
        self.call(async move |engine| {
            let value = engine.get(&key).await?;
            Ok(value.map_or(JsValue::UNDEFINED, |value| Uint8Array::from(value.as_slice()).into()))
        })
    }

    /// As [`get`](Db::get), as text.
    #[wasm_bindgen(unchecked_return_type = "string | undefined | Promise<string | undefined>")]
    pub fn get_text(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Text")] key: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let key = bytes(&key)?;
        self.call(async move |engine| {
            let value = engine.get(&key).await?;
            Ok(value.map_or(JsValue::UNDEFINED, |value| String::from_utf8_lossy(&value).as_ref().into()))
        })
    }

    /// Keys and values from `start` to `end` (both included; either may be left out), `limit` at most.
    #[wasm_bindgen(
        unchecked_return_type = "[key: Uint8Array, value: Uint8Array][] | Promise<[key: Uint8Array, value: \
                                 Uint8Array][]>"
    )]
    pub fn scan(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Text | undefined")] start: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Text | undefined")] end: JsValue,
        limit: Option<f64>,
    ) -> std::result::Result<JsValue, JsValue> {
        let range = ScanRange {
            start: optional(&start)?,
            end: optional(&end)?,
            limit: limit.map(|limit| limit as u64),
            reverse: false,
        };
        self.call(async move |engine| scan(engine, range).await)
    }

    /// Puts and deletes, all or none; the last sequence number.
    #[wasm_bindgen(unchecked_return_type = "number | Promise<number>")]
    pub fn batch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "BatchEntry[]")] entries: Array,
    ) -> std::result::Result<JsValue, JsValue> {
        let batch = read_batch(&entries)?;
        self.call(async move |engine| Ok(number(engine.write(&batch).await?)))
    }

    /// Runs a whole workload inside: `count` puts, gets or scans of keys that `seed` draws. What it did.
    #[wasm_bindgen(unchecked_return_type = "WorkloadDone | Promise<WorkloadDone>")]
    pub fn run_workload(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Workload")] workload: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let workload: workload::Workload =
            serde_wasm_bindgen::from_value(workload).map_err(|error| invalid(format!("the workload: {error}")))?;
        self.call(async move |engine| Ok(to_js(&workload.run(engine).await?)))
    }

    /// Writes the memtables to level 0, and runs what that makes due.
    #[wasm_bindgen(unchecked_return_type = "void | Promise<void>")]
    pub fn flush(&self) -> std::result::Result<JsValue, JsValue> {
        self.call(async move |engine| engine.flush().await.map(|()| JsValue::UNDEFINED))
    }

    /// Makes everything acknowledged durable and releases the storage.
    pub async fn close(&self) -> std::result::Result<(), JsValue> {
        let turns = self.engine.clone();
        let mut engine = turns.take().await.map_err(|error| thrown(&error))?;
        let closed = engine.close().await;
        turns.close();
        closed.map_err(|error| thrown(&error))
    }

    /// Calls the engine when it is this call's turn; gives back what that gives, or a promise of it.
    fn call(
        &self,
        work: impl AsyncFnOnce(&mut Database) -> Result<JsValue> + 'static,
    ) -> std::result::Result<JsValue, JsValue> {
        let turns = self.engine.clone();
        now_or_later(async move {
            let mut engine = match turns.try_take() {
                Some(engine) => engine,
                None => turns.take().await.map_err(|error| thrown(&error))?,
            };
            let result = work(&mut engine).await;
            turns.give_back(engine);
            result.map_err(|error: Error| thrown(&error))
        })
    }
}

/// The outcome of `future` if it is ready at once, else a promise of it.
fn now_or_later(
    future: impl Future<Output = std::result::Result<JsValue, JsValue>> + 'static,
) -> std::result::Result<JsValue, JsValue> {
    let mut future = Box::pin(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        // The promise polls it again right away, with a waker that works.
        Poll::Pending => Ok(future_to_promise(future).into()),
    }
}

/// The entries as views of one buffer: two small objects an entry, and one copy for all.
async fn scan(engine: &mut Database, range: ScanRange) -> Result<JsValue> {
    let (mut joined, mut ends) = (Vec::new(), Vec::new());
    let mut iter = engine.iter(range, None)?;
    let mut take = |key: &[u8], value: &[u8]| {
        joined.extend_from_slice(key);
        ends.push(joined.len() as u32);
        joined.extend_from_slice(value);
        ends.push(joined.len() as u32);
    };
    while iter.next_with(engine, &mut take).await? {}
    let joined = Uint8Array::from(joined.as_slice());
    let entries = Array::new();
    let mut start = 0;
    for pair in ends.chunks_exact(2) {
        entries.push(&Array::of2(&joined.subarray(start, pair[0]), &joined.subarray(pair[0], pair[1])));
        start = pair[1];
    }
    Ok(entries.into())
}

fn read_batch(entries: &Array) -> std::result::Result<Batch, JsValue> {
    let mut batch = Batch::new();
    for entry in entries.iter() {
        let entry = entry.dyn_into::<Array>().map_err(|_| invalid("expected [key, value] to put, [key] to delete"))?;
        let key = bytes(&entry.get(0))?;
        let added = match entry.length() {
            1 => batch.delete(&key),
            _ => batch.put(&key, &bytes(&entry.get(1))?),
        };
        added.map_err(|error| thrown(&error))?;
    }
    Ok(batch)
}

fn optional(value: &JsValue) -> std::result::Result<Option<Vec<u8>>, JsValue> {
    if value.is_undefined() || value.is_null() { Ok(None) } else { bytes(value).map(Some) }
}

fn number(n: u64) -> JsValue {
    // Sequence numbers stay below 2^53.
    (n as f64).into()
}
