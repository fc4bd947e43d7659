//! Random options and operations.

use lsmscope::{
    Options,
    engine::ScanRange,
    options::{CompactionPri, CompactionStyle, Compression, DeviceChoice, JobMode, UniversalStopStyle, WalSync},
    policy::styles,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// How many cases to run: `LSMSCOPE_CASES` times as many for a long campaign.
pub fn cases(n: u32) -> u32 {
    n * std::env::var("LSMSCOPE_CASES").ok().and_then(|times| times.parse::<u32>().ok()).unwrap_or(1)
}

#[derive(Clone, Debug)]
pub enum Write {
    Put(Vec<u8>, Vec<u8>),
    Delete(Vec<u8>),
}

#[derive(Clone, Debug)]
pub enum Op {
    Write(Write),
    Batch(Vec<Write>),
    Get(Vec<u8>),
    Scan(ScanRange),
    Snapshot,
    Release(usize),
    ReadSnapshot(usize, Vec<u8>, ScanRange),
    OpenIterator(ScanRange),
    StepIterator(usize),
    Flush,
    Compact(Option<usize>),
    Wait(u64),
    Reopen(Box<Options>, bool),
}

/// Few keys, so that they are overwritten; some of them empty, long, or alike in their first eight bytes.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => (0u8..40).prop_map(|n| format!("key{n:02}").into_bytes()),
        2 => (0u8..6).prop_map(|n| format!("a-long-common-prefix-{n}").into_bytes()),
        1 => vec(any::<u8>(), 0..3),
        1 => (0u8..3).prop_map(|n| vec![n; 300]),
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![8 => vec(any::<u8>(), 0..24), 1 => (any::<u8>(), 100usize..900).prop_map(|(b, n)| vec![b; n])]
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![3 => (key(), value()).prop_map(|(k, v)| Write::Put(k, v)), 1 => key().prop_map(Write::Delete)]
}

fn range() -> impl Strategy<Value = ScanRange> {
    (option::of(key()), option::of(key()), option::weighted(0.3, 0u64..12), any::<bool>())
        .prop_map(|(start, end, limit, reverse)| ScanRange { start, end, limit, reverse })
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        40 => write().prop_map(Op::Write),
        4 => vec(write(), 0..6).prop_map(Op::Batch),
        14 => key().prop_map(Op::Get),
        6 => range().prop_map(Op::Scan),
        2 => Just(Op::Snapshot),
        1 => any::<usize>().prop_map(Op::Release),
        4 => (any::<usize>(), key(), range()).prop_map(|(n, k, r)| Op::ReadSnapshot(n, k, r)),
        2 => range().prop_map(Op::OpenIterator),
        4 => (1usize..6).prop_map(Op::StepIterator),
        3 => Just(Op::Flush),
        3 => option::of(0usize..12).prop_map(Op::Compact),
        1 => (0u64..100).prop_map(Op::Wait),
        1 => (options(), any::<bool>()).prop_map(|(o, cleanly)| Op::Reopen(Box::new(o), cleanly)),
    ]
}

pub fn operations(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Op>> {
    vec(op(), count)
}

/// A compaction style, the default more often, and whether it leaves runs on level 0. Of one that drops tables, the
/// model does not know what is still to be read.
fn style() -> impl Strategy<Value = (CompactionStyle, bool)> {
    let all = || styles().map(|(style, policy)| (style, policy.about())).filter(|(_, about)| !about.drops_unread());
    let drawn = all().map(|(style, about)| (style, about.leaves_runs_on_level_0)).collect::<Vec<_>>();
    prop_oneof![2 => Just(drawn[0]), 3 => select(drawn)]
}

/// Any options that can be opened, on the small side, so that everything happens.
pub fn options() -> impl Strategy<Value = Options> {
    let memtable =
        (64u64..4000, prop_oneof![Just(0u64), 1u64..30], 2u64..6, 1u64..4, prop_oneof![Just(0u64), 200u64..9000]);
    let wal = (
        select(vec![WalSync::EveryWrite, WalSync::Writes, WalSync::Bytes, WalSync::Never]),
        1u64..20,
        1u64..900,
        prop_oneof![Just(0u64), 100u64..4000],
    );
    let table = (
        32u64..700,
        prop_oneof![Just(0u64), 1u64..8],
        1u64..20,
        any::<bool>(),
        prop_oneof![Just(0.0), 1.0..20.0f64],
        prop_oneof![Just(0u64), 100u64..6000],
        64u64..4000,
    );
    let compaction = (
        style(),
        prop::bool::weighted(0.15),
        2u64..7,
        1u64..6,
        64u64..5000,
        1.5..12.0f64,
        any::<bool>(),
        prop::bool::weighted(0.2),
        prop_oneof![Just(0u64), 10u64..200],
        prop_oneof![Just(0u64), 1u64..60],
    );
    let order = (
        select(vec![
            CompactionPri::MinOverlappingRatio,
            CompactionPri::ByCompensatedSize,
            CompactionPri::OldestLargestSeqFirst,
            CompactionPri::OldestSmallestSeqFirst,
            CompactionPri::RoundRobin,
        ]),
        prop_oneof![Just(0u64), 1u64..60],
        prop_oneof![Just(0.0), 0.05..1.0f64],
        prop_oneof![Just(0u64), 100u64..9000],
    );
    let universal = (0u64..200, 2u64..5, 0u64..4, 0u64..400, any::<bool>());
    let size_tiered = (2u64..6, 0u64..4, 0.0..1.0f64, 1.0..4.0f64, prop_oneof![Just(0u64), 1u64..2000]);
    let mode = prop_oneof![
        4 => Just(JobMode::Inline),
        2 => Just(JobMode::Manual),
        5 => Just(JobMode::Scheduled),
    ];
    let devices = vec![DeviceChoice::Nvme, DeviceChoice::SataSsd, DeviceChoice::Gp3, DeviceChoice::Hdd];
    let background = (1u64..9, 0u64..4, 0u64..4, 1u64..4, prop_oneof![Just(0u64), 1000u64..900_000]);
    let stall = (0u64..6, 0u64..6, prop_oneof![Just(0u64), 1000u64..90_000], select(devices), 0u64..2);
    let rest = (mode, 256u64..3000, order, background, stall);
    (memtable, wal, table, compaction, universal, size_tiered, rest).prop_map(|(m, w, t, c, u, s, r)| Options {
        max_background_jobs: r.3.0,
        max_background_flushes: r.3.1,
        max_background_compactions: r.3.2,
        max_subcompactions: r.3.3,
        rate_limiter_bytes_per_sec: r.3.4,
        // A style that leaves tables on level 0 must not make writes wait for ever.
        level0_slowdown_writes_trigger: if c.0.1 { 20 } else { c.3 + r.4.0 },
        level0_stop_writes_trigger: if c.0.1 { 100_000 } else { c.3 + r.4.0 + r.4.1 },
        delayed_write_rate: r.4.2,
        device: r.4.3,
        table_build_mb_per_s: r.4.4 as f64,
        write_buffer_size: m.0,
        write_buffer_entries: m.1,
        max_write_buffer_number: m.2,
        min_write_buffer_number_to_merge: m.3.min(m.2 - 1),
        db_write_buffer_size: m.4,
        wal_sync: w.0,
        wal_sync_writes: w.1,
        wal_bytes_per_sync: w.2,
        max_total_wal_size: w.3,
        block_size: t.0,
        index_interval: t.1,
        block_restart_interval: t.2,
        compression: if t.3 { Compression::Lz4 } else { Compression::None },
        bloom_bits_per_key: t.4,
        block_cache_size: t.5,
        target_file_size_base: t.6,
        compaction_style: c.0.0,
        disable_auto_compactions: c.1,
        num_levels: c.2,
        level0_file_num_compaction_trigger: c.3,
        max_bytes_for_level_base: c.4,
        max_bytes_for_level_multiplier: c.5,
        level_compaction_dynamic_level_bytes: c.6,
        one_table_per_level: c.7,
        max_entries_for_level_base: c.8,
        tombstone_retention_seconds: c.9,
        universal_size_ratio: u.0,
        universal_min_merge_width: u.1,
        universal_max_merge_width: u.1 + u.2,
        universal_max_size_amplification_percent: u.3,
        universal_stop_style: if u.4 { UniversalStopStyle::SimilarSize } else { UniversalStopStyle::TotalSize },
        size_tiered_min_threshold: s.0,
        size_tiered_max_threshold: s.0 + s.1,
        size_tiered_bucket_low: s.2,
        size_tiered_bucket_high: s.3,
        size_tiered_min_sstable_size: s.4,
        job_mode: r.0,
        max_manifest_file_size: r.1,
        compaction_pri: r.2.0,
        ttl: r.2.1,
        compact_on_deletion_ratio: r.2.2,
        max_compaction_bytes: r.2.3,
        ..Options::default()
    })
}
