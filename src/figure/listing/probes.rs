//! What memtables and tables have answered the running read, in words.
//!
//! In: a [`Scene`] after its event, a memtable or a table. Out: its last answer; nothing where it was not asked.

use crate::{
    entry::text,
    scene::{
        Scene,
        read::{Read, TableAnswer},
        view::ProbeState,
    },
    trace::Place,
    version::TableId,
    words::say,
};

/// What a memtable has answered a get, or how far a scan has come in it.
pub(super) fn memtable_answer(scene: &Scene, memtable: u64) -> Option<String> {
    let read = scene.running_read()?;
    if read.key().is_none() {
        return scan_words(read, |place| matches!(place, Place::Memtable { id } if id == memtable));
    }
    let probe = read.memtables().iter().find(|probe| probe.memtable == memtable)?;
    Some(match probe.found {
        Some(_) => say!("the read found its key here"),
        None => say!("does not have the read's key"),
    })
}

/// What a table has answered a get, or how far a scan has come in it.
pub(super) fn table_answer(scene: &Scene, table: TableId) -> Option<String> {
    let read = scene.running_read()?;
    if read.key().is_none() {
        return scan_words(read, |place| matches!(place, Place::Table { id, .. } if id == table))
            .or_else(|| read.probe(table).map(probe_words));
    }
    let probe = read.probe(table)?;
    Some(match read.answer(table) {
        Some(TableAnswer::Index(Some(block))) => {
            say!("its index says that the read's key can only be in block {block}", block)
        }
        Some(TableAnswer::Index(None)) => say!("its index says that the read's key is behind its last block"),
        Some(TableAnswer::Block { found: true, .. }) | None => probe_words(probe),
        Some(TableAnswer::Block { cached: true, .. }) => {
            say!("does not have the read's key, as a block from the cache says")
        }
        Some(TableAnswer::Block { cached: false, .. }) => {
            say!("does not have the read's key, as a block from disk says")
        }
    })
}

/// The key that a source of a scan gave last.
fn scan_words(read: &Read, is_source: impl Fn(Place) -> bool) -> Option<String> {
    let (_, key) = read.cursors().find(|(place, _)| is_source(*place))?;
    Some(say!("the scan has come to {key} here", key = super::short(&text(key))))
}

fn probe_words(probe: ProbeState) -> String {
    match probe {
        ProbeState::Outside => say!("the read's key is out of its range"),
        ProbeState::Inside => say!("the read's key is in its range"),
        ProbeState::FilterNo => say!("its filter says that the read's key is not there"),
        ProbeState::FilterMaybe => say!("its filter says that the read's key may be there"),
        ProbeState::FalsePositive => say!("a false positive: its filter said maybe, and the read's key is not there"),
        ProbeState::Missed => say!("does not have the read's key"),
        ProbeState::Found => say!("the read found its key here"),
    }
}
