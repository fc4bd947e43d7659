//! Which keys are written: how many of so many draws are different.
//!
//! A byteless table knows its key range and how many entries it has, not which keys. When tables are merged, older
//! versions of a key go; how many that are follows from how keys are drawn. All keys lie evenly spread over the
//! positions `0..2^64`, in an order that has nothing to do with how often each is drawn, as hashed keys do. A few keys
//! have a place each ([`cells`](super::cells)).
//!
//! | model | keys | expected different keys among `n` draws of `N` keys |
//! | --- | --- | --- |
//! | unique | every write has a new one | `n` |
//! | uniform | `N`, each as likely | `N (1 − (1 − 1/N)^n)` |
//! | zipfian | `N`, the k-th with a share `p` proportional to `k^−θ` | `Σ 1 − (1 − p)^n`, with `(1 − p)^n ≈ e^(−pn)` |
//!
//! A table is the union of all draws that were merged into it, so its entries say how many draws it stands for (the
//! curve, read backwards), and a merge stands for the sum. For uniform keys that is `K (1 − Π (1 − n_i / K))` in a
//! range of `K` keys, which needs no curve. Exponentials are `libm`'s, which are the same natively and in the browser.

use std::rc::Rc;

use super::cells::Cells;
use crate::random::Random;

/// How keys are drawn.
#[derive(Clone, Debug)]
pub struct KeyModel {
    /// How many keys there are; none if every write has a new one.
    keys: Option<f64>,
    /// How they are drawn, if not uniformly.
    curve: Option<Rc<Curve>>,
    /// Where each of them lies, if that is known.
    cells: Cells,
}

impl KeyModel {
    /// Every write has a new key, anywhere.
    pub fn unique() -> KeyModel {
        KeyModel { keys: None, curve: None, cells: Cells::NONE }
    }

    /// One of `keys` keys, each as likely as any other.
    pub fn uniform(keys: u64) -> KeyModel {
        KeyModel { keys: Some(keys.max(1) as f64), curve: None, cells: Cells::NONE }
    }

    /// One of `keys` keys, the k-th most frequent with a probability proportional to `k^-theta` (YCSB's skew is 0.99).
    pub fn zipfian(keys: u64, theta: f64) -> KeyModel {
        let keys = keys.max(1);
        let curve = (theta > 0.0).then(|| Rc::new(Curve::zipfian(keys, theta)));
        KeyModel { keys: Some(keys as f64), curve, cells: Cells::NONE }
    }

    /// The same keys, each in a cell of its own if they are few.
    pub fn in_cells(self) -> KeyModel {
        let cells = self.keys.map_or(Cells::NONE, |keys| Cells::of(keys as u64));
        KeyModel { cells, ..self }
    }

    /// Where each key lies.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// The number of keys, and the number of the one that one write writes: none if every write has a new one.
    pub(super) fn draw(&self, random: &mut Random) -> Option<(u64, u64)> {
        /// A prime above all numbers of keys that have cells: how popular a key is has nothing to do with where it
        /// lies.
        const SCATTER: u64 = 2_147_483_647;
        let keys = self.keys? as u64;
        let key = match &self.curve {
            None => random.below(keys),
            Some(curve) => (curve.rank(random) % keys).wrapping_mul(SCATTER) % keys,
        };
        Some((keys, key))
    }

    /// Whether every write has a new key.
    pub fn is_unique(&self) -> bool {
        self.keys.is_none()
    }

    /// How many different keys `draws` draws have, as expected.
    pub fn distinct(&self, draws: u64) -> u64 {
        let n = draws as f64;
        let expected = match (self.keys, &self.curve) {
            (None, _) => n,
            (Some(keys), None) => -keys * libm::expm1(n * libm::log1p(-1.0 / keys)),
            (Some(keys), Some(curve)) => keys * curve.share(n / keys),
        };
        (libm::round(expected) as u64).clamp(draws.min(1), draws)
    }

    /// How many keys there are in a range of `width` positions.
    fn keys_in(&self, width: f64) -> f64 {
        const PER_POSITION: f64 = 1.0 / (1u128 << 64) as f64;
        match self.keys {
            None => f64::INFINITY,
            Some(keys) if self.cells.is_none() => keys * width * PER_POSITION,
            Some(_) => self.cells.within(width),
        }
    }

    /// Nothing yet, in a range of `width` positions.
    pub(super) fn union(&self, width: f64) -> Union<'_> {
        let keys = if self.keys.is_some() { self.keys_in(width) } else { f64::INFINITY };
        Union { keys, curve: self.curve.as_deref(), distinct: 0.0, missing: 1.0, draws: 0.0 }
    }
}

/// How many different keys some tables have together, in one range.
pub(super) struct Union<'a> {
    keys: f64,
    curve: Option<&'a Curve>,
    distinct: f64,
    /// The share of the range's keys that none of them has.
    missing: f64,
    /// The draws for each of the range's keys that they stand for.
    draws: f64,
}

impl Union<'_> {
    /// Adds a table that has `entries` keys in the range; how many of them none of the others has.
    #[inline]
    pub fn add(&mut self, entries: f64) -> f64 {
        if self.keys == f64::INFINITY {
            return entries;
        }
        self.add_some(entries)
    }

    fn add_some(&mut self, entries: f64) -> f64 {
        if self.distinct == 0.0 && self.curve.is_none() {
            self.missing = (1.0 - entries / self.keys).max(0.0);
            self.distinct += entries;
            return entries;
        }
        let share = (entries / self.keys).min(1.0);
        let shared = match self.curve {
            None => {
                self.missing *= 1.0 - share;
                1.0 - self.missing
            }
            Some(curve) => {
                self.draws += curve.draws(share);
                curve.share(self.draws)
            }
        };
        let before = self.distinct;
        // No fewer than either has, no more than both.
        self.distinct = (self.keys * shared).clamp(before.max(entries), before + entries);
        self.distinct - before
    }
}

/// Grid points for each doubling of the draws.
const STEPS: usize = 8;
/// The grid begins at 2^-FIRST draws for each key, and ends at 2^LAST, by when every key was drawn.
const FIRST: i32 = 44;
const LAST: i32 = 40;

/// For draws for each key, the share of all keys that were drawn at least once; linear between points of a grid.
#[derive(Debug)]
struct Curve {
    draws: Vec<f64>,
    shares: Vec<f64>,
    /// Groups of ranks of like size: the first of each, and the share of all draws up to its end.
    ranks: Vec<(u64, f64)>,
}

impl Curve {
    fn zipfian(keys: u64, theta: f64) -> Curve {
        let ranks = ranks(keys);
        let weight = |rank: f64| libm::pow(rank, -theta);
        let total: f64 = ranks.iter().map(|(rank, many)| many * weight(*rank)).sum();
        let shares_at = |draws: f64| {
            let n = draws * keys as f64;
            let drawn: f64 = ranks.iter().map(|(rank, many)| -many * libm::expm1(-n * weight(*rank) / total)).sum();
            drawn / keys as f64
        };
        let steps = 0..=(FIRST + LAST) as usize * STEPS;
        let draws: Vec<f64> = steps.map(|i| libm::exp2(i as f64 / STEPS as f64 - f64::from(FIRST))).collect();
        let mut shares: Vec<f64> = draws.iter().map(|draws| shares_at(*draws)).collect();
        // It must rise, so that it can be read backwards.
        for i in 1..shares.len() {
            shares[i] = shares[i].max(shares[i - 1]);
        }
        let mut sum = 0.0;
        let sums = ranks.iter().map(|(rank, many)| {
            sum += many * weight(*rank) / total;
            ((*rank - (*many - 1.0) / 2.0) as u64, sum)
        });
        Curve { draws, shares, ranks: sums.collect() }
    }

    /// The rank of a key that is drawn, from 1 on. In a group of ranks, each is as likely.
    fn rank(&self, random: &mut Random) -> u64 {
        let share = random.draw() as f64 / (1u128 << 64) as f64;
        let at = self.ranks.partition_point(|(_, sum)| *sum <= share).min(self.ranks.len() - 1);
        let first = self.ranks[at].0;
        let next = self.ranks.get(at + 1).map_or(first + 1, |(next, _)| *next);
        first + random.below(next - first)
    }

    fn share(&self, draws: f64) -> f64 {
        between(&self.draws, &self.shares, draws).min(1.0)
    }

    fn draws(&self, share: f64) -> f64 {
        between(&self.shares, &self.draws, share)
    }
}

/// The ranks `1..=keys` in groups of like size, each with its middle: the first ones one by one.
fn ranks(keys: u64) -> Vec<(f64, f64)> {
    let mut groups = Vec::new();
    let mut from = 1;
    while from <= keys {
        let to = (from + from / 128).min(keys);
        groups.push(((from as f64 + to as f64) / 2.0, (to - from + 1) as f64));
        from = to + 1;
    }
    groups
}

/// The value at `x` of the line through the points `xs`, `ys`; from 0 to the first point, a straight line.
fn between(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let right = xs.partition_point(|known| *known < x);
    match right {
        0 => ys[0] * x / xs[0],
        right if right == xs.len() => ys[right - 1],
        right => {
            let (x0, x1, y0, y1) = (xs[right - 1], xs[right], ys[right - 1], ys[right]);
            y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::collections::BTreeSet;

    const ALL: f64 = (1u128 << 64) as f64;

    fn assert_near(got: f64, expected: f64, tolerance: f64) {
        assert!((got / expected - 1.0).abs() <= tolerance, "{got}, expected {expected}");
    }

    /// Draws of a zipfian distribution, by its definition.
    fn zipfian_draws(keys: u64, theta: f64, draws: u64, random: &mut Random) -> BTreeSet<u64> {
        let mut sums = vec![0.0];
        (1..=keys).for_each(|rank| sums.push(sums[sums.len() - 1] + libm::pow(rank as f64, -theta)));
        let draw = |random: &mut Random| {
            let x = random.draw() as f64 / ALL * sums[sums.len() - 1];
            sums.partition_point(|sum| *sum <= x) as u64
        };
        (0..draws).map(|_| draw(random)).collect()
    }

    #[test]
    fn different_keys_are_as_many_as_when_they_are_drawn() {
        let mut random = Random::new(1);
        for draws in [1000, 10_000, 40_000] {
            let drawn: BTreeSet<u64> = (0..draws).map(|_| random.below(10_000)).collect();
            assert_near(KeyModel::uniform(10_000).distinct(draws) as f64, drawn.len() as f64, 0.02);
            for theta in [0.5, 0.99, 1.3] {
                let drawn = zipfian_draws(10_000, theta, draws, &mut random);
                assert_near(KeyModel::zipfian(10_000, theta).distinct(draws) as f64, drawn.len() as f64, 0.06);
            }
            assert_eq!(KeyModel::unique().distinct(draws), draws);
        }
    }

    #[test]
    fn tables_together_have_the_keys_of_all_their_draws() {
        let half = ALL / 2.0;
        for model in [KeyModel::uniform(10_000), KeyModel::zipfian(10_000, 0.99)] {
            let mut union = model.union(half);
            let mut all = 0.0;
            for draws in [2000, 30_000, 500] {
                all += union.add(model.distinct(draws) as f64 / 2.0);
            }
            assert_near(all, model.distinct(32_500) as f64 / 2.0, 0.002);
        }
        let unique = KeyModel::unique();
        let mut union = unique.union(half);
        assert_eq!([union.add(2000.0), union.add(3000.0)], [2000.0, 3000.0]);
    }

    #[test]
    fn a_range_has_no_more_keys_than_there_are() {
        for model in [KeyModel::uniform(1000), KeyModel::zipfian(1000, 0.99)] {
            let mut union = model.union(ALL / 10.0);
            let all: f64 = [90.0, 90.0, 100.0].map(|entries| union.add(entries)).iter().sum();
            assert!((99.9..=100.0).contains(&all), "{all}");
        }
    }

    #[test]
    fn the_curve_is_the_same_everywhere() {
        // Natively and in the browser: a simulation in one must be that of the other.
        let shares: Vec<u64> = Curve::zipfian(1_000_000, 0.99).shares.iter().map(|share| share.to_bits()).collect();
        let hash = shares.iter().fold(0u64, |hash, bits| hash.rotate_left(5) ^ bits);
        assert_eq!(hash, 9_098_648_529_083_674_870);
    }
}
