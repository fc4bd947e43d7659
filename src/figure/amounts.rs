//! A tree of which only amounts are known: how much each level had at a moment, not which tables.
//!
//! In: [`LevelAmount`]s, as samples of a run have them. Out: a [`Figure`] at rest: in each lane a bar, which is full
//! where the level has the most that it ever had. Of a run, in the lanes of the tree that it has now, so that nothing
//! moves from one to the other; of a log, in lanes of its own.

use std::rc::Rc;

use super::{
    Figure, Picture, Told,
    label::{Anchor, label},
    lanes::{Lane, LaneLayout, LevelRows, Rows},
    measure,
    part::{Area, BoxLook, LaneId, Look, PartId, StagePart, Tone},
    stage::{Groups, amount_facts, lane_parts},
    tree_lanes,
};
use crate::{plural::counted, scene::Scene};

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
        in_lanes(scene, lanes, amounts)
    }

    /// What each level had, in lanes of a picture of this size: one for each level that ever had anything, and level 0.
    pub fn of_amounts_alone(amounts: &[LevelAmount], width: f64, height: f64) -> Figure {
        let is_used = |level: usize| level == 0 || amounts[level].share.is_some();
        let rows = |level| LevelRows { tables: usize::from(is_used(level)), has_output: false, is_empty: false };
        let rows = Rows {
            levels: (0..amounts.len()).map(rows).collect(),
            empty_from: amounts.len(),
            tree_only: true,
            bare: true,
            ..Rows::default()
        };
        in_lanes(Scene::new(&Rc::default()), LaneLayout::of(width, height, &rows), amounts)
    }
}

/// The bars in their lanes.
fn in_lanes(scene: Scene, lanes: LaneLayout, amounts: &[LevelAmount]) -> Figure {
    let mut parts = Vec::new();
    let none = LevelAmount { tables: 0, bytes: 0, share: None };
    let of = |level: usize| amounts.get(level).copied().unwrap_or(none);
    let held = |level| amount_facts(of(level).tables, of(level).bytes);
    for lane in &lanes.lanes {
        let LaneId::Level(level) = lane.id else { continue };
        parts.extend(lane_parts(&lanes, lane, &held(level)));
        parts.extend(bar(&lanes, lane, level, of(level)));
    }
    let deepest = lanes.lanes.iter().filter_map(|lane| match lane.id {
        LaneId::Level(level) => Some(level),
        _ => None,
    });
    let facts = (0..=deepest.max().unwrap_or(0)).map(held).collect();
    parts.sort_by(|a, b| a.id.cmp(&b.id));
    Figure::at_rest(parts, Told { scene, lanes, groups: Groups::new(), share: None, facts: Some(facts), event: None })
}

/// The bar of a level, with how many tables it stands for, and its percentage, where it has room for that; none where
/// the level has nothing.
fn bar(lanes: &LaneLayout, lane: &Lane, level: usize, amount: LevelAmount) -> Option<StagePart> {
    let share = amount.share.filter(|share| *share > 0.0)?;
    let u = lanes.letters;
    let Area { x, y, w, h } = lane.ground;
    let height = (0.7 * h).min(2.1 * u);
    let area = Area::new(x, y + (h - height) / 2.0, share * w, height);
    let percent = format!("{:.0} %", 100.0 * share);
    let full = format!("{} · {percent}", counted(amount.tables, "table"));
    let fits = |words: &String| measure::width(words, u, false) + 0.8 * u <= area.w;
    let words = [full, percent].into_iter().find(fits).map(|words| label(words, u).anchor(Anchor::Start));
    let look = BoxLook {
        fill: Some(Tone::TableGround),
        border: Some(Tone::Table),
        hatched: true,
        words: words.filter(|_| height >= 1.1 * u),
        ..BoxLook::default()
    };
    Some(StagePart::new(PartId::Group(level, 0), area, Look::Box(look)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_they_have_a_lane_for_each_level_that_ever_had_anything() {
        let amount = |tables, share| LevelAmount { tables, bytes: tables << 20, share };
        let mut amounts = vec![amount(0, None); 10];
        amounts[0] = amount(0, None);
        amounts[5] = amount(18, Some(0.9));
        amounts[9] = amount(0, Some(0.0));
        for (width, height) in [(480.0, 120.0), (720.0, 300.0), (390.0, 200.0)] {
            let figure = Figure::of_amounts_alone(&amounts, width, height);
            let lanes = figure.listing();
            let told: Vec<(&str, &str)> = lanes.iter().map(|lane| (&*lane.name, &*lane.facts)).collect();
            assert_eq!(told, [("Level 0", "empty"), ("Level 5", "18 tables · 18 MB"), ("Level 9", "empty")]);
            // No rule of a tree is told of one that is not known.
            assert!(lanes.iter().all(|lane| lane.reason.is_empty()), "{lanes:?}");
            assert!(lanes.iter().all(|lane| lane.area.bottom() <= height + 1e-6), "{width}x{height}: {lanes:?}");
        }
    }
}
