//! What a figure paints is what the scene holds: for random operations, options and sizes.

#![cfg(not(target_arch = "wasm32"))]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use lsmscope::{
    Options,
    entry::Bytes,
    figure::{
        Figure, Known, Picture,
        key_scale::WHOLE,
        motion::{self, Motion},
        part::{Area, Holder, LaneId, Look, PartId, StagePart},
    },
    options::preset,
    scene::Scene,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Recorder, Timeline},
    trace::Event,
};
use proptest::prelude::*;

#[path = "figure/cuts.rs"]
mod cuts;
#[path = "figure/downwards.rs"]
mod downwards;
#[path = "figure/explained.rs"]
mod explained;
#[path = "figure/german.rs"]
mod german;
#[path = "figure/past_only.rs"]
mod past_only;
#[path = "figure/recovery.rs"]
mod recovery;
#[path = "figure/steadiness.rs"]
mod steadiness;
#[path = "figure/unheard.rs"]
mod unheard;
#[path = "figure/whole_words.rs"]
mod whole_words;

const SIZES: [(f64, f64); 6] =
    [(1280.0, 720.0), (1920.0, 1080.0), (720.0, 480.0), (390.0, 844.0), (640.0, 360.0), (320.0, 240.0)];

/// The timeline of a script; lines that fail are part of it.
fn record(options: Options, lines: &[String]) -> Rc<RefCell<Timeline>> {
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    for line in lines {
        block_on(session.run(line));
    }
    recorder.timeline().clone()
}

fn script(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(String::from).collect()
}

fn picture((width, height): (f64, f64)) -> Picture {
    Picture { width, height, window: WHOLE, levels: 7, tree_only: false, known: Known::Whole }
}

fn kind(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap();
    json["type"].as_str().unwrap().into()
}

/// The versions that a picture has of each holder: keys, sequence numbers, areas.
fn painted(parts: &[StagePart]) -> BTreeMap<Holder, BTreeMap<(Bytes, u64), Area>> {
    let mut holders: BTreeMap<Holder, BTreeMap<(Bytes, u64), Area>> = BTreeMap::new();
    for part in parts {
        if let PartId::Entry(holder, key, seq) = &part.id {
            holders.entry(*holder).or_default().insert((key.clone(), seq.0), part.area);
        }
    }
    holders
}

/// Entries are where their keys are, trays hold their tables' keys and no more, and everything is within the picture.
fn check(parts: &[StagePart], scene: &Scene, timeline: &Timeline, picture: &Picture) -> Result<(), TestCaseError> {
    let holders = painted(parts);
    let report = scene.report();
    let middle = |area: &Area| area.x + area.w / 2.0;
    for memtable in [&report.active].into_iter().chain(&report.immutables) {
        let Some(drawn) = holders.get(&Holder::Memtable(memtable.id)) else { continue };
        let held: BTreeSet<(Bytes, u64)> = memtable.entries.iter().map(|(key, seq, ..)| (key.clone(), *seq)).collect();
        prop_assert!(drawn.keys().all(|entry| held.contains(entry)), "an entry that the memtable has not");
    }
    // One key axis: versions of one key stand above each other, and further keys stand further to the right.
    let mut places: BTreeMap<&Bytes, f64> = BTreeMap::new();
    for ((key, _), area) in holders.values().flatten() {
        let at = *places.entry(key).or_insert_with(|| middle(area));
        prop_assert!((at - middle(area)).abs() < 1e-6, "{key:?} at {at} and {}", middle(area));
    }
    prop_assert!(places.values().is_sorted(), "keys are out of order: {places:?}");
    for (level, tables) in report.levels.iter().enumerate() {
        let mut right = f64::NEG_INFINITY;
        for table in tables.iter() {
            let Some(tray) = parts.iter().find(|part| part.id == PartId::Tray(Holder::Table(table.id))) else {
                continue;
            };
            if level > 0 && tray.area.w > 0.0 {
                prop_assert!(tray.area.x > right, "two tables of level {level} touch");
                right = tray.area.right();
            }
            let lane = parts.iter().find(|part| part.id == PartId::Lane(LaneId::Level(level))).unwrap();
            let (y, bottom) = (tray.area.y, tray.area.bottom());
            prop_assert!(
                y >= lane.area.y && bottom <= lane.area.bottom() + 1e-6,
                "table {} is not in its lane",
                table.id
            );
            if let Some(drawn) = holders.get(&Holder::Table(table.id)) {
                let entries = scene.entries_of(table.id).unwrap();
                prop_assert!(drawn.len() <= entries.len());
                prop_assert!(drawn.values().all(|area| middle(area) > tray.area.x && middle(area) < tray.area.right()));
            }
            let (left, end) = timeline.axis().span(&table.smallest, &table.largest);
            prop_assert!(tray.area.w <= (end - left) * picture.width, "a tray wider than its keys");
        }
    }
    // Nothing lies on a table: not what is written either.
    let event = timeline.position().checked_sub(1).and_then(|at| timeline.event(at)).map(|row| row.event);
    let trays: Vec<&StagePart> =
        parts.iter().filter(|part| matches!(part.id, PartId::Tray(Holder::Table(_)) | PartId::Group(..))).collect();
    for (at, tray) in trays.iter().enumerate() {
        let (a, no_hair) = (tray.area, 1e-6);
        let lies_on = |b: Area| {
            a.x + no_hair < b.right()
                && b.x + no_hair < a.right()
                && a.y + no_hair < b.bottom()
                && b.y + no_hair < a.bottom()
        };
        let other = trays[..at].iter().find(|other| lies_on(other.area));
        prop_assert!(other.is_none(), "{} lies on {} after {:?}", tray.id, other.unwrap().id, event);
    }
    for part in parts {
        let Area { x, y, .. } = part.area;
        let inside = x >= -3.0 && y >= -3.0 && part.area.right() <= picture.width + 3.0;
        prop_assert!(inside && part.area.bottom() <= picture.height * 1.02, "{} at {:?}", part.id, part.area);
        prop_assert!((0.0..=1.0).contains(&part.alpha) && part.area.w >= 0.0 && part.area.h >= 0.0);
    }
    prop_assert!(parts.windows(2).all(|pair| pair[0].id < pair[1].id), "identities are unique and in order");
    Ok(())
}

fn line() -> impl Strategy<Value = String> {
    let few = || (0u32..12).prop_map(|n| format!("k{n:02}"));
    let many = || (0u32..400).prop_map(|n| format!("u{n:03}"));
    let key = || prop_oneof![3 => few(), 1 => many()];
    prop_oneof![
        8 => (key(), 0u32..1000).prop_map(|(key, value)| format!("put {key} {value}")),
        3 => key().prop_map(|key| format!("delete {key}")),
        2 => key().prop_map(|key| format!("get {key}")),
        1 => (key(), key()).prop_map(|(a, b)| format!("scan {} {}", (&a).min(&b), (&a).max(&b))),
        1 => (key(), key()).prop_map(|(a, b)| format!("batch put {a} 1; delete {b}")),
        1 => Just(String::from("snapshot")),
        1 => Just(String::from("flush")),
        1 => Just(String::from("compact")),
        1 => (1u32..9, 0u32..60).prop_map(|(n, keep)| format!("crash in {n} keep {keep}")),
        1 => Just(String::from("reopen")),
        1 => Just(String::from("wait 3")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_painted_is_what_the_scene_holds(
        lines in proptest::collection::vec(line(), 1..60),
        style in prop_oneof![Just("leveled"), Just("universal"), Just("fifo")],
        mode in prop_oneof![Just("inline"), Just("scheduled")],
        base in prop_oneof![Just("600"), Just("2000")],
        size in 0..SIZES.len(),
        levels in 0usize..8,
    ) {
        let mut options = preset("teaching").unwrap();
        options.set("compaction_style", style).unwrap();
        options.set("job_mode", mode).unwrap();
        options.set("max_bytes_for_level_base", base).unwrap();
        options.set("target_file_size_base", "300").unwrap();
        let timeline = record(options, &lines);
        let timeline = &mut *timeline.borrow_mut();
        let picture = Picture { levels, ..picture(SIZES[size]) };
        let mut last: Option<Vec<StagePart>> = None;
        for position in timeline.start()..=timeline.len() {
            let figure = Figure::at(timeline, position, &picture);
            let (begin, end) = (figure.parts(0.0), figure.parts(1.0));
            let scene = timeline.seek(position).clone();
            check(&end, &scene, timeline, &picture)?;
            if let Some(last) = last {
                // Nothing jumps from one event to the next.
                prop_assert_eq!(&last, &begin, "position {}", position);
            }
            // Half way, everything is somewhere between.
            let half = figure.parts(0.5);
            let in_order = |pair: &[StagePart]| pair[0].id < pair[1].id;
            let is_at_rest = |part: &&StagePart| begin.iter().any(|old| old.id == part.id);
            let at_rest: Vec<StagePart> = half.iter().filter(is_at_rest).cloned().collect();
            prop_assert!(at_rest.windows(2).all(in_order));
            let ids: BTreeSet<&PartId> = half.iter().map(|part| &part.id).collect();
            prop_assert_eq!(ids.len(), half.len(), "a part is drawn once");
            last = Some(end);
        }
    }
}

/// Every kind of event that the engine reports has a motion that changes the picture, or says why it has none.
#[test]
fn every_event_moves_or_says_why_not() {
    let scripts = [
        "put a 1\nput b 2\nput c 3\nput d 4\nput a 5\ndelete b\nput e 1\nput f 1\nput a 7\nput g 1\nput h 1\nput i 1\n\
         get a\nget zz\nget b\nscan a f\nsnapshot\nput a 8\nflush\ncompact\nput a 9\nflush\nget a",
        "put a 1\nput b 2\ncrash\nreopen\nput c 1\ncrash in 2 keep 9\nput d 4\nreopen\nget a",
        "put a 1\nput b 2\nput c 3\ncrash in 18\nput d 4\nreopen",
        "options wal_sync=never\nput a 1\nput b 2\ncrash\nreopen\nscan",
        "options max_bytes_for_level_base=900\nput a 1\nput b 1\nput c 1\nput d 1\nput e 1\nput f 1\nput g 1\nput h 1\n\
         put i 1\nput j 1\nput k 1\nput l 1\nreopen\nget f",
        "options compaction_style=fifo fifo_max_table_files_size=900\nput a 1\nput b 1\nput c 1\nput d 1\nput e 1\n\
         put f 1\nput g 1\nput h 1\nput i 1\nput j 1\nput k 1\nput l 1\nput m 1\nput n 1\nput o 1\nput p 1",
    ];
    let (mut moved, mut slides, mut still): (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) = Default::default();
    let solid = |parts: Vec<StagePart>| -> Vec<StagePart> {
        let is_solid = |part: &StagePart| {
            matches!(
                part.id,
                PartId::Entry(..) | PartId::Tray(_) | PartId::Frame(..) | PartId::Group(..) | PartId::Lane(_)
            )
        };
        parts.into_iter().filter(is_solid).collect()
    };
    for text in scripts {
        let timeline = record(preset("teaching").unwrap(), &script(text));
        let timeline = &mut *timeline.borrow_mut();
        for position in 1..=timeline.len() {
            let event = timeline.event(position - 1).unwrap().event.clone();
            let figure = Figure::at(timeline, position, &picture(SIZES[0]));
            match motion::of(&event) {
                Motion::Still(reason) => {
                    assert!(reason.len() > 10, "{}", kind(&event));
                    assert_eq!(solid(figure.parts(0.0)), solid(figure.parts(1.0)), "{} moves: {reason}", kind(&event));
                    still.insert(kind(&event));
                }
                _ if figure.parts(0.0) != figure.parts(1.0) => drop(moved.insert(kind(&event))),
                _ => drop(slides.insert(kind(&event))),
            }
        }
    }
    let never: Vec<_> = slides.difference(&moved).collect();
    assert!(never.is_empty(), "these have a motion and never moved: {never:?}");
    assert!(moved.len() > 25 && still.len() > 10, "too few kinds: {moved:?} {still:?}");
}

/// The half of a sweep: outputs hold what was kept so far, inputs are ghosts behind the front and whole before it, and
/// nothing has moved upwards.
#[test]
fn a_compaction_is_a_sweep() {
    let text =
        "put a 1\nput c 3\nput e 5\nput g 7\nput a 2\ndelete c\nput d 4\nput h 8\nput a 3\nput b 2\nput i 9\nput j 1";
    let timeline = record(preset("teaching").unwrap(), &script(text));
    let timeline = &mut *timeline.borrow_mut();
    let mut seen = 0;
    let mut kept: BTreeSet<(Bytes, u64)> = BTreeSet::new();
    let mut is_compaction = false;
    for position in 1..=timeline.len() {
        let event = timeline.event(position - 1).unwrap().event.clone();
        is_compaction |= matches!(event, Event::CompactionPicked { .. });
        let figure = Figure::at(timeline, position, &picture(SIZES[0]));
        let (key, seq) = match &event {
            Event::MergeKept { key, seq, .. } if is_compaction => {
                kept.insert((key.clone(), *seq));
                (key.clone(), *seq)
            }
            Event::MergeDropped { key, seq, .. } if is_compaction => (key.clone(), *seq),
            _ => continue,
        };
        seen += 1;
        let parts = figure.parts(1.0);
        let merge = timeline.seek(position).clone();
        let inputs: BTreeSet<u64> = merge.report().levels[0].iter().map(|table| table.id).collect();
        let mut outputs = BTreeSet::new();
        for part in &parts {
            let PartId::Entry(Holder::Table(table), at, version) = &part.id else { continue };
            if !inputs.contains(table) {
                outputs.insert((at.clone(), version.0));
                continue;
            }
            let is_behind = (at, std::cmp::Reverse(version.0)) <= (&key, std::cmp::Reverse(seq));
            assert_eq!(part.alpha < 0.5, is_behind, "{} at {key:?} {seq}", part.id);
            assert!(!is_behind || kept.contains(&(at.clone(), version.0)), "{} was dropped", part.id);
        }
        assert_eq!(outputs, kept, "after {key:?} {seq}");
        let (before, half) = (figure.parts(0.0), figure.parts(0.5));
        for part in &half {
            if let Some(old) = before.iter().find(|old| old.id == part.id) {
                assert!(part.area.y >= old.area.y - 1e-9, "{} moves upwards", part.id);
            }
        }
    }
    assert!(seen >= 12, "{seen} entries were merged");
}

/// A snapshot is a mark on the tape behind the last frame that it sees, and a table's chip says what is kept for it.
#[test]
fn a_snapshot_is_a_mark_and_what_is_kept_for_it_says_so() {
    let timeline =
        record(preset("teaching").unwrap(), &script("put a 1\nput b 2\nsnapshot\nput a 3\nput c 4\nrelease 1"));
    let timeline = &mut *timeline.borrow_mut();
    let at = |kind_of: &str, nth: usize, timeline: &Timeline| {
        let rows = timeline.events(0, timeline.len()).enumerate();
        rows.filter(|(_, row)| kind(row.event) == kind_of).nth(nth).unwrap().0 + 1
    };
    let area =
        |parts: &[StagePart], id: &str| parts.iter().find(|part| part.id.to_string() == id).map(|part| part.area);
    let third = at("wal_appended", 2, timeline);
    let parts = Figure::at(timeline, third, &picture(SIZES[0])).parts(1.0);
    let frames: Vec<Area> =
        parts.iter().filter(|part| matches!(part.id, PartId::Frame(..))).map(|part| part.area).collect();
    let mark = area(&parts, "snapshot:1").unwrap().x;
    assert!(frames[1].right() <= mark && mark <= frames[2].x, "{mark} {frames:?}");
    assert!(area(&parts, "snapshot-name:1").is_some());
    let (flushed, released) = (at("flush_ended", 0, timeline), at("snapshot_released", 0, timeline));
    let words = |parts: &[StagePart]| {
        let chip = parts.iter().find(|part| part.id.to_string() == "entry:table-3:3:a").unwrap();
        let Look::Box(look) = &chip.look else { panic!("a chip is a box") };
        look.corner.as_ref().unwrap().text.clone()
    };
    assert_eq!(words(&Figure::at(timeline, flushed, &picture(SIZES[0])).parts(1.0)), "·3 +1 kept");
    let after = Figure::at(timeline, released, &picture(SIZES[0])).parts(1.0);
    assert_eq!((words(&after), area(&after, "snapshot-name:1")), ("·3".into(), None));
}
