//! The horizontal of a figure: keys on one axis, and how much of an entry there is room for.
//!
//! In: the timeline's [`KeyAxis`], the part of it that is looked at ([`Window`]), and the width of a lane. Out: where a
//! key's cell is, in units of the picture; and whether entries are drawn as chips, ticks or density.

use super::{lanes::MIN_LETTERS, part::Area};
use crate::{entry::Bytes, scene::axis::KeyAxis, words::decimal};

/// The part of the key axis that is looked at: from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its left end.
    pub from: f64,
    /// Its right end.
    pub to: f64,
}

/// The whole axis.
pub const WHOLE: Window = Window { from: 0.0, to: 1.0 };

/// How entries are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// A chip each, with value and sequence number.
    Chip,
    /// A tick each.
    Tick,
    /// Bars for all that lie close together.
    Density,
}

/// The narrowest cell that holds a chip, in units of the picture.
const MIN_CHIP: f64 = 34.0;
/// The letters of a chip, as a share of its cell's width: no less than the least size of letters, no more than all
/// others have.
const LETTERS_A_CELL: f64 = 1.0 / 4.4;
/// The widest chip.
const MAX_CHIP: f64 = 9.0;
/// The narrowest cell that holds a tick, in units of the picture.
const MIN_TICK: f64 = 4.0;
/// The parts that names of shares divide the axis into.
const SHARE_NAMES: usize = 4;

/// Where keys are, from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub enum Places<'a> {
    /// A cell for every key that is known.
    Keys(&'a KeyAxis),
    /// Keys are points of a key space, each at its share of it.
    Shares(fn(&[u8]) -> f64),
}

/// A name below the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyLabel {
    /// Its middle.
    pub x: f64,
    /// What it names.
    pub key: Bytes,
    /// Its text.
    pub shown: String,
}

/// The key axis as it lies on a lane.
#[derive(Clone, Copy, Debug)]
pub struct KeyScale<'a> {
    places: Places<'a>,
    window: Window,
    x: f64,
    width: f64,
    letters: f64,
}

impl<'a> KeyScale<'a> {
    /// On a lane from `lane.x` to its right edge, in letters of that height.
    pub fn new(places: Places<'a>, window: Window, lane: Area, letters: f64) -> KeyScale<'a> {
        // A hair of room at both ends, so that a tray at the first key does not touch the lane's edge.
        let inset = 0.3 * letters;
        KeyScale { places, window, x: lane.x + inset, width: (lane.w - 2.0 * inset).max(1.0), letters }
    }

    fn place(&self, at: f64) -> f64 {
        self.x + (at - self.window.from) / (self.window.to - self.window.from) * self.width
    }

    /// The left and the right edge of the cell of `key`.
    pub fn cell(&self, key: &[u8]) -> (f64, f64) {
        let (left, right) = match self.places {
            Places::Keys(axis) => axis.cell(key),
            Places::Shares(share) => (share(key), share(key)),
        };
        (self.place(left), self.place(right))
    }

    /// The middle of the cell of `key`.
    pub fn middle(&self, key: &[u8]) -> f64 {
        let (left, right) = self.cell(key);
        (left + right) / 2.0
    }

    /// The left edge of the cell of `smallest`, and the right edge of that of `largest`.
    pub fn span(&self, smallest: &[u8], largest: &[u8]) -> (f64, f64) {
        (self.cell(smallest).0, self.cell(largest).1)
    }

    /// The same for one range after another in key order, quicker: `hint` is 0 at first, and then what came with the
    /// range before.
    pub fn next_span(&self, smallest: &[u8], largest: &[u8], hint: &mut usize) -> (f64, f64) {
        let Places::Keys(axis) = self.places else { return self.span(smallest, largest) };
        let (left, rank) = axis.cell_near(smallest, *hint);
        let (right, rank) = axis.cell_near(largest, rank);
        *hint = rank;
        (self.place(left.0), self.place(right.1))
    }

    /// The edges of the cell of one key after another in key order, as [`next_span`](KeyScale::next_span).
    pub fn next_cell(&self, key: &[u8], hint: &mut usize) -> (f64, f64) {
        let Places::Keys(axis) = self.places else { return self.cell(key) };
        let ((left, right), rank) = axis.cell_near(key, *hint);
        *hint = rank;
        (self.place(left), self.place(right))
    }

    /// Whether anything from `left` to `right` is within the window.
    pub fn shows(&self, left: f64, right: f64) -> bool {
        right > self.x && left < self.x + self.width
    }

    /// The ends of the axis in the picture.
    pub fn ends(&self) -> (f64, f64) {
        (self.x, self.x + self.width)
    }

    /// The width of a cell; 0 where keys are points.
    pub fn cell_width(&self) -> f64 {
        match self.places {
            Places::Keys(axis) => self.width / (self.window.to - self.window.from) / axis.len().max(1) as f64,
            Places::Shares(_) => 0.0,
        }
    }

    /// What there is room for.
    pub fn grain(&self) -> Grain {
        match self.cell_width() {
            cell if cell >= MIN_CHIP => Grain::Chip,
            cell if cell >= MIN_TICK => Grain::Tick,
            _ => Grain::Density,
        }
    }

    /// The height of letters in a chip.
    pub fn chip_letters(&self) -> f64 {
        (self.cell_width() * LETTERS_A_CELL).clamp(MIN_LETTERS, self.letters)
    }

    /// The width of a chip or a tick.
    pub fn entry_width(&self) -> f64 {
        match self.grain() {
            Grain::Chip => (self.cell_width() - (0.08 * self.cell_width()).max(2.5)).min(MAX_CHIP * self.letters),
            _ => (self.cell_width() - 1.5).clamp(2.0, 0.8 * self.letters),
        }
    }

    /// The names that fit below the axis, the first and the last key among them; where keys are points, shares of the
    /// key space.
    pub fn names(&self, name: impl Fn(&[u8]) -> String, width_of: impl Fn(&str) -> f64) -> Vec<KeyLabel> {
        match self.places {
            Places::Keys(axis) => {
                let names = self.key_names(axis, |key| width_of(&name(key)));
                names.into_iter().map(|(x, key)| KeyLabel { x, key: key.into(), shown: name(key) }).collect()
            }
            Places::Shares(_) => self.share_names(),
        }
    }

    fn share_names(&self) -> Vec<KeyLabel> {
        let span = self.window.to - self.window.from;
        // As many decimals as tell the names apart.
        let decimals = (-(100.0 * span / SHARE_NAMES as f64).log10()).ceil().max(0.0) as usize;
        let share = |at: usize| self.window.from + span * at as f64 / SHARE_NAMES as f64;
        let label = |at| {
            let shown = format!("{:.decimals$} %", 100.0 * share(at));
            KeyLabel { x: self.place(share(at)), key: shown.as_str().into(), shown: decimal(&shown) }
        };
        (0..=SHARE_NAMES).map(label).collect()
    }

    fn key_names<'k>(&self, axis: &'k KeyAxis, width_of: impl Fn(&[u8]) -> f64) -> Vec<(f64, &'k [u8])> {
        let (first, last) = (self.window.from, self.window.to);
        let n = axis.len();
        let (from, to) = ((first * n as f64) as usize, ((last * n as f64).ceil() as usize).min(n));
        if from >= to {
            return Vec::new();
        }
        let gap = 0.8 * self.letters;
        // Every how manieth key is named: so that even the widest of a sample do not touch.
        let widest = axis.keys(from..to).step_by(((to - from) / 64).max(1)).map(&width_of).fold(0.0, f64::max);
        let cell = self.cell_width();
        let every = ((widest + gap) / cell).ceil().max(1.0) as usize;
        let mut names: Vec<(f64, &[u8])> =
            (from..to).step_by(every).map(|rank| axis.key(rank)).map(|key| (self.middle(key), key)).collect();
        let end = axis.key(to - 1);
        let at = self.middle(end);
        while names.len() > 1 && names.last().is_some_and(|(x, key)| *key != end && at - x < widest + gap) {
            names.pop();
        }
        if names.last().is_some_and(|(_, key)| *key != end) {
            names.push((at, end));
        }
        names
    }
}
