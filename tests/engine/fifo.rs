//! FIFO compaction: the oldest tables go, with all that they hold, and nothing else does.

use std::collections::BTreeMap;

use lsmscope::{
    Engine, Options,
    engine::ScanRange,
    options::preset,
    random::Random,
    storage::{FileKind, Storage, block_on, memory::Memory},
};

use super::{crash, get, open, put};

fn options(changes: &[(&str, &str)]) -> Options {
    let mut options = preset("fifo").unwrap();
    for (name, value) in changes {
        options.set(name, value).unwrap();
    }
    options
}

fn bytes(engine: &Engine<Memory>) -> u64 {
    engine.version().tables().map(|(_, t)| t.bytes).sum()
}

fn tables_on_disk(engine: &Engine<Memory>) -> usize {
    block_on(engine.storage().list()).unwrap().iter().filter(|f| f.0.kind == FileKind::Table).count()
}

#[test]
fn the_oldest_go_when_there_is_too_much_and_not_a_byte_is_rewritten() {
    let mut engine = open(Memory::new(), options(&[])).unwrap();
    for n in 0..60 {
        put(&mut engine, &format!("key{n:02}"), "value").unwrap();
    }
    assert!(bytes(&engine) <= 1500, "{} bytes", bytes(&engine));
    assert_eq!(get(&mut engine, "key00"), None);
    assert_eq!(get(&mut engine, "key59").as_deref(), Some("value"));
    let counters = engine.counters();
    assert!(counters.compactions > 0 && counters.moves == 0);
    assert_eq!((counters.compaction_bytes_read, counters.compaction_bytes_written), (0, 0));
    assert_eq!(tables_on_disk(&engine), engine.version().levels[0].len(), "their files are gone too");
}

#[test]
fn what_is_too_old_goes_at_the_next_chance() {
    let mut engine = open(Memory::new(), options(&[("ttl", "100")])).unwrap();
    put(&mut engine, "old", "value").unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.advance_time(101)).unwrap();
    put(&mut engine, "new", "value").unwrap();
    block_on(engine.flush()).unwrap();
    assert_eq!((get(&mut engine, "old"), get(&mut engine, "new").as_deref()), (None, Some("value")));
    block_on(engine.advance_time(101)).unwrap();
    assert_eq!(block_on(engine.compact(None)).unwrap(), 1, "by hand, what is due is done");
    assert_eq!((get(&mut engine, "new"), engine.version().sorted_runs()), (None, 0));
}

/// As in RocksDB: an iterator keeps the tables that it reads, a snapshot does not.
#[test]
fn an_open_iterator_still_reads_what_was_dropped_and_a_snapshot_does_not() {
    let mut engine = open(Memory::new(), options(&[])).unwrap();
    put(&mut engine, "a", "value").unwrap();
    block_on(engine.flush()).unwrap();
    let snapshot = engine.snapshot();
    let mut iter = engine.iter(ScanRange::default(), None).unwrap();
    for n in 0..60 {
        put(&mut engine, &format!("key{n:02}"), "value").unwrap();
    }
    assert_eq!(block_on(iter.next(&mut engine)).unwrap(), Some((b"a".to_vec(), b"value".to_vec())));
    assert_eq!(block_on(engine.lookup(b"a", Some(snapshot))).unwrap().value, None);
}

/// What every key must read as: its last write, for as long as a table or a memtable has it.
struct Model {
    last: BTreeMap<String, (u64, Option<String>)>,
    /// The last write that is in a table, or was.
    flushed: u64,
}

impl Model {
    /// Every key is as it should be; returns how many were dropped.
    fn check(&mut self, engine: &mut Engine<Memory>) -> usize {
        let tables = engine.version().levels[0].clone();
        self.flushed = tables.iter().map(|t| t.largest_seq).max().unwrap_or(self.flushed).max(self.flushed);
        let is_there =
            |seq: u64| seq > self.flushed || tables.iter().any(|t| (t.smallest_seq..=t.largest_seq).contains(&seq));
        let mut dropped = 0;
        for (key, (seq, value)) in &self.last {
            let expected = if is_there(*seq) { value.clone() } else { None };
            dropped += usize::from(value.is_some() && expected.is_none());
            assert_eq!(get(engine, key), expected, "{key}, written as {seq}");
        }
        dropped
    }
}

#[test]
fn every_key_reads_as_last_written_or_not_at_all() {
    let mut random = Random::new(7);
    let mut dropped = 0;
    let mut merges = 0;
    for _ in 0..40 {
        let set = Options {
            ttl: if random.one_in(2) { 20 + random.below(200) } else { 0 },
            fifo_max_table_files_size: 300 + random.below(4000),
            fifo_allow_compaction: random.one_in(2),
            level0_file_num_compaction_trigger: 2 + random.below(3),
            ..options(&[])
        };
        let mut engine = open(Memory::new(), set.clone()).unwrap();
        let mut model = Model { last: BTreeMap::new(), flushed: 0 };
        for n in 0..150 {
            let key = format!("k{:02}", random.below(40));
            let value = (!random.one_in(5)).then(|| format!("value{n}"));
            let seq = match &value {
                Some(value) => put(&mut engine, &key, value).unwrap(),
                None => block_on(engine.delete(key.as_bytes())).unwrap(),
            };
            model.last.insert(key, (seq, value));
            match random.below(30) {
                0 => block_on(engine.flush()).unwrap(),
                1 => block_on(engine.advance_time(random.below(80))).unwrap(),
                2 => engine = crash(engine, set.clone()).unwrap(),
                _ => {}
            }
            if n % 10 == 0 {
                dropped += model.check(&mut engine);
            }
        }
        dropped += model.check(&mut engine);
        merges += u64::from(engine.counters().compaction_bytes_read > 0);
        assert!(bytes(&engine) <= set.fifo_max_table_files_size, "{set:?}");
    }
    assert!(dropped > 100 && merges > 5, "{dropped} keys dropped, {merges} databases merged: the test tests nothing");
}
