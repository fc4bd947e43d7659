//! fjall as a measured engine: its defaults, except for the sizes that both engines share.

use std::{error::Error, hint::black_box, path::Path, thread, time::Duration};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::peer::{CACHE_BYTES, MEMTABLE_BYTES, Peer};

/// A fjall database.
pub struct Fjall {
    items: Keyspace,
    database: Database,
}

impl Peer for Fjall {
    fn open(dir: &Path) -> Result<Fjall, Box<dyn Error>> {
        let database = Database::builder(dir).cache_size(CACHE_BYTES).manual_journal_persist(true).open()?;
        // Its journal collects writes in a user-space buffer, as our log does: the faster of its two modes.
        let options =
            || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES).manual_journal_persist(true);
        let items = database.keyspace("items", options)?;
        Ok(Fjall { items, database })
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Box<dyn Error>> {
        Ok(self.items.insert(key, value)?)
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "fjall's workers run on real time, and it has no call to wait for them"
    )]
    fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        self.items.rotate_memtable_and_wait()?;
        // Its compactions run in the background: reads begin after a tenth of a second without one.
        let mut quiet = 0;
        while quiet < 10 {
            let busy = self.database.active_compactions() > 0 || self.database.outstanding_flushes() > 0;
            quiet = if busy { 0 } else { quiet + 1 };
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn get(&mut self, key: &[u8]) -> Result<bool, Box<dyn Error>> {
        Ok(self.items.get(key)?.is_some())
    }

    fn scan(&mut self) -> Result<usize, Box<dyn Error>> {
        self.items.iter().try_fold(0, |count, entry| {
            black_box(entry.into_inner()?);
            Ok(count + 1)
        })
    }
}
