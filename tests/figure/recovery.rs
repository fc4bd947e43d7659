//! An open is the tape read again: what is on disk stays in the picture, and what is read becomes solid.

use std::collections::{BTreeMap, BTreeSet};

use lsmscope::{
    figure::{
        Figure, Picture,
        part::{Area, Holder, LaneId, PartId, StagePart},
    },
    options::preset,
    storage::{FileId, FileKind},
    trace::Event,
};

use super::{SIZES, picture, record, script};

const WRITES: &str = "put user:1 Alice\nput user:3 Carol\nput user:2 Bob\nput user:5 Erin\nput user:4 Dave\n\
    put user:7 Gail\n";

/// Runs `check` with each event from the power cut to the end of the open, and its figure.
fn each_step(lines: &str, mut check: impl FnMut(&Event, &Figure)) {
    let timeline = record(preset("teaching").unwrap(), &script(&format!("{WRITES}{lines}")));
    let timeline = &mut *timeline.borrow_mut();
    let is_cut = |event: &Event| matches!(event, Event::PowerCut { .. });
    let cut = (0..timeline.len()).find(|at| is_cut(timeline.event(*at).unwrap().event)).unwrap();
    let picture = Picture { levels: 2, ..picture(SIZES[0]) };
    for position in cut + 1..=timeline.len() {
        let event = timeline.event(position - 1).unwrap().event.clone();
        let figure = Figure::at(timeline, position, &picture);
        check(&event, &figure);
        if matches!(event, Event::RecoveryEnded { .. }) {
            return;
        }
    }
    panic!("the open did not end");
}

fn find<'a>(parts: &'a [StagePart], id: &PartId) -> Option<&'a StagePart> {
    parts.iter().find(|part| part.id == *id)
}

#[test]
fn tables_stay_in_the_picture_and_become_solid_when_an_edit_names_them() {
    let mut places: BTreeMap<u64, Area> = BTreeMap::new();
    let (mut named, mut faint): (BTreeSet<u64>, usize) = Default::default();
    let mut is_reading = false;
    each_step("crash in 2 keep 20\nput user:6 Frank\nreopen", |event, figure| {
        is_reading |= matches!(event, Event::RecoveryBegan { .. });
        if let Event::EditRecovered { edit } = event {
            named.extend(edit.added.iter().map(|(_, table)| table.id));
        }
        for progress in [0.0, 0.3, 0.7, 1.0] {
            let tray =
                find(&figure.parts(progress), &PartId::Tray(Holder::Table(3))).expect("table 3 is on disk").clone();
            assert_eq!(*places.entry(3).or_insert(tray.area), tray.area, "it stays where it is");
            if progress == 1.0 {
                let is_solid = !is_reading || named.contains(&3);
                assert_eq!(tray.alpha == 1.0, is_solid, "after {event:?}");
                faint += usize::from(!is_solid);
            }
        }
    });
    assert!(faint >= 3, "it was unread for {faint} steps");
}

#[test]
fn a_head_reads_the_tape_and_a_torn_frame_stops_it() {
    let (mut heads, mut inserts, mut is_torn): (Vec<f64>, usize, bool) = Default::default();
    let mut last: Option<PartId> = None;
    each_step("crash in 2 keep 20\nput user:6 Frank\nreopen", |event, figure| {
        let (before, after) = (figure.parts(0.0), figure.parts(1.0));
        heads.extend(find(&after, &PartId::ReadHead(LaneId::Wal)).map(|head| head.area.x));
        match event {
            Event::FrameReplayed { wal, offset, .. } => {
                let id = PartId::Frame(*wal, *offset);
                let alpha = |parts: &[StagePart]| find(parts, &id).unwrap().alpha;
                assert!(alpha(&before) < 0.5 && alpha(&after) == 1.0, "{id} is read");
                last = Some(id);
            }
            Event::MemtableInserted { memtable, record, .. } => {
                inserts += 1;
                let chip =
                    PartId::Entry(Holder::Memtable(*memtable), record.key.clone(), std::cmp::Reverse(record.seq));
                let start = figure.parts(0.01);
                let (chip, frame) = (find(&start, &chip).unwrap().area, find(&start, last.as_ref().unwrap()).unwrap());
                assert!((chip.y + chip.h / 2.0 - frame.area.middle().1).abs() < 2.0, "it falls from the tape");
                assert!((frame.area.x..=frame.area.right()).contains(&chip.middle().0), "from the frame that was read");
            }
            Event::WalTornTail { wal, offset, .. } => {
                let torn = PartId::Frame(*wal, *offset);
                assert!(find(&before, &torn).is_some() && find(&after, &torn).is_none(), "it falls off");
                let head = find(&after, &PartId::ReadHead(LaneId::Wal)).unwrap().area.x;
                let edge = find(&after, last.as_ref().unwrap()).unwrap().area.right();
                assert!((head - edge).abs() < 1e-6, "the head stands behind the last whole frame");
                is_torn = true;
            }
            _ => {}
        }
    });
    assert!(is_torn && inserts == 2, "{inserts} records");
    assert!(heads.len() >= 5 && heads.is_sorted(), "{heads:?}");
}

#[test]
fn what_a_job_left_is_drawn_until_it_is_removed() {
    // The power goes when the flush's table is whole and no edit names it.
    let mut is_removed = false;
    each_step("put user:6 Frank\ncrash in 18\nput user:1 Anna\nreopen", |event, figure| {
        let orphan = PartId::Tray(Holder::Table(5));
        let (before, after) = (figure.parts(0.0), figure.parts(1.0));
        match event {
            Event::OrphanRemoved { file } => {
                assert_eq!((file.kind, *file), (FileKind::Table, FileId::table(5)));
                let half = figure.parts(0.5);
                let falls = find(&half, &orphan).unwrap().area.y > find(&before, &orphan).unwrap().area.y;
                assert!(falls && find(&after, &orphan).is_none());
                is_removed = true;
            }
            _ => assert_eq!(find(&after, &orphan).is_some(), !is_removed, "{event:?}"),
        }
    });
    assert!(is_removed);
}

/// The power goes again while an open reads: what is on disk is still in the picture, and the next open begins again.
#[test]
fn a_power_cut_within_an_open_takes_nothing_that_is_on_disk() {
    let (mut cuts, mut opens) = (0, 0);
    let frame = PartId::Frame(4, 0);
    each_step("crash\ncrash in 6\nreopen\nreopen", |event, figure| {
        cuts += usize::from(matches!(event, Event::PowerCut { .. }));
        opens += usize::from(matches!(event, Event::RecoveryBegan { .. }));
        let parts = figure.parts(1.0);
        for id in [&PartId::Tray(Holder::Table(3)), &frame] {
            assert!(find(&parts, id).is_some(), "{id} is on disk at {event:?}");
        }
        if matches!(event, Event::PowerCut { .. } | Event::RecoveryBegan { .. }) {
            assert!(find(&parts, &PartId::ReadHead(LaneId::Wal)).is_none(), "nothing reads");
            let is_read = find(&parts, &frame).unwrap().alpha == 1.0;
            assert_eq!(is_read, opens == 0, "no frame was read");
        }
    });
    assert_eq!((cuts, opens), (2, 2));
}
