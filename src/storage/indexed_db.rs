//! A disk in the browser's IndexedDB.
//!
//! ```text
//! object store  key                     value
//! chunks        ["000007.log",   120]   Uint8Array(120)     bytes   0 to 120 of 000007.log
//!               ["000007.log",   180]   Uint8Array(60)      bytes 120 to 180
//!               ["000008.sst", 262144]  Uint8Array(262144)  …
//! meta          "format"                1
//!               "current"               "MANIFEST-000006"
//! ```
//!
//! A file is a run of *chunks*. A chunk's key is the file's name and where the chunk **ends**, so the keys alone tell
//! every chunk's place and every file's length: opening reads the keys and no bytes, and a sync writes one record. An
//! empty file is one empty chunk that ends at 0. The database's own version counts openings (see `link`); the version
//! of this layout is `format`.
//!
//! What each call does, and what it promises under each [`Durability`]:
//!
//! - `append` puts the bytes into a buffer. A reload, a closed tab or a crash takes them; `read` sees them.
//! - `sync` is one transaction that writes the buffer as a new chunk (or several, of [`CHUNK`] bytes at most). It
//!   returns only when the browser reports the transaction *complete*; one that was aborted is an error, and the
//!   bytes stay in the buffer for another try.
//! - `create` and `swap_current` are one transaction each: all or nothing, at any instant.
//! - `remove` is one relaxed transaction: the contract lets a crash undo it.
//! - `read` fetches the chunks that the range touches, and no others.
//!
//! | the bytes of a returned `sync` survive | `Strict` | `Relaxed` |
//! | --- | --- | --- |
//! | a reload, a closed tab, a crashed tab | yes | yes |
//! | a crash of the system, a power cut | if browser and disk honour `durability: "strict"` | perhaps not the last |
//! | clearing the site's data; eviction of a site that has no persistent storage | no | no |
//!
//! [`IndexedDb::durability`] says what the browser agreed to.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    rc::Rc,
};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbObjectStore, IdbTransactionMode};

use self::{
    js::{OrFailed, Transaction},
    link::Link,
    owner::Owner,
    schema::{CHUNKS, CURRENT, META},
};
use super::{FileId, Storage};
use crate::error::{Error, ErrorKind, Result};

mod js;
mod link;
mod owner;
mod schema;

pub use self::owner::Lost;

/// The most bytes in one chunk: reading a block of a table fetches no more than this, or twice this.
pub const CHUNK: usize = 256 * 1024;

/// What a returned `sync` promises: see the module's docs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The browser is asked to flush to the disk before it reports a transaction complete.
    Strict,
    /// The browser may leave the bytes to the operating system: faster, and a power cut may take the last ones.
    Relaxed,
}

/// What to do if another tab has the database open. Where there are no Web Locks (an insecure context: plain HTTP from
/// another host), that cannot be known, and every opening takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Leave it to the other tab: [`ErrorKind::Busy`], after a moment's wait for a page that is just going away.
    Refuse,
    /// Become the owner. The other tab finishes the transaction it is in; all its further calls fail with
    /// [`ErrorKind::Busy`].
    TakeOver,
}

/// A database that this tab owns until the value is dropped.
pub struct IndexedDb {
    files: BTreeMap<FileId, Run>,
    /// Files that a transaction without a known end was changing: what the browser has of them past what we know is
    /// cleared by the next write.
    unsure: BTreeSet<FileId>,
    /// What is asked of the browser.
    asked: Durability,
    /// What the browser says it gives.
    durability: Durability,
    // In this order: the connection is closed before the lock is given back.
    link: Link,
    _owner: Owner,
    lost: Rc<Lost>,
}

/// A file: the chunks that the browser has, and the bytes that it has not.
#[derive(Debug, Default)]
struct Run {
    /// Where each chunk ends, ascending.
    ends: Vec<u64>,
    /// Appended, not yet synced.
    pending: Vec<u8>,
}

impl Run {
    /// How many bytes the browser has.
    fn stored(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn len(&self) -> u64 {
        self.stored() + self.pending.len() as u64
    }

    /// Where chunk `index` starts.
    fn start(&self, index: usize) -> u64 {
        index.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

impl IndexedDb {
    /// Opens the database `name` of this origin, making it where there is none.
    ///
    /// # Errors
    /// - [`ErrorKind::Busy`]: another tab has it, and `ownership` is to refuse.
    /// - [`ErrorKind::Unsupported`]: it is not ours, or of a newer format. Nothing was changed.
    /// - [`ErrorKind::Io`], [`ErrorKind::NoSpace`]: the browser gives this page no storage (a private window, a
    ///   sandboxed frame, no space).
    pub async fn open(name: &str, durability: Durability, ownership: Ownership) -> Result<IndexedDb> {
        let lost = Rc::new(Lost::default());
        let owner = Owner::acquire(name, ownership, &lost).await?;
        let link = Link::open(name, lost.clone()).await?;
        let transaction = link.begin(CHUNKS, IdbTransactionMode::Readonly, durability)?;
        let granted = match transaction.durability().as_deref() {
            Some("strict") => Durability::Strict,
            _ => Durability::Relaxed,
        };
        let files = list_chunks(&transaction).await?;
        let unsure = BTreeSet::new();
        Ok(IndexedDb { files, unsure, asked: durability, durability: granted, link, _owner: owner, lost })
    }

    /// Erases the database `name`. A page that has it open is notified that it was deleted.
    pub async fn delete(name: &str) -> Result<()> {
        schema::delete(name).await
    }

    /// The durability that the browser agreed to: [`Durability::Relaxed`] where it does not know the strict one.
    pub fn durability(&self) -> Durability {
        self.durability
    }

    /// Whether the database is still ours; can be asked, and listened to, apart from it.
    pub fn lost(&self) -> &Rc<Lost> {
        &self.lost
    }

    /// Begins a transaction that changes chunks.
    fn change(&self, durability: Durability) -> Result<(Transaction, IdbObjectStore)> {
        let transaction = self.link.begin(CHUNKS, IdbTransactionMode::Readwrite, durability)?;
        let chunks = open_store(&transaction, CHUNKS)?;
        Ok((transaction, chunks))
    }

    /// Fetches the chunks `from..=to` of `file` and appends what they hold of `range` to `out`.
    async fn read_chunks(&self, file: FileId, run: &Run, range: &Range<u64>, out: &mut Vec<u8>) -> Result<()> {
        let from = run.ends.partition_point(|&end| end <= range.start);
        let to = run.ends.partition_point(|&end| end < range.end).min(run.ends.len() - 1);
        let keys =
            IdbKeyRange::bound(&key(file, run.ends[from]), &key(file, run.ends[to])).or_failed("name the chunks")?;
        let transaction = self.link.begin(CHUNKS, IdbTransactionMode::Readonly, Durability::Relaxed)?;
        let request = open_store(&transaction, CHUNKS)?.get_all_with_key(&keys).or_failed("read")?;
        let chunks: Array = js::result(&request).await.or_failed(&format!("read {file}"))?.unchecked_into();
        for (index, nth) in (from..=to).zip(0..) {
            let (start, end) = (run.start(index), run.ends[index]);
            let chunk = chunks.get(nth).dyn_into::<Uint8Array>().ok().filter(|c| u64::from(c.length()) == end - start);
            let Some(chunk) = chunk else {
                return Err(Error::corruption(
                    file,
                    start,
                    format!("its chunk of bytes {start} to {end} is missing or has another length"),
                ));
            };
            let wanted = range.start.max(start)..range.end.min(end);
            let chunk = chunk.subarray((wanted.start - start) as u32, (wanted.end - start) as u32);
            let filled = out.len();
            out.resize(filled + chunk.length() as usize, 0);
            chunk.copy_to(&mut out[filled..]);
        }
        Ok(())
    }
}

impl Storage for IndexedDb {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.link.check()?;
        self.files.entry(file).or_default().pending.extend_from_slice(bytes);
        Ok(())
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        self.link.check()?;
        let Some(run) = self.files.get(&file).filter(|run| run.ends.is_empty() || !run.pending.is_empty()) else {
            return Ok(());
        };
        let action = format!("sync {file}");
        let (transaction, chunks) = self.change(self.asked)?;
        let ends = (|| -> Result<_, JsValue> {
            if self.unsure.contains(&file) {
                chunks.delete(&keys_after(file, run.stored())?.into())?;
            }
            put(&chunks, file, run.stored(), &run.pending)
        })();
        let ends = ends.map_err(|error| give_up(&transaction, &action, &error))?;
        // From here to the end of the wait, this future may be dropped while the transaction goes on.
        self.unsure.insert(file);
        self.link.commit(&transaction, &action).await?;
        self.unsure.remove(&file);
        if let Some(run) = self.files.get_mut(&file) {
            run.ends.extend(ends);
            run.pending.clear();
        }
        Ok(())
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let action = format!("create {file}");
        let (transaction, chunks) = self.change(self.asked)?;
        let ends = (|| -> Result<_, JsValue> {
            chunks.delete(&keys_of(file)?.into())?;
            put(&chunks, file, 0, bytes)
        })();
        let ends = ends.map_err(|error| give_up(&transaction, &action, &error))?;
        self.unsure.insert(file);
        self.link.commit(&transaction, &action).await?;
        self.unsure.remove(&file);
        self.files.insert(file, Run { ends, pending: Vec::new() });
        Ok(())
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.link.check()?;
        let run = self.files.get(&file);
        let Some(run) = run.filter(|run| range.start <= range.end && range.end <= run.len()) else {
            return Err(super::missing(file, &range, run.map(Run::len)));
        };
        let stored = run.stored();
        let mut bytes = Vec::with_capacity((range.end - range.start) as usize);
        if range.start < range.end.min(stored) {
            self.read_chunks(file, run, &(range.start..range.end.min(stored)), &mut bytes).await?;
        }
        if range.end > stored {
            let start = range.start.saturating_sub(stored) as usize;
            bytes.extend_from_slice(&run.pending[start..(range.end - stored) as usize]);
        }
        Ok(bytes)
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        let action = format!("make {manifest} current");
        let transaction = self.link.begin(META, IdbTransactionMode::Readwrite, self.asked)?;
        let meta = open_store(&transaction, META)?;
        meta.put_with_key(&manifest.to_string().into(), &CURRENT.into())
            .map_err(|error| give_up(&transaction, &action, &error))?;
        self.link.commit(&transaction, &action).await
    }

    async fn current(&self) -> Result<Option<FileId>> {
        let transaction = self.link.begin(META, IdbTransactionMode::Readonly, Durability::Relaxed)?;
        let request = open_store(&transaction, META)?.get(&CURRENT.into()).or_failed("read the current manifest")?;
        let value = js::result(&request).await.or_failed("read the current manifest")?;
        if value.is_undefined() {
            return Ok(None);
        }
        let manifest = value.as_string().and_then(|name| FileId::parse(&name));
        manifest.map(Some).ok_or_else(|| {
            let message = format!("the record \"{CURRENT}\" is damaged: it should name a manifest, but is {value:?}");
            Error::new(ErrorKind::Corruption, message)
        })
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.link.check()?;
        if !self.files.contains_key(&file) && !self.unsure.contains(&file) {
            return Ok(());
        }
        let action = format!("remove {file}");
        let (transaction, chunks) = self.change(Durability::Relaxed)?;
        let asked = keys_of(file).and_then(|keys| chunks.delete(&keys));
        asked.map_err(|error| give_up(&transaction, &action, &error))?;
        self.unsure.insert(file);
        self.link.commit(&transaction, &action).await?;
        self.unsure.remove(&file);
        self.files.remove(&file);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.link.check()?;
        Ok(self.files.iter().map(|(id, run)| (*id, run.len())).collect())
    }
}

fn open_store(transaction: &Transaction, store: &str) -> Result<IdbObjectStore> {
    transaction.object_store(store).or_failed("find the object store")
}

/// Takes back a transaction that could not be made whole, and says why.
fn give_up(transaction: &Transaction, action: &str, error: &JsValue) -> Error {
    let _ = transaction.abort();
    js::failed(action, error)
}

/// Asks for `bytes` to be stored as chunks of `file` from `start` on; the places where they end. One chunk at least,
/// since a file is there only if it has one.
fn put(chunks: &IdbObjectStore, file: FileId, start: u64, bytes: &[u8]) -> Result<Vec<u64>, JsValue> {
    let mut ends = Vec::with_capacity(bytes.len() / CHUNK + 1);
    let mut end = start;
    let pieces = bytes.chunks(CHUNK);
    for piece in pieces.chain(bytes.is_empty().then_some(bytes)) {
        end += piece.len() as u64;
        chunks.put_with_key(&Uint8Array::from(piece), &key(file, end))?;
        ends.push(end);
    }
    Ok(ends)
}

/// The key of the chunk of `file` that ends at `end`.
fn key(file: FileId, end: u64) -> JsValue {
    // Exact: lengths stay far below 2^53.
    Array::of2(&file.to_string().into(), &(end as f64).into()).into()
}

/// The keys of all chunks of `file`. Arrays sort element by element, and after all numbers come arrays.
fn keys_of(file: FileId) -> Result<IdbKeyRange, JsValue> {
    let name = JsValue::from(file.to_string());
    IdbKeyRange::bound(&Array::of1(&name), &Array::of2(&name, &Array::new()))
}

/// The keys of the chunks of `file` that end after `end`; all of them if `end` is 0.
fn keys_after(file: FileId, end: u64) -> Result<IdbKeyRange, JsValue> {
    if end == 0 {
        return keys_of(file);
    }
    let last = Array::of2(&file.to_string().into(), &Array::new());
    IdbKeyRange::bound_with_lower_open(&key(file, end), &last, true)
}

/// Every file and where its chunks end, from the keys alone.
async fn list_chunks(transaction: &Transaction) -> Result<BTreeMap<FileId, Run>> {
    let request = open_store(transaction, CHUNKS)?.get_all_keys().or_failed("list the files")?;
    let keys: Array = js::result(&request).await.or_failed("list the files")?.unchecked_into();
    let mut files: BTreeMap<FileId, Run> = BTreeMap::new();
    for key in keys.iter() {
        let parts = key.dyn_ref::<Array>().map(|parts| (parts.get(0).as_string(), parts.get(1).as_f64()));
        let Some((Some(name), Some(end))) = parts else { return Err(foreign_chunk(&key)) };
        let Some(file) = FileId::parse(&name) else { return Err(foreign_chunk(&key)) };
        // The browser lists keys in order, so the ends ascend.
        files.entry(file).or_default().ends.push(end as u64);
    }
    Ok(files)
}

fn foreign_chunk(key: &JsValue) -> Error {
    Error::new(
        ErrorKind::Corruption,
        format!("the object store \"{CHUNKS}\" has a record {key:?}, which names no file"),
    )
}
