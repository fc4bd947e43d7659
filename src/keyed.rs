//! Tables that hold only keys: what merges of them keep, and how their outputs are cut, without a byte being written.
//!
//! In: entries, and a [`TableSizer`] that says how large a table of them would be. Out: tables, as a [policy] sees
//! them. The rules of what is dropped and where outputs end are those that the engine runs.
//!
//! [policy]: crate::policy

use std::{cmp::Reverse, collections::BTreeMap, rc::Rc};

use crate::{
    indexed::IndexedLevels,
    policy::{Compaction, Cutter, Levels},
    version::{TableId, TableMeta},
};

/// An entry: a key, and the sequence number of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyedEntry {
    /// Keys are in the order of these numbers.
    pub key: u64,
    /// The higher, the newer.
    pub seq: u64,
    /// Whether the key was deleted.
    pub is_tombstone: bool,
}

/// Says how large a table would be, as it is filled.
pub trait TableSizer {
    /// Adds the next entry.
    fn add(&mut self, entry: &KeyedEntry);

    /// The bytes so far, by which outputs are cut.
    fn written(&self) -> u64;

    /// The bytes of the file, once it has all its entries: with its number, the highest sequence number in it, and
    /// whether it is from a flush.
    fn finish(self, id: TableId, largest_seq: u64, is_flushed: bool) -> u64;

    /// How many entries of a real table each entry stands for.
    fn entries_each(&self) -> u64 {
        1
    }
}

/// The tables of one database, as the entries that each holds.
#[derive(Clone, Debug)]
pub struct KeyedTables<S> {
    /// What an empty table begins with.
    empty: S,
    /// Whether each tombstone is looked at by itself, as leveled compaction does; else all of a merge are.
    by_key: bool,
    held: BTreeMap<TableId, Vec<KeyedEntry>>,
}

impl<S: TableSizer + Clone> KeyedTables<S> {
    /// None yet; `empty` sizes each. `by_key`: whether a merge drops a tombstone where no deeper table reaches over its
    /// key, as under leveled compaction, or only where none reaches into the merge (`KeyNotExistsBeyondOutputLevel`).
    pub fn new(empty: S, by_key: bool) -> KeyedTables<S> {
        KeyedTables { empty, by_key, held: BTreeMap::new() }
    }

    /// The table `id` of what is flushed, of each key the newest; none of no entries. `bytes`, if they are known, are
    /// its size.
    pub fn flush(&mut self, entries: Vec<KeyedEntry>, id: TableId, bytes: Option<u64>) -> Option<TableMeta> {
        let entries = newest(entries);
        let mut size = self.empty.clone();
        entries.iter().for_each(|entry| size.add(entry));
        self.keep(id, entries, |seq| bytes.unwrap_or_else(|| size.finish(id, seq, true)))
    }

    /// Merges the tables `removed` as `compaction` says, which was picked on `tree`. `next` is the number of the first
    /// output on entry, and the next free number on return.
    pub fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        let version = tree.version();
        let mut entries = newest(removed.iter().filter_map(|(_, t)| self.held.remove(&t.id)).flatten().collect());
        let output = compaction.output_level;
        let deeper: Vec<_> = version.levels[output + 1..].iter().map(|level| &level[..]).collect();
        let bottommost = output > 0 && is_bottommost(&deeper, &entries);
        // A tombstone is of no use where nothing older can be below.
        let is_useless = |entry: &KeyedEntry| {
            bottommost || (self.by_key && output > 0 && !deeper.iter().any(|level| may_hold(level, entry.key)))
        };
        entries.retain(|entry| !entry.is_tombstone || !is_useless(entry));
        if bottommost {
            // RocksDB forgets the sequence numbers.
            entries.iter_mut().for_each(|entry| entry.seq = 0);
        }
        let mut cutter = Cutter::new(compaction, version);
        let mut outputs: Vec<(Vec<KeyedEntry>, S)> = Vec::new();
        for entry in entries {
            let size = outputs.last().map(|(_, size)| size.written());
            if cutter.cuts_before(&entry.key.to_be_bytes(), size) || outputs.is_empty() {
                outputs.push((Vec::new(), self.empty.clone()));
            }
            if let Some((entries, size)) = outputs.last_mut() {
                size.add(&entry);
                entries.push(entry);
            }
        }
        let mut keep = |(entries, size): (Vec<KeyedEntry>, S)| {
            let id = *next;
            *next += 1;
            self.keep(id, entries, |seq| size.finish(id, seq, false)).map(Rc::new)
        };
        outputs.into_iter().filter_map(&mut keep).collect()
    }

    /// Keeps `entries`, which are in order, as table `id`.
    fn keep(&mut self, id: TableId, entries: Vec<KeyedEntry>, bytes: impl FnOnce(u64) -> u64) -> Option<TableMeta> {
        let seqs = || entries.iter().map(|e| e.seq);
        let (first, last) = (entries.first()?, entries.last()?);
        let largest_seq = seqs().max()?;
        let each = self.empty.entries_each();
        let meta = TableMeta {
            id,
            bytes: bytes(largest_seq),
            entries: entries.len() as u64 * each,
            tombstones: entries.iter().filter(|entry| entry.is_tombstone).count() as u64 * each,
            smallest: first.key.to_be_bytes()[..].into(),
            largest: last.key.to_be_bytes()[..].into(),
            smallest_seq: seqs().min()?,
            largest_seq,
            ..TableMeta::default()
        };
        self.held.insert(id, entries);
        Some(meta)
    }
}

/// `entries` in order, without those that are older than another of their key.
fn newest(mut entries: Vec<KeyedEntry>) -> Vec<KeyedEntry> {
    // What is in order already is found to be so.
    entries.sort_by_key(|e| (e.key, Reverse(e.seq)));
    entries.dedup_by_key(|e| e.key);
    entries
}

/// Whether a sorted level has a table that reaches over `key`.
fn may_hold(level: &[Rc<TableMeta>], key: u64) -> bool {
    let key = key.to_be_bytes();
    let at = level.partition_point(|table| table.largest[..] < key[..]);
    level.get(at).is_some_and(|table| table.smallest[..] <= key[..])
}

/// Whether no deeper level has anything in the range of a merge (`Compaction::IsBottommostLevel`).
fn is_bottommost(deeper: &[&[Rc<TableMeta>]], entries: &[KeyedEntry]) -> bool {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return false };
    let (first, last) = (first.key.to_be_bytes(), last.key.to_be_bytes());
    deeper.iter().all(|level| level.iter().all(|table| !table.overlaps(&first, &last)))
}
