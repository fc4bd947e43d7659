//! The one entry to all formats of histories: recognizes a file, and reads it.
//!
//! In: a file's bytes, and what is known besides ([`HistoryRequest`]): the text of RocksDB's `OPTIONS` file, which
//! column family, changes of options. Out: a [`History`], whose [`HistorySummary`] says what the file is, what was
//! read, left out and assumed. Errors: a [`HistoryRefusal`] with a remedy that fits the file.

use std::collections::BTreeMap;

use super::{
    ColumnFamily, Edit, History, HistorySummary, Rules,
    decided_on::{LoggedDecisions, decided_on},
    info_log::{LoggedJobs, leveldb_jobs::LevelDbJobs},
    job_speed::JobSpeed,
    jsonl, leveldb,
    manifest::{self, Log, Manifest},
    options_file::{self, Settings},
    universal,
};
use crate::{
    engine::log,
    error::{Error, ErrorKind, Result},
    options::Options,
    plural::counted,
    words::say,
};

/// What is known beside the history.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryRequest<'a> {
    /// The text of the `OPTIONS` file.
    pub options: Option<&'a str>,
    /// The bytes of the database's `LOG`, unpacked and whatever their number; those of the logs before it, in order,
    /// come first. Only RocksDB's is read, and only beside a `MANIFEST`.
    pub log: Option<&'a [u8]>,
    /// The column family to replay; without, the default one.
    pub family: Option<&'a str>,
    /// Options that are set otherwise than the file says: name and value.
    pub changes: &'a [(&'a str, &'a str)],
}

/// Why a history cannot be replayed, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRefusal {
    /// What went wrong.
    pub error: Error,
    /// What a person can do.
    pub remedy: String,
    /// Whether it is the `OPTIONS` file that does not fit, and not the history.
    pub is_of_options: bool,
}

impl From<Error> for HistoryRefusal {
    fn from(error: Error) -> HistoryRefusal {
        let remedy = match error.kind {
            ErrorKind::Corruption => {
                say!(
                    "Copy the file once more while the database is closed. If it is damaged there too, RocksDB's own \
                     tool shows what can be read: ldb manifest_dump --path=FILE."
                )
            }
            ErrorKind::Unsupported => {
                say!("Replay another column family of it (--family NAME), or another database.")
            }
            ErrorKind::Io => say!("Check the file's name, and that it may be read."),
            _ => {
                say!(
                    "Give a MANIFEST of RocksDB with the OPTIONS file beside it, a MANIFEST of LevelDB, or recorded \
                     lines, each whole."
                )
            }
        };
        HistoryRefusal { error, remedy, is_of_options: false }
    }
}

impl HistoryRefusal {
    fn new(kind: ErrorKind, message: String, remedy: String) -> HistoryRefusal {
        HistoryRefusal { error: Error::new(kind, message), remedy, is_of_options: false }
    }
}

/// Reads a history of any format.
///
/// # Errors
/// It is in no format that we know, or damaged, or of a database that cannot be followed.
pub fn open(bytes: &[u8], request: &HistoryRequest<'_>) -> Result<History, HistoryRefusal> {
    if jsonl::is(bytes) {
        Ok(jsonl::read(bytes)?)
    } else if universal::is(bytes) {
        let settings = settings(request, DEFAULT)?;
        let mut history = universal::read(bytes, &settings.options)?;
        history.summary.left_out.extend(settings.left_out);
        Ok(history)
    } else if manifest::is(bytes) {
        of_manifest(bytes, request)
    } else {
        Err(unknown(bytes))
    }
}

/// The options of `family`: RocksDB's defaults, changed by the file, changed by the caller.
fn settings(request: &HistoryRequest<'_>, family: &str) -> Result<Settings, HistoryRefusal> {
    Settings::read(request.options, family, request.changes).map_err(|error| {
        let is_of_options = request.options.is_some_and(|text| options_file::section(text, family).is_err());
        let remedy = match error.kind {
            ErrorKind::Unsupported => say!("Say with --set NAME=VALUE how it should be replayed instead."),
            _ if is_of_options => say!("Give the OPTIONS file that lies beside the MANIFEST."),
            _ => of_changes(),
        };
        HistoryRefusal { error, remedy, is_of_options }
    })
}

/// A manifest that was read, with what the database's `LOG` adds to it.
struct ReadManifest {
    rules: Rules,
    families: Vec<Log>,
    /// Of each family, if there is a log of RocksDB's.
    logged: Option<Vec<LoggedDecisions>>,
    /// Of each family: when a flush was in the tree, by its edit.
    flushed: Vec<BTreeMap<usize, u64>>,
    /// How long compactions took.
    speed: Option<JobSpeed>,
    /// Whether writes waited for flushes.
    waits_for_flushes: bool,
    told: Vec<ColumnFamily>,
    edits: u64,
    left_out: Vec<String>,
    assumed: Vec<String>,
}

impl ReadManifest {
    fn read(bytes: &[u8], request: &HistoryRequest<'_>) -> Result<ReadManifest> {
        let Manifest { rules, mut families, edits, mut left_out } = Manifest::read(bytes)?;
        let mut assumed = Vec::new();
        let mut logged = None;
        let mut flushed = vec![BTreeMap::new(); families.len()];
        let (mut speed, mut waits_for_flushes) = (None, false);
        match request.log {
            Some(log) if rules == Rules::LevelDb => {
                let mut jobs = LevelDbJobs::read(log);
                logged = Some(families.iter().map(|family| jobs.decisions(&family.edits)).collect());
            }
            Some(log) => {
                let jobs = LoggedJobs::read(log);
                let unknown: usize = families.iter_mut().map(|family| jobs.fill(&mut family.edits)).sum();
                if unknown > 0 && !jobs.jobs.is_empty() {
                    let tables = counted(unknown, "table");
                    assumed.push(say!("that {tables}, of which the LOG does not tell, have no deletions", tables));
                }
                let edits: Vec<&[Edit]> = families.iter().map(|family| &family.edits[..]).collect();
                flushed = edits.iter().map(|edits| jobs.flush_times(edits)).collect();
                speed = JobSpeed::of(&jobs.speeds);
                waits_for_flushes = jobs.waits_for_flushes;
                let (decisions, contradictions) = decided_on(&edits, &jobs);
                if contradictions > 0 {
                    assumed.push(say!(
                        "the numbers of versions in the LOG contradict the MANIFEST {count} times: there, only times \
                         and tables tell where a decision was taken",
                        count = contradictions,
                    ));
                }
                if !jobs.options_changed.is_empty() {
                    left_out.push(say!(
                        "changes of options while it ran (SetOptions): {count}; each decision is asked about with the \
                         options of the OPTIONS file",
                        count = jobs.options_changed.len(),
                    ));
                }
                logged = Some(decisions);
            }
            None => {}
        }
        let told = families.iter().map(Log::told).collect();
        Ok(ReadManifest { rules, families, logged, flushed, speed, waits_for_flushes, told, edits, left_out, assumed })
    }

    /// What the log tells of the family at `at`; and what has to be said of that.
    fn logged(&self, at: usize, summary: &mut HistorySummary) -> LoggedDecisions {
        let Some(logged) = self.logged.as_ref().filter(|_| self.told[at].compactions > 0) else {
            return LoggedDecisions::default();
        };
        let logged = logged[at].clone();
        if logged.decided.is_empty() && logged.flushed_later.is_empty() {
            summary.is_log_foreign = true;
            summary.left_out.push(say!("the LOG: it tells of no compaction of this file"));
        } else if !logged.unfinished.is_empty() {
            summary.left_out.push(say!(
                "{count} in the LOG that the MANIFEST does not have: what failed or was still running is no decision \
                 here, but its tables were busy",
                count = counted(logged.unfinished.len(), "compaction"),
            ));
        }
        logged
    }

    /// The families to be replayed: those that are there and have decisions, or the default one. One that was dropped
    /// has no options any more.
    fn names(&self) -> Vec<String> {
        let decided = self.told.iter().filter(|family| family.compactions > 0 && !family.is_dropped);
        let names: Vec<String> = decided.map(|family| family.name.clone()).collect();
        if names.is_empty() { vec![DEFAULT.to_string()] } else { names }
    }

    /// The history of the family `name`; of several, one that was dropped and made again: the last.
    fn family(&self, name: &str, request: &HistoryRequest<'_>) -> Result<History, HistoryRefusal> {
        let ReadManifest { rules, told, .. } = self;
        let Some(at) = self.families.iter().rposition(|log| log.name == name) else {
            let names: Vec<_> = told.iter().map(ToString::to_string).collect();
            let message = say!("the MANIFEST has no column family {name}", name);
            let remedy = say!("It has: {families}.", families = names.join("; "));
            return Err(HistoryRefusal::new(ErrorKind::InvalidInput, message, remedy));
        };
        let log = &self.families[at];
        if let Some(comparator) = log.comparator.as_deref().filter(|name| *name != manifest::BYTEWISE) {
            return Err(self.of_another_order(name, comparator));
        }
        let mut summary = HistorySummary {
            kind: say!("a MANIFEST of {database}", database = rules.name()),
            database: rules.name(),
            read: counted(self.edits, "edit"),
            family: (*rules == Rules::RocksDb).then(|| name.to_string()),
            families: if *rules == Rules::RocksDb { told.clone() } else { Vec::new() },
            is_log_foreign: false,
            left_out: self.left_out.clone(),
            assumed: self.assumed.clone(),
        };
        let logged = self.logged(at, &mut summary);
        if log.marked > 0 {
            let tables = counted(log.marked, "table");
            let what = say!("{tables} that the database marked for compaction: marks have no say here", tables);
            summary.left_out.push(what);
        }
        let history = History {
            options: Options::default(),
            rules: *rules,
            edits: log.edits.clone(),
            unit: "byte",
            is_periodic: false,
            logged,
            flushed: self.flushed[at].clone(),
            speed: self.speed,
            waits_for_flushes: self.waits_for_flushes,
            summary,
        };
        match rules {
            Rules::LevelDb => of_leveldb(history, request),
            Rules::RocksDb => of_rocksdb(history, request, name),
        }
    }

    /// Keys of the family `name` are ordered as `comparator` does.
    fn of_another_order(&self, name: &str, comparator: &str) -> HistoryRefusal {
        let message = say!(
            "column family {name} has the comparator {comparator}: only keys in the order of their bytes can be \
             replayed",
            name,
            comparator,
        );
        let others = self.told.iter().filter(|family| family.name != name && family.compactions > 0);
        let others: Vec<_> = others.map(|family| format!("--family {}", family.name)).collect();
        let remedy = match others.is_empty() {
            true => say!("Its order is known to the program that wrote it only: replay another database."),
            false => say!("Replay another column family: {families}.", families = others.join(", ")),
        };
        HistoryRefusal::new(ErrorKind::Unsupported, message, remedy)
    }
}

fn of_manifest(bytes: &[u8], request: &HistoryRequest<'_>) -> Result<History, HistoryRefusal> {
    let read = ReadManifest::read(bytes, request)?;
    let name = request.family.unwrap_or(DEFAULT);
    let mut history = read.family(name, request)?;
    let others = read.told.iter().filter(|family| family.name != name && family.compactions > 0);
    let others: Vec<_> = others.map(|family| family.name.as_str()).collect();
    if !others.is_empty() {
        history.summary.left_out.push(not_chosen(&others));
    }
    Ok(history)
}

/// The column family that every database has.
const DEFAULT: &str = "default";

/// A history that was read, and the column family that it is of, where a format has such.
pub type FamilyHistory = (Option<String>, Result<History, HistoryRefusal>);

/// Reads the histories of all column families that have decisions, or of the one that is asked for.
///
/// # Errors
/// As [`open`] has; what is wrong with one family stands in its place.
pub fn open_families(bytes: &[u8], request: &HistoryRequest<'_>) -> Result<Vec<FamilyHistory>, HistoryRefusal> {
    if !manifest::is(bytes) {
        return Ok(vec![(None, Ok(open(bytes, request)?))]);
    }
    let read = ReadManifest::read(bytes, request)?;
    let names = request.family.map_or_else(|| read.names(), |name| vec![name.to_string()]);
    let is_named = read.rules == Rules::RocksDb;
    Ok(names.into_iter().map(|name| (is_named.then(|| name.clone()), read.family(&name, request))).collect())
}

/// Of column families that are not replayed.
fn not_chosen(names: &[&str]) -> String {
    match names {
        [name] => say!("column family {name}: choose one with --family", name),
        names => say!("column families {names}: choose one with --family", names = names.join(", ")),
    }
}

fn of_rocksdb(mut history: History, request: &HistoryRequest<'_>, family: &str) -> Result<History, HistoryRefusal> {
    let settings = settings(request, family)?;
    if request.options.is_none() {
        history.summary.assumed.push(say!(
            "RocksDB's defaults for every option: a MANIFEST does not tell them, and no OPTIONS file was given"
        ));
    }
    history.summary.left_out.extend(settings.left_out);
    (history.options, history.is_periodic) = (settings.options, settings.is_periodic);
    Ok(history)
}

fn of_leveldb(mut history: History, request: &HistoryRequest<'_>) -> Result<History, HistoryRefusal> {
    if request.options.is_some() {
        history.summary.left_out.push(say!("the OPTIONS file: LevelDB has none"));
    }
    let options = leveldb::options(request.changes)
        .map_err(|error| HistoryRefusal { remedy: of_changes(), ..HistoryRefusal::from(error) })?;
    let merges = history.edits.iter().filter(|edit| edit.is_merge()).count();
    let unlogged = request.log.map(|_| merges.saturating_sub(history.logged.flushed_later.len()));
    history.summary.assumed.extend(leveldb::assumed(&options, request.changes.is_empty(), unlogged));
    history.options = options;
    Ok(history)
}

/// The options of the family of a database whose `OPTIONS` file has this text, under `changes`, each `name=value`.
///
/// # Errors
/// A change has no `=`, is of no option that there is, or of a value that it cannot have.
pub fn changed_options(
    options: Option<&str>,
    family: Option<&str>,
    changes: &[String],
) -> Result<Options, HistoryRefusal> {
    let remedy = || {
        say!(
            "Correct it, or leave it out: options have the names that they have in the database, such as \
             compaction_style=universal."
        )
    };
    let pair = |change: &String| match change.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_string(), value.trim().to_string())),
        None => {
            let message = say!("{change} is no change of an option: it should be name=value", change);
            Err(HistoryRefusal::new(ErrorKind::InvalidInput, message, remedy()))
        }
    };
    let pairs = changes.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let changes: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let family = family.unwrap_or(DEFAULT);
    let request = HistoryRequest { options, log: None, family: Some(family), changes: &changes };
    let settings = settings(&request, family).map_err(|refusal| HistoryRefusal { remedy: remedy(), ..refusal })?;
    Ok(settings.options)
}

/// What a person can do where an option that was set does not fit.
fn of_changes() -> String {
    say!("Correct the --set, or leave it out: options have the names that they have in the database.")
}

/// What a person can do with a file of ours.
fn of_ours() -> String {
    say!(
        "Histories are those of RocksDB and LevelDB. To look into this database: lsmscope verify DIR, or lsmscope repl \
         --data-dir DIR."
    )
}

/// What `bytes` are, if they are no history.
fn unknown(bytes: &[u8]) -> HistoryRefusal {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let holds = |text: &[u8]| head.windows(text.len()).any(|window| window == text);
    let refused = |what: String, remedy: String| {
        HistoryRefusal::new(ErrorKind::InvalidInput, say!("this is not a history: it is {what}", what), remedy)
    };
    if let Some(rest) = head.strip_prefix(b"MANIFEST-") {
        let rest = String::from_utf8_lossy(&rest[..rest.len().min(20)]);
        let mut words = rest.split_whitespace();
        let number = words.next().unwrap_or_default();
        // Behind the name, ours has its checksum.
        return match words.next() {
            Some(_) => refused(say!("the file CURRENT of an lsmscope database"), of_ours()),
            None => refused(
                say!("the file CURRENT, which names MANIFEST-{number}", number),
                say!("Give MANIFEST-{number}, which lies beside it.", number),
            ),
        };
    }
    if log::begins_with_frame(bytes) {
        return refused(say!("a manifest or a log of an lsmscope database"), of_ours());
    }
    if holds(b"[CFOptions ") {
        let remedy = say!(
            "Give the MANIFEST that lies beside it; its OPTIONS file is found by itself, or named with --options."
        );
        return refused(say!("an OPTIONS file of RocksDB"), remedy);
    }
    let what = if bytes.is_empty() { say!("the file is empty") } else { say!("it is none of the formats below") };
    Error::invalid(say!(
        "this is not a history: {what}. It should be a MANIFEST of RocksDB or LevelDB, or JSON lines that begin with \
         the options ({options}) or with a flush ({flush})",
        what,
        options = "{\"tfs\": …, \"mult\": …, …}",
        flush = "[\"flush\", bytes, entries]",
    ))
    .into()
}
