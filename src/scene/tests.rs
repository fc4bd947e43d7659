use super::{axis::KeyAxis, layout::TimelinePosition, view::*, *};
use crate::{
    entry::EntryKind,
    options::preset,
    policy::{Action, Compaction, Inputs, Reason},
    trace::{BitProbe, Place, WalRecord},
    version::TableMeta,
};

fn record(seq: SeqNo, key: &str, value: &str) -> WalRecord {
    WalRecord { seq, kind: EntryKind::Put, key: key.into(), value: value.into(), value_bytes: value.len() as u64 }
}

fn table(id: TableId, smallest: &str, largest: &str) -> Rc<TableMeta> {
    Rc::new(TableMeta {
        id,
        bytes: 300,
        entries: 4,
        tombstones: 1,
        smallest: smallest.into(),
        largest: largest.into(),
        smallest_seq: id,
        largest_seq: id + 3,
        ..TableMeta::default()
    })
}

/// A scene and its axis, fed together as the timeline does.
struct Stage {
    scene: Scene,
    axis: KeyAxis,
    seq: SeqNo,
    end: u64,
}

impl Stage {
    fn open() -> Stage {
        let options = Rc::new(preset("teaching").unwrap());
        let mut stage = Stage { scene: Scene::new(&options), axis: KeyAxis::default(), seq: 0, end: 0 };
        stage.tell(Event::RecoveryBegan { fresh: true, options, nanos: 0, counters: None });
        stage.tell(Event::WalCreated { wal: 3 });
        stage.tell(Event::RecoveryEnded { last_seq: 0, tables: 0, entries: 0 });
        stage
    }

    fn tell(&mut self, event: Event) {
        self.axis.learn(&event, 1);
        self.scene.apply(&event);
    }

    fn put(&mut self, key: &str, value: &str) {
        self.seq += 1;
        let record = record(self.seq, key, value);
        let records = vec![record.clone()];
        self.tell(Event::WalAppended { wal: 3, offset: self.end, bytes: 40, crc: 0, first_seq: self.seq, records });
        self.end += 40;
        self.tell(Event::MemtableInserted { memtable: 1, record, bytes: self.seq * 50 });
    }

    fn flush(&mut self, job: u64, output: Rc<TableMeta>) {
        self.tell(Event::FlushBegan { job, memtables: vec![1] });
        self.install(job, VersionEdit { added: vec![(0, output)], ..VersionEdit::default() }, vec![1]);
        self.tell(Event::FlushEnded { job, tables: vec![1], bytes: 300 });
    }

    fn install(&mut self, job: u64, edit: VersionEdit, flushed: Vec<u64>) {
        self.tell(Event::VersionInstalled { job, edit: Rc::new(edit), flushed });
    }

    /// The tables of a level, with what the jobs and the read do with them.
    fn states(&self, level: usize) -> Vec<(TableId, TableState, Option<ProbeState>)> {
        let tables = self.scene.version().levels[level].iter();
        let found = tables.map(|table| self.scene.find_table(&self.axis, table.id).unwrap().1);
        found.map(|table| (table.id, table.state, table.probe)).collect()
    }

    fn view(&mut self) -> View {
        self.axis.settle();
        self.scene.view(&self.axis, TimelinePosition { position: 0, length: 0, start: 0 }, None)
    }
}

#[test]
fn a_put_is_a_frame_and_then_an_entry_and_only_a_sync_makes_it_durable() {
    let mut stage = Stage::open();
    stage.put("b", "1");
    stage.put("a", "2");
    stage.tell(Event::WalSynced { wal: 3, upto: 40 });
    let view = stage.view();
    let frames = stage.scene.wals[0].view().frames;
    assert_eq!((frames[0].synced, frames[1].synced, view.wals[0].bytes), (true, false, 80));
    let keys: Vec<String> = stage.scene.active().entries().map(|r| r.key.to_string()).collect();
    assert_eq!((keys, view.wals[0].synced), (vec!["a".to_string(), "b".into()], 40));
    assert_eq!(view.memtable.fill, 0.5, "two of the four entries that the preset allows");
    assert_eq!(
        view.counters,
        Counters { writes: 2, user_bytes: 4, wal_bytes: 80, wal_syncs: 1, ..Counters::default() }
    );
}

#[test]
fn versions_of_a_key_stand_newest_first() {
    let mut stage = Stage::open();
    ["k", "k", "j", "k"].iter().for_each(|key| stage.put(key, "v"));
    let order: Vec<SeqNo> = stage.scene.active().entries().map(|r| r.seq).collect();
    assert_eq!(order, [3, 4, 2, 1]);
}

#[test]
fn replayed_inserts_are_not_counted_as_writes_and_an_open_counts_from_zero() {
    let mut stage = Stage::open();
    stage.put("a", "1");
    let options = stage.scene.options().clone();
    stage.tell(Event::RecoveryBegan { fresh: false, options, nanos: 0, counters: None });
    assert!(!stage.view().open && stage.view().memtable.count == 0, "memory is gone");
    stage.tell(Event::WalReplayBegan { wal: 3, bytes: 55 });
    let records = vec![record(1, "a", "1")];
    stage.tell(Event::FrameReplayed { wal: 3, offset: 0, bytes: 40, first_seq: 1, records });
    stage.tell(Event::MemtableInserted { memtable: 1, record: record(1, "a", "1"), bytes: 50 });
    stage.tell(Event::WalTornTail { wal: 3, offset: 40, bytes: 15, zeros: false });
    stage.tell(Event::RecoveryEnded { last_seq: 1, tables: 0, entries: 1 });
    let view = stage.view();
    assert_eq!((view.counters, view.open, view.last_seq), (Counters::default(), true, 1));
    let frames = stage.scene.wals[0].view().frames;
    assert_eq!((view.wals[0].bytes, frames.len(), frames[0].synced), (40, 1, true));
}

#[test]
fn long_logs_are_trimmed_to_the_newest_and_say_what_is_hidden() {
    let mut stage = Stage::open();
    (0..200).for_each(|i| stage.put(&format!("{:03}", (i * 7) % 200), "v"));
    let log = stage.scene.wals[0].view();
    assert_eq!((log.frames.len(), log.hidden), (MAX_FRAMES, 136));
    assert_eq!(log.frames.last().map(|f| f.first_seq), Some(200));
    assert_eq!((stage.scene.active().entries().count(), stage.view().memtable.count), (200, 200));
    let batch: Vec<WalRecord> = (0..100).map(|i| record(201 + i, "k", "v")).collect();
    stage.tell(Event::WalAppended { wal: 3, offset: 8000, bytes: 400, crc: 0, first_seq: 201, records: batch });
    let log = stage.scene.wals[0].view();
    let frame = log.frames.last().unwrap();
    assert_eq!(frame.records.len() + frame.hidden_records, 100);
}

#[test]
fn a_sealed_memtable_waits_is_flushed_and_becomes_a_table() {
    let mut stage = Stage::open();
    stage.put("c", "1");
    stage.tell(Event::MemtableSealed { memtable: 1, next: 2, reason: crate::trace::SealReason::Asked });
    stage.tell(Event::FlushBegan { job: 1, memtables: vec![1] });
    let view = stage.view();
    assert_eq!((view.immutables.len(), view.immutables[0].flushing, view.memtable.id), (1, true, 2));
    stage.tell(Event::TableBegan { job: 1, table: 9, level: 0 });
    let (first, last) = ("c".into(), "c".into());
    stage.tell(Event::BlockWritten {
        job: 1,
        table: 9,
        block: 0,
        offset: 0,
        bytes: 60,
        raw_bytes: 60,
        entries: 1,
        first,
        last,
    });
    let job = stage.view().job.unwrap();
    assert_eq!((job.kind, job.outputs[0].bytes, job.outputs[0].finished), (JobKind::Flush, 60, false));
    assert_eq!((job.outputs[0].x0, job.outputs[0].x1), (0.0, 1.0), "the one key's cell is the whole axis");
    stage.tell(Event::TableFinished { job: 1, table: table(9, "c", "c"), level: 0, cut: None });
    stage.install(1, VersionEdit { added: vec![(0, table(9, "c", "c"))], ..VersionEdit::default() }, vec![1]);
    (10..40).for_each(|id| stage.tell(Event::TableBegan { job: 1, table: id, level: 0 }));
    let job = stage.view().job.unwrap();
    assert_eq!((job.outputs.len() + job.hidden_outputs, job.outputs.last().map(|o| o.table)), (31, Some(39)));
    let view = stage.view();
    assert_eq!((view.immutables.len(), stage.states(0)[0].1), (0, TableState::Installed));
    stage.tell(Event::FlushEnded { job: 1, tables: vec![9], bytes: 300 });
    let view = stage.view();
    assert_eq!((view.job.is_none(), stage.states(0)[0].1), (true, TableState::Idle));
    assert_eq!(
        (view.counters.flushes, view.counters.flush_bytes, view.amplification.write_rocksdb),
        (1, 300, Some(1.0))
    );
}

#[test]
fn a_compaction_lights_its_inputs_counts_its_decisions_and_moves_the_shape() {
    let mut stage = Stage::open();
    stage.flush(1, table(9, "a", "m"));
    let compaction = Rc::new(Compaction {
        action: Action::Merge,
        inputs: vec![Inputs::listed(0, vec![9])],
        output_level: 1,
        target_file_size: 512,
        cuts: Default::default(),
        cursor: None,
        reason: Reason::default(),
    });
    stage.tell(Event::CompactionPicked { job: 2, compaction });
    assert_eq!(stage.states(0)[0].1, TableState::Input);
    let from = Place::Table { id: 9, level: 0 };
    let (kind, reason) = (EntryKind::Put, crate::trace::KeepReason::Newest);
    stage.tell(Event::MergeKept { job: 2, key: "a".into(), seq: 4, kind, from, reason });
    let reason = crate::trace::DropReason::Shadowed;
    stage.tell(Event::MergeDropped { job: 2, key: "a".into(), seq: 2, kind, from, reason, by: Some(4) });
    let job = stage.view().job.unwrap();
    assert_eq!((job.kept, job.dropped, job.decisions.len(), job.output_level), (1, 1, 2, 1));
    assert_eq!(job.decisions[1].by, Some(4));
    let removed = vec![(0, table(9, "a", "m"))];
    stage.install(2, VersionEdit { removed, added: vec![(1, table(10, "a", "m"))], ..VersionEdit::default() }, vec![]);
    let view = stage.view();
    assert_eq!((view.levels[0].count, stage.states(1)[0].0, view.levels[1].bytes), (0, 10, 300));
    stage.tell(Event::CompactionEnded {
        job: 2,
        bytes_read: 300,
        bytes_written: 300,
        entries_in: 2,
        entries_out: 1,
        moved: false,
    });
    assert_eq!(stage.view().amplification.write_rocksdb, Some(2.0));
}

#[test]
fn the_tables_of_a_level_are_counted_and_any_of_them_can_be_asked_for() {
    let mut stage = Stage::open();
    let many = 100;
    (0..many).for_each(|i| stage.flush(i + 1, table(i + 9, &format!("{i:03}"), "500")));
    let level = stage.view().levels.swap_remove(0);
    assert_eq!((level.count, level.bytes), (many as usize, many * 300));
    let found = stage.scene.find_table(&stage.axis, many + 8).map(|(level, table)| (level, table.id, table.bytes));
    assert_eq!(found, Some((0, many + 8, 300)));
    assert!(stage.scene.find_table(&stage.axis, 4000).is_none());
}

#[test]
fn the_tables_of_a_level_say_what_the_job_and_the_read_do_with_them() {
    let mut stage = Stage::open();
    stage.flush(1, table(9, "a", "c"));
    stage.flush(2, table(10, "d", "f"));
    stage.flush(3, table(11, "a", "f"));
    stage.tell(Event::CompactionPicked {
        job: 4,
        compaction: Rc::new(Compaction {
            action: Action::Merge,
            inputs: vec![Inputs::listed(0, vec![9, 11])],
            output_level: 1,
            target_file_size: 512,
            cuts: Default::default(),
            cursor: None,
            reason: Reason::default(),
        }),
    });
    let (input, idle) = (TableState::Input, TableState::Idle);
    assert_eq!(stage.states(0), [(11, input, None), (10, idle, None), (9, input, None)], "newest first");
    stage.tell(Event::GetBegan { key: "b".into(), at: 9 });
    stage.tell(Event::RangeProbed { table: 10, level: 0, inside: false });
    stage.tell(Event::RangeProbed { table: 9, level: 0, inside: true });
    let probes = [None, Some(ProbeState::Outside), Some(ProbeState::Inside)];
    assert_eq!(stage.states(0).iter().map(|(.., probe)| *probe).collect::<Vec<_>>(), probes);
}

#[test]
fn a_get_marks_each_table_with_what_it_learned_and_the_marks_go_with_the_next_operation() {
    let mut stage = Stage::open();
    stage.flush(1, table(9, "a", "m"));
    stage.flush(2, table(10, "c", "z"));
    stage.tell(Event::GetBegan { key: "d".into(), at: 9 });
    stage.tell(Event::MemtableProbed { memtable: 1, found: None });
    let bits = vec![BitProbe { bit: 3, set: false }];
    stage.tell(Event::FilterProbed { table: 10, level: 0, bits, maybe: false });
    stage.tell(Event::RangeProbed { table: 9, level: 0, inside: true });
    let probes = |stage: &Stage| stage.states(0).iter().map(|(.., probe)| *probe).collect::<Vec<_>>();
    assert_eq!(probes(&stage), [Some(ProbeState::FilterNo), Some(ProbeState::Inside)]);
    stage.tell(Event::BlockProbed { table: 9, level: 0, block: 0, cached: false, bytes: 60, found: Some(9) });
    stage.tell(Event::GetEnded {
        key: "d".into(),
        found: true,
        seq: Some(9),
        kind: Some(EntryKind::Put),
        place: Some(Place::Table { id: 9, level: 0 }),
        cost: Box::default(),
    });
    let view = stage.view();
    assert_eq!(probes(&stage)[1], Some(ProbeState::Found));
    let read = view.read.unwrap();
    assert!(read.done && read.found && read.x.is_some_and(|x| x > 0.0 && x < 1.0));
    stage.tell(Event::OpBegan { op: 2, command: "put a 1".into() });
    let view = stage.view();
    assert_eq!((probes(&stage), view.read.is_none()), (vec![None, None], true));
}

#[test]
fn where_only_jobs_are_told_the_memtable_has_a_count_but_no_entries() {
    let mut stage = Stage::open();
    stage.put("a", "1");
    stage.tell(Event::CacheInserted { table: 1, block: 0, bytes: 60 });
    let counters = Counters { writes: 10, wal_bytes: 400, ..Counters::default() };
    let sampled = |durable_seq| Event::Sampled {
        memtable: 1,
        entries: 10,
        bytes: 500,
        wal_bytes: 400,
        last_seq: 10,
        durable_seq,
        nanos: 0,
        counters: Box::new(counters),
    };
    stage.tell(sampled(8));
    assert_eq!(stage.view().wals[0].synced, 0, "as far as anybody was told");
    stage.tell(sampled(10));
    let view = stage.view();
    assert_eq!(view.wals[0].synced, 400, "nothing of it can be lost: a log that is sealed is shown as durable");
    assert_eq!((view.memtable.count, stage.scene.active().entries().count()), (10, 0));
    assert_eq!((view.wals[0].bytes, view.last_seq, view.counters.writes, view.cache.blocks), (400, 10, 10, 0));
}

#[test]
fn the_cache_is_counted_block_by_block() {
    let mut stage = Stage::open();
    for (table, block) in [(2, 0), (1, 1), (1, 0)] {
        stage.tell(Event::CacheInserted { table, block, bytes: 100 });
    }
    stage.tell(Event::CacheEvicted { table: 1, block: 1, bytes: 100 });
    assert_eq!(stage.scene.report().cached, [(1, 0, 100), (2, 0, 100)]);
    let cache = stage.view().cache;
    assert_eq!((cache.blocks, cache.bytes, cache.capacity), (2, 200, 512));
}
