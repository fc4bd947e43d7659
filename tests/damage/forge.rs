//! A database of one table whose every part can be made to say something else, under checksums that are right.

use lsmscope::{
    engine::{
        manifest,
        table::{
            BlockBuilder, FilterBuilder, Footer, Handle, Properties, block::tag, filter, index::IndexBuilder,
            seal::seal,
        },
    },
    entry::{EntryKind, EntryRef, SeqNo},
    storage::{FileId, Storage, block_on, memory::Memory},
    version::{TableMeta, VersionEdit},
};

/// The table's number.
pub const TABLE: u64 = 7;

/// What will be written.
pub struct Forgery {
    pub blocks: Vec<Vec<EntryRef<'static>>>,
    /// The last key and sequence number of each block.
    pub index: Vec<(String, SeqNo)>,
    pub filter_keys: Vec<&'static str>,
    /// Its `data_bytes` and `block_bytes` are added to what they should be.
    pub properties: Properties,
    /// What the manifest says of the table, if not the truth.
    pub meta: Option<TableMeta>,
    /// The manifest's edit, without the table.
    pub edit: VersionEdit,
}

/// A put.
pub fn entry(key: &'static str, seq: SeqNo) -> EntryRef<'static> {
    EntryRef { key: key.as_bytes(), seq, kind: EntryKind::Put, value: b"v" }
}

impl Forgery {
    /// One that is sound: two blocks, four keys.
    pub fn new() -> Forgery {
        Forgery {
            blocks: vec![vec![entry("a", 1), entry("b", 2)], vec![entry("c", 3), entry("d", 4)]],
            index: vec![("b".into(), 2), ("d".into(), 4)],
            filter_keys: vec!["a", "b", "c", "d"],
            properties: Properties {
                entries: 4,
                distinct_keys: 4,
                blocks: 2,
                raw_key_bytes: 4,
                raw_value_bytes: 4,
                smallest_seq: 1,
                largest_seq: 4,
                newest_time: 9,
                block_size: 100,
                restart_interval: 16,
                filter_millibits: 20_000,
                smallest: b"a".to_vec(),
                largest: b"d".to_vec(),
                ..Properties::default()
            },
            meta: None,
            edit: VersionEdit {
                next_file: Some(8),
                last_seq: Some(4),
                log_number: Some(2),
                time: Some(9),
                ..VersionEdit::default()
            },
        }
    }

    fn table(&self) -> Vec<u8> {
        let (mut file, mut index) = (Vec::new(), IndexBuilder::default());
        let mut properties = self.properties.clone();
        for (entries, (last, seq)) in self.blocks.iter().zip(&self.index) {
            let mut block = BlockBuilder::new(1);
            entries.iter().for_each(|e| block.add(*e));
            let payload = block.finish();
            properties.block_bytes += payload.len() as u64;
            let handle = put(&mut file, &payload);
            index.add(last.as_bytes(), tag(*seq, EntryKind::Put), handle);
        }
        properties.data_bytes += file.len() as u64;
        let mut bits = FilterBuilder::new(20.0);
        self.filter_keys.iter().for_each(|key| bits.add(filter::hash(key.as_bytes())));
        let filter = put(&mut file, bits.finish().unwrap().payload());
        let index = put(&mut file, &index.finish());
        let properties = put(&mut file, &properties.encode());
        file.extend_from_slice(&Footer { filter, index, properties, table: TABLE }.encode());
        file
    }

    /// What the manifest should say of the table.
    pub fn meta(&self) -> TableMeta {
        TableMeta {
            id: TABLE,
            bytes: self.table().len() as u64,
            entries: self.properties.entries,
            tombstones: self.properties.tombstones,
            smallest: self.properties.smallest.as_slice().into(),
            largest: self.properties.largest.as_slice().into(),
            smallest_seq: self.properties.smallest_seq,
            largest_seq: self.properties.largest_seq,
            oldest_time: Some(self.properties.newest_time),
            newest_time: Some(self.properties.newest_time),
            ..TableMeta::default()
        }
    }

    /// The whole database.
    pub fn disk(&self) -> Memory {
        let mut edit = self.edit.clone();
        edit.added.push((1, self.meta.clone().unwrap_or_else(|| self.meta()).into()));
        let (manifest, mut content) = (FileId::manifest(1), Vec::new());
        manifest::put_edit(&mut content, manifest, 0, 0, &edit);
        let mut disk = Memory::new();
        block_on(disk.create(FileId::table(TABLE), &self.table())).unwrap();
        block_on(disk.create(manifest, &content)).unwrap();
        block_on(disk.swap_current(manifest)).unwrap();
        disk
    }
}

fn put(file: &mut Vec<u8>, payload: &[u8]) -> Handle {
    let offset = file.len() as u64;
    let bytes = seal(file, payload, TABLE, false);
    Handle { offset, bytes }
}
