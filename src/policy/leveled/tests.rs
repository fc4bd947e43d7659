//! Whatever is flushed, compacted and installed, in any order: the newest version of each key stays the first that a
//! reader meets, and compactions come to an end.

use std::{collections::BTreeMap, rc::Rc};

use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    policy::Cutter,
    version::{TableId, Version, VersionEdit},
};

/// A tree whose tables hold real keys: each key's sequence number.
struct Model {
    options: Options,
    version: Version,
    contents: BTreeMap<TableId, BTreeMap<u8, u64>>,
    newest: BTreeMap<u8, u64>,
    running: Running,
    /// What each of the running compactions writes: it is cut when it begins.
    written: Vec<Vec<BTreeMap<u8, u64>>>,
    next_table: TableId,
    seq: u64,
}

impl Model {
    fn new(options: Options) -> Model {
        Model {
            version: Version::new(options.levels()),
            options,
            contents: BTreeMap::new(),
            newest: BTreeMap::new(),
            running: Running::default(),
            written: Vec::new(),
            next_table: 1,
            seq: 0,
        }
    }

    fn table(&mut self, keys: BTreeMap<u8, u64>) -> Rc<TableMeta> {
        let id = self.next_table;
        self.next_table += 1;
        let meta = TableMeta {
            id,
            bytes: keys.len() as u64 * 10,
            entries: keys.len() as u64,
            // As many as the picker likes: it only weighs them.
            tombstones: keys.values().filter(|seq| *seq % 3 == 0).count() as u64,
            smallest: (&[*keys.keys().next().unwrap()][..]).into(),
            largest: (&[*keys.keys().next_back().unwrap()][..]).into(),
            smallest_seq: *keys.values().min().unwrap(),
            largest_seq: *keys.values().max().unwrap(),
            oldest_time: keys.values().min().copied(),
            newest_time: keys.values().max().copied(),
            ..TableMeta::default()
        };
        self.contents.insert(id, keys);
        Rc::new(meta)
    }

    fn flush(&mut self, keys: &[u8]) {
        let mut contents = BTreeMap::new();
        for key in keys {
            self.seq += 1;
            contents.insert(*key, self.seq);
            self.newest.insert(*key, self.seq);
        }
        let table = self.table(contents);
        self.apply(VersionEdit { added: vec![(0, table)], ..VersionEdit::default() });
    }

    /// Starts the next compaction that is due; whether there was one.
    fn start(&mut self) -> bool {
        // A write takes a second.
        self.running.time = self.seq;
        let pick = Leveled.pick(&self.version, &self.options, &self.running, Explanation::Full);
        let found = pick.is_some();
        if let Some(pick) = pick {
            assert!(pick.tables().all(|(_, t)| !self.running.is_busy(t)), "a table is taken twice: {pick:?}");
            self.begin(pick);
        }
        found
    }

    fn begin(&mut self, pick: Compaction) {
        self.written.push(self.pieces(&pick, &self.merge(&pick.resolve(&self.version))));
        self.running.start(pick, &self.version);
    }

    /// Ends the running compaction `at`.
    fn finish(&mut self, at: usize) {
        let (job, pieces) = (self.running.end(at).compaction, self.written.remove(at));
        let removed: Vec<_> = job
            .tables()
            .map(|(level, id)| {
                let (found, table) = self.version.find(id).expect("inputs stay until the job is over");
                assert_eq!(found, level);
                (level, table.clone())
            })
            .collect();
        let added = match job.action {
            Action::Move => removed.iter().map(|(_, t)| (job.output_level, t.clone())).collect(),
            Action::Merge => pieces.into_iter().map(|piece| (job.output_level, self.table(piece))).collect(),
            Action::Drop => panic!("leveled compaction drops nothing"),
        };
        let cursors = job.cursor_edit(self.version.cursor(job.start_level()));
        self.apply(VersionEdit { removed, added, cursors, ..VersionEdit::default() });
    }

    /// The outputs of a merge, cut as the engine cuts them.
    fn pieces(&self, job: &Compaction, merged: &[(u8, u64)]) -> Vec<BTreeMap<u8, u64>> {
        let mut cutter = Cutter::new(job, &self.version);
        let mut pieces: Vec<BTreeMap<u8, u64>> = Vec::new();
        for (key, seq) in merged {
            let size = pieces.last().map(|piece| piece.len() as u64 * 10);
            if cutter.cuts_before(&[*key], size) || pieces.is_empty() {
                pieces.push(BTreeMap::new());
            }
            pieces.last_mut().expect("one was begun").insert(*key, *seq);
        }
        pieces
    }

    fn merge(&self, tables: &[(usize, Rc<TableMeta>)]) -> Vec<(u8, u64)> {
        let mut merged: BTreeMap<u8, u64> = BTreeMap::new();
        for (_, table) in tables {
            for (key, seq) in &self.contents[&table.id] {
                let newest = merged.entry(*key).or_default();
                *newest = (*newest).max(*seq);
            }
        }
        merged.into_iter().collect()
    }

    /// Installs an edit, which fails if tables of a sorted level overlap, and reads every key.
    fn apply(&mut self, edit: VersionEdit) {
        self.version = self.version.apply(&edit).expect("tables of a level never overlap");
        for (key, newest) in &self.newest {
            let first = self.version.tables().find_map(|(_, table)| self.contents[&table.id].get(key));
            assert_eq!(first, Some(newest), "key {key} is overtaken in {:?}", self.version);
        }
        if self.options.one_table_per_level {
            assert!(self.version.levels[1..].iter().all(|level| level.len() <= 1), "{:?}", self.version);
        }
    }

    /// Compacts until nothing is due, then manually until nothing is left to do.
    fn settle(&mut self) {
        for _ in 0..1000 {
            if !self.start() && self.running.compactions.is_empty() {
                break;
            }
            self.finish(0);
        }
        assert!(self.running.compactions.is_empty(), "compactions never end: {:?}", self.version);
        for _ in 0..100 {
            let Some(step) = Leveled.pick_manual(&self.version, &self.options, &Running::default(), None) else {
                break;
            };
            self.begin(step);
            self.finish(0);
        }
        let with_data = self.version.levels.iter().filter(|level| !level.is_empty()).count();
        assert!(with_data <= 1 && self.version.levels[0].is_empty(), "{:?}", self.version);
    }
}

const PRIS: &[CompactionPri] = &[
    CompactionPri::MinOverlappingRatio,
    CompactionPri::ByCompensatedSize,
    CompactionPri::OldestLargestSeqFirst,
    CompactionPri::OldestSmallestSeqFirst,
    CompactionPri::RoundRobin,
];

fn options() -> impl Strategy<Value = Options> {
    let sizes = (1u64..5, 20u64..300, 1.5f64..8.0, 2u64..6, 20u64..100);
    let order = (select(PRIS), prop_oneof![Just(0u64), 1u64..40], prop_oneof![Just(0.0), 0.1..1.0f64]);
    let limits = (prop_oneof![Just(0u64), 50u64..400], prop_oneof![Just(0u64), 3u64..30]);
    (sizes, any::<bool>(), any::<bool>(), limits, order).prop_map(
        |((trigger, base, multiplier, levels, target), dynamic, one_table, (most, entries), order)| Options {
            compaction_pri: order.0,
            ttl: order.1,
            compact_on_deletion_ratio: order.2,
            level0_file_num_compaction_trigger: trigger,
            max_bytes_for_level_base: base,
            max_bytes_for_level_multiplier: multiplier,
            num_levels: levels,
            target_file_size_base: target,
            level_compaction_dynamic_level_bytes: dynamic,
            one_table_per_level: one_table,
            max_compaction_bytes: most,
            max_entries_for_level_base: entries,
            ..Options::default()
        },
    )
}

#[derive(Clone, Debug)]
enum Step {
    Flush(Vec<u8>),
    Start,
    Finish(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = (0u8..40, prop::collection::vec(0u8..12, 1..8))
        .prop_map(|(from, keys)| Step::Flush(keys.into_iter().map(|k| from + k).collect()));
    let step = prop_oneof![4 => keys, 3 => Just(Step::Start), 2 => (0usize..8).prop_map(Step::Finish)];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #[test]
    fn the_newest_version_always_comes_first_and_compactions_end(options in options(), steps in steps()) {
        let mut model = Model::new(options);
        for step in steps {
            match step {
                Step::Flush(keys) => model.flush(&keys),
                Step::Start => {
                    model.start();
                }
                Step::Finish(at) if !model.running.compactions.is_empty() => {
                    model.finish(at % model.running.compactions.len());
                }
                Step::Finish(_) => {}
            }
        }
        model.settle();
    }
}
