//! Tables without bytes, merged without entries.
//!
//! A byteless table is a [`TableMeta`] whose keys are positions: 8 bytes, big-endian. Its entries are taken to be
//! spread evenly between its first and its last key, or within a few parts, which the merger remembers by the table's
//! number. In: the tables of a compaction, or memtables; how keys are drawn ([`KeyModel`]); how large things are
//! ([`TableFormat`]). Out: the tables that the merge would write, cut where [`Cutter`] cuts them, which decides for the
//! engine too.
//!
//! ```text
//! level 1     [ 700 entries  ]                         what is in the range of both is denser
//! level 2  [    4000 entries    ][  4000 entries   ]
//! outputs  [  4000   ][   4000    ][  700   ]          cut by size, and where tables of level 3 end
//! ```
//!
//! The time does not go by entries, but by tables: see `stream` for what is merged, and `ends` for where it is
//! cut.

use std::rc::Rc;

use super::{
    ages::Ages,
    keys::KeyModel,
    shapes::Shapes,
    stream::{Nth, Pieces, Stream},
};
use crate::{
    entry::{SeqNo, beginning},
    float::float,
    indexed::{IndexedLevels, Positions},
    policy::{Compaction, Cutter, Levels},
    random::Random,
    version::{TableId, TableMeta, Times},
};

mod ends;

use ends::{Ends, Sizes};

/// How large things are in a table's file.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFormat {
    /// What a table has beside its entries: footer, properties.
    pub table_bytes: u64,
    /// A tombstone's bytes: its key, and what is stored with it.
    pub tombstone_bytes: f64,
    /// How many bits of its position each byte of a key tells: 8 for plain bytes, 4 for hexadecimal digits. Neighbours
    /// that lie nearer to each other share more bytes, which a block stores once. 0: they never share any.
    pub key_byte_bits: f64,
    /// A data block is closed at this size, and only closed ones count when an output is cut (`block_size`).
    pub block_size: u64,
    /// Of the bytes for an entry, the share that is in data blocks; the rest is in the index and the filter.
    pub data_share: f64,
}

impl Default for TableFormat {
    /// As RocksDB's tables, with no filter: see the measured sizes in `docs/accuracy.md`.
    fn default() -> TableFormat {
        TableFormat {
            table_bytes: 900,
            tombstone_bytes: 26.0,
            key_byte_bits: 4.0,
            block_size: 4096,
            data_share: 0.9955,
        }
    }
}

/// The share of entries that do not begin a restart: 15 of 16.
const SHARING: f64 = 0.9375;

/// Where the key of a byteless table lies among all keys: from 0 to 1.
pub fn place(key: &[u8]) -> f64 {
    beginning(key) as f64 / (1u128 << 64) as f64
}

/// Merges byteless tables. One for all merges of a tree: it remembers how entries are spread in the tables that it
/// wrote, until they are merged.
#[derive(Clone, Debug)]
pub struct Merger {
    model: KeyModel,
    format: TableFormat,
    stream: Stream,
    shapes: Shapes,
    cutter: Cutter<Positions>,
    /// Tables that nobody needs any more, for the sake of their memory.
    spare: Vec<Rc<TableMeta>>,
}

/// So many are kept: more than most merges write.
const MOST_SPARE: usize = 256;

/// What the inputs of a merge have together.
#[derive(Clone, Copy, Debug, Default)]
struct Inputs {
    entries: u64,
    tombstones: u64,
    bytes: u64,
    seqs: (SeqNo, SeqNo),
    times: Times,
}

impl Merger {
    /// For keys drawn as `model` says, in tables as `format` says.
    pub fn new(model: KeyModel, format: TableFormat) -> Merger {
        Merger {
            model,
            format,
            stream: Stream::default(),
            shapes: Shapes::default(),
            cutter: Cutter::by_size(0),
            spare: Vec::new(),
        }
    }

    /// How keys are drawn.
    pub fn model(&self) -> &KeyModel {
        &self.model
    }

    /// Takes the entries of a table to be spread evenly from now on: it is about to be merged elsewhere than it lies.
    pub fn spread(&mut self, table: TableId) {
        self.shapes.take(table);
    }

    /// The table that a flush of `memtables` writes, newest first; none if they are empty. A memtable is given as the
    /// table that it would be by itself.
    pub fn flush(&mut self, memtables: &[TableMeta], id: TableId) -> Option<TableMeta> {
        let inputs = Inputs::of(memtables.iter(), &self.format);
        self.stream.merge(memtables.iter(), &self.model, |_, _| true, &mut self.shapes);
        if self.stream.pieces.len() == 0 {
            return None;
        }
        let (sizes, mut table) = (self.sizes(&inputs), blank());
        Outputs::new(&mut self.stream, inputs, sizes, &self.format).write(&mut table, id, None);
        Some(table)
    }

    /// The tables that `compaction`, a merge that was picked on `tree`, writes, each with its level. `inputs` are its
    /// tables with their levels, as [`Compaction::resolve`] gives them. The first output is called `next`, which goes
    /// on from one to the next.
    pub fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        inputs: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<(usize, Rc<TableMeta>)> {
        let tables = || inputs.iter().map(|(_, table)| &**table);
        let together = Inputs::of(tables(), &self.format);
        let outside = Outside { tree, inputs, newest: together.seqs.1 };
        self.stream.merge(tables(), &self.model, |from, to| outside.may_hold(from, to), &mut self.shapes);
        let mut written = Vec::with_capacity(inputs.len() + 4);
        if self.stream.pieces.len() == 0 {
            return written;
        }
        let sizes = self.sizes(&together);
        let mut outputs = Outputs::new(&mut self.stream, together, sizes, &self.format);
        self.cutter.restart(compaction, tree);
        let mut ends = Ends::new(&mut self.cutter, outputs.entries, sizes);
        loop {
            let end = ends.next(outputs.begun.n);
            let mut place = self.spare.pop().unwrap_or_else(|| Rc::new(blank()));
            // Nobody else has what is spare.
            let table = Rc::make_mut(&mut place);
            let (first, last) = outputs.write(table, *next, end);
            if outputs.entries.shape(first, last, self.shapes.open()) {
                self.shapes.keep(*next);
            }
            written.push((compaction.output_level, place));
            *next += 1;
            if end.is_none() {
                return written;
            }
        }
    }

    /// Takes back the memory of tables that are no longer in the tree.
    pub fn reuse(&mut self, tables: impl IntoIterator<Item = Rc<TableMeta>>) {
        let room = MOST_SPARE - self.spare.len();
        self.spare.extend(tables.into_iter().filter(|table| Rc::strong_count(table) == 1).take(room));
    }

    fn sizes(&self, inputs: &Inputs) -> Sizes {
        let TableFormat { tombstone_bytes, block_size, data_share, key_byte_bits, .. } = self.format;
        let puts = (inputs.entries - inputs.tombstones) as f64;
        let put_bytes = (inputs.bytes as f64 - inputs.tombstones as f64 * tombstone_bytes).max(0.0) / puts.max(1.0);
        let (len, tombstones) = (self.stream.pieces.len() as f64, self.stream.all_tombstones());
        let shared = if key_byte_bits > 0.0 { self.stream.nearer() / key_byte_bits * SHARING } else { 0.0 };
        let entry_bytes = (((len - tombstones) * put_bytes + tombstones * tombstone_bytes) / len - shared).max(1.0);
        let in_data = (entry_bytes * data_share).max(1.0);
        let block_entries = (block_size as f64 / in_data).max(1.0) as u64;
        Sizes { entry_bytes, block_entries, block_bytes: (block_entries as f64 * in_data) as u64 }
    }
}

/// The outputs of one merge, one after the other.
struct Outputs<'a> {
    entries: &'a Pieces,
    ages: &'a mut Ages,
    inputs: Inputs,
    entry_bytes: f64,
    table_bytes: u64,
    /// The first entry of the output at hand; the bytes and the tombstones before it.
    begun: Nth,
    bytes: u64,
    tombstones: u64,
}

impl<'a> Outputs<'a> {
    /// Of what `stream` has merged, which is not nothing.
    fn new(stream: &'a mut Stream, inputs: Inputs, sizes: Sizes, format: &TableFormat) -> Outputs<'a> {
        let Stream { pieces: entries, ages, .. } = stream;
        let TableFormat { table_bytes, .. } = *format;
        let begun = entries.first();
        Outputs { entries, ages, inputs, entry_bytes: sizes.entry_bytes, table_bytes, begun, bytes: 0, tombstones: 0 }
    }

    /// Makes `table` the output at hand, when the next one begins at `next`: its first and its last entry.
    #[inline(always)]
    fn write(&mut self, table: &mut TableMeta, id: TableId, next: Option<Nth>) -> (Nth, Nth) {
        let Outputs { entries: all, inputs, begun: first, .. } = *self;
        let (last, end) = match next {
            Some(next) => (all.before(next), next.n),
            None => (all.last(), all.len()),
        };
        let bytes = (float(end) * self.entry_bytes) as i64 as u64;
        let tombstones = match (inputs.tombstones, next) {
            (0, _) => 0,
            (_, Some(next)) => all.tombstones_before(next),
            (_, None) => all.tombstones(),
        };
        let (from, to) = inputs.seqs;
        let (smallest_seq, largest_seq) = match end - first.n < all.len() {
            true => self.ages.of(first.at, last.at, &mut Random::new(id)).unwrap_or(inputs.seqs),
            false => inputs.seqs,
        };
        table.id = id;
        table.bytes = self.table_bytes + bytes - self.bytes;
        table.entries = end - first.n;
        // The one may be rounded up where the other is rounded down.
        table.tombstones = (tombstones - self.tombstones).min(table.entries);
        let (smallest, largest) = all.ends(first, last);
        table.smallest = smallest.to_be_bytes()[..].into();
        table.largest = largest.to_be_bytes()[..].into();
        table.smallest_seq = smallest_seq.max(from);
        table.largest_seq = largest_seq.min(to);
        (table.oldest_time, table.newest_time) = (inputs.times.oldest, inputs.times.newest);
        table.tombstone_seqs = (table.tombstones > 0).then_some((table.smallest_seq, table.largest_seq));
        (self.begun, self.bytes, self.tombstones) = (next.unwrap_or(last), bytes, tombstones);
        (first, last)
    }
}

/// A table that is to be written.
fn blank() -> TableMeta {
    TableMeta::default()
}

impl Inputs {
    fn of<'a>(tables: impl Iterator<Item = &'a TableMeta>, format: &TableFormat) -> Inputs {
        tables.fold(Inputs { seqs: (SeqNo::MAX, 0), ..Inputs::default() }, |sum, table| Inputs {
            entries: sum.entries + table.entries,
            tombstones: sum.tombstones + table.tombstones,
            bytes: sum.bytes + table.bytes.saturating_sub(format.table_bytes),
            seqs: (sum.seqs.0.min(table.smallest_seq), sum.seqs.1.max(table.largest_seq)),
            times: sum.times.with(table),
        })
    }
}

/// The tables that a merge leaves where they are.
struct Outside<'a> {
    tree: &'a IndexedLevels,
    inputs: &'a [(usize, Rc<TableMeta>)],
    /// The newest sequence number that is merged.
    newest: u64,
}

impl Outside<'_> {
    /// Whether one of them may hold something older, so that the tombstones in this range must stay. Above a deeper
    /// level, everything is newer than what lies on it, and what lies beside the inputs there has other keys.
    fn may_hold(&self, from: u64, to: u64) -> bool {
        let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
        let is_older = |table: &Rc<TableMeta>| {
            table.smallest_seq < self.newest && !self.inputs.iter().any(|(_, input)| input.id == table.id)
        };
        let start = self.inputs.iter().map(|(level, _)| *level).min().unwrap_or(0);
        (start == 0 && self.tree.level_0().iter().any(|t| t.overlaps(&from, &to) && is_older(t)))
            || (start + 1..self.tree.count()).any(|level| self.tree.overlapping(level, &from, &to).any(is_older))
    }
}

#[cfg(test)]
mod tests;
