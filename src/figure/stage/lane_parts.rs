//! The ground of a lane, with its name and what it holds.

use super::super::{
    label::{Anchor, label},
    lanes::{Lane, LaneLayout, MIN_LETTERS},
    measure,
    part::{Area, LaneId, Look, PartId, StagePart, Tone},
};
use crate::words::say;

/// The order of what a lane holds, in words.
fn order(lane: LaneId) -> String {
    match lane {
        LaneId::Memtable | LaneId::Immutables => say!("sorted by key"),
        LaneId::Level(0) => say!("newest on top"),
        LaneId::Level(_) => say!("one sorted run"),
        LaneId::Wal | LaneId::Manifest => String::new(),
    }
}

/// The height of letters of what is said beside: smaller, but never too small.
pub fn small_letters(lanes: &LaneLayout) -> f64 {
    (0.9 * lanes.letters).max(MIN_LETTERS)
}

fn name(lane: LaneId) -> String {
    match lane {
        LaneId::Wal => "WAL".into(),
        LaneId::Memtable => "Memtable".into(),
        LaneId::Immutables => say!("Immutable"),
        LaneId::Level(level) => format!("L{level}"),
        LaneId::Manifest => "Manifest".into(),
    }
}

/// The ground of a lane, its name, what it holds, and in which order where there is room to say it.
pub fn lane_parts(lanes: &LaneLayout, lane: &Lane, facts: &str) -> Vec<StagePart> {
    let u = lanes.letters;
    let ground = StagePart::new(PartId::Lane(lane.id), lane.ground, Look::tray(Some(Tone::Lane), None, 0.4 * u));
    let Area { x, y, w, h } = lane.name;
    let (name_area, facts_area, anchor) = match lanes.narrow {
        true => (Area::new(x, y, w, h), Area::new(x, y, w, h), Anchor::End),
        // Two lines where there is room; else side by side.
        false if h >= 2.2 * u => {
            let top = if h > 4.0 * u { y + 0.2 * u } else { y + (h - 2.3 * u) / 2.0 };
            (Area::new(x, top, w, 1.2 * u), Area::new(x, top + 1.15 * u, w, 1.15 * u), Anchor::Start)
        }
        false => (Area::new(x, y, w, h), Area::new(x, y, w, h), Anchor::End),
    };
    let name = name(lane.id);
    let beside = if anchor == Anchor::End { measure::width(&name, u, false) + 0.8 * u } else { 0.0 };
    let named = Look::Label(label(measure::fit(&name, u, false, w), u).bold());
    // All facts, or the last one alone, or none: a part of a word would say too little.
    let small = small_letters(lanes);
    let last = facts.rsplit(" · ").next().unwrap_or_default();
    let fits = |facts: &&str| measure::width(facts, small, false) <= w - beside;
    let shown = [facts, last].into_iter().find(fits).unwrap_or_default().to_owned();
    let used = beside + measure::width(&shown, small, false);
    let shown = Look::Label(label(shown, small).tone(Tone::Quiet).anchor(anchor));
    let mut parts = vec![
        ground,
        StagePart::new(PartId::LaneName(lane.id), name_area, named),
        StagePart::new(PartId::LaneFacts(lane.id), facts_area, shown),
    ];
    // In a third line, or between the other two.
    let order = order(lane.id);
    let (area, has_room) = match anchor {
        Anchor::Start => {
            let area = Area { y: facts_area.y + 1.15 * u, ..facts_area };
            (area, area.bottom() <= y + h)
        }
        _ => {
            let area = Area { x: x + beside, w: w - beside, ..facts_area };
            (area, used + measure::width(&order, small, false) + u <= w)
        }
    };
    if has_room && !order.is_empty() {
        let look = Look::Label(label(order, small).tone(Tone::Quiet));
        parts.push(StagePart::new(PartId::LaneOrder(lane.id), area, look));
    }
    parts
}
