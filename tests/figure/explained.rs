//! What a picture shows without a name is explained: in words beside it where there is room, and in its listing.

use std::collections::BTreeMap;

use lsmscope::{
    figure::{
        Figure, Picture,
        part::{Holder, LaneId, Look, PartId, StagePart},
    },
    options::preset,
    timeline::Timeline,
    trace::Event,
};

use super::{SIZES, kind, picture, record, script};

/// The position after the first event that `is` true of, from `from` on.
fn after(timeline: &Timeline, from: usize, is: impl Fn(&Event) -> bool) -> usize {
    (from..timeline.len()).find(|at| is(timeline.event(*at).unwrap().event)).unwrap() + 1
}

fn text(parts: &[StagePart], id: &PartId) -> Option<String> {
    let Look::Label(label) = &parts.iter().find(|part| part.id == *id)?.look else { return None };
    Some(label.text.clone())
}

fn words(figure: &Figure) -> Vec<String> {
    figure.listing().into_iter().flat_map(|lane| lane.parts).map(|part| part.words).collect()
}

#[test]
fn the_line_between_memory_and_disk_has_words_in_every_size_of_a_page() {
    let timeline = record(preset("teaching").unwrap(), &script("put a 1\ncrash"));
    let timeline = &mut *timeline.borrow_mut();
    let positions = [5, after(timeline, 0, |event| matches!(event, Event::PowerCut { .. }))];
    for size in SIZES.into_iter().filter(|size| size.0 >= 360.0) {
        for position in positions {
            let parts = Figure::at(timeline, position, &picture(size)).parts(1.0);
            let said = text(&parts, &PartId::DividerName).unwrap_or_default();
            assert!(said.contains("memory") && (position > 5 || said.contains("disk")), "{size:?}: {said:?}");
        }
    }
}

#[test]
fn the_bits_of_a_filter_and_what_is_kept_for_a_snapshot_are_said() {
    // Keys that are asked for and not there: room between those of the table.
    let lines = "put a 1\nput b 2\nsnapshot\nput a 3\nput c 4\nget b3\nget b1\nget b2\nget b4\nget b5\nget b6\nget b";
    let timeline = record(preset("teaching").unwrap(), &script(lines));
    let timeline = &mut *timeline.borrow_mut();
    let flushed = after(timeline, 0, |event| matches!(event, Event::FlushEnded { .. }));
    let listed = words(&Figure::at(timeline, flushed, &picture(SIZES[0])));
    assert!(listed.contains(&"a = 3 ·3, and an older version kept for a snapshot".into()), "{listed:?}");
    for maybe in [false, true] {
        let probed = |event: &Event| matches!(event, Event::FilterProbed { maybe: said, .. } if *said == maybe);
        let position = after(timeline, flushed, probed);
        let figure = Figure::at(timeline, position, &picture(SIZES[0]));
        let listed = words(&figure);
        let said =
            if maybe { "set: the key may be there if all are set" } else { "not set: the key is not in the table" };
        assert!(listed.iter().any(|words| words.starts_with("Bit 1 of ")), "{listed:?}");
        assert!(listed.iter().any(|words| words.starts_with("Bit ") && words.ends_with(said)), "{listed:?}");
        let short = text(&figure.parts(1.0), &PartId::FilterBitsName).unwrap_or_default();
        assert!(short.ends_with(if maybe { "bits set" } else { "bits not set" }), "{short:?}");
    }
}

/// How far a table is that is being written: in entries, from the first on. An empty file of no blocks is no news.
#[test]
fn what_is_being_written_is_counted_in_entries() {
    let timeline = record(preset("teaching").unwrap(), &script("put a 1\nput b 2\nput c 3\nput d 4"));
    let timeline = &mut *timeline.borrow_mut();
    for size in SIZES.into_iter().filter(|size| size.0 >= 360.0) {
        let mut said: Vec<String> = Vec::new();
        let mut listed: Vec<String> = Vec::new();
        for position in 1..=timeline.len() {
            let figure = Figure::at(timeline, position, &picture(size));
            let facts = text(&figure.parts(1.0), &PartId::LaneFacts(LaneId::Level(0))).unwrap();
            said.extend(Some(facts).filter(|facts| said.last() != Some(facts)));
            listed.extend(words(&figure).into_iter().filter(|words| words.contains("so far")));
        }
        let writing = ["empty", "a table begins", "writing 1 entry", "writing 2 entries", "writing 3 entries"];
        let whole = ["writing 4 entries", "4 entries + filter", "4 entries + index", "not in the tree yet"];
        // Where there is little room, what does not fit is left out.
        let expected =
            writing.into_iter().chain(whole).filter(|words| size.1 > 400.0 || said.contains(&(*words).into()));
        assert_eq!(said[..said.len() - 1], expected.collect::<Vec<_>>(), "{size:?}");
        assert_eq!(listed[0], "000003.sst, being written: 1 entry so far, 0 blocks");
    }
}

/// Whether a table says something, itself or by its entries.
fn says(parts: &[StagePart], table: u64) -> bool {
    parts.iter().any(|part| {
        let is_of = match &part.id {
            PartId::TrayName(holder) | PartId::Entry(holder, ..) => *holder == Holder::Table(table),
            PartId::EntryCount(id) => *id == table,
            _ => false,
        };
        is_of && part.words_area().is_some()
    })
}

/// A table whose entries have no room for words says how many there are, and opens; neighbours that are too narrow say
/// how many tables they are. In the sizes that a small page, an embed and a phone leave the figure.
#[test]
fn no_table_is_a_row_of_bricks() {
    let puts: Vec<String> = (0u64..90).map(|n| format!("put k{:02} {n}", n * 7919 % 30)).collect();
    let mut options = preset("teaching").unwrap();
    options.set("target_file_size_base", "400").unwrap();
    let timeline = record(options, &puts);
    let timeline = &mut *timeline.borrow_mut();
    for size in [(650.0, 288.0), (720.0, 298.0), (390.0, 510.0)] {
        let (mut named, mut counted) = (0, 0);
        for position in 1..=timeline.len() {
            let figure = Figure::at(timeline, position, &Picture { levels: 0, ..picture(size) });
            let parts = figure.parts(1.0);
            let report = timeline.seek(position).report();
            for table in report.levels.iter().flatten() {
                let Some(tray) = parts.iter().find(|part| part.id == PartId::Tray(Holder::Table(table.id))) else {
                    continue;
                };
                if tray.area.w > 30.0 && tray.area.h > 16.0 {
                    assert!(says(&parts, table.id), "{position} at {size:?}: {} says nothing", table.id);
                    named += 1;
                }
            }
            for part in figure.listing().into_iter().flat_map(|lane| lane.parts) {
                let PartId::EntryCount(table) = part.id else { continue };
                let tray = parts.iter().find(|part| part.id == PartId::Tray(Holder::Table(table))).unwrap().area;
                assert_eq!(part.opens, Some(tray), "a click opens all of it");
                let keys = part.words.split_once("too narrow for their words: ").map_or("", |(_, keys)| keys);
                assert!(keys.starts_with('k'), "{}", part.words);
                counted += 1;
            }
        }
        assert!(named > 500 && counted > 100, "{named} tables, {counted} counted at {size:?}");
    }
}

/// What merges replace is as high as the rest where a page has room for it without the engine's own file.
#[test]
fn what_a_merge_replaces_can_be_read_in_a_small_page() {
    let lines: Vec<String> = (0..24).map(|n| format!("put {} {n}", ["a", "b", "c", "d", "e", "f"][n % 6])).collect();
    let timeline = record(preset("teaching").unwrap(), &lines);
    let timeline = &mut *timeline.borrow_mut();
    let mut seen = 0;
    for position in 1..=timeline.len() {
        let picture = Picture { levels: 0, ..picture((650.0, 288.0)) };
        let parts = Figure::at(timeline, position, &picture).parts(1.0);
        let scene = timeline.seek(position);
        for table in &scene.report().levels[1] {
            let entries =
                parts.iter().filter(|part| matches!(&part.id, PartId::Entry(Holder::Table(id), ..) if *id == table.id));
            for entry in entries {
                assert!(entry.words_area().is_some(), "{position}: {} says nothing", entry.id);
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

/// Tables too narrow for their number of entries are one group, which says how many tables it is: in the tree, and
/// before, when the job that writes them is not installed.
#[test]
fn narrow_neighbours_are_a_group_that_says_how_many_tables_it_is() {
    let mut options = preset("teaching").unwrap();
    let narrow = [("target_file_size_base", "64"), ("block_size", "64"), ("write_buffer_entries", "1000")];
    let wide = [("write_buffer_size", "1000000"), ("max_bytes_for_level_base", "1000000000")];
    for (name, value) in narrow.into_iter().chain(wide) {
        options.set(name, value).unwrap();
    }
    let timeline = record(options, &script("fill 300\nflush\ncompact"));
    let timeline = &mut *timeline.borrow_mut();
    let tables = timeline.seek(timeline.len()).report().levels[1].len();
    let picked = after(timeline, 0, |event| matches!(event, Event::CompactionPicked { .. }));
    let written = after(timeline, picked, |event| matches!(event, Event::EditLogged { .. }));
    // With how many inputs, which are no groups; beside them, the last output is drawn alone.
    let moments = [(timeline.len(), 0), (written, 1)];
    let sizes = [(1210.0, 502.0), (650.0, 288.0), (390.0, 510.0)];
    for (size, (position, inputs)) in sizes.into_iter().flat_map(|size| moments.map(|moment| (size, moment))) {
        let figure = Figure::at(timeline, position, &Picture { levels: 0, ..picture(size) });
        let listed: Vec<String> =
            words(&figure).into_iter().filter(|words| words.contains("too narrow to be drawn alone")).collect();
        assert!(
            listed.iter().all(|words| words.contains("not in the tree yet") == (position == written)),
            "{listed:?}"
        );
        let parts = figure.parts(1.0);
        let alone = parts.iter().filter(|part| matches!(part.id, PartId::Tray(Holder::Table(_)))).count();
        let groups: Vec<(f64, String)> = parts
            .iter()
            .filter_map(|part| match (&part.id, &part.look) {
                (PartId::Group(..), Look::Box(look)) => {
                    Some((part.area.w, look.words.as_ref().map_or(String::new(), |words| words.text.clone())))
                }
                _ => None,
            })
            .collect();
        assert!(alone <= 1 + 2 * inputs && groups.len() > 3, "{alone} alone, {groups:?} at {size:?}");
        let said: Vec<usize> = groups.iter().filter_map(|(_, said)| said.split(' ').next()?.parse().ok()).collect();
        assert!(groups.iter().all(|(width, said)| *width < 90.0 || said.ends_with(" tables")), "{groups:?}");
        assert!(
            said.iter().sum::<usize>() + alone <= tables + inputs && said.len() + 1 >= groups.len(),
            "{groups:?} of {tables}"
        );
    }
}

/// A filter that was wrong is not told in the words of one that is right.
#[test]
fn a_false_positive_is_said_in_words_of_its_own() {
    let mut options = preset("teaching").unwrap();
    options.set("bloom_bits_per_key", "1").unwrap();
    options.set("write_buffer_entries", "20").unwrap();
    let gets = ["key00225", "key00274", "key00223", "key00272", "key00221", "key00270"].map(|key| format!("get {key}"));
    let timeline = record(options, &script(&format!("fill 20 seed 3\nflush\n{}", gets.join("\n"))));
    let timeline = &mut *timeline.borrow_mut();
    let wrong = after(timeline, 0, |event| matches!(event, Event::FalsePositive { .. }));
    let mut said = Vec::new();
    for size in SIZES {
        let parts = Figure::at(timeline, wrong, &picture(size)).parts(1.0);
        let pill = parts.into_iter().find(|part| matches!(part.id, PartId::Probe(Holder::Table(_))));
        let Some(Look::Box(look)) = pill.map(|part| part.look) else { continue };
        said.extend(look.words.map(|words| words.text));
    }
    assert!(said.iter().all(|words| words.starts_with("false positive") || words == "maybe"), "{said:?}");
    assert!(said.iter().any(|words| words.starts_with("false positive")), "{said:?}");
}

/// What is said of an entry that is kept depends on whether the merge reads an older version of its key.
#[test]
fn a_merge_says_newest_of_a_key_with_several_versions_only() {
    let lines = "put a 1\nput a 2\nput b 3\nput c 4\nput c 5\nput d 6\ndelete a\nput e 7\ncompact 0";
    let timeline = record(preset("teaching").unwrap(), &script(lines));
    let timeline = &mut *timeline.borrow_mut();
    let pill = |position: usize, timeline: &mut Timeline| {
        let parts = Figure::at(timeline, position, &picture((1280.0, 560.0))).parts(1.0);
        let pill = parts.into_iter().find(|part| matches!(part.id, PartId::FrontName(_)));
        let Some(Look::Box(look)) = pill.map(|part| part.look) else { return String::new() };
        look.words.map_or(String::new(), |words| words.text)
    };
    let mut said = Vec::new();
    for at in 0..timeline.len() {
        let decided = match &timeline.event(at).unwrap().event {
            Event::MergeKept { key, seq, .. } | Event::MergeDropped { key, seq, .. } => Some((key.to_string(), *seq)),
            _ => None,
        };
        if let Some((key, seq)) = decided {
            said.push(format!("{key} ·{seq} {}", pill(at + 1, timeline)));
        }
    }
    let expected = [
        "a ·2 flush: newest goes down",
        "a ·1 flush: hidden by ·2: dropped",
        "b ·3 flush: goes down",
        "c ·4 flush: goes down",
        "a ·7 flush: may hide older versions below",
        "c ·5 flush: goes down",
        "d ·6 flush: goes down",
        "e ·8 flush: goes down",
        "a ·7 merge: no deeper level can have the key: dropped",
        "a ·2 merge: deleted by ·7: dropped",
        "b ·3 merge: goes down",
        "c ·5 merge: newest goes down",
        "c ·4 merge: hidden by ·5: dropped",
        "d ·6 merge: goes down",
        "e ·8 merge: goes down",
    ];
    assert_eq!(said, expected);
}

/// All that those hear who do not see the picture, but for the sentence of the event.
fn heard(figure: &Figure) -> Vec<String> {
    let lanes = figure.listing();
    let facts = lanes.iter().map(|lane| format!("{}: {}", lane.name, lane.facts));
    facts.chain(lanes.iter().flat_map(|lane| &lane.parts).map(|part| part.words.clone())).collect()
}

/// What changes at these is a frame around what an operation looks at, its command, or its answer, which the sentence
/// of the event has; and the outline of a table that has nothing in it yet.
const IN_THE_SENTENCE: [&str; 7] =
    ["get_began", "get_ended", "op_began", "op_ended", "recovery_ended", "scan_ended", "table_began"];

/// Where an event changes what the picture shows of the engine, it changes what is heard of it, at that event.
#[test]
fn what_an_event_changes_on_the_picture_is_heard_at_that_event() {
    let writes = "put a 1\nput b 2\nput c 3\nput d 4\nput b 5\nput e 6\nflush\n";
    let reads = "get a\nget c5\nget z\nscan\ncompact\nget b";
    let timeline = record(preset("teaching").unwrap(), &script(&format!("{writes}{reads}")));
    let timeline = &mut *timeline.borrow_mut();
    let mut silent = BTreeMap::new();
    for position in 1..timeline.len() {
        let picture = picture(SIZES[0]);
        let (before, after) = (Figure::at(timeline, position, &picture), Figure::at(timeline, position + 1, &picture));
        if before.parts(1.0) != after.parts(1.0) && heard(&before) == heard(&after) {
            *silent.entry(kind(timeline.event(position).unwrap().event)).or_insert(0) += 1;
        }
    }
    silent.retain(|kind, _| !IN_THE_SENTENCE.contains(&kind.as_str()));
    assert_eq!(silent, BTreeMap::<String, i32>::new());
}
