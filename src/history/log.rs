//! The log format of LevelDB and RocksDB, in which a `MANIFEST` is written.
//!
//! In: a file's bytes. Out: its records, each with where it begins. A file is 32 KiB blocks; a record is one or more
//! fragments, none of which crosses the end of a block:
//!
//! ```text
//! 0        4      6     7            7+length
//! │ crc u32 │ length u16 │ type u8 │ payload │
//!   of type and payload, masked      1 the whole record; 2 its first, 3 a middle, 4 its last fragment
//!                                    5–8: the same with the log's number, u32, before the payload
//! ```
//!
//! Where fewer than 7 bytes of a block are left, they are zeros. The CRC is CRC-32C, rotated right by 15 bits, plus
//! `0xa282ead8`: so that a CRC over bytes that hold CRCs is still a good one.

use crc::{CRC_32_ISCSI, Crc};

use crate::{
    error::{Error, ErrorKind, Result},
    plural::counted,
    words::{said, say, to_say},
};

/// CRC-32C.
static CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;
/// A header with a log number behind it.
const RECYCLABLE_HEADER: usize = 11;

/// The CRC of `bytes` as the log stores it.
fn masked_crc(bytes: &[u8]) -> u32 {
    CRC32C.checksum(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// One fragment of a record.
struct Fragment<'a> {
    kind: u8,
    payload: &'a [u8],
    end: usize,
}

/// The fragment that begins at `at`; none if the file ends there, or in the middle of it.
fn fragment(bytes: &[u8], at: usize) -> Result<Option<Fragment<'_>>> {
    let Some(header) = bytes.get(at..at + HEADER) else { return Ok(None) };
    let kind = header[6];
    let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
    if kind == 0 && length == 0 {
        // Space that was set aside and never written.
        return Ok(None);
    }
    let (skip, kind) = if kind > 4 { (RECYCLABLE_HEADER - HEADER, kind - 4) } else { (0, kind) };
    if !(1..=4).contains(&kind) {
        return Err(damaged(at, to_say!("a record of a kind that there is not")));
    }
    let end = at + HEADER + length;
    if end > (at / BLOCK + 1) * BLOCK || length < skip {
        return Err(damaged(at, to_say!("a record that is longer than its block")));
    }
    let Some(checked) = bytes.get(at + 6..end) else { return Ok(None) };
    if u32::from_le_bytes([header[0], header[1], header[2], header[3]]) != masked_crc(checked) {
        return Err(damaged(at, to_say!("a record whose checksum does not fit")));
    }
    Ok(Some(Fragment { kind, payload: &checked[1 + skip..], end }))
}

/// Whether `bytes` begin with a record.
pub(super) fn is(bytes: &[u8]) -> bool {
    matches!(fragment(bytes, 0), Ok(Some(_)))
}

/// What of a log's end was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// Bytes of a record that is cut short.
    pub cut: u64,
    /// Bytes of zeros behind it: space that was set aside, or lost in a crash.
    pub zeros: u64,
    /// Zeros that whole records follow.
    pub holes: u64,
}

impl Tail {
    /// For people; nothing if the log is whole.
    pub fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.holes > 0 {
            told.push(say!("{bytes} of zeros, which records follow", bytes = counted(self.holes, "byte")));
        }
        if self.cut > 0 {
            let bytes = counted(self.cut, "byte");
            told.push(match self.cut {
                1 => say!("the last record, which is cut short: {bytes} of it is there", bytes),
                _ => say!("the last record, which is cut short: {bytes} of it are there", bytes),
            });
        }
        if self.zeros > 0 {
            told.push(say!("{bytes} of zeros at the end of the file", bytes = counted(self.zeros, "byte")));
        }
        told
    }
}

/// A log's records, each with the place of its first fragment, and what of the end was not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Records {
    /// Whole ones only.
    pub records: Vec<(u64, Vec<u8>)>,
    /// What follows them.
    pub tail: Tail,
}

/// Every record of a log. A record that is cut short there was
/// never finished: it is left out, also where zeros follow it.
///
/// # Errors
/// A checksum does not fit, or fragments do not fit together.
pub(super) fn records(bytes: &[u8]) -> Result<Records> {
    // Behind it are only zeros.
    let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let mut records = Vec::new();
    let mut open: Option<(u64, Vec<u8>)> = None;
    let mut tail = Tail::default();
    let mut at = 0;
    while at < written {
        if BLOCK - at % BLOCK < HEADER {
            at = (at / BLOCK + 1) * BLOCK;
            continue;
        }
        let Fragment { kind, payload, end } = match fragment(bytes, at) {
            Ok(Some(fragment)) => fragment,
            Ok(None) if bytes.len() - at >= HEADER && bytes[at + 4..at + HEADER] == [0; 3] => {
                let next = (at / BLOCK + 1) * BLOCK;
                if next >= written {
                    break;
                }
                if open.is_some() {
                    return Err(damaged(at, to_say!("zeros within a record")));
                }
                tail.holes += (next - at) as u64;
                at = next;
                continue;
            }
            Ok(None) => break,
            // It reaches into the zeros: its end was never written.
            Err(error) => match reach(bytes, at) {
                Some(end) if end > written && written < bytes.len() => break,
                _ => return Err(error),
            },
        };
        match (kind, open.take()) {
            (1, None) => records.push((at as u64, payload.to_vec())),
            (2, None) => open = Some((at as u64, payload.to_vec())),
            (3 | 4, Some((began, mut record))) => {
                record.extend_from_slice(payload);
                if kind == 4 {
                    records.push((began, record));
                } else {
                    open = Some((began, record));
                }
            }
            _ => return Err(damaged(at, to_say!("a fragment that does not follow on the one before"))),
        }
        at = end;
    }
    let cut_from = open.map_or(at, |(began, _)| began as usize);
    tail.cut = written.saturating_sub(cut_from) as u64;
    // A record may end in zeros that are its own.
    tail.zeros = (bytes.len() - written.max(at).min(bytes.len())) as u64;
    Ok(Records { records, tail })
}

/// Where the fragment at `at` would end.
fn reach(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at + 4..at + 6)?;
    Some(at + HEADER + usize::from(u16::from_le_bytes([length[0], length[1]])))
}

/// The log is damaged at byte `at`: `what`, a sentence that [`said`] says, is there.
fn damaged(at: usize, what: &str) -> Error {
    Error::new(ErrorKind::Corruption, say!("the log is damaged at byte {at}: {what}", at, what = said(what, &[])))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Writes `records` as RocksDB does.
    pub fn write(records: &[Vec<u8>]) -> Vec<u8> {
        let mut out = Vec::new();
        for record in records {
            let mut rest = &record[..];
            let mut first = true;
            loop {
                let left = BLOCK - out.len() % BLOCK;
                if left < HEADER {
                    out.resize(out.len() + left, 0);
                    continue;
                }
                let (payload, after) = rest.split_at(rest.len().min(left - HEADER));
                let kind = match (first, after.is_empty()) {
                    (true, true) => 1,
                    (true, false) => 2,
                    (false, false) => 3,
                    (false, true) => 4,
                };
                let checked = [&[kind], payload].concat();
                out.extend(masked_crc(&checked).to_le_bytes());
                out.extend((payload.len() as u16).to_le_bytes());
                out.extend(checked);
                (rest, first) = (after, false);
                if rest.is_empty() {
                    break;
                }
            }
        }
        out
    }

    /// RocksDB's own example of the format: records of 1,000, 97,270 and 8,000 bytes.
    #[test]
    fn records_lie_in_blocks_as_the_format_says() {
        let written = [vec![1; 1000], vec![2; 97_270], vec![3; 8000]];
        let bytes = write(&written);
        let kinds: Vec<u8> = [0, 1007, 32_768, 65_536, 3 * 32_768].iter().map(|at| bytes[at + 6]).collect();
        assert_eq!(kinds, [1, 2, 3, 4, 1]);
        assert_eq!(bytes[3 * 32_768 - 6..3 * 32_768], [0; 6]);
        let Records { records: read, tail } = records(&bytes).unwrap();
        assert_eq!(tail, Tail::default());
        assert_eq!(read.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1007, 3 * 32_768]);
        assert!(read.iter().map(|(_, record)| record).eq(&written));
    }

    #[test]
    fn a_cut_end_is_left_out_and_a_flipped_bit_is_found() {
        let bytes = write(&[vec![7; 100], vec![8; 40_000]]);
        for end in [bytes.len() - 1, 107 + 3, 40_000] {
            let Records { records: read, tail } = records(&bytes[..end]).unwrap();
            assert_eq!((read.len(), tail.cut), (1, end as u64 - 107), "cut at {end}");
            // The same, where the file system has set space aside.
            let filled = [&bytes[..end], &vec![0; 70_000]].concat();
            let Records { records: read, tail } = records(&filled).unwrap();
            assert_eq!((read.len(), tail.cut + tail.zeros), (1, end as u64 - 107 + 70_000), "zeros from {end} on");
        }
        for at in 0..200 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_ne!(records(&damaged).ok(), records(&bytes).ok(), "byte {at}");
        }
    }

    /// The check value of CRC-32C, and LevelDB's masking of it.
    #[test]
    fn the_checksum_is_masked() {
        assert_eq!(CRC32C.checksum(b"123456789"), 0xe306_9283);
        assert_eq!(masked_crc(b"123456789"), 0x2507_c60d_u32.wrapping_add(0xa282_ead8));
    }
}
