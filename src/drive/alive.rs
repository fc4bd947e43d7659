//! The set of a workload's keys that have a value, for space amplification as the literature counts it: all entries
//! divided by those that a reader can see (Dayan and Idreos, Dostoevsky, SIGMOD 2018: `N / unq`).

/// Keys with higher numbers are not kept count of: a bit each, 16 MiB at most.
const MAX_COUNTED_KEYS: u64 = 1 << 27;

/// A bit for each key that has a value.
#[derive(Debug, Default)]
pub(super) struct Alive {
    bits: Vec<u64>,
    count: u64,
    /// There are keys that it does not know of.
    unknown: bool,
}

impl Alive {
    /// Gives up counting: there are keys that were not reported.
    pub fn lose_count(&mut self) {
        self.unknown = true;
    }

    /// The key `number` has a value from now on.
    pub fn put(&mut self, number: u64) {
        let Some((word, bit)) = self.place(number) else { return };
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.count += u64::from(self.bits[word] & bit == 0);
        self.bits[word] |= bit;
    }

    /// The key `number` has none from now on.
    pub fn delete(&mut self, number: u64) {
        let Some((word, bit)) = self.place(number) else { return };
        if let Some(bits) = self.bits.get_mut(word) {
            self.count -= u64::from(*bits & bit != 0);
            *bits &= !bit;
        }
    }

    fn place(&mut self, number: u64) -> Option<(usize, u64)> {
        self.unknown |= number >= MAX_COUNTED_KEYS;
        (number < MAX_COUNTED_KEYS).then_some(((number / 64) as usize, 1 << (number % 64)))
    }

    /// How many keys have a value; none if that is not known.
    pub fn count(&self) -> Option<u64> {
        (!self.unknown).then_some(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_once_until_it_is_deleted() {
        let mut alive = Alive::default();
        [3, 64, 3, 1_000_000].into_iter().for_each(|key| alive.put(key));
        assert_eq!(alive.count(), Some(3));
        [64, 64, 65, 9_000_000].into_iter().for_each(|key| alive.delete(key));
        assert_eq!(alive.count(), Some(2));
        alive.put(64);
        assert_eq!(alive.count(), Some(3));
    }

    #[test]
    fn what_it_cannot_count_it_does_not_guess() {
        let mut alive = Alive::default();
        alive.put(MAX_COUNTED_KEYS);
        assert_eq!(alive.count(), None);
        let mut alive = Alive::default();
        alive.lose_count();
        alive.put(1);
        assert_eq!(alive.count(), None);
    }
}
