//! Bytes whose checksums are right, and that are wrong all the same.

use super::*;
use forge::{Forgery, entry};

fn assert_forged(forgery: &Forgery, what: &str) {
    assert_damage(&forgery.disk(), FileId::table(forge::TABLE), what);
}

#[test]
fn the_forger_can_make_what_is_sound() {
    assert_eq!(damage(&Forgery::new().disk()), Vec::<String>::new());
}

#[test]
fn entries_out_of_order() {
    let mut within = Forgery::new();
    within.blocks[0] = vec![entry("a", 1), entry("c", 3), entry("b", 2)];
    within.index[0] = ("c".into(), 3);
    let found = damage(&within.disk());
    assert!(found.iter().any(|f| f.contains("data block 0: b at sequence number 2 stands behind c")), "{found:?}");
    let mut across = Forgery::new();
    across.blocks[1][0] = entry("b", 9);
    across.properties.largest_seq = 9;
    let found = damage(&across.disk());
    assert!(found.iter().any(|f| f.contains("data block 1: b at sequence number 9 stands behind b")), "{found:?}");
}

#[test]
fn an_index_that_names_another_last_key() {
    let mut forgery = Forgery::new();
    forgery.index[0] = ("bb".into(), 2);
    assert_forged(&forgery, "data block 0 should end with bb at sequence number 2 and ends with b");
}

#[test]
fn a_filter_that_denies_a_key() {
    let mut forgery = Forgery::new();
    forgery.filter_keys = vec!["a", "b"];
    assert_forged(&forgery, "the filter: it denies the key c, which is in data block 1");
}

#[test]
fn properties_that_do_not_count_right() {
    type Change = fn(&mut Forgery);
    let changes: [(Change, &str); 5] = [
        (|f| f.properties.distinct_keys += 1, "distinct keys = 5, but its blocks have 4"),
        (|f| f.properties.raw_key_bytes += 1, "bytes of keys = 5, but its blocks have 4"),
        (|f| f.properties.raw_value_bytes = 0, "bytes of values = 0"),
        (|f| f.properties.block_bytes += 1, "bytes of data blocks, decompressed"),
        (|f| f.properties.filter_millibits = 0, "there is a filter and should be none"),
    ];
    for (change, what) in changes {
        let mut forgery = Forgery::new();
        change(&mut forgery);
        assert_forged(&forgery, what);
    }
}

#[test]
fn a_manifest_that_says_otherwise() {
    type Change = fn(&mut lsmscope::version::TableMeta);
    let changes: [(Change, &str); 6] = [
        (|m| m.entries += 1, "the manifest says entries = 5, but it has 4"),
        (|m| m.tombstones += 1, "the manifest says tombstones"),
        (|m| m.smallest = "".into(), "the manifest says smallest key"),
        (|m| m.largest = "z".into(), "the manifest says largest key = z, but it has d"),
        (|m| m.smallest_seq = 0, "the manifest says smallest sequence number"),
        (|m| m.newest_time = Some(10), "the manifest says newest time"),
    ];
    for (change, what) in changes {
        let mut forgery = Forgery::new();
        let mut meta = forgery.meta();
        change(&mut meta);
        forgery.meta = Some(meta);
        assert_forged(&forgery, what);
    }
}

#[test]
fn counters_that_were_overtaken() {
    let with = |change: fn(&mut VersionEdit)| {
        let mut forgery = Forgery::new();
        change(&mut forgery.edit);
        damage(&forgery.disk())
    };
    let said = |found: Vec<String>, what: &str| {
        assert!(found.iter().all(|f| f.contains("MANIFEST-000001 at byte 0")), "{found:?}");
        assert!(found.iter().any(|f| f.contains(what)), "{found:?}");
    };
    said(with(|e| e.next_file = Some(7)), "the next file number is 7, but 000007.sst");
    said(
        with(|e| e.last_seq = Some(3)),
        "the last sequence number in tables is said to be 3, but 000007.sst goes up to 4",
    );
    said(with(|e| e.log_number = Some(99)), "the log number 99 is beyond the next file number 8");
}

#[test]
fn tables_that_overlap_on_a_sorted_level() {
    let mut forgery = Forgery::new();
    let meta = lsmscope::version::TableMeta { id: 6, ..forgery.meta() };
    forgery.edit.added.push((1, meta.into()));
    let found = damage(&forgery.disk());
    assert!(found[0].contains("MANIFEST-000001 at byte 0") && found[0].contains("overlap on level 1"), "{found:?}");
}
