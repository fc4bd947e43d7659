//! A tree of which only amounts are known: how much each level had at a moment, not which tables.
//!
//! In: [`LevelAmount`]s, as samples of a run have them. Out: a [`Figure`] at rest in the lanes of the tree that the run
//! has now, so that nothing moves from one to the other: in each lane a bar, which is full where the level has the most
//! that it ever had.

use super::{
    Figure, Picture, Told,
    label::{Anchor, label},
    lanes::{Lane, LaneLayout},
    part::{Area, BoxLook, LaneId, Look, PartId, StagePart, Tone},
    stage::{Groups, amount_facts, lane_parts},
    tree_lanes,
};
use crate::scene::Scene;

/// What a level had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelAmount {
    /// Its tables.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Of the most bytes that it ever had, from 0 to 1; none if it never had any.
    pub share: Option<f64>,
}

impl Figure {
    /// What each level had, in the lanes of `scene`.
    pub fn of_amounts(scene: Scene, amounts: &[LevelAmount], picture: &Picture) -> Figure {
        let lanes = tree_lanes(&scene, &Picture { levels: picture.levels.max(amounts.len()), ..*picture });
        let mut parts = Vec::new();
        let mut facts = Vec::new();
        for lane in &lanes.lanes {
            let LaneId::Level(level) = lane.id else { continue };
            let none = LevelAmount { tables: 0, bytes: 0, share: None };
            let amount = amounts.get(level).copied().unwrap_or(none);
            let held = amount_facts(amount.tables, amount.bytes);
            parts.extend(lane_parts(&lanes, lane, &held));
            parts.extend(bar(&lanes, lane, level, amount.share));
            facts.push(held);
        }
        parts.sort_by(|a, b| a.id.cmp(&b.id));
        Figure::at_rest(
            parts,
            Told { scene, lanes, groups: Groups::new(), share: None, facts: Some(facts), event: None },
        )
    }
}

/// The bar of a level, with its percentage where it has room for that; none where the level has nothing.
fn bar(lanes: &LaneLayout, lane: &Lane, level: usize, share: Option<f64>) -> Option<StagePart> {
    let share = share.filter(|share| *share > 0.0)?;
    let u = lanes.letters;
    let Area { x, y, w, h } = lane.ground;
    let height = (0.7 * h).min(2.1 * u);
    let area = Area::new(x, y + (h - height) / 2.0, share * w, height);
    let words = label(format!("{:.0} %", 100.0 * share), u).anchor(Anchor::Start);
    let look = BoxLook {
        fill: Some(Tone::TableGround),
        border: Some(Tone::Table),
        hatched: true,
        words: (height >= 1.1 * u && area.w >= 4.0 * u).then_some(words),
        ..BoxLook::default()
    };
    Some(StagePart::new(PartId::Group(level, 0), area, Look::Box(look)))
}
