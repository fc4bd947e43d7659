//! The scene is a fold over events, and nothing else: after every single event, it must hold exactly what the engine
//! answers when it is asked. Random operations, options, snapshots, open iterators and reopenings, clean or not.

#![cfg(not(target_arch = "wasm32"))]

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    Engine, ErrorKind, Options,
    engine::{Batch, ScanIter, ScanRange, Snapshot},
    entry::{Bytes, EntryKind},
    scene::Scene,
    storage::{
        FileId, Storage, block_on,
        fault::{Call, Fault, PlannedFailure},
        memory::Memory,
    },
    timeline::{Limits, Recorder, Timeline},
    trace::{Detail, Event, Report, Tracer},
};
use proptest::{prelude::*, test_runner::Config};

#[allow(dead_code, reason = "the model test uses the rest")]
#[path = "model/ops.rs"]
mod ops;
use ops::{Op, Write, cases, operations, options};

/// A tracer that keeps a scene beside the engine and compares them after every event.
#[derive(Clone)]
struct Checking(Rc<RefCell<Checked>>);

struct Checked {
    scene: Scene,
    recorder: Recorder,
    told: Vec<String>,
}

impl Checking {
    fn new(options: &Options) -> Checking {
        let options = Rc::new(options.clone());
        let limits = Limits { checkpoint_every: 64, ..Limits::default() };
        let recorder = Recorder::new(Timeline::with_limits(&options, limits));
        Checking(Rc::new(RefCell::new(Checked { scene: Scene::new(&options), recorder, told: Vec::new() })))
    }

    fn timeline(&self) -> Rc<RefCell<Timeline>> {
        self.0.borrow().recorder.timeline().clone()
    }
}

impl Tracer for Checking {
    fn wants(&self, _: Detail) -> bool {
        true
    }

    fn event(&mut self, event: Event, engine: &dyn Fn() -> Report) {
        let checked = &mut *self.0.borrow_mut();
        checked.scene.apply(&event);
        checked.told.push(format!("{event:?}"));
        let (ours, theirs) = (checked.scene.report(), engine());
        let last = || checked.told[checked.told.len().saturating_sub(6)..].join("\n");
        assert_eq!(ours, theirs, "scene (left) and engine (right) differ after\n{}", last());
        checked.recorder.event(event, engine);
    }

    fn bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        self.0.borrow_mut().recorder.bytes(file, offset, bytes);
    }
}

/// What an operation may need besides the engine.
struct Run {
    engine: Option<Engine<Memory, Checking>>,
    snapshots: Vec<Snapshot>,
    iter: Option<ScanIter>,
    levels: u64,
}

impl Run {
    fn open(storage: Memory, options: Options, tracer: Checking) -> Run {
        let levels = options.num_levels;
        let engine = block_on(Engine::open(storage, options, tracer)).map_err(|failed| failed.error).unwrap();
        Run { engine: Some(engine), snapshots: Vec::new(), iter: None, levels }
    }

    fn apply(&mut self, op: &Op) {
        let engine = self.engine.as_mut().unwrap();
        match op {
            Op::Write(Write::Put(key, value)) => drop(block_on(engine.put(key, value)).unwrap()),
            Op::Write(Write::Delete(key)) => drop(block_on(engine.delete(key)).unwrap()),
            Op::Batch(writes) => drop(block_on(engine.write(&batch(writes))).unwrap()),
            Op::Get(key) => drop(block_on(engine.get(key)).unwrap()),
            Op::Scan(range) => drop(block_on(engine.scan(range.clone(), None)).unwrap()),
            Op::Snapshot => self.snapshots.push(engine.snapshot()),
            Op::Release(n) if !self.snapshots.is_empty() => {
                let snapshot = self.snapshots.swap_remove(n % self.snapshots.len());
                engine.release(snapshot.id).unwrap();
            }
            Op::ReadSnapshot(n, key, range) if !self.snapshots.is_empty() => {
                let snapshot = self.snapshots[n % self.snapshots.len()];
                block_on(engine.lookup(key, Some(snapshot))).unwrap();
                block_on(engine.scan(range.clone(), Some(snapshot))).unwrap();
            }
            Op::OpenIterator(range) => self.iter = Some(engine.iter(range.clone(), None).unwrap()),
            Op::StepIterator(steps) => {
                for _ in 0..*steps {
                    let Some(iter) = &mut self.iter else { break };
                    block_on(iter.next(engine)).unwrap();
                }
            }
            Op::Flush => block_on(engine.flush()).unwrap(),
            Op::Compact(level) => {
                block_on(engine.compact(level.map(|level| level % self.levels as usize))).unwrap();
            }
            Op::Wait(seconds) => block_on(engine.advance_time(*seconds)).unwrap(),
            Op::Reopen(options, cleanly) => self.reopen(options, *cleanly),
            Op::Release(_) | Op::ReadSnapshot(..) => {}
        }
    }

    fn reopen(&mut self, options: &Options, cleanly: bool) {
        let mut engine = self.engine.take().unwrap();
        if cleanly {
            block_on(engine.close()).unwrap();
        }
        let (storage, tracer) = engine.into_parts();
        let options = Options { num_levels: options.num_levels.max(self.levels), ..options.clone() };
        *self = Run::open(storage, options, tracer);
    }
}

fn batch(writes: &[Write]) -> Batch {
    let mut batch = Batch::new();
    for write in writes {
        match write {
            Write::Put(key, value) => batch.put(key, value).unwrap(),
            Write::Delete(key) => batch.delete(key).unwrap(),
        }
    }
    batch
}

/// Every file's bytes are kept for the inspector: as many of them as the engine's report says there are.
fn check_files(run: &Run, timeline: &Timeline) -> Result<(), TestCaseError> {
    let report = run.engine.as_ref().unwrap().report();
    for log in &report.wals {
        let file = FileId::wal(log.wal);
        prop_assert!(timeline.files().get(file, log.bytes).is_some(), "{file}");
        prop_assert_eq!(timeline.tip().file_len(file), Some(log.bytes));
    }
    let (file, bytes) = report.manifest.unwrap();
    prop_assert!(timeline.files().get(file, bytes).is_some(), "{file}");
    prop_assert_eq!(timeline.tip().file_len(file), Some(bytes));
    Ok(())
}

/// Every table is listed with its entries, and the newest versions of memtables and tables together are what a scan
/// returns.
fn check_entries(run: &mut Run, scene: &Scene) -> Result<(), TestCaseError> {
    let engine = run.engine.as_mut().unwrap();
    let report = engine.report();
    let memtables = [&report.active].into_iter().chain(&report.immutables);
    let mut entries: Vec<(Bytes, u64, EntryKind)> = memtables
        .flat_map(|memtable| memtable.entries.iter().map(|(key, seq, kind, _)| (key.clone(), *seq, *kind)))
        .collect();
    for table in report.levels.iter().flat_map(|level| level.iter()) {
        let listed = scene.entries_of(table.id).ok_or_else(|| TestCaseError::fail("a table is not listed"))?;
        prop_assert_eq!(listed.len() as u64, table.entries);
        let ends = listed.first().zip(listed.last()).map(|(first, last)| (&first.key, &last.key));
        prop_assert_eq!(ends, Some((&table.smallest, &table.largest)));
        prop_assert!(listed.iter().all(|entry| entry.value.is_some()), "each of its writes was reported");
        entries.extend(listed.iter().map(|entry| (entry.key.clone(), entry.seq, entry.kind)));
    }
    entries.sort_by(|a, b| (&a.0, std::cmp::Reverse(a.1)).cmp(&(&b.0, std::cmp::Reverse(b.1))));
    entries.dedup_by(|later, newest| later.0 == newest.0);
    let newest: Vec<Vec<u8>> =
        entries.into_iter().filter(|(.., kind)| *kind == EntryKind::Put).map(|(key, ..)| key.to_vec()).collect();
    let scanned = block_on(engine.scan(ScanRange::default(), None)).unwrap();
    prop_assert_eq!(newest, scanned.entries.into_iter().map(|(key, _)| key.to_vec()).collect::<Vec<_>>());
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: cases(150), ..Config::default() })]
    #[test]
    fn after_every_event_the_scene_holds_what_the_engine_holds(
        options in options(),
        ops in operations(60..160),
        seeks in proptest::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let tracer = Checking::new(&options);
        let timeline = tracer.timeline();
        let mut run = Run::open(Memory::new(), options, tracer);
        ops.iter().for_each(|op| run.apply(op));
        let scene = timeline.borrow().tip().clone();
        check_entries(&mut run, &scene)?;
        let mut timeline = timeline.borrow_mut();
        check_files(&run, &timeline)?;
        // And the timeline goes back to any of these moments.
        let mut folded = Scene::new(&Rc::new(Options::default()));
        let mut positions: Vec<usize> = seeks.iter().map(|at| at.index(timeline.len() + 1)).collect();
        positions.sort_unstable();
        let mut at = 0;
        let mut expected = Vec::new();
        for position in positions {
            while at < position {
                folded.apply(timeline.event(at).unwrap().event);
                at += 1;
            }
            if position > 0 {
                expected.push((position, folded.report()));
            }
        }
        for (position, report) in expected.into_iter().rev() {
            prop_assert_eq!(timeline.seek(position).report(), report, "at {}", position);
        }
    }
}

/// Small memtables, and logs that outlive a few openings.
fn few_entries(mode: &str) -> Options {
    let mut options = lsmscope::options::preset("teaching").unwrap();
    options.set("write_buffer_entries", "5").unwrap();
    options.set("wal_recovery_mode", mode).unwrap();
    options
}

fn open<S: Storage>(disk: S, options: Options, tracer: Checking) -> Engine<S, Checking> {
    block_on(Engine::open(disk, options, tracer)).map_err(|failed| failed.error).unwrap()
}

fn salvage(disk: Memory, mode: &str) -> Engine<Memory, Checking> {
    let options = few_entries(mode);
    let tracer = Checking::new(&options);
    open(disk, options, tracer)
}

#[test]
fn a_salvage_is_drawn_as_it_is_wherever_the_log_is_damaged() {
    let mut disk = Memory::new();
    for session in 0..3 {
        let mut engine = salvage(disk, "point_in_time");
        for n in 0..3 {
            block_on(engine.put(format!("{session}{n}").as_bytes(), b"value")).unwrap();
        }
        disk = engine.into_parts().0;
    }
    let logs = block_on(disk.list()).unwrap();
    let logs: Vec<(FileId, u64)> = logs.into_iter().filter(|(f, _)| *f == FileId::wal(f.number)).collect();
    assert!(logs.len() > 1, "{logs:?}");
    for (log, length) in logs {
        for offset in 0..length as usize {
            for mode in ["point_in_time", "skip_any_corrupted_records"] {
                let mut harmed = disk.clone();
                harmed.bytes_mut(log).unwrap()[offset] ^= 1;
                let mut engine = salvage(harmed, mode);
                block_on(engine.put(b"later", b"write")).unwrap();
                let mut torn = disk.clone();
                torn.bytes_mut(log).unwrap().truncate(offset);
                block_on(salvage(torn, mode).flush()).unwrap();
            }
        }
    }
}

#[test]
fn failures_are_drawn_as_they_are() {
    for call in [Call::Append, Call::Sync, Call::Create, Call::Read, Call::Remove, Call::SwapCurrent] {
        for after in 0..30 {
            for for_good in [false, true] {
                let disk = block_on(Fault::new(Memory::new())).unwrap();
                let controls = disk.controls().clone();
                let options = few_entries("tolerate_corrupted_tail_records");
                let tracer = Checking::new(&options);
                let mut engine = open(disk, options.clone(), tracer);
                controls.fail(Some(PlannedFailure { call, on: None, after, for_good, with: ErrorKind::Io }));
                for n in 0..40u32 {
                    // Whether it goes well is for others to judge.
                    let _ = block_on(engine.put(format!("k{}", n % 13).as_bytes(), b"a value"));
                    let _ = block_on(engine.get(b"k7"));
                }
                controls.fail(None);
                let (disk, tracer) = engine.into_parts();
                open(disk, options, tracer);
            }
        }
    }
}
