use super::*;

#[test]
fn a_title_cannot_break_the_picture() {
    let picture = Picture { title: "<script>&", seconds: 0.0, lanes: Vec::new(), panels: Vec::new() };
    assert!(picture.svg().contains("&lt;script&gt;&amp;"));
}

#[test]
fn bars_that_touch_are_one() {
    let bars: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i) / 10.0, f64::from(i) / 10.0)).collect();
    assert_eq!(pixels(&bars, 1.0).len(), 1);
    assert_eq!(pixels(&[(1000.0, 2000.0)], 0.1), [(100, 200)]);
    assert_eq!(pixels(&[(1000.0, 1000.0)], 0.1), [(100, 102)]);
}

#[test]
fn marks_are_lines_until_there_are_too_many_to_tell_apart() {
    let (times, values) = ([1.0, 2.0], [1.0, 2.0]);
    let lines = |marks: Vec<f64>| {
        let panel = Panel {
            title: "t",
            times: &times,
            series: vec![line("s", READ, &values), line("another", SCAN, &values)],
            stacked: false,
            unit: number,
            marks: (STALL, marks),
        };
        let picture = Picture { title: "", seconds: 2.0, lanes: Vec::new(), panels: vec![panel] };
        picture.svg().matches("stroke=\"#A33B3B\"").count()
    };
    assert_eq!((lines(vec![1.0, 1.5]), lines(vec![1.0; MAX_LINES + 1])), (2, 0));
}

#[test]
fn a_line_has_no_point_where_its_value_is_not_defined() {
    let times = [1.0, 2.0, 3.0, 4.0, 5.0];
    let lines = |values: &[f64]| {
        let panel = Panel {
            title: "t",
            times: &times,
            series: vec![line("s", READ, values), line("another", SCAN, values)],
            stacked: false,
            unit: number,
            marks: (STALL, Vec::new()),
        };
        let svg = Picture { title: "", seconds: 5.0, lanes: Vec::new(), panels: vec![panel] }.svg();
        assert!(!svg.contains("NaN"));
        svg.matches("<polyline").count()
    };
    let without = lines(&[1.0, 2.0, 2.0, 2.0, 3.0]);
    // Both lines are in two parts.
    assert_eq!(lines(&[1.0, 2.0, f64::NAN, 2.0, 3.0]), without + 2);
}

#[test]
fn numbers_are_short() {
    assert_eq!([0.0, 999.0, 1500.0, 2e6].map(bytes), ["0 B", "999 B", "1.5 kB", "2 MB"]);
    assert_eq!([0.0, 5000.0, 12_500.0].map(number), ["0", "5000", "12.5 k"]);
}
