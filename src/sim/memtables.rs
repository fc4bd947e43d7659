//! The memtables of a simulation: bytes come in at a rate; when one is full it is sealed, and waits for its flush.
//!
//! In: how many entries come in. Out: what a flush would find. Entries are counted with a fraction, so that nothing is
//! lost between two moments; a memtable that is sealed has a whole number.
//!
//! What an entry of `n` bytes of key and value takes, by measurements on RocksDB 9.8 (16 + 100 bytes: 145 in a
//! memtable, 125 in a table without filter) and its formats:
//!
//! ```text
//! memtable   n + 29                                        node, encoded lengths, sequence number
//! table      n × compression_ratio + 9 + filter bits / 8   lengths, sequence number, its part of index and checksums
//! WAL        n + 23                                        frame, batch header, lengths
//! ```

use std::collections::VecDeque;

use super::{
    merge::{KeyModel, TableFormat},
    spec::{KeyDistribution, Spec},
};
use crate::{
    options::{Compression, Options},
    random::Random,
    version::TableMeta,
};

const IN_MEMTABLE: f64 = 29.0;
const IN_TABLE: f64 = 9.0;
const IN_LOG: f64 = 23.0;
/// How far apart sequential keys lie.
const STRIDE: u64 = 1 << 20;

/// What one entry takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntrySize {
    /// Key and value.
    pub user: f64,
    /// In a memtable.
    pub memory: f64,
    /// In a table.
    pub table: f64,
    /// In the WAL.
    pub log: f64,
}

impl EntrySize {
    /// Of an entry of `spec`, a tombstone as often as it says.
    pub fn of(spec: &Spec, options: &Options) -> EntrySize {
        let puts = 1.0 - spec.delete_percent / 100.0;
        let user = spec.key_size_bytes as f64 + puts * spec.value_size_bytes as f64;
        EntrySize { user, memory: user + IN_MEMTABLE, table: put_bytes(spec, options), log: user + IN_LOG }
    }
}

/// The bytes of a put in a table.
fn put_bytes(spec: &Spec, options: &Options) -> f64 {
    let user = (spec.key_size_bytes + spec.value_size_bytes) as f64;
    let ratio = if options.compression == Compression::None { 1.0 } else { spec.compression_ratio };
    user * ratio + IN_TABLE + options.filter_bits_per_key() / 8.0
}

/// How tables of `spec` look.
pub fn table_format(spec: &Spec, options: &Options) -> TableFormat {
    let put = put_bytes(spec, options);
    let filter = options.filter_bits_per_key() / 8.0;
    let measured = TableFormat::default();
    TableFormat {
        tombstone_bytes: spec.key_size_bytes as f64 + IN_TABLE + filter,
        block_size: options.block_size,
        data_share: measured.data_share * (put - filter) / put,
        ..measured
    }
}

/// A memtable that is full.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sealed {
    /// The writes in it, and how many were written before.
    writes: u64,
    before: u64,
    /// The second before its first write, and that of its last.
    times: (u64, u64),
    is_flushing: bool,
}

/// The active memtable and those that wait.
#[derive(Clone, Debug)]
pub struct Memtables {
    entry: EntrySize,
    capacity: u64,
    /// Entries of all memtables at which memory is used up.
    most: f64,
    /// Writes in the active one.
    active: f64,
    /// The second at which it was begun.
    since: u64,
    /// Writes in those that are sealed; oldest first.
    sealed: VecDeque<Sealed>,
    sealed_writes: u64,
    /// How many of them no flush has begun with.
    waiting: u64,
    /// Writes in all that were ever sealed.
    total: u64,
}

impl Memtables {
    /// Empty ones.
    pub fn new(entry: EntrySize, options: &Options) -> Memtables {
        let limits = [
            (options.write_buffer_size, entry.memory),
            (options.write_buffer_entries, 1.0),
            (options.max_total_wal_size, entry.log),
            (options.db_write_buffer_size * options.soft_limit_percent / 100, entry.memory),
        ];
        let entries = limits.iter().filter(|(limit, _)| *limit > 0).map(|(limit, each)| (*limit as f64 / each) as u64);
        let most = match options.db_write_buffer_size {
            0 => f64::INFINITY,
            limit => limit as f64 / entry.memory,
        };
        Memtables {
            entry,
            capacity: entries.min().unwrap_or(u64::MAX).max(1),
            most,
            active: 0.0,
            since: 0,
            sealed: VecDeque::new(),
            sealed_writes: 0,
            waiting: 0,
            total: 0,
        }
    }

    /// `entries` more are written.
    pub fn add(&mut self, entries: f64) {
        self.active = (self.active + entries).min(self.capacity as f64);
    }

    /// The entries until the active one is full or memory is used up.
    pub fn room(&self) -> f64 {
        let memory = self.most - self.entries();
        let room = self.capacity as f64 - self.active;
        if memory > 0.0 { room.min(memory) } else { room }.max(0.0)
    }

    /// Whether the active one is full, but for what rounding leaves.
    pub fn is_full(&self) -> bool {
        self.capacity as f64 - self.active < 1e-6
    }

    /// Seals the active one at this second.
    pub fn seal(&mut self, second: u64) {
        let writes = self.capacity;
        let sealed = Sealed { writes, before: self.total, times: (self.since, second), is_flushing: false };
        self.sealed.push_back(sealed);
        self.sealed_writes += writes;
        self.waiting += 1;
        self.total += writes;
        self.active = 0.0;
        self.since = second;
    }

    /// How many are sealed and not flushed yet.
    pub fn immutables(&self) -> u64 {
        self.sealed.len() as u64
    }

    /// The number of these that no flush has taken.
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Entries of all of them.
    fn entries(&self) -> f64 {
        self.active + self.sealed_writes as f64
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> u64 {
        // What rounding leaves must not keep the limit from being reached.
        (self.entries() * self.entry.memory + 0.5) as u64
    }

    /// Bytes of the active one.
    pub fn active_bytes(&self) -> f64 {
        self.active * self.entry.memory
    }

    /// Bytes that all of them may have together are used up.
    pub fn memory(&self, options: &Options) -> u64 {
        let full = self.most.is_finite() && self.most - self.entries() < 1e-6;
        if full { self.bytes().max(options.db_write_buffer_size) } else { self.bytes() }
    }

    /// Everything that was written so far.
    pub fn written(&self) -> f64 {
        self.total as f64 + self.active
    }

    /// A flush begins with all that wait. They come as the tables that they would be by themselves, newest first.
    pub fn begin_flush(
        &mut self,
        spec: &Spec,
        put: &TableFormat,
        model: &KeyModel,
        random: &mut Random,
    ) -> Vec<TableMeta> {
        let (entry, delete_share) = (self.entry, spec.delete_percent / 100.0);
        let begun = self.sealed.iter_mut().filter(|sealed| !sealed.is_flushing).map(|sealed| {
            sealed.is_flushing = true;
            table(sealed, spec, entry, delete_share, put, model, random)
        });
        let mut tables: Vec<TableMeta> = begun.collect();
        tables.reverse();
        self.waiting = 0;
        tables
    }

    /// The oldest `count` are in a table now.
    pub fn end_flush(&mut self, count: usize) {
        for sealed in (0..count).filter_map(|_| self.sealed.pop_front()) {
            self.sealed_writes -= sealed.writes;
            self.waiting -= u64::from(!sealed.is_flushing);
        }
    }
}

fn table(
    sealed: &Sealed,
    spec: &Spec,
    entry: EntrySize,
    delete_share: f64,
    format: &TableFormat,
    model: &KeyModel,
    random: &mut Random,
) -> TableMeta {
    let entries = model.distinct(sealed.writes).max(1);
    let tombstones = (entries as f64 * delete_share) as u64;
    let data = (entries - tombstones) as f64 * entry.table + tombstones as f64 * format.tombstone_bytes;
    let (smallest, largest) = match spec.key_dist {
        KeyDistribution::Sequential => (sealed.before * STRIDE, (sealed.before + sealed.writes) * STRIDE - 1),
        _ if model.cells().is_none() => ends(entries, random),
        _ => ends_of_cells(entries, model, random),
    };
    TableMeta {
        id: 0,
        bytes: data as u64 + format.table_bytes,
        entries,
        tombstones,
        smallest: smallest.to_be_bytes()[..].into(),
        largest: largest.to_be_bytes()[..].into(),
        smallest_seq: sealed.before + 1,
        largest_seq: sealed.before + sealed.writes,
        oldest_time: Some(sealed.times.0),
        newest_time: Some(sealed.times.1),
        tombstone_seqs: (tombstones > 0).then_some((sealed.before + 1, sealed.before + sealed.writes)),
        ..TableMeta::default()
    }
}

/// The first and the last of `entries` keys that lie anywhere: about as far from the ends as they lie apart.
fn ends(entries: u64, random: &mut Random) -> (u64, u64) {
    let apart = u64::MAX / (entries + 1);
    let (left, right) = (random.below(2 * apart), random.below(2 * apart));
    // With one key only, there is one end.
    if entries == 1 { (left, left) } else { (left.min(u64::MAX / 2), (u64::MAX - right).max(u64::MAX / 2 + 1)) }
}

/// Where a table of `entries` keys begins and ends that lie in cells: with as many keys left out at each end as between
/// two.
fn ends_of_cells(entries: u64, model: &KeyModel, random: &mut Random) -> (u64, u64) {
    let (cells, (keys, key)) = (model.cells(), model.draw(random).expect("unique keys have no cells"));
    if entries == 1 {
        return (cells.place(key), cells.end(cells.place(key)));
    }
    let missing = keys.saturating_sub(entries);
    let most = 2 * missing / (entries + 1);
    let left = random.below(most + 1);
    let right = random.below(most.min(missing - left) + 1);
    (cells.place(left), cells.end(cells.place(keys - 1 - right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memtables(options: &Options) -> (Memtables, Spec) {
        let spec = Spec { value_size_bytes: 100, ..Spec::default() };
        (Memtables::new(EntrySize::of(&spec, options), options), spec)
    }

    /// Measured on RocksDB 9.8 with 1 MiB memtables of 16 + 100 bytes: about 7,200 entries in 905,4xx bytes.
    #[test]
    fn sizes_are_those_of_rocksdb() {
        let options = Options { write_buffer_size: 1 << 20, bloom_bits_per_key: 0.0, ..Options::default() };
        let (mut memtables, spec) = memtables(&options);
        assert!((memtables.room() - 7231.0).abs() < 1.0, "{}", memtables.room());
        memtables.add(memtables.room());
        assert!(memtables.is_full());
        memtables.seal(7);
        let format = table_format(&spec, &options);
        let tables = memtables.begin_flush(&spec, &format, &KeyModel::unique(), &mut Random::new(1));
        assert_eq!((tables.len(), tables[0].entries, tables[0].newest_time), (1, 7231, Some(7)));
        let per_entry = tables[0].bytes as f64 / 7231.0;
        assert!((per_entry / (905_400.0 / 7200.0) - 1.0).abs() < 0.01, "{per_entry}");
    }

    #[test]
    fn a_flush_takes_all_that_wait_and_others_wait_for_the_next() {
        let options = Options { write_buffer_entries: 10, max_write_buffer_number: 8, ..Options::default() };
        let (mut memtables, spec) = memtables(&options);
        let format = table_format(&spec, &options);
        let fill = |memtables: &mut Memtables| {
            memtables.add(memtables.room());
            memtables.seal(0);
        };
        let begin = |memtables: &mut Memtables| -> Vec<(u64, u64)> {
            let tables = memtables.begin_flush(&spec, &format, &KeyModel::unique(), &mut Random::new(1));
            tables.iter().map(|t| (t.smallest_seq, t.largest_seq)).collect()
        };
        fill(&mut memtables);
        fill(&mut memtables);
        assert_eq!(begin(&mut memtables), [(11, 20), (1, 10)]);
        fill(&mut memtables);
        assert_eq!((memtables.immutables(), memtables.waiting()), (3, 1));
        assert_eq!(begin(&mut memtables), [(21, 30)]);
        memtables.end_flush(2);
        assert_eq!((memtables.immutables(), memtables.waiting(), memtables.written()), (1, 0, 30.0));
    }

    #[test]
    fn memory_is_used_up_at_its_limit() {
        let options = Options { db_write_buffer_size: 100 << 20, soft_limit_percent: 100, ..Options::default() };
        let (mut memtables, _) = memtables(&options);
        memtables.add(memtables.room());
        memtables.seal(0);
        memtables.add(memtables.room());
        assert!(!memtables.is_full(), "there is room for half a memtable only");
        assert!(memtables.memory(&options) >= 100 << 20);
        memtables.end_flush(1);
        assert!(memtables.memory(&options) < 40 << 20);
    }

    #[test]
    fn sequential_memtables_lie_side_by_side() {
        let options = Options { write_buffer_entries: 10, ..Options::default() };
        let (mut memtables, spec) = memtables(&options);
        let spec = Spec { key_dist: KeyDistribution::Sequential, ..spec };
        for _ in 0..2 {
            memtables.add(memtables.room());
            memtables.seal(0);
        }
        let format = table_format(&spec, &options);
        let tables = memtables.begin_flush(&spec, &format, &KeyModel::unique(), &mut Random::new(1));
        assert!(tables[1].largest < tables[0].smallest);
    }
}
