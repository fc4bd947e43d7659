//! The few kinds of shapes that a picture consists of.
//!
//! In: [`StagePart`]s. Out: [`DrawnShape`]s, in the order of drawing: what a writer makes SVG of, and what the page
//! draws.

use super::{
    label::{Anchor, Label},
    part::{Area, BoxLook, LineEnd, Look, PartId, StagePart, Tone},
};

/// The distance of two lines of a hatch.
const HATCH: f64 = 6.0;

/// A shape. Coordinates are units of the picture.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawnShape {
    /// The shapes up to the matching [`End`](DrawnShape::End) belong to one part.
    Group {
        /// Which.
        id: PartId,
        /// How opaque it is.
        alpha: f64,
        /// By how many degrees it is turned about the middle of its area.
        turn: f64,
        /// Its area.
        area: Area,
    },
    /// The end of a group.
    End,
    /// A rectangle.
    Rectangle {
        /// Where.
        area: Area,
        /// How round its corners are.
        radius: f64,
        /// Its ground.
        fill: Option<Tone>,
        /// Its border, 1.5 wide.
        border: Option<Tone>,
        /// Whether the border is dashed.
        dashed: bool,
    },
    /// A straight line.
    Line {
        /// From here.
        from: (f64, f64),
        /// To here.
        to: (f64, f64),
        /// Its colour.
        tone: Tone,
        /// Its width.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A closed line through these points.
    Path {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Its ground.
        fill: Option<Tone>,
        /// Its border, 1.5 wide.
        border: Option<Tone>,
    },
    /// A text: its baseline begins, has its middle, or ends at `at`.
    Text {
        /// Where.
        at: (f64, f64),
        /// What, and how.
        words: Label,
    },
}

/// The shapes of these parts, in their order.
pub fn shapes(parts: &[StagePart]) -> Vec<DrawnShape> {
    let mut shapes = Vec::with_capacity(parts.len() * 4);
    for part in parts.iter().filter(|part| part.alpha > 0.0) {
        let StagePart { id, area, alpha, turn, look } = part;
        shapes.push(DrawnShape::Group { id: id.clone(), alpha: *alpha, turn: *turn, area: *area });
        draw(look, *area, &mut shapes);
        shapes.push(DrawnShape::End);
    }
    shapes
}

fn draw(look: &Look, area: Area, shapes: &mut Vec<DrawnShape>) {
    match look {
        Look::Box(BoxLook { fill, border, dashed, hatched, torn, radius, words, corner }) => {
            match torn {
                true => shapes.push(DrawnShape::Path { points: torn_edge(area), fill: *fill, border: *border }),
                false => {
                    let (fill, border, dashed) = (*fill, *border, *dashed);
                    shapes.push(DrawnShape::Rectangle { area, radius: *radius, fill, border, dashed });
                }
            }
            if let (true, Some(tone)) = (*hatched, border) {
                hatch(area, *tone, shapes);
            }
            let Area { x, y, w, h } = area;
            if let Some(words) = corner {
                let top = Area::new(x, y, w - 0.3 * words.size, (1.5 * words.size).min(h));
                text(words, top, shapes);
            }
            if let Some(words) = words {
                let inset = if words.anchor == Anchor::Middle { 0.0 } else { 0.3 * words.size };
                text(words, Area::new(x + inset, y, w - 2.0 * inset, h), shapes);
            }
        }
        Look::Line { tone, width, dashed, mark } => {
            let (from, to) = ((area.x, area.y), (area.right(), area.bottom()));
            shapes.push(DrawnShape::Line { from, to, tone: *tone, width: *width, dashed: *dashed });
            if let Some((mark, size)) = mark {
                let points = mark_points(*mark, *size, from, to);
                shapes.push(DrawnShape::Path { points, fill: Some(*tone), border: Some(*tone) });
            }
        }
        Look::Label(words) => text(words, area, shapes),
        Look::Bars { tone, bars } => {
            for (left, width, height) in bars {
                let height = height * area.h;
                let bar = Area::new(area.x + left * area.w, area.bottom() - height, width * area.w, height);
                let (fill, border) = (Some(*tone), None);
                shapes.push(DrawnShape::Rectangle { area: bar, radius: 0.0, fill, border, dashed: false });
            }
        }
    }
}

fn text(words: &Label, area: Area, shapes: &mut Vec<DrawnShape>) {
    if words.text.is_empty() {
        return;
    }
    let x = match words.anchor {
        Anchor::Start => area.x,
        Anchor::Middle => area.x + area.w / 2.0,
        Anchor::End => area.right(),
    };
    // Capital letters are about 0.72 of the size high: their middle is that of the area.
    shapes.push(DrawnShape::Text { at: (x, area.y + area.h / 2.0 + 0.36 * words.size), words: words.clone() });
}

/// The outline of a mark at an end of a line from above.
fn mark_points(mark: LineEnd, size: f64, (x, top): (f64, f64), (_, bottom): (f64, f64)) -> Vec<(f64, f64)> {
    match mark {
        LineEnd::Arrow => vec![(x - 0.5 * size, bottom - size), (x + 0.5 * size, bottom - size), (x, bottom)],
        LineEnd::Bob => {
            vec![(x, bottom - 0.8 * size), (x + 0.6 * size, bottom), (x, bottom + 0.8 * size), (x - 0.6 * size, bottom)]
        }
        LineEnd::Caret => {
            vec![(x - 0.5 * size, top - 0.3 * size), (x + 0.5 * size, top - 0.3 * size), (x, top + 0.6 * size)]
        }
        LineEnd::Flag => vec![(x, top), (x - size, top + 0.35 * size), (x, top + 0.7 * size)],
    }
}

/// Slanting lines within the area.
fn hatch(area: Area, tone: Tone, shapes: &mut Vec<DrawnShape>) {
    let Area { x, y, w, h } = area;
    let mut offset = HATCH;
    while offset < w + h {
        // From the upper or right edge down to the left or lower one.
        let from = (x + offset.min(w), y + (offset - w).max(0.0));
        let to = (x + (offset - h).max(0.0), y + offset.min(h));
        shapes.push(DrawnShape::Line { from, to, tone, width: 0.6, dashed: false });
        offset += HATCH;
    }
}

/// A rectangle whose right edge is torn.
fn torn_edge(area: Area) -> Vec<(f64, f64)> {
    let (right, teeth) = (area.right(), 5);
    let tooth = |n: usize| {
        let out = if n.is_multiple_of(2) { 0.0 } else { -0.15 * area.h };
        (right + out, area.y + area.h * n as f64 / f64::from(teeth as u32))
    };
    let mut points = vec![(area.x, area.y)];
    points.extend((0..=teeth).map(tooth));
    points.push((area.x, area.bottom()));
    points
}
