//! Axes of a sweep that change nothing.
//!
//! In: a plan and some of its runs. Out: a sentence for each axis that has no effect in any of these runs.

use super::plan::{SweepPlan, SweepSettings, SweepSource};
use crate::effect::{Executor, WithoutEffect};

/// No more runs are asked: each of an axis has the same answer mostly.
const MAX_ASKED: usize = 2_000;

impl SweepPlan {
    /// The axes that have no effect in any of the runs `numbers`, a sentence each with the reason of the first run.
    pub fn without_effect(&self, numbers: &[u64]) -> Vec<String> {
        // Evenly, so that not only the slowest axis's first value is asked.
        let every = numbers.len().div_ceil(MAX_ASKED).max(1);
        let settings = numbers.iter().step_by(every).filter_map(|number| self.settings_of(*number).ok());
        let executor = match self.source() {
            SweepSource::Workload => Executor::Simulator,
            SweepSource::History(source) => source.executor(),
        };
        let found: Vec<Vec<WithoutEffect>> = settings.map(|settings| of(&settings, executor)).collect();
        let Some((first, others)) = found.split_first() else { return Vec::new() };
        let is_there = |all: &[WithoutEffect], name: &str| all.iter().any(|w| w.field == name && w.is_all);
        let axes = self.axes().iter().filter_map(|axis| first.iter().find(|w| w.field == axis.name && w.is_all));
        axes.filter(|w| others.iter().all(|other| is_there(other, w.field)))
            .map(|w| format!("{} varies, but has no effect in any run: {}", w.field, w.reason))
            .collect()
    }
}

fn of(settings: &SweepSettings, executor: Executor) -> Vec<WithoutEffect> {
    let mut found = settings.options.without_effect(executor);
    found.extend(settings.workload.iter().flat_map(|workload| workload.without_effect(&settings.options)));
    found
}

#[cfg(test)]
mod tests {
    use crate::sweep::spec_file::read_workload as read;

    #[test]
    fn an_axis_is_told_of_if_it_changes_no_run() {
        let told = |text: &str| {
            let plan = read(text).unwrap();
            plan.without_effect(&(0..plan.runs()).collect::<Vec<_>>())
        };
        assert_eq!(
            told("[vary]\nzipf_skew = [0.5, 0.9]\nnum_levels = [5, 6]"),
            ["zipf_skew varies, but has no effect in any run: with this key_dist, every write has a new key"],
        );
        assert_eq!(told("[vary]\nzipf_skew = [0.5, 0.9]\nkey_dist = ['unique', 'zipf']"), [] as [&str; 0]);
    }
}
