//! Whole tables: what is written can be read again, with any entries and options, and no damage goes unnoticed.

use std::rc::Rc;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    ErrorKind, Options,
    entry::{EntryKind, EntryRef, MAX_SEQ, SeqNo, order},
    options::Compression,
    storage::{FileId, Storage, block_on, memory::Memory},
    version::TableMeta,
};

/// An entry with bytes of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owned {
    key: Vec<u8>,
    seq: SeqNo,
    kind: EntryKind,
    value: Vec<u8>,
}

impl Owned {
    fn of(entry: EntryRef<'_>) -> Owned {
        Owned { key: entry.key.to_vec(), seq: entry.seq, kind: entry.kind, value: entry.value.to_vec() }
    }

    fn get(&self) -> EntryRef<'_> {
        EntryRef { key: &self.key, seq: self.seq, kind: self.kind, value: &self.value }
    }
}

fn build(id: u64, options: &Options, entries: &[Owned]) -> (Built, Vec<BlockInfo>) {
    let mut builder = TableBuilder::new(id, options);
    let mut blocks = Vec::new();
    for entry in entries {
        blocks.extend(builder.add(entry.get()).unwrap());
    }
    let built = builder.finish(77);
    blocks.extend(built.last_block.clone());
    (built, blocks)
}

fn open(id: u64, bytes: &[u8], meta: &TableMeta) -> (Memory, crate::Result<Table>) {
    let mut disk = Memory::new();
    block_on(disk.create(FileId::table(id), bytes)).unwrap();
    let table = block_on(Table::open(&disk, Rc::new(meta.clone())));
    (disk, table)
}

/// A position in a whole table: what the engine does with blocks, in short.
struct Walk<'a> {
    table: &'a Table,
    blocks: Vec<Rc<Block>>,
    block: usize,
    cursor: Option<BlockCursor>,
}

impl<'a> Walk<'a> {
    fn new(disk: &Memory, table: &'a Table) -> Walk<'a> {
        let read = |i| Rc::new(block_on(table.read_block(disk, i)).unwrap());
        Walk { table, blocks: (0..table.blocks()).map(read).collect(), block: 0, cursor: None }
    }

    fn enter(&mut self, block: Option<usize>, seek: impl FnOnce(&mut BlockCursor)) {
        self.cursor = block.filter(|i| *i < self.blocks.len()).map(|i| {
            self.block = i;
            let mut cursor = BlockCursor::new(self.blocks[i].clone());
            seek(&mut cursor);
            cursor
        });
    }

    fn seek(&mut self, key: &[u8], seq: SeqNo) {
        self.enter(self.table.find_block(key, seq), |c| c.seek(key, seq));
    }

    fn seek_for_prev(&mut self, key: &[u8], seq: SeqNo) {
        let block = self.table.find_block(key, seq).or(self.table.blocks().checked_sub(1));
        self.enter(block, |c| c.seek_for_prev(key, seq));
        self.retreat_if_past();
    }

    fn retreat_if_past(&mut self) {
        if self.cursor.as_ref().is_some_and(|c| !c.valid()) {
            self.enter(self.block.checked_sub(1), BlockCursor::seek_to_last);
        }
    }

    fn next(&mut self) {
        self.cursor.as_mut().unwrap().next();
        if self.entry().is_none() {
            self.enter(Some(self.block + 1), BlockCursor::seek_to_first);
        }
    }

    fn prev(&mut self) {
        self.cursor.as_mut().unwrap().prev();
        self.retreat_if_past();
    }

    fn entry(&self) -> Option<EntryRef<'_>> {
        self.cursor.as_ref().filter(|c| c.valid()).map(|c| c.entry())
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => vec(prop_oneof![Just(0u8), Just(b'a'), Just(b'b'), Just(255u8)], 0..5),
        3 => (0u32..300).prop_map(|i| format!("user:{i:06}").into_bytes()),
        2 => (0u32..50).prop_map(|i| [vec![b'x'; 130], i.to_be_bytes().to_vec()].concat()),
        1 => vec(any::<u8>(), 0..300),
    ]
}

fn entries() -> impl Strategy<Value = Vec<Owned>> {
    let kind = prop_oneof![4 => Just(EntryKind::Put), 1 => Just(EntryKind::Delete)];
    let seq = prop_oneof![9 => 0u64..40, 1 => (MAX_SEQ - 3)..=MAX_SEQ];
    let value =
        prop_oneof![4 => vec(any::<u8>(), 0..12), 1 => (any::<u8>(), 0usize..400).prop_map(|(b, n)| vec![b; n])];
    let entry = (key(), seq, kind, value).prop_map(|(key, seq, kind, value)| {
        let value = if kind == EntryKind::Delete { Vec::new() } else { value };
        Owned { key, seq, kind, value }
    });
    vec(entry, 1..120).prop_map(|mut entries| {
        entries.sort_by(|a, b| a.get().order(&b.get()));
        entries.dedup_by(|a, b| a.get().order(&b.get()).is_eq());
        entries
    })
}

fn options() -> impl Strategy<Value = Options> {
    (32u64..3000, 0u64..6, 1u64..20, any::<bool>(), prop_oneof![Just(0.0), Just(1.0), Just(10.0)]).prop_map(
        |(block_size, index_interval, block_restart_interval, lz4, bloom_bits_per_key)| Options {
            block_size,
            index_interval,
            block_restart_interval,
            compression: if lz4 { Compression::Lz4 } else { Compression::None },
            bloom_bits_per_key,
            ..Options::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_seek_and_step_does_what_a_sorted_list_does(
        entries in entries(), options in options(), probes in vec((key(), 0u64..40), 1..30),
    ) {
        let (built, _) = build(9, &options, &entries);
        let (disk, table) = open(9, &built.bytes, &built.meta);
        let table = table.unwrap();
        let mut walk = Walk::new(&disk, &table);
        let stored = entries.iter().flat_map(|e| {
            [(e.key.clone(), e.seq), (e.key.clone(), e.seq + 1), (e.key.clone(), e.seq.saturating_sub(1))]
        });
        for (key, seq) in stored.chain(probes) {
            let target = (key.as_slice(), seq);
            let at = entries.partition_point(|e| order((&e.key, e.seq), target).is_lt());
            let after = entries.partition_point(|e| order((&e.key, e.seq), target).is_le());
            walk.seek(&key, seq);
            prop_assert_eq!(walk.entry(), entries.get(at).map(Owned::get));
            walk.seek_for_prev(&key, seq);
            prop_assert_eq!(walk.entry(), after.checked_sub(1).map(|i| entries[i].get()));
            // What a reader of the key sees: in a fresh block, and in one that was searched often.
            let seen = entries.get(at).filter(|e| e.key == key);
            let block = table.find_block(&key, seq).map(|i| block_on(table.read_block(&disk, i)).unwrap());
            for _ in 0..20 {
                prop_assert_eq!(block.as_ref().and_then(|b| b.get(&key, seq)), seen.map(Owned::get));
            }
        }
    }

    #[test]
    fn steps_in_both_directions_can_be_mixed(
        entries in entries(),
        options in options(),
        start in any::<prop::sample::Index>(),
        steps in vec(any::<bool>(), 0..200),
    ) {
        let (built, _) = build(9, &options, &entries);
        let (disk, table) = open(9, &built.bytes, &built.meta);
        let mut at = start.index(entries.len());
        let table = table.unwrap();
        let mut walk = Walk::new(&disk, &table);
        walk.seek(&entries[at].key, entries[at].seq);
        for forward in steps {
            if if forward { at + 1 == entries.len() } else { at == 0 } {
                continue;
            }
            if forward { walk.next() } else { walk.prev() }
            at = if forward { at + 1 } else { at - 1 };
            prop_assert_eq!(walk.entry(), Some(entries[at].get()));
        }
    }

    #[test]
    fn a_whole_table_reads_the_same_forwards_and_backwards(entries in entries(), options in options()) {
        let (built, _) = build(9, &options, &entries);
        let (disk, table) = open(9, &built.bytes, &built.meta);
        let table = table.unwrap();
        let mut walk = Walk::new(&disk, &table);
        let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
        walk.enter(Some(0), BlockCursor::seek_to_first);
        while let Some(entry) = walk.entry() {
            forwards.push(Owned::of(entry));
            walk.next();
        }
        walk.enter(table.blocks().checked_sub(1), BlockCursor::seek_to_last);
        while let Some(entry) = walk.entry() {
            backwards.push(Owned::of(entry));
            walk.prev();
        }
        backwards.reverse();
        prop_assert_eq!(&forwards, &entries);
        prop_assert_eq!(&backwards, &entries);
        // The same blocks, with one read.
        let blocks = block_on(table.read_blocks(&disk, 0..table.blocks())).unwrap();
        let counted: Vec<u64> = blocks.iter().map(Block::bytes).collect();
        let single = (0..table.blocks()).map(|i| block_on(table.read_block(&disk, i)).unwrap().bytes());
        prop_assert_eq!(counted, single.collect::<Vec<_>>());
    }

    #[test]
    fn the_builder_tells_what_the_table_has(entries in entries(), options in options()) {
        let (built, blocks) = build(9, &options, &entries);
        let (_, table) = open(9, &built.bytes, &built.meta);
        let table = table.unwrap();
        let meta = table.meta();
        prop_assert_eq!(meta.entries, entries.len() as u64);
        prop_assert_eq!(meta.tombstones, entries.iter().filter(|e| e.kind == EntryKind::Delete).count() as u64);
        prop_assert_eq!((&*meta.smallest, &*meta.largest), (&*entries[0].key, &*entries[entries.len() - 1].key));
        prop_assert_eq!(meta.smallest_seq, entries.iter().map(|e| e.seq).min().unwrap());
        prop_assert_eq!(meta.largest_seq, entries.iter().map(|e| e.seq).max().unwrap());
        prop_assert_eq!(blocks.len(), table.blocks());
        let mut keys: Vec<_> = entries.iter().map(|e| &e.key).collect();
        keys.dedup();
        prop_assert_eq!(table.properties().distinct_keys, keys.len() as u64);
        let mut seen = 0;
        for (i, info) in blocks.iter().enumerate() {
            prop_assert_eq!((info.index, info.bytes), (i as u64, table.block_len(i)));
            prop_assert_eq!((&*info.first, &*info.last), (&*entries[seen].key, table.index().last(i).0));
            prop_assert!(options.index_interval == 0 || info.entries <= options.index_interval);
            seen += info.entries as usize;
        }
        prop_assert_eq!(seen, entries.len());
        let ends: Vec<u64> = built.sections.iter().map(|s| s.offset + s.bytes).collect();
        prop_assert_eq!(*ends.last().unwrap(), meta.bytes);
        prop_assert_eq!(table.filter().is_some(), options.bloom_bits_per_key > 0.0);
        if let Some(filter) = table.filter() {
            prop_assert!(entries.iter().all(|e| filter.may_contain(filter::hash(&e.key))));
            // Only distinct keys take room in it.
            let bits = (keys.len() as u64 * options.bloom_bits_per_key as u64).max(64).next_multiple_of(8);
            prop_assert_eq!(filter.bits(), bits);
        }
    }

    #[test]
    fn a_payload_of_anything_is_refused_or_can_be_searched(bytes in vec(any::<u8>(), 0..200), restarts in 0u8..4) {
        let payload = [bytes, vec![restarts, 0, 0, 0]].concat();
        let _ = (Filter::parse(payload.clone()), Index::parse(&payload), Properties::parse(&payload));
        let _ = (seal::decompress(&payload), Footer::parse(&payload));
        if let Ok(block) = Block::parse(payload) {
            let mut cursor = BlockCursor::new(Rc::new(block));
            cursor.seek(b"a", 1);
            cursor.seek(b"a", 1);
            cursor.seek_for_prev(b"", 1);
            cursor.seek_to_last();
            while cursor.valid() {
                cursor.prev();
            }
        }
    }
}

fn sample(options: &Options) -> (Built, Vec<Owned>) {
    let entries: Vec<Owned> = (0..12)
        .map(|i| Owned {
            key: format!("k{:02}", i / 2).into_bytes(),
            seq: 50 - i,
            kind: if i % 5 == 4 { EntryKind::Delete } else { EntryKind::Put },
            value: if i % 5 == 4 { Vec::new() } else { vec![b'v'; 20] },
        })
        .collect();
    (build(3, options, &entries).0, entries)
}

/// Everything a table can be asked: its entries, and what a reader of each sees.
fn read_everything(bytes: &[u8], meta: &TableMeta, entries: &[Owned]) -> crate::Result<Vec<Owned>> {
    let (disk, table) = open(3, bytes, meta);
    let table = table?;
    let mut out = Vec::new();
    for entry in entries {
        assert!(table.filter().is_none_or(|filter| filter.may_contain(filter::hash(&entry.key))));
        let Some(i) = table.find_block(&entry.key, entry.seq) else { continue };
        let block = block_on(table.read_block(&disk, i))?;
        out.extend(block.get(&entry.key, entry.seq).map(Owned::of));
    }
    Ok(out)
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    for compression in [Compression::None, Compression::Lz4] {
        let options = Options { block_size: 100, block_restart_interval: 3, compression, ..Options::default() };
        let (built, entries) = sample(&options);
        assert_eq!(read_everything(&built.bytes, &built.meta, &entries).unwrap(), entries);
        for bit in 0..built.bytes.len() * 8 {
            let mut bytes = built.bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let error = read_everything(&bytes, &built.meta, &entries).expect_err("every byte is under a checksum");
            assert_eq!((error.kind, error.file), (ErrorKind::Corruption, Some(FileId::table(3))), "bit {bit}");
            assert!(error.offset.is_some_and(|at| at <= bit as u64 / 8), "bit {bit}: {error:?}");
        }
    }
}

#[test]
fn a_file_of_another_length_or_of_another_table_is_noticed() {
    let (built, entries) = sample(&Options::default());
    let read = |bytes: &[u8], meta: &TableMeta| read_everything(bytes, meta, &entries);
    for len in 0..built.bytes.len() {
        assert!(read(&built.bytes[..len], &built.meta).is_err(), "{len}");
        let meta = TableMeta { bytes: len as u64, ..built.meta.clone() };
        assert_eq!(read(&built.bytes[..len], &meta).unwrap_err().kind, ErrorKind::Corruption, "{len}");
    }
    let other = build(4, &Options::default(), &entries).0;
    let message = read(&other.bytes, &built.meta).unwrap_err().message;
    assert!(message.contains("000003.sst") && message.contains("table 4"), "{message}");
}

#[test]
fn whatever_the_manifest_says_otherwise_is_noticed() {
    let (built, entries) = sample(&Options::default());
    type Change = fn(&mut TableMeta);
    let changes: [Change; 7] = [
        |m| m.entries += 1,
        |m| m.tombstones = 0,
        |m| m.smallest = "a".into(),
        |m| m.largest = "z".into(),
        |m| m.smallest_seq = 0,
        |m| m.largest_seq += 1,
        |m| m.newest_time = Some(0),
    ];
    for change in changes {
        let mut meta = built.meta.clone();
        change(&mut meta);
        let error = read_everything(&built.bytes, &meta, &entries).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corruption, "{}", error.message);
    }
}

#[test]
fn two_blocks_that_changed_places_are_noticed() {
    let options = Options { index_interval: 2, bloom_bits_per_key: 0.0, ..Options::default() };
    let (built, entries) = sample(&options);
    let (_, table) = open(3, &built.bytes, &built.meta);
    let table = table.unwrap();
    let (a, b) = (table.block_len(0) as usize, table.block_len(1) as usize);
    assert_eq!(a, b, "both are whole and their checksums too: only the place is wrong");
    let mut bytes = built.bytes.clone();
    bytes[..a + b].rotate_left(a);
    assert!(read_everything(&bytes, &built.meta, &entries).unwrap_err().message.contains("checksum"));
}

#[test]
fn a_later_version_of_the_format_is_unsupported_and_not_damaged() {
    let (built, entries) = sample(&Options::default());
    let mut bytes = built.bytes.clone();
    let footer = bytes.len() - FOOTER_BYTES;
    bytes[footer + 56] = 2;
    let crc = crc32fast::hash(&bytes[footer..footer + FOOTER_BYTES - 4]);
    bytes[footer + FOOTER_BYTES - 4..].copy_from_slice(&crc.to_le_bytes());
    let error = read_everything(&bytes, &built.meta, &entries).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("version 2"), "{}", error.message);
}

#[test]
fn an_entry_out_of_order_or_too_large_is_refused_and_changes_nothing() {
    let mut builder = TableBuilder::new(3, &Options::default());
    let entry = |key: &'static [u8], seq| EntryRef { key, seq, kind: EntryKind::Put, value: b"" };
    builder.add(entry(b"b", 5)).unwrap();
    for wrong in [entry(b"a", 9), entry(b"b", 5), entry(b"b", 6), entry(b"", 1), entry(b"c", MAX_SEQ + 1)] {
        assert_eq!(builder.add(wrong).unwrap_err().kind, ErrorKind::Corruption);
    }
    builder.add(entry(b"b", 4)).unwrap();
    builder.add(entry(b"b\0", 9)).unwrap();
    assert_eq!((builder.entries(), builder.last_key()), (3, &b"b\0"[..]));
}

#[test]
fn a_block_that_gets_smaller_by_lz4_is_stored_smaller() {
    let value = [b"the same words again and again; ".repeat(8), vec![7]].concat();
    let entries: Vec<Owned> = (0..200u32)
        .map(|i| Owned { key: i.to_be_bytes().to_vec(), seq: 1, kind: EntryKind::Put, value: value.clone() })
        .collect();
    let (plain, _) = build(3, &Options::default(), &entries);
    let (packed, blocks) = build(3, &Options { compression: Compression::Lz4, ..Options::default() }, &entries);
    assert!(packed.meta.bytes * 3 < plain.meta.bytes, "{} {}", packed.meta.bytes, plain.meta.bytes);
    assert!(blocks.iter().all(|b| b.bytes < b.raw_bytes));
    assert_eq!(read_everything(&packed.bytes, &packed.meta, &entries).unwrap(), entries);
}

#[test]
fn a_table_of_nothing_can_be_opened() {
    let built = TableBuilder::new(3, &Options::default()).finish(0);
    let (_, table) = open(3, &built.bytes, &built.meta);
    let table = table.unwrap();
    assert_eq!((table.blocks(), table.find_block(b"", MAX_SEQ), built.last_block), (0, None, None));
}
