//! The path of a get: memtables, newest first; level 0, newest first; then one table of each deeper level. The first
//! version found is the newest, and decides. The exception is tables of level 0 whose sequence numbers interleave,
//! which a merge of tables that are not neighbours in age leaves: those that may hold a newer version are searched too.
//!
//! Each table is asked as cheaply as possible: its key range (in memory), its filter (in memory), its index (in
//! memory), and only then one data block, from the cache or from storage.

use std::rc::Rc;

use super::{
    Engine, Snapshot,
    cache::Evicted,
    emit,
    table::{Block, Table, filter},
};
use crate::{
    entry::{EntryKind, EntryRef, SeqNo},
    error::Result,
    storage::Storage,
    trace::{Cost, Detail, Event, Place, Tracer},
    version::TableMeta,
};

/// What a get found, where, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// The value, if the key has one.
    pub value: Option<Vec<u8>>,
    /// The version that decided it; none if there is no version of the key at all.
    pub seq: Option<SeqNo>,
    /// Whether that version is a put or a delete.
    pub kind: Option<EntryKind>,
    /// Where it is.
    pub place: Option<Place>,
    /// What it cost.
    pub cost: Cost,
}

impl Lookup {
    fn decide(&mut self, entry: &EntryRef<'_>, place: Place) {
        self.value = (entry.kind == EntryKind::Put).then(|| entry.value.to_vec());
        self.seq = Some(entry.seq);
        self.kind = Some(entry.kind);
        self.place = Some(place);
    }
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// The value of `key`, if it has one.
    ///
    /// # Errors
    /// [`Closed`](crate::ErrorKind::Closed), or damage in a file that was read.
    pub async fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.lookup(key, None).await?.value)
    }

    /// The value of `key` now, or as a snapshot sees it, with where it was found and what that cost.
    ///
    /// # Errors
    /// As [`get`](Engine::get), and [`Closed`](crate::ErrorKind::Closed) for a snapshot that was released.
    pub async fn lookup(&mut self, key: &[u8], at: Option<Snapshot>) -> Result<Lookup> {
        let at = self.visible(at)?;
        emit!(self, Operations, Event::GetBegan { key: key.into(), at });
        let mut lookup = Lookup::default();
        if !self.search_memtables(key, at, &mut lookup) {
            self.search_tables(key, at, &mut lookup).await?;
        }
        emit!(self, Operations, {
            let Lookup { value, seq, kind, place, cost } = &lookup;
            let found = value.is_some();
            Event::GetEnded { key: key.into(), found, seq: *seq, kind: *kind, place: *place, cost: Box::new(*cost) }
        });
        Ok(lookup)
    }

    fn search_memtables(&mut self, key: &[u8], at: SeqNo, lookup: &mut Lookup) -> bool {
        for i in (0..=self.state.immutables.len()).rev() {
            let mem = self.state.immutables.get(i).unwrap_or(&self.state.active);
            let (id, table) = (mem.id, mem.table.clone());
            lookup.cost.memtables += 1;
            let found = table.borrow().get(key, at).map(|entry| {
                lookup.decide(&entry, Place::Memtable { id });
                entry.seq
            });
            emit!(self, All, Event::MemtableProbed { memtable: id, found });
            if found.is_some() {
                return true;
            }
        }
        false
    }

    async fn search_tables(&mut self, key: &[u8], at: SeqNo, lookup: &mut Lookup) -> Result<()> {
        let version = self.state.version.clone();
        let hash = filter::hash(key);
        for (level, tables) in version.levels.iter().enumerate() {
            // Level 0: every table may hold the key. Deeper: at most one.
            let candidates = match level {
                0 => &tables[..],
                _ => {
                    let at = tables.partition_point(|t| &*t.largest < key);
                    &tables[at..tables.len().min(at + 1)]
                }
            };
            for meta in candidates {
                // Level 0 is in the order of the newest write, so that the tables behind have nothing newer either.
                if lookup.seq.is_some_and(|found| meta.largest_seq < found) {
                    return Ok(());
                }
                let inside = meta.contains(key);
                emit!(self, All, Event::RangeProbed { table: meta.id, level, inside });
                if inside {
                    self.search_table(meta, level, key, hash, at, lookup).await?;
                }
            }
            if lookup.seq.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn search_table(
        &mut self,
        meta: &Rc<TableMeta>,
        level: usize,
        key: &[u8],
        hash: u64,
        at: SeqNo,
        lookup: &mut Lookup,
    ) -> Result<()> {
        let table = self.table(meta).await?;
        let id = meta.id;
        lookup.cost.tables += 1;
        let mut filtered = false;
        if let Some(filter) = table.filter() {
            lookup.cost.filters += 1;
            let maybe = filter.may_contain(hash);
            emit!(self, All, Event::FilterProbed { table: id, level, bits: filter.probe(hash), maybe });
            if !maybe {
                lookup.cost.filter_negatives += 1;
                return Ok(());
            }
            filtered = true;
        }
        let block = table.find_block(key, at);
        emit!(self, All, Event::IndexProbed { table: id, level, block: block.map(|b| b as u64) });
        if let Some(i) = block {
            let (content, cached) = self.block(&table, i).await?;
            lookup.cost.blocks += 1;
            lookup.cost.cache_hits += u64::from(cached);
            lookup.cost.bytes_read += if cached { 0 } else { table.block_len(i) };
            let found = content.get(key, at).map(|entry| {
                if lookup.seq.is_none_or(|newest| newest < entry.seq) {
                    lookup.decide(&entry, Place::Table { id, level });
                }
                entry.seq
            });
            emit!(self, All, {
                Event::BlockProbed { table: id, level, block: i as u64, cached, bytes: table.block_len(i), found }
            });
            if found.is_some() {
                return Ok(());
            }
        }
        if filtered {
            lookup.cost.false_positives += 1;
            emit!(self, All, Event::FalsePositive { table: id, level });
        }
        Ok(())
    }

    /// A data block, and whether the cache had it.
    pub(super) async fn block(&mut self, table: &Rc<Table>, i: usize) -> Result<(Rc<Block>, bool)> {
        let id = table.meta().id;
        if let Some(block) = self.cache.get(id, i as u64) {
            return Ok((block, true));
        }
        let block = Rc::new(table.read_block(&self.storage, i).await?);
        let bytes = block.bytes();
        if self.cache.fits(bytes) {
            while let Some(evicted) = self.cache.evict_for(bytes) {
                self.emit_evicted(Some(evicted));
            }
            self.cache.insert(id, i as u64, block.clone());
            emit!(self, All, Event::CacheInserted { table: id, block: i as u64, bytes });
        }
        Ok((block, false))
    }

    pub(super) fn emit_evicted(&mut self, evicted: Option<Evicted>) {
        if let Some(Evicted { table, block, bytes }) = evicted {
            emit!(self, All, Event::CacheEvicted { table, block, bytes });
        }
    }

    /// Whether the tracer wants to know of every step.
    pub(super) fn wants_all(&self) -> bool {
        self.tracer.wants(Detail::All)
    }
}
