//! Explains write-ahead logs and manifests; [`crate::engine::log`], [`crate::engine::wal`] and
//! [`crate::engine::manifest`] describe the formats.
//!
//! In: a file of frames. Out: a span for each frame, its header and payload, each record or edit, and each field.

use super::{Spans, kind, preview};
use crate::{
    engine::{
        codec::Reader,
        log::{End, Frame, Frames, HEADER},
    },
    plural::counted,
    storage::FileId,
};

/// Explains a file of frames; `payload` explains the payload of one.
pub fn explain<'a>(spans: &mut Spans<'a>, file: FileId, payload: fn(&mut Spans<'a>, &Frame<'a>) -> Option<String>) {
    let mut frames = Frames::new(file, spans.bytes);
    for i in 0.. {
        let end = match frames.next_frame() {
            Ok(frame) => {
                let end = spans.at + frame.bytes as usize;
                spans.part(format!("frame {i}"), end, |s| explain_frame(s, &frame, payload));
                continue;
            }
            Err(end) => end,
        };
        match end {
            End::Clean => {}
            End::Torn { .. } => unfinished(spans, "torn tail", "the last frame was never whole: a crash cut it short"),
            End::Zeros { .. } => spans.part("zeros", spans.end, |s| {
                s.skip();
                "space that was allocated beforehand: nothing was written there".to_string()
            }),
            End::Damaged { what, .. } => unfinished(spans, "damaged", &what),
        }
        return;
    }
}

fn unfinished(spans: &mut Spans<'_>, name: &str, what: &str) {
    spans.complain(what);
    spans.part(name, spans.end, |s| {
        s.skip();
        what.to_string()
    });
}

fn explain_frame<'a>(
    spans: &mut Spans<'a>,
    frame: &Frame<'a>,
    payload: fn(&mut Spans<'a>, &Frame<'a>) -> Option<String>,
) -> String {
    if spans.is_full() {
        spans.skip();
        return "not taken apart: there is too much of it".to_string();
    }
    let mut value = String::new();
    spans.part("header", spans.at + HEADER, |s| {
        // The frame was read, so its checksums are right.
        s.field("header crc", Reader::u32, |crc| format!("{crc:08x}, correct"));
        s.u32("length of the payload");
        s.u64("first number");
        s.u32("count");
        s.field("payload crc", Reader::u32, |crc| format!("{crc:08x}, correct"));
        String::new()
    });
    spans.part("payload", spans.end, |s| {
        value = payload(s, frame).unwrap_or_else(|| "damaged".to_string());
        value.clone()
    });
    value
}

/// A batch of writes.
pub fn wal_payload<'a>(spans: &mut Spans<'a>, frame: &Frame<'a>) -> Option<String> {
    let mut seq = frame.first;
    while spans.at < spans.end {
        let end = record_end(spans);
        spans.part(format!("record {seq}"), end, |s| record(s).unwrap_or_else(|| "damaged".to_string()));
        seq = seq.saturating_add(1);
    }
    Some(format!("{} from sequence number {}", counted(frame.count, "write"), frame.first))
}

/// The end of the next record, or of the enclosing span if the record cannot be read.
fn record_end(spans: &Spans<'_>) -> usize {
    let rest = &spans.bytes[spans.at..spans.end];
    let mut reader = Reader::new(rest);
    let mut length = || {
        let kind = reader.u8()?;
        reader.slice()?;
        if kind == 1 {
            reader.slice()?;
        }
        Some(rest.len() - reader.rest().len())
    };
    length().map_or(spans.end, |length| spans.at + length)
}

fn record(spans: &mut Spans<'_>) -> Option<String> {
    let byte = spans.field("kind", Reader::u8, |byte| kind(*byte).to_string())?;
    let key = slice(spans, "key")?;
    if byte != 1 {
        return Some(format!("{} {}", kind(byte), preview(key)));
    }
    let value = slice(spans, "value")?;
    Some(format!("put {} {}", preview(key), preview(value)))
}

/// A length prefix and its bytes.
fn slice<'a>(spans: &mut Spans<'a>, name: &str) -> Option<&'a [u8]> {
    let len = spans.varint(format!("length of the {name}"))?;
    spans.text(name, len)
}

/// One version edit.
pub fn manifest_payload<'a>(spans: &mut Spans<'a>, frame: &Frame<'a>) -> Option<String> {
    while spans.at < spans.end {
        let tag = spans.field("field", Reader::u8, |tag| field_name(*tag).to_string())?;
        match tag {
            1..=5 => {
                spans.varint(field_name(tag))?;
            }
            6 => {
                spans.varint("level")?;
                spans.varint("table")?;
            }
            7 | 9 => added_table(tag, spans)?,
            10 => {
                spans.varint("sequence number")?;
                spans.varint("time")?;
            }
            8 => {
                spans.varint("level")?;
                slice(spans, "key")?;
            }
            _ => return None,
        }
    }
    Some(format!("edit {}", frame.first))
}

fn field_name(tag: u8) -> &'static str {
    match tag {
        1 => "format version",
        2 => "log number",
        3 => "next file number",
        4 => "last sequence number",
        5 => "time",
        6 => "removed table",
        7 | 9 => "added table",
        8 => "round-robin cursor",
        10 => "age of writes",
        _ => "unknown",
    }
}

fn added_table(tag: u8, spans: &mut Spans<'_>) -> Option<()> {
    let numbers =
        ["level", "table", "bytes", "entries", "tombstones", "smallest sequence number", "largest sequence number"];
    for name in numbers {
        spans.varint(name)?;
    }
    let last: &[&'static str] = match tag {
        7 => &["newest time"],
        _ => &[
            "newest time + 1",
            "oldest time + 1",
            "lowest sequence number of a tombstone + 1",
            "highest sequence number of a tombstone + 1",
            "lowest sequence number that shadows + 1",
        ],
    };
    for name in last {
        spans.varint(*name)?;
    }
    slice(spans, "smallest key")?;
    slice(spans, "largest key")?;
    Some(())
}
