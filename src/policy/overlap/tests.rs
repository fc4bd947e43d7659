use super::*;
use crate::policy::testing::tree;

fn range<'a>(smallest: &'a str, largest: &'a str) -> KeyRange<'a> {
    let key = |text: &str| -> &Bytes { Box::leak(Box::new(text.into())) };
    KeyRange { smallest: key(smallest), largest: key(largest) }
}

#[test]
fn a_sorted_level_gives_the_tables_that_touch_the_range() {
    let v = tree(&[(1, 1, "a", "c", 10), (1, 2, "e", "g", 10), (1, 3, "i", "k", 10)]);
    for (from, to, expected) in
        [("a", "z", vec![1, 2, 3]), ("c", "e", vec![1, 2]), ("d", "d", vec![]), ("k", "z", vec![3])]
    {
        assert_eq!(in_sorted(&v, 1, range(from, to)).ids(), expected, "{from}-{to}");
    }
    assert_eq!(inside(&v, 1, range("b", "k")).ids(), [2, 3]);
}

#[test]
fn level_0_pulls_in_tables_that_overlap_only_through_others() {
    let v = tree(&[(0, 1, "a", "c", 10), (0, 2, "c", "f", 10), (0, 3, "f", "h", 10), (0, 4, "x", "z", 10)]);
    assert_eq!(closure_in_level_0(&v, range("a", "b")).ids(), [3, 2, 1]);
    assert_eq!(closure_in_level_0(&v, range("z", "z")).ids(), [4]);
}

#[test]
fn a_clean_cut_takes_every_version_of_a_boundary_key() {
    let mut v = tree(&[(1, 1, "a", "c", 10), (1, 3, "g", "i", 10)]);
    // The engine never splits a key over two tables of a level, but a history from elsewhere may.
    let split = tree(&[(1, 2, "c", "g", 10)]).levels[1][0].clone();
    v.levels[1].insert(1, &split);
    for span in [0..1, 1..2, 2..3, 0..3] {
        assert_eq!(clean_cut(&v, 1, span).ids(), [1, 2, 3]);
    }
    assert_eq!(overlapping(&v, 1, range("h", "h")).ids(), [1, 2, 3]);
    assert!(overlapping(&v, 1, range("x", "z")).is_empty());
}

#[test]
fn ranked_overlap_counts_the_next_level_once_from_left_to_right() {
    let v = tree(&[
        (1, 1, "a", "d", 10),
        (1, 2, "e", "h", 10),
        (1, 3, "p", "q", 10),
        (2, 4, "b", "c", 100),
        (2, 5, "d", "f", 200),
        (2, 6, "h", "k", 400),
    ]);
    // 5 only shares d, the last key of 1; 6 only shares h, the last key of 2.
    assert_eq!(ranked_overlap(&v, 1), [100, 200, 0]);
    assert_eq!(ranked_overlap(&v, 3), [] as [u64; 0]);
}

#[test]
fn disjoint_means_no_shared_key() {
    let v = tree(&[(0, 1, "a", "c", 10), (0, 2, "x", "z", 10), (0, 3, "c", "d", 10)]);
    let tables = || v.levels[0].iter().map(|t| &**t);
    assert!(!are_disjoint(tables()));
    assert!(are_disjoint(tables().take(2)));
}
