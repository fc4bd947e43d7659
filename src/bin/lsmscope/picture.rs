//! `lsmscope picture SCRIPT`: the stage at one moment of a script, or a contact sheet of several.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error,
    error::excerpt_of_path,
    figure::{Figure, Picture, caption::Caption, shape::DrawnShape, svg},
    options::{Options, Problem},
    plural::counted,
    timeline::Timeline,
};

use super::{
    chart, outputs,
    stage::{StageArguments, moment},
};

/// Pictures side by side in a contact sheet.
const COLUMNS: usize = 3;

/// Which picture.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    stage: StageArguments,
    /// The moment after this many events, or after an event of this kind: `120`, `flush_ended`, or `flush_ended:2` for
    /// the second one; or after one of a job or an operation, by the name that a link of the page has:
    /// `compaction:2/version_installed`, `op:7/get_ended`, `flush:3` [default: after the last event]. `--list` numbers
    /// them and names their kinds.
    #[arg(long, value_name = "EVENT")]
    at: Option<String>,
    /// How far the event has come, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = super::stage::share)]
    progress: f64,
    /// Draw this many moments, evenly from `--from` to `--at`, as a contact sheet or a filmstrip.
    #[arg(long, value_name = "FRAMES", value_parser = clap::value_parser!(u16).range(2..=60))]
    sheet: Option<u16>,
    /// Where a contact sheet begins, in the same words [default: before the first event].
    #[arg(long, value_name = "EVENT", requires = "sheet")]
    from: Option<String>,
    /// Pictures of a contact sheet that stand side by side.
    #[arg(long, value_name = "COUNT", requires = "sheet", value_parser = clap::value_parser!(u16).range(1..=60))]
    columns: Option<u16>,
    /// Write this sentence below the picture, which stays as large as it is.
    #[arg(long, value_name = "TEXT", conflicts_with = "sheet")]
    caption: Option<String>,
    /// Write the picture to this file: `.svg` or `.png`; `-` is standard output, as SVG.
    #[arg(long, short, value_name = "FILE", required_unless_present = "list")]
    out: Option<PathBuf>,
    /// Pixels of a PNG for each unit of the picture.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = scale)]
    scale: f32,
    /// Print the events with their numbers instead.
    #[arg(long, conflicts_with = "out")]
    list: bool,
}

fn scale(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|n| (0.1..=8.0).contains(n)).ok_or_else(|| "expected a number from 0.1 to 8".into())
}

/// Draws it.
///
/// # Errors
/// The script cannot be read, or the picture cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let options = match checked(arguments) {
        Ok(options) => options,
        Err(problem) => return Ok(super::refuse(&problem, "picture")),
    };
    let (recorder, status) = arguments.stage.record(options)?;
    let mut timeline = recorder.timeline().borrow_mut();
    match (&arguments.out, arguments.list) {
        (Some(out), false) => Ok(draw(arguments, out, &mut timeline)?.unwrap_or(status)),
        _ => list(&timeline).map(|()| status),
    }
}

/// The options, if nothing is wrong with the command line.
fn checked(arguments: &Arguments) -> Result<Options, Problem> {
    if let Some(out) = &arguments.out {
        let kind = out.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
        if !outputs::is_stdout(Some(out)) && !matches!(kind.as_deref(), Some("svg" | "png")) {
            let (field, value) = ("--out".into(), excerpt_of_path(out));
            return Err(Problem { field, value, expected: "a file that ends with .svg or .png".into() });
        }
        outputs::check(&[("--out", Some(out))], None)?;
    }
    arguments.stage.options()
}

/// Prints each event with its number, as JSON.
fn list(timeline: &Timeline) -> Result<(), Error> {
    for (at, row) in timeline.events(timeline.start(), timeline.len()).enumerate() {
        let event = serde_json::to_string(row.event).unwrap_or_default();
        super::print(&format!("{} {event}", timeline.start() + at + 1))?;
    }
    Ok(())
}

/// Draws and writes the picture; an exit status where the command line does not fit the script.
fn draw(arguments: &Arguments, out: &Path, timeline: &mut Timeline) -> Result<Option<ExitCode>, Error> {
    let picture = arguments.stage.picture();
    let last = timeline.len();
    let found = moment(timeline, "--at", arguments.at.as_deref(), last)
        .and_then(|at| Ok((moment(timeline, "--from", arguments.from.as_deref(), timeline.start())?, at)));
    let (from, at) = match found {
        Ok(found) => found,
        Err(problem) => return Ok(Some(super::refuse(&problem, "picture"))),
    };
    let theme = arguments.stage.theme();
    let title = format!("An LSM-tree after {}", counted(at as u64, "event"));
    let svg = match arguments.sheet {
        None => {
            let caption = Caption::of("", arguments.caption.as_deref().unwrap_or_default(), picture.width);
            let figure = Picture { height: picture.height - caption.height(), ..picture };
            let mut shapes = Figure::at(timeline, at, &figure).shapes(arguments.progress);
            shapes.extend(caption.shapes(figure.height));
            svg::document(&shapes, &picture, &theme, &title)
        }
        Some(count) => {
            let frames = frames(timeline, (from, at), usize::from(count), &picture);
            let columns = arguments.columns.map_or(COLUMNS, usize::from);
            svg::sheet(&frames, &picture, &theme, &title, columns)
        }
    };
    let is_png = out.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("png"));
    let bytes = if is_png { chart::png::of(&svg, arguments.scale)? } else { svg.into_bytes() };
    outputs::write(out, &bytes)?;
    Ok(None)
}

/// Frames evenly over the events from one position to another.
fn frames(
    timeline: &mut Timeline,
    (from, to): (usize, usize),
    count: usize,
    picture: &Picture,
) -> Vec<Vec<DrawnShape>> {
    let frame = |nth: usize| -> Vec<DrawnShape> {
        let at = from as f64 + (to as f64 - from as f64) * nth as f64 / (count - 1) as f64;
        let position = at.ceil();
        Figure::at(timeline, position as usize, picture).shapes(1.0 - (position - at))
    };
    (0..count).map(frame).collect()
}
