//! Reads a damaged table: which of its blocks are good, and which entries the others held.
//!
//! Where the index can be read, it says where each block is and which keys are in it. Where it cannot, the table is
//! [scanned](super::scan); that finds the blocks, and the index too if only the footer is gone.

use std::rc::Rc;

use super::{
    Account, LostBytes,
    scan::{Part, Scan},
};
use crate::{
    engine::table::{Block, BlockCursor, FOOTER_BYTES, Footer, Handle, Index, Properties, reader::parse_footer},
    entry::{Bytes, SeqNo, order},
    error::Result,
    storage::{FileId, Storage},
    verify::table::read_part,
    version::TableMeta,
};

/// The longest part of a key that an account shows.
const PREVIEW: usize = 60;

/// How much of a table is searched for blocks, in bytes, unless the manifest says that the table is longer: a file of
/// any length must not ask for as much memory.
const SEARCHED: u64 = 256 << 20;

/// What is good of a table.
#[derive(Debug)]
pub(super) struct Salvaged {
    pub file: FileId,
    /// The good blocks, in order.
    pub blocks: Vec<Handle>,
    /// Their entries.
    pub entries: u64,
    /// Whether the entries are in order, as they are in every table that the engine wrote.
    pub ordered: bool,
    /// No entry was written later (virtual seconds).
    pub newest_time: u64,
    pub largest_seq: SeqNo,
}

/// Reads the table `file`, which is `len` bytes long. `meta` is what the manifest says of it.
pub(super) async fn examine<S: Storage>(
    storage: &S,
    file: FileId,
    len: u64,
    meta: Option<&Rc<TableMeta>>,
    account: &mut Account,
) -> Salvaged {
    account.tables += 1;
    let mut parts = Parts::read(storage, file, len, meta).await;
    let mut walk = Walk::new(file, meta, parts.properties.as_ref());
    if parts.index.is_none() {
        let end = parts.data_end.unwrap_or(len);
        let searched = end.min(meta.map_or(0, |m| m.bytes).max(SEARCHED));
        let scanned = scan(storage, file, searched).await;
        parts.properties = parts.properties.or(scanned.properties);
        parts.index = scanned.index;
        match &parts.index {
            Some(_) => account.note(format!("{file}: its footer is damaged; its index was found by its checksum")),
            None => {
                account.note(format!("{file}: its index is damaged; its blocks were searched for by their checksums"));
                walk.take_scanned(scanned.pieces);
                if searched < end {
                    let what = "the file is longer than any table is searched".to_string();
                    walk.bad(Handle { offset: searched, bytes: end - searched }, what);
                }
            }
        }
    }
    if let Some(index) = &parts.index {
        walk.take_indexed(storage, index).await;
    }
    walk.finish(parts.properties.as_ref(), account)
}

/// What there is to know besides the blocks.
#[derive(Default)]
struct Parts {
    index: Option<Index>,
    properties: Option<Properties>,
    /// Where the blocks end.
    data_end: Option<u64>,
}

impl Parts {
    async fn read<S: Storage>(storage: &S, file: FileId, len: u64, meta: Option<&Rc<TableMeta>>) -> Parts {
        // Where bytes were added to the file or it was cut, the footer may be where the manifest says that it is.
        let ends = [Some(len), meta.map(|m| m.bytes).filter(|bytes| *bytes < len)];
        for end in ends.into_iter().flatten() {
            let Ok(footer) = read_footer(storage, file, end).await else { continue };
            let part = async |handle| read_part(storage, file, handle).await.ok();
            let index = part(footer.index).await.and_then(|p| Index::parse(&p).ok());
            return Parts {
                index: index.filter(|index| index.end() <= footer.filter.offset),
                properties: part(footer.properties).await.and_then(|p| Properties::parse(&p).ok()),
                data_end: Some(footer.filter.offset),
            };
        }
        Parts::default()
    }
}

async fn read_footer<S: Storage>(storage: &S, file: FileId, end: u64) -> Result<Footer, String> {
    let at = end.checked_sub(FOOTER_BYTES as u64).ok_or("too short")?;
    let bytes = storage.read(file, at..end).await.map_err(|e| e.message)?;
    let footer = parse_footer(file, at, &bytes).map_err(|e| e.message)?;
    footer.data(end).map(|_| footer)
}

/// What a scan found.
#[derive(Default)]
struct Scanned {
    /// Good blocks, and what is between them.
    pieces: Vec<(Handle, Result<Block, String>)>,
    index: Option<Index>,
    properties: Option<Properties>,
}

async fn scan<S: Storage>(storage: &S, file: FileId, end: u64) -> Scanned {
    let bytes = match storage.read(file, 0..end).await {
        Ok(bytes) => bytes,
        Err(error) => return Scanned { pieces: vec![(whole(end), Err(error.message))], ..Scanned::default() },
    };
    let mut scanned = Scanned::default();
    let mut in_data = true;
    for part in Scan::new(&bytes, file.number) {
        match part {
            Part::Sealed(handle, payload) => match Block::parse(payload.clone()) {
                Ok(block) if in_data => scanned.pieces.push((handle, Ok(block))),
                _ => {
                    in_data = false;
                    scanned.take_in_end(&payload);
                }
            },
            Part::Unknown(handle) if in_data => {
                let what = "there is no block whose checksum is correct".to_string();
                scanned.pieces.push((handle, Err(what)));
            }
            Part::Unknown(_) => {}
        }
    }
    scanned
}

impl Scanned {
    /// A part that is no block: one of those behind the blocks.
    fn take_in_end(&mut self, payload: &[u8]) {
        if let Ok(properties) = Properties::parse(payload) {
            self.properties = Some(properties);
        } else if let Ok(index) = Index::parse(payload) {
            self.index = Some(index);
        }
    }
}

fn whole(bytes: u64) -> Handle {
    Handle { offset: 0, bytes }
}

/// Goes over the pieces of a table in order.
struct Walk {
    salvaged: Salvaged,
    losses: Vec<LostBytes>,
    /// The smallest and the largest key there should be, if known.
    range: Option<(Bytes, Bytes)>,
    /// The last entry so far: key and sequence number.
    last: Option<(Vec<u8>, SeqNo)>,
    /// The last loss ends where the next block begins.
    open: bool,
    /// How many entries there should be.
    expected: Option<u64>,
}

impl Walk {
    fn new(file: FileId, meta: Option<&Rc<TableMeta>>, properties: Option<&Properties>) -> Walk {
        let preview = |key: &[u8]| Bytes::preview(key, PREVIEW);
        let range = match (meta, properties) {
            (Some(meta), _) => Some((preview(&meta.smallest), preview(&meta.largest))),
            (None, Some(p)) => Some((preview(&p.smallest), preview(&p.largest))),
            (None, None) => None,
        };
        let newest_time = meta.and_then(|m| m.newest_time).unwrap_or(0);
        let salvaged = Salvaged { file, blocks: Vec::new(), entries: 0, ordered: true, newest_time, largest_seq: 0 };
        let expected = meta.map(|m| m.entries).or(properties.map(|p| p.entries));
        Walk { salvaged, losses: Vec::new(), range, last: None, open: false, expected }
    }

    async fn take_indexed<S: Storage>(&mut self, storage: &S, index: &Index) {
        for i in 0..index.len() {
            let handle = index.handle(i);
            match read_part(storage, self.salvaged.file, handle).await.and_then(Block::parse) {
                Ok(block) => self.good(handle, block),
                Err(what) => {
                    self.bad(handle, format!("data block {i}: {what}"));
                    self.close(index.last(i).0);
                    self.last = Some((index.last(i).0.to_vec(), index.last(i).1));
                }
            }
        }
    }

    fn take_scanned(&mut self, pieces: Vec<(Handle, Result<Block, String>)>) {
        for (handle, block) in pieces {
            match block {
                Ok(block) => self.good(handle, block),
                Err(what) => self.bad(handle, what),
            }
        }
    }

    fn good(&mut self, handle: Handle, block: Block) {
        let mut cursor = BlockCursor::new(Rc::new(block));
        cursor.seek_to_first();
        self.close(cursor.entry().key);
        while cursor.valid() {
            let entry = cursor.entry();
            let after = |(key, seq): &(Vec<u8>, SeqNo)| order((key, *seq), (entry.key, entry.seq)).is_lt();
            self.salvaged.ordered &= self.last.as_ref().is_none_or(after);
            let (key, seq) = self.last.get_or_insert_default();
            key.clear();
            key.extend_from_slice(entry.key);
            *seq = entry.seq;
            self.salvaged.entries += 1;
            self.salvaged.largest_seq = self.salvaged.largest_seq.max(entry.seq);
            cursor.next();
        }
        self.salvaged.blocks.push(handle);
    }

    fn bad(&mut self, handle: Handle, what: String) {
        let before = self.last.as_ref().map(|(key, _)| Bytes::preview(key, PREVIEW));
        let first = before.or_else(|| self.range.as_ref().map(|(smallest, _)| smallest.clone()));
        self.losses.push(LostBytes { first, ..LostBytes::new(self.salvaged.file, handle.offset, handle.bytes, what) });
        self.open = true;
    }

    /// What was lost last is not after `key`.
    fn close(&mut self, key: &[u8]) {
        if std::mem::take(&mut self.open)
            && let Some(loss) = self.losses.last_mut()
        {
            loss.last = Some(Bytes::preview(key, PREVIEW));
        }
    }

    fn finish(mut self, properties: Option<&Properties>, account: &mut Account) -> Salvaged {
        self.salvaged.newest_time = self.salvaged.newest_time.max(properties.map_or(0, |p| p.newest_time));
        self.expected = self.expected.or(properties.map(|p| p.entries));
        let missing = self.expected.map(|expected| expected.saturating_sub(self.salvaged.entries));
        // What is behind the last block without an index may be no more than the end of the file.
        if missing == Some(0) {
            self.losses.clear();
        }
        let largest = self.range.take().map(|(_, largest)| largest);
        if let Some(loss) = self.losses.last_mut().filter(|_| self.open) {
            loss.last = largest;
        }
        match (self.losses.len(), missing) {
            (1, Some(_)) => self.losses[0].entries = missing,
            (0, Some(1..)) => {
                let what = "there should be more entries than there are";
                self.losses.push(LostBytes { entries: missing, ..LostBytes::new(self.salvaged.file, 0, 0, what) });
            }
            _ => {}
        }
        let several = self.losses.len() > 1;
        self.losses.into_iter().for_each(|loss| account.lose(loss));
        if let Some(missing) = missing.filter(|_| several) {
            account.entries_lost += missing;
            account.note(format!("{}: {missing} of its entries are lost", self.salvaged.file));
        }
        account.entries += self.salvaged.entries;
        self.salvaged
    }
}
