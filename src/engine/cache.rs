//! The block cache: data blocks in memory, limited by bytes, evicting the least recently used.
//!
//! In: blocks as they were read and parsed, by table and number. Out: shared handles to them. A block with a live
//! handle outlives its eviction. The capacity counts [`Block::bytes`], so that the same blocks stay on every machine.
//!
//! Everything it takes out, it says, one at a time where the caller wants to tell of each
//! ([`evict_for`](BlockCache::evict_for), [`remove`](BlockCache::remove)), or all at once
//! ([`insert`](BlockCache::insert), [`remove_table`](BlockCache::remove_table)).

use std::{
    hash::{BuildHasherDefault, Hasher},
    rc::Rc,
};

use lru::LruCache;

use crate::{engine::table::Block, version::TableId};

/// A block that was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evicted {
    /// Its table.
    pub table: TableId,
    /// Its number in the table.
    pub block: u64,
    /// What it had counted for.
    pub bytes: u64,
}

/// Which block: its table, and its number there.
type Key = (TableId, u64);

/// The cache.
#[derive(Debug)]
pub struct BlockCache {
    capacity: u64,
    bytes: u64,
    blocks: LruCache<Key, Rc<Block>, BuildHasherDefault<KeyHasher>>,
}

impl BlockCache {
    /// A cache for `capacity` bytes of blocks; 0 keeps none.
    pub fn new(capacity: u64) -> BlockCache {
        BlockCache { capacity, bytes: 0, blocks: LruCache::unbounded_with_hasher(BuildHasherDefault::default()) }
    }

    /// A block, which thereby becomes the most recently used.
    #[inline]
    pub fn get(&mut self, table: TableId, block: u64) -> Option<Rc<Block>> {
        self.blocks.get(&(table, block)).cloned()
    }

    /// Whether a block of `bytes` can be kept at all.
    pub fn fits(&self, bytes: u64) -> bool {
        bytes <= self.capacity
    }

    /// Takes out the least recently used block, if one must go so that `bytes` more fit. To be repeated until `None`.
    pub fn evict_for(&mut self, bytes: u64) -> Option<Evicted> {
        if !self.fits(bytes) || self.bytes + bytes <= self.capacity {
            return None;
        }
        let (key, block) = self.blocks.pop_lru()?;
        Some(self.taken_out(key, &block))
    }

    /// Puts a block in, and returns what had to go for it. A block larger than the cache is not kept: it alone comes
    /// back. A block that is in there already takes its own place.
    pub fn insert(&mut self, table: TableId, block: u64, data: Rc<Block>) -> Vec<Evicted> {
        let bytes = data.bytes();
        self.remove(table, block);
        if !self.fits(bytes) {
            return vec![Evicted { table, block, bytes }];
        }
        let evicted = std::iter::from_fn(|| self.evict_for(bytes)).collect();
        self.bytes += bytes;
        self.blocks.put((table, block), data);
        evicted
    }

    /// Takes one block out.
    pub fn remove(&mut self, table: TableId, block: u64) -> Option<Evicted> {
        let data = self.blocks.pop(&(table, block))?;
        Some(self.taken_out((table, block), &data))
    }

    /// The numbers of a table's blocks in the cache, in order.
    pub fn blocks_of(&self, table: TableId) -> Vec<u64> {
        let mut blocks: Vec<u64> = self.blocks.iter().filter(|(key, _)| key.0 == table).map(|(key, _)| key.1).collect();
        blocks.sort_unstable();
        blocks
    }

    /// Takes all blocks of a table out, and returns them in order.
    pub fn remove_table(&mut self, table: TableId) -> Vec<Evicted> {
        self.blocks_of(table).into_iter().filter_map(|block| self.remove(table, block)).collect()
    }

    /// The bytes of all blocks.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The most bytes it keeps.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Every block: table, number and bytes, ordered by table and number.
    pub fn entries(&self) -> Vec<(TableId, u64, u64)> {
        let mut entries: Vec<_> = self.blocks.iter().map(|(key, data)| (key.0, key.1, data.bytes())).collect();
        entries.sort_unstable();
        entries
    }

    fn taken_out(&mut self, (table, block): Key, data: &Block) -> Evicted {
        self.bytes -= data.bytes();
        Evicted { table, block, bytes: data.bytes() }
    }
}

/// Mixes the two numbers of a [`Key`]: fixed, so that every run is the same, and cheap. The engine assigns these
/// numbers, so no input can choose keys that collide.
#[derive(Clone, Copy, Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    #[inline]
    fn write_u64(&mut self, n: u64) {
        // An odd multiplier close to 2^64 / the golden ratio spreads neighbours; the rotation brings the well-mixed
        // high bits to where a hash table looks.
        self.0 = (self.0 ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::table::BlockBuilder,
        entry::{EntryKind, EntryRef},
    };

    /// A block of one entry that counts for `bytes`.
    fn block(bytes: usize) -> Rc<Block> {
        let mut builder = BlockBuilder::new(16);
        // Lengths, tag, restart and count take the rest.
        builder.add(EntryRef { key: b"", seq: 1, kind: EntryKind::Put, value: &vec![0; bytes - 20] });
        let block = Block::parse(builder.finish()).unwrap();
        assert_eq!(block.bytes(), bytes as u64);
        Rc::new(block)
    }

    fn evicted(evicted: &[Evicted]) -> Vec<(TableId, u64)> {
        evicted.iter().map(|e| (e.table, e.block)).collect()
    }

    #[test]
    fn the_least_recently_used_goes_first_and_only_as_many_as_must() {
        let mut cache = BlockCache::new(1000);
        for i in 0..4 {
            assert_eq!(cache.insert(1, i, block(250)), []);
        }
        assert!(cache.get(1, 0).is_some());
        assert_eq!(evicted(&cache.insert(2, 0, block(260))), [(1, 1), (1, 2)]);
        assert_eq!(cache.entries(), [(1, 0, 250), (1, 3, 250), (2, 0, 260)]);
        assert_eq!((cache.bytes(), cache.len()), (760, 3));
        assert!(cache.get(1, 1).is_none());
    }

    #[test]
    fn a_block_larger_than_the_cache_comes_back_and_evicts_nothing() {
        let mut cache = BlockCache::new(1000);
        cache.insert(1, 0, block(600));
        assert_eq!(cache.insert(1, 1, block(1001)), [Evicted { table: 1, block: 1, bytes: 1001 }]);
        assert_eq!((cache.fits(1000), cache.fits(1001), cache.evict_for(1001)), (true, false, None));
        assert_eq!(cache.entries(), [(1, 0, 600)]);
        assert_eq!(evicted(&BlockCache::new(0).insert(1, 0, block(250))), [(1, 0)]);
    }

    #[test]
    fn a_block_put_in_twice_counts_once() {
        let mut cache = BlockCache::new(1000);
        cache.insert(1, 0, block(600));
        assert_eq!(cache.insert(1, 0, block(700)), []);
        assert_eq!((cache.bytes(), cache.len()), (700, 1));
    }

    #[test]
    fn a_table_leaves_with_all_its_blocks_and_nobody_elses() {
        let mut cache = BlockCache::new(2000);
        for (table, i) in [(1, 5), (2, 5), (1, 0), (1, 9), (3, 1)] {
            cache.insert(table, i, block(250));
        }
        assert_eq!(evicted(&cache.remove_table(1)), [(1, 0), (1, 5), (1, 9)]);
        assert_eq!((cache.bytes(), cache.entries()), (500, vec![(2, 5, 250), (3, 1, 250)]));
        assert_eq!(cache.remove_table(1), []);
    }

    #[test]
    fn one_at_a_time_ends_with_the_same_as_all_at_once() {
        let mut cache = BlockCache::new(1000);
        (0..4).for_each(|i| drop(cache.insert(1, i, block(250))));
        let one_by_one: Vec<Evicted> = std::iter::from_fn(|| cache.evict_for(600)).collect();
        assert_eq!(evicted(&one_by_one), [(1, 0), (1, 1), (1, 2)]);
        assert_eq!(cache.insert(1, 4, block(600)), []);
    }

    #[test]
    fn a_block_in_use_outlives_its_eviction() {
        let mut cache = BlockCache::new(1000);
        cache.insert(1, 0, block(600));
        let held = cache.get(1, 0).unwrap();
        cache.insert(1, 1, block(600));
        assert!(cache.get(1, 0).is_none());
        assert!(held.get(b"", 1).is_some());
    }
}
