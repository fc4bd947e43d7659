//! Words are whole, or they are left out; and no pill lies on other words.

use std::{cell::RefCell, rc::Rc};

use lsmscope::{
    figure::{
        Figure, Picture,
        part::{Area, Look, PartId, StagePart},
    },
    options::preset,
    timeline::Timeline,
    trace::Event,
};
use proptest::prelude::*;

use super::{SIZES, line, picture, record, script};

fn is_pill(part: &PartId) -> bool {
    matches!(
        part,
        PartId::FrontName(_)
            | PartId::Probe(_)
            | PartId::PlumbName
            | PartId::BandName
            | PartId::ReadHeadName(_)
            | PartId::SnapshotName(_)
            | PartId::FilterBit(_)
            | PartId::FilterBitsName
            | PartId::CutName(_)
    )
}

/// What is typed and stored may be longer than any room: it is cut, and says so.
fn is_data(part: &StagePart) -> bool {
    matches!(
        part.id,
        PartId::Command
            | PartId::Answer
            | PartId::KeyName(_)
            | PartId::Frame(..)
            | PartId::TornOff(..)
            | PartId::Entry(..)
    )
}

pub fn texts(look: &Look) -> Vec<&str> {
    match look {
        Look::Box(look) => look.words.iter().chain(&look.corner).map(|label| &label.text[..]).collect(),
        Look::Label(label) => vec![&label.text],
        _ => Vec::new(),
    }
}

fn overlap(a: Area, b: Area) -> bool {
    let hair = 0.1;
    a.x + hair < b.right() && b.x + hair < a.right() && a.y + hair < b.bottom() && b.y + hair < a.bottom()
}

/// What is cut, and what lies on other words.
fn faults(parts: &[StagePart]) -> Vec<String> {
    let mut found = Vec::new();
    for part in parts {
        for text in texts(&part.look) {
            // Of a value, enough is shown to know it again.
            let is_value = matches!(part.id, PartId::Entry(..));
            if text.contains('…') && (!is_data(part) || (is_value && text.chars().count() < 5)) {
                found.push(format!("{} is cut: {text:?}", part.id));
            }
            if is_value && text == "del" {
                found.push(format!("{} is cut: {text:?}", part.id));
            }
        }
    }
    // A ghost is what was there.
    let words = |part: &StagePart| match part.id {
        PartId::FilterBit(_) => Some(part.area),
        _ => part.words_area().filter(|_| part.alpha > 0.3),
    };
    for pill in parts.iter().filter(|part| is_pill(&part.id)) {
        let Some(area) = words(pill) else { continue };
        for other in parts.iter().filter(|other| other.id != pill.id) {
            if words(other).is_some_and(|words| overlap(area, words)) {
                found.push(format!("{} lies on {}", pill.id, other.id));
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_are_whole_and_lie_on_no_others(
        lines in proptest::collection::vec(line(), 1..60),
        style in prop_oneof![2 => Just("leveled"), 1 => Just("universal")],
        mode in prop_oneof![Just("inline"), Just("scheduled")],
        size in 0..SIZES.len(),
        levels in 0usize..5,
    ) {
        let mut options = preset("teaching").unwrap();
        let small = [("compaction_style", style), ("job_mode", mode), ("max_bytes_for_level_base", "600")];
        for (name, value) in small {
            options.set(name, value).unwrap();
        }
        let timeline = record(options, &lines);
        let timeline = &mut *timeline.borrow_mut();
        let picture = Picture { levels, ..picture(SIZES[size]) };
        for position in timeline.start()..=timeline.len() {
            let found = faults(&Figure::at(timeline, position, &picture).parts(1.0));
            let event = position.checked_sub(1).and_then(|at| timeline.event(at)).map(|row| super::kind(row.event));
            prop_assert!(found.is_empty(), "{position}, {event:?}: {}", found.join(", "));
        }
    }
}

/// In the tour, what a merge decides and a read learns is said in every size of a page.
#[test]
fn pills_have_room_in_the_tour() {
    pills_have_room(record(preset("teaching").unwrap(), &super::steadiness::tour()));
}

pub fn pills_have_room(timeline: Rc<RefCell<Timeline>>) {
    let timeline = &mut *timeline.borrow_mut();
    // The figure of a page, as large as the page leaves it.
    for size in [(1210.0, 502.0), (1850.0, 822.0), (650.0, 288.0), (720.0, 298.0), (390.0, 510.0)] {
        let (mut decided, mut said, mut asked, mut answered) = (0, 0, 0, 0);
        for position in 1..=timeline.len() {
            let parts = Figure::at(timeline, position, &Picture { levels: 0, ..picture(size) }).parts(1.0);
            assert_eq!(faults(&parts), Vec::<String>::new(), "{position} at {size:?}");
            let count = |is: fn(&PartId) -> bool| parts.iter().filter(|part| is(&part.id)).count();
            decided += count(|id| matches!(id, PartId::Front(_)));
            said += count(|id| matches!(id, PartId::FrontName(_)));
            asked += usize::from(count(|id| *id == PartId::Plumb) > 0);
            answered += usize::from(count(|id| matches!(id, PartId::Probe(_))) > 0);
        }
        assert!(decided > 30 && said == decided, "{said} of {decided} decisions at {size:?}");
        // Before the first answer there is a line already.
        assert!(asked > 20 && answered + 6 >= asked, "{answered} of {asked} at {size:?}");
    }
}

/// What a compaction has decided stays readable while its next entry goes down.
#[test]
fn the_words_of_a_merge_are_not_covered_by_its_next_entry() {
    let lines = "put a 1\nput c 2\nput b 3\nput e 4\nput b 5\ndelete c\nput d 6\nput g 7\nput f 8\nput a 9\n\
                 put h 10\nput i 11";
    let timeline = record(preset("teaching").unwrap(), &script(lines));
    let timeline = &mut *timeline.borrow_mut();
    let event = |at: usize| timeline.event(at).unwrap().event.clone();
    let picked = (0..timeline.len()).find(|at| matches!(event(*at), Event::CompactionPicked { .. })).unwrap();
    let kept: Vec<usize> =
        (picked..timeline.len()).filter(|at| matches!(event(*at), Event::MergeKept { .. })).collect();
    let mut seen = 0;
    for at in kept {
        let position = at + 1;
        let figure = Figure::at(timeline, position, &picture((1280.0, 560.0)));
        for progress in [0.25, 0.5, 0.75] {
            let parts = figure.parts(progress);
            let entries = parts.iter().filter(|part| matches!(part.id, PartId::Entry(..)));
            let areas: Vec<Area> = entries.map(|entry| entry.area).collect();
            for words in parts.iter().filter(|part| matches!(part.id, PartId::FrontName(_))) {
                let a = words.area;
                let covers = |b: &&Area| a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
                assert_eq!(areas.iter().find(covers), None, "{position} at {progress}: {a:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "{seen}");
}
