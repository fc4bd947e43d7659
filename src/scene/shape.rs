//! The tree's shape with the sums that charts and levels show: computed when the shape changes, not at every event.

use std::rc::Rc;

use crate::{
    metrics::Counters,
    version::{TableMeta, Version, VersionEdit},
};

/// A version and its sums.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The tables.
    pub version: Version,
    /// Each level's sums.
    pub levels: Rc<[LevelSums]>,
    /// Sorted runs that a read may have to look into.
    pub read_runs: u64,
    /// RocksDB's space amplification.
    pub space_rocksdb: Option<f64>,
}

/// One level's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelSums {
    /// Tables.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their entries.
    pub entries: u64,
}

impl LevelSums {
    fn of(tables: &[Rc<TableMeta>]) -> LevelSums {
        let mut sums = LevelSums::default();
        tables.iter().for_each(|table| sums.add(table));
        sums
    }

    fn add(&mut self, table: &TableMeta) {
        self.tables += 1;
        self.bytes += table.bytes;
        self.entries += table.entries;
    }

    /// Takes a table out again. One that was never in (which no engine reports) leaves the sums at 0.
    fn take(&mut self, table: &TableMeta) {
        self.tables = self.tables.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(table.bytes);
        self.entries = self.entries.saturating_sub(table.entries);
    }
}

impl Shape {
    /// No table on any of `levels` levels.
    pub fn empty(levels: usize) -> Shape {
        Shape::new(Version::new(levels))
    }

    /// Counts `version`.
    pub fn new(version: Version) -> Shape {
        let levels = version.levels.iter().map(|tables| LevelSums::of(tables)).collect();
        Shape::summed(version, levels)
    }

    fn summed(version: Version, levels: Vec<LevelSums>) -> Shape {
        let bytes: Vec<u64> = levels.iter().map(|sums| sums.bytes).collect();
        let amplification = Counters::default().amplification_of(&bytes, version.sorted_runs());
        let (read_runs, space_rocksdb) = (amplification.read_runs, amplification.space_rocksdb);
        Shape { version, levels: levels.into(), read_runs, space_rocksdb }
    }

    /// The shape after `edit`. The listing of the tables is changed in place where no other scene shares it, so that an
    /// edit costs what it changes, however many tables there are.
    pub fn change(shape: &mut Rc<Shape>, edit: &VersionEdit) {
        let here = Rc::make_mut(shape);
        let mut version = std::mem::replace(&mut here.version, Version::new(0));
        let mut levels = here.levels.to_vec();
        if version.change(edit).is_err() {
            // The edit does not fit, which no engine reports: what it did change is counted.
            *here = Shape::new(version);
            return;
        }
        edit.removed.iter().for_each(|(level, table)| levels[*level].take(table));
        edit.added.iter().for_each(|(level, table)| levels[*level].add(table));
        *here = Shape::summed(version, levels);
    }

    /// How many tables there are.
    pub fn table_count(&self) -> u64 {
        self.levels.iter().map(|sums| sums.tables).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::tree;

    #[test]
    fn sums_are_carried_along_as_if_they_were_counted_anew() {
        let begun = tree(&[(0, 1, "a", "c", 100), (1, 2, "b", "b", 200), (1, 3, "d", "f", 300)]);
        let added = tree(&[(2, 4, "a", "c", 250)]).listing();
        let removed = begun.listing().into_iter().filter(|(_, table)| table.id < 3).collect();
        let mut shape = Rc::new(Shape::empty(7));
        for edit in [
            VersionEdit { added: begun.listing(), ..VersionEdit::default() },
            VersionEdit { removed, added, ..VersionEdit::default() },
        ] {
            let before = shape.clone();
            Shape::change(&mut shape, &edit);
            let counted = Shape::new(before.version.apply(&edit).unwrap());
            assert_eq!((&shape.levels, &shape.version), (&counted.levels, &counted.version));
            assert_eq!((shape.read_runs, shape.space_rocksdb), (counted.read_runs, counted.space_rocksdb));
            assert_ne!(before.version, shape.version, "a copy stays as it was");
        }
        assert_eq!(shape.table_count(), 2);
    }

    #[test]
    fn a_listing_that_no_other_scene_shares_is_changed_in_place() {
        let mut shape =
            Rc::new(Shape::new(tree(&[(1, 2, "b", "b", 200), (1, 3, "d", "f", 300), (1, 4, "x", "y", 400)])));
        let place = |shape: &Rc<Shape>| shape.version.levels[1].as_ptr();
        let before = place(&shape);
        let removed = vec![(1, shape.version.levels[1][1].clone())];
        Shape::change(&mut shape, &VersionEdit { removed, ..VersionEdit::default() });
        assert_eq!((place(&shape), shape.table_count()), (before, 2));
    }
}
