//! Campaigns of [`lsmscope::torture`] that start processes: one that is killed, and `mount` for a disk that is really
//! full.
//!
//! They have a test file of their own, and run one after the other: a process that is being started holds, for a
//! moment, every file that is open in the one that starts it, and with it the lock of every database.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::{path::Path, sync::Mutex};

use lsmscope::torture::{Campaign, Case, Tally, run};

/// Cases of each campaign.
const CASES: u64 = 60;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs cases of seed 1.
fn cases(campaign: Campaign) -> Tally {
    let alone = ONE_AT_A_TIME.lock();
    // In memory where there is such a place: what is tested is the engine on real files, not the disk's patience.
    let in_memory = Path::new("/dev/shm");
    let scratch = if in_memory.is_dir() { tempfile::tempdir_in(in_memory) } else { tempfile::tempdir() }.unwrap();
    let program = Some(Path::new(env!("CARGO_BIN_EXE_lsmscope")));
    let mut tally = Tally::default();
    for number in 0..CASES {
        let case = Case { program, ..Case::new(1, number, Some(scratch.path())) };
        if let Err(failure) = run(campaign, &case, &mut tally) {
            panic!("{failure}");
        }
    }
    drop(alone);
    tally
}

#[test]
fn a_process_that_is_killed_loses_nothing_that_it_had_handed_over() {
    let tally = cases(Campaign::Kill);
    assert!(tally.points >= 200 && tally.operations >= 5000, "{tally:?}");
}

#[test]
fn a_disk_that_is_really_full_refuses_writes_and_loses_nothing() {
    let tally = cases(Campaign::Full);
    assert!(tally.points == CASES && tally.errors >= CASES * 4, "{tally:?}");
    // As root, as in CI, each is a small file system; else a limit of our own.
    assert!(tally.on_files == CASES || tally.on_files == 0, "{tally:?}");
}
