//! `lsmscope drive`: a workload on a database of one's own, with a CSV, charts, a live view and Prometheus metrics.
//!
//! Time is virtual: a minute takes as long as the machine needs for its operations, unless `--speed` says otherwise;
//! the files it writes are the same, byte for byte, for the same parameters and seed.

use std::{cell::RefCell, future::ready, path::PathBuf, process::ExitCode, rc::Rc};

use clap::Args;
use lsmscope::{
    Error, Options,
    drive::{DriveRun, csv},
    effect::Executor,
    options::{JobMode, Problem, WalSync},
    session::Session,
    storage::{Storage, block_on, file::Directory, memory::Memory},
    trace::NoTrace,
    workload::{self, Workload},
};
use serde_json::json;

mod charts;
mod live;
mod parameters;
mod report;
mod serve;
pub mod watch;

use super::outputs::{self, Output};
use parameters::Parameters;
use watch::Watch;

/// What to run, on what, and where to write what came of it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Keep the database in this directory [default: in memory].
    #[arg(long, value_name = "DIR", help_heading = "Engine")]
    data_dir: Option<PathBuf>,
    /// Begin with a ready-made set of options.
    #[arg(long, value_name = "NAME", default_value = "demo-recipe", value_parser = super::presets())]
    #[arg(help_heading = "Engine")]
    preset: String,
    /// Change one option; may be repeated. `lsmscope sim --list` names them all.
    #[arg(long = "set", value_name = "NAME=VALUE", help_heading = "Engine")]
    changes: Vec<String>,
    /// Flush and compact beside the writes, as long as the device takes (the option job_mode=scheduled).
    #[arg(long, help_heading = "Engine")]
    async_compaction: bool,
    /// The memtable is flushed at this size (write_buffer_size).
    #[arg(long, value_name = "BYTES", help_heading = "Engine", allow_negative_numbers = true)]
    memtable_max_bytes: Option<String>,
    /// A compaction's tables are cut at this size (target_file_size_base).
    #[arg(long, value_name = "BYTES", help_heading = "Engine", allow_negative_numbers = true)]
    sstable_max_bytes: Option<String>,
    /// The share of absent keys that a bloom filter may let through (bloom_fpr).
    #[arg(long, value_name = "SHARE", help_heading = "Engine", allow_negative_numbers = true)]
    bloom_fpr: Option<String>,
    /// How many levels there are (num_levels).
    #[arg(long, value_name = "N", help_heading = "Engine", allow_negative_numbers = true)]
    max_levels: Option<String>,
    /// Sync the log before every write is acknowledged (wal_sync=every_write).
    #[arg(long, help_heading = "Engine")]
    wal_flush_every_write: bool,
    /// How old a tombstone must be before a compaction may drop it (tombstone_retention_seconds).
    #[arg(long, value_name = "SECONDS", help_heading = "Engine", allow_negative_numbers = true)]
    tombstone_retention_seconds: Option<String>,
    #[command(flatten)]
    parameters: Parameters,
    /// Show memtable, levels and throughput while it runs. q ends it.
    #[arg(long, help_heading = "Output")]
    live: bool,
    /// Virtual seconds for each real one [default: as fast as possible; 5 with --live].
    #[arg(long, value_name = "FACTOR", value_parser = speed, help_heading = "Output", allow_negative_numbers = true)]
    speed: Option<f64>,
    /// Write the samples as CSV; for this and the other files, `-` is standard output.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out_csv: Option<PathBuf>,
    /// Write the charts as one HTML file that needs nothing else.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out_html: Option<PathBuf>,
    /// Write the charts as SVG.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out_svg: Option<PathBuf>,
    /// Write the charts as PNG.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out_png: Option<PathBuf>,
    /// Answer GET /metrics as Prometheus asks it, while it runs and afterwards, until it is interrupted.
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Output")]
    metrics_addr: Option<String>,
    /// Print one JSON object with everything but the samples, instead of sentences.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "a number is expected, such as 1 or 0.5".to_string())?;
    if factor > 0.0 && factor.is_finite() { Ok(factor) } else { Err("more than 0 is expected".into()) }
}

impl Arguments {
    /// Flags of their own for some options: the flag, the option, and its value if it was given.
    fn flags(&self) -> [(&'static str, &'static str, &Option<String>); 5] {
        [
            ("--memtable-max-bytes", "write_buffer_size", &self.memtable_max_bytes),
            ("--sstable-max-bytes", "target_file_size_base", &self.sstable_max_bytes),
            ("--bloom-fpr", "bloom_fpr", &self.bloom_fpr),
            ("--max-levels", "num_levels", &self.max_levels),
            ("--tombstone-retention-seconds", "tombstone_retention_seconds", &self.tombstone_retention_seconds),
        ]
    }

    fn options(&self) -> Result<Options, Problem> {
        let settings = super::Settings { preset: self.preset.clone(), changes: Vec::new() };
        let mut options = settings.options()?;
        for (flag, name, value) in self.flags() {
            if let Some(value) = value {
                options.set(name, value).map_err(|problem| Problem { field: format!("{flag} ({name})"), ..problem })?;
            }
        }
        if self.async_compaction {
            options.job_mode = JobMode::Scheduled;
        }
        if self.wal_flush_every_write {
            options.wal_sync = WalSync::EveryWrite;
        }
        super::change(&mut options, &self.changes)?;
        options.validate().into_iter().next().map_or(Ok(options), Err)
    }

    /// What has no effect of the options and parameters that were set by a flag: a sentence for each reason.
    fn without_effect(&self, options: &Options, workload: &Workload) -> Vec<String> {
        let named = |name: &str| self.flags().iter().any(|(_, option, value)| *option == name && value.is_some());
        let is_set = |name: &str| named(name) || super::is_set(&self.changes, name);
        let mut lost = options.told_without_effect(Executor::Engine, is_set);
        lost.extend(workload.told_without_effect(options, |name| self.parameters.is_set(name)));
        lost
    }

    fn outputs(&self) -> [Output<'_>; 4] {
        [
            ("--out-csv", self.out_csv.as_deref()),
            ("--out-html", self.out_html.as_deref()),
            ("--out-svg", self.out_svg.as_deref()),
            ("--out-png", self.out_png.as_deref()),
        ]
    }

    fn has_output(&self) -> bool {
        self.outputs().iter().any(|(_, file)| file.is_some())
    }
}

/// Runs it.
///
/// # Errors
/// The storage failed, or an output cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let wanted = || {
        outputs::check(&arguments.outputs(), arguments.data_dir.as_deref())?;
        Ok((arguments.options()?, arguments.parameters.workload()?))
    };
    let (options, workload) = match wanted() {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(super::refuse(&problem, "drive")),
    };
    match &arguments.data_dir {
        None => drive(Memory::new(), arguments, &options, &workload),
        Some(directory) => drive(Directory::open(directory)?, arguments, &options, &workload),
    }
}

fn drive<S: Storage>(
    storage: S,
    arguments: &Arguments,
    options: &Options,
    workload: &Workload,
) -> Result<ExitCode, Error> {
    let watch = Rc::new(RefCell::new(Watch::new(arguments, options)?));
    let mut session = block_on(Session::open(storage, options.clone(), NoTrace))?;
    let watching = watch.clone();
    session.set_watch(Box::new(move |run, progress| Box::pin(ready(watching.borrow_mut().look(run, progress)))));
    let driven = block_on(session.drive(workload)).map(drop);
    watch.borrow_mut().end()?;
    let run = session.last_run().cloned().unwrap_or_default();
    // What was seen until a failure is worth having too.
    write_all(arguments, options, workload, &run)?;
    driven?;
    block_on(session.close())?;
    watch.borrow_mut().serve_on(&run)?;
    Ok(ExitCode::SUCCESS)
}

fn write_all(arguments: &Arguments, options: &Options, workload: &Workload, run: &DriveRun) -> Result<(), Error> {
    if let Some(file) = &arguments.out_csv {
        outputs::write(file, csv::table(&run.samples, options.levels()).as_bytes())?;
    }
    if arguments.out_html.is_some() || arguments.out_svg.is_some() || arguments.out_png.is_some() {
        let (title, points) = (title(workload), charts::points(run, options.levels()));
        let picture = charts::picture(run, &points, &title);
        let svg = picture.svg();
        super::write_picture(&svg, arguments.out_svg.as_deref(), arguments.out_png.as_deref())?;
        if let Some(file) = &arguments.out_html {
            let page = report::page(run, options, workload, &title, (&picture, &svg));
            outputs::write(file, page.as_bytes())?;
        }
    }
    if outputs::print_to_stdout(&arguments.outputs()) {
        return Ok(());
    }
    let lost = arguments.without_effect(options, workload);
    let text = match arguments.json {
        true => as_json(options, workload, run, &lost).to_string(),
        false => in_words(options, run, &lost),
    };
    super::print(&text)?;
    if !arguments.json && !arguments.has_output() {
        super::tell("--out-html FILE draws it; --out-csv FILE has the numbers.");
    }
    Ok(())
}

/// What was done, and amplification as a table, each with its formula. `lost` is what has no effect of the options.
fn in_words(options: &Options, run: &DriveRun, lost: &[String]) -> String {
    let mut text = run.told().join("\n");
    lost.iter().for_each(|lost| text += &format!("\n{lost}."));
    if let Some(why) = report::without_latencies(options) {
        text += &format!("\n{why}");
    }
    if options.job_mode == JobMode::Scheduled {
        options.raised().iter().for_each(|raised| text += &format!("\n{raised}."));
    }
    format!("{text}\n\n{}", run.compared)
}

/// What the charts are headed with.
fn title(workload: &Workload) -> String {
    let rates = [
        (workload.write_rate, "puts"),
        (workload.read_rate, "reads"),
        (workload.delete_rate, "deletes"),
        (workload.read_modify_write_rate, "read-modify-writes"),
    ];
    let rates = rates.iter().filter(|(rate, _)| *rate > 0.0).map(|(rate, what)| format!("{rate} {what}"));
    let how = match workload.arrival {
        workload::Arrival::Closed => " in proportion",
        _ => " a second",
    };
    format!("{}{how}, {} s", rates.collect::<Vec<_>>().join(" and "), workload.duration_seconds)
}

/// Everything but the samples.
fn as_json(options: &Options, workload: &Workload, run: &DriveRun, lost: &[String]) -> serde_json::Value {
    json!({
        "complete": run.complete,
        "seconds": run.millis / 1e3,
        "loaded": run.loaded,
        "operations": run.ops,
        "counters": run.counters,
        "amplification": run.amplification,
        "compared": run.compared,
        "latencies_nanos": run.latencies,
        "levels": run.samples.last().map(|s| json!({ "tables": s.level_tables, "bytes": s.level_bytes })),
        "marks": run.marks,
        "workload": workload,
        "without_effect": lost,
        "options": options.changed().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    })
}
