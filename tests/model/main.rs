//! The engine against a model: random operations, options and reopenings, on the memory and the file backend.
//!
//! The model is what the words mean: a sorted map, and for each snapshot a copy of it. Whatever the options, and
//! whatever is flushed, compacted, reopened or kept open meanwhile, every read must answer as the model does.

#![cfg(not(target_arch = "wasm32"))]

mod ops;

use std::collections::BTreeMap;

use lsmscope::{
    Engine, Options,
    engine::{Batch, ScanIter, ScanRange, Snapshot},
    storage::{Storage, block_on, file::Directory, memory::Memory},
    trace::NoTrace,
};
use ops::{Op, Write, cases, operations, options};
use proptest::{prelude::*, test_runner::Config};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Keys and values, in the order of a scan.
type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// The engine beside its model.
struct Run<S: Storage> {
    engine: Option<Engine<S>>,
    options: Options,
    model: Model,
    snapshots: Vec<(Snapshot, Model)>,
    /// An iterator that stays open while other things happen, with what it has yet to return.
    open: Option<(ScanIter, Entries)>,
}

impl<S: Storage> Run<S> {
    fn new(storage: S, options: Options) -> Run<S> {
        let engine = block_on(Engine::open(storage, options.clone(), NoTrace))
            .map_err(|f| f.error)
            .expect("a new database opens");
        Run { engine: Some(engine), options, model: Model::new(), snapshots: Vec::new(), open: None }
    }

    fn engine(&mut self) -> &mut Engine<S> {
        self.engine.as_mut().expect("open")
    }

    fn write(&mut self, write: &Write) {
        match write {
            Write::Put(key, value) => self.model.insert(key.clone(), value.clone()),
            Write::Delete(key) => self.model.remove(key),
        };
    }

    fn apply(&mut self, op: &Op) -> Result<(), TestCaseError> {
        match op {
            Op::Write(write) => {
                match write {
                    Write::Put(key, value) => block_on(self.engine().put(key, value)).unwrap(),
                    Write::Delete(key) => block_on(self.engine().delete(key)).unwrap(),
                };
                self.write(write);
            }
            Op::Batch(writes) => {
                let mut batch = Batch::new();
                for write in writes {
                    match write {
                        Write::Put(key, value) => batch.put(key, value).unwrap(),
                        Write::Delete(key) => batch.delete(key).unwrap(),
                    }
                }
                block_on(self.engine().write(&batch)).unwrap();
                writes.iter().for_each(|w| self.write(w));
            }
            Op::Get(key) => {
                let found = block_on(self.engine().get(key)).unwrap();
                prop_assert_eq!(found.as_ref(), self.model.get(key));
            }
            Op::Scan(range) => {
                let scanned = block_on(self.engine().scan(range.clone(), None)).unwrap();
                prop_assert_eq!(scanned.entries, expected(&self.model, range));
            }
            Op::Snapshot => {
                let snapshot = self.engine().snapshot();
                self.snapshots.push((snapshot, self.model.clone()));
            }
            Op::Release(n) if !self.snapshots.is_empty() => {
                let (snapshot, _) = self.snapshots.swap_remove(n % self.snapshots.len());
                self.engine().release(snapshot.id).unwrap();
            }
            Op::ReadSnapshot(n, key, range) if !self.snapshots.is_empty() => {
                let (snapshot, model) = self.snapshots[n % self.snapshots.len()].clone();
                let found = block_on(self.engine().lookup(key, Some(snapshot))).unwrap();
                prop_assert_eq!(found.value.as_ref(), model.get(key));
                let scanned = block_on(self.engine().scan(range.clone(), Some(snapshot))).unwrap();
                prop_assert_eq!(scanned.entries, expected(&model, range));
            }
            Op::OpenIterator(range) => {
                let iter = self.engine().iter(range.clone(), None).unwrap();
                self.open = Some((iter, expected(&self.model, range)));
            }
            Op::StepIterator(steps) => self.step_iterator(*steps)?,
            Op::Flush => block_on(self.engine().flush()).unwrap(),
            Op::Compact(level) => {
                let levels = self.options.num_levels as usize;
                block_on(self.engine().compact(level.map(|l| l % levels))).unwrap();
            }
            Op::Wait(seconds) => block_on(self.engine().advance_time(*seconds)).unwrap(),
            Op::Reopen(changes, cleanly) => self.reopen(changes, *cleanly),
            Op::Release(_) | Op::ReadSnapshot(..) => {}
        }
        Ok(())
    }

    fn step_iterator(&mut self, steps: usize) -> Result<(), TestCaseError> {
        let Some((mut iter, mut rest)) = self.open.take() else { return Ok(()) };
        for _ in 0..steps {
            let found = block_on(iter.next(self.engine())).unwrap();
            let wanted = (!rest.is_empty()).then(|| rest.remove(0));
            prop_assert_eq!(&found, &wanted);
            if found.is_none() {
                return Ok(());
            }
        }
        self.open = Some((iter, rest));
        Ok(())
    }

    fn reopen(&mut self, options: &Options, cleanly: bool) {
        self.open = None;
        self.snapshots.clear();
        let mut engine = self.engine.take().expect("open");
        if cleanly {
            block_on(engine.close()).unwrap();
        }
        let (storage, trace) = engine.into_parts();
        // Levels that hold tables cannot be taken away.
        let mut options = options.clone();
        options.num_levels = options.num_levels.max(self.options.num_levels);
        let engine =
            block_on(Engine::open(storage, options.clone(), trace)).map_err(|f| f.error).expect("it opens again");
        self.engine = Some(engine);
        self.options = options;
    }

    fn finish(mut self) -> Result<(), TestCaseError> {
        let everything = ScanRange::default();
        let scanned = block_on(self.engine().scan(everything.clone(), None)).unwrap();
        prop_assert_eq!(scanned.entries, expected(&self.model, &everything));
        Ok(())
    }
}

fn expected(model: &Model, range: &ScanRange) -> Entries {
    let inside =
        |key: &Vec<u8>| range.start.as_ref().is_none_or(|s| key >= s) && range.end.as_ref().is_none_or(|e| key <= e);
    let mut entries: Vec<_> = model.iter().filter(|(k, _)| inside(k)).map(|(k, v)| (k.clone(), v.clone())).collect();
    if range.reverse {
        entries.reverse();
    }
    entries.truncate(range.limit.map_or(usize::MAX, |l| l as usize));
    entries
}

fn run<S: Storage>(storage: S, options: Options, ops: &[Op]) -> Result<(), TestCaseError> {
    let mut run = Run::new(storage, options);
    for op in ops {
        run.apply(op)?;
    }
    run.finish()
}

proptest! {
    #![proptest_config(Config { cases: cases(1500), ..Config::default() })]
    #[test]
    fn memory_answers_as_the_model(options in options(), ops in operations(200..260)) {
        run(Memory::new(), options, &ops)?;
    }
}

proptest! {
    #![proptest_config(Config { cases: cases(600), ..Config::default() })]
    #[test]
    fn files_answer_as_the_model(options in options(), ops in operations(200..260)) {
        let directory = directory();
        let storage = Directory::open(directory.path()).unwrap();
        run(storage, options, &ops)?;
    }
}

/// A directory in memory where there is one: what is tested is the engine on real files, not the disk's patience.
fn directory() -> tempfile::TempDir {
    let in_memory = std::path::Path::new("/dev/shm");
    if in_memory.is_dir() { tempfile::tempdir_in(in_memory) } else { tempfile::tempdir() }.unwrap()
}
