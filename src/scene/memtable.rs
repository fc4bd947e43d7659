//! A memtable in the scene: its entries in order, shared between the scene's copies.

use std::cmp::Reverse;

use super::{ordmap::OrdMap, view::MemtableView};
use crate::{
    entry::{Bytes, SeqNo},
    options::Options,
    trace::{MemtableReport, WalRecord},
};

/// The one order of entries: key ascending, sequence number descending.
type Place = (Bytes, Reverse<SeqNo>);

/// A memtable.
#[derive(Clone, Debug, Default)]
pub struct SceneMemtable {
    /// Its number.
    pub id: u64,
    /// Its size.
    pub bytes: u64,
    entries: OrdMap<Place, WalRecord>,
    /// The number of its entries, if not all of them were reported.
    untold: Option<usize>,
}

impl SceneMemtable {
    /// An empty memtable.
    pub fn new(id: u64) -> SceneMemtable {
        SceneMemtable { id, ..SceneMemtable::default() }
    }

    /// An entry is in it now.
    pub fn insert(&mut self, record: &WalRecord, bytes: u64) {
        let place = (record.key.clone(), Reverse(record.seq));
        self.bytes = bytes;
        self.entries.insert(place, record.clone());
        if let Some(count) = &mut self.untold {
            *count += 1;
        }
    }

    /// Its size and count are known, but not its entries.
    pub fn sampled(&mut self, entries: usize, bytes: u64) {
        self.bytes = bytes;
        if entries != self.len() {
            // Some entries without the others would be drawn as if they were all.
            self.untold = Some(entries);
            self.entries = OrdMap::default();
        }
    }

    /// Its entries in order, as far as they were reported: all, or none.
    pub fn entries(&self) -> impl Iterator<Item = &WalRecord> {
        self.entries.iter().map(|(_, record)| record)
    }

    /// The version `seq` of `key`.
    pub fn get(&self, key: &Bytes, seq: SeqNo) -> Option<&WalRecord> {
        self.entries.get(&(key.clone(), Reverse(seq)))
    }

    /// Whether it has a version of `key` that is older than `seq`.
    pub fn has_older(&self, key: &Bytes, seq: SeqNo) -> bool {
        self.entries.after(&(key.clone(), Reverse(seq))).is_some_and(|((next, _), _)| next == key)
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.untold.unwrap_or(self.entries.len())
    }

    /// For the comparison with the engine.
    pub fn report(&self) -> MemtableReport {
        let entry = |r: &WalRecord| (r.key.clone(), r.seq, r.kind, r.value_bytes);
        MemtableReport {
            id: self.id,
            bytes: self.bytes,
            entries: self.entries.iter().map(|(_, record)| entry(record)).collect(),
        }
    }

    /// For the page.
    pub fn view(&self, options: &Options, flushing: bool) -> MemtableView {
        MemtableView { id: self.id, bytes: self.bytes, count: self.len(), fill: self.fill(options), flushing }
    }

    fn fill(&self, options: &Options) -> f64 {
        let of = |n: u64, limit: u64| if limit == 0 { 0.0 } else { n as f64 / limit as f64 };
        of(self.bytes, options.write_buffer_size).max(of(self.len() as u64, options.write_buffer_entries))
    }
}
