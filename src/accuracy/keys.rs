//! The keys that the experiments put, on RocksDB and on ours.
//!
//! A key is the 16 hexadecimal digits of a number. Put `i` (from 0) of seed `s` has
//!
//! | keys | number |
//! | --- | --- |
//! | insert | `splitmix64(s·2^56 + i)` |
//! | overwrite of `n` | `splitmix64(s·2^56 + r)`, where `r = splitmix64(s·2^56 + 2^55 + i) mod n` |
//! | sequential | `i` |
//!
//! with `splitmix64(x)` the first number of SplitMix64 seeded with `x` ([`Random`]).

use crate::random::Random;

/// Which keys are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOrder {
    /// Every put has a new one, anywhere.
    Insert,
    /// A key drawn uniformly from this number of keys.
    Overwrite(u64),
    /// Every put has the next one.
    Sequential,
}

impl PutOrder {
    /// The number of the key that put `i` has.
    pub fn number(self, seed: u64, i: u64) -> u64 {
        let key = |i: u64| splitmix64((seed << 56).wrapping_add(i));
        match self {
            PutOrder::Insert => key(i),
            PutOrder::Overwrite(keys) => key(drawn(seed, i, keys)),
            PutOrder::Sequential => i,
        }
    }

    /// How many different keys the first `puts` have.
    pub fn distinct(self, seed: u64, puts: u64) -> u64 {
        let PutOrder::Overwrite(keys) = self else { return puts };
        let mut seen = vec![false; keys as usize];
        (0..puts).filter(|i| !std::mem::replace(&mut seen[drawn(seed, *i, keys) as usize], true)).count() as u64
    }
}

/// Which of `keys` keys put `i` overwrites.
fn drawn(seed: u64, i: u64, keys: u64) -> u64 {
    splitmix64((seed << 56).wrapping_add((1 << 55) + i)) % keys
}

fn splitmix64(x: u64) -> u64 {
    Random::new(x).draw()
}
