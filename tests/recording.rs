//! The recording that the page plays until its engine has arrived is what the engine does.
//!
//! `UPDATE_GOLDEN=1 cargo test --test recording` records it again, which is due whenever an event changes.

#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use lsmscope::{
    options::preset,
    recording::{MAGIC, RecordedLine, Recording},
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Recorder, Timeline},
    trace::Event,
};

const SCRIPT: &str = include_str!("scripts/tour.lsm");
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/tour.recording");

/// What the engine does under the options of the page's first visit.
fn record(lines: &str) -> Recording {
    let options = preset("teaching").unwrap();
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options.clone(), recorder.clone())).unwrap();
    let mut told = 0;
    let mut tell = || -> Vec<Event> {
        let timeline = recorder.timeline().borrow();
        let events = timeline.events(told, timeline.len()).map(|row| row.event.clone()).collect();
        told = timeline.len();
        events
    };
    let opening = tell();
    let run = |line: &str| {
        let outcome = block_on(session.run(line));
        RecordedLine { line: line.into(), ok: outcome.ok, text: outcome.text, events: tell() }
    };
    let lines = lines.lines().map(run).collect();
    Recording { options, opening, lines }
}

#[test]
fn the_tour_is_recorded_as_the_engine_does_it() {
    let recording = record(SCRIPT);
    let bytes = recording.to_bytes();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &bytes).unwrap();
    }
    let golden = Recording::from_bytes(&std::fs::read(GOLDEN).unwrap()).expect("record it again: see above");
    assert_eq!(golden, recording);
    assert!(recording.lines.len() > 10 && recording.lines.iter().all(|line| line.ok));
}

#[test]
fn every_event_of_a_long_script_is_read_as_it_was_written() {
    for script in [include_str!("scripts/plug.lsm"), include_str!("scripts/twelve-keys.lsm")] {
        let recording = record(script);
        assert_eq!(Recording::from_bytes(&recording.to_bytes()).unwrap(), recording);
    }
}

#[test]
fn bytes_that_are_no_recording_are_refused() {
    let bytes = record("put a 1").to_bytes();
    for wrong in [&b""[..], b"lsmsrec", b"lsmsrec9", &bytes[..bytes.len() - 1], &MAGIC, &[&bytes[..], b"x"].concat()] {
        assert!(Recording::from_bytes(wrong).is_err(), "{} bytes", wrong.len());
    }
}
