//! fjall, with its own defaults but for the sizes that both engines share.

use std::{error::Error, path::Path};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::peer::{CACHE_BYTES, MEMTABLE_BYTES, Peer};

/// fjall under measurement.
pub struct Fjall {
    // The database owns the worker threads; it must outlive the keyspace.
    items: Keyspace,
    _database: Database,
}

impl Peer for Fjall {
    fn open(dir: &Path) -> Result<Fjall, Box<dyn Error>> {
        let database = Database::builder(dir).cache_size(CACHE_BYTES).manual_journal_persist(true).open()?;
        // Its journal stays in a user-space buffer until that is full, as ours does: the quicker of its two modes.
        let options =
            || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES).manual_journal_persist(true);
        let items = database.keyspace("items", options)?;
        Ok(Fjall { items, _database: database })
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Box<dyn Error>> {
        Ok(self.items.insert(key, value)?)
    }

    fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        Ok(self.items.rotate_memtable_and_wait()?)
    }

    fn get(&mut self, key: &[u8]) -> Result<bool, Box<dyn Error>> {
        Ok(self.items.get(key)?.is_some())
    }

    fn scan(&mut self) -> Result<usize, Box<dyn Error>> {
        self.items.iter().try_fold(0, |count, entry| {
            let (_key, _value) = entry.into_inner()?;
            Ok(count + 1)
        })
    }
}
