//! Shortcuts into a data block that is searched often.
//!
//! A search from a restart reads a dozen cache lines of a block that lies in memory: half of the entries up to the next
//! restart, and a restart at each step before. So a block that was searched a few times gets this beside it: eight
//! bytes of each key as a number, and each entry's offset. A search is then a binary search in a small array, and ends
//! (nearly always) at the entry. Nothing of it is stored.

use std::cmp::Ordering;

use super::{
    block::{Block, Raw},
    prefix::{common_prefix, head},
};

/// If more entries than this have the same head, a search from a restart is faster.
const MAX_EQUALS: usize = 16;

/// Heads and offsets of all entries.
#[derive(Debug)]
pub(super) struct Shortcuts {
    /// All keys begin with these many bytes of the first.
    common: usize,
    /// The eight bytes behind these of each key, as a number that compares as they do.
    heads: Vec<u64>,
    offsets: Vec<u32>,
}

/// Where a search should go on.
pub(super) enum Start {
    /// No entry before the one at `offset` is the wanted one, and the entry before that shares `matched` bytes with the
    /// wanted key.
    At { offset: usize, matched: usize },
    /// All entries are before the wanted one.
    PastTheLast,
    /// Heads do not tell.
    Unknown,
}

impl Shortcuts {
    /// Those of `block`.
    pub fn new(block: &Block) -> Shortcuts {
        let common = common_to_all(block);
        let mut shortcuts =
            Shortcuts { common, heads: Vec::with_capacity(block.len()), offsets: Vec::with_capacity(block.len()) };
        let entries = block.entries();
        let (mut at, mut last) = (0, 0);
        while let Some(raw) = Raw::decode(entries, at) {
            let suffix = &entries[raw.suffix..raw.value];
            last = match raw.shared.checked_sub(common) {
                None => head(&suffix[(common - raw.shared).min(suffix.len())..]),
                // What is shared stays, the suffix takes the place of the rest.
                Some(kept @ 0..8) => last & !(u64::MAX >> (8 * kept)) | head(suffix) >> (8 * kept),
                Some(_) => last,
            };
            shortcuts.heads.push(last);
            shortcuts.offsets.push(at as u32);
            at = raw.end;
        }
        shortcuts
    }

    /// Where to search for `key`.
    #[inline]
    pub fn find(&self, block: &Block, key: &[u8]) -> Start {
        let entries = block.entries();
        let Some(first) = Raw::decode(entries, 0) else { return Start::PastTheLast };
        match key[..key.len().min(self.common)].cmp(&entries[first.suffix..first.suffix + self.common]) {
            Ordering::Less => return Start::At { offset: 0, matched: 0 },
            Ordering::Greater => return Start::PastTheLast,
            Ordering::Equal => {}
        }
        let wanted = head(&key[self.common..]);
        let at = self.heads.partition_point(|&head| head < wanted);
        if self.heads.get(at + MAX_EQUALS) == Some(&wanted) {
            return Start::Unknown;
        }
        let Some(&offset) = self.offsets.get(at) else { return Start::PastTheLast };
        // Where the key before ends, its head goes on with zeros that it does not have, and this may count some of
        // them. That does no harm: the entry here cannot share them.
        let matched = match at.checked_sub(1) {
            Some(before) => self.common + (self.heads[before] ^ wanted).leading_zeros() as usize / 8,
            None => 0,
        };
        let matched = matched.min(key.len());
        Start::At { offset: offset as usize, matched }
    }
}

/// How many bytes all keys of a block share (or fewer, had a writer shared less than it could).
fn common_to_all(block: &Block) -> usize {
    let entries = block.entries();
    let (mut first, mut common) = (None, usize::MAX);
    let mut at = 0;
    while let Some(raw) = Raw::decode(entries, at) {
        if raw.shared > 0 {
            common = common.min(raw.shared);
        } else {
            let whole = &entries[raw.suffix..raw.value];
            common = common.min(common_prefix(first.get_or_insert(whole), whole));
        }
        at = raw.end;
    }
    common
}
