//! A [`Compaction`]: the decision of a policy, as a value.
//!
//! In: nothing; a policy makes it. Out: what to do with which tables, where the outputs go and are cut, and the
//! [`Reason`]. The engine, the simulator and the replay of histories execute it.

use std::{ops::Range, rc::Rc};

use serde::Serialize;

use super::{Cuts, Levels, Reason};
use crate::{
    entry::Bytes,
    float::as_float,
    version::{Cursor, TableId, TableMeta},
};

/// What to do with the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read them, merge them, write new tables at the output level.
    Merge,
    /// Change their level; not a byte is read or written.
    Move,
    /// Delete them unread, and with them all that they hold.
    Drop,
}

/// Input tables of one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Inputs {
    /// Their level.
    pub level: usize,
    /// Which of its tables; never none. An event lists them by number.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[]"))]
    pub tables: Selection,
}

/// Some tables of one level, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[serde(untagged)]
pub enum Selection {
    /// By their numbers.
    Ids(Vec<TableId>),
    /// By their places on a sorted level of the tree that was picked on.
    Places(Range<usize>),
}

impl Inputs {
    /// The tables of `level` with these numbers.
    pub fn listed(level: usize, ids: Vec<TableId>) -> Inputs {
        Inputs { level, tables: Selection::Ids(ids) }
    }

    /// The tables of a sorted `level` at `places`.
    pub fn at(level: usize, places: Range<usize>) -> Inputs {
        Inputs { level, tables: Selection::Places(places) }
    }

    /// The tables' numbers, if they are given by number; else none.
    pub fn ids(&self) -> &[TableId] {
        match &self.tables {
            Selection::Ids(ids) => ids,
            Selection::Places(_) => &[],
        }
    }

    /// The number of tables.
    pub fn len(&self) -> usize {
        match &self.tables {
            Selection::Ids(ids) => ids.len(),
            Selection::Places(places) => places.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each of them as it is in `tree`, on which they were picked. Those that are not there are left out.
    pub fn for_each<'a>(&self, tree: &'a dyn Levels, mut each: impl FnMut(&'a Rc<TableMeta>)) {
        match &self.tables {
            Selection::Places(places) => {
                places.clone().filter_map(|place| tree.table(self.level, place)).for_each(each);
            }
            Selection::Ids(ids) if self.level == 0 => tree.level_0().among(ids).for_each(&mut each),
            Selection::Ids(ids) => tree.version().among(self.level, ids).for_each(each),
        }
    }
}

/// One compaction: what to do, and why.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compaction {
    /// Merge, move or drop.
    pub action: Action,
    /// From the start level down to the output level; a level without inputs is left out.
    pub inputs: Vec<Inputs>,
    /// Where the outputs go; of a drop, the level that it drops from.
    pub output_level: usize,
    /// Outputs are cut at this size, in bytes; `u64::MAX` never cuts. Serialized as a float: it may be past 2^53.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub target_file_size: u64,
    /// Where else a merge cuts its outputs; nowhere by default.
    #[serde(skip_serializing_if = "Cuts::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cuts: Cuts,
    /// The key at which the next round-robin compaction of the start level begins, where this is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cursor: Option<Bytes>,
    /// Why this one.
    pub reason: Reason,
}

impl Compaction {
    /// The first input level.
    pub fn start_level(&self) -> usize {
        self.inputs.first().map_or(self.output_level, |i| i.level)
    }

    /// What of its edit says where round-robin compactions of the start level go on; until now, at `from`.
    pub fn cursor_edit(&self, from: Option<&Bytes>) -> Vec<Cursor> {
        let level = self.start_level();
        let moved = |to: &Bytes| Cursor { level, from: from.cloned(), to: Some(to.clone()) };
        self.cursor.iter().map(moved).collect()
    }

    /// Its input tables as they are in `tree`, on which it was picked, each with its level.
    pub fn resolve(&self, tree: &dyn Levels) -> Vec<(usize, Rc<TableMeta>)> {
        let mut found = Vec::with_capacity(self.inputs.iter().map(Inputs::len).sum());
        for inputs in &self.inputs {
            inputs.for_each(tree, |table| found.push((inputs.level, table.clone())));
        }
        found
    }

    /// The same with its inputs by number.
    pub fn listed(mut self, tree: &dyn Levels) -> Compaction {
        for inputs in &mut self.inputs {
            let mut ids = Vec::with_capacity(inputs.len());
            inputs.for_each(tree, |table| ids.push(table.id));
            inputs.tables = Selection::Ids(ids);
        }
        self
    }

    /// Every input table that is given by its number.
    pub fn tables(&self) -> impl Iterator<Item = (usize, TableId)> {
        self.inputs.iter().flat_map(|inputs| inputs.ids().iter().map(|id| (inputs.level, *id)))
    }
}
