//! What a line of a session comes to: the [`LineOutcome`] that the page and the repl print, and the [`Answer`] of a
//! command, from which it is made.

use super::Estimate;
use crate::script::ScriptError;

/// The most characters of an answer that the trace keeps.
const TRACED_CHARS: usize = 200;

/// The outcome of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineOutcome {
    /// Whether it did what was asked.
    pub ok: bool,
    /// What to print; may have several lines, and may be empty.
    pub text: String,
    /// What was wrong, and where in the line. It has no place if the line was not the cause.
    pub error: Option<ScriptError>,
    /// Whether the session is over.
    pub exit: bool,
    /// For a line that was not run because it would take too long: what it would do, and lines to run instead.
    pub estimate: Option<Estimate>,
    /// Those lines of `text` that a reader of the result alone must see as well: side failures, and parts of the
    /// command that had no effect.
    pub warnings: Vec<String>,
    /// The length of the result within `text`.
    pub(super) result: usize,
}

impl LineOutcome {
    /// The result without its cost and origin, for a program that reads the answers.
    pub fn result(&self) -> &str {
        &self.text[..self.result]
    }

    /// The outcome of a line that failed.
    pub fn failed(error: ScriptError) -> LineOutcome {
        LineOutcome { error: Some(error), ..LineOutcome::default() }
    }

    pub(super) fn warn(&mut self, warning: String) {
        self.text += &format!("\n{warning}");
        self.warnings.push(warning);
    }

    /// The outcome in at most one short line: its first one.
    pub(super) fn summary(&self) -> String {
        shortened(self.told().lines().next().unwrap_or_default())
    }

    /// The outcome of a command that answers with rows, in at most one short line: as many rows as fit.
    pub(super) fn summary_of_rows(&self) -> String {
        shortened(&self.told().lines().collect::<Vec<_>>().join(", "))
    }

    /// The error, or the result.
    fn told(&self) -> &str {
        self.error.as_ref().map_or_else(|| self.result(), |error| &error.message)
    }
}

/// `line`, cut after as many characters as the trace keeps.
fn shortened(line: &str) -> String {
    let mut summary: String = line.chars().take(TRACED_CHARS).collect();
    if summary.len() < line.len() {
        summary.push('…');
    }
    summary
}

/// The answer to a command.
#[derive(Debug)]
pub(super) struct Answer {
    /// The result itself.
    pub result: String,
    /// Its origin and its cost.
    pub notes: Vec<String>,
    /// Lines that a reader of the result alone must see as well.
    pub warnings: Vec<String>,
}

impl From<String> for Answer {
    fn from(result: String) -> Answer {
        Answer { result, notes: Vec::new(), warnings: Vec::new() }
    }
}

impl From<Answer> for LineOutcome {
    fn from(answer: Answer) -> LineOutcome {
        let result = answer.result.len();
        let lines: Vec<String> = std::iter::once(answer.result).chain(answer.notes).collect();
        let mut outcome = LineOutcome { ok: true, text: lines.join("\n"), result, ..LineOutcome::default() };
        answer.warnings.into_iter().for_each(|warning| outcome.warn(warning));
        outcome
    }
}
