//! The connection to the browser's database, and the fence around it.
//!
//! Every opening raises the database's version by one. The browser grants that only when no older connection is left:
//! it asks each to close (`versionchange`), lets the transactions that have begun finish, and only then goes on. So
//! when a new owner reads its first byte, every write that was acknowledged to the former one as durable is there, and
//! no write of it can come later: two owners never interleave, even where there are no Web Locks to keep them apart.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbOpenDbRequest, IdbTransactionMode, IdbVersionChangeEvent};

use super::{
    Durability,
    js::{self, Database, OrFailed, Transaction},
    owner::{Lost, taken_over},
    schema,
};
use crate::error::{Error, ErrorKind, Result};

/// How often an opening tries to be the newest before it leaves the database to the others who try.
const ATTEMPTS: u32 = 16;

/// A connection; dropping it closes it.
pub struct Link {
    database: Database,
    lost: Rc<Lost>,
    /// The last argument of `IDBDatabase.transaction`, for each durability.
    strict: Object,
    relaxed: Object,
    /// Kept for as long as the browser may call them.
    _on_version_change: Closure<dyn FnMut(IdbVersionChangeEvent)>,
    _on_close: Closure<dyn FnMut(Event)>,
}

impl Link {
    /// Connects to `name`, once no older connection is left.
    pub async fn open(name: &str, lost: Rc<Lost>) -> Result<Link> {
        let version = schema::prepare(name).await?;
        let database = newest(name, version, &lost).await?;
        let on_version_change = {
            let (database, lost, name) = (database.clone(), lost.clone(), name.to_owned());
            Closure::new(move |event: IdbVersionChangeEvent| {
                database.close();
                lost.tell(match event.new_version() {
                    Some(_) => taken_over(&name),
                    None => Error::new(ErrorKind::Closed, format!("the database \"{name}\" was deleted")),
                });
            })
        };
        let on_close = {
            let (lost, name) = (lost.clone(), name.to_owned());
            Closure::new(move |_: Event| {
                let message = format!("the browser closed the database \"{name}\": its data may have been cleared");
                lost.tell(Error::new(ErrorKind::Closed, message));
            })
        };
        database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Link {
            database,
            lost,
            strict: js::object(&[("durability", "strict".into())]),
            relaxed: js::object(&[("durability", "relaxed".into())]),
            _on_version_change: on_version_change,
            _on_close: on_close,
        })
    }

    /// Fails once the database is no longer ours.
    pub fn check(&self) -> Result<()> {
        self.lost.reason().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Begins a transaction on `store`. It ends by itself at the first wait for anything but its own requests.
    pub fn begin(&self, store: &str, mode: IdbTransactionMode, durability: Durability) -> Result<Transaction> {
        self.check()?;
        let options = match durability {
            Durability::Strict => &self.strict,
            Durability::Relaxed => &self.relaxed,
        };
        self.database.transaction_with(&Array::of1(&store.into()), mode, options).or_failed("begin a transaction")
    }

    /// Waits until `transaction` is complete; anything else is an error that says what `action` it was for.
    pub async fn commit(&self, transaction: &Transaction, action: &str) -> Result<()> {
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        // Spares the browser the wait for more requests. If it fails, the transaction has been aborted already, or
        // the browser is too old to know it and commits by itself: either way, `done` tells.
        let _ = transaction.commit();
        if JsFuture::from(done).await.is_ok() {
            return Ok(());
        }
        self.check()?;
        Err(js::failed(action, &transaction.error().map_or(JsValue::NULL, JsValue::from)))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        self.database.set_onclose(None);
        self.database.close();
    }
}

/// The newest connection to `name`, whose version was `version` a moment ago.
async fn newest(name: &str, version: u32, lost: &Lost) -> Result<Database> {
    let factory = js::factory()?;
    for attempt in 1..=ATTEMPTS {
        // Whoever was overtaken while opening must not throw out the new owner.
        if let Some(error) = lost.reason() {
            return Err(error.clone());
        }
        let request =
            factory.open_with_f64(name, f64::from(version) + f64::from(attempt)).or_failed("open the database")?;
        let raised = Rc::new(Cell::new(false));
        let on_upgrade_needed = {
            let (raised, request) = (raised.clone(), request.clone());
            Closure::<dyn FnMut(IdbVersionChangeEvent)>::new(move |event| raise(&event, &request, &raised))
        };
        request.set_onupgradeneeded(Some(on_upgrade_needed.as_ref().unchecked_ref()));
        match js::result(&request).await {
            Ok(database) if raised.get() => return Ok(database.unchecked_into()),
            // Somebody else raised it to the same version just before: that connection is not behind our fence.
            Ok(database) => database.unchecked_into::<Database>().close(),
            // Somebody else raised it further.
            Err(error) if js::get(&error, "name") == "VersionError" => {}
            Err(error) => return Err(js::failed("open the database", &error)),
        }
    }
    Err(Error::new(ErrorKind::Busy, format!("other tabs are opening the database \"{name}\" at this moment")))
}

/// Notes that we raise the version, unless the database was deleted since we looked: then there is nothing to raise,
/// and a new database without object stores must not be made.
fn raise(event: &IdbVersionChangeEvent, request: &IdbOpenDbRequest, raised: &Cell<bool>) {
    if event.old_version() > 0.0 {
        raised.set(true);
    } else if let Some(transaction) = request.transaction() {
        let _ = transaction.abort();
    }
}
