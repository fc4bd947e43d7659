//! A sweep: one workload, or the writes of one recorded history, once under each of many sets of options.
//!
//! In: a SPEC, a text in TOML ([`spec_file`]). Out: a [`SweepPlan`], which has the options of each run by its number; a
//! [`SweepOutcome`] of each run, as a row of a table ([`row`]); and the runs that no other beats ([`front`]). Errors: a
//! [`SpecProblem`] with the line of the SPEC that is wrong.
//!
//! ```text
//! SPEC ──spec_file──> SweepPlan ──number──> SweepSettings ──simulation──> SweepOutcome ──> a row
//!                     │ source: a workload or a history                   │ write_amp, read_amp, space_amp, …
//!                     │ axes: options that vary, with their values        └─> front: the rows that no other beats
//!                     └ draw: every combination, or a seeded sample
//! ```
//!
//! What a run comes to follows from the plan and the run's number alone: not from other runs, threads or machines. So a
//! run whose row is there need not run again, and rows of several machines are rows of one table. A plan's
//! [`id`](SweepPlan::id) says which rows belong together: it changes with everything that changes a row.
//!
//! Runs of a grid are counted from 0, the last axis fastest. A run of a sample draws from a generator of its own,
//! seeded by the sample's seed and the run's number: a sample of 200 runs begins with the rows of one of 100.
//!
//! Nothing here starts a thread or writes a file: `lsmscope sweep` does.

pub mod axis;
mod effect;
pub mod front;
pub mod history;
pub mod outcome;
pub mod plan;
pub mod row;
pub mod spec_file;

pub use axis::SweepAxis;
pub use history::{HistorySource, HistoryWanted, SweepHistory};
pub use outcome::{SweepEnd, SweepOutcome};
pub use plan::{MAX_RUNS, SweepDraw, SweepPlan, SweepSettings, SweepShard, SweepSource};
pub use spec_file::SpecProblem;
