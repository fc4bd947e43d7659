//! Finds the parts of a table whose footer or index is damaged.
//!
//! In: the bytes of a table whose footer or index is damaged. Out: what they consist of, in order. Parts lie one behind
//! the other and end in a checksum that covers their place, so a part's end is where the checksum of everything since
//! its beginning is right: by chance that happens once in four thousand million places. Behind a damaged part, every
//! place is tried that looks as a data block begins.

use std::ops::Range;

use crate::{
    engine::{
        codec::Reader,
        table::{
            Handle,
            block::Raw,
            seal::{LZ4, NONE, TRAILER_BYTES, unseal},
        },
    },
    entry::{EntryKind, MAX_SEQ},
    version::TableId,
};

/// The longest part that is looked for behind a damaged one, unless longer ones were there before it.
const LIKELY: usize = 64 << 10;

/// The most bytes that a scan may look at: a multiple of the table's length, plus a constant.
const EFFORT: (usize, usize) = (64, 1 << 20);

/// But not more than this: some seconds' work.
const MAX_EFFORT: usize = 1 << 30;

/// What the comparison of one checksum counts for, in bytes.
const COMPARISON: usize = 20;

/// A piece of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A part whose checksum is right, and its payload.
    Sealed(Handle, Vec<u8>),
    /// Bytes in which none could be found.
    Unknown(Handle),
}

/// Goes over the bytes of a table.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    file: &'a [u8],
    table: TableId,
    at: usize,
    longest: usize,
    /// The bytes that may still be scanned.
    effort: usize,
}

impl<'a> Scan<'a> {
    /// `file` is as much as there is of the table `table`, from its beginning.
    pub fn new(file: &'a [u8], table: TableId) -> Scan<'a> {
        let effort = file.len().saturating_mul(EFFORT.0).saturating_add(EFFORT.1).min(MAX_EFFORT);
        Scan { file, table, at: 0, longest: 0, effort }
    }

    fn sealed(&mut self, part: Range<usize>, payload: Vec<u8>) -> Part {
        self.at = part.end;
        self.longest = self.longest.max(part.len());
        Part::Sealed(handle(&part), payload)
    }

    /// The part that begins at `at` and ends before `end`.
    fn find(&mut self, at: usize, end: usize) -> Option<(Range<usize>, Vec<u8>)> {
        let place = [self.table.to_le_bytes(), (at as u64).to_le_bytes()].concat();
        let mut hasher = crc32fast::Hasher::new();
        let mut hashed = at;
        for compression in at..end.checked_sub(TRAILER_BYTES)?.saturating_add(1) {
            if !matches!(self.file[compression], NONE | LZ4) {
                continue;
            }
            let crc = compression + 1;
            hasher.update(&self.file[hashed..crc]);
            self.effort = self.effort.saturating_sub(crc - hashed + COMPARISON);
            hashed = crc;
            let mut with_place = hasher.clone();
            with_place.update(&place);
            if with_place.finalize().to_le_bytes() == self.file[crc..crc + 4] {
                let part = at..crc + 4;
                if let Ok(payload) = unseal(self.file[part.clone()].to_vec(), self.table, at as u64) {
                    return Some((part, payload));
                }
            }
            if self.effort == 0 {
                return None;
            }
        }
        None
    }

    /// The first part behind `at`, which is not one.
    fn find_behind(&mut self, at: usize) -> Option<(Range<usize>, Vec<u8>)> {
        let likely = LIKELY.max(self.longest.saturating_mul(4));
        for start in at + 1..self.file.len() {
            if self.effort == 0 {
                return None;
            }
            if looks_like_a_block(&self.file[start..])
                && let Some(found) = self.find(start, self.file.len().min(start.saturating_add(likely)))
            {
                return Some(found);
            }
        }
        None
    }
}

impl Iterator for Scan<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let at = self.at;
        if at == self.file.len() {
            return None;
        }
        if let Some((part, payload)) = self.find(at, self.file.len()) {
            return Some(self.sealed(part, payload));
        }
        // What was found behind is found again by the next call, at once.
        self.at = self.find_behind(at).map_or(self.file.len(), |(part, _)| part.start);
        Some(Part::Unknown(handle(&(at..self.at))))
    }
}

fn handle(part: &Range<usize>) -> Handle {
    Handle { offset: part.start as u64, bytes: part.len() as u64 }
}

/// Whether a data block may begin like this: with an entry that has a whole key, or with the lengths of an LZ4 payload.
fn looks_like_a_block(bytes: &[u8]) -> bool {
    let entry = Raw::decode(bytes, 0).is_some_and(|raw| {
        raw.shared == 0 && EntryKind::from_byte(raw.tag as u8).is_some() && (1..=MAX_SEQ).contains(&raw.seq())
    });
    let lz4 = || {
        let mut input = Reader::new(bytes);
        let (raw, piece) = (input.u32()? as usize, input.u32()? as usize);
        // Only what gets smaller is compressed.
        Some(piece > 0 && piece < input.rest().len() && (piece + 8..=bytes.len().saturating_mul(255)).contains(&raw))
    };
    entry || lz4() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Options,
        engine::table::{Block, Index, Properties, TableBuilder},
        entry::EntryRef,
        options::Compression,
    };

    const TABLE: TableId = 7;

    /// A table, and where its parts begin and end.
    fn table(compression: Compression, filter: bool) -> (Vec<u8>, Vec<Handle>) {
        let bloom_bits_per_key = if filter { 10.0 } else { 0.0 };
        let options = Options { block_size: 200, compression, bloom_bits_per_key, ..Options::default() };
        let mut builder = TableBuilder::new(TABLE, &options);
        let mut handles = Vec::new();
        for n in 0..60u64 {
            let (key, value) = (format!("key{n:03}"), format!("a value, a value, a value of {n}"));
            let entry = EntryRef { key: key.as_bytes(), seq: n + 1, kind: EntryKind::Put, value: value.as_bytes() };
            handles.extend(builder.add(entry).unwrap().map(|b| Handle { offset: b.offset, bytes: b.bytes }));
        }
        let built = builder.finish(0);
        handles.extend(built.last_block.map(|b| Handle { offset: b.offset, bytes: b.bytes }));
        handles.extend(built.sections.iter().map(|s| Handle { offset: s.offset, bytes: s.bytes }));
        (built.bytes, handles)
    }

    fn place(part: &Part) -> Handle {
        match part {
            Part::Sealed(handle, _) | Part::Unknown(handle) => *handle,
        }
    }

    #[test]
    fn every_part_is_found_without_being_told() {
        for (compression, filter) in [(Compression::None, true), (Compression::Lz4, false)] {
            let (bytes, handles) = table(compression, filter);
            let parts: Vec<Part> = Scan::new(&bytes, TABLE).collect();
            assert_eq!(parts.iter().map(place).collect::<Vec<_>>(), handles);
            let (footer, sealed) = parts.split_last().unwrap();
            assert!(matches!(footer, Part::Unknown(_)));
            let payloads: Vec<&Vec<u8>> = sealed
                .iter()
                .map(|part| match part {
                    Part::Sealed(_, payload) => payload,
                    Part::Unknown(handle) => panic!("{handle:?} was not found"),
                })
                .collect();
            let blocks = handles.len() - if filter { 4 } else { 3 };
            assert!(payloads[..blocks].iter().all(|p| Block::parse(p.to_vec()).is_ok()));
            assert!(payloads[blocks..].iter().all(|p| Block::parse(p.to_vec()).is_err()));
            assert!(Properties::parse(payloads[payloads.len() - 1]).is_ok());
            assert!(Index::parse(payloads[payloads.len() - 2]).is_ok());
        }
    }

    #[test]
    fn behind_damage_it_goes_on_with_the_next_block() {
        for compression in [Compression::None, Compression::Lz4] {
            let (mut bytes, handles) = table(compression, true);
            for damaged in [0, 2, 3] {
                bytes[handles[damaged].offset as usize + 9] ^= 0x10;
            }
            let found: Vec<(bool, Handle)> =
                Scan::new(&bytes, TABLE).map(|p| (matches!(p, Part::Sealed(..)), place(&p))).collect();
            let both = Handle { offset: handles[2].offset, bytes: handles[2].bytes + handles[3].bytes };
            assert_eq!(
                found[..4],
                [(false, handles[0]), (true, handles[1]), (false, both), (true, handles[4])],
                "{compression:?}"
            );
        }
    }

    #[test]
    fn all_bytes_are_accounted_for_wherever_the_file_ends() {
        let (bytes, _) = table(Compression::None, true);
        for end in 0..bytes.len() {
            let mut at = 0;
            for part in Scan::new(&bytes[..end], TABLE) {
                assert_eq!(place(&part).offset, at);
                at += place(&part).bytes;
            }
            assert_eq!(at, end as u64);
        }
    }

    #[test]
    fn rubbish_does_not_take_forever() {
        // Many places look as a block begins, and none is one.
        let rubbish = [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0].repeat(30_000);
        let mut scan = Scan::new(&rubbish, TABLE);
        assert_eq!(scan.next(), Some(Part::Unknown(Handle { offset: 0, bytes: 330_000 })));
        assert_eq!((scan.next(), scan.effort), (None, 0));
    }
}
