//! JavaScript functions that web-sys does not offer yet, and the meaning of JavaScript errors.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbRequest, IdbTransaction, IdbTransactionMode};

use crate::error::{Error, ErrorKind, Result};

#[wasm_bindgen]
extern "C" {
    /// An `IDBDatabase` whose transactions can be asked for a durability.
    #[wasm_bindgen(extends = IdbDatabase)]
    pub type Database;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    pub fn transaction_with(
        this: &Database,
        stores: &Array,
        mode: IdbTransactionMode,
        options: &Object,
    ) -> std::result::Result<Transaction, JsValue>;

    /// An `IDBTransaction` that says what durability it has.
    #[wasm_bindgen(extends = IdbTransaction)]
    pub type Transaction;

    /// Says that no more requests come.
    #[wasm_bindgen(method, catch)]
    pub fn commit(this: &Transaction) -> std::result::Result<(), JsValue>;

    /// `None` in a browser that knows no durability.
    #[wasm_bindgen(method, getter)]
    pub fn durability(this: &Transaction) -> Option<String>;

    /// The Web Locks API, where there is one: see [`has_locks`].
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    pub fn request_lock(name: &str, options: &Object, callback: &Function) -> std::result::Result<Promise, JsValue>;

    /// A signal that aborts what it is given to after some milliseconds.
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    pub fn abort_after(milliseconds: u32) -> std::result::Result<JsValue, JsValue>;
}

/// The browser's databases. A sandboxed frame may not even ask for them.
pub fn factory() -> Result<IdbFactory> {
    let action = "open the database";
    let found = Reflect::get(&js_sys::global(), &"indexedDB".into()).or_failed(action)?;
    found.dyn_into().map_err(|_| failed_because(action, "there is no IndexedDB here"))
}

/// Whether there are Web Locks: not in an insecure context.
pub fn has_locks() -> bool {
    get(&get(&js_sys::global(), "navigator"), "locks").is_object()
}

/// The property `name` of `object`; undefined where there is none.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A JavaScript object with these properties.
pub fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &(*name).into(), value).expect("a fresh object takes any property");
    }
    object
}

/// A promise, and the function that resolves it.
pub fn deferred() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |r, _| resolve = Some(r));
    (promise, resolve.expect("the executor runs at once"))
}

/// The result of `request`. The wait ends inside the request's own event, so its transaction is still active then.
pub async fn result(request: &IdbRequest) -> std::result::Result<JsValue, JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(done).await {
        Ok(_) => request.result(),
        Err(_) => Err(request.error()?.map_or(JsValue::UNDEFINED, JsValue::from)),
    }
}

/// Our error for `error`, thrown by an attempt to `action`.
pub fn failed(action: &str, error: &JsValue) -> Error {
    let name = get(error, "name").as_string().unwrap_or_default();
    let said = get(error, "message").as_string().filter(|m| !m.is_empty());
    let why = match (name.as_str(), said) {
        ("", None) => "the transaction was aborted".to_owned(),
        ("", Some(said)) => said,
        (name, None) => name.to_owned(),
        (name, Some(said)) => format!("{name}: {said}"),
    };
    failed_because(action, &why)
}

/// Our error for an attempt to `action` that failed because of `why`, which names the browser's kind of error.
pub fn failed_because(action: &str, why: &str) -> Error {
    let kind = if why.contains("QuotaExceededError") { ErrorKind::NoSpace } else { ErrorKind::Io };
    Error::new(kind, format!("cannot {action} in the browser's storage: {why}"))
}

/// `Result` of a call into the browser, as ours.
pub trait OrFailed<T> {
    /// Says what was attempted.
    fn or_failed(self, action: &str) -> Result<T>;
}

impl<T> OrFailed<T> for std::result::Result<T, JsValue> {
    fn or_failed(self, action: &str) -> Result<T> {
        self.map_err(|error| failed(action, &error))
    }
}
