//! A get as a plumb line, a scan as a band.

use super::{
    super::{
        label::label,
        measure,
        part::{Area, BoxLook, Holder, LaneId, LineEnd, Look, PartId, Tone},
    },
    Stage,
    pills::Spot,
};
use crate::{
    entry::EntryKind,
    scene::{
        read::{Read, TableAnswer},
        view::{MemtableProbe, ProbeState},
    },
    trace::{BitProbe, Event},
    version::TableId,
    words::say,
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
            let (answer, tone) =
                if probe.found.is_some() { (found(read), Tone::Now) } else { (Answer::NotHere, Tone::Quiet) };
            self.probe(holder, row, x, answer, tone);
        }
        for (table, state) in tables {
            let holder = Holder::Table(table);
            let Some(row) = self.rows.get(&holder).copied() else { continue };
            bottom = bottom.max(row.bottom());
            let (known, tone) = match state {
                ProbeState::Outside => (Answer::OutOfRange, Tone::Quiet),
                ProbeState::Inside => (Answer::InRange, Tone::Quiet),
                ProbeState::FilterNo => (Answer::FilterNo, Tone::Quiet),
                ProbeState::FilterMaybe => (Answer::FilterMaybe, Tone::Now),
                ProbeState::FalsePositive => (Answer::FilterWrong, Tone::Dead),
                ProbeState::Missed => (Answer::NotHere, Tone::Quiet),
                ProbeState::Found => (found(read), Tone::Now),
            };
            let newest = scene.entries_of(table).and_then(|entries| entries.iter().find(|entry| entry.key == *key));
            let is_dead = newest.is_some_and(|entry| entry.kind == EntryKind::Delete);
            // Of a false positive, what counts is that the filter was wrong, not where its block came from.
            let is_wrong = state == ProbeState::FalsePositive;
            let answered = read.answer(table).filter(|_| !is_wrong).map(|answered| answer(answered, is_dead));
            self.probe(holder, row, x, answered.unwrap_or(known), tone);
        }
        let mark = Some((LineEnd::Bob, 0.9 * self.letters()));
        let line = Look::Line { tone: Tone::Now, width: 1.5, dashed: true, mark };
        // The bob hangs within the row that was asked last, not over the one below it.
        let foot = (bottom - 0.15 * self.letters()).max(top);
        self.push(PartId::Plumb, Area::new(x, top, 0.0, foot - top), line);
        self.read_name(PartId::PlumbName, "get", x, top);
    }

    /// The name of a read, on the upper edge of the memtable's lane, or below it.
    fn read_name(&mut self, id: PartId, said: &str, x: f64, top: f64) {
        let (u, ends) = (self.letters(), self.keys.ends());
        let at = |y: f64| Spot { strip: Area::new(ends.0, y, ends.1 - ends.0, 1.3 * u), x, beside: 0.0, ahead: 0.0 };
        self.pill(id, &[said], Tone::Now, &[at(top - 0.65 * u), at(top + 0.1 * u)]);
    }

    /// What a holder answered, beside the line; in one word on the line, where the key's cell is free.
    fn probe(&mut self, holder: Holder, row: Area, x: f64, answer: Answer, tone: Tone) {
        let u = self.letters();
        let beside = (self.keys.entry_width() / 2.0).min(4.7 * u) + 0.4 * u;
        // Where its level keeps a row for what merges replace, there.
        let lane =
            self.lanes.lanes.iter().find(|lane| matches!(lane.id, LaneId::Level(1..)) && lane.rows.contains(&row));
        let above = lane.and_then(|lane| lane.rows.first()).filter(|above| **above != row).copied();
        let spots: Vec<Spot> =
            [Some(row), above].into_iter().flatten().map(|strip| Spot { strip, x, beside, ahead: 0.0 }).collect();
        let (id, said) = (PartId::Probe(holder), answer.words());
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let (whole, short) = said.split_at(1);
        let area = self.pill(id.clone(), whole, tone, &spots).or_else(|| {
            let on_the_line = spots.iter().map(|spot| Spot { beside: 0.0, ..*spot });
            let spots: Vec<Spot> = on_the_line.chain(spots.iter().copied()).collect();
            self.pill(id, short, tone, &spots)
        });
        if let Some(area) = area {
            self.bits(holder, area);
        }
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
        // Behind the pill, or before it, or else below, or above.
        let beside = pill.y + (pill.h - side) / 2.0;
        let along = pill.x.min(ends.1 - all).max(ends.0);
        let places = [
            (pill.right() + 0.5 * side, beside),
            (pill.x - all - 0.2 * side, beside),
            (along, pill.bottom() + 0.2 * side),
            (along, pill.y - 1.2 * side),
        ];
        let fits = |(left, y): &(f64, f64)| {
            *left >= ends.0 && left + all <= ends.1 && self.is_free(Area::new(*left, *y, all, side))
        };
        let Some((left, y)) = places.into_iter().find(fits) else { return };
        for (at, bit) in bits.iter().enumerate() {
            let tone = if bit.set { Tone::Now } else { Tone::Dead };
            let fill = if bit.set { Tone::Now } else { Tone::Ground };
            let area = Area::new(left + at as f64 * step, y, side, side);
            self.push(PartId::FilterBit(at), area, Look::tray(Some(fill), Some(tone), 1.0));
        }
        let letters = self.small_letters();
        let said = bits_words(bits);
        let (width, height) = (measure::width(&said, letters, false), 1.15 * letters);
        let area = Area::new(left + all + 0.3 * side, y + (side - height) / 2.0, width, height);
        if area.right() <= ends.1 && self.is_free(area) {
            let look = label(said, letters).tone(if bits.iter().all(|bit| bit.set) { Tone::Now } else { Tone::Quiet });
            self.push(PartId::FilterBitsName, area, Look::Label(look));
        }
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
        1 if bits.len() == 1 => say!("its only bit set"),
        set if set == bits.len() => say!("all {all} bits set", all = set),
        set => say!("{unset} of {all} bits not set", unset = bits.len() - set, all = bits.len()),
    }
}

/// What a holder answered to a get.
#[derive(Clone, Copy)]
enum Answer {
    Found,
    FoundDeleted,
    FoundIn(Medium),
    NotHere,
    NotHereIn(Medium),
    OutOfRange,
    InRange,
    FilterNo,
    FilterMaybe,
    FilterWrong,
    IndexBlock(u64),
    IndexBehind,
}

/// Where a block was read.
#[derive(Clone, Copy)]
enum Medium {
    Cache,
    Disk,
}

impl Answer {
    /// In full, then in fewer words, the most first: none that would say something else. From where it was read is said
    /// in full only.
    fn words(self) -> Vec<String> {
        match self {
            Answer::Found => vec![say!("found")],
            Answer::FoundDeleted => vec![say!("found: deleted"), say!("deleted"), say!("gone")],
            Answer::FoundIn(Medium::Cache) => vec![say!("found, from cache"), say!("found")],
            Answer::FoundIn(Medium::Disk) => vec![say!("found, from disk"), say!("found")],
            Answer::NotHere => vec![say!("not here"), say!("no")],
            Answer::NotHereIn(Medium::Cache) => vec![say!("not here, from cache"), say!("not here"), say!("no")],
            Answer::NotHereIn(Medium::Disk) => vec![say!("not here, from disk"), say!("not here"), say!("no")],
            Answer::OutOfRange => vec![say!("out of range"), say!("outside"), say!("out")],
            Answer::InRange => vec![say!("in its range"), say!("in range")],
            Answer::FilterNo => vec![say!("filter: no"), say!("no")],
            Answer::FilterMaybe => vec![say!("filter: maybe"), say!("maybe")],
            // Never "no": that is what a filter answers when it is right.
            Answer::FilterWrong => vec![say!("false positive: not here"), say!("false positive"), say!("maybe")],
            Answer::IndexBlock(block) => vec![say!("index: block {block}", block), say!("block {block}", block)],
            Answer::IndexBehind => vec![say!("index: behind its last block"), say!("behind its last block")],
        }
    }
}

/// What a read has found.
fn found(read: &Read) -> Answer {
    match read.decided_by() {
        Some(EntryKind::Delete) => Answer::FoundDeleted,
        _ => Answer::Found,
    }
}

/// What a table's index or block answered.
fn answer(answer: TableAnswer, is_dead: bool) -> Answer {
    match answer {
        TableAnswer::Index(Some(block)) => Answer::IndexBlock(block),
        TableAnswer::Index(None) => Answer::IndexBehind,
        TableAnswer::Block { cached, found } => {
            let medium = if cached { Medium::Cache } else { Medium::Disk };
            match (found, is_dead) {
                (true, true) => Answer::FoundDeleted,
                (true, false) => Answer::FoundIn(medium),
                (false, _) => Answer::NotHereIn(medium),
            }
        }
    }
}
