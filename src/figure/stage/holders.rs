//! What holds entries: trays, and the entries in them as chips, ticks or density.

use std::cmp::Reverse;

use super::{
    super::{
        key_scale::Grain,
        label::{Anchor, Label, label},
        lanes::MIN_LETTERS,
        measure,
        part::{Area, BoxLook, Holder, Look, PartId, StagePart, Tone},
    },
    Stage,
};
use crate::{
    entry::{Bytes, EntryKind, SeqNo, text},
    scene::{Scene, contents::ListedEntry, job::SceneJob},
    words::say,
};

/// How opaque an input is behind the front of its merge.
const GHOST: f64 = 0.28;
/// The highest chip, in letters.
const MAX_CHIP: f64 = 2.1;
/// The lowest chip that has a text.
const MIN_TEXT: f64 = 1.1;
/// What a tombstone says where there is no room for a word.
const GONE: &str = "×";
/// The letters of a long value that a chip shows at least; with fewer, it shows none.
const MIN_CUT: usize = 4;
/// The width of a bar of density.
const BAR: f64 = 3.0;

/// What merges have kept of a key for snapshots.
#[derive(Clone, Copy)]
enum Kept {
    /// The entry itself.
    Itself,
    /// How many older versions behind it in its pile.
    Behind(usize),
}

/// What becomes of an entry of a running merge's input.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// The front has not reached it, or nothing reads it.
    Whole,
    /// It went down: a ghost is left until the install.
    Kept,
    /// It is gone.
    Dropped,
}

impl<'a> Stage<'a> {
    /// The tray of a holder over the keys from `span.0` to `span.1`.
    pub(super) fn tray(&mut self, holder: Holder, row: Area, span: (f64, f64), border: Tone, dashed: bool) {
        self.filled_tray(holder, row, span, None, border, dashed);
    }

    /// The same with a ground: of a table whose entries are not known.
    pub(super) fn filled_tray(
        &mut self,
        holder: Holder,
        row: Area,
        span: (f64, f64),
        fill: Option<Tone>,
        border: Tone,
        dashed: bool,
    ) {
        let (left, right) = span;
        if !self.keys.shows(left, right) {
            return;
        }
        let (from, to) = self.keys.ends();
        let (left, right) = (left.max(from - 2.0), right.min(to + 2.0));
        // Two trays side by side never touch.
        let inset = ((right - left) * 0.2).min(1.5);
        let area = Area::new(left + inset, row.y + row.h * 0.05, right - left - 2.0 * inset, row.h * 0.9);
        let radius = (0.35 * self.letters()).min(area.h / 3.0);
        let look = Look::Box(BoxLook { fill, border: Some(border), dashed, radius, ..BoxLook::default() });
        self.push(PartId::Tray(holder), area, look);
    }

    /// The entries of a holder: chips, ticks, or density.
    pub(super) fn entries(&mut self, holder: Holder, row: Area, entries: &[ListedEntry]) {
        let job = self.reader(holder);
        if self.keys.grain() == Grain::Density {
            return self.density(holder, row, &entries.iter().map(|entry| &entry.key).collect::<Vec<_>>());
        }
        for versions in entries.chunk_by(|a, b| a.key == b.key) {
            let (left, right) = self.keys.cell(&versions[0].key);
            if !self.keys.shows(left, right) {
                continue;
            }
            for (nth, entry) in versions.iter().enumerate() {
                let fate = job.map_or(Fate::Whole, |job| fate(job, entry));
                if fate == Fate::Dropped {
                    continue;
                }
                let area = self.entry_area(row, (left, right), nth, versions.len());
                // Where the older ones are the edges of a pile, the newest says what is kept.
                let has_words = |area: Area| area.h >= MIN_TEXT * self.keys.chip_letters();
                let is_pile = versions.len() > 1
                    && !has_words(self.entry_area(row, (left, right), versions.len() - 1, versions.len()));
                let is_kept = |nth: usize| is_kept(self.scene, holder, versions, nth);
                let kept = match (nth, is_pile) {
                    (0, true) => Kept::Behind((1..versions.len()).filter(|nth| is_kept(*nth)).count()),
                    (nth, false) if is_kept(nth) => Kept::Itself,
                    _ => Kept::Behind(0),
                };
                let part = self.entry(holder, entry, kept, area);
                self.parts.push(if fate == Fate::Kept { part.faint(GHOST) } else { part });
            }
        }
    }

    /// Where version `nth` of `count` of a key stands: the newest on top. Where not all have room for a text, the older
    /// ones are the edges of a pile below the newest.
    fn entry_area(&self, row: Area, cell: (f64, f64), nth: usize, count: usize) -> Area {
        let (width, middle) = (self.keys.entry_width(), (cell.0 + cell.1) / 2.0);
        let (room, most) = (0.88 * row.h, (0.84 * row.h).min(MAX_CHIP * self.letters()));
        let each = most.min(room / count as f64);
        let (newest, older) = match (count, each >= 1.06 * MIN_TEXT * self.keys.chip_letters()) {
            (1, _) | (_, true) => (each, each),
            (count, false) => {
                let older = (0.16 * row.h).min(0.5 * room / (count - 1) as f64);
                (most.min(room - older * (count - 1) as f64), older)
            }
        };
        // A version that comes below the first leaves it where it is.
        let rest = 0.96 * row.h - newest - older * (count - 1) as f64;
        let top = row.y + rest.min((row.h - most) / 2.0);
        let (y, height) = if nth == 0 { (top, newest) } else { (top + newest + (nth - 1) as f64 * older, older) };
        let gap = if count > 1 { 0.03 * newest.min(older) } else { 0.0 };
        Area::new(middle - width / 2.0, y + gap, width, height - 2.0 * gap)
    }

    /// An entry, and what is kept for snapshots of its key.
    fn entry(&self, holder: Holder, entry: &ListedEntry, kept: Kept, area: Area) -> StagePart {
        let u = self.letters();
        let dead = entry.kind == EntryKind::Delete;
        let (fill, border) = match (dead, holder) {
            (true, _) => (Tone::DeadGround, Tone::Dead),
            (false, Holder::Memtable(_)) => (Tone::MemoryGround, Tone::Memory),
            (false, Holder::Table(_)) => (Tone::TableGround, Tone::Table),
        };
        // What a get has found.
        let read = self.scene.running_read();
        let is_found = read.is_some_and(|read| read.key() == Some(&entry.key) && read.decided_seq() == Some(entry.seq));
        let border = if is_found { Tone::Now } else { border };
        let letters = self.keys.chip_letters();
        let is_chip = self.keys.grain() == Grain::Chip && area.h >= MIN_TEXT * letters;
        let (value, corner) = if is_chip { chip_words(entry, kept, area.w, letters) } else { (None, None) };
        let look = Look::Box(BoxLook {
            // A tick of a chip's colours is too pale to be seen.
            fill: Some(if is_chip || dead { fill } else { border }),
            border: Some(border),
            dashed: dead && !is_found,
            radius: if is_chip { 0.3 * u } else { 1.0 },
            words: value,
            corner,
            ..BoxLook::default()
        });
        StagePart::new(PartId::Entry(holder, entry.key.clone(), Reverse(entry.seq)), area, look)
    }

    /// How many entries lie where, in bars of a few units: those of `keys`, in key order.
    pub(super) fn density(&mut self, holder: Holder, row: Area, keys: &[&Bytes]) {
        let Some((first, last)) = keys.first().zip(keys.last()) else { return };
        let (ends, span) = (self.keys.ends(), self.keys.span(first, last));
        let (left, right) = (span.0.max(ends.0), span.1.min(ends.1));
        if right <= left {
            return;
        }
        let bins = ((right - left) / BAR).ceil().max(1.0) as usize;
        let mut counts = vec![0u32; bins];
        let mut hint = 0;
        for key in keys {
            let cell = self.keys.next_cell(key, &mut hint);
            let at = ((cell.0 + cell.1) / 2.0 - left) / (right - left);
            if (0.0..=1.0).contains(&at) {
                counts[((at * bins as f64) as usize).min(bins - 1)] += 1;
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let share = 1.0 / bins as f64;
        let bar = |(at, count): (usize, &u32)| (at as f64 * share, share * 0.8, f64::from(*count) / f64::from(most));
        let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(bar).collect();
        let tone = if matches!(holder, Holder::Memtable(_)) { Tone::Memory } else { Tone::Table };
        let area = Area::new(left, row.y + 0.2 * row.h, right - left, 0.6 * row.h);
        self.push(PartId::Density(holder), area, Look::Bars { tone, bars });
    }

    /// The job that reads a holder and is not installed.
    fn reader(&self, holder: Holder) -> Option<&'a SceneJob> {
        let reads = |job: &&'a SceneJob| match holder {
            Holder::Memtable(id) => job.memtables.contains(&id),
            Holder::Table(id) => job.reads(id),
        };
        self.scene.running().iter().filter(|job| !job.installed).find(reads)
    }
}

/// Whether version `nth` of a key is in a table only because a merge kept it for a snapshot. A memtable has all
/// versions.
pub fn is_kept(scene: &Scene, holder: Holder, versions: &[ListedEntry], nth: usize) -> bool {
    let Some(newer) = nth.checked_sub(1).map(|newer| versions[newer].seq) else { return false };
    let sees = |(_, seq): &(u64, SeqNo)| (versions[nth].seq..newer).contains(seq);
    matches!(holder, Holder::Table(_)) && scene.snapshots().iter().any(sees)
}

/// What a chip says: the value, and in its corner the sequence number if there is room for both, with what is kept for
/// snapshots: in full where there is room for that. A word is whole, or it is left out.
fn chip_words(entry: &ListedEntry, kept: Kept, width: f64, letters: f64) -> (Option<Label>, Option<Label>) {
    let room = width - 0.6 * letters;
    let seq_letters = (0.82 * letters).max(MIN_LETTERS);
    let dead = entry.kind == EntryKind::Delete;
    let said = match (dead, &entry.value) {
        (true, _) => say!("deleted"),
        (false, Some(value)) => text(value),
        (false, None) => String::new(),
    };
    let width_of = |said: &str| measure::width(said, letters, !dead);
    let plain = format!("·{}", entry.seq);
    let seq = entry.seq;
    let with_kept = match kept {
        Kept::Behind(0) => None,
        Kept::Behind(1) => Some([say!("·{seq} +1 for a snapshot", seq), say!("·{seq} +{count} kept", seq, count = 1)]),
        Kept::Behind(count) => {
            Some([say!("·{seq} +{count} for snapshots", seq, count), say!("·{seq} +{count} kept", seq, count)])
        }
        Kept::Itself => Some([say!("·{seq} for a snapshot", seq), say!("·{seq} kept", seq)]),
    };
    let fits = |seq: &String| width_of(&said) + measure::width(seq, seq_letters, true) <= room;
    let seq = with_kept.into_iter().flatten().find(fits).unwrap_or(plain);
    let beside = room - measure::width(&seq, seq_letters, true);
    let whole = |said: &str, room: f64| Some(said.to_owned()).filter(|said| width_of(said) <= room);
    // A sign that needs no room to be understood.
    let sign = |room: f64| whole(GONE, room).filter(|_| dead);
    let cut = || {
        let cut = measure::fit(&said, letters, !dead, room);
        Some(cut).filter(|cut| !dead && cut.chars().count() > MIN_CUT)
    };
    // Alone it may come nearer to the edges.
    let (shown, with_seq, anchor) = (whole(&said, beside).map(|text| (text, true, Anchor::Start)))
        .or_else(|| whole(&said, width - 0.2 * letters).map(|text| (text, false, Anchor::Middle)))
        .or_else(|| sign(beside).map(|text| (text, true, Anchor::Start)))
        .or_else(|| sign(room).map(|text| (text, false, Anchor::Middle)))
        .or_else(|| cut().map(|text| (text, false, Anchor::Start)))
        .unwrap_or((String::new(), beside >= 0.0, Anchor::Start));
    let tone = if dead { Tone::Dead } else { Tone::Ink };
    let value = Label { mono: !dead, ..label(shown, letters).tone(tone).anchor(anchor) };
    let corner = label(seq, seq_letters).mono().tone(Tone::Quiet).anchor(Anchor::End);
    (Some(value).filter(|value| !value.text.is_empty()), with_seq.then_some(corner))
}

/// What became of an entry of an input of `job`: the front stands at the last decision.
fn fate(job: &SceneJob, entry: &ListedEntry) -> Fate {
    let Some(last) = job.last_decision() else { return Fate::Whole };
    if entry.order() > (&last.key, Reverse(last.seq)) {
        return Fate::Whole;
    }
    if job.has_output(&entry.key, entry.seq) { Fate::Kept } else { Fate::Dropped }
}
