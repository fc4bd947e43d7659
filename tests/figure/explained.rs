//! What a picture shows without a name is explained: in words beside it where there is room, and in its listing.

use lsmscope::{
    figure::{
        Figure,
        part::{LaneId, Look, PartId, StagePart},
    },
    options::preset,
    timeline::Timeline,
    trace::Event,
};

use super::{SIZES, picture, record, script};

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
