//! Parameters of a workload that have no effect under its other parameters.
//!
//! In: a [`Workload`] and the engine's options. Out: each parameter without effect, and the reason.

use super::{Arrival, KeyDist, Workload};
use crate::{
    effect::{
        WithoutEffect,
        parameters::{ParameterRow, bursts, compression, spikes, without_effect},
        told_of,
    },
    options::Options,
    words::to_say,
};

const ROWS: &[ParameterRow<Workload>] = &[
    ParameterRow {
        fields: &["clients", "think_micros"],
        applies: |workload, _| workload.arrival != Arrival::Closed,
        reason: to_say!("arrival is not closed"),
    },
    ParameterRow {
        fields: &[
            "burst_on_seconds",
            "burst_off_seconds",
            "burst_off_percent",
            "spike_every_seconds",
            "spike_seconds",
            "spike_percent",
        ],
        applies: |workload, _| workload.arrival == Arrival::Closed,
        reason: to_say!("with arrival=closed, a client sends as soon as it may"),
    },
    bursts(|workload, _| workload.burst_on_seconds == 0.0 || workload.burst_off_seconds == 0.0),
    spikes(|workload, _| workload.spike_every_seconds == 0.0 || workload.spike_seconds == 0.0),
    ParameterRow {
        fields: &["zipf_skew"],
        applies: |workload, _| !matches!(workload.key_dist, KeyDist::Zipf | KeyDist::Latest),
        reason: to_say!("key_dist is neither zipf nor latest"),
    },
    ParameterRow {
        fields: &["insert_percent"],
        applies: |workload, _| workload.write_rate == 0.0,
        reason: to_say!("write_rate is 0"),
    },
    ParameterRow {
        fields: &["read_miss_percent", "range_reads", "range_span"],
        applies: |workload, _| workload.read_rate == 0.0,
        reason: to_say!("read_rate is 0"),
    },
    ParameterRow {
        fields: &["range_span"],
        applies: |workload, _| workload.range_reads == 0.0,
        reason: to_say!("range_reads is 0"),
    },
    ParameterRow {
        fields: &["read_miss_percent"],
        applies: |workload, _| workload.range_reads == 100.0,
        reason: to_say!("all reads are scans (range_reads)"),
    },
    compression(),
];

impl Workload {
    /// Every parameter without effect under the others and `options`, set or not.
    pub fn without_effect(&self, options: &Options) -> Vec<WithoutEffect> {
        without_effect(ROWS, self, options)
    }

    /// The parameters without effect among those for which `is_set` holds: a sentence for each reason.
    pub fn told_without_effect(&self, options: &Options, is_set: impl Fn(&str) -> bool) -> Vec<String> {
        told_of(self.without_effect(options), is_set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        effect::parameters::check_rows,
        options::{JobMode, preset},
        session::Session,
        storage::{block_on, memory::Memory},
        trace::NoTrace,
    };

    fn options() -> Options {
        Options { job_mode: JobMode::Scheduled, ..preset("demo-recipe").unwrap() }
    }

    fn driven(workload: &Workload) -> String {
        let mut session = block_on(Session::open(Memory::new(), options(), NoTrace)).expect("it opens");
        format!("{:?}", block_on(session.drive(workload)).expect("it goes well"))
    }

    #[test]
    fn what_has_no_effect_changes_no_run() {
        let few = Workload {
            write_rate: 300.0,
            duration_seconds: 2.0,
            sample_ms: 500,
            key_space_size: 90,
            ..Workload::default()
        };
        let set = |changes: &[(&str, &str)]| {
            let mut workload = few.clone();
            changes.iter().for_each(|(name, value)| workload.set(name, value).unwrap());
            workload
        };
        for workload in [
            few.clone(),
            set(&[("arrival", "closed"), ("read_rate", "50"), ("write_rate", "0"), ("key_dist", "zipf")]),
            set(&[("arrival", "poisson"), ("burst_on_seconds", "1"), ("read_rate", "50"), ("range_reads", "100")]),
            set(&[("burst_off_seconds", "1"), ("spike_every_seconds", "1"), ("key_dist", "latest")]),
        ] {
            let with = |workload: &Workload, name: &str, value: &str| {
                let mut workload = workload.clone();
                workload.set(name, value).ok()?;
                workload.validate().is_empty().then_some(workload)
            };
            let found = workload.without_effect(&options());
            let still = |workload: &Workload, name: &str| {
                workload.without_effect(&options()).iter().any(|without| without.field == name)
            };
            assert_eq!(check_rows(&found, &workload, with, still, driven), Vec::<String>::new());
        }
    }

    #[test]
    fn those_that_were_set_are_told() {
        let told = Workload::default().told_without_effect(&options(), |name| ["zipf_skew", "seed"].contains(&name));
        assert_eq!(told, ["zipf_skew has no effect: key_dist is neither zipf nor latest"]);
    }
}
