//! The object stores: made in a new database; a foreign or a newer one is recognized and refused unchanged. A database
//! that is new because the browser discarded the former one is refused once.

use std::{cell::RefCell, error::Error as _, rc::Rc};

use rexie::{ObjectStore, Rexie, TransactionMode, TransactionResult};
use wasm_bindgen::prelude::*;
use web_sys::IdbVersionChangeEvent;

use super::js::{self, OrFailed};
use crate::error::{Error, ErrorKind, Result};

/// The object store of chunk records.
pub const CHUNKS: &str = "chunks";
/// The object store of everything there is one of.
pub const META: &str = "meta";
/// The key in [`META`] of the manifest's name.
pub const CURRENT: &str = "current";
/// The key in [`META`] of the format's number.
const FORMAT_KEY: &str = "format";
/// The layout that this build writes, and the only one it reads.
const FORMAT: f64 = 1.0;
/// What an opening attempts, in its errors.
const OPEN: &str = "open the database";

/// Makes sure that `name` is a database of ours. Its version, which counts how often it was opened.
pub async fn prepare(name: &str) -> Result<u32> {
    check_for_loss(name).await?;
    let database = Rexie::builder(name)
        .add_object_store(ObjectStore::new(CHUNKS))
        .add_object_store(ObjectStore::new(META))
        .build()
        .await
        .map_err(|e| failed(OPEN, &e))?;
    let checked = check(&database, name).await;
    let version = database.version().map_err(|e| failed("read the database's version", &e));
    database.close();
    checked.and(version)
}

/// Erases `name`, even if a page has it open.
pub async fn delete(name: &str) -> Result<()> {
    js::factory()?;
    Rexie::delete(name).await.map_err(|e| failed("delete the database", &e))
}

/// Fails if the browser found its own files damaged and discarded what this site had stored.
///
/// Chromium does so after its process was killed twice in the middle of writes: its LevelDB appends to a log whose last
/// record was cut off, reads that as a checksum mismatch at the next start, and begins with no database at all. It says
/// so to the first opening only, in the property `dataLoss` of `upgradeneeded`, which is not standard.
async fn check_for_loss(name: &str) -> Result<()> {
    let request = js::factory()?.open(name).or_failed(OPEN)?;
    // Set for a new database; then, why everything is lost, if it is.
    let new: Rc<RefCell<Option<Option<String>>>> = Rc::default();
    let on_upgrade_needed = {
        let (new, request) = (new.clone(), request.clone());
        Closure::<dyn FnMut(IdbVersionChangeEvent)>::new(move |event: IdbVersionChangeEvent| {
            let is_total = js::get(&event, "dataLoss").as_string().is_some_and(|loss| loss == "total");
            let why = is_total.then(|| js::get(&event, "dataLossMessage").as_string().unwrap_or_default());
            *new.borrow_mut() = Some(why);
            // The stores are made later.
            if let Some(transaction) = request.transaction() {
                let _ = transaction.abort();
            }
        })
    };
    request.set_onupgradeneeded(Some(on_upgrade_needed.as_ref().unchecked_ref()));
    let opened = js::result(&request).await;
    match (opened, new.take()) {
        (Ok(database), _) => {
            database.unchecked_into::<web_sys::IdbDatabase>().close();
            Ok(())
        }
        (Err(_), Some(None)) => Ok(()),
        (Err(_), Some(Some(why))) => Err(Error::new(
            ErrorKind::Closed,
            format!(
                "the browser found its storage damaged and discarded everything that this site had stored, the \
                 database \"{name}\" included: {why}"
            ),
        )),
        (Err(error), None) => Err(js::failed(OPEN, &error)),
    }
}

async fn check(database: &Rexie, name: &str) -> Result<()> {
    let stores = database.store_names();
    let has = |store: &str| stores.iter().any(|s| s == store);
    // Any later format keeps its number here, so that its age is the first thing we learn.
    let format = if has(META) { read_format(database).await.map_err(|e| failed("read the format", &e))? } else { None };
    match format.as_ref().map(JsValue::as_f64) {
        Some(Some(FORMAT)) if has(CHUNKS) => Ok(()),
        Some(Some(number)) if number > FORMAT => Err(Error::new(
            ErrorKind::Unsupported,
            format!("the database \"{name}\" has format {number}, but this version reads format {FORMAT}"),
        )),
        None if has(META) && has(CHUNKS) && stamp(database).await.map_err(|e| failed("write the format", &e))? => {
            Ok(())
        }
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            format!(
                "the browser's database \"{name}\" was not written by lsmscope (its object stores: {}); nothing was \
                 changed",
                stores.join(", ")
            ),
        )),
    }
}

async fn read_format(database: &Rexie) -> rexie::Result<Option<JsValue>> {
    let transaction = database.transaction(&[META], TransactionMode::ReadOnly)?;
    transaction.store(META)?.get(FORMAT_KEY.into()).await
}

/// Marks a database that has our stores and nothing in them: new, or left so by a crash right after it was made.
/// `false`, and nothing done, if there is something in them.
async fn stamp(database: &Rexie) -> rexie::Result<bool> {
    let transaction = database.transaction(&[CHUNKS, META], TransactionMode::ReadWrite)?;
    let (chunks, meta) = (transaction.store(CHUNKS)?, transaction.store(META)?);
    if chunks.count(None).await? + meta.count(None).await? > 0 {
        return Ok(false);
    }
    meta.put_all(std::iter::once((FORMAT.into(), Some(FORMAT_KEY.into())))).await?;
    // `done` is also Ok for a transaction that was aborted.
    match transaction.done().await? {
        TransactionResult::Committed => Ok(true),
        TransactionResult::Aborted => Err(rexie::Error::TransactioncommitFailed),
    }
}

/// rexie keeps the browser's own error behind its source, as text.
fn failed(action: &str, error: &rexie::Error) -> Error {
    js::failed_because(action, &error.source().map_or_else(|| error.to_string(), ToString::to_string))
}
