//! A process that is killed (`kill -9`) while it writes to a directory.
//!
//! A case is a directory and a few processes, one after the other: `lsmscope repl --data-dir`, which is given its lines
//! and acknowledges each on standard output. When the `n`-th answer is read, it is killed, wherever it is by then; `n`
//! is drawn. What it had answered by then was acknowledged, what it was given and had not answered may be there or not.
//! Then the directory is verified and opened here, and must hold what was promised; the next process goes on from
//! there, with other options.
//!
//! What a killed process may lose, by `wal_sync`. Nothing that the operating system was given is lost; but the log
//! collects [`BUFFER`] bytes before it gives them, unless it syncs.
//!
//! | `wal_sync` | acknowledged writes that may be gone |
//! | --- | --- |
//! | `every_write` | none |
//! | `writes` | the last `wal_sync_writes` minus one |
//! | `bytes` | the last, as long as they are less than `wal_bytes_per_sync` bytes |
//! | `never` | the last, up to 64 KiB of log; none from before the last seal of a memtable |
//!
//! When exactly the signal arrives is not ours to say, so a case does not kill at the same instant every time; what
//! must hold is the same.

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

/// How many processes of a case are killed.
const KILLS: u64 = 4;

fn draw(case: &Case<'_>) -> (Vec<Script>, [Options; 2]) {
    let script = |n: u64| Script::draw(&mut case.random(Campaign::Kill, &[n]), Mix::of(Campaign::Kill));
    let options = case.limit(knobs::sets(&mut case.random(Campaign::Kill, &[u64::MAX])));
    ((0..KILLS).map(script).collect(), options)
}

/// Runs a case, where there is a program to kill and a place for its files.
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

/// One process, from its start to its end, and what is there afterwards.
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

/// Starts the program, gives it all of its lines, and kills it when it has answered `n` of them. Returns how many it
/// had answered by then.
fn killed(program: &Path, path: &Path, options: &Options, lines: &[String], n: u64) -> Result<usize, Found> {
    let trouble = |what: &str, error: std::io::Error| format!("cannot {what} {}: {error}", program.display());
    let mut command = Command::new(program);
    command.args(["repl", "--preset", "rocksdb", "--data-dir"]).arg(path);
    for (name, value) in options.changed() {
        command.arg("--set").arg(format!("{name}={value}"));
    }
    // Of the preset and not of the defaults, and so not among what changed.
    command.arg("--set").arg(format!("wal_recovery_mode={}", model::mode(options)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| trouble("start", error))?;
    let mut given = child.stdin.take().expect("it was asked for");
    // All of it fits into a pipe: this does not block. If it fails, the answers and errors say why.
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
    // What it had answered before the signal came is acknowledged as well.
    let mut rest = String::new();
    answers.read_to_string(&mut rest).map_err(|error| trouble("read the answers of", error))?;
    if is_early {
        let mut said = String::new();
        let _ = child.stderr.take().map(|mut errors| errors.read_to_string(&mut said));
        return Err(format!("it ended after {answered} of {} lines: {said}", lines.len()));
    }
    Ok(answered + rest.matches('\n').count())
}

/// What must be there because the bytes of what came after it would have been synced, or handed over, together.
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
