//! The campaigns of [`lsmscope::torture`], with the numbers that every change must stand: they take about two minutes on
//! two cores. `lsmscope torture` runs the same ones for as long as one likes.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "cli")]
mod command;

use lsmscope::torture::{Campaign, Case, Tally, damage::SLICES, run};
use peak_alloc::PeakAlloc;

/// Counts what is allocated, even if it is never touched: a damaged length must not ask for more than there is.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most memory that all campaigns together may ever hold, in MB: one allocation by a length with a high bit flipped
/// would be far beyond it.
const MOST_MEMORY: f32 = 200.0;

/// Runs cases of seed 1.
fn cases(campaign: Campaign, numbers: std::ops::Range<u64>) -> Tally {
    let scratch = scratch();
    let mut tally = Tally::default();
    for number in numbers {
        if let Err(failure) = run(campaign, &Case::new(1, number, Some(scratch.path())), &mut tally) {
            panic!("{failure}");
        }
    }
    let memory = MEMORY.peak_usage_as_mb();
    println!("{}: {tally:?}, {memory:.0} MB at most", campaign.name());
    assert!(memory < MOST_MEMORY, "{memory} MB were allocated at some moment");
    tally
}

/// A directory in memory where there is one: what is tested is the engine on real files, not the disk's patience.
fn scratch() -> tempfile::TempDir {
    let in_memory = std::path::Path::new("/dev/shm");
    if in_memory.is_dir() { tempfile::tempdir_in(in_memory) } else { tempfile::tempdir() }.unwrap()
}

#[test]
fn a_hundred_thousand_power_cuts_lose_nothing() {
    let tally = cases(Campaign::Power, 0..120);
    assert!(tally.points >= 100_000, "{tally:?}");
    assert!(tally.nested >= 30_000 && tally.on_files >= 1000, "{tally:?}");
}

#[test]
fn a_disk_that_fails_is_told_of_and_loses_nothing() {
    let tally = cases(Campaign::Faults, 0..250);
    assert!(tally.points >= 10_000, "{tally:?}");
    assert!(tally.errors >= 50_000, "the faults must be met: {tally:?}");
}

/// In two tests, so that two cores have work.
fn half_of_a_damaged_database(slices: std::ops::Range<u64>) {
    let tally = cases(Campaign::Damage, slices);
    assert!(tally.bits >= 64 * 1024 * 8 / 2 && tally.on_files >= 1000, "{tally:?}");
}

#[test]
fn no_flipped_bit_gives_a_wrong_answer() {
    half_of_a_damaged_database(0..SLICES / 2);
}

#[test]
fn no_flipped_bit_gives_a_wrong_answer_in_the_other_half() {
    half_of_a_damaged_database(SLICES / 2..SLICES);
}

#[test]
fn a_million_operations_answer_the_same_in_all_circumstances() {
    let tally = cases(Campaign::Metamorphic, 0..320);
    assert!(tally.operations >= 1_000_000 && tally.on_files >= 50, "{tally:?}");
}
