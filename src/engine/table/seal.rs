//! Sealing: compresses a payload (a data block, a filter, an index, properties) and adds its checksum.
//!
//! ```text
//! ┌──────────────────────────────┬─────────────┬───────┐
//! │ payload, compressed or as is │ compression │  crc  │
//! └──────────────────────────────┴─────────────┴───────┘
//!                                  1 byte        u32
//! ```
//!
//! `compression` is 0 for none, 1 for LZ4. `crc` is the CRC-32 of everything before it, and then of the table's number
//! and the block's offset (two u64), which are not stored here: a block that is whole, but lies in the wrong place or
//! the wrong table, does not match.
//!
//! An LZ4 payload is the length it has when decompressed (u32), then pieces, each of which is its compressed length
//! (u32) and an LZ4 block that decompresses to [`PIECE`] bytes, the last one to the rest. The pieces are there because
//! the compressor's output for more than 64 KB depends on the machine's word size, and ours must not.

use lz4_flex::block::{compress_into, decompress_into, get_maximum_output_size};

use crate::{engine::codec::Reader, version::TableId};

/// What sealing adds to a payload that is not compressed.
pub const TRAILER_BYTES: usize = 5;

/// How much of a payload is compressed at a time.
pub const PIECE: usize = 32 << 10;

/// LZ4 stores at most this many bytes in one, so that a longer claim is a lie.
const MAX_RATIO: usize = 255;

/// The compression byte of a payload as it is.
pub const NONE: u8 = 0;
/// The compression byte of an LZ4 payload.
pub const LZ4: u8 = 1;

/// The checksum of a sealed payload: `bytes` is everything before the checksum.
pub fn checksum(bytes: &[u8], table: TableId, offset: u64) -> u32 {
    let mut place = [0; 16];
    place[..8].copy_from_slice(&table.to_le_bytes());
    place[8..].copy_from_slice(&offset.to_le_bytes());
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(bytes);
    hasher.update(&place);
    hasher.finalize()
}

/// Appends `payload` to the file of `table`, sealed; compressed if `compress` and if that makes it smaller. Returns how
/// many bytes it became.
pub fn seal(file: &mut Vec<u8>, payload: &[u8], table: TableId, compress: bool) -> u64 {
    let start = file.len();
    if compress && compress_onto(file, payload) {
        file.push(LZ4);
    } else {
        file.truncate(start);
        file.extend_from_slice(payload);
        file.push(NONE);
    }
    let crc = checksum(&file[start..], table, start as u64);
    file.extend_from_slice(&crc.to_le_bytes());
    (file.len() - start) as u64
}

/// Appends `payload` compressed; false, with rubbish appended, if it is not smaller that way.
fn compress_onto(file: &mut Vec<u8>, payload: &[u8]) -> bool {
    let start = file.len();
    file.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    for piece in payload.chunks(PIECE) {
        let at = file.len() + 4;
        file.resize(at + get_maximum_output_size(piece.len()), 0);
        let Ok(len) = compress_into(piece, &mut file[at..]) else { return false };
        file[at - 4..at].copy_from_slice(&(len as u32).to_le_bytes());
        file.truncate(at + len);
    }
    file.len() - start < payload.len()
}

/// The payload of `sealed`, which was read from `offset` in the file of `table`.
///
/// # Errors
/// What is wrong with the bytes.
pub fn unseal(mut sealed: Vec<u8>, table: TableId, offset: u64) -> Result<Vec<u8>, String> {
    let compression = check(&sealed, table, offset)?;
    sealed.truncate(sealed.len() - TRAILER_BYTES);
    match compression {
        NONE => Ok(sealed),
        LZ4 => decompress(&sealed),
        other => Err(format!("compression {other} is unknown")),
    }
}

/// Checks the checksum and returns the compression byte.
fn check(sealed: &[u8], table: TableId, offset: u64) -> Result<u8, String> {
    let end = sealed.len().checked_sub(4).ok_or("too short for a checksum")?;
    let (body, crc) = sealed.split_at(end);
    let (Some(&compression), Ok(crc)) = (body.last(), crc.try_into()) else {
        return Err("too short for a checksum".to_string());
    };
    let (stored, computed) = (u32::from_le_bytes(crc), checksum(body, table, offset));
    if stored != computed {
        return Err(format!("the checksum is {computed:08x} and should be {stored:08x}"));
    }
    Ok(compression)
}

/// What `compress_onto` compressed. Never allocates more than the compressed bytes can hold.
pub fn decompress(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut input = Reader::new(bytes);
    let raw = input.u32().ok_or("too short for an LZ4 payload")? as usize;
    if raw / MAX_RATIO > bytes.len() {
        return Err(format!("{} bytes cannot decompress to {raw}", bytes.len()));
    }
    let mut out = vec![0; raw];
    for piece in out.chunks_mut(PIECE) {
        let compressed = input.u32().and_then(|len| input.bytes(len as usize)).ok_or("an LZ4 piece is cut short")?;
        match decompress_into(compressed, piece) {
            Ok(len) if len == piece.len() => {}
            _ => return Err("an LZ4 piece does not decompress to its length".to_string()),
        }
    }
    if !input.is_empty() {
        return Err("there are bytes behind the last LZ4 piece".to_string());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(payload: &[u8], compress: bool) -> Vec<u8> {
        let mut file = Vec::new();
        assert_eq!(seal(&mut file, payload, 7, compress), file.len() as u64);
        file
    }

    #[test]
    fn a_payload_of_any_length_comes_back() {
        let payload: Vec<u8> = (0..3 * PIECE).map(|i| (i / 100) as u8).collect();
        for len in [0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            for compress in [false, true] {
                let file = sealed(&payload[..len], compress);
                assert_eq!(file.len() < len, compress && len >= 100, "{len}");
                assert_eq!(unseal(file, 7, 0).unwrap(), &payload[..len]);
            }
        }
    }

    #[test]
    fn what_does_not_get_smaller_is_stored_as_it_is() {
        let file = sealed(b"abcdefgh", true);
        assert_eq!((file.len(), file[8]), (8 + TRAILER_BYTES, NONE));
    }

    #[test]
    fn a_block_in_another_place_or_table_does_not_match() {
        let file = sealed(b"payload", false);
        assert!(unseal(file.clone(), 7, 0).is_ok());
        assert!(unseal(file.clone(), 7, 1).unwrap_err().contains("checksum"));
        assert!(unseal(file, 8, 0).unwrap_err().contains("checksum"));
    }

    #[test]
    fn a_length_that_cannot_be_is_refused_before_anything_is_allocated() {
        let mut bytes = u32::MAX.to_le_bytes().to_vec();
        bytes.extend_from_slice(&[0; 16]);
        assert!(decompress(&bytes).unwrap_err().contains("cannot decompress"));
    }
}
