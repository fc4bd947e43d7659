//! A position in a data block: moves both ways, and seeks.
//!
//! In: a parsed [`Block`]. Out: its entries, one at a time. A step forward decodes one entry onto the key before it. A
//! step back cannot (a key is stored as its difference from the one *before*), so the first step back decodes
//! everything from the restart before it into a window, and the next steps back take it from there.

use std::rc::Rc;

use super::block::{Block, Raw};
use crate::entry::{EntryRef, SeqNo};

/// A position in a block: at an entry, or ([`valid`](BlockCursor::valid) is false) at none.
#[derive(Clone, Debug)]
pub struct BlockCursor {
    block: Rc<Block>,
    /// Where the entry lies; `None` at no entry.
    at: Option<Raw>,
    /// The entry's whole key.
    key: Vec<u8>,
    window: Window,
}

/// Entries just before the cursor's, the nearest last.
#[derive(Clone, Debug, Default)]
struct Window {
    /// Where each one lies, and where its key begins in `keys`; it ends where the next one begins.
    entries: Vec<(Raw, usize)>,
    keys: Vec<u8>,
}

impl Window {
    fn clear(&mut self) {
        self.entries.clear();
        self.keys.clear();
    }

    /// Takes in everything from the restart before offset `end` up to there.
    fn fill(&mut self, block: &Block, end: usize) {
        self.clear();
        let entries = block.entries();
        let mut at = block.restart_before_offset(end);
        let mut last = 0;
        while at < end
            && let Some(raw) = Raw::decode(entries, at)
        {
            let start = self.keys.len();
            self.keys.extend_from_within(last..last + raw.shared);
            self.keys.extend_from_slice(&entries[raw.suffix..raw.value]);
            self.entries.push((raw, start));
            (last, at) = (start, raw.end);
        }
    }
}

impl BlockCursor {
    /// A cursor that is at no entry yet.
    pub fn new(block: Rc<Block>) -> BlockCursor {
        BlockCursor { block, at: None, key: Vec::new(), window: Window::default() }
    }

    /// Goes over to another block, at no entry of it yet. Cheaper than a new cursor.
    pub fn reset(&mut self, block: Rc<Block>) {
        self.block = block;
        self.at = None;
        self.window.clear();
    }

    /// The block it moves in.
    pub fn block(&self) -> &Rc<Block> {
        &self.block
    }

    /// Whether it is at an entry.
    #[inline]
    pub fn valid(&self) -> bool {
        self.at.is_some()
    }

    /// The entry it is at.
    ///
    /// # Panics
    /// If it is at none.
    #[inline]
    pub fn entry(&self) -> EntryRef<'_> {
        let raw = self.at.as_ref().expect("the caller asked valid()");
        EntryRef { key: &self.key, seq: raw.seq(), kind: raw.kind(), value: &self.block.entries()[raw.value..raw.end] }
    }

    /// Goes to the first entry.
    pub fn seek_to_first(&mut self) {
        self.window.clear();
        self.key.clear();
        self.step(0);
    }

    /// Goes to the last entry.
    pub fn seek_to_last(&mut self) {
        self.window.clear();
        self.back_from(self.block.entries().len());
    }

    /// Goes to the first entry that is not before `(key, seq)`; to none if all are.
    pub fn seek(&mut self, key: &[u8], seq: SeqNo) {
        self.window.clear();
        match self.block.lower_bound(key, seq) {
            Some((raw, _)) => self.set(key, raw),
            None => self.at = None,
        }
    }

    /// Goes to the last entry that is not after `(key, seq)`; to none if all are.
    pub fn seek_for_prev(&mut self, key: &[u8], seq: SeqNo) {
        self.window.clear();
        match self.block.lower_bound(key, seq) {
            Some((raw, true)) if raw.seq() == seq => self.set(key, raw),
            Some((raw, _)) => self.back_from(raw.at),
            None => self.seek_to_last(),
        }
    }

    /// Goes to the next entry; to none after the last. At none, it stays there.
    #[inline]
    pub fn next(&mut self) {
        if let Some(raw) = self.at {
            self.window.clear();
            self.step(raw.end);
        }
    }

    /// Goes to the entry before; to none before the first. At none, it stays there.
    pub fn prev(&mut self) {
        let Some(raw) = self.at else { return };
        if self.window.entries.is_empty() {
            self.back_from(raw.at);
        } else {
            self.take_from_window();
        }
    }

    /// To the entry at offset `at`, whose key builds on `self.key`.
    #[inline]
    fn step(&mut self, at: usize) {
        self.at = Raw::decode(self.block.entries(), at);
        if let Some(raw) = &self.at {
            self.key.truncate(raw.shared);
            self.key.extend_from_slice(&self.block.entries()[raw.suffix..raw.value]);
        }
    }

    /// To an entry whose key shares its first bytes with `key`.
    fn set(&mut self, key: &[u8], raw: Raw) {
        self.key.clear();
        self.key.extend_from_slice(&key[..raw.shared]);
        self.key.extend_from_slice(&self.block.entries()[raw.suffix..raw.value]);
        self.at = Some(raw);
    }

    /// To the entry before offset `end`, if there is one.
    fn back_from(&mut self, end: usize) {
        self.window.fill(&self.block, end);
        self.take_from_window();
    }

    fn take_from_window(&mut self) {
        let Some((raw, start)) = self.window.entries.pop() else {
            self.at = None;
            return;
        };
        self.key.clear();
        self.key.extend_from_slice(&self.window.keys[start..]);
        self.window.keys.truncate(start);
        self.at = Some(raw);
    }
}
