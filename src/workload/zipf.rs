//! Zipf's law: of `n` items, the `i`-th most popular is drawn with a probability proportional to `1 / i^skew`.
//!
//! In: `n`, the skew, and random numbers. Out: the rank of an item.
//!
//! YCSB draws from the same law with the formula of Gray et al. (1994), which approximates it for skews below 1 and
//! needs a sum over all items beforehand. This one is rejection-inversion (Hörmann and Derflinger, *Rejection-inversion
//! to generate variates from monotone discrete distributions*, 1996): exact, for any skew, in constant time and space,
//! so a key space may have a billion keys, and grow. `libm` computes powers and logarithms with the same bits on every
//! platform.

use crate::random::Random;

/// The law for one number of items.
#[derive(Clone, Debug)]
pub struct Zipf {
    items: u64,
    skew: f64,
    /// `H(items + 1/2)` and `H(3/2) - 1`: the range of the numbers that are inverted.
    last: f64,
    first: f64,
    /// The distance below an item within which an inverted number is accepted without a further test.
    near: f64,
}

impl Zipf {
    /// The law for `items` (at least 1), with `skew` at least 0, where all are equally likely.
    pub fn new(items: u64, skew: f64) -> Zipf {
        let mut zipf = Zipf { items: 0, skew, last: 0.0, first: 0.0, near: 0.0 };
        zipf.first = zipf.integral(1.5) - 1.0;
        zipf.near = 2.0 - zipf.inverse(zipf.integral(2.5) - libm::pow(2.0, -skew));
        zipf.grow(items);
        zipf
    }

    /// Sets the number of items.
    pub fn grow(&mut self, items: u64) {
        self.items = items.max(1);
        self.last = self.integral(self.items as f64 + 0.5);
    }

    /// The rank of the item drawn: 0 is the most popular.
    pub fn draw(&self, random: &mut Random) -> u64 {
        loop {
            let unit = (random.draw() >> 11) as f64 / (1u64 << 53) as f64;
            let u = self.last + unit * (self.first - self.last);
            let x = self.inverse(u);
            let k = libm::floor(x + 0.5).clamp(1.0, self.items as f64);
            if k - x <= self.near || u >= self.integral(k + 0.5) - libm::pow(k, -self.skew) {
                return k as u64 - 1;
            }
        }
    }

    /// `H(x)`, the integral of `1 / x^skew`: `(x^(1-skew) - 1) / (1-skew)`, or `ln x` for a skew of 1. The form
    /// below avoids cancellation near 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        expm1_by((1.0 - self.skew) * log) * log
    }

    /// The `x` whose integral is `h`.
    fn inverse(&self, h: f64) -> f64 {
        let t = (h * (1.0 - self.skew)).max(-1.0);
        libm::exp(log1p_by(t) * h)
    }
}

/// `(e^x - 1) / x`.
fn expm1_by(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::expm1(x) / x } else { 1.0 + x / 2.0 * (1.0 + x / 3.0) }
}

/// `ln(1 + x) / x`.
fn log1p_by(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::log1p(x) / x } else { 1.0 - x * (0.5 - x / 3.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(items: u64, skew: f64, draws: u64) -> Vec<u64> {
        let (zipf, mut random) = (Zipf::new(items, skew), Random::new(5));
        let mut counts = vec![0; items as usize];
        (0..draws).for_each(|_| counts[zipf.draw(&mut random) as usize] += 1);
        counts
    }

    #[test]
    fn frequencies_are_those_of_the_law() {
        const DRAWS: u64 = 400_000;
        for skew in [0.0, 0.5, 0.99, 1.0, 1.5] {
            for items in [1u64, 2, 100] {
                let counts = counts(items, skew, DRAWS);
                let sum: f64 = (1..=items).map(|i| (i as f64).powf(-skew)).sum();
                for (i, count) in counts.iter().enumerate() {
                    let expected = DRAWS as f64 * (i as f64 + 1.0).powf(-skew) / sum;
                    // Five standard deviations of a count.
                    let allowed = 5.0 * expected.sqrt() + 1.0;
                    let off = (*count as f64 - expected).abs();
                    assert!(off <= allowed, "skew {skew}, item {i} of {items}: {count}, expected {expected:.0}");
                }
            }
        }
    }

    #[test]
    fn with_the_skew_of_ycsb_a_few_keys_of_a_million_get_most_draws() {
        let (zipf, mut random) = (Zipf::new(1_000_000, 0.99), Random::new(1));
        let draws: Vec<u64> = (0..100_000).map(|_| zipf.draw(&mut random)).collect();
        let share = |below: u64| draws.iter().filter(|d| **d < below).count() as f64 / draws.len() as f64;
        // H(10, 0.99) / H(1e6, 0.99) = 2.958 / 15.39, and so on.
        assert!((share(10) - 0.192).abs() < 0.005, "{}", share(10));
        assert!((share(10_000) - 0.665).abs() < 0.01, "{}", share(10_000));
    }

    #[test]
    fn a_law_that_grew_is_the_law_of_its_new_size() {
        let mut grown = Zipf::new(10, 0.99);
        grown.grow(1000);
        let (mut a, mut b) = (Random::new(3), Random::new(3));
        let new = Zipf::new(1000, 0.99);
        (0..1000).for_each(|_| assert_eq!(grown.draw(&mut a), new.draw(&mut b)));
    }
}
