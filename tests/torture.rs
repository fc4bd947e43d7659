//! The campaigns, with the numbers that every change must stand.

#![cfg(not(target_arch = "wasm32"))]

use lsmscope::torture::{Campaign, Case, Tally, run};

/// Runs cases `from..to` of seed 1.
fn cases(campaign: Campaign, numbers: std::ops::Range<u64>) -> Tally {
    let scratch = scratch();
    let mut tally = Tally::default();
    for number in numbers {
        if let Err(failure) = run(campaign, &Case::new(1, number, Some(scratch.path())), &mut tally) {
            panic!("{failure}");
        }
    }
    println!("{campaign:?}: {tally:?}");
    tally
}

/// A directory in memory where there is one: what is tested is the engine on real files, not the disk's patience.
fn scratch() -> tempfile::TempDir {
    let in_memory = std::path::Path::new("/dev/shm");
    if in_memory.is_dir() { tempfile::tempdir_in(in_memory) } else { tempfile::tempdir() }.unwrap()
}

#[test]
fn power() {
    cases(Campaign::Power, 0..20);
}

#[test]
fn metamorphic() {
    cases(Campaign::Metamorphic, 0..40);
}

#[test]
fn faults() {
    cases(Campaign::Faults, 0..60);
}

#[test]
fn damage() {
    cases(Campaign::Damage, 0..2);
}
