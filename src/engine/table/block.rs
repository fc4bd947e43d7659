//! Data blocks: runs of entries, keys prefix-compressed, with restart points to search from.
//!
//! In: entries in order, to a [`BlockBuilder`]. Out: a payload (to be [sealed](super::seal)), and from it a [`Block`],
//! which is checked once, when it is parsed, and then searched without checks or allocation (but for the
//! shortcuts that a second search makes).
//!
//! ```text
//! payload:  ┌─────────┬─────────┬─────┬────────────┬─────┬────────────┬───────┐
//!           │ entry 0 │ entry 1 │  …  │ restart 0  │  …  │ restart n  │ n + 1 │
//!           └─────────┴─────────┴─────┴────────────┴─────┴────────────┴───────┘
//!                                       u32 each                        u32
//!
//! entry:    ┌────────┬──────────┬───────────┬─────┬────────────┬───────┐
//!           │ shared │ unshared │ value len │ tag │ key suffix │ value │
//!           └────────┴──────────┴───────────┴─────┴────────────┴───────┘
//!             varint   varint     varint      u64   unshared     value len bytes
//! ```
//!
//! An entry's key is the first `shared` bytes of the key before it, then `key suffix`. In every
//! `block_restart_interval`-th entry `shared` is 0: the offset of such an entry is a *restart*, and a search begins
//! with a binary search over the restarts. `tag` is the sequence number × 256 + the [kind](EntryKind); it is never
//! compressed.

use std::{
    cell::{Cell, OnceCell},
    cmp::Ordering,
};

use super::{
    prefix::common_prefix,
    shortcuts::{Shortcuts, Start},
};
use crate::{
    engine::codec::{Reader, put_varint},
    entry::{self, EntryKind, EntryRef, MAX_SEQ, SeqNo},
};

/// A sequence number and a kind in one number.
#[inline]
pub fn tag(seq: SeqNo, kind: EntryKind) -> u64 {
    seq << 8 | kind as u64
}

/// Makes one block after the other.
#[derive(Debug)]
pub struct BlockBuilder {
    restart_interval: usize,
    payload: Vec<u8>,
    restarts: Vec<u32>,
    entries: usize,
    /// The key of the last entry; it outlives its block, so that the order can be checked from block to block.
    last_key: Vec<u8>,
    last_seq: SeqNo,
}

impl BlockBuilder {
    /// Stores every `restart_interval`-th key whole.
    pub fn new(restart_interval: usize) -> BlockBuilder {
        BlockBuilder {
            restart_interval: restart_interval.max(1),
            payload: Vec::new(),
            restarts: Vec::new(),
            entries: 0,
            last_key: Vec::new(),
            last_seq: 0,
        }
    }

    /// Appends an entry, which must come after all others in the one order.
    pub fn add(&mut self, entry: EntryRef<'_>) {
        self.push(common_prefix(&self.last_key, entry.key), entry);
    }

    /// [`add`](BlockBuilder::add) where it is known that the key shares `common` bytes with the one before.
    pub(super) fn push(&mut self, common: usize, entry: EntryRef<'_>) {
        let shared = if self.entries.is_multiple_of(self.restart_interval) {
            self.restarts.push(self.payload.len() as u32);
            0
        } else {
            common
        };
        let suffix = &entry.key[shared..];
        put_varint(&mut self.payload, shared as u64);
        put_varint(&mut self.payload, suffix.len() as u64);
        put_varint(&mut self.payload, entry.value.len() as u64);
        self.payload.extend_from_slice(&tag(entry.seq, entry.kind).to_le_bytes());
        self.payload.extend_from_slice(suffix);
        self.payload.extend_from_slice(entry.value);
        self.last_key.truncate(common);
        self.last_key.extend_from_slice(&entry.key[common..]);
        self.last_seq = entry.seq;
        self.entries += 1;
    }

    /// The length of the payload that [`finish`](BlockBuilder::finish) would return now.
    pub fn size_estimate(&self) -> usize {
        self.payload.len() + 4 * self.restarts.len() + 4
    }

    /// The entries added since the last [`finish`](BlockBuilder::finish).
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Whether nothing was added since the last [`finish`](BlockBuilder::finish).
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The last entry's key and sequence number, even if its block is finished; an empty key and 0 before the first.
    pub fn last(&self) -> (&[u8], SeqNo) {
        (&self.last_key, self.last_seq)
    }

    /// The payload; the next entry begins a new block.
    pub fn finish(&mut self) -> Vec<u8> {
        for restart in &self.restarts {
            self.payload.extend_from_slice(&restart.to_le_bytes());
        }
        self.payload.extend_from_slice(&(self.restarts.len() as u32).to_le_bytes());
        self.restarts.clear();
        self.entries = 0;
        let next = Vec::with_capacity(self.payload.len());
        std::mem::replace(&mut self.payload, next)
    }
}

/// Where the parts of one entry lie in the entries of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    /// Where the entry begins.
    pub at: usize,
    /// How much of the key is that of the key before.
    pub shared: usize,
    /// The tag.
    pub tag: u64,
    /// Where the key's suffix begins.
    pub suffix: usize,
    /// Where the value begins, and the suffix ends.
    pub value: usize,
    /// Where the value ends, and the next entry begins.
    pub end: usize,
}

impl Raw {
    /// The entry at `at`; `None` at the end, or if there is none that ends in `entries`.
    #[inline]
    pub fn decode(entries: &[u8], at: usize) -> Option<Raw> {
        let rest = entries.get(at..)?;
        let (shared, unshared, value_len, lengths) = match *rest {
            // Three lengths of one byte each: nearly always.
            [a, b, c, ..] if (a | b | c) < 0x80 => (a as usize, b as usize, c as usize, 3),
            _ => decode_lengths(rest)?,
        };
        let tag = u64::from_le_bytes(rest.get(lengths..lengths + 8)?.try_into().ok()?);
        let suffix = at + lengths + 8;
        let value = suffix.checked_add(unshared)?;
        let end = value.checked_add(value_len)?;
        (end <= entries.len()).then_some(Raw { at, shared, tag, suffix, value, end })
    }

    /// The length of the whole key.
    #[inline]
    pub fn key_len(&self) -> usize {
        self.shared + self.value - self.suffix
    }

    #[inline]
    pub fn seq(&self) -> SeqNo {
        self.tag >> 8
    }

    /// The kind, of an entry that was checked when its block was parsed.
    #[inline]
    pub fn kind(&self) -> EntryKind {
        if self.tag as u8 == EntryKind::Delete as u8 { EntryKind::Delete } else { EntryKind::Put }
    }
}

#[cold]
fn decode_lengths(bytes: &[u8]) -> Option<(usize, usize, usize, usize)> {
    let mut reader = Reader::new(bytes);
    let mut length = || usize::try_from(reader.varint()?).ok();
    let (shared, unshared, value_len) = (length()?, length()?, length()?);
    Some((shared, unshared, value_len, bytes.len() - reader.rest().len()))
}

/// After how many searches a block gets shortcuts. Making them takes as long as a few searches take longer without: a
/// block that passes through a small cache does not repay them, one that stays does.
const REPAID: u8 = 8;

/// A block that was checked: searching it cannot fail.
#[derive(Debug)]
pub struct Block {
    payload: Vec<u8>,
    /// Where the entries end and the restarts begin.
    entries_end: usize,
    restarts: usize,
    entries: usize,
    /// How often it was searched without shortcuts.
    searches: Cell<u8>,
    shortcuts: OnceCell<Shortcuts>,
}

impl Block {
    /// Checks a payload: every entry whole, every restart at an entry with a whole key. The order of the entries is not
    /// checked: the payload's checksum vouches for the writer.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(payload: Vec<u8>) -> Result<Block, String> {
        let (entries_end, restarts) = split(&payload)?;
        let (searches, shortcuts) = (Cell::new(0), OnceCell::new());
        let mut block = Block { payload, entries_end, restarts, entries: 0, searches, shortcuts };
        block.entries = block.check()?;
        Ok(block)
    }

    /// Returns how many entries there are.
    fn check(&self) -> Result<usize, String> {
        let entries = self.entries();
        let (mut at, mut count, mut restarts, mut key_len) = (0, 0, 0, 0);
        let mut restart = self.restart(0);
        while at < entries.len() {
            let raw = Raw::decode(entries, at).ok_or_else(|| format!("the entry at {at} of the block is cut short"))?;
            if raw.shared > key_len {
                return Err(format!("the entry at {at} of the block shares more than there is"));
            }
            if EntryKind::from_byte(raw.tag as u8).is_none() || raw.seq() > MAX_SEQ {
                return Err(format!("the entry at {at} of the block has no valid tag"));
            }
            if at == restart {
                if raw.shared != 0 {
                    return Err(format!("the restart at {at} of the block has no whole key"));
                }
                restarts += 1;
                restart = if restarts < self.restarts { self.restart(restarts) } else { usize::MAX };
            }
            key_len = raw.key_len();
            count += 1;
            at = raw.end;
        }
        if restarts < self.restarts || self.restart(0) != 0 {
            return Err("a restart of the block is not at an entry, or there is none at the first".to_string());
        }
        Ok(count)
    }

    /// What it counts for in a cache: its payload. The shortcuts of a block that is searched often come on top, some
    /// tenth of it; a block that is only passing through has none.
    pub fn bytes(&self) -> u64 {
        self.payload.len() as u64
    }

    /// The bytes of the entries.
    #[inline]
    pub(super) fn entries(&self) -> &[u8] {
        &self.payload[..self.entries_end]
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there is no entry: never, a block has at least one.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    #[inline]
    pub(super) fn restart(&self, i: usize) -> usize {
        let at = self.entries_end + 4 * i;
        let bytes = self.payload[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(bytes) as usize
    }

    /// The entry that a reader of `key` at `seq` sees, if it is in this block: the newest that is not newer than `seq`.
    #[inline]
    pub fn get<'a>(&'a self, key: &'a [u8], seq: SeqNo) -> Option<EntryRef<'a>> {
        let (raw, same_key) = self.lower_bound(key, seq)?;
        same_key.then(|| EntryRef { key, seq: raw.seq(), kind: raw.kind(), value: &self.payload[raw.value..raw.end] })
    }

    /// The first entry that is not before `(key, seq)`, and whether its key is `key`. In any case the first `shared`
    /// bytes of its key are `key`'s.
    #[inline]
    pub(super) fn lower_bound(&self, key: &[u8], seq: SeqNo) -> Option<(Raw, bool)> {
        let searches = self.searches.get();
        if searches >= REPAID {
            let shortcuts = self.shortcuts.get_or_init(|| Shortcuts::new(self));
            match shortcuts.find(self, key) {
                Start::At { offset, matched } => self.scan(offset, matched, key, seq),
                Start::PastTheLast => None,
                Start::Unknown => self.scan(self.restart_before(key, seq), 0, key, seq),
            }
        } else {
            self.searches.set(searches + 1);
            self.scan(self.restart_before(key, seq), 0, key, seq)
        }
    }

    /// [`lower_bound`](Block::lower_bound), given that it is not before the entry at offset `at`, and that the entry
    /// before that one is less and shares `matched` bytes with `key` (bytes beyond its own end do not count).
    ///
    /// An entry that shares more with the one before than `key` does is less than `key` too, at the same byte: only the
    /// others have to be compared, and only from `shared` on. No key is ever put together.
    #[inline]
    fn scan(&self, mut at: usize, mut matched: usize, key: &[u8], seq: SeqNo) -> Option<(Raw, bool)> {
        let entries = self.entries();
        while let Some(raw) = Raw::decode(entries, at) {
            if raw.shared <= matched {
                let (suffix, rest) = (&entries[raw.suffix..raw.value], &key[raw.shared..]);
                let common = common_prefix(suffix, rest);
                match suffix.get(common).cmp(&rest.get(common)) {
                    Ordering::Greater => return Some((raw, false)),
                    Ordering::Equal if raw.seq() <= seq => return Some((raw, true)),
                    _ => matched = raw.shared + common,
                }
            }
            at = raw.end;
        }
        None
    }

    /// The offset of the last restart that is before `(key, seq)`; of the first one if none is.
    fn restart_before(&self, key: &[u8], seq: SeqNo) -> usize {
        let entries = self.entries();
        self.last_restart(|at| {
            Raw::decode(entries, at)
                .is_some_and(|raw| entry::order((&entries[raw.suffix..raw.value], raw.seq()), (key, seq)).is_lt())
        })
    }

    /// The offset of the last restart before offset `end`; of the first one if none is.
    pub(super) fn restart_before_offset(&self, end: usize) -> usize {
        self.last_restart(|at| at < end)
    }

    /// The offset of the last restart of which `before` holds, as it does of all that are before it; of the first one
    /// if it holds of none.
    #[inline]
    fn last_restart(&self, before: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (0, self.restarts - 1);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if before(self.restart(middle)) { low = middle } else { high = middle - 1 }
        }
        self.restart(low)
    }
}

/// Where a payload's entries end, and how many restarts follow.
pub(crate) fn split(payload: &[u8]) -> Result<(usize, usize), String> {
    let end = payload.len().checked_sub(4).ok_or("the block is too short")?;
    let count = Reader::new(&payload[end..]).u32().unwrap_or(0) as usize;
    if count == 0 || u32::try_from(payload.len()).is_err() {
        return Err("the block has no restarts, or is too long".to_string());
    }
    let entries_end = count.checked_mul(4).and_then(|bytes| end.checked_sub(bytes));
    Ok((entries_end.ok_or("the block has more restarts than bytes")?, count))
}
