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
        let fitting = words(cut).into_iter().find(|words| measure::width(words, letters, false) <= room);
        let area = |words: &str| Area::new(left, row.y, measure::width(words, letters, false), row.h);
        if let Some((words, area)) = fitting.map(|words| (words, area(words))).filter(|(_, area)| {
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
        CutReason::RoundRobinCursor => "It ends where the level's next round-robin compaction begins".into(),
        CutReason::TargetSize { size: has, limit } => {
            format!("It is full: its blocks have {}, and {} are enough", size(has), size(limit))
        }
        CutReason::MaxCompactionBytes { size: has, overlap, limit } => {
            let (has, overlap, limit) = (size(has), size(overlap), size(limit));
            format!("Its blocks, {has}, and the tables below that it overlaps, {overlap}, are more than {limit}")
        }
        CutReason::SkippedGrandparent { .. } => {
            "The merge has no key for the next table below, which is left out".into()
        }
        CutReason::GrandparentBoundary { size: has, limit, .. } => {
            let (has, limit) = (size(has), size(limit));
            format!("A table below begins or ends here, and its blocks have {has}, which is enough from {limit} on")
        }
        CutReason::LastInput => "The merge has no more entries".into(),
    }
}

/// Which rule ended an output: in a few words, and in fewer.
fn words(cut: CutReason) -> [&'static str; 2] {
    match cut {
        CutReason::RoundRobinCursor => ["round-robin cursor", "cursor"],
        CutReason::TargetSize { .. } => ["full", "full"],
        CutReason::MaxCompactionBytes { .. } => ["too much overlap below", "overlap"],
        CutReason::SkippedGrandparent { .. } => ["a table below is skipped", "skip"],
        CutReason::GrandparentBoundary { .. } => ["at a boundary below", "boundary"],
        CutReason::LastInput => ["end of input", "end"],
    }
}
