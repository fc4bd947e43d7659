//! What each command answers, that refused lines change nothing, and that a session outlives a failed reopen.

use std::{cell::RefCell, rc::Rc};

use super::*;
use crate::{
    storage::{block_on, memory::Memory},
    timeline::{Limits, Recorder, Timeline},
};

/// Keeps the events' beginnings and ends of operations.
#[derive(Clone, Debug, Default)]
struct Operations(Rc<RefCell<Vec<String>>>);

impl Tracer for Operations {
    fn wants(&self, detail: Detail) -> bool {
        detail <= Detail::Operations
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0.borrow_mut().push(match event {
            Event::OpBegan { op, command } => format!("{op}> {command}"),
            Event::OpEnded { op, ok, result } => format!("{op}< {ok} {result}"),
            _ => return,
        });
    }
}

struct Console {
    session: Session<Memory, Operations>,
    told: Operations,
}

impl Console {
    fn open(preset_name: &str) -> Console {
        let told = Operations::default();
        let session = block_on(Session::open(Memory::new(), preset(preset_name).unwrap(), told.clone()));
        Console { session: session.unwrap(), told }
    }

    fn run(&mut self, line: &str) -> LineOutcome {
        block_on(self.session.run(line))
    }

    /// The result of a line that goes well.
    fn ok(&mut self, line: &str) -> String {
        let outcome = self.run(line);
        assert!(outcome.ok, "{line}: {:?}", outcome.error);
        outcome.result().to_string()
    }

    /// The whole text of a line that goes well.
    fn text(&mut self, line: &str) -> String {
        let outcome = self.run(line);
        assert!(outcome.ok, "{line}: {:?}", outcome.error);
        outcome.text
    }

    /// The place and message of a line that fails.
    fn refused(&mut self, line: &str) -> (String, String) {
        let outcome = self.run(line);
        assert!(!outcome.ok, "{line} went well: {}", outcome.text);
        let error = outcome.error.expect("it says why");
        assert!(!error.remedy.is_empty());
        (error.line[error.start..error.end].to_string(), error.message)
    }
}

#[test]
fn writes_and_reads_answer_with_sequence_numbers_and_cost() {
    let mut c = Console::open("teaching");
    assert_eq!(c.ok("put user:1 \"Alice Smith\""), "ok  seq 1");
    assert_eq!(c.text("get user:1"), "Alice Smith\nseq 1, in memtable 1\ncost: memtable only, 0 blocks");
    assert_eq!(c.ok("del user:1"), "ok  tombstone, seq 2");
    assert_eq!(c.ok("get user:1"), "not found: deleted at seq 2");
    assert_eq!(c.ok("get nobody"), "not found: no version of the key");
    assert_eq!(c.ok("batch put a 1; put b '2 2'; del c"), "ok  3 writes, seq 3 to 5");
    assert_eq!(c.ok("scan"), "a = 1\nb = \"2 2\"");
}

#[test]
fn tables_are_named_with_what_a_read_of_them_costs() {
    let mut c = Console::open("teaching");
    for line in ["put k1 one", "put k2 two", "flush"] {
        c.ok(line);
    }
    let text = c.text("get k1");
    assert!(text.starts_with("one\nseq 1, in table "), "{text}");
    assert!(text.contains(" of level 0\ncost: 1 memtable, 1 table, 0 of 1 filter said no, 1 block, "), "{text}");
    assert!(c.text("get k1").contains("1 block (1 from the cache), 0 bytes read"));
    let tables = c.ok("tables");
    assert!(tables.contains("k1 … k2") && tables.contains("1-2") && tables.lines().count() == 2, "{tables}");
}

#[test]
fn scans_go_both_ways_within_limits() {
    let mut c = Console::open("teaching");
    for n in 0..9 {
        c.ok(&format!("put k{n} {n}"));
    }
    assert_eq!(c.ok("scan k3 k5"), "k3 = 3\nk4 = 4\nk5 = 5");
    assert_eq!(c.ok("scan k3 limit 2"), "k3 = 3\nk4 = 4");
    assert_eq!(c.ok("scan k3 k7 reverse limit 2"), "k7 = 7\nk6 = 6");
    assert_eq!(c.ok("scan x"), "no entries");
    c.ok("options preset=queue");
    assert_eq!(c.text("scan k8 k9"), "k8 = 8\n1 entry, 0 passed over\ncost: 0 blocks, 0 bytes read");
    assert!(c.text("scan k0 k8").contains("\n9 entries, 0 passed over\ncost: "));
}

#[test]
fn a_snapshot_is_read_by_its_number_until_it_is_released() {
    let mut c = Console::open("teaching");
    c.ok("put a old");
    assert_eq!(c.ok("snapshot"), "snapshot 1  sees everything up to seq 1");
    for line in ["put a new", "flush", "compact"] {
        c.ok(line);
    }
    assert_eq!(c.ok("get a @1"), "old");
    assert_eq!(c.ok("scan a @1"), "a = old");
    assert_eq!(c.ok("get a"), "new");
    assert_eq!(c.refused("get a @7"), ("7".into(), "there is no snapshot 7".into()));
    // The version that only it saw goes: level 1 is rewritten without it.
    assert_eq!(c.ok("release 1"), "ok  snapshot 1 is released, then 1 compaction");
    c.ok("snapshot");
    assert_eq!(c.ok("release 2"), "ok  snapshot 2 is released");
    assert_eq!(c.refused("release @1"), ("1".into(), "there is no snapshot 1".into()));
}

#[test]
fn jobs_say_what_they_did() {
    let mut c = Console::open("teaching");
    assert_eq!(c.ok("flush"), "nothing to flush");
    assert_eq!(c.ok("compact"), "nothing to do");
    c.ok("put a 1");
    assert!(c.ok("flush").starts_with("ok  1 flush, "));
    assert_eq!(c.ok("compact 0"), "ok  1 compaction");
    assert_eq!(c.refused("compact 9"), ("9".into(), "there is no level 9".into()));
    assert_eq!(c.ok("wait 5m"), "ok  time 300 s");
}

#[test]
fn a_fill_can_be_repeated() {
    let mut one = Console::open("teaching");
    let mut two = Console::open("teaching");
    assert_eq!(one.ok("fill 40 seed 7"), "ok  40 puts, seq 1 to 40");
    two.ok("fill 40 seed 7");
    assert_eq!(one.ok("scan"), two.ok("scan"));
    one.ok("fill 40");
    two.ok("fill 40 seed 40");
    assert_eq!(one.ok("scan"), two.ok("scan"), "without a seed, it is the last sequence number");
}

#[test]
fn options_are_changed_by_a_reopen_that_loses_nothing() {
    let mut c = Console::open("teaching");
    c.ok("put a 1");
    c.ok("snapshot");
    let text = c.text("options block_size=64 write_buffer_entries=9");
    assert_eq!(
        text,
        "ok  reopened with write_buffer_entries 4 -> 9, block_size 96 -> 64\n1 snapshot did not outlive the reopening"
    );
    assert_eq!(c.ok("get a"), "1");
    assert!(c.ok("options").contains("  block_size = 64  (default 4 KB)"));
    assert!(c.ok("options preset=full-merge").contains("compaction_style leveled -> full"));
    assert_eq!(c.ok("options preset=full-merge"), "nothing changed: they are set like this already");
    assert_eq!(c.ok("get a"), "1");
}

#[test]
fn options_without_effect_are_told_where_they_are_set_and_where_they_lose_it() {
    let mut c = Console::open("teaching");
    let mut told = |line: &str| c.text(line).lines().skip(1).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(
        told("options universal_size_ratio=20"),
        ["universal_size_ratio has no effect: compaction_style is leveled, not universal"]
    );
    assert_eq!(told("options device=hdd"), ["device has no effect: nothing takes any time with job_mode=inline"]);
    // An option that was set before is reported once, when it loses its effect.
    let lost = told("options compaction_style=universal");
    assert!(lost.len() == 1 && lost[0].starts_with("max_bytes_for_level_base, level_comp"), "{lost:?}");
    assert_eq!(told("options block_size=128"), Vec::<String>::new());
    assert_eq!(told("options preset=universal"), Vec::<String>::new());
}

#[test]
fn options_that_do_not_fit_change_nothing() {
    let mut c = Console::open("teaching");
    c.ok("put a 1");
    let before = c.session.options().clone();
    for (line, place) in [
        ("options block_size=64 wal_sync=sometimes", "wal_sync=sometimes"),
        ("options blok_size=64", "blok_size=64"),
        ("options block_size=1", "block_size=1"),
        ("options preset=nonesuch", "preset=nonesuch"),
        ("options min_write_buffer_number_to_merge=9 block_size=64", "min_write_buffer_number_to_merge=9"),
    ] {
        assert_eq!(c.refused(line).0, place);
        assert_eq!(*c.session.options(), before);
    }
    assert_eq!(c.ok("get a"), "1");
}

#[test]
fn options_that_the_data_does_not_fit_leave_the_database_as_it_was() {
    let mut c = Console::open("teaching");
    for line in ["put a 1", "flush", "compact 0", "compact 1", "compact 2"] {
        c.ok(line);
    }
    let (place, message) = c.refused("options num_levels=2");
    assert_eq!(place, "num_levels=2", "{message}");
    assert_eq!(c.session.options().num_levels, 4);
    assert_eq!(c.ok("get a"), "1");
}

#[test]
fn a_database_that_cannot_be_opened_waits_for_a_remedy() {
    let mut c = Console::open("teaching");
    for line in ["put a 1", "put b 2"] {
        c.ok(line);
    }
    // Damage the log behind the engine's back.
    let State::Open(engine) = std::mem::replace(&mut c.session.state, State::Closed) else { unreachable!() };
    let (mut storage, tracer) = engine.into_parts();
    let (log, _) = *block_on(storage.list()).unwrap().iter().find(|(f, _)| *f == FileId::wal(f.number)).unwrap();
    block_on(storage.flip(log, 5, 0)).unwrap();
    let error = crate::Error::invalid("not opened yet");
    c.session.state = State::Failed { storage, tracer, error };

    assert!(c.refused("reopen").1.contains("damaged"));
    let (_, message) = c.refused("get a");
    assert!(message.contains("could not be opened") && message.contains("damaged"), "{message}");
    c.ok("options wal_recovery_mode=point_in_time");
    assert_eq!(c.ok("put a 3"), "ok  seq 1");
    assert_eq!(c.ok("get a"), "3");
}

#[test]
fn each_line_that_is_carried_out_is_one_operation() {
    let mut c = Console::open("teaching");
    c.ok("  put a 1  # first");
    c.ok("# nothing");
    c.refused("puut a 1");
    c.refused("get a @9");
    c.ok("options block_size=64");
    c.ok("scan");
    let told = c.told.0.borrow().clone();
    assert_eq!(
        told,
        [
            "1> put a 1  # first",
            "1< true ok  seq 1",
            "2> get a @9",
            "2< false there is no snapshot 9",
            "3> options block_size=64",
            "3< true ok  reopened with block_size 96 -> 64",
            "4> scan",
            "4< true a = 1",
        ]
    );
}

#[test]
fn a_question_is_no_operation_unless_the_power_goes_while_it_is_answered() {
    let mut c = Console::open("teaching");
    c.ok("put a 1");
    for line in ["help", "help put", "stats", "tables", "jobs", "options"] {
        c.ok(line);
    }
    c.ok("put b 2");
    c.ok("crash in 5");
    c.refused("stats");
    let told = c.told.0.borrow().clone();
    let begun: Vec<&String> = told.iter().filter(|line| line.contains("> ")).collect();
    assert_eq!(begun, ["1> put a 1", "2> put b 2", "3> crash in 5", "4> stats"]);
}

#[test]
fn a_level_is_named_as_answers_name_it() {
    let mut c = Console::open("teaching");
    for line in ["put a 1", "flush"] {
        c.ok(line);
    }
    assert_eq!(c.ok("compact L0"), "ok  1 compaction");
    let (place, message) = c.refused("compact L9");
    assert_eq!((place.as_str(), message.as_str()), ("L9", "there is no level 9"));
}

#[test]
fn stats_count_the_memtable_and_those_that_are_sealed_apart() {
    let mut c = Console::open("queue");
    (0..7).for_each(|n| drop(c.ok(&format!("put k{} v", n % 3))));
    let stats = c.ok("stats");
    assert!(stats.contains("memtable entries     3\n"), "{stats}");
    assert!(stats.contains("immutable memtables  1, 4 entries, "), "{stats}");
}

#[test]
fn help_explains_every_command_and_every_option() {
    let mut c = Console::open("teaching");
    let all = c.ok("help");
    for command in script::COMMANDS {
        assert!(all.contains(command.usage), "{}", command.name);
        assert!(c.ok(&format!("help {}", command.name)).contains(command.example));
    }
    for knob in Options::describe().into_iter().chain(crate::workload::Workload::describe()) {
        let help = c.ok(&format!("help {}", knob.name));
        assert!(help.contains(&*knob.about) && help.contains("default: "), "{help}");
    }
}

#[test]
fn after_exit_nothing_runs() {
    let mut c = Console::open("teaching");
    let outcome = c.run("exit");
    assert!(outcome.ok && outcome.exit);
    assert_eq!(c.refused("put a 1").1, "the session is over");
    assert!(block_on(c.session.close()).is_ok());
}

#[test]
fn jobs_are_shown_with_the_time_that_they_still_take_and_a_wait_lets_them_get_on() {
    let mut console = Console::open("teaching");
    assert_eq!(console.ok("jobs"), "no job is running");
    console.ok("options job_mode=scheduled device=hdd wal_sync=never");
    (0..4).for_each(|n| drop(console.ok(&format!("put k{n} v"))));
    let jobs = console.ok("jobs");
    assert!(jobs.starts_with("job 1  flush of 1 memtable: 0 bytes to read, "), "{jobs}");
    assert!(jobs.ends_with("; done in 20.00 ms"), "8 ms to find the place and 12 to sync: {jobs}");
    assert!(console.ok("tables").contains("no tables yet"));
    console.ok("wait 15ms");
    assert!(console.ok("jobs").ends_with("; done in 5.00 ms"));
    let waited = console.text("wait 15ms");
    assert!(
        waited.starts_with("ok  time 0.03") && waited.contains("1 flush and 0 compactions are done, 0 jobs"),
        "{waited}"
    );
    assert!(console.ok("tables").contains(".sst"));
    let before = console.ok("wait 1500ms");
    console.ok("reopen");
    assert_eq!(console.ok("wait 0"), before, "time goes on where it was");
}

#[test]
fn the_clock_does_not_go_back_however_the_database_is_opened_again() {
    for mode in ["inline", "manual", "scheduled"] {
        let mut console = Console::open("teaching");
        if mode != "inline" {
            console.ok(&format!("options job_mode={mode}"));
        }
        console.ok("put a 1");
        // In the manifest, no time is later than that of its last edit.
        let waited = console.ok("wait 90500ms");
        assert!(waited.starts_with("ok  time 90.5"), "{mode}: {waited}");
        console.ok("reopen");
        assert_eq!(console.ok("wait 0"), waited, "{mode}: after a reopen");
        console.ok("crash");
        console.ok("reopen");
        assert_eq!(console.ok("wait 0"), waited, "{mode}: after a power cut");
        console.ok("options block_size=2048");
        assert_eq!(console.ok("wait 0"), waited, "{mode}: with other options");
    }
}

/// Nor does the stage's, which follows the events.
#[test]
fn no_event_of_a_reopen_takes_the_stage_back_in_time() {
    let options = preset("teaching").unwrap();
    let recorder = Recorder::new(Timeline::with_limits(&Rc::new(options.clone()), Limits::default()));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    for line in ["put a 1", "flush", "wait 90500ms", "put b 1", "crash", "reopen", "wait 1s", "reopen"] {
        assert!(block_on(session.run(line)).ok, "{line}");
    }
    let mut timeline = recorder.timeline().borrow_mut();
    let times: Vec<_> = (0..=timeline.len()).map(|at| timeline.seek(at).now()).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!((timeline.tip().now(), session.engine().unwrap().now()), (91_500_000_000, 91_500_000_000));
}

#[test]
fn what_was_waited_for_before_a_reopen_counts() {
    let mut console = Console::open("teaching");
    console.ok("options tombstone_retention_seconds=60");
    console.ok("put a 1");
    console.ok("del a");
    console.ok("flush");
    console.ok("wait 50s");
    console.ok("reopen");
    console.ok("wait 50s");
    assert_eq!(console.ok("wait 0"), "ok  time 100 s");
    console.ok("compact");
    assert_eq!(console.ok("tables"), "no tables yet: flush makes one", "the tombstone is old enough");
}

#[test]
fn what_is_left_of_time_can_be_typed_and_the_way_out_fits_the_job_mode() {
    let mut console = Console::open("teaching");
    ["wait 36500d", "wait 36500d", "wait 33751d", "wait 23h"].iter().for_each(|line| drop(console.ok(line)));
    let error = console.run("wait 1h").error.expect("there is no hour left");
    let left = error.message.split_once("it has ").and_then(|(_, rest)| rest.strip_suffix(" left"));
    let left = left.unwrap_or_else(|| panic!("{error}"));
    assert_eq!(left, "2836.854775807s");
    assert!(!error.remedy.contains("go on with"), "it is inline already: {error}");
    console.ok(&format!("wait {left}"));
    let error = console.run("wait 1us").error.expect("nothing is left");
    assert!(error.message.ends_with("it has 0s left"), "to the nanosecond: {error}");
    console.ok("put a 1");
}
