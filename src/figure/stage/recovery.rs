//! An open: what is on disk and not read yet, and the head that reads it.

use super::{
    super::part::{Area, Holder, LaneId, LineEnd, Look, PartId, Tone},
    Stage,
    pills::Spot,
};
use crate::{scene::on_disk::ReadHead, words::say};

/// How opaque that is which is on disk and not read yet.
pub(super) const UNREAD: f64 = 0.4;

impl Stage<'_> {
    /// Makes the parts from `first` on less opaque.
    pub(super) fn make_faint(&mut self, first: usize, alpha: f64) {
        for part in &mut self.parts[first..] {
            part.alpha *= alpha;
        }
    }

    /// Finished outputs of jobs that were never installed: files that nothing refers to.
    pub(super) fn orphans(&mut self) {
        let scene = self.scene;
        for orphan in scene.orphans() {
            let Some(row) = self.orphan_row(orphan) else { continue };
            let (holder, (smallest, largest)) = (Holder::Table(orphan.table), &orphan.bounds);
            let first = self.parts.len();
            self.rows.insert(holder, row);
            self.tray(holder, row, self.keys.span(smallest, largest), Tone::Dead, true);
            if let Some(entries) = scene.entries_of(orphan.table) {
                self.entries(holder, row, entries);
            }
            self.make_faint(first, UNREAD);
        }
    }

    /// Where an open reads: a line on the manifest or the tape, and behind its end what happens there.
    pub(super) fn read_head(&mut self) {
        let Some(head) = self.scene.read_head() else { return };
        let (lane, said, tone) = match head {
            ReadHead::Manifest(..) => (LaneId::Manifest, say!("reads the edits"), Tone::Now),
            ReadHead::Log(..) => (LaneId::Wal, say!("reads again"), Tone::Now),
            ReadHead::Stopped(..) => (LaneId::Wal, say!("torn: stops here"), Tone::Dead),
        };
        let is_read_from = |id: &PartId| match lane {
            LaneId::Manifest => matches!(id, PartId::Manifest(_)),
            _ => matches!(id, PartId::Frame(..)),
        };
        let boxes: Vec<(&PartId, Area)> =
            self.parts.iter().filter(|part| is_read_from(&part.id)).map(|part| (&part.id, part.area)).collect();
        let Some(end) = boxes.last().map(|(_, area)| *area) else { return };
        let x = match head {
            ReadHead::Manifest(applied, edits) => end.x + end.w * (applied as f64 / edits.max(1) as f64).min(1.0),
            ReadHead::Log(wal, to) | ReadHead::Stopped(wal, to) => {
                // The logs lie in the order of their numbers.
                let is_read = |(id, _): &&(&PartId, Area)| match id {
                    PartId::Frame(of, offset) => (*of, *offset) < (wal, to),
                    _ => false,
                };
                let read = boxes.iter().rfind(is_read).map(|(_, area)| area.right());
                read.unwrap_or_else(|| boxes.iter().find(|frame| !is_read(frame)).map_or(end.x, |(_, area)| area.x))
            }
        };
        let u = self.letters();
        let line = Look::line(tone, 3.0, LineEnd::Caret, 0.7 * u);
        let over = Area::new(x, end.y - 0.2 * u, 0.0, end.h + 0.4 * u);
        self.push(PartId::ReadHead(lane), over, line);
        let (from, to) = self.keys.ends();
        // Behind the end of the tape; where it is full, below the head.
        let behind =
            Spot { strip: Area { x: end.right().max(x) + 0.3 * u, w: to, ..end }, x, beside: 0.6 * u, ahead: 0.0 };
        let below = Area::new(from, end.bottom() + 0.2 * u, to - from, 1.35 * u);
        self.pill(
            PartId::ReadHeadName(lane),
            &[&said],
            tone,
            &[behind, Spot { strip: below, x, beside: 0.0, ahead: 0.0 }],
        );
    }
}
