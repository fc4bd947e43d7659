//! `lsmscope whatif DIR --set NAME=VALUE…`: what other options would have cost a real database.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error,
    error::excerpt_of_path,
    history::{self, HistoryRefusal},
    plural::counted,
    what_if::{Speed, WhatIf, WhatIfEstimate, WhatIfOutcome},
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
    /// Change one option; may be repeated. Sizes are written as 64MB.
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
    match estimate(arguments) {
        Ok(estimated) => {
            super::print(&if arguments.json { estimated.json() } else { estimated.text(&arguments.changes) })?;
            Ok(ExitCode::SUCCESS)
        }
        Err(HistoryRefusal { error, remedy, .. }) => {
            let file = excerpt_of_path(&arguments.database);
            super::tell(format_args!("error: {file}: {}\n{remedy}", error.message));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What was estimated of a family.
struct Estimated {
    family: String,
    distinct_keys: Option<u64>,
    measured: WhatIfOutcome,
    recorded: WhatIfEstimate,
    changed: WhatIfEstimate,
}

fn estimate(arguments: &Arguments) -> Result<Estimated, HistoryRefusal> {
    let files = HistoryFiles::find(&arguments.database, None, &[])?;
    let bytes = files.read()?;
    let family = Some(arguments.family.as_str());
    let history = history::open(&bytes.history, &bytes.request(family, &[]))?;
    let changed = history::changed_options(bytes.options.as_deref(), family, &arguments.changes)?;
    let speed = Speed::of(arguments.changes.iter().map(String::as_str));
    let what_if = WhatIf::of(&history)?;
    let recorded = what_if.estimate(&history.options, Speed::AsRecorded, arguments.draws)?;
    Ok(Estimated {
        family: arguments.family.clone(),
        distinct_keys: what_if.distinct_keys(),
        measured: what_if.measured().clone(),
        changed: match arguments.changes.is_empty() {
            true => recorded.clone(),
            false => what_if.estimate(&changed, speed, arguments.draws)?,
        },
        recorded,
    })
}

impl Estimated {
    fn json(&self) -> String {
        let Estimated { family, distinct_keys, measured, recorded, changed } = self;
        json!({
            "family": family,
            "distinct_keys": distinct_keys,
            "measured": measured,
            "recorded": recorded,
            "changed": changed,
        })
        .to_string()
    }

    fn text(&self, changes: &[String]) -> String {
        let keys = match self.distinct_keys {
            None => "every write has a new key".to_string(),
            Some(keys) => format!("the writes have about {}", counted(keys, "different key")),
        };
        let mut columns = vec![("measured", &self.measured), ("estimated", &self.recorded.typical)];
        if !changes.is_empty() {
            columns.push(("changed", &self.changed.typical));
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
        for level in 0..self.measured.levels.len().max(self.changed.typical.levels.len()) {
            row(&format!("level {level} at the end, MB"), &|o| mb(o.levels.get(level).copied().unwrap_or(0.0)));
        }
        let range = |(least, most): (f64, f64)| format!("{least:.2} to {most:.2}");
        lines.push(String::new());
        lines.push(format!(
            "measured: what the database came to. estimated: its own options; write amplification {} by draw of keys.",
            range(self.recorded.write_amp_range)
        ));
        if !changes.is_empty() {
            let range = range(self.changed.write_amp_range);
            lines.push(format!("changed: {}; write amplification {range}.", changes.join(" ")));
        }
        lines.join("\n")
    }
}

fn mb(bytes: f64) -> String {
    format!("{:.1}", bytes / f64::from(1 << 20))
}
