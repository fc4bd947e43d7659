use super::*;

const MB: f64 = 1_048_576.0;
/// What RocksDB 9.8.4 flushed and counted, of 3,000,000 puts of entries of 119.9 bytes in 417 flushes.
const PUTS: u64 = 3_000_000;

/// A tree with levels of the given sizes, in MB, in tables of 1 MB; and a flush's table on level 0.
fn tree(levels: &[(usize, f64)]) -> Version {
    let entry = 359.8 * MB / PUTS as f64;
    let mut id = 0;
    let mut table = |mb: f64, at: usize| {
        id += 1;
        let (bytes, key) = (mb * MB, format!("{at:06}"));
        Rc::new(TableMeta {
            id,
            bytes: bytes as u64,
            entries: (bytes / entry) as u64,
            smallest: format!("{key}a").as_str().into(),
            largest: format!("{key}z").as_str().into(),
            smallest_seq: 1,
            largest_seq: PUTS,
            ..TableMeta::default()
        })
    };
    let mut added = vec![(0, table(359.8 / 417.0, 0))];
    for (level, mb) in levels {
        let tables = mb.ceil() as usize;
        added.extend((0..tables).map(|at| (*level, table(mb / tables as f64, at))));
    }
    Version::new(7).apply(&VersionEdit { added, ..VersionEdit::default() }).expect("a tree that can be")
}

/// Per-level sizes and write amplification of a real RocksDB, measured (`docs/accuracy.md` has the setting).
#[test]
fn it_is_near_what_rocksdb_itself_counted() {
    // How far off it may be; a multiplier of 4 leaves few tables between two levels, of which the lowest overlap
    // counts.
    let cases = [
        (true, 10.0, vec![(4, 3.4), (5, 31.3), (6, 319.7)], 9.519),
        (false, 10.0, vec![(1, 3.5), (2, 39.3), (3, 311.6)], 9.602),
        (true, 4.0, vec![(2, 2.8), (3, 2.6), (4, 16.3), (5, 65.6), (6, 267.5)], 7.854),
        (false, 4.0, vec![(1, 3.4), (2, 16.0), (3, 63.8), (4, 254.9), (5, 16.7)], 8.077),
    ];
    for (dynamic, ratio, levels, counted) in cases {
        let options = Options {
            write_buffer_size: 1 << 20,
            target_file_size_base: 1 << 20,
            max_bytes_for_level_base: 4 << 20,
            max_bytes_for_level_multiplier: ratio,
            level_compaction_dynamic_level_bytes: dynamic,
            ..Options::default()
        };
        let estimate = write_estimate(&options, &tree(&levels)).expect("it has tables");
        let off = estimate.value / counted - 1.0;
        let most = if ratio < 10.0 { 0.17 } else { 0.15 };
        assert!(off.abs() < most, "dynamic {dynamic}, ratio {ratio}: {counted} counted, {estimate:?}");
    }
}

#[test]
fn nothing_is_said_of_nothing_of_tiny_tables_and_of_jobs_on_demand() {
    assert_eq!(write_estimate(&Options::default(), &Version::new(7)), None);
    let manual = Options { job_mode: JobMode::Manual, ..Options::default() };
    assert_eq!(write_estimate(&manual, &tree(&[(6, 10.0)])), None);
    let mut tiny = tree(&[(6, 10.0)]);
    tiny.levels[6] = tiny.levels[6].iter().map(|t| Rc::new(TableMeta { entries: 2, ..(**t).clone() })).collect();
    assert_eq!(write_estimate(&Options::default(), &tiny), None);
}

#[test]
fn what_never_compacts_is_written_once() {
    let options = Options { disable_auto_compactions: true, ..Options::default() };
    assert_eq!(write_estimate(&options, &tree(&[])).map(|estimate| estimate.value), Some(1.0));
}
