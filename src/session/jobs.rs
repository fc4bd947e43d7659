//! The running jobs, as text: `jobs`.

use crate::{
    engine::Engine,
    plural::{counted, grouped},
    policy::{Action, Compaction},
    runtime::{
        clock::{MICROSECOND, MILLISECOND, Nanos, SECOND},
        stall::Condition,
    },
    storage::Storage,
    trace::Tracer,
};

/// A length of time in the unit that suits it: `1.25 ms`.
fn length(nanos: Nanos) -> String {
    let (unit, name) = match nanos {
        SECOND.. => (SECOND, "s"),
        MILLISECOND.. => (MILLISECOND, "ms"),
        _ => (MICROSECOND, "us"),
    };
    format!("{:.2} {name}", nanos as f64 / unit as f64)
}

/// Every running job, and the stall condition of writes.
pub(super) fn show<S: Storage, T: Tracer>(engine: &Engine<S, T>) -> String {
    let mut lines: Vec<String> = engine.running_jobs().iter().map(|job| line(job, engine.now())).collect();
    if lines.is_empty() {
        lines.push("no job is running".to_string());
    }
    match engine.report().condition {
        Condition::Normal => {}
        Condition::Delayed { why, rate } => {
            lines.push(format!("writes are slowed down to {} bytes a second: {why}", grouped(rate)));
        }
        Condition::Stopped { why } => lines.push(format!("writes wait: {why}")),
    }
    lines.extend(engine.has_time().err().map(|error| error.to_string()));
    lines.join("\n")
}

fn line(job: &crate::engine::JobStatus, now: Nanos) -> String {
    let what = match &job.compaction {
        None => format!("flush of {}", counted(job.memtables.len(), "memtable")),
        Some(compaction) => described(compaction),
    };
    let bytes = format!("{} bytes to read, {} to write", grouped(job.bytes_read), grouped(job.bytes_written));
    let left = match job.ends {
        Some(ends) => format!("done in {}", length(ends.saturating_sub(now))),
        None if job.is_done => "done, and waits for an older flush".to_string(),
        None => "never done: virtual time ends before it".to_string(),
    };
    format!("job {}  {what}: {bytes}; {left}", job.job)
}

fn described(compaction: &Compaction) -> String {
    let what = match compaction.action {
        Action::Merge => "compaction",
        Action::Move => "move",
        Action::Drop => "drop",
    };
    let tables = counted(compaction.tables().count(), "table");
    format!("{what} of {tables}, L{} → L{}", compaction.start_level(), compaction.output_level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        assert_eq!(
            (length(1_250_000), length(90), length(75 * SECOND)),
            ("1.25 ms".into(), "0.09 us".into(), "75.00 s".into())
        );
    }
}
