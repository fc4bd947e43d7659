//! The fronts of running merges, and what they have just decided.

use super::{
    super::part::{Area, Holder, LaneId, LineEnd, Look, PartId, Tone},
    Stage, is_flush,
    pills::Spot,
};
use crate::{
    entry::EntryKind,
    policy::Action,
    scene::{job::SceneJob, view::EntryDecision},
    trace::{DropReason, KeepReason},
    words::say,
};

impl Stage<'_> {
    /// The fronts of running merges: a vertical line from their inputs to their outputs, at the key decided last.
    pub(super) fn fronts(&mut self) {
        let (scene, u) = (self.scene, self.letters());
        for job in scene.running().iter().filter(|job| !job.installed && !job.is_executed()) {
            let Some(last) = job.last_decision() else { continue };
            let x = self.keys.middle(&last.key);
            let inputs = job.memtables.iter().map(|id| Holder::Memtable(*id));
            let tables = job.compaction.iter().filter(|merge| merge.action == Action::Merge);
            let tables = tables.flat_map(|merge| merge.tables().map(|(_, table)| Holder::Table(table)));
            let outputs = job.outputs().map(|output| Holder::Table(output.table));
            let rows: Vec<Area> =
                inputs.chain(tables).chain(outputs).filter_map(|holder| self.rows.get(&holder).copied()).collect();
            let top = rows.iter().map(|row| row.y).fold(f64::INFINITY, f64::min);
            let bottom = rows.iter().map(Area::bottom).fold(0.0, f64::max);
            if bottom <= top || !self.keys.shows(x - 1.0, x + 1.0) {
                continue;
            }
            let line = Look::line(Tone::Now, 2.5, LineEnd::Arrow, 0.8 * u);
            let foot = bottom + 0.2 * u;
            self.push(PartId::Front(job.job), Area::new(x, top - 0.3 * u, 0.0, foot - top + 0.3 * u), line);
            self.front_name(job, last, x, (top - 0.3 * u, foot));
        }
    }

    /// What a merge has just decided: beside the front, above the row of what it writes or within it; else beyond its
    /// ends; else behind the command.
    fn front_name(&mut self, job: &SceneJob, decision: &EntryDecision, x: f64, (head, foot): (f64, f64)) {
        let (u, ends) = (self.letters(), self.keys.ends());
        let (verdict, short, tone) = self.verdict(job, decision);
        let of_job = |verdict: &str| match is_flush(job) {
            true => say!("flush: {verdict}", verdict),
            false => say!("merge: {verdict}", verdict),
        };
        // The next entry goes down in the next column, while these words are still there.
        let (beside, ahead) = (self.keys.entry_width() / 2.0 + 0.5 * u, self.keys.entry_width());
        let written = job.outputs().last().map(|output| (output.level, Holder::Table(output.table)));
        let row = written.and_then(|(_, holder)| self.rows.get(&holder)).copied();
        let lane = written.and_then(|(level, _)| self.lanes.lane(LaneId::Level(level)));
        let strip = |y: f64| Area::new(ends.0, y, ends.1 - ends.0, 1.4 * u);
        let rows = lane.into_iter().flat_map(|lane| lane.rows.iter().rev().copied());
        let above = rows.filter(|above| row.is_some_and(|row| above.y < row.y));
        // In the row itself only what is still to come has room.
        let behind = row.map(|row| Area { x, w: ends.1 - x, ..row });
        let between = is_flush(job).then_some(self.lanes.divider);
        let beyond = [strip(foot), strip(head - 1.4 * u), self.lanes.divider];
        // Between inputs and outputs, entries go down beside the front.
        let near: Vec<Spot> = (above.chain(behind).chain(between).map(|strip| Spot { strip, x, beside, ahead }))
            .chain(beyond.map(|strip| Spot { strip, x, beside: 0.0, ahead: 0.0 }))
            .collect();
        let (whole, in_one_word) = (of_job(&verdict), of_job(&short));
        if self.pill(PartId::FrontName(job.job), &[&whole, &in_one_word, &short], tone, &near).is_none() {
            let strip = self.lanes.command;
            let command = Spot { strip: Area { x: ends.0, w: ends.1 - ends.0, ..strip }, x, beside: 0.0, ahead: 0.0 };
            self.pill(PartId::FrontName(job.job), &[&whole, &short], tone, &[command]);
        }
    }

    /// What a merge decided, in a few words, and in one.
    fn verdict(&self, job: &SceneJob, decision: &EntryDecision) -> (String, String, Tone) {
        let EntryDecision { key, seq, .. } = decision;
        let kept = |words: String| (words, say!("kept"), Tone::Now);
        let dropped = |words: String| (words, say!("dropped"), Tone::Dead);
        match (decision.kept, decision.dropped) {
            (Some(KeepReason::Newest), _) if self.scene.reads_older(job, key, *seq) => kept(say!("newest goes down")),
            (Some(KeepReason::Newest), _) => kept(say!("goes down")),
            (Some(KeepReason::Snapshot), _) => kept(say!("kept for a snapshot")),
            (Some(KeepReason::TombstoneHides), _) => kept(say!("may hide older versions below")),
            (Some(KeepReason::TombstoneRetained), _) => kept(say!("kept until it is old enough")),
            (None, Some(DropReason::Shadowed)) => dropped(match decision.by {
                Some(by) => {
                    let is_delete = job.decision(key, by).is_some_and(|newer| newer.kind == EntryKind::Delete);
                    match is_delete {
                        true => say!("deleted by ·{by}: dropped", by),
                        false => say!("hidden by ·{by}: dropped", by),
                    }
                }
                None => say!("hidden: dropped"),
            }),
            (None, Some(DropReason::TombstoneDone)) => dropped(say!("no deeper level can have the key: dropped")),
            (None, None) => (String::new(), String::new(), Tone::Quiet),
        }
    }
}
