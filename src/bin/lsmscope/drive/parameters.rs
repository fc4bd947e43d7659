//! The parameters of a workload as flags: made of their one list, so that `--write-rate` and `write_rate=` cannot
//! differ.

use clap::{Arg, ArgMatches, Command, FromArgMatches};
use lsmscope::{
    options::{Problem, Unit},
    workload::{self, Workload},
};

/// A preset, and what differs from it.
#[derive(Clone, Debug)]
pub struct Parameters {
    preset: String,
    changes: Vec<(&'static str, String)>,
}

impl Parameters {
    /// The workload that they make.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn workload(&self) -> Result<Workload, Problem> {
        let mut workload = workload::preset(&self.preset)?;
        for (name, value) in &self.changes {
            workload.set(name, value).map_err(as_flag)?;
        }
        workload.validate().into_iter().next().map_or(Ok(workload), |problem| Err(as_flag(problem)))
    }
}

impl Parameters {
    /// Whether the parameter `name` was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.changes.iter().any(|(changed, _)| *changed == name)
    }
}

/// The flag of a parameter.
fn flag(name: &str) -> String {
    name.replace('_', "-")
}

/// A problem of a parameter, named as it is typed.
fn as_flag(problem: Problem) -> Problem {
    Problem { field: format!("--{}", flag(&problem.field)), ..problem }
}

/// Where a flag stands in the help.
const HEADING: &str = "Workload";

impl clap::Args for Parameters {
    fn augment_args(command: Command) -> Command {
        let value = |p: &workload::NamedWorkload| clap::builder::PossibleValue::new(p.name).help(p.about);
        let presets: Vec<_> = workload::PRESETS.iter().map(value).collect();
        let preset = Arg::new("workload")
            .long("workload")
            .value_name("NAME")
            .value_parser(clap::builder::PossibleValuesParser::from(presets))
            .default_value(workload::PRESETS[0].name)
            .help("Begin with a ready-made workload.")
            .help_heading(HEADING);
        Workload::describe().iter().fold(command.arg(preset), |command, knob| {
            let mut about = knob.about.to_string();
            if !knob.choices.is_empty() {
                about += &format!(" One of: {}.", knob.choices.join(", "));
            }
            let mut arg = Arg::new(knob.name)
                .long(flag(knob.name))
                .value_name(unit(knob.unit))
                .allow_negative_numbers(true)
                .help(about)
                .help_heading(HEADING);
            if knob.unit == Unit::Switch {
                arg = arg.num_args(0..=1).default_missing_value("true").require_equals(true);
            }
            command.arg(arg)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Parameters::augment_args(command)
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "BYTES",
        Unit::Count | Unit::Ratio | Unit::Bits => "N",
        Unit::Percent => "PERCENT",
        Unit::Seconds => "SECONDS",
        Unit::Milliseconds => "MS",
        Unit::PerSecond => "PER_SECOND",
        Unit::Switch => "BOOL",
        Unit::Choice => "NAME",
    }
}

impl FromArgMatches for Parameters {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Parameters, clap::Error> {
        let given =
            |knob: lsmscope::options::Description| Some((knob.name, matches.get_one::<String>(knob.name)?.clone()));
        Ok(Parameters {
            preset: matches.get_one::<String>("workload").cloned().unwrap_or_default(),
            changes: Workload::describe().into_iter().filter_map(given).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Parameters::from_arg_matches(matches)?;
        Ok(())
    }
}
