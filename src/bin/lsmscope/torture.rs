//! `lsmscope torture`: runs the campaigns of [`lsmscope::torture`].
//!
//! Standard output: a line for each campaign with its counts. Standard error: progress, at a terminal; and a failure
//! with the command that reproduces it.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Mutex,
    time::Duration,
};

use clap::{Args, builder::PossibleValue};
use lsmscope::{
    Error, Options,
    error::{excerpt, excerpt_of_path},
    plural::{grouped, grouped_count},
    storage::fault::Keep,
    torture::{self, Campaign, Case, Tally, parse_keep},
};

use super::{
    progress::ProgressLine,
    streams::{print, tell},
};

/// The campaigns to run, and the number of cases or the time.
#[derive(Debug, Args)]
pub struct Torture {
    /// The campaign.
    #[arg(default_value = "all", value_parser = campaigns())]
    campaign: String,
    /// The seed of every random draw: the same seed always gives the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run N cases of each campaign [default: as many as take about a minute].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    cases: Option<u64>,
    /// Run for M minutes, all campaigns in turn.
    #[arg(long, value_name = "M", allow_negative_numbers = true, conflicts_with = "cases", value_parser = minutes)]
    minutes: Option<Duration>,
    /// Begin with this case: to go on where an earlier run ended.
    #[arg(long, value_name = "CASE", allow_negative_numbers = true, default_value_t = 0)]
    from: u64,
    /// Run only this case.
    #[arg(long, value_name = "N", allow_negative_numbers = true, conflicts_with_all = ["cases", "minutes", "from"])]
    case: Option<u64>,
    /// Run only these operations of the case's script, or `none`.
    #[arg(long, value_name = "LIST", requires = "case", value_parser = places)]
    ops: Option<List<usize>>,
    /// Only these of the case's options as they were drawn, or `none`; the others at their defaults.
    #[arg(long, value_name = "LIST", requires = "case", value_parser = names)]
    options: Option<List<String>>,
    /// Try only this point of the case: for a power cut in a recovery, a list of calls.
    #[arg(long, value_name = "LIST", requires = "case", value_delimiter = ',')]
    at: Vec<u64>,
    /// What the disk keeps at each power cut of that point: nothing, all, torn:SEED.
    #[arg(long, value_name = "LIST", requires = "at", value_delimiter = ',', value_parser = parse_keep)]
    keep: Vec<Keep>,
    /// Let syncs do nothing, although the engine must still keep its promises: this fails by design, and shows a
    /// failure's report. Only for power.
    #[arg(long)]
    lying: bool,
    /// Make directories for the file backend below this one [default: the system's for temporary files].
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

fn campaigns() -> clap::builder::PossibleValuesParser {
    let about = |campaign| match campaign {
        Campaign::Power => "power cuts after every call, and again during the recovery",
        Campaign::Faults => "calls that fail, full disks",
        Campaign::Damage => "every bit flipped, files cut, swapped, dropped",
        Campaign::Metamorphic => "the same operations under other options",
        Campaign::Language => "lines of the command language, against a model",
        Campaign::Kill => "processes that are killed while they write",
        Campaign::Full => "a small file system that is filled",
    };
    let mut values: Vec<_> =
        Campaign::ALL.iter().map(|(name, campaign)| PossibleValue::new(name).help(about(*campaign))).collect();
    values.push(PossibleValue::new("all").help("all of them"));
    values.into()
}

/// What `--ops` and `--options` take: items with commas between, or `none`.
#[derive(Clone, Debug)]
struct List<T>(Vec<T>);

fn list<T>(text: &str, item: impl Fn(&str) -> Result<T, String>) -> Result<List<T>, String> {
    match text {
        "none" => Ok(List(Vec::new())),
        _ => text.split(',').map(item).collect::<Result<_, _>>().map(List),
    }
}

fn places(text: &str) -> Result<List<usize>, String> {
    list(text, |item| {
        item.parse().map_err(|_| format!("{:?} is not a place in a script: write numbers, or none", excerpt(item)))
    })
}

fn names(text: &str) -> Result<List<String>, String> {
    list(text, |item| match Options::default().get(item) {
        Some(_) => Ok(item.to_string()),
        None => Err(format!("{:?} is not an option: `help` in `lsmscope repl` lists them", excerpt(item))),
    })
}

fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: f64 = text.parse().map_err(|_| "a number of minutes".to_string())?;
    Duration::try_from_secs_f64(minutes * 60.0).map_err(|_| "a number of minutes, not less than 0".to_string())
}

/// How many cases take about a quarter of a minute.
fn usual(campaign: Campaign) -> u64 {
    match campaign {
        Campaign::Power => 100,
        Campaign::Faults => 300,
        Campaign::Damage => 16,
        Campaign::Metamorphic => 500,
        Campaign::Language => 2000,
        Campaign::Kill => 200,
        Campaign::Full => 100,
    }
}

/// The command for the running case: printed if the process is about to end.
static RUNNING: Mutex<String> = Mutex::new(String::new());

/// Runs what was asked for.
///
/// # Errors
/// The summary cannot be printed.
pub fn run(torture: &Torture) -> Result<ExitCode, Error> {
    let all = Campaign::ALL.map(|(_, campaign)| campaign);
    let campaigns: Vec<Campaign> =
        all.into_iter().filter(|c| torture.campaign == "all" || torture.campaign == c.name()).collect();
    if torture.case.is_some() && campaigns.len() > 1 {
        tell("error: a case belongs to one campaign: name it, as in `lsmscope torture power --case 7`");
        return Ok(ExitCode::from(2));
    }
    let scratch = match Scratch::new(torture.scratch.as_deref()) {
        Ok(scratch) => scratch,
        Err(error) => {
            tell(format_args!("error: {error}\nName another directory with --scratch."));
            return Ok(ExitCode::FAILURE);
        }
    };
    tell_of_panics();
    let mut runs: Vec<Run> = campaigns.into_iter().map(|c| Run::new(torture, c)).collect();
    let well = go(torture, &mut runs, &scratch.0);
    for run in &runs {
        print(&run.summary())?;
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs cases of all campaigns in turn until there are no more, the time is over, or one fails.
fn go(torture: &Torture, runs: &mut [Run], scratch: &Path) -> bool {
    let mut progress = Progress::new(torture.minutes);
    loop {
        let mut busy = false;
        for i in 0..runs.len() {
            if progress.is_over() {
                return true;
            }
            let run = &mut runs[i];
            if run.next >= run.end {
                continue;
            }
            busy = true;
            if !run.one(torture, scratch) {
                progress.clear();
                return false;
            }
            progress.show(runs);
        }
        if !busy {
            progress.clear();
            return true;
        }
    }
}

/// One campaign.
struct Run {
    campaign: Campaign,
    seed: u64,
    first: u64,
    next: u64,
    end: u64,
    /// This command, to be killed.
    program: Option<PathBuf>,
    tally: Tally,
}

impl Run {
    fn new(torture: &Torture, campaign: Campaign) -> Run {
        let (first, end) = match (torture.case, torture.cases, torture.minutes) {
            (Some(case), ..) => (case, case.saturating_add(1)),
            (None, Some(cases), _) => (torture.from, torture.from.saturating_add(cases)),
            (None, None, Some(_)) => (torture.from, u64::MAX),
            (None, None, None) => (torture.from, torture.from.saturating_add(usual(campaign))),
        };
        Run {
            campaign,
            seed: torture.seed,
            first,
            next: first,
            end,
            program: std::env::current_exe().ok(),
            tally: Tally::default(),
        }
    }

    /// Runs the next case; false if it failed.
    fn one(&mut self, torture: &Torture, scratch: &Path) -> bool {
        let case = Case {
            ops: torture.ops.clone().map(|list| list.0),
            options: torture.options.clone().map(|list| list.0),
            at: torture.at.clone(),
            keep: torture.keep.clone(),
            lying: torture.lying,
            program: self.program.as_deref(),
            ..Case::new(self.seed, self.next, Some(scratch))
        };
        if let Ok(mut running) = RUNNING.lock() {
            *running = format!("lsmscope torture {} --seed {} --case {}", self.campaign.name(), self.seed, self.next);
        }
        self.next += 1;
        match torture::run(self.campaign, &case, &mut self.tally) {
            Ok(()) => true,
            Err(failure) => {
                tell(failure);
                false
            }
        }
    }

    fn summary(&self) -> String {
        let Tally { points, on_files, nested, operations, errors, bits, losses, .. } = &self.tally;
        let mut parts = vec![
            format!("cases {} to {} of seed {}", self.first, self.next.saturating_sub(1).max(self.first), self.seed),
            grouped_count(*points, "point"),
        ];
        let details = [
            (*bits, "flipped bit"),
            (*nested, "cut during a recovery"),
            (*on_files, "on files"),
            (*errors, "refused operation"),
        ];
        parts.extend(details.iter().filter(|(n, _)| *n > 0).map(|(n, what)| match *what {
            "on files" => format!("{} on files", grouped(*n)),
            "cut during a recovery" => format!("{} during a recovery", grouped(*n)),
            what => grouped_count(*n, what),
        }));
        parts.push(grouped_count(*operations, "operation"));
        parts.push(if *losses == 0 { "nothing lost".to_string() } else { "FAILED".to_string() });
        format!("{:<12} {}", self.campaign.name(), parts.join(", "))
    }
}

/// How far it is, on one line of a terminal, and when it has to end.
struct Progress {
    line: ProgressLine,
    limit: Option<Duration>,
}

impl Progress {
    fn new(limit: Option<Duration>) -> Progress {
        Progress { line: ProgressLine::new(), limit }
    }

    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.line.elapsed() >= limit)
    }

    fn show(&mut self, runs: &[Run]) {
        let what = || {
            let points = grouped_count(runs.iter().map(|r| r.tally.points).sum(), "point");
            let cases = runs.iter().map(|r| format!("{} {}", r.campaign.name(), r.next)).collect::<Vec<_>>().join(", ");
            format!("at {cases}: {points}")
        };
        match self.limit {
            Some(limit) => self.line.show_until(limit, what),
            None => {
                let done: u64 = runs.iter().map(|r| r.next - r.first).sum();
                let all: u64 = runs.iter().map(|r| r.end - r.first).sum();
                self.line.show(done as f64 / all.max(1) as f64, what);
            }
        }
    }

    fn clear(&mut self) {
        self.line.clear();
    }
}

/// A panic is a failure like any other, and reported as one. Where it ends the process, there is only time to say
/// where.
fn tell_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if cfg!(panic = "abort") {
            let command = RUNNING.lock().map(|c| c.clone()).unwrap_or_default();
            tell(format_args!("{panic}\nTo see it again:\n  {command}"));
        }
    }));
}

/// A directory of our own, gone when this is.
struct Scratch(PathBuf);

impl Scratch {
    fn new(below: Option<&Path>) -> io::Result<Scratch> {
        let below = below.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let path = below.join(format!("lsmscope-torture-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot create {}: {error}", excerpt_of_path(&path)))
        })?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: it is a place for things that may go at any time.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
