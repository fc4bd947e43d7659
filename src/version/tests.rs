use super::*;

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
