//! The shapes of byteless tables: where in them entries lie closer together than elsewhere.
//!
//! In: the shape of a table that is written ([`Pieces::shape`](super::stream::Pieces::shape)). Out: the same, once,
//! when the table is merged. Tables are numbered as they come, so a column by number says where each one's shape is
//! kept; places of shapes that are used up are used again.

use crate::version::TableId;

/// A table has at most one part more than this.
const MOST_KNOTS: usize = 3;

/// A part of a table: where it ends, and how many entries it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Knot {
    pub end: u64,
    pub entries: u64,
}

/// The parts of a table in which entries do not lie evenly, but for the last, which is the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    knots: [Knot; MOST_KNOTS],
    len: usize,
}

impl Shape {
    /// No parts.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Adds a part, for which there is room.
    pub fn push(&mut self, knot: Knot) {
        self.knots[self.len] = knot;
        self.len += 1;
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.len == MOST_KNOTS
    }

    /// The parts but for the last.
    pub fn knots(&self) -> &[Knot] {
        &self.knots[..self.len]
    }
}

/// The shapes of the tables that have one.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    /// For each table by its number, where its shape is kept, from 1 on; 0 if it has none.
    places: Vec<u32>,
    kept: Vec<Shape>,
    /// Places of shapes that are used up.
    free: Vec<u32>,
}

impl Shapes {
    /// The shape of a table that is used up.
    #[inline]
    pub fn take(&mut self, id: TableId) -> Option<&Shape> {
        let place = std::mem::take(self.places.get_mut(id as usize)?);
        let at = place.checked_sub(1)?;
        self.free.push(place);
        self.kept.get(at as usize)
    }

    /// Room for the shape of a table, with no parts yet.
    #[inline]
    pub fn open(&mut self) -> &mut Shape {
        let place = match self.free.last() {
            Some(place) => *place,
            None => self.grow(),
        };
        let shape = &mut self.kept[place as usize - 1];
        shape.clear();
        shape
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.kept.push(Shape::default());
        let place = self.kept.len() as u32;
        self.free.push(place);
        place
    }

    /// Remembers the [`open`](Shapes::open) one as that of a table, which has none yet.
    #[inline]
    pub fn keep(&mut self, id: TableId) {
        let at = id as usize;
        if self.places.len() <= at {
            // For the tables to come, too.
            self.places.resize((at + 1).next_power_of_two(), 0);
        }
        if let Some(place) = self.free.pop() {
            self.places[at] = place;
        }
    }
}
