//! The key axis: maps keys to places from 0 to 1 on the page.
//!
//! Every key that the timeline has met gets a cell of equal width, in key order. So overlap of key ranges is what one
//! sees, whatever the keys look like, and nothing moves while one steps through events that are already there. Where
//! nothing may be seen of what is ahead, [`known_at`](KeyAxis::known_at) has only the keys met up to a position. The
//! axis is bounded: past [`MAX_KEYS`] keys (or [`MAX_BYTES`] of them) no cell is added, and a key without a cell stands
//! on the border between its neighbours' cells.

use std::borrow::Cow;

use crate::{entry::Bytes, trace::Event, version::VersionEdit};

/// The most keys with a cell of their own.
pub const MAX_KEYS: usize = 65_536;

/// The most bytes of keys with a cell of their own.
pub const MAX_BYTES: usize = 16 << 20;

/// New keys wait in a heap of this many before they are sorted in, so that a key costs no shift of all others.
const MAX_PENDING: usize = 1024;

/// A key, and the position of the timeline since which it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KnownKey {
    key: Bytes,
    since: usize,
}

/// Keys, and their places.
#[derive(Clone, Debug, Default)]
pub struct KeyAxis {
    /// In key order, each once.
    sorted: Vec<KnownKey>,
    /// Keys not sorted in yet; none of them is in `sorted`, but they may repeat each other.
    pending: Vec<KnownKey>,
    bytes: usize,
}

impl KeyAxis {
    /// Gives a cell to every key that `event` names, which leads to `position`. Cells are there for the layout after
    /// the next [`settle`](KeyAxis::settle).
    pub fn learn(&mut self, event: &Event, position: usize) {
        match event {
            Event::MemtableInserted { record, .. } => self.add(&record.key, position),
            Event::GetBegan { key, .. } => self.add(key, position),
            Event::EditRecovered { edit } | Event::VersionInstalled { edit, .. } => self.add_bounds(edit, position),
            Event::TableFinished { table, .. } => {
                self.add(&table.smallest, position);
                self.add(&table.largest, position);
            }
            _ => {}
        }
    }

    fn add_bounds(&mut self, edit: &VersionEdit, position: usize) {
        for (_, table) in &edit.added {
            self.add(&table.smallest, position);
            self.add(&table.largest, position);
        }
    }

    fn add(&mut self, key: &Bytes, since: usize) {
        let full = self.sorted.len() >= MAX_KEYS || self.bytes + key.len() > MAX_BYTES;
        if full || self.sorted.binary_search_by(|known| known.key.cmp(key)).is_ok() {
            return;
        }
        self.pending.push(KnownKey { key: key.clone(), since });
        if self.pending.len() >= MAX_PENDING {
            self.settle();
        }
    }

    /// Sorts new keys in. Call it before a layout.
    pub fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        // Of a key that was met twice, the first time counts.
        self.pending.sort_unstable();
        self.pending.dedup_by(|later, earlier| later.key == earlier.key);
        for known in self.pending.drain(..) {
            if self.sorted.len() < MAX_KEYS && self.bytes + known.key.len() <= MAX_BYTES {
                self.bytes += known.key.len();
                self.sorted.push(known);
            }
        }
        // Two sorted runs: the standard stable sort merges them in one pass.
        self.sorted.sort();
    }

    /// The axis as it was at `position`: with the keys that were known then, of those with a cell now.
    pub fn known_at(&self, position: usize) -> Cow<'_, KeyAxis> {
        let is_known = |known: &&KnownKey| known.since <= position;
        if self.pending.is_empty() && self.sorted.iter().all(|known| is_known(&known)) {
            return Cow::Borrowed(self);
        }
        let sorted: Vec<KnownKey> = self.sorted.iter().filter(is_known).cloned().collect();
        let bytes = sorted.iter().map(|known| known.key.len()).sum();
        Cow::Owned(KeyAxis { sorted, pending: Vec::new(), bytes })
    }

    /// The key at `rank`, which is less than [`len`](KeyAxis::len).
    pub fn key(&self, rank: usize) -> &[u8] {
        &self.sorted[rank].key
    }

    /// The keys of these ranks, in order.
    pub fn keys(&self, ranks: std::ops::Range<usize>) -> impl Iterator<Item = &[u8]> {
        self.sorted[ranks].iter().map(|known| &*known.key)
    }

    /// How many keys have a cell.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether no key has one.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The left and the right edge of `key`'s cell.
    pub fn cell(&self, key: &[u8]) -> (f64, f64) {
        match self.sorted.binary_search_by(|known| (*known.key).cmp(key)) {
            Ok(rank) => self.edges(rank, true),
            Err(rank) => self.edges(rank, false),
        }
    }

    /// The left and the right edge of `key`'s cell, and its rank among the keys, if it is not far behind the rank
    /// `hint`: for one key after another in key order, so that ten thousand tables cost a few comparisons each.
    pub fn cell_near(&self, key: &[u8], hint: usize) -> ((f64, f64), usize) {
        let is_before = |rank: usize| *self.sorted[rank].key < *key;
        let mut low = hint.min(self.sorted.len());
        if low > 0 && !is_before(low - 1) {
            low = 0;
        }
        let mut step = 1;
        while low + step <= self.sorted.len() && is_before(low + step - 1) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.sorted.len());
        let rank = low + self.sorted[low..high].partition_point(|known| *known.key < *key);
        let has_cell = self.sorted.get(rank).is_some_and(|known| *known.key == *key);
        (self.edges(rank, has_cell), rank)
    }

    /// The edges of the cell of the key at `rank`; of the border before it, for a key without a cell.
    fn edges(&self, rank: usize, has_cell: bool) -> (f64, f64) {
        let n = self.sorted.len() as f64;
        match has_cell {
            true => (rank as f64 / n, (rank + 1) as f64 / n),
            false if self.sorted.is_empty() => (0.0, 1.0),
            false => ((rank as f64 - 0.25).max(0.0) / n, (rank as f64 + 0.25).min(n) / n),
        }
    }

    /// The left edge of `smallest` and the right edge of `largest`: a table of one key has a width.
    pub fn span(&self, smallest: &[u8], largest: &[u8]) -> (f64, f64) {
        (self.cell(smallest).0, self.cell(largest).1)
    }

    /// The middle of `key`'s cell.
    pub fn middle(&self, key: &[u8]) -> f64 {
        let (left, right) = self.cell(key);
        (left + right) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(keys: impl IntoIterator<Item = String>) -> KeyAxis {
        let mut axis = KeyAxis::default();
        keys.into_iter().enumerate().for_each(|(at, key)| axis.add(&key.as_str().into(), at + 1));
        axis.settle();
        axis
    }

    fn letters(text: &str) -> KeyAxis {
        axis(text.chars().map(String::from))
    }

    #[test]
    fn cells_are_in_key_order_and_of_equal_width_whatever_the_order_of_arrival() {
        let axis = letters("dbacbd");
        assert_eq!(axis.len(), 4);
        assert_eq!(
            ["a", "b", "c", "d"].map(|k| axis.cell(k.as_bytes())),
            [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)]
        );
    }

    #[test]
    fn ranges_overlap_on_the_axis_exactly_where_they_overlap_in_keys() {
        let axis = letters("abcdef");
        let overlap = |a: (f64, f64), b: (f64, f64)| a.0 < b.1 && b.0 < a.1;
        assert!(!overlap(axis.span(b"a", b"c"), axis.span(b"d", b"f")));
        assert!(overlap(axis.span(b"a", b"d"), axis.span(b"d", b"f")));
        let (left, right) = axis.span(b"c", b"c");
        assert!(right > left, "a table of one key has a width");
    }

    #[test]
    fn a_key_without_a_cell_stands_between_its_neighbours() {
        let axis = letters("bd");
        assert!(axis.middle(b"a") < axis.middle(b"b"));
        assert!(axis.middle(b"b") < axis.middle(b"c") && axis.middle(b"c") < axis.middle(b"d"));
        assert!(axis.middle(b"d") < axis.middle(b"e") && axis.cell(b"e").1 <= 1.0);
        assert_eq!(KeyAxis::default().cell(b"x"), (0.0, 1.0));
    }

    #[test]
    fn a_hint_changes_the_cost_of_a_cell_and_not_the_cell() {
        let axis = axis((0..200).map(|i| format!("{:03}", i * 2)));
        for key in (0..402).map(|i| format!("{i:03}")) {
            for hint in [0, 1, 7, 100, 199, 200, 900] {
                assert_eq!(axis.cell_near(key.as_bytes(), hint).0, axis.cell(key.as_bytes()), "{key} from {hint}");
            }
        }
        assert_eq!(KeyAxis::default().cell_near(b"x", 3), ((0.0, 1.0), 0));
    }

    #[test]
    fn at_a_position_it_has_the_keys_that_were_known_then() {
        let axis = letters("dbacbd");
        let at = |position: usize| -> Vec<u8> {
            axis.known_at(position).keys(0..axis.known_at(position).len()).map(|key| key[0]).collect()
        };
        assert_eq!((at(0), at(1), at(2), at(3)), (vec![], vec![b'd'], vec![b'b', b'd'], vec![b'a', b'b', b'd']));
        assert_eq!(at(4), b"abcd");
        assert_eq!(axis.known_at(2).cell(b"d"), (0.5, 1.0));
        assert!(matches!(axis.known_at(4), Cow::Borrowed(_)), "nothing is copied where all are known");
    }

    #[test]
    fn it_is_bounded_in_keys_and_in_bytes() {
        let many = axis((0..MAX_KEYS + 5000).map(|i| format!("{i:08}")));
        assert_eq!(many.len(), MAX_KEYS);
        assert!(many.cell(b"99999999").0 > 0.99);
        let large = axis((0..300).map(|i| format!("{i:03}{}", "x".repeat(65_000))));
        assert!(large.bytes <= MAX_BYTES && large.len() > 200, "{}", large.bytes);
    }
}
