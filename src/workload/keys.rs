//! The keys and values of a workload.
//!
//! In: a [`Workload`], and random numbers. Out: the number of a key, its bytes, and the bytes of a value.
//!
//! Keys are numbered by their first existence: `0..key_space_size`, then the inserted ones. [`Keys`] draws numbers,
//! [`Keys::place`] is the place of a number's key in key order, and [`Keys::name`] writes the key's bytes, which sort
//! by that place.

use super::{KeyDist, KeyOrder, Workload, Zipf};
use crate::random::Random;

/// The prefix of ordered keys, where the key's size allows it.
const PREFIX: &[u8] = b"key";

/// The number of hexadecimal digits of a scattered key.
const HEX: u64 = 16;

/// The number of decimal digits of `n`.
fn digits(n: u64) -> u64 {
    u64::from(n.checked_ilog10().unwrap_or(0)) + 1
}

/// The minimum key size at which all keys are distinct.
pub(super) fn least_size(workload: &Workload) -> u64 {
    match workload.key_order {
        KeyOrder::Ordered => digits(workload.key_space_size - 1),
        KeyOrder::Scrambled => HEX,
    }
}

/// The keys so far.
#[derive(Clone, Debug)]
pub struct Keys {
    dist: KeyDist,
    order: KeyOrder,
    size: usize,
    /// How many there are by now.
    count: u64,
    zipf: Zipf,
}

impl Keys {
    /// The keys of `workload` before any insert.
    pub fn new(workload: &Workload) -> Keys {
        let skewed = matches!(workload.key_dist, KeyDist::Zipf | KeyDist::Latest);
        Keys {
            dist: workload.key_dist,
            order: workload.key_order,
            size: workload.key_size_bytes as usize,
            count: workload.key_space_size,
            zipf: Zipf::new(workload.key_space_size, if skewed { workload.zipf_skew } else { 0.0 }),
        }
    }

    /// How many there are by now.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Inserts a new key, and returns its number.
    pub fn insert(&mut self) -> u64 {
        let number = self.count;
        self.count += 1;
        if matches!(self.dist, KeyDist::Zipf | KeyDist::Latest) {
            self.zipf.grow(self.count);
        }
        number
    }

    /// Draws an existing key; in sequential order, the key of operation number `i`.
    pub fn draw(&self, random: &mut Random, i: u64) -> u64 {
        match self.dist {
            KeyDist::Uniform => random.below(self.count),
            KeyDist::Zipf => self.zipf.draw(random),
            KeyDist::Latest => self.count - 1 - self.zipf.draw(random),
            KeyDist::Sequential => i % self.count,
        }
    }

    /// The place of key `number` in key order: a key with a smaller place is smaller.
    pub fn place(&self, number: u64) -> u64 {
        match self.order {
            KeyOrder::Ordered => number,
            KeyOrder::Scrambled => scramble(number),
        }
    }

    /// Writes the key `number` into `key`.
    pub fn name(&self, number: u64, key: &mut Vec<u8>) {
        key.clear();
        let place = self.place(number);
        match self.order {
            KeyOrder::Ordered => {
                let width = self.size.max(digits(place) as usize);
                if width - digits(place) as usize > PREFIX.len()
                    && self.size > PREFIX.len() + digits(self.count) as usize
                {
                    key.extend_from_slice(PREFIX);
                }
                let start = key.len();
                key.resize(width, b'0');
                write_digits(&mut key[start..], place, 10);
            }
            KeyOrder::Scrambled => {
                key.resize(self.size.max(HEX as usize), b'0');
                write_digits(&mut key[..HEX as usize], place, 16);
            }
        }
    }

    /// Changes `key` to a key that is never written and directly follows it in key order.
    pub fn miss(key: &mut [u8]) {
        if let Some(last) = key.last_mut() {
            // `g` sorts after every hexadecimal digit.
            *last = b'z';
        }
    }
}

/// Fills `out` with the digits of `n`, right-aligned.
fn write_digits(out: &mut [u8], mut n: u64, base: u64) {
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(n % base) as usize];
        n /= base;
    }
}

/// A bijection of the 64-bit numbers that scatters them (SplitMix64's finalizer): no two keys meet.
fn scramble(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// A pool of letters whose slices are the values, so that a value is not generated letter by letter.
#[derive(Clone, Debug)]
pub struct Values {
    pool: Vec<u8>,
    least: u64,
    most: u64,
}

/// The number of offsets in the pool at which values start.
const STARTS: u64 = 64 << 10;

/// The bytes of a piece, which repeats in the pool: less than the window of any compressor.
const PIECE: usize = 100;

impl Values {
    /// The values of `workload`.
    pub fn new(workload: &Workload) -> Values {
        let (least, most) = (workload.value_size_bytes, workload.value_size_max_bytes.max(workload.value_size_bytes));
        // As db_bench: of each piece, a part is random, and the rest repeats it.
        let fresh = ((PIECE as f64 * workload.compression_ratio) as usize).max(1);
        let mut random = Random::new(workload.seed ^ 0x7661_6C75_6573);
        let mut pool = Vec::with_capacity((STARTS + most) as usize + PIECE);
        while (pool.len() as u64) < STARTS + most {
            let piece: Vec<u8> = (0..fresh).map(|_| letter(random.draw())).collect();
            pool.extend(piece.iter().cycle().take(PIECE));
        }
        Values { pool, least, most }
    }

    /// Draws a value: its offset in the pool, and its length.
    pub fn draw(&self, random: &mut Random) -> (u64, u64) {
        (random.below(STARTS), self.least + random.below(self.most - self.least + 1))
    }

    /// The bytes of a drawn value.
    pub fn bytes(&self, (start, len): (u64, u64)) -> &[u8] {
        &self.pool[start as usize..(start + len) as usize]
    }
}

/// One of 64 printable characters.
fn letter(n: u64) -> u8 {
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(n >> 58) as usize]
}
