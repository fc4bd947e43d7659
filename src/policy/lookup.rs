//! A tree as picks look at it: a [`Version`], or a simulator's [`Tree`], which has no levels in one piece but knows at once where
//! keys lie. Both give the same answers.

use std::ops::Range;

use super::{
    Tree,
    overlap::{KeyRange, Tables, count_leading},
    rows::Rows,
};
use crate::{
    entry::Bytes,
    version::{Level, TableMeta, Version},
};

/// A tree to look things up in: a version, or that of a simulator.
#[derive(Clone, Copy)]
pub(super) enum Lookup<'a> {
    Version(&'a Version),
    Tree(&'a Tree),
}

impl<'a> From<&'a Version> for Lookup<'a> {
    fn from(version: &'a Version) -> Lookup<'a> {
        Lookup::Version(version)
    }
}

impl<'a> From<&'a Tree> for Lookup<'a> {
    fn from(tree: &'a Tree) -> Lookup<'a> {
        Lookup::Tree(tree)
    }
}

impl<'a> Lookup<'a> {
    /// All of it in one piece: a simulator's tree has to make that first.
    pub fn version(self) -> &'a Version {
        match self {
            Lookup::Version(version) => version,
            Lookup::Tree(tree) => tree.version(),
        }
    }

    /// How many levels there are.
    pub fn levels(self) -> usize {
        match self {
            Lookup::Version(version) => version.levels.len(),
            Lookup::Tree(tree) => tree.levels(),
        }
    }

    /// The tables of level 0, newest first.
    pub fn level_0(self) -> &'a Level {
        match self {
            Lookup::Version(version) => &version.levels[0],
            Lookup::Tree(tree) => tree.level_0(),
        }
    }

    /// Where the next round-robin compaction of `level` begins.
    pub fn cursor(self, level: usize) -> Option<&'a Bytes> {
        match self {
            Lookup::Version(version) => version.cursor(level),
            Lookup::Tree(tree) => tree.cursor(level),
        }
    }

    /// How many tables `level` has.
    pub fn len(self, level: usize) -> usize {
        match self {
            Lookup::Tree(tree) if level > 0 => tree.rows(level).len(),
            Lookup::Tree(tree) => tree.level_0().len(),
            Lookup::Version(version) => version.levels[level].len(),
        }
    }

    /// The table at a place of `level`.
    #[inline]
    pub fn get(self, level: usize, place: usize) -> Option<&'a TableMeta> {
        let table = match self {
            Lookup::Tree(tree) if level > 0 => tree.rows(level).get(place),
            Lookup::Tree(tree) => tree.level_0().get(place),
            Lookup::Version(version) => version.levels[level].get(place),
        };
        table.map(|t| &**t)
    }

    /// The tables of a sorted `level` at `span`.
    pub fn run(self, level: usize, span: Range<usize>) -> Tables<'a> {
        let place = span.start;
        match self {
            Lookup::Version(version) => Tables::Run { tables: &version.levels[level][span], place },
            Lookup::Tree(tree) => match tree.rows(level).together(&span) {
                Some(tables) => Tables::Run { tables, place },
                None => {
                    let tables = tree.rows(level).tables(place).take(span.len()).map(|t| &**t);
                    Tables::Scattered { tables: tables.collect(), place }
                }
            },
        }
    }

    /// How many tables of a sorted `level` end before `key`.
    pub fn end_before(self, level: usize, key: &Bytes) -> usize {
        match self {
            Lookup::Version(version) => version.levels[level].partition_point(|t| t.largest.is_before(key)),
            Lookup::Tree(tree) => tree.index().end_before(level, key),
        }
    }

    /// Which tables of a sorted `level` overlap `range`.
    pub fn span(self, level: usize, range: KeyRange<'_>) -> Range<usize> {
        match self {
            Lookup::Version(version) => {
                let from = self.end_before(level, range.smallest);
                let begins = |t: &TableMeta| !range.largest.is_before(&t.smallest);
                from..from + count_leading(&version.levels[level][from..], begins)
            }
            Lookup::Tree(tree) => tree.index().span(level, range),
        }
    }

    /// The ranks of a sorted `level`, where somebody keeps them.
    pub fn rows(self, level: usize) -> Option<&'a Rows> {
        match self {
            Lookup::Tree(tree) if level > 0 => Some(tree.rows(level)),
            _ => None,
        }
    }

    /// `span` of a sorted `level` with every neighbour that shares a boundary key, so that all versions of each key come along.
    pub fn cut_cleanly(self, level: usize, span: Range<usize>) -> Range<usize> {
        if let Lookup::Tree(tree) = self
            && !tree.index().may_share(level)
        {
            return span;
        }
        let Range { mut start, mut end } = span;
        // Whether the tables at `place` and behind it share a key.
        let share = |place: usize| match (self.get(level, place), self.get(level, place + 1)) {
            (Some(left), Some(right)) => !left.largest.is_before(&right.smallest),
            _ => false,
        };
        while start < end && start > 0 && share(start - 1) {
            start -= 1;
        }
        while start < end && share(end - 1) {
            end += 1;
        }
        start..end
    }
}
