//! Bloom filters: "certainly not here", or "maybe", at a few bits a key.
//!
//! In: the [`hash`] of each distinct user key, to a [`FilterBuilder`]. Out: a payload (to be [sealed](super::seal)),
//! and from it a [`Filter`] that is asked by hash, so that a read hashes its key once for all tables.
//!
//! ```text
//! ┌──────┬──────────────────────────────┐
//! │  k   │ bits, the lowest of a byte first │
//! └──────┴──────────────────────────────┘
//!  1 byte   at least 8 bytes
//! ```
//!
//! Each key sets `k` bits, and a key that finds one of its bits unset was never added. `k` = 0.69 × bits per key (about
//! ln 2, which is best), at least 1 and at most 30. The k places come from one hash: the low half, plus the high half
//! again and again (*double hashing*), each scaled to the number of bits.

use crate::trace::BitProbe;

/// What filters know of a key.
#[inline]
pub fn hash(key: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key)
}

/// The least bits of a filter: with fewer, a few keys would fill it.
const MIN_BITS: u64 = 64;

/// The most bits of a filter: places are computed in 32 bits.
const MAX_BITS: u64 = (u32::MAX as u64) & !7;

/// Collects hashes, and makes a filter of them.
#[derive(Clone, Debug)]
pub struct FilterBuilder {
    /// Thousandths of bits per key: whole, so that every machine makes the same filter.
    millibits: u64,
    hashes: Vec<u64>,
}

impl FilterBuilder {
    /// A filter with `bits_per_key` bits for each key (to the thousandth); none is made for 0.
    pub fn new(bits_per_key: f64) -> FilterBuilder {
        FilterBuilder { millibits: (bits_per_key * 1000.0).round() as u64, hashes: Vec::new() }
    }

    /// Whether there will be a filter.
    pub fn wanted(&self) -> bool {
        self.millibits > 0
    }

    /// Thousandths of bits per key.
    pub fn millibits(&self) -> u64 {
        self.millibits
    }

    /// Takes in the [`hash`] of one more key.
    pub fn add(&mut self, hash: u64) {
        self.hashes.push(hash);
    }

    /// The filter of all hashes so far; `None` if none is wanted.
    pub fn finish(&self) -> Option<Filter> {
        if !self.wanted() {
            return None;
        }
        let wanted = (self.hashes.len() as u64).saturating_mul(self.millibits).div_ceil(1000);
        let bytes = wanted.clamp(MIN_BITS, MAX_BITS).div_ceil(8) as usize;
        let mut payload = vec![0; 1 + bytes];
        payload[0] = (self.millibits * 69 / 100_000).clamp(1, 30) as u8;
        let mut filter = Filter { payload };
        for &hash in &self.hashes {
            filter.insert(hash);
        }
        Some(filter)
    }
}

/// A filter, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    payload: Vec<u8>,
}

impl Filter {
    /// Checks a payload.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(payload: Vec<u8>) -> Result<Filter, String> {
        match payload.first() {
            Some(1..=30) if payload.len() > 1 && (payload.len() as u64 - 1) * 8 <= MAX_BITS => Ok(Filter { payload }),
            Some(1..=30) => Err(format!("a filter of {} bytes cannot be", payload.len())),
            _ => Err("the filter's number of probes is not 1 to 30".to_string()),
        }
    }

    /// The payload that [`parse`](Filter::parse) reads.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// How many bits it has.
    #[inline]
    pub fn bits(&self) -> u64 {
        (self.payload.len() as u64 - 1) * 8
    }

    /// How many bits a key sets.
    #[inline]
    pub fn k(&self) -> u32 {
        u32::from(self.payload[0])
    }

    /// Whether bit `bit` is set; false past the end.
    #[inline]
    pub fn bit(&self, bit: u64) -> bool {
        self.payload.get(1 + (bit / 8) as usize).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }

    /// How many bits are set.
    pub fn ones(&self) -> u64 {
        self.payload[1..].iter().map(|byte| u64::from(byte.count_ones())).sum()
    }

    /// False if no key with this hash was added; true if one was, or by chance.
    #[inline]
    pub fn may_contain(&self, hash: u64) -> bool {
        self.places(hash).all(|bit| self.bit(bit))
    }

    /// The bits that [`may_contain`](Filter::may_contain) tests: up to the first that is not set.
    pub fn probe(&self, hash: u64) -> Vec<BitProbe> {
        let mut probes = Vec::new();
        for bit in self.places(hash) {
            let set = self.bit(bit);
            probes.push(BitProbe { bit, set });
            if !set {
                break;
            }
        }
        probes
    }

    /// The places of a hash's bits.
    #[inline]
    fn places(&self, hash: u64) -> impl Iterator<Item = u64> + use<> {
        let bits = self.bits();
        // An odd step visits every place before it repeats one.
        let (mut place, step) = (hash as u32, (hash >> 32) as u32 | 1);
        (0..self.k()).map(move |_| {
            let bit = (u64::from(place) * bits) >> 32;
            place = place.wrapping_add(step);
            bit
        })
    }

    fn insert(&mut self, hash: u64) {
        for bit in self.places(hash) {
            self.payload[1 + (bit / 8) as usize] |= 1 << (bit % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(keys: u64, bits_per_key: f64) -> Filter {
        let mut builder = FilterBuilder::new(bits_per_key);
        (0..keys).for_each(|i| builder.add(hash(&i.to_le_bytes())));
        builder.finish().unwrap()
    }

    fn let_through(filter: &Filter) -> usize {
        (0..100_000u64).filter(|i| filter.may_contain(hash(&(i + 1_000_000_000).to_le_bytes()))).count()
    }

    #[test]
    fn every_key_that_was_added_is_let_through() {
        for keys in [0, 1, 7, 1000] {
            for bits in [0.4, 1.0, 10.0, 64.0] {
                let filter = filter(keys, bits);
                assert!((0..keys).all(|i| filter.may_contain(hash(&i.to_le_bytes()))), "{keys} {bits}");
            }
        }
    }

    #[test]
    fn ten_bits_let_about_one_absent_key_in_a_hundred_through() {
        let filter = filter(20_000, 10.0);
        assert_eq!((filter.bits(), filter.k()), (200_000, 6));
        let n = let_through(&filter);
        assert!((700..1_150).contains(&n), "{n} of 100,000");
        // The rate that the number of set bits predicts.
        let predicted = (filter.ones() as f64 / filter.bits() as f64).powi(6) * 100_000.0;
        assert!((n as f64 - predicted).abs() < 150.0, "{n} of 100,000, {predicted:.0} predicted");
    }

    #[test]
    fn twenty_bits_let_next_to_none_through() {
        let filter = filter(20_000, 20.0);
        assert_eq!(filter.k(), 13);
        assert!(let_through(&filter) < 30);
    }

    #[test]
    fn the_number_of_probes_stays_between_1_and_30() {
        assert_eq!((filter(1, 0.1).k(), filter(1, 64.0).k()), (1, 30));
        assert_eq!(filter(0, 10.0).bits(), MIN_BITS);
        assert!(FilterBuilder::new(0.0).finish().is_none());
    }

    #[test]
    fn a_probe_ends_at_the_first_unset_bit_and_agrees_with_the_answer() {
        let filter = filter(100, 8.0);
        for i in 0..1000u64 {
            let (hash, k) = (hash(&i.to_le_bytes()), filter.k() as usize);
            let probes = filter.probe(hash);
            let (last, before) = probes.split_last().unwrap();
            assert!(before.iter().all(|p| p.set) && (probes.len() == k || !last.set));
            assert_eq!(last.set, filter.may_contain(hash));
            assert!(probes.iter().all(|p| p.bit < filter.bits()));
        }
    }

    #[test]
    fn a_filter_reads_back_and_nonsense_is_refused() {
        let filter = filter(10, 10.0);
        assert_eq!(Filter::parse(filter.payload().to_vec()).unwrap(), filter);
        for nonsense in [vec![], vec![6], vec![0, 1, 1], vec![31, 1, 1]] {
            assert!(Filter::parse(nonsense).is_err());
        }
    }
}
