//! The tables that are in the tree, by level, as far as a log tells of them.
//!
//! In: tables that are written, put on a level, and taken away. Out: for each column family, tables, bytes, entries and
//! deletions of each level. Tables that are older than the log are not in here: the counts of a level summary say how
//! many those are.

use std::collections::{BTreeMap, BTreeSet};

/// The most tables that are kept: about 60 MB. Further ones are not counted.
const MAX_TABLES: usize = 1_000_000;

/// The most levels that a tree has in a log.
pub(super) const MAX_LEVELS: usize = 64;

/// A table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LiveTable {
    /// Its column family.
    pub family: usize,
    /// Its level, once it is in the tree.
    pub level: Option<u8>,
    /// Its size.
    pub bytes: u64,
    /// Its entries.
    pub entries: u64,
    /// Deletions among them.
    pub deletions: u64,
}

/// What a level has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LevelContents {
    /// Tables.
    pub tables: u64,
    /// Bytes.
    pub bytes: u64,
    /// Entries.
    pub entries: u64,
    /// Deletions among them.
    pub deletions: u64,
}

/// The tables of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct LiveTables {
    tables: BTreeMap<u64, LiveTable>,
    levels: BTreeMap<usize, Vec<LevelContents>>,
    /// Of all column families together, by level: kept with each change, since a log may have a thousand families.
    all: Vec<AllOfLevel>,
    /// The families whose tables the log itself has counted.
    counted: BTreeSet<usize>,
}

/// What a level has, all column families together. A million sizes of any size fit in.
#[derive(Clone, Copy, Debug, Default)]
struct AllOfLevel {
    tables: u64,
    bytes: u128,
    entries: u128,
    deletions: u128,
    /// Tables of families that were not counted.
    uncounted: u64,
}

impl LiveTables {
    /// A table is written; it is in no level yet.
    pub fn written(&mut self, id: u64, table: LiveTable) {
        self.removed(id);
        if self.tables.len() < MAX_TABLES {
            self.tables.insert(id, LiveTable { level: None, ..table });
        }
    }

    /// A table is put on a level, or moved to it.
    pub fn placed(&mut self, id: u64, level: usize) {
        let Some(mut table) = self.removed(id).filter(|_| level < MAX_LEVELS) else { return };
        table.level = Some(level as u8);
        let contents = self.level(table.family, level);
        contents.tables = contents.tables.saturating_add(1);
        contents.bytes = contents.bytes.saturating_add(table.bytes);
        contents.entries = contents.entries.saturating_add(table.entries);
        contents.deletions = contents.deletions.saturating_add(table.deletions);
        let is_counted = self.counted.contains(&table.family);
        self.all.resize(self.all.len().max(level + 1), AllOfLevel::default());
        let all = &mut self.all[level];
        all.tables += 1;
        all.bytes += u128::from(table.bytes);
        all.entries += u128::from(table.entries);
        all.deletions += u128::from(table.deletions);
        all.uncounted += u64::from(!is_counted);
        self.tables.insert(id, table);
    }

    /// A table is taken out of the tree. Returns what was known of it.
    pub fn removed(&mut self, id: u64) -> Option<LiveTable> {
        let table = self.tables.remove(&id)?;
        if let Some(level) = table.level {
            let contents = self.level(table.family, usize::from(level));
            contents.tables = contents.tables.saturating_sub(1);
            contents.bytes = contents.bytes.saturating_sub(table.bytes);
            contents.entries = contents.entries.saturating_sub(table.entries);
            contents.deletions = contents.deletions.saturating_sub(table.deletions);
            let is_counted = self.counted.contains(&table.family);
            let all = &mut self.all[usize::from(level)];
            all.tables -= 1;
            all.bytes -= u128::from(table.bytes);
            all.entries -= u128::from(table.entries);
            all.deletions -= u128::from(table.deletions);
            all.uncounted -= u64::from(!is_counted);
        }
        Some(table)
    }

    /// What is known of a table.
    pub fn get(&self, id: u64) -> Option<&LiveTable> {
        self.tables.get(&id)
    }

    fn level(&mut self, family: usize, level: usize) -> &mut LevelContents {
        let levels = self.levels.entry(family).or_default();
        if levels.len() <= level {
            levels.resize(level + 1, LevelContents::default());
        }
        &mut levels[level]
    }

    /// The levels of a column family.
    pub fn levels(&self, family: usize) -> &[LevelContents] {
        self.levels.get(&family).map_or(&[], Vec::as_slice)
    }

    /// The log counts the tables of a column family from now on.
    pub fn count(&mut self, family: usize) {
        if self.counted.insert(family) {
            for (all, contents) in self.all.iter_mut().zip(self.levels.get(&family).into_iter().flatten()) {
                all.uncounted -= contents.tables;
            }
        }
    }

    /// All tables are gone. Which column families are counted stays.
    pub fn clear(&mut self) {
        *self = LiveTables { counted: std::mem::take(&mut self.counted), ..LiveTables::default() };
    }

    /// The bytes on each level that has `tables`, all column families together. If more are known, an input of a merge
    /// is not deleted yet: which one is not told, so each counts as the average.
    pub fn level_bytes(&self, tables: &[u64]) -> Vec<u64> {
        let bytes = |(all, tables): (&AllOfLevel, &u64)| {
            let known = u128::from(all.tables.max(1));
            u64::try_from(all.bytes * known.min((*tables).into()) / known).unwrap_or(u64::MAX)
        };
        self.all.iter().zip(tables).map(bytes).collect()
    }

    /// The entries of all tables, and the deletions among them.
    pub fn entries(&self) -> (u64, u64) {
        let sum =
            |of: fn(&AllOfLevel) -> u128| u64::try_from(self.all.iter().map(of).sum::<u128>()).unwrap_or(u64::MAX);
        (sum(|all| all.entries), sum(|all| all.deletions))
    }

    /// The tables on each level of all column families that the log does not count.
    pub fn uncounted_tables(&self) -> impl ExactSizeIterator<Item = u64> {
        self.all.iter().map(|all| all.uncounted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_has_what_was_placed_and_not_removed() {
        let mut live = LiveTables::default();
        let table = |family, bytes| LiveTable { family, bytes, entries: 10, deletions: 4, ..LiveTable::default() };
        live.written(7, table(0, 100));
        live.written(8, table(1, 30));
        let bytes = |live: &LiveTables| live.level_bytes(&[9; 3]);
        assert_eq!(bytes(&live), [0_u64; 0]);
        live.placed(7, 0);
        live.placed(8, 2);
        live.placed(7, 2);
        // One of the two is not deleted yet.
        assert_eq!(live.level_bytes(&[0, 0, 1]), [0, 0, 65]);
        assert_eq!((bytes(&live), live.levels(0)[0]), (vec![0, 0, 130], LevelContents::default()));
        assert_eq!(live.uncounted_tables().collect::<Vec<u64>>(), [0, 0, 2]);
        live.count(1);
        live.count(1);
        assert_eq!(live.uncounted_tables().collect::<Vec<u64>>(), [0, 0, 1]);
        assert_eq!(live.levels(0)[2], LevelContents { tables: 1, bytes: 100, entries: 10, deletions: 4 });
        assert_eq!(live.entries(), (20, 8));
        live.removed(7);
        live.removed(7);
        // A number that is used once more, and a level that no tree has.
        live.written(8, table(0, 5));
        live.placed(8, 9_999);
        assert_eq!((bytes(&live), live.entries()), (vec![0, 0, 0], (0, 0)));
        assert_eq!(live.uncounted_tables().collect::<Vec<u64>>(), [0, 0, 0]);
    }
}
