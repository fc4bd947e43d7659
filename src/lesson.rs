//! Lessons: one parser and one grader for the page, an embed, a single file, SCORM and `lsmscope lesson check`.
//!
//! In: the text of a lesson, one Markdown file (`docs/lesson-format.md` is its reference). Out: a [`Lesson`], what a
//! player shows of it ([`Lesson::outline`], [`Lesson::present`]), the [`Grade`] of an answer ([`Lesson::grade`]), and
//! the [`Attempt`] at a challenge ([`Lesson::attempt`]). Errors: [`LessonError`]s with line, column and remedy, all of
//! a file at once.
//!
//! # A lesson is a pure function
//!
//! `(file, variant, beat, block, answer) → grade`. The engine is deterministic, so the grader runs the lines of a beat
//! *itself*: in a fresh [`Session`](crate::session::Session) over [`storage::memory`](crate::storage::memory), whose
//! tracer records a [`Timeline`](crate::timeline::Timeline). It never looks at the page's database. The lines are the
//! same there, and so are the events: a position of a grade is a position on the page's timeline.
//!
//! No answer is written in a lesson. `truth:` is an expression over the events of the *window*, the lines that run
//! after the learner has answered, and over the state at its end. The engine is the key; what an author believes
//! (`expect:`) is only compared with it by [`check`].
//!
//! ```text
//!            silent, run            predict: run = the window             challenge
//! events  |--------------------|-----------------------------|------------------------------|
//!         0                  begin                       end = state     the learner's lines
//!           text above: {{…}}     right, wrong, truth: {{…}}         check: over these events
//! ```
//!
//! A beat begins with a fresh database, so each can be linked to, reset and graded alone.
//!
//! # The modules
//!
//! - [`source`]: places in the file; [`LessonError`].
//! - `front_matter`, `markdown`, `fence`, `block`: the reader. A tree of a closed set of [`Node`]s comes out, never
//!   HTML.
//! - [`expression`]: the language of `truth`, `check` and `{{…}}`, parsed with the file and evaluated over a run.
//! - `lesson_run`: runs lines, within [`limits`].
//! - `present` and `presented`, `grade`, `attempt`, [`answer`]: what a player asks.
//! - [`check`], [`skeleton`], [`hand_in`]: what an author and a teacher ask; `moments` and [`vocabulary`] what their
//!   editor does.
//!
//! # What a foreign lesson can do
//!
//! Show text, and run the command language on a database in memory. It has no way to say HTML, script or style; links
//! are of three schemes. Everything is bounded ([`limits`]): the file, what it runs, what expressions look at.

pub mod answer;
mod attempt;
mod beat_plan;
mod beat_run;
mod beats;
mod block;
mod challenge_report;
pub mod check;
mod evaluate;
pub mod expression;
mod fence;
mod front_matter;
mod grade;
pub mod hand_in;
mod header;
mod judged;
mod lesson_file;
mod lesson_run;
pub mod limits;
mod markdown;
mod moments;
mod node;
mod present;
mod presented;
mod script;
pub mod skeleton;
pub mod source;
mod state;
mod value;
pub mod vocabulary;

pub use answer::LessonAnswer;
pub use attempt::{Attempt, AttemptError};
pub use block::PredictionKind;
pub use challenge_report::{ChallengeReport, ReportedNumber, ReportedOption};
pub use check::{LessonFinding, LessonSeverity};
pub use evaluate::CheckedPart;
pub use grade::{Grade, GradeError, GradeOutcome};
pub use hand_in::{GradedEntry, GradedHandIn, GradedReport, LessonScore};
pub use header::LessonKind;
pub use judged::CandidateRow;
pub use lesson_file::{Lesson, Variant};
pub use lesson_run::{LessonSession, OpenedSession, SessionOpener, Waiting};
pub use moments::LessonMoment;
pub use node::{Node, plain};
pub use presented::{
    LessonOutline, OutlinedBeat, OutlinedBlock, PresentedBeat, PresentedBlock, PresentedChoice, PresentedItem,
    PresentedOpening, PresentedPrediction,
};
pub use source::LessonError;
pub use state::StagePlace;
