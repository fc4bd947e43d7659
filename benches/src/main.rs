//! Measures the native engine and fjall in one run.
//!
//! In: the number of entries and of rounds. Out: a table of entries a second, the ratio of each operation, and its
//! budget. Both engines get the same keys and values in the same order, without fsync. Their rounds alternate, so that
//! other load on the machine affects both; the table compares medians.
//!
//! `cargo run --release -p lsmscope-benches [-- ENTRIES [ROUNDS]]`, or `cargo xtask bench native`.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

mod fjall;
mod ours;
mod peer;
mod table;
mod workload;

use std::{error::Error, hint::black_box, process::ExitCode, time::Instant};

use lsmscope_benches::{argument, exit_code};
use peer::Peer;
use workload::Workload;

/// The measured operations, in order.
pub const OPERATIONS: [&str; 4] = ["put", "get that hits", "get that misses", "scan"];

/// The minimum ratio of our rate to the peer's, for each operation.
pub const BUDGET: f64 = 1.5;

/// Entries a second, one number for each operation.
pub type Rates = [f64; OPERATIONS.len()];

/// An engine's name, and the function that runs one round.
type Contestant = (&'static str, fn(&Workload) -> Result<Rates, Box<dyn Error>>);

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let entries = argument(1, "ENTRIES", 500_000)?;
    let rounds = argument(2, "ROUNDS", 5)?;

    let workload = Workload::new(entries);
    let contestants: [Contestant; 2] = [("lsmscope", round::<ours::Lsmscope>), ("fjall 3", round::<fjall::Fjall>)];
    let mut measured = contestants.map(|_| Vec::new());
    for n in 1..=rounds {
        for ((name, round), rates) in contestants.iter().zip(&mut measured) {
            eprintln!("round {n} of {rounds}: {name}");
            rates.push(round(&workload)?);
        }
    }
    println!(
        "native, no fsync: {entries} entries, {}-byte keys in random order, {}-byte values; medians of {rounds} rounds",
        workload::KEY_BYTES,
        workload::VALUE_BYTES
    );
    table::print(&contestants.map(|(name, _)| name), &measured.map(|rounds| table::medians(&rounds)));
    Ok(())
}

/// Runs one round of one engine, in its own directory.
fn round<P: Peer>(workload: &Workload) -> Result<Rates, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let mut peer = P::open(dir.path())?;
    let count = workload.len();

    let put = rate(count, || (0..count).try_for_each(|i| peer.put(&workload.key(i), workload.value(i))))?;
    peer.settle()?;
    let hit = rate(count, || {
        workload.read_order().try_for_each(|i| match peer.get(&workload.key(i))? {
            true => Ok(()),
            false => Err(format!("entry {i} was put and is not found").into()),
        })
    })?;
    let miss = rate(count, || {
        workload.read_order().try_for_each(|i| match peer.get(&workload.missing_key(i))? {
            true => Err(format!("entry {i} was never put and is found").into()),
            false => Ok(()),
        })
    })?;
    let scan = rate(count, || match peer.scan()? {
        found if found == count => Ok(()),
        found => Err(format!("the scan found {found} of {count} entries").into()),
    })?;
    Ok([put, hit, miss, scan])
}

/// The entries a second of `work`, which handles `count` entries.
#[allow(clippy::disallowed_methods, reason = "a bench measures the real clock")]
fn rate(count: usize, work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    black_box(work()?);
    Ok(count as f64 / start.elapsed().as_secs_f64())
}
