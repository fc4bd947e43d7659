//! Every option, every preset, every refusal.

use super::*;

#[test]
fn every_knob_reads_back_what_it_writes_and_says_what_it_trades() {
    let mut options = Options::default();
    for knob in Options::describe() {
        let text = options.get(knob.name).expect("described");
        assert_eq!(text, knob.default);
        options.set(knob.name, &text).unwrap();
        assert!(knob.about.ends_with('.') && knob.about.len() > 20, "{}", knob.name);
    }
    assert_eq!(options, Options::default());
}

#[test]
fn a_value_out_of_range_is_named_with_its_range() {
    let mut options = Options::default();
    let problem = options.set("block_size", "7").unwrap_err();
    assert_eq!(problem.to_string(), "block_size = 7: expected 32 bytes to 16 MB");
    assert_eq!(options, Options::default());
    options.block_size = 1;
    assert_eq!(options.validate()[0].field, "block_size");
}

#[test]
fn sizes_may_have_suffixes() {
    let mut options = Options::default();
    options.set("write_buffer_size", "1.5MB").unwrap();
    assert_eq!(options.write_buffer_size, 3 << 19);
    options.set("write_buffer_size", "200_000").unwrap();
    assert_eq!(options.write_buffer_size, 200_000);
    assert_eq!(options.shown("write_buffer_size", Unit::Bytes).as_deref(), Some("200000"));
    for text in ["64KB", "64 KB", "64KiB", "64 kib", "64K"] {
        options.set("write_buffer_size", text).unwrap();
        assert_eq!(options.write_buffer_size, 64 << 10, "{text}");
    }
    // And it is read as it may be typed.
    assert_eq!(options.shown("write_buffer_size", Unit::Bytes).as_deref(), Some("64 KB"));
    assert_eq!(options.shown("num_levels", Unit::Count).as_deref(), Some("7"), "a count is no size");
}

/// Measured on RocksDB 9.8.4: levels 5 and 6 of a base level of 5 have the base size; with fixed levels, levels 1 and 2
/// differ.
#[test]
fn tables_grow_from_the_second_level_below_level_0() {
    let sizes = |options: &Options, base: Option<usize>| -> Vec<u64> {
        (0..options.levels()).map(|level| options.target_file_size(level, base)).collect()
    };
    let options = Options { target_file_size_base: 100, target_file_size_multiplier: 4, ..Options::default() };
    assert_eq!(sizes(&options, Some(1)), [100, 100, 100, 400, 1600, 6400, 25_600]);
    assert_eq!(sizes(&options, Some(4))[4..], [100, 100, 400]);
    assert_eq!(sizes(&options, Some(6))[6], 100);
    let fixed = [100, 100, 400, 1600, 6400, 25_600, 102_400];
    assert_eq!(sizes(&options, None), fixed);
    // Above the base level as with fixed levels.
    assert_eq!(sizes(&options, Some(4))[..4], fixed[..4]);
    // Past all numbers it stays as it is.
    let huge = Options { target_file_size_base: 1 << 40, target_file_size_multiplier: 100, ..options };
    assert_eq!(sizes(&Options { num_levels: 12, ..huge }, Some(1))[11], (1 << 40) * 100_u64.pow(3));
}

#[test]
fn units_go_up_to_petabytes_and_from_milliseconds_to_weeks() {
    let mut options = Options::default();
    for (name, text, value) in [
        ("max_bytes_for_level_0", "1TB", 1_u64 << 40),
        ("max_bytes_for_level_0", "1PB", 1 << 50),
        ("max_bytes_for_level_0", "0.5p", 1 << 49),
        ("max_bytes_for_level_0", "1.5 tb", 3 << 39),
        ("max_bytes_for_level_0", "1000GB", 1000 << 30),
        ("level0_stop_writes_trigger", "1K", 1024),
        ("ttl", "90", 90),
        ("ttl", "90s", 90),
        ("ttl", "2000ms", 2),
        ("ttl", "1.5h", 5400),
        ("ttl", "30d", 30 * 86_400),
        ("ttl", "2w", 14 * 86_400),
    ] {
        options.set(name, text).unwrap();
        assert_eq!(options.get(name), Some(value.to_string()), "{name} = {text}");
    }
    for (name, text, expected) in [
        ("max_bytes_for_level_0", "2PB", "0 to 1 PB"),
        ("max_bytes_for_level_0", "99999999PB", "a whole number from 0 to 1 PB, or with a unit up to PB"),
        ("max_bytes_for_level_0", "1e300GB", "a whole number"),
        ("max_bytes_for_level_0", "1.5B", "a whole number"),
        ("max_bytes_for_level_0", "-1KB", "a whole number"),
        ("max_bytes_for_level_0", "1d", "a whole number"),
        ("ttl", "1500ms", "a whole number from 0 to 1099511627776, or with a unit: ms, s, m, h, d or w"),
        ("ttl", "1KB", "a whole number"),
        ("ttl", "9999999w", "0 to 1099511627776"),
        ("ttl", "99999999999999999w", "a whole number"),
        ("ttl", "infd", "a whole number"),
    ] {
        let problem = options.set(name, text).unwrap_err();
        assert!(problem.expected.starts_with(expected), "{name} = {text}: {problem}");
    }
    let mut workload = crate::workload::Workload::default();
    for (text, value) in [("90", 90.0), ("1.5m", 90.0), ("1500ms", 1.5), ("1d", 86_400.0)] {
        workload.set("duration_seconds", text).unwrap();
        assert_eq!(workload.duration_seconds, value);
    }
    workload.set("sample_ms", "2s").unwrap();
    assert_eq!(workload.sample_ms, 2000);
    assert!(workload.set("duration_seconds", "1MB").is_err() && workload.set("zipf_skew", "1s").is_err());
}

#[test]
fn a_problem_quotes_no_more_than_a_part_of_what_was_given() {
    let long = "x".repeat(1_000_000);
    for (name, text) in [(&*long, "1"), ("block_size", &*long), ("bloom_fpr", &*long), ("wal_sync", &*long)] {
        let problem = Options::default().set(name, text).unwrap_err();
        assert!(problem.to_string().len() < 400, "{}", problem.to_string().len());
    }
    assert!(preset(&long).unwrap_err().to_string().len() < 400);
}

#[test]
fn an_unknown_knob_suggests_the_nearest() {
    let problem = Options::default().set("blok_size", "4096").unwrap_err();
    assert!(problem.expected.contains("block_size"), "{problem}");
    // Not one that has nothing in common with it.
    for far in ["(unknown)", "zzz", "é€ü"] {
        let problem = Options::default().set(far, "1").unwrap_err();
        assert_eq!(problem.expected, "the name of an option", "{far}");
    }
}

#[test]
fn limits_have_units() {
    let expected = |name: &str, text: &str| Options::default().set(name, text).unwrap_err().expected;
    assert_eq!(expected("write_buffer_size", "4GB"), "64 bytes to 1 GB");
    assert_eq!(expected("max_bytes_for_level_base", "2PB"), "64 bytes to 1 PB");
    assert_eq!(expected("num_levels", "99"), "2 to 12");
    let problem = Options { write_buffer_size: 4 << 30, ..Options::default() }.validate().remove(0);
    assert_eq!(problem.expected, "64 bytes to 1 GB");
}

#[test]
fn a_wrong_choice_lists_the_choices() {
    let problem = Options::default().set("wal_sync", "sometimes").unwrap_err();
    assert_eq!(problem.expected, "every_write, writes, bytes or never");
}

#[test]
fn a_combination_that_cannot_work_is_refused() {
    let options = Options { min_write_buffer_number_to_merge: 2, ..Options::default() };
    assert_eq!(options.validate()[0].field, "min_write_buffer_number_to_merge");
}

#[test]
fn every_preset_is_valid_and_can_be_found() {
    for p in PRESETS {
        assert_eq!(preset(p.name).unwrap().validate(), [], "{}", p.name);
    }
    assert!(preset("nonesuch").unwrap_err().expected.contains("teaching"));
}
