//! `std::sort` of GNU's C++ library, swap for swap.
//!
//! RocksDB ranks tables by sequence number with it, and compaction sets the sequence numbers of the last level to 0: so
//! a level that was the last one for a while is full of equals, and which of them goes first is what this unstable sort
//! makes of them. In: items and their order. Out: the items as RocksDB on Linux has them.
//!
//! ```text
//! until a run has 16 items or fewer: move the median of its second, middle and last item to the front, partition
//! around it, go on with the right part, then with the left;  at last: insertion sort over all of it
//! ```

/// Runs of this many are left to the insertion sort.
const SHORT: usize = 16;

/// Sorts `items` by `key`.
pub(super) fn sort_by_key<T: Copy, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K + Copy) {
    if items.len() > 1 {
        let depth = 2 * items.len().ilog2();
        split(items, depth, key);
        insert(items, key);
    }
}

fn split<T: Copy, K: Ord>(mut items: &mut [T], mut depth: u32, key: impl Fn(&T) -> K + Copy) {
    while items.len() > SHORT {
        if depth == 0 {
            // GNU's sorts by heap from here. It takes an input made to get here, which sequence numbers are not.
            items.sort_by_key(key);
            return;
        }
        depth -= 1;
        let last = items.len() - 1;
        median_to_front(items, 1, items.len() / 2, last, key);
        let cut = partition(items, key);
        let (left, right) = items.split_at_mut(cut);
        split(right, depth, key);
        items = left;
    }
}

fn median_to_front<T, K: Ord>(items: &mut [T], a: usize, b: usize, c: usize, key: impl Fn(&T) -> K) {
    let less = |x: usize, y: usize| key(&items[x]) < key(&items[y]);
    let median = match (less(a, b), less(b, c), less(a, c)) {
        (true, true, _) => b,
        (true, false, true) => c,
        (true, false, false) => a,
        (false, _, true) => a,
        (false, true, false) => c,
        (false, false, false) => b,
    };
    items.swap(0, median);
}

/// Puts what is less than the first item before what is not; where the second part begins. Equals are swapped.
fn partition<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) -> usize {
    let (mut left, mut right) = (1, items.len());
    loop {
        while key(&items[left]) < key(&items[0]) {
            left += 1;
        }
        right -= 1;
        while key(&items[0]) < key(&items[right]) {
            right -= 1;
        }
        if left >= right {
            return left;
        }
        items.swap(left, right);
        left += 1;
    }
}

fn insert<T: Copy, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for i in 1..items.len() {
        let at = items[..i].partition_point(|t| key(t) <= key(&items[i]));
        items[at..=i].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of libstdc++'s `std::sort` for `n` items `(key, place)` with equal keys.
    fn equals(n: usize) -> Vec<usize> {
        let mut items: Vec<(u64, usize)> = (0..n).map(|i| (0, i)).collect();
        sort_by_key(&mut items, |item| item.0);
        items.into_iter().map(|item| item.1).collect()
    }

    // Made by g++'s.
    const EQUALS_17: [usize; 17] = [8, 16, 15, 14, 13, 12, 11, 10, 9, 0, 7, 6, 5, 4, 3, 2, 1];
    const EQUALS_24: [usize; 24] =
        [12, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

    #[test]
    fn few_equals_stay_as_they_are() {
        assert_eq!(equals(16), (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn many_equals_are_swapped_about_as_there() {
        assert_eq!(equals(17), EQUALS_17);
        assert_eq!(equals(24), EQUALS_24);
    }

    #[test]
    fn it_sorts() {
        let mut state = 1u64;
        for n in 0..200 {
            let mut items: Vec<u64> = (0..n)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 33) % 50
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_by_key(&mut items, |n| *n);
            assert_eq!(items, expected);
        }
    }
}
