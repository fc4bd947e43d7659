//! The fold over the lines of a log: what each changes.
//!
//! In: lines. Out: a [`LogReport`]. A job's lines are of one thread, in order: what a line does not name (the column
//! family of a flush, the tables of a move) is what its thread named before.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
};

use super::{
    LogError, LogFamily, LogJobKind, LogLines, LogNews, LogPaths, LogSession, MAX_FAMILIES, MAX_LISTED,
    counted_levels::CountedLevels,
    job_ledger::JobLedger,
    live_tables::LiveTables,
    options_in_force::OptionsInForce,
    periods::Periods,
    sentences,
    stall_ledger::{StallLedger, StallLine},
    stats_dump::StatsDump,
    without_paths::without_paths,
};
use crate::history::info_log::{
    clock::Clock,
    line::{self, Line, Said},
};

mod changes;
mod events;
mod leveldb;
mod reporting;

/// The most threads that are told apart; more are forgotten, all at once.
const MAX_THREADS: usize = 4_096;

/// The most tables on level 0 that are told apart in the time that a count held.
const MAX_LEVEL0: usize = 1_024;

/// The most tables that a thread moves at once.
const MAX_MOVING: usize = 1_024;

/// The longest error that is kept, in characters.
const MAX_ERROR: usize = 300;

/// What was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    paths: LogPaths,
    lines: LogLines,
    clock: Clock,
    from: Option<u64>,
    /// The time of the newest line.
    now: u64,
    release: Option<String>,
    /// The time of the last line before the head of the newest file.
    before_head: u64,
    sessions: Vec<LogSession>,
    session_count: u64,
    /// Whether memtables of logs are flushed in an opening, without events of their own.
    is_recovering: bool,
    options: OptionsInForce,
    /// How many compactions may run at once, by the options in force.
    slots: Option<u64>,
    /// The column family whose options follow; none for the database's.
    options_of: Option<usize>,
    families: Vec<FamilyFold>,
    /// What [`FamilyFold::counts`] come to.
    counted: CountedLevels,
    by_name: BTreeMap<String, usize>,
    threads: BTreeMap<String, ThreadFold>,
    jobs: JobLedger,
    live: LiveTables,
    stalls: StallLedger,
    periods: Periods,
    dump: StatsDump,
    errors: Vec<LogError>,
    error_count: u64,
    ingested: u64,
    leveldb: leveldb::LevelDbFold,
    news: VecDeque<LogNews>,
}

/// A column family.
#[derive(Clone, Debug, Default)]
struct FamilyFold {
    report: LogFamily,
    /// Tables on each level, as the log has them last.
    counts: Vec<u64>,
    /// When it was said that there are as many.
    counted_at: u64,
    /// For how long level 0 had how many tables, up to `level0_until`.
    level0: Vec<u64>,
    level0_until: u64,
}

impl FamilyFold {
    /// Level 0 had as many tables as it has until `now`.
    fn pass(&mut self, now: u64) {
        if let Some(count) = self.counts.first() {
            let count = (*count).min(MAX_LEVEL0 as u64) as usize;
            self.level0.resize(self.level0.len().max(count + 1), 0);
            self.level0[count] += now.saturating_sub(self.level0_until);
        }
        self.level0_until = now;
    }
}

/// A thread.
#[derive(Clone, Debug, Default)]
struct ThreadFold {
    /// The column family of which it spoke last.
    family: Option<usize>,
    /// The job that it named last.
    job: u64,
    /// The tables that it is moving.
    moving: Vec<u64>,
    /// The options that it was asked to change.
    asked: changes::Asked,
    /// The column families of which it has said that writes are held up, since its last job ended.
    stalled: Vec<usize>,
}

impl Fold {
    /// Nothing was read.
    pub fn new(paths: LogPaths) -> Fold {
        Fold { paths, ..Fold::default() }
    }

    /// The text of an `OPTIONS` file.
    pub fn read_options(&mut self, text: &str) {
        self.options.read_file(text);
        self.slots = self.options.compaction_slots();
    }

    /// A line that is too long.
    pub fn cut_line(&mut self) {
        self.lines.read += 1;
        self.lines.cut += 1;
    }

    /// Reads a line.
    pub fn line(&mut self, bytes: &[u8]) {
        self.lines.read += 1;
        let Some(mut line) = line::line(bytes) else {
            let (families, by_name) = (&mut self.families, &mut self.by_name);
            // A line that is indented belongs to the one before: it lists.
            let is_known = bytes.first().is_none_or(u8::is_ascii_whitespace)
                | self.dump.line(bytes, |name| family_of(families, by_name, name));
            if !is_known {
                self.lines.foreign += 1;
            }
            return;
        };
        self.clock.set(&mut line);
        self.settle_leveldb(Some(&line.said));
        if matches!(line.said, Said::Release { .. }) || self.begins_leveldb(&line.said) {
            self.skip(line.micros);
        }
        self.pass(line.micros);
        // The text of a dump begins behind a line that has a time and nothing else.
        if line.message.is_empty() || line.message.starts_with("------- DUMPING STATS") {
            self.dump.begins(line.micros);
            return;
        }
        self.dump.ends();
        match &line.said {
            Said::Option { name, value } => {
                let family = self.options_of.map(|family| (family, &*self.families[family].report.name));
                self.options.names(line.micros, family, name, value);
                self.slots = self.options.compaction_slots();
            }
            Said::OptionsOf { family } => self.options_of = Some(self.family(family)),
            Said::Release { release } => {
                self.options_of = None;
                self.release = Some(shortened(release));
            }
            Said::Recovering => self.opened(line.micros),
            Said::Closed => self.closed(line.micros),
            Said::Compacting { family, job, .. } => {
                let family = self.family(family);
                let thread = self.thread(line.thread);
                (thread.family, thread.job) = (Some(family), *job);
            }
            Said::Moving { family, table, .. } => {
                let family = self.family(family);
                let thread = self.thread(line.thread);
                thread.family = Some(family);
                if thread.moving.len() < MAX_MOVING {
                    thread.moving.push(*table);
                }
            }
            Said::Stall { family, stops, why } => self.stalled(&line, family, StallLine::of(*stops, why)),
            Said::Levels { family, pending_bytes, .. } => {
                let family = self.family(family);
                if let Some(pending) = pending_bytes {
                    self.pending(family, line.micros, *pending);
                }
                self.level_summary(family, &line);
                // The last line of a flush: its version is installed.
                self.goes_on(line.thread, family, line.micros);
            }
            Said::Event(event) => {
                self.lines.events += 1;
                self.event(&line, event);
            }
            Said::LevelDb(said) => self.leveldb(&line, *said),
            Said::Base { .. } | Said::Committed { .. } | Said::NewManifest | Said::ManualCompaction => {}
            Said::OptionsChanged | Said::Other => self.other(&line),
        }
    }

    /// The log begins, if it has not: the periods begin with it, not with the first of it that is counted.
    fn begin(&mut self, at: u64) {
        if self.from.is_none() {
            self.from = Some(at);
            self.periods.at(at);
        }
    }

    /// Time passes, up to `at`, with everything as it is.
    fn pass(&mut self, at: u64) {
        self.begin(at);
        if at <= self.now {
            return;
        }
        let micros = if self.now == 0 { 0 } else { at - self.now };
        self.now = at;
        self.jobs.pass(micros, self.slots, self.stalls.waits_for_compactions());
    }

    /// A file begins: with the next session, or within this one, and then at once. Until then nothing ran.
    fn skip(&mut self, at: u64) {
        self.before_head = self.now;
        if at > self.now {
            self.families.iter_mut().for_each(|family| family.pass(self.now));
            self.families.iter_mut().for_each(|family| family.level0_until = at);
            self.begin(at);
            self.now = at;
        }
    }

    fn opened(&mut self, at: u64) {
        // Without a head, as where the log is cut, the session before it ended at the latest now.
        self.ended(if self.before_head > 0 { self.before_head } else { at });
        self.is_recovering = true;
        self.session_count += 1;
        if self.sessions.len() < MAX_LISTED {
            let release = self.release.clone();
            self.sessions.push(LogSession { from: at, until: at, release, is_opened: true, is_closed: false });
        }
        self.tell(at, sentences::opened(self.release.as_deref()));
    }

    fn closed(&mut self, at: u64) {
        self.session(at);
        if let Some(session) = self.sessions.last_mut().filter(|_| self.session_count <= MAX_LISTED as u64) {
            session.is_closed = true;
        }
        self.stalls.close(at, &self.jobs);
        self.ended(at);
        self.tell(at, sentences::closed());
    }

    /// The session that the moment `at` is in: the first one may have begun before the log.
    fn session(&mut self, at: u64) {
        if self.sessions.is_empty() {
            let (from, release) = (self.from.unwrap_or(at), self.release.clone());
            self.sessions.push(LogSession { from, until: at, release, ..LogSession::default() });
            self.session_count += 1;
        }
        if let Some(session) = self.sessions.last_mut().filter(|_| self.session_count <= MAX_LISTED as u64) {
            session.until = session.until.max(at);
        }
    }

    /// No job of the session runs any more, and nothing is held up.
    fn ended(&mut self, at: u64) {
        self.stalls.abandon(at, &self.jobs);
        self.jobs.abandon(at);
        self.threads.clear();
        self.dump.opens();
        self.stalls.settle_if_many(at, &self.jobs, &mut self.periods);
    }

    fn stalled(&mut self, line: &Line<'_>, family: &str, stall: StallLine) {
        let family = self.family(family);
        let thread = self.thread(line.thread);
        if !thread.stalled.contains(&family) {
            thread.stalled.push(family);
        }
        if stall.cause == super::LogStallCause::PendingBytes {
            self.pending(family, line.micros, stall.amount);
        }
        if self.stalls.says(family, line.micros, stall, self.slots, &self.jobs) {
            self.periods.at(line.micros);
            self.tell(line.micros, sentences::held_up(&stall));
        }
    }

    /// The thread has installed a version of the family: if it did not say that writes are held up, they go on.
    fn goes_on(&mut self, thread: &str, family: usize, at: u64) {
        let thread = self.thread(thread);
        let before = thread.stalled.len();
        thread.stalled.retain(|stalled| *stalled != family);
        if thread.stalled.len() < before {
            return;
        }
        if let Some((micros, stall)) = self.stalls.goes_on(family, at, &self.jobs) {
            self.tell(at, sentences::goes_on(micros, &stall));
            self.stalls.settle_if_many(at, &self.jobs, &mut self.periods);
        }
    }

    fn pending(&mut self, family: usize, at: u64, bytes: u64) {
        let report = &mut self.families[family].report;
        report.pending_max = report.pending_max.max(bytes);
        let period = self.periods.at(at);
        period.pending_max = period.pending_max.max(bytes);
    }

    /// A line that no other reader knows.
    fn other(&mut self, line: &Line<'_>) {
        let message = line.message;
        if self.change(line) || self.tables_gone(line) {
            return;
        }
        if let Some((family, rest)) = message.strip_prefix('[').and_then(|rest| rest.split_once("] [JOB "))
            && let Some((job, _)) = rest.split_once("] Flushing memtable")
        {
            let family = self.family(family);
            let job = job.parse().unwrap_or(0);
            let thread = self.thread(line.thread);
            (thread.family, thread.job) = (Some(family), job);
        }
        let is_failure = ["Compaction error: ", "Background IO error ", "Waiting after background "]
            .iter()
            .any(|known| message.contains(known));
        if line.is_error || is_failure {
            self.error(line.micros, message);
        }
    }

    fn error(&mut self, at: u64, message: &str) {
        self.error_count += 1;
        self.periods.at(at).errors += 1;
        let text = if self.paths == LogPaths::Keep { message.to_string() } else { without_paths(message) };
        let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_ERROR).collect();
        self.tell(at, sentences::error(&text));
        if self.errors.len() < MAX_LISTED {
            self.errors.push(LogError { at, text });
        }
    }

    fn tell(&mut self, at: u64, says: String) {
        const MAX_NEWS: usize = 100;
        if self.news.len() >= MAX_NEWS {
            self.news.pop_front();
        }
        self.news.push_back(LogNews { at, says });
    }

    /// What has happened since the last call.
    pub fn take_news(&mut self) -> Vec<LogNews> {
        self.news.drain(..).collect()
    }

    fn family(&mut self, name: &str) -> usize {
        family_of(&mut self.families, &mut self.by_name, name)
    }

    fn thread(&mut self, name: &str) -> &mut ThreadFold {
        if self.threads.len() > MAX_THREADS {
            self.threads.clear();
        }
        let name = key(name);
        if !self.threads.contains_key(&*name) {
            self.threads.insert(name.to_string(), ThreadFold::default());
        }
        self.threads.get_mut(&*name).expect("it was put in")
    }
}

/// The index of the column family with this name; a new one if there is none yet.
fn family_of(families: &mut Vec<FamilyFold>, by_name: &mut BTreeMap<String, usize>, name: &str) -> usize {
    let name = key(name);
    if let Some(index) = by_name.get(&*name) {
        return *index;
    }
    if families.len() >= MAX_FAMILIES {
        return families.len() - 1;
    }
    let report = LogFamily { name: shortened(&name), ..LogFamily::default() };
    families.push(FamilyFold { report, ..FamilyFold::default() });
    by_name.insert(name.into_owned(), families.len() - 1);
    families.len() - 1
}

/// The longest name or number that is kept, in characters.
const MAX_NAME: usize = 200;

/// By what a name is known: a line may be all name, and thousands of them are kept.
fn key(name: &str) -> Cow<'_, str> {
    if name.len() <= MAX_NAME { Cow::Borrowed(name) } else { Cow::Owned(shortened(name)) }
}

/// A name or a number of a log: no longer than such things are, and without what would move a terminal's cursor.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(MAX_NAME).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
