//! Charts as one SVG: jobs as lanes, then panels, all on one time axis.
//!
//! In: a [`Picture`], which knows no engine: `drive` makes one of a run, and `sim` of a simulation. Out: SVG text.
//! Lines that go through a panel are faint, and left out where there are too many to tell apart; in the lanes, jobs are
//! always. Colours are those of the page's light theme; [`DARK`] says what each becomes in the dark, so that a page can
//! turn them by a style sheet.

use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

pub mod png;

/// The picture's width.
const WIDTH: u32 = 1200;

/// Where the time axis begins and ends, from the left.
pub const PLOT: (u32, u32) = (96, 1172);

const HEAD: u32 = 44;
const LANES: u32 = 96;
const PANEL: u32 = 248;
const LABELS: u32 = 24;

const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
const INK: RGBColor = RGBColor(0x1d, 0x24, 0x33);
const INK_2: RGBColor = RGBColor(0x53, 0x5d, 0x70);
const LINE: RGBColor = RGBColor(0xe3, 0xe0, 0xd8);
/// A colour of the page.
pub const FLUSH: RGBColor = RGBColor(0x0f, 0x76, 0x6e);
/// A colour of the page.
pub const COMPACTION: RGBColor = RGBColor(0x7c, 0x3a, 0xed);
/// A colour of the page.
pub const STALL: RGBColor = RGBColor(0xa3, 0x3b, 0x3b);
/// A colour of the page.
pub const READ: RGBColor = RGBColor(0x25, 0x63, 0xeb);
/// A colour of the page.
pub const DELETE: RGBColor = RGBColor(0xbe, 0x18, 0x5d);
/// A colour of the page.
pub const SCAN: RGBColor = RGBColor(0x96, 0x60, 0x0c);

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

/// The most lines of a kind through a chart: more would only grey it.
const MAX_LINES: usize = 120;

/// With more points than this, a line is drawn thin, so that its teeth stay apart.
const THICK: usize = 400;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A line or an area of a chart.
pub struct Series<'a> {
    /// What the legend calls it.
    pub name: String,
    /// Its colour.
    pub colour: RGBColor,
    /// Its values.
    pub values: &'a [f64],
    /// When each value was, in seconds; where not said, at the panel's times.
    pub times: Option<&'a [f64]>,
}

/// One chart.
pub struct Panel<'a> {
    /// What stands above it.
    pub title: &'a str,
    /// When the values were, in seconds.
    pub times: &'a [f64],
    /// What it shows.
    pub series: Vec<Series<'a>>,
    /// One on top of the other.
    pub stacked: bool,
    /// How its numbers are written.
    pub unit: fn(f64) -> String,
    /// Moments that are marked in it, in seconds, and their colour.
    pub marks: (RGBColor, Vec<f64>),
}

/// A row of bars, one for each job.
pub struct Lane {
    /// What stands before it.
    pub name: &'static str,
    /// Its colour.
    pub colour: RGBColor,
    /// From when to when each lasted, in seconds.
    pub bars: Vec<(f64, f64)>,
}

/// Everything on one time axis.
pub struct Picture<'a> {
    /// What it is headed with.
    pub title: &'a str,
    /// Where the axis ends.
    pub seconds: f64,
    /// Three at most.
    pub lanes: Vec<Lane>,
    /// From top to bottom.
    pub panels: Vec<Panel<'a>>,
}

impl Picture<'_> {
    /// Its width and height.
    pub fn size(&self) -> (u32, u32) {
        (WIDTH, HEAD + LANES + PANEL * self.panels.len() as u32)
    }

    /// As SVG.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        {
            let root = SVGBackend::with_string(&mut out, self.size()).into_drawing_area();
            // Drawing into a string cannot fail, and every range has an extent.
            self.draw(&root).expect("an SVG in memory takes everything");
            root.present().expect("an SVG in memory takes everything");
        }
        out
    }

    fn draw(&self, root: &Area) -> Drawn {
        root.fill(&PAPER)?;
        let end = self.seconds.max(1e-3);
        root.draw(&text(self.title.to_string(), (PLOT.0 as i32, 14), 18, &INK))?;
        let (_, rest) = root.split_vertically(HEAD);
        let (lanes, rest) = rest.split_vertically(LANES);
        draw_lanes(&lanes, &self.lanes, end)?;
        for (area, panel) in rest.split_evenly((self.panels.len().max(1), 1)).iter().zip(&self.panels) {
            draw_panel(area, panel, end)?;
        }
        Ok(())
    }
}

type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A line.
pub fn line<'a>(name: &str, colour: RGBColor, values: &'a [f64]) -> Series<'a> {
    Series { name: name.to_string(), colour, values, times: None }
}

/// The levels that ever hold something, of columns from level 0 down.
pub fn levels(columns: &[Vec<f64>]) -> Vec<Series<'_>> {
    let used = columns.iter().enumerate().filter(|(_, values)| values.iter().any(|v| *v > 0.0));
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

fn draw_lanes(area: &Area, lanes: &[Lane], end: f64) -> Drawn {
    let width = f64::from(PLOT.1 - PLOT.0);
    for (row, lane) in lanes.iter().enumerate() {
        let top = 4 + 28 * row as i32;
        let style =
            TextStyle::from(("sans-serif", 13).into_font()).color(&INK_2).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(lane.name, (PLOT.0 as i32 - 10, top + 9), style))?;
        area.draw(&PathElement::new([(PLOT.0 as i32, top + 19), (PLOT.1 as i32, top + 19)], LINE))?;
        for (from, to) in pixels(&lane.bars, width / end) {
            let (left, right) = (PLOT.0 as i32 + from, PLOT.0 as i32 + to);
            area.draw(&Rectangle::new([(left, top), (right, top + 18)], lane.colour.mix(0.85).filled()))?;
        }
    }
    Ok(())
}

/// The bars of a lane, in pixels: what would touch is one, so that a long run is no long list of them.
fn pixels(bars: &[(f64, f64)], scale: f64) -> Vec<(i32, i32)> {
    let scaled = |(from, to): &(f64, f64)| {
        let (from, to) = ((from * scale) as i32, (to * scale) as i32);
        (from, to.max(from + 2))
    };
    let mut all: Vec<_> = bars.iter().map(scaled).collect();
    all.sort_unstable();
    let mut merged: Vec<(i32, i32)> = Vec::new();
    for (from, to) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

fn draw_panel(area: &Area, panel: &Panel, end: f64) -> Drawn {
    draw_legend(area, panel)?;
    let (_, body) = area.split_vertically(26);
    let mut chart = ChartBuilder::on(&body)
        .margin_top(6)
        .margin_right((WIDTH - PLOT.1) as i32)
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
    draw_marks(&mut chart, panel)?;
    match panel.stacked {
        true => draw_stack(&mut chart, panel),
        false => draw_lines(&mut chart, panel),
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

fn draw_marks(chart: &mut Chart, panel: &Panel) -> Drawn {
    let (colour, marks) = &panel.marks;
    if marks.len() > MAX_LINES {
        return Ok(());
    }
    let top = highest(panel) * 1.06;
    chart.draw_series(marks.iter().map(|at| PathElement::new(vec![(*at, 0.0), (*at, top)], colour.mix(0.25))))?;
    Ok(())
}

fn draw_lines(chart: &mut Chart, panel: &Panel) -> Drawn {
    for series in &panel.series {
        let times = series.times.unwrap_or(panel.times);
        let width = if series.values.len() > THICK { 1 } else { 2 };
        let points: Vec<(f64, f64)> = times.iter().copied().zip(series.values.iter().copied()).collect();
        // What is not defined is no point: the line ends before it and begins again after it.
        for points in points.split(|(_, value)| value.is_nan()).filter(|points| !points.is_empty()) {
            let points = || points.iter().copied();
            if panel.series.len() == 1 {
                chart.draw_series(AreaSeries::new(points(), 0.0, series.colour.mix(0.15)))?;
            }
            chart.draw_series(LineSeries::new(points(), series.colour.stroke_width(width)))?;
        }
    }
    Ok(())
}

fn draw_stack(chart: &mut Chart, panel: &Panel) -> Drawn {
    let seconds = panel.times;
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

/// A rate per second, as an axis label.
pub fn per_second(v: f64) -> String {
    format!("{}/s", number(v))
}

/// A number as an axis has it: `2.5 k`.
pub fn number(v: f64) -> String {
    scaled(v, &[(1e9, " G"), (1e6, " M"), (1e4, " k")])
}

/// Bytes as an axis has them, in powers of ten: `1.5 MB`.
pub fn bytes(v: f64) -> String {
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
