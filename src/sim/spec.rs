//! The parameters of a simulation: a workload of rates and sizes, and a model of overlap between levels.
//!
//! In: a [preset](PRESETS) and `name=value` pairs. Out: a checked [`Spec`]. Errors: a parameter out of range, or two
//! that exclude each other. A parameter that a [workload](crate::workload) of the engine has too has the same name.

use serde::Serialize;

use super::merge::KeyModel;
use crate::{
    options::{Choice, Options, Problem, at_least, knobs},
    runtime::{
        clock::{Nanos, from_seconds},
        device::MB,
    },
    words::say,
    workload::{Bursts, Rate},
};

/// The maximum of simulated bytes of keys and values: sums of them stay exact as a number in JavaScript.
const MAX_WRITTEN: u64 = 100 << 40;

/// The distribution of written keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum KeyDistribution {
    /// Every write has a new key, anywhere in the key space.
    Unique,
    /// One of `key_space_size` keys, all equally likely.
    Uniform,
    /// One of `key_space_size` keys, by Zipf's law.
    Zipf,
    /// Every write has a new key, after all others.
    Sequential,
}

impl Choice for KeyDistribution {
    const NAMES: &'static [(&'static str, KeyDistribution)] = &[
        ("unique", KeyDistribution::Unique),
        ("uniform", KeyDistribution::Uniform),
        ("zipf", KeyDistribution::Zipf),
        ("sequential", KeyDistribution::Sequential),
    ];
}

/// The number of tables of the next level that a compaction overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum OverlapModel {
    /// The tables whose key ranges overlap.
    KeyRanges,
    /// A random number, exponentially distributed: usually few, sometimes many.
    Exponential,
    /// A random number, geometrically distributed: each further table is equally unlikely.
    Geometric,
    /// A random number, uniformly distributed from one to all tables.
    Uniform,
    /// A constant share of the level.
    FixedShare,
}

impl Choice for OverlapModel {
    const NAMES: &'static [(&'static str, OverlapModel)] = &[
        ("key_ranges", OverlapModel::KeyRanges),
        ("exponential", OverlapModel::Exponential),
        ("geometric", OverlapModel::Geometric),
        ("uniform", OverlapModel::Uniform),
        ("fixed_share", OverlapModel::FixedShare),
    ];
}

knobs! {
    /// Every parameter of a simulation except the engine's options, by its name. Make one with [`Spec::default`] or
    /// [`preset`], change fields, then [`validate`](Spec::validate).
    Spec
    "writes" {
        write_mb_per_s: f64 = 20.0, Count, 0.0..=1_000_000.0,
            "How many MB (1,048,576 bytes) of keys and values are written per second, unless writes are slowed down or \
             stopped. Writes lost to a stall are not made up for later.";
        delete_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the writes deletes a key.";
        key_size_bytes: u64 = 16, Bytes, 4..=1024,
            "The length of a key.";
        value_size_bytes: u64 = 1000, Bytes, 0..=16 << 20,
            "The length of a value.";
        compression_ratio: f64 = 0.5, Ratio, 0.01..=1.0,
            "With compression=lz4: the compressed size of an entry, as a share of its size.";
    }
    "bursts" {
        burst_on_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long the full rate lasts before it falls for burst_off_seconds; the two alternate. 0: no bursts.";
        burst_off_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long the rate is low after each burst. 0: no bursts.";
        burst_off_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "Between bursts, the rate is this share of the full one.";
        spike_every_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "The seconds from the end of one spike to the end of the next. 0: no spikes.";
        spike_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long a spike lasts. 0: no spikes.";
        spike_percent: f64 = 500.0, Percent, 0.0..=1e6,
            "In a spike, the rate is this share of what it would be.";
    }
    "keys" {
        key_dist: KeyDistribution = KeyDistribution::Unique, Choice, (),
            "Which keys are written. unique: every write has a new key, anywhere in the key space. uniform: one of \
             key_space_size, all equally likely. zipf: a few very often, most hardly ever. sequential: every write has \
             a new key, after all others.";
        key_space_size: u64 = 100_000_000, Count, 1..=1_000_000_000_000,
            "With uniform and zipf: how many distinct keys there are. Fewer: more is overwritten, and compactions \
             drop more.";
        zipf_skew: f64 = 0.99, Ratio, 0.0..=10.0,
            "With zipf: the n-th most popular key is drawn 1/n^skew as often as the first. 0 is uniform; YCSB has \
             0.99.";
        overlap: OverlapModel = OverlapModel::KeyRanges, Choice, (),
            "How many tables of the next level a compaction overlaps (from level 1 on). key_ranges: those whose key \
             ranges overlap, as in a real tree. exponential, geometric, uniform: a random number. fixed_share: always \
             the same share of the level.";
        overlap_tables: f64 = 2.0, Count, 1.0..=1_000_000.0,
            "With overlap=exponential and geometric: how many tables on average.";
        overlap_percent: f64 = 10.0, Percent, 0.0..=100.0,
            "With overlap=fixed_share: this share of the level.";
    }
    "reads" {
        read_rate: f64 = 0.0, PerSecond, 0.0..=1e9,
            "Gets per second. They take their share of the device. The latency of a get is computed even without any.";
        read_miss_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the gets asks for a key that was never written: the case that bloom filters are for.";
        cache_hit_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the blocks that gets need is in the cache. 0: what fits into block_cache_size.";
    }
    "run" {
        duration_seconds: f64 = 3600.0, Seconds, 0.001..=9e6,
            "How long it runs, in virtual time.";
        samples: u64 = 500, Count, 1..=100_000,
            "How many samples are taken, at equal intervals.";
        seed: u64 = 1, Count, 0..=u64::MAX,
            "The seed of all random numbers: the same seed gives the same run.";
    }
}

impl Spec {
    /// The problems of these parameters; empty if they are valid.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check_ranges(&mut problems);
        if self.spike_every_seconds > 0.0 && self.spike_every_seconds < self.spike_seconds {
            problems.push(Problem {
                field: "spike_every_seconds".into(),
                value: self.spike_every_seconds.to_string(),
                expected: at_least("spike_seconds", self.spike_seconds),
            });
        }
        let most = (MAX_WRITTEN as f64 / MB / self.duration_seconds).floor();
        if self.write_mb_per_s > most {
            problems.push(Problem {
                field: "write_mb_per_s".into(),
                value: self.write_mb_per_s.to_string(),
                expected: say!("at most {most}: {n} TB in all", most, n = MAX_WRITTEN >> 40),
            });
        }
        problems
    }

    /// `self`, or its first problem as an error.
    ///
    /// # Errors
    /// The first of [`validate`](Spec::validate)'s problems.
    pub fn checked(self) -> crate::Result<Spec> {
        match self.validate().into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(self),
        }
    }

    /// The rate of written bytes of keys and values.
    pub fn rate(&self) -> Rate {
        Rate {
            per_second: self.write_mb_per_s * MB,
            bursts: Bursts {
                on: from_seconds(self.burst_on_seconds),
                off: from_seconds(self.burst_off_seconds),
                off_share: self.burst_off_percent / 100.0,
                spike_every: from_seconds(self.spike_every_seconds),
                spike: from_seconds(self.spike_seconds),
                spike_factor: self.spike_percent / 100.0,
            },
        }
    }

    /// The duration, in virtual time.
    pub fn duration(&self) -> Nanos {
        from_seconds(self.duration_seconds)
    }

    /// The model of written keys.
    pub fn key_model(&self) -> KeyModel {
        match self.key_dist {
            KeyDistribution::Unique | KeyDistribution::Sequential => KeyModel::unique(),
            KeyDistribution::Uniform => KeyModel::uniform(self.key_space_size).in_cells(),
            KeyDistribution::Zipf => KeyModel::zipfian(self.key_space_size, self.zipf_skew).in_cells(),
        }
    }
}

/// A ready-made simulation: its parameters, and the engine's options.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SimPreset {
    /// The value of `preset=`.
    pub name: &'static str,
    /// The purpose, as [`said`](crate::words::said) says it.
    #[serde(serialize_with = "crate::words::serialize_said")]
    pub about: &'static str,
    /// The parameters that differ from their defaults.
    pub spec: &'static [(&'static str, &'static str)],
    /// The engine's options that differ from their defaults.
    pub options: &'static [(&'static str, &'static str)],
}

impl SimPreset {
    /// The options and parameters.
    pub fn make(&self) -> (Options, Spec) {
        let (mut options, mut spec) = (super::options(), Spec::default());
        // A test makes every preset.
        self.spec.iter().for_each(|(name, value)| spec.set(name, value).expect("a preset's parameter"));
        self.options.iter().for_each(|(name, value)| options.set(name, value).expect("a preset's option"));
        (options, spec)
    }
}

const DEVICE_500: (&str, &str) = ("device", "custom");

/// The presets; the first is the default.
pub const PRESETS: &[SimPreset] = &[
    SimPreset {
        name: "rocksdb",
        about: "RocksDB's defaults on an NVMe drive: 20 MB/s of new keys for an hour.",
        spec: &[],
        options: &[],
    },
    SimPreset {
        name: "ten-hours",
        about: "20 MB/s of new keys for ten hours: 700 GB, with static level targets, on a device of 500 MB/s.",
        spec: &[("duration_seconds", "36000")],
        options: &[DEVICE_500, ("level_compaction_dynamic_level_bytes", "false")],
    },
    SimPreset {
        name: "overload",
        about: "250 MB/s of new keys for a day, on a device of 500 MB/s: more than it can sustain, so writes stall.",
        spec: &[("write_mb_per_s", "250"), ("duration_seconds", "86400")],
        options: &[DEVICE_500, ("level_compaction_dynamic_level_bytes", "false")],
    },
    SimPreset {
        name: "bursts",
        about: "Bursts of 100 MB/s for a minute, then four minutes at a tenth of that: can the tree catch up in \
                between?",
        spec: &[
            ("write_mb_per_s", "100"),
            ("burst_on_seconds", "60"),
            ("burst_off_seconds", "240"),
            ("burst_off_percent", "10"),
            ("duration_seconds", "7200"),
        ],
        options: &[("device", "sata_ssd")],
    },
    SimPreset {
        name: "overwrite",
        about: "20 MB/s over a hundred million keys, drawn by Zipf's law: most writes overwrite a key.",
        spec: &[("key_dist", "zipf"), ("duration_seconds", "36000")],
        options: &[],
    },
    SimPreset {
        name: "universal",
        about: "The workload of ten-hours with universal compaction and up to eight runs: half as much is rewritten, \
                but reads check more runs and more space is used.",
        spec: &[("duration_seconds", "36000")],
        options: &[DEVICE_500, ("compaction_style", "universal"), ("level0_file_num_compaction_trigger", "8")],
    },
    SimPreset {
        name: "cloud-volume",
        about: "10 MB/s of new keys on a cloud volume of 125 MB/s, for ten hours.",
        spec: &[("write_mb_per_s", "10"), ("duration_seconds", "36000")],
        options: &[("device", "gp3")],
    },
    SimPreset {
        name: "disk",
        about: "5 MB/s over a hundred million keys on a hard disk for ten hours: each run checked costs a seek.",
        spec: &[("write_mb_per_s", "5"), ("key_dist", "uniform"), ("duration_seconds", "36000")],
        options: &[("device", "hdd")],
    },
];

/// The preset called `name`.
///
/// # Errors
/// No preset has this name; the problem lists the names.
pub fn preset(name: &str) -> Result<&'static SimPreset, Problem> {
    PRESETS.iter().find(|p| p.name == name).ok_or_else(|| Problem {
        field: "preset".into(),
        value: crate::error::excerpt(name),
        expected: say!("one of {names}", names = PRESETS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_run() {
        for preset in PRESETS {
            let (options, spec) = preset.make();
            assert_eq!((spec.validate(), options.validate()), (vec![], vec![]), "{}", preset.name);
        }
        assert!(preset("nonesuch").unwrap_err().expected.contains("overload"));
    }

    #[test]
    fn every_knob_reads_back_what_it_writes() {
        let mut spec = Spec::default();
        for knob in Spec::describe() {
            let text = spec.get(knob.name).expect("described");
            spec.set(knob.name, &text).unwrap();
        }
        assert_eq!(spec, Spec::default());
        let spec = Spec { spike_seconds: 10.0, spike_every_seconds: 5.0, ..spec };
        assert_eq!(spec.validate()[0].field, "spike_every_seconds");
    }
}
