//! What a tray says of itself beside its entries: its file, and how many entries there are where none has room for
//! words.

use super::{
    super::{
        label::{Anchor, label},
        lanes::MIN_LETTERS,
        measure,
        part::{Area, BoxLook, Holder, Look, PartId, StagePart, Tone},
    },
    Stage,
};
use crate::{plural::counted, scene::contents::ListedEntry, storage::FileId, version::TableId};

impl Stage<'_> {
    /// The name of a table, whose entries are the parts from `first` on: in a gap between them. Where they have no
    /// words, how many there are; without a gap, over them.
    pub(super) fn name_entries(
        &mut self,
        table: TableId,
        row: Area,
        span: (f64, f64),
        entries: &[ListedEntry],
        first: usize,
    ) {
        let (file, count) = (FileId::table(table).to_string(), counted(entries.len(), "entry"));
        let has_words = |part: &StagePart| part.words_area().is_some();
        if self.parts[first..].iter().any(has_words) {
            // With its ending: a number between two values would read as one.
            self.name_in_a_gap(PartId::TrayName(Holder::Table(table)), row, span, entries, &[file]);
            return;
        }
        let number = file.split('.').next().unwrap_or_default();
        let texts = [format!("{number} · {count}"), count];
        if !self.name_in_a_gap(PartId::EntryCount(table), row, span, entries, &texts) {
            self.count_over(table, row, span, &[&texts[1], &entries.len().to_string()]);
        }
    }

    /// The first of `texts` that has room between two entries, or behind them.
    fn name_in_a_gap(
        &mut self,
        id: PartId,
        row: Area,
        span: (f64, f64),
        entries: &[ListedEntry],
        texts: &[String],
    ) -> bool {
        let (u, half) = (self.letters(), self.keys.entry_width() / 2.0);
        let letters = (0.85 * u).max(MIN_LETTERS);
        let room = self.keys.ends();
        let span = (span.0.max(room.0), span.1.min(room.1));
        let mut edge = span.0;
        let mut widest = (0.0, edge);
        for next in entries.iter().map(|entry| Some(self.keys.middle(&entry.key))).chain([None]) {
            let end = next.map_or(span.1, |middle| (middle - half).min(span.1));
            if end - edge > widest.0 {
                widest = (end - edge, edge);
            }
            edge = next.map_or(edge, |middle| (middle + half).max(edge));
        }
        let fits = |text: &&String| measure::width(text, letters, true) + 1.2 * u <= widest.0;
        let Some(text) = texts.iter().find(fits).filter(|_| row.h >= 1.1 * u) else { return false };
        let area = Area::new(widest.1, row.y, widest.0, row.h);
        let look = label(text, letters).mono().tone(Tone::Quiet).anchor(Anchor::Middle);
        self.push(id, area, Look::Label(look));
        true
    }

    /// How many entries there are, over entries that say nothing themselves.
    fn count_over(&mut self, table: TableId, row: Area, span: (f64, f64), texts: &[&str]) {
        let (letters, ends) = (self.small_letters(), self.keys.ends());
        let (left, right) = (span.0.max(ends.0), span.1.min(ends.1));
        let width = |text: &str| measure::width(text, letters, false) + 0.6 * letters;
        let Some(text) = texts.iter().find(|text| width(text) <= right - left - letters) else { return };
        let height = 1.15 * letters;
        if row.h < height {
            return;
        }
        let (width, middle) = (width(text), (left + right) / 2.0);
        let area = Area::new(middle - width / 2.0, row.y + (row.h - height) / 2.0, width, height);
        let words = Some(label(*text, letters).anchor(Anchor::Middle));
        let look = BoxLook { fill: Some(Tone::TableGround), radius: 0.3 * letters, words, ..BoxLook::default() };
        self.push(PartId::EntryCount(table), area, Look::Box(look));
    }
}
