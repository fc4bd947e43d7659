//! The keys and values of the bench: generated from a seed, so that they are equal for each run and engine.

/// The bytes of every key.
pub const KEY_BYTES: usize = 16;
/// The bytes of every value.
pub const VALUE_BYTES: usize = 100;

/// The entries to put, and the order of the reads.
pub struct Workload {
    read_order: Vec<u32>,
    pool: Vec<u8>,
}

impl Workload {
    /// A workload of `entries` entries.
    pub fn new(entries: usize) -> Workload {
        let mut read_order: Vec<u32> = (0..).take(entries).collect();
        for i in (1..entries).rev() {
            read_order.swap(i, (mix(i as u64) % (i as u64 + 1)) as usize);
        }
        let pool = (0..1 << 16).map(|i| mix(i) as u8).collect();
        Workload { read_order, pool }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.read_order.len()
    }

    /// The key of entry `i`; consecutive entries are far apart.
    pub fn key(&self, i: usize) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        key[..8].copy_from_slice(&mix(i as u64).to_be_bytes());
        key[8..].copy_from_slice(&(i as u64).to_be_bytes());
        key
    }

    /// A key of the same form that no entry has.
    pub fn missing_key(&self, i: usize) -> [u8; KEY_BYTES] {
        self.key(self.len() + i)
    }

    /// The value of entry `i`: incompressible bytes.
    pub fn value(&self, i: usize) -> &[u8] {
        let start = mix(i as u64) as usize % (self.pool.len() - VALUE_BYTES);
        &self.pool[start..start + VALUE_BYTES]
    }

    /// Every entry once, in an order independent of puts and keys.
    pub fn read_order(&self) -> impl Iterator<Item = usize> {
        self.read_order.iter().map(|i| *i as usize)
    }
}

/// A bijection of the 64-bit numbers that scatters them (the finalizer of SplitMix64).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Workload;

    #[test]
    fn keys_are_distinct_and_every_entry_is_read_once() {
        let workload = Workload::new(1000);
        let keys: BTreeSet<_> = (0..1000).flat_map(|i| [workload.key(i), workload.missing_key(i)]).collect();
        assert_eq!(keys.len(), 2000);
        assert_eq!(workload.read_order().collect::<BTreeSet<_>>().len(), 1000);
        assert!(!workload.read_order().is_sorted());
    }
}
