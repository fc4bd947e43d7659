//! Power cuts between any two events, and what the next open reports of them.

use std::{cell::RefCell, rc::Rc};

use super::*;
use crate::{
    options::preset,
    session::LineOutcome,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
};

/// Keeps every event.
#[derive(Clone, Debug, Default)]
struct Told(Rc<RefCell<Vec<Event>>>);

impl Tracer for Told {
    fn wants(&self, _: Detail) -> bool {
        true
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0.borrow_mut().push(event);
    }
}

fn open<T: Tracer>(tracer: T) -> Session<Memory, T> {
    block_on(Session::open(Memory::new(), preset("teaching").unwrap(), tracer)).unwrap()
}

fn run<T: Tracer>(session: &mut Session<Memory, T>, lines: &[&str]) -> LineOutcome {
    let outcomes = lines.iter().map(|line| block_on(session.run(line)));
    outcomes.last().expect("there are lines")
}

#[test]
fn unsynced_writes_go_and_synced_ones_stay() {
    let mut session = open(NoTrace);
    run(&mut session, &["put a 1", "options wal_sync=never", "put b 2", "put c 3", "crash"]);
    let refused = run(&mut session, &["get a"]);
    assert_eq!(refused.error.unwrap().message, "the power is cut");
    let reopened = run(&mut session, &["reopen"]);
    assert!(
        reopened.text.contains("lost: 2 acknowledged writes, seq 2 to 3; not one had been promised"),
        "{}",
        reopened.text
    );
    assert_eq!(run(&mut session, &["scan"]).result(), "a = 1");
}

#[test]
fn what_the_disk_happens_to_have_is_kept() {
    for (keep, left) in [("all", "a = 1\nb = 2"), ("nothing", "no entries"), ("40", "a = 1")] {
        let mut session = open(NoTrace);
        run(&mut session, &["options wal_sync=never", "put a 1", "put b 2", &format!("crash keep {keep}"), "reopen"]);
        assert_eq!(run(&mut session, &["scan"]).result(), left, "keep {keep}");
    }
}

/// The events of a run that is cut off after each number of events of its last line.
#[test]
fn a_cut_after_any_event_leaves_what_was_promised() {
    let lines = ["put a 1", "put b 2", "put c 3", "put d 4"];
    let whole = Told::default();
    run(&mut open(whole.clone()), &lines);
    let whole = whole.0.take();
    let began = whole.iter().rposition(|e| matches!(e, Event::OpBegan { .. })).unwrap();
    assert!(whole.iter().any(|e| matches!(e, Event::VersionInstalled { .. })), "the last put sets off a flush");
    for events in 1..whole.len() - began {
        let told = Told::default();
        let mut session = open(told.clone());
        run(&mut session, &lines[..3]);
        let arm = format!("crash in {events}");
        assert!(run(&mut session, &[&arm]).ok);
        let before = told.0.borrow().len();
        let cut_off = run(&mut session, &lines[3..]);
        let message = cut_off.error.unwrap().message;
        assert!(message.starts_with("the power was cut while this was running"), "{message}");
        {
            // The same events as in the run that was not cut off, but for the number of the operation.
            let told = told.0.borrow();
            assert_eq!(told[before + 1..before + events], whole[began + 1..began + events]);
            assert!(matches!(told[before + events], Event::PowerCut { .. }));
            assert!(matches!(told[before + events + 1], Event::OpEnded { ok: false, .. }));
        }
        let synced = whole[began..began + events].iter().any(|e| matches!(e, Event::WalSynced { .. }));
        let reopened = run(&mut session, &["reopen"]);
        assert!(reopened.text.ends_with("no acknowledged write was lost"), "after {events}: {}", reopened.text);
        let left = if synced { "a = 1\nb = 2\nc = 3\nd = 4" } else { "a = 1\nb = 2\nc = 3" };
        assert_eq!(run(&mut session, &["scan"]).result(), left, "after {events} events");
    }
}

/// A branch that begins where the power is cut has the trunk's events up to there, with their numbers.
#[test]
fn a_cut_during_a_command_changes_no_event_before_it() {
    let lines = ["put a 1", "put b 2", "put c 3", "put d 4"];
    let whole = Told::default();
    run(&mut open(whole.clone()), &lines);
    let whole = whole.0.take();
    let began = whole.iter().rposition(|e| matches!(e, Event::OpBegan { .. })).unwrap();
    for events in 1..whole.len() - began {
        let told = Told::default();
        let mut session = open(told.clone());
        run(&mut session, &lines[..3]);
        let line = format!("crash in {events} keep nothing during {}", lines[3]);
        let message = run(&mut session, &[&line]).error.unwrap().message;
        assert!(message.starts_with("the power was cut while this was running"), "{message}");
        let told = told.0.borrow();
        assert_eq!(told[..began], whole[..began]);
        assert_eq!(told[began], Event::OpBegan { op: 4, command: line });
        assert_eq!(told[began + 1..began + events], whole[began + 1..began + events]);
        assert!(matches!(told[began + events], Event::PowerCut { .. }));
    }
}

#[test]
fn a_command_that_is_refused_before_it_runs_lights_no_fuse() {
    let mut session = open(NoTrace);
    assert!(!run(&mut session, &["crash in 2 during put"]).ok);
    assert!(run(&mut session, &["put a 1", "put b 2", "scan"]).ok);
}

#[test]
fn a_fuse_burns_the_same_whoever_listens() {
    let script = ["put a 1", "put b 2", "put c 3", "crash in 9", "put d 4", "reopen", "scan"];
    let quiet = run(&mut open(NoTrace), &script);
    let told = run(&mut open(Told::default()), &script);
    assert_eq!(quiet.text, told.text);
}

#[test]
fn a_cut_during_recovery_can_be_recovered_from() {
    for events in 1..12 {
        let mut session = open(NoTrace);
        run(
            &mut session,
            &["fill 30 seed 1", "flush", "fill 3 seed 2", "crash", &format!("crash in {events}"), "reopen"],
        );
        let reopened = run(&mut session, &["reopen"]);
        assert!(reopened.text.ends_with("no acknowledged write was lost"), "after {events}: {}", reopened.text);
        assert_eq!(session.engine().unwrap().last_seq(), 33);
    }
}

#[test]
fn a_disk_that_lies_breaks_promises_and_is_found_out() {
    let mut session = open(NoTrace);
    run(&mut session, &["put a 1", "disk lying", "put b 2", "crash"]);
    let reopened = run(&mut session, &["reopen"]);
    let told = "lost, though the disk had confirmed it: 1 write, seq 2";
    assert!(reopened.text.contains(told), "{}", reopened.text);
    assert_eq!(run(&mut session, &["disk ok", "put b 2", "crash", "reopen", "get b"]).result(), "2");
}

#[test]
fn a_full_disk_stops_writes_until_there_is_room_and_a_reopen() {
    let mut session = open(NoTrace);
    run(&mut session, &["put a 1", "disk full 10"]);
    let refused = run(&mut session, &["put b 2"]).error.unwrap();
    assert!(refused.message.contains("no space is left"), "{}", refused.message);
    assert_eq!(run(&mut session, &["get a"]).result(), "1");
    run(&mut session, &["disk ok", "reopen"]);
    assert_eq!(run(&mut session, &["put b 2", "scan"]).result(), "a = 1\nb = 2");
}

#[test]
fn a_flipped_bit_is_found_by_the_next_open() {
    let mut session = open(NoTrace);
    run(&mut session, &["put a 1", "put b 2", "flip 000002.log 20 3"]);
    assert_eq!(run(&mut session, &["get a"]).result(), "1", "memory does not know of it");
    let found = run(&mut session, &["verify"]).error.unwrap().message;
    assert!(found.starts_with("damage    000002.log at byte 0: ") && found.ends_with("1 problem"), "{found}");
    let error = run(&mut session, &["reopen"]).error.unwrap();
    assert!(error.message.contains("000002.log is damaged at byte 0"), "{}", error.message);
    assert_eq!(run(&mut session, &["flip 000002.log 20 3", "reopen", "scan"]).result(), "a = 1\nb = 2");
    let sound = run(&mut session, &["verify"]);
    assert!(sound.result().ends_with("nothing wrong"), "{}", sound.result());
}

#[test]
fn of_a_fuse_and_a_cut_by_hand_only_one_takes_the_power() {
    let told = Told::default();
    let mut session = open(told.clone());
    assert!(run(&mut session, &["put a 1", "crash in 20", "crash"]).ok);
    assert_eq!(told.0.borrow().iter().filter(|e| matches!(e, Event::PowerCut { .. })).count(), 1);
    assert_eq!(run(&mut session, &["reopen", "put b 2", "scan"]).result(), "a = 1\nb = 2", "the fuse is out");
}

/// A table on the last level, an unsynced write, a snapshot.
fn deep<T: Tracer>(session: &mut Session<Memory, T>) {
    let lines = ["options preset=rocksdb wal_sync=never", "put a 1", "flush", "compact", "put b 2", "snapshot"];
    assert!(run(session, &lines).ok);
}

#[test]
fn options_that_are_refused_after_a_cut_leave_it_cut() {
    let mut session = open(NoTrace);
    deep(&mut session);
    run(&mut session, &["crash"]);
    let error = run(&mut session, &["options num_levels=2"]).error.unwrap();
    assert!(error.message.contains("level 6 holds tables"), "{error}");
    assert!(error.remedy.starts_with("Nothing was changed: the power is still cut."), "{error}");
    assert_eq!(run(&mut session, &["put c 4"]).error.unwrap().message, "the power is cut");
    let reopened = run(&mut session, &["reopen"]);
    assert!(reopened.text.contains("lost: 1 acknowledged write, seq 2;"), "{}", reopened.text);
    assert_eq!(run(&mut session, &["put c 4"]).text, "ok  seq 2");
}

#[test]
fn options_that_are_refused_before_anything_is_closed_keep_snapshots() {
    let mut session = open(NoTrace);
    deep(&mut session);
    let error = run(&mut session, &["options num_levels=2"]).error.unwrap();
    assert!(error.message.contains("level 6 holds tables") && error.remedy == "Nothing was changed.", "{error}");
    assert_eq!(run(&mut session, &["put a 2", "get a @1"]).result(), "1");
}

#[test]
fn options_that_a_file_refuses_say_what_became_of_snapshots() {
    let mut session = open(NoTrace);
    run(
        &mut session,
        &["options wal_sync=never write_buffer_entries=0", "put a 1", "put b 2", "crash keep 40", "reopen"],
    );
    run(&mut session, &["snapshot"]);
    let error = run(&mut session, &["options wal_recovery_mode=absolute_consistency"]).error.unwrap();
    let says = "It was opened again with the options it had, which 1 snapshot did not outlive.";
    assert!(error.message.contains("torn frame") && error.remedy.starts_with(says), "{error}");
    assert_eq!(run(&mut session, &["get a"]).result(), "1");
}

#[test]
fn a_command_while_the_power_is_cut_does_nothing_and_the_fuse_stays_lit() {
    let mut session = open(NoTrace);
    run(&mut session, &["put a 1", "crash", "crash in 2"]);
    for line in ["put b 2", "get a", "fill 3", "stats"] {
        let error = run(&mut session, &[line]).error.unwrap();
        assert_eq!(error.message, "the power is cut; nothing was done, and the fuse is still lit", "{line}");
    }
    assert!(run(&mut session, &["help put"]).ok);
    let error = run(&mut session, &["reopen"]).error.unwrap();
    assert!(error.message.starts_with("the power was cut while this was running"), "{error}");
    let text = run(&mut session, &["reopen"]).text;
    assert!(text.ends_with("no acknowledged write was lost"), "{text}");
}

#[test]
fn a_command_that_fails_before_the_fuse_burns_out_says_why() {
    let mut session = open(NoTrace);
    run(&mut session, &["crash in 1000"]);
    let error = run(&mut session, &["get a @9"]).error.unwrap();
    assert!(
        error.message.starts_with("the power was cut just after this failed (there is no snapshot 9); "),
        "{error}"
    );
}

#[test]
fn what_an_earlier_fuse_promised_is_not_told_of_a_later_cut() {
    let mut session = open(NoTrace);
    run(&mut session, &["crash in 3", "put a 1", "reopen", "put b 2", "put c 3", "crash", "crash"]);
    let told = session.last_open.promises;
    assert!(told.acked >= 2 && told.acked == told.durable, "{told:?}");
}

#[test]
fn a_snapshot_that_a_power_cut_ends_is_told_of_and_its_number_is_not_given_again() {
    let mut session = open(NoTrace);
    let told = run(&mut session, &["put a 1", "snapshot", "put a 2", "crash", "reopen"]);
    assert!(told.text.contains("1 snapshot did not outlive the power cut"), "{told:?}");
    assert!(run(&mut session, &["snapshot"]).text.starts_with("snapshot 2 "));
    let refused = run(&mut session, &["put a 3", "get a @1"]);
    assert!(refused.error.is_some_and(|error| error.message.contains("snapshot 1")));
    let told = run(&mut session, &["reopen"]);
    assert!(told.text.contains("1 snapshot did not outlive the reopening"), "{told:?}");
}
