//! Published figures, and ours beside them.
//!
//! Each is computed here: by formula ([`expected`](crate::policy::expected)), or by byteless tables at the published
//! scale, where what is known of the setting allows. What the sources leave open is said in a note.

use super::{PutOrder, byteless::lockstep};
use crate::{
    Options, Result,
    options::{CompactionStyle, Compression, JobMode, preset},
    policy::expected::worst_case,
    sim::{Simulation, Spec, spec::KeyDistribution},
};

const GIB: u64 = 1 << 30;

/// One published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedNumber {
    /// Where it was published.
    pub source: &'static str,
    /// Of what.
    pub what: &'static str,
    /// As published.
    pub published: String,
    /// As computed here.
    pub ours: f64,
    /// How, and what is to be known of the comparison.
    pub note: &'static str,
}

/// All of them.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn figures() -> Result<Vec<PublishedNumber>> {
    let guide = tuning_guide()?;
    let mut all = vec![
        PublishedNumber {
            source: "RocksDB Tuning Guide",
            what: "write amplification, 500 GB, worst case",
            published: "33".into(),
            ours: worst_case(GIB / 2, GIB / 2, 10.0, 3).value,
            note: "formula: 1 + 2 + 10 + 10 + 10",
        },
        PublishedNumber {
            source: "RocksDB Tuning Guide",
            what: "space amplification, 500 GB, worst case",
            published: "1.14".into(),
            ours: sizes_by_last(&[0.5, 0.5, 5.0, 50.0, 500.0]),
            note: "the levels that it lists, by the last; its 1.14 has room for what a compaction has not yet deleted",
        },
        PublishedNumber {
            source: "Lim et al., FAST 2016",
            what: "worst case / what is measured",
            published: "1.8 to 3.5".into(),
            ours: 33.0 / guide,
            note: "the guide's 33 by what its setting comes to when 500 GB are overwritten at random, byteless",
        },
        PublishedNumber {
            source: "RocksDB blog, 2015",
            what: "space amplification, levels of 1, 10, 100, 1000 GB",
            published: "1.111".into(),
            ours: sizes_by_last(&[1.0, 10.0, 100.0, 1000.0]),
            note: "all levels by the last",
        },
        PublishedNumber {
            source: "RocksDB blog, 2015",
            what: "space amplification, levels of 1, 10, 100, 200 GB",
            published: "1.555".into(),
            ours: sizes_by_last(&[1.0, 10.0, 100.0, 200.0]),
            note: "all levels by the last",
        },
    ];
    all.extend(fillrandom()?);
    all.extend(fast_21()?);
    Ok(all)
}

fn sizes_by_last(sizes: &[f64]) -> f64 {
    sizes.iter().sum::<f64>() / sizes.last().copied().unwrap_or(1.0)
}

fn rocksdb() -> Options {
    let rocksdb = preset("rocksdb").expect("there is such a preset");
    Options { bloom_bits_per_key: 0.0, ..rocksdb }
}

/// Write amplification while all of a database is overwritten once more, when it has been for twice its size.
fn steady_state(options: Options, keys: u64, entry_bytes: f64, flush_every: u64) -> Result<f64> {
    let mut lockstep = lockstep(options, PutOrder::Overwrite(keys), entry_bytes, 1);
    lockstep.put(2 * keys, flush_every)?;
    let before = lockstep.counters;
    lockstep.put(keys, flush_every)?;
    let written = |c: &crate::metrics::Counters| (c.flush_bytes + c.compaction_bytes_written) as f64;
    Ok((written(&lockstep.counters) - written(&before)) / (lockstep.counters.flush_bytes - before.flush_bytes) as f64)
}

/// The guide's setting: 500 GB in levels of 0.5, 0.5, 5, 50 and 500 GB.
fn tuning_guide() -> Result<f64> {
    let options =
        Options { max_bytes_for_level_base: GIB / 2, level_compaction_dynamic_level_bytes: false, ..rocksdb() };
    let entry = 125.0;
    let flush_every = (GIB as f64 / 8.0 / entry) as u64;
    steady_state(options, (500.0 * GIB as f64 / entry) as u64, entry, flush_every)
}

/// What `db_bench fillrandom` of the blog of 2022 wrote: 400 million entries of 16 bytes of key and 100 of value, drawn
/// of as many keys. 25.88 GB were flushed: half of a value can be compressed away.
mod fillrandom {
    pub const KEYS: u64 = 400_000_000;
    pub const FLUSHED_GB: f64 = 25.88;
    /// A 64 MB memtable has 145 bytes for each entry.
    pub const FLUSH_EVERY: u64 = (64 << 20) / 145;
    /// It wrote 285.9 GB at 162.36 MB/s, by its statistics.
    pub const SECONDS: f64 = 1803.0;
    /// In 2,927 seconds of jobs, of which one built this many MB a second.
    pub const BUILD_MB_PER_S: f64 = 100.0;
    /// As many as 16 and 100 bytes for each.
    pub const USER_MB: f64 = (KEYS * 116) as f64 / (1 << 20) as f64;
    /// What is flushed of an entry by what a table would have without compression.
    pub const COMPRESSION_RATIO: f64 = 0.525;
}

/// Its options: the defaults of the time, and the tables that it asked for.
fn fillrandom_options() -> Options {
    Options { target_file_size_base: 32 << 20, level_compaction_dynamic_level_bytes: false, ..rocksdb() }
}

/// Its write amplification with outputs cut where the tables below end, and by size alone; and with time running.
fn fillrandom() -> Result<[PublishedNumber; 5]> {
    let entry_bytes = fillrandom::FLUSHED_GB * GIB as f64 / fillrandom::KEYS as f64;
    let run = |cuts: bool| -> Result<f64> {
        let mut lockstep = lockstep(fillrandom_options(), PutOrder::Overwrite(fillrandom::KEYS), entry_bytes, 1);
        lockstep.cuts_in_step = cuts;
        lockstep.put(fillrandom::KEYS, fillrandom::FLUSH_EVERY)?;
        Ok(lockstep.counters.write_rocksdb().unwrap_or(f64::NAN))
    };
    let figure = |what, published: &str, ours, note| PublishedNumber {
        source: "RocksDB blog, 2022-10-31",
        what,
        published: published.into(),
        ours,
        note,
    };
    let waits = "byteless, in lockstep: a flush waits until no compaction is due; theirs ran freely";
    let (in_step, by_size) = (run(true)?, run(false)?);
    let slowest = fillrandom::USER_MB / fillrandom::SECONDS;
    Ok([
        figure(
            "write amplification, fillrandom of 400 million, outputs cut in step with grandparents",
            "9.66",
            in_step,
            waits,
        ),
        figure("the same, outputs cut by size", "11.05", by_size, waits),
        figure("what the first saves of the second, in %", "12.6", (1.0 - in_step / by_size) * 100.0, waits),
        figure(
            "the first, running freely, written as slowly as can be",
            "9.66",
            freely(slowest)?,
            "byteless, in virtual time: 12 background jobs, each builds 100 MB/s, as theirs did; the writes take all \
             of its 1,803 s, 24.5 MB/s",
        ),
        figure(
            "the first, running freely, written faster",
            "9.66",
            freely(60.0)?,
            "the same at 60 MB/s: more tables wait in level 0, and are merged together. How long its writes took is \
             not published; theirs lies between the two",
        ),
    ])
}

/// Write amplification of fillrandom in virtual time, with `write_mb_per_s` MB written a second.
fn freely(write_mb_per_s: f64) -> Result<f64> {
    let options = Options {
        job_mode: JobMode::Scheduled,
        max_background_jobs: 12,
        compression: Compression::Lz4,
        table_build_mb_per_s: fillrandom::BUILD_MB_PER_S,
        ..fillrandom_options()
    };
    let spec = Spec {
        write_mb_per_s,
        duration_seconds: fillrandom::USER_MB / write_mb_per_s,
        value_size_bytes: 100,
        compression_ratio: fillrandom::COMPRESSION_RATIO,
        key_dist: KeyDistribution::Uniform,
        key_space_size: fillrandom::KEYS,
        ..Spec::default()
    };
    let mut simulation = Simulation::new(options, spec)?;
    simulation.run(u64::MAX);
    Ok(simulation.counters().write_rocksdb().unwrap_or(f64::NAN))
}

/// The figures that the authors of RocksDB gave for its compaction styles. How their database was set and what it held
/// is not known here: ours is a setting of our own.
fn fast_21() -> Result<[PublishedNumber; 4]> {
    const KEYS: u64 = 80_000_000;
    let entry = 125.0;
    let style = |compaction_style, level0_file_num_compaction_trigger| -> Result<(f64, f64)> {
        let options = Options { compaction_style, level0_file_num_compaction_trigger, ..rocksdb() };
        let flush_every = (64 << 20) / 145;
        let write = steady_state(options.clone(), KEYS, entry, flush_every)?;
        let mut lockstep = lockstep(options, PutOrder::Overwrite(KEYS), entry, 1);
        lockstep.put(2 * KEYS, flush_every)?;
        let (mut sum, mut samples) = (0.0, 0.0);
        for _ in 0..KEYS / flush_every {
            lockstep.put(flush_every, flush_every)?;
            sum += lockstep.outcome().space_amplification();
            samples += 1.0;
        }
        Ok((write, (sum / samples - 1.0) * 100.0))
    };
    let leveled = style(CompactionStyle::Leveled, 4)?;
    // With the default of 4 runs it writes more than leveled; a lower write amplification needs more runs.
    let tiered = style(CompactionStyle::Universal, 12)?;
    let note = "[M] quoted from memory, of a setting not known here; ours: 10 GB overwritten at random, byteless; \
                universal with 12 runs";
    let figure = |what, published: &str, ours| PublishedNumber {
        source: "Dong et al., FAST 2021",
        what,
        published: published.into(),
        ours,
        note,
    };
    Ok([
        figure("write amplification, leveled", "16.07", leveled.0),
        figure("space overhead in %, leveled, on average", "9.5", leveled.1),
        figure("write amplification, tiered", "4.8", tiered.0),
        figure("space overhead in %, tiered, on average", "45.5", tiered.1),
    ])
}
