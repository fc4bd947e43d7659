use super::*;
use crate::{
    policy::{overlap_ratio, ranked_overlap},
    random::Random,
};

fn table(id: u64, from: u64, to: u64, random: &mut Random) -> Rc<TableMeta> {
    Rc::new(TableMeta {
        id,
        bytes: 1 + random.below(1000),
        entries: 10,
        tombstones: random.below(11),
        smallest: (&from.to_be_bytes()[..]).into(),
        largest: (&to.to_be_bytes()[..]).into(),
        smallest_seq: id,
        largest_seq: id,
        ..TableMeta::default()
    })
}

/// Tables that fill the gaps of `level` in `from..to`, with gaps of their own.
fn tables(first: u64, from: u64, to: u64, random: &mut Random) -> Vec<Rc<TableMeta>> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        let end = (at + random.below(60)).min(to);
        out.push(table(first + out.len() as u64, at, end, random));
        at = end + 1 + random.below(20);
    }
    out
}

/// An edit that replaces what a random range of a random level overlaps, often together with that of the level above.
fn edit(version: &Version, next: u64, random: &mut Random) -> VersionEdit {
    let level = 1 + random.below(4) as usize;
    let from = random.below(2000);
    let to = from + random.below(400);
    let (a, b) = (from.to_be_bytes(), to.to_be_bytes());
    let of = |level| version.overlapping(level, &a, &b).map(move |t| (level, t.clone())).collect::<Vec<_>>();
    let here = of(level);
    let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap());
    let hull = here.iter().map(|(_, t)| KeyRange::of(t)).reduce(KeyRange::union);
    let (from, to) = hull.map_or((from, to), |h| (number(h.smallest).min(from), number(h.largest).max(to)));
    let above = if level > 1 && random.one_in(2) { of(level - 1) } else { Vec::new() };
    let added = tables(next, from, to, random).into_iter().map(|t| (level, t)).collect();
    VersionEdit { removed: above.into_iter().chain(here).collect(), added, ..VersionEdit::default() }
}

#[test]
fn it_follows_every_edit_as_if_counted_anew() {
    let mut random = Random::new(7);
    let mut whole = Version::new(5);
    let mut tree = IndexedLevels::new(whole.clone());
    let (mut next, mut large) = (1, 0);
    for round in 0..2000 {
        let edit = edit(&whole, next, &mut random);
        next += edit.added.len() as u64;
        tree.apply(&edit).unwrap();
        whole.change(&edit).unwrap();
        assert!((0..5).all(|level| tree.totals(level) == whole.totals(level)));
        assert_eq!(tree.sizes(), whole.sizes());
        assert_eq!(tree.index, Index::of(&whole));
        for level in 1..5 {
            assert!(tree.rows(level).tables(0).eq(&whole.levels[level]));
            let tables = whole.levels[level].iter().zip(ranked_overlap(&whole, level));
            let ratios: Vec<u64> = tables.map(|(t, overlap)| overlap_ratio(overlap, t.bytes)).collect();
            assert!(tree.index.rows(level).from(0).map(|row| row.rank).eq(ratios), "level {level}");
        }
        // It is asked for a few times in a row, then for a while it is not.
        if round % 7 < 3 {
            assert_eq!(*tree.version(), whole);
        }
        large += u64::from(whole.tables().count() > 60);
    }
    assert!(large > 1000, "the trees are too small to be worth a test: {large}");
}
