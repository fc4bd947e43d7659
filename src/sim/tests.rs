//! What a person relies on: the same seed gives the same run, decisions are the policy's, amplifications are counted as
//! they should be, writes stall as they must, and the summary's numbers agree with each other.

use super::*;
use crate::{
    options::{CompactionPri, CompactionStyle, DeviceChoice},
    policy::{Compaction, Explanation},
    sim::spec::{KeyDistribution, OverlapModel, preset},
};

mod stalls;

const MB: u64 = 1 << 20;
const MBF: f64 = MB as f64;

fn device_500() -> Options {
    Options { device: DeviceChoice::Custom, level_compaction_dynamic_level_bytes: false, ..options() }
}

fn spec(write_mb_per_s: f64, duration_seconds: f64) -> Spec {
    Spec { write_mb_per_s, duration_seconds, samples: 50, ..Spec::default() }
}

fn run(options: &Options, spec: &Spec) -> Simulation {
    let mut simulation = Simulation::new(options.clone(), spec.clone()).unwrap();
    while !simulation.run(10_000).done {}
    simulation
}

/// S4's list: tables of level 0 as large as a memtable; some of the tables at a time, not all; reads and writes both
/// counted.
#[test]
fn level_0_has_tables_of_a_memtable_and_compactions_take_some_of_a_level() {
    let simulation = run(&device_500(), &spec(20.0, 1800.0));
    let flushes: Vec<SimulatedJob> =
        simulation.job_spans().since(0).filter(|span| span.rule == "flush").copied().collect();
    assert!(flushes.len() > 500);
    assert!(flushes.iter().all(|span| (60 * MB..66 * MB).contains(&span.written)), "{:?}", flushes[0]);
    let merges: Vec<&SimulatedJob> = simulation
        .job_spans()
        .since(0)
        .filter(|span| span.from_level.is_some_and(|l| l > 0) && !span.is_move)
        .collect();
    assert!(merges.len() > 300);
    // One table of the upper level, or few, with those below that it overlaps.
    assert!(merges.iter().all(|span| span.inputs < 40));
    let tables = simulation.version().tables().count() as u64;
    assert!(merges.iter().map(|span| span.inputs).max() < Some(tables / 10), "of {tables} tables");
    // Each took as long as reading and writing its bytes takes at 500 MB/s, or longer where others ran too.
    assert!(merges.iter().all(|span| {
        let least = (span.read + span.written) as f64 / (500.0 * MBF);
        crate::runtime::clock::seconds(span.ended.unwrap() - span.began) >= least
    }));
}

#[test]
fn more_than_the_device_can_take_stalls_and_the_summary_says_why() {
    let mut simulation = run(&device_500(), &spec(250.0, 3600.0));
    let summary = simulation.summary();
    let written = summary.counters.user_bytes as f64 / MBF / summary.seconds;
    assert!(summary.offered_bytes / MBF / summary.seconds == 250.0 && written < 100.0, "{written}");
    assert!(summary.waited_seconds > 0.5 * summary.seconds && summary.waited_seconds < summary.seconds);
    // Writers got about what the device could sustain: it never rested, and most of its time went into bytes.
    assert!(summary.device_use > Some(0.97), "{:?}", summary.device_use);
    let c = summary.counters;
    let moved = c.wal_bytes + c.flush_bytes + c.compaction_bytes_written + c.compaction_bytes_read;
    let by_bytes = 500.0 * c.user_bytes as f64 / moved as f64;
    let sustainable = summary.sustainable_mb_per_s.expect("the device was in use");
    assert!(
        written <= sustainable && sustainable <= by_bytes && sustainable > 0.9 * by_bytes,
        "{written} of {sustainable}"
    );
    assert!(summary.sentences.iter().any(|said| said.contains("less than was offered")), "{:?}", summary.sentences);
    // What was not written waited; what is said of each reason adds up.
    let lost = 1.0 - written / 250.0;
    assert!((summary.waited_seconds / summary.seconds / lost - 1.0).abs() < 0.01);
    let by_reason: f64 = summary.stalls.iter().map(|row| row.sum.waited_seconds).sum();
    assert!((by_reason - summary.waited_seconds).abs() < 1e-6);
    let text = summary.to_string();
    for needle in ["Writers waited", "slowed down at", "less than was offered", "Write amplification is", "W-Amp"] {
        assert!(text.contains(needle), "{needle} is not in\n{text}");
    }
    // The stalls are on record too.
    let spans: Vec<SimulatedStall> = simulation.stall_spans().since(0).copied().collect();
    assert!(!spans.is_empty() && spans.windows(2).all(|pair| pair[0].ended.is_some_and(|end| end <= pair[1].began)));
    assert!(simulation.run(5).done, "there is no more to come");
}

#[test]
fn what_the_device_can_take_does_not_stall() {
    let summary = run(&Options { device: DeviceChoice::Nvme, ..options() }, &spec(20.0, 3600.0)).summary();
    assert_eq!((summary.waited_seconds, &summary.stalls[..]), (0.0, &[][..]));
    assert!((summary.counters.user_bytes as f64 / summary.offered_bytes - 1.0).abs() < 1e-6);
    assert!(summary.sentences.contains(&"Writers never waited.".to_string()));
}

#[test]
fn the_same_seed_gives_the_same_run_in_slices_of_any_size() {
    let options = Options { compaction_style: CompactionStyle::Leveled, max_background_jobs: 6, ..device_500() };
    let spec = Spec { key_dist: KeyDistribution::Uniform, key_space_size: 20_000_000, ..spec(80.0, 900.0) };
    let once = run(&options, &spec);
    let mut sliced = Simulation::new(options.clone(), spec.clone()).unwrap();
    while !sliced.run(7).done {}
    assert_eq!(once.samples(), sliced.samples());
    assert_eq!(once.version(), sliced.version());
    assert_eq!(once.job_spans(), sliced.job_spans());
    assert_eq!(once.summary(), sliced.summary());
    let other = run(&options, &Spec { seed: 2, ..spec });
    assert_ne!(once.version(), other.version());
}

/// A policy that holds its quick decisions against its thorough ones.
#[derive(Debug)]
struct Checked(&'static dyn Policy);

impl Policy for Checked {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, detail: Explanation) -> Option<Compaction> {
        let quick = self.0.pick(tree, options, running, detail);
        let listed = quick.clone().map(|compaction| compaction.listed(tree));
        let full = self.0.pick(tree.version(), options, running, Explanation::Full);
        let bare = |c: &Compaction| (c.action, c.inputs.clone(), c.output_level, c.cuts.clone(), c.reason.rule);
        assert_eq!(listed.as_ref().map(bare), full.as_ref().map(bare));
        quick
    }

    fn pick_manual(&self, v: &dyn Levels, o: &Options, r: &Running, level: Option<usize>) -> Option<Compaction> {
        self.0.pick_manual(v, o, r, level)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        self.0.scores(tree, options, running)
    }
}

#[test]
fn quick_decisions_are_the_policys() {
    for (jobs, dynamic, delete_percent, style, pri) in [
        (2, false, 0.0, CompactionStyle::Leveled, CompactionPri::MinOverlappingRatio),
        (8, true, 0.0, CompactionStyle::Leveled, CompactionPri::MinOverlappingRatio),
        (4, false, 20.0, CompactionStyle::Leveled, CompactionPri::MinOverlappingRatio),
        (8, false, 0.0, CompactionStyle::Leveled, CompactionPri::RoundRobin),
        (4, true, 0.0, CompactionStyle::Universal, CompactionPri::MinOverlappingRatio),
        (4, true, 0.0, CompactionStyle::SizeTiered, CompactionPri::MinOverlappingRatio),
        (2, true, 0.0, CompactionStyle::LazyLeveling, CompactionPri::MinOverlappingRatio),
    ] {
        let options = Options {
            max_background_jobs: jobs,
            level_compaction_dynamic_level_bytes: dynamic,
            compaction_style: style,
            compaction_pri: pri,
            max_bytes_for_level_base: 64 * MB,
            max_bytes_for_level_multiplier: 4.0,
            // So many tables that a turn takes in several blocks of them.
            target_file_size_base: if pri == CompactionPri::RoundRobin { 4 * MB } else { 16 * MB },
            write_buffer_size: 16 * MB,
            ..device_500()
        };
        let mut simulation =
            Simulation::new(options, Spec { delete_percent, ..spec(if jobs > 2 { 90.0 } else { 30.0 }, 300.0) })
                .unwrap();
        simulation.policy = Box::leak(Box::new(Checked(simulation.policy)));
        while !simulation.run(10_000).done {}
        assert!(simulation.counters().compactions > 30, "{style:?}: {:?}", simulation.counters());
    }
}

#[test]
fn nothing_gets_lost_but_what_is_overwritten_or_deleted() {
    let simulation = run(&device_500(), &spec(50.0, 900.0));
    let entries: u64 = simulation.version().tables().map(|(_, t)| t.entries).sum();
    assert_eq!(entries, simulation.flushed_writes, "every key is new");
    let keys = 3_000_000;
    let overwritten = Spec { key_dist: KeyDistribution::Uniform, key_space_size: keys, ..spec(50.0, 900.0) };
    let simulation = run(&device_500(), &overwritten);
    let last = simulation.version().levels.iter().rev().find(|level| !level.is_empty()).unwrap();
    let entries: u64 = last.iter().map(|t| t.entries).sum();
    assert!(entries <= keys * 1001 / 1000 && entries > keys * 8 / 10, "{entries} of {keys} keys");
    // Tables stay in order and do not overlap.
    for level in &simulation.version().levels[1..] {
        assert!(level.windows(2).all(|pair| pair[0].largest < pair[1].smallest));
    }
}

#[test]
fn space_amplification_is_never_below_one() {
    for (key_dist, delete_percent) in [
        (KeyDistribution::Unique, 0.0),
        (KeyDistribution::Uniform, 0.0),
        (KeyDistribution::Zipf, 10.0),
        (KeyDistribution::Sequential, 0.0),
    ] {
        for style in [CompactionStyle::Leveled, CompactionStyle::Universal] {
            let spec = Spec { key_dist, delete_percent, key_space_size: 5_000_000, ..spec(40.0, 900.0) };
            let simulation = run(&Options { compaction_style: style, ..device_500() }, &spec);
            let samples = simulation.samples();
            let below = |values: &[f64]| values.iter().any(|space| *space != 0.0 && *space < 1.0);
            assert!(!below(&samples.space_amplification) && !below(&samples.space_amplification_live));
            assert!(simulation.summary().space_live >= Some(1.0));
            if key_dist == KeyDistribution::Uniform {
                assert!(simulation.summary().space_live > Some(1.01), "old versions take some space");
            }
        }
    }
}

/// Of what FIFO compaction dropped, a reader sees nothing: only what is left counts, and its old versions take space.
#[test]
fn what_was_dropped_is_not_live() {
    let options = Options { compaction_style: CompactionStyle::Fifo, write_buffer_size: 1 << 20, ..device_500() };
    let options = Options { fifo_max_table_files_size: 16 << 20, ..options };
    let uniform = Spec { key_dist: KeyDistribution::Uniform, key_space_size: 100_000, ..spec(20.0, 60.0) };
    let kept = run(&options, &uniform);
    let writes = kept.version().tables().map(|(_, table)| table.largest_seq - table.smallest_seq + 1).sum();
    let entries: u64 = kept.version().tables().map(|(_, table)| table.entries).sum();
    let expected = entries as f64 / uniform.key_model().distinct(writes) as f64;
    let live = kept.summary().space_live.expect("there are tables");
    assert!(expected > 1.05 && (live / expected - 1.0).abs() < 0.05, "{live}, expected {expected}");
}

/// Counted by the last table of level 0, and by looking at all of them.
#[test]
fn dropped_writes_are_those_before_the_oldest_table() {
    for (fifo_allow_compaction, ttl) in [(false, 0), (true, 0), (true, 20)] {
        let options = Options { compaction_style: CompactionStyle::Fifo, write_buffer_size: 1 << 20, ..device_500() };
        let options = Options { fifo_max_table_files_size: 16 << 20, fifo_allow_compaction, ttl, ..options };
        let mut simulation = Simulation::new(options, spec(20.0, 60.0)).unwrap();
        let mut dropped = 0;
        while !simulation.run(10).done {
            let oldest = simulation.version().tables().map(|(_, table)| table.smallest_seq - 1).min();
            assert_eq!(simulation.dropped_writes(), oldest.unwrap_or(simulation.flushed_writes));
            assert!(simulation.dropped_writes() >= dropped);
            dropped = simulation.dropped_writes();
        }
        assert!(dropped > simulation.flushed_writes / 2, "{dropped}");
    }
}

#[test]
fn moves_are_not_written() {
    let sequential = Spec { key_dist: KeyDistribution::Sequential, ..spec(50.0, 900.0) };
    let simulation = run(&device_500(), &sequential);
    let summary = simulation.summary();
    assert!(summary.counters.moves > 100);
    assert_eq!(summary.amplification.write_rocksdb, Some(1.0), "{:?}", summary.counters);
    assert_eq!(summary.counters.compaction_bytes_written, 0);
    // RocksDB's sums, from another side: every merge's bytes are in the row of the level that it wrote into.
    let mixed = run(&device_500(), &spec(50.0, 900.0)).summary();
    assert!(mixed.counters.moves > 0);
    assert_eq!(mixed.total.written, mixed.counters.flush_bytes + mixed.counters.compaction_bytes_written);
    let read: u64 = mixed.levels[1..].iter().map(|row| row.sums.read_upper + row.sums.read_own).sum();
    assert_eq!(read + mixed.levels[0].sums.read_own, mixed.counters.compaction_bytes_read);
}

#[test]
fn drawn_overlaps_change_what_is_rewritten_and_keep_the_tree_in_order() {
    let with = |overlap, tables, percent| {
        let drawn = Spec { overlap, overlap_tables: tables, overlap_percent: percent, ..spec(40.0, 900.0) };
        let simulation = run(&device_500(), &drawn);
        let entries: u64 = simulation.version().tables().map(|(_, t)| t.entries).sum();
        assert_eq!(entries, simulation.flushed_writes, "{overlap:?}");
        simulation.summary().levels[2].write_amplification.expect("bytes came")
    };
    let few = with(OverlapModel::Exponential, 1.5, 0.0);
    let more = with(OverlapModel::Exponential, 6.0, 0.0);
    let geometric = with(OverlapModel::Geometric, 1.5, 0.0);
    assert!(few < 4.0 && more > few + 1.5 && (geometric - few).abs() < 1.0, "{few} {more} {geometric}");
    assert!(with(OverlapModel::FixedShare, 1.0, 50.0) > with(OverlapModel::FixedShare, 1.0, 5.0) + 1.0);
    assert!(with(OverlapModel::Uniform, 1.0, 0.0) > few);
}

#[test]
fn bursts_are_taken_by_the_memtables_and_the_tree_catches_up() {
    let (options, spec) = preset("bursts").unwrap().make();
    let simulation = run(&options, &Spec { duration_seconds: 1500.0, samples: 300, ..spec });
    let offered = &simulation.samples().offered_mb_per_s;
    assert!(offered.iter().any(|mb| (*mb - 100.0).abs() < 0.01) && offered.iter().any(|mb| (*mb - 10.0).abs() < 0.01));
    let pending = &simulation.samples().pending_bytes;
    let most = pending.iter().copied().fold(0.0, f64::max);
    assert!(most > 1e9 && pending.iter().skip(50).any(|bytes| *bytes < most / 10.0));
}

#[test]
fn more_flush_workers_flush_at_the_same_time_and_install_in_order() {
    let options = Options {
        max_background_flushes: 4,
        max_write_buffer_number: 8,
        table_build_mb_per_s: 30.0,
        disable_auto_compactions: true,
        ..options()
    };
    let simulation = run(&options, &spec(80.0, 300.0));
    let flushes: Vec<&SimulatedJob> = simulation.job_spans().since(0).filter(|span| span.rule == "flush").collect();
    assert!(flushes.windows(2).any(|pair| pair[1].began < pair[0].ended.unwrap()), "two at the same time");
    assert!(flushes.windows(2).all(|pair| pair[0].ended <= pair[1].ended && pair[0].job < pair[1].job));
    let one = run(&Options { max_background_flushes: 1, ..options }, &spec(80.0, 300.0));
    assert!(one.summary().counters.user_bytes < simulation.summary().counters.user_bytes);
}

#[test]
fn runs_and_a_busy_device_make_gets_slower() {
    let leveled = run(&device_500(), &spec(20.0, 600.0)).summary();
    let universal = run(
        &Options {
            compaction_style: CompactionStyle::Universal,
            level0_file_num_compaction_trigger: 12,
            ..device_500()
        },
        &spec(20.0, 600.0),
    );
    assert!(universal.summary().reads.runs > leveled.reads.runs);
    let quiet = run(&device_500(), &spec(5.0, 600.0)).summary();
    let reads = run(&device_500(), &Spec { read_rate: 2000.0, ..spec(5.0, 600.0) }).summary();
    let (reads, quiet) = (reads.device_use.expect("time passed"), quiet.device_use.expect("time passed"));
    assert!(reads > quiet + 0.1, "{reads} {quiet}");
}

#[test]
fn samples_are_a_csv_that_reads_back() {
    let simulation = run(&device_500(), &spec(20.0, 60.0));
    let csv = simulation.samples().csv();
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((lines.len(), lines[0][0], lines[0].last()), (51, "at", Some(&"sst_bytes_L6")));
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    let last: Vec<f64> = lines[50].iter().map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(last[0], 60.0);
    let jobs = simulation.jobs_csv();
    assert_eq!(jobs.lines().count() as u64, simulation.job_spans().count() + 1);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let refused = |options: Options, spec: Spec| Simulation::new(options, spec).map(|_| ()).unwrap_err().message;
    assert!(refused(Options { num_levels: 1, ..options() }, Spec::default()).contains("num_levels"));
    assert!(refused(options(), spec(10_000.0, 9e6)).contains("write_mb_per_s"));
}

/// As RocksDB's `SanitizeCfOptions` has it: level 0 is due before it stops writes.
/// Writes wait nearly all the time for something else than the device: what it could sustain does not follow from that.
/// Each style at the ends of what its triggers may be: it goes to its end, or says why it cannot.
/// Memtables that wait for others to be merged with, where memory has no room for those.
/// Outputs of a few entries each: what rounding leaves of tombstones must not be more than there are entries.
#[test]
fn no_table_has_more_tombstones_than_entries() {
    for key_space_size in [20_000, 20_000_000] {
        let options = Options {
            write_buffer_size: 16 << 10,
            target_file_size_base: 8 << 10,
            max_bytes_for_level_base: 64 << 10,
            max_bytes_for_level_multiplier: 4.0,
            block_size: 1024,
            max_compaction_bytes: 1,
            ..options()
        };
        let spec = Spec { delete_percent: 40.0, key_dist: KeyDistribution::Uniform, key_space_size, ..spec(0.1, 10.0) };
        let simulation = run(&options, &Spec { value_size_bytes: 100, ..spec });
        assert!(simulation.counters().compactions > 30);
        assert!(simulation.version().tables().all(|(_, table)| table.tombstones <= table.entries));
    }
}
