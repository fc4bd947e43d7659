use lsmscope::drive::{Ops, Sample};

use super::*;

fn run() -> Run {
    let mark = |kind, from_ms: f64, to_ms: f64| Mark {
        kind,
        from_ms,
        to_ms,
        level: None,
        output_level: None,
        bytes: 1,
        reason: None,
    };
    let sample = |i: u64| Sample {
        ts_ms: i * 500,
        ops: Ops { put: 100, get: if i == 3 { 50 } else { 0 }, ..Ops::default() },
        memtable_bytes: i * 1000 % 4000,
        level_tables: vec![i % 4, i, 0],
        level_bytes: vec![i % 4 * 100, i * 100, 0],
        ..Sample::default()
    };
    Run {
        millis: 5000.0,
        complete: true,
        samples: (1..=10).map(sample).collect(),
        marks: vec![mark(MarkKind::Flush, 1000.0, 1000.0), mark(MarkKind::Compaction, 1000.0, 2000.0)],
        ..Run::default()
    }
}

#[test]
fn a_picture_has_every_chart_and_names_what_it_shows() {
    let svg = svg(&run(), 3, "200 puts a second, 5 s");
    for text in [
        "200 puts a second, 5 s",
        "Throughput",
        "Memtable bytes",
        "Tables per level",
        "Bytes per level",
        "puts",
        "gets",
        "L0",
        "L1",
        "flushes",
        "compactions",
        "stalls",
        "5 s",
    ] {
        assert!(svg.contains(&format!("\n{text}\n")), "{text}");
    }
    // What never was is not in a legend.
    assert!(!svg.contains("\nL2\n") && !svg.contains("\ndeletes\n"));
    assert_eq!(svg, self::svg(&run(), 3, "200 puts a second, 5 s"));
}

#[test]
fn a_run_of_nothing_can_be_drawn() {
    assert!(svg(&Run::default(), 3, "nothing").ends_with("</svg>\n"));
}

#[test]
fn a_title_cannot_break_the_picture() {
    assert!(svg(&run(), 3, "<script>&").contains("&lt;script&gt;&amp;"));
}

#[test]
fn bars_that_touch_are_one() {
    let marks: Vec<Mark> = (0..10_000)
        .map(|i| Mark { from_ms: f64::from(i) / 10.0, to_ms: f64::from(i) / 10.0, ..run().marks[0].clone() })
        .collect();
    assert_eq!(bars(&marks, &[MarkKind::Flush], 1.0).len(), 1);
    assert_eq!(bars(&run().marks, &[MarkKind::Compaction], 0.1), [(100, 200)]);
    assert_eq!(bars(&run().marks, &[MarkKind::Flush], 0.1), [(100, 102)]);
}

#[test]
fn numbers_are_short() {
    assert_eq!([0.0, 999.0, 1500.0, 2e6].map(bytes), ["0 B", "999 B", "1.5 kB", "2 MB"]);
    assert_eq!([0.0, 5000.0, 12_500.0].map(number), ["0", "5000", "12.5 k"]);
}
