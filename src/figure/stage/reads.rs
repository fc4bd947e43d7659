//! A get as a plumb line, a scan as a band.

use super::{
    super::{
        label::{Anchor, label},
        measure,
        part::{Area, BoxLook, Holder, LaneId, LineEnd, Look, PartId, StagePart, Tone},
    },
    Stage,
};
use crate::{
    entry::EntryKind,
    scene::{
        read::{Read, TableAnswer},
        view::{MemtableProbe, ProbeState},
    },
    trace::{BitProbe, Event},
    version::TableId,
};

impl Stage<'_> {
    /// The running read, or the last one until the next operation begins.
    pub(super) fn read(&mut self) {
        let scene = self.scene;
        let Some(read) = scene.running_read() else { return };
        if let Some((start, end)) = read.range() {
            let ends = self.keys.ends();
            let left = start.map_or(ends.0, |key| self.keys.cell(key).0);
            let right = end.map_or(ends.1, |key| self.keys.cell(key).1);
            let Some((first, last)) = self.lanes.lane(LaneId::Memtable).zip(self.lanes.lanes.iter().rev().nth(1))
            else {
                return;
            };
            let (top, bottom) = (first.ground.y, last.ground.bottom());
            let radius = 0.3 * self.letters();
            let look = BoxLook { border: Some(Tone::Now), dashed: true, radius, ..BoxLook::default() };
            self.push(PartId::Band, Area::new(left, top, (right - left).max(0.0), bottom - top), Look::Box(look));
            self.read_name(PartId::BandName, "scan", left, top);
            if !read.is_done() {
                self.cursors(read);
            }
            return;
        }
        let Some(key) = read.key() else { return };
        let x = self.keys.middle(key);
        let memtables: Vec<MemtableProbe> = read.memtables().to_vec();
        let tables: Vec<(TableId, ProbeState)> = read.probes().collect();
        let Some(top) = self.lanes.lane(LaneId::Memtable).map(|lane| lane.ground.y) else { return };
        let mut bottom = top;
        for probe in memtables {
            let holder = Holder::Memtable(probe.memtable);
            let Some(row) = self.rows.get(&holder).copied() else { continue };
            bottom = bottom.max(row.bottom());
            let (said, tone) = if probe.found.is_some() { (found(read), Tone::Now) } else { ("not here", Tone::Quiet) };
            self.probe(holder, row, x, said, tone);
        }
        for (table, state) in tables {
            let holder = Holder::Table(table);
            let Some(row) = self.rows.get(&holder).copied() else { continue };
            bottom = bottom.max(row.bottom());
            let (said, tone) = match state {
                ProbeState::Outside => ("out of range", Tone::Quiet),
                ProbeState::Inside => ("in its range", Tone::Quiet),
                ProbeState::FilterNo => ("filter: no", Tone::Quiet),
                ProbeState::FilterMaybe => ("filter: maybe", Tone::Now),
                ProbeState::FalsePositive => ("filter was wrong", Tone::Dead),
                ProbeState::Missed => ("not here", Tone::Quiet),
                ProbeState::Found => (found(read), Tone::Now),
            };
            let newest = scene.entries_of(table).and_then(|entries| entries.iter().find(|entry| entry.key == *key));
            let is_dead = newest.is_some_and(|entry| entry.kind == EntryKind::Delete);
            let answered = read.answer(table).map(|answered| answer(answered, is_dead));
            self.probe(holder, row, x, answered.as_deref().unwrap_or(said), tone);
        }
        let mark = Some((LineEnd::Bob, 0.9 * self.letters()));
        let line = Look::Line { tone: Tone::Now, width: 1.5, dashed: true, mark };
        // The bob hangs within the row that was asked last, not over the one below it.
        let foot = (bottom - 0.15 * self.letters()).max(top);
        self.push(PartId::Plumb, Area::new(x, top, 0.0, foot - top), line);
        self.read_name(PartId::PlumbName, "get", x, top);
    }

    /// The name of a read, on the upper edge of the memtable's lane.
    fn read_name(&mut self, id: PartId, said: &str, x: f64, top: f64) {
        let (u, letters, ends) = (self.letters(), self.small_letters(), self.keys.ends());
        let (width, height) = (measure::width(said, letters, false) + 0.9 * u, 1.3 * u);
        let left = (x - width / 2.0).clamp(ends.0, (ends.1 - width).max(ends.0));
        let look = Look::pill(label(said, letters).tone(Tone::Now).anchor(Anchor::Middle), Tone::Now, height);
        self.push(id, Area::new(left, top - height / 2.0, width, height), look);
    }

    /// What a holder answered, beside the line: to its right, or to its left where there is no room.
    fn probe(&mut self, holder: Holder, row: Area, x: f64, said: &str, tone: Tone) {
        let u = self.letters();
        let (from, to) = self.keys.ends();
        let letters = self.small_letters();
        let said = measure::fit(said, letters, false, to - from - 0.8 * u);
        let (width, half) = (measure::width(&said, letters, false) + 0.8 * u, self.keys.entry_width() / 2.0);
        let beside = half.min(4.7 * u) + 0.4 * u;
        let x = self.free_place(holder, x, beside, width).unwrap_or_else(|| {
            let right = x + beside;
            if right + width <= to { right } else { x - beside - width }
        });
        let x = x.min(to - width).max(from);
        let height = (1.3 * u).min(row.h);
        let look = Look::pill(label(said, letters).tone(tone).anchor(Anchor::Middle), tone, height);
        let area = Area::new(x, row.y + (row.h - height) / 2.0, width, height);
        self.push(PartId::Probe(holder), area, look);
        self.bits(holder, area);
    }

    /// The left edge of the nearest place beside `x` that no entry of the holder lies in, at least `beside` from it.
    fn free_place(&self, holder: Holder, x: f64, beside: f64, width: f64) -> Option<f64> {
        let (from, to) = self.keys.ends();
        let taken = |part: &&StagePart| matches!(part.id, PartId::Entry(of, ..) if of == holder);
        let mut edges: Vec<(f64, f64)> =
            self.parts.iter().filter(taken).map(|part| (part.area.x, part.area.right())).collect();
        edges.push((x - beside, x + beside));
        edges.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut places = Vec::new();
        let mut free = from;
        for (left, right) in edges.into_iter().chain([(to, to)]) {
            if left - free >= width {
                places.extend([free, left - width]);
            }
            free = free.max(right);
        }
        places.into_iter().min_by(|a, b| (a + width / 2.0 - x).abs().total_cmp(&(b + width / 2.0 - x).abs()))
    }

    /// The bits that a filter was just asked for: set ones are full.
    fn bits(&mut self, holder: Holder, pill: Area) {
        let Some(Event::FilterProbed { table, bits, .. }) = self.event else { return };
        if holder != Holder::Table(*table) {
            return;
        }
        let side = 0.62 * self.letters();
        let (step, ends) = (1.35 * side, self.keys.ends());
        let all = step * bits.len() as f64;
        // Behind the pill, or before it, or else below.
        let beside = pill.y + (pill.h - side) / 2.0;
        let (left, y) = if pill.right() + all + side <= ends.1 {
            (pill.right() + 0.5 * side, beside)
        } else if pill.x - all - 0.2 * side >= ends.0 {
            (pill.x - all - 0.2 * side, beside)
        } else {
            (pill.x.min(ends.1 - all).max(ends.0), pill.bottom() + 0.2 * side)
        };
        for (at, bit) in bits.iter().enumerate() {
            let tone = if bit.set { Tone::Now } else { Tone::Dead };
            let fill = if bit.set { Tone::Now } else { Tone::Ground };
            let area = Area::new(left + at as f64 * step, y, side, side);
            self.push(PartId::FilterBit(at), area, Look::tray(Some(fill), Some(tone), 1.0));
        }
        // Behind the last, or below them.
        let letters = self.small_letters();
        let said = bits_words(bits);
        let (width, height) = (measure::width(&said, letters, false), 1.15 * letters);
        let behind = left + all + 0.3 * side;
        let place = match behind + width <= ends.1 {
            true => Some((behind, y + (side - height) / 2.0)),
            false => None,
        };
        if let Some((x, y)) = place.filter(|(x, _)| self.is_free(holder, *x, *x + width)) {
            let look = label(said, letters).tone(if bits.iter().all(|bit| bit.set) { Tone::Now } else { Tone::Quiet });
            self.push(PartId::FilterBitsName, Area::new(x, y, width, height), Look::Label(look));
        }
    }

    /// Whether no entry of the holder lies between two places.
    fn is_free(&self, holder: Holder, left: f64, right: f64) -> bool {
        let mut entries = self.parts.iter().filter(|part| matches!(part.id, PartId::Entry(of, ..) if of == holder));
        !entries.any(|part| part.area.x < right && part.area.right() > left)
    }

    /// Where each source of a scan stands.
    fn cursors(&mut self, read: &Read) {
        for (place, key) in read.cursors() {
            let holder = super::super::motion::holder(place);
            let Some(row) = self.rows.get(&holder).copied() else { continue };
            let x = self.keys.cell(key).1;
            if self.keys.shows(x - 1.0, x + 1.0) {
                let line = Look::line(Tone::Now, 2.0, LineEnd::Caret, 0.7 * self.letters());
                self.push(PartId::Cursor(holder), Area::new(x, row.y, 0.0, row.h), line);
            }
        }
    }
}

/// What the bits that a filter was asked for say.
pub fn bits_words(bits: &[BitProbe]) -> String {
    match bits.iter().filter(|bit| bit.set).count() {
        set if set == bits.len() => format!("all {set} bits set"),
        set => format!("{} of {} bits not set", bits.len() - set, bits.len()),
    }
}

/// What a read has found.
fn found(read: &Read) -> &'static str {
    match read.decided_by() {
        Some(EntryKind::Delete) => "found: deleted",
        _ => "found",
    }
}

/// What a table's index or block answered.
fn answer(answer: TableAnswer, is_dead: bool) -> String {
    match answer {
        TableAnswer::Index(Some(block)) => format!("index: block {block}"),
        TableAnswer::Index(None) => "index: behind its last block".into(),
        TableAnswer::Block { cached, found } => {
            let from = if cached { "cache" } else { "disk" };
            match (found, is_dead) {
                (true, true) => "found: deleted".into(),
                (true, false) => format!("found, from {from}"),
                (false, _) => format!("not here, from {from}"),
            }
        }
    }
}
