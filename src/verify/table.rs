//! Checks one table: each part by itself, and all of them against one another and the manifest.

use std::rc::Rc;

use super::Findings;
use crate::{
    engine::{
        retold,
        table::{
            Block, BlockCursor, FOOTER_BYTES, Filter, Footer, Handle, Index, Properties, filter, properties::FIELDS,
            reader::parse_footer, seal::unseal,
        },
    },
    entry::{Bytes, EntryKind, EntryRef, MAX_SEQ, SeqNo, order},
    error::Result,
    storage::{FileId, Storage},
    version::TableMeta,
    words::{said, say},
};

/// The longest part of a key that is shown.
const PREVIEW: usize = 40;

/// Checks the table `file`, which is `len` bytes long. `meta` is what the manifest says of it, if it can be asked.
pub(super) async fn check<S: Storage>(
    storage: &S,
    file: FileId,
    len: u64,
    meta: Option<&Rc<TableMeta>>,
    findings: &mut Findings,
) {
    findings.tables += 1;
    findings.bytes += len;
    let mut check = Check { storage, file, findings };
    if let Some(meta) = meta.filter(|meta| meta.bytes != len) {
        let what = say!("it has {bytes} bytes, the manifest says {said}", bytes = len, said = meta.bytes);
        check.findings.damage(file, len.min(meta.bytes), what);
    }
    let Some(footer) = check.footer(len).await else { return };
    let filter = match footer.filter.bytes {
        0 => None,
        _ => check.part(say!("filter"), footer.filter, Filter::parse).await,
    };
    let index = check.part(say!("index"), footer.index, |payload| Index::parse(&payload)).await;
    let properties = check.part(say!("properties"), footer.properties, |payload| Properties::parse(&payload)).await;
    let content = match &index {
        Some(index) => check.blocks(&footer, index, filter.as_ref()).await,
        None => None,
    };
    check.compare(&footer, meta, properties.as_ref(), content.as_ref());
}

struct Check<'a, S> {
    storage: &'a S,
    file: FileId,
    findings: &'a mut Findings,
}

impl<S: Storage> Check<'_, S> {
    fn damage(&mut self, offset: u64, what: impl Into<String>) {
        self.findings.damage(self.file, offset, what);
    }

    async fn footer(&mut self, len: u64) -> Option<Footer> {
        let Some(at) = len.checked_sub(FOOTER_BYTES as u64) else {
            self.damage(0, say!("{n} bytes are too few for a table", n = len));
            return None;
        };
        let bytes = self.storage.read(self.file, at..len).await;
        let footer = bytes.and_then(|bytes| parse_footer(self.file, at, &bytes));
        let footer = footer.map_err(|error| self.findings.error(Some(self.file), error)).ok()?;
        footer.data(len).map(|_| footer).map_err(|what| self.damage(at, retold(&what))).ok()
    }

    async fn part<T>(
        &mut self,
        name: String,
        handle: Handle,
        parse: impl FnOnce(Vec<u8>) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = read_part(self.storage, self.file, handle).await.and_then(parse);
        let told = |what: String| say!("the {part}: {what}", part = name, what = retold(&what));
        parsed.map_err(|what| self.damage(handle.offset, told(what))).ok()
    }

    /// Checks all data blocks. Returns what they hold, if all of them can be read.
    async fn blocks(&mut self, footer: &Footer, index: &Index, filter: Option<&Filter>) -> Option<Properties> {
        if index.end() != footer.filter.offset {
            let what = say!(
                "the index: its blocks end at byte {end}, but the next part begins at byte {next}",
                end = index.end(),
                next = footer.filter.offset,
            );
            self.damage(footer.index.offset, what);
        }
        let mut content = Content::new();
        let mut whole = true;
        let mut filter = filter.map(|filter| (filter, footer.filter.offset));
        for i in 0..index.len() {
            let handle = index.handle(i);
            match read_part(self.storage, self.file, handle).await.and_then(Block::parse) {
                Ok(block) => {
                    let found = content.take_in(block, &mut filter);
                    self.tell(i, handle, found);
                    self.compare_last(i, index, footer, &content);
                }
                Err(what) => {
                    self.damage(handle.offset, say!("data block {n}: {what}", n = i, what = retold(&what)));
                    whole = false;
                    // The next block must still come after what the index says of this one.
                    content.pass_over(index.last(i));
                }
            }
            self.findings.blocks += 1;
        }
        self.findings.entries += content.counted.entries;
        whole.then(|| content.finish(index))
    }

    fn tell(&mut self, i: usize, handle: Handle, found: Found) {
        if let Some(what) = found.disorder {
            self.damage(handle.offset, say!("data block {n}: {what}", n = i, what));
        }
        if let Some((offset, key)) = found.denied {
            self.damage(offset, say!("the filter: it denies the key {key}, which is in data block {n}", key, n = i));
        }
    }

    fn compare_last(&mut self, i: usize, index: &Index, footer: &Footer, content: &Content) {
        let (named, found) = (index.last(i), (content.key.as_slice(), content.seq));
        if named != found {
            let what = say!(
                "the index: data block {n} should end with {named} and ends with {found}",
                n = i,
                named = name(named),
                found = name(found),
            );
            self.damage(footer.index.offset, what);
        }
    }

    /// Compares properties and manifest with what was counted; or with one another, where not all could be counted.
    fn compare(
        &mut self,
        footer: &Footer,
        meta: Option<&Rc<TableMeta>>,
        properties: Option<&Properties>,
        content: Option<&Properties>,
    ) {
        let at = footer.properties.offset;
        if let (Some(stored), Some(counted)) = (properties, content) {
            let counted = Properties { newest_time: stored.newest_time, ..with_options_of(stored, counted) };
            for (name, stored, found) in differences(stored, &counted) {
                self.damage(
                    at,
                    say!("the properties say {name} = {stored}, but its blocks have {found}", name, stored, found),
                );
            }
        }
        if let Some(properties) = properties
            && (footer.filter.bytes > 0) != (properties.filter_millibits > 0)
        {
            self.damage(at, say!("there is a filter and should be none, or the other way round"));
        }
        let (Some(meta), Some(found)) = (meta, content.or(properties)) else { return };
        let newest_time = properties.map(|p| p.newest_time).or(meta.newest_time).unwrap_or(0);
        let found = Properties { newest_time, ..found.clone() };
        for (name, named, found) in differences(&of_manifest(meta, &found), &found) {
            self.damage(at, say!("the manifest says {name} = {named}, but it has {found}", name, named, found));
        }
    }
}

/// The payload of a part.
pub(crate) async fn read_part<S: Storage>(storage: &S, file: FileId, handle: Handle) -> Result<Vec<u8>, String> {
    let end = handle.end().ok_or_else(|| say!("it is longer than can be"))?;
    let sealed = storage.read(file, handle.offset..end).await.map_err(|error| error.message)?;
    unseal(sealed, file.number, handle.offset)
}

/// `found`, with the fields of `said` that cannot be counted.
fn with_options_of(said: &Properties, found: &Properties) -> Properties {
    Properties {
        block_size: said.block_size,
        index_interval: said.index_interval,
        restart_interval: said.restart_interval,
        compression: said.compression,
        filter_millibits: said.filter_millibits,
        ..found.clone()
    }
}

/// What the manifest says, with the fields of `found` that it says nothing of.
fn of_manifest(meta: &TableMeta, found: &Properties) -> Properties {
    Properties {
        entries: meta.entries,
        tombstones: meta.tombstones,
        smallest_seq: meta.smallest_seq,
        largest_seq: meta.largest_seq,
        newest_time: meta.newest_time.unwrap_or(found.newest_time),
        smallest: meta.smallest.to_vec(),
        largest: meta.largest.to_vec(),
        ..found.clone()
    }
}

/// Each field in which they differ: its name, what is said, what was found.
fn differences(stored: &Properties, found: &Properties) -> Vec<(String, String, String)> {
    let numbers =
        FIELDS.into_iter().zip(stored.numbers()).zip(found.numbers()).filter(|((_, stored), found)| stored != found);
    let numbers = numbers.map(|((name, stored), found)| (said(name, &[]), stored.to_string(), found.to_string()));
    let show = |key: &[u8]| Bytes::preview(key, PREVIEW).to_string();
    let keys = [
        (say!("smallest key"), &stored.smallest, &found.smallest),
        (say!("largest key"), &stored.largest, &found.largest),
    ];
    // Compared as they are: two long keys may look the same.
    let keys = keys.into_iter().filter(|(_, stored, found)| stored != found);
    let keys = keys.map(|(name, stored, found)| (name, show(stored), show(found)));
    numbers.chain(keys).collect()
}

fn name((key, seq): (&[u8], SeqNo)) -> String {
    say!("{key} at sequence number {seq}", key = Bytes::preview(key, PREVIEW), seq)
}

/// What is wrong with the entries of a block: the first of each sort.
#[derive(Default)]
struct Found {
    disorder: Option<String>,
    denied: Option<(u64, String)>,
}

/// The entries of a table, block by block.
struct Content {
    /// The last entry so far: its key, sequence number and whether there is one.
    key: Vec<u8>,
    seq: SeqNo,
    begun: bool,
    counted: Properties,
}

impl Content {
    fn new() -> Content {
        let counted = Properties { smallest_seq: MAX_SEQ, ..Properties::default() };
        Content { key: Vec::new(), seq: 0, begun: false, counted }
    }

    /// Counts the entries of `block`; says what is wrong with them. The filter (with its offset) is asked until it
    /// denies one.
    fn take_in(&mut self, block: Block, filter: &mut Option<(&Filter, u64)>) -> Found {
        self.counted.block_bytes += block.bytes();
        let mut found = Found::default();
        let mut cursor = BlockCursor::new(Rc::new(block));
        cursor.seek_to_first();
        while cursor.valid() {
            let entry = cursor.entry();
            if self.begun && order((&self.key, self.seq), (entry.key, entry.seq)).is_ge() {
                let (this, last) = (name((entry.key, entry.seq)), name((&self.key, self.seq)));
                found.disorder.get_or_insert_with(|| say!("{this} stands behind {last}", this, last));
            }
            if !self.begun || self.key != entry.key {
                self.counted.distinct_keys += 1;
                if let Some((_, offset)) = filter.take_if(|(f, _)| !f.may_contain(filter::hash(entry.key))) {
                    found.denied = Some((offset, Bytes::preview(entry.key, PREVIEW).to_string()));
                }
            }
            self.count(entry);
            cursor.next();
        }
        found
    }

    fn count(&mut self, entry: EntryRef<'_>) {
        let counted = &mut self.counted;
        if !self.begun {
            counted.smallest = entry.key.to_vec();
        }
        counted.entries += 1;
        counted.tombstones += u64::from(entry.kind == EntryKind::Delete);
        counted.raw_key_bytes += entry.key.len() as u64;
        counted.raw_value_bytes += entry.value.len() as u64;
        counted.smallest_seq = counted.smallest_seq.min(entry.seq);
        counted.largest_seq = counted.largest_seq.max(entry.seq);
        self.pass_over((entry.key, entry.seq));
    }

    /// The next entry must come after this one.
    fn pass_over(&mut self, (key, seq): (&[u8], SeqNo)) {
        self.key.clear();
        self.key.extend_from_slice(key);
        self.seq = seq;
        self.begun = true;
    }

    /// What the properties should say.
    fn finish(self, index: &Index) -> Properties {
        Properties {
            blocks: index.len() as u64,
            data_bytes: index.end(),
            // Of no entries, both are 0.
            smallest_seq: self.counted.smallest_seq.min(self.counted.largest_seq),
            largest: self.key,
            ..self.counted
        }
    }
}
