//! The running jobs, as text: `jobs`.

use crate::{
    engine::{Engine, retold},
    plural::{counted, grouped},
    policy::{Action, Compaction},
    runtime::{
        clock::{MICROSECOND, MILLISECOND, Nanos, SECOND},
        stall::Condition,
    },
    storage::Storage,
    trace::Tracer,
    words::{places, say},
};

/// A length of time in the unit that suits it: `1.25 ms`.
fn length(nanos: Nanos) -> String {
    let (unit, name) = match nanos {
        SECOND.. => (SECOND, "s"),
        MILLISECOND.. => (MILLISECOND, "ms"),
        _ => (MICROSECOND, "us"),
    };
    format!("{} {name}", places(nanos as f64 / unit as f64, 2))
}

/// Every running job, and the stall condition of writes.
pub(super) fn show<S: Storage, T: Tracer>(engine: &Engine<S, T>) -> String {
    let mut lines: Vec<String> = engine.running_jobs().iter().map(|job| line(job, engine.now())).collect();
    if lines.is_empty() {
        lines.push(say!("no job is running"));
    }
    match engine.report().condition {
        Condition::Normal => {}
        Condition::Delayed { why, rate } => {
            lines.push(say!("writes are slowed down to {rate} bytes a second: {why}", rate = grouped(rate), why));
        }
        Condition::Stopped { why } => lines.push(say!("writes wait: {why}", why)),
    }
    lines.extend(engine.has_time().err().map(|error| retold(&error.message)));
    lines.join("\n")
}

fn line(job: &crate::engine::JobStatus, now: Nanos) -> String {
    let what = match &job.compaction {
        None => say!("flush of {memtables}", memtables = counted(job.memtables.len(), "memtable")),
        Some(compaction) => described(compaction),
    };
    let left = match job.ends {
        Some(ends) => say!("done in {time}", time = length(ends.saturating_sub(now))),
        None if job.is_done => say!("done, and waits for an older flush"),
        None => say!("never done: virtual time ends before it"),
    };
    let (read, written) = (grouped(job.bytes_read), grouped(job.bytes_written));
    say!(
        "job {job}  {what}: {read} bytes to read, {written} to write; {left}",
        job = job.job,
        what,
        read,
        written,
        left
    )
}

fn described(compaction: &Compaction) -> String {
    let tables = counted(compaction.tables().count(), "table");
    let (from, to) = (compaction.start_level(), compaction.output_level);
    match compaction.action {
        Action::Merge => say!("compaction of {tables}, L{from} → L{to}", tables, from, to),
        Action::Move => say!("move of {tables}, L{from} → L{to}", tables, from, to),
        Action::Drop => say!("drop of {tables}, L{from} → L{to}", tables, from, to),
    }
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
