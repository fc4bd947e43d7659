//! Where the outputs of a byteless merge end.
//!
//! In: a [`Cutter`], the merged entries, and their sizes. Out: for each output, the entry that begins the next one.
//!
//! The cutter's rule is asked of every entry; it says yes only where an output is full, or at the first entry behind a
//! boundary of a grandparent. So only these entries are asked about. Where no grandparent is skipped whole, an output
//! below a certain size does not end at a boundary either, and a walk passes these boundaries without a question:
//! without the walk, `ten-hours` takes 24 % longer. The reference asks about every entry.

use crate::{
    indexed::{MAX_CROSSED, Positions},
    policy::Cutter,
};

use super::{
    merged_entries::{EntryAt, MergedEntries},
    output_writer::MergeTotals,
    table_format::{SHARING_ENTRIES, TableFormat},
};

/// The sizes of the entries of one merge, all alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutputSizes {
    /// Bytes of an entry in a file, its part of index and filter included.
    pub entry_bytes: f64,
    /// Entries in a data block, and its bytes, which count for the file when the block is closed.
    pub block_entries: u64,
    pub block_bytes: u64,
}

impl OutputSizes {
    /// Of `len` merged entries, `tombstones` of them tombstones, which lie nearer to each other, by `nearer` bits, than
    /// in the inputs.
    pub fn of(totals: &MergeTotals, len: f64, tombstones: f64, nearer: f64, format: &TableFormat) -> OutputSizes {
        let TableFormat { tombstone_bytes, block_size, data_share, key_byte_bits, .. } = *format;
        let puts = (totals.entries - totals.tombstones) as f64;
        let put_bytes = (totals.bytes as f64 - totals.tombstones as f64 * tombstone_bytes).max(0.0) / puts.max(1.0);
        let shared = if key_byte_bits > 0.0 { nearer / key_byte_bits * SHARING_ENTRIES } else { 0.0 };
        let entry_bytes = (((len - tombstones) * put_bytes + tombstones * tombstone_bytes) / len - shared).max(1.0);
        let in_data = (entry_bytes * data_share).max(1.0);
        let block_entries = (block_size as f64 / in_data).max(1.0) as u64;
        OutputSizes { entry_bytes, block_entries, block_bytes: (block_entries as f64 * in_data) as u64 }
    }

    /// The size of a file of `entries` entries when the cutter is asked: that of its closed blocks. A block is closed
    /// when the entry behind it is added.
    pub fn flushed(&self, entries: u64) -> u64 {
        entries.saturating_sub(1) / self.block_entries * self.block_bytes
    }

    /// The fewest entries of a file that counts `bytes`.
    fn entries_at(&self, bytes: u64) -> u64 {
        bytes.div_ceil(self.block_bytes).saturating_mul(self.block_entries).saturating_add(1)
    }
}

/// The cuts between the outputs of one merge, from left to right.
pub(super) struct OutputCuts<'a> {
    cutter: &'a mut Cutter<Positions>,
    entries: &'a MergedEntries,
    sizes: OutputSizes,
    /// An output of this many entries ends, whatever comes.
    full: u64,
    /// By the boundaries that an output has crossed: the number of entries from which on it ends at the next one; at
    /// most all entries.
    large: [u64; MAX_CROSSED + 1],
    /// Whether smaller outputs walk past boundaries without a question.
    walks: bool,
    /// The last entry that was asked about, or walked to.
    asked: EntryAt,
}

/// How a walk past boundaries has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walked {
    /// Here: an output may end behind this entry.
    Small,
    /// At an entry behind which the output is large enough to end at any boundary.
    Large,
    /// Before an entry at which the output may end although it is small.
    Stopped,
}

impl<'a> OutputCuts<'a> {
    /// Of `entries`, which are at least one.
    pub fn new(cutter: &'a mut Cutter<Positions>, entries: &'a MergedEntries, sizes: OutputSizes) -> OutputCuts<'a> {
        let full = sizes.entries_at(cutter.full_at());
        let walks = cutter.waits_for_size();
        cutter.cuts_before(&entries.first().at, None);
        let large = std::array::from_fn(|crossed| sizes.entries_at(cutter.large_from(crossed)).min(entries.len()));
        OutputCuts { cutter, entries, sizes, full, large, walks, asked: entries.first() }
    }

    /// The entry that begins the next output, where this one begins with entry `begun`; none if this one is the last.
    pub fn next(&mut self, begun: u64) -> Option<EntryAt> {
        let mut walks = self.walks;
        loop {
            let mut is_large = false;
            if walks {
                let walked = self.walk(begun);
                (walks, is_large) = (walked != Walked::Stopped, walked == Walked::Large);
            }
            // The next entry at which the cutter may say yes.
            let at_boundary =
                self.cutter.next_boundary().and_then(|from| self.entries.first_at(from, self.asked.stretch));
            let at_full = begun.saturating_add(self.full).max(self.asked.n + 1);
            let (next, ends) = match at_boundary {
                Some(nth) if nth.n <= at_full => (nth, is_large),
                _ if at_full < self.entries.len() => (self.entries.nth(at_full, self.asked.stretch), true),
                _ => return None,
            };
            self.asked = next;
            if ends {
                self.cutter.cut_before(next.at);
                return Some(next);
            }
            if self.cutter.cuts_before(&next.at, Some(self.sizes.flushed(next.n - begun))) {
                return Some(next);
            }
        }
    }

    /// Walks past the entries before which the output is too small to end. The number of entries that is large enough
    /// grows with the boundaries that the output has crossed.
    fn walk(&mut self, begun: u64) -> Walked {
        let mut ahead = self.cutter.ahead(self.entries.widest());
        let (mut crossed, mut here) = (ahead.crossed().min(MAX_CROSSED), self.asked);
        let walked = loop {
            let end = begun + self.large[crossed];
            let all = end >= self.entries.len();
            let n = if all { self.entries.len() } else { end } - 1;
            if n <= here.n {
                break Walked::Small;
            }
            let to = self.entries.nth(n, here.stretch);
            if !ahead.walks_to(to.at) {
                break Walked::Stopped;
            }
            (here, self.asked) = (to, to);
            if crossed == MAX_CROSSED {
                break Walked::Large;
            }
            // It has crossed boundaries, and has to be larger, if that can be.
            crossed = ahead.crossed().min(MAX_CROSSED);
        };
        let passed = ahead.passed();
        self.cutter.passes(passed);
        walked
    }
}
