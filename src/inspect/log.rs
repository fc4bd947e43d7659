//! Explains write-ahead logs and manifests; [`crate::engine::log`], [`crate::engine::wal`] and
//! [`crate::engine::manifest`] describe the formats.
//!
//! In: a file of frames. Out: a span for each frame, its header and payload, each record or edit, and each field.

use super::{Spans, correct, damaged, hex, kind, not_taken_apart, preview};
use crate::{
    engine::{
        codec::Reader,
        log::{End, Frame, Frames, HEADER},
        retold,
    },
    plural::counted,
    storage::FileId,
    words::say,
};

/// Explains a file of frames; `payload` explains the payload of one.
pub fn explain<'a>(spans: &mut Spans<'a>, file: FileId, payload: fn(&mut Spans<'a>, &Frame<'a>) -> Option<String>) {
    let mut frames = Frames::new(file, spans.bytes);
    for i in 0.. {
        let end = match frames.next_frame() {
            Ok(frame) => {
                let end = spans.at + frame.bytes as usize;
                spans.part(say!("frame {n}", n = i), end, |s| explain_frame(s, &frame, payload));
                continue;
            }
            Err(end) => end,
        };
        match end {
            End::Clean => {}
            End::Torn { .. } => {
                unfinished(spans, say!("torn tail"), &say!("the last frame was never whole: a crash cut it short"));
            }
            End::Zeros { .. } => spans.part(say!("zeros"), spans.end, |s| {
                s.skip();
                say!("space that was allocated beforehand: nothing was written there")
            }),
            End::Damaged { what, .. } => unfinished(spans, damaged(), &retold(&what)),
        }
        return;
    }
}

fn unfinished(spans: &mut Spans<'_>, name: String, what: &str) {
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
        return not_taken_apart();
    }
    let mut value = String::new();
    spans.part(say!("header"), spans.at + HEADER, |s| {
        // The frame was read, so its checksums are right.
        s.field(say!("header crc"), Reader::u32, |crc| correct(&hex(*crc)));
        s.u32(say!("length of the payload"));
        s.u64(say!("first number"));
        s.u32(say!("count"));
        s.field(say!("payload crc"), Reader::u32, |crc| correct(&hex(*crc)));
        String::new()
    });
    spans.part(say!("payload"), spans.end, |s| {
        value = payload(s, frame).unwrap_or_else(damaged);
        value.clone()
    });
    value
}

/// A batch of writes.
pub fn wal_payload<'a>(spans: &mut Spans<'a>, frame: &Frame<'a>) -> Option<String> {
    let mut seq = frame.first;
    while spans.at < spans.end {
        let end = record_end(spans);
        spans.part(say!("record {seq}", seq), end, |s| record(s).unwrap_or_else(damaged));
        seq = seq.saturating_add(1);
    }
    let writes = counted(frame.count, "write");
    Some(say!("{writes} from sequence number {seq}", writes, seq = frame.first))
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
    let byte = spans.field(say!("kind"), Reader::u8, |byte| kind(*byte))?;
    let key = slice(spans, say!("length of the key"), say!("key"))?;
    if byte != 1 {
        return Some(format!("{} {}", kind(byte), preview(key)));
    }
    let value = slice(spans, say!("length of the value"), say!("value"))?;
    Some(format!("put {} {}", preview(key), preview(value)))
}

/// A length prefix and its bytes.
fn slice<'a>(spans: &mut Spans<'a>, length: String, name: String) -> Option<&'a [u8]> {
    let len = spans.varint(length)?;
    spans.text(name, len)
}

/// One version edit.
pub fn manifest_payload<'a>(spans: &mut Spans<'a>, frame: &Frame<'a>) -> Option<String> {
    while spans.at < spans.end {
        let tag = spans.field(say!("field"), Reader::u8, |tag| field_name(*tag))?;
        match tag {
            1..=5 => {
                spans.varint(field_name(tag))?;
            }
            6 => {
                spans.varint(say!("level"))?;
                spans.varint(say!("table"))?;
            }
            7 | 9 => added_table(tag, spans)?,
            10 => {
                spans.varint(say!("sequence number"))?;
                spans.varint(say!("time"))?;
            }
            8 => {
                spans.varint(say!("level"))?;
                slice(spans, say!("length of the key"), say!("key"))?;
            }
            _ => return None,
        }
    }
    Some(say!("edit {number}", number = frame.first))
}

fn field_name(tag: u8) -> String {
    match tag {
        1 => say!("format version"),
        2 => say!("log number"),
        3 => say!("next file number"),
        4 => say!("last sequence number"),
        5 => say!("time"),
        6 => say!("removed table"),
        7 | 9 => say!("added table"),
        8 => say!("round-robin cursor||a field"),
        10 => say!("age of writes"),
        _ => say!("unknown"),
    }
}

fn added_table(tag: u8, spans: &mut Spans<'_>) -> Option<()> {
    let numbers = [
        say!("level"),
        say!("table"),
        say!("bytes"),
        say!("entries"),
        say!("tombstones"),
        say!("smallest sequence number"),
        say!("largest sequence number"),
    ];
    for name in numbers {
        spans.varint(name)?;
    }
    let last = match tag {
        7 => vec![say!("newest time")],
        _ => vec![
            say!("newest time + 1"),
            say!("oldest time + 1"),
            say!("lowest sequence number of a tombstone + 1"),
            say!("highest sequence number of a tombstone + 1"),
            say!("lowest sequence number that shadows + 1"),
        ],
    };
    for name in last {
        spans.varint(name)?;
    }
    slice(spans, say!("length of the smallest key"), say!("smallest key"))?;
    slice(spans, say!("length of the largest key"), say!("largest key"))?;
    Some(())
}
