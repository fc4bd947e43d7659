//! The expected effect of a line, computed without the engine.
//!
//! In: a command. Out: its writes, the options that it sets, the workload that it runs.

use std::collections::BTreeMap;

use super::super::ends;
use crate::{
    entry::SeqNo,
    options::{Description, Options, preset},
    policy::policy_for,
    script::{BatchOp, Command, OptionChange},
    session::Fill,
    torture::ops::Write,
    workload::{self, Operation, OperationKind, Operations, Workload},
};

/// The maximum number of computed operations of a workload; random workloads have fewer.
const MAX_OPERATIONS: usize = 5000;

/// A workload of more operations must be refused.
const TOO_MANY: f64 = 1e6;

/// Whether a command writes.
pub(super) fn is_write(command: &Command) -> bool {
    use Command::{Batch, Delete, Drive, Fill, Put};
    matches!(command, Put { .. } | Delete { .. } | Batch(_) | Fill { .. } | Drive { .. })
}

/// Whether a command needs an open database.
pub(super) fn needs_engine(command: &Command) -> bool {
    use Command::{Compact, Flush, Get, Jobs, Release, Scan, Snapshot, Stats, Tables, Wait};
    let reads = matches!(command, Get { .. } | Scan { .. } | Stats | Jobs | Tables);
    let works = matches!(command, Flush | Compact { .. } | Snapshot | Release { .. } | Wait { .. });
    is_write(command) || reads || works
}

/// The batches that a command writes, in order. `last` is the last sequence number before it.
pub(super) fn batches(command: &Command, last: SeqNo) -> Vec<Vec<Write>> {
    match command {
        Command::Put { key, value } => vec![vec![Write::Put(key.clone(), value.clone())]],
        Command::Delete { key } => vec![vec![Write::Delete(key.clone())]],
        Command::Batch(ops) => vec![ops.iter().map(write).collect()],
        Command::Fill { count, seed, .. } => {
            Fill::new(*count, seed.unwrap_or(last)).map(|(key, value)| vec![Write::Put(key, value)]).collect()
        }
        Command::Drive { changes, .. } => workload(changes).map(|workload| driven(&workload)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn write(op: &BatchOp) -> Write {
    match op {
        BatchOp::Put { key, value } => Write::Put(key.clone(), value.clone()),
        BatchOp::Delete { key } => Write::Delete(key.clone()),
    }
}

/// The writes of a workload, without the limit of its duration.
fn driven(workload: &Workload) -> Vec<Vec<Write>> {
    let mut operations = Operations::new(workload);
    let mut writes = Vec::new();
    let mut key = Vec::new();
    let mut note = |operations: &Operations, operation: &Operation| {
        operations.key(operation, &mut key);
        writes.push(vec![match operation.kind {
            OperationKind::Delete => Write::Delete(key.clone()),
            OperationKind::Put | OperationKind::ReadModifyWrite => {
                Write::Put(key.clone(), operations.value(operation).to_vec())
            }
            OperationKind::Get | OperationKind::Scan => return,
        }]);
    };
    for number in 0..if workload.load { workload.key_space_size } else { 0 } {
        let operation = operations.load(number);
        note(&operations, &operation);
    }
    for _ in 0..MAX_OPERATIONS {
        let Some(operation) = operations.next() else { break };
        note(&operations, &operation);
    }
    writes
}

/// The workload that `drive` runs; `None` if it must refuse.
pub(super) fn workload(changes: &[OptionChange]) -> Option<Workload> {
    let (presets, others): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.name == "preset");
    let mut workload = (workload::PRESETS[0].make)();
    for change in presets {
        workload = workload::preset(&change.value).ok()?;
    }
    for change in others {
        workload.set(&change.name, &change.value).ok()?;
    }
    (workload.validate().is_empty() && workload.expected_operations() <= TOO_MANY).then_some(workload)
}

/// The expected effect of `options`.
#[derive(Debug)]
pub(super) enum Change {
    /// The line is refused.
    Refused,
    /// The answer is that nothing changes.
    Nothing,
    /// The database is opened with these options.
    To(Box<Options>),
}

/// The expected effect of `changes` on `options`.
///
/// # Errors
/// An option accepts or refuses a value against its own description.
pub(super) fn options(options: &Options, changes: &[OptionChange]) -> Result<Change, String> {
    let knobs: BTreeMap<&str, Description> = Options::describe().into_iter().map(|d| (d.name, d)).collect();
    let mut made = options.clone();
    for change in changes {
        let set = match change.name.as_str() {
            "preset" => preset(&change.value).map(|preset| made = preset),
            name => made.set(name, &change.value),
        };
        let by_table = knobs.get(change.name.as_str()).and_then(|knob| ends::fits(knob, &change.value));
        if by_table.is_some_and(|fits| fits != set.is_ok()) {
            return Err(format!(
                "{}={} is answered with {set:?}, which its description does not say",
                change.name, change.value
            ));
        }
        if set.is_err() {
            return Ok(Change::Refused);
        }
    }
    Ok(match () {
        () if !made.validate().is_empty() => Change::Refused,
        () if made == *options => Change::Nothing,
        () => Change::To(Box::new(made)),
    })
}

/// Whether writes may stall forever: no job runs by itself, or data that the style does not compact exceeds a limit.
pub(super) fn stalls(options: &Options) -> bool {
    let lies_on_level_0 = policy_for(options).about().leaves_runs_on_level_0;
    let due = options.level0_file_num_compaction_trigger;
    // Pending bytes of compactions that are not due, or that max_compaction_bytes delays.
    let owes =
        options.hard_pending_compaction_bytes_limit < 64 << 10 && options.hard_pending_compaction_bytes_limit > 0;
    options.disable_auto_compactions || lies_on_level_0 || options.level0_stop_writes_trigger <= due || owes
}
