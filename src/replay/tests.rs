//! Manifests in every form that there is of an edit, and damaged ones.

use super::{log::tests::write, manifest, *};
use crate::{
    engine::codec::{put_slice, put_varint},
    error::ErrorKind,
    random::Random,
};

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
        // A time, an age, an epoch, a path, and one that nobody knows; then the end.
        let fields = [(6, 90), (5, 80), (13, id), (65, 1), (33, 7)];
        fields.iter().for_each(|(tag, n)| out.extend([numbers(&[*tag]), slice(&numbers(&[*n]))].concat()));
        out.extend(numbers(&[1]));
    }
    out
}

fn read_edits(records: &[Vec<u8>]) -> Result<History> {
    manifest::read(&write(records), &Options::default())
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
        numbers(&[2, 1, 3, 2, 4, 3, 9, 0, 10, 4, 203, 0, 300, 2]),
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

#[test]
fn other_column_families_are_left_out_and_counted() {
    let other = [new_file(103, 20), numbers(&[200, 1])].concat();
    let comes = [numbers(&[200, 1, 201]), slice(b"other"), numbers(&[203, 1])].concat();
    let goes = numbers(&[200, 1, 202]);
    let history = read_edits(&[new_file(103, 12), comes, other, goes]).unwrap();
    assert_eq!((history.edits.len(), history.edits[0].added[0].table.id), (1, 12));
    assert!(history.notes[0].starts_with("3 edits of column families"), "{:?}", history.notes);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let refused = |record: Vec<u8>| read_edits(&[record]).map(|_| ()).unwrap_err();
    let reverse = refused(comparator("rocksdb.ReverseBytewiseComparator"));
    assert!(reverse.kind == ErrorKind::Unsupported && reverse.message.contains("ReverseBytewise"), "{reverse}");
    let mut file = new_file(103, 12);
    file.pop();
    file.extend([numbers(&[66]), slice(b"?"), numbers(&[1])].concat());
    assert!(refused(file).message.contains("a field 66, which must not be passed over"));
    assert!(refused(numbers(&[77])).message.contains("a field 77"));
    let cut = refused(new_file(100, 12)[..6].to_vec());
    assert_eq!((cut.kind, cut.message.contains("within its new file")), (ErrorKind::Corruption, true), "{cut}");
}

/// Level 0 is in order of epochs first: what merged the oldest tables takes their place, though its number is the highest.
#[test]
fn level_0_is_in_order_of_epochs() {
    let merged = |id: u64, epoch: u64| {
        let mut out = [numbers(&[103, 0, id, 10]), key("a"), key("m"), numbers(&[1, 500])].concat();
        out.extend([numbers(&[13]), slice(&numbers(&[epoch])), numbers(&[1])].concat());
        out
    };
    let history = read_edits(&[merged(7, 3), merged(8, 9), merged(9, 4)]).unwrap();
    let mut replay = Replay::new(&history);
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
            let _ = Report::of(&history);
        }
    }
}
