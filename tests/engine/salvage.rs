//! A log that is not as it was written, and what each recovery mode makes of it.
//!
//! The database has three logs, `000002.log` to `000004.log`, of three frames of 29 bytes each; their nine writes are
//! `a` to `i`, with sequence numbers from 1. What an open found is told in short: `torn 4@58+28` is a torn tail of 28
//! bytes at byte 58 of log 4, `gap 3..3` is a write that is missing.

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    Engine, Error, ErrorKind,
    engine::ScanRange,
    storage::{
        FileId, FileKind, Storage, block_on,
        fault::{Fault, Keep},
        memory::Memory,
    },
    trace::{Detail, Event, Report, Tracer},
};

use self::cases::{CASES, SECOND};
use super::{open, options, put};

mod cases;

const MODES: [&str; 4] =
    ["absolute_consistency", "tolerate_corrupted_tail_records", "point_in_time", "skip_any_corrupted_records"];

/// Keeps what recovery tells of logs.
#[derive(Clone, Debug, Default)]
struct Told(Rc<RefCell<Vec<String>>>);

impl Tracer for Told {
    fn wants(&self, detail: Detail) -> bool {
        detail <= Detail::Jobs
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        let line = match event {
            Event::WalTornTail { wal, offset, bytes, zeros: true } => format!("zeros {wal}@{offset}+{bytes}"),
            Event::WalTornTail { wal, offset, bytes, .. } => format!("torn {wal}@{offset}+{bytes}"),
            Event::WalDamaged { wal, offset, bytes, .. } => format!("damaged {wal}@{offset}+{bytes}"),
            Event::WalSkipped { wal, offset, bytes, .. } => format!("skipped {wal}@{offset}+{bytes}"),
            Event::WalGap { first_seq, last_seq, .. } => format!("gap {first_seq}..{last_seq}"),
            _ => return,
        };
        self.0.borrow_mut().push(line);
    }
}

/// An open database, the keys that are there, and what was dropped.
type Recovered<S> = (Engine<S, Told>, String, String);

/// Opens in `mode`.
fn recover<S: Storage>(disk: S, mode: &str) -> Result<Recovered<S>, (Error, S)> {
    let told = Told::default();
    let options = options(&[("write_buffer_entries", "0"), ("wal_recovery_mode", mode)]);
    match block_on(Engine::open(disk, options, told.clone())) {
        Ok(mut engine) => {
            let keys = keys(&mut engine);
            let told = told.0.borrow().join(", ");
            Ok((engine, keys, told))
        }
        Err(failed) => Err((failed.error, failed.storage)),
    }
}

/// Every key, each checked to have its value.
fn keys<S: Storage, T: Tracer>(engine: &mut Engine<S, T>) -> String {
    let scanned = block_on(engine.scan(ScanRange::default(), None)).unwrap();
    let key = |(key, value): &(Vec<u8>, Vec<u8>)| {
        assert_eq!(key, value);
        String::from_utf8(key.clone()).unwrap()
    };
    scanned.entries.iter().map(key).collect()
}

fn three_logs() -> Memory {
    let mut disk = Memory::new();
    for log in ["abc", "def", "ghi"] {
        let mut engine = open(disk, options(&[("write_buffer_entries", "0")])).unwrap();
        for key in log.chars().map(String::from) {
            put(&mut engine, &key, &key).unwrap();
        }
        disk = engine.into_parts().0;
    }
    disk
}

fn log(disk: &mut Memory, number: u64) -> &mut Vec<u8> {
    disk.bytes_mut(FileId::wal(number)).unwrap()
}

/// Every file with its bytes.
fn content(disk: &Memory) -> Vec<(FileId, Vec<u8>)> {
    let files = block_on(disk.list()).unwrap();
    files.into_iter().map(|(file, len)| (file, block_on(disk.read(file, 0..len)).unwrap())).collect()
}

#[test]
fn each_mode_keeps_what_it_promises_and_tells_which_bytes_it_dropped() {
    for case in CASES {
        let mut disk = three_logs();
        (case.harm)(&mut disk);
        let expected = [Err(case.absolute), case.tolerate, case.point_in_time, Ok(case.skip)];
        for (mode, expected) in MODES.into_iter().zip(expected) {
            let name = format!("{}, {mode}", case.name);
            match (recover(disk.clone(), mode), expected) {
                (Ok((_, keys, told)), Ok(expected)) => assert_eq!((&*keys, &*told), expected, "{name}"),
                (Err((error, after)), Err(expected)) => {
                    assert_eq!(error.kind, ErrorKind::Corruption, "{name}");
                    assert!(error.message.contains(expected), "{name}: {error}");
                    assert_eq!(content(&after), content(&disk), "{name}: the evidence stays");
                }
                (Ok((_, keys, _)), Err(_)) => panic!("{name}: opened, with {keys}"),
                (Err((error, _)), Ok(_)) => panic!("{name}: {error}"),
            }
        }
    }
}

#[test]
fn what_was_dropped_never_comes_back_and_is_in_no_stricter_modes_way() {
    for case in CASES {
        for (mode, (kept, _)) in case.salvaged() {
            for write in [false, true] {
                let mut disk = three_logs();
                (case.harm)(&mut disk);
                let (mut engine, ..) = recover(disk, mode).unwrap();
                let logs = engine.report().wals.len();
                assert_eq!(logs, 0, "{}, {mode}: the logs are left behind", case.name);
                let mut expected = kept.to_string();
                if write {
                    block_on(engine.put(b"z", b"z")).unwrap();
                    expected.push('z');
                }
                let mut disk = engine.into_parts().0;
                disk.crash();
                let (_, keys, told) = recover(disk, MODES[0]).unwrap();
                assert_eq!((keys, &*told), (expected, ""), "{}, {mode}", case.name);
            }
        }
    }
}

#[test]
fn zeros_behind_the_last_frame_are_passed_over_in_every_mode_and_told_once() {
    for mode in MODES {
        let mut disk = three_logs();
        log(&mut disk, 4).resize(87 + 5000, 0);
        let (mut engine, keys, told) = recover(disk, mode).unwrap();
        assert_eq!((&*keys, &*told), ("abcdefghi", "zeros 4@87+5000"), "{mode}");
        assert_eq!(engine.report().wals.len(), 3, "{mode}: nothing was dropped, so no log is left behind");
        block_on(engine.put(b"z", b"z")).unwrap();
        let (_, keys, _) = recover(engine.into_parts().0, MODES[0]).unwrap();
        assert_eq!(keys, "abcdefghiz", "{mode}");
    }
}

#[test]
fn a_torn_log_stays_until_the_next_flush_and_the_next_log_goes_on_where_it_was_torn() {
    let mut disk = three_logs();
    log(&mut disk, 4).truncate(86);
    let (mut engine, ..) = recover(disk, MODES[1]).unwrap();
    block_on(engine.put(b"z", b"z")).unwrap();
    let disk = engine.into_parts().0;
    for mode in &MODES[1..] {
        let (_, keys, told) = recover(disk.clone(), mode).unwrap();
        assert_eq!((&*keys, &*told), ("abcdefghz", "torn 4@58+28"), "{mode}");
    }
    let (error, disk) = recover(disk, MODES[0]).unwrap_err();
    assert!(error.message.contains("a flush leaves the torn log behind"), "{error}");
    let (mut engine, ..) = recover(disk, MODES[1]).unwrap();
    block_on(engine.flush()).unwrap();
    assert_eq!(recover(engine.into_parts().0, MODES[0]).unwrap().1, "abcdefghz");
}

/// `a` to `f` in one log, of which `a` to `d` are in a table.
fn half_flushed() -> Memory {
    let mut engine = open(Memory::new(), options(&[("write_buffer_entries", "0")])).unwrap();
    for key in ["a", "b", "c", "d", "e", "f"] {
        put(&mut engine, key, key).unwrap();
    }
    let engine = open(engine.into_parts().0, options(&[("write_buffer_entries", "4")])).unwrap();
    assert_eq!((engine.version().tables().count(), engine.report().active.entries.len()), (1, 2));
    engine.into_parts().0
}

#[test]
fn damage_to_what_is_in_tables_already_loses_nothing_that_is() {
    let mut disk = half_flushed();
    log(&mut disk, 2)[SECOND] ^= 1;
    for (mode, expected) in [(MODES[2], ("abcd", "damaged 2@29+145")), (MODES[3], ("abcdef", "skipped 2@29+29"))] {
        let (engine, keys, told) = recover(disk.clone(), mode).unwrap();
        assert_eq!((&*keys, &*told), expected, "{mode}");
        assert_eq!(recover(engine.into_parts().0, MODES[0]).unwrap().1, expected.0, "{mode}");
    }
}

#[test]
fn a_later_log_is_replayed_if_tables_fill_the_hole_before_it() {
    // Log 2 has a to d, which are in a table, and the next log goes on with x.
    let mut disk = half_flushed();
    log(&mut disk, 2).truncate(4 * SECOND);
    let mut engine = open(disk, options(&[("write_buffer_entries", "0")])).unwrap();
    put(&mut engine, "x", "x").unwrap();
    let mut disk = engine.into_parts().0;
    log(&mut disk, 2)[SECOND] ^= 1;
    let (_, keys, _) = recover(disk, MODES[2]).unwrap();
    assert_eq!(keys, "abcdx");
}

/// Opens a copy of `disk`, until the power goes after so many calls; says whether the open was done by then.
fn open_until(disk: &Fault<Memory>, mode: &str, calls: u64) -> (Fault<Memory>, bool) {
    let attempt = disk.image();
    attempt.controls().cut_after(Some(calls));
    let options = options(&[("write_buffer_entries", "0"), ("wal_recovery_mode", mode)]);
    match block_on(Engine::open(attempt, options, Told::default())) {
        Ok(engine) => (engine.into_parts().0, true),
        Err(failed) => {
            assert_eq!(failed.error.kind, ErrorKind::PowerLost);
            (failed.storage, false)
        }
    }
}

#[test]
fn a_salvage_that_a_power_cut_ends_can_be_begun_again() {
    let keeps = [Keep::Nothing, Keep::Everything, Keep::Torn(1), Keep::Torn(2), Keep::Torn(3)];
    for case in CASES {
        for (mode, (kept, _)) in case.salvaged() {
            let mut memory = three_logs();
            (case.harm)(&mut memory);
            let disk = block_on(Fault::new(memory)).unwrap();
            for calls in 0.. {
                let (cut, done) = open_until(&disk, mode, calls);
                for keep in keeps {
                    let name = format!("{}, {mode}, cut after {calls} calls, {keep:?}", case.name);
                    let mut after = cut.image();
                    block_on(after.cut(keep)).unwrap();
                    // A stricter mode sees all of the damage or nothing of it.
                    if let Ok((_, keys, _)) = recover(after.image(), MODES[0]) {
                        assert_eq!(keys, kept, "{name}, then {}", MODES[0]);
                    }
                    let (mut engine, keys, _) = recover(after, mode).unwrap_or_else(|(e, _)| panic!("{name}: {e}"));
                    assert_eq!(keys, kept, "{name}");
                    block_on(engine.put(b"z", b"z")).unwrap();
                    let mut after = engine.into_parts().0;
                    block_on(after.cut(keep)).unwrap();
                    assert_eq!(recover(after, MODES[0]).unwrap().1, format!("{kept}z"), "{name}");
                }
                if done {
                    assert!(calls > 5, "{}: there was something to cut", case.name);
                    break;
                }
            }
        }
    }
}

#[test]
fn a_torn_manifest_and_a_damaged_log_are_mended_together_whenever_the_power_goes() {
    let mut memory = half_flushed();
    let manifest = first_manifest(&memory);
    memory.bytes_mut(manifest).unwrap().pop();
    // The edit that was torn was the flush's: all six writes are in the log alone again.
    log(&mut memory, 2)[4 * SECOND] ^= 1;
    let disk = block_on(Fault::new(memory)).unwrap();
    for calls in 0.. {
        let (mut cut, done) = open_until(&disk, MODES[2], calls);
        block_on(cut.cut(Keep::Nothing)).unwrap();
        let (engine, keys, _) = recover(cut, MODES[2]).unwrap_or_else(|(e, _)| panic!("after {calls} calls: {e}"));
        assert_eq!(keys, "abcd", "after {calls} calls");
        assert_eq!(recover(engine.into_parts().0, MODES[0]).unwrap().1, "abcd");
        if done {
            break;
        }
    }
}

/// The table of a flush whose edit is torn has what the damaged log has no more: no open removes it.
#[test]
fn a_table_that_has_what_a_damaged_log_lost_is_not_removed() {
    let mut memory = half_flushed();
    let manifest = first_manifest(&memory);
    memory.bytes_mut(manifest).unwrap().pop();
    log(&mut memory, 2)[3 * SECOND] ^= 1;
    for mode in MODES {
        let (error, after) = recover(memory.clone(), mode).unwrap_err();
        assert!(
            error.message.contains("000003.sst, which the manifest does not name, holds write 4"),
            "{mode}: {error}"
        );
        assert_eq!(content(&after), content(&memory), "{mode}: the evidence stays");
    }
    let mut fresh = Memory::new();
    block_on(lsmscope::repair::repair(&memory, &mut fresh, &options(&[]), |_| ())).unwrap();
    assert_eq!(keys(&mut open(fresh, options(&[])).unwrap()), "abcdef");
}

fn first_manifest(disk: &Memory) -> FileId {
    block_on(disk.list()).unwrap().into_iter().map(|(f, _)| f).find(|f| f.kind == FileKind::Manifest).unwrap()
}

#[test]
fn every_flipped_bit_of_a_log_is_an_error_or_a_prefix_or_one_write_less() {
    let disk = three_logs();
    let all = "abcdefghi";
    for file in [2, 3, 4] {
        for bit in 0..87 * 8 {
            let mut harmed = disk.clone();
            log(&mut harmed, file)[bit / 8] ^= 1 << (bit % 8);
            let hit = (file as usize - 2) * 3 + bit / 8 / 29;
            for mode in &MODES[..2] {
                assert!(recover(harmed.clone(), mode).is_err(), "log {file}, bit {bit}, {mode}");
            }
            let prefix = recover(harmed.clone(), MODES[2]).unwrap().1;
            assert_eq!(prefix, all[..hit], "log {file}, bit {bit}");
            let rest = recover(harmed, MODES[3]).unwrap().1;
            assert_eq!(rest, format!("{}{}", &all[..hit], &all[hit + 1..]), "log {file}, bit {bit}");
        }
    }
}
