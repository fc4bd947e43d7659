use super::{
    find::{What, bytes_of_text},
    life::VersionStep,
    samples::Sample,
    steps::{How, MarkKind},
    *,
};
use crate::{
    entry::text,
    options::preset,
    trace::{DropReason, Place, StallReason},
};

mod lanes;
mod samples;
pub(super) mod teller;
use teller::Teller;

fn options() -> Rc<Options> {
    Rc::new(preset("teaching").unwrap())
}

pub(super) fn limits() -> Limits {
    Limits { checkpoint_every: 16, ..Limits::default() }
}

pub(super) fn timeline(events: &[Event], limits: Limits) -> Timeline {
    let mut timeline = Timeline::with_limits(&options(), limits);
    events.iter().for_each(|event| timeline.push(event.clone()));
    timeline
}

fn json(view: &View) -> String {
    serde_json::to_string(view).unwrap()
}

#[test]
fn a_seek_shows_what_folding_all_events_up_to_there_would_show() {
    for seed in 0..8 {
        let events = Teller::events(seed, 400);
        let mut timeline = timeline(&events, limits());
        let mut folded = vec![Scene::new(&options())];
        for event in &events {
            let mut scene = folded.last().unwrap().clone();
            scene.apply(event);
            folded.push(scene);
        }
        let mut order = Teller::new(seed + 100);
        for _ in 0..300 {
            let position = order.random(401) as usize;
            assert_eq!(timeline.seek(position).report(), folded[position].report(), "seed {seed} at {position}");
            let at = TimelinePosition { position, length: 400, start: 0 };
            let now = position.checked_sub(1).map(|index| &events[index]);
            let view = timeline.view(position);
            assert_eq!(json(&view), json(&folded[position].view(&timeline.axis, at, now)));
        }
    }
}

#[test]
fn stepping_forth_and_back_shows_the_same_both_ways() {
    let events = Teller::events(3, 300);
    let mut timeline = timeline(&events, limits());
    let forth: Vec<String> = (0..=300).map(|position| json(&timeline.view(position))).collect();
    let mut position = 300;
    loop {
        assert_eq!(json(&timeline.view(position)), forth[position], "at {position}");
        let next = timeline.step(position, How::Event, true);
        if next == position {
            break;
        }
        position = next;
    }
    assert_eq!(position, 0);
    assert!(forth.windows(2).all(|pair| pair[0] != pair[1]), "every event changes what is seen");
}

#[test]
fn seeking_folds_few_events_however_long_the_history_is() {
    let mut timeline = timeline(&Teller::events(1, 100_000), Limits::default());
    let every = timeline.limits.checkpoint_every as u64;
    let mut order = Teller::new(2);
    for _ in 0..200 {
        let (position, before) = (order.random(100_001) as usize, timeline.folds());
        timeline.seek(position);
        assert!(timeline.folds() - before < every);
    }
    timeline.seek(50_000);
    for step in 1..=10 {
        let before = timeline.folds();
        timeline.seek(50_000 + step);
        assert_eq!(timeline.folds() - before, 1, "a step forward folds one event");
    }
    let before = timeline.folds();
    timeline.seek(usize::MAX);
    assert_eq!(timeline.folds(), before, "the end is there already");
}

#[test]
fn operations_and_marks_cover_the_events_they_are_of() {
    let timeline = timeline(&Teller::events(5, 500), limits());
    let operations = timeline.steps().operations();
    assert!(operations.windows(2).all(|pair| pair[0].last.unwrap() + 1 == pair[1].first));
    for operation in &operations[..operations.len() - 1] {
        let mut rows = timeline.events(operation.first, operation.last.unwrap() + 1);
        assert!(rows.all(|row| row.op == Some(operation.op)));
    }
    let marks = timeline.steps().marks();
    assert_eq!((marks[0].kind, marks[0].begin, marks[0].end), (MarkKind::Recovery, 0, Some(2)));
    let flush = marks.iter().find(|mark| mark.kind == MarkKind::Flush).unwrap();
    let mut rows = timeline.events(flush.begin, flush.end.unwrap() + 1);
    assert!(
        rows.clone().all(|row| row.job == flush.job),
        "an event without a job's number belongs to the job around it"
    );
    assert!(matches!(rows.next_back().unwrap().event, Event::FlushEnded { .. }));
    assert_eq!(timeline.event(flush.end.unwrap() + 1).unwrap().job, None);
}

#[test]
fn steps_go_in_over_and_out_and_back_the_same_ways() {
    let timeline = timeline(&Teller::events(5, 500), limits());
    let flush = timeline.steps().marks().iter().find(|mark| mark.kind == MarkKind::Flush).unwrap();
    let (begin, end) = (flush.begin, flush.end.unwrap());
    assert_eq!(timeline.step(begin, How::Event, false), begin + 1);
    assert_eq!(timeline.step(begin, How::Over, false), end + 1);
    assert_eq!(timeline.step(end + 1, How::Over, true), begin);
    assert_eq!(timeline.step(begin + 2, How::Out, false), end + 1);
    assert_eq!(timeline.step(begin + 2, How::Out, true), begin);
    assert_eq!(timeline.step(begin + 1, How::Job, false), end + 1);
    assert_eq!(timeline.step(end + 1, How::Job, true), begin + 1);
    let operation = timeline.steps().operations().iter().find(|o| o.last > Some(end)).unwrap();
    assert_eq!(timeline.step(operation.first + 1, How::Out, false), operation.last.unwrap() + 1);
    assert_eq!(timeline.step(begin, How::Out, false), operation.last.unwrap() + 1, "not in the job yet");
    assert_eq!(timeline.step(begin, How::Operation, false), operation.last.unwrap() + 1);
    assert_eq!(timeline.step(begin, How::Operation, true), operation.first);
    assert_eq!((timeline.step(0, How::Job, true), timeline.step(500, How::Event, false)), (0, 500));
}

#[test]
fn breakpoints_stop_right_after_what_they_wait_for() {
    let mut events = Teller::events(5, 500);
    events.insert(77, Event::Stalled { reason: StallReason::Memory, why: None });
    let timeline = timeline(&events, limits());
    let Some(Event::GetBegan { key, .. }) = events.iter().find(|e| matches!(e, Event::GetBegan { .. })) else {
        panic!()
    };
    let key = format!("key:{key}");
    for name in ["flush", "compaction", "stall", "false_positive", "recovery", "operation", &key] {
        let what = What::parse(name).unwrap();
        let expected: Vec<usize> = (0..events.len()).filter(|i| what.matches(&events[*i])).map(|i| i + 1).collect();
        let (mut forth, mut at) = (Vec::new(), 0);
        while let Some(position) = timeline.find(&what, at, false) {
            forth.push(position);
            at = position;
        }
        let mut back = Vec::new();
        let mut at = events.len() + 1;
        while let Some(position) = timeline.find(&what, at, true) {
            back.insert(0, position);
            at = position;
        }
        assert_eq!((&forth, &back), (&expected, &expected), "{what:?}");
        assert!(!expected.is_empty(), "{what:?}");
    }
    let stop = timeline.next_stop(&[What::Compaction, What::Stall], 70, false).unwrap();
    assert_eq!((stop.position, stop.which), (78, 1));
    assert_eq!(What::parse("nonsense"), None);
}

#[test]
fn keys_are_read_as_they_are_shown() {
    for bytes in [&b"plain"[..], b"a\\b", b"\x00\xff", "é".as_bytes()] {
        assert_eq!(&*bytes_of_text(&text(bytes)).unwrap(), bytes);
    }
    for wrong in ["\\", "\\q", "\\x1", "\\xzz", "\\x+1"] {
        assert_eq!(bytes_of_text(wrong), None, "{wrong}");
    }
}

#[test]
fn the_life_of_a_key_tells_every_version_from_its_log_to_its_end() {
    let mut events = Teller::events(5, 100);
    let written = events.iter().rposition(|e| matches!(e, Event::MergeKept { .. })).unwrap();
    let Event::MergeKept { key, seq, kind, .. } = events[written].clone() else { unreachable!() };
    let from = Place::Table { id: 1, level: 0 };
    let (job, reason, by) = (99, DropReason::Shadowed, Some(999));
    events.push(Event::MergeDropped { job, key: key.clone(), seq, kind, from, reason, by });
    let life = timeline(&events, limits()).key_life(&key);
    let version: Vec<&VersionStep> = life.iter().filter(|step| step.seq == Some(seq)).map(|step| &step.what).collect();
    assert!(matches!(version[0], VersionStep::Logged { .. }));
    assert!(matches!(version[1], VersionStep::Inserted { .. }));
    let VersionStep::Written { to: Some(table), .. } = version[2] else { panic!("{:?}", version[2]) };
    assert!(events.iter().any(|e| matches!(e, Event::TableFinished { table: t, .. } if t.id == *table)));
    assert!(matches!(version[3], VersionStep::Dropped { by: Some(999), .. }));
}

#[test]
fn a_full_timeline_wants_jobs_only_and_then_lets_the_oldest_go() {
    let small = Limits { events: 200, ..limits() };
    let mut events = Teller::events(7, 1000);
    // One operation that does not end.
    events.retain(|event| !matches!(event, Event::OpBegan { .. } | Event::OpEnded { .. }));
    let mut timeline = Timeline::with_limits(&options(), small);
    for (index, event) in events.iter().enumerate() {
        timeline.push(event.clone());
        assert_eq!(timeline.detail(), if index + 1 < 200 { Detail::All } else { Detail::Jobs });
        assert!(timeline.len() - timeline.start() <= 400);
        assert_eq!(timeline.len(), index + 1);
    }
    assert_eq!(timeline.fell_at(), Some(200));
    assert!(timeline.start() > 400);
    let mut scene = Scene::new(&options());
    events.iter().for_each(|event| scene.apply(event));
    assert_eq!(timeline.tip().report(), scene.report());
    let first = timeline.start();
    assert_eq!(timeline.view(0).position, first, "what is gone cannot be gone to");
    assert_eq!(*timeline.event(first).unwrap().event, events[first]);
    assert!(timeline.event(first - 1).is_none());
    assert!(timeline.steps().operations().iter().all(|o| o.last.is_none_or(|last| last >= first)));
    let mut folded = Scene::new(&options());
    events[..first + 5].iter().for_each(|event| folded.apply(event));
    assert_eq!(timeline.seek(first + 5).report(), folded.report());

    // It ends: there is room again, and the next one is recorded in full.
    let ended = |op| Event::OpEnded { op, ok: true, result: String::new() };
    timeline.push(ended(1));
    assert_eq!((timeline.detail(), timeline.fell_at()), (Detail::All, None));
    assert!(timeline.len() - timeline.start() < 200);
    let before = timeline.len();
    timeline.push(Event::OpBegan { op: 2, command: "put q 1".into() });
    timeline.push(ended(2));
    let last = timeline.steps().operations().last().unwrap();
    assert_eq!((last.command.as_str(), last.first, last.last), ("put q 1", before, Some(before + 1)));
}

#[test]
fn samples_in_a_row_are_one_event_that_is_brought_up_to_date() {
    let mut timeline = timeline(&Teller::events(7, 15), limits());
    timeline.seek(16);
    let sampled = |entries| Event::Sampled {
        memtable: 1,
        entries,
        bytes: entries * 40,
        wal_bytes: 0,
        durable_seq: 0,
        last_seq: entries,
        nanos: 0,
        counters: Default::default(),
    };
    (1..1000).for_each(|entries| timeline.push(sampled(entries)));
    assert_eq!(timeline.len(), 16);
    assert_eq!(timeline.view(16).memtable.count, 999);
    timeline.push(Event::TimeAdvanced { now: 1, nanos: 1_000_000_000 });
    timeline.seek(0);
    assert_eq!(timeline.view(16).memtable.count, 999, "the checkpoint at 16 is up to date too");
}

#[test]
fn charts_have_few_points_keep_their_peaks_and_end_where_things_stand() {
    let events = Teller::events(9, 20_000);
    let few = timeline(&events, Limits { samples: 100, ..limits() });
    let all = timeline(&events, Limits { samples: 100_000, ..limits() });
    let (few, all) = (few.samples().points(), all.samples().points());
    assert!(few.len() <= 100 && few.len() > 40 && all.len() > 5000, "{} of {}", few.len(), all.len());
    assert_eq!(few.last(), all.last());
    assert!(few.windows(2).all(|pair| pair[0].position < pair[1].position));
    assert!(all.windows(2).all(|pair| pair[0] != Sample { position: pair[0].position, ..pair[1].clone() }));
    // So many points are left that each bucket spans less than this.
    const WINDOW: usize = 1024;
    for window in 0..20_000 / WINDOW {
        let inside = |point: &&Sample| point.position / WINDOW == window;
        let peak = |points: &[Sample]| points.iter().filter(inside).map(|p| p.memtable_bytes).max();
        assert_eq!(peak(few), peak(all), "the teeth of the saw from {}", window * WINDOW);
    }
}

#[test]
fn flipped_bits_show_from_the_moment_they_were_flipped_and_recovery_reads_them_so() {
    let file = FileId::wal(2);
    let mut timeline = timeline(&[], limits());
    timeline.record_bytes(file, 0, b"abcd");
    timeline.push(Event::BitFlipped { file, offset: 2, bit: 0 });
    let at = |timeline: &Timeline, position: usize| {
        let mut bytes = timeline.files().get(file, 4).unwrap().to_vec();
        timeline.flip_bits(file, position, 0, &mut bytes);
        bytes
    };
    // A recovery reads the file as it is now, and tells its bytes again.
    timeline.record_bytes(file, 0, b"abbd");
    assert_eq!([at(&timeline, 0), at(&timeline, 1)], [b"abcd", b"abbd"]);
    timeline.record_bytes(file, 2, b"bd");
    assert_eq!([at(&timeline, 0), at(&timeline, 1)], [b"abcd", b"abbd"]);
}

#[test]
fn ticks_of_the_clock_in_a_row_are_one_run() {
    let tick = |seconds: u64| Event::TimeAdvanced { now: seconds, nanos: seconds * 1_000_000_000 };
    let sample = |seconds: u64| Event::Sampled {
        memtable: 1,
        entries: 0,
        bytes: 0,
        wal_bytes: 0,
        last_seq: 0,
        durable_seq: 0,
        nanos: seconds * 1_000_000_000,
        counters: Box::default(),
    };
    let stall = || Event::WritesStopped { what: "x".into() };
    let events = [tick(1), stall(), sample(1), tick(2), tick(3), sample(3), tick(5), stall(), tick(6)];
    let timeline = timeline(&events, limits());
    let runs: Vec<_> = timeline.ticks().runs().map(|run| (run.first, run.last, run.seconds)).collect();
    // Two steps of the clock in a row are one event.
    assert_eq!(runs, [(2, 5, 4.0)]);
}
