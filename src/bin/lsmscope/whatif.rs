//! `lsmscope whatif DIR --set NAME=VALUE…`: what other options would have cost a real database.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error,
    error::{excerpt, excerpt_of_path},
    history::{
        self, HistoryRefusal,
        log_report::{LogPaths, LogReader, LogReport},
    },
    options::Problem,
    plural::counted,
    what_if::{Speed, WhatIf, WhatIfComparison, WhatIfOutcome, measured_stalls},
};
use serde_json::json;

use super::database_files::HistoryFiles;

/// Which history, under which options.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The directory of a RocksDB database, or its MANIFEST; its LOG and OPTIONS files are read as well. Any of the
    /// files may be packed (.gz).
    #[arg(value_name = "DIR")]
    database: PathBuf,
    /// Change one option; may be repeated. Sizes are written as 64MB, names are RocksDB's, or those of `lsmscope sim
    /// --list`.
    ///
    /// An option on which no estimate depends is told: flushes are those of the history, so that write_buffer_size, and
    /// all else of memtables, the WAL, blocks and caches, has no effect.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// The column family.
    #[arg(long, value_name = "NAME", default_value = "default")]
    family: String,
    /// How many draws of keys are estimated: the one with the median write amplification counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=1000))]
    draws: u64,
    /// Print one JSON object: `measured`, what the database came to; `recorded` and `changed`, the estimates under its
    /// own options and under the changed ones.
    #[arg(long)]
    json: bool,
}

/// Estimates, and prints what it comes to.
///
/// # Errors
/// Nothing can be printed.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    if let Some(change) = arguments.changes.iter().find(|change| !change.contains('=')) {
        let problem = Problem { field: "--set".into(), value: excerpt(change), expected: "name=value".into() };
        return Ok(super::refuse(&problem, "whatif"));
    }
    match estimate(arguments) {
        Ok(estimated) => {
            super::print(&if arguments.json { estimated.json() } else { estimated.text(&arguments.changes) })?;
            Ok(ExitCode::SUCCESS)
        }
        Err(Refused::Changes(HistoryRefusal { error, remedy, .. })) => {
            super::tell(format_args!("error: {}\n{remedy}", error.message));
            Ok(ExitCode::from(2))
        }
        Err(Refused::Database(HistoryRefusal { error, remedy, .. })) => {
            let (file, message) = (excerpt_of_path(&arguments.database), error.message);
            let of_file = if message.starts_with(&file) { message } else { format!("{file}: {message}") };
            super::tell(format_args!("error: {of_file}\n{remedy}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Why nothing is estimated.
enum Refused {
    /// A change is of no option, or of a value that it cannot have.
    Changes(HistoryRefusal),
    /// The database, or its files.
    Database(HistoryRefusal),
}

/// What was estimated of a family.
struct Estimated {
    family: String,
    comparison: WhatIfComparison,
}

fn estimate(arguments: &Arguments) -> Result<Estimated, Refused> {
    let of_database = |error: Error| Refused::Database(error.into());
    let files = HistoryFiles::find(&arguments.database, None, &[]).map_err(of_database)?;
    let bytes = files.read().map_err(of_database)?;
    let family = Some(arguments.family.as_str());
    let options = |changes: &[String]| history::changed_options(bytes.options.as_deref(), family, changes);
    // Before the work: a change that is none. What the database has to be refused for is said of it below.
    let changed = match options(&arguments.changes) {
        Err(refusal) if options(&[]).is_ok() => return Err(Refused::Changes(refusal)),
        changed => changed,
    };
    let history = history::open(&bytes.history, &bytes.request(family, &[])).map_err(Refused::Database)?;
    let changed = changed.map_err(Refused::Database)?;
    let speed = Speed::of(arguments.changes.iter().map(String::as_str));
    let what_if = WhatIf::of(&history).map_err(|error| Refused::Database(of_tables(error, &files)))?;
    what_if.without_effect(&changed, &arguments.changes).iter().for_each(super::tell);
    let draws = arguments.draws;
    let recorded = what_if.estimate(&history.options, Speed::AsRecorded, draws).map_err(of_database)?;
    let changed = match arguments.changes.is_empty() {
        true => recorded.clone(),
        false => what_if.estimate(&changed, speed, draws).map_err(of_database)?,
    };
    let log = bytes.log.as_deref().filter(|_| !history.summary.is_log_foreign);
    let stalled = log.and_then(|log| measured_stalls(&report_of(log)));
    let comparison = WhatIfComparison::of(&what_if, stalled, recorded, changed);
    Ok(Estimated { family: arguments.family.clone(), comparison })
}

/// What a LOG tells.
fn report_of(log: &[u8]) -> LogReport {
    let mut reader = LogReader::new(LogPaths::LeaveOut);
    reader.push(log);
    reader.end_file();
    reader.report()
}

/// Why the writes of a history cannot be written again, with what would help.
fn of_tables(error: Error, files: &HistoryFiles) -> HistoryRefusal {
    let refusal = HistoryRefusal::from(error);
    if files.logs.is_empty() {
        let message = "no LOG lies beside it: only a LOG tells what the tables of a MANIFEST hold";
        let error = Error::new(refusal.error.kind, message);
        let remedy = "Give the directory of the database, or copy LOG and LOG.old.* beside it.".into();
        return HistoryRefusal { error, remedy, ..refusal };
    }
    let remedy = "Give all LOG.old.* since the MANIFEST began (keep_log_file_num says how many RocksDB keeps).".into();
    HistoryRefusal { remedy, ..refusal }
}

impl Estimated {
    fn json(&self) -> String {
        let WhatIfComparison { distinct_keys, deletions_meet_nothing, measured, recorded, changed } = &self.comparison;
        json!({
            "family": self.family,
            "distinct_keys": distinct_keys,
            "deletions_meet_nothing": deletions_meet_nothing,
            "measured": measured,
            "recorded": recorded,
            "changed": changed,
        })
        .to_string()
    }

    fn text(&self, changes: &[String]) -> String {
        let WhatIfComparison { distinct_keys, deletions_meet_nothing, measured, recorded, changed } = &self.comparison;
        let keys = match distinct_keys {
            None => "every write has a new key".to_string(),
            Some(keys) => format!("the writes have about {}", counted(*keys, "different key")),
        };
        let mut columns = vec![("measured", measured), ("estimated", &recorded.typical)];
        if !changes.is_empty() {
            columns.push(("changed", &changed.typical));
        }
        let heads: String = columns.iter().map(|(head, _)| format!("{head:>14}")).collect();
        let mut lines = vec![format!("{}: {keys}", self.family), format!("{:<28}{heads}", "")];
        let mut row = |name: &str, of: &dyn Fn(&WhatIfOutcome) -> String| {
            let cells: String = columns.iter().map(|(_, outcome)| format!("{:>14}", of(outcome))).collect();
            lines.push(format!("{name:<28}{cells}"));
        };
        row("write amplification", &|o| format!("{:.2}", o.write_amp));
        row("sorted runs, mean", &|o| format!("{:.1}", o.read_amp));
        row("space amplification, mean", &|o| format!("{:.2}", o.space_amp));
        row("flushed, MB", &|o| mb(o.flushed));
        row("compacted, MB", &|o| mb(o.compacted));
        row("most on disk, MB", &|o| mb(o.peak_bytes));
        row("merges", &|o| format!("{:.0}", o.compactions));
        row("moves", &|o| format!("{:.0}", o.moves));
        let seconds = |stalled: Option<f64>| stalled.map_or("–".into(), |seconds| format!("{seconds:.1}"));
        row("writes stopped, s", &|o| seconds(o.stalled.map(|stalled| stalled.stopped)));
        row("writes slowed by, s", &|o| seconds(o.stalled.map(|stalled| stalled.delayed)));
        row("deletions at the end, %", &|o| format!("{:.1}", 100.0 * o.deletion_share));
        for level in 0..measured.levels.len().max(changed.typical.levels.len()) {
            row(&format!("level {level} at the end, MB"), &|o| mb(o.levels.get(level).copied().unwrap_or(0.0)));
        }
        let range = |(least, most): (f64, f64)| format!("{least:.2} to {most:.2}");
        lines.push(String::new());
        lines.push(format!(
            "measured: what the database came to. estimated: its own options; write amplification {} by draw of keys.",
            range(recorded.write_amp_range)
        ));
        if !changes.is_empty() {
            let range = range(changed.write_amp_range);
            lines.push(format!("changed: {}; write amplification {range}.", changes.join(" ")));
        }
        if measured.stalled.is_some() {
            lines.push("Stalls that are measured are RocksDB's own count, up to its last dump of statistics.".into());
        }
        if *deletions_meet_nothing {
            lines.push(
                "No deletion has met what it deletes yet, as far as the LOG tells: it is estimated as if none ever \
                 did. Under options that merge deletions into the last level, less may be left than is said here."
                    .into(),
            );
        }
        lines.join("\n")
    }
}

fn mb(bytes: f64) -> String {
    format!("{:.1}", bytes / f64::from(1 << 20))
}
