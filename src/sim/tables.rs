//! Tables without bytes, merged without entries.
//!
//! A byteless table is a [`TableMeta`] whose keys are positions: 8 bytes, big-endian. Its entries are taken to be spread evenly
//! between its first and its last key, or within a few parts, which the merger remembers by the table's number. In: the tables
//! of a compaction, or memtables; how keys are drawn ([`KeyModel`]); how large things are ([`TableFormat`]). Out: the tables that
//! the merge would write, cut where [`Cutter`] cuts them, which decides for the engine too.
//!
//! ```text
//! level 1     [ 700 entries  ]                         what is in the range of both is denser
//! level 2  [    4000 entries    ][  4000 entries   ]
//! outputs  [  4000   ][   4000    ][  700   ]          cut by size, and where tables of level 3 end
//! ```
//!
//! The time does not go by entries: an output ends at a boundary of a grandparent or when it is full, so only the entries that
//! come first behind one of these are asked about, and of these only such as find it large enough. That leaves nothing out, and
//! a test asks about every entry.

use std::rc::Rc;

use super::{
    ages::Age,
    keys::KeyModel,
    shapes::{Shape, Shapes},
    stream::Stream,
};
use crate::{
    entry::{SeqNo, beginning},
    policy::{Compaction, Cutter, Tree},
    random::Random,
    version::{TableId, TableMeta, Version},
};

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

/// Merges byteless tables. One for all merges of a tree: it remembers how entries are spread in the tables that it wrote, until
/// they are merged.
#[derive(Clone, Debug)]
pub struct Merger {
    model: KeyModel,
    format: TableFormat,
    stream: Stream,
    shapes: Shapes,
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
    newest_time: u64,
}

/// How large the outputs of one merge get.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// For each entry, all included but `table_bytes`.
    entry_bytes: f64,
    /// Entries in a data block, and the bytes that it adds to a file when it is closed.
    block_entries: u64,
    block_bytes: u64,
}

impl Sizes {
    /// What a file of so many entries counts when it is asked whether to cut it: the blocks that were closed, the last of
    /// them when the entry behind it was added.
    fn flushed(&self, entries: u64) -> u64 {
        entries.saturating_sub(1) / self.block_entries * self.block_bytes
    }

    /// The fewest entries of a file that counts `bytes`.
    fn entries_at(&self, bytes: u64) -> u64 {
        bytes.div_ceil(self.block_bytes).saturating_mul(self.block_entries).saturating_add(1)
    }
}

impl Merger {
    /// For keys drawn as `model` says, in tables as `format` says.
    pub fn new(model: KeyModel, format: TableFormat) -> Merger {
        Merger { model, format, stream: Stream::default(), shapes: Shapes::default(), spare: Vec::new() }
    }

    /// How keys are drawn.
    pub fn model(&self) -> &KeyModel {
        &self.model
    }

    /// Takes the entries of a table to be spread evenly from now on: it is about to be merged elsewhere than it lies.
    pub fn spread(&mut self, table: TableId) {
        self.shapes.take(table);
    }

    /// The table that a flush of `memtables` writes, newest first; none if they are empty. A memtable is given as the table
    /// that it would be by itself.
    pub fn flush(&mut self, memtables: &[TableMeta], id: TableId) -> Option<TableMeta> {
        self.stream.merge(memtables.iter(), &self.model, |_, _| true, &mut self.shapes);
        let inputs = Inputs::of(memtables.iter(), &self.format);
        let mut next = id;
        let mut tables = Vec::with_capacity(1);
        self.cut(Cutter::by_size(u64::MAX), inputs, &mut next, |table, _| tables.push(table));
        tables.pop()
    }

    /// The tables that `compaction`, a merge that was picked on `tree`, writes. `inputs` are its tables with their levels, as
    /// [`Compaction::resolve`] gives them. The first output is called `next`, which goes on from one to the next.
    pub fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &Tree,
        inputs: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        let tables = || inputs.iter().map(|(_, table)| &**table);
        let outside =
            Outside { version: tree.version(), inputs, newest: tables().map(|t| t.largest_seq).max().unwrap_or(0) };
        self.stream.merge(tables(), &self.model, |from, to| outside.may_hold(from, to), &mut self.shapes);
        let mut outputs = Vec::with_capacity(inputs.len() + 4);
        let together = Inputs::of(tables(), &self.format);
        let (mut shapes, mut spare) = (std::mem::take(&mut self.shapes), std::mem::take(&mut self.spare));
        let cutter = Cutter::of_positions(compaction, tree);
        self.cut(cutter, together, next, |table, shape| {
            if let Some(shape) = shape {
                shapes.set(table.id, shape);
            }
            let mut place = spare.pop();
            match place.as_mut().and_then(Rc::get_mut) {
                Some(place) => *place = table,
                None => place = Some(Rc::new(table)),
            }
            outputs.extend(place);
        });
        (self.shapes, self.spare) = (shapes, spare);
        outputs
    }

    /// Takes back the memory of tables that are no longer in the tree.
    pub fn reuse(&mut self, tables: impl IntoIterator<Item = Rc<TableMeta>>) {
        let room = MOST_SPARE - self.spare.len();
        self.spare.extend(tables.into_iter().filter(|table| Rc::strong_count(table) == 1).take(room));
    }

    /// Cuts the stream into tables.
    fn cut(
        &self,
        mut cutter: Cutter<u64>,
        inputs: Inputs,
        next: &mut TableId,
        mut write: impl FnMut(TableMeta, Option<Shape>),
    ) {
        let stream = &self.stream;
        if stream.len() == 0 {
            return;
        }
        let sizes = self.sizes(inputs);
        let full = sizes.entries_at(cutter.full_at());
        let large = cutter.large_from().map(|bytes| sizes.entries_at(bytes));
        let waits_for_size = cutter.waits_for_size(stream.widest());
        let (mut begun, mut asked, mut skips) = ((0, 0), (0, 0), waits_for_size);
        cutter.cuts_before(&stream.position(0, 0), None);
        loop {
            skips = skips && self.skip(&mut cutter, &large, begun.0, &mut asked);
            // The next entry at which the answer may be yes.
            let at_boundary = next_boundary(&cutter, stream, asked.1);
            let at_full = u64::saturating_add(begun.0, full).max(asked.0 + 1);
            let n = at_boundary.0.min(at_full);
            if n >= stream.len() {
                break;
            }
            asked = if n == at_boundary.0 { at_boundary } else { (n, stream.piece_of(n, asked.1)) };
            if cutter.cuts_before(&stream.position(n, asked.1), Some(sizes.flushed(n - begun.0))) {
                write(self.table(inputs, sizes, begun, asked, next), stream.shape(begun, asked));
                (begun, skips) = (asked, waits_for_size);
            }
        }
        let last = stream.piece_of(stream.len() - 1, asked.1);
        write(self.table(inputs, sizes, begun, (stream.len(), last), next), stream.shape(begun, (stream.len(), last)));
    }

    /// Walks past the entries before which an output that began with entry `begun` is too small to end: how many entries are
    /// `large` enough depends on the boundaries that it has crossed. Not further than where it may end for another reason:
    /// whether that is not so.
    fn skip(&self, cutter: &mut Cutter<u64>, large: &[u64; 9], begun: u64, asked: &mut (u64, usize)) -> bool {
        let stream = &self.stream;
        loop {
            let from = begun.saturating_add(large[cutter.crossed().min(large.len() - 1)]);
            let n = from.min(stream.len()) - 1;
            if n <= asked.0 {
                return true;
            }
            let piece = stream.piece_of(n, asked.1);
            if !cutter.walks_to(stream.position(n, piece)) {
                return false;
            }
            // It has crossed boundaries, and has to be larger.
            *asked = (n, piece);
        }
    }
}

/// The first entry behind the next boundary, and its piece, which is `piece` or a later one.
fn next_boundary(cutter: &Cutter<u64>, stream: &Stream, piece: usize) -> (u64, usize) {
    cutter.next_boundary().and_then(|from| stream.first_at(from, piece)).unwrap_or((u64::MAX, 0))
}

impl Merger {
    fn sizes(&self, inputs: Inputs) -> Sizes {
        let TableFormat { tombstone_bytes, block_size, data_share, key_byte_bits, .. } = self.format;
        let puts = (inputs.entries - inputs.tombstones) as f64;
        let put_bytes = (inputs.bytes as f64 - inputs.tombstones as f64 * tombstone_bytes).max(0.0) / puts.max(1.0);
        let (len, tombstones) = (self.stream.len() as f64, self.stream.all_tombstones());
        let shared = if key_byte_bits > 0.0 { self.stream.nearer() / key_byte_bits * SHARING } else { 0.0 };
        let entry_bytes = (((len - tombstones) * put_bytes + tombstones * tombstone_bytes) / len - shared).max(1.0);
        let in_data = (entry_bytes * data_share).max(1.0);
        let block_entries = (block_size as f64 / in_data).max(1.0) as u64;
        Sizes { entry_bytes, block_entries, block_bytes: (block_entries as f64 * in_data) as u64 }
    }

    /// The entries from `begin` to `end`, each with its piece, as a table.
    fn table(
        &self,
        inputs: Inputs,
        sizes: Sizes,
        begin: (u64, usize),
        end: (u64, usize),
        next: &mut TableId,
    ) -> TableMeta {
        let stream = &self.stream;
        let last = stream.piece_before(end.0 - 1, end.1);
        let entries = end.0 - begin.0;
        let bytes_up_to = |n: u64| (n as i64 as f64 * sizes.entry_bytes) as u64;
        let tombstones = match inputs.tombstones {
            0 => 0,
            _ => stream.tombstones(end.0, end.1) - stream.tombstones(begin.0, begin.1),
        };
        let id = *next;
        *next += 1;
        let (smallest_seq, largest_seq) = match stream.ages(begin, end.0, last) {
            Some(ages) if entries < stream.len() => scattered(ages, inputs.seqs, id),
            _ => inputs.seqs,
        };
        TableMeta {
            id,
            bytes: self.format.table_bytes + bytes_up_to(end.0) - bytes_up_to(begin.0),
            entries,
            tombstones,
            smallest: stream.position(begin.0, begin.1).to_be_bytes()[..].into(),
            largest: stream.position(end.0 - 1, last).to_be_bytes()[..].into(),
            smallest_seq,
            largest_seq,
            newest_time: inputs.newest_time,
        }
    }
}

/// The first and the last sequence number of a table whose oldest and newest entries are of these `ages`: not the ends of their
/// tables' own, which are in one of many outputs only, but as far from them as the entries lie apart. Policies that go by age
/// would otherwise find all outputs the same age.
fn scattered((oldest, newest): (Age, Age), (first, last): (SeqNo, SeqNo), id: TableId) -> (SeqNo, SeqNo) {
    let mut random = Random::new(id);
    let mut up_to_twice = |age: Age| random.below(2 * age.apart as u64 + 1);
    let (a, b) = (oldest.seq + up_to_twice(oldest), newest.seq.saturating_sub(up_to_twice(newest)));
    (a.min(b).max(first), a.max(b).min(last))
}

impl Inputs {
    fn of<'a>(tables: impl Iterator<Item = &'a TableMeta>, format: &TableFormat) -> Inputs {
        tables.fold(Inputs { seqs: (SeqNo::MAX, 0), ..Inputs::default() }, |sum, table| Inputs {
            entries: sum.entries + table.entries,
            tombstones: sum.tombstones + table.tombstones,
            bytes: sum.bytes + table.bytes.saturating_sub(format.table_bytes),
            seqs: (sum.seqs.0.min(table.smallest_seq), sum.seqs.1.max(table.largest_seq)),
            newest_time: sum.newest_time.max(table.newest_time),
        })
    }
}

/// The tables that a merge leaves where they are.
struct Outside<'a> {
    version: &'a Version,
    inputs: &'a [(usize, Rc<TableMeta>)],
    /// The newest sequence number that is merged.
    newest: u64,
}

impl Outside<'_> {
    /// Whether one of them may hold something older, so that the tombstones in this range must stay.
    fn may_hold(&self, from: u64, to: u64) -> bool {
        let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
        let is_older = |table: &Rc<TableMeta>| {
            table.smallest_seq < self.newest && !self.inputs.iter().any(|(_, input)| input.id == table.id)
        };
        let sorted = |level: &Vec<Rc<TableMeta>>| {
            let first = level.partition_point(|t| *t.largest < from[..]);
            level[first..].iter().take_while(|t| *t.smallest <= to[..]).any(is_older)
        };
        self.version.levels[0].iter().any(|t| t.overlaps(&from, &to) && is_older(t))
            || self.version.levels[1..].iter().any(sorted)
    }
}

#[cfg(test)]
mod tests;
