//! What an OPTIONS file sets, and what cannot be followed.

use super::*;

const FILE: &str = "[DBOptions]\n  max_background_jobs=2\n\n[CFOptions \"default\"]\n  ttl=2592000\n  \
                    num_levels=5\n  \
                    compaction_pri=kOldestLargestSeqFirst\n  compaction_style=kCompactionStyleLevel\n  \
                    max_bytes_for_level_multiplier=8.000000\n\n[CFOptions \"other\"]\n  num_levels=3\n";

fn with(lines: &str, changes: &[(&str, &str)]) -> Result<Settings> {
    Settings::read(Some(&format!("[CFOptions \"default\"]\n{lines}")), "default", changes)
}

#[test]
fn the_column_family_that_is_asked_for_is_what_counts() {
    let Settings { options, left_out, .. } = Settings::read(Some(FILE), "default", &[]).unwrap();
    assert_eq!(left_out, [] as [String; 0]);
    assert_eq!((options.num_levels, options.max_bytes_for_level_multiplier), (5, 8.0));
    assert_eq!(options.get("compaction_pri").unwrap(), "oldest_largest_seq_first");
    assert_eq!(Settings::read(Some(FILE), "other", &[]).unwrap().options.num_levels, 3);
    let error = Settings::read(Some(FILE), "none", &[]).unwrap_err();
    assert!(error.message.contains("has no column family none"), "{error}");
}

#[test]
fn what_cannot_be_followed_is_named() {
    let notes = with("periodic_compaction_seconds=60\n", &[]).unwrap().left_out;
    assert!(notes[0].starts_with("periodic_compaction_seconds=60"), "{notes:?}");
    let error = with("num_levels=1001\n", &[]).unwrap_err();
    assert!(error.kind == ErrorKind::Unsupported && error.message.contains("num_levels = 1001"), "{error}");
    let error = Settings::read(Some("num_levels=7\n"), "default", &[]).unwrap_err();
    assert!(error.message.contains("no OPTIONS file"), "{error}");
    // The style comes behind the options of its own in the file.
    let late = "compaction_options_universal={incremental=true;}\ncompaction_style=kCompactionStyleUniversal\n";
    assert!(with(late, &[]).unwrap().left_out[0].starts_with("compaction_options_universal={incremental"));
}

#[test]
fn a_database_without_a_style_is_replayed_as_one_that_compacts_by_hand_only() {
    let file = "compaction_style=kCompactionStyleNone\ndisable_auto_compactions=false\n";
    let changed = [("compaction_style", NO_STYLE)];
    for settings in [with(file, &[]), with("compaction_style=kCompactionStyleFIFO\n", &changed)] {
        let Settings { options, left_out, .. } = settings.unwrap();
        assert!(options.disable_auto_compactions);
        let notes: Vec<_> = left_out.iter().filter(|note| note.contains("compaction_style=")).collect();
        assert!(matches!(&notes[..], [note] if note.contains(NO_STYLE)), "{left_out:?}");
    }
}

#[test]
fn a_number_that_is_none_is_refused_in_few_words() {
    for value in ["nan", "inf", "-inf"] {
        let error = with(&format!("max_bytes_for_level_multiplier={value}\n"), &[]).unwrap_err();
        let said = format!("max_bytes_for_level_multiplier = {value}: expected a finite number");
        assert!(error.message.ends_with(&said), "{error}");
    }
}

/// All that RocksDB allows counts as RocksDB treats it: `SanitizeOptions`.
#[test]
fn legal_values_are_settled_as_rocksdb_does_it() {
    let get = |line: &str, name: &str| with(line, &[]).unwrap().options.get(name).unwrap();
    let same = |line: &str| get(line, line.split('=').next().unwrap());
    assert_eq!(same("num_levels=1"), "2");
    assert_eq!(same("num_levels=40"), "40");
    assert_eq!(same("level0_file_num_compaction_trigger=-1"), "0");
    assert_eq!(same("level0_file_num_compaction_trigger=0"), "1");
    assert_eq!(same("level0_file_num_compaction_trigger=1073741824"), "1073741824");
    assert_eq!(get("level0_file_num_compaction_trigger=1073741824", "level0_stop_writes_trigger"), "1073741824");
    assert_eq!(same("level0_stop_writes_trigger=6\nlevel0_slowdown_writes_trigger=5"), "6");
    assert_eq!(same("target_file_size_base=18446744073709551615"), MAX_BYTES.to_string());
    assert_eq!(same("write_buffer_size=4294967296"), "4294967296");
    assert_eq!(same("write_buffer_size=1"), "65536");
    assert_eq!(same("max_bytes_for_level_multiplier=1.000000"), "1");
    assert_eq!(same("max_compaction_bytes=1152921504606846976"), MAX_BYTES.to_string());
    assert_eq!(same("ttl=18446744073709551614"), "2592000");
    assert_eq!(get("compaction_style=kCompactionStyleUniversal\nnum_levels=1", "num_levels"), "1");
    let fifo = "compaction_style=kCompactionStyleFIFO";
    assert_eq!(get(fifo, "level0_stop_writes_trigger"), "2147483647");
    assert_eq!(get(fifo, "level_compaction_dynamic_level_bytes"), "false");
}

/// RocksDB takes any factors of levels; only static levels have a use for them.
#[test]
fn factors_of_levels_that_have_no_say_are_not_refused() {
    let factors = "max_bytes_for_level_multiplier_additional=0:-1:5000\n";
    for without_targets in
        ["", "compaction_style=kCompactionStyleUniversal\n", "compaction_style=kCompactionStyleFIFO\n"]
    {
        assert!(with(&format!("{without_targets}{factors}"), &[]).is_ok(), "{without_targets}");
    }
    let error = with(&format!("level_compaction_dynamic_level_bytes=false\n{factors}"), &[]).unwrap_err();
    assert!(error.message.contains(" = 0:-1:5000: expected a whole number from 1 to 1000"), "{error}");
}

#[test]
fn how_many_jobs_run_is_said_by_the_database() {
    let text = "[DBOptions]\n  max_background_jobs=6\n  max_background_flushes=-1\n  delayed_write_rate=16777216\n\n\
                [CFOptions \"default\"]\n  soft_pending_compaction_bytes_limit=1000\n";
    let options = Settings::read(Some(text), "default", &[]).unwrap().options;
    assert_eq!((options.max_background_jobs, options.max_background_flushes), (6, 0));
    assert_eq!(options.delayed_write_rate, 16 << 20);
    assert_eq!(options.soft_pending_compaction_bytes_limit, 1000);
    assert_eq!(Settings::read(Some(FILE), "other", &[]).unwrap().options.max_background_jobs, 2);
    let many = text.replace("jobs=6", "jobs=100000");
    let options = Settings::read(Some(&many), "default", &[]).unwrap().options;
    assert_eq!(options.max_background_jobs, 2, "beyond our range: no reason to refuse a history");
}

#[test]
fn a_change_is_stronger_than_the_file() {
    let settings = with("num_levels=2000\n", &[("num_levels", "40"), ("max_background_jobs", "3")]).unwrap();
    assert_eq!((settings.options.num_levels, settings.options.max_background_jobs), (40, 3));
    let nested = ("compaction_options_universal.max_size_amplification_percent", "30");
    assert_eq!(with("", &[nested]).unwrap().options.universal_max_size_amplification_percent, 30);
    let unused = with("periodic_compaction_seconds=5\n", &[("periodic_compaction_seconds", "60")]).unwrap_err();
    assert!(unused.message.starts_with("periodic_compaction_seconds: the database has this option"), "{unused:?}");
    assert!(with("", &[("nonesuch", "1")]).unwrap_err().message.contains("nonesuch"));
}
