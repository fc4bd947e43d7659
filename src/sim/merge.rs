//! The merge of tables without bytes: which tables a flush or a compaction would write, from numbers alone.
//!
//! In: the input tables, newest first; how keys are drawn ([`KeyModel`]); the sizes of what a file holds
//! ([`TableFormat`]); for a compaction, the tree. Out: the output tables, cut where the engine's own [`Cutter`] cuts.
//! Errors: none. No entries: no output.
//!
//! # The model
//!
//! **A table** is a [`TableMeta`]: `n` entries, `d` of them tombstones, in `B` bytes; first and last key; first and
//! last sequence number, `s` and `t`. A key is a position, a `u64` in 8 bytes, big-endian. The table covers the
//! positions from its first key to just behind its last one, and its entries lie evenly there, or in up to four
//! *segments* of unlike density (`density_profile`). A gap of at most two distances between neighbours belongs to the
//! table before it. Tables of one level side by side are one *sorted run* (`input_runs`).
//!
//! **How many keys are left.** Every end of a segment, in any run, divides the key axis into intervals. In an interval
//! of `w` positions with `K` of the keys there are (`K = N w / 2^64` of `N`; infinite where each write has a new key),
//! run `i`, counted from the newest, has `e_i = w × density` entries. The first `j` runs together have
//!
//! ```text
//! new keys      U_j = e_1 + … + e_j
//! uniform keys  U_j = K (1 − Π (1 − e_i / K))        a union of independent draws (Cárdenas 1975, for one draw each)
//! other keys    U_j = K F(Σ F⁻¹(e_i / K))            F: draws per key -> share of keys drawn (`key_model`)
//! ```
//!
//! and run `j` adds `U_j − U_(j−1)`, of which its table's share `d / n` are tombstones. Tombstones are dropped where no
//! table outside of the merge with older entries may hold a key of the interval (`older_tables`).
//!
//! **Where they lie.** An interval gets the whole part of `U + carry`, and no more entries than it has positions (or
//! cells: [`key_cells`]); the rest is carried to the next interval. `c` entries in `w` positions are a *stretch*: they
//! are `w / c` apart, each in the middle of its share. The first entry of all lies at the first key of the inputs, the
//! last one at their last (`sweep`, `merged_entries`).
//!
//! **Bytes.** A put has the inputs' average: `(Σ (B − table_bytes) − Σ d × tombstone_bytes) / Σ (n − d)`. Entries that
//! lie nearer to each other than they did share more bytes of their keys: 15 of 16 entries save
//! `b / key_byte_bits` bytes, with `b = Σ log2(distance in the input) − Σ log2(distance in the output)`, per entry.
//!
//! **Outputs.** The cutter is asked before every entry, with the bytes of the data blocks closed so far: for `m`
//! entries `⌊(m − 1) / block_entries⌋ × block_bytes` (`output_cuts`). An output from entry `a` to entry `z` begins
//! and ends where these lie; its tombstones are those before `z + 1` less those before `a`, each rounded down.
//!
//! **Sequence numbers.** Those of an input lie evenly from `s` to `t`. If it has `m` entries in an output's range, the
//! oldest of them is expected at `s + (t − s) / m`. The earliest of these, over all inputs, is the output's oldest,
//! drawn uniformly up to twice as far from `s`; the newest likewise from `t` (`seq_ranges`). A single output has the
//! inputs' own.
//!
//! # What is exact and what is an expectation
//!
//! | exact | expected |
//! | --- | --- |
//! | the sum of entries, where every key is new: outputs = inputs | the number of distinct keys, of tombstones |
//! | order: outputs do not overlap, and lie within the inputs | where an entry lies between two ends |
//! | where outputs are cut, given where entries lie | bytes: averages; `log2` to within 0.05 (it cancels out) |
//! | first and last key, oldest and newest second of the merge | sequence numbers of one output of several |
//!
//! # Speed
//!
//! A comment at each trick says what the preset `ten-hours` loses without it: the shortest of 56 runs, interleaved with
//! those of the whole. Differences below 2 % are noise. Tried without gain: a sweep of its own for any number of runs
//! without overwrites, branch-free searches, a list of stretches sized before it is filled, a path of its own for
//! merges without grandparents, and longer strides of the walk past grandparents.
//!
//! # Reference
//!
//! `merge/reference.rs` is the same model straight from these formulas, over plain vectors, one entry at a time. A
//! property test holds this implementation against it: entries, tombstones, keys and cuts are equal; bytes and
//! sequence numbers, which are rounded down from floats, differ by at most 1, since additions are in another order.
//!
//! ```text
//! level 1     [ 700 entries  ]                         where both have entries, they lie closer together
//! level 2  [    4000 entries    ][  4000 entries   ]
//! outputs  [  4000   ][   4000    ][  700   ]          cut by size, and where tables of level 3 end
//! ```

use std::rc::Rc;

use crate::{
    entry::beginning,
    indexed::{IndexedLevels, Positions},
    policy::{Compaction, Cutter},
    version::{TableId, TableMeta},
};

mod density_profile;
mod input_runs;
pub mod key_cells;
pub mod key_model;
mod merged_entries;
mod older_tables;
mod output_cuts;
mod output_writer;
mod seq_ranges;
mod sweep;
mod table_format;

pub use key_cells::KeyCells;
pub use key_model::KeyModel;
pub use table_format::TableFormat;

use density_profile::DensityProfiles;
use older_tables::OlderTables;
use output_cuts::{OutputCuts, OutputSizes};
use output_writer::{MergeTotals, OutputWriter};
use sweep::Sweep;

/// Where the key of a byteless table lies among all keys: from 0 to 1.
pub fn key_position(key: &[u8]) -> f64 {
    beginning(key) as f64 / (1u128 << 64) as f64
}

/// Merges byteless tables. One for all merges of a tree: it remembers the density profile of each table that it wrote,
/// until the table is merged.
#[derive(Clone, Debug)]
pub struct Merger {
    model: KeyModel,
    format: TableFormat,
    sweep: Sweep,
    profiles: DensityProfiles,
    cutter: Cutter<Positions>,
    /// Tables that left the tree, whose memory the next outputs take.
    spare: Vec<Rc<TableMeta>>,
}

/// The most tables that wait for reuse: more than most merges write. Without reuse, `ten-hours` takes 4 % longer.
const MAX_SPARE: usize = 256;

impl Merger {
    /// For keys drawn as `model` says, in tables as `format` says.
    pub fn new(model: KeyModel, format: TableFormat) -> Merger {
        Merger {
            model,
            format,
            sweep: Sweep::default(),
            profiles: DensityProfiles::default(),
            cutter: Cutter::by_size(0),
            spare: Vec::new(),
        }
    }

    /// How keys are drawn.
    pub fn model(&self) -> &KeyModel {
        &self.model
    }

    /// Forgets the density profile of a table: its entries are spread evenly from now on, since it is merged elsewhere
    /// than it lies.
    pub fn spread_evenly(&mut self, table: TableId) {
        self.profiles.take(table);
    }

    /// The table that a flush of `memtables` writes, newest first; none if they are empty. A memtable is given as the
    /// table that it would be by itself.
    pub fn flush(&mut self, memtables: &[TableMeta], id: TableId) -> Option<TableMeta> {
        let totals = MergeTotals::of(memtables.iter(), &self.format);
        self.sweep.merge(memtables.iter(), &self.model, |_, _| true, &mut self.profiles);
        if self.sweep.entries.len() == 0 {
            return None;
        }
        let (sizes, mut table) = (self.sizes(&totals), TableMeta::default());
        OutputWriter::new(&mut self.sweep, totals, sizes, &self.format).write(&mut table, id, None);
        Some(table)
    }

    /// The tables that `compaction`, a merge that was picked on `tree`, writes, each with its level. `inputs` are its
    /// tables with their levels, as [`Compaction::resolve`] gives them. The first output has the number `next`, which
    /// goes on from one to the next.
    pub fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        inputs: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<(usize, Rc<TableMeta>)> {
        let tables = || inputs.iter().map(|(_, table)| &**table);
        let totals = MergeTotals::of(tables(), &self.format);
        let older = OlderTables { tree, inputs, newest: totals.seqs.1 };
        self.sweep.merge(tables(), &self.model, |from, to| older.may_hold(from, to), &mut self.profiles);
        let mut written = Vec::with_capacity(inputs.len() + 4);
        if self.sweep.entries.len() == 0 {
            return written;
        }
        let sizes = self.sizes(&totals);
        let mut writer = OutputWriter::new(&mut self.sweep, totals, sizes, &self.format);
        self.cutter.restart(compaction, tree);
        let mut cuts = OutputCuts::new(&mut self.cutter, writer.entries, sizes);
        loop {
            let end = cuts.next(writer.first.n);
            let mut place = self.spare.pop().unwrap_or_default();
            // A spare table has one owner, so nothing is copied.
            let table = Rc::make_mut(&mut place);
            let (first, last) = writer.write(table, *next, end);
            if writer.entries.profile(first, last, self.profiles.open()) {
                self.profiles.keep(*next);
            }
            written.push((compaction.output_level, place));
            *next += 1;
            if end.is_none() {
                return written;
            }
        }
    }

    /// Takes back the memory of tables that left the tree.
    pub fn reuse(&mut self, tables: impl IntoIterator<Item = Rc<TableMeta>>) {
        let room = MAX_SPARE - self.spare.len();
        self.spare.extend(tables.into_iter().filter(|table| Rc::strong_count(table) == 1).take(room));
    }

    fn sizes(&self, totals: &MergeTotals) -> OutputSizes {
        OutputSizes::of(
            totals,
            self.sweep.entries.len() as f64,
            self.sweep.all_tombstones(),
            self.sweep.nearer(),
            &self.format,
        )
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
