//! Metamorphic tests: the same operations under other options and backends give the same answers.
//!
//! In: a case, which is one script of writes, gets, scans and snapshots. It runs in `VARIANTS` variants: each has its
//! own options, on memory or in a directory, with random flushes, compactions, waits and reopenings (with further
//! options) inserted. Errors: an answer that is not the model's, so that two variants could differ.

use std::path::Path;

use super::{
    Campaign, Case, Found, Tally,
    healthy::{Healthy, tell, tell_one},
    knobs,
    ops::{Mix, Op, Script},
    power::in_directory,
};
use crate::{
    options::Options,
    random::Random,
    storage::{Storage, file::Directory, memory::Memory},
};

/// The number of variants in which a script runs.
const VARIANTS: u64 = 8;

/// Extra operations are inserted before one operation in `BETWEEN`.
const BETWEEN: u64 = 12;

fn draw(case: &Case<'_>) -> Script {
    Script::draw(&mut case.random(Campaign::Metamorphic, &[]), Mix::of(Campaign::Metamorphic)).keep(case.ops.as_deref())
}

/// Runs a case.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let script = draw(case);
    for variant in (0..VARIANTS).filter(|v| case.wants(*v)) {
        tally.point(&[variant], &[]);
        let (full, options) = vary(case, &script, variant);
        // One case in four has one variant in a directory.
        let on_files = case.scratch.filter(|_| case.number.is_multiple_of(4) && variant == VARIANTS - 1);
        let result = match on_files {
            None => run_variant(Memory::new(), &full, &options, tally),
            Some(scratch) => {
                tally.on_files += 1;
                in_directory(scratch, |path: &Path| {
                    let directory = Directory::open(path).map_err(|error| error.to_string())?;
                    run_variant(directory, &full, &options, tally)
                })
            }
        };
        result.map_err(|what| format!("variant {variant}: {what}"))?;
    }
    Ok(())
}

/// The script of a variant of a case, in the command language.
pub(super) fn script(case: &Case<'_>, at: &[u64]) -> Vec<String> {
    let (full, options) = vary(case, &draw(case), at.first().copied().unwrap_or(0));
    tell(&full, &options)
}

fn run_variant<S: Storage>(storage: S, script: &Script, options: &[Options], tally: &mut Tally) -> Result<(), Found> {
    let mut healthy = Healthy::new(storage, options.to_vec())?;
    for (i, op) in script.ops.iter().enumerate() {
        healthy.apply(op).map_err(|what| format!("operation {i}, {}: {what}", tell_one(op)))?;
        tally.operations += 1;
    }
    healthy.finish(&script.keys)
}

/// The script with the operations that this variant inserts, and the variant's options.
fn vary(case: &Case<'_>, script: &Script, variant: u64) -> (Script, [Options; 3]) {
    let mut random = case.random(Campaign::Metamorphic, &[variant]);
    let options = case.limit(knobs::sets(&mut random));
    // Some variants insert nothing.
    let between = if random.one_in(4) { u64::MAX } else { BETWEEN };
    let mut varied = Script { ops: Vec::new(), places: Vec::new(), keys: script.keys.clone() };
    let mut snapshots: usize = 0;
    for (op, place) in script.ops.iter().zip(&script.places) {
        // Seeded by the operation's position, so removing other operations changes nothing here.
        let mut random = case.random(Campaign::Metamorphic, &[variant, *place as u64]);
        let extra = random.one_in(between).then(|| extra(&mut random, snapshots > 0)).flatten();
        match op {
            Op::Snapshot => snapshots += 1,
            Op::Release(_) => snapshots = snapshots.saturating_sub(1),
            _ => {}
        }
        for op in extra.into_iter().chain([op.clone()]) {
            varied.ops.push(op);
            varied.places.push(*place);
        }
    }
    (varied, options)
}

/// An operation to insert. A script with snapshots gets no reopening, which would release them.
fn extra(random: &mut Random, snapshots: bool) -> Option<Op> {
    match random.below(8) {
        0 | 1 => Some(Op::Flush),
        2 | 3 => Some(Op::Compact(None)),
        4 => Some(Op::Compact(Some(random.below(7) as usize))),
        5 => Some(Op::Wait(1 + random.below(90))),
        6 if !snapshots => Some(Op::Reopen),
        7 if !snapshots => Some(Op::Kill),
        _ => None,
    }
}
