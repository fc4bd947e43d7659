//! The latency of gets: the runs that a get searches, the blocks that it reads, and the device's time for them while
//! jobs use the device.
//!
//! In: the entries of each sorted run, newest first, and the number of the device's users. Out: [`ReadLatency`].
//!
//! ```text
//! a run that has the key      one block, unless it is cached
//! a run that has not          one block with the filter's false positive rate, unless it is cached
//! one block             (latency + block_size / read rate) × (jobs on the device + 1) / what the foreground leaves
//! ```
//!
//! Run `i` has the newest version of an existing key with a probability that depends on its entries: for unique keys,
//! its share of all entries; for overwritten keys, its share of all keys, if no newer run has the key. From run to run,
//! the model updates the distribution of the number of blocks, so percentiles are exact under these assumptions.
//!
//! The model omits gets that wait for each other, processor time beyond a microsecond, and the effect of popular keys
//! outside the cache.

use serde::Serialize;

use super::spec::{KeyDistribution, Spec};
use crate::{
    options::Options,
    runtime::{
        Device,
        clock::{MICROSECOND, Nanos},
        device::beside,
    },
};

/// The maximum number of blocks that the distribution distinguishes; more count as this number.
const MAX_BLOCKS: usize = 64;

/// The time of every get in memory: memtables, filters, indexes.
const IN_MEMORY: Nanos = MICROSECOND;

/// The latency of gets, in nanoseconds, and their reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReadLatency {
    /// The median: half of the gets take no longer.
    pub p50: u64,
    /// The 99th percentile: one get in a hundred takes longer.
    pub p99: u64,
    /// The 99.9th percentile: one get in a thousand takes longer.
    pub p999: u64,
    /// Blocks that a get reads from the device, on average.
    pub blocks: f64,
    /// Runs that a get searches, on average, including those that a filter excludes.
    pub runs: f64,
}

/// The parameters of the model, constant during a run.
#[derive(Clone, Copy, Debug)]
pub struct ReadModel {
    /// The filter's false positive rate; 1 without filters.
    fpr: f64,
    miss: f64,
    /// The cache's hit rate, if the spec sets it.
    cached: Option<f64>,
    cache_bytes: f64,
    /// The exponent of the cached share of the tables: 1 − skew with `zipf`, otherwise 1.
    skew: f64,
    is_unique: bool,
    /// The number of distinct keys, if keys are overwritten.
    keys: f64,
    block: Nanos,
}

impl ReadModel {
    /// The model for `spec`, `options` and `device`.
    pub fn new(spec: &Spec, options: &Options, device: &Device) -> ReadModel {
        let bits = options.filter_bits_per_key();
        let skew = match spec.key_dist {
            KeyDistribution::Zipf => (1.0 - spec.zipf_skew).clamp(0.05, 1.0),
            _ => 1.0,
        };
        ReadModel {
            // (0.6185…)^bits: the false positive rate of a Bloom filter with the best number of probes.
            fpr: libm::exp(-bits * std::f64::consts::LN_2 * std::f64::consts::LN_2),
            miss: spec.read_miss_percent / 100.0,
            cached: (spec.cache_hit_percent > 0.0).then_some(spec.cache_hit_percent / 100.0),
            cache_bytes: options.block_cache_size as f64,
            skew,
            is_unique: matches!(spec.key_dist, KeyDistribution::Unique | KeyDistribution::Sequential),
            keys: spec.key_space_size as f64,
            block: device.block_time(options.block_size),
        }
    }

    /// The time of one block on an idle device, in nanoseconds.
    pub fn block(&self) -> Nanos {
        self.block
    }

    /// The cache's hit rate, with `table_bytes` of tables.
    fn hit_share(&self, table_bytes: u64) -> f64 {
        self.cached.unwrap_or_else(|| {
            let share = (self.cache_bytes / (table_bytes.max(1)) as f64).min(1.0);
            if self.skew < 1.0 { libm::pow(share, self.skew) } else { share }
        })
    }

    /// The latency while `users` share the device, of which the foreground leaves the share `available`. `runs` has the
    /// entries of each run, newest first; the first run is the memtables, which need no blocks.
    pub fn latency(&self, runs: &[u64], table_bytes: u64, users: usize, available: f64) -> ReadLatency {
        let uncached = 1.0 - self.hit_share(table_bytes);
        let found = self.blocks(runs, uncached, true);
        let missed = self.blocks(runs, uncached, false);
        let share = |blocks: usize| found.blocks[blocks] * (1.0 - self.miss) + missed.blocks[blocks] * self.miss;
        let shares: Vec<f64> = (0..=MAX_BLOCKS).map(share).collect();
        let block = beside(self.block, users, available);
        let percentile = |part: f64| {
            let mut sum = 0.0;
            let enough = shares.iter().position(|share| {
                sum += share;
                sum >= part
            });
            IN_MEMORY + enough.unwrap_or(MAX_BLOCKS) as u64 * block
        };
        ReadLatency {
            p50: percentile(0.5),
            p99: percentile(0.99),
            p999: percentile(0.999),
            blocks: shares.iter().enumerate().map(|(blocks, share)| blocks as f64 * share).sum(),
            runs: found.runs * (1.0 - self.miss) + missed.runs * self.miss,
        }
    }

    /// The distribution of the number of blocks, for gets of existing or of absent keys.
    fn blocks(&self, runs: &[u64], uncached: f64, exists: bool) -> Blocks {
        let total: f64 = runs.iter().map(|entries| *entries as f64).sum();
        let mut open = vec![0.0; MAX_BLOCKS + 1];
        open[0] = 1.0;
        let mut done = vec![0.0; MAX_BLOCKS + 1];
        let (mut passed, mut asked, mut searching) = (0.0, 0.0, 1.0);
        for (at, entries) in runs.iter().enumerate() {
            let entries = *entries as f64;
            let among = if self.is_unique { total - passed } else { self.keys };
            let here = if exists && among > 0.0 { (entries / among).min(1.0) } else { 0.0 };
            passed += entries;
            // Memtables need no blocks, and have no filter.
            let (reads, false_reads) = if at == 0 { (0.0, 0.0) } else { (uncached, uncached * self.fpr) };
            if at > 0 {
                asked += searching;
            }
            searching *= 1.0 - here;
            // `at` runs of tables need at most `at` blocks.
            for blocks in (0..=at.min(MAX_BLOCKS)).rev() {
                let mass = open[blocks];
                let next = (blocks + 1).min(MAX_BLOCKS);
                done[next] += mass * here * reads;
                done[blocks] += mass * here * (1.0 - reads);
                let left = mass * (1.0 - here);
                open[blocks] = left * (1.0 - false_reads);
                open[next] += left * false_reads;
            }
        }
        open.iter().zip(&mut done).for_each(|(open, done)| *done += open);
        Blocks { blocks: done, runs: asked }
    }
}

/// The probability of each number of blocks, and the average number of searched runs.
struct Blocks {
    blocks: Vec<f64>,
    runs: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::DeviceChoice;

    /// A block takes 1 ms; nothing is cached.
    fn model(spec: Spec, bits: f64) -> ReadModel {
        let options = Options {
            device: DeviceChoice::Custom,
            device_latency_us: 1000.0,
            device_read_mb_per_s: 1_000_000.0,
            block_cache_size: 0,
            bloom_bits_per_key: bits,
            ..Options::default()
        };
        ReadModel { block: 1_000_000, ..ReadModel::new(&spec, &options, &Device::of(&options)) }
    }

    const MS: u64 = 1_000_000;

    #[test]
    fn without_filters_every_run_above_the_key_costs_a_block() {
        let model = model(Spec::default(), 0.0);
        // All keys are in the last of four runs.
        let latency = model.latency(&[0, 0, 0, 0, 1000], 1 << 30, 0, 1.0);
        assert_eq!((latency.p50, latency.p999), (4 * MS + IN_MEMORY, 4 * MS + IN_MEMORY));
        assert_eq!((latency.blocks, latency.runs), (4.0, 4.0));
        // Half of them are in the first one.
        let latency = model.latency(&[0, 500, 0, 0, 500], 1 << 30, 0, 1.0);
        assert_eq!((latency.p50, latency.p99, latency.blocks), (MS + IN_MEMORY, 4 * MS + IN_MEMORY, 2.5));
    }

    #[test]
    fn a_filter_leaves_one_block_to_read_but_for_its_false_positives() {
        let runs = [0, 0, 0, 0, 1000];
        let latency = model(Spec::default(), 10.0).latency(&runs, 1 << 30, 0, 1.0);
        // 0.82 % on each of three runs.
        assert!((latency.blocks - (1.0 + 3.0 * 0.0082)).abs() < 0.001, "{}", latency.blocks);
        assert_eq!((latency.p50, latency.p99), (MS + IN_MEMORY, 2 * MS + IN_MEMORY));
        let misses = Spec { read_miss_percent: 100.0, ..Spec::default() };
        let latency = model(misses, 10.0).latency(&runs, 1 << 30, 0, 1.0);
        assert_eq!((latency.p50, latency.p99), (IN_MEMORY, MS + IN_MEMORY));
    }

    #[test]
    fn jobs_and_writes_make_reads_wait_and_a_cache_saves_them() {
        let model = model(Spec::default(), 10.0);
        assert_eq!(model.latency(&[0, 9], 1 << 30, 2, 0.5).p50, 6 * MS + IN_MEMORY);
        let cached = ReadModel { cached: Some(0.9), ..model };
        let latency = cached.latency(&[0, 9], 1 << 30, 0, 1.0);
        assert_eq!((latency.p50, latency.p99), (IN_MEMORY, MS + IN_MEMORY));
        assert_eq!(ReadModel { cached: None, cache_bytes: 100.0, ..model }.hit_share(400), 0.25);
        assert_eq!(ReadModel { cached: None, cache_bytes: 100.0, skew: 0.5, ..model }.hit_share(400), 0.5);
    }

    #[test]
    fn a_key_that_is_overwritten_is_found_where_it_was_written_last() {
        let spec = Spec { key_dist: KeyDistribution::Uniform, key_space_size: 1000, ..Spec::default() };
        // Half of all keys are in the upper run; the lower one has every key.
        let latency = model(spec, 0.0).latency(&[0, 500, 1000], 1 << 30, 0, 1.0);
        assert_eq!((latency.blocks, latency.p50), (1.5, MS + IN_MEMORY));
        // What is in a memtable costs nothing.
        let memory = model(Spec::default(), 0.0).latency(&[1000], 1 << 30, 0, 1.0);
        assert_eq!((memory.blocks, memory.p999), (0.0, IN_MEMORY));
    }
}
