//! Compares the table of effects with runs of the simulator and of the engine.

use super::*;
use crate::{
    options::{CompactionStyle, Description, Unit},
    session::Session,
    sim::{self, Simulation, Spec},
    storage::{block_on, memory::Memory},
    trace::NoTrace,
    workload::Workload,
};

/// Small enough that each style compacts within seconds.
fn small(compaction_style: CompactionStyle) -> Options {
    Options {
        compaction_style,
        write_buffer_size: 16 << 10,
        target_file_size_base: 8 << 10,
        max_bytes_for_level_base: 64 << 10,
        max_bytes_for_level_multiplier: 4.0,
        size_tiered_min_sstable_size: 0,
        fifo_max_table_files_size: 256 << 10,
        fifo_allow_compaction: true,
        device: DeviceChoice::Custom,
        job_mode: JobMode::Scheduled,
        block_size: 1024,
        ..Options::default()
    }
}

/// Sets that bring rows of the table to bear.
fn variants(style: CompactionStyle) -> Vec<Options> {
    let small = small(style);
    vec![
        small.clone(),
        Options { device: DeviceChoice::Nvme, wal_sync: WalSync::Never, bloom_fpr: 0.01, ..small.clone() },
        Options { disable_auto_compactions: true, fifo_allow_compaction: false, ..small.clone() },
        Options {
            one_table_per_level: true,
            compression: Compression::Lz4,
            table_build_mb_per_s: 100.0,
            compression_mb_per_s: 100.0,
            max_background_compactions: 3,
            job_mode: JobMode::Inline,
            ..small
        },
    ]
}

/// Other values of an option.
fn others(knob: &Description, value: &str) -> Vec<String> {
    let mut others: Vec<String> = match knob.unit {
        // Factors of levels.
        Unit::Count if knob.min.is_none() => vec!["1:9".into()],
        Unit::Choice => knob.choices.iter().map(ToString::to_string).collect(),
        Unit::Switch => vec!["true".into(), "false".into()],
        _ => {
            let (min, max) = (knob.min.unwrap_or(0.0), knob.max.unwrap_or(1e6));
            let value: f64 = value.parse().unwrap_or(1.0);
            let near = [value / 8.0, value * 8.0 + 1.0].map(|near| near.clamp(min, max));
            let near = if matches!(knob.unit, Unit::Ratio | Unit::Bits) { near } else { near.map(f64::round) };
            near.iter().map(ToString::to_string).collect()
        }
    };
    others.retain(|other| other != value);
    others
}

/// `options` with each other value of the option `field` that fits.
fn changed(options: &Options, field: &str) -> Vec<Options> {
    let knobs = Options::describe();
    let knob = knobs.iter().find(|knob| knob.name == field).unwrap_or_else(|| panic!("{field} is not an option"));
    let value = options.get(field).expect("it is one");
    let set = |other: &String| {
        let mut changed = options.clone();
        changed.set(field, other).ok()?;
        changed.validate().is_empty().then_some(changed)
    };
    others(knob, &value).iter().filter_map(set).collect()
}

/// What a run of the simulator counts.
fn simulated(options: &Options) -> String {
    let spec = Spec {
        write_mb_per_s: 0.1,
        value_size_bytes: 100,
        delete_percent: 40.0,
        key_dist: sim::spec::KeyDistribution::Uniform,
        key_space_size: 20_000,
        duration_seconds: 15.0,
        samples: 5,
        ..Spec::default()
    };
    let mut simulation = Simulation::new(options.clone(), spec).unwrap();
    while !simulation.run(1000).done {}
    let summary = simulation.summary();
    let counted = (&summary.counters, &summary.levels, &summary.stalls, &summary.reads, &summary.compared);
    format!("{counted:?}\n{}\n{}", simulation.samples().csv(), simulation.jobs_csv())
}

/// What a run of the engine counts.
fn driven(options: &Options) -> String {
    let workload = Workload {
        write_rate: 1000.0,
        delete_rate: 400.0,
        read_rate: 50.0,
        duration_seconds: 1.0,
        sample_ms: 500,
        key_space_size: 400,
        ..Workload::default()
    };
    let mut session = block_on(Session::open(Memory::new(), options.clone(), NoTrace)).expect("it opens");
    format!("{:?}", block_on(session.drive(&workload)).expect("it goes well"))
}

/// Every option that has no effect, with every other value, under every style: the run is the same.
fn nothing_changes(executor: Executor, run: fn(&Options) -> String) {
    for options in styles().flat_map(|(style, _)| variants(style)) {
        let expected = run(&options);
        for WithoutEffect { field, .. } in options.without_effect(executor).into_iter().filter(|found| found.is_all) {
            for other in changed(&options, field) {
                // A value may bring an effect: no limit at all.
                if other.without_effect(executor).iter().any(|found| found.field == field && found.is_all) {
                    let value = other.get(field).expect("it is one");
                    let what = format!("{field} = {value} under {:?}", options.changed());
                    assert!(run(&other) == expected, "{executor:?}: {what}");
                }
            }
        }
    }
}

#[test]
fn what_has_no_effect_changes_no_simulation() {
    nothing_changes(Executor::Simulator, simulated);
}

#[test]
fn what_has_no_effect_changes_no_run_of_the_engine() {
    nothing_changes(Executor::Engine, driven);
}

/// Options that would change a run in which writes pile up, tables get old, or there are far more of them.
const NOT_MET: &[&str] = &[
    "max_write_buffer_number",
    "min_write_buffer_number_to_merge",
    "db_write_buffer_size",
    "block_size",
    "bloom_fpr",
    "block_cache_size",
    "ttl",
    "compact_on_deletion_ratio",
    "universal_max_merge_width",
    "universal_allow_trivial_move",
    "size_tiered_max_threshold",
    "size_tiered_min_sstable_size",
    "max_background_jobs",
    "max_background_flushes",
    "max_background_compactions",
    "level0_slowdown_writes_trigger",
    "level0_stop_writes_trigger",
    "soft_pending_compaction_bytes_limit",
    "hard_pending_compaction_bytes_limit",
    "delayed_write_rate",
];

/// The other way round: an option that the table leaves out changes a run.
#[test]
fn what_is_left_out_changes_a_simulation() {
    for (style, _) in styles() {
        let options = Options { wal_sync: WalSync::Never, ..small(style) };
        let expected = simulated(&options);
        let without = options.without_effect(Executor::Simulator);
        let mut same = Vec::new();
        for knob in Options::describe() {
            let is_known = without.iter().any(|found| found.field == knob.name);
            if !is_known && changed(&options, knob.name).iter().all(|other| simulated(other) == expected) {
                same.push(knob.name);
            }
        }
        same.retain(|name| !NOT_MET.contains(name));
        assert_eq!(same, Vec::<&str>::new(), "{style:?}");
    }
}

#[test]
fn a_reason_is_told_once_for_all_its_options_and_only_of_those_that_were_set() {
    let universal = Options { compaction_style: CompactionStyle::Universal, ttl: 100, ..Options::default() };
    let told = |names: &[&str]| universal.told_without_effect(Executor::Engine, |name| names.contains(&name));
    assert_eq!(
        told(&["max_bytes_for_level_base", "ttl", "max_bytes_for_level_0", "universal_size_ratio"]),
        [
            "max_bytes_for_level_base and max_bytes_for_level_0 have no effect: \
             universal compaction gives levels no target sizes",
            "ttl has no effect: universal compaction does not look at the age of tables",
        ]
    );
    assert_eq!(universal.told_of_changed(Executor::Simulator).len(), 1);
    assert_eq!(Options::default().told_of_changed(Executor::Simulator), Vec::<String>::new());
    let lazy = Options {
        compaction_style: CompactionStyle::LazyLeveling,
        compact_on_deletion_ratio: 0.5,
        ..Options::default()
    };
    let told = lazy.told_of_changed(Executor::Engine);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("compact_on_deletion_ratio: lazy_leveling compaction rewrites tables"), "{told:?}");
    let retained = Options { tombstone_retention_seconds: 9, ..Options::default() };
    assert!(retained.told_of_changed(Executor::Engine).is_empty());
    assert!(
        retained.told_of_changed(Executor::Simulator)[0].starts_with("tombstone_retention_seconds has no effect: in")
    );
}

#[test]
fn every_option_of_the_table_is_one_and_reads_well() {
    let of_rows = OF_SIMULATOR.iter().chain(OF_HISTORY).chain(OF_ALL).map(|row| (row.fields, row.reason));
    let of_styles =
        styles().flat_map(|(_, policy)| policy.about().unused).map(|unused| (unused.options, unused.reason));
    let own = styles().map(|(_, policy)| (policy.about().own_options, ""));
    for (fields, reason) in of_rows.chain(of_styles).chain(own) {
        assert!(!reason.ends_with('.'), "{reason}");
        for field in fields {
            assert!(Options::default().get(field).is_some(), "{field}");
        }
    }
}
