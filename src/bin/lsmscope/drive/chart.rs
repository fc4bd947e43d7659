//! The charts of a run as one SVG: jobs as lanes, throughput, memtable bytes, tables and bytes per level, on one time axis.
//!
//! Marks of flushes, compactions and stalls go through the charts as faint lines, while there are few enough to tell apart; in
//! the lanes they are always. Colours are those of the page's light theme; [`DARK`] says what each becomes in the dark, so that
//! a page can turn them by a style sheet.

use lsmscope::drive::{Mark, MarkKind, Run};
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

mod points;

use points::{Points, points};

/// The picture's size.
pub const SIZE: (u32, u32) = (1200, 1130);

/// Where the time axis begins and ends, from the left.
pub const PLOT: (u32, u32) = (96, 1172);

const HEAD: u32 = 44;
const LANES: u32 = 96;
const LABELS: u32 = 24;

const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
const INK: RGBColor = RGBColor(0x1d, 0x24, 0x33);
const INK_2: RGBColor = RGBColor(0x53, 0x5d, 0x70);
const LINE: RGBColor = RGBColor(0xe3, 0xe0, 0xd8);
const FLUSH: RGBColor = RGBColor(0x0f, 0x76, 0x6e);
const COMPACTION: RGBColor = RGBColor(0x7c, 0x3a, 0xed);
const STALL: RGBColor = RGBColor(0xa3, 0x3b, 0x3b);
const READ: RGBColor = RGBColor(0x25, 0x63, 0xeb);
const DELETE: RGBColor = RGBColor(0xbe, 0x18, 0x5d);
const SCAN: RGBColor = RGBColor(0x96, 0x60, 0x0c);

/// A level's colour; deeper ones begin again.
const LEVELS: [RGBColor; 7] = [
    RGBColor(0x25, 0x63, 0xeb),
    RGBColor(0x0e, 0x91, 0x9e),
    RGBColor(0x7c, 0x3a, 0xed),
    RGBColor(0xc0, 0x26, 0xd3),
    RGBColor(0xe1, 0x1d, 0x6b),
    RGBColor(0xea, 0x6a, 0x12),
    RGBColor(0xa1, 0x7c, 0x07),
];

/// What each colour becomes on dark paper.
pub const DARK: &[(RGBColor, RGBColor)] = &[
    (PAPER, RGBColor(0x19, 0x1d, 0x26)),
    (INK, RGBColor(0xe8, 0xea, 0xf0)),
    (INK_2, RGBColor(0xa9, 0xb1, 0xc2)),
    (LINE, RGBColor(0x2f, 0x36, 0x44)),
    (FLUSH, RGBColor(0x5f, 0xd0, 0xc0)),
    (STALL, RGBColor(0xf0, 0x8a, 0x8a)),
    (DELETE, RGBColor(0xf5, 0x9a, 0xc2)),
    (SCAN, RGBColor(0xe3, 0xb5, 0x65)),
    (LEVELS[0], RGBColor(0x7a, 0xa7, 0xff)),
    (LEVELS[1], RGBColor(0x4f, 0xc9, 0xd6)),
    (LEVELS[2], RGBColor(0xb0, 0x8a, 0xff)),
    (LEVELS[3], RGBColor(0xe5, 0x9b, 0xf0)),
    (LEVELS[4], RGBColor(0xf5, 0x6b, 0xa0)),
    (LEVELS[5], RGBColor(0xff, 0xa0, 0x5c)),
    (LEVELS[6], RGBColor(0xd9, 0xb8, 0x4a)),
];

/// Past so many of a kind, lines through a chart would only grey it.
const MOST_LINES: usize = 120;

/// Past so many points, a line is a thin one, so that its teeth stay apart.
const THICK: usize = 400;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A line or an area of a chart.
struct Series<'a> {
    name: String,
    colour: RGBColor,
    values: &'a [f64],
    /// When each value was; where not said, at the charts' points.
    times: Option<&'a [f64]>,
}

/// What a chart shows.
struct Panel<'a> {
    title: &'a str,
    series: Vec<Series<'a>>,
    /// One on top of the other.
    stacked: bool,
    /// How its numbers are written.
    unit: fn(f64) -> String,
    marks: &'a [MarkKind],
}

/// The charts of `run`, of a database with `levels` levels, headed with `title`.
pub fn svg(run: &Run, levels: usize, title: &str) -> String {
    let mut out = String::new();
    {
        let root = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        // Drawing into a string cannot fail, and every range has an extent.
        draw(&root, run, levels, title).expect("an SVG in memory takes everything");
        root.present().expect("an SVG in memory takes everything");
    }
    out
}

type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn draw(root: &Area, run: &Run, levels: usize, title: &str) -> Drawn {
    root.fill(&PAPER)?;
    let points = points(run, levels);
    let end = (run.millis / 1e3).max(1e-3);
    root.draw(&text(title.to_string(), (PLOT.0 as i32, 14), 18, &INK))?;
    let (_, rest) = root.split_vertically(HEAD);
    let (lanes, rest) = rest.split_vertically(LANES);
    draw_lanes(&lanes, &run.marks, end)?;
    for (area, panel) in rest.split_evenly((4, 1)).iter().zip(panels(&points)) {
        draw_panel(area, &panel, &points.seconds, &run.marks, end)?;
    }
    Ok(())
}

fn panels(points: &Points) -> [Panel<'_>; 4] {
    let line = |name: &str, colour, values| Series { name: name.to_string(), colour, values, times: None };
    let rates = [
        line("puts", FLUSH, &points.puts),
        line("gets", READ, &points.gets),
        line("scans", SCAN, &points.scans),
        line("deletes", DELETE, &points.deletes),
    ];
    let is_used = |series: &Series| series.values.iter().any(|v| *v > 0.0);
    [
        Panel {
            title: "Throughput",
            series: rates.into_iter().filter(is_used).collect(),
            stacked: false,
            unit: per_second,
            marks: &[MarkKind::Stall],
        },
        Panel {
            title: "Memtable bytes",
            series: vec![Series {
                times: Some(&points.memtable_seconds),
                ..line("all memtables", FLUSH, &points.memtable)
            }],
            stacked: false,
            unit: bytes,
            marks: &[MarkKind::Flush],
        },
        Panel {
            title: "Tables per level",
            series: level_series(&points.tables),
            stacked: true,
            unit: number,
            marks: &[MarkKind::Compaction],
        },
        Panel {
            title: "Bytes per level",
            series: level_series(&points.bytes),
            stacked: true,
            unit: bytes,
            marks: &[MarkKind::Compaction],
        },
    ]
}

/// The levels that ever hold something.
fn level_series(columns: &[Vec<f64>]) -> Vec<Series<'_>> {
    let is_used = |values: &[f64]| values.iter().any(|v| *v > 0.0);
    let used = columns.iter().enumerate().filter(|(_, values)| is_used(values));
    used.map(|(level, values)| Series {
        name: format!("L{level}"),
        colour: LEVELS[level % LEVELS.len()],
        values,
        times: None,
    })
    .collect()
}

fn text(what: String, at: (i32, i32), size: i32, colour: &RGBColor) -> Text<'_, (i32, i32), String> {
    let style = TextStyle::from(("sans-serif", size).into_font()).color(colour);
    Text::new(what, at, style)
}

/// A row for each kind of job, with a bar from its beginning to its end.
fn draw_lanes(area: &Area, marks: &[Mark], end: f64) -> Drawn {
    let rows: [(&str, RGBColor, &[MarkKind]); 3] = [
        ("flushes", FLUSH, &[MarkKind::Flush]),
        ("compactions", COMPACTION, &[MarkKind::Compaction, MarkKind::Move]),
        ("stalls", STALL, &[MarkKind::Stall, MarkKind::Slowdown]),
    ];
    let width = f64::from(PLOT.1 - PLOT.0);
    for (row, (name, colour, kinds)) in rows.into_iter().enumerate() {
        let top = 4 + 28 * row as i32;
        let style =
            TextStyle::from(("sans-serif", 13).into_font()).color(&INK_2).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(name, (PLOT.0 as i32 - 10, top + 9), style))?;
        area.draw(&PathElement::new([(PLOT.0 as i32, top + 19), (PLOT.1 as i32, top + 19)], LINE))?;
        for (from, to) in bars(marks, kinds, width / (end * 1e3)) {
            let (left, right) = (PLOT.0 as i32 + from, PLOT.0 as i32 + to);
            area.draw(&Rectangle::new([(left, top), (right, top + 18)], colour.mix(0.85).filled()))?;
        }
    }
    Ok(())
}

/// The bars of a lane, in pixels: what would touch is one, so that a long run is no long list of them.
fn bars(marks: &[Mark], kinds: &[MarkKind], scale: f64) -> Vec<(i32, i32)> {
    let pixels = |mark: &Mark| {
        let (from, to) = ((mark.from_ms * scale) as i32, (mark.to_ms * scale) as i32);
        (from, to.max(from + 2))
    };
    let mut all: Vec<_> = marks.iter().filter(|m| kinds.contains(&m.kind)).map(pixels).collect();
    all.sort_unstable();
    let mut bars: Vec<(i32, i32)> = Vec::new();
    for (from, to) in all {
        match bars.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => bars.push((from, to)),
        }
    }
    bars
}

fn draw_panel(area: &Area, panel: &Panel, seconds: &[f64], marks: &[Mark], end: f64) -> Drawn {
    draw_legend(area, panel)?;
    let (_, body) = area.split_vertically(26);
    let mut chart = ChartBuilder::on(&body)
        .margin_top(6)
        .margin_right((SIZE.0 - PLOT.1) as i32)
        .set_label_area_size(LabelAreaPosition::Left, PLOT.0)
        .set_label_area_size(LabelAreaPosition::Bottom, LABELS)
        .build_cartesian_2d(0.0..end, 0.0..highest(panel) * 1.06)?;
    let labels = TextStyle::from(("sans-serif", 13).into_font()).color(&INK_2);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(LINE)
        .axis_style(LINE)
        .x_labels(13)
        .y_labels(5)
        .x_label_formatter(&|t| format!("{} s", (t * 1e3).round() / 1e3))
        .y_label_formatter(&|v| (panel.unit)(*v))
        .label_style(labels)
        .draw()?;
    draw_marks(&mut chart, panel, marks)?;
    match panel.stacked {
        true => draw_stack(&mut chart, panel, seconds),
        false => draw_lines(&mut chart, panel, seconds),
    }
}

fn highest(panel: &Panel) -> f64 {
    let count = panel.series.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let at = |i: usize| panel.series.iter().filter_map(move |s| s.values.get(i));
    let top = |i: usize| match panel.stacked {
        true => at(i).sum::<f64>(),
        false => at(i).copied().fold(0.0, f64::max),
    };
    (0..count).map(top).fold(0.0, f64::max).max(1.0)
}

/// The title, and a square and a name for each series.
fn draw_legend(area: &Area, panel: &Panel) -> Drawn {
    let style = TextStyle::from(("sans-serif", 15, FontStyle::Bold).into_font()).color(&INK);
    area.draw(&Text::new(panel.title.to_string(), (PLOT.0 as i32, 8), style))?;
    let mut x = PLOT.0 as i32 + 190;
    for series in &panel.series {
        area.draw(&Rectangle::new([(x, 10), (x + 11, 21)], series.colour.filled()))?;
        area.draw(&text(series.name.clone(), (x + 17, 9), 13, &INK_2))?;
        x += 40 + 8 * series.name.len() as i32;
    }
    Ok(())
}

fn draw_marks(chart: &mut Chart, panel: &Panel, marks: &[Mark]) -> Drawn {
    let (top, marks) = (highest(panel) * 1.06, marks.iter().filter(|m| panel.marks.contains(&m.kind)));
    if marks.clone().count() > MOST_LINES {
        return Ok(());
    }
    let colour = match panel.marks {
        [MarkKind::Flush, ..] => FLUSH,
        [MarkKind::Stall, ..] => STALL,
        _ => COMPACTION,
    };
    let line = |mark: &Mark| {
        let t = mark.to_ms / 1e3;
        PathElement::new(vec![(t, 0.0), (t, top)], colour.mix(0.25))
    };
    chart.draw_series(marks.map(line))?;
    Ok(())
}

fn draw_lines(chart: &mut Chart, panel: &Panel, seconds: &[f64]) -> Drawn {
    for series in &panel.series {
        let times = series.times.unwrap_or(seconds);
        let points = || times.iter().copied().zip(series.values.iter().copied());
        if panel.series.len() == 1 {
            chart.draw_series(AreaSeries::new(points(), 0.0, series.colour.mix(0.15)))?;
        }
        let width = if series.values.len() > THICK { 1 } else { 2 };
        chart.draw_series(LineSeries::new(points(), series.colour.stroke_width(width)))?;
    }
    Ok(())
}

fn draw_stack(chart: &mut Chart, panel: &Panel, seconds: &[f64]) -> Drawn {
    let mut below = vec![0.0; seconds.len()];
    for series in &panel.series {
        let above: Vec<f64> = below.iter().zip(series.values).map(|(b, v)| b + v).collect();
        let upper: Vec<(f64, f64)> = seconds.iter().copied().zip(above.iter().copied()).collect();
        let lower = seconds.iter().copied().zip(below.iter().copied()).rev();
        let outline: Vec<(f64, f64)> = upper.iter().copied().chain(lower).collect();
        chart.draw_series([Polygon::new(outline, series.colour.mix(0.4))])?;
        chart.draw_series(LineSeries::new(upper, series.colour.stroke_width(1)))?;
        below = above;
    }
    Ok(())
}

fn per_second(v: f64) -> String {
    format!("{}/s", number(v))
}

/// A number as an axis has it: `2.5 k`.
fn number(v: f64) -> String {
    scaled(v, &[(1e9, " G"), (1e6, " M"), (1e4, " k")])
}

/// Bytes as an axis has them, in powers of ten: `1.5 MB`.
fn bytes(v: f64) -> String {
    scaled(v, &[(1e12, " TB"), (1e9, " GB"), (1e6, " MB"), (1e3, " kB"), (0.0, " B")])
}

fn scaled(v: f64, units: &[(f64, &str)]) -> String {
    let (scale, unit) = units.iter().find(|(least, _)| v >= *least).copied().unwrap_or((1.0, ""));
    // Ten thousand is the first number that is written in thousands.
    let scale = if unit == " k" { 1e3 } else { scale.max(1.0) };
    format!("{}{unit}", (v / scale * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests;
