//! Nothing moves upwards: a merge brings entries down, and what it writes stays where it was written.
//!
//! A screen has an end, and merges have none, so something must go up once. It is what a merge picks: the inputs that
//! lie where its output will, and in level 0 what lies on them, are lifted out of the way before anything is written.
//! Beside that only whole lanes move, when a level or the immutable memtables need more rows, or fewer.

use std::collections::BTreeSet;

use lsmscope::{
    Options,
    figure::{
        Figure, Picture,
        part::{Holder, LaneId, PartId, StagePart},
    },
    options::preset,
    policy::Action,
    trace::Event,
    version::TableId,
};
use proptest::prelude::*;

use super::{SIZES, kind, line, picture, record, script};

const MOMENTS: [f64; 5] = [0.0, 0.3, 0.5, 0.8, 1.0];

/// Where lanes lie.
fn grounds(parts: &[StagePart]) -> Vec<(&PartId, f64, f64)> {
    let is_lane = |part: &&StagePart| matches!(part.id, PartId::Lane(_));
    parts.iter().filter(is_lane).map(|lane| (&lane.id, lane.area.y, lane.area.h)).collect()
}

/// The table that a part belongs to.
fn table(part: &PartId) -> Option<TableId> {
    match part {
        PartId::Tray(Holder::Table(id)) | PartId::Entry(Holder::Table(id), ..) | PartId::Density(Holder::Table(id)) => {
            Some(*id)
        }
        PartId::Group(_, first) => Some(*first),
        _ => None,
    }
}

fn is_solid(part: &StagePart) -> bool {
    let is_memtable = matches!(
        part.id,
        PartId::Tray(Holder::Memtable(_)) | PartId::Entry(Holder::Memtable(_), ..) | PartId::Density(_)
    );
    part.alpha > 0.0 && (is_memtable || table(&part.id).is_some())
}

/// What an event lifts: the inputs of a merge that lie in the level it writes; in level 0 all of its tables that lie
/// on the output's row.
fn lifted(event: &Event, level_0: &[TableId]) -> BTreeSet<TableId> {
    let Event::CompactionPicked { compaction, .. } = event else { return BTreeSet::new() };
    if compaction.action != Action::Merge {
        return BTreeSet::new();
    }
    let inputs = compaction.tables().filter(|(level, _)| *level == compaction.output_level).map(|(_, table)| table);
    let inputs: Vec<TableId> = inputs.collect();
    // The newest first: those before the oldest input lie on it.
    let oldest = level_0.iter().rposition(|table| inputs.contains(table));
    let above = oldest.filter(|_| compaction.output_level == 0).map_or(0, |at| at + 1);
    inputs.iter().chain(&level_0[..above]).copied().collect()
}

#[derive(Debug, Default)]
struct Seen {
    /// Kinds of events with which lanes have moved.
    lanes: BTreeSet<String>,
    installs: usize,
    lifts: usize,
}

/// Every part that goes up in a history, and what was seen of it.
fn ups(options: Options, lines: &[String], picture: &Picture) -> (Vec<String>, Seen) {
    let timeline = record(options, lines);
    let timeline = &mut *timeline.borrow_mut();
    let (mut found, mut seen) = (Vec::new(), Seen::default());
    for position in timeline.start() + 1..=timeline.len() {
        let event = timeline.event(position - 1).unwrap().event.clone();
        let level_0: Vec<TableId> = timeline.seek(position).report().levels[0].iter().map(|table| table.id).collect();
        let figure = Figure::at(timeline, position, picture);
        let (before, after) = (figure.parts(0.0), figure.parts(1.0));
        if grounds(&before) != grounds(&after) {
            seen.lanes.insert(kind(&event));
            continue;
        }
        // An open that reads of a table puts it between others of level 0.
        let is_named = matches!(event, Event::EditRecovered { .. });
        let lifted = lifted(&event, &level_0);
        (seen.lifts, seen.installs) = (
            seen.lifts + usize::from(!lifted.is_empty()),
            seen.installs + usize::from(matches!(event, Event::VersionInstalled { .. })),
        );
        let frames = MOMENTS.map(|progress| figure.parts(progress));
        for pair in frames.windows(2) {
            let mut earlier = pair[0].iter().filter(|part| is_solid(part)).collect::<Vec<_>>();
            earlier.sort_by(|a, b| a.id.cmp(&b.id));
            for part in pair[1].iter().filter(|part| is_solid(part)) {
                let Ok(at) = earlier.binary_search_by(|old| old.id.cmp(&part.id)) else { continue };
                let up = earlier[at].area.y - part.area.y;
                let may = table(&part.id).is_some_and(|table| lifted.contains(&table) || is_named);
                if up > 1e-6 && !may {
                    found.push(format!("{position}, {}: {} goes up by {up:.1}", kind(&event), part.id));
                }
            }
        }
    }
    (found, seen)
}

fn small(style: &str, mode: &str) -> Options {
    let mut options = preset("teaching").unwrap();
    let set = [
        ("compaction_style", style),
        ("job_mode", mode),
        ("max_bytes_for_level_base", "600"),
        ("max_bytes_for_level_multiplier", "2"),
        ("target_file_size_base", "300"),
    ];
    for (name, value) in set {
        options.set(name, value).unwrap();
    }
    options
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_moves_upwards_but_what_a_merge_picks(
        lines in proptest::collection::vec(line(), 20..80),
        style in prop_oneof![2 => Just("leveled"), 2 => Just("universal"), 1 => Just("fifo")],
        mode in prop_oneof![Just("inline"), Just("scheduled")],
        size in 0..SIZES.len(),
        levels in 0usize..8,
    ) {
        let (found, seen) = ups(small(style, mode), &lines, &Picture { levels, ..picture(SIZES[size]) });
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
        // Lanes move only where something needs a row, or no longer does.
        let about_rows = [
            "memtable_sealed", "flush_began", "compaction_picked", "version_installed", "flush_ended",
            "compaction_ended", "job_failed", "power_cut", "recovery_began", "edit_recovered", "recovery_ended",
            "orphan_removed", "manifest_created", "op_began", "closed",
        ];
        prop_assert!(seen.lanes.iter().all(|kind| about_rows.contains(&kind.as_str())), "{:?}", seen.lanes);
    }
}

/// The same on a tree that is merged again and again, in levels below level 0 and within level 0.
#[test]
fn what_is_merged_again_and_again_stays_where_it_was_written() {
    let puts: Vec<String> = (0u64..120).map(|n| format!("put k{:02} {n}", n * 7919 % 40)).collect();
    for style in ["leveled", "universal"] {
        for size in [SIZES[0], SIZES[2], SIZES[3]] {
            let (found, seen) = ups(small(style, "inline"), &puts, &Picture { levels: 4, ..picture(size) });
            assert!(found.is_empty(), "{style} at {size:?}:\n{}", found.join("\n"));
            assert!(seen.installs > 30 && seen.lifts > 5, "{style}: {seen:?}");
        }
    }
}

/// What is written where its inputs were: they are above it, in the same lane, and no part of both is in one place.
#[test]
fn an_output_lies_below_the_inputs_of_its_level() {
    let timeline = record(small("leveled", "inline"), &script(&"put a 1\nput b 2\nput c 3\nput d 4\n".repeat(24)));
    let timeline = &mut *timeline.borrow_mut();
    let mut seen = 0;
    for position in 1..=timeline.len() {
        let Event::TableFinished { table, level: level @ 1.., .. } =
            timeline.event(position - 1).unwrap().event.clone()
        else {
            continue;
        };
        let parts = Figure::at(timeline, position, &picture(SIZES[0])).parts(1.0);
        let tray = |id: TableId| parts.iter().find(|part| part.id == PartId::Tray(Holder::Table(id))).unwrap().area;
        let lane = parts.iter().find(|part| part.id == PartId::Lane(LaneId::Level(level))).unwrap().area;
        let output = tray(table.id);
        for input in &timeline.seek(position).report().levels[level] {
            let input = tray(input.id);
            let overlaps = input.x < output.right() && output.x < input.right();
            assert!(!overlaps || input.bottom() <= output.y, "{input:?} is not above {output:?}");
            assert!(lane.y <= input.y && output.bottom() <= lane.bottom());
            seen += usize::from(overlaps);
        }
    }
    assert!(seen > 3, "{seen}");
}
