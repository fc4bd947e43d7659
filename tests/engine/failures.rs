//! Every call of the storage fails, one at a time: once or for good, with an I/O error or for want of space.
//!
//! One script of writes, flushes, compactions and reads runs against each such disk, and after every step readers must
//! see what was acknowledged, and nothing else. In the end, the database is opened again: after the death of the
//! process, and after power cuts.

use std::collections::BTreeMap;

use lsmscope::{
    Engine, Error, ErrorKind, Options,
    engine::{Batch, ScanRange},
    storage::{
        FileId, FileKind, Storage, block_on,
        fault::{Call, Fault, Keep, PlannedFailure},
        memory::Memory,
    },
    trace::NoTrace,
};

use super::options;

type Disk = Fault<Memory>;
type State = BTreeMap<String, String>;

/// One step: writes (no value: a delete), which are one batch, or a job.
#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(String, Option<String>)>),
    Flush,
    Compact,
}

/// Forty steps over eleven keys: about seven flushes, some compactions, and a new manifest now and then.
fn script() -> Vec<Step> {
    let key = |n: usize| format!("k{:02}", n * 7 % 11);
    (0..40)
        .map(|n| match n {
            13 | 31 => Step::Flush,
            21 | 36 => Step::Compact,
            _ if n % 5 == 4 => Step::Write(vec![(key(n + 2), None)]),
            _ if n % 7 == 6 => Step::Write((0..3).map(|i| (key(n + i), Some(format!("batch {n}.{i}")))).collect()),
            _ => Step::Write(vec![(key(n), Some(format!("value {n}")))]),
        })
        .collect()
}

fn small() -> Options {
    options(&[("max_manifest_file_size", "600"), ("block_cache_size", "0"), ("target_file_size_base", "400")])
}

fn apply(state: &mut State, writes: &[(String, Option<String>)]) {
    for (key, value) in writes {
        match value {
            Some(value) => state.insert(key.clone(), value.clone()),
            None => state.remove(key),
        };
    }
}

fn scan(engine: &mut Engine<Disk>) -> Result<State, Error> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let found = block_on(engine.scan(ScanRange::default(), None))?;
    Ok(found.entries.into_iter().map(|(k, v)| (text(k), text(v))).collect())
}

fn open(disk: Disk) -> Result<Engine<Disk>, Box<lsmscope::engine::Failed<Disk, NoTrace>>> {
    block_on(Engine::open(disk, small(), NoTrace))
}

/// A run of the script, and what must be there afterwards.
struct Run {
    engine: Engine<Disk>,
    /// What was acknowledged.
    acknowledged: State,
    /// And with the write during which the log failed: it may be there or not.
    unsure: State,
    /// What is failing, for messages.
    name: String,
}

impl Run {
    fn write(&mut self, writes: &[(String, Option<String>)]) {
        let mut batch = Batch::new();
        for (key, value) in writes {
            match value {
                Some(value) => batch.put(key.as_bytes(), value.as_bytes()).unwrap(),
                None => batch.delete(key.as_bytes()).unwrap(),
            }
        }
        let stopped = self.engine.stopped().is_some();
        match block_on(self.engine.write(&batch)) {
            Ok(_) => {
                assert!(!stopped, "{}: a write after writes were stopped", self.name);
                apply(&mut self.acknowledged, writes);
                self.unsure = self.acknowledged.clone();
            }
            Err(error) if stopped => {
                assert_eq!(error.kind, ErrorKind::WritesStopped, "{}", self.name);
                assert!(error.message.contains("writes are stopped"), "{}: {error}", self.name);
            }
            Err(_) if self.engine.stopped().is_some() => apply(&mut self.unsure, writes),
            // The write found no room; it never began.
            Err(_) => {}
        }
    }

    fn step(&mut self, step: &Step) {
        let stopped = self.engine.stopped().is_some();
        let job = match step {
            Step::Write(writes) => {
                self.write(writes);
                Ok(())
            }
            Step::Flush => block_on(self.engine.flush()),
            Step::Compact => block_on(self.engine.compact(None)).map(drop),
        };
        match job {
            Err(error) if stopped => assert_eq!(error.kind, ErrorKind::WritesStopped, "{}", self.name),
            Ok(()) => assert!(!stopped || matches!(step, Step::Write(_)), "{}", self.name),
            Err(_) => {}
        }
    }

    /// Readers see what was acknowledged, or that it cannot be read.
    fn check_reads(&mut self) {
        if let Ok(seen) = scan(&mut self.engine) {
            assert_eq!(seen, self.acknowledged, "{}", self.name);
        }
        for key in ["k00", "k05", "k10"] {
            if let Ok(value) = block_on(self.engine.get(key.as_bytes())) {
                let expected = self.acknowledged.get(key).map(|v| v.as_bytes().to_vec());
                assert_eq!(value, expected, "{}, {key}", self.name);
            }
        }
    }

    /// The disk is whole again: everything goes on, unless the log had failed.
    fn heal(&mut self) {
        self.engine.storage().controls().fail(None);
        self.engine.storage().controls().set_room(None);
        assert_eq!(scan(&mut self.engine).unwrap(), self.acknowledged, "{}", self.name);
        if self.engine.stopped().is_none() {
            block_on(self.engine.flush()).unwrap_or_else(|e| panic!("{}: {e}", self.name));
            block_on(self.engine.compact(None)).unwrap_or_else(|e| panic!("{}: {e}", self.name));
            assert_eq!(self.engine.job_error(), None, "{}", self.name);
            assert_eq!(scan(&mut self.engine).unwrap(), self.acknowledged, "{}", self.name);
            self.check_files();
        }
    }

    /// Nothing that failed left a file behind.
    fn check_files(&self) {
        let files = block_on(self.engine.storage().list()).unwrap();
        let count = |kind| files.iter().filter(|(f, _)| f.kind == kind).count();
        let (tables, logs) = (self.engine.version().tables().count(), self.engine.report().wals.len());
        assert_eq!(
            (count(FileKind::Table), count(FileKind::Manifest), count(FileKind::Wal)),
            (tables, 1, logs),
            "{}",
            self.name
        );
    }

    /// After the death of the process, and after power cuts: everything acknowledged is there.
    fn reopen(self) {
        let disk = self.engine.into_parts().0;
        for keep in [None, Some(Keep::Nothing), Some(Keep::Everything), Some(Keep::Torn(7)), Some(Keep::Torn(8))] {
            let name = format!("{}, then {keep:?}", self.name);
            let mut disk = disk.image();
            if let Some(keep) = keep {
                block_on(disk.cut(keep)).unwrap();
            }
            let mut engine = open(disk).unwrap_or_else(|failed| panic!("{name}: {}", failed.error));
            let seen = scan(&mut engine).unwrap();
            assert!(seen == self.acknowledged || seen == self.unsure, "{name}: {seen:?}");
            // What was seen is there for good.
            block_on(engine.put(b"later", b"write")).unwrap();
            let mut disk = engine.into_parts().0;
            block_on(disk.cut(Keep::Nothing)).unwrap();
            let mut engine = open(disk).unwrap_or_else(|failed| panic!("{name}, cut again: {}", failed.error));
            let mut again = scan(&mut engine).unwrap();
            assert_eq!(again.remove("later").as_deref(), Some("write"), "{name}");
            assert_eq!(again, seen, "{name}, cut again");
        }
    }
}

/// Opens a new database on a disk that `harm` was done to, and runs the script there. An open that failed is tried
/// again once the disk is whole.
fn run(name: String, harm: impl FnOnce(&Disk)) -> Run {
    let disk = block_on(Fault::new(Memory::new())).unwrap();
    harm(&disk);
    let engine = match open(disk) {
        Ok(engine) => engine,
        Err(failed) => {
            failed.storage.controls().fail(None);
            failed.storage.controls().set_room(None);
            open(failed.storage).unwrap_or_else(|failed| panic!("{name}: {}", failed.error))
        }
    };
    let mut run = Run { engine, acknowledged: State::new(), unsure: State::new(), name };
    for step in script() {
        run.step(&step);
        run.check_reads();
    }
    run
}

/// Lets the nth `call` fail, for every n; returns how many there were.
fn every(call: Call, with: ErrorKind) -> u64 {
    for after in 0.. {
        for for_good in [true, false] {
            let failure = PlannedFailure { call, on: None, after, for_good, with };
            let mut run = run(format!("{failure:?}"), |disk| disk.controls().fail(Some(failure)));
            let reached = run.engine.storage().controls().failed() > 0;
            run.heal();
            run.reopen();
            if !reached {
                return after;
            }
        }
    }
    unreachable!("the script ends")
}

#[test]
fn an_append_that_fails_takes_nothing_acknowledged_with_it() {
    assert!(every(Call::Append, ErrorKind::Io) > 30);
}

#[test]
fn a_sync_that_fails_takes_nothing_acknowledged_with_it() {
    assert!(every(Call::Sync, ErrorKind::Io) > 30);
}

#[test]
fn a_file_that_cannot_be_created_takes_nothing_acknowledged_with_it() {
    for with in [ErrorKind::Io, ErrorKind::NoSpace] {
        assert!(every(Call::Create, with) > 10);
    }
}

#[test]
fn a_read_that_fails_changes_nothing() {
    assert!(every(Call::Read, ErrorKind::Io) > 100);
}

#[test]
fn a_removal_that_fails_is_made_up_for_later() {
    assert!(every(Call::Remove, ErrorKind::Io) > 10);
}

#[test]
fn a_manifest_that_cannot_be_made_current_takes_nothing_acknowledged_with_it() {
    assert!(every(Call::SwapCurrent, ErrorKind::Io) > 1);
}

#[test]
fn an_open_that_cannot_even_look_can_be_tried_again() {
    assert_eq!((every(Call::Current, ErrorKind::Io), every(Call::List, ErrorKind::Io)), (1, 1));
}

#[test]
fn a_disk_that_fills_up_at_any_byte_takes_nothing_acknowledged_with_it() {
    let complete = run("no limit".into(), |_| ()).acknowledged;
    let mut last = State::new();
    for room in (0..4000).step_by(7) {
        let mut run = run(format!("room for {room} bytes"), |disk| disk.controls().set_room(Some(room)));
        last = run.acknowledged.clone();
        run.heal();
        run.reopen();
    }
    assert_eq!(last, complete, "in the end there is room for everything");
}

/// A disk as a crash leaves it: tables, live logs, one torn, a torn manifest, and files that nothing refers to.
fn crashed() -> (Disk, State) {
    let run = run("nothing fails".into(), |_| ());
    let (mut memory, state) = (run.engine.into_parts().0.into_inner(), run.acknowledged);
    let files = block_on(memory.list()).unwrap();
    let of = |kind| files.iter().map(|(f, _)| *f).rfind(|f| f.kind == kind).unwrap();
    memory.bytes_mut(of(FileKind::Wal)).unwrap().extend([7; 11]);
    memory.bytes_mut(of(FileKind::Manifest)).unwrap().extend([7; 11]);
    for orphan in [FileId::table(900), FileId::manifest(901), FileId::wal(1)] {
        block_on(memory.create(orphan, b"left behind")).unwrap();
    }
    (block_on(Fault::new(memory)).unwrap(), state)
}

#[test]
fn an_open_that_any_failure_ends_can_be_tried_again() {
    let (disk, state) = crashed();
    let calls = [
        Call::Append,
        Call::Sync,
        Call::Create,
        Call::Read,
        Call::SwapCurrent,
        Call::Current,
        Call::Remove,
        Call::List,
    ];
    let mut failed = 0;
    for mode in ["tolerate_corrupted_tail_records", "point_in_time"] {
        for (call, after, for_good) in
            calls.iter().flat_map(|c| (0..12).flat_map(move |n| [(*c, n, false), (*c, n, true)]))
        {
            let name = format!("{mode}, {call:?} after {after}, for good: {for_good}");
            let attempt = disk.image();
            attempt.controls().fail(Some(PlannedFailure { call, on: None, after, for_good, with: ErrorKind::Io }));
            let mut options = small();
            options.set("wal_recovery_mode", mode).unwrap();
            let (disk, opened) = match block_on(Engine::open(attempt, options.clone(), NoTrace)) {
                Ok(engine) => (engine.into_parts().0, true),
                Err(failure) => (failure.storage, false),
            };
            failed += u64::from(!opened);
            for keep in [None, Some(Keep::Nothing), Some(Keep::Torn(5))] {
                let mut disk = disk.image();
                if let Some(keep) = keep {
                    block_on(disk.cut(keep)).unwrap();
                }
                let engine = block_on(Engine::open(disk, options.clone(), NoTrace));
                let mut engine = engine.unwrap_or_else(|e| panic!("{name}, then {keep:?}: {}", e.error));
                assert_eq!(scan(&mut engine).unwrap(), state, "{name}, then {keep:?}");
            }
        }
    }
    assert!(failed > 20, "only {failed} of the failures were met");
}
