//! The campaigns of [`lsmscope::torture`], with the numbers that every change must stand: they take about two minutes
//! on two cores. `lsmscope torture` runs the same ones for as long as one likes.
//!
//! # Do they find anything?
//!
//! Each of these was done to the engine once, the campaigns were run (`--seed 1`), and the engine was mended again.
//! What they printed, shortened:
//!
//! **A sync is skipped**: in `engine/write.rs`, `seal` did not call `sync_wal`. Found by power and faults.
//!
//! ```text
//! faults: case 6: Sync of a Wal number 8 fails and every later one: Io: opened after a power cut: it does not open:
//!   000003.log is damaged at byte 0: the frame begins with sequence number 6, expected 2: 000002.log ends torn
//!   3 of 90 operations are enough: put … v37 │ batch put k11 v38; … │ put k03 v42
//! ```
//!
//! **A version is installed before its edit is durable**: in `engine/install.rs`, `log_edit` did not sync the manifest.
//! Found by power and faults. The one table that the edit names is there, and its log is gone.
//!
//! ```text
//! power: case 0: the power went during `put k09 v72qqq…`, after call 3: Sync 000002.log
//!   1 writes were recovered; then came `put k03 more0; delete k01; put k00 more1; delete k03`, and another power cut
//!   that kept torn:1533…: LOST: write 5 was promised to be durable, but only 1 writes are there
//!   1 of 110 operations are enough: put k09 v72qqq…
//! ```
//!
//! **The log is deleted too early**: in `engine/jobs.rs`, the edit of a flush always had `next_file` as its
//! `log_number`, as if the active memtable were empty. Found by power, faults and metamorphic.
//!
//! ```text
//! power: case 0: the power went during `put k00 v56`, after call 10: Append 000004.log
//!   4 writes were recovered; after more writes and another power cut it does not open again: 000006.log is damaged at
//!   byte 0: the frame begins with sequence number 5, expected 4
//!   5 of 110 operations are enough: put k01 v51 │ (reopened) │ delete k01 │ put k02 v55yyy… │ put k00 v56
//! metamorphic: case 1: a panic: a log is open
//! ```
//!
//! **A checksum is ignored**: in `engine/table/seal.rs`, `check` did not compare the stored one with the computed one.
//! Found by damage.
//!
//! ```text
//! damage: case 0: Flip(000016.sst, 14832): a scan returns k124 where k13 should come
//! ```
//!
//! **A tombstone is dropped too soon**: in `engine/jobs.rs`, `Plan::tombstone` did not ask `hides_something`. Found by
//! all four.
//!
//! ```text
//! power: case 0: the power went during `put k09 v72qqq…`, after call 40: Append 000012.log
//!   11 writes were recovered; then came `put k06 more0; delete k00; put k01 more1; delete k08`, and another power cut
//!   that kept nothing: of 15 writes: a scan returns k08 where k09 should come
//!   13 of 110 operations are enough: put k08 v65 │ flush │ compact │ …
//! metamorphic: case 0: variant 7: a scan returns \xff\x00\x86, which should not come
//!   12 of 400 operations are enough: … delete \xff\x00\x86 │ … │ put \xff\x00\x86 v205 │ … │ delete \xff\x00\x86 │ …
//! ```
//!
//! And one that nobody had planned: a process that is killed leaves bytes that the next open reads, and that a power
//! cut still takes. Recovery relied on them; now it makes them durable first.
//!
//! ```text
//! power: case 1: the power went during `put k04 v75`, after call 3: Append 000003.log
//!   LOST: write 1 was promised to be durable, but only 0 writes are there
//!   3 of 110 operations are enough: delete k18 │ (the process is killed, and the database opened) │ put k04 v75
//! ```

#![allow(clippy::disallowed_macros, reason = "a test's own report, which the test runner prints")]
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
const MAX_MEMORY: f32 = 200.0;

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
    assert!(memory < MAX_MEMORY, "{memory} MB were allocated at some moment");
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
