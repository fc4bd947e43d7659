use super::*;
use crate::random::Random;

fn table(id: TableId, smallest: &str, largest: &str, seq: SeqNo) -> Rc<TableMeta> {
    Rc::new(TableMeta {
        id,
        bytes: 100,
        entries: 2,
        tombstones: 0,
        smallest: smallest.into(),
        largest: largest.into(),
        smallest_seq: seq,
        largest_seq: seq,
        ..TableMeta::default()
    })
}

fn add(level: usize, t: Rc<TableMeta>) -> VersionEdit {
    VersionEdit { added: vec![(level, t)], ..VersionEdit::default() }
}

#[test]
fn level_0_is_newest_first_and_the_others_by_key() {
    let mut v = Version::new(3);
    for edit in [
        add(0, table(1, "a", "m", 1)),
        add(0, table(2, "a", "z", 2)),
        add(1, table(3, "p", "q", 3)),
        add(1, table(4, "a", "b", 4)),
    ] {
        v = v.apply(&edit).unwrap();
    }
    let ids = |level: usize| v.levels[level].iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!((ids(0), ids(1)), (vec![2, 1], vec![4, 3]));
    assert_eq!(v.sorted_runs(), 3);
    assert_eq!(v.overlapping(1, b"b", b"o").map(|t| t.id).collect::<Vec<_>>(), [4]);
    for (ids, found) in [(&[4, 3][..], &[4, 3][..]), (&[3], &[3]), (&[3, 4], &[4, 3]), (&[4, 9], &[4]), (&[], &[])] {
        assert_eq!(v.among(1, ids).map(|t| t.id).collect::<Vec<_>>(), found, "{ids:?}");
    }
}

#[test]
fn the_inverse_takes_an_edit_back() {
    let before = Version::new(2).apply(&add(0, table(1, "a", "m", 1))).unwrap();
    let edit = VersionEdit {
        removed: vec![(0, before.levels[0][0].clone())],
        added: vec![(1, table(2, "a", "m", 1))],
        cursors: vec![Cursor { level: 1, from: None, to: Some("c".into()) }],
        ..VersionEdit::default()
    };
    let after = before.apply(&edit).unwrap();
    assert_eq!((after.cursor(1).map(|key| &**key), after.cursor(0)), (Some(&b"c"[..]), None));
    assert_eq!(after.apply(&edit.inverse()).unwrap(), before);
}

#[test]
fn an_edit_that_does_not_fit_is_refused() {
    let v = Version::new(2).apply(&add(1, table(1, "a", "m", 1))).unwrap();
    let message = |edit: VersionEdit| v.apply(&edit).unwrap_err().message;
    assert!(message(add(1, table(2, "m", "z", 2))).contains("overlap"));
    assert!(message(add(0, table(1, "a", "m", 1))).contains("there already"));
    assert!(message(add(9, table(2, "n", "z", 2))).contains("no level 9"));
    assert!(message(add(0, table(9, "a", "b", 1)).inverse()).contains("not on level 0"));
}

#[test]
fn a_table_may_move_down_in_one_edit() {
    let t = table(1, "a", "m", 1);
    let v = Version::new(2).apply(&add(0, t.clone())).unwrap();
    let moved = v.apply(&VersionEdit { removed: vec![(0, t.clone())], added: vec![(1, t)], ..VersionEdit::default() });
    assert_eq!(moved.unwrap().levels[1].len(), 1);
}

/// What [`Version::change`] does, from scratch: every table is looked for, and every level sorted and checked.
fn changed(version: &Version, edit: &VersionEdit) -> Option<Version> {
    let mut tables = version.listing();
    for (level, table) in &edit.removed {
        tables.remove(tables.iter().position(|(other, t)| other == level && t.id == table.id)?);
    }
    tables.extend(edit.added.iter().cloned());
    let level = |level: usize| -> Vec<_> {
        let mut here: Vec<_> = tables.iter().filter(|(other, _)| *other == level).map(|(_, t)| t.clone()).collect();
        here.sort_by(|a, b| match level {
            0 => (b.largest_seq, b.id).cmp(&(a.largest_seq, a.id)),
            _ => a.smallest.cmp(&b.smallest),
        });
        here
    };
    let levels: Vec<_> = (0..version.levels.len()).map(level).collect();
    let apart = |level: &Vec<Rc<TableMeta>>| level.windows(2).all(|pair| pair[0].largest < pair[1].smallest);
    let fit = levels[1..].iter().all(apart) && tables.iter().all(|(level, _)| *level < version.levels.len());
    fit.then_some(Version { cursors: version.cursors.clone(), ..Version::of(levels) })
}

/// An edit that removes a few tables and adds a few; in about half of the cases it does not fit.
fn random_edit(version: &Version, random: &mut Random, next: &mut TableId) -> VersionEdit {
    let mut edit = VersionEdit::default();
    let (level, from) = (random.below(4) as usize, random.below(90));
    for (level, table) in version.tables() {
        let begins = u64::from_be_bytes((*table.smallest).try_into().unwrap());
        if (from..from + 12).contains(&begins) && random.below(8) > 0 {
            edit.removed.push((level, table.clone()));
        }
    }
    if random.one_in(6) {
        edit.removed.push((level, table(*next + 1000, "a", "b", 1)));
    }
    let mut at = from;
    for _ in 0..random.below(4) {
        let end = at + random.below(4);
        *next += 1;
        let key = |n: u64| Bytes::from(&n.to_be_bytes()[..]);
        let meta = TableMeta {
            id: *next,
            bytes: 1 + random.below(100),
            entries: 4,
            tombstones: random.below(5),
            range_deletion_bytes: random.below(3),
            smallest: key(at),
            largest: key(end),
            largest_seq: random.below(50),
            ..TableMeta::default()
        };
        let level = if random.one_in(5) { random.below(5) as usize } else { level.min(3) };
        edit.added.push((level, Rc::new(meta)));
        at = end + 1;
    }
    edit
}

#[test]
fn a_change_in_place_is_one_from_scratch_or_none_at_all() {
    let mut random = Random::new(11);
    let (mut next, mut fit, mut unfit) = (0, 0, 0);
    let mut version = Version::new(4);
    for _ in 0..5000 {
        let edit = random_edit(&version, &mut random, &mut next);
        let expected = changed(&version, &edit);
        let before = version.clone();
        match version.change(&edit) {
            Ok(()) => {
                assert_eq!(Some(&version), expected.as_ref());
                let mut back = version.clone();
                back.change(&edit.inverse()).unwrap();
                assert_eq!(back, before);
                fit += 1;
            }
            Err(error) => {
                assert_eq!(expected, None, "{error}");
                assert_eq!(version, before, "{error}");
                unfit += 1;
            }
        }
    }
    assert!(fit > 1000 && unfit > 1000, "{fit} fit, {unfit} did not");
}
