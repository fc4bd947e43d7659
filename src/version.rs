//! The shape of the tree, without bytes: which tables there are, and on which level.
//!
//! A [`Version`] is one immutable shape. Every change of shape is a [`VersionEdit`]: the manifest logs it, the
//! engine applies it, and applying its [`inverse`](VersionEdit::inverse) takes it back.
//!
//! Level 0 holds tables as they were flushed, newest first, and they may overlap. From level 1 on, a level is one sorted
//! run: tables by key, none overlapping another.

use std::rc::Rc;

use serde::Serialize;

use crate::{
    entry::{Bytes, SeqNo},
    error::{Error, Result},
};

/// A table's number: the number in its file's name.
pub type TableId = u64;

/// What there is to know of a table without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TableMeta {
    /// Its number.
    pub id: TableId,
    /// The file's length.
    pub bytes: u64,
    /// Its entries, tombstones included.
    pub entries: u64,
    /// How many of the entries are tombstones.
    pub tombstones: u64,
    /// The first user key.
    pub smallest: Bytes,
    /// The last user key.
    pub largest: Bytes,
    /// The lowest sequence number in it.
    pub smallest_seq: SeqNo,
    /// The highest sequence number in it.
    pub largest_seq: SeqNo,
    /// No entry in it was written later than this (virtual seconds); what tombstone retention goes by.
    pub newest_time: u64,
}

impl TableMeta {
    /// Whether any key of `smallest..=largest` may be in the table.
    pub fn overlaps(&self, smallest: &[u8], largest: &[u8]) -> bool {
        &*self.smallest <= largest && smallest <= &*self.largest
    }

    /// Whether `key` is in the table's range.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.overlaps(key, key)
    }
}

/// One level's tables: level 0 newest first, the others by key.
pub type Level = Vec<Rc<TableMeta>>;

/// One immutable shape of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// From level 0 down; always as many as `num_levels` says.
    pub levels: Vec<Level>,
}

/// One change of shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct VersionEdit {
    /// Tables that leave, with their level. The manifest logs their numbers only.
    pub removed: Vec<(usize, Rc<TableMeta>)>,
    /// Tables that come, with their level.
    pub added: Vec<(usize, Rc<TableMeta>)>,
    /// From now on, logs with lower numbers are not needed: their entries are in tables.
    pub log_number: Option<u64>,
    /// Every file number below this is taken.
    pub next_file: Option<u64>,
    /// Every sequence number up to this is taken.
    pub last_seq: Option<SeqNo>,
    /// The virtual time, in seconds.
    pub time: Option<u64>,
}

impl Version {
    /// An empty tree of `levels` levels.
    pub fn new(levels: usize) -> Version {
        Version { levels: vec![Level::new(); levels] }
    }

    /// The shape after `edit`.
    ///
    /// # Errors
    /// [`Corruption`](crate::ErrorKind::Corruption) if the edit does not fit: it removes what is not there, adds what
    /// is, names a level that does not exist, or makes tables of a sorted level overlap.
    pub fn apply(&self, edit: &VersionEdit) -> Result<Version> {
        let unfit =
            |what: String| Error::new(crate::ErrorKind::Corruption, format!("the version edit does not fit: {what}"));
        let mut levels = self.levels.clone();
        for (level, table) in &edit.removed {
            let tables = levels.get_mut(*level).ok_or_else(|| unfit(format!("there is no level {level}")))?;
            let at = tables.iter().position(|t| t.id == table.id);
            tables.remove(at.ok_or_else(|| unfit(format!("table {} is not on level {level}", table.id)))?);
        }
        for (level, table) in &edit.added {
            if self.levels.iter().flatten().any(|t| t.id == table.id && !edit.removed.iter().any(|(_, r)| r.id == t.id))
            {
                return Err(unfit(format!("table {} is there already", table.id)));
            }
            let tables = levels.get_mut(*level).ok_or_else(|| unfit(format!("there is no level {level}")))?;
            let at = if *level == 0 {
                // Newest first: by the newest write in it, then by number.
                tables.partition_point(|t| (t.largest_seq, t.id) > (table.largest_seq, table.id))
            } else {
                tables.partition_point(|t| t.smallest < table.smallest)
            };
            tables.insert(at, table.clone());
        }
        for (level, tables) in levels.iter().enumerate().skip(1) {
            if let Some(pair) = tables.windows(2).find(|pair| pair[0].largest >= pair[1].smallest) {
                return Err(unfit(format!("tables {} and {} overlap on level {level}", pair[0].id, pair[1].id)));
            }
        }
        Ok(Version { levels })
    }

    /// The table called `id`, and its level.
    pub fn find(&self, id: TableId) -> Option<(usize, &Rc<TableMeta>)> {
        self.levels.iter().enumerate().find_map(|(level, tables)| Some((level, tables.iter().find(|t| t.id == id)?)))
    }

    /// Every table with its level, from level 0 down.
    pub fn tables(&self) -> impl Iterator<Item = (usize, &Rc<TableMeta>)> {
        self.levels.iter().enumerate().flat_map(|(level, tables)| tables.iter().map(move |t| (level, t)))
    }

    /// Every table with its level, as an edit lists them.
    pub fn listing(&self) -> Vec<(usize, Rc<TableMeta>)> {
        self.tables().map(|(level, t)| (level, t.clone())).collect()
    }

    /// The bytes of a level.
    pub fn level_bytes(&self, level: usize) -> u64 {
        self.levels[level].iter().map(|t| t.bytes).sum()
    }

    /// The tables of `level` that may hold a key of `smallest..=largest`.
    pub fn overlapping<'a>(
        &'a self,
        level: usize,
        smallest: &'a [u8],
        largest: &'a [u8],
    ) -> impl Iterator<Item = &'a Rc<TableMeta>> {
        self.levels[level].iter().filter(move |t| t.overlaps(smallest, largest))
    }

    /// The sorted runs that a read of any key may have to look into: each table of level 0, each other level that is not
    /// empty.
    pub fn sorted_runs(&self) -> usize {
        self.levels[0].len() + self.levels[1..].iter().filter(|l| !l.is_empty()).count()
    }
}

impl VersionEdit {
    /// The edit that takes this one back. Counters only ever grow, so they stay.
    pub fn inverse(&self) -> VersionEdit {
        VersionEdit { removed: self.added.clone(), added: self.removed.clone(), ..VersionEdit::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(id: TableId, smallest: &str, largest: &str, seq: SeqNo) -> Rc<TableMeta> {
        Rc::new(TableMeta {
            id,
            bytes: 100,
            entries: 2,
            tombstones: 0,
            smallest: smallest.into(),
            largest: largest.into(),
            smallest_seq: seq,
            largest_seq: seq,
            newest_time: 0,
        })
    }

    fn add(level: usize, t: Rc<TableMeta>) -> VersionEdit {
        VersionEdit { added: vec![(level, t)], ..VersionEdit::default() }
    }

    #[test]
    fn level_0_is_newest_first_and_the_others_by_key() {
        let mut v = Version::new(3);
        for edit in [
            add(0, table(1, "a", "m", 1)),
            add(0, table(2, "a", "z", 2)),
            add(1, table(3, "p", "q", 3)),
            add(1, table(4, "a", "b", 4)),
        ] {
            v = v.apply(&edit).unwrap();
        }
        let ids = |level: usize| v.levels[level].iter().map(|t| t.id).collect::<Vec<_>>();
        assert_eq!((ids(0), ids(1)), (vec![2, 1], vec![4, 3]));
        assert_eq!(v.sorted_runs(), 3);
        assert_eq!(v.overlapping(1, b"b", b"o").map(|t| t.id).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn the_inverse_takes_an_edit_back() {
        let before = Version::new(2).apply(&add(0, table(1, "a", "m", 1))).unwrap();
        let edit = VersionEdit {
            removed: vec![(0, before.levels[0][0].clone())],
            added: vec![(1, table(2, "a", "m", 1))],
            ..VersionEdit::default()
        };
        let after = before.apply(&edit).unwrap();
        assert_eq!(after.apply(&edit.inverse()).unwrap(), before);
    }

    #[test]
    fn an_edit_that_does_not_fit_is_refused() {
        let v = Version::new(2).apply(&add(1, table(1, "a", "m", 1))).unwrap();
        let message = |edit: VersionEdit| v.apply(&edit).unwrap_err().message;
        assert!(message(add(1, table(2, "m", "z", 2))).contains("overlap"));
        assert!(message(add(0, table(1, "a", "m", 1))).contains("there already"));
        assert!(message(add(9, table(2, "n", "z", 2))).contains("no level 9"));
        assert!(message(add(0, table(9, "a", "b", 1)).inverse()).contains("not on level 0"));
    }

    #[test]
    fn a_table_may_move_down_in_one_edit() {
        let t = table(1, "a", "m", 1);
        let v = Version::new(2).apply(&add(0, t.clone())).unwrap();
        let moved =
            v.apply(&VersionEdit { removed: vec![(0, t.clone())], added: vec![(1, t)], ..VersionEdit::default() });
        assert_eq!(moved.unwrap().levels[1].len(), 1);
    }
}
