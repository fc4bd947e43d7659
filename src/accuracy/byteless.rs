//! Lockstep on tables without bytes: flush, compact until nothing is due, and again.

use std::rc::Rc;

use super::{Experiment, FLUSH_EVERY, Keys, LastSizes, Outcome};
use crate::{
    Options, Result,
    metrics::Counters,
    policy::{Action, Compaction, Cuts, Running, Tree, policy_for},
    sim::{
        keys::KeyModel,
        tables::{Merger, TableFormat},
    },
    version::{TableId, TableMeta, Version, VersionEdit},
};

/// What RocksDB's tables have for each entry of a flush of 7,200, beside what each table has: together 905,4xx bytes.
const ENTRY_BYTES: f64 = 125.62;

/// How the keys of an experiment are drawn.
pub fn model(keys: Keys) -> KeyModel {
    match keys {
        Keys::Overwrite(keys) => KeyModel::uniform(keys),
        Keys::Insert | Keys::Sequential => KeyModel::unique(),
    }
}

/// Runs `experiment` with so many puts.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn run(experiment: &Experiment, puts: u64) -> Result<Outcome> {
    let mut lockstep = Lockstep::new(experiment.options(), experiment.keys, ENTRY_BYTES);
    lockstep.put(puts, FLUSH_EVERY)?;
    Ok(lockstep.outcome())
}

/// A database that is flushed in lockstep.
#[derive(Debug)]
pub struct Lockstep {
    options: Options,
    keys: Keys,
    entry_bytes: f64,
    tree: Tree,
    merger: Merger,
    next: TableId,
    puts: u64,
    sizes: LastSizes,
    /// Whether outputs are cut in step with grandparents, as compactions ask for; otherwise by size alone, as RocksDB did it
    /// before version 7.8.
    pub cuts_in_step: bool,
    /// What was done so far.
    pub counters: Counters,
}

impl Lockstep {
    /// An empty one, whose entries take so many bytes in a table.
    pub fn new(options: Options, keys: Keys, entry_bytes: f64) -> Lockstep {
        Lockstep {
            keys,
            entry_bytes,
            tree: Tree::new(Version::new(options.levels())),
            merger: Merger::new(model(keys), TableFormat::default()),
            next: 1,
            puts: 0,
            sizes: LastSizes::default(),
            cuts_in_step: true,
            counters: Counters::default(),
            options,
        }
    }

    /// Puts so many entries, and flushes after every `flush_every`.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn put(&mut self, puts: u64, flush_every: u64) -> Result<()> {
        let end = self.puts + puts;
        while self.puts < end {
            self.flush(flush_every.min(end - self.puts))?;
            let policy = policy_for(&self.options);
            while let Some(mut compaction) = policy.decide(&self.tree, &self.options, &Running::default()) {
                if !self.cuts_in_step {
                    compaction.cuts = Cuts::default();
                }
                self.compact(&compaction)?;
            }
            self.sizes.note(self.tree.version());
        }
        Ok(())
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        Outcome::new(self.version(), self.counters, &self.sizes)
    }

    /// How many different keys were put, as expected.
    pub fn live(&self) -> u64 {
        self.merger.model().distinct(self.puts)
    }

    /// The tree as it is now.
    pub fn version(&self) -> &Version {
        self.tree.version()
    }

    /// Writes a table of `puts` more.
    fn flush(&mut self, puts: u64) -> Result<()> {
        let (from, to) = match self.keys {
            // The first and the last of so many, on average.
            Keys::Insert | Keys::Overwrite(_) => (u64::MAX / (puts + 1), u64::MAX - u64::MAX / (puts + 1)),
            Keys::Sequential => (self.puts << 32, (self.puts + puts - 1) << 32),
        };
        let entries = self.merger.model().distinct(puts);
        let memtable = TableMeta {
            id: 0,
            bytes: TableFormat::default().table_bytes + (entries as f64 * self.entry_bytes) as u64,
            entries,
            tombstones: 0,
            smallest: from.to_be_bytes()[..].into(),
            largest: to.to_be_bytes()[..].into(),
            smallest_seq: self.puts + 1,
            largest_seq: self.puts + puts,
            newest_time: 0,
        };
        self.puts += puts;
        let table = self.merger.flush(&[memtable], self.next).map(Rc::new);
        self.next += 1;
        self.counters.writes += puts;
        self.counters.flushes += 1;
        self.counters.flush_bytes += table.iter().map(|t| t.bytes).sum::<u64>();
        self.tree.apply(&VersionEdit { added: table.map(|t| (0, t)).into_iter().collect(), ..VersionEdit::default() })
    }

    fn compact(&mut self, compaction: &Compaction) -> Result<()> {
        let version = self.tree.version();
        let removed = compaction.resolve(version);
        let sum = |tables: &mut dyn Iterator<Item = &Rc<TableMeta>>| tables.map(|t| t.bytes).sum::<u64>();
        self.counters.compactions += 1;
        let outputs: Vec<Rc<TableMeta>> = match compaction.action {
            Action::Move => {
                self.counters.moves += 1;
                removed.iter().map(|(_, t)| t.clone()).collect()
            }
            Action::Drop => Vec::new(),
            Action::Merge => {
                let outputs = self.merger.compact(compaction, &self.tree, &removed, &mut self.next);
                self.counters.compaction_bytes_read += sum(&mut removed.iter().map(|(_, t)| t));
                self.counters.compaction_bytes_written += sum(&mut outputs.iter());
                outputs
            }
        };
        let added = outputs.into_iter().map(|t| (compaction.output_level, t)).collect();
        let cursors = compaction.cursor_edit(version);
        self.tree.apply(&VersionEdit { removed, added, cursors, ..VersionEdit::default() })
    }
}
