//! What the lanes of memory and of the log hold, in words.
//!
//! In: a [`Scene`] after its event. Out: a phrase for each lane. What an event changes there is told at that event.

use super::{
    super::{label::size, stage::not_listed},
    listed,
    probes::memtable_answer,
};
use crate::{
    plural::counted,
    scene::{Scene, on_disk::TapeLog},
    words::say,
};

/// How long the log is, how far it is acknowledged and durable, in which files it lies, and how many of its frames are
/// drawn: the last ones, where there is no room for all.
pub(super) fn log_facts(scene: &Scene, tape: &[TapeLog], drawn: usize) -> String {
    let bytes = size(tape.iter().map(|log| log.view.bytes).sum());
    let facts = match (scene.acked_seq(), scene.durable_seq()) {
        (0, 0) => bytes,
        (0, durable) => say!("{bytes}, durable up to ·{durable}, nothing acknowledged yet", bytes, durable),
        (acked, durable) => {
            say!("{bytes}, acknowledged up to ·{acked}, durable up to ·{durable}", bytes, acked, durable)
        }
    };
    let files = match tape {
        [] => None,
        [one] => Some(say!("in {file}", file = one.view.file)),
        logs => Some(say!("in {logs}", logs = counted(logs.len(), "log"))),
    };
    let all: usize = tape.iter().map(|log| log.view.frames.len() + log.view.hidden).sum();
    let last = (0 < drawn && drawn < all)
        .then(|| say!("here the last {drawn} of {frames}", drawn, frames = counted(all, "frame")));
    listed([facts].into_iter().chain(files).chain(last))
}

/// What the active memtable holds, and what it answered the running get.
pub(super) fn memtable_facts(scene: &Scene) -> String {
    let (active, options) = (scene.active(), scene.options());
    let (count, bytes) = (active.len(), size(active.bytes));
    let facts = match (scene.has_power(), options.write_buffer_entries) {
        (false, _) => return say!("gone with the power"),
        (true, 0) => {
            let (entries, limit) = (counted(count, "entry"), size(options.write_buffer_size));
            say!("{entries}, {bytes} of {limit}", entries, bytes, limit)
        }
        (true, limit) => say!("{count} of {limit} entries, {bytes}", count, limit, bytes),
    };
    let facts = listed([facts].into_iter().chain(memtable_answer(scene, active.id)));
    if count > 0 && active.entries().next().is_none() { format!("{facts}. {}", not_listed()) } else { facts }
}

/// How many sealed memtables wait, and how many are being flushed.
pub(super) fn sealed_facts(scene: &Scene) -> String {
    let sealed = scene.sealed();
    let is_flushed = |id: &u64| scene.running().iter().any(|job| job.memtables.contains(id));
    match (sealed.len(), sealed.iter().filter(|memtable| is_flushed(&memtable.id)).count()) {
        (0, _) => say!("none waits"),
        (all, 0) => say!("{memtables} to be flushed", memtables = counted(all, "memtable")),
        (all, flushed) if all == flushed => say!("{memtables}, being flushed", memtables = counted(all, "memtable")),
        (all, flushed) => {
            say!("{memtables}, {flushed} of them being flushed", memtables = counted(all, "memtable"), flushed)
        }
    }
}
