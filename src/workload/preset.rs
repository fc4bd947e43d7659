//! Ready-made workloads.
//!
//! In: a name. Out: a [`Workload`]. Errors: the name is unknown.

use serde::Serialize;

use super::{Arrival, KeyDist, KeyOrder, Workload};
use crate::{options::Problem, words::say};

/// A named workload.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NamedWorkload {
    /// The value of `preset=`.
    pub name: &'static str,
    /// The purpose, as [`said`](crate::words::said) says it.
    #[serde(serialize_with = "crate::words::serialize_said")]
    pub about: &'static str,
    /// Makes the workload.
    #[serde(skip)]
    pub make: fn() -> Workload,
}

/// The presets; the first is the default.
pub const PRESETS: &[NamedWorkload] = &[
    NamedWorkload {
        name: "demo",
        about: "For charts: 5,000 puts a second for a minute. With the options demo-recipe, flushes every third of a \
                second and compactions follow.",
        make: || Workload { write_rate: 5000.0, sample_ms: 250, ..Workload::default() },
    },
    NamedWorkload {
        name: "mixed",
        about: "Puts, gets, scans and deletes together, over keys of which a few are popular.",
        make: || Workload {
            write_rate: 2000.0,
            read_rate: 2000.0,
            delete_rate: 200.0,
            key_dist: KeyDist::Zipf,
            key_order: KeyOrder::Scrambled,
            read_miss_percent: 20.0,
            range_reads: 5.0,
            range_span: 20,
            sample_ms: 250,
            ..Workload::default()
        },
    },
    NamedWorkload {
        name: "bursts",
        about: "Ten seconds of writes, ten of near silence, and a fivefold spike at the end of every minute: what \
                stalls are made of.",
        make: || Workload {
            write_rate: 5000.0,
            burst_on_seconds: 10.0,
            burst_off_seconds: 10.0,
            burst_off_percent: 5.0,
            spike_every_seconds: 60.0,
            spike_seconds: 2.0,
            spike_percent: 500.0,
            duration_seconds: 120.0,
            ..Workload::default()
        },
    },
    NamedWorkload {
        name: "time-series",
        about: "Keys in order, never written twice: every compaction is a move, and write amplification stays at 1.",
        make: || Workload {
            write_rate: 5000.0,
            insert_percent: 100.0,
            key_space_size: 1,
            sample_ms: 250,
            ..Workload::default()
        },
    },
    NamedWorkload {
        name: "ycsb-a",
        about: "YCSB A, update heavy: half reads, half updates, of popular keys.",
        make: || Workload { read_rate: 2500.0, write_rate: 2500.0, ..ycsb() },
    },
    NamedWorkload {
        name: "ycsb-b",
        about: "YCSB B, mostly reads: 95 % reads, 5 % updates.",
        make: || Workload { read_rate: 4750.0, write_rate: 250.0, ..ycsb() },
    },
    NamedWorkload {
        name: "ycsb-c",
        about: "YCSB C, reads only.",
        make: || Workload { read_rate: 5000.0, write_rate: 0.0, ..ycsb() },
    },
    NamedWorkload {
        name: "ycsb-d",
        about: "YCSB D, read latest: 95 % reads, most of them of what was just inserted, 5 % inserts.",
        make: || Workload {
            read_rate: 4750.0,
            write_rate: 250.0,
            insert_percent: 100.0,
            key_dist: KeyDist::Latest,
            ..ycsb()
        },
    },
    NamedWorkload {
        name: "ycsb-e",
        about: "YCSB E, short ranges: 95 % scans, 5 % inserts.",
        make: || Workload {
            read_rate: 950.0,
            write_rate: 50.0,
            insert_percent: 100.0,
            range_reads: 100.0,
            range_span: 50,
            ..ycsb()
        },
    },
    NamedWorkload {
        name: "ycsb-f",
        about: "YCSB F, read-modify-write: half reads, half reads that are followed by a write of the same key.",
        make: || Workload { read_rate: 2500.0, write_rate: 0.0, read_modify_write_rate: 2500.0, ..ycsb() },
    },
];

/// The workload called `name`.
///
/// # Errors
/// No preset has this name; the problem lists the names.
pub fn preset(name: &str) -> Result<Workload, Problem> {
    PRESETS.iter().find(|p| p.name == name).map(|p| (p.make)()).ok_or_else(|| Problem {
        field: "preset".into(),
        value: crate::error::excerpt(name),
        expected: say!("one of {names}", names = PRESETS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")),
    })
}

/// The parameters of all YCSB workloads: 1,000-byte records (ten fields of 100), hashed keys, Zipf's law with a skew of
/// 0.99. YCSB scans 1 to 100 records, 50 on average. Ten thousand records, instead of YCSB's million, load quickly.
fn ycsb() -> Workload {
    Workload {
        key_space_size: 10_000,
        key_dist: KeyDist::Zipf,
        key_order: KeyOrder::Scrambled,
        value_size_bytes: 1000,
        load: true,
        arrival: Arrival::Even,
        sample_ms: 250,
        ..Workload::default()
    }
}
