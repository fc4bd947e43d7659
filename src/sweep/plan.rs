//! A plan: what all runs of a sweep share, what varies, and which runs there are.
//!
//! In: a source, settings and axes, as [`spec_file`](super::spec_file) reads them. Out: the settings of a run by its
//! number, and what it comes to.

use std::ops::ControlFlow;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::{
    axis::{AxisValues, SweepAxis},
    history::HistorySource,
    outcome::{SweepEnd, SweepOutcome},
};
use crate::{
    error::excerpt,
    options::{Description, Options, Problem, unknown},
    policy::describe_options,
    random::Random,
    sim::{SimProgress, Simulation, Spec},
};

/// No sweep has more runs.
pub const MAX_RUNS: u64 = 1_000_000;

/// How many events of a simulation between two looks at whether it shall go on.
const SLICE: u64 = 20_000;

/// What is run.
#[derive(Clone, Debug)]
pub enum SweepSource {
    /// A workload of the simulator: each run has the parameters that its settings say.
    Workload,
    /// The writes of a recorded history.
    History(Box<HistorySource>),
}

/// What one run is made with.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepSettings {
    /// The engine's options.
    pub options: Options,
    /// The parameters of the simulation; none of a history, whose writes are what they are.
    pub workload: Option<Spec>,
}

impl SweepSettings {
    /// Sets an option or a parameter from text.
    ///
    /// # Errors
    /// As of [`Options::set`]; `self` is unchanged.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        match &mut self.workload {
            Some(workload) if Spec::NAMES.contains(&name) => workload.set(name, text),
            _ if Options::NAMES.contains(&name) => self.options.set(name, text),
            Some(_) => Err(unknown(name, &[Options::NAMES, Spec::NAMES].concat())),
            None if Spec::NAMES.contains(&name) => Err(Problem {
                field: name.into(),
                value: excerpt(text),
                expected: "an option of the engine: the writes are those of the history".into(),
            }),
            None => Err(unknown(name, Options::NAMES)),
        }
    }

    /// An option or a parameter as text; none if there is no such one.
    pub fn get(&self, name: &str) -> Option<String> {
        self.workload.as_ref().and_then(|workload| workload.get(name)).or_else(|| self.options.get(name))
    }

    /// What the option or parameter `name` is; none if there is no such one.
    pub fn describe(name: &str) -> Option<Description> {
        Spec::describe().into_iter().chain(describe_options()).find(|knob| knob.name == name)
    }

    /// The first problem of all together.
    fn checked(self) -> Result<SweepSettings, Problem> {
        let of_workload = self.workload.iter().flat_map(Spec::validate);
        let problem = of_workload.chain(self.options.validate()).next();
        problem.map_or(Ok(self), Err)
    }
}

/// Which combinations of values are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepDraw {
    /// All of them.
    Grid,
    /// Random ones.
    Sample {
        /// The seed of the sample; not that of a run.
        seed: u64,
    },
}

/// A sweep: see [`sweep`](super).
#[derive(Clone, Debug)]
pub struct SweepPlan {
    source: SweepSource,
    settings: SweepSettings,
    axes: Vec<SweepAxis>,
    draw: SweepDraw,
    runs: u64,
    id: String,
}

impl SweepPlan {
    /// A plan of `runs` runs, from 1 to [`MAX_RUNS`]. Of a grid, each axis has a list, and there are as many runs as
    /// combinations.
    pub(super) fn new(
        source: SweepSource,
        settings: SweepSettings,
        axes: Vec<SweepAxis>,
        draw: SweepDraw,
        runs: u64,
    ) -> SweepPlan {
        let mut plan = SweepPlan { source, settings, axes, draw, runs, id: String::new() };
        plan.id = format!("p{:016x}", xxh3_64(plan.described().as_bytes()));
        plan
    }

    /// What is run.
    pub fn source(&self) -> &SweepSource {
        &self.source
    }

    /// What all runs share, but for what varies.
    pub fn settings(&self) -> &SweepSettings {
        &self.settings
    }

    /// What varies, in the order of the SPEC.
    pub fn axes(&self) -> &[SweepAxis] {
        &self.axes
    }

    /// Which combinations are run.
    pub fn draw(&self) -> SweepDraw {
        self.draw
    }

    /// How many runs there are, from 1 to [`MAX_RUNS`]; their numbers begin at 0.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Says which rows are rows of one table: `p` and 16 hexadecimal digits of a hash of all that a row follows from,
    /// this build's version included. How many runs a sample has is not part of it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Everything that a row follows from, as text.
    fn described(&self) -> String {
        let SweepSettings { options, workload } = &self.settings;
        let source = match &self.source {
            SweepSource::Workload => "workload".to_string(),
            SweepSource::History(source) => format!("history {:016x} of {} draws", source.history.hash, source.draws),
        };
        let mut text = format!("{} {source} {:?}\n", env!("CARGO_PKG_VERSION"), self.draw);
        let names = Options::NAMES.iter().map(|name| (name, options.get(name)));
        let of_workload = workload.iter().flat_map(|spec| Spec::NAMES.iter().map(|name| (name, spec.get(name))));
        for (name, value) in names.chain(of_workload) {
            // What varies has no shared value.
            if self.axes.iter().all(|axis| axis.name != **name) {
                text.push_str(&format!("{name}={}\n", value.unwrap_or_default()));
            }
        }
        for axis in &self.axes {
            text.push_str(&format!("{}: {:?}\n", axis.name, axis.values));
        }
        text
    }

    /// The value of each axis in the run of this number; none if a grid has no such run.
    pub fn values(&self, number: u64) -> Option<Vec<String>> {
        let SweepDraw::Sample { seed } = self.draw else {
            return (number < self.runs).then(|| self.combination(number));
        };
        let mut random = Random::new(xxh3_64_with_seed(&number.to_le_bytes(), seed));
        Some(self.axes.iter().map(|axis| axis.draw(&mut random)).collect())
    }

    /// That of a grid, the last axis fastest.
    fn combination(&self, number: u64) -> Vec<String> {
        let mut left = number;
        let mut values: Vec<String> = self
            .axes
            .iter()
            .rev()
            .map(|axis| match &axis.values {
                AxisValues::Listed(values) => {
                    let at = left % values.len() as u64;
                    left /= values.len() as u64;
                    values[at as usize].clone()
                }
                AxisValues::Any(_) => unreachable!("a grid has lists"),
            })
            .collect();
        values.reverse();
        values
    }

    /// What the run of this number is made with.
    ///
    /// # Errors
    /// Its options or parameters exclude each other.
    pub fn settings_of(&self, number: u64) -> Result<SweepSettings, Problem> {
        let mut settings = self.settings.clone();
        for (axis, value) in self.axes.iter().zip(self.values(number).unwrap_or_default()) {
            settings.set(&axis.name, &value)?;
        }
        settings.checked()
    }

    /// What the run of this number comes to. `look` is told from time to time which share of it is done, from 0 to 1,
    /// and says whether it shall go on: none if not.
    pub fn run(&self, number: u64, look: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Option<SweepOutcome> {
        let refused = Some(SweepOutcome::empty(SweepEnd::Refused));
        let Ok(SweepSettings { options, workload }) = self.settings_of(number) else { return refused };
        let workload = match &self.source {
            SweepSource::Workload => workload.unwrap_or_default(),
            SweepSource::History(source) => return source.run(&options, look),
        };
        let Ok(mut simulation) = Simulation::new(options, workload) else { return refused };
        loop {
            let SimProgress { at, end, done, .. } = simulation.run(SLICE);
            if done {
                return Some(SweepOutcome::of(&simulation));
            }
            if look(at as f64 / end.max(1) as f64).is_break() {
                return None;
            }
        }
    }
}

/// One part of a sweep: with `of` parts, each run is in exactly one. Neighbouring runs are in different parts, since
/// those of a grid often take as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepShard {
    /// Which part, from 1 to `of`.
    pub index: u64,
    /// How many parts there are.
    pub of: u64,
}

impl SweepShard {
    /// The whole sweep.
    pub const WHOLE: SweepShard = SweepShard { index: 1, of: 1 };

    /// Whether the run of this number is in it.
    pub fn has(&self, number: u64) -> bool {
        number % self.of == self.index - 1
    }
}

impl std::str::FromStr for SweepShard {
    type Err = String;

    /// From `2/8`, the second of eight.
    fn from_str(text: &str) -> Result<SweepShard, String> {
        let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(SweepShard { index, of }),
            Some((0, of)) if of > 0 => Err(format!("shards are counted from 1: 1/{of} to {of}/{of}")),
            _ => Err("expected a shard and how many there are, such as 1/8 or 8/8".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::spec_file::read_workload as read;

    fn plan(text: &str) -> SweepPlan {
        read(text).unwrap_or_else(|problem| panic!("{problem}"))
    }

    #[test]
    fn a_grid_has_every_combination_once_the_last_axis_fastest() {
        let plan = plan("[vary]\nseed = [1, 2]\nnum_levels = [3, 4, 5]\ncompaction_style = ['leveled', 'universal']");
        assert_eq!(plan.runs(), 12);
        let all: Vec<_> = (0..12).map(|number| plan.values(number).unwrap().join(" ")).collect();
        assert_eq!(all[..4], ["1 3 leveled", "1 3 universal", "1 4 leveled", "1 4 universal"]);
        assert_eq!(all[11], "2 5 universal");
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 12);
        assert_eq!(plan.values(12), None);
        let settings = plan.settings_of(11).unwrap();
        assert_eq!((settings.workload.unwrap().seed, settings.options.num_levels), (2, 5));
    }

    #[test]
    fn a_longer_sample_begins_with_the_shorter_one() {
        let text = |runs, seed| {
            format!(
                "[sample]\nruns = {runs}\nseed = {seed}\n[vary]\n\
                 write_buffer_size = {{ from = '1MB', to = '1GB', scale = 'log' }}\nnum_levels = [5, 6]"
            )
        };
        let (short, long, other) = (plan(&text(3, 1)), plan(&text(9, 1)), plan(&text(9, 2)));
        let values = |plan: &SweepPlan| (0..plan.runs()).map(|n| plan.values(n).unwrap()).collect::<Vec<_>>();
        assert_eq!(values(&short)[..], values(&long)[..3]);
        assert_ne!(values(&other), values(&long));
        assert_eq!(short.id(), long.id());
        assert_ne!(other.id(), long.id());
    }

    #[test]
    fn everything_that_changes_a_row_changes_the_id() {
        let base = "preset = 'ten-hours'\n[set]\nduration_seconds = 60\n[vary]\nnum_levels = [5, 6]\n";
        for changed in [
            base.replace("60", "61"),
            base.replace("ten-hours", "disk"),
            base.replace("6]", "7]"),
            format!("{base}seed = [1, 2]"),
        ] {
            assert_ne!(plan(&changed).id(), plan(base).id(), "{changed}");
        }
        assert_eq!(plan(&base.replace("60", "'1m'")).id(), plan(base).id(), "the same in other words");
    }

    #[test]
    fn every_run_is_in_one_shard() {
        for of in [1, 3, 8] {
            let shards: Vec<SweepShard> = (1..=of).map(|index| format!("{index}/{of}").parse().unwrap()).collect();
            for number in 0..20 {
                assert_eq!(shards.iter().filter(|shard| shard.has(number)).count(), 1);
            }
        }
        assert_eq!("0/8".parse::<SweepShard>().unwrap_err(), "shards are counted from 1: 1/8 to 8/8");
        for wrong in ["9/8", "1", "0/0", "-1/3", "1/3/4", ""] {
            assert!(wrong.parse::<SweepShard>().unwrap_err().starts_with("expected"), "{wrong}");
        }
    }

    #[test]
    fn a_run_that_is_told_to_stop_has_no_outcome_and_one_that_cannot_be_is_refused() {
        let plan = plan("[set]\nduration_seconds = 36000\n[vary]\nspike_seconds = [0, 50]\nspike_every_seconds = [9]");
        assert_eq!(plan.run(0, &mut |_| ControlFlow::Break(())), None);
        assert!(plan.settings_of(1).is_err());
        assert_eq!(plan.run(1, &mut |_| ControlFlow::Continue(())).unwrap().end, SweepEnd::Refused);
    }
}
