//! `lsmscope sim`: the simulator from the command line. Table and sentences for people, charts as HTML, SVG and PNG,
//! JSON and CSV for programs.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error, Options,
    error::excerpt,
    options::{self, Problem},
    policy::describe_options,
    runtime::clock::seconds,
    sim::{
        SimProgress, Simulation, Spec,
        spec::{PRESETS, SimPreset, preset},
        summary::Summary,
    },
};
use serde_json::json;

mod charts;
mod report;

use super::{
    outputs::{self, Output},
    progress::ProgressLine,
};

/// How many events between two looks at the clock.
const SLICE: u64 = 20_000;

/// What to simulate.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Begin with a ready-made simulation: what is written, and the options that go with it.
    #[arg(long, value_name = "NAME", default_value = PRESETS[0].name, value_parser = presets())]
    preset: String,
    /// Begin with a ready-made set of the engine's options instead of RocksDB's defaults.
    #[arg(long, value_name = "NAME", value_parser = super::presets())]
    options: Option<String>,
    /// Change one option of the engine, or one parameter of the simulation; may be repeated.
    ///
    /// `--set write_buffer_size=128MB --set key_dist=uniform`. `--list` names them all.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// How many MB of keys and values are written in a second.
    #[arg(long, value_name = "MB", allow_negative_numbers = true)]
    write_mb_per_s: Option<String>,
    /// How long it runs, in seconds of virtual time.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    duration_seconds: Option<String>,
    /// The same seed gives the same run.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// Write the samples to this file, one line for each moment; for this and the other files, `-` is standard output.
    #[arg(long, value_name = "FILE")]
    out_csv: Option<PathBuf>,
    /// Write every flush and compaction to this file, one line each.
    #[arg(long, value_name = "FILE")]
    out_jobs: Option<PathBuf>,
    /// Write the charts as one HTML file that needs nothing else.
    #[arg(long, value_name = "FILE")]
    out_html: Option<PathBuf>,
    /// Write the charts as SVG.
    #[arg(long, value_name = "FILE")]
    out_svg: Option<PathBuf>,
    /// Write the charts as PNG.
    #[arg(long, value_name = "FILE")]
    out_png: Option<PathBuf>,
    /// List the parameters of a simulation and the options of the engine, and end.
    #[arg(long)]
    list: bool,
}

fn presets() -> clap::builder::PossibleValuesParser {
    let value = |p: &SimPreset| clap::builder::PossibleValue::new(p.name).help(p.about);
    PRESETS.iter().map(value).collect::<Vec<_>>().into()
}

impl Arguments {
    fn outputs(&self) -> [Output<'_>; 5] {
        [
            ("--out-csv", self.out_csv.as_deref()),
            ("--out-jobs", self.out_jobs.as_deref()),
            ("--out-html", self.out_html.as_deref()),
            ("--out-svg", self.out_svg.as_deref()),
            ("--out-png", self.out_png.as_deref()),
        ]
    }

    /// The options and parameters that they ask for.
    fn read(&self) -> Result<(Options, Spec), Problem> {
        outputs::check(&self.outputs(), None)?;
        let preset = preset(&self.preset)?;
        let (mut options, mut spec) = preset.make();
        if let Some(name) = &self.options {
            options = Options { job_mode: options.job_mode, ..options::preset(name)? };
            for (name, value) in preset.options {
                options.set(name, value)?;
            }
        }
        for change in &self.changes {
            let (name, value) = change.split_once('=').ok_or_else(|| Problem {
                field: "--set".into(),
                value: excerpt(change),
                expected: "name=value".into(),
            })?;
            match spec.get(name) {
                Some(_) => spec.set(name, value)?,
                None => options.set(name, value)?,
            }
        }
        let flags =
            [("write_mb_per_s", self.write_mb_per_s.clone()), ("duration_seconds", self.duration_seconds.clone())];
        for (name, value) in flags {
            value.map_or(Ok(()), |value| spec.set(name, &value))?;
        }
        spec.seed = self.seed.unwrap_or(spec.seed);
        let problem = spec.validate().into_iter().chain(options.validate()).next();
        problem.map_or(Ok((options, spec)), Err)
    }
}

/// Runs it.
///
/// # Errors
/// A file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    if arguments.list {
        return list().map(|()| ExitCode::SUCCESS);
    }
    let (options, spec) = match arguments.read() {
        Ok(read) => read,
        Err(problem) => return Ok(super::refuse(&problem, "sim")),
    };
    let mut simulation = Simulation::new(options, spec)?;
    carry_out(&mut simulation);
    let summary = simulation.summary();
    write_all(arguments, &simulation, &summary)?;
    let status = if summary.standstill.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    if outputs::print_to_stdout(&arguments.outputs()) {
        return Ok(status);
    }
    let text = match arguments.json {
        true => json!({
            "options": simulation.options().changed().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            "spec": simulation.spec(),
            "summary": summary,
        })
        .to_string(),
        false => summary.to_string(),
    };
    super::print(&text)?;
    Ok(status)
}

/// Everything that `--set` takes.
fn list() -> Result<(), Error> {
    for (title, knobs) in
        [("Parameters of a simulation", Spec::describe()), ("Options of the engine", describe_options())]
    {
        super::print(&format!("{title}\n"))?;
        for knob in knobs {
            super::print(&format!("{} = {}\n    {}", knob.name, knob.default, knob.about))?;
        }
        super::print("")?;
    }
    Ok(())
}

/// Every file that was asked for.
fn write_all(arguments: &Arguments, simulation: &Simulation, summary: &Summary) -> Result<(), Error> {
    if let Some(file) = &arguments.out_csv {
        outputs::write(file, simulation.samples().csv().as_bytes())?;
    }
    if let Some(file) = &arguments.out_jobs {
        outputs::write(file, simulation.jobs_csv().as_bytes())?;
    }
    if arguments.out_html.is_none() && arguments.out_svg.is_none() && arguments.out_png.is_none() {
        return Ok(());
    }
    let title = format!("{}: {} MB/s, {} s", arguments.preset, simulation.spec().write_mb_per_s, summary.seconds);
    let points = charts::points(simulation);
    let picture = charts::picture(simulation, &points, &title);
    let svg = picture.svg();
    super::write_picture(&svg, arguments.out_svg.as_deref(), arguments.out_png.as_deref())?;
    match &arguments.out_html {
        Some(file) => outputs::write(file, report::page(simulation, summary, &title, (&picture, &svg)).as_bytes()),
        None => Ok(()),
    }
}

/// Runs to the end; on a terminal, says how far it has come.
fn carry_out(simulation: &mut Simulation) {
    let mut line = ProgressLine::new();
    loop {
        let SimProgress { at, end, done, .. } = simulation.run(SLICE);
        if done {
            return line.clear();
        }
        line.show(at as f64 / end.max(1) as f64, || format!("{:.0} s simulated", seconds(at)));
    }
}
