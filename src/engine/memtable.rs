//! The memtable: the newest entries, sorted, in memory.
//!
//! Keys and values lie one after another in one arena and are never moved or changed: an update or a delete is a new
//! entry with a higher sequence number. What is sorted is an array of small slots (the key's first eight bytes, and
//! where the entry lies), cut into chunks of at most `CHUNK` slots: a search is one binary search over the chunks'
//! first slots and one inside a chunk; an insert moves at most one chunk's slots. Next to a skip list this touches
//! fewer cache lines per search, walks in both directions, and needs no randomness.
//!
//! Its *size in bytes* counts keys, values and [`OVERHEAD`] bytes per entry.

use std::cmp::Ordering;

use crate::entry::{EntryKind, EntryRef, SeqNo, beginning};

/// What an entry costs besides its key and value, in bytes: its slot and its node.
pub const OVERHEAD: u64 = 32;

/// The most slots of a chunk.
const CHUNK: usize = 256;

/// Where an entry lies in the arena.
#[derive(Clone, Copy, Debug)]
struct Node {
    seq: SeqNo,
    start: u32,
    key_len: u32,
    value_len: u32,
    kind: EntryKind,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The key's first eight bytes, big-endian, padded with zeros: decides most comparisons.
    prefix: u64,
    node: u32,
}

/// A sorted map from (key, sequence number) to value.
#[derive(Clone, Debug, Default)]
pub struct Memtable {
    arena: Vec<u8>,
    nodes: Vec<Node>,
    /// The first slot of each chunk, in order.
    firsts: Vec<Slot>,
    chunks: Vec<Vec<Slot>>,
    bytes: u64,
}

/// A position in a memtable: the one at which an entry is, or would be. Only good until the next insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemtablePosition {
    chunk: usize,
    slot: usize,
}

impl Memtable {
    /// An empty memtable.
    pub fn new() -> Memtable {
        Memtable::default()
    }

    /// Its size: see the module's docs.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many entries it has; each version of a key counts.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Adds an entry. Its (key, sequence number) must be new.
    ///
    /// # Panics
    /// If the arena would pass 4 GiB; the option's range keeps memtables far below.
    pub fn insert(&mut self, entry: EntryRef<'_>) {
        let slot = Slot { prefix: beginning(entry.key), node: self.nodes.len() as u32 };
        let at = self.lower_bound(slot.prefix, entry.key, entry.seq);
        self.nodes.push(Node {
            seq: entry.seq,
            start: u32::try_from(self.arena.len()).expect("a memtable stays below 4 GiB"),
            key_len: entry.key.len() as u32,
            value_len: entry.value.len() as u32,
            kind: entry.kind,
        });
        self.arena.extend_from_slice(entry.key);
        self.arena.extend_from_slice(entry.value);
        self.bytes += (entry.key.len() + entry.value.len()) as u64 + OVERHEAD;
        self.insert_slot(at, slot);
    }

    fn insert_slot(&mut self, mut at: MemtablePosition, slot: Slot) {
        if self.chunks.is_empty() {
            self.chunks.push(Vec::with_capacity(CHUNK));
            self.firsts.push(slot);
        }
        if at.chunk == self.chunks.len() {
            // Past the end: the last chunk takes it.
            at = MemtablePosition { chunk: at.chunk - 1, slot: self.chunks[at.chunk - 1].len() };
        }
        if self.chunks[at.chunk].len() == CHUNK {
            // Keys that come in order fill chunks to the brim; others are split in the middle.
            let appending = at.chunk + 1 == self.chunks.len() && at.slot == CHUNK;
            let cut = if appending { CHUNK } else { CHUNK / 2 };
            let mut upper = Vec::with_capacity(CHUNK);
            upper.extend_from_slice(&self.chunks[at.chunk][cut..]);
            self.chunks[at.chunk].truncate(cut);
            self.firsts.insert(at.chunk + 1, upper.first().copied().unwrap_or(slot));
            self.chunks.insert(at.chunk + 1, upper);
            if at.slot > cut || appending {
                at = MemtablePosition { chunk: at.chunk + 1, slot: at.slot - cut };
            }
        }
        self.chunks[at.chunk].insert(at.slot, slot);
        if at.slot == 0 {
            self.firsts[at.chunk] = slot;
        }
    }

    fn entry(&self, slot: Slot) -> EntryRef<'_> {
        let node = self.nodes[slot.node as usize];
        let bytes = &self.arena[node.start as usize..][..(node.key_len + node.value_len) as usize];
        let (key, value) = bytes.split_at(node.key_len as usize);
        EntryRef { key, seq: node.seq, kind: node.kind, value }
    }

    #[inline]
    fn compare(&self, slot: &Slot, prefix: u64, key: &[u8], seq: SeqNo) -> Ordering {
        slot.prefix.cmp(&prefix).then_with(|| {
            let entry = self.entry(*slot);
            crate::entry::order((entry.key, entry.seq), (key, seq))
        })
    }

    /// The first position whose entry is not before (key, seq) in the one order; past the end if all are.
    fn lower_bound(&self, prefix: u64, key: &[u8], seq: SeqNo) -> MemtablePosition {
        let after = self.firsts.partition_point(|first| self.compare(first, prefix, key, seq) == Ordering::Less);
        // The entry is in the last chunk that begins before it, or is the first of the one after.
        let Some(chunk) = after.checked_sub(1) else {
            return MemtablePosition { chunk: 0, slot: 0 };
        };
        let slots = &self.chunks[chunk];
        let slot = slots.partition_point(|s| self.compare(s, prefix, key, seq) == Ordering::Less);
        if slot == slots.len() && after < self.chunks.len() {
            MemtablePosition { chunk: after, slot: 0 }
        } else {
            self.normal(MemtablePosition { chunk, slot })
        }
    }

    /// Every position past the end is the same one.
    fn normal(&self, at: MemtablePosition) -> MemtablePosition {
        match self.chunks.get(at.chunk) {
            Some(chunk) if at.slot < chunk.len() => at,
            _ => MemtablePosition { chunk: self.chunks.len(), slot: 0 },
        }
    }

    /// The newest version of `key` that a reader at `seq` sees.
    #[inline]
    pub fn get(&self, key: &[u8], seq: SeqNo) -> Option<EntryRef<'_>> {
        let entry = self.at(self.seek(key, seq))?;
        (entry.key == key).then_some(entry)
    }

    /// The first position that is not before (key, seq).
    pub fn seek(&self, key: &[u8], seq: SeqNo) -> MemtablePosition {
        self.lower_bound(beginning(key), key, seq)
    }

    /// The first position.
    pub fn first(&self) -> MemtablePosition {
        self.normal(MemtablePosition { chunk: 0, slot: 0 })
    }

    /// The last position; none in an empty memtable.
    pub fn last(&self) -> Option<MemtablePosition> {
        self.before(MemtablePosition { chunk: self.chunks.len(), slot: 0 })
    }

    /// The entry at a position; none past the end.
    #[inline]
    pub fn at(&self, position: MemtablePosition) -> Option<EntryRef<'_>> {
        self.chunks.get(position.chunk)?.get(position.slot).map(|slot| self.entry(*slot))
    }

    /// The position after this one.
    #[inline]
    pub fn after(&self, position: MemtablePosition) -> MemtablePosition {
        let MemtablePosition { chunk, slot } = position;
        match self.chunks.get(chunk) {
            Some(slots) if slot + 1 < slots.len() => MemtablePosition { chunk, slot: slot + 1 },
            Some(_) => MemtablePosition { chunk: chunk + 1, slot: 0 },
            None => position,
        }
    }

    /// The position before this one; none at the first.
    #[inline]
    pub fn before(&self, position: MemtablePosition) -> Option<MemtablePosition> {
        let MemtablePosition { chunk, slot } = position;
        if slot > 0 {
            return Some(MemtablePosition { chunk, slot: slot - 1 });
        }
        let chunk = chunk.checked_sub(1)?;
        Some(MemtablePosition { chunk, slot: self.chunks[chunk].len() - 1 })
    }

    /// Every entry, in order.
    pub fn iter(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.chunks.iter().flatten().map(|slot| self.entry(*slot))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn put<'a>(key: &'a [u8], seq: SeqNo, value: &'a [u8]) -> EntryRef<'a> {
        EntryRef { key, seq, kind: EntryKind::Put, value }
    }

    #[test]
    fn a_reader_sees_the_newest_version_up_to_its_sequence_number() {
        let mut m = Memtable::new();
        m.insert(put(b"k", 1, b"one"));
        m.insert(EntryRef { key: b"k", seq: 5, kind: EntryKind::Delete, value: b"" });
        m.insert(put(b"k", 9, b"nine"));
        let see = |seq| m.get(b"k", seq).map(|e| (e.seq, e.kind));
        assert_eq!(see(0), None);
        assert_eq!(see(4), Some((1, EntryKind::Put)));
        assert_eq!(see(8), Some((5, EntryKind::Delete)));
        assert_eq!(see(100), Some((9, EntryKind::Put)));
        assert_eq!(m.get(b"j", 100), None);
        assert_eq!(m.bytes(), 3 + 7 + 3 * OVERHEAD);
    }

    #[test]
    fn keys_that_share_eight_bytes_are_told_apart() {
        let mut m = Memtable::new();
        for (seq, key) in [b"prefix--b", b"prefix--a", b"prefix--c"].into_iter().enumerate() {
            m.insert(put(key, seq as u64 + 1, key));
        }
        m.insert(put(b"prefix", 9, b""));
        let keys: Vec<_> = m.iter().map(|e| e.key).collect();
        assert_eq!(keys, [&b"prefix"[..], b"prefix--a", b"prefix--b", b"prefix--c"]);
        // A key that is padded with zeros has the prefix of one that ends in zeros.
        m.insert(put(b"prefix\0\0", 10, b""));
        assert_eq!(m.get(b"prefix", 99).unwrap().seq, 9);
    }

    proptest! {
        #[test]
        fn it_is_a_sorted_map(
            keys in vec(vec(0u8..4, 0..12), 1..1500),
            ordered: bool,
            probes in vec(vec(0u8..4, 0..12), 20),
        ) {
            let mut keys = keys;
            if ordered { keys.sort(); }
            let mut model = BTreeMap::new();
            let mut m = Memtable::new();
            for (i, key) in keys.iter().enumerate() {
                let seq = i as u64 + 1;
                let value = seq.to_le_bytes();
                m.insert(put(key, seq, &value));
                model.insert((key.clone(), std::cmp::Reverse(seq)), value);
            }
            let forward: Vec<_> = m.iter().map(|e| (e.key.to_vec(), e.seq)).collect();
            prop_assert_eq!(&forward, &model.keys().map(|(k, s)| (k.clone(), s.0)).collect::<Vec<_>>());
            let mut backward = Vec::new();
            let mut at = m.last();
            while let Some(p) = at {
                let e = m.at(p).unwrap();
                backward.push((e.key.to_vec(), e.seq));
                at = m.before(p);
            }
            backward.reverse();
            prop_assert_eq!(&backward, &forward);
            let mut stepped = Vec::new();
            let mut at = m.first();
            while let Some(e) = m.at(at) {
                stepped.push((e.key.to_vec(), e.seq));
                at = m.after(at);
            }
            prop_assert_eq!(&stepped, &forward);
            for key in probes {
                for seq in [0, 7, 700, u64::MAX] {
                    let expected = model.range((key.clone(), std::cmp::Reverse(seq))..).next().map(|(k, _)| k);
                    let found = m.at(m.seek(&key, seq)).map(|e| (e.key.to_vec(), std::cmp::Reverse(e.seq)));
                    prop_assert_eq!(found.as_ref(), expected);
                }
            }
        }
    }
}
