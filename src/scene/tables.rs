//! Single tables of the tree, and what running jobs make of them.

use std::collections::BTreeMap;

use super::{
    Scene,
    axis::KeyAxis,
    view::{TableState, TableView},
};
use crate::version::TableId;

impl Scene {
    /// The level of a table of the tree, and the table.
    pub fn find_table(&self, axis: &KeyAxis, id: TableId) -> Option<(usize, TableView)> {
        self.shape.version.find(id).map(|(level, table)| (level, self.table(table, axis)))
    }

    /// The tables of the tree with their levels, from level 0 down, at most `most` of them.
    pub fn tables(&self, axis: &KeyAxis, most: usize) -> Vec<(usize, TableView)> {
        let tables = self.shape.version.tables().take(most);
        tables.map(|(level, table)| (level, self.table(table, axis))).collect()
    }

    /// The states of the tables that running jobs touch; a table of two jobs is shown as installed rather than as read.
    pub(crate) fn states(&self) -> BTreeMap<TableId, TableState> {
        let inputs = self.jobs.iter().flat_map(|job| job.compaction.iter().flat_map(|c| c.tables()));
        let inputs = inputs.map(|(_, table)| (table, TableState::Input));
        let brought = self.jobs.iter().flat_map(|job| job.brought.iter()).map(|&table| (table, TableState::Installed));
        inputs.chain(brought).collect()
    }
}
