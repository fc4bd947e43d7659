//! Explains tables; [`crate::engine::table`] describes the format.
//!
//! In: a table's file. Out: a span for each data block, the filter, the index, the properties and the footer, and for
//! each entry and field in them.

use super::{Spans, damaged, kind, not_taken_apart, preview};
use crate::{
    engine::{
        codec::Reader,
        retold,
        table::{
            FOOTER_BYTES, Filter, Footer, FooterProblem, Handle, Index, MAGIC,
            block::split,
            properties::FIELDS,
            seal::{LZ4, NONE, TRAILER_BYTES, checksum},
        },
    },
    plural::counted,
    version::TableId,
    words::{said, say, to_say},
};

/// Explains a whole file.
pub fn explain(spans: &mut Spans<'_>, table: TableId) {
    let len = spans.bytes.len();
    let Some(footer_at) = len.checked_sub(FOOTER_BYTES) else {
        return spans.rest();
    };
    // The footer is read first, for the offsets of the other parts, and explained last.
    match parts(&spans.bytes[footer_at..], len) {
        Ok(footer) => {
            data_blocks(spans, table, &footer);
            let Footer { filter: f, index: i, properties: p, .. } = footer;
            if f.bytes > 0 {
                spans.part(say!("filter"), end(f), |s| sealed(s, table, filter));
            }
            spans.part(say!("index"), end(i), |s| sealed(s, table, index));
            spans.part(say!("properties"), end(p), |s| sealed(s, table, properties));
        }
        Err(what) => {
            spans.at = footer_at;
            spans.complain(what);
            spans.at = 0;
            spans.part(say!("data blocks, filter, index and properties"), footer_at, |s| {
                s.skip();
                say!("where each is cannot be told")
            });
        }
    }
    spans.part(say!("footer"), len, footer);
}

fn end(handle: Handle) -> usize {
    usize::try_from(handle.offset.saturating_add(handle.bytes)).unwrap_or(usize::MAX)
}

/// The footer, if it is valid and its parts fill the file.
fn parts(bytes: &[u8], len: usize) -> Result<Footer, String> {
    let footer = Footer::parse(bytes).map_err(|problem| match problem {
        FooterProblem::Damaged(what) => retold(&what),
        FooterProblem::Unsupported(version) => say!("version {version} of the table format is unknown", version),
    })?;
    footer.data(len as u64).map_err(|what| retold(&what))?;
    Ok(footer)
}

fn data_blocks(spans: &mut Spans<'_>, table: TableId, footer: &Footer) {
    let bytes = spans.bytes;
    let payload = footer.index.slice(bytes).and_then(|sealed| sealed.get(..sealed.len().checked_sub(TRAILER_BYTES)?));
    let index = payload.ok_or_else(|| to_say!("the index is too short").to_string()).and_then(Index::parse);
    match index {
        Ok(index) if index.end() == footer.filter.offset => {
            for i in 0..index.len() {
                spans.part(say!("data block {n}", n = i), end(index.handle(i)), |s| sealed(s, table, entries));
            }
        }
        other => {
            let what =
                other.err().map_or_else(|| say!("the index does not name all data blocks"), |what| retold(&what));
            spans.complain(what);
            spans.part(say!("data blocks"), end(Handle { offset: footer.filter.offset, bytes: 0 }), |s| {
                s.skip();
                say!("where each is cannot be told")
            });
        }
    }
}

/// A sealed payload, which fills the enclosing span; `payload` explains it unless it is compressed.
fn sealed<'a>(spans: &mut Spans<'a>, table: TableId, payload: fn(&mut Spans<'a>) -> Option<String>) -> String {
    let (start, end) = (spans.at, spans.end);
    let Some(payload_end) = end.checked_sub(TRAILER_BYTES).filter(|payload_end| *payload_end >= start) else {
        return say!("too short");
    };
    let mut value = say!("empty||a payload");
    let compression = spans.bytes[payload_end];
    spans.part(say!("payload"), payload_end, |s| {
        let content = match compression {
            _ if s.is_full() => {
                s.skip();
                Some(not_taken_apart())
            }
            NONE => payload(s),
            LZ4 => lz4(s),
            _ => None,
        };
        value = content.unwrap_or_else(damaged);
        value.clone()
    });
    spans.field(say!("compression"), Reader::u8, |byte| match *byte {
        NONE => say!("none||compression"),
        LZ4 => "LZ4".to_string(),
        other => say!("{number}, which is unknown", number = other),
    });
    let right = checksum(&spans.bytes[start..end - 4], table, start as u64);
    spans.crc("crc", right);
    value
}

fn lz4(spans: &mut Spans<'_>) -> Option<String> {
    let raw = spans.u32(say!("length when decompressed"))?;
    while spans.at < spans.end {
        let len = spans.u32(say!("compressed length of a piece"))?;
        spans.field(
            say!("piece"),
            |reader| reader.bytes(len as usize),
            |piece| say!("{n} bytes of LZ4", n = piece.len()),
        )?;
    }
    Some(say!("LZ4, {n} bytes when decompressed", n = raw))
}

fn entries(spans: &mut Spans<'_>) -> Option<String> {
    let start = spans.at;
    let (entries_end, restarts) = split(&spans.bytes[start..spans.end]).ok()?;
    let mut key = Vec::new();
    let mut count = 0;
    let end = std::mem::replace(&mut spans.end, start + entries_end);
    while spans.at < spans.end {
        spans.part(say!("entry {n}", n = count), entry_end(spans), |s| entry(s, &mut key).unwrap_or_else(damaged));
        count += 1;
    }
    spans.end = end;
    for i in 0..restarts {
        spans.field(say!("restart {n}", n = i), Reader::u32, |at| {
            say!("the entry at byte {offset}", offset = start as u64 + u64::from(*at))
        })?;
    }
    spans.u32(say!("number of restarts"))?;
    Some(counted(count, "entry"))
}

/// The end of the next entry, or of the enclosing span if the entry cannot be read.
fn entry_end(spans: &Spans<'_>) -> usize {
    let rest = &spans.bytes[spans.at..spans.end];
    let mut reader = Reader::new(rest);
    let mut length = || {
        let (_, unshared, value) = (reader.varint()?, reader.varint()?, reader.varint()?);
        reader.u64()?;
        reader.bytes(usize::try_from(unshared).ok()?)?;
        reader.bytes(usize::try_from(value).ok()?)?;
        Some(rest.len() - reader.rest().len())
    };
    length().map_or(spans.end, |length| spans.at + length)
}

/// One entry. `key` is the key of the previous entry, whose prefix this one shares; it becomes this entry's key.
fn entry(spans: &mut Spans<'_>, key: &mut Vec<u8>) -> Option<String> {
    let shared = spans.varint(say!("shared"))?;
    let unshared = spans.varint(say!("unshared"))?;
    let value_len = spans.varint(say!("value length"))?;
    let tag = spans.tag(say!("tag"))?;
    if shared > key.len() as u64 {
        spans.complain(say!("a key shares more than there is"));
    }
    key.truncate(usize::try_from(shared).unwrap_or(usize::MAX));
    key.extend_from_slice(spans.text(say!("key suffix"), unshared)?);
    let value = spans.text(say!("value"), value_len)?;
    let (key, seq, kind) = (preview(key), tag >> 8, kind(tag as u8));
    let version = say!("{key} at sequence number {seq}: {kind}", key, seq, kind);
    Some(if tag as u8 == 1 { format!("{version} {}", preview(value)) } else { version })
}

fn filter(spans: &mut Spans<'_>) -> Option<String> {
    let filter = Filter::parse(spans.bytes[spans.at..spans.end].to_vec()).ok()?;
    let (bits, ones) = (filter.bits(), filter.ones());
    spans.field("k", Reader::u8, |k| say!("{bits} for each key", bits = counted(*k, "bit")))?;
    let content = say!("{bits} bits, {ones} of them set", bits, ones);
    spans.field(say!("bits"), |reader| reader.bytes(reader.rest().len()), |_| content.clone())?;
    Some(content)
}

fn index(spans: &mut Spans<'_>) -> Option<String> {
    let count = spans.u32(say!("number of blocks"))?;
    for i in 0..count {
        if spans.is_full() {
            spans.part(say!("more blocks"), spans.end, |s| {
                s.skip();
                say!("{n} of them", n = count - i)
            });
            break;
        }
        let key_len = spans.varint(say!("block {n}: length of its last key", n = i))?;
        spans.text(say!("block {n}: its last key", n = i), key_len)?;
        spans.tag(say!("block {n}: its last tag", n = i))?;
        spans.varint(say!("block {n}: offset", n = i))?;
        spans.varint(say!("block {n}: bytes", n = i))?;
    }
    Some(counted(count, "block"))
}

fn properties(spans: &mut Spans<'_>) -> Option<String> {
    for name in FIELDS {
        spans.u64(said(name, &[]))?;
    }
    let keys = [
        (say!("length of the smallest key"), say!("smallest key")),
        (say!("length of the largest key"), say!("largest key")),
    ];
    for (length, name) in keys {
        let len = spans.varint(length)?;
        spans.text(name, len)?;
    }
    Some(say!("{n} numbers and 2 keys", n = FIELDS.len()))
}

fn footer(spans: &mut Spans<'_>) -> String {
    let start = spans.at;
    let mut fields = || {
        for section in [say!("filter"), say!("index"), say!("properties")] {
            spans.u64(say!("{section}: offset", section))?;
            spans.u64(say!("{section}: bytes", section))?;
        }
        let table = spans.u64(say!("table number"))?;
        let version = spans.u32(say!("format version"))?;
        spans.text(say!("magic"), MAGIC.len() as u64)?;
        spans.crc("crc", crc32fast::hash(&spans.bytes[start..spans.at]))?;
        Some(say!("table {table}, format version {version}", table, version))
    };
    fields().unwrap_or_else(damaged)
}
