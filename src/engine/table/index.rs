//! The index of a table: the last key of each data block, and where the block lies.
//!
//! In: each finished block, to an [`IndexBuilder`]. Out: a payload (to be [sealed](super::seal)), and from it an
//! [`Index`], which says in which block a key can only be.
//!
//! ```text
//! payload:  ┌───────┬─────────┬─────────┬─────┐
//!           │ count │ block 0 │ block 1 │  …  │
//!           └───────┴─────────┴─────────┴─────┘
//!             u32
//!
//! block:    ┌─────────┬──────────┬──────────┬────────┬────────┐
//!           │ key len │ last key │ last tag │ offset │ bytes  │
//!           └─────────┴──────────┴──────────┴────────┴────────┘
//!             varint    key len    u64        varint   varint
//! ```
//!
//! The tag is there because versions of one key may fill more than one block. `bytes` counts the whole block, checksum
//! included; the next block begins right behind it.
//!
//! In memory the keys lie one behind the other, and beside them eight bytes of each (behind what all keys share) as a
//! number: a search compares these first, in one small array, and touches keys only where they do not decide.

use std::cmp::Ordering;

use super::{
    Handle,
    prefix::{common_prefix, head},
};
use crate::{
    engine::codec::{Reader, put_slice, put_varint},
    entry::{self, SeqNo},
};

/// Collects blocks.
#[derive(Clone, Debug, Default)]
pub struct IndexBuilder {
    count: u32,
    blocks: Vec<u8>,
}

impl IndexBuilder {
    /// Takes in the next block: its last key and tag, and where it is.
    pub fn add(&mut self, last_key: &[u8], last_tag: u64, handle: Handle) {
        self.count += 1;
        put_slice(&mut self.blocks, last_key);
        self.blocks.extend_from_slice(&last_tag.to_le_bytes());
        put_varint(&mut self.blocks, handle.offset);
        put_varint(&mut self.blocks, handle.bytes);
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The payload.
    pub fn finish(&self) -> Vec<u8> {
        [&self.count.to_le_bytes(), self.blocks.as_slice()].concat()
    }
}

/// An index, ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// All last keys, one behind the other.
    keys: Vec<u8>,
    /// Where each one ends.
    ends: Vec<u32>,
    /// The sequence numbers that belong to them.
    seqs: Vec<SeqNo>,
    /// How many leading bytes all of them share.
    common: usize,
    /// The eight bytes behind these, big-endian: compare as the keys do, unless they are equal.
    prefixes: Vec<u64>,
    /// Where each block begins, and where the last one ends.
    offsets: Vec<u64>,
}

impl Index {
    /// Checks a payload: keys in order, blocks without gaps from the start of the file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(payload: &[u8]) -> Result<Index, String> {
        let mut input = Reader::new(payload);
        let count = input.u32().ok_or("the index is too short")?;
        let mut index = Index { offsets: vec![0], ..Index::default() };
        for i in 0..count {
            let (key, tag, handle) =
                read_block(&mut input).ok_or_else(|| format!("block {i} of the index is cut short"))?;
            index.push(key, tag >> 8, handle).map_err(|what| format!("block {i} of the index {what}"))?;
        }
        if !input.is_empty() {
            return Err("there are bytes behind the last block of the index".to_string());
        }
        index.make_prefixes();
        Ok(index)
    }

    fn push(&mut self, key: &[u8], seq: SeqNo, handle: Handle) -> Result<(), &'static str> {
        if !self.is_empty() && entry::order(self.last(self.len() - 1), (key, seq)).is_ge() {
            return Err("is out of order");
        }
        if self.offsets.last() != Some(&handle.offset) {
            return Err("does not begin where the one before ends");
        }
        self.keys.extend_from_slice(key);
        self.ends.push(u32::try_from(self.keys.len()).map_err(|_| "has more keys than can be")?);
        self.seqs.push(seq);
        self.offsets.push(handle.end().ok_or("is longer than can be")?);
        Ok(())
    }

    fn make_prefixes(&mut self) {
        let Some(last) = self.len().checked_sub(1) else { return };
        // Sorted, so that what the first and the last share, all share.
        self.common = common_prefix(self.last(0).0, self.last(last).0);
        self.prefixes = (0..=last).map(|i| head(&self.last(i).0[self.common..])).collect();
    }

    /// How many blocks there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no block.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The last key of block `i`, and its sequence number.
    ///
    /// # Panics
    /// If there is no block `i`.
    #[inline]
    pub fn last(&self, i: usize) -> (&[u8], SeqNo) {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        (&self.keys[start..self.ends[i] as usize], self.seqs[i])
    }

    /// Where block `i` lies.
    ///
    /// # Panics
    /// If there is no block `i`.
    #[inline]
    pub fn handle(&self, i: usize) -> Handle {
        Handle { offset: self.offsets[i], bytes: self.offsets[i + 1] - self.offsets[i] }
    }

    /// Where the last block ends.
    pub fn end(&self) -> u64 {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// The first block whose last entry is not before `(key, seq)`: the only one that can hold the first such entry.
    #[inline]
    pub fn find(&self, key: &[u8], seq: SeqNo) -> Option<usize> {
        let shared = self.keys.get(..self.common)?;
        match key[..key.len().min(self.common)].cmp(shared) {
            Ordering::Less => return (!self.is_empty()).then_some(0),
            Ordering::Greater => return None,
            Ordering::Equal => {}
        }
        let wanted = head(&key[self.common..]);
        let mut low = self.prefixes.partition_point(|&p| p < wanted);
        if self.prefixes.get(low) == Some(&wanted) {
            low = self.find_among_equals(low, wanted, (key, seq));
        }
        (low < self.len()).then_some(low)
    }

    /// The same, from block `low` on, where the prefixes begin to be equal to the wanted one and do not decide.
    fn find_among_equals(&self, mut low: usize, wanted: u64, target: (&[u8], SeqNo)) -> usize {
        let mut high = low + self.prefixes[low..].partition_point(|&p| p == wanted);
        while low < high {
            let middle = (low + high) / 2;
            if entry::order(self.last(middle), target).is_lt() { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// One block's entry in the index.
fn read_block<'a>(input: &mut Reader<'a>) -> Option<(&'a [u8], u64, Handle)> {
    let key = input.slice()?;
    Some((key, input.u64()?, Handle { offset: input.varint()?, bytes: input.varint()? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{EntryKind, MAX_SEQ};

    fn payload(blocks: &[(&str, SeqNo)]) -> Vec<u8> {
        let mut builder = IndexBuilder::default();
        for (i, (key, seq)) in blocks.iter().enumerate() {
            let tag = super::super::block::tag(*seq, EntryKind::Put);
            builder.add(key.as_bytes(), tag, Handle { offset: 100 * i as u64, bytes: 100 });
        }
        builder.finish()
    }

    #[test]
    fn finds_the_first_block_that_does_not_end_before() {
        let last = [("", 5), ("key", 9), ("key", 4), ("key\0", 4), ("keys/000000001/a", 1), ("keys/000000001/b", 1)];
        let index = Index::parse(&payload(&last)).unwrap();
        let keys = ["", "\0", "a", "ke", "key", "key\0", "key\0\0", "keys/000000001", "keys/000000001/aa", "z"];
        for key in keys {
            for seq in [0, 1, 4, 5, 8, 9, MAX_SEQ] {
                let expected =
                    last.iter().position(|(k, s)| entry::order((k.as_bytes(), *s), (key.as_bytes(), seq)).is_ge());
                assert_eq!(index.find(key.as_bytes(), seq), expected, "{key:?} {seq}");
            }
        }
    }

    #[test]
    fn keys_that_share_much_are_found_too() {
        let keys: Vec<String> = (0..500).map(|i| format!("a/rather/long/prefix/{i:04}/x")).collect();
        let blocks: Vec<(&str, SeqNo)> = keys.iter().map(|k| (k.as_str(), 1)).collect();
        let index = Index::parse(&payload(&blocks)).unwrap();
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(index.find(key.as_bytes(), 1), Some(i));
            assert_eq!(index.find(&key.as_bytes()[..key.len() - 1], 1), Some(i));
        }
        assert_eq!(index.find(b"a/rather", 1), Some(0));
        assert_eq!(index.find(b"a/rather/z", 1), None);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let problem = |payload: &[u8]| Index::parse(payload).unwrap_err();
        assert!(problem(&payload(&[("b", 1), ("a", 1)])).contains("out of order"));
        assert!(problem(&payload(&[("a", 1), ("a", 1)])).contains("out of order"));
        assert!(problem(&[1, 0]).contains("too short"));
        assert!(problem(&u32::MAX.to_le_bytes()).contains("cut short"));
        let mut gap = IndexBuilder::default();
        gap.add(b"a", 1, Handle { offset: 1, bytes: 9 });
        assert!(problem(&gap.finish()).contains("does not begin where"));
        assert!(problem(&[payload(&[("a", 1)]), vec![0]].concat()).contains("behind the last"));
        assert_eq!(Index::parse(&payload(&[])).unwrap().find(b"", 0), None);
    }
}
