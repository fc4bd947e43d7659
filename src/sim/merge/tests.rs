//! What a merge of byteless tables leaves, case by case, and the merge against its [reference].

use proptest::{collection::vec, prelude::*};

use super::{
    reference::{Profiles, Reference},
    *,
};
use crate::{
    indexed::IndexedLevels,
    policy::{Action, Cuts, Grandparents, Inputs as LevelInputs, Reason},
    random::Random,
    version::{Version, VersionEdit},
};

fn table(id: TableId, from: u64, to: u64, entries: u64, tombstones: u64) -> Rc<TableMeta> {
    Rc::new(TableMeta {
        id,
        bytes: 1000 + entries * 125,
        entries,
        tombstones,
        smallest: from.to_be_bytes()[..].into(),
        largest: to.to_be_bytes()[..].into(),
        smallest_seq: id * 10_000,
        largest_seq: id * 10_000 + 9_999,
        oldest_time: Some(id),
        newest_time: Some(id),
        tombstone_seqs: (tombstones > 0).then_some((id * 10_000, id * 10_000 + 9_999)),
        ..TableMeta::default()
    })
}

/// A sorted run of up to `most` tables, each of up to `entries`, somewhere in `0..space`.
fn run(random: &mut Random, first: TableId, most: u64, entries: u64, space: u64) -> Vec<Rc<TableMeta>> {
    let mut ends: Vec<u64> = (0..random.below(most) * 2).map(|_| random.below(space)).collect();
    ends.sort_unstable();
    ends.dedup();
    let of = |(id, ends): (u64, &[u64])| {
        let room = (ends[1] - ends[0]) / 10 + 1;
        table(first + id, ends[0], ends[1], (1 + random.below(entries)).min(room), 0)
    };
    (0..).zip(ends.chunks_exact(2)).map(of).collect()
}

/// A sorted run of `many` tables side by side, of unlike sizes, which leave `gap` percent of the keys out.
fn dense(random: &mut Random, first: TableId, many: u64, entries: u64, gap: u64) -> Vec<Rc<TableMeta>> {
    let width = u64::MAX / many;
    let mut edges: Vec<u64> = (1..many).map(|i| i * width + random.below(width / 2)).collect();
    edges.insert(0, 0);
    edges.push(u64::MAX);
    let of = |(id, ends): (u64, &[u64])| {
        let largest = ends[1] - 1 - (ends[1] - ends[0]) / 100 * gap;
        table(first + id, ends[0], largest, entries + random.below(entries), 0)
    };
    (0..).zip(edges.windows(2)).map(of).collect()
}

/// What `merger` makes of a compaction, numbered from `next` on.
fn compact(merger: &mut Merger, compaction: &Compaction, version: &Version, mut next: TableId) -> Vec<Rc<TableMeta>> {
    let tree = IndexedLevels::new(version.clone());
    let written = merger.compact(compaction, &tree, &compaction.resolve(version), &mut next);
    assert!(written.iter().all(|(level, _)| *level == compaction.output_level));
    written.into_iter().map(|(_, table)| table).collect()
}

fn compaction(version: &Version, target_file_size: u64, limit: u64, at: Option<u64>) -> Compaction {
    let all = |level: usize| -> Option<LevelInputs> {
        let tables: Vec<TableId> = version.levels[level].iter().map(|t| t.id).collect();
        (!tables.is_empty()).then_some(LevelInputs::listed(level, tables))
    };
    Compaction {
        action: Action::Merge,
        inputs: [0, 1, 2].into_iter().filter_map(all).collect(),
        output_level: 2,
        target_file_size,
        cuts: Cuts {
            grandparents: (!version.levels[3].is_empty())
                .then_some(Grandparents { level: 3, places: 0..version.levels[3].len() }),
            max_compaction_bytes: limit,
            at: at.map(|at| at.to_be_bytes()[..].into()),
        },
        cursor: None,
        reason: Reason::default(),
    }
}

/// A tree of level 0 to 3, all of which is merged into level 2 but for the grandparents.
fn tree(random: &mut Random) -> Version {
    // Now and then there is hardly room for the keys.
    let space = if random.one_in(3) { 200_000 } else { u64::MAX };
    let level_0 = (0..random.below(4)).flat_map(|i| run(random, 100 * (i + 1), 2, 9000, space)).rev().collect();
    let levels = vec![
        level_0,
        run(random, 1000, 5, 9000, space),
        run(random, 2000, 30, 9000, space),
        run(random, 3000, 100, 20_000, space),
    ];
    Version::of(levels)
}

/// The same, where each level is as full as in a tree that has been written to for long.
fn dense_tree(random: &mut Random) -> Version {
    let levels = vec![
        vec![],
        dense(random, 1000, 1, 9000, 0),
        dense(random, 2000, 10, 5000, 0),
        dense(random, 3000, 70, 200, 10),
    ];
    Version::of(levels)
}

/// Where the outputs begin when every entry is asked about.
fn cuts_entry_by_entry(merger: &Merger, mut cutter: Cutter<&[Rc<TableMeta>]>, inputs: MergeTotals) -> Vec<u64> {
    let entries = &merger.sweep.entries;
    let sizes = merger.sizes(&inputs);
    let (mut begins, mut stretch) = (Vec::new(), 0);
    for n in 0..entries.len() {
        let nth = entries.nth(n, stretch);
        stretch = nth.stretch;
        let size = begins.last().map(|begin| sizes.flushed(n - begin));
        if cutter.cuts_before(&nth.at.to_be_bytes(), size) || begins.is_empty() {
            begins.push(n);
        }
    }
    begins
}

#[test]
fn jumping_from_boundary_to_boundary_cuts_where_asking_about_every_entry_does() {
    let mut random = Random::new(5);
    let (mut many, mut early, mut cursors) = (0, 0, 0);
    for round in 0..160 {
        let version = if round % 2 == 1 { dense_tree(&mut random) } else { tree(&mut random) };
        let target = [20_000, 100_000, 400_000, u64::MAX][random.below(4) as usize];
        let limit = [1_000_000, 25 * target.min(1 << 30)][random.below(2) as usize];
        let at = random.one_in(3).then(|| random.draw());
        let compaction = compaction(&version, target, limit, at);
        let inputs = compaction.resolve(&version);
        let model = match round % 3 {
            0 => KeyModel::unique(),
            1 => KeyModel::uniform(100_000),
            _ => KeyModel::zipfian(100_000, 0.99),
        };
        let mut merger = Merger::new(model, TableFormat::default());
        let outputs = compact(&mut merger, &compaction, &version, 5000);

        let together = MergeTotals::of(inputs.iter().map(|(_, t)| &**t), &merger.format);
        let begins = cuts_entry_by_entry(&merger, Cutter::new(&compaction, &version), together);
        let ends = begins.iter().copied().skip(1).chain([merger.sweep.entries.len()]);
        let lens: Vec<u64> = begins.iter().zip(ends).map(|(begin, end)| end - begin).collect();
        assert_eq!(outputs.iter().map(|t| t.entries).collect::<Vec<_>>(), lens, "round {round}");
        many += u64::from(outputs.len() > 3);
        early += outputs.iter().filter(|t| t.bytes < target / 10 * 9).count();
        cursors += outputs.iter().filter(|t| at.is_some_and(|at| beginning(&t.smallest) >= at)).count();
    }
    assert!(
        many > 40 && early > 100 && cursors > 100,
        "too little is cut to be worth a test: {many} {early} {cursors}"
    );
}

#[test]
fn outputs_are_in_order_within_the_inputs_and_nothing_is_lost() {
    let mut random = Random::new(9);
    for _ in 0..400 {
        let version = tree(&mut random);
        let compaction = compaction(&version, 100_000, 2_500_000, None);
        let inputs = compaction.resolve(&version);
        let format = TableFormat { table_bytes: 1000, key_byte_bits: 0.0, ..TableFormat::default() };
        let mut merger = Merger::new(KeyModel::unique(), format);
        let outputs = compact(&mut merger, &compaction, &version, 5000);
        let sum = |of: fn(&TableMeta) -> u64| inputs.iter().map(|(_, t)| of(t)).sum::<u64>();
        assert_eq!(outputs.iter().map(|t| t.entries).sum::<u64>(), sum(|t| t.entries));
        let data = |tables: u64| sum(|t| t.bytes) - 1000 * inputs.len() as u64 + 1000 * tables;
        assert!(outputs.iter().map(|t| t.bytes).sum::<u64>().abs_diff(data(outputs.len() as u64)) <= 1);
        let range = |t: &TableMeta| (beginning(&t.smallest), beginning(&t.largest));
        assert_eq!(outputs.first().map(|t| range(t).0), inputs.iter().map(|(_, t)| range(t).0).min());
        assert_eq!(outputs.last().map(|t| range(t).1), inputs.iter().map(|(_, t)| range(t).1).max());
        assert!(outputs.iter().all(|t| t.entries > 0 && range(t).0 <= range(t).1 && t.smallest_seq <= t.largest_seq));
        assert!(outputs.windows(2).all(|pair| range(&pair[0]).1 < range(&pair[1]).0 && pair[0].id + 1 == pair[1].id));
        // They fit into a tree.
        let added = outputs.iter().map(|t| (2, t.clone())).collect();
        version.apply(&VersionEdit { removed: inputs, added, ..VersionEdit::default() }).unwrap();
    }
}

/// Merges two levels of one table each, and returns entries and tombstones.
fn merged(model: KeyModel, upper: Rc<TableMeta>, lower: Rc<TableMeta>, below: Vec<Rc<TableMeta>>) -> (u64, u64) {
    let version = Version::of(vec![vec![], vec![upper], vec![lower], below]);
    let compaction = compaction(&version, u64::MAX, u64::MAX, None);
    let mut merger = Merger::new(model, TableFormat::default());
    let outputs = compact(&mut merger, &compaction, &version, 9000);
    (outputs.iter().map(|t| t.entries).sum(), outputs.iter().map(|t| t.tombstones).sum())
}

#[test]
fn older_versions_go_where_both_tables_have_a_key() {
    let half = u64::MAX / 2;
    let upper = || table(20, 0, half, 2500, 0);
    let lower = || table(10, 0, u64::MAX - 1, 5000, 0);
    assert_eq!(merged(KeyModel::unique(), upper(), lower(), vec![]), (7500, 0));
    // Of 5000 keys in the lower half, each has half: together three quarters.
    assert_eq!(merged(KeyModel::uniform(10_000), upper(), lower(), vec![]), (3750 + 2500, 0));
    // Where few keys get most of the writes, more of the newer ones are of these.
    let (zipfian, _) = merged(KeyModel::zipfian(10_000, 0.99), upper(), lower(), vec![]);
    assert!((5000..6250).contains(&zipfian), "{zipfian}");
}

#[test]
fn tombstones_hide_what_is_below_and_go_at_the_bottom() {
    let all = |id, entries, tombstones| table(id, 0, u64::MAX - 1, entries, tombstones);
    let keys = || KeyModel::uniform(10_000);
    // Half of the keys are deleted; of the older table half of what remains.
    assert_eq!(merged(keys(), all(20, 5000, 5000), all(10, 5000, 0), vec![]), (2500, 0));
    assert_eq!(merged(keys(), all(20, 5000, 5000), all(10, 5000, 0), vec![all(5, 10, 0)]), (7500, 5000));
    // What is below is newer: nothing to hide.
    assert_eq!(merged(keys(), all(20, 5000, 5000), all(10, 5000, 0), vec![all(30, 10, 0)]), (2500, 0));
    // It lies elsewhere. Of 2500 keys in the first quarter half are deleted, and half of the older table's 1250 with
    // them.
    let quarter = u64::MAX / 4;
    let upper = || table(20, 0, quarter, 1250, 1250);
    assert_eq!(merged(keys(), upper(), all(10, 5000, 0), vec![table(5, quarter + 1, quarter * 2, 10, 0)]), (4375, 0));
    assert_eq!(merged(keys(), upper(), all(10, 5000, 0), vec![table(5, quarter, quarter * 2, 10, 0)]), (5625, 1250));
}

#[test]
fn a_table_remembers_where_its_entries_lie_close_together() {
    let half = u64::MAX / 2;
    let mut merger = Merger::new(KeyModel::uniform(10_000), TableFormat::default());
    let mut merge = |upper: Rc<TableMeta>, lower: Rc<TableMeta>| {
        let version = Version::of(vec![vec![], vec![upper], vec![lower], vec![]]);
        let compaction = compaction(&version, u64::MAX, u64::MAX, None);
        let outputs = compact(&mut merger, &compaction, &version, 9000);
        assert_eq!(outputs.len(), 1);
        outputs[0].clone()
    };
    // Of 5000 keys in the lower half 4000 and a tenth of the rest; in the upper half, 500.
    let uneven = merge(table(20, 0, half, 4000, 0), table(10, 0, u64::MAX - 1, 1000, 0));
    assert_eq!(uneven.entries, 4000 + 100 + 500);
    // Half of the upper half's keys, so half of those 500 are the same.
    let next = merge(table(30, half + 1, u64::MAX - 1, 2500, 0), uneven);
    assert_eq!(next.entries, 4100 + 2500 + 250);
}

#[test]
fn what_leaves_a_single_entry_is_one_table_wherever_grandparents_lie() {
    let all = |id| table(id, 0, u64::MAX - 1, 1, 0);
    let below = (1..9).map(|i| table(i, i << 60, (i << 60) + 9, 1, 0)).collect();
    let version = Version::of(vec![vec![], vec![all(20)], vec![all(10)], below]);
    let compaction = compaction(&version, 100, 1000, None);
    let mut merger = Merger::new(KeyModel::uniform(1), TableFormat::default());
    let outputs = compact(&mut merger, &compaction, &version, 9000);
    let found: Vec<_> = outputs.iter().map(|t| (t.entries, beginning(&t.smallest), beginning(&t.largest))).collect();
    assert_eq!(found, [(1, 0, 0)]);
}

#[test]
fn keys_that_lie_nearer_to_each_other_share_more_bytes() {
    // Twice as many keys in the range: one bit, a quarter of a hexadecimal digit, of 15 in 16 entries.
    let memtables = [2, 1].map(|id| (*table(id, 0, u64::MAX - 1, 8000, 0)).clone());
    let bytes = |key_byte_bits: f64| {
        let format = TableFormat { table_bytes: 1000, key_byte_bits, ..TableFormat::default() };
        Merger::new(KeyModel::unique(), format).flush(&memtables, 7).unwrap().bytes
    };
    assert_eq!(bytes(0.0), 1000 + 16_000 * 125);
    assert_eq!(bytes(0.0) - bytes(4.0), 16_000 / 4 * 15 / 16);
}

#[test]
fn a_flush_is_one_table_of_the_newest_versions() {
    let mut merger = Merger::new(KeyModel::uniform(10_000), TableFormat::default());
    let memtables = [3, 2, 1].map(|id| (*table(id, 0, u64::MAX - 1, 5000, 1000)).clone());
    let flushed = merger.flush(&memtables, 77).unwrap();
    assert_eq!((flushed.id, flushed.entries, flushed.tombstones), (77, 8750, 1750));
    assert_eq!((flushed.smallest_seq, flushed.largest_seq), (10_000, 39_999));
    assert_eq!(merger.flush(&[], 78), None);
}

/// A table of a random tree: the gap before it, its width, entries, percent of tombstones, bytes of an entry, and how
/// many sequence numbers it spans. Gap and width are in units of the tree's.
type RandomTable = (u64, u64, u64, u64, u64, u64);

fn random_table() -> impl Strategy<Value = RandomTable> {
    let gap = prop_oneof![Just(0), Just(1), 0u64..300];
    let entries = prop_oneof![1u64..4, 1u64..60, 100u64..400];
    let percent = prop_oneof![3 => Just(0u64), 1 => 0u64..101];
    (gap, 1u64..300, entries, percent, 20u64..400, 0u64..5000)
}

/// Tables, each behind the one before it, with numbers from `first` on. Their sequence numbers begin at `seq`.
fn placed(random: &[RandomTable], first: TableId, unit: u64, seq: u64) -> Vec<Rc<TableMeta>> {
    let mut from = 0;
    let mut place = |(id, (gap, width, entries, percent, bytes, seqs)): (u64, &RandomTable)| {
        let smallest = from + gap * unit;
        from = smallest + width * unit;
        let entries = (*entries).min(if unit == 1 { *width } else { u64::MAX });
        let tombstones = entries * percent / 100;
        Rc::new(TableMeta {
            bytes: 1000 + entries * bytes,
            smallest_seq: seq + id,
            largest_seq: seq + id + seqs,
            ..(*table(first + id, smallest, from - 1, entries, tombstones)).clone()
        })
    };
    (0..).zip(random).map(&mut place).collect()
}

/// What the fast merge and the reference make of the same inputs must agree: all but bytes and sequence numbers
/// exactly, and these, which are rounded down from floats, to within 1.
fn assert_same(fast: &[Rc<TableMeta>], slow: &[TableMeta]) -> Result<(), TestCaseError> {
    let rounded = |table: &TableMeta| TableMeta {
        bytes: 0,
        smallest_seq: 0,
        largest_seq: 0,
        tombstone_seqs: table.tombstone_seqs.map(|_| (0, 0)),
        ..table.clone()
    };
    let exact = |fast: Vec<TableMeta>| fast.iter().map(rounded).collect::<Vec<_>>();
    prop_assert_eq!(exact(fast.iter().map(|table| (**table).clone()).collect()), exact(slow.to_vec()));
    for (fast, slow) in fast.iter().zip(slow) {
        for of in [|t: &TableMeta| t.bytes, |t: &TableMeta| t.smallest_seq, |t: &TableMeta| t.largest_seq] {
            prop_assert!(of(fast).abs_diff(of(slow)) <= 1, "{fast:?}\nexpected {slow:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Two compactions, one after the other, so that the second has inputs with density profiles; then a flush.
    #[test]
    fn the_fast_merge_is_the_reference(
        level_0 in vec(vec(random_table(), 1..2), 0..3),
        upper in [vec(random_table(), 0..5), vec(random_table(), 1..4)],
        lower in vec(random_table(), 0..12),
        below in vec(random_table(), 0..13),
        below_is_newer in any::<bool>(),
        model in 0usize..4,
        unit in prop_oneof![Just(1u64), Just(1 << 20), Just(1 << 51)],
        target in prop_oneof![1000u64..30_000, Just(u64::MAX)],
        limit in prop_oneof![1000u64..900_000, Just(u64::MAX)],
        at in proptest::option::of(0u64..2000),
        key_byte_bits in prop_oneof![Just(0.0), Just(4.0)],
    ) {
        // The last two lie in cells, of which a unit is one.
        let (model, unit) = match model {
            0 => (KeyModel::unique(), unit),
            1 => (KeyModel::uniform(30_000), unit),
            2 => (KeyModel::zipfian(8000, 0.99).in_cells(), 1 << 51),
            _ => (KeyModel::uniform(8000).in_cells(), 1 << 51),
        };
        let has_cells = !model.cells().is_none();
        let in_cells = |tables: Vec<Rc<TableMeta>>| -> Vec<Rc<TableMeta>> {
            // No more entries than keys.
            let fits = |table: &Rc<TableMeta>| {
                let width = (table.largest.beginning() - table.smallest.beginning()) as f64 + 1.0;
                let entries = table.entries.min(if has_cells { model.cells().within(width) as u64 } else { u64::MAX });
                Rc::new(TableMeta { entries, tombstones: table.tombstones.min(entries), ..(**table).clone() })
            };
            tables.iter().map(fits).collect()
        };
        let format = TableFormat { table_bytes: 1000, key_byte_bits, ..TableFormat::default() };
        let slow = Reference { model: &model, format: &format };
        let mut fast = Merger::new(model.clone(), format.clone());
        let mut profiles = Profiles::new();
        let place = |random: &[RandomTable], first, seq| in_cells(placed(random, first, unit, seq));
        let runs = level_0.iter().enumerate().rev();
        let level_0: Vec<_> = runs.flat_map(|(i, t)| place(t, 1 + i as u64, 60_000 + 9000 * i as u64)).collect();
        let below = place(&below, 3000, if below_is_newer { 100_000 } else { 10_000 });
        let mut levels = vec![level_0.clone(), place(&upper[0], 1000, 40_000), place(&lower, 2000, 20_000), below];
        for (round, next) in [(0, 5000), (1, 6000)] {
            let version = Version::of(levels.clone());
            let compaction = compaction(&version, target, limit, at.map(|at| at * unit));
            let inputs = compaction.resolve(&version);
            let tables: Vec<_> = inputs.iter().map(|(_, table)| table.clone()).collect();
            let newest = tables.iter().map(|table| table.largest_seq).max().unwrap_or(0);
            let keeps = |from: u64, to: u64| {
                let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
                let may_hide = |table: &Rc<TableMeta>| table.smallest_seq < newest && table.overlaps(&from, &to);
                version.levels[3].iter().any(may_hide)
            };
            let cutter = Cutter::new(&compaction, &version);
            let written = compact(&mut fast, &compaction, &version, next);
            let (expected, shapes) = slow.merge(&tables, &profiles, keeps, Some(cutter), next);
            assert_same(&written, &expected)?;
            profiles = shapes;
            if round == 0 {
                levels = vec![vec![], place(&upper[1], 1500, 70_000), written, levels[3].clone()];
            }
        }
        let memtables: Vec<TableMeta> = level_0.iter().map(|table| (**table).clone()).collect();
        let flushed: Vec<_> = fast.flush(&memtables, 7000).into_iter().map(Rc::new).collect();
        assert_same(&flushed, &slow.merge(&level_0, &Profiles::new(), |_, _| true, None, 7000).0)?;
    }
}
