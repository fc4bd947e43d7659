//! Universal compaction against a real history: each decision that RocksDB 9.8.4 took is the one we would take.
//!
//! `tests/fixtures/rocksdb/tr_u4.jsonl` has a line for each flush, `["flush", bytes, entries]`, and each compaction,
//! `["compact", {level: tables taken}, output level, bytes read, bytes written, tables written, score, tables of each level
//! afterwards]`, of a database whose writer waited for idle after each flush: so between two lines stands one decision.
//! Its options: trigger 4, tables of 1 MB, all else as RocksDB has it.

#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, rc::Rc};

use lsmscope::{
    Options,
    options::CompactionStyle,
    policy::{Compaction, Running, policy_for},
    version::{TableMeta, Version},
};
use serde_json::Value;

/// One line.
#[derive(Debug)]
enum Step {
    Flush {
        bytes: u64,
    },
    Compact {
        taken: BTreeMap<usize, usize>,
        output_level: usize,
        read: u64,
        written: u64,
        tables: u64,
        after: Vec<usize>,
    },
}

/// Reads a history.
fn history(text: &str) -> Vec<Step> {
    let number = |value: &Value| value.as_u64().expect("a whole number");
    let taken = |value: &Value| {
        let levels = value.as_object().expect("tables by level").iter();
        let levels = levels.map(|(level, n)| (level.parse().expect("a level"), number(n) as usize));
        levels.filter(|(_, n)| *n > 0).collect()
    };
    let step = |line: &str| {
        let fields: Vec<Value> = serde_json::from_str(line).expect("a line is an array");
        match fields[0].as_str() {
            Some("flush") => Step::Flush { bytes: number(&fields[1]) },
            Some("compact") => Step::Compact {
                taken: taken(&fields[1]),
                output_level: number(&fields[2]) as usize,
                read: number(&fields[3]),
                written: number(&fields[4]),
                tables: number(&fields[5]),
                after: fields[7].as_array().expect("levels").iter().map(|n| number(n) as usize).collect(),
            },
            other => panic!("{other:?} is neither a flush nor a compaction"),
        }
    };
    text.lines().map(step).collect()
}

/// The tree as the history has it: sizes are known, and every run spans all keys.
struct Tree {
    version: Version,
    next: u64,
}

impl Tree {
    fn table(&mut self, bytes: u64, keys: (u64, u64)) -> Rc<TableMeta> {
        self.next += 1;
        let key = |n: u64| format!("{n:06}").as_str().into();
        Rc::new(TableMeta {
            id: self.next,
            bytes,
            entries: bytes / 125,
            tombstones: 0,
            smallest: key(keys.0),
            largest: key(keys.1),
            smallest_seq: self.next,
            largest_seq: self.next,
            newest_time: 0,
        })
    }

    fn flush(&mut self, bytes: u64) {
        let table = self.table(bytes, (0, 999_999));
        self.version.levels[0].insert(0, table);
    }

    /// Puts `tables` of together `bytes` in the place of what `compaction` took.
    fn compact(&mut self, compaction: &Compaction, bytes: u64, tables: u64) {
        for (level, id) in compaction.tables() {
            self.version.levels[level].retain(|t| t.id != id);
        }
        assert!(self.version.levels[compaction.output_level].is_empty() || compaction.output_level == 0);
        for n in 0..tables {
            let share = bytes / tables + if n == 0 { bytes % tables } else { 0 };
            let table = self.table(share, (n * 1000, n * 1000 + 999));
            self.version.levels[compaction.output_level].push(table);
        }
    }
}

#[test]
fn every_universal_compaction_is_the_one_that_rocksdb_picked() {
    let options = Options {
        compaction_style: CompactionStyle::Universal,
        level0_file_num_compaction_trigger: 4,
        target_file_size_base: 1 << 20,
        ..Options::default()
    };
    let mut tree = Tree { version: Version::new(options.levels()), next: 0 };
    let (mut matched, mut moments) = (0, 0);
    for (at, step) in history(include_str!("fixtures/rocksdb/tr_u4.jsonl")).into_iter().enumerate() {
        let pick = policy_for(&options).pick(&tree.version, &options, &Running::default());
        moments += 1;
        match step {
            Step::Flush { bytes } => {
                assert_eq!(pick, None, "line {}: RocksDB picked nothing", at + 1);
                tree.flush(bytes);
            }
            Step::Compact { taken, output_level, read, written, tables, after } => {
                let pick = pick.unwrap_or_else(|| panic!("line {}: nothing was picked", at + 1));
                let ours: BTreeMap<_, _> = pick.inputs.iter().map(|i| (i.level, i.tables.len())).collect();
                assert_eq!((ours, pick.output_level), (taken, output_level), "line {}", at + 1);
                let bytes: u64 = pick.tables().map(|(_, id)| tree.version.find(id).expect("an input").1.bytes).sum();
                assert_eq!(bytes, read, "line {}: the same tables were read", at + 1);
                tree.compact(&pick, written, tables);
                let levels: Vec<usize> = tree.version.levels.iter().map(Vec::len).collect();
                assert_eq!(levels, after, "line {}: the tree afterwards", at + 1);
                matched += 1;
            }
        }
    }
    assert_eq!((matched, moments), (246, 546));
}
