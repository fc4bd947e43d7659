//! Where a compaction has ended an output: the bar at the end of its tray, and the rule that put it there.

use super::{
    super::{
        label::{label, size},
        measure,
        part::{Area, Look, PartId, Tone},
    },
    Stage,
};
use crate::{
    policy::CutReason,
    scene::job::{JobOutput, SceneJob},
    words::say,
};

/// The width of the bar.
const BAR: f64 = 3.0;

impl Stage<'_> {
    /// The end of an output that is whole. The rule stands behind it, in front of the output `next`, in as many words
    /// as there is room for.
    pub(super) fn cut(&mut self, job: &SceneJob, output: &JobOutput<'_>, next: Option<&JobOutput<'_>>, row: Area) {
        let Some((cut, (smallest, largest))) = output.cut.zip(output.bounds) else { return };
        let (u, letters, end) = (self.letters(), self.small_letters(), self.keys.span(smallest, largest).1);
        if !self.keys.shows(end - BAR, end) {
            return;
        }
        let bar = Area::new(end - BAR / 2.0, row.y, 0.0, row.h);
        let look = Look::Line { tone: Tone::Ink, width: BAR, dashed: false, mark: None };
        self.push(PartId::Cut(output.table), bar, look);
        let begins = next.and_then(|next| next.bounds.map(|(first, _)| first).or(Some(&next.listed?.first()?.key)));
        let front = job.last_decision().filter(|_| !job.is_executed()).map(|last| self.keys.middle(&last.key));
        let edges = [begins.map(|first| self.keys.span(first, first).0), front.filter(|front| *front > end)];
        let right = edges.into_iter().flatten().fold(self.keys.ends().1, f64::min);
        let (left, room) = (end + 0.4 * u, right - end - 0.8 * u);
        let fitting = words(cut).into_iter().find(|said| measure::width(said, letters, false) <= room);
        let area = |words: &str| Area::new(left, row.y, measure::width(words, letters, false), row.h);
        if let Some((area, words)) = fitting.map(|words| (area(&words), words)).filter(|(area, _)| {
            // The level goes on behind what is written.
            row.h >= letters && self.is_free(*area)
        }) {
            self.push(PartId::CutName(output.table), area, Look::Label(label(words, letters)));
        }
    }
}

/// Which rule ended an output: a sentence with its numbers.
pub fn cut_sentence(cut: CutReason) -> String {
    match cut {
        CutReason::RoundRobinCursor => say!("It ends where the level's next round-robin compaction begins"),
        CutReason::TargetSize { size: has, limit } => {
            say!("It is full: its blocks have {has}, and {limit} are enough", has = size(has), limit = size(limit))
        }
        CutReason::MaxCompactionBytes { size: has, overlap, limit } => {
            let (has, overlap, limit) = (size(has), size(overlap), size(limit));
            say!(
                "Its blocks, {has}, and the tables below that it overlaps, {overlap}, are more than {limit}",
                has,
                overlap,
                limit
            )
        }
        CutReason::SkippedGrandparent { .. } => {
            say!("The merge has no key for the next table below, which is left out")
        }
        CutReason::GrandparentBoundary { size: has, limit, .. } => {
            let (has, limit) = (size(has), size(limit));
            say!(
                "A table below begins or ends here, and its blocks have {has}, which is enough from {limit} on",
                has,
                limit
            )
        }
        CutReason::LastInput => say!("The merge has no more entries"),
    }
}

/// Which rule ended an output: in a few words, and in fewer.
fn words(cut: CutReason) -> [String; 2] {
    match cut {
        CutReason::RoundRobinCursor => [say!("round-robin cursor"), say!("cursor")],
        CutReason::TargetSize { .. } => [say!("full"), say!("full")],
        CutReason::MaxCompactionBytes { .. } => [say!("too much overlap below"), say!("overlap")],
        CutReason::SkippedGrandparent { .. } => [say!("a table below is skipped"), say!("skip")],
        CutReason::GrandparentBoundary { .. } => [say!("at a boundary below"), say!("boundary")],
        CutReason::LastInput => [say!("end of input"), say!("end")],
    }
}
