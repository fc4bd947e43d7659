//! The one entry to all formats of histories: recognizes a file, and reads it.
//!
//! In: a file's bytes, and what is known besides ([`HistoryRequest`]): the text of RocksDB's `OPTIONS` file, which
//! column family, changes of options. Out: a [`History`], whose [`HistorySummary`] says what the file is, what was
//! read, left out and assumed. Errors: a [`HistoryRefusal`] with a remedy that fits the file.

use super::{
    History, HistorySummary, Rules, jsonl, leveldb,
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
        let settings = settings(request, "default")?;
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

fn of_manifest(bytes: &[u8], request: &HistoryRequest<'_>) -> Result<History, HistoryRefusal> {
    let Manifest { rules, families, edits, left_out } = Manifest::read(bytes)?;
    let told: Vec<_> = families.iter().map(Log::told).collect();
    let name = request.family.unwrap_or("default");
    // Of several, one that was dropped and made again: the last.
    let Some(log) = families.into_iter().rfind(|log| log.name == name) else {
        let names: Vec<_> = told.iter().map(ToString::to_string).collect();
        let message = say!("the MANIFEST has no column family {name}", name);
        let remedy = say!("It has: {families}.", families = names.join("; "));
        return Err(HistoryRefusal::new(ErrorKind::InvalidInput, message, remedy));
    };
    if let Some(comparator) = log.comparator.as_deref().filter(|name| *name != manifest::BYTEWISE) {
        let message = say!(
            "column family {name} has the comparator {comparator}: only keys in the order of their bytes can be \
             replayed",
            name,
            comparator,
        );
        let others = told.iter().filter(|family| family.name != name && family.compactions > 0);
        let others: Vec<_> = others.map(|family| format!("--family {}", family.name)).collect();
        let remedy = match others.is_empty() {
            true => say!("Its order is known to the program that wrote it only: replay another database."),
            false => say!("Replay another column family: {families}.", families = others.join(", ")),
        };
        return Err(HistoryRefusal::new(ErrorKind::Unsupported, message, remedy));
    }
    let mut summary = HistorySummary {
        kind: say!("a MANIFEST of {database}", database = rules.name()),
        database: rules.name(),
        read: counted(edits, "edit"),
        family: (rules == Rules::RocksDb).then(|| name.to_string()),
        families: if rules == Rules::RocksDb { told } else { Vec::new() },
        left_out,
        assumed: Vec::new(),
    };
    let others = summary.families.iter().filter(|family| family.name != name && family.compactions > 0);
    let others: Vec<_> = others.map(|family| family.name.as_str()).collect();
    if !others.is_empty() {
        summary.left_out.push(not_chosen(&others));
    }
    if log.marked > 0 {
        let tables = counted(log.marked, "table");
        summary.left_out.push(say!("{tables} that the database marked for compaction: marks have no say here", tables));
    }
    let history =
        History { options: Options::default(), rules, edits: log.edits, unit: "byte", is_periodic: false, summary };
    match rules {
        Rules::LevelDb => of_leveldb(history, request),
        Rules::RocksDb => of_rocksdb(history, request, name),
    }
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
    history.summary.assumed.extend(leveldb::assumed(&options, request.changes.is_empty()));
    history.options = options;
    Ok(history)
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
