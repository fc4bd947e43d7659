//! Manifests with every form of an edit, and damaged ones.

use super::{log::tests::write, manifest::BYTEWISE, *};
use crate::{
    engine::codec::{put_slice, put_varint},
    error::{ErrorKind, Result},
    options::CompactionStyle,
    random::Random,
};

mod concurrent;
mod rocksdb_files;
#[cfg(feature = "cli")]
mod running;

fn numbers(numbers: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    numbers.iter().for_each(|n| put_varint(&mut out, *n));
    out
}

fn slice(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_slice(&mut out, bytes);
    out
}

/// An internal key: the user's, and eight bytes.
fn key(user: &str) -> Vec<u8> {
    slice(&[user.as_bytes(), &[1; 8]].concat())
}

fn comparator(name: &str) -> Vec<u8> {
    [numbers(&[1]), slice(name.as_bytes())].concat()
}

/// Table `id` of level 0 in one of the forms 7, 100, 102, 103.
fn new_file(form: u64, id: u64) -> Vec<u8> {
    let mut out = numbers(&[form, 0, id]);
    if form == 102 {
        out.extend(numbers(&[1]));
    }
    out.extend([numbers(&[1000 + id]), key("a"), key("m")].concat());
    if form != 7 {
        out.extend(numbers(&[id, id + 1]));
    }
    if form == 103 {
        // A time, an age, an epoch, a path, and an unknown field; then the end.
        let fields = [(6, 90), (5, 80), (13, id), (65, 1), (33, 7)];
        fields.iter().for_each(|(tag, n)| out.extend([numbers(&[*tag]), slice(&numbers(&[*n]))].concat()));
        out.extend(numbers(&[1]));
    }
    out
}

fn read_edits(records: &[Vec<u8>]) -> Result<History> {
    read_family(records, None)
}

fn read_family(records: &[Vec<u8>], family: Option<&str>) -> Result<History> {
    open(&write(records), &HistoryRequest { family, ..HistoryRequest::default() }).map_err(|refusal| refusal.error)
}

#[test]
fn every_form_of_a_new_file_is_read() {
    let record: Vec<u8> = [7, 100, 102, 103].iter().flat_map(|form| new_file(*form, form + 1)).collect();
    let history = read_edits(&[record]).unwrap();
    let seen = |a: &Added| (a.table.id, a.table.bytes, a.table.smallest_seq, a.table.oldest_time, a.epoch);
    let tables: Vec<_> = history.edits[0].added.iter().map(seen).collect();
    assert_eq!(
        tables,
        [(8, 1008, 0, None, 0), (101, 1101, 101, None, 0), (103, 1103, 103, None, 0), (104, 1104, 104, Some(80), 104),]
    );
    let last = &history.edits[0].added[3].table;
    assert_eq!((&*last.smallest, &*last.largest, last.largest_seq), (&b"a"[..], &b"m"[..], 105));
    assert_eq!(history.edits[0].time, Some(90));
}

#[test]
fn fields_that_do_not_matter_are_passed_over() {
    let blob = |tag: u64| {
        let checksum = if tag == 400 { [slice(b"crc"), slice(b"1234")].concat() } else { Vec::new() };
        [numbers(&[tag, 5, 6, 7]), checksum, numbers(&[9]), slice(b"later"), numbers(&[0])].concat()
    };
    let record = [
        comparator("leveldb.BytewiseComparator"),
        numbers(&[2, 1, 3, 2, 4, 3, 9, 0, 10, 4, 203, 0, 300, 0]),
        [numbers(&[8193]), slice(b"the database's id")].concat(),
        [numbers(&[9000]), slice(b"something new")].concat(),
        blob(400),
        blob(401),
        [numbers(&[5, 3]), key("cursor")].concat(),
        new_file(103, 12),
        numbers(&[6, 0, 12]),
    ]
    .concat();
    let history = read_edits(&[record]).unwrap();
    let edit = &history.edits[0];
    assert_eq!((edit.added.len(), &edit.removed, &edit.cursors), (1, &vec![(0, 12)], &vec![(3, "cursor".into())]));
}

/// RocksDB numbers its versions: which edits make one is told apart.
#[test]
fn edits_of_logs_and_the_last_of_a_family_make_no_version() {
    let wal = [numbers(&[8199]), slice(b"a log")].concat();
    let both = [new_file(103, 13), wal.clone()].concat();
    let kept = numbers(&[9, 0, 3, 14, 10, 4]);
    let records = [comparator(BYTEWISE), new_file(103, 12), wal, kept, numbers(&[2, 9]), both, numbers(&[200, 1, 202])];
    let history = read_edits(&records).unwrap();
    let seen: Vec<_> = history.edits.iter().map(|edit| (edit.place, edit.makes_version)).collect();
    assert_eq!(seen, [(1, true), (2, true), (2, false), (2, false), (3, true), (4, true)]);
    assert_eq!(read_family(&records, Some("#1")).unwrap().edits[0].place, 4);
}

#[test]
fn column_families_are_listed_and_can_be_chosen() {
    let of_other = |record: Vec<u8>| [record, numbers(&[200, 1])].concat();
    let comes = [numbers(&[200, 1, 201]), slice(b"other"), numbers(&[203, 1]), comparator("idb_cmp1")].concat();
    let gone = of_other([numbers(&[6, 0, 20]), numbers(&[6, 0, 21])].concat());
    let records = [
        new_file(103, 12),
        comes,
        of_other(new_file(103, 20)),
        of_other(new_file(103, 21)),
        gone,
        numbers(&[200, 1, 202]),
    ];
    let history = read_edits(&records).unwrap();
    assert_eq!((history.edits.len(), history.edits[0].added[0].table.id), (1, 12));
    let families: Vec<String> = history.summary.families.iter().map(ToString::to_string).collect();
    assert_eq!(families, ["default (1 flush, 0 compactions)", "other (2 flushes, 1 compaction, dropped)"]);
    assert_eq!(history.summary.left_out, ["column family other: choose one with --family"]);
    // It could be chosen, but for the order of its keys.
    let refused =
        open(&write(&records), &HistoryRequest { family: Some("other"), ..HistoryRequest::default() }).unwrap_err();
    assert!(refused.error.message.contains("column family other has the comparator idb_cmp1"), "{refused:?}");
    let bytewise: Vec<Vec<u8>> = records.iter().enumerate().filter(|(n, _)| *n != 1).map(|(_, r)| r.clone()).collect();
    assert_eq!(read_family(&bytewise, Some("#1")).unwrap().edits.len(), 4);
    let none =
        open(&write(&records), &HistoryRequest { family: Some("none"), ..HistoryRequest::default() }).unwrap_err();
    assert!(none.remedy.contains("other (2 flushes, 1 compaction, dropped)"), "{none:?}");
}

/// As in RocksDB's `VersionEditHandler`: an atomic group counts when it is whole.
#[test]
fn an_atomic_group_counts_when_it_is_whole() {
    let of_group = |id: u64, follow: u64| [new_file(103, id), numbers(&[300, follow])].concat();
    let whole = [new_file(103, 12), of_group(13, 1), of_group(14, 0)];
    let history = read_edits(&whole).unwrap();
    assert_eq!((history.edits.len(), history.summary.left_out.len()), (3, 0));
    let open_group = read_edits(&whole[..2]).unwrap();
    assert_eq!(open_group.edits.len(), 1, "what never became whole is not applied");
    assert!(open_group.summary.left_out[0].contains("of which 1 edit is missing at the end"), "{open_group:?}");
    assert_eq!(open_group.summary.read, "1 edit");
    for (third, expected) in
        [(of_group(14, 1), "says that 1 of its atomic group"), (new_file(103, 14), "belongs to no")]
    {
        let error = read_edits(&[whole[0].clone(), whole[1].clone(), third]).unwrap_err();
        assert!(error.kind == ErrorKind::Corruption && error.message.contains(expected), "{error}");
    }
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let refused = |record: Vec<u8>| read_edits(&[new_file(103, 9), record]).map(|_| ()).unwrap_err();
    let reverse = refused(comparator("rocksdb.ReverseBytewiseComparator"));
    assert!(reverse.kind == ErrorKind::Unsupported && reverse.message.contains("ReverseBytewise"), "{reverse}");
    let mut file = new_file(103, 12);
    file.pop();
    file.extend([numbers(&[66]), slice(b"?"), numbers(&[1])].concat());
    assert!(refused(file).message.contains("a field 66, which must not be passed over"));
    assert!(refused(numbers(&[77])).message.contains("a field 77"));
    let cut = refused(new_file(100, 12)[..6].to_vec());
    assert_eq!((cut.kind, cut.message.contains("within its new file")), (ErrorKind::Corruption, true), "{cut}");
    // A write-ahead log has the same frames.
    let wal = open(&write(&[[0, 0, 0, 0, 0, 0, 0, 7, 1, 0, 0, 0].to_vec()]), &HistoryRequest::default()).unwrap_err();
    assert!(wal.error.message.contains("a write-ahead log is not a history"), "{wal:?}");
}

/// Files that lie beside a `MANIFEST` are refused by name, with the file to give instead.
#[test]
fn files_that_are_no_history_are_told_apart() {
    let refused = |bytes: &[u8]| open(bytes, &HistoryRequest::default()).unwrap_err();
    let current = refused(b"MANIFEST-000005\n");
    assert!(current.error.message.contains("the file CURRENT") && current.remedy.contains("Give MANIFEST-000005"));
    assert!(refused(b"[Version]\n[CFOptions \"default\"]\n").error.message.contains("an OPTIONS file"));
    assert!(refused(b"").error.message.contains("the file is empty"));
    assert!(!refused(b"").remedy.contains("wal_recovery_mode"));
}

/// A table whose last key is where a range deletion ends does not hold that key: its neighbour stays behind.
#[test]
fn a_range_deletion_ends_before_the_key_that_it_ends_with() {
    let file = |largest: &[u8]| {
        let last = slice(&[largest, &[0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat());
        let fields = [numbers(&[14]), slice(&numbers(&[5000])), numbers(&[1])].concat();
        [numbers(&[103, 5, 12, 1000]), key("b"), last, numbers(&[1, 2]), fields].concat()
    };
    let of = |largest: &[u8]| read_edits(&[file(largest)]).unwrap().edits[0].added[0].table.clone();
    let table = of(b"m");
    assert!(table.contains(b"lzz") && !table.contains(b"m"), "{table:?}");
    assert_eq!(table.range_deletion_bytes, 5000);
    assert_eq!(&*of(b"m\0").largest, b"m");
    assert_eq!(&*of(b"b").largest, b"b", "it never ends before it begins");
}

/// Whose the file is follows from the fields that each writes.
#[test]
fn a_manifest_of_leveldb_is_told_apart() {
    let of_leveldb = [comparator("leveldb.BytewiseComparator"), numbers(&[2, 1, 9, 0, 3, 2, 4, 3])].concat();
    let history = read_edits(&[of_leveldb.clone(), new_file(7, 8)]).unwrap();
    assert_eq!((history.rules, &*history.summary.kind), (Rules::LevelDb, "a MANIFEST of LevelDB"));
    let history = read_edits(&[of_leveldb, new_file(7, 8), numbers(&[203, 0])]).unwrap();
    assert_eq!(history.rules, Rules::RocksDb);
}

/// Sums answer as the policy would, at every flush of a history; and of many flushes in a row it is asked only now and
/// then.
#[test]
fn what_is_due_is_told_by_sums() {
    let line = |n: u64| format!("[\"flush\", {}, 1]\n", 1000 + n % 7);
    let text: String = (0..20_000).map(line).collect();
    let set = |name, value| [(name, value)];
    for changes in [
        set("level0_file_num_compaction_trigger", "4"),
        set("level0_file_num_compaction_trigger", "-1"),
        set("universal_max_read_amp", "9"),
        set("universal_min_merge_width", "5"),
        set("disable_auto_compactions", "true"),
    ] {
        let history =
            open(text.as_bytes(), &HistoryRequest { changes: &changes, ..HistoryRequest::default() }).unwrap();
        for style in [CompactionStyle::Universal, CompactionStyle::Leveled, CompactionStyle::Fifo] {
            let options = Options { compaction_style: style, ..history.options.clone() };
            let short = History { options: options.clone(), edits: history.edits[..60].to_vec(), ..history.clone() };
            let mut replay = HistoryRun::new(&short);
            while let Some(step) = replay.judge() {
                let HistoryStep::Flush { is_due, at } = &step else { panic!("only flushes") };
                assert_eq!(*is_due, Some(replay.ours().is_some()), "{style:?} {changes:?} at line {at}");
                replay.advance(&step).unwrap();
            }
            let long = History { options, ..history.clone() };
            let mut replay = HistoryRun::new(&long);
            while replay.step().unwrap().is_some() {}
            assert!(replay.asked <= 40, "{style:?} {changes:?}: asked {} times", replay.asked);
        }
    }
}

/// Level 0 is in order of epochs first: what merged the oldest tables takes their place, though its number is the
/// highest.
#[test]
fn level_0_is_in_order_of_epochs() {
    let merged = |id: u64, epoch: u64| {
        let mut out = [numbers(&[103, 0, id, 10]), key("a"), key("m"), numbers(&[1, 500])].concat();
        out.extend([numbers(&[13]), slice(&numbers(&[epoch])), numbers(&[1])].concat());
        out
    };
    let history = read_edits(&[merged(7, 3), merged(8, 9), merged(9, 4)]).unwrap();
    let mut replay = HistoryRun::new(&history);
    while replay.step().unwrap().is_some() {}
    assert_eq!(replay.version().levels[0].iter().map(|t| t.id).collect::<Vec<_>>(), [8, 9, 7]);
}

/// A checksum keeps damage out; but a manifest may also be made to be read by us.
#[test]
fn no_bytes_can_make_it_panic() {
    let record: Vec<u8> = [7, 100, 102, 103].iter().flat_map(|form| new_file(*form, form + 1)).collect();
    let mut random = Random::new(1);
    for _ in 0..20_000 {
        let mut changed = record.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(changed.len() as u64) as usize;
            changed[at] = random.below(256) as u8;
        }
        if let Ok(history) = read_edits(&[changed]) {
            let _ = HistoryReport::of(&history);
        }
    }
}

/// A table of `level` with a number, its bytes and a sequence number.
fn table_of(level: u64, id: u64, bytes: u64, seq: u64) -> Vec<u8> {
    [numbers(&[100, level, id, bytes]), key("a"), key("m"), numbers(&[seq, seq])].concat()
}

/// Numbers that no database gives out, and sizes that none has: the page, which has no numbers past 2^53, is never
/// asked to show one.
#[test]
fn numbers_past_those_of_any_database_are_refused_where_they_stand() {
    let refused = |record: Vec<u8>| {
        let history = read_edits(&[comparator(BYTEWISE), table_of(0, 7, 1000, 5), record]).unwrap();
        let mut replay = HistoryRun::new(&history);
        let error = std::iter::from_fn(|| replay.step().transpose()).find_map(Result::err);
        error.map(|error| error.message)
    };
    let most = (1 << 53) - 1;
    assert_eq!(refused(table_of(0, most, 1000, (1 << 56) - 1)), None);
    for (id, seq) in [(most + 1, 6), (u64::MAX, 6), (8, 1 << 56), (8, u64::MAX)] {
        let message = refused(table_of(0, id, 1000, seq)).unwrap();
        assert!(message.contains(&format!("table {id} has a number")), "{message}");
    }
    let large: Vec<u8> = (8..264).flat_map(|id| table_of(0, id, 1 << 45, id)).collect();
    let message = refused(large).unwrap();
    assert!(message.contains("with table 263, all tables together are larger than any database"), "{message}");
}

/// A merge of LevelDB that nothing explains, behind thousands of flushes: the replay asks about it on a few versions,
/// not on one for each of them.
#[test]
fn a_merge_that_nothing_explains_is_asked_about_a_few_times() {
    let flush = |id: u64| [numbers(&[7, 0, id, 1000]), key("a"), key("m")].concat();
    let mut records: Vec<Vec<u8>> = [comparator(BYTEWISE)].into_iter().chain((10..2_010).map(flush)).collect();
    records.push([numbers(&[6, 0, 11]), numbers(&[7, 1, 5_000, 1000]), key("a"), key("m")].concat());
    let history = read_edits(&records).unwrap();
    assert_eq!(history.rules, Rules::LevelDb);
    let mut replay = HistoryRun::new(&history);
    let mut decisions = 0;
    while let Some(step) = replay.step().unwrap() {
        decisions += u64::from(matches!(step, HistoryStep::Decision(_)));
    }
    assert!(decisions == 1 && replay.asked <= 100, "{} versions", replay.asked);
}

/// An edit of many tables is a merge if one of them is new, and a move if none is, in whatever order they stand.
#[test]
fn an_edit_of_many_tables_is_told_apart_at_once() {
    let count = 50_000;
    let added = |ids: &mut dyn Iterator<Item = u64>| -> Vec<Added> {
        let table = |id| Added { level: 1, table: Rc::new(TableMeta { id, ..TableMeta::default() }), epoch: 0 };
        ids.map(table).collect()
    };
    let removed: Vec<(usize, TableId)> = (0..count).map(|id| (0, id)).collect();
    let moved = Edit { removed, added: added(&mut (0..count).rev()), ..Edit::default() };
    assert!(!moved.is_merge());
    let merged = Edit { added: added(&mut (1..=count).rev()), ..moved };
    assert!(merged.is_merge());
}
