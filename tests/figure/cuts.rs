//! Where a compaction ends its outputs: each whole output says by which rule, at the end of its tray.

use std::collections::BTreeSet;

use lsmscope::{
    figure::{
        Figure, Picture,
        part::{Holder, PartId},
    },
    options::preset,
    policy::CutReason,
    trace::Event,
};

use super::{SIZES, picture, record};

/// Keys in no order, so that a tree of small levels is merged again and again.
fn puts() -> Vec<String> {
    let steps = std::iter::successors(Some(3u64), |x| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1)));
    steps.take(500).map(|x| format!("put k{:02} {}", (x >> 33) % 60, (x >> 40) % 1000)).collect()
}

#[test]
fn every_output_of_a_compaction_says_why_it_ends_where_its_tray_does() {
    let mut options = preset("teaching").unwrap();
    let small = [
        ("target_file_size_base", "350"),
        ("block_size", "64"),
        ("max_bytes_for_level_base", "500"),
        ("max_bytes_for_level_multiplier", "2"),
        ("max_compaction_bytes", "1500"),
    ];
    for (name, value) in small {
        options.set(name, value).unwrap();
    }
    let timeline = record(options, &puts());
    let timeline = &mut *timeline.borrow_mut();
    let (mut rules, mut named, mut ended): (BTreeSet<String>, usize, usize) = Default::default();
    let mut flushes: BTreeSet<u64> = BTreeSet::new();
    for position in timeline.start()..timeline.len() {
        let event = timeline.event(position).unwrap().event.clone();
        if let Event::FlushBegan { job, .. } = event {
            flushes.insert(job);
        }
        let Event::TableFinished { job, table, level, cut } = event else { continue };
        let figure = Figure::at(timeline, position + 1, &Picture { levels: 4, ..picture(SIZES[0]) });
        let parts = figure.parts(1.0);
        let part = |id: PartId| parts.iter().find(|part| part.id == id);
        let listed = figure.listing().into_iter().flat_map(|lane| lane.parts);
        let tray = PartId::Tray(Holder::Table(table.id));
        let words: Vec<String> = listed.filter(|part| part.id == tray).map(|part| part.words).collect();
        assert_eq!(flushes.contains(&job), cut.is_none(), "table {} on level {level}", table.id);
        let Some(cut) = cut else {
            assert!(part(PartId::Cut(table.id)).is_none(), "a flush cuts nothing");
            continue;
        };
        let (bar, tray) = (part(PartId::Cut(table.id)).unwrap(), part(tray).unwrap());
        assert!((bar.area.x - tray.area.right()).abs() < 4.0, "the bar is at {:?}, the tray {:?}", bar.area, tray.area);
        // Behind the tray nothing is written yet: only at the end of the axis there is no room.
        ended += 1;
        named += usize::from(part(PartId::CutName(table.id)).is_some());
        let said = match cut {
            CutReason::TargetSize { size, .. } => format!("It is full: its blocks have {size} B"),
            CutReason::MaxCompactionBytes { .. } => "are more than 1.5 KB".into(),
            CutReason::SkippedGrandparent { .. } => "no key for the next table below".into(),
            CutReason::GrandparentBoundary { limit, .. } => format!("enough from {limit} B on"),
            CutReason::RoundRobinCursor => "round-robin".into(),
            CutReason::LastInput => "no more entries".into(),
        };
        assert!(words.iter().any(|words| words.contains(&said)), "{said} is not in {words:?}");
        rules.insert(said.split(' ').take(2).collect());
    }
    assert!(rules.len() >= 5, "too few rules: {rules:?}");
    assert!(named * 2 > ended, "{named} of {ended} have a name");
}
