//! Sorts entries that come in any order: into tables in the new database, which exist as long as the repair takes.

use super::{Account, runs::Run, write::Output};
use crate::{engine::memtable::Memtable, entry::EntryRef, error::Result, storage::Storage};

/// The most bytes that wait in memory.
const MAX_BYTES: u64 = 32 << 20;

/// Collects entries.
#[derive(Debug)]
pub(super) struct Sorter<'a> {
    output: &'a mut Output,
    memtable: Memtable,
    runs: Vec<Run>,
}

impl<'a> Sorter<'a> {
    /// Runs become files as `output` makes them.
    pub fn new(output: &'a mut Output) -> Sorter<'a> {
        Sorter { output, memtable: Memtable::new(), runs: Vec::new() }
    }

    /// Adds an entry; one that is there already, with the same sequence number, is left out.
    ///
    /// # Errors
    /// The new storage failed.
    pub async fn add<D: Storage>(&mut self, entry: EntryRef<'_>, fresh: &mut D, account: &mut Account) -> Result<()> {
        if self.memtable.get(entry.key, entry.seq).is_some_and(|there| there.seq == entry.seq) {
            return Ok(());
        }
        self.memtable.insert(entry);
        if self.memtable.bytes() >= MAX_BYTES {
            self.spill(fresh, account).await?;
        }
        Ok(())
    }

    async fn spill<D: Storage>(&mut self, fresh: &mut D, account: &mut Account) -> Result<()> {
        let memtable = std::mem::take(&mut self.memtable);
        self.runs.extend(self.output.temporary(memtable.iter(), fresh, account).await?);
        Ok(())
    }

    /// All runs.
    ///
    /// # Errors
    /// The new storage failed.
    pub async fn finish<D: Storage>(mut self, fresh: &mut D, account: &mut Account) -> Result<Vec<Run>> {
        self.spill(fresh, account).await?;
        Ok(self.runs)
    }
}
