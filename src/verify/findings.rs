//! The findings, as data and as lines of text.

use std::fmt;

use serde::Serialize;

use crate::{
    engine::retold,
    error::Error,
    plural::{grouped, grouped_count},
    storage::FileId,
    words::say,
};

/// The most findings that are kept; the others are counted.
pub const MAX_LISTED: usize = 1000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// What a crash may leave behind, and the next open clears away: nothing is lost.
    Harmless,
    /// Either of the two others: the files do not tell which.
    Unclear,
    /// Bytes or numbers that are not what was written, or missing files.
    Damage,
}

/// One thing that is not as it is in a database that was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file; none if it is `CURRENT`.
    pub file: Option<FileId>,
    /// Where in the file; none if it is about the file as a whole.
    pub offset: Option<u64>,
    /// What was found, and what was expected.
    pub what: String,
}

/// All findings, and how much was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Findings {
    /// Tables that were checked.
    pub tables: u64,
    /// Logs that were checked.
    pub logs: u64,
    /// Manifests that were checked: one, if it could be read.
    pub manifests: u64,
    /// Data blocks that were checked.
    pub blocks: u64,
    /// Entries that were checked, in tables and in logs.
    pub entries: u64,
    /// The bytes of all files that were checked.
    pub bytes: u64,
    /// How many findings are damage.
    pub damage: u64,
    /// How many findings are harmless.
    pub harmless: u64,
    /// How many findings may be either.
    pub unclear: u64,
    /// The findings, file by file: the first [`MAX_LISTED`] of them.
    pub list: Vec<Finding>,
}

impl Findings {
    /// Whether nothing is damaged.
    pub fn is_sound(&self) -> bool {
        self.damage == 0
    }

    /// Whether there was nothing to check: no file and no root.
    pub fn is_of_nothing(&self) -> bool {
        self.list.is_empty() && self.tables + self.logs + self.manifests == 0
    }

    /// Adds all of `others`.
    pub(super) fn append(&mut self, others: Findings) {
        let sums = [
            (&mut self.tables, others.tables),
            (&mut self.logs, others.logs),
            (&mut self.manifests, others.manifests),
            (&mut self.blocks, others.blocks),
            (&mut self.entries, others.entries),
            (&mut self.bytes, others.bytes),
            (&mut self.damage, others.damage),
            (&mut self.harmless, others.harmless),
            (&mut self.unclear, others.unclear),
        ];
        for (sum, more) in sums {
            *sum += more;
        }
        let room = MAX_LISTED - self.list.len();
        self.list.extend(others.list.into_iter().take(room));
    }

    pub(super) fn damage(&mut self, file: FileId, offset: u64, what: impl Into<String>) {
        let (file, offset) = (Some(file), Some(offset));
        self.add(Finding { severity: Severity::Damage, file, offset, what: what.into() });
    }

    /// Damage of `CURRENT`.
    pub(super) fn root(&mut self, what: String) {
        self.add(Finding { severity: Severity::Damage, file: None, offset: None, what });
    }

    pub(super) fn harmless(&mut self, file: FileId, offset: Option<u64>, what: impl Into<String>) {
        self.add(Finding { severity: Severity::Harmless, file: Some(file), offset, what: what.into() });
    }

    pub(super) fn unclear(&mut self, file: FileId, what: impl Into<String>) {
        self.add(Finding { severity: Severity::Unclear, file: Some(file), offset: None, what: what.into() });
    }

    /// Whatever `error` says is damage, of `file` if it does not name another.
    pub(super) fn error(&mut self, file: Option<FileId>, error: Error) {
        let (file, offset) = (error.file.or(file), error.offset);
        // The message of a corruption begins with file and offset, which a finding shows by itself.
        let prefix = file.zip(offset).map(|(file, offset)| format!("{file} is damaged at byte {offset}: "));
        let what = prefix.and_then(|prefix| error.message.strip_prefix(&prefix).map(String::from));
        let what = retold(&what.unwrap_or(error.message));
        self.add(Finding { severity: Severity::Damage, file, offset, what });
    }

    fn add(&mut self, finding: Finding) {
        match finding.severity {
            Severity::Damage => self.damage += 1,
            Severity::Harmless => self.harmless += 1,
            Severity::Unclear => self.unclear += 1,
        }
        if self.list.len() < MAX_LISTED {
            self.list.push(finding);
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Damage => say!("damage"),
            Severity::Harmless => say!("harmless"),
            Severity::Unclear => say!("unclear"),
        };
        let file = self.file.map_or_else(|| "CURRENT".into(), |file| file.to_string());
        let what = &self.what;
        let found = match self.offset {
            Some(offset) => say!("{file} at byte {offset}: {what}", file, offset, what),
            None => format!("{file}: {what}"),
        };
        write!(f, "{severity:<8}  {found}")
    }
}

/// One line for each finding, and a summary; no line break at the end.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.list {
            writeln!(f, "{finding}")?;
        }
        let unlisted = self.damage + self.harmless + self.unclear - self.list.len() as u64;
        if unlisted > 0 {
            writeln!(f, "{}", say!("… and {n} more", n = grouped(unlisted)))?;
        }
        let verdict = match (self.damage, self.unclear) {
            (0, 0) => say!("nothing wrong"),
            (0, n) => say!("nothing wrong for certain, but writes may be lost: {n} unclear", n),
            (n, _) => grouped_count(n, "problem"),
        };
        f.write_str(&say!(
            "{tables}, {logs}, {manifests}: {blocks}, {entries} checked; {verdict}",
            tables = grouped_count(self.tables, "table"),
            logs = grouped_count(self.logs, "log"),
            manifests = grouped_count(self.manifests, "manifest"),
            blocks = grouped_count(self.blocks, "block"),
            entries = grouped_count(self.entries, "entry"),
            verdict,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_summary_is_one_line_and_findings_are_one_each() {
        let mut findings =
            Findings { tables: 3, logs: 2, manifests: 1, blocks: 412, entries: 9120, ..Default::default() };
        let summary = "3 tables, 2 logs, 1 manifest: 412 blocks, 9,120 entries checked; ";
        assert_eq!(findings.to_string(), format!("{summary}nothing wrong"));
        findings.harmless(FileId::table(7), None, "it is not needed");
        findings.error(None, Error::corruption(FileId::wal(8), 24, "the checksum is wrong"));
        findings.error(None, Error::new(ErrorKind::Corruption, "CURRENT is damaged"));
        assert_eq!(
            findings.to_string().lines().collect::<Vec<_>>(),
            [
                "harmless  000007.sst: it is not needed",
                "damage    000008.log at byte 24: the checksum is wrong",
                "damage    CURRENT: CURRENT is damaged",
                &format!("{summary}2 problems"),
            ]
        );
    }

    #[test]
    fn endless_findings_are_counted_and_not_kept() {
        let mut findings = Findings::default();
        for offset in 0..2500 {
            findings.damage(FileId::wal(1), offset, "wrong");
        }
        assert_eq!((findings.list.len(), findings.damage), (MAX_LISTED, 2500));
        assert!(findings.to_string().contains("… and 1,500 more\n"));
    }
}
