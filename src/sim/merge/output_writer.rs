//! The output tables of one merge, from left to right.
//!
//! In: the merged entries, what the inputs have together ([`MergeTotals`]), and for each output the entry that begins
//! the next one. Out: a [`TableMeta`] with entries, tombstones, bytes, key range and sequence numbers.

use super::{
    merged_entries::{EntryAt, MergedEntries},
    output_cuts::OutputSizes,
    seq_ranges::SeqRanges,
    sweep::Sweep,
    table_format::TableFormat,
};
use crate::{
    entry::SeqNo,
    float::float,
    random::Random,
    version::{TableId, TableMeta, Times},
};

/// What the inputs of a merge have together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MergeTotals {
    pub entries: u64,
    pub tombstones: u64,
    /// Of entries only, without what each file has beside them.
    pub bytes: u64,
    /// The oldest and the newest.
    pub seqs: (SeqNo, SeqNo),
    pub times: Times,
}

impl MergeTotals {
    pub fn of<'a>(tables: impl Iterator<Item = &'a TableMeta>, format: &TableFormat) -> MergeTotals {
        tables.fold(MergeTotals { seqs: (SeqNo::MAX, 0), ..MergeTotals::default() }, |sum, table| MergeTotals {
            entries: sum.entries + table.entries,
            tombstones: sum.tombstones + table.tombstones,
            bytes: sum.bytes + table.bytes.saturating_sub(format.table_bytes),
            seqs: (sum.seqs.0.min(table.smallest_seq), sum.seqs.1.max(table.largest_seq)),
            times: sum.times.with(table),
        })
    }
}

/// Writes the outputs of one merge.
pub(super) struct OutputWriter<'a> {
    pub entries: &'a MergedEntries,
    seqs: &'a mut SeqRanges,
    totals: MergeTotals,
    entry_bytes: f64,
    table_bytes: u64,
    /// The first entry of the output that is written next; the bytes and the tombstones before it.
    pub first: EntryAt,
    bytes: u64,
    tombstones: u64,
}

impl<'a> OutputWriter<'a> {
    /// Of what `sweep` has merged, which is at least one entry.
    pub fn new(
        sweep: &'a mut Sweep,
        totals: MergeTotals,
        sizes: OutputSizes,
        format: &TableFormat,
    ) -> OutputWriter<'a> {
        let Sweep { entries, seqs, .. } = sweep;
        let (first, table_bytes) = (entries.first(), format.table_bytes);
        OutputWriter {
            entries,
            seqs,
            totals,
            entry_bytes: sizes.entry_bytes,
            table_bytes,
            first,
            bytes: 0,
            tombstones: 0,
        }
    }

    /// Makes `table` the next output, which ends before entry `next`, or with the last one of all. Returns its first
    /// and its last entry.
    #[inline(always)]
    pub fn write(&mut self, table: &mut TableMeta, id: TableId, next: Option<EntryAt>) -> (EntryAt, EntryAt) {
        let OutputWriter { entries: all, totals, first, .. } = *self;
        let (last, end) = match next {
            Some(next) => (all.before(next), next.n),
            None => (all.last(), all.len()),
        };
        let bytes = (float(end) * self.entry_bytes) as i64 as u64;
        let tombstones = match (totals.tombstones, next) {
            (0, _) => 0,
            (_, Some(next)) => all.tombstones_before(next),
            (_, None) => all.tombstones(),
        };
        let (from, to) = totals.seqs;
        let (smallest_seq, largest_seq) = match end - first.n < all.len() {
            true => self.seqs.of(first.at, last.at, &mut Random::new(id)).unwrap_or(totals.seqs),
            false => totals.seqs,
        };
        table.id = id;
        table.bytes = self.table_bytes + bytes - self.bytes;
        table.entries = end - first.n;
        // The one may be rounded up where the other is rounded down.
        table.tombstones = (tombstones - self.tombstones).min(table.entries);
        let (smallest, largest) = all.key_range(first, last);
        table.smallest = smallest.to_be_bytes()[..].into();
        table.largest = largest.to_be_bytes()[..].into();
        table.smallest_seq = smallest_seq.max(from);
        table.largest_seq = largest_seq.min(to);
        (table.oldest_time, table.newest_time) = (totals.times.oldest, totals.times.newest);
        table.tombstone_seqs = (table.tombstones > 0).then_some((table.smallest_seq, table.largest_seq));
        (self.first, self.bytes, self.tombstones) = (next.unwrap_or(last), bytes, tombstones);
        (first, last)
    }
}
