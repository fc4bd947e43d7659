//! `lsmscope sweep`: one workload under many sets of options, on all cores; a row of CSV or Parquet for each run.
//!
//! In: a SPEC ([`lsmscope::sweep::spec_file`]), and rows that are there already. Out: the other rows, each appended as
//! soon as its run has ended ([`rows_file`]), so that a sweep that is interrupted goes on where it was. Runs share
//! nothing, and a row follows from its run's number: the table is the same whatever the number of threads.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error,
    error::excerpt_of_path,
    options::Problem,
    plural::{counted, grouped_count},
    sweep::{SweepDraw, SweepPlan, SweepShard, spec_file},
};

mod front_table;
mod history_files;
#[cfg(feature = "parquet")]
mod parquet_file;
mod rows_file;
mod workers;

use super::{
    inputs,
    outputs::{self, Output},
    print,
    progress::ProgressLine,
    tell,
};
use rows_file::RowsFile;

/// A SPEC is a page, not a book.
const MAX_SPEC_BYTES: u64 = 1 << 20;

/// Of more runs than these, not all are looked at before the first one.
const MAX_CHECKED: usize = 100_000;

/// Rows by the number of their run.
type Rows = BTreeMap<u64, String>;

/// What to sweep over, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A file in TOML: a workload, what all runs share, and what varies. docs/sweep.md has its form.
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Write a line for each run to this file; lines that it has already are kept, and their runs left out. Without it,
    /// all lines go to standard output in the end, unless something else was asked for.
    #[arg(long, value_name = "FILE")]
    out_csv: Option<PathBuf>,
    /// Write all rows to this file in the end, with the types of their columns; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    out_parquet: Option<PathBuf>,
    /// Run only this part of the sweep: 1/8 is the first of eight.
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    shard: SweepShard,
    /// Take the rows of this file, which --out-csv of another shard or machine wrote; may be repeated.
    #[arg(long = "from", value_name = "FILE")]
    from: Vec<PathBuf>,
    /// How many runs go on at a time [default: one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    threads: Option<u64>,
    /// Print the runs that no other beats: none writes, reads and wastes less at the same time.
    #[arg(long)]
    pareto: bool,
    /// Print which runs there are, with what varies, and end.
    #[arg(long)]
    list: bool,
}

impl Arguments {
    fn outputs(&self) -> [Output<'_>; 2] {
        [("--out-csv", self.out_csv.as_deref()), ("--out-parquet", self.out_parquet.as_deref())]
    }

    /// Refuses outputs that cannot be, before hours of runs.
    fn check(&self) -> Result<(), Problem> {
        outputs::check(&self.outputs(), None)?;
        let place = |path: &Path| fs::canonicalize(path).ok();
        let spec = place(&self.spec);
        for (flag, path) in self.outputs() {
            if path.is_some_and(|path| spec.is_some() && place(path) == spec) {
                return Err(Problem {
                    field: flag.into(),
                    value: path.map(excerpt_of_path).unwrap_or_default(),
                    expected: "another file than the SPEC".into(),
                });
            }
        }
        if cfg!(not(feature = "parquet")) && self.out_parquet.is_some() {
            return Err(Problem {
                field: "--out-parquet".into(),
                value: "FILE".into(),
                expected: "a build with the feature parquet; DuckDB writes it from the CSV (docs/sweep.md)".into(),
            });
        }
        Ok(())
    }
}

/// Runs it.
///
/// # Errors
/// A file cannot be read or written, or one of rows is not of this sweep.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    if let Err(problem) = arguments.check() {
        return Ok(super::refuse(&problem, "sweep"));
    }
    let plan =
        match spec_file::read(&read_spec(&arguments.spec)?, &mut |wanted| history_files::open(&arguments.spec, wanted))
        {
            Ok(plan) => plan,
            Err(problem) => {
                let file = excerpt_of_path(&arguments.spec);
                tell(format_args!("error: {file}, {problem}\nNothing was run. docs/sweep.md has the form of a SPEC."));
                return Ok(ExitCode::from(2));
            }
        };
    let numbers = (0..plan.runs()).filter(|number| arguments.shard.has(*number));
    if arguments.list {
        return list(&plan, numbers).map(|()| ExitCode::SUCCESS);
    }
    let (file, mut rows) = match arguments.out_csv.as_deref().filter(|path| rows_file::is_kept(path)) {
        Some(path) => RowsFile::open(path, &plan).map(|(file, rows)| (Some(file), rows))?,
        None => (None, Rows::new()),
    };
    let mut file = file;
    for path in &arguments.from {
        for (number, row) in rows_file::read(path, &plan)? {
            if let std::collections::btree_map::Entry::Vacant(place) = rows.entry(number) {
                file.as_mut().map_or(Ok(()), |file| file.append(number, &row))?;
                place.insert(row);
            }
        }
    }
    let to_do: Vec<u64> = numbers.filter(|number| !rows.contains_key(number)).collect();
    let threads = threads(arguments, to_do.len());
    tell(announced(&plan, arguments.shard, &to_do, threads));
    if let Err(problem) = tell_of_refused(&plan, &to_do) {
        return Ok(super::refuse(&problem, "sweep"));
    }
    plan.without_effect(&to_do[..to_do.len().min(MAX_CHECKED)]).iter().for_each(tell);
    workers::run_all(&plan, &to_do, threads, |number, outcome| {
        let row = plan.row(number, outcome);
        file.as_mut().map_or(Ok(()), |file| file.append(number, &row))?;
        rows.insert(number, row);
        Ok(())
    })?;
    write_all(arguments, &plan, file, &rows)?;
    Ok(ExitCode::SUCCESS)
}

fn read_spec(path: &Path) -> Result<String, Error> {
    let length = fs::metadata(path).map_err(|error| inputs::unreadable(path, &error))?.len();
    if length > MAX_SPEC_BYTES {
        return Err(inputs::unreadable(path, &"it has more than 1 MB, which no SPEC has"));
    }
    fs::read_to_string(path).map_err(|error| inputs::unreadable(path, &error))
}

fn threads(arguments: &Arguments, to_do: usize) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    arguments.threads.map_or_else(cores, |threads| threads as usize).min(to_do.max(1))
}

/// `120 runs; 57 to go in shard 2/2 on 2 threads`.
fn announced(plan: &SweepPlan, shard: SweepShard, to_do: &[u64], threads: usize) -> String {
    let kind = match plan.draw() {
        SweepDraw::Grid => "every combination",
        SweepDraw::Sample { .. } => "a sample",
    };
    let part =
        if shard == SweepShard::WHOLE { String::new() } else { format!(" in shard {}/{}", shard.index, shard.of) };
    let runs = grouped_count(plan.runs(), "run");
    let rest = match to_do.len() {
        0 => format!("none to go{part}: all rows are there"),
        count => format!("{} to go{part}, on {}", count, counted(threads, "thread")),
    };
    format!("{runs} ({kind}); {rest}")
}

/// Says how many runs cannot be, and why the first cannot.
///
/// # Errors
/// None can be.
fn tell_of_refused(plan: &SweepPlan, to_do: &[u64]) -> Result<(), Problem> {
    let checked = &to_do[..to_do.len().min(MAX_CHECKED)];
    let mut refused = checked.iter().filter_map(|number| Some((number, plan.settings_of(*number).err()?)));
    let Some((number, first)) = refused.next() else { return Ok(()) };
    let count = 1 + refused.count();
    if count == to_do.len() && count as u64 == plan.runs() {
        return Err(first);
    }
    let (all, has) = (counted(checked.len(), "run"), if count == 1 { "has" } else { "have" });
    tell(format_args!("{count} of {all} cannot be, and {has} the outcome refused; the first is run {number}: {first}"));
    Ok(())
}

/// Which runs there are, as CSV.
fn list(plan: &SweepPlan, numbers: impl Iterator<Item = u64>) -> Result<(), Error> {
    let names: Vec<&str> = plan.axes().iter().map(|axis| axis.name.as_str()).collect();
    let mut lines = vec![format!("run,{}", names.join(","))];
    lines.extend(numbers.filter_map(|number| Some(format!("{number},{}", plan.values(number)?.join(",")))));
    print(&lines.join("\n"))
}

/// What was asked for, of all rows.
fn write_all(arguments: &Arguments, plan: &SweepPlan, file: Option<RowsFile>, rows: &Rows) -> Result<(), Error> {
    let is_kept = file.is_some();
    if let Some(file) = file {
        file.finish(plan, rows)?;
    }
    let csv = || rows_file::text(plan, rows);
    match &arguments.out_csv {
        Some(path) if !is_kept => outputs::write(path, csv().as_bytes())?,
        None if arguments.out_parquet.is_none() && !arguments.pareto => print(csv().trim_end())?,
        _ => {}
    }
    #[cfg(feature = "parquet")]
    if let Some(path) = &arguments.out_parquet {
        outputs::write(path, &parquet_file::bytes(plan, rows)?)?;
    }
    if arguments.pareto && !outputs::print_to_stdout(&arguments.outputs()) {
        print(&front_table::text(plan, rows))?;
    }
    Ok(())
}
