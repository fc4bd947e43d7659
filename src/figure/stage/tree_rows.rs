//! Which row of its lane each table has.
//!
//! In: a [`Scene`]. Out: [`TreeRows`]. A merge brings entries down, and what is written does not move upwards: an
//! output is written below its inputs, in the row where it stays. As rows are few and merges many, something has to go
//! up once in a while: the inputs, when they are picked.
//!
//! ```text
//!               at rest              while a merge writes        installed
//! L0            [newest    ]         [newest    ]
//!                 [oldest]             [oldest]
//! L1  lifted                         [picked]
//!     home      [picked] [other]     [output..   [other]         [output  ] [other]
//! ```
//!
//! Level 0 is a stack of runs, the oldest at the bottom, what is flushed on top. What a merge writes into it takes the
//! row of its oldest input; that one, and all that lie on it, are lifted by a row until the install.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        lanes::Lane,
        part::{Area, LaneId},
    },
    Stage, is_flush,
};
use crate::{
    policy::Action,
    scene::{
        Scene,
        job::SceneJob,
        on_disk::{Orphan, Standing},
    },
    version::{TableId, TableMeta},
};

/// The rows of tables: in level 0, and in the levels below it.
#[derive(Debug, Default)]
pub struct TreeRows {
    /// In level 0, counted from below: of tables, and of outputs that a power cut left.
    tables: BTreeMap<TableId, usize>,
    /// Of what jobs write.
    jobs: BTreeMap<u64, usize>,
    /// How many rows of level 0 the rest takes.
    pub others: usize,
    /// How many rows of it what merges write takes.
    pub merged: usize,
    /// The tables below level 0 that lie above what replaces them.
    lifted: BTreeSet<TableId>,
}

/// A running merge that is not installed.
fn is_merge(job: &&SceneJob) -> bool {
    !job.installed && job.compaction.as_ref().is_some_and(|compaction| compaction.action == Action::Merge)
}

fn writes_level_0(job: &&SceneJob) -> bool {
    is_merge(job) && job.compaction.as_ref().is_some_and(|merge| merge.output_level == 0)
}

impl TreeRows {
    /// The rows of a scene's tables. Without `merges`, nothing that merges write into level 0 has a row.
    pub fn of(scene: &Scene, merges: bool) -> TreeRows {
        let mut rows = TreeRows { lifted: lifted(scene), ..TreeRows::default() };
        let mut jobs: Vec<&SceneJob> = scene.running().iter().filter(writes_level_0).filter(|_| merges).collect();
        let mut orphans: Vec<&Orphan> = scene.orphans().iter().filter(|orphan| orphan.level == 0).collect();
        let mut row = 0;
        for (table, _) in scene.drawn_tables(0).iter().rev() {
            let (below, rest) = jobs.into_iter().partition(|job| job.replaces().any(|input| input == table.id));
            jobs = rest;
            rows.write(below, &mut row);
            let (below, rest) = orphans.into_iter().partition(|orphan| orphan.replaces.contains(&table.id));
            orphans = rest;
            rows.leave(below, &mut row);
            rows.tables.insert(table.id, row);
            row += 1;
        }
        rows.write(jobs, &mut row);
        for orphan in orphans {
            rows.leave(vec![orphan], &mut row);
        }
        for job in scene.running().iter().filter(|job| is_flush(job) && !job.installed) {
            rows.jobs.insert(job.job, row);
            row += 1;
        }
        rows.others = row - rows.merged;
        rows
    }

    /// Each of `jobs` has a row.
    fn write(&mut self, jobs: Vec<&SceneJob>, row: &mut usize) {
        for job in jobs {
            self.jobs.insert(job.job, *row);
            (*row, self.merged) = (*row + 1, self.merged + 1);
        }
    }

    /// What one merge has left is one run: a row for all of it.
    fn leave(&mut self, orphans: Vec<&Orphan>, row: &mut usize) {
        if orphans.is_empty() {
            return;
        }
        self.tables.extend(orphans.iter().map(|orphan| (orphan.table, *row)));
        *row += 1;
    }
}

/// The tables below level 0 that lie above what replaces them: inputs of merges, also of those that a power cut ended.
fn lifted(scene: &Scene) -> BTreeSet<TableId> {
    let running = scene.running().iter().filter(is_merge).flat_map(SceneJob::replaces);
    let left = scene.orphans().iter().flat_map(|orphan| orphan.replaces.iter().copied());
    let level_0: BTreeSet<TableId> = scene.drawn_tables(0).iter().map(|(table, _)| table.id).collect();
    running.chain(left).filter(|table| !level_0.contains(table)).collect()
}

/// A row of a lane, counted from below.
fn from_below(lane: &Lane, row: usize) -> Option<Area> {
    lane.rows.len().checked_sub(row + 1).and_then(|at| lane.rows.get(at)).copied()
}

impl Stage<'_> {
    /// The row of a table of the tree.
    pub(super) fn table_row(&self, level: usize, table: &TableMeta, standing: Standing) -> Option<Area> {
        let lane = self.lanes.lane(LaneId::Level(level))?;
        if level == 0 {
            return from_below(lane, *self.tree.tables.get(&table.id)?);
        }
        // What an edit names and a later one takes away was an input once.
        let is_lifted = standing == Standing::Passing || self.tree.lifted.contains(&table.id);
        if is_lifted { lane.rows.first() } else { lane.rows.last() }.copied()
    }

    /// The row of what a job writes into a level.
    pub(super) fn output_row(&self, level: usize, job: u64) -> Option<Area> {
        let lane = self.lanes.lane(LaneId::Level(level))?;
        from_below(lane, if level == 0 { *self.tree.jobs.get(&job)? } else { 0 })
    }

    /// The row of what a job has left.
    pub(super) fn orphan_row(&self, orphan: &Orphan) -> Option<Area> {
        let lane = self.lanes.lane(LaneId::Level(orphan.level))?;
        from_below(lane, if orphan.level == 0 { *self.tree.tables.get(&orphan.table)? } else { 0 })
    }
}
