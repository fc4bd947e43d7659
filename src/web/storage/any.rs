//! The storage of a page's database: memory or IndexedDB, chosen at the open.

use std::{ops::Range, rc::Rc};

use crate::{
    error::Result,
    storage::{
        FileId, Storage,
        indexed_db::{IndexedDb, Lost},
        memory::Memory,
    },
};

/// Memory or IndexedDB.
pub enum AnyStorage {
    /// In memory.
    Memory(Memory),
    /// In the browser's database.
    IndexedDb(Box<IndexedDb>),
}

impl AnyStorage {
    /// Whether the database is still ours; a database in memory cannot be taken over.
    pub fn lost(&self) -> Option<Rc<Lost>> {
        match self {
            AnyStorage::Memory(_) => None,
            AnyStorage::IndexedDb(storage) => Some(storage.lost().clone()),
        }
    }
}

macro_rules! delegate {
    ($self:expr, $storage:ident => $call:expr) => {
        match $self {
            AnyStorage::Memory($storage) => $call,
            AnyStorage::IndexedDb($storage) => $call,
        }
    };
}

impl Storage for AnyStorage {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        delegate!(self, storage => storage.append(file, bytes))
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        delegate!(self, storage => storage.sync(file).await)
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        delegate!(self, storage => storage.create(file, bytes).await)
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        delegate!(self, storage => storage.read(file, range).await)
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        delegate!(self, storage => storage.swap_current(manifest).await)
    }

    async fn current(&self) -> Result<Option<FileId>> {
        delegate!(self, storage => storage.current().await)
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        delegate!(self, storage => storage.remove(file).await)
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        delegate!(self, storage => storage.list().await)
    }
}
