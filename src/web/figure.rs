//! The figure for the page: one event of a timeline, laid out once and painted frame by frame.

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    timeline::JsTimeline,
    value::{position, to_js},
};
#[cfg(feature = "engine")]
use crate::figure::amounts::LevelAmount;
use crate::{
    entry::text,
    figure::{
        Figure, Known, Picture,
        buffer::{self, Strings},
        key_scale::{WHOLE, Window},
        listing::ListedLane,
        pace,
        part::{Area, Holder, PartId, TONES},
        shape::DrawnShape,
        theme::Theme,
    },
    storage::FileId,
};

/// The event that leads to one position, in one size.
#[wasm_bindgen(js_name = Figure)]
pub struct JsFigure {
    figure: Figure,
    strings: Strings,
    buffer: Vec<f32>,
    /// The sentence below it.
    pub(super) caption: Vec<DrawnShape>,
}

#[wasm_bindgen(js_class = Figure)]
impl JsFigure {
    /// What the picture shows after its event, lane by lane from above, in words.
    #[wasm_bindgen(unchecked_return_type = "FigureLane[]")]
    pub fn listing(&self) -> JsValue {
        let lanes = self.figure.listing().into_iter().map(FigureLane::of);
        to_js(&lanes.collect::<Vec<_>>())
    }

    /// The picture when the event has come this far, from 0 to 1: records of numbers (`figure/buffer.rs` has the list).
    pub fn frame(&mut self, progress: f64) -> Vec<f32> {
        self.buffer.clear();
        buffer::write(&self.shapes(progress), &mut self.strings, &mut self.buffer);
        self.buffer.clone()
    }

    /// What the inspector shows of the part at a point of the picture: a key as it is shown, or a file, with a place in
    /// it; nothing where there is neither.
    #[wasm_bindgen(unchecked_return_type = "PartSelection | undefined")]
    pub fn selection_at(&self, x: f64, y: f64) -> JsValue {
        to_js(&self.figure.part_at(x, y).and_then(PartSelection::of))
    }

    /// The strings that are new in the last frame: they go on where the earlier ones ended.
    pub fn strings(&mut self) -> Vec<String> {
        self.strings.take()
    }
}

impl JsFigure {
    /// A figure that has not been drawn yet.
    pub(super) fn of(figure: Figure) -> JsFigure {
        JsFigure { figure, strings: Strings::default(), buffer: Vec::new(), caption: Vec::new() }
    }

    pub(super) fn shapes(&self, progress: f64) -> Vec<DrawnShape> {
        let mut shapes = self.figure.shapes(progress);
        shapes.extend(self.caption.iter().cloned());
        shapes
    }
}

/// What each level had, of columns: tables, bytes, and its bytes as a share of the most that it ever had; less than 0
/// where it never had any.
#[cfg(feature = "engine")]
pub(super) fn level_amounts(tables: &[f64], bytes: &[f64], shares: &[f64]) -> Vec<LevelAmount> {
    let amount = |((tables, bytes), share): ((&f64, &f64), &f64)| LevelAmount {
        tables: *tables as u64,
        bytes: *bytes as u64,
        share: Some(*share).filter(|share| *share >= 0.0),
    };
    tables.iter().zip(bytes).zip(shares).map(amount).collect()
}

/// A lane in words.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct FigureLane {
    /// Its identity.
    pub id: String,
    /// Its name in full.
    pub name: String,
    /// What it holds.
    pub facts: String,
    /// Why that is so, or what it is for.
    pub reason: String,
    /// Left edge, upper edge, width and height.
    pub area: [f64; 4],
    /// What lies on it, from left to right.
    pub parts: Vec<FigurePart>,
}

/// A part in words.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct FigurePart {
    /// Its identity.
    pub id: String,
    /// What it is.
    pub words: String,
    /// Left edge, upper edge, width and height.
    pub area: [f64; 4],
    /// The left and the right edge of what there is to zoom into: it stands for several things that can be told apart
    /// then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub opens: Option<[f64; 2]>,
    /// What the inspector shows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub selection: Option<PartSelection>,
}

impl FigureLane {
    fn of(lane: ListedLane) -> FigureLane {
        let ListedLane { id, name, facts, reason, area, parts } = lane;
        let parts = parts.into_iter().map(|part| FigurePart {
            selection: PartSelection::of(&part.id),
            opens: part.opens.map(|area| [area.x, area.right()]),
            id: part.id.to_string(),
            words: part.words,
            area: edges(part.area),
        });
        FigureLane { id: id.to_string(), name, facts, reason, area: edges(area), parts: parts.collect() }
    }
}

fn edges(Area { x, y, w, h }: Area) -> [f64; 4] {
    [x, y, w, h]
}

/// What the inspector shows of a part.
#[derive(Clone, Debug, Serialize, Tsify)]
#[serde(untagged)]
pub enum PartSelection {
    /// A key, as it is shown.
    Key {
        /// Which.
        key: String,
    },
    /// A file.
    File {
        /// Which.
        file: FileId,
        /// Where in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        offset: Option<u64>,
    },
}

impl PartSelection {
    fn of(part: &PartId) -> Option<PartSelection> {
        let file = |file, offset| Some(PartSelection::File { file, offset });
        match part {
            PartId::Entry(_, key, _) => Some(PartSelection::Key { key: text(key) }),
            PartId::Tray(Holder::Table(id))
            | PartId::TrayName(Holder::Table(id))
            | PartId::Density(Holder::Table(id))
            | PartId::Probe(Holder::Table(id))
            | PartId::Block(id, _)
            | PartId::Cut(id)
            | PartId::CutName(id) => file(FileId::table(*id), None),
            PartId::Frame(wal, offset) | PartId::TornOff(wal, offset) => file(FileId::wal(*wal), Some(*offset)),
            PartId::Manifest(number) => file(FileId::manifest(*number), None),
            _ => None,
        }
    }
}

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The event that leads to `at`, in a picture of this size that looks at the key axis from the first to the second
    /// of `keys`. With `tree_only`, there are no logs and no memtables, as in a history of a real database; with
    /// `past_only`, keys and levels that are still ahead have no place.
    pub fn figure(&self, at: f64, width: f64, height: f64, keys: &[f64], tree_only: bool, past_only: bool) -> JsFigure {
        let mut timeline = self.timeline().borrow_mut();
        let known = if past_only { Known::Past } else { Known::Whole };
        let window = keys.first().zip(keys.last()).map_or(WHOLE, |(&from, &to)| Window { from, to });
        let picture = Picture { width, height, window, levels: 0, tree_only, known };
        JsFigure::of(Figure::at(&mut timeline, position(at), &picture))
    }

    /// How many seconds the event that leads to `at` takes at speed 1, where its sentence has this many letters.
    pub fn seconds(&self, at: f64, letters: usize) -> f64 {
        pace::seconds_at(&self.timeline().borrow(), position(at), letters)
    }
}

/// The colours of a theme, `light` or `dark`, by the number of their tone: `0xRRGGBB` each.
#[wasm_bindgen]
pub fn theme_colours(name: &str) -> Option<Vec<u32>> {
    let theme = Theme::parse(name)?;
    Some((0..TONES).map(|tone| theme.number(tone)).collect())
}
