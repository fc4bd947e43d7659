//! What the tests in the browser share: fresh databases, a look behind the backend's back, and a browser that fails.

use js_sys::Function;
use lsmscope::storage::indexed_db::{Durability, IndexedDb, Ownership};
use rexie::{Rexie, Store, TransactionMode};
use wasm_bindgen::JsValue;

/// Opens `name` relaxed, refusing to take it from anyone.
pub async fn open(name: &str) -> IndexedDb {
    IndexedDb::open(name, Durability::Relaxed, Ownership::Refuse).await.unwrap()
}

/// A new, empty database.
pub async fn fresh(name: &str) -> IndexedDb {
    IndexedDb::delete(name).await.unwrap();
    open(name).await
}

/// Lets `look` do what it likes with one object store of `name`, which nobody may have open.
pub async fn behind<T>(name: &str, store: &str, look: impl AsyncFnOnce(&Store) -> T) -> T {
    let database = Rexie::builder(name).build().await.unwrap();
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite).unwrap();
    let answer = look(&transaction.store(store).unwrap()).await;
    transaction.commit().await.unwrap();
    database.close();
    answer
}

/// Changes how the browser behaves, until it is dropped.
pub struct Patch(Function);

impl Patch {
    /// Replaces property `name` of `object` by what `descriptor` says.
    pub fn property(object: &str, name: &str, descriptor: &str) -> Patch {
        let code = format!(
            "const object = {object}, before = Object.getOwnPropertyDescriptor(object, '{name}');
             Object.defineProperty(object, '{name}', {{configurable: true, {descriptor}}});
             return () => before ? Object.defineProperty(object, '{name}', before) : delete object['{name}'];"
        );
        Patch(Function::new_no_args(&code).call0(&JsValue::NULL).unwrap().into())
    }

    /// Every transaction is aborted when it should commit.
    pub fn aborting() -> Patch {
        Patch::property("IDBTransaction.prototype", "commit", "value() { this.abort() }, writable: true")
    }

    /// Aborted transactions say that the quota was exceeded.
    pub fn quota() -> Patch {
        Patch::property(
            "IDBTransaction.prototype",
            "error",
            "get() { return new DOMException('full', 'QuotaExceededError') }",
        )
    }
}

impl Drop for Patch {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).unwrap();
    }
}
