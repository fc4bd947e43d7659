//! An experiment on tables without bytes.

use std::rc::Rc;

use super::{Experiment, FLUSH_EVERY, Keys, Outcome};
use crate::{
    Options, Result,
    policy::{Action, Compaction, Running, Tree, policy_for},
    sim::{
        keys::KeyModel,
        tables::{Merger, TableFormat},
    },
    version::{TableId, TableMeta, Version, VersionEdit},
};

/// What RocksDB's tables have for each entry of a flush, beside what each table has: 905,4xx bytes for 7,200.
const ENTRY_BYTES: f64 = 125.62;

/// The experiment under way.
struct Lockstep {
    options: Options,
    keys: Keys,
    tree: Tree,
    merger: Merger,
    next: TableId,
    puts: u64,
    outcome: Outcome,
}

/// Runs `experiment` with so many puts.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn run(experiment: &Experiment, puts: u64) -> Result<Outcome> {
    let options = experiment.options();
    let model = match experiment.keys {
        Keys::Overwrite(keys) => KeyModel::uniform(keys),
        Keys::Insert | Keys::Sequential => KeyModel::unique(),
    };
    let outcome = Outcome { levels: Vec::new(), flushed: 0, flushes: 0, compacted: 0, compactions: 0, moves: 0 };
    let mut lockstep = Lockstep {
        keys: experiment.keys,
        tree: Tree::new(Version::new(options.levels())),
        merger: Merger::new(model, TableFormat::default()),
        next: std::env::var("SEED").map_or(1, |s| s.parse::<u64>().unwrap() * 1000000),
        puts: 0,
        outcome,
        options,
    };
    while lockstep.puts < puts {
        lockstep.flush(FLUSH_EVERY.min(puts - lockstep.puts))?;
        lockstep.settle()?;
    }
    lockstep.outcome.levels = Outcome::of_levels(lockstep.tree.version());
    Ok(lockstep.outcome)
}

impl Lockstep {
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
            bytes: TableFormat::default().table_bytes + (entries as f64 * ENTRY_BYTES) as u64,
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
        self.outcome.flushes += 1;
        self.outcome.flushed += table.iter().map(|t| t.bytes).sum::<u64>();
        self.tree.apply(&VersionEdit { added: table.map(|t| (0, t)).into_iter().collect(), ..VersionEdit::default() })
    }

    /// Compacts until nothing is due.
    fn settle(&mut self) -> Result<()> {
        let policy = policy_for(&self.options);
        while let Some(compaction) = policy.decide(&self.tree, &self.options, &Running::default()) {
            self.compact(&compaction)?;
        }
        Ok(())
    }

    fn compact(&mut self, compaction: &Compaction) -> Result<()> {
        let version = self.tree.version();
        let removed = compaction.resolve(version);
        let outputs: Vec<Rc<TableMeta>> = match compaction.action {
            Action::Move => removed.iter().map(|(_, t)| t.clone()).collect(),
            Action::Drop => Vec::new(),
            Action::Merge => self.merger.compact(compaction, version, &removed, &mut self.next),
        };
        self.outcome.compactions += 1;
        match compaction.action {
            Action::Move => self.outcome.moves += 1,
            Action::Drop => {}
            Action::Merge => self.outcome.compacted += outputs.iter().map(|t| t.bytes).sum::<u64>(),
        }
        let added = outputs.into_iter().map(|t| (compaction.output_level, t)).collect();
        let cursors = compaction.cursor_edit(version);
        self.tree.apply(&VersionEdit { removed, added, cursors, ..VersionEdit::default() })
    }
}
