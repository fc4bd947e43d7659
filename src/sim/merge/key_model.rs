//! How keys are drawn, and how many distinct keys that makes.
//!
//! In: a distribution of writes over keys. Out: the expected number of distinct keys among `n` writes, and the number
//! of keys that tables have together in a range of positions.
//!
//! A byteless table has a key range and a number of entries, not a list of keys. Keys lie evenly over the positions
//! `0..2^64`, in an order that has nothing to do with how often each is written, as hashed keys do. Keys of a small key
//! space have a place each ([`key_cells`](super::key_cells)).
//!
//! | model | keys | expected distinct keys of `n` writes to `N` keys |
//! | --- | --- | --- |
//! | unique | every write has a new one | `n` |
//! | uniform | `N`, each as likely | `N (1 − (1 − 1/N)^n)` (Cárdenas, CACM 18(5), 1975) |
//! | zipfian | `N`, the k-th with a share `p ∝ k^−θ` (YCSB: 0.99) | `Σ 1 − (1 − p)^n`, with `(1 − p)^n ≈ e^(−pn)` |
//!
//! A table is the union of all writes that were merged into it. So its number of entries says for how many writes it
//! stands (the curve, read backwards), and a merge stands for their sum. For uniform keys, that is
//! `K (1 − Π (1 − n_i / K))` in a range of `K` keys, which needs no curve. Exponentials are `libm`'s, which are the
//! same natively and in the browser.

use std::rc::Rc;

use super::key_cells::KeyCells;
use crate::random::Random;

/// How keys are drawn.
#[derive(Clone, Debug)]
pub struct KeyModel {
    /// The number of keys; none if every write has a new one.
    keys: Option<f64>,
    /// The distribution, if it is not uniform.
    curve: Option<Rc<DistinctCurve>>,
    /// Where each key lies, in a small key space.
    cells: KeyCells,
}

impl KeyModel {
    /// Every write has a new key, anywhere.
    pub fn unique() -> KeyModel {
        KeyModel { keys: None, curve: None, cells: KeyCells::NONE }
    }

    /// One of `keys` keys, each as likely as any other.
    pub fn uniform(keys: u64) -> KeyModel {
        KeyModel { keys: Some(keys.max(1) as f64), curve: None, cells: KeyCells::NONE }
    }

    /// One of `keys` keys, the k-th most frequent with a probability proportional to `k^-theta` (YCSB's skew is 0.99).
    pub fn zipfian(keys: u64, theta: f64) -> KeyModel {
        let keys = keys.max(1);
        let curve = (theta > 0.0).then(|| Rc::new(DistinctCurve::zipfian(keys, theta)));
        KeyModel { keys: Some(keys as f64), curve, cells: KeyCells::NONE }
    }

    /// The same keys, each in a cell of its own if the key space is small.
    pub fn in_cells(self) -> KeyModel {
        let cells = self.keys.map_or(KeyCells::NONE, |keys| KeyCells::of(keys as u64));
        KeyModel { cells, ..self }
    }

    /// Where each key lies.
    pub fn cells(&self) -> KeyCells {
        self.cells
    }

    /// The number of keys, and the number of the one that one write writes: none if every write has a new one.
    pub(in crate::sim) fn draw(&self, random: &mut Random) -> Option<(u64, u64)> {
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

    /// The expected number of distinct keys of `draws` draws.
    pub fn distinct(&self, draws: u64) -> u64 {
        let n = draws as f64;
        let expected = match (self.keys, &self.curve) {
            (None, _) => n,
            (Some(keys), None) => -keys * libm::expm1(n * libm::log1p(-1.0 / keys)),
            (Some(keys), Some(curve)) => keys * curve.share(n / keys),
        };
        (libm::round(expected) as u64).clamp(draws.min(1), draws)
    }

    /// The number of keys in a range of `width` positions.
    pub(super) fn keys_in(&self, width: f64) -> f64 {
        const PER_POSITION: f64 = 1.0 / (1u128 << 64) as f64;
        match self.keys {
            None => f64::INFINITY,
            Some(keys) if self.cells.is_none() => keys * width * PER_POSITION,
            Some(_) => self.cells.within(width),
        }
    }

    /// The share of distinct keys by draws per key, where keys are not uniform.
    #[cfg(test)]
    pub(super) fn curve(&self) -> Option<&DistinctCurve> {
        self.curve.as_deref()
    }

    /// The union of no tables, in a range of `width` positions.
    pub(super) fn union(&self, width: f64) -> KeyUnion<'_> {
        let keys = if self.keys.is_some() { self.keys_in(width) } else { f64::INFINITY };
        KeyUnion { keys, curve: self.curve.as_deref(), distinct: 0.0, missing: 1.0, draws: 0.0 }
    }
}

/// The number of distinct keys that tables have together, in one range.
pub(super) struct KeyUnion<'a> {
    keys: f64,
    curve: Option<&'a DistinctCurve>,
    distinct: f64,
    /// The share of the range's keys that none of them has.
    missing: f64,
    /// The draws per key of the range for which they stand.
    draws: f64,
}

impl KeyUnion<'_> {
    /// Adds a table that has `entries` keys in the range. Returns how many of them no table before it has.
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
        // At least as many as either has, at most as many as both.
        self.distinct = (self.keys * shared).clamp(before.max(entries), before + entries);
        self.distinct - before
    }
}

/// Grid points per doubling of the draws.
const STEPS: usize = 8;
/// The grid goes from 2^-FIRST draws per key to 2^LAST, when every key was drawn.
const FIRST: i32 = 44;
const LAST: i32 = 40;

/// By draws per key: the share of all keys that were drawn at least once. Linear between the points of a grid.
#[derive(Debug)]
pub(super) struct DistinctCurve {
    draws: Vec<f64>,
    shares: Vec<f64>,
    /// Groups of ranks: the first rank of each, and the share of all draws up to its end.
    ranks: Vec<(u64, f64)>,
}

impl DistinctCurve {
    fn zipfian(keys: u64, theta: f64) -> DistinctCurve {
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
        // It must not fall, so that it can be read backwards.
        for i in 1..shares.len() {
            shares[i] = shares[i].max(shares[i - 1]);
        }
        let mut sum = 0.0;
        let sums = ranks.iter().map(|(rank, many)| {
            sum += many * weight(*rank) / total;
            ((*rank - (*many - 1.0) / 2.0) as u64, sum)
        });
        DistinctCurve { draws, shares, ranks: sums.collect() }
    }

    /// The rank of a key that is drawn, from 1 on. In a group of ranks, each is as likely.
    fn rank(&self, random: &mut Random) -> u64 {
        let share = random.draw() as f64 / (1u128 << 64) as f64;
        let at = self.ranks.partition_point(|(_, sum)| *sum <= share).min(self.ranks.len() - 1);
        let first = self.ranks[at].0;
        let next = self.ranks.get(at + 1).map_or(first + 1, |(next, _)| *next);
        first + random.below(next - first)
    }

    pub(super) fn share(&self, draws: f64) -> f64 {
        between(&self.draws, &self.shares, draws).min(1.0)
    }

    pub(super) fn draws(&self, share: f64) -> f64 {
        between(&self.shares, &self.draws, share)
    }
}

/// The ranks `1..=keys` in groups, as (middle, size): single ranks at first, then groups of a 128th of their rank.
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
    fn distinct_keys_are_as_many_as_when_they_are_drawn() {
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
        let shares: Vec<u64> =
            DistinctCurve::zipfian(1_000_000, 0.99).shares.iter().map(|share| share.to_bits()).collect();
        let hash = shares.iter().fold(0u64, |hash, bits| hash.rotate_left(5) ^ bits);
        assert_eq!(hash, 9_098_648_529_083_674_870);
    }
}
