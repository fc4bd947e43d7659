//! Lines in LevelDB's form.

use super::*;

/// A database that is made, with three tables that went to level 2 and two that did not, of which one is merged.
fn made() -> Written {
    let mut log = Written::default();
    log.line(1, 0, "Creating DB /srv/secret since it was missing.").line(1, 10, "Delete type=3 #1");
    for table in [5, 7, 9, 11, 13] {
        log.line(2, table * 1_000_000, &format!("Level-0 table #{table}: started"))
            .line(2, table * 1_000_000 + 500_000, &format!("Level-0 table #{table}: {} bytes OK", table * 100))
            .line(2, table * 1_000_000 + 600_000, &format!("Delete type=0 #{}", table - 2));
    }
    log.line(2, 14_000_000, "Compacting 2@0 + 0@1 files")
        .line(3, 15_000_000, "Too many L0 files; waiting...")
        .line(2, 17_000_000, "Generated table #14@0: 3 keys, 2000 bytes")
        .line(2, 17_500_000, "Compacted 2@0 + 0@1 files => 2000 bytes")
        .line(2, 18_000_000, "compacted to: files[ 0 1 3 0 0 0 0 ]")
        .line(2, 18_000_010, "Delete type=2 #13")
        .line(2, 18_000_020, "Delete type=2 #11");
    log
}

#[test]
fn flushes_below_level_0_are_told_from_the_next_summary() {
    let report = made().report();
    let [family] = &report.families[..] else { panic!("{:?}", report.families) };
    // Not five: three were never on level 0.
    assert_eq!((family.flushes, family.flushed_bytes, family.level0_max), (5, 4_500, 2));
    let held: Vec<_> = family.levels.iter().map(|level| (level.tables, level.bytes)).take(3).collect();
    assert_eq!(held, [(0, Some(0)), (1, Some(2_000)), (3, Some(2_100))]);
    let merge = report.jobs.iter().find(|job| job.kind == LogJobKind::Compaction).unwrap();
    assert_eq!((merge.from_level, merge.level, merge.tables, merge.read_bytes), (Some(0), 1, 2, 2_400));
    // A flush is in the tree when its log of writes is deleted; the merge when its inputs are.
    assert_eq!(report.jobs[0].until - report.jobs[0].from, 600_000);
    assert_eq!((report.stalls.stopped_micros, merge.until - merge.from), (3_000_020, 4_000_020));
    assert_eq!((report.slots.compactions, report.slots.max_running), (Some(1), 1));
    assert_eq!(report.findings[0].kind, LogFindingKind::OneThread);
}

/// A film has the tree of each second: as many tables on each level as its bytes are of, though the log tells later to
/// which levels flushes wrote, and a move's line has the counts behind it.
#[test]
fn a_period_has_the_tables_and_the_bytes_of_the_same_tree() {
    let mut log = made();
    log.line(2, 20_000_000, "Moved #14 to level-2 2000 bytes OK: files[ 0 0 4 0 0 0 0 ]").line(
        2,
        22_000_000,
        "Compacting 1@2 + 0@3 files",
    );
    let report = log.report();
    let at = |second: u64| {
        let period = report.periods.iter().find(|period| period.from % 60_000_000 == second * 1_000_000).unwrap();
        let first = |column: &[u64]| -> Vec<u64> { (0..3).map(|at| column.get(at).copied().unwrap_or(0)).collect() };
        (first(&period.level_tables), first(&period.level_bytes), period.level0_last)
    };
    for (second, tables, bytes) in [
        (4, [0, 0, 0], [0, 0, 0]),
        (5, [0, 0, 1], [0, 0, 500]),
        (6, [0, 0, 1], [0, 0, 500]),
        (10, [0, 0, 3], [0, 0, 2_100]),
        (12, [1, 0, 3], [1_100, 0, 2_100]),
        (17, [2, 0, 3], [2_400, 0, 2_100]),
        (18, [0, 1, 3], [0, 2_000, 2_100]),
        (20, [0, 0, 4], [0, 0, 4_100]),
    ] {
        assert_eq!(at(second), (tables.to_vec(), bytes.to_vec(), tables[0]), "second {second}");
    }
}

/// Inputs that an iterator keeps are deleted later: until then the level has the bytes of as many as it has tables.
#[test]
fn an_input_that_is_kept_has_no_bytes_in_the_tree() {
    let mut log = made();
    log.line(2, 20_000_000, "Compacting 1@1 + 3@2 files")
        .line(2, 21_000_000, "Generated table #20@1: 3 keys, 4000 bytes")
        .line(2, 21_000_010, "Compacted 1@1 + 3@2 files => 4000 bytes")
        .line(2, 21_000_020, "compacted to: files[ 0 0 1 0 0 0 0 ]")
        .line(2, 21_000_030, "Delete type=2 #5")
        .line(2, 23_000_000, "Level-0 table #21: started");
    let last = log.report().periods.pop().unwrap();
    assert_eq!(last.level_tables[..3], [0, 0, 1]);
    // Of 700, 900 and 4000, the average.
    assert_eq!(last.level_bytes[..3], [0, 0, 1_866]);
}

/// Sequential keys: nothing is ever compacted, and nothing is on level 0, although no line says so.
#[test]
fn what_no_summary_follows_is_where_no_compaction_is_due() {
    let mut log = Written::default();
    log.line(1, 0, "Creating DB a since it was missing.").line(1, 10, "Delete type=3 #1");
    for table in 5..25 {
        log.line(2, table * 1_000, &format!("Level-0 table #{table}: started"))
            .line(2, table * 1_000 + 500, &format!("Level-0 table #{table}: 100 bytes OK"))
            .line(2, table * 1_000 + 600, &format!("Delete type=0 #{}", table + 100));
        let report = log.report();
        let tables: Vec<u64> = report.families[0].levels.iter().map(|level| level.tables).collect();
        let expected = if table < 8 { [table - 4, 0] } else { [0, table - 4] };
        assert_eq!((tables[0], tables[2]), expected.into(), "{table}");
    }
}

/// A merge that fails changes nothing, and its tables are gone; so does one that a close ends.
#[test]
fn a_compaction_that_fails_has_no_end() {
    let mut log = made();
    log.line(2, 20_000_000, "Compacting 1@1 + 3@2 files")
        .line(2, 21_000_000, "Generated table #20@1: 3 keys, 700 bytes")
        .line(2, 22_000_000, "compacted to: files[ 0 1 3 0 0 0 0 ]")
        .line(2, 22_000_010, "Compaction error: IO error: /srv/secret/000021.ldb: full");
    let report = log.report();
    let family = &report.families[0];
    assert_eq!((family.compactions, family.levels[2].bytes, report.error_count), (1, Some(2_100), 1));
    let last = report.jobs.last().unwrap();
    assert_eq!((last.is_unfinished, last.read_bytes), (true, 4_100));
    assert!(!serde_json::to_string(&report).unwrap().contains("secret"));
}

/// What RocksDB writes is not taken for LevelDB's, whatever its texts are like.
#[test]
fn a_log_of_rocksdb_stays_one() {
    let mut log = stopped();
    let of_rocksdb = stopped().line(9, 42_000_090, "something else").report();
    for message in ["Delete type=2 #5", "Level-0 table #5: 12 bytes OK", "Too many L0 files; waiting..."] {
        log.line(9, 42_000_090, message);
    }
    let report = log.report();
    assert_eq!((report.database, report.families), (LogDatabase::RocksDb, of_rocksdb.families));
}

#[test]
fn hostile_numbers_of_leveldb_stop_nothing() {
    let most = u64::MAX;
    let mut log = Written::default();
    for at in 0..3 {
        log.line(2, at, &format!("Compacting {most}@5 + {most}@6 files"))
            .line(2, at, &format!("Level-0 table #{most}: {most} bytes OK"))
            .line(2, at, &format!("Generated table #{most}@5: {most} keys, {most} bytes"))
            .line(2, at, &format!("Compacted {most}@5 + {most}@6 files => {most} bytes"))
            .line(2, at, &format!("compacted to: files[ {most} {most} {most} {most} {most} {most} {most} ]"))
            .line(2, at, &format!("Moved #{most} to level-0 {most} bytes OK: files[ {most} 0 0 0 0 0 {most} ]"))
            .line(2, at, &format!("Delete type=2 #{most}"));
    }
    assert!(!log.report().sentences().is_empty());
}

/// A merge that begins while another runs, of a damaged or hostile log: LevelDB has one thread, so the other is over.
#[test]
fn no_two_compactions_run_at_once() {
    let mut log = made();
    for at in 0..5 {
        let begin = 20_000_000 + at * 1_000_000;
        log.line(2, begin, "Compacting 1@1 + 3@2 files")
            .line(2, begin + 10, &format!("Generated table #{}@1: 3 keys, 700 bytes", 20 + at))
            .line(2, begin + 20, &format!("Level-0 table #{}: started", 30 + at));
    }
    let report = log.report();
    assert_eq!(report.slots.max_running, 1);
    let unfinished: Vec<_> =
        report.jobs.iter().filter(|job| job.is_unfinished && job.kind == LogJobKind::Compaction).collect();
    assert_eq!(unfinished.len(), 5);
    assert!(unfinished[..4].iter().all(|job| job.until - job.from == 1_000_000), "{unfinished:?}");
    assert_eq!(report.jobs.iter().filter(|job| job.is_unfinished && job.kind == LogJobKind::Flush).count(), 5);
}

/// A `MANIFEST` beside the log with a table on a level that no tree has is refused, whatever memory its levels would
/// take.
#[test]
fn a_level_that_no_tree_has_is_refused() {
    use crate::{
        engine::codec::{put_slice, put_varint},
        history::log::tests::write,
    };

    for level in [64, 1 << 40, u64::MAX] {
        let mut record = Vec::new();
        [7, level, 9, 1000].into_iter().for_each(|number| put_varint(&mut record, number));
        [b"a\x01\x01\x01\x01\x01\x01\x01\x01"; 2].into_iter().for_each(|key| put_slice(&mut record, key));
        let mut report = made().report();
        let before = report.clone();
        let error = report.take_bytes_of(&write(&[record])).unwrap_err();
        assert!(error.message.contains("which no database has"), "{}", error.message);
        assert_eq!(report, before);
    }
}
