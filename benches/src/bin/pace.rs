//! Measures whether a long drive keeps its pace: operations a second at the beginning and after 10,000 flushes, under
//! the options of the page's first steps, whose memtables hold four entries.
//!
//! Out: the pace of each drive, and the last one's as a share of the first one's.
//!
//! `cargo run --release -p lsmscope-benches --bin pace`, or `cargo xtask bench pace`.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

use std::{error::Error, process::ExitCode, rc::Rc, time::Instant};

use lsmscope::{
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Recorder, Timeline},
};
use lsmscope_benches::exit_code;

/// The number of drives, of one virtual second each.
const DRIVES: usize = 8;
/// The puts of one drive.
const PUTS: u64 = 5000;

/// The minimum pace of the last drive, as a share of the first one's.
const BUDGET: f64 = 0.33;

fn main() -> ExitCode {
    exit_code(run())
}

#[expect(clippy::disallowed_methods, reason = "it measures real time")]
fn run() -> Result<(), Box<dyn Error>> {
    let options = preset("teaching")?;
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder))?;
    println!("{DRIVES} drives of {PUTS} puts each, one after the other:");
    let mut paces = Vec::new();
    for _ in 0..DRIVES {
        let begun = Instant::now();
        let seed = paces.len();
        let drive = format!("drive 1s write_rate={PUTS} key_space_size=1000000 seed={seed}");
        let answer = block_on(session.run(&drive));
        if !answer.ok {
            return Err(answer.text.into());
        }
        let pace = PUTS as f64 / begun.elapsed().as_secs_f64();
        let tables = session.engine().map_or(0, |engine| engine.version().tables().count());
        println!("{:>7} puts  {pace:>8.0} a second  {tables:>6} tables", PUTS * (paces.len() as u64 + 1));
        paces.push(pace);
    }
    let kept = paces[DRIVES - 1] / paces[0];
    println!("the last drive keeps {kept:.2} of the first one's pace; the budget asks for at least {BUDGET}");
    Ok(())
}
