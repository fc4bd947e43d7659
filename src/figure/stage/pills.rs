//! Where words on a pill stand: beside what they are about, and never over other words.
//!
//! In: the parts so far, and places that a pill may take, the best first. Out: the first one where no word lies. A pill
//! that finds none is left out: the sentence below the figure says it.

use super::{
    super::{
        label::{Anchor, label},
        measure,
        part::{Area, Look, PartId, StagePart, Tone},
    },
    Stage,
};

/// How far from its place a pill may stand, in letters.
const FAR: f64 = 12.0;
/// How far it keeps from other words, in letters.
const GAP: f64 = 0.2;
/// The height of a pill, in letters.
const HEIGHT: f64 = 1.35;
/// The least height, in heights of its letters.
const LEAST: f64 = 1.05;

/// A place for a pill.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// The row or strip that it stands in.
    pub strip: Area,
    /// What it is about.
    pub x: f64,
    /// How far it keeps from there on both sides.
    pub beside: f64,
    /// How much further to the right: what happens next passes there.
    pub ahead: f64,
}

fn overlap(a: Area, b: Area) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

/// What a pill must not cover: words, entries, and the bits of a filter.
fn taken(part: &StagePart) -> Option<Area> {
    match part.id {
        PartId::Entry(..) | PartId::FilterBit(_) => Some(part.area),
        _ => part.words_area(),
    }
}

impl Stage<'_> {
    /// Whether nothing that a pill must not cover lies there.
    pub(super) fn is_free(&self, area: Area) -> bool {
        !self.parts.iter().filter_map(taken).any(|taken| overlap(taken, area))
    }

    /// The left edge of the free place of this size nearest to a spot.
    fn nearest(&self, spot: Spot, width: f64, y: f64, height: f64) -> Option<f64> {
        let (from, to) = self.keys.ends();
        let (from, to) = (from.max(spot.strip.x), to.min(spot.strip.right()));
        let strip = Area::new(from, y, to - from, height);
        let mut edges: Vec<(f64, f64)> = self
            .parts
            .iter()
            .filter_map(taken)
            .filter(|taken| overlap(*taken, strip))
            .map(|taken| (taken.x - GAP * self.letters(), taken.right() + GAP * self.letters()))
            .chain((spot.beside > 0.0).then_some((spot.x - spot.beside, spot.x + spot.beside + spot.ahead)))
            .collect();
        edges.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut places = Vec::new();
        let mut free = from;
        for (left, right) in edges.into_iter().chain([(to, to)]) {
            if left - free >= width {
                places.push((spot.x - width / 2.0).clamp(free, left - width));
            }
            free = free.max(right);
        }
        let distance = |left: f64| (left + width / 2.0 - spot.x).abs() - width / 2.0 - spot.beside;
        let nearest = places.into_iter().min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        (distance(nearest) <= FAR * self.letters()).then_some(nearest)
    }

    /// Puts a pill with the first of `words` that has room at the first of `spots` where it has it, and tells where.
    pub(super) fn pill(&mut self, id: PartId, words: &[&str], tone: Tone, spots: &[Spot]) -> Option<Area> {
        let (u, letters) = (self.letters(), self.small_letters());
        for said in words {
            let width = measure::width(said, letters, false) + 0.9 * u;
            for spot in spots {
                let height = (HEIGHT * u).min(spot.strip.h);
                let y = spot.strip.y + (spot.strip.h - height) / 2.0;
                if height < LEAST * letters {
                    continue;
                }
                if let Some(left) = self.nearest(*spot, width, y, height) {
                    let area = Area::new(left, y, width, height);
                    let look = Look::pill(label(*said, letters).tone(tone).anchor(Anchor::Middle), tone, height);
                    self.push(id, area, look);
                    return Some(area);
                }
            }
        }
        None
    }
}
