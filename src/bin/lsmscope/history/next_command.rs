//! The command that says what the suggested options would have cost: the last line of a report.
//!
//! In: the directory that was given, its report, and the text of its `OPTIONS` file. Out: `lsmscope whatif DIR --set
//! …`, if the directory has what that reads, and a suggestion is of an option on which an estimate depends.

use std::path::{Path, PathBuf};

use lsmscope::{
    effect::{Executor, HistoryTime},
    history::{self, log_report::LogReport, options_file::own_name},
};

use crate::database_files::{list, newest};

/// The line; none if there is nothing to be checked.
pub fn line(given: &[PathBuf], report: &LogReport, options: Option<&str>) -> Option<String> {
    let [directory] = given else { return None };
    newest(&list(directory), "MANIFEST-").filter(|_| directory.is_dir())?;
    report.findings.iter().find_map(|finding| {
        // What is the database's is estimated of its first family.
        let family = finding.family.as_deref().or_else(|| Some(report.families.first()?.name.as_str()))?;
        let changes: Vec<String> =
            finding.try_options.iter().map(|tried| format!("{}={}", tried.name, tried.to)).collect();
        let changes: Vec<String> = changes.into_iter().filter(|change| is_estimated(change, options, family)).collect();
        if changes.is_empty() {
            return None;
        }
        let family = if family == "default" { String::new() } else { format!(" --family {}", quoted(family)) };
        let sets: String = changes.iter().map(|change| format!(" --set {}", quoted(change))).collect();
        Some(format!("check it: lsmscope whatif {}{family}{sets}", quoted(&shown(directory))))
    })
}

/// Whether an estimate takes the change, and depends on it.
fn is_estimated(change: &str, options: Option<&str>, family: &str) -> bool {
    let Some((name, _)) = change.split_once('=') else { return false };
    let Ok(changed) = history::changed_options(options, Some(family), &[change.to_string()]) else { return false };
    let without = changed.without_effect(Executor::History(HistoryTime::AsRecorded));
    !without.iter().any(|without| without.is_all && without.field == own_name(name))
}

fn shown(directory: &Path) -> String {
    directory.to_string_lossy().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// `text` as a shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-=+,:%@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("/srv/a-b.db"), "/srv/a-b.db");
        assert_eq!(quoted("it's; $(rm)"), "'it'\\''s; $(rm)'");
        assert_eq!(quoted(""), "''");
    }
}
