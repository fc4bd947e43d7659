use super::*;
use crate::{options::CompactionStyle, policy::testing::bytes_of_levels as tree};

const GB: u64 = 1 << 30;

fn value(all: &[Expected], quantity: Quantity, counted: Counted) -> f64 {
    all.iter().find(|e| e.quantity == quantity && e.counted == counted).expect("it is among them").value
}

fn static_options(base: u64) -> Options {
    Options { max_bytes_for_level_base: base, level_compaction_dynamic_level_bytes: false, ..Options::default() }
}

#[test]
fn the_tuning_guide_s_example_comes_to_33() {
    // Level 0 is due with four tables of 128 MB: 512 MB, as many as level 1 holds; then 5, 50 and 500 GB.
    let version = tree(&[GB / 8, GB / 2, 5 * GB, 50 * GB, 500 * GB, 0, 0]);
    let all = expected(&static_options(GB / 2), &version);
    assert_eq!(value(&all, Quantity::Write, Counted::Rocksdb), 33.0);
    assert_eq!(
        all[0].formula.to_string(),
        "1 + (536870912 + 536870912) / 536870912 bytes + 10 × 3 levels below the base"
    );
    assert_eq!(worst_case(GB / 2, GB / 2, 10.0, 3).value, 33.0);
    assert_eq!(value(&all, Quantity::Write, Counted::Literature), 40.0);
    assert_eq!(value(&all, Quantity::Scan, Counted::Literature), 4.0);
}

#[test]
fn space_is_that_of_full_levels_by_that_of_the_last() {
    let full = expected(&static_options(GB), &tree(&[0, GB, 10 * GB, 100 * GB, 1000 * GB]));
    assert!((value(&full, Quantity::Space, Counted::Rocksdb) - 1.1112).abs() < 0.001);
    // The last level is nowhere near its target.
    let young = expected(&static_options(GB), &tree(&[0, GB, 10 * GB, 100 * GB, 200 * GB]));
    assert!((value(&young, Quantity::Space, Counted::Rocksdb) - 1.5562).abs() < 0.002);
    assert!((value(&full, Quantity::Space, Counted::Literature) - 1.0 - 1.0 / 9.0).abs() < 1e-12);
    // Dynamic targets follow the last level, so that it is a tenth again.
    let dynamic = Options { max_bytes_for_level_base: GB, ..Options::default() };
    let young = expected(&dynamic, &tree(&[0, GB, 10 * GB, 100 * GB, 200 * GB]));
    assert!(value(&young, Quantity::Space, Counted::Rocksdb) < 1.13);
}

#[test]
fn tiers_are_written_once_a_level_and_read_once_a_run() {
    let options = Options { compaction_style: CompactionStyle::Universal, ..Options::default() };
    // Merged four at a time, 1 GB is four levels above 8 MB and more: 8, 32, 128, 512.
    let all = expected(&options, &tree(&[8 << 20, 0, 0, 0, 0, 200 << 20, 800 << 20]));
    assert_eq!(value(&all, Quantity::Write, Counted::Literature), 4.0);
    assert_eq!(value(&all, Quantity::Scan, Counted::Literature), 16.0);
    assert_eq!(value(&all, Quantity::Space, Counted::Literature), 4.0);
}

#[test]
fn lazy_leveling_writes_like_tiers_and_stores_like_levels() {
    let options = Options {
        compaction_style: CompactionStyle::LazyLeveling,
        max_bytes_for_level_multiplier: 4.0,
        ..Options::default()
    };
    let all = expected(&options, &tree(&[8 << 20, 0, 0, 0, 0, 0, 1000 << 20]));
    assert_eq!(value(&all, Quantity::Write, Counted::Literature), 8.0);
    assert_eq!(value(&all, Quantity::Scan, Counted::Literature), 13.0);
    assert_eq!(value(&all, Quantity::Space, Counted::Literature), 1.25);
}

#[test]
fn filters_let_so_much_through_and_monkey_s_less() {
    // The chance of 10 bits is 0.8194 %.
    let all = expected(&static_options(GB), &tree(&[0, GB, 10 * GB, 100 * GB]));
    let plain = value(&all, Quantity::AbsentGet, Counted::Literature);
    assert!((plain - 3.0 * 0.008_194).abs() < 1e-5, "{plain}");
    let best = value(&all, Quantity::AbsentGetMonkey, Counted::Literature);
    assert!((0.008_194..plain / 2.0).contains(&best), "{best}");
}

#[test]
fn monkey_s_split_uses_all_bits_and_no_other_is_better() {
    let bits_of = |fpr: f64| -fpr.ln() / std::f64::consts::LN_2.powi(2);
    for (runs, bits) in [(vec![10, 100, 1000], 5.0), (vec![500, 500], 8.0), (vec![1, 7, 90, 3000], 1.0)] {
        let sum: u64 = runs.iter().sum();
        let best = monkey(&runs, bits);
        if best < 1.0 {
            let spent: f64 = runs.iter().map(|n| *n as f64 * bits_of(best * *n as f64 / sum as f64)).sum();
            assert!((spent / (bits * sum as f64) - 1.0).abs() < 1e-9, "{runs:?}");
        }
        // Move a share of the bits from one run to another: never fewer false positives.
        let (small, large) = (runs[0] as f64, runs[runs.len() - 1] as f64);
        for moved in [-0.3, -0.05, 0.05, 0.3] {
            let others: f64 = runs[1..runs.len() - 1].iter().map(|n| best * *n as f64 / sum as f64).sum();
            let fpr = |n: f64, more: f64| {
                let share = best * n / sum as f64 * (-more / n * std::f64::consts::LN_2.powi(2)).exp();
                share.min(1.0)
            };
            if best < 1.0 {
                assert!(others + fpr(small, moved * small) + fpr(large, -moved * small) >= best - 1e-12, "{runs:?}");
            }
        }
    }
    // With no bits every run is read; with few, only the largest has none.
    assert!((monkey(&[10, 100, 1000], 0.0) - 3.0).abs() < 1e-9);
    assert!((1.0..1.2).contains(&monkey(&[10, 100, 1000], 0.5)), "{}", monkey(&[10, 100, 1000], 0.5));
}

#[test]
fn an_empty_tree_has_none() {
    assert_eq!(expected(&Options::default(), &Version::new(7)), []);
}
