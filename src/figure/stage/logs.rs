//! What lies in order of time: the logs on one tape, and the manifest.

use super::{
    super::{
        label::{Anchor, label, size},
        measure,
        part::{Area, BoxLook, LaneId, LineEnd, Look, PartId, StagePart, Tone},
    },
    Stage,
    recovery::UNREAD,
};
use crate::{
    entry::{EntryKind, text},
    plural::counted,
    scene::{
        on_disk::TapeLog,
        view::{FrameView, WalView},
    },
    trace::WalRecord,
    words::say,
};

/// The widest frame, in letters.
const MAX_FRAME: f64 = 15.0;
/// How far a frame falls that a power cut took, in heights of the row.
const FALL: f64 = 0.45;

impl Stage<'_> {
    /// What the tape holds, in words.
    pub(super) fn log_facts(&self) -> String {
        let tape = self.scene.tape();
        let frames = || tape.iter().flat_map(|log| &log.view.frames);
        if self.scene.is_recovering() {
            let unread = |log: &TapeLog| {
                let read_to = log.read_to.unwrap_or(u64::MAX);
                log.view.frames.iter().filter(|frame| frame.offset >= read_to).count()
            };
            let unread: usize = tape.iter().map(unread).sum();
            return match frames().count() {
                0 => say!("empty"),
                all => say!("{read} of {all} read", read = all - unread, all = counted(all, "frame")),
            };
        }
        let lost = frames().filter(|frame| frame.lost || frame.torn).count();
        let volatile = frames().filter(|frame| !frame.synced && !frame.lost && !frame.torn).count();
        match (lost, volatile) {
            (0, 0) => {
                let whole = say!("disk, in order of time");
                let room = self.lanes.lane(LaneId::Wal).map_or(0.0, |lane| lane.name.w);
                let fits = measure::width(&whole, self.small_letters(), false) <= room;
                if fits { whole } else { say!("in order of time") }
            }
            (0, n) => say!("{frames} not durable", frames = counted(n, "frame")),
            (n, _) => say!("{frames} lost", frames = counted(n, "frame")),
        }
    }

    /// The tape: the newest frames that fit, and how far it is durable.
    pub(super) fn logs(&mut self) {
        let Some(row) = self.lanes.lane(LaneId::Wal).map(|lane| lane.rows[0]) else { return };
        let u = self.letters();
        let tape = self.scene.tape();
        let (start, end) = (row.x + 0.3 * u, row.right() - 0.6 * u);
        let frames: Vec<(&TapeLog, &FrameView, String, f64)> = tape
            .iter()
            .flat_map(|log| log.view.frames.iter().map(move |frame| (log, frame)))
            .map(|(log, frame)| {
                let said = measure::fit(&said(frame), self.mono_letters(), true, (MAX_FRAME - 1.0) * u);
                let width = measure::width(&said, self.mono_letters(), true) + u;
                (log, frame, said, width)
            })
            .collect();
        let gap = 0.2 * u;
        let (older, older_room) = (tape.iter().map(|log| log.view.hidden).sum::<usize>(), 4.5 * u);
        let total: f64 = frames.iter().map(|(.., width)| width + gap).sum();
        let fits = older == 0 && start + total <= end;
        // What does not fit is left out at the old end, and counted.
        let (mut first, mut x) = (0, start);
        if !fits {
            let (mut room, mut kept) = (end - start - older_room, frames.len());
            while kept > 0 && frames[kept - 1].3 + gap <= room {
                kept -= 1;
                room -= frames[kept].3 + gap;
            }
            (first, x) = (kept, start + older_room + room.max(0.0));
            let left_out =
                label(format!("+{}", older + first), self.small_letters()).tone(Tone::Quiet).anchor(Anchor::End);
            let area = Area::new(x - older_room, row.y, older_room - 0.5 * u, row.h);
            self.push(PartId::OlderFrames, area, Look::Label(left_out));
        }
        let (mut durable, height) = (x - gap / 2.0, (0.8 * row.h).min(2.1 * u));
        let top = row.y + (row.h - height) / 2.0;
        for (log, frame, said, width) in &frames[first..] {
            let area = Area::new(x, top, *width, height);
            let first = self.parts.len();
            self.frame(&log.view, frame, said, area);
            if log.read_to.is_some_and(|read_to| frame.offset >= read_to) {
                self.make_faint(first, UNREAD);
            }
            x += width + gap;
            if frame.synced {
                durable = x - gap / 2.0;
            }
        }
        self.snapshots(row, &frames[first..]);
        if tape.iter().any(|log| log.view.bytes > 0 || !log.view.frames.is_empty()) {
            let line = Look::line(Tone::Log, 3.0, LineEnd::Flag, 0.6 * u);
            self.push(PartId::Durable, Area::new(durable, row.y, 0.0, row.h), line);
            self.durable_name(row, x, end, durable >= x - gap);
        }
    }

    /// The live snapshots: a line each, behind the last frame that it sees.
    fn snapshots(&mut self, row: Area, frames: &[(&TapeLog, &FrameView, String, f64)]) {
        let u = self.letters();
        for (number, seq) in self.scene.snapshots() {
            let seen = frames.iter().rfind(|(_, frame, ..)| frame.first_seq <= *seq);
            let last = seen.map(|(log, frame, ..)| PartId::Frame(log.view.wal, frame.offset));
            let Some(area) = self.parts.iter().find(|part| Some(&part.id) == last.as_ref()).map(|part| part.area)
            else {
                continue;
            };
            let mark = Some((LineEnd::Caret, 0.6 * u));
            let look = Look::Line { tone: Tone::Ink, width: 1.5, dashed: true, mark };
            let x = area.right() + 0.1 * u;
            self.push(PartId::Snapshot(*number), Area::new(x, row.y - 0.2 * u, 0.0, row.h + 0.4 * u), look);
        }
    }

    /// What the mark on the tape means, behind the last frame: how far the log is durable, or that it is not yet.
    fn durable_name(&mut self, row: Area, x: f64, end: f64, is_all: bool) {
        if self.scene.is_recovering() || !self.scene.has_power() {
            return;
        }
        let said = if is_all { say!("durable") } else { say!("not durable yet") };
        let letters = self.small_letters();
        let width = measure::width(&said, letters, false);
        let x = x + 0.6 * self.letters();
        if x + width <= end {
            let look = Look::Label(label(said, letters).tone(Tone::Log));
            self.push(PartId::DurableName, Area::new(x, row.y, width, row.h), look);
        }
    }

    fn frame(&mut self, log: &WalView, frame: &FrameView, said: &str, area: Area) {
        let (u, letters) = (self.letters(), self.mono_letters());
        let look = |lost: bool, torn: bool, width: f64| {
            Look::Box(BoxLook {
                fill: Some(if lost { Tone::DeadGround } else { Tone::LogGround }),
                border: Some(if lost { Tone::Dead } else { Tone::Log }),
                dashed: !frame.synced && !torn,
                hatched: lost || (!frame.synced && !torn),
                torn,
                radius: 0.3 * u,
                words: (!torn && area.h >= 1.1 * u).then(|| {
                    label(measure::fit(said, letters, true, width - 0.7 * u), letters)
                        .mono()
                        .tone(if lost { Tone::Dead } else { Tone::Ink })
                        .struck(lost)
                }),
                ..BoxLook::default()
            })
        };
        let id = PartId::Frame(log.wal, frame.offset);
        let fallen = |area: Area, id: PartId| StagePart {
            turn: 4.0,
            alpha: 0.75,
            ..StagePart::new(id, Area { y: area.y + FALL * area.h, ..area }, look(true, false, area.w))
        };
        if frame.lost {
            self.parts.push(fallen(area, id));
        } else if frame.torn {
            let kept = (log.bytes - frame.offset) as f64 / frame.bytes.max(1) as f64;
            self.push(id, Area { w: area.w * kept, ..area }, look(false, true, area.w));
            if self.scene.is_recovering() {
                return;
            }
            let rest = Area { x: area.x + area.w * kept, w: area.w * (1.0 - kept), ..area };
            self.parts.push(fallen(rest, PartId::TornOff(log.wal, frame.offset)));
        } else {
            self.push(id, area, look(false, false, area.w));
        }
    }

    /// The file of the manifest.
    pub(super) fn manifest(&mut self) {
        let lane = self.lanes.lane(LaneId::Manifest);
        let Some((row, ((file, bytes), is_read))) = lane.map(|lane| lane.rows[0]).zip(self.scene.manifest_file())
        else {
            return;
        };
        let u = self.letters();
        let said = format!("{file} · {}", size(bytes));
        let (width, height) = (measure::width(&said, self.mono_letters(), true) + u, (0.8 * row.h).min(2.1 * u));
        let area = Area::new(row.x + 0.3 * u, row.y + (row.h - height) / 2.0, width, height);
        let look = Look::Box(BoxLook {
            fill: Some(Tone::LogGround),
            border: Some(Tone::Log),
            radius: 0.3 * u,
            words: (height >= 1.1 * u).then(|| label(said, self.mono_letters()).mono()),
            ..BoxLook::default()
        });
        let alpha = if is_read { 1.0 } else { UNREAD };
        self.parts.push(StagePart::new(PartId::Manifest(file.number), area, look).faint(alpha));
    }
}

/// What a frame says: its record, or how many it has.
fn said(frame: &FrameView) -> String {
    let record = |record: &WalRecord| match record.kind {
        EntryKind::Put => format!("{} put {}={}", record.seq, text(&record.key), text(&record.value)),
        EntryKind::Delete => format!("{} delete {}", record.seq, text(&record.key)),
    };
    match (&frame.records[..], frame.hidden_records) {
        ([one], 0) => record(one),
        (records, hidden) => {
            say!("{seq} batch of {count}", seq = frame.first_seq, count = records.len() + hidden)
        }
    }
}
