//! Neighbouring tables that are too narrow to be drawn alone: one box that says how many they are.

use super::{
    super::{
        label::{Anchor, label},
        measure,
        part::{Area, BoxLook, Look, PartId, Tone},
    },
    Group, Stage,
};
use crate::{entry::Bytes, plural::counted, version::TableId};

/// The narrowest table that is drawn alone, where its neighbours are as narrow.
const MIN_TRAY: f64 = 5.0;
/// The same of one that would be drawn with its entries, in letters: in less, not even their number has room.
const MIN_COUNTED: f64 = 2.3;
/// The widest group of tables, in letters: so that it says in words how many there are.
const MAX_GROUP: f64 = 7.0;

/// A table that is too narrow to be drawn alone.
pub(super) struct Narrow<'a> {
    /// Its place in the list that it is from.
    pub(super) place: usize,
    pub(super) id: TableId,
    pub(super) smallest: &'a Bytes,
    pub(super) span: (f64, f64),
}

/// Where neighbours are: those of a job's outputs are not in the tree yet.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) level: usize,
    pub(super) row: Area,
    pub(super) is_in_tree: bool,
}

impl Stage<'_> {
    /// Whether a table of this span is drawn alone beside others as narrow.
    pub(super) fn is_wide(&self, span: (f64, f64), is_listed: impl FnOnce() -> bool) -> bool {
        let width = span.1 - span.0;
        // Most are narrower than both: then it is not asked whether their entries are listed.
        width >= MIN_COUNTED * self.letters() || (width >= MIN_TRAY && !is_listed())
    }

    /// Whether these take as much room as a group may.
    pub(super) fn is_full(&self, narrow: &[Narrow<'_>]) -> bool {
        let ends = narrow.first().zip(narrow.last());
        ends.is_some_and(|(first, last)| last.span.1 - first.span.0 >= MAX_GROUP * self.letters())
    }

    /// Draws the narrow tables so far as one group. One is no group: its place is returned, and it is drawn alone.
    pub(super) fn group(&mut self, narrow: &mut Vec<Narrow<'_>>, run: Run) -> Option<usize> {
        let tables = std::mem::take(narrow);
        let (first, last) = tables.first().zip(tables.last())?;
        if tables.len() == 1 {
            return Some(first.place);
        }
        let (left, right) = (first.span.0, last.span.1);
        if !self.keys.shows(left, right) {
            return None;
        }
        let (u, row) = (self.letters(), run.row);
        let inset = ((right - left) * 0.2).min(1.5);
        let area = Area::new(left + inset, row.y + row.h * 0.05, right - left - 2.0 * inset, row.h * 0.9);
        let texts = [counted(tables.len(), "table"), tables.len().to_string()];
        let fits = |text: &String| measure::width(text, u, false) + 0.3 * u <= area.w && row.h >= 1.1 * u;
        let words = texts.into_iter().find(fits).map(|text| label(text, u).anchor(Anchor::Middle));
        let look = Look::Box(BoxLook {
            fill: Some(Tone::TableGround),
            border: Some(Tone::Table),
            hatched: true,
            dashed: !run.is_in_tree,
            radius: 2.0,
            words,
            ..BoxLook::default()
        });
        let group = Group { tables: tables.len(), smallest: first.smallest.clone(), is_in_tree: run.is_in_tree };
        self.groups.insert((run.level, first.id), group);
        self.push(PartId::Group(run.level, first.id), area, look);
        None
    }
}
