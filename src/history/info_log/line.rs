//! One line of a `LOG`: when it was written, by which thread, and what it says of the tree.
//!
//! In: a line's bytes. Out: a [`Line`], whose [`Said`] is `Other` for whatever has no say here, so that no line of any
//! release stops the reader. A line begins with its local time and its thread; one that went through a buffer carries
//! the time at which it was said behind them:
//!
//! ```text
//! 2026/11/28-16:32:32.441791 139809452455616 [db/flush_job.cc:947] [default] [JOB 2] Level-0 flush table #8: started
//! 2026/11/28-16:32:32.455524 139809452455616 (Original Log Time 2026/11/28-16:32:32.453682) [db/memtable_list…
//! 2026/11/28-16:32:32.441832 139809452455616 EVENT_LOG_v1 {"time_micros": 1795883552441824, "job": 2, …}
//! ```
//!
//! Lines of LevelDB have the same beginning (`util/posix_logger.h`); [`leveldb_line`] has its messages.
//!
//! The formats are those of RocksDB 6 to 11: `Log` in `logging/env_logger.h`, `EventHelpers` in `db/event_helpers.cc`,
//! and the messages of `db/compaction/compaction_job.cc`, `db/db_impl/db_impl_compaction_flush.cc` and
//! `db/column_family.cc`.

use super::{
    event::{EventLine, event},
    leveldb_line::{self, LevelDbLine},
};

/// A line of a `LOG`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::history) struct Line<'a> {
    /// When it was said, in microseconds of the writer's local time since 1970.
    pub micros: u64,
    /// When it was written: later, if it went through a buffer.
    pub written: u64,
    /// The thread that wrote it, as it is written there.
    pub thread: &'a str,
    /// What it says.
    pub said: Said<'a>,
    /// The same as text, without the severity and the place in the database's source.
    pub message: &'a str,
    /// Whether the database calls it an error.
    pub is_error: bool,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::history) enum Said<'a> {
    /// `Options.name: value`, of the database, or of the column family that was named last.
    Option { name: &'a str, value: &'a str },
    /// The options that follow are of this column family.
    OptionsOf { family: &'a str },
    /// `RocksDB version: 9.8.4`, at the head of each file.
    Release { release: &'a str },
    /// The database is opened: a new session begins.
    Recovering,
    /// A manifest begins: at an opening that goes well, and when the one before has become too long.
    NewManifest,
    /// Options of a column family were changed while the database ran.
    OptionsChanged,
    /// The database was closed.
    Closed,
    /// A compaction begins; to which level it writes, if that is said.
    Compacting { family: &'a str, job: u64, output_level: Option<usize> },
    /// What its thread does next was asked for by a person or a program, if it is a move.
    ManualCompaction,
    /// The version on which the compaction that its thread has just named was decided.
    Base { version: u64 },
    /// A table is moved.
    Moving { family: &'a str, table: u64, level: usize },
    /// A table that was flushed is in the tree.
    Committed { table: u64 },
    /// Writes are held up.
    Stall { family: &'a str, stops: bool, why: &'a str },
    /// What the levels hold, and by how much they are due.
    Levels { family: &'a str, score: Option<f64>, pending_bytes: Option<u64> },
    /// An event.
    Event(Box<EventLine>),
    /// What LevelDB says.
    LevelDb(LevelDbLine<'a>),
    /// Anything else.
    Other,
}

/// Reads a line; none if it has no time: it belongs to the one before.
pub(in crate::history) fn line(bytes: &[u8]) -> Option<Line<'_>> {
    let text = str::from_utf8(bytes).ok()?.trim_end_matches(['\r', '\n']);
    let length = if text.as_bytes().get(TIME_IN_MILLIS) == Some(&b' ') { TIME_IN_MILLIS } else { TIME };
    let (time, rest) = text.split_at_checked(length)?;
    let written = micros(time)?;
    let (thread, mut rest) = rest.strip_prefix(' ')?.split_once(' ').unwrap_or((rest.trim(), ""));
    let mut said_at = written;
    if let Some(original) = rest.strip_prefix("(Original Log Time ") {
        let (time, after) = original.split_at_checked(TIME)?;
        said_at = micros(time)?;
        rest = after.strip_prefix(") ").unwrap_or(after);
    }
    let (said, message) = said(rest);
    Some(Line { micros: said_at, written, thread, said, message, is_error: rest.starts_with("[ERROR] ") })
}

/// The length of `2026/11/28-16:32:32.441791`.
const TIME: usize = 26;

/// The length of `2026/11/28-16:32:32.441`, as Chromium's LevelDB has it (`chromium_logger.h`).
const TIME_IN_MILLIS: usize = 23;

/// Microseconds since 1970 of a local time.
fn micros(time: &str) -> Option<u64> {
    let bytes = time.as_bytes();
    let fits = |at: usize, c: u8| bytes[at] == c;
    if ![(4, b'/'), (7, b'/'), (10, b'-'), (13, b':'), (16, b':'), (19, b'.')].iter().all(|(at, c)| fits(*at, *c)) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_u64, |n, c| c.is_ascii_digit().then(|| n * 10 + u64::from(c - b'0')))
    };
    let (month, day) = (number(5, 7)?, number(8, 10)?);
    if !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    let days = days(number(0, 4)?, month, day)?;
    let seconds = days * 86_400 + number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
    let parts = if bytes.len() == TIME { number(20, TIME)? } else { number(20, TIME_IN_MILLIS)? * 1_000 };
    Some(seconds * 1_000_000 + parts)
}

/// Days since 1970 of a date (H. Hinnant, *chrono-compatible low-level date algorithms*, `days_from_civil`).
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let (era, of_era) = (year / 400, year % 400);
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year).checked_sub(719_468)
}

/// What a line says, and its message.
fn said(text: &str) -> (Said<'_>, &str) {
    if let Some(json) = text.strip_prefix("EVENT_LOG_v1 ") {
        return (event(json).map_or(Said::Other, |event| Said::Event(Box::new(event))), text);
    }
    let text = text.strip_prefix("[WARN] ").or(text.strip_prefix("[ERROR] ")).unwrap_or(text);
    if let Some(option) = text.trim_start().strip_prefix("Options.") {
        let said = option
            .split_once(':')
            .map_or(Said::Other, |(name, value)| Said::Option { name: name.trim(), value: value.trim() });
        return (said, text);
    }
    if let Some(release) = text.strip_prefix("RocksDB version: ") {
        return (Said::Release { release: release.trim() }, text);
    }
    // `[db/compaction/compaction_job.cc:2098] `
    let message = match text.strip_prefix('[') {
        Some(place) => place.split_once("] ").map_or("", |(_, message)| message),
        None => match leveldb_line::said(text) {
            Some(said) => return (Said::LevelDb(said), text),
            None => text,
        },
    };
    (of_message(message).unwrap_or(Said::Other), message)
}

fn of_message(message: &str) -> Option<Said<'_>> {
    if message.starts_with("Shutdown complete") {
        return Some(Said::Closed);
    }
    if message.starts_with("Recovering from manifest file") {
        return Some(Said::Recovering);
    }
    if message.starts_with("Creating manifest ") {
        return Some(Said::NewManifest);
    }
    if message.starts_with("SetOptions() on ") && message.trim_end().ends_with(", inputs:") {
        return Some(Said::OptionsChanged);
    }
    if let Some(rest) = message.strip_prefix("--------------- Options for column family [") {
        return Some(Said::OptionsOf { family: rest.strip_suffix("]:")? });
    }
    // Until release 7.7 without the colon.
    if let Some((_, rest)) = message.split_once("Compaction start summary: Base version ") {
        return Some(Said::Base { version: number(rest)? });
    }
    let rest = message.strip_prefix('[')?;
    // A family's name may have brackets: each of the forms below is looked for behind it.
    if let Some((family, rest)) = rest.split_once("] [JOB ") {
        let (job, rest) = rest.split_once("] ")?;
        let output_level = rest.split_once(" files to L").and_then(|(_, level)| number(level)).map(|n| n as usize);
        return rest.starts_with("Compacting ").then_some(Said::Compacting { family, job: number(job)?, output_level });
    }
    // From release 10.8 on `Moved #88 to level-6`. Before, that was said of all: `Moved #1 files to level-6`.
    for said in ["] Moving #", "] Moved #"] {
        let Some((family, rest)) = rest.split_once(said) else { continue };
        let (table, level) = rest.split_once(" to level-")?;
        return Some(Said::Moving { family, table: table.parse().ok()?, level: number(level)? as usize });
    }
    if let Some((_, rest)) = rest.split_once("] Manual compaction from level-") {
        return rest.contains("; will stop at ").then_some(Said::ManualCompaction);
    }
    if let Some((_, rest)) = rest.split_once("] Level-0 commit ") {
        let (_, rest) = rest.split_once("table #").filter(|(_, rest)| rest.ends_with(" done"))?;
        return Some(Said::Committed { table: number(rest)? });
    }
    if let Some((family, why)) = rest.split_once("] Stopping writes because ") {
        return Some(Said::Stall { family, stops: true, why });
    }
    if let Some((family, why)) = rest.split_once("] Stalling writes because ") {
        return Some(Said::Stall { family, stops: false, why });
    }
    let (family, summary) = rest.split_once("] Level summary: ")?;
    let after = |what: &str| summary.split_once(what).map(|(_, rest)| rest);
    let score = after("max score ").and_then(|rest| rest.split([',', ' ']).next()?.parse().ok());
    Some(Said::Levels { family, score, pending_bytes: after("estimated pending compaction bytes ").and_then(number) })
}

/// The number that `text` begins with.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_by(text: &str) -> Said<'_> {
        line(text.as_bytes()).expect("it has a time").said
    }

    #[test]
    fn a_line_has_its_time_or_that_at_which_it_was_said() {
        let direct = line(b"2026/11/28-16:32:32.441833 42 [db/flush_job.cc:947] [default] [JOB 2] what\r\n").unwrap();
        // `date -u -d "2026-11-28 16:32:32" +%s`
        assert_eq!(
            (direct.micros, direct.written, direct.thread),
            (1_795_883_552_441_833, 1_795_883_552_441_833, "42")
        );
        let text =
            "2000/02/29-00:00:01.000002 7f3c (Original Log Time 2000/02/28-23:59:59.000003) [a.cc:1] Shutdown complete";
        let buffered = line(text.as_bytes()).unwrap();
        assert_eq!((buffered.written, buffered.micros), (951_782_401_000_002, 951_782_399_000_003));
        assert_eq!(buffered.said, Said::Closed);
        let of_chromium = line(b"2026/11/28-16:32:32.441 1a2b Level-0 table #5: started").unwrap();
        assert_eq!((of_chromium.micros, of_chromium.thread), (1_795_883_552_441_000, "1a2b"));
        assert_eq!(of_chromium.said, Said::LevelDb(LevelDbLine::FlushBegins));
        assert_eq!(line(b"2026/11/28-16:32:32.44 1a2b Level-0 table #5: started"), None);
    }

    #[test]
    fn what_decisions_are_known_by_is_read() {
        let at = "2026/11/28-16:32:32.441833 42 ";
        let said = |message: &str| format!("{at}{message}");
        let text =
            said("[db/compaction/compaction_job.cc:2098] [a] b] [JOB 5] Compacting 2@0 files to L6, score 10.10");
        assert_eq!(said_by(&text), Said::Compacting { family: "a] b", job: 5, output_level: Some(6) });
        let text =
            said("[x.cc:1] [default]: Compaction start summary: Base version 15 Base level 0, inputs: [9(405KB)]");
        assert_eq!(said_by(&text), Said::Base { version: 15 });
        for moved in ["Moving", "Moved"] {
            let text = said(&format!("[x.cc:1] [default] {moved} #88 to level-6 1384 bytes"));
            assert_eq!(said_by(&text), Said::Moving { family: "default", table: 88, level: 6 });
        }
        assert_eq!(said_by(&said("[x.cc:1] [default] Moved #1 files to level-6 1384 bytes OK")), Said::Other);
        // As releases up to 7.7 have it.
        let text = said("[x.cc:1] [default] Compaction start summary: Base version 7 Base level 0, inputs: [9(405KB)]");
        assert_eq!(said_by(&text), Said::Base { version: 7 });
        let text =
            "[x.cc:1] [default] Manual compaction from level-0 to level-6 from (begin) .. (end); will stop at (end)";
        assert_eq!(said_by(&said(text)), Said::ManualCompaction);
        assert_eq!(said_by(&said("[x.cc:1] Creating manifest 31 ")), Said::NewManifest);
        // The second as releases from 11.0 on have it.
        for changed in ["column family [default], inputs:", "[2] column families, inputs:"] {
            assert_eq!(said_by(&said(&format!("[x.cc:1] SetOptions() on {changed}"))), Said::OptionsChanged);
        }
        assert_eq!(said_by(&said("[x.cc:1] SetOptions() on column family [default], empty input")), Said::Other);
        for text in ["commit flush result of table #8: memtable #1 done", "commit table #8: memtable #1 done"] {
            assert_eq!(said_by(&said(&format!("[x.cc:1] [default] Level-0 {text}"))), Said::Committed { table: 8 });
        }
        let text = said("[x.cc:1] [default] Level-0 commit flush result of table #8 started");
        assert_eq!(said_by(&text), Said::Other);
        let text = said("[WARN] [x.cc:1] [default] Stopping writes because we have 3 immutable memtables");
        let why = "we have 3 immutable memtables";
        assert_eq!(said_by(&text), Said::Stall { family: "default", stops: true, why });
        let text = said(
            "[x.cc:1] [default] Level summary: files[4 0 5] max score 0.25, estimated pending compaction bytes 18",
        );
        let (score, pending_bytes) = (Some(0.25), Some(18));
        assert_eq!(said_by(&text), Said::Levels { family: "default", score, pending_bytes });
        let text = said("            Options.num_levels: 7");
        assert_eq!(said_by(&text), Said::Option { name: "num_levels", value: "7" });
    }

    #[test]
    fn an_event_is_read_with_the_levels_of_its_tables() {
        let json = r#"{"time_micros": 1, "job": 5, "event": "compaction_started", "compaction_reason": "Ttl",
            "files_L0": [9, 8], "files_L12": [3], "score": 1.5, "new": {"a": [1]}, "input_data_size": 7}"#;
        let Said::Event(event) = said_by(&format!("2026/11/28-16:32:32.441833 42 EVENT_LOG_v1 {json}")) else {
            panic!("no event")
        };
        assert_eq!((event.job, &*event.reason, event.bytes), (5, "Ttl", 7));
        assert_eq!(event.tables, [(0, 9), (0, 8), (12, 3)]);
    }

    /// Whatever a line has, it is read or passed over.
    #[test]
    fn cut_and_foreign_lines_are_passed_over() {
        let whole = "2026/11/28-16:32:32.441833 42 (Original Log Time 2026/11/28-16:32:32.441833) [x.cc:1] [default] \
                     Moving #88 to level-6 1384 bytes";
        for end in 0..whole.len() {
            line(&whole.as_bytes()[..end]);
        }
        for text in ["", "hello", "2026/99/28-16:32:32.441833 42 x", "2026/11/28 16:32:32.441833 42 x", "\u{e9}"] {
            assert_eq!(line(text.as_bytes()), None, "{text}");
        }
        assert_eq!(line(b"2026/11/28-16:32:32.441833 42 \xff"), None);
        for text in
            ["EVENT_LOG_v1 {\"job\": -1}", "EVENT_LOG_v1 {", "[x", "[x.cc] [", "[x.cc] [a] Moving #x to level-9"]
        {
            assert_eq!(said_by(&format!("2026/11/28-16:32:32.441833 42 {text}")), Said::Other, "{text}");
        }
    }
}
