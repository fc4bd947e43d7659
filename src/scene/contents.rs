//! The entries of tables, as far as events have reported them.
//!
//! In: a table's entries as its merge keeps them, one by one. Out: the entries of each table, in the order of entries.
//! A table is listed whole or not at all: if its merge was not reported (less than full
//! [`Detail`](crate::trace::Detail), or a database that was there before the first event), or if it is large, only its
//! numbers are known, and nothing is drawn that was not reported.
//!
//! Copies share the lists ([`OrdMap`], [`Rc`]).

use std::{cmp::Reverse, rc::Rc};

use super::{Scene, job::SceneJob, memtable::SceneMemtable, ordmap::OrdMap};
use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    trace::{Event, Place, WalRecord},
    version::TableId,
};

/// The most entries of a table that is listed.
pub const MAX_TABLE_ENTRIES: usize = 4096;

/// The most entries of all listed tables together.
pub const MAX_LISTED_ENTRIES: usize = 65_536;

/// An entry of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEntry {
    /// Its key.
    pub key: Bytes,
    /// Its sequence number.
    pub seq: SeqNo,
    /// Put or delete.
    pub kind: EntryKind,
    /// The first bytes of its value; none if the write was not reported.
    pub value: Option<Bytes>,
}

impl ListedEntry {
    /// The entry that a write makes.
    pub fn of(record: &WalRecord) -> ListedEntry {
        let WalRecord { key, seq, kind, value, .. } = record.clone();
        ListedEntry { key, seq, kind, value: Some(value) }
    }

    /// Its place in the order of entries.
    pub fn order(&self) -> (&Bytes, Reverse<SeqNo>) {
        (&self.key, Reverse(self.seq))
    }
}

/// The entries of a table, in order.
pub type TableEntries = Rc<Vec<ListedEntry>>;

/// The version `seq` of `key` among `entries`.
pub(crate) fn find<'a>(entries: &'a [ListedEntry], key: &Bytes, seq: SeqNo) -> Option<&'a ListedEntry> {
    let at = entries.binary_search_by(|entry| entry.order().cmp(&(key, Reverse(seq)))).ok()?;
    entries.get(at)
}

/// Whether `entries` have a version of `key` that is older than `seq`.
fn has_older(entries: &[ListedEntry], key: &Bytes, seq: SeqNo) -> bool {
    let after = entries.partition_point(|entry| entry.order() <= (key, Reverse(seq)));
    entries.get(after).is_some_and(|next| next.key == *key)
}

/// The entries of finished tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    tables: OrdMap<TableId, TableEntries>,
    entries: usize,
}

impl Contents {
    /// Lists `table`, if there is room.
    pub fn insert(&mut self, table: TableId, entries: TableEntries) {
        self.remove(table);
        if self.entries + entries.len() <= MAX_LISTED_ENTRIES {
            self.entries += entries.len();
            self.tables.insert(table, entries);
        }
    }

    /// Its file is gone.
    pub fn remove(&mut self, table: TableId) {
        if let Some(entries) = self.tables.remove(&table) {
            self.entries -= entries.len();
        }
    }

    /// The entries of `table`, if it is listed.
    pub fn get(&self, table: TableId) -> Option<&TableEntries> {
        self.tables.get(&table)
    }
}

impl Scene {
    /// The entries of `table`, in order, if all of them were reported.
    pub fn entries_of(&self, table: TableId) -> Option<&TableEntries> {
        self.contents.get(table)
    }

    /// A merge keeps an entry, or the table that it wrote is whole.
    pub(super) fn list(&mut self, event: &Event) {
        match event {
            Event::MergeKept { job, key, seq, kind, from, .. } => {
                let value = self.value_of(*from, key, *seq);
                let entry = ListedEntry { key: key.clone(), seq: *seq, kind: *kind, value };
                if let Some(job) = self.job_mut(*job) {
                    job.list(entry);
                }
            }
            Event::TableFinished { job, table, .. } => {
                let listed = self.job_mut(*job).and_then(|job| job.listed(table.id).cloned());
                if let Some(entries) = listed.filter(|entries| entries.len() as u64 == table.entries) {
                    self.contents.insert(table.id, entries);
                }
            }
            _ => {}
        }
    }

    /// The first bytes of the value of an entry, if its write was reported.
    fn value_of(&self, place: Place, key: &Bytes, seq: SeqNo) -> Option<Bytes> {
        match place {
            Place::Memtable { id } => self.memtable(id)?.get(key, seq).map(|record| record.value.clone()),
            Place::Table { id, .. } => find(self.contents.get(id)?, key, seq)?.value.clone(),
        }
    }

    /// Whether a job that keeps version `seq` of `key` reads an older version too. A table that is not listed may have
    /// one.
    pub(crate) fn reads_older(&self, job: &SceneJob, key: &Bytes, seq: SeqNo) -> bool {
        let mut memtables = job.memtables.iter().filter_map(|id| self.memtable(*id));
        let mut tables = job.compaction.iter().flat_map(|compaction| compaction.tables());
        memtables.any(|memtable| memtable.has_older(key, seq))
            || tables.any(|(_, table)| self.contents.get(table).is_none_or(|entries| has_older(entries, key, seq)))
    }

    fn memtable(&self, id: u64) -> Option<&SceneMemtable> {
        self.immutables.iter().chain([&self.active]).find(|memtable| memtable.id == id)
    }
}
