//! One run: all flushes of a history, of keys of one draw, and the compactions that options ask for.
//!
//! In: the writes, sizes, keys, options, and a seed. Out: what it came to, and how many entries were dropped. Errors: a
//! policy asked for what cannot be.
//!
//! Of a writer that waited for compactions, all that is due is compacted after each flush; of another one, compactions
//! run beside the flushes, in virtual time (`timed`).

use std::{rc::Rc, sync::Arc};

use super::{
    WhatIfOutcome,
    keys::KeySpace,
    outcome::{OutcomeSums, StalledSeconds},
    sizes::EntrySizer,
    writes::{RecordedFlush, RecordedWrites},
};
use crate::{
    Options,
    error::Result,
    indexed::IndexedLevels,
    keyed::KeyedTables,
    policy::{Action, Compaction, Explanation, Levels, Policy, Running, policy_for},
    random::Random,
    version::{TableId, TableMeta, Version, VersionEdit},
};

/// What a run came to.
pub(super) struct Ran {
    pub outcome: WhatIfOutcome,
    pub dropped: u64,
}

/// A history of more entries than this is run with one entry for several.
const MAX_ENTRIES: u64 = 2_000_000;

/// A tree that is written again, a flush at a time.
pub(super) struct Run {
    pub writes: Arc<RecordedWrites>,
    pub options: Rc<Options>,
    pub policy: &'static dyn Policy,
    pub tree: IndexedLevels,
    pub running: Running,
    keys: KeySpace,
    /// How many entries of the history each entry stands for.
    each: u64,
    tables: KeyedTables<EntrySizer>,
    random: Random,
    seq: u64,
    next: TableId,
    sums: OutcomeSums,
    dropped: u64,
}

impl Run {
    pub fn new(
        writes: &Arc<RecordedWrites>,
        sizer: EntrySizer,
        keys: KeySpace,
        options: &Rc<Options>,
        seed: u64,
    ) -> Run {
        let entries: u64 = writes.flushes.iter().map(|flush| flush.entries).sum();
        let each = entries.div_ceil(MAX_ENTRIES).max(1);
        let policy = policy_for(options);
        Run {
            writes: writes.clone(),
            options: options.clone(),
            policy,
            tree: IndexedLevels::new(Version::new(options.levels())),
            running: Running::default(),
            keys,
            each,
            tables: KeyedTables::new(sizer.for_each(each), policy.takes_parts_of_levels()),
            random: Random::new(seed),
            seq: 0,
            next: 1,
            sums: OutcomeSums::default(),
            dropped: 0,
        }
    }

    /// How many flushes are done.
    pub fn flushes(&self) -> usize {
        self.sums.counters.flushes as usize
    }

    /// A flush, and all compactions that it leads to.
    pub fn flush_and_wait(&mut self, flush: &RecordedFlush) -> Result<()> {
        self.flush(flush)?;
        while let Some(compaction) = self.pick() {
            let removed = compaction.resolve(&self.tree);
            let outputs = self.outputs(&compaction, &removed);
            self.install(&compaction, removed, outputs)?;
        }
        Ok(())
    }

    /// What is due, and may run beside what runs.
    pub fn pick(&self) -> Option<Compaction> {
        if self.options.disable_auto_compactions {
            return None;
        }
        self.policy.pick(&self.tree, &self.options, &self.running, Explanation::RuleOnly)
    }

    /// A flush is in the tree.
    pub fn flush(&mut self, flush: &RecordedFlush) -> Result<()> {
        self.sums.before_flush(&self.tree.sizes(), (&self.tree as &dyn Levels).sorted_runs());
        let entries = self.keys.draw(flush, self.each, self.seq, &mut self.random);
        self.seq += entries.len() as u64;
        let table = self.tables.flush(entries, self.next, Some(flush.bytes)).map(Rc::new);
        self.next += 1;
        self.sums.counters.flushes += 1;
        self.sums.counters.flush_bytes += table.iter().map(|table| table.bytes).sum::<u64>();
        self.sums.beside(&self.tree.sizes(), table.iter().map(|table| table.bytes).sum());
        let added = table.map(|table| (0, table)).into_iter().collect();
        self.tree.apply(&VersionEdit { added, ..VersionEdit::default() })
    }

    /// What a compaction of `removed`, which was picked on the tree as it is, leaves of them.
    pub fn outputs(&mut self, compaction: &Compaction, removed: &[(usize, Rc<TableMeta>)]) -> Vec<Rc<TableMeta>> {
        match compaction.action {
            Action::Move => removed.iter().map(|(_, table)| table.clone()).collect(),
            Action::Drop => Vec::new(),
            Action::Merge => {
                let outputs = self.tables.compact(compaction, &self.tree, removed, &mut self.next);
                let read: u64 = removed.iter().map(|(_, table)| table.entries).sum();
                self.dropped += read.saturating_sub(outputs.iter().map(|table| table.entries).sum());
                self.sums.beside(&self.tree.sizes(), outputs.iter().map(|table| table.bytes).sum());
                outputs
            }
        }
    }

    /// A compaction is done.
    pub fn install(
        &mut self,
        compaction: &Compaction,
        removed: Vec<(usize, Rc<TableMeta>)>,
        outputs: Vec<Rc<TableMeta>>,
    ) -> Result<()> {
        let counters = &mut self.sums.counters;
        match compaction.action {
            Action::Move => counters.moves += 1,
            Action::Drop => {}
            Action::Merge => {
                counters.compactions += 1;
                counters.compaction_bytes_written += outputs.iter().map(|table| table.bytes).sum::<u64>();
            }
        }
        let added = outputs.into_iter().map(|table| (compaction.output_level, table)).collect();
        let cursors = compaction.cursor_edit(self.tree.cursor(compaction.start_level()));
        self.tree.apply(&VersionEdit { removed, added, cursors, ..VersionEdit::default() })
    }

    /// What it came to.
    pub fn ran(&self, stalled: Option<StalledSeconds>) -> Ran {
        Ran { outcome: self.sums.outcome(self.tree.version(), stalled), dropped: self.dropped }
    }
}
