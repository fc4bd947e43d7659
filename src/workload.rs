//! The workload of an engine: its operations, their keys and their times.
//!
//! In: a [`Workload`], which has every parameter, made from a [preset](PRESETS) and `name=value` pairs. Out: a stream
//! ([`Operations`]) of [`Operation`]s, each with its arrival in virtual time, for the engine and for a model of it; or
//! only the rate of written bytes ([`Workload::write_bytes`]), for a simulator without operations. Errors: a parameter
//! out of range, or two that exclude each other.
//!
//! The same parameters and seed give the same stream on every platform. Each kind of operation has its own random
//! sequence, so two runs can be compared: more reads, for example, do not change the written keys.
//!
//! One list (`knobs!`, as for the engine's [options](crate::options)) generates the struct, its ranges and the
//! descriptions that the command `drive`, `lsmscope drive` and the page's panel show.

use serde::Serialize;

use crate::{
    options::{Choice, Problem, at_least, knobs},
    words::say,
};

mod effect;
mod keys;
mod operations;
mod preset;
mod rate;
mod zipf;

pub use keys::{Keys, Values};
pub use operations::{Operation, OperationKind, Operations};
pub use preset::{NamedWorkload, PRESETS, preset};
pub use rate::{Bursts, Rate, SECOND};
pub use zipf::Zipf;

/// The distribution of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum KeyDist {
    /// Every key is equally likely.
    Uniform,
    /// By Zipf's law: a few keys are drawn very often, most rarely.
    Zipf,
    /// By Zipf's law, with the newest key as the most popular.
    Latest,
    /// One after the other, from the first to the last, repeatedly.
    Sequential,
}

impl Choice for KeyDist {
    const NAMES: &'static [(&'static str, KeyDist)] = &[
        ("uniform", KeyDist::Uniform),
        ("zipf", KeyDist::Zipf),
        ("latest", KeyDist::Latest),
        ("sequential", KeyDist::Sequential),
    ];
}

/// The order of keys in the key space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum KeyOrder {
    /// By number: popular keys are adjacent, new keys come last.
    Ordered,
    /// Scattered, as by a hash: popular and new keys are anywhere.
    Scrambled,
}

impl Choice for KeyOrder {
    const NAMES: &'static [(&'static str, KeyOrder)] =
        &[("ordered", KeyOrder::Ordered), ("scrambled", KeyOrder::Scrambled)];
}

/// The arrival process of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// At the rates, in equal intervals.
    Even,
    /// At the rates on average, in random intervals.
    Poisson,
    /// A closed loop: each client sends its next operation after the last one has returned. Rates are only proportions.
    Closed,
}

impl Choice for Arrival {
    const NAMES: &'static [(&'static str, Arrival)] =
        &[("even", Arrival::Even), ("poisson", Arrival::Poisson), ("closed", Arrival::Closed)];
}

knobs! {
    /// Every parameter of a workload, by its name. Make one with [`Workload::default`] or [`preset`], change fields,
    /// then [`validate`](Workload::validate).
    Workload
    "rates" {
        write_rate: f64 = 2000.0, PerSecond, 0.0..=1e9,
            "Puts per second.";
        read_rate: f64 = 0.0, PerSecond, 0.0..=1e9,
            "Gets and scans per second; range_reads says how many of them are scans.";
        delete_rate: f64 = 0.0, PerSecond, 0.0..=1e9,
            "Deletes per second. Each writes a tombstone, which stays until a compaction may drop it.";
        read_modify_write_rate: f64 = 0.0, PerSecond, 0.0..=1e9,
            "Reads with an update per second: a get of a key and then a put of it.";
        arrival: Arrival = Arrival::Even, Choice, (),
            "When operations arrive. even: at equal intervals. poisson: at random intervals, so that some come \
             together. closed: a client sends its next operation when the last one has returned; rates are only \
             proportions then.";
        clients: u64 = 1, Count, 1..=10_000,
            "With arrival=closed: how many clients there are.";
        think_micros: f64 = 200.0, Count, 1.0..=1e12,
            "With arrival=closed: microseconds from the return of a client's operation to its next one.";
    }
    "bursts" {
        burst_on_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long the full rates last before they fall for burst_off_seconds; the two alternate. 0: no bursts.";
        burst_off_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long the rates are low after each burst. 0: no bursts.";
        burst_off_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "Between bursts, the rates are this share of the full ones.";
        spike_every_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "The seconds from the end of one spike to the end of the next. 0: no spikes.";
        spike_seconds: f64 = 0.0, Seconds, 0.0..=1e9,
            "How long a spike lasts. 0: no spikes.";
        spike_percent: f64 = 500.0, Percent, 0.0..=1e6,
            "In a spike, the rates are this share of what they would be.";
    }
    "keys" {
        key_space_size: u64 = 100_000, Count, 1..=1_000_000_000_000,
            "How many distinct keys there are at first. Fewer: keys are overwritten more often, and compactions drop \
             more.";
        key_dist: KeyDist = KeyDist::Uniform, Choice, (),
            "Which keys are drawn. uniform: all equally likely. zipf: a few very often, most hardly ever. latest: as \
             zipf, but the newest keys are the most popular. sequential: one after the other.";
        zipf_skew: f64 = 0.99, Ratio, 0.0..=10.0,
            "With zipf and latest: the n-th most popular key is drawn 1/n^skew as often as the first. 0 is uniform; \
             YCSB has 0.99.";
        key_order: KeyOrder = KeyOrder::Ordered, Choice, (),
            "Where keys lie. ordered: in the order of their numbers, so popular keys are neighbours and new keys come \
             last. scrambled: anywhere, as YCSB hashes them.";
        insert_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the puts writes a key that was never there; the others draw an existing key.";
        read_miss_percent: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the gets asks for a key that was never written: the case that bloom filters are for.";
        range_reads: f64 = 0.0, Percent, 0.0..=100.0,
            "This share of the reads are scans.";
        range_span: u64 = 100, Count, 1..=1_000_000,
            "How many entries a scan reads.";
        load: bool = false, Switch, (),
            "Puts every key once before the time begins, so that reads find something.";
    }
    "sizes" {
        key_size_bytes: u64 = 16, Bytes, 4..=1024,
            "The length of a key.";
        value_size_bytes: u64 = 128, Bytes, 0..=1 << 20,
            "The length of a value; the minimum, if value_size_max_bytes is set.";
        value_size_max_bytes: u64 = 0, Bytes, 0..=1 << 20,
            "Values have random lengths from value_size_bytes to this. 0: all have the same length.";
        compression_ratio: f64 = 0.5, Ratio, 0.01..=1.0,
            "The compressed size of a value, as a share of its size, roughly. It matters with compression=lz4. \
             db_bench has 0.5.";
    }
    "run" {
        duration_seconds: f64 = 60.0, Seconds, 0.001..=1e7,
            "How long it runs, in virtual time.";
        sample_ms: u64 = 500, Milliseconds, 1..=86_400_000,
            "Milliseconds of virtual time between samples.";
        seed: u64 = 1, Count, 0..=u64::MAX,
            "The seed of keys, values and random intervals: the same seed gives the same run.";
    }
}

impl Workload {
    /// The problems of these parameters; empty if they are valid.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check_ranges(&mut problems);
        let mut must = |well: bool, field: &str, expected: String| {
            if !well {
                let value = self.get(field).unwrap_or_default();
                problems.push(Problem { field: field.into(), value, expected });
            }
        };
        let rates = [self.write_rate, self.read_rate, self.delete_rate, self.read_modify_write_rate];
        must(rates.iter().any(|r| *r > 0.0), "write_rate", say!("one of the rates to be more than 0"));
        let least = keys::least_size(self);
        must(
            self.key_size_bytes >= least,
            "key_size_bytes",
            say!("at least {n} with this key_space_size and key_order", n = least),
        );
        let sizes = self.value_size_max_bytes;
        let least = self.value_size_bytes;
        must(
            sizes == 0 || sizes >= least,
            "value_size_max_bytes",
            say!("0, or at least value_size_bytes ({n})", n = least),
        );
        let spike = self.spike_seconds;
        must(
            self.spike_every_seconds == 0.0 || self.spike_every_seconds >= spike,
            "spike_every_seconds",
            at_least("spike_seconds", spike),
        );
        let samples = self.duration_seconds * 1e3 / self.sample_ms as f64;
        must(
            samples <= MAX_SAMPLES as f64,
            "sample_ms",
            say!("an interval that gives at most {n} samples", n = MAX_SAMPLES),
        );
        problems
    }

    /// `self`, or its first problem as an error.
    ///
    /// # Errors
    /// The first of [`validate`](Workload::validate)'s problems.
    pub fn checked(self) -> crate::Result<Workload> {
        match self.validate().into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(self),
        }
    }

    /// The duration, in nanoseconds.
    pub fn duration(&self) -> u64 {
        nanos(self.duration_seconds)
    }

    /// The times at which the rates are lower or higher.
    pub fn bursts(&self) -> Bursts {
        Bursts {
            on: nanos(self.burst_on_seconds),
            off: nanos(self.burst_off_seconds),
            off_share: self.burst_off_percent / 100.0,
            spike_every: nanos(self.spike_every_seconds),
            spike: nanos(self.spike_seconds),
            spike_factor: self.spike_percent / 100.0,
        }
    }

    /// `per_second`, with the bursts of the workload.
    pub fn rate(&self, per_second: f64) -> Rate {
        Rate { per_second, bursts: self.bursts() }
    }

    /// The bytes of keys and values that puts write, per second. Meaningless with `arrival=closed`, whose rates are
    /// only proportions.
    pub fn write_bytes(&self) -> Rate {
        let value = (self.value_size_bytes + self.value_size_max_bytes.max(self.value_size_bytes)) as f64 / 2.0;
        self.rate((self.write_rate + self.read_modify_write_rate) * (self.key_size_bytes as f64 + value))
    }

    /// The approximate number of operations; with `arrival=closed`, if each returned at once.
    pub fn expected_operations(&self) -> f64 {
        let rates = self.write_rate + self.read_rate + self.delete_rate + self.read_modify_write_rate;
        match self.arrival {
            Arrival::Closed => self.clients as f64 * self.duration_seconds * 1e6 / self.think_micros,
            Arrival::Even | Arrival::Poisson => self.rate(rates).amount(0, self.duration()),
        }
    }

    /// The parameters that differ from their defaults, with their values as text.
    pub fn changed(&self) -> Vec<crate::options::Knob> {
        let default = Workload::default();
        let changed = |name: &&str| {
            let value = self.get(name)?;
            (Some(&value) != default.get(name).as_ref()).then(|| (name.to_string(), value))
        };
        Workload::NAMES.iter().filter_map(changed).collect()
    }
}

/// The maximum number of samples of one run: more would make charts and a CSV unusable.
const MAX_SAMPLES: u64 = 100_000;

fn nanos(seconds: f64) -> u64 {
    (seconds * SECOND as f64) as u64
}

#[cfg(test)]
mod tests;
