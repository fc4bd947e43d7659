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

/// How many decisions there are; how many match in one of several cases only; how many would, were each looked for one
/// edit earlier, or one later.
fn counted(name: &str) -> Vec<(u64, u64, u64, u64)> {
    let of = |(_, history): FamilyHistory| {
        let history = history.unwrap();
        let report = HistoryReport::of(&history).unwrap();
        assert!(report.is_match(), "{name}: {report}");
        let (earlier, later) = (matched_if_shifted(&history, -1), matched_if_shifted(&history, 1));
        (report.decisions, report.matched_of_several, earlier, later)
    };
    families(name).into_iter().map(of).collect()
}

/// A match means little where the log leaves all open: it leaves some cases for some decisions, and one edit earlier or
/// later, many would not match. Where the writer waited, each was on the version before its edit.
#[test]
fn what_the_logs_leave_open_is_little_and_matters() {
    for (name, expected) in [
        ("free_families", &[(102, 30, 34, 92), (100, 30, 33, 79), (99, 21, 27, 90)][..]),
        ("free_insert", &[(239, 64, 72, 207)]),
        ("free_overwrite_delete", &[(199, 158, 99, 163)]),
        ("free_subcompactions", &[(304, 92, 97, 268)]),
        ("free_universal", &[(64, 9, 12, 55)]),
        ("lock_additional", &[(258, 0, 0, 258)]),
        ("lock_delete", &[(247, 0, 0, 247)]),
    ] {
        assert_eq!(counted(name), expected, "{name}");
    }
}
