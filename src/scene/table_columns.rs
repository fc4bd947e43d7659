//! The tables of large levels, which a view does not list: all of them as columns of numbers, and some in full.
//!
//! In: the tree of a [`Scene`], the key axis. Out: for a level with more than [`MAX_LISTED_TABLES`] tables, its
//! [`TableColumns`], which have five numbers a table instead of a dozen named fields, so that a browser copies each
//! column at once; and the full [`TableView`]s of some tables, for a zoomed view. The order is the level's own, as in
//! [`LevelView::tables`](super::view::LevelView::tables).

use std::collections::BTreeMap;

use super::{
    Scene,
    axis::KeyAxis,
    view::{ProbeState, TableState, TableView},
};
use crate::version::TableId;

/// The maximum number of tables of a level that a view lists.
pub const MAX_LISTED_TABLES: usize = 96;

/// The tables of one level, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableColumns {
    /// The tables' numbers.
    pub ids: Vec<f64>,
    /// The left edges on the key axis, from 0 to 1.
    pub x0: Vec<f64>,
    /// The right edges on the key axis.
    pub x1: Vec<f64>,
    /// The files' lengths.
    pub bytes: Vec<f64>,
    /// The roles in the running jobs and the read: see [`mark`].
    pub marks: Vec<u8>,
}

/// A table's role in the running jobs (0: none, 1: input, 2: installed), plus 4 if the read has probed more than its
/// key range.
pub fn mark(state: TableState, probe: Option<ProbeState>) -> u8 {
    let state = match state {
        TableState::Idle => 0,
        TableState::Input => 1,
        TableState::Installed => 2,
    };
    state + if probe.is_some_and(|probe| probe != ProbeState::Outside) { 4 } else { 0 }
}

impl Scene {
    /// The tables of `level`; empty if the level does not exist.
    pub fn table_columns(&self, axis: &KeyAxis, level: usize) -> TableColumns {
        let tables = self.shape.version.levels.get(level).map_or(&[][..], |tables| &tables[..]);
        let states = self.states();
        let mut columns = TableColumns::default();
        let mut hint = 0;
        for table in tables {
            let (left, rank) = axis.cell_near(&table.smallest, hint);
            let (right, rank) = axis.cell_near(&table.largest, rank);
            hint = rank;
            let state = states.get(&table.id).copied().unwrap_or(TableState::Idle);
            columns.ids.push(table.id as f64);
            columns.x0.push(left.0);
            columns.x1.push(right.1);
            columns.bytes.push(table.bytes as f64);
            columns.marks.push(mark(state, self.read.as_ref().and_then(|read| read.probe(table.id))));
        }
        columns
    }

    /// The tables at the positions `which` of `level`, in full; positions beyond its end are ignored.
    pub fn tables(&self, axis: &KeyAxis, level: usize, which: &[usize]) -> Vec<TableView> {
        let Some(tables) = self.shape.version.levels.get(level) else { return Vec::new() };
        which.iter().filter_map(|&place| tables.get(place)).map(|table| self.table(table, axis)).collect()
    }

    /// The states of the tables that running jobs touch; a table of two jobs is shown as installed rather than as read.
    pub(crate) fn states(&self) -> BTreeMap<TableId, TableState> {
        let inputs = self.jobs.iter().flat_map(|job| job.compaction.iter().flat_map(|c| c.tables()));
        let inputs = inputs.map(|(_, table)| (table, TableState::Input));
        let brought = self.jobs.iter().flat_map(|job| job.brought.iter()).map(|&table| (table, TableState::Installed));
        inputs.chain(brought).collect()
    }
}
