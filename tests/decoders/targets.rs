//! What is done with arbitrary bytes: one function for each thing that reads bytes or text that somebody else may have
//! written, or a disk may have damaged. None of them may panic, run on, or ask for much more memory than it was given.
//!
//! `tests/decoders.rs` feeds them random and mutated bytes on every test run, `fuzz/` for as long as one likes.

use std::rc::Rc;

use lsmscope::{
    Engine, Options,
    engine::{
        log::{End, Frame, Frames, put_frame},
        manifest,
        table::{
            Block, BlockCursor, Filter, Footer, Handle, Index, Properties, Table, filter,
            seal::{decompress, seal, unseal},
        },
        wal,
    },
    entry::MAX_SEQ,
    history::{
        self, HistoryReport, HistoryRequest,
        log_report::{LogPaths, LogReader},
    },
    inspect::explain,
    options::{Knob, preset},
    repair::repair,
    script::{complete, parse, word},
    storage::{FileId, Storage, block_on, memory::Memory},
    trace::NoTrace,
    verify::verify,
    version::{TableMeta, VersionEdit},
};

mod lessons;

pub use lessons::{grade, lesson};

/// A name, and what is done with the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 13] = [
    ("frames", frames),
    ("edits", edits),
    ("block", block),
    ("sections", sections),
    ("lz4", lz4),
    ("table", table),
    ("database", database),
    ("inspect", inspect),
    ("script", script),
    ("lesson", lesson),
    ("grade", grade),
    ("options", options),
    ("info_log", info_log),
];

/// The beginning of a `MANIFEST` of RocksDB, whose `LOG` is read.
const MANIFEST: &[u8] = include_bytes!("running.manifest");
/// How that database was set.
const OPTIONS: &str = include_str!("../fixtures/rocksdb/running/free_insert/OPTIONS-000007");

/// The `LOG` of a real database, beside a `MANIFEST` that is right; and its bytes as a history.
pub fn info_log(data: &[u8]) {
    let _ = history::open(data, &HistoryRequest::default());
    let mut reader = LogReader::new(LogPaths::LeaveOut);
    // In two pieces, wherever they part.
    let (before, behind) = data.split_at(data.len() / 3);
    reader.push(before);
    reader.push(behind);
    assert!(!reader.report().sentences().is_empty());
    for report in reports_beside(Some(data)) {
        assert!(report.matched <= report.decisions && report.matched_of_several <= report.matched);
    }
}

/// What the `MANIFEST` comes to beside this `LOG`.
pub fn reports_beside(log: Option<&[u8]>) -> Vec<HistoryReport> {
    let request = HistoryRequest { log, options: Some(OPTIONS), ..HistoryRequest::default() };
    let families = history::open_families(MANIFEST, &request).expect("the manifest is right");
    let report = |history| HistoryReport::of(&history).expect("it fits together");
    families.into_iter().map(|(_, family)| report(family.expect("the family is right"))).collect()
}

/// The file that a frame or table is said to be in.
const NUMBER: u64 = 7;

/// Frames as they are in a file, behind damage too; and records under a checksum that is right.
pub fn frames(data: &[u8]) {
    for file in [FileId::wal(NUMBER), FileId::manifest(NUMBER)] {
        let mut frames = Frames::new(file, data);
        loop {
            match frames.next_frame() {
                Ok(frame) => read_frame(&frame),
                Err(End::Damaged { .. }) => frames.resync(),
                Err(_) => break,
            }
        }
    }
    let (first, count) = (u64::from(data.first().copied().unwrap_or(0)), data.len() as u32 / 4);
    for first in [first, MAX_SEQ, u64::MAX] {
        read_frame(&Frame { offset: 0, bytes: 0, first, count, crc: 0, payload: data });
    }
}

fn read_frame(frame: &Frame<'_>) {
    if let Ok(records) = wal::records(frame) {
        assert_eq!(records.count(), frame.count as usize, "checked records can be read");
    }
    let _ = manifest::read_edit(frame);
}

/// A manifest of edits, each behind its length, under checksums that are right; and its bytes as they are.
pub fn edits(data: &[u8]) {
    let file = FileId::manifest(NUMBER);
    let _ = manifest::read(file, data);
    let mut content = Vec::new();
    for (number, edit) in (0..).zip(pieces(data)) {
        let offset = content.len() as u64;
        put_frame(&mut content, file, offset, number, 1, |out| {
            if number == 0 {
                out.extend_from_slice(&[1, manifest::FORMAT as u8]);
            }
            out.extend_from_slice(edit);
        });
    }
    if let Ok(read) = manifest::read(file, &content) {
        let edit = read.outcome();
        assert_eq!(read.version.listing(), edit.added);
    }
    let mut disk = Memory::new();
    put(&mut disk, file, &content);
    use_database(disk, file);
}

/// A data block's payload, searched and walked in every way.
pub fn block(data: &[u8]) {
    let Ok(block) = Block::parse(data.to_vec()) else { return };
    let key = data.get(..4).unwrap_or(b"");
    // More often than it takes until there are shortcuts.
    for seq in 0..12 {
        let _ = block.get(key, seq);
        let _ = block.get(b"k", MAX_SEQ);
    }
    walk(block);
}

fn walk(block: Block) {
    let entries = block.len();
    let mut cursor = BlockCursor::new(Rc::new(block));
    cursor.seek(b"k", 1);
    cursor.seek_for_prev(b"k", 1);
    cursor.seek_to_first();
    let mut forwards = 0;
    while cursor.valid() {
        forwards += cursor.entry().key.len().min(1) + 1;
        cursor.next();
    }
    cursor.seek_to_last();
    let mut backwards = 0;
    while cursor.valid() {
        backwards += cursor.entry().key.len().min(1) + 1;
        cursor.prev();
    }
    assert!(forwards == backwards && forwards >= entries, "both ways lead past the same entries");
}

/// An index, a filter, properties, a footer: payloads as they are.
pub fn sections(data: &[u8]) {
    if let Ok(index) = Index::parse(data) {
        for i in 0..index.len() {
            let (key, seq) = index.last(i);
            assert_eq!(index.find(key, seq), Some(i), "each block's last entry is found in it");
            assert!(index.handle(i).end().is_some_and(|end| end <= index.end()));
        }
        let _ = (index.find(b"", MAX_SEQ), index.find(b"k", 0));
    }
    if let Ok(filter) = Filter::parse(data.to_vec()) {
        let hash = filter::hash(data);
        assert_eq!(filter.may_contain(hash), filter.probe(hash).iter().all(|probe| probe.set));
        assert!(filter.ones() <= filter.bits());
    }
    if let Ok(properties) = Properties::parse(data) {
        assert_eq!(Properties::parse(&properties.encode()).as_ref(), Ok(&properties));
    }
    if let Ok(footer) = Footer::parse(data) {
        let _ = footer.data(data.len() as u64);
    }
}

/// Compressed payloads, and sealed ones.
pub fn lz4(data: &[u8]) {
    if let Ok(raw) = decompress(data) {
        assert!(raw.len() <= 256 * data.len());
    }
    let _ = unseal(data.to_vec(), NUMBER, 0);
    let mut sealed = Vec::new();
    seal(&mut sealed, data, NUMBER, true);
    assert_eq!(unseal(sealed, NUMBER, 0).as_deref(), Ok(data));
}

/// A table whose blocks, filter, index and properties are these bytes, under checksums that are right.
pub fn table(data: &[u8]) {
    let parts: Vec<&[u8]> = pieces(data).collect();
    let (rest, blocks) = parts.split_at(parts.len().min(3));
    let mut bytes = Vec::new();
    for payload in blocks {
        seal(&mut bytes, payload, NUMBER, false);
    }
    let mut part = |payload: Option<&&[u8]>| {
        let offset = bytes.len() as u64;
        let bytes = payload.map_or(0, |payload| seal(&mut bytes, payload, NUMBER, false));
        Handle { offset, bytes }
    };
    let (filter, index, properties) = (part(rest.get(2)), part(rest.first()), part(rest.get(1)));
    bytes.extend_from_slice(&Footer { filter, index, properties, table: NUMBER }.encode());
    let meta = rest.get(1).and_then(|p| Properties::parse(p).ok()).unwrap_or_default();
    let meta = TableMeta {
        id: NUMBER,
        bytes: bytes.len() as u64,
        entries: meta.entries,
        tombstones: meta.tombstones,
        smallest: meta.smallest.as_slice().into(),
        largest: meta.largest.as_slice().into(),
        smallest_seq: meta.smallest_seq,
        largest_seq: meta.largest_seq,
        newest_time: Some(meta.newest_time.min(MAX_SEQ)),
        ..TableMeta::default()
    };
    let mut disk = Memory::new();
    put(&mut disk, FileId::table(NUMBER), &bytes);
    if let Ok(table) = block_on(Table::open(&disk, Rc::new(meta.clone()))) {
        for i in 0..table.blocks() {
            if let Ok(block) = block_on(table.read_block(&disk, i)) {
                walk(block);
            }
        }
        let _ = table.find_block(b"k", 1);
    }
    let (file, mut content) = (FileId::manifest(NUMBER), Vec::new());
    let edit = VersionEdit {
        last_seq: Some(meta.largest_seq.min(MAX_SEQ)),
        next_file: Some(NUMBER + 1),
        added: vec![(1, meta.into())],
        ..VersionEdit::default()
    };
    manifest::put_edit(&mut content, file, 0, 0, &edit);
    put(&mut disk, file, &content);
    use_database(disk, file);
}

/// A whole database: the bytes are its files, each behind its kind, its number and its length.
pub fn database(data: &[u8]) {
    let mut disk = Memory::new();
    let mut current = None;
    for piece in pieces(data) {
        let Some((&[kind, number], content)) = piece.split_first_chunk() else { continue };
        let file = match kind % 3 {
            0 => FileId::wal(u64::from(number)),
            1 => FileId::table(u64::from(number)),
            _ => FileId::manifest(u64::from(number)),
        };
        current = current.or((kind % 3 == 2).then_some(file));
        put(&mut disk, file, content);
    }
    use_database(disk, current.unwrap_or(FileId::manifest(1)));
}

/// The bytes that [`database`] takes for the files of `disk`.
#[allow(dead_code, reason = "fuzz targets need no valid input to begin with, tests do")]
pub fn as_input(disk: &Memory) -> Vec<u8> {
    use lsmscope::storage::FileKind;
    let mut out = Vec::new();
    for (file, len) in block_on(disk.list()).expect("memory can be listed") {
        let kind = match file.kind {
            FileKind::Wal => 0,
            FileKind::Table => 1,
            FileKind::Manifest => 2,
        };
        let content = block_on(disk.read_all(file, len)).expect("memory can be read");
        out.extend_from_slice(&(content.len() as u16 + 2).to_le_bytes());
        out.extend_from_slice(&[kind, file.number as u8]);
        out.extend_from_slice(&content);
    }
    out
}

/// Verifies it, repairs it, opens it in every recovery mode, and reads and writes if that goes well.
fn use_database(mut disk: Memory, current: FileId) {
    block_on(disk.swap_current(current)).expect("memory takes it");
    let sound = block_on(verify(&disk)).expect("memory can be listed").is_sound();
    let mut fresh = Memory::new();
    let calm = Options { block_cache_size: 1 << 16, ..Options::default() };
    if block_on(repair(&disk, &mut fresh, &calm, |_| {})).is_ok() {
        let findings = block_on(verify(&fresh)).expect("memory can be listed");
        assert!(findings.list.is_empty(), "a repaired database is sound: {findings}");
        let opened = block_on(Engine::open(fresh, calm.clone(), NoTrace));
        assert!(
            opened.is_ok(),
            "a repaired database opens: {}",
            opened.err().map(|f| f.error.message).unwrap_or_default()
        );
    }
    let modes = Options::describe().into_iter().find(|d| d.name == "wal_recovery_mode").expect("there is one").choices;
    for mode in modes {
        let mut options = calm.clone();
        options.set("wal_recovery_mode", mode).expect("it is one of the choices");
        let Ok(mut engine) = block_on(Engine::open(disk.clone(), options, NoTrace)) else { continue };
        let _ = block_on(engine.get(b"k"));
        let _ = block_on(engine.scan(Default::default(), None));
        if block_on(engine.put(b"k", b"v")).is_ok() && sound {
            assert_eq!(block_on(engine.get(b"k")).as_ref().map(Option::as_deref), Ok(Some(&b"v"[..])));
        }
        let _ = block_on(engine.flush());
        let _ = block_on(engine.compact(None));
    }
}

/// What the page's inspector makes of a file.
pub fn inspect(data: &[u8]) {
    for file in [FileId::wal(NUMBER), FileId::table(NUMBER), FileId::manifest(NUMBER)] {
        let explanation = explain(file, data);
        let mut end = 0;
        for span in &explanation.spans {
            assert!(span.start < span.end && span.end <= data.len() as u64, "{span:?}");
            if span.depth == 0 {
                assert_eq!(span.start, end, "no byte is left out");
                end = span.end;
            }
        }
        assert_eq!(end, data.len() as u64, "no byte is left out");
    }
}

/// A line of the command language, and the name of a file.
pub fn script(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = parse(&text) {
        assert!(!error.to_string().is_empty());
    }
    for cursor in (0..=text.len()).filter(|at| text.is_char_boundary(*at)).take(64) {
        for offer in complete(&text, cursor) {
            assert!(offer.start <= cursor && text.is_char_boundary(offer.start));
        }
    }
    // Any bytes can be written as one word.
    let line = format!("get {}", word(data));
    assert_eq!(parse(&line), Ok(lsmscope::script::Command::Get { key: data.to_vec(), at: None }), "{line}");
    if let Some(file) = FileId::parse(&text) {
        assert_eq!(file.to_string(), text);
    }
}

/// The name and value of an option, and the name of a preset.
pub fn options(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, value) = text.split_once('=').unwrap_or((&text, ""));
    let _ = preset(name);
    let mut options = Options::default();
    let _ = options.set(name, value);
    for description in Options::describe() {
        let mut options = Options::default();
        match options.set(description.name, value) {
            Ok(()) => {
                let changed: Vec<Knob> = options.changed();
                assert!(changed.len() <= 1 && options.get(description.name).is_some());
            }
            Err(problem) => {
                assert_eq!(options, Options::default(), "what is refused changes nothing");
                assert!(!problem.expected.is_empty());
            }
        }
        let _ = options.validate();
    }
}

fn put(disk: &mut Memory, file: FileId, bytes: &[u8]) {
    block_on(disk.create(file, bytes)).expect("memory takes it");
}

/// The bytes as pieces, each behind its length; the last one is what there is.
fn pieces(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = data.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(rest.len().min(u16::from_le_bytes(*length).into()));
        data = rest;
        Some(piece)
    })
}
