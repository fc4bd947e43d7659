//! What our engine did under virtual time, in the form in which RocksDB would have left it: `MANIFEST` and `LOG`.
//!
//! In: the [`Reports`] of one engine for each column family. Out: [`RocksDbFiles`], and for each decision what was true
//! when it was taken. The lines of the log are as late as RocksDB's: a merge is logged by its thread some time after
//! it was decided, and what is said under the lock is written when the lock is released. Edits between which nothing
//! was decided are committed in groups, which share a version. Some merges fail at first, and are decided once more.
//!
//! Every event of the engines is at one moment of a clock in microseconds, a thousand after the one before it; the
//! lines that follow from it lie between.

use std::collections::{BTreeMap, BTreeSet};

use super::super::log::tests::write;
use super::{numbers, slice};
use crate::{
    policy::{Action, Compaction, Rule},
    random::Random,
    runtime::clock::Nanos,
    trace::Event,
    version::{TableMeta, VersionEdit},
};

/// What an engine reported, each event with its virtual time.
pub type Reports = Vec<(Nanos, Event)>;

/// What was true when a decision was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOn {
    /// How many edits of its family the tree had.
    pub edits: usize,
    /// Those that ran, by their edits; without those that never ended.
    pub running: BTreeSet<usize>,
}

/// The files of a database.
pub struct RocksDbFiles {
    pub manifest: Vec<u8>,
    pub log: Vec<u8>,
    /// Of each family, the decisions by their edits.
    pub taken_on: Vec<BTreeMap<usize, TakenOn>>,
}

/// A job of an engine.
struct Job {
    family: usize,
    /// Its number in the log.
    number: u64,
    /// Where it moves tables to, or whether it is a merge; none for a flush.
    action: Option<Action>,
    inputs: Vec<(usize, u64)>,
    output_level: usize,
    /// The reason of a merge, as RocksDB has it.
    reason: &'static str,
    /// When it failed, if it did.
    failed: Option<u64>,
    /// When it was decided.
    picked: u64,
    base: u64,
    taken_on: TakenOn,
    /// Which edit of its family is its own, what that adds, and which group committed it.
    installed: Option<(usize, Vec<TableMeta>, usize)>,
}

/// A line that waits for its place.
struct LogLine {
    written: u64,
    said: Option<u64>,
    thread: usize,
    text: String,
}

/// The files of engines that ran beside each other.
pub fn rocksdb_files(families: &[Reports], seed: u64) -> RocksDbFiles {
    rocksdb_files_with(families, seed, None)
}

/// The same, of a database whose first family had its options changed before the event at `changed`: from release 10
/// on, that makes a version which no edit tells of.
pub fn rocksdb_files_with(families: &[Reports], seed: u64, changed: Option<usize>) -> RocksDbFiles {
    let mut writer = Writer::new(families.len(), seed);
    let mut merged: Vec<(Nanos, usize, &Event)> = Vec::new();
    for (family, reports) in families.iter().enumerate() {
        merged.extend(reports.iter().map(|(nanos, event)| (*nanos, family, event)));
    }
    // Those of one engine stay in their order.
    merged.sort_by_key(|(nanos, ..)| *nanos);
    for (at, (_, family, event)) in merged.into_iter().enumerate() {
        let moment = STEP * (at as u64 + 1);
        if changed == Some(at) {
            writer.change_options(moment - 450);
        }
        writer.event(moment, family, event);
    }
    writer.end()
}

/// How far events are apart.
const STEP: u64 = 1000;
/// There are fewer threads of flushes, from 1 on; from this one on they are those of compactions.
const FLUSH_THREADS: usize = 100;

struct Writer {
    random: Random,
    records: Vec<Vec<u8>>,
    /// Of each family: how many edits it has, and the number of its version.
    edits: Vec<usize>,
    versions: Vec<u64>,
    next_version: u64,
    jobs: Vec<Job>,
    /// Jobs that run, by family and the engine's number.
    running: BTreeMap<(usize, u64), usize>,
    /// When each group was installed.
    groups: Vec<u64>,
    /// The families that the group has edits of, while it is open.
    open: Vec<usize>,
    /// The lines that are of no job.
    lines: Vec<LogLine>,
}

impl Writer {
    fn new(families: usize, seed: u64) -> Writer {
        let comparator = [numbers(&[1]), slice(b"leveldb.BytewiseComparator"), numbers(&[2, 4, 3, 9, 4, 0])].concat();
        let mut records = vec![comparator];
        for family in 1..families {
            let name = format!("cf{family}");
            records.push([numbers(&[200, family as u64, 201]), slice(name.as_bytes()), numbers(&[203, 9])].concat());
        }
        Writer {
            random: Random::new(seed),
            records,
            edits: vec![1; families],
            versions: (0..families as u64).map(|family| 2 + family).collect(),
            next_version: 2 + families as u64,
            jobs: Vec::new(),
            running: BTreeMap::new(),
            groups: vec![0],
            open: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// A table's number, which no other family has.
    fn table(&self, family: usize, id: u64) -> u64 {
        id * self.edits.len() as u64 + family as u64
    }

    fn change_options(&mut self, moment: u64) {
        self.open.clear();
        self.versions[0] = self.next_version;
        self.next_version += 1;
        let text = "[x.cc:1] SetOptions() on column family [default], inputs:".into();
        self.lines.push(LogLine { written: moment, said: None, thread: 0, text });
    }

    fn event(&mut self, moment: u64, family: usize, event: &Event) {
        match event {
            Event::FlushBegan { job, .. } => self.begin(moment, (family, *job), None),
            Event::CompactionPicked { job, compaction } => {
                self.open.clear();
                self.pick(moment, (family, *job), compaction);
            }
            Event::VersionInstalled { job, edit, .. } if self.running.contains_key(&(family, *job)) => {
                self.install(moment, (family, *job), edit);
            }
            _ => {}
        }
    }

    fn pick(&mut self, moment: u64, of: (usize, u64), compaction: &Compaction) {
        let inputs: Vec<(usize, u64)> = compaction.tables().map(|(level, id)| (level, self.table(of.0, id))).collect();
        let reason = match compaction.reason.rule {
            Rule::Manual => "ManualCompaction",
            _ => "LevelMaxLevelSize",
        };
        let is_retried = compaction.action == Action::Merge && self.random.one_in(12);
        let attempts: &[Option<u64>] = if is_retried { &[Some(moment - 300), None] } else { &[None] };
        for failed in attempts {
            self.begin(failed.map_or(moment, |failed| failed - 100), of, Some(compaction.action));
            let job = self.jobs.last_mut().expect("it was begun");
            (job.inputs, job.output_level) = (inputs.clone(), compaction.output_level);
            (job.reason, job.failed) = (reason, *failed);
        }
    }

    fn begin(&mut self, picked: u64, of: (usize, u64), action: Option<Action>) {
        let family = of.0;
        self.running.insert(of, self.jobs.len());
        self.jobs.push(Job {
            family,
            number: self.jobs.len() as u64 + 2,
            action,
            inputs: Vec::new(),
            output_level: 0,
            reason: "",
            failed: None,
            picked,
            base: self.versions[family],
            taken_on: TakenOn { edits: self.edits[family], running: BTreeSet::new() },
            installed: None,
        });
    }

    fn install(&mut self, moment: u64, of: (usize, u64), edit: &VersionEdit) {
        let Some(job) = self.running.remove(&of) else { return };
        let family = of.0;
        if self.open.is_empty() || !self.random.one_in(4) {
            self.open.clear();
            self.groups.push(moment);
        }
        if !self.open.contains(&family) {
            self.open.push(family);
            self.versions[family] = self.next_version;
            self.next_version += 1;
        }
        let group = self.groups.len() - 1;
        self.groups[group] = moment;
        let renamed = |(level, table): &(usize, std::rc::Rc<TableMeta>)| {
            (*level, TableMeta { id: self.table(family, table.id), ..(**table).clone() })
        };
        let (removed, added): (Vec<_>, Vec<_>) =
            (edit.removed.iter().map(renamed).collect(), edit.added.iter().map(renamed).collect());
        let mut record = numbers(&[200, family as u64]);
        removed.iter().for_each(|(level, table)| record.extend(numbers(&[6, *level as u64, table.id])));
        added.iter().for_each(|(level, table)| record.extend(new_file(*level, table)));
        for cursor in &edit.cursors {
            record.extend(numbers(&[5, cursor.level as u64]));
            record.extend(internal_key(cursor.to.as_deref().unwrap_or_default()));
        }
        self.records.push(record);
        let tables = added.into_iter().map(|(_, table)| table).collect();
        self.jobs[job].installed = Some((self.edits[family], tables, group));
        self.edits[family] += 1;
    }

    fn end(mut self) -> RocksDbFiles {
        let mut taken_on = vec![BTreeMap::new(); self.edits.len()];
        for (at, job) in self.jobs.iter().enumerate().filter(|(_, job)| job.action.is_some()) {
            let Some((edit, ..)) = job.installed else { continue };
            let is_earlier = |other: &&Job| other.family == job.family && other.action.is_some();
            let edits = self.jobs[..at].iter().filter(is_earlier).filter_map(|other| Some(other.installed.as_ref()?.0));
            let running = edits.filter(|other| *other >= job.taken_on.edits).collect();
            taken_on[job.family].insert(edit, TakenOn { edits: job.taken_on.edits, running });
        }
        let mut lines = self.lines();
        lines.sort_by_key(|line| line.written);
        let log: Vec<String> = lines.iter().map(LogLine::text).collect();
        RocksDbFiles { manifest: write(&self.records), log: log.concat().into_bytes(), taken_on }
    }

    fn lines(&mut self) -> Vec<LogLine> {
        let mut lines = std::mem::take(&mut self.lines);
        // From when on each thread is free.
        let mut flushing: Vec<u64> = Vec::new();
        let mut compacting: Vec<u64> = Vec::new();
        for job in std::mem::take(&mut self.jobs) {
            let threads = if job.action.is_none() { &mut flushing } else { &mut compacting };
            let free: Vec<usize> = (0..threads.len()).filter(|thread| threads[*thread] < job.picked).collect();
            let thread = match free.is_empty() {
                true => {
                    threads.push(0);
                    threads.len() - 1
                }
                false => free[self.random.below(free.len() as u64) as usize],
            };
            let installed = job.installed.as_ref().map(|(_, _, group)| self.groups[*group]);
            let ended = installed.map(|moment| moment + 300 + self.random.below(2000));
            let written = ended.or(job.failed.map(|failed| failed + 50)).unwrap_or(u64::MAX);
            threads[thread] = written;
            let number = if job.action.is_none() { 1 + thread } else { FLUSH_THREADS + thread };
            let mut told = JobLines { random: &mut self.random, thread: number, written, lines: &mut lines };
            match job.action {
                None => told.flush(&job, installed),
                Some(Action::Move) => told.moves(&job, installed),
                Some(_) => told.merge(&job, installed),
            }
        }
        lines
    }
}

/// The lines of one job.
struct JobLines<'a> {
    random: &'a mut Random,
    thread: usize,
    /// When its thread writes what it said under the lock.
    written: u64,
    lines: &'a mut Vec<LogLine>,
}

impl JobLines<'_> {
    fn direct(&mut self, written: u64, text: String) {
        self.lines.push(LogLine { written, said: None, thread: self.thread, text });
    }

    /// Said under the lock; of a job that never ends, nothing is written.
    fn buffered(&mut self, said: u64, text: String) {
        if self.written < u64::MAX {
            self.lines.push(LogLine { written: self.written, said: Some(said), thread: self.thread, text });
        }
    }

    fn flush(&mut self, job: &Job, installed: Option<u64>) {
        let number = job.number;
        self.direct(job.picked + 1, event(number, "flush_started", r#""flush_reason": "Write Buffer Full""#));
        let (Some((_, tables, _)), Some(installed)) = (&job.installed, installed) else { return };
        self.tables(job.picked + 2, installed, number, tables);
        for table in tables {
            let id = table.id;
            let text = format!("[x.cc:1] [f] Level-0 commit flush result of table #{id}: memtable #1 done");
            self.buffered(installed + 10, text);
        }
        self.buffered(installed + 20, event(number, "flush_finished", r#""lsm_state": [1]"#));
    }

    /// Each table is written some time until its job is installed.
    fn tables(&mut self, from: u64, to: u64, job: u64, tables: &[TableMeta]) {
        for table in tables {
            let written = from + self.random.below(to - from);
            let TableMeta { id, entries, tombstones, .. } = table;
            let contents = format!(r#"{{"num_entries": {entries}, "num_deletions": {tombstones}}}"#);
            let fields = format!(r#""file_number": {id}, "table_properties": {contents}"#);
            self.direct(written, event(job, "table_file_creation", &fields));
        }
    }

    fn moves(&mut self, job: &Job, installed: Option<u64>) {
        let Some(installed) = installed else { return };
        if job.reason == "ManualCompaction" {
            let levels = format!("from level-{} to level-{}", job.inputs[0].0, job.output_level);
            let text = format!("[x.cc:1] [f] Manual compaction {levels} from (begin) .. (end); will stop at (end)");
            self.buffered(job.picked + 4, text);
        }
        for (_, id) in &job.inputs {
            self.buffered(job.picked + 5, format!("[x.cc:1] [f] Moving #{id} to level-{} 7 bytes", job.output_level));
        }
        let fields = format!(r#""destination_level": {}, "files": 1"#, job.output_level);
        self.buffered(installed + 10, event(job.number, "trivial_move", &fields));
    }

    fn merge(&mut self, job: &Job, installed: Option<u64>) {
        let number = job.number;
        // Mostly at once, sometimes when other jobs have ended meanwhile.
        let late = if job.failed.is_some() {
            1
        } else if self.random.one_in(10) {
            4 * STEP
        } else {
            STEP / 2
        };
        let until = installed.map_or(u64::MAX, |installed| installed - STEP / 2);
        let begun = (job.picked + 1 + self.random.below(late)).min(until);
        self.direct(
            begun,
            format!("[x.cc:1] [f] [JOB {number}] Compacting 2@0 files to L{}, score 1.00", job.output_level),
        );
        let text =
            format!("[x.cc:2] [f]: Compaction start summary: Base version {} Base level 0, inputs: []", job.base);
        self.direct(begun + 1, text);
        let mut levels: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        job.inputs.iter().for_each(|(level, id)| levels.entry(*level).or_default().push(*id));
        let files: Vec<String> = levels.iter().map(|(level, ids)| format!(r#""files_L{level}": {ids:?}"#)).collect();
        let fields = format!(r#""compaction_reason": "{}", {}"#, job.reason, files.join(", "));
        self.direct(begun + 2, event(number, "compaction_started", &fields));
        let tables = job.installed.as_ref().map_or(&[][..], |(_, tables, _)| tables);
        let Some(ended) = installed.or(job.failed) else { return };
        self.tables(begun + 3, ended, number, tables);
        self.buffered(ended + 10, event(number, "compaction_finished", r#""output_level": 1"#));
    }
}

fn event(job: u64, name: &str, fields: &str) -> String {
    format!(r#"EVENT_LOG_v1 {{"time_micros": 1, "job": {job}, "event": "{name}", {fields}}}"#)
}

impl LogLine {
    fn text(&self) -> String {
        let said = self.said.map_or(String::new(), |said| format!("(Original Log Time {}) ", time(said)));
        format!("{} {} {said}{}\n", time(self.written), 1_000_000 + self.thread, self.text)
    }
}

fn time(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    format!("2026/11/28-16:{:02}:{:02}.{:06}", seconds / 60, seconds % 60, micros % 1_000_000)
}

fn internal_key(user: &[u8]) -> Vec<u8> {
    slice(&[user, &[1; 8]].concat())
}

/// A new file of the fourth form.
fn new_file(level: usize, table: &TableMeta) -> Vec<u8> {
    let mut out = numbers(&[103, level as u64, table.id, table.bytes]);
    out.extend([internal_key(&table.smallest), internal_key(&table.largest)].concat());
    out.extend(numbers(&[table.smallest_seq, table.largest_seq]));
    if let Some(time) = table.oldest_time {
        out.extend([numbers(&[5]), slice(&numbers(&[time]))].concat());
    }
    out.extend(numbers(&[1]));
    out
}
