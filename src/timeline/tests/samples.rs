//! The charts' points over virtual time: on the record of a real engine.

use std::rc::Rc;

use crate::{
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Recorder, Timeline, samples::Columns},
};

/// The points of what `lines` do.
fn columns(name: &str, lines: &[&str]) -> (Columns, Recorder) {
    let options = preset(name).unwrap();
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    for line in lines {
        block_on(session.run(line));
    }
    let columns = recorder.timeline().borrow().samples().columns();
    (columns, recorder)
}

#[test]
fn each_point_has_the_time_of_the_clock_at_its_event() {
    let (columns, recorder) = columns("background", &["fill 30 seed 3", "wait 5s", "crash", "reopen", "fill 9 seed 4"]);
    let timeline = &mut *recorder.timeline().borrow_mut();
    assert!(columns.nanos.len() > 60, "{}", columns.nanos.len());
    for (event, nanos) in columns.events.iter().zip(&columns.nanos) {
        assert_eq!(timeline.seek(*event as usize).now() as f64, *nanos, "after {event} events");
    }
    assert!(columns.nanos.is_sorted(), "a crash does not turn the clock back");
    // And in between it has not moved: a moment on the axis can be told from the points alone.
    for (event, next) in columns.events.iter().zip(&columns.events[1..]) {
        let (at, before) = (timeline.seek(*event as usize).now(), timeline.seek(*next as usize - 1).now());
        assert_eq!(at, before, "between {event} and {next}");
    }
}

#[test]
fn time_that_only_passes_is_a_point_too_and_ends_the_axis() {
    let (columns, recorder) = columns("background", &["put a 1", "wait 60s"]);
    let now = recorder.timeline().borrow().tip().now();
    assert!(now > 60_000_000_000);
    assert_eq!(columns.nanos.last(), Some(&(now as f64)));
}

#[test]
fn where_jobs_and_writes_take_no_time_there_is_none() {
    let (columns, _) = columns("teaching", &["fill 30 seed 3", "wait 5s", "put a 1"]);
    assert!(columns.nanos.len() > 20 && columns.nanos.iter().all(|nanos| nanos.is_nan()), "{:?}", columns.nanos);
}
