//! What a session's counters span: since when they count, and where the database was reopened or got other options.

use crate::{options::Options, words::say};

/// The span of the counters.
#[derive(Debug)]
pub(super) struct Counting {
    /// Whether the session made the database: then nothing came before.
    fresh: bool,
    /// How often it was reopened with the same options.
    reopened: u64,
    /// How often it got other options.
    changed: u64,
    /// The number of the last operation that gave it other options, and which.
    last_change: Option<(u64, Vec<String>)>,
}

impl Counting {
    pub fn new(fresh: bool) -> Counting {
        Counting { fresh, reopened: 0, changed: 0, last_change: None }
    }

    /// Operation `op` has opened the database again, with `after` instead of `before`.
    pub fn reopened(&mut self, op: u64, before: &Options, after: &Options) {
        let changes = before.differences(after);
        if changes.is_empty() {
            self.reopened += 1;
        } else {
            self.changed += 1;
            self.last_change = Some((op, changes));
        }
    }

    /// `since the beginning; options changed once, by operation 4 (num_levels 7 -> 4); reopened once`.
    pub fn told(&self) -> String {
        let since = if self.fresh { say!("since the beginning") } else { say!("since this session opened it") };
        let mut parts = vec![since];
        if let Some((op, changes)) = &self.last_change {
            let (times, changes) = (times(self.changed), changes.join(", "));
            parts.push(if self.changed == 1 {
                say!("options changed once, by operation {op} ({changes})", op, changes)
            } else {
                say!("options changed {times}, last by operation {op} ({changes})", times, op, changes)
            });
        }
        if self.reopened > 0 {
            parts.push(say!("reopened {times}", times = times(self.reopened)));
        }
        parts.join("; ")
    }
}

fn times(n: u64) -> String {
    match n {
        1 => say!("once"),
        2 => say!("twice"),
        n => say!("{n} times", n),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        options::preset,
        session::Session,
        storage::{block_on, memory::Memory},
        timeline::{Recorder, Timeline, openings::OpeningKind},
    };

    fn open() -> (Session<Memory, Recorder>, Recorder) {
        let options = preset("teaching").unwrap();
        let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
        (block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap(), recorder)
    }

    #[test]
    fn amplification_goes_on_over_a_reopen_other_options_and_a_power_cut() {
        let (mut session, recorder) = open();
        let run = |session: &mut Session<Memory, Recorder>, line: &str| {
            let outcome = block_on(session.run(line));
            assert!(outcome.ok, "{line}: {:?}", outcome.error);
            outcome.text
        };
        run(&mut session, "fill 40 seed 1");
        let mut before = *session.engine().unwrap().counters();
        assert!(before.flush_bytes > 0 && before.compaction_bytes_written > 0 && before.manifest_bytes > 0);
        for (line, then) in [("reopen", ""), ("options block_size=2048", ""), ("crash", "reopen")] {
            [line, then].into_iter().filter(|line| !line.is_empty()).for_each(|line| drop(run(&mut session, line)));
            let after = *session.engine().unwrap().counters();
            assert_eq!(
                (after.writes, after.user_bytes, after.flush_bytes),
                (40, before.user_bytes, before.flush_bytes)
            );
            assert!(after.write_rocksdb() >= before.write_rocksdb() && after.manifest_bytes >= before.manifest_bytes);
            let timeline = recorder.timeline().borrow();
            assert_eq!(timeline.tip().report().counters, after, "after {line}, the stage counts as the engine does");
            before = after;
        }
        let stats = run(&mut session, "stats");
        let counted = "since the beginning; options changed once, by operation 3 (block_size 96 -> 2 KB); \
                       reopened twice";
        assert!(stats.contains(counted), "{stats}");
        assert!(stats.contains(&format!("as RocksDB counts it: {}", before.fraction_rocksdb())), "{stats}");
    }

    #[test]
    fn each_open_is_on_the_timeline_with_the_options_that_it_changed() {
        let (mut session, recorder) = open();
        let lines = ["put a 1", "options num_levels=5 block_size=2048", "options num_levels=99", "reopen"];
        lines.iter().for_each(|line| drop(block_on(session.run(line))));
        let timeline = recorder.timeline().borrow();
        let list = timeline.openings().list();
        let kinds: Vec<OpeningKind> = list.iter().map(|opening| opening.kind).collect();
        assert_eq!(kinds, [OpeningKind::Created, OpeningKind::OptionsChanged, OpeningKind::Reopened]);
        assert_eq!(list[1].changes, ["block_size 96 -> 2 KB", "num_levels 4 -> 5"], "in the order of all options");
        let event = timeline.event(list[1].index).unwrap().event.clone();
        assert!(matches!(event, crate::trace::Event::RecoveryBegan { .. }), "{event:?}");
    }
}
