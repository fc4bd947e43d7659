//! Explains tables; [`crate::engine::table`] describes the format.
//!
//! In: a table's file. Out: a span for each data block, the filter, the index, the properties and the footer, and for
//! each entry and field in them.

use super::{Spans, kind, preview};
use crate::{
    engine::{
        codec::Reader,
        table::{
            FOOTER_BYTES, Filter, Footer, FooterProblem, Handle, Index, MAGIC,
            block::split,
            properties::FIELDS,
            seal::{LZ4, NONE, TRAILER_BYTES, checksum},
        },
    },
    plural::counted,
    version::TableId,
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
                spans.part("filter", end(f), |s| sealed(s, table, filter));
            }
            spans.part("index", end(i), |s| sealed(s, table, index));
            spans.part("properties", end(p), |s| sealed(s, table, properties));
        }
        Err(what) => {
            spans.at = footer_at;
            spans.complain(what);
            spans.at = 0;
            spans.part("data blocks, filter, index and properties", footer_at, |s| {
                s.skip();
                "where each is cannot be told".to_string()
            });
        }
    }
    spans.part("footer", len, footer);
}

fn end(handle: Handle) -> usize {
    usize::try_from(handle.offset.saturating_add(handle.bytes)).unwrap_or(usize::MAX)
}

/// The footer, if it is valid and its parts fill the file.
fn parts(bytes: &[u8], len: usize) -> Result<Footer, String> {
    let footer = Footer::parse(bytes).map_err(|problem| match problem {
        FooterProblem::Damaged(what) => what,
        FooterProblem::Unsupported(version) => format!("version {version} of the table format is unknown"),
    })?;
    footer.data(len as u64)?;
    Ok(footer)
}

fn data_blocks(spans: &mut Spans<'_>, table: TableId, footer: &Footer) {
    let bytes = spans.bytes;
    let payload = footer.index.slice(bytes).and_then(|sealed| sealed.get(..sealed.len().checked_sub(TRAILER_BYTES)?));
    let index = payload.ok_or_else(|| "the index is too short".to_string()).and_then(Index::parse);
    match index {
        Ok(index) if index.end() == footer.filter.offset => {
            for i in 0..index.len() {
                spans.part(format!("data block {i}"), end(index.handle(i)), |s| sealed(s, table, entries));
            }
        }
        other => {
            spans.complain(other.err().unwrap_or_else(|| "the index does not name all data blocks".to_string()));
            spans.part("data blocks", end(Handle { offset: footer.filter.offset, bytes: 0 }), |s| {
                s.skip();
                "where each is cannot be told".to_string()
            });
        }
    }
}

/// A sealed payload, which fills the enclosing span; `payload` explains it unless it is compressed.
fn sealed<'a>(spans: &mut Spans<'a>, table: TableId, payload: fn(&mut Spans<'a>) -> Option<String>) -> String {
    let (start, end) = (spans.at, spans.end);
    let Some(payload_end) = end.checked_sub(TRAILER_BYTES).filter(|payload_end| *payload_end >= start) else {
        return "too short".to_string();
    };
    let mut value = "empty".to_string();
    let compression = spans.bytes[payload_end];
    spans.part("payload", payload_end, |s| {
        let said = match compression {
            _ if s.is_full() => {
                s.skip();
                Some("not taken apart: there is too much of it".to_string())
            }
            NONE => payload(s),
            LZ4 => lz4(s),
            _ => None,
        };
        value = said.unwrap_or_else(|| "damaged".to_string());
        value.clone()
    });
    spans.field("compression", Reader::u8, |byte| match *byte {
        NONE => "none".to_string(),
        LZ4 => "LZ4".to_string(),
        other => format!("{other}, which is unknown"),
    });
    let right = checksum(&spans.bytes[start..end - 4], table, start as u64);
    spans.crc("crc", right);
    value
}

fn lz4(spans: &mut Spans<'_>) -> Option<String> {
    let raw = spans.u32("length when decompressed")?;
    while spans.at < spans.end {
        let len = spans.u32("compressed length of a piece")?;
        spans.field("piece", |reader| reader.bytes(len as usize), |piece| format!("{} bytes of LZ4", piece.len()))?;
    }
    Some(format!("LZ4, {raw} bytes when decompressed"))
}

fn entries(spans: &mut Spans<'_>) -> Option<String> {
    let start = spans.at;
    let (entries_end, restarts) = split(&spans.bytes[start..spans.end]).ok()?;
    let mut key = Vec::new();
    let mut count = 0;
    let end = std::mem::replace(&mut spans.end, start + entries_end);
    while spans.at < spans.end {
        spans.part(format!("entry {count}"), entry_end(spans), |s| {
            entry(s, &mut key).unwrap_or_else(|| "damaged".to_string())
        });
        count += 1;
    }
    spans.end = end;
    for i in 0..restarts {
        spans.field(format!("restart {i}"), Reader::u32, |at| {
            format!("the entry at byte {}", start as u64 + u64::from(*at))
        })?;
    }
    spans.u32("number of restarts")?;
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
    let shared = spans.varint("shared")?;
    let unshared = spans.varint("unshared")?;
    let value_len = spans.varint("value length")?;
    let tag = spans.tag("tag")?;
    if shared > key.len() as u64 {
        spans.complain("a key shares more than there is");
    }
    key.truncate(usize::try_from(shared).unwrap_or(usize::MAX));
    key.extend_from_slice(spans.text("key suffix", unshared)?);
    let value = spans.text("value", value_len)?;
    let said = format!("{} at sequence number {}: {}", preview(key), tag >> 8, kind(tag as u8));
    Some(if tag as u8 == 1 { format!("{said} {}", preview(value)) } else { said })
}

fn filter(spans: &mut Spans<'_>) -> Option<String> {
    let filter = Filter::parse(spans.bytes[spans.at..spans.end].to_vec()).ok()?;
    let (bits, ones) = (filter.bits(), filter.ones());
    spans.field("k", Reader::u8, |k| format!("{} for each key", counted(*k, "bit")))?;
    let said = format!("{bits} bits, {ones} of them set");
    spans.field("bits", |reader| reader.bytes(reader.rest().len()), |_| said.clone())?;
    Some(said)
}

fn index(spans: &mut Spans<'_>) -> Option<String> {
    let count = spans.u32("number of blocks")?;
    for i in 0..count {
        if spans.is_full() {
            spans.part("more blocks", spans.end, |s| {
                s.skip();
                format!("{} of them", count - i)
            });
            break;
        }
        let key_len = spans.varint(format!("block {i}: length of its last key"))?;
        spans.text(format!("block {i}: its last key"), key_len)?;
        spans.tag(format!("block {i}: its last tag"))?;
        spans.varint(format!("block {i}: offset"))?;
        spans.varint(format!("block {i}: bytes"))?;
    }
    Some(counted(count, "block"))
}

fn properties(spans: &mut Spans<'_>) -> Option<String> {
    for name in FIELDS {
        spans.u64(name)?;
    }
    for which in ["smallest key", "largest key"] {
        let len = spans.varint(format!("length of the {which}"))?;
        spans.text(which, len)?;
    }
    Some(format!("{} numbers and 2 keys", FIELDS.len()))
}

fn footer(spans: &mut Spans<'_>) -> String {
    let start = spans.at;
    let mut fields = || {
        for section in ["filter", "index", "properties"] {
            spans.u64(format!("{section}: offset"))?;
            spans.u64(format!("{section}: bytes"))?;
        }
        let table = spans.u64("table number")?;
        let version = spans.u32("format version")?;
        spans.text("magic", MAGIC.len() as u64)?;
        spans.crc("crc", crc32fast::hash(&spans.bytes[start..spans.at]))?;
        Some(format!("table {table}, format version {version}"))
    };
    fields().unwrap_or_else(|| "damaged".to_string())
}
