//! Lockstep without an engine: flush, compact until nothing is due, and again.
//!
//! In: options, and what stands for tables ([`Tables`]). Out: the tree, and what was written. The decisions are those
//! of the policy that the engine runs too.

use std::{ops::Range, rc::Rc};

use super::{ExperimentOutcome, LastSizes};
use crate::{
    Options, Result,
    indexed::IndexedLevels,
    metrics::Counters,
    policy::{Action, Compaction, Cuts, Explanation, Levels, Running, policy_for},
    version::{TableId, TableMeta, Version, VersionEdit},
};

/// Something like tables: they can be flushed and merged.
pub trait Tables {
    /// The table of these puts, which are counted from 0; none if it has no entries.
    fn flush(&mut self, puts: Range<u64>, id: TableId) -> Option<TableMeta>;

    /// Merges the tables `removed` as `compaction` says, which was picked on `tree`. `next` is the number of the first
    /// output on entry, and the next free number on return.
    fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>>;

    /// How many different keys the first `puts` have.
    fn distinct_keys(&self, puts: u64) -> u64;
}

/// A database that is flushed in lockstep.
#[derive(Debug)]
pub struct Lockstep<T> {
    options: Options,
    /// What stands for its tables.
    pub tables: T,
    tree: IndexedLevels,
    next: TableId,
    puts: u64,
    sizes: LastSizes,
    /// Whether outputs are cut in step with grandparents, as compactions ask for; otherwise by size alone, as RocksDB
    /// did it before version 7.8.
    pub cuts_in_step: bool,
    /// What was done so far.
    pub counters: Counters,
    /// Every edit so far, if it is put here to be filled.
    pub history: Option<Vec<VersionEdit>>,
}

impl<T: Tables> Lockstep<T> {
    /// An empty one, whose first table has number `first`.
    pub fn new(options: Options, tables: T, first: TableId) -> Lockstep<T> {
        Lockstep {
            tables,
            tree: IndexedLevels::new(Version::new(options.levels())),
            next: first,
            puts: 0,
            sizes: LastSizes::default(),
            cuts_in_step: true,
            counters: Counters::default(),
            history: None,
            options,
        }
    }

    /// Puts the given number of entries, and flushes after every `flush_every`.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn put(&mut self, puts: u64, flush_every: u64) -> Result<()> {
        let end = self.puts + puts;
        while self.puts < end {
            self.flush(flush_every.min(end - self.puts))?;
            let policy = policy_for(&self.options);
            let running = Running::default();
            while let Some(mut compaction) = policy.pick(&self.tree, &self.options, &running, Explanation::RuleOnly) {
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
    pub fn outcome(&self) -> ExperimentOutcome {
        ExperimentOutcome::new(self.version(), self.counters, &self.sizes, self.tables.distinct_keys(self.puts))
    }

    /// The tree as it is now.
    pub fn version(&self) -> &Version {
        self.tree.version()
    }

    /// Writes a table of `puts` more.
    fn flush(&mut self, puts: u64) -> Result<()> {
        let table = self.tables.flush(self.puts..self.puts + puts, self.next).map(Rc::new);
        self.puts += puts;
        self.next += 1;
        self.counters.writes += puts;
        self.counters.flushes += 1;
        self.counters.flush_bytes += table.iter().map(|t| t.bytes).sum::<u64>();
        self.apply(VersionEdit { added: table.map(|t| (0, t)).into_iter().collect(), ..VersionEdit::default() })
    }

    fn apply(&mut self, edit: VersionEdit) -> Result<()> {
        self.tree.apply(&edit)?;
        self.history.iter_mut().for_each(|history| history.push(edit.clone()));
        Ok(())
    }

    fn compact(&mut self, compaction: &Compaction) -> Result<()> {
        let removed = compaction.resolve(&self.tree);
        let sum = |tables: &mut dyn Iterator<Item = &Rc<TableMeta>>| tables.map(|t| t.bytes).sum::<u64>();
        self.counters.compactions += 1;
        let outputs: Vec<Rc<TableMeta>> = match compaction.action {
            Action::Move => {
                self.counters.moves += 1;
                removed.iter().map(|(_, t)| t.clone()).collect()
            }
            Action::Drop => Vec::new(),
            Action::Merge => {
                let outputs = self.tables.compact(compaction, &self.tree, &removed, &mut self.next);
                self.counters.compaction_bytes_read += sum(&mut removed.iter().map(|(_, t)| t));
                self.counters.compaction_bytes_written += sum(&mut outputs.iter());
                outputs
            }
        };
        let added = outputs.into_iter().map(|t| (compaction.output_level, t)).collect();
        let cursors = compaction.cursor_edit(self.tree.cursor(compaction.start_level()));
        self.apply(VersionEdit { removed, added, cursors, ..VersionEdit::default() })
    }
}
