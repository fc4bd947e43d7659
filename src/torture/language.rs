//! Scripts of random command lines, whose answers are compared with a model.
//!
//! In: a seed, from which a script is drawn as *text*, so that it drives the parser, the session, the engine, the scene
//! and the timeline, as a user's input does. Errors: the first line that breaks a rule of the `oracle`, with the
//! shortest script that reproduces it; `lsmscope repl` runs that script unchanged.
//!
//! | module | contents |
//! | --- | --- |
//! | `lines` | random lines: one writer for each of [`COMMANDS`](crate::script::COMMANDS), so none can be forgotten |
//! | `ends` | values for `name=value`: both ends of each range, just outside, choices, invalid words |
//! | `oracle` | runs lines, and checks their answers and the state after them |
//! | `reads` | the allowed answers of a get or a scan |
//! | `ledger` | the writes: the acknowledged ones, those that may be lost, those that an open may recover |
//! | `listener` | the tracer: records a timeline, as the page does, and counts the calls |
//!
//! # Rules
//!
//! The oracle checks each line by itself, from its text and the state before it, so every subset of a script is a
//! script.
//!
//! 1. A line that [`parse`] refuses changes nothing, and answers with that error.
//! 2. Writes get the next sequence numbers, without a gap or a duplicate. Reads return the newest write that they may
//!    see, at a snapshot or now. A failed write is not visible; the next open recovers it or not.
//! 3. After a power cut, the database holds a prefix of the writes, in whole batches, with every write that `wal_sync`
//!    or a flush promised; the answer states the number of acknowledged writes that are lost.
//! 4. `options` accepts the values that the table of options allows, and refuses every other. A refused change has no
//!    effect on the options, the snapshots or the power. (`num_levels` may also be refused if deeper levels hold
//!    tables, and any change on a full disk.)
//! 5. A snapshot reads the database as of its creation, until it is released or the database is opened again. Only
//!    FIFO compaction may drop entries that it sees, as `help compaction_style` says: once it has dropped tables, a key
//!    that was not written since may read as any older write, or as absent.
//! 6. An error is of a kind that has a reason: `NoSpace` on a full disk, `WritesStopped` after a failed append,
//!    `Stalled` if no job is due that would end the stall, `TimeOver` near the end of virtual time, `PowerLost` and
//!    `Closed` after a script has cut the power or ended the session, `Corruption` after a flipped bit, after a power
//!    cut of a lying disk, or if `absolute_consistency` finds the torn tail of a power cut.
//! 7. After a flipped bit, or a power cut of a lying disk, a read returns any earlier value of the key, that it is
//!    absent, or an error. No other rule holds then.
//! 8. `verify` finds no damage before that.
//! 9. A line ends within `MAX_STEPS` calls of the tracer, which the engine makes before it
//!    builds any event. (Only the test runner's time limit finds a loop that makes no such call.)
//! 10. After each line, the scene at the timeline's last position equals the engine's own report; and every position
//!     can be sought.
//! 11. Every sixteenth script runs twice, with equal answers.
//!
//! # Size
//!
//! A script has 20 to 60 lines, a value a few bytes, a `fill` or `drive` a few dozen writes. The lines bound the
//! engine's work: ten thousand scripts take a minute or two, and every short sequence of commands occurs.

use super::{Campaign, Case, Found, Tally, shrink};
use crate::script::{Command, parse, word};

mod ends;
mod ledger;
mod lines;
mod listener;
mod oracle;
mod reads;

use oracle::Oracle;

/// One script in `TWICE` runs twice.
const TWICE: u64 = 16;

/// The script of a case.
fn draw(case: &Case<'_>) -> Vec<String> {
    let drawn = lines::draw(&mut case.random(Campaign::Language, &[]));
    match &case.ops {
        None => drawn,
        Some(kept) => kept.iter().filter_map(|place| drawn.get(*place).cloned()).collect(),
    }
}

/// The number of lines in the script of a case.
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

/// Runs lines as `lsmscope repl` does, and checks each against the model. Returns their answers.
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

/// Checks the lines of a script against the model. `tests/language.rs` does so with every script that has ever failed.
///
/// # Errors
/// A line breaks a rule; the error names both.
pub fn check(script: &str) -> Result<(), String> {
    let lines: Vec<String> = script.lines().map(str::to_string).collect();
    hold(&lines, &mut Tally::default()).map(|_| ())
}

/// The script of a case, without the words that it does not need to fail.
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

/// Runs lines for [`script`]. The error is the broken rule.
pub(super) fn try_lines(script: &[String]) -> Result<(), Found> {
    hold(script, &mut Tally::default()).map(|_| ())
}

/// The parts of a line that can be removed separately: the changes of `options` and `drive`, the writes of `batch`.
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

/// `line` with only the parts `kept`.
fn join(line: &str, parts: &[String], kept: &[usize]) -> String {
    let name = line.split_ascii_whitespace().next().unwrap_or_default();
    let between = if name.eq_ignore_ascii_case("batch") { "; " } else { " " };
    let kept: Vec<&str> = kept.iter().map(|i| parts[*i].as_str()).collect();
    format!("{name} {}", kept.join(between)).trim_end().to_string()
}

#[cfg(test)]
mod tests;
