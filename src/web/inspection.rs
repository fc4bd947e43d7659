//! A file's bytes with their meaning; for a table, also its filter and the probes of the last read.

use serde::{Serialize, Serializer};
use tsify::Tsify;

use crate::{
    engine::table::{FOOTER_BYTES, Filter, Footer, seal::unseal},
    entry::Bytes,
    inspect::{FileExplanation, explain},
    storage::{FileId, FileKind},
    timeline::Timeline,
    trace::{BitProbe, Event},
};

/// A file at a position of the timeline.
#[derive(Debug, Serialize, Tsify)]
pub struct Inspection {
    /// Its bytes.
    #[serde(serialize_with = "as_bytes")]
    #[tsify(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    /// What they mean.
    pub explanation: FileExplanation,
    /// A table's filter.
    pub filter: Option<FilterBits>,
}

/// A table's filter.
#[derive(Debug, Serialize, Tsify)]
pub struct FilterBits {
    /// How many bits it has.
    pub bits: u64,
    /// How many of them a key sets.
    pub k: u32,
    /// How many are set.
    pub ones: u64,
    /// The bits, the lowest of each byte first.
    #[serde(serialize_with = "as_bytes")]
    #[tsify(type = "Uint8Array")]
    pub bytes: Vec<u8>,
    /// What the last read before the position asked of it.
    pub probe: Option<FilterProbe>,
}

/// What a read asked of a filter.
#[derive(Debug, Serialize, Tsify)]
pub struct FilterProbe {
    /// The key that was looked for.
    pub key: Option<Bytes>,
    /// The bits it tested; the first that is not set ends it.
    pub bits: Vec<BitProbe>,
    /// Whether the key may be in the table.
    pub maybe: bool,
}

/// A `Uint8Array`, not a list of numbers.
fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// The bytes that `file` had at `position`, if the timeline keeps them.
pub fn kept(timeline: &mut Timeline, file: FileId, position: usize) -> Option<Vec<u8>> {
    let kept = match timeline.seek(position).file_len(file) {
        Some(length) => timeline.files().get(file, length),
        // Not there (yet, or any more): its last bytes are better than none.
        None => timeline.files().whole(file),
    };
    let mut bytes = kept?.to_vec();
    timeline.flip_bits(file, position, 0, &mut bytes);
    Some(bytes)
}

/// What `bytes` of `file` mean.
pub fn inspect(timeline: &Timeline, file: FileId, position: usize, bytes: Vec<u8>) -> Inspection {
    let filter = (file.kind == FileKind::Table).then(|| filter_of(file, &bytes)).flatten();
    let filter = filter.map(|filter| FilterBits {
        bits: filter.bits(),
        k: filter.k(),
        ones: filter.ones(),
        bytes: filter.payload()[1..].to_vec(),
        probe: last_probe(timeline, file.number, position),
    });
    Inspection { explanation: explain(file, &bytes), bytes, filter }
}

/// The filter in a table's bytes; none where there is none, or where the bytes are damaged (which the explanation
/// says).
fn filter_of(file: FileId, bytes: &[u8]) -> Option<Filter> {
    let footer = Footer::parse(bytes.last_chunk::<FOOTER_BYTES>()?).ok().filter(|footer| footer.filter.bytes > 0)?;
    let sealed = footer.filter.slice(bytes)?.to_vec();
    Filter::parse(unseal(sealed, file.number, footer.filter.offset).ok()?).ok()
}

fn last_probe(timeline: &Timeline, id: u64, position: usize) -> Option<FilterProbe> {
    let mut before = timeline.events(0, position).rev().map(|row| row.event);
    let (bits, maybe) = before.find_map(|event| match event {
        Event::FilterProbed { table, bits, maybe, .. } if *table == id => Some((bits.clone(), *maybe)),
        _ => None,
    })?;
    // The read that it was part of began before it.
    let key = before.find_map(|event| match event {
        Event::GetBegan { key, .. } => Some(key.clone()),
        _ => None,
    });
    Some(FilterProbe { key, bits, maybe })
}
