//! Nothing jumps: from the end of a step to the beginning of the next nothing changes, and within a step only that
//! moves which its event is about, on an eased way.

use std::collections::BTreeMap;

use lsmscope::{
    figure::{
        Figure, Known, Picture,
        part::{Area, Holder, PartId, StagePart},
    },
    options::preset,
    timeline::Timeline,
    trace::Event,
};

use super::{picture, record};

/// The first script that a visitor sees.
pub fn tour() -> Vec<String> {
    // The page is no part of the crate's package: it is read when the test runs.
    let scripts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/scripts.js")).unwrap();
    let tour = scripts.split("name: \"tour\"").nth(1).unwrap();
    let lines = tour.split("lines: [").nth(1).unwrap().split(']').next().unwrap();
    lines.split('"').skip(1).step_by(2).map(String::from).collect()
}

const STEPS: usize = 200;
/// How finely a step is looked at.
const MOMENTS: usize = 16;
/// The greatest share of its way that a part goes in one of these moments: the slope of `3t² − 2t³` is at most 1.5.
const FASTEST: f64 = 1.55 / MOMENTS as f64;

fn is_tape(part: &PartId) -> bool {
    matches!(
        part,
        PartId::Frame(..)
            | PartId::TornOff(..)
            | PartId::OlderFrames
            | PartId::Durable
            | PartId::DurableName
            | PartId::Snapshot(_)
    )
}

/// Whether an event may change the place of a part.
fn is_about(event: &Event, part: &PartId) -> bool {
    use Event::*;
    let holder = match part {
        PartId::Entry(holder, ..) | PartId::Tray(holder) | PartId::TrayName(holder) | PartId::Probe(holder) => {
            Some(*holder)
        }
        _ => None,
    };
    match event {
        OpBegan { .. } | OpEnded { .. } => matches!(part, PartId::Command | PartId::Answer),
        WalAppended { .. } | WalSynced { .. } | WalRemoved { .. } | PowerCut { .. } => is_tape(part),
        // The versions of a key share its place.
        MemtableInserted { memtable, record, .. } => {
            matches!(part, PartId::Entry(Holder::Memtable(id), key, _) if id == memtable && *key == record.key)
        }
        MemtableSealed { memtable, .. } => holder == Some(Holder::Memtable(*memtable)),
        TableBegan { table, .. } => holder == Some(Holder::Table(*table)),
        // The tray of a table that is written ends at the front.
        MergeKept { .. } => matches!(part, PartId::Front(_) | PartId::FrontName(_) | PartId::Tray(_)),
        MergeDropped { .. } => matches!(part, PartId::Front(_) | PartId::FrontName(_)),
        ManifestCreated { .. } | EditLogged { .. } => matches!(part, PartId::Manifest(_)),
        MemtableProbed { .. } => *part == PartId::Plumb,
        // The line goes down to the table, and what is known of it changes its words.
        RangeProbed { table, .. }
        | FilterProbed { table, .. }
        | IndexProbed { table, .. }
        | BlockProbed { table, .. }
        | FalsePositive { table, .. } => {
            *part == PartId::Plumb || matches!(part, PartId::Probe(Holder::Table(id)) if id == table)
        }
        ScanBegan { .. } | ScanEmitted { .. } | ScanSkipped { .. } => matches!(part, PartId::Cursor(_)),
        _ => false,
    }
}

fn is_on_the_axis(part: &PartId) -> bool {
    matches!(part, PartId::Entry(..) | PartId::Tray(_) | PartId::TrayName(_) | PartId::KeyName(_) | PartId::Density(_))
}

fn areas(parts: &[StagePart]) -> BTreeMap<&PartId, Area> {
    parts.iter().map(|part| (&part.id, part.area)).collect()
}

fn distance(a: Area, b: Area) -> f64 {
    let edges = [a.x - b.x, a.y - b.y, a.right() - b.right(), a.bottom() - b.bottom()];
    edges.into_iter().map(f64::abs).fold(0.0, f64::max)
}

/// What jumps in a step: what its event is not about and is displaced, and what is displaced at once. Where the key
/// axis grows, what lies on it may make room, but stays at its height.
fn jumps(event: &Event, figure: &Figure, grows: bool) -> Vec<String> {
    let (before, after) = (figure.parts(0.0), figure.parts(1.0));
    let (from, to) = (areas(&before), areas(&after));
    let ways: BTreeMap<&PartId, f64> =
        from.iter().filter_map(|(id, area)| Some((*id, distance(*area, *to.get(id)?)))).collect();
    let makes_room = |id: &PartId| grows && is_on_the_axis(id) && (from[id].y - to[id].y).abs() < 1e-6;
    let displaced = |(id, way): &(&&PartId, &f64)| **way > 1e-6 && !is_about(event, id) && !makes_room(id);
    let mut found: Vec<String> =
        ways.iter().filter(displaced).map(|(id, way)| format!("{id} is displaced by {way:.1}")).collect();
    found.extend(rushes(figure));
    found
}

/// What is displaced at once in a step, and not on an eased way.
fn rushes(figure: &Figure) -> Vec<String> {
    let (before, after) = (figure.parts(0.0), figure.parts(1.0));
    let (from, to) = (areas(&before), areas(&after));
    let ways: BTreeMap<&PartId, f64> =
        from.iter().filter_map(|(id, area)| Some((*id, distance(*area, *to.get(id)?)))).collect();
    let mut found = Vec::new();
    let mut last = before.clone();
    for moment in 1..=MOMENTS {
        let now = figure.parts(moment as f64 / MOMENTS as f64);
        let (was, is) = (areas(&last), areas(&now));
        // What is not seen goes nowhere: words that are said elsewhere fade here and come there.
        let unseen = |id: &PartId| now.iter().chain(&last).any(|part| part.id == *id && part.alpha < 0.01);
        for (id, way) in &ways {
            let gone = distance(was[id], is[id]);
            if gone > way * FASTEST + 1e-6 && !unseen(id) {
                found.push(format!("{id} goes {gone:.1} of {way:.1} at once"));
            }
        }
        last = now;
    }
    found
}

/// The steps of a timeline that jump, each with what does.
fn steps_that_jump(timeline: &mut Timeline, picture: &Picture) -> Vec<String> {
    let mut found = Vec::new();
    let mut last: Option<Vec<StagePart>> = None;
    for position in 1..=STEPS {
        let event = timeline.event(position - 1).unwrap().event.clone();
        let figure = Figure::at(timeline, position, picture);
        let known = |position: usize| timeline.axis().known_at(position).len();
        let grows = picture.known == Known::Past && known(position) > known(position - 1);
        let mut jumps = jumps(&event, &figure, grows);
        if last.is_some_and(|last| last != figure.parts(0.0)) {
            jumps.push("it begins otherwise than the one before ended".into());
        }
        if !jumps.is_empty() {
            found.push(format!("step {position}, {}: {}", super::kind(&event), jumps.join(", ")));
        }
        last = Some(figure.parts(1.0));
    }
    found
}

fn assert_steady(known: Known) {
    let timeline = record(preset("teaching").unwrap(), &tour());
    let timeline = &mut *timeline.borrow_mut();
    for size in super::SIZES {
        let picture = Picture { levels: 0, known, ..picture(size) };
        let jumping = steps_that_jump(timeline, &picture);
        let count = jumping.len();
        assert!(jumping.is_empty(), "{count} of {STEPS} steps jump at {size:?}:\n{}", jumping.join("\n"));
    }
}

#[test]
fn no_step_of_the_tour_jumps() {
    assert_steady(Known::Whole);
}

#[test]
fn no_step_jumps_where_the_key_axis_grows_with_each_new_key() {
    assert_steady(Known::Past);
}

/// A frame on its way from the command to the tape covers neither the command nor, until it falls, the tape.
#[test]
fn what_is_written_does_not_cover_the_command() {
    let timeline = record(preset("teaching").unwrap(), &tour());
    let timeline = &mut *timeline.borrow_mut();
    let mut written = 0;
    for position in 1..=timeline.len() {
        let Event::WalAppended { wal, offset, .. } = *timeline.event(position - 1).unwrap().event else { continue };
        written += 1;
        let figure = Figure::at(timeline, position, &picture((1280.0, 720.0)));
        for moment in 1..MOMENTS {
            let parts = figure.parts(moment as f64 / MOMENTS as f64);
            let area = |id: &PartId| parts.iter().find(|part| part.id == *id).unwrap().area;
            let (frame, command) = (area(&PartId::Frame(wal, offset)), area(&PartId::Command));
            let covers = frame.x < command.right() && frame.y < command.bottom() - 0.1 * command.h;
            assert!(!covers || frame.y > command.middle().1, "{moment}: {frame:?} over {command:?}");
            assert_eq!(parts.last().unwrap().id, PartId::Frame(wal, offset), "it lies on top");
        }
    }
    assert_eq!(written, 12);
}

/// Level 0 and the immutable memtables may need more rows than are kept for them: then all lanes move, on an eased way,
/// and each step begins where the one before ended. In every size.
#[test]
fn lanes_that_need_more_rows_grow_on_an_eased_way() {
    let mut options = preset("teaching").unwrap();
    for (name, value) in [("disable_auto_compactions", "true"), ("max_write_buffer_number", "6")] {
        options.set(name, value).unwrap();
    }
    let mut lines: Vec<String> = (0..44).map(|n| format!("put k{:02} {n}", n * 7 % 12)).collect();
    // And back: all of level 0 goes at once.
    lines.push("compact".into());
    let timeline = record(options, &lines);
    let timeline = &mut *timeline.borrow_mut();
    for size in [super::SIZES[0], super::SIZES[1], (650.0, 288.0), (390.0, 510.0), super::SIZES[5]] {
        let (mut last, mut moved): (Option<Vec<StagePart>>, usize) = (None, 0);
        for position in 1..=timeline.len() {
            let figure = Figure::at(timeline, position, &Picture { levels: 0, ..picture(size) });
            let (before, after) = (figure.parts(0.0), figure.parts(1.0));
            let rushes = rushes(&figure);
            assert!(rushes.is_empty(), "{position} at {size:?}: {}", rushes.join(", "));
            assert!(last.is_none_or(|last| last == before), "{position} at {size:?} begins elsewhere");
            let grounds = |parts: &[StagePart]| -> Vec<Area> {
                parts.iter().filter(|part| matches!(part.id, PartId::Lane(_))).map(|part| part.area).collect()
            };
            moved += usize::from(grounds(&before) != grounds(&after));
            last = Some(after);
        }
        assert!(moved >= 5, "lanes have moved {moved} times at {size:?}");
    }
}
