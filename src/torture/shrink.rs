//! Shrinks a failing script until no single operation can be removed (delta debugging: Zeller and Hildebrandt,
//! *Simplifying and isolating failure-inducing input*, 2002).
//!
//! In: the number of operations, and a function that runs some of them. Out: the operations that still fail, by
//! position, and their failure. After [`MAX_TRIES`] runs, the smallest failing script so far.

/// The maximum number of runs: shrinking takes minutes at most.
const MAX_TRIES: usize = 600;

/// Returns a small subset of the operations `0..count` that still fails, and its failure. `fails` runs a subset and
/// returns its failure, if any; `first` is the failure of all operations.
pub(super) fn shrink<F>(count: usize, first: F, mut fails: impl FnMut(&[usize]) -> Option<F>) -> (Vec<usize>, F) {
    let mut kept: Vec<usize> = (0..count).collect();
    let mut failure = first;
    let mut tries = 0;
    let mut chunk = count.div_ceil(2).max(1);
    while !kept.is_empty() {
        let before = kept.len();
        let mut start = 0;
        while start < kept.len() {
            if tries == MAX_TRIES {
                return (kept, failure);
            }
            tries += 1;
            let end = (start + chunk).min(kept.len());
            let without: Vec<usize> = kept[..start].iter().chain(&kept[end..]).copied().collect();
            match fails(&without) {
                Some(smaller) => (kept, failure) = (without, smaller),
                None => start = end,
            }
        }
        if chunk == 1 && kept.len() == before {
            break;
        }
        // Repeats with single operations while that removes one: a removal may make other operations needless.
        chunk = chunk.div_ceil(2).max(1);
    }
    (kept, failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_together_stays_and_nothing_else() {
        let needed = [3, 57, 58];
        let (kept, why) = shrink(100, 0, |kept| needed.iter().all(|n| kept.contains(n)).then_some(kept.len()));
        assert_eq!((kept, why), (needed.to_vec(), 3));
    }

    #[test]
    fn a_failure_that_needs_no_operation_is_left_with_none() {
        assert_eq!(shrink(9, (), |_| Some(())).0, [0; 0]);
    }

    #[test]
    fn a_failure_that_needs_all_keeps_all() {
        assert_eq!(shrink(6, (), |kept| (kept.len() == 6).then_some(())).0, [0, 1, 2, 3, 4, 5]);
    }
}
