//! Lines of the command language, any of them in any order, against a model of what they may answer.
//!
//! In: a seed, from which a script is drawn as *text* (`lines`), so that the parser, the session, the engine, the scene
//! and the timeline are all driven by what a person types. Out: nothing, or the line at which something was not as the
//! `oracle` says, with the shortest script that shows it; `lsmscope repl` replays it as it stands.
//!
//! | room | what is in it |
//! | --- | --- |
//! | `lines` | draws lines: one writer for each of [`COMMANDS`](crate::script::COMMANDS), so none can be forgotten |
//! | `ends` | values for `name=value`: both ends of each range, just outside, choices, words that are none |
//! | `oracle` | runs lines, and judges what they answer and what they leave behind |
//! | `reads` | what a get or a scan may answer |
//! | `ledger` | the writes: which are acknowledged, which may be lost, what an open may find |
//! | `listener` | what the engine tells: a timeline as the page keeps it, and a count of steps |
//!
//! # What must hold
//!
//! The oracle judges each line by itself, from the text and from what came before, so every part of a script is a
//! script.
//!
//! 1. A line that [`parse`] refuses changes nothing, and is answered with that error.
//! 2. Writes get the next sequence numbers, without a gap, and never one that is taken. Reads answer the newest write
//!    that they may see, at a snapshot or now. A write that failed is not seen; whether it is there, the next open
//!    tells.
//! 3. After a power cut, what is there is a prefix of what was written, batches whole, with everything that `wal_sync`
//!    or a flush promised; and the answer says how many acknowledged writes are gone.
//! 4. `options` takes what the table of options says it takes, and refuses everything else. Refused, it changes
//!    nothing: not the options, not a snapshot, not whether the power is cut. (`num_levels` may also be refused where
//!    deeper levels hold tables, and any change where the disk is full.)
//! 5. Snapshots read as of when they were taken until they are released or the database is opened again. Only FIFO
//!    compaction may take what they see, as `help compaction_style` says: once it has dropped tables, keys that were
//!    not written since may read as any older write of them, or as absent.
//! 6. An error is of a kind that has a reason: `NoSpace` where the disk was filled, `WritesStopped` after a failed
//!    append, `Stalled` where nothing is due that would let the write go on, `TimeOver` near the end of virtual time,
//!    `PowerLost` and `Closed` where a script has cut the power or ended the session, `Corruption` where a bit was
//!    flipped, where a cut met a disk that had lied, or where `absolute_consistency` meets the torn tail that a cut
//!    leaves.
//! 7. Once bits were flipped, or a lying disk lost its power, a read answers what was written to that key at some time,
//!    or that it is absent, or an error. Nothing else is held then.
//! 8. `verify` finds nothing wrong before that.
//! 9. A line ends: within five million questions of the engine to its tracer, which it asks before it
//!    builds any event. (A loop that never asks is not found by this, but by the time limit of whatever runs the
//!    tests.)
//! 10. After each line, the scene of the timeline's last position is the engine's own report; and any position can be
//!     sought.
//! 11. Every sixteenth script runs twice, and answers the same.
//!
//! # Size
//!
//! A script has 20 to 60 lines, values are a few bytes, a `fill` or `drive` is a few dozen writes: what the engine does
//! is bounded by the lines, so that ten thousand scripts take a minute or two and every short sequence of commands
//! comes up.

use super::{Campaign, Case, Found, Tally, shrink};
use crate::script::{Command, parse, word};

mod ends;
mod ledger;
mod lines;
mod listener;
mod oracle;
mod reads;

use oracle::Oracle;

/// One script in this many is run twice.
const TWICE: u64 = 16;

/// The script of a case.
fn draw(case: &Case<'_>) -> Vec<String> {
    let drawn = lines::draw(&mut case.random(Campaign::Language, &[]));
    match &case.ops {
        None => drawn,
        Some(kept) => kept.iter().filter_map(|place| drawn.get(*place).cloned()).collect(),
    }
}

/// How many lines the script of a case has.
pub(super) fn count(case: &Case<'_>) -> usize {
    draw(&Case { ops: None, ..case.clone() }).len()
}

/// Runs a case.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let script = draw(case);
    tally.point(&[], &[]);
    let transcript = hold(&script, tally)?;
    if case.number.is_multiple_of(TWICE) {
        let again = hold(&script, &mut Tally::default())?;
        if let Some(i) = (0..script.len()).find(|i| transcript.get(*i) != again.get(*i)) {
            return Err(format!(
                "line {}, `{}`, answers {:?}, and the same script again {:?}",
                i + 1,
                script[i],
                transcript.get(i),
                again.get(i)
            ));
        }
    }
    Ok(())
}

/// Runs lines, as `lsmscope repl` would, and holds each to the model. Returns what they answered.
fn hold(script: &[String], tally: &mut Tally) -> Result<Vec<String>, Found> {
    let mut oracle = Oracle::new()?;
    let mut transcript = Vec::new();
    for (i, line) in script.iter().enumerate() {
        let told = oracle.line(line).map_err(|what| format!("line {}, `{line}`: {what}", i + 1))?;
        tally.operations += 1;
        tally.errors += u64::from(!told.ok);
        transcript.push(match &told.error {
            None => told.text,
            Some(error) => error.to_string(),
        });
    }
    oracle.finish()?;
    Ok(transcript)
}

/// Holds the lines of a script against the model: what `tests/language.rs` does with those that once failed.
///
/// # Errors
/// The line, and what was wrong with what it did.
pub fn check(script: &str) -> Result<(), String> {
    let lines: Vec<String> = script.lines().map(str::to_string).collect();
    hold(&lines, &mut Tally::default()).map(|_| ())
}

/// The script of a case, with no word in it that is not needed to fail.
pub(super) fn script(case: &Case<'_>) -> Vec<String> {
    let mut script = draw(case);
    if super::attempt_text(&script).is_none() {
        return script;
    }
    for i in 0..script.len() {
        let parts = parts(&script[i]);
        if parts.len() < 2 {
            continue;
        }
        let with = |kept: &[usize]| {
            let mut changed = script.clone();
            changed[i] = join(&script[i], &parts, kept);
            super::attempt_text(&changed).map(|_| changed)
        };
        (_, script) = shrink::shrink(parts.len(), script.clone(), with);
    }
    script
}

/// Runs lines and says what is wrong with them, as [`script`] needs it.
pub(super) fn try_lines(script: &[String]) -> Result<(), Found> {
    hold(script, &mut Tally::default()).map(|_| ())
}

/// What may be left out of a line by itself: the changes of `options` and `drive`, the writes of `batch`.
fn parts(line: &str) -> Vec<String> {
    use crate::script::BatchOp;
    match parse(line) {
        Ok(Command::Options { changes } | Command::Drive { changes, .. }) => {
            changes.iter().map(|change| line[change.start..change.end].to_string()).collect()
        }
        Ok(Command::Batch(ops)) => {
            let said = |op: &BatchOp| match op {
                BatchOp::Put { key, value } => format!("put {} {}", word(key), word(value)),
                BatchOp::Delete { key } => format!("del {}", word(key)),
            };
            ops.iter().map(said).collect()
        }
        _ => Vec::new(),
    }
}

/// `line` with only some of its parts.
fn join(line: &str, parts: &[String], kept: &[usize]) -> String {
    let name = line.split_ascii_whitespace().next().unwrap_or_default();
    let between = if name.eq_ignore_ascii_case("batch") { "; " } else { " " };
    let kept: Vec<&str> = kept.iter().map(|i| parts[*i].as_str()).collect();
    format!("{name} {}", kept.join(between)).trim_end().to_string()
}

#[cfg(test)]
mod tests;
