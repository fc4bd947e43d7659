//! Measures the simulator's presets.
//!
//! In: the number of rounds. Out: the time and the events of each preset, and the share of the budget of `ten-hours`.
//!
//! `cargo run --release -p lsmscope-benches --bin simulator [-- ROUNDS]`, or `cargo xtask bench simulator`.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

use std::{error::Error, process::ExitCode, time::Instant};

use lsmscope::sim::{Simulation, spec::preset};
use lsmscope_benches::{argument, exit_code};

/// The maximum time of `ten-hours`. It took 0.087 s when it was last optimised. The fastest other simulator that we
/// know takes seven times the budget.
const BUDGET_SECONDS: f64 = 0.1;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let rounds = argument(1, "ROUNDS", 9)?;
    println!("simulator: the median of {rounds} rounds, and the shortest");
    for (name, budget) in [("ten-hours", Some(BUDGET_SECONDS)), ("overload", None), ("universal", None)] {
        let mut times = Vec::new();
        let mut events = 0;
        for _ in 0..rounds {
            let (seconds, done) = round(name)?;
            times.push(seconds);
            events = done;
        }
        times.sort_by(f64::total_cmp);
        let (least, median) = (times[0], times[times.len() / 2]);
        let verdict = match budget {
            Some(budget) => format!("{:.2} of the budget of {budget} s", median / budget),
            None => String::new(),
        };
        println!("{name:>12}  {median:8.3} s  {least:8.3} s  {:>9} events  {verdict}", events);
    }
    Ok(())
}

/// Runs a preset once. Returns the time and the number of events.
#[expect(clippy::disallowed_methods, reason = "it measures real time")]
fn round(name: &str) -> Result<(f64, u64), Box<dyn Error>> {
    let (options, spec) = preset(name).map_err(lsmscope::Error::from)?.make();
    let begun = Instant::now();
    let mut simulation = Simulation::new(options, spec)?;
    let events = simulation.run(u64::MAX).events;
    Ok((begun.elapsed().as_secs_f64(), events))
}
