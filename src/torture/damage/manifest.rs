//! Truncated manifests of small databases, after any flush or compaction.
//!
//! The large database of the campaign has live logs newer than its last edit, and these reveal a lost edit. Here the
//! last edit may be that of a flush or a compaction without later writes: only its tables reveal that it is lost.
//!
//! In: a case. Errors: a broken rule. All writes were acknowledged and are in the files, so in every recovery mode
//!
//! - an open recovers every write, or fails;
//! - [`repair`] salvages every write;
//! - [`verify`] finds damage exactly where an open fails.

use std::{cell::RefCell, rc::Rc};

use super::{
    Campaign, Case, Damage, Found, Frozen, History, Tally, Write,
    database::{at_rest_now, other_modes},
    speaks,
};
use crate::{
    options::{JobMode, Options},
    random::Random,
    repair::repair,
    storage::{block_on, memory::Memory},
    torture::{model, ops::batch},
    verify::verify,
};

/// The distance of two truncations, in bytes, before the last [`LAST`] bytes.
const STEP: u64 = 7;

/// The number of bytes at the end of the manifest at each of which it is truncated.
const LAST: u64 = 60;

/// Makes a database and truncates its manifest.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let mut random = case.random(Campaign::Damage, &[u64::MAX - 1]);
    let options = options(&mut random);
    let (storage, history) = make(&mut random, &options)?;
    let disk = at_rest_now(&storage)?;
    let manifest = disk.current.ok_or("the database has no manifest")?;
    let len = disk.files.get(&manifest).map_or(0, |bytes| bytes.len() as u64);
    let from = random.below(STEP);
    let disk = Rc::new(RefCell::new(disk));
    for cut in (0..len).filter(|at| at % STEP == from || at + LAST >= len) {
        tally.points += 1;
        let damage = Damage::Cut(manifest, cut);
        let undo = disk.borrow_mut().inflict(damage);
        let result = look(&disk, &options, &history, damage, tally);
        disk.borrow_mut().undo(damage, undo);
        result.map_err(|what| format!("a small database of {} writes: {damage}: {what}", history.last()))?;
    }
    Ok(())
}

fn look(
    disk: &Rc<RefCell<super::Disk>>,
    options: &Options,
    history: &History,
    damage: Damage,
    tally: &mut Tally,
) -> Result<(), Found> {
    let all = history.state(history.last());
    let mut refused = false;
    for options in other_modes(options).iter().chain([options]) {
        tally.operations += 1;
        let mode = options.wal_recovery_mode;
        let checked = match model::open(Frozen::new(disk.clone()), options) {
            Ok(mut engine) if engine.last_seq() == history.last() => model::agrees(&mut engine, &all, &keys()),
            Ok(engine) => Err(format!("it opens with {} writes", engine.last_seq())),
            Err((error, _)) => {
                refused = true;
                speaks(&error, damage)
            }
        };
        checked.map_err(|what| format!("with {mode:?}: {what}"))?;
    }
    let frozen = Frozen::new(disk.clone());
    let findings = block_on(verify(&frozen)).map_err(|error| error.to_string())?;
    if findings.is_sound() == refused {
        return Err(format!("an open is refused: {refused}; verify says:\n{findings}"));
    }
    let mut fresh = Memory::new();
    let account = block_on(repair(&frozen, &mut fresh, options, |_| ())).map_err(|error| error.to_string())?;
    model::is_sound(&fresh)?;
    let mut engine = model::open(fresh, options).map_err(|(error, _)| format!("the repaired one: {error}"))?;
    model::agrees(&mut engine, &all, &keys()).map_err(|what| format!("the repaired one: {what}; {account}"))
}

fn options(random: &mut Random) -> Options {
    Options {
        write_buffer_entries: 2 + random.below(4),
        block_size: 100,
        target_file_size_base: 200 + random.below(400),
        num_levels: 3,
        level0_file_num_compaction_trigger: 2 + random.below(3),
        max_bytes_for_level_base: 600,
        max_bytes_for_level_multiplier: 3.0,
        level_compaction_dynamic_level_bytes: random.one_in(2),
        job_mode: [JobMode::Inline, JobMode::Manual][random.below(2) as usize],
        max_write_buffer_number: 4,
        ..Options::default()
    }
}

fn keys() -> Vec<Vec<u8>> {
    (0..15).map(|n| format!("k{n:02}").into_bytes()).collect()
}

/// Makes a database with writes, flushes and compactions, any of them last.
fn make(random: &mut Random, options: &Options) -> Result<(Memory, History), Found> {
    let mut engine = model::open(Memory::new(), options).map_err(|(error, _)| error.to_string())?;
    let mut history = History::default();
    let keys = keys();
    for n in 0..10 + random.below(40) {
        let done = match random.below(10) {
            0 => block_on(engine.flush()),
            1 => block_on(engine.compact(None)).map(drop),
            2 => block_on(engine.compact(Some(random.below(2) as usize))).map(drop),
            _ => {
                let key = keys[random.below(keys.len() as u64) as usize].clone();
                let write = match random.one_in(3) {
                    true => Write::Delete(key),
                    false => Write::Put(key, format!("v{n}").into_bytes()),
                };
                history.push(std::slice::from_ref(&write));
                block_on(engine.write(&batch(&[write]))).map(drop)
            }
        };
        done.map_err(|error| error.to_string())?;
    }
    Ok((engine.into_parts().0, history))
}
