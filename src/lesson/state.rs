//! The state that expressions see: `report`, `begin`, `at(…)`, and the places of the stage.
//!
//! In: a run and a position. Out: a record with the names of [`STATE_NAMES`](super::expression::names::STATE_NAMES),
//! from the scene at that position; [`StagePlace`]s. Errors: none.

use std::{collections::BTreeMap, rc::Rc};

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{lesson_run::LessonRun, value::number};
use crate::{
    entry::text,
    figure::part::{Holder, LaneId, PartId},
    policy::expected::{Counted, Expected, Quantity, expected},
    runtime::clock::SECOND,
    scene::Scene,
    storage::{FileId, FileKind},
    timeline::Timeline,
    trace::Event,
};

/// The state after the first `position` events.
pub(super) fn state(run: &LessonRun, position: usize) -> Rc<Json> {
    run.state(position, || {
        let disk_bytes = disk_bytes(&run.timeline(), position);
        run.at(position, |scene| state_of(scene, disk_bytes))
    })
}

fn state_of(scene: &Scene, disk_bytes: u64) -> Json {
    let (report, amplification, version) = (scene.report(), scene.amplification(), scene.version());
    let counters = report.counters;
    let tables = || version.tables().map(|(_, table)| table);
    let scores = scene.scores();
    let level = |level: usize| {
        let tables = &version.levels[level];
        let score = scores.iter().find(|score| score.level == level);
        json!({
            "tables": tables.len(),
            "entries": tables.iter().map(|table| table.entries).sum::<u64>(),
            "tombstones": tables.iter().map(|table| table.tombstones).sum::<u64>(),
            "bytes": version.level_bytes(level),
            "score": score.map(|score| number(score.score)),
            "target": score.and_then(|score| score.target_bytes).map(number),
        })
    };
    json!({
        "tables": scene.table_count(),
        "entries": tables().map(|table| table.entries).sum::<u64>(),
        "tombstones": tables().map(|table| table.tombstones).sum::<u64>(),
        "table_bytes": tables().map(|table| table.bytes).sum::<u64>(),
        "disk_bytes": disk_bytes,
        "memtable": { "entries": report.active.entries.len(), "bytes": report.active.bytes },
        "immutables": report.immutables.len(),
        "wals": report.wals.len(),
        "wal_bytes": report.wals.iter().map(|wal| wal.bytes).sum::<u64>(),
        "manifest_bytes": report.manifest.map_or(0, |(_, bytes)| bytes),
        "acked_seq": report.acked_seq,
        "durable_seq": report.durable_seq,
        "last_seq": report.last_seq,
        "snapshots": report.snapshots.len(),
        "writes": counters.writes,
        "user_bytes": counters.user_bytes,
        "flushes": counters.flushes,
        "compactions": counters.compactions,
        "moves": counters.moves,
        "stalls": counters.stalls,
        "delays": counters.delays,
        "flush_bytes": counters.flush_bytes,
        "compaction_bytes_read": counters.compaction_bytes_read,
        "compaction_bytes_written": counters.compaction_bytes_written,
        "logged_bytes": counters.wal_bytes,
        "wal_syncs": counters.wal_syncs,
        "write_user": amplification.write_user.map(number),
        "write_rocksdb": amplification.write_rocksdb.map(number),
        "space_rocksdb": amplification.space_rocksdb.map(number),
        "read_runs": amplification.read_runs,
        "levels": (0..version.levels.len()).map(level).collect::<Vec<_>>(),
        "cached": report.cached.len(),
        "cached_bytes": report.cached.iter().map(|(_, _, bytes)| bytes).sum::<u64>(),
        "seconds": number(report.now as f64 / SECOND as f64),
        "open": report.open,
        "power": scene.has_power(),
    })
}

/// The bytes of all files after the first `position` events: also of tables that left the tree, and of orphans.
fn disk_bytes(timeline: &Timeline, position: usize) -> u64 {
    let mut files: BTreeMap<FileId, u64> = BTreeMap::new();
    for row in timeline.events(0, position) {
        match row.event {
            Event::WalAppended { wal, offset, bytes, .. } => {
                files.insert(FileId::wal(*wal), offset + bytes);
            }
            Event::TableFinished { table, .. } => {
                files.insert(FileId::table(table.id), table.bytes);
            }
            Event::ManifestCreated { file, bytes } => {
                files.insert(*file, *bytes);
            }
            Event::EditLogged { file, offset, bytes } => {
                files.insert(*file, offset + bytes);
            }
            // The manifest before it is deleted.
            Event::CurrentSwapped { file } => files.retain(|id, _| id.kind != FileKind::Manifest || id == file),
            Event::WalRemoved { wal } => drop(files.remove(&FileId::wal(*wal))),
            Event::TableRemoved { table } => drop(files.remove(&FileId::table(*table))),
            Event::OrphanRemoved { file } => drop(files.remove(file)),
            Event::PowerCut { losses, .. } => {
                for loss in losses {
                    match loss.kept {
                        Some(kept) => drop(files.insert(loss.file, kept)),
                        None => drop(files.remove(&loss.file)),
                    }
                }
            }
            _ => {}
        }
    }
    files.values().sum()
}

/// `options` at a position.
pub(super) fn options(run: &LessonRun, position: usize) -> Json {
    run.at(position, |scene| serde_json::to_value(&**scene.options()).unwrap_or_default())
}

/// `expected` at a position: what formulas expect of the tree.
pub(super) fn expectations(run: &LessonRun, position: usize) -> Json {
    let all = run.at(position, |scene| expected(scene.options(), scene.version()));
    Json::Object(all.iter().map(|e: &Expected| (formula_name(e.quantity, e.counted).into(), number(e.value))).collect())
}

/// `compared` at a position: what the last workload measured beside them; nothing before the first.
pub(super) fn comparisons(run: &LessonRun, position: usize) -> Option<Json> {
    let compared = run.compared(position)?;
    let row = |row: &crate::metrics::compared::Compared| {
        let numbers = json!({
            "measured": row.measured.map(number),
            "expected": row.expected.map(number),
            "estimate": row.estimate.map(number),
        });
        (formula_name(row.quantity, row.counted).to_string(), numbers)
    };
    Some(Json::Object(compared.rows.iter().map(row).collect()))
}

fn formula_name(quantity: Quantity, counted: Counted) -> &'static str {
    match (quantity, counted) {
        (Quantity::Write, Counted::Literature) => "write",
        (Quantity::Write, Counted::Rocksdb) => "write_rocksdb",
        (Quantity::Space, Counted::Literature) => "space",
        (Quantity::Space, Counted::Rocksdb) => "space_rocksdb",
        (Quantity::Scan, _) => "scan",
        (Quantity::AbsentGet, _) => "absent_get",
        (Quantity::AbsentGetMonkey, _) => "absent_get_monkey",
    }
}

/// A place of the stage, as an answer names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StagePlace {
    /// `memtable`, `immutable 2`, `table 5`, `level 1`, `wal`, `manifest`.
    pub place: String,
    /// What kind it is of: `memtable`, `immutable`, `table`, `level`, `wal` or `manifest`.
    pub kind: &'static str,
    /// The part of the figure that is this place.
    pub part: String,
    /// Its level, of a table.
    pub level: Option<usize>,
    /// Its first key, of a table.
    pub smallest: Option<String>,
    /// Its last key, of a table.
    pub largest: Option<String>,
}

impl StagePlace {
    fn new(place: String, kind: &'static str, part: &PartId) -> StagePlace {
        StagePlace { place, kind, part: part.to_string(), level: None, smallest: None, largest: None }
    }
}

/// All places at `position`, in reading order.
pub(super) fn places(run: &LessonRun, position: usize) -> Vec<StagePlace> {
    run.at(position, |scene| {
        let mut found = vec![
            StagePlace::new("wal".into(), "wal", &PartId::Lane(LaneId::Wal)),
            StagePlace::new("memtable".into(), "memtable", &PartId::Lane(LaneId::Memtable)),
        ];
        for memtable in scene.sealed() {
            let part = PartId::Tray(Holder::Memtable(memtable.id));
            found.push(StagePlace::new(format!("immutable {}", memtable.id), "immutable", &part));
        }
        for (level, tables) in scene.version().levels.iter().enumerate() {
            found.push(StagePlace::new(format!("level {level}"), "level", &PartId::Lane(LaneId::Level(level))));
            for table in tables.iter() {
                let part = PartId::Tray(Holder::Table(table.id));
                let place = StagePlace::new(format!("table {}", table.id), "table", &part);
                let (smallest, largest) = (Some(text(&table.smallest)), Some(text(&table.largest)));
                found.push(StagePlace { level: Some(level), smallest, largest, ..place });
            }
        }
        found.push(StagePlace::new("manifest".into(), "manifest", &PartId::Lane(LaneId::Manifest)));
        found
    })
}

/// The kind of a place, if `text` is one.
pub(super) fn kind_of(text: &str) -> Option<&'static str> {
    let (word, number) = text.split_once(' ').map_or((text, None), |(word, number)| (word, Some(number)));
    let is_number = |number: &str| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    match (word, number) {
        ("memtable", None) => Some("memtable"),
        ("wal", None) => Some("wal"),
        ("manifest", None) => Some("manifest"),
        ("immutable", Some(n)) if is_number(n) => Some("immutable"),
        ("table", Some(n)) if is_number(n) => Some("table"),
        ("level", Some(n)) if is_number(n) => Some("level"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lesson::expression::names::STATE_NAMES,
        options::preset,
        session::Session,
        storage::{Storage, block_on, memory::Memory},
        timeline::Recorder,
    };

    #[test]
    fn the_bytes_of_all_files_are_those_on_the_disk() {
        let options = preset("teaching").unwrap();
        let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
        let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
        let lines = "fill 40 seed 3|delete key00001|flush|compact|crash|reopen|put a 1|options block_size=64|\
                     fill 90 seed 4|options wal_sync=never|put b 2|put c 3|crash keep torn 7|reopen|\
                     crash in 12 during compact|reopen";
        for line in lines.split('|') {
            let _ = block_on(session.run(line));
            let Some(engine) = session.engine() else { continue };
            let listed: u64 = block_on(engine.storage().list()).unwrap().iter().map(|(_, len)| len).sum();
            let timeline = recorder.timeline().borrow();
            assert_eq!(disk_bytes(&timeline, timeline.len()), listed, "{line}");
        }
    }

    #[test]
    fn the_state_has_every_name_and_no_other() {
        let state = state_of(&Scene::new(&Rc::new(preset("teaching").unwrap())), 0);
        let mut names: Vec<&str> = state.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = STATE_NAMES.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
