//! The scene is a fold over events, and nothing else: after every single event, it must hold exactly what the engine
//! answers when it is asked. Random operations, options, snapshots, open iterators and reopenings, clean or not.

#![cfg(not(target_arch = "wasm32"))]

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    Engine, Options,
    engine::{Batch, Iter, Report, Snapshot},
    scene::Scene,
    storage::{block_on, memory::Memory},
    timeline::{Limits, Recorder, Timeline},
    trace::{Detail, Event, Tracer},
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

    fn bytes(&mut self, file: lsmscope::storage::FileId, offset: u64, bytes: &[u8]) {
        self.0.borrow_mut().recorder.bytes(file, offset, bytes);
    }
}

/// What an operation may need besides the engine.
struct Run {
    engine: Option<Engine<Memory, Checking>>,
    snapshots: Vec<Snapshot>,
    iter: Option<Iter>,
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
            Op::Wait(seconds) => engine.advance_time(*seconds),
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
        let file = lsmscope::storage::FileId::wal(log.wal);
        prop_assert!(timeline.files().get(file, log.bytes).is_some(), "{file}");
        prop_assert_eq!(timeline.tip().file_len(file), Some(log.bytes));
    }
    let (file, bytes) = report.manifest.unwrap();
    prop_assert!(timeline.files().get(file, bytes).is_some(), "{file}");
    prop_assert_eq!(timeline.tip().file_len(file), Some(bytes));
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
                folded.apply(&timeline.event(at).unwrap().event);
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
