//! The parts of a scene at rest.
//!
//! In: a [`Scene`], the key axis, the size of the picture. Out: its [`StagePart`]s, in the order of their identities.
//! What moves between two scenes is the matter of [`motion`](super::motion).

use std::collections::BTreeMap;

use super::{
    Moment, Picture,
    key_scale::{Grain, KeyLabel, KeyScale, Window},
    label::{Anchor, label, size},
    lanes::{Lane, LaneLayout, LevelRows, MIN_LETTERS, Rows},
    measure,
    part::{Area, Holder, LaneId, Look, PartId, StagePart, Tone},
};
use crate::{
    entry::{Bytes, text},
    options::Options,
    plural::counted,
    policy::{Action, LevelScore, policy_for},
    scene::{
        Scene, contents::ListedEntry, job::SceneJob, memtable::SceneMemtable, on_disk::ReadHead, view::TableState,
    },
    trace::Event,
    version::TableId,
    words::say,
};

mod cuts;
mod fronts;
mod groups;
mod holders;
mod lane_parts;
mod levels;
mod logs;
mod pills;
mod reads;
mod recovery;
mod tray_names;
mod tree_rows;

pub use cuts::cut_sentence;
pub use holders::is_kept;
pub use lane_parts::lane_parts;
pub use levels::amount_facts;
use tree_rows::TreeRows;

/// The most rows that level 0 keeps for tables to come.
const MAX_RESERVED: usize = 4;
/// The most rows that are kept for sealed memtables to come.
const MAX_RESERVED_IMMUTABLES: usize = 2;

/// What a group of narrow tables stands for.
#[derive(Clone, Debug)]
pub struct Group {
    /// How many they are.
    pub tables: usize,
    /// The first key of the first of them.
    pub smallest: Bytes,
    /// Whether they are in the tree: those that a job has written are not before it is installed.
    pub is_in_tree: bool,
}

/// Groups by their level and their first table.
pub type Groups = BTreeMap<(usize, TableId), Group>;

/// Why a memtable that has entries shows none.
pub fn not_listed() -> String {
    say!("Not listed: a long run records flushes and compactions only")
}

/// What the parts of one scene are made from.
pub struct Stage<'a> {
    pub(super) scene: &'a Scene,
    /// What has just happened.
    event: Option<&'a Event>,
    pub(super) keys: KeyScale<'a>,
    pub(super) lanes: &'a LaneLayout,
    parts: Vec<StagePart>,
    groups: Groups,
    /// The row of every memtable and table that is drawn alone.
    rows: BTreeMap<Holder, Area>,
    /// Which rows of the levels those of the tree have.
    tree: TreeRows,
    /// What running jobs make of tables.
    states: BTreeMap<TableId, TableState>,
    /// Of each level, as the policy sees it now.
    scores: Vec<LevelScore>,
}

/// The rows that a scene needs in a picture.
pub fn rows(scene: &Scene, picture: &Picture) -> Rows {
    let options = scene.options();
    let outputs = outputs(scene);
    let used = scene.drawn_levels().max(outputs.last().map_or(0, |level| level + 1)).max(2);
    let TreeRows { others, merged, .. } = TreeRows::of(scene, true);
    let row = |level: usize| {
        let is_used = outputs.contains(&level) || scene.has_drawn_tables(level);
        match level {
            0 => {
                // What merges write has a row of its own there always where a policy writes there.
                let has_output = merged > 0 || policy_for(options).about().leaves_runs_on_level_0;
                let tables = others + merged.saturating_sub(1);
                LevelRows { tables: tables.max(reserved(options)), has_output, is_empty: false }
            }
            // Level 1 is the first that anything is merged into.
            _ => LevelRows { tables: 1, has_output: level == 1 || is_used, is_empty: !is_used },
        }
    };
    let waiting = (options.max_write_buffer_number as usize).saturating_sub(1).clamp(1, MAX_RESERVED_IMMUTABLES);
    Rows {
        immutables: scene.sealed().len().max(waiting),
        levels: (0..picture.levels.max(used)).map(row).collect(),
        empty_from: used,
        tree_only: picture.tree_only,
        bare: false,
        manifest: !picture.tree_only || scene.manifest_file().is_some(),
    }
}

/// The rows that level 0 always has: as many as start a compaction.
fn reserved(options: &Options) -> usize {
    (options.level0_file_num_compaction_trigger as usize).clamp(1, MAX_RESERVED)
}

fn is_flush(job: &SceneJob) -> bool {
    job.compaction.is_none()
}

/// The levels that running merges write, and those that have what a power cut left of one.
fn outputs(scene: &Scene) -> Vec<usize> {
    let merges = scene.running().iter().filter_map(|job| job.compaction.as_ref());
    let merges = merges.filter(|merge| merge.action == Action::Merge).map(|merge| merge.output_level);
    let orphans = scene.orphans().iter().map(|orphan| orphan.level);
    let mut levels: Vec<usize> = merges.chain(orphans).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

impl<'a> Stage<'a> {
    /// The parts of a moment in `lanes`, and how many tables those stand for that are groups.
    pub fn still(moment: Moment<'a>, lanes: &'a LaneLayout, window: Window) -> (Vec<StagePart>, Groups) {
        let (scene, lane) = (moment.scene, lanes.lanes[0].ground);
        let keys = KeyScale::new(moment.keys, window, lane, lanes.letters);
        let (states, scores) = (scene.states(), scene.scores());
        let (parts, rows, groups) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let (event, tree) = (moment.event, TreeRows::of(scene, lanes.outputs.contains(&0)));
        let mut stage = Stage { scene, event, keys, lanes, parts, groups, rows, tree, states, scores };
        for lane in &lanes.lanes {
            stage.lane(lane);
        }
        if lanes.lane(LaneId::Memtable).is_some() {
            stage.divider();
        }
        stage.command();
        stage.axis();
        stage.logs();
        stage.manifest();
        stage.memtables();
        stage.tree();
        stage.fronts();
        stage.read();
        stage.read_head();
        stage.parts.sort_by(|a, b| a.id.cmp(&b.id));
        (stage.parts, stage.groups)
    }

    pub(super) fn letters(&self) -> f64 {
        self.lanes.letters
    }

    /// The height of letters of what is said beside: smaller, but never too small.
    pub(super) fn small_letters(&self) -> f64 {
        lane_parts::small_letters(self.lanes)
    }

    /// The height of monospaced letters: keys and records.
    pub(super) fn mono_letters(&self) -> f64 {
        (0.95 * self.letters()).max(MIN_LETTERS)
    }

    fn push(&mut self, id: PartId, area: Area, look: Look) {
        self.parts.push(StagePart::new(id, area, look));
    }

    /// The ground of a lane, its name and what it holds.
    fn lane(&mut self, lane: &Lane) {
        let facts = self.facts(lane.id);
        self.parts.extend(lane_parts(self.lanes, lane, &facts));
    }

    /// The line between memory and disk, and what is on its sides.
    fn divider(&mut self) {
        let (u, letters, area) = (self.letters(), self.small_letters(), self.lanes.divider);
        let (texts, tone) = match self.scene.has_power() {
            true => {
                let whole = say!("memtables above: in memory, lost without power · tables below: on disk");
                let short = say!("memtables: in memory · tables: on disk");
                ([whole, short, say!("above: in memory · below: on disk")], Tone::Quiet)
            }
            false => {
                let whole = say!("the power is off: what was in memory is gone");
                ([whole, say!("power off: memory is gone"), say!("the power is off")], Tone::Dead)
            }
        };
        let fitting = texts.into_iter().find(|text| measure::width(text, letters, false) <= 0.9 * area.w);
        let width = fitting.as_ref().map_or(0.0, |text| measure::width(text, letters, false) + 0.6 * u);
        if let Some(text) = fitting {
            let look = Look::Label(label(text, letters).tone(tone));
            self.push(PartId::DividerName, Area { w: width, ..area }, look);
        }
        let line = Area::new(area.x + width, area.y + area.h / 2.0, area.w - width, 0.0);
        self.push(PartId::Divider, line, Look::Line { tone: Tone::Line, width: 1.0, dashed: true, mark: None });
    }

    fn facts(&self, lane: LaneId) -> String {
        let options = self.scene.options();
        match lane {
            LaneId::Wal => self.log_facts(),
            LaneId::Memtable | LaneId::Immutables if !self.scene.has_power() => say!("lost: the power is off"),
            LaneId::Memtable => {
                let (active, limit) = (self.scene.active(), options.write_buffer_entries);
                match limit {
                    0 => {
                        let (held, limit) = (size(active.bytes), size(options.write_buffer_size));
                        say!("{part} of {whole}", part = held, whole = limit)
                    }
                    limit => say!("{held} of {limit} entries", held = active.len(), limit),
                }
            }
            LaneId::Immutables => match self.scene.sealed().len() {
                0 => say!("none waits"),
                n => say!("{memtables} waiting", memtables = counted(n, "memtable")),
            },
            LaneId::Level(level) => self.level_facts(level),
            LaneId::Manifest => match self.scene.read_head() {
                Some(ReadHead::Manifest(applied, edits)) => {
                    say!("{read} of {all} read", read = applied, all = counted(edits, "edit"))
                }
                _ => say!("in order of time"),
            },
        }
    }

    /// The live snapshots at the right end of the command's line, the newest last: where they begin.
    fn snapshot_names(&mut self) -> f64 {
        let (u, letters, area) = (self.letters(), self.small_letters(), self.lanes.command);
        let (mut right, height) = (area.right(), 1.35 * u);
        let snapshots = self.scene.snapshots();
        for (nth, (number, seq)) in snapshots.iter().rev().enumerate() {
            let is_crowded = area.right() - right > 0.25 * area.w;
            let (id, said) = match is_crowded {
                true => (0, format!("+{}", snapshots.len() - nth)),
                false => (*number, say!("snapshot at {seq}", seq)),
            };
            let width = measure::width(&said, letters, false) + 0.9 * u;
            let look = Look::pill(label(said, letters).anchor(Anchor::Middle), Tone::Quiet, height);
            let place = Area::new(right - width, area.y + (area.h - height) / 2.0, width, height);
            self.push(PartId::SnapshotName(id), place, look);
            right -= width + 0.4 * u;
            if is_crowded {
                break;
            }
        }
        right
    }

    /// The command that runs, and its answer.
    fn command(&mut self) {
        let right = self.snapshot_names();
        let Some(operation) = self.scene.running_operation() else { return };
        let (u, area) = (self.letters(), self.lanes.command);
        let size = 1.1 * u;
        let command = measure::fit(&format!("› {}", operation.command), size, true, area.w * 0.6);
        let width = measure::width(&command, size, true);
        let answer = operation.result.as_deref().filter(|_| operation.ok.is_some());
        let answer = answer.map(|result| result.lines().next().unwrap_or_default()).filter(|line| !line.is_empty());
        let room = right - area.x - width - 1.5 * u;
        let answer = answer.map(|line| measure::fit(&format!("→ {line}"), size, true, room));
        let failed = operation.ok == Some(false);
        self.push(PartId::Command, Area { w: width, ..area }, Look::Label(label(command, size).mono()));
        if let Some(answer) = answer {
            let area = Area { x: area.x + width + 1.5 * u, w: measure::width(&answer, size, true), ..area };
            let tone = if failed { Tone::Dead } else { Tone::Quiet };
            self.push(PartId::Answer, area, Look::Label(label(answer, size).mono().tone(tone)));
        }
    }

    /// The names of keys below the lanes.
    fn axis(&mut self) {
        let (u, letters, area) = (self.letters(), self.mono_letters(), self.lanes.keys);
        let name = |key: &[u8]| measure::fit(&text(key), letters, true, (12.0 * u).min(0.3 * area.w));
        let names = self.keys.names(name, |name| measure::width(name, letters, true));
        let right = area.right() + 0.4 * u;
        let mut placed: Vec<(Area, KeyLabel)> = Vec::new();
        let mut names = names.into_iter().peekable();
        while let Some(name) = names.next() {
            let w = measure::width(&name.shown, letters, true);
            let left = (name.x - w / 2.0).clamp(area.x, (right - w).max(area.x));
            let touches = |(before, _): &(Area, KeyLabel)| before.right() + 0.5 * u > left;
            // Those at the ends are moved inwards, and may come to lie on their neighbours; the last stays.
            if placed.last().is_some_and(touches) {
                if names.peek().is_some() {
                    continue;
                }
                while placed.len() > 1 && placed.last().is_some_and(touches) {
                    placed.pop();
                }
            }
            placed.push((Area::new(left, area.y, w, area.h), name));
        }
        for (area, KeyLabel { key, shown, .. }) in placed {
            let shown = label(shown, letters).mono().tone(Tone::Quiet).anchor(Anchor::Middle);
            self.push(PartId::KeyName(key), area, Look::Label(shown));
        }
        if !self.lanes.narrow {
            let title = Area::new(self.lanes.command.x, area.y, 9.0 * u, area.h);
            let look = Look::Label(label(say!("keys →"), self.small_letters()).tone(Tone::Quiet));
            self.push(PartId::AxisName, title, look);
        }
    }

    /// The memtables: rows, trays of the sealed ones, entries.
    fn memtables(&mut self) {
        let scene = self.scene;
        if let Some(lane) = self.lanes.lane(LaneId::Memtable) {
            let holder = Holder::Memtable(scene.active().id);
            self.rows.insert(holder, lane.rows[0]);
            if scene.active().entries().next().is_none() && scene.active().len() > 0 {
                let (area, letters) = (lane.rows[0], self.small_letters());
                let words = measure::fit(&not_listed(), letters, false, area.w);
                let look = Look::Label(label(words, letters).tone(Tone::Quiet).anchor(Anchor::Middle));
                self.push(PartId::Density(holder), area, look);
            }
            self.memtable_entries(scene.active(), lane.rows[0]);
        }
        let Some(lane) = self.lanes.lane(LaneId::Immutables) else { return };
        // The newest on top, the oldest at the bottom.
        for (memtable, row) in scene.sealed().iter().zip(lane.rows.iter().rev()) {
            let holder = Holder::Memtable(memtable.id);
            self.rows.insert(holder, *row);
            if let (Some(first), Some(last)) = (memtable.entries().next(), memtable.entries().last()) {
                let span = self.keys.span(&first.key, &last.key);
                let is_read = scene.running().iter().any(|job| job.memtables.contains(&memtable.id));
                self.tray(holder, *row, span, if is_read { Tone::Now } else { Tone::Line }, false);
            }
            self.memtable_entries(memtable, *row);
        }
    }

    /// The entries of a memtable. They are copied only where each is drawn: there are few then.
    fn memtable_entries(&mut self, memtable: &SceneMemtable, row: Area) {
        let holder = Holder::Memtable(memtable.id);
        match self.keys.grain() {
            Grain::Density => {
                self.density(holder, row, &memtable.entries().map(|record| &record.key).collect::<Vec<_>>())
            }
            _ => self.entries(holder, row, &memtable.entries().map(ListedEntry::of).collect::<Vec<_>>()),
        }
    }
}
