//! Verification: reads every file of a database and says what is wrong with it, without opening or changing it.
//!
//! In: any [`Storage`]. Out: [`Findings`], one [`Finding`] for each thing that is not as it must be, with file and
//! offset. Checked are:
//!
//! - `CURRENT`, and the manifest that it names: checksums, that every edit fits, that the counters are beyond
//!   everything they must be beyond, that the tables of a level from 1 down do not overlap;
//! - each table of the tree: that it is there with its length, every checksum, restart points, the order of the entries
//!   in and across blocks, the index and the filter against the entries, the table's properties against its content,
//!   and what the manifest says of it against both;
//! - each table that the manifest does not name: whether what it holds is elsewhere too; if not, the manifest has lost
//!   edits;
//! - each live log: every checksum, records that can be read, sequence numbers without a gap, through all logs.
//!
//! After a finding it goes on as far as it can: behind a bad frame with the next good one, behind a bad block with the
//! next; without a manifest, with every table and log that exists. A file that a crash may leave behind (a torn tail, a
//! file that nothing refers to) is reported too, and is harmless.
//!
//! That the newest logs are missing is noticed only if an edit of the manifest was logged after the oldest of them was
//! begun ([`Severity::Unclear`]): the manifest names no log. RocksDB has `track_and_verify_wals_in_manifest` for that.
//!
//! What is in memory at a time is the manifest, one table's index and filter, and one block or frame.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    engine::{
        manifest,
        orphans::{Coverage, unnamed, unnamed_tables},
        retold,
    },
    entry::SeqNo,
    error::Result,
    plural::counted,
    storage::{FileId, FileKind, Storage},
    version::{TableMeta, Version},
    words::say,
};

mod findings;
pub(crate) mod frames;
mod logs;
pub(crate) mod table;

pub use findings::{Finding, Findings, MAX_LISTED, Severity};

/// Checks everything.
///
/// # Errors
/// The storage cannot even list its files. All that is wrong with a file is a finding.
pub async fn verify<S: Storage>(storage: &S) -> Result<Findings> {
    let files: Files = storage.list().await?.into_iter().collect();
    let mut findings = Findings::default();
    match read_shape(storage, &files, &mut findings).await {
        Some(shape) => {
            check_counters(&shape, &mut findings);
            let mut in_logs = Findings::default();
            let mut covered = Coverage::upto(shape.flushed_seq);
            logs::check(storage, &files, shape.log_number, Some(&mut covered), &mut in_logs).await;
            check_expected_log(&shape, &files, &mut in_logs);
            check_unnamed(storage, &shape, &files, &covered, &mut findings).await;
            for (_, meta) in shape.version.tables() {
                check_table_of_tree(storage, &files, meta, &mut findings).await;
            }
            findings.append(in_logs);
        }
        None => {
            // Nothing says what belongs to the tree, so everything is checked for itself.
            for (&file, &len) in files.iter().filter(|(f, _)| f.kind == FileKind::Table) {
                table::check(storage, file, len, None, &mut findings).await;
            }
            logs::check(storage, &files, 0, None, &mut findings).await;
        }
    }
    Ok(findings)
}

/// Every file with its length.
type Files = BTreeMap<FileId, u64>;

/// What the manifest says.
struct Shape {
    manifest: FileId,
    version: Version,
    log_number: u64,
    next_file: u64,
    flushed_seq: SeqNo,
    /// How much of the manifest is whole, and how much is the rest.
    bytes: u64,
    torn: u64,
    /// Whether the rest is zeros.
    zeros: bool,
    /// The log that must be there ([`manifest::Recovered::expected_log`]).
    expected_log: Option<FileId>,
}

/// The shape of the tree; `None` if it is unknown, or there is none yet.
async fn read_shape<S: Storage>(storage: &S, files: &Files, findings: &mut Findings) -> Option<Shape> {
    let manifest = match storage.current().await {
        Ok(Some(manifest)) => manifest,
        Ok(None) => {
            check_rootless(storage, files, findings).await;
            return None;
        }
        Err(error) => {
            findings.error(None, error);
            return None;
        }
    };
    let Some(&len) = files.get(&manifest) else {
        findings.damage(manifest, 0, say!("CURRENT names it, but it does not exist"));
        return None;
    };
    findings.manifests += 1;
    findings.bytes += len;
    let read = manifest::load(storage, manifest, len).await;
    let read = read.map_err(|error| findings.error(Some(manifest), error)).ok()?;
    let counters = read.outcome();
    Some(Shape {
        manifest,
        log_number: counters.log_number.unwrap_or(0),
        next_file: counters.next_file.unwrap_or(0),
        flushed_seq: counters.last_seq.unwrap_or(0),
        bytes: read.bytes,
        torn: read.torn,
        zeros: read.zeros,
        expected_log: read.expected_log(),
        version: read.version,
    })
}

/// Without `CURRENT` there may be what the very first open had come to, and nothing else.
async fn check_rootless<S: Storage>(storage: &S, files: &Files, findings: &mut Findings) {
    let count = |kind| files.keys().filter(|file| file.kind == kind).count();
    let (tables, logs, manifests) = (count(FileKind::Table), count(FileKind::Wal), count(FileKind::Manifest));
    let newest = files.iter().rfind(|(file, _)| file.kind == FileKind::Manifest);
    let names_tables = match newest {
        Some((file, len)) => manifest::load(storage, *file, *len).await.is_ok_and(|m| m.version.tables().count() > 0),
        None => false,
    };
    if tables + logs == 0 && !names_tables {
        for &file in files.keys() {
            findings.harmless(file, None, say!("CURRENT does not name it yet: the first open was cut off"));
        }
        return;
    }
    let there =
        [(tables, counted(tables, "table")), (logs, counted(logs, "log")), (manifests, counted(manifests, "manifest"))];
    let there: Vec<String> = there.into_iter().filter(|(n, _)| *n > 0).map(|(_, counted)| counted).collect();
    let files = there.join(", ");
    findings.root(match newest {
        Some((manifest, _)) => say!(
            "it is missing, and a database was here: {files} are left. lsmscope repair begins with {manifest}, the \
             newest manifest, and changes nothing here",
            files,
            manifest,
        ),
        None => say!(
            "it is missing, and a database was here: {files} are left. lsmscope repair goes by the tables and logs, as \
             there is no manifest, and changes nothing here",
            files,
        ),
    });
}

/// Numbers that are given out next must be beyond all that were given out.
fn check_counters(shape: &Shape, findings: &mut Findings) {
    let mut damage = |what| findings.damage(shape.manifest, 0, what);
    let tables = shape.version.tables().map(|(_, table)| FileId::table(table.id));
    for file in tables.chain([shape.manifest]).filter(|f| f.number >= shape.next_file) {
        let next = shape.next_file;
        damage(say!("the next file number is {next}, but {file} has a number that is not below it", next, file));
    }
    if shape.log_number > shape.next_file {
        let (log, next) = (shape.log_number, shape.next_file);
        damage(say!("the log number {log} is beyond the next file number {next}", log, next));
    }
    for (_, table) in shape.version.tables().filter(|(_, t)| t.largest_seq > shape.flushed_seq) {
        let (file, seq) = (FileId::table(table.id), table.largest_seq);
        let last = shape.flushed_seq;
        damage(say!(
            "the last sequence number in tables is said to be {last}, but {file} goes up to {seq}",
            last,
            file,
            seq,
        ));
    }
}

/// Reports a log that was needed and is missing, with everything that would have come after it: a later log would show
/// the gap in its numbers.
fn check_expected_log(shape: &Shape, files: &Files, findings: &mut Findings) {
    if let Some((log, how)) = shape.expected_log.and_then(|log| missing_log(log, files)) {
        let first = shape.flushed_seq + 1;
        let what = match how {
            MissingLog::Empty => say!(
                "the manifest expects it, but it is empty: the writes from {first} on, which are in no table, are \
                 lost, unless a crash took them before the log was ever synced",
                first,
            ),
            MissingLog::Absent => say!(
                "the manifest expects it, but it does not exist: the writes from {first} on, which are in no table, \
                 are lost, unless a crash took them before the log was ever synced",
                first,
            ),
        };
        findings.unclear(log, what);
    }
}

/// How a log is missing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MissingLog {
    /// Without a byte.
    Empty,
    /// It does not exist.
    Absent,
}

/// `log`, which the manifest expects, and how it is missing, if neither it nor a later one has a byte.
pub(crate) fn missing_log(log: FileId, files: &Files) -> Option<(FileId, MissingLog)> {
    let mut later = files.iter().filter(|(file, _)| file.kind == FileKind::Wal && file.number >= log.number);
    match later.all(|(_, len)| *len == 0) {
        true if files.contains_key(&log) => Some((log, MissingLog::Empty)),
        true => Some((log, MissingLog::Absent)),
        false => None,
    }
}

/// Tells what the manifest does not name, and whether that proves that edits of it are lost.
async fn check_unnamed<S: Storage>(
    storage: &S,
    shape: &Shape,
    files: &Files,
    covered: &Coverage,
    findings: &mut Findings,
) {
    let missing = shape.version.tables().map(|(_, t)| FileId::table(t.id)).find(|file| !files.contains_key(file));
    let mut proofs = Vec::new();
    let mut unneeded = Vec::new();
    for (file, len) in unnamed_tables(files, &shape.version) {
        match (unnamed(storage, file, len, covered).await, missing) {
            (Err(error), _) => {
                findings.error(Some(file), error);
                let what = say!(
                    "the manifest does not name it, and whether its writes are elsewhere cannot be told: no open \
                     removes it"
                );
                findings.damage(file, 0, what);
            }
            (Ok(Some(found)), _) => {
                proofs.push(retold(&found.describe()));
                table::check(storage, file, len, None, findings).await;
            }
            (Ok(None), Some(missing)) => {
                proofs.push(say!(
                    "{file}, which it does not name, is there, and {missing}, which it names, is not",
                    file,
                    missing,
                ));
                table::check(storage, file, len, None, findings).await;
            }
            (Ok(None), None) => unneeded.push(file),
        }
    }
    let begins = match shape.torn {
        0 => say!("the edits from here on are lost"),
        bytes if shape.zeros => {
            say!("the edits from here on are lost: its end, {bytes}, is zeros", bytes = counted(bytes, "byte"))
        }
        bytes => {
            say!("its end, {bytes}, is an edit that was acted upon and is cut short", bytes = counted(bytes, "byte"))
        }
    };
    for proof in &proofs {
        let remedy = say!("lsmscope repair uses this table, and no open removes it");
        findings.damage(shape.manifest, shape.bytes, format!("{begins}: {proof}; {remedy}"));
    }
    if proofs.is_empty() && shape.torn > 0 {
        let bytes = counted(shape.torn, "byte");
        let what = match shape.zeros {
            true => {
                say!("its end, {bytes}, is zeros, as space that was allocated beforehand: no edit is there", bytes)
            }
            false => say!(
                "its end, {bytes}, is an edit that is cut short, as by a crash; nothing here shows that it was acted \
                 upon",
                bytes,
            ),
        };
        findings.harmless(shape.manifest, Some(shape.bytes), what);
    }
    for &file in files.keys() {
        let what = match file.kind {
            FileKind::Manifest if file != shape.manifest => say!("CURRENT names another manifest"),
            FileKind::Table if unneeded.contains(&file) => {
                say!("the manifest does not name it, and its writes are elsewhere")
            }
            FileKind::Wal if file.number < shape.log_number => say!("its entries are in tables"),
            _ => continue,
        };
        findings.harmless(file, None, say!("it is not needed: {what}; the next open removes it", what));
    }
}

async fn check_table_of_tree<S: Storage>(storage: &S, files: &Files, meta: &Rc<TableMeta>, findings: &mut Findings) {
    let file = FileId::table(meta.id);
    match files.get(&file) {
        Some(&len) => table::check(storage, file, len, Some(meta), findings).await,
        None => findings.damage(file, 0, say!("the manifest names it, but it does not exist")),
    }
}
