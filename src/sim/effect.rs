//! Which parameters of a simulation change nothing beside its others.

use super::spec::{
    KeyDistribution::{Sequential, Unique, Zipf},
    OverlapModel::{Exponential, FixedShare, Geometric},
    Spec,
};
use crate::{
    effect::{
        WithoutEffect,
        parameters::{ParameterRow, bursts, compression, spikes, without_effect},
        told_of,
    },
    options::Options,
    words::to_say,
};

const ROWS: &[ParameterRow<Spec>] = &[
    ParameterRow {
        fields: &["key_space_size", "zipf_skew"],
        applies: |spec, _| matches!(spec.key_dist, Unique | Sequential),
        reason: to_say!("with this key_dist, every write has a new key"),
    },
    ParameterRow {
        fields: &["zipf_skew"],
        applies: |spec, _| spec.key_dist != Zipf,
        reason: to_say!("key_dist is not zipf"),
    },
    ParameterRow {
        fields: &["overlap_tables"],
        applies: |spec, _| !matches!(spec.overlap, Exponential | Geometric),
        reason: to_say!("overlap is neither exponential nor geometric"),
    },
    ParameterRow {
        fields: &["overlap_percent"],
        applies: |spec, _| spec.overlap != FixedShare,
        reason: to_say!("overlap is not fixed_share"),
    },
    bursts(|spec, _| spec.burst_on_seconds == 0.0 || spec.burst_off_seconds == 0.0),
    spikes(|spec, _| spec.spike_every_seconds == 0.0 || spec.spike_seconds == 0.0),
    compression(),
];

impl Spec {
    /// Every parameter that changes nothing beside the others and `options`, whether it was set or not.
    pub fn without_effect(&self, options: &Options) -> Vec<WithoutEffect> {
        without_effect(ROWS, self, options)
    }

    /// The same of those that are not at their defaults: a sentence for each reason.
    pub(super) fn told_of_changed(&self, options: &Options) -> Vec<String> {
        let default = Spec::default();
        told_of(self.without_effect(options), |name| self.get(name) != default.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{effect::parameters::check_rows, sim::Simulation};

    fn simulated(spec: &Spec) -> String {
        let options =
            Options { write_buffer_size: 64 << 10, target_file_size_base: 32 << 10, ..super::super::options() };
        let mut simulation = Simulation::new(options, spec.clone()).unwrap();
        while !simulation.run(1000).done {}
        let summary = simulation.summary();
        format!("{:?}\n{}\n{}", summary.levels, simulation.samples().csv(), simulation.jobs_csv())
    }

    #[test]
    fn what_has_no_effect_changes_no_simulation() {
        let options = super::super::options();
        let few = Spec { write_mb_per_s: 0.2, duration_seconds: 20.0, samples: 5, ..Spec::default() };
        let set = |changes: &[(&str, &str)]| {
            let mut spec = few.clone();
            changes.iter().for_each(|(name, value)| spec.set(name, value).unwrap());
            spec
        };
        for spec in [
            few.clone(),
            set(&[("key_dist", "uniform"), ("overlap", "geometric"), ("burst_on_seconds", "3")]),
            set(&[
                ("key_dist", "zipf"),
                ("key_space_size", "1000"),
                ("overlap", "fixed_share"),
                ("spike_seconds", "2"),
            ]),
            set(&[("key_dist", "sequential"), ("burst_off_seconds", "3"), ("spike_every_seconds", "5")]),
        ] {
            let with = |spec: &Spec, name: &str, value: &str| {
                let mut spec = spec.clone();
                spec.set(name, value).ok()?;
                spec.validate().is_empty().then_some(spec)
            };
            let found = spec.without_effect(&options);
            let still = |spec: &Spec, name: &str| spec.without_effect(&options).iter().any(|w| w.field == name);
            assert_eq!(check_rows(&found, &spec, with, still, simulated), Vec::<String>::new());
        }
    }

    #[test]
    fn those_that_were_set_are_told() {
        let options = super::super::options();
        for preset in crate::sim::spec::PRESETS {
            let (options, spec) = preset.make();
            assert_eq!(spec.told_of_changed(&options), Vec::<String>::new(), "{}", preset.name);
        }
        let spec = Spec { key_space_size: 5, overlap_tables: 3.0, spike_seconds: 2.0, ..Spec::default() };
        assert_eq!(
            spec.told_of_changed(&options),
            [
                "key_space_size has no effect: with this key_dist, every write has a new key",
                "overlap_tables has no effect: overlap is neither exponential nor geometric",
                "spike_seconds has no effect: there are no spikes unless both spike_every_seconds and spike_seconds \
                 are more than 0",
            ]
        );
    }
}
