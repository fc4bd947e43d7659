//! The figure: the stage as a picture that explains itself.
//!
//! In: what has just happened before and after an event ([`Moment`]), how far the event has come, the key axis, the
//! picture that is wanted ([`Picture`]). Out: the [`StagePart`]s of the picture, and from them [`DrawnShape`]s; [`svg`]
//! makes a document of these. A pure function: it reads neither a clock nor a page, so the page's stage, an embed, a
//! frame of a film and a picture of the command line are the same call with another size.
//!
//! ```text
//! Scene ─▶ Rows ─▶ LaneLayout ─┐
//!    └─────── KeyAxis ─────────┴─▶ Stage: parts at rest ─┐
//!                                    (before, after)     ├─▶ between: parts at a moment ─▶ shapes ─▶ SVG, page
//! Event ─────────────────────────▶ Motion ───────────────┘
//! ```
//!
//! # The grammar
//!
//! One key axis for all that is sorted: memtables and levels ([`key_scale`]). The logs and the manifest lie in order of
//! time. An entry is a chip while there is room, else a tick, else density; a table is a tray that holds them, never
//! wider than its keys. A write falls from the command onto the tape and from there into the memtable. A merge is a
//! front that goes from the smallest key to the largest: at each key the newest version goes down and what it hides is
//! struck and falls ([`motion`] lists all events). Inputs are ghosts behind the front until the install. A get is a
//! plumb line, a scan a band.
//!
//! # What is true
//!
//! Everything is drawn from the [`Scene`], which is a fold over events. A table whose entries were not reported (a
//! database that was there before the first event, less than full detail) is a tray with its numbers: no entry is
//! invented. `tests/figure.rs` compares what is painted with the scene, for random histories and sizes.

use crate::{scene::Scene, timeline::Timeline, trace::Event};

pub mod amounts;
pub mod between;
pub mod buffer;
pub mod caption;
pub mod film;
pub mod key_scale;
pub mod label;
pub mod lanes;
pub mod listing;
pub mod measure;
pub mod motion;
pub mod pace;
pub mod part;
pub mod shape;
mod stage;
pub mod svg;
pub mod theme;

use key_scale::{Places, Window};
use lanes::LaneLayout;
use motion::Motion;
use part::{Area, PartId, StagePart};
use shape::DrawnShape;
use stage::{Groups, Stage};

/// The picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The part of the key axis that is looked at.
    pub window: Window,
    /// The levels that are drawn even when they are empty, beside those that are known.
    pub levels: usize,
    /// Whether there is nothing but a tree: no logs and no memtables are known of, and none are drawn.
    pub tree_only: bool,
    /// How much of the timeline its keys and levels are taken from.
    pub known: Known,
}

/// How much of a timeline a picture's keys and levels are taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// All of it: nothing moves while one steps through events that are already there.
    #[default]
    Whole,
    /// What has happened up to the moment that is drawn: nothing that is ahead shows. The key axis grows with the event
    /// that brings a new key.
    Past,
}

/// A scene, and the event that led to it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The scene.
    pub scene: &'a Scene,
    /// The event; none at the beginning.
    pub event: Option<&'a Event>,
    /// Where keys are.
    pub keys: Places<'a>,
    /// The levels that are drawn even when they are empty.
    pub levels: usize,
}

/// What is told of a figure, beside its parts.
#[derive(Clone, Debug)]
struct Told {
    /// After the event.
    scene: Scene,
    lanes: LaneLayout,
    groups: Groups,
    /// Where keys lie that have no cell of their own.
    share: Option<fn(&[u8]) -> f64>,
    /// What each level holds, where the scene does not say it.
    facts: Option<Vec<String>>,
    /// The event, where parts that come with it are told by it: the bits of a filter.
    event: Option<Event>,
}

/// The two ends of one event, laid out: what does not change while it plays.
#[derive(Clone, Debug)]
pub struct Figure {
    before: Vec<StagePart>,
    after: Vec<StagePart>,
    motion: Motion,
    told: Told,
}

impl Figure {
    /// From `before` to `after`, which is one event later.
    pub fn new(before: Moment<'_>, after: Moment<'_>, picture: &Picture) -> Figure {
        let still = |moment: Moment<'_>| {
            let rows = stage::rows(moment.scene, &Picture { levels: moment.levels, ..*picture });
            let lanes = LaneLayout::of(picture.width, picture.height, &rows);
            let (parts, groups) = Stage::still(moment, &lanes, picture.window);
            (parts, groups, lanes)
        };
        let ((before, ..), (parts, groups, lanes)) = (still(before), still(after));
        let motion = after.event.map_or(Motion::Slide, motion::of);
        let event = after.event.filter(|event| matches!(event, Event::FilterProbed { .. })).cloned();
        let told = Told { scene: after.scene.clone(), lanes, groups, share: None, facts: None, event };
        Figure { before, after: parts, motion, told }
    }

    /// A tree at rest whose keys lie where `share` says, as shares of the key space from 0 to 1.
    pub fn of_tree(scene: Scene, share: fn(&[u8]) -> f64, picture: &Picture) -> Figure {
        let lanes = tree_lanes(&scene, picture);
        let moment = Moment { scene: &scene, event: None, keys: Places::Shares(share), levels: picture.levels };
        let (parts, groups) = Stage::still(moment, &lanes, picture.window);
        Figure::at_rest(parts, Told { scene, lanes, groups, share: Some(share), facts: None, event: None })
    }

    fn at_rest(parts: Vec<StagePart>, told: Told) -> Figure {
        Figure { before: parts.clone(), after: parts, motion: Motion::Slide, told }
    }

    /// The event that leads to `position` of a timeline, or to the nearest one that is recorded.
    pub fn at(timeline: &mut Timeline, position: usize, picture: &Picture) -> Figure {
        let position = position.clamp(timeline.start(), timeline.len());
        let earlier = position.saturating_sub(1).max(timeline.start());
        let sought = timeline.position();
        let before = timeline.seek(earlier).clone();
        timeline.turn_to(position);
        let event = |position: usize| position.checked_sub(1).and_then(|at| timeline.event(at)).map(|row| row.event);
        let known = |position: usize| match picture.known {
            Known::Whole => timeline.len(),
            Known::Past => position,
        };
        let axes = [earlier, position].map(|position| timeline.axis().known_at(known(position)));
        let levels = |position: usize| timeline.levels_until(known(position)).max(picture.levels);
        let figure = Figure::new(
            Moment { scene: &before, event: event(earlier), keys: Places::Keys(&axes[0]), levels: levels(earlier) },
            Moment {
                scene: timeline.scene(),
                event: event(position).filter(|_| earlier < position),
                keys: Places::Keys(&axes[1]),
                levels: levels(position),
            },
            picture,
        );
        // What others ask of the timeline is answered for the position that they sought.
        timeline.seek(sought);
        figure
    }

    /// The parts when the event has come this far: 0 before it, 1 after it.
    pub fn parts(&self, progress: f64) -> Vec<StagePart> {
        between::moment(&self.before, &self.after, &self.motion, progress.clamp(0.0, 1.0))
    }

    /// The shapes of these parts.
    pub fn shapes(&self, progress: f64) -> Vec<DrawnShape> {
        shape::shapes(&self.parts(progress))
    }

    /// The part at a point of the picture after the event, the uppermost first; the ground of a lane is none.
    pub fn part_at(&self, x: f64, y: f64) -> Option<&PartId> {
        let is_there = |part: &&StagePart| {
            let Area { x: left, y: top, .. } = part.area;
            (left..=part.area.right()).contains(&x) && (top..=part.area.bottom()).contains(&y)
        };
        let is_ground = |id: &PartId| {
            matches!(id, PartId::Lane(_) | PartId::LaneName(_) | PartId::LaneFacts(_) | PartId::LaneOrder(_))
        };
        self.after.iter().rev().filter(is_there).map(|part| &part.id).find(|id| !is_ground(id))
    }
}

/// The lanes of a tree of which no job is known to write anything: nothing keeps a row for outputs.
fn tree_lanes(scene: &Scene, picture: &Picture) -> LaneLayout {
    let picture = Picture { tree_only: true, ..*picture };
    let mut rows = stage::rows(scene, &picture);
    rows.levels.iter_mut().for_each(|level| level.has_output = false);
    LaneLayout::of(picture.width, picture.height, &rows)
}
