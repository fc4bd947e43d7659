//! The given histories of databases that were written to while they compacted: how much their logs leave open, and that
//! it matters.

use std::{fs, io::Read, path::PathBuf};

use flate2::read::GzDecoder;

use super::{
    super::{FamilyHistory, HistoryReport, HistoryRequest, open_families},
    concurrent::matched_if_shifted,
};

/// The families of `name`, with everything that lies in its directory.
fn families(name: &str) -> Vec<FamilyHistory> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rocksdb/running").join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // `LOG.old.1.gz` comes before `LOG.gz`.
    paths.sort_by_key(|path| path.ends_with("LOG.gz"));
    let read = |prefix: &str| -> Vec<u8> {
        let of = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(prefix);
        let bytes = |path: &PathBuf| {
            let (bytes, mut unpacked) = (fs::read(path).unwrap(), Vec::new());
            match path.extension().is_some_and(|extension| extension == "gz") {
                true => GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).map(|_| unpacked).unwrap(),
                false => bytes,
            }
        };
        paths.iter().filter(of).flat_map(bytes).collect()
    };
    let (options, log) = (String::from_utf8(read("OPTIONS-")).unwrap(), read("LOG"));
    let request = HistoryRequest { options: Some(&options), log: Some(&log), ..HistoryRequest::default() };
    open_families(&read("MANIFEST-"), &request).unwrap()
}

/// A match means little where the log leaves all open. Of each family: how many decisions there are, and how many match
/// in one of several cases only. Were each looked for one edit earlier, or one later, many would not match; but where
/// the writer waited, each was on the version before its edit, and none is later.
#[test]
fn what_the_logs_leave_open_is_little_and_matters() {
    for (name, expected) in [
        ("free_families", &[(102, 28), (100, 27), (99, 21)][..]),
        ("free_insert", &[(239, 44)]),
        ("free_overwrite_delete", &[(199, 147)]),
        ("free_subcompactions", &[(304, 74)]),
        ("free_universal", &[(64, 0)]),
        ("lock_additional", &[(258, 0)]),
        ("lock_delete", &[(247, 0)]),
    ] {
        let mut counted = Vec::new();
        for (_, history) in families(name) {
            let history = history.unwrap();
            let report = HistoryReport::of(&history).unwrap();
            assert!(report.is_match(), "{name}: {report}");
            let (earlier, later) = (matched_if_shifted(&history, -1), matched_if_shifted(&history, 1));
            assert!(earlier * 10 < report.decisions * 6, "{name}: {earlier} of {}", report.decisions);
            let may_be_later = name.starts_with("lock_");
            assert!(may_be_later || later * 20 < report.decisions * 19, "{name}: {later} of {}", report.decisions);
            counted.push((report.decisions, report.matched_of_several));
        }
        assert_eq!(counted, expected, "{name}");
    }
}
