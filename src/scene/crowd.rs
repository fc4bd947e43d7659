//! Levels with too many tables to list one by one: all places as columns of numbers, and any of the tables in full.
//!
//! In: the tree of a [`Scene`], the key axis. Out: for a level with more than [`LISTED`] tables, what the page needs to
//! draw it from afar ([`Crowd`]: five numbers a table instead of a dozen named fields, which a browser takes in one
//! copy), and the full [`TableView`]s of the few that it has zoomed in on. The order is the level's own, as in
//! [`LevelView::tables`](super::view::LevelView::tables).

use std::collections::BTreeMap;

use super::{
    Scene,
    axis::KeyAxis,
    view::{ProbeState, TableState, TableView},
};
use crate::version::TableId;

/// A level with more tables than this is not listed in a view.
pub const LISTED: usize = 96;

/// The tables of one level, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crowd {
    /// Their numbers.
    pub ids: Vec<f64>,
    /// Their left edges, from 0 to 1.
    pub x0: Vec<f64>,
    /// Their right edges.
    pub x1: Vec<f64>,
    /// Their files' lengths.
    pub bytes: Vec<f64>,
    /// Their part in the running job and the read: see [`mark`].
    pub marks: Vec<u8>,
}

/// A table's part in the job (0: none, 1: input, 2: installed by it), plus 4 if the read has probed more than its key
/// range.
pub fn mark(state: TableState, probe: Option<ProbeState>) -> u8 {
    let state = match state {
        TableState::Idle => 0,
        TableState::Input => 1,
        TableState::Installed => 2,
    };
    state + if probe.is_some_and(|probe| probe != ProbeState::Outside) { 4 } else { 0 }
}

impl Scene {
    /// All tables of `level`; none of a level that there is not.
    pub fn crowd(&self, axis: &KeyAxis, level: usize) -> Crowd {
        let tables = self.shape.version.levels.get(level).map_or(&[][..], |tables| &tables[..]);
        let states = self.states();
        let mut crowd = Crowd::default();
        let mut hint = 0;
        for table in tables {
            let (left, rank) = axis.cell_near(&table.smallest, hint);
            let (right, rank) = axis.cell_near(&table.largest, rank);
            hint = rank;
            let state = states.get(&table.id).copied().unwrap_or(TableState::Idle);
            crowd.ids.push(table.id as f64);
            crowd.x0.push(left.0);
            crowd.x1.push(right.1);
            crowd.bytes.push(table.bytes as f64);
            crowd.marks.push(mark(state, self.read.as_ref().and_then(|read| read.probe(table.id))));
        }
        crowd
    }

    /// The tables at the places `which` of `level`, in full; places past its end are passed over.
    pub fn tables(&self, axis: &KeyAxis, level: usize, which: &[usize]) -> Vec<TableView> {
        let Some(tables) = self.shape.version.levels.get(level) else { return Vec::new() };
        which.iter().filter_map(|&place| tables.get(place)).map(|table| self.table(table, axis)).collect()
    }

    /// The states of the tables that running jobs touch; a table of two jobs is shown as installed rather than as read.
    fn states(&self) -> BTreeMap<TableId, TableState> {
        let inputs = self.jobs.iter().flat_map(|job| job.compaction.iter().flat_map(|c| c.tables()));
        let inputs = inputs.map(|(_, table)| (table, TableState::Input));
        let brought = self.jobs.iter().flat_map(|job| job.brought.iter()).map(|&table| (table, TableState::Installed));
        inputs.chain(brought).collect()
    }
}
