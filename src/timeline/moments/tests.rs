use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::{
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Limits, Recorder, tests::limits, tests::teller::Teller, tests::timeline},
};

/// What `lines` leave on record, whether they go well or not.
fn recorded(lines: &[String]) -> Recorder {
    let options = preset("teaching").unwrap();
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    lines.iter().for_each(|line| drop(block_on(session.run(line))));
    recorder
}

/// Every position's name leads to that position, and what stands there passes its check.
fn all_resolve(timeline: &Timeline) {
    for position in timeline.start()..=timeline.len() {
        let (name, facts) = (timeline.moment_name(position), timeline.moment_facts(position));
        assert_eq!(timeline.find_moment(&name), Ok(position), "{name}");
        assert_eq!(timeline.open_moment(&name, &facts), FoundMoment { position, differs: None }, "{name}, {facts}");
        assert!(name.len() < 80 && facts.chars().count() < 80, "{name}, {facts}");
        assert!(position == 0 || !in_words(&name).is_empty());
    }
}

fn line() -> impl Strategy<Value = String> {
    let key = || (0..9u8).prop_map(|n| format!("k{n}"));
    prop_oneof![
        8 => key().prop_map(|key| format!("put {key} v")),
        2 => key().prop_map(|key| format!("delete {key}")),
        2 => key().prop_map(|key| format!("get {key}")),
        2 => (1..20u8).prop_map(|count| format!("fill {count} seed 3")),
        1 => (1..30u8).prop_map(|at| format!("crash in {at} during put k1 x")),
        3 => prop::sample::select(vec![
            "flush", "compact", "scan", "crash", "crash keep all", "reopen", "snapshot", "wait 5s", "no such command",
            "options job_mode=scheduled device=hdd table_build_mb_per_s=0.001", "options job_mode=inline",
        ]).prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_name_of_every_position_of_any_script_leads_to_it(lines in prop::collection::vec(line(), 1..30)) {
        all_resolve(&recorded(&lines).timeline().borrow());
    }
}

#[test]
fn names_lead_to_their_positions_where_the_oldest_events_were_dropped() {
    let timeline = timeline(&Teller::events(7, 1000), Limits { events: 200, ..limits() });
    assert!(timeline.start() > 0);
    all_resolve(&timeline);
}

#[test]
fn a_name_holds_where_a_later_version_reports_more_events() {
    let events = Teller::events(5, 400);
    let before = timeline(&events, limits());
    // After every third event, one of a kind that the others are not of.
    let more = events.iter().enumerate().flat_map(|(n, event)| {
        [Some(event.clone()), n.is_multiple_of(3).then_some(Event::WalSynced { wal: 0, upto: n as u64 })]
    });
    let more: Vec<Event> = more.flatten().collect();
    let after = timeline(&more, limits());
    let mut at = 0;
    for (position, event) in events.iter().enumerate().map(|(index, event)| (index + 1, event)) {
        at += more[at..].iter().position(|other| other == event).unwrap() + 1;
        let name = before.moment_name(position);
        let found = after.open_moment(&name, &before.moment_facts(position));
        assert_eq!(found, FoundMoment { position: at, differs: None }, "{name}");
    }
}

fn script(lines: &[&str]) -> Recorder {
    recorded(&lines.iter().map(ToString::to_string).collect::<Vec<_>>())
}

#[test]
fn a_person_can_write_and_read_a_name() {
    let recorder = script(&["fill 40 seed 3", "get k", "flush"]);
    let timeline = recorder.timeline().borrow();
    let kind = |name: &str| {
        let position = timeline.find_moment(name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        timeline.event(position - 1).unwrap().event.clone()
    };
    assert!(matches!(kind("compaction:2/version_installed"), Event::VersionInstalled { .. }));
    assert!(matches!(kind("flush:1"), Event::FlushEnded { .. }));
    assert!(matches!(kind("op:2"), Event::OpEnded { op: 2, .. }));
    assert!(matches!(kind("op:1/flush:3/table_finished"), Event::TableFinished { level: 0, .. }));
    assert!(matches!(kind("recovery/recovery_began"), Event::RecoveryBegan { .. }));
    let flushes = |name| timeline.find_moment(name).unwrap();
    assert!(flushes("op:1/flush:3") == flushes("flush:3") && flushes("merge_kept:16") > flushes("merge_kept:15"));
    assert_eq!(timeline.find_moment("120"), Ok(120));

    let words = |name| in_words(name);
    assert_eq!(words("compaction:2/version_installed"), "the 2nd compaction: version installed");
    assert_eq!(words("op:7/flush/table_finished:3"), "operation 7: the 1st flush: the 3rd table finished");
    assert_eq!((words("0"), words("12")), ("the beginning".into(), "event 12".into()));
}

#[test]
fn a_name_that_leads_nowhere_says_what_there_is_and_the_nearest_moment() {
    let recorder = script(&["fill 40 seed 3"]);
    let timeline = recorder.timeline().borrow();
    let last = timeline.len();
    let unfound = |name| timeline.find_moment(name).unwrap_err();
    for name in ["", "flush:0", "flush:x", "no_such_kind", "merge_kept/flush", "op:1//flush", "-1", "op:9e9", "ünde"] {
        assert_eq!(unfound(name), Unfound { expected: form(), nearest: last }, "{name}");
    }
    assert!(unfound("99999999").expected.starts_with(&format!("at most {last}")));
    assert_eq!(unfound("op:9").expected, "an operation that there is: there are 1");
    assert!(unfound("compaction:999").expected.starts_with("a compaction that there is: there are "));
    let missing = unfound("flush:2/table_finished:5");
    assert_eq!(missing.expected, "an event that there is: there are 1 of the kind table_finished");
    assert_eq!(missing.nearest, timeline.find_moment("flush:2/table_finished").unwrap());
}

#[test]
fn where_another_thing_stands_now_the_nearest_like_it_is_found_and_told() {
    let lines = ["put a 1", "put b 2", "put c 3", "flush"];
    let with = script(&lines);
    let with = with.timeline().borrow();
    let name = "op:3/memtable_inserted";
    let facts = with.moment_facts(with.find_moment(name).unwrap());
    assert_eq!(facts, "c · 3");

    // One operation more before it: operation 3 is another one now.
    let more = script(&["get a", "put a 1", "put b 2", "put c 3", "flush"]);
    let more = more.timeline().borrow();
    let found = more.open_moment(name, &facts);
    assert_eq!(found.position, more.find_moment("op:4/memtable_inserted").unwrap());
    let told = "At operation 3: memtable inserted, another thing stands now: this is where “c · 3” is.";
    assert_eq!(found.differs.as_deref(), Some(told));

    // Nothing like it is left: the place that its name leads to, or the nearest.
    let less = script(&["put a 1", "put b 2", "put d 3"]);
    let less = less.timeline().borrow();
    let found = less.open_moment(name, &facts);
    assert_eq!(found.position, less.find_moment(name).unwrap());
    assert_eq!(found.differs.unwrap(), "At operation 3: memtable inserted stood “c · 3”; now it is “d · 3”.");
    let found = less.open_moment("flush:1/version_installed", "0 removed, 1 added");
    assert_eq!(found.position, less.len());
    assert!(
        found.differs.unwrap().starts_with("There is no moment the 1st flush: version installed: expected a flush")
    );
}
