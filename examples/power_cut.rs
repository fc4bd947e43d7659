//! A power cut: unsynced writes are lost, synced ones are recovered by the next open.
//!
//! `cargo run --example power_cut`

#![allow(clippy::disallowed_macros, reason = "an example prints")]

use lsmscope::{
    Engine, Result,
    options::{Options, WalSync, preset},
    storage::{
        block_on,
        fault::{Fault, Keep},
        memory::Memory,
    },
    trace::NoTrace,
};

/// Writes ten keys, cuts the power, opens the database again, and counts its keys.
fn survivors(wal_sync: WalSync) -> Result<usize> {
    // Large memtables: no flush runs, so the keys are in the log only.
    let options = || -> Result<Options> { Ok(Options { wal_sync, write_buffer_entries: 0, ..preset("teaching")? }) };
    let disk = block_on(Fault::new(Memory::new()))?;
    let mut engine = block_on(Engine::open(disk, options()?, NoTrace)).map_err(|failed| failed.error)?;
    for n in 0..10 {
        block_on(engine.put(format!("key{n}").as_bytes(), b"value"))?;
    }
    // The process ends with the power; only the disk remains.
    let (mut disk, _) = engine.into_parts();
    block_on(disk.cut(Keep::Nothing))?;
    let mut engine = block_on(Engine::open(disk, options()?, NoTrace)).map_err(|failed| failed.error)?;
    let mut found = 0;
    for n in 0..10 {
        found += usize::from(block_on(engine.get(format!("key{n}").as_bytes()))?.is_some());
    }
    Ok(found)
}

fn main() -> Result<()> {
    let (each, never) = (survivors(WalSync::EveryWrite)?, survivors(WalSync::Never)?);
    println!("wal_sync=every_write: {each} of 10 keys are there after the power cut");
    println!("wal_sync=never:       {never} of 10");
    assert_eq!((each, never), (10, 0));
    Ok(())
}
