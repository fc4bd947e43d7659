//! Tests of explanations: every byte of a whole file has a meaning, damage is named, and no bytes cause a panic.

use std::sync::OnceLock;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    Options,
    engine::{Engine, log::put_frame, manifest::put_edit, table::TableBuilder, wal::Batch},
    entry::EntryRef,
    options::{Compression, preset},
    storage::{Storage, block_on, memory::Memory},
    trace::NoTrace,
    version::VersionEdit,
};

fn table(compression: Compression) -> Vec<u8> {
    let options = Options { block_size: 100, block_restart_interval: 2, compression, ..Options::default() };
    let mut builder = TableBuilder::new(7, &options);
    for i in 0..12u8 {
        let (key, value) = (format!("user:{i:02}"), if i == 3 { String::new() } else { "v".repeat(30) });
        let kind = if i == 3 { EntryKind::Delete } else { EntryKind::Put };
        builder.add(EntryRef { key: key.as_bytes(), seq: u64::from(i) + 1, kind, value: value.as_bytes() }).unwrap();
    }
    builder.finish(0).bytes
}

/// The files of a real database: a batch and a put in its log, tables on two levels, a manifest that lists them.
fn database() -> Vec<(FileId, Vec<u8>)> {
    // The memtable holds all four writes after the flush, so they stay in the log.
    let options = Options { write_buffer_entries: 10, write_buffer_size: 1 << 20, ..preset("teaching").unwrap() };
    let mut engine = block_on(Engine::open(Memory::new(), options, NoTrace)).unwrap();
    for i in 0..60 {
        block_on(engine.put(format!("user:{i}").as_bytes(), b"somebody")).unwrap();
    }
    block_on(engine.flush()).unwrap();
    let mut batch = Batch::new();
    batch.put(b"user:1", b"Alice").unwrap();
    batch.delete(b"user:2").unwrap();
    batch.put(b"user:3", b"").unwrap();
    block_on(engine.write(&batch)).unwrap();
    block_on(engine.put(b"last", b"one")).unwrap();
    let disk = engine.storage();
    let read = |(file, len)| (file, block_on(disk.read_all(file, len)).unwrap());
    block_on(disk.list()).unwrap().into_iter().map(read).collect()
}

/// The log of that database.
fn wal() -> (FileId, Vec<u8>) {
    database().into_iter().find(|(file, bytes)| file.kind == FileKind::Wal && !bytes.is_empty()).unwrap()
}

fn manifest() -> Vec<u8> {
    let meta = TableBuilder::new(7, &Options::default()).finish(0).meta;
    let edits = [
        VersionEdit {
            next_file: Some(300),
            last_seq: Some(9),
            log_number: Some(2),
            time: Some(1),
            ..Default::default()
        },
        VersionEdit { added: vec![(1, meta.clone().into())], ..Default::default() },
        VersionEdit { removed: vec![(1, meta.into())], ..Default::default() },
    ];
    let mut out = Vec::new();
    for (i, edit) in edits.iter().enumerate() {
        let offset = out.len() as u64;
        put_edit(&mut out, FileId::manifest(5), offset, i as u64, edit);
    }
    out
}

fn whole_files() -> &'static [(FileId, Vec<u8>); 4] {
    static FILES: OnceLock<[(FileId, Vec<u8>); 4]> = OnceLock::new();
    FILES.get_or_init(|| {
        [
            (FileId::table(7), table(Compression::None)),
            (FileId::table(7), table(Compression::Lz4)),
            wal(),
            (FileId::manifest(5), manifest()),
        ]
    })
}

/// The spans that enclose no other.
fn leaves(spans: &[ByteSpan]) -> impl Iterator<Item = &ByteSpan> {
    spans.iter().enumerate().filter(|(i, s)| spans.get(i + 1).is_none_or(|next| next.depth <= s.depth)).map(|(_, s)| s)
}

/// Checks that spans nest, and that the leaves cover every byte once.
fn check_shape(bytes: &[u8], spans: &[ByteSpan]) {
    let mut at = 0;
    for leaf in leaves(spans) {
        assert_eq!(leaf.start, at, "{leaf:?}");
        assert!(leaf.end > leaf.start, "{leaf:?}");
        at = leaf.end;
    }
    assert_eq!(at, bytes.len() as u64);
    let mut open: Vec<&ByteSpan> = Vec::new();
    for span in spans {
        open.truncate(usize::from(span.depth));
        assert_eq!(open.len(), usize::from(span.depth), "{span:?}");
        assert!(open.last().is_none_or(|outer| outer.start <= span.start && span.end <= outer.end), "{span:?}");
        open.push(span);
    }
}

fn find<'a>(explanation: &'a FileExplanation, name: &str) -> &'a ByteSpan {
    explanation.spans.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no {name} in {explanation:#?}"))
}

#[test]
fn every_file_of_a_real_database_is_explained_to_its_last_byte() {
    let files = database();
    let kinds = |kind| files.iter().filter(|(file, _)| file.kind == kind).count();
    assert!(kinds(FileKind::Table) > 1 && kinds(FileKind::Wal) == 1 && kinds(FileKind::Manifest) == 1);
    for (file, bytes) in files {
        let explanation = explain(file, &bytes);
        assert_eq!(explanation.problem, None, "{file}");
        check_shape(&bytes, &explanation.spans);
    }
}

#[test]
fn every_byte_of_a_whole_file_has_a_meaning() {
    for &(file, ref bytes) in whole_files() {
        let explanation = explain(file, bytes);
        assert_eq!(explanation.problem, None, "{file}");
        assert!(explanation.spans.iter().all(|s| s.name != "unreadable" && s.value != "damaged"), "{file}");
        check_shape(bytes, &explanation.spans);
    }
}

#[test]
fn fields_say_what_is_stored() {
    let explanation = explain(FileId::table(7), &table(Compression::None));
    let entry = explanation.spans.iter().find(|s| s.name == "entry 1").unwrap();
    assert!(entry.value.starts_with("user:01 at sequence number 2: put vvv"), "{}", entry.value);
    assert!(explanation.spans.iter().any(|s| s.value == "user:03 at sequence number 4: delete"));
    assert_eq!(find(&explanation, "entries").value, "12");
    assert_eq!(find(&explanation, "table number").value, "7");
    assert!(find(&explanation, "filter").value.starts_with("120 bits, "));

    let (file, bytes) = wal();
    let explanation = explain(file, &bytes);
    let records: Vec<&str> =
        explanation.spans.iter().filter(|s| s.name.starts_with("record")).map(|s| s.value.as_str()).collect();
    assert_eq!(records[..3], ["put user:1 Alice", "delete user:2", "put user:3 "]);
    assert_eq!(find(&explanation, "frame 0").value, "3 writes from sequence number 61");

    let explanation = explain(FileId::manifest(5), &manifest());
    assert_eq!(find(&explanation, "next file number").value, "300");
    assert_eq!(find(&explanation, "frame 2").value, "edit 2");
}

#[test]
fn every_flipped_bit_is_named_as_a_problem() {
    for &(file, ref bytes) in whole_files() {
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let explanation = explain(file, &damaged);
            assert!(explanation.problem.is_some(), "{file} bit {bit}");
            check_shape(&damaged, &explanation.spans);
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_explained_as_far_as_it_goes() {
    for &(file, ref bytes) in whole_files() {
        for len in 0..bytes.len() {
            check_shape(&bytes[..len], &explain(file, &bytes[..len]).spans);
        }
    }
}

#[test]
fn a_large_file_is_explained_within_bounds() {
    let mut builder = TableBuilder::new(7, &Options { block_size: 64, ..Options::default() });
    for i in 0..20_000u32 {
        builder.add(EntryRef { key: &i.to_be_bytes(), seq: 1, kind: EntryKind::Put, value: b"value" }).unwrap();
    }
    let bytes = builder.finish(0).bytes;
    let explanation = explain(FileId::table(7), &bytes);
    assert_eq!(explanation.problem, None);
    assert!((MAX_SPANS..2 * MAX_SPANS).contains(&explanation.spans.len()), "{}", explanation.spans.len());
    check_shape(&bytes, &explanation.spans);
}

/// Corrects every checksum of a table, so that readers get past them.
fn mend(bytes: &mut [u8]) {
    let footer_at = bytes.len() - crate::engine::table::FOOTER_BYTES;
    let crc = crc32fast::hash(&bytes[footer_at..bytes.len() - 4]);
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&crc.to_le_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_can_be_explained(bytes in vec(any::<u8>(), 0..400)) {
        for file in [FileId::table(7), FileId::wal(3), FileId::manifest(5)] {
            check_shape(&bytes, &explain(file, &bytes).spans);
        }
    }

    #[test]
    fn damage_in_many_places_can_be_explained(
        which in 0usize..4, changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), footer in any::<bool>(),
    ) {
        let (file, mut bytes) = whole_files()[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if footer && file.kind == FileKind::Table {
            mend(&mut bytes);
        }
        check_shape(&bytes, &explain(file, &bytes).spans);
    }

    #[test]
    fn a_frame_of_anything_can_be_explained(payload in vec(0u8..12, 0..60), first in any::<u64>()) {
        for file in [FileId::wal(3), FileId::manifest(5)] {
            let mut bytes = Vec::new();
            put_frame(&mut bytes, file, 0, first, 1, |out| out.extend_from_slice(&payload));
            check_shape(&bytes, &explain(file, &bytes).spans);
        }
    }
}
