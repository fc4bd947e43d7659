//! Runs of a sweep on several threads.
//!
//! In: a plan and the numbers of runs. Out: each outcome, as soon as it is there, on the caller's thread; progress on
//! standard error. Errors: the caller cannot take an outcome: the other runs stop within milliseconds.
//!
//! Each thread takes the next number that no thread has taken. Nothing else is shared: what a run comes to does not
//! depend on which thread has it, or when.

use std::{
    ops::ControlFlow,
    sync::{
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use lsmscope::{
    Error,
    sweep::{SweepOutcome, SweepPlan},
};

use super::ProgressLine;

/// How often progress is shown while no run ends.
const LOOK: Duration = Duration::from_millis(200);

/// Runs `numbers` on `threads` threads, and hands each outcome to `take`.
///
/// # Errors
/// The first of `take`.
pub fn run_all(
    plan: &SweepPlan,
    numbers: &[u64],
    threads: usize,
    mut take: impl FnMut(u64, &SweepOutcome) -> Result<(), Error>,
) -> Result<(), Error> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Which share of its run each thread has done, as the bits of a float.
    let shares: Vec<AtomicU64> = (0..threads).map(|_| AtomicU64::new(0)).collect();
    let mut line = ProgressLine::new();
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::channel();
        for share in &shares {
            let (sender, next, is_over) = (sender.clone(), &next, &is_over);
            scope.spawn(move || {
                while let Some(number) = numbers.get(next.fetch_add(1, Relaxed)) {
                    let mut look = |done: f64| {
                        share.store(done.to_bits(), Relaxed);
                        if is_over.load(Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    };
                    let outcome = plan.run(*number, &mut look);
                    share.store(0, Relaxed);
                    // Without a reader, or told to stop, there is nothing to go on for.
                    if outcome.is_none_or(|outcome| sender.send((*number, outcome)).is_err()) {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut done = 0;
        let ended = loop {
            match outcomes.recv_timeout(LOOK) {
                Ok((number, outcome)) => {
                    done += 1;
                    if let Err(error) = take(number, &outcome) {
                        break Err(error);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Ok(()),
            }
            let running: f64 = shares.iter().map(|share| f64::from_bits(share.load(Relaxed))).sum();
            let all = numbers.len();
            line.show((done as f64 + running) / all as f64, || format!("{done} of {all} runs"));
        };
        line.clear();
        is_over.store(true, Relaxed);
        ended
    })
}
