//! The execution of each command: its calls of the engine, and its answer.

use super::{Answer, Fused, Session, changed, failure, help, jobs, show};
use crate::{
    effect::Executor,
    engine::{Batch, Engine, Lookup, ScanRange, Snapshot, recover::check_levels},
    entry::text,
    error::Result,
    options::{JobMode, Options},
    plural::counted,
    policy::policy_for,
    runtime::clock::{Nanos, exact_seconds, later},
    script::{BatchOp, Command, OptionChange, ScriptError, word},
    storage::{Storage, fault::Fault},
    trace::{Cost, Place, Tracer},
};

/// What a scan answers that finds nothing.
const NO_ENTRIES: &str = "no entries";

/// The most entries that a scan without a limit returns; it says if there are more.
const MAX_SCANNED: u64 = 10_000;

impl<S: Storage, T: Tracer> Session<S, T> {
    /// Does what `command`, which `line` was read as, asks for.
    pub(super) async fn carry_out(&mut self, line: &str, command: Command) -> Result<Answer, ScriptError> {
        match command {
            Command::Put { key, value } => {
                let seq = self.engine_or(failure)?.put(&key, &value).await.map_err(failure)?;
                Ok(format!("ok  seq {seq}").into())
            }
            Command::Delete { key } => {
                let seq = self.engine_or(failure)?.delete(&key).await.map_err(failure)?;
                Ok(format!("ok  tombstone, seq {seq}").into())
            }
            Command::Batch(ops) => batch(self.engine_or(failure)?, &ops).await.map_err(failure),
            Command::Get { key, at } => {
                let at = self.snapshot(line, at)?;
                let found = self.engine_or(failure)?.lookup(&key, at).await.map_err(failure)?;
                let mut answer = looked_up(&found);
                if let Some(broken) = self.broken(at).filter(|_| found.seq.is_none()) {
                    answer.result += &format!("; {broken}");
                }
                Ok(answer)
            }
            Command::Scan { start, end, limit, reverse, at } => {
                let at = self.snapshot(line, at)?;
                let range = ScanRange { start, end, limit: limit.or(Some(MAX_SCANNED + 1)), reverse };
                let mut answer = scan(self.engine_or(failure)?, range, limit.is_none(), at).await.map_err(failure)?;
                match self.broken(at) {
                    // Lines of entries stay as they are.
                    Some(broken) if answer.result == NO_ENTRIES => answer.result += &format!("; {broken}"),
                    broken => answer.warnings.extend(broken),
                }
                Ok(answer)
            }
            Command::Flush => flush(self.engine_or(failure)?).await.map_err(failure),
            Command::Compact { level } => self.compact(line, level).await,
            Command::Snapshot => {
                let taken = self.engine_or(failure)?.snapshot();
                let mut answer: Answer =
                    format!("snapshot {}  sees everything up to seq {}", taken.id, taken.seq).into();
                if policy_for(&self.options).about().drops_unread() {
                    answer.warnings.push(
                        "FIFO compaction drops the oldest tables whether or not a snapshot sees them: then it sees less"
                            .into(),
                    );
                }
                Ok(answer)
            }
            Command::Release { snapshot } => self.release(line, snapshot).await,
            Command::Wait { nanos } => wait(self.engine_or(failure)?, nanos).await.map_err(failure),
            Command::Fill { count, seed, .. } => self.fill(count, seed).await,
            Command::Drive { changes, .. } => self.drive_line(line, &changes).await,
            Command::Jobs => Ok(jobs::show(self.engine_or(failure)?).into()),
            Command::Stats => {
                let counted = self.counting.told();
                Ok(show::stats(self.engine_or(failure)?, &counted).into())
            }
            Command::Tables => Ok(show::tables(self.engine_or(failure)?).into()),
            Command::Verify => self.verify().await.map_err(failure),
            Command::Options { changes } if changes.is_empty() => Ok(show::options(&self.options).into()),
            Command::Options { changes } => self.change_options(line, &changes).await,
            Command::Reopen => {
                let snapshots = self.engine().map_or(0, |engine| engine.snapshots().count() as u64);
                self.reopen(self.options.clone()).await.map_err(failure)?;
                let mut told = vec![format!("ok  {}", show::opened(self.engine_or(failure)?))];
                told.extend(self.aftermath());
                let mut answer: Answer = told.join("; ").into();
                answer.warnings.extend(ended(snapshots));
                Ok(answer)
            }
            Command::Crash { after, keep } => self.crash(after, keep).await,
            // The fuse is lit before the operation begins.
            Command::CrashDuring { command, .. } => Box::pin(self.carry_out(line, *command)).await,
            Command::Disk { room, lying } => self.set_disk(room, lying),
            Command::Flip { file, offset, bit } => self.flip(file, offset, bit).await.map_err(failure),
            Command::Help { topic } => Ok(help::help(topic.as_deref(), &self.options).into()),
            Command::Exit => {
                if let Ok(engine) = self.engine_mut() {
                    engine.close().await.map_err(failure)?;
                    engine.storage_mut().settle().await.map_err(failure)?;
                }
                Ok("bye".to_string().into())
            }
            Command::Empty => Ok(String::new().into()),
        }
    }

    pub(super) fn engine_or<E>(
        &mut self,
        wrong: impl FnOnce(crate::Error) -> E,
    ) -> Result<&mut Engine<Fault<S>, Fused<T>>, E> {
        self.engine_mut().map_err(wrong)
    }

    /// The live snapshot of that number.
    fn snapshot(&mut self, line: &str, number: Option<u64>) -> Result<Option<Snapshot>, ScriptError> {
        let Some(number) = number else { return Ok(None) };
        let live: Vec<Snapshot> = self.engine_or(failure)?.snapshots().collect();
        match live.iter().find(|s| s.id == number) {
            Some(snapshot) => Ok(Some(*snapshot)),
            None => Err(no_snapshot(line, number, &live)),
        }
    }

    /// What is to be said of a read at a snapshot that has lost tables.
    fn broken(&self, at: Option<Snapshot>) -> Option<String> {
        let snapshot = at?.id;
        let dropped = self.engine()?.dropped_under(snapshot);
        let tables = counted(dropped, "table");
        (dropped > 0).then(|| format!("FIFO compaction has dropped {tables} that snapshot {snapshot} saw"))
    }

    async fn release(&mut self, line: &str, number: u64) -> Result<Answer, ScriptError> {
        self.snapshot(line, Some(number))?;
        let engine = self.engine_or(failure)?;
        let before = engine.counters().compactions;
        engine.release(number).map_err(failure)?;
        engine.run_due().await;
        let mut answer: Answer = format!("ok  snapshot {number} is released").into();
        let done = engine.counters().compactions - before;
        if done > 0 {
            answer.result += &format!(", then {}", counted(done, "compaction"));
        }
        Ok(answer)
    }

    async fn compact(&mut self, line: &str, level: Option<u64>) -> Result<Answer, ScriptError> {
        let engine = self.engine_or(failure)?;
        let last = engine.version().levels.len() - 1;
        if let Some(level) = level.filter(|level| *level > last as u64) {
            return Err(ScriptError::new(
                line,
                level_place(line, level),
                format!("there is no level {level}"),
                format!("Levels go from 0 to {last}; num_levels says how many there are."),
            ));
        }
        let waiting = engine.report().immutables.len();
        let done = engine.compact(level.map(|level| level as usize)).await.map_err(failure)?;
        let mut answer: Answer = match done {
            0 => "nothing to do".to_string().into(),
            done => format!("ok  {}", counted(done, "compaction")).into(),
        };
        if done == 0 && waiting > 0 {
            answer.warnings.push(format!("{} wait to be flushed first", counted(waiting, "memtable")));
        }
        Ok(answer)
    }

    async fn change_options(&mut self, line: &str, changes: &[OptionChange]) -> Result<Answer, ScriptError> {
        let options = changed(line, &self.options, changes)?;
        let differences = self.options.differences(&options);
        if differences.is_empty() {
            return Ok("nothing changed: they are set like this already".to_string().into());
        }
        let end = changes.last().map_or(line.len(), |change| change.end);
        let start = changes.first().map_or(0, |change| change.start);
        let refused = |error: crate::Error, remedy: String| ScriptError::new(line, start..end, error.message, remedy);
        if let Some(engine) = self.engine() {
            // Told before anything is closed: snapshots stay.
            let unchanged = |error: crate::Error| refused(error, "Nothing was changed.".to_string());
            check_levels(&options, engine.version()).map_err(unchanged)?;
        }
        let snapshots = self.engine().map_or(0, |engine| engine.snapshots().count() as u64);
        let was_open = self.engine().is_some();
        let lost = without_effect(&self.options, &options, changes);
        if let Err(error) = self.reopen(options).await {
            let remedy = self.after_refusal(&error, was_open, snapshots);
            return Err(refused(error, remedy));
        }
        let mut told = vec![format!("ok  reopened with {}", differences.join(", "))];
        told.extend(self.aftermath());
        if self.options.job_mode == JobMode::Scheduled {
            told.extend(self.options.raised().iter().map(ToString::to_string));
        }
        let mut answer: Answer = told.join("; ").into();
        answer.warnings.extend(ended(snapshots));
        answer.warnings.extend(lost);
        Ok(answer)
    }
}

/// What has no effect of the options that were named, and of those that had one before: a sentence for each reason.
fn without_effect(before: &Options, after: &Options, changes: &[OptionChange]) -> Vec<String> {
    let lost_before = before.without_effect(Executor::Engine);
    let set = after.changed();
    // A preset is set as a whole: an option of it without effect is not the user's mistake.
    let is_preset = changes.iter().any(|change| change.name == "preset");
    after.told_without_effect(Executor::Engine, |name| {
        let is_named = changes.iter().any(|change| change.name == name);
        let had_effect = !lost_before.iter().any(|lost| lost.field == name);
        is_named || (had_effect && !is_preset && set.iter().any(|(changed, _)| changed == name))
    })
}

/// Where `what` stands in `line`: all of the line, if it was written in another way.
fn place(line: &str, what: &str) -> std::ops::Range<usize> {
    match line.rfind(what) {
        Some(at) => at..at + what.len(),
        None => line.len() - line.trim_start().len()..line.trim_end().len(),
    }
}

/// Where the level is named: `2`, or `L2`.
fn level_place(line: &str, level: u64) -> std::ops::Range<usize> {
    let place = place(line, &level.to_string());
    let is_named = line[..place.start].ends_with(['L', 'l']);
    place.start - usize::from(is_named)..place.end
}

fn no_snapshot(line: &str, number: u64, live: &[Snapshot]) -> ScriptError {
    let remedy = match live {
        [] => "There is none; the command snapshot takes one.".to_string(),
        live => {
            let live: Vec<String> = live.iter().map(|s| s.id.to_string()).collect();
            format!("These are there: {}.", live.join(", "))
        }
    };
    ScriptError::new(line, place(line, &number.to_string()), format!("there is no snapshot {number}"), remedy)
}

async fn batch<S: Storage, T: Tracer>(engine: &mut Engine<S, T>, ops: &[BatchOp]) -> Result<Answer> {
    let mut batch = Batch::new();
    for op in ops {
        match op {
            BatchOp::Put { key, value } => batch.put(key, value)?,
            BatchOp::Delete { key } => batch.delete(key)?,
        }
    }
    let last = engine.write(&batch).await?;
    let count = ops.len() as u64;
    let seqs = if count == 1 { format!("seq {last}") } else { format!("seq {} to {last}", last + 1 - count) };
    Ok(format!("ok  {}, {seqs}", counted(count, "write")).into())
}

fn looked_up(found: &Lookup) -> Answer {
    let result = match (&found.value, found.seq) {
        (Some(value), _) => text(value),
        (None, Some(seq)) => format!("not found: deleted at seq {seq}"),
        (None, None) => "not found: no version of the key".to_string(),
    };
    let mut notes = Vec::new();
    if let (Some(seq), Some(place)) = (found.seq, found.place) {
        notes.push(match place {
            Place::Memtable { id } => format!("seq {seq}, in memtable {id}"),
            Place::Table { id, level } => format!("seq {seq}, in table {id} of level {level}"),
        });
    }
    notes.push(cost(&found.cost));
    Answer { result, notes, warnings: Vec::new() }
}

/// What a read cost, as a person would say it.
fn cost(cost: &Cost) -> String {
    if cost.tables == 0 && cost.blocks == 0 {
        return match cost.memtables {
            1 => "cost: memtable only, 0 blocks".to_string(),
            more => format!("cost: {more} memtables only, 0 blocks"),
        };
    }
    let mut parts = vec![counted(cost.memtables, "memtable"), counted(cost.tables, "table")];
    if cost.filters > 0 {
        parts.push(format!("{} of {} said no", cost.filter_negatives, counted(cost.filters, "filter")));
    }
    if cost.false_positives > 0 {
        parts.push(counted(cost.false_positives, "false positive"));
    }
    parts.push(blocks(cost));
    format!("cost: {}", parts.join(", "))
}

/// The blocks and bytes of a read.
fn blocks(cost: &Cost) -> String {
    let blocks = counted(cost.blocks, "block");
    let cached = if cost.cache_hits > 0 { format!(" ({} from the cache)", cost.cache_hits) } else { String::new() };
    format!("{blocks}{cached}, {} read", counted(cost.bytes_read, "byte"))
}

async fn scan<S: Storage, T: Tracer>(
    engine: &mut Engine<S, T>,
    range: ScanRange,
    unlimited: bool,
    at: Option<Snapshot>,
) -> Result<Answer> {
    let mut found = engine.scan(range, at).await?;
    let more = unlimited && found.entries.len() as u64 > MAX_SCANNED;
    if more {
        found.entries.truncate(MAX_SCANNED as usize);
    }
    let lines: Vec<String> = found.entries.iter().map(|(k, v)| format!("{} = {}", word(k), word(v))).collect();
    let mut notes = vec![format!("{}, {} passed over", counted(lines.len(), "entry"), found.skipped)];
    let warnings = if more { vec!["there are more: give a limit to see them".to_string()] } else { Vec::new() };
    notes.push(format!("cost: {}", blocks(&found.cost)));
    let result = if lines.is_empty() { NO_ENTRIES.to_string() } else { lines.join("\n") };
    Ok(Answer { result, notes, warnings })
}

async fn flush<S: Storage, T: Tracer>(engine: &mut Engine<S, T>) -> Result<Answer> {
    let before = *engine.counters();
    let logs = engine.live_logs();
    engine.flush().await?;
    let after = engine.counters();
    let (flushes, compactions) = (after.flushes - before.flushes, after.compactions - before.compactions);
    let mut done = Vec::new();
    if flushes > 0 {
        done.push(format!("{}, {}", counted(flushes, "flush"), bytes(after.flush_bytes - before.flush_bytes)));
    }
    if compactions > 0 {
        done.push(counted(compactions, "compaction"));
    }
    Ok(match (done.is_empty(), logs.saturating_sub(engine.live_logs())) {
        (false, _) => format!("ok  {}", done.join(", then ")),
        (true, 0) => "nothing to flush".to_string(),
        (true, logs) => {
            format!("nothing to flush, and {} of which nothing is needed left behind", counted(logs, "log"))
        }
    }
    .into())
}

fn bytes(bytes: u64) -> String {
    counted(bytes, "byte")
}

/// What is to be said of `snapshots` that a reopening has ended.
fn ended(snapshots: u64) -> Option<String> {
    (snapshots > 0).then(|| format!("{} did not outlive the reopening", counted(snapshots, "snapshot")))
}

async fn wait<S: Storage, T: Tracer>(engine: &mut Engine<S, T>, nanos: Nanos) -> Result<Answer> {
    let before = *engine.counters();
    engine.advance_to(later(engine.now(), nanos)?).await?;
    let mut answer: Answer = format!("ok  time {}", exact_seconds(engine.now())).into();
    let after = engine.counters();
    let (flushes, compactions) = (after.flushes - before.flushes, after.compactions - before.compactions);
    let running = engine.report().jobs.len() as u64;
    if flushes + compactions + running > 0 {
        let (flushes, compactions) = (counted(flushes, "flush"), counted(compactions, "compaction"));
        answer.notes.push(format!("{flushes} and {compactions} are done, {} running", counted(running, "job")));
    }
    Ok(answer)
}
