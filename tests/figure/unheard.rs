//! What has no room in a picture, or cannot be seen in it, is in its listing.

use lsmscope::{
    figure::{
        Figure,
        listing::ListedLane,
        part::{Holder, LaneId, PartId},
    },
    options::preset,
};

use super::{picture, record, script};

/// The lanes after the last of these lines.
fn lanes(lines: &str, options: &[(&str, &str)], size: (f64, f64)) -> Vec<ListedLane> {
    let mut all = preset("teaching").unwrap();
    for (name, value) in options {
        all.set(name, value).unwrap();
    }
    let timeline = record(all, &script(lines));
    let timeline = &mut *timeline.borrow_mut();
    let end = timeline.len();
    Figure::at(timeline, end, &picture(size)).listing()
}

fn facts(lanes: &[ListedLane], id: LaneId) -> &str {
    &lanes.iter().find(|lane| lane.id == id).unwrap().facts
}

/// In level 0, keys of tables overlap: where an entry stands does not say which table has it.
#[test]
fn an_entry_says_its_table_where_tables_overlap_and_only_there() {
    let lines = "put a 1\nput c 2\nput e 3\nput g 4\nput b 5\nput d 6\nput f 7\nput h 8";
    let entries = |lines: &str| -> Vec<(u64, String)> {
        let lanes = lanes(lines, &[("disable_auto_compactions", "true")], (1210.0, 502.0));
        let parts = lanes.into_iter().flat_map(|lane| lane.parts);
        let of_table = parts.filter_map(|part| match part.id {
            PartId::Entry(Holder::Table(id), ..) => Some((id, part.words)),
            _ => None,
        });
        of_table.collect()
    };
    let overlapping = entries(lines);
    assert_eq!(overlapping.len(), 8);
    for (table, words) in &overlapping {
        assert!(words.ends_with(&format!(", in {table:06}.sst")), "{words}");
    }
    let alone = entries(&lines[..lines.find("\nput b").unwrap()]);
    assert_eq!(alone.iter().filter(|(_, words)| words.contains(".sst")).count(), 0, "{alone:?}");
}

#[test]
fn a_table_says_that_a_bit_of_it_is_wrong_until_it_is_flipped_back() {
    let lines = "put a 1\nput b 1\nput c 1\nput d 1\nflip 000003.sst 10";
    let table = |lines: &str| {
        let lanes = lanes(lines, &[], (1210.0, 502.0));
        let mut parts = lanes.into_iter().flat_map(|lane| lane.parts);
        parts.find(|part| matches!(part.id, PartId::Tray(Holder::Table(3)))).unwrap().words
    };
    assert!(table(lines).contains("one of its bits is wrong on the disk"), "{}", table(lines));
    let back = format!("{lines}\nflip 000003.sst 10");
    assert!(!table(&back).contains("wrong"), "{}", table(&back));
}

#[test]
fn a_log_with_more_frames_than_fit_says_how_many_there_are() {
    let lines: String = (0..12).map(|n| format!("put key{n:02} 0123456789\n")).collect();
    let lanes = lanes(&lines, &[("write_buffer_entries", "50"), ("write_buffer_size", "8192")], (650.0, 288.0));
    let wal = lanes.iter().find(|lane| lane.id == LaneId::Wal).unwrap();
    let drawn = wal.parts.iter().filter(|part| matches!(part.id, PartId::Frame(..))).count();
    assert!((1..12).contains(&drawn));
    assert!(wal.facts.ends_with(&format!("here the last {drawn} of 12 frames")), "{}", wal.facts);
}

#[test]
fn entries_that_are_too_narrow_are_named_by_what_holds_them() {
    let options = [("write_buffer_entries", "200"), ("write_buffer_size", "65536")];
    let many: String = (0..60).map(|n| format!("put k{n:02} {n}\n")).collect();
    let lanes_of = |lines: &str| lanes(lines, &options, (390.0, 510.0));
    // Those of the memtable, beside a table of many keys, which make every entry narrow.
    let lanes = lanes_of(&format!("{many}flush\nput k07 x\nput k09 y"));
    assert!(
        facts(&lanes, LaneId::Memtable).ends_with("not drawn one by one: k07 = x ·61, k09 = y ·62"),
        "{}",
        facts(&lanes, LaneId::Memtable)
    );
    // Many are named by the first and the last.
    let memtable = lanes_of(&many);
    assert!(facts(&memtable, LaneId::Memtable).ends_with("not drawn one by one: keys k00 to k59"));
}
