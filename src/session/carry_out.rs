//! The execution of each command: its calls of the engine, and its answer.

use super::{Answer, Fused, Session, changed, failure, help, in_turn, jobs, power::seqs, show};
use crate::{
    effect::Executor,
    engine::{Batch, Engine, Lookup, ScanRange, Snapshot, recover::check_levels, retold},
    entry::text,
    error::Result,
    options::{JobMode, Options},
    plural::counted,
    policy::policy_for,
    runtime::clock::{Nanos, exact_seconds, later},
    script::{BatchOp, Command, OptionChange, ScriptError, word},
    storage::{Storage, fault::Fault},
    trace::{Cost, Place, Tracer},
    words::{decimal, say},
};

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
                Ok(say!("ok  tombstone, seq {seq}", seq).into())
            }
            Command::Batch(ops) => batch(self.engine_or(failure)?, &ops).await.map_err(failure),
            Command::Get { key, at } => {
                let at = self.snapshot(line, at)?;
                let found = self.engine_or(failure)?.lookup(&key, at).await.map_err(failure)?;
                let mut answer = looked_up(&found);
                if let Some(broken) = self.broken(at).filter(|_| found.seq.is_none()) {
                    answer.result = format!("{}; {broken}", answer.result);
                }
                Ok(answer)
            }
            Command::Scan { start, end, limit, reverse, at } => {
                let at = self.snapshot(line, at)?;
                let range = ScanRange { start, end, limit: limit.or(Some(MAX_SCANNED + 1)), reverse };
                let scanned = scan(self.engine_or(failure)?, range, limit.is_none(), at).await.map_err(failure)?;
                let (mut answer, has_entries) = scanned;
                match self.broken(at) {
                    // Lines of entries stay as they are.
                    Some(broken) if !has_entries => answer.result = format!("{}; {broken}", answer.result),
                    broken => answer.warnings.extend(broken),
                }
                Ok(answer)
            }
            Command::Flush => flush(self.engine_or(failure)?).await.map_err(failure),
            Command::Compact { level } => self.compact(line, level).await,
            Command::Snapshot => {
                let taken = self.engine_or(failure)?.snapshot();
                let mut answer: Answer =
                    say!("snapshot {id}  sees everything up to seq {seq}", id = taken.id, seq = taken.seq).into();
                if policy_for(&self.options).about().drops_unread() {
                    answer.warnings.push(say!(
                        "FIFO compaction drops the oldest tables whether or not a snapshot sees them: then it sees less"
                    ));
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
                Ok(say!("bye").into())
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
        (dropped > 0)
            .then(|| say!("FIFO compaction has dropped {tables} that snapshot {snapshot} saw", tables, snapshot))
    }

    async fn release(&mut self, line: &str, number: u64) -> Result<Answer, ScriptError> {
        self.snapshot(line, Some(number))?;
        let engine = self.engine_or(failure)?;
        let before = engine.counters().compactions;
        engine.release(number).map_err(failure)?;
        engine.run_due().await;
        Ok(match engine.counters().compactions - before {
            0 => say!("ok  snapshot {number} is released", number),
            done => {
                let compactions = counted(done, "compaction");
                say!("ok  snapshot {number} is released, then {compactions}", number, compactions)
            }
        }
        .into())
    }

    async fn compact(&mut self, line: &str, level: Option<u64>) -> Result<Answer, ScriptError> {
        let engine = self.engine_or(failure)?;
        let last = engine.version().levels.len() - 1;
        if let Some(level) = level.filter(|level| *level > last as u64) {
            return Err(ScriptError::new(
                line,
                level_place(line, level),
                say!("there is no level {level}", level),
                say!("Levels go from 0 to {last}; num_levels says how many there are.", last),
            ));
        }
        let waiting = engine.report().immutables.len();
        let done = engine.compact(level.map(|level| level as usize)).await.map_err(failure)?;
        let mut answer: Answer = match done {
            0 => say!("nothing to do").into(),
            done => format!("ok  {}", counted(done, "compaction")).into(),
        };
        if done == 0 && waiting > 0 {
            let memtables = counted(waiting, "memtable");
            answer.warnings.push(say!("{memtables} wait to be flushed first", memtables));
        }
        Ok(answer)
    }

    async fn change_options(&mut self, line: &str, changes: &[OptionChange]) -> Result<Answer, ScriptError> {
        let options = changed(line, &self.options, changes)?;
        let differences = self.options.differences(&options);
        if differences.is_empty() {
            return Ok(say!("nothing changed: they are set like this already").into());
        }
        let end = changes.last().map_or(line.len(), |change| change.end);
        let start = changes.first().map_or(0, |change| change.start);
        let refused =
            |error: crate::Error, remedy: String| ScriptError::new(line, start..end, retold(&error.message), remedy);
        if let Some(engine) = self.engine() {
            // Told before anything is closed: snapshots stay.
            let unchanged = |error: crate::Error| refused(error, say!("Nothing was changed."));
            check_levels(&options, engine.version()).map_err(unchanged)?;
        }
        let snapshots = self.engine().map_or(0, |engine| engine.snapshots().count() as u64);
        let was_open = self.engine().is_some();
        let lost = without_effect(&self.options, &options, changes);
        if let Err(error) = self.reopen(options).await {
            let remedy = self.after_refusal(&error, was_open, snapshots);
            return Err(refused(error, remedy));
        }
        let mut told = vec![say!("ok  reopened with {options}", options = differences.join(", "))];
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
        [] => say!("There is none; the command snapshot takes one."),
        live => {
            let live: Vec<String> = live.iter().map(|s| s.id.to_string()).collect();
            say!("These are there: {numbers}.", numbers = live.join(", "))
        }
    };
    ScriptError::new(line, place(line, &number.to_string()), say!("there is no snapshot {number}", number), remedy)
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
    Ok(format!("ok  {}, {}", counted(count, "write"), seqs(last + 1 - count, last)).into())
}

fn looked_up(found: &Lookup) -> Answer {
    let result = match (&found.value, found.seq) {
        (Some(value), _) => text(value),
        (None, Some(seq)) => say!("not found: deleted at seq {seq}", seq),
        (None, None) => say!("not found: no version of the key"),
    };
    let mut notes = Vec::new();
    if let (Some(seq), Some(place)) = (found.seq, found.place) {
        notes.push(match place {
            Place::Memtable { id } => say!("seq {seq}, in memtable {id}", seq, id),
            Place::Table { id, level } => say!("seq {seq}, in table {id} of level {level}", seq, id, level),
        });
    }
    notes.push(cost(&found.cost));
    Answer { result, notes, warnings: Vec::new() }
}

/// What a read cost, as a person would say it.
fn cost(cost: &Cost) -> String {
    if cost.tables == 0 && cost.blocks == 0 {
        return match cost.memtables {
            1 => say!("cost: memtable only, 0 blocks"),
            more => say!("cost: {n} memtables only, 0 blocks", n = more),
        };
    }
    let mut parts = vec![counted(cost.memtables, "memtable"), counted(cost.tables, "table")];
    if cost.filters > 0 {
        let filters = counted(cost.filters, "filter");
        parts.push(say!("{no} of {filters} said no", no = cost.filter_negatives, filters));
    }
    if cost.false_positives > 0 {
        parts.push(counted(cost.false_positives, "false positive"));
    }
    parts.push(blocks(cost));
    say!("cost: {parts}", parts = parts.join(", "))
}

/// The blocks and bytes of a read.
fn blocks(cost: &Cost) -> String {
    let blocks = counted(cost.blocks, "block");
    let bytes = counted(cost.bytes_read, "byte");
    match cost.cache_hits {
        0 => say!("{blocks}, {bytes} read", blocks, bytes),
        cached => say!("{blocks} ({cached} from the cache), {bytes} read", blocks, cached, bytes),
    }
}

/// The answer, and whether it has entries.
async fn scan<S: Storage, T: Tracer>(
    engine: &mut Engine<S, T>,
    range: ScanRange,
    unlimited: bool,
    at: Option<Snapshot>,
) -> Result<(Answer, bool)> {
    let mut found = engine.scan(range, at).await?;
    let more = unlimited && found.entries.len() as u64 > MAX_SCANNED;
    if more {
        found.entries.truncate(MAX_SCANNED as usize);
    }
    let lines: Vec<String> = found.entries.iter().map(|(k, v)| format!("{} = {}", word(k), word(v))).collect();
    let entries = counted(lines.len(), "entry");
    let mut notes = vec![say!("{entries}, {skipped} passed over", entries, skipped = found.skipped)];
    let warnings = if more { vec![say!("there are more: give a limit to see them")] } else { Vec::new() };
    notes.push(say!("cost: {parts}", parts = blocks(&found.cost)));
    let result = if lines.is_empty() { say!("no entries") } else { lines.join("\n") };
    Ok((Answer { result, notes, warnings }, !lines.is_empty()))
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
        (false, _) => format!("ok  {}", in_turn(&done)),
        (true, 0) => say!("nothing to flush"),
        (true, logs) => {
            say!("nothing to flush, and {logs} of which nothing is needed left behind", logs = counted(logs, "log"))
        }
    }
    .into())
}

fn bytes(bytes: u64) -> String {
    counted(bytes, "byte")
}

/// What is to be said of `snapshots` that a reopening has ended.
fn ended(snapshots: u64) -> Option<String> {
    let count = counted(snapshots, "snapshot");
    (snapshots > 0).then(|| say!("{snapshots} did not outlive the reopening", snapshots = count))
}

async fn wait<S: Storage, T: Tracer>(engine: &mut Engine<S, T>, nanos: Nanos) -> Result<Answer> {
    let before = *engine.counters();
    engine.advance_to(later(engine.now(), nanos)?).await?;
    let mut answer: Answer = say!("ok  time {time}", time = decimal(&exact_seconds(engine.now()))).into();
    let after = engine.counters();
    let (flushes, compactions) = (after.flushes - before.flushes, after.compactions - before.compactions);
    let running = engine.report().jobs.len() as u64;
    if flushes + compactions + running > 0 {
        let (flushes, compactions) = (counted(flushes, "flush"), counted(compactions, "compaction"));
        let jobs = counted(running, "job");
        answer.notes.push(say!("{flushes} and {compactions} are done, {jobs} running", flushes, compactions, jobs));
    }
    Ok(answer)
}
