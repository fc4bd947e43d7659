//! The object stores: made in a new database; a foreign or a newer one is recognized and refused unchanged.

use std::error::Error as _;

use rexie::{ObjectStore, Rexie, TransactionMode, TransactionResult};
use wasm_bindgen::JsValue;

use super::js;
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

/// Makes sure that `name` is a database of ours. Its version, which counts how often it was opened.
pub async fn prepare(name: &str) -> Result<u32> {
    // rexie would say only that there is none, not why.
    js::factory()?;
    let database = Rexie::builder(name)
        .add_object_store(ObjectStore::new(CHUNKS))
        .add_object_store(ObjectStore::new(META))
        .build()
        .await
        .map_err(|e| failed("open the database", &e))?;
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
