//! Processes that are killed (`kill -9`) while they write to a directory.
//!
//! In: a case, which is a directory and `KILLS` processes, one after the other: `lsmscope repl --data-dir` reads all
//! of its lines and acknowledges each on standard output. The campaign kills the process after its `n`-th answer, for a
//! random `n`. Answered lines are acknowledged; of the others, any prefix may have been executed. Then the campaign
//! verifies and opens the directory; the next process continues with other options. Errors: a promised write is lost,
//! or the directory is damaged.
//!
//! A killed process loses no bytes that the operating system has received. Unless it syncs, the log buffers [`BUFFER`]
//! bytes before it writes them, so the loss depends on `wal_sync`:
//!
//! | `wal_sync` | acknowledged writes that may be lost |
//! | --- | --- |
//! | `every_write` | none |
//! | `writes` | the last `wal_sync_writes` minus one |
//! | `bytes` | the last, of less than `wal_bytes_per_sync` bytes together |
//! | `never` | the last, up to 64 KiB of log; none from before the last seal of a memtable |
//!
//! The operating system decides when the signal arrives, so a case does not kill at the same instant every time. The
//! rules hold at every instant.

use std::{
    io::{BufRead, BufReader, Read, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use super::{
    Campaign, Case, Found, Tally, knobs,
    model::{self, History, Promise},
    ops::{Mix, Op, Script, ScriptTeller, Write},
    power::in_directory,
};
use crate::{
    entry::SeqNo,
    options::{Options, WalSync},
    random::Random,
    storage::{block_on, file::BUFFER, file::Directory},
};

/// The number of processes that a case kills.
const KILLS: u64 = 4;

fn draw(case: &Case<'_>) -> (Vec<Script>, [Options; 2]) {
    let script = |n: u64| Script::draw(&mut case.random(Campaign::Kill, &[n]), Mix::of(Campaign::Kill));
    let options = case.limit(knobs::sets(&mut case.random(Campaign::Kill, &[u64::MAX])));
    ((0..KILLS).map(script).collect(), options)
}

/// Runs a case; does nothing without a program to start or a directory for its files.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let (Some(scratch), Some(program)) = (case.scratch, case.program) else { return Ok(()) };
    let (scripts, options) = draw(case);
    in_directory(scratch, |path| {
        let mut history = History::default();
        for (n, script) in (0..).zip(&scripts) {
            let mut random = case.random(Campaign::Kill, &[n, 1]);
            tally.point(&[n], &[]);
            tally.on_files += 1;
            let options = &options[n as usize % 2];
            one(program, path, options, script, &mut history, &mut random, tally)
                .map_err(|what| format!("process {n}, with {}: {what}", knobs::text(options)))?;
        }
        Ok(())
    })
}

/// Runs and kills one process, then checks the directory.
fn one(
    program: &Path,
    path: &Path,
    options: &Options,
    script: &Script,
    history: &mut History,
    random: &mut Random,
    tally: &mut Tally,
) -> Result<(), Found> {
    let mut teller = ScriptTeller::default();
    script.ops.iter().for_each(|op| teller.tell(op, options.num_levels, ""));
    let answered = killed(program, path, options, &teller.lines, random.below(script.ops.len() as u64 + 1))?;
    tally.operations += answered as u64;
    let mut promise = Promise::default();
    promise.opened(history);
    for op in &script.ops[..answered] {
        match writes(op) {
            Some(batch) => {
                history.push(batch);
                promise.acknowledged(history, options);
            }
            None if matches!(op, Op::Flush) => promise.settled(history),
            None => {}
        }
    }
    let least = promise.upto.max(by_bytes(history, options));
    script.ops[answered..].iter().filter_map(writes).for_each(|batch| history.push(batch));
    let directory = Directory::open_read_only(path).map_err(|error| format!("it cannot be looked at: {error}"))?;
    model::is_sound(&directory)?;
    drop(directory);
    let directory = Directory::open(path).map_err(|error| format!("the directory does not open: {error}"))?;
    let mut engine = model::open_torn(directory, options).map_err(|(error, _)| format!("it does not open: {error}"))?;
    let most = history.last();
    let there = model::check(&mut engine, history, &script.keys, &(least..=most))
        .map_err(|what| format!("killed after {answered} of {} answers: {what}", script.ops.len()))?;
    history.truncate(there);
    block_on(engine.close()).map_err(|error| format!("it does not close: {error}"))
}

fn writes(op: &Op) -> Option<&[Write]> {
    match op {
        Op::Write(write) => Some(std::slice::from_ref(write)),
        Op::Batch(writes) => Some(writes),
        _ => None,
    }
}

/// Starts the program, writes all lines to it, and kills it after `n` answers. Returns the number of answers.
fn killed(program: &Path, path: &Path, options: &Options, lines: &[String], n: u64) -> Result<usize, Found> {
    let trouble = |what: &str, error: std::io::Error| format!("cannot {what} {}: {error}", program.display());
    let mut command = Command::new(program);
    command.args(["repl", "--preset", "rocksdb", "--data-dir"]).arg(path);
    for (name, value) in options.changed() {
        command.arg("--set").arg(format!("{name}={value}"));
    }
    // The preset sets it, so it is not among the changed options.
    command.arg("--set").arg(format!("wal_recovery_mode={}", model::mode(options)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| trouble("start", error))?;
    let mut given = child.stdin.take().expect("it was asked for");
    // All lines fit into the pipe's buffer, so this does not block. If it fails, the answers and errors say why.
    let _ = given.write_all((lines.join("\n") + "\n").as_bytes());
    let mut answers = BufReader::new(child.stdout.take().expect("it was asked for"));
    let mut answered = 0;
    let mut line = String::new();
    while (answered as u64) < n && answers.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        answered += 1;
        line.clear();
    }
    let is_early = (answered as u64) < n;
    child.kill().map_err(|error| trouble("kill", error))?;
    child.wait().map_err(|error| trouble("wait for", error))?;
    drop(given);
    // Answers that were written before the signal arrived are acknowledged as well.
    let mut rest = String::new();
    answers.read_to_string(&mut rest).map_err(|error| trouble("read the answers of", error))?;
    if is_early {
        let mut said = String::new();
        let _ = child.stderr.take().map(|mut errors| errors.read_to_string(&mut said));
        return Err(format!("it ended after {answered} of {} lines: {said}", lines.len()));
    }
    Ok(answered + rest.matches('\n').count())
}

/// The last write that must survive: the log bytes after it are too many to be unsynced, or buffered.
fn by_bytes(history: &History, options: &Options) -> SeqNo {
    let most = match options.wal_sync {
        WalSync::Bytes => options.wal_bytes_per_sync as usize,
        WalSync::Never => BUFFER,
        WalSync::EveryWrite | WalSync::Writes => return 0,
    };
    let bytes = |write: &Write| match write {
        Write::Put(key, value) => key.len() + value.len(),
        Write::Delete(key) => key.len(),
    };
    let mut sum = 0;
    let gone = history.writes().iter().rev().take_while(|write| {
        sum += bytes(write);
        sum < most
    });
    history.last() - gone.count() as SeqNo
}
