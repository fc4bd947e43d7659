//! Random entries for `fill`: the same count and seed give the same ones, everywhere.
//!
//! Keys are `key00000` and on, drawn from 1,000 keys, or from as many as there are puts where these are more, so that
//! some are written again; values are 8 to 24 letters.

use crate::random::Random;

/// The entries of one `fill`.
pub(crate) struct Fill {
    left: u64,
    keys: u64,
    random: Random,
}

/// Keys are drawn from so many at least.
const MIN_KEYS: u64 = 1000;

impl Fill {
    /// `count` entries drawn from `seed`.
    pub fn new(count: u64, seed: u64) -> Fill {
        Fill { left: count, keys: count.max(MIN_KEYS), random: Random::new(seed) }
    }
}

impl Iterator for Fill {
    type Item = (Vec<u8>, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let key = format!("key{:05}", self.random.below(self.keys)).into_bytes();
        let length = 8 + self.random.below(17);
        let value = (0..length).map(|_| b'a' + self.random.below(26) as u8).collect();
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_entries() {
        let of = |count, seed| Fill::new(count, seed).collect::<Vec<_>>();
        assert_eq!(of(50, 7), of(50, 7));
        assert_ne!(of(50, 7), of(50, 8));
        assert_eq!(of(50, 7).len(), 50);
        assert!(of(50, 7).iter().all(|(k, v)| k.len() == 8 && (8..=24).contains(&v.len())));
    }
}
