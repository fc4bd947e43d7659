//! The write-ahead log: every write, in order, before it is in the memtable.
//!
//! A log is a file of frames ([`super::log`]); a frame is one batch, whole or absent. Its *first number* is the
//! sequence number of its first record, its *count* the number of records, and its payload:
//!
//! ```text
//! record := kind u8 (1 put, 0 delete) │ key length varint │ key │ put only: value length varint │ value
//! ```
//!
//! The records take consecutive sequence numbers, so they are not stored. `docs/formats.md` has all formats in one
//! page, and what may change in them.

use super::{
    codec::{Reader, put_slice},
    log::{Frame, put_frame},
};
use crate::{
    entry::{EntryKind, EntryRef, MAX_KEY_LEN, MAX_SEQ, MAX_VALUE_LEN},
    error::{Error, Result},
    storage::FileId,
};

/// Writes that happen together or not at all, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    records: Vec<u8>,
    count: u32,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Adds a put.
    ///
    /// # Errors
    /// The key or value is longer than [`MAX_KEY_LEN`] or [`MAX_VALUE_LEN`], or the batch would be longer than
    /// [`MAX_PAYLOAD`](super::log::MAX_PAYLOAD): the batch is unchanged.
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        self.add(EntryKind::Put, key, value)
    }

    /// Adds a delete.
    ///
    /// # Errors
    /// As [`put`](Batch::put).
    pub fn delete(&mut self, key: &[u8]) -> Result<()> {
        self.add(EntryKind::Delete, key, b"")
    }

    fn add(&mut self, kind: EntryKind, key: &[u8], value: &[u8]) -> Result<()> {
        if key.len() > MAX_KEY_LEN {
            return Err(Error::invalid(format!("the key has {} bytes; the longest has {MAX_KEY_LEN}", key.len())));
        }
        if value.len() > MAX_VALUE_LEN {
            return Err(Error::invalid(format!(
                "the value has {} bytes; the longest has {MAX_VALUE_LEN}",
                value.len()
            )));
        }
        let length = self.records.len() + key.len() + value.len() + 16;
        if length > super::log::MAX_PAYLOAD {
            let most = super::log::MAX_PAYLOAD;
            return Err(Error::invalid(format!("the batch would have {length} bytes; the longest has {most}")));
        }
        self.records.push(kind as u8);
        put_slice(&mut self.records, key);
        if kind == EntryKind::Put {
            put_slice(&mut self.records, value);
        }
        self.count += 1;
        Ok(())
    }

    /// The bytes of its records in a log.
    pub fn bytes(&self) -> u64 {
        self.records.len() as u64
    }

    /// Makes it empty, keeping its memory.
    pub fn clear(&mut self) {
        self.records.clear();
        self.count = 0;
    }

    /// How many writes it has.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Its writes as entries, the first with sequence number `first`.
    pub fn entries(&self, first: u64) -> Records<'_> {
        Records { reader: Reader::new(&self.records), seq: first }
    }

    /// Appends it to `out` as the frame of log `wal` at `offset`; returns the frame's checksum.
    pub(super) fn put_frame(&self, out: &mut Vec<u8>, wal: u64, offset: u64, first: u64) -> u32 {
        put_frame(out, FileId::wal(wal), offset, first, self.count, |o| o.extend_from_slice(&self.records))
    }
}

/// The records of a batch or a frame, as entries.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    reader: Reader<'a>,
    seq: u64,
}

impl<'a> Records<'a> {
    /// The next record; `None` after the last.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn try_next(&mut self) -> Result<Option<EntryRef<'a>>, &'static str> {
        if self.reader.is_empty() {
            return Ok(None);
        }
        let kind =
            self.reader.u8().and_then(EntryKind::from_byte).ok_or("a record's kind is neither put nor delete")?;
        let key = self.reader.slice().ok_or("a record's key ends past its frame")?;
        let value = match kind {
            EntryKind::Put => self.reader.slice().ok_or("a record's value ends past its frame")?,
            EntryKind::Delete => b"",
        };
        let entry = EntryRef { key, seq: self.seq, kind, value };
        self.seq += 1;
        Ok(Some(entry))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = EntryRef<'a>;

    fn next(&mut self) -> Option<EntryRef<'a>> {
        self.try_next().expect("records were checked when they were read")
    }
}

/// The records of a frame, all checked: iterating them cannot fail.
///
/// # Errors
/// What is wrong, though the checksum is right: a frame that this format never writes.
pub fn records<'a>(frame: &Frame<'a>) -> Result<Records<'a>, &'static str> {
    if frame.first == 0 || frame.first > MAX_SEQ || MAX_SEQ - frame.first + 1 < u64::from(frame.count) {
        return Err("a frame's sequence numbers are out of range");
    }
    let start = Records { reader: Reader::new(frame.payload), seq: frame.first };
    let mut check = start.clone();
    let mut count = 0;
    while check.try_next()?.is_some() {
        count += 1;
    }
    if count != frame.count || count == 0 {
        return Err("a frame holds another number of records than it says");
    }
    Ok(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::log::Frames;

    #[test]
    fn a_batch_reads_back_from_its_frame() {
        let mut batch = Batch::new();
        batch.put(b"a", b"1").unwrap();
        batch.delete(b"b").unwrap();
        batch.put(b"", b"").unwrap();
        let mut bytes = Vec::new();
        batch.put_frame(&mut bytes, 3, 0, 7);
        let frame = Frames::new(FileId::wal(3), &bytes).next_frame().unwrap();
        let read: Vec<_> = records(&frame).unwrap().collect();
        assert_eq!(read, batch.entries(7).collect::<Vec<_>>());
        assert_eq!(
            read.iter().map(|e| (e.key, e.seq, e.kind)).collect::<Vec<_>>(),
            [(&b"a"[..], 7, EntryKind::Put), (b"b", 8, EntryKind::Delete), (b"", 9, EntryKind::Put)]
        );
    }

    #[test]
    fn too_long_a_key_or_value_is_refused_and_named() {
        let mut batch = Batch::new();
        let message = batch.put(&vec![0; MAX_KEY_LEN + 1], b"").unwrap_err().message;
        assert!(message.contains("65536") && message.contains("65535"), "{message}");
        assert!(batch.put(b"k", &vec![0; MAX_VALUE_LEN + 1]).is_err());
        assert!(batch.is_empty());
        batch.put(&vec![0; MAX_KEY_LEN], b"").unwrap();
    }

    #[test]
    fn a_frame_that_this_format_never_writes_is_refused() {
        let frame = |first, count, payload| Frame { offset: 0, bytes: 0, first, count, crc: 0, payload };
        assert!(records(&frame(1, 1, b"\x01\x01k\x01v")).is_ok());
        for (first, count, payload) in [
            (1, 2, &b"\x01\x01k\x01v"[..]),
            (1, 1, b"\x02\x01k"),
            (1, 1, b"\x00\x09k"),
            (0, 1, b"\x00\x01k"),
            (MAX_SEQ, 2, b"\x00\x01k\x00\x01k"),
            (u64::MAX, 1, b"\x00\x01k"),
            (1, 0, b""),
        ] {
            assert!(records(&frame(first, count, payload)).is_err());
        }
    }
}
