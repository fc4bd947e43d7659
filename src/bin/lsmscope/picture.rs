//! `lsmscope picture SCRIPT`: the stage at one moment of a script, or a contact sheet of several.

use std::{
    cell::RefMut,
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind, Options,
    error::{excerpt, excerpt_of_path},
    figure::{
        Figure, Known, Picture,
        key_scale::Window,
        shape::DrawnShape,
        svg,
        theme::{LIGHT, Theme},
    },
    options::Problem,
    plural::counted,
    session::Session,
    storage::{block_on, file::not_plain, memory::Memory},
    timeline::{Recorder, Timeline},
};

use super::{Settings, chart, outputs, streams::tell};

/// The longest script.
const MAX_SCRIPT: u64 = 16 << 20;
/// The smallest and the largest picture.
const SIDES: (u32, u32) = (240, 7680);
/// Pictures side by side in a contact sheet.
const COLUMNS: usize = 3;

/// Which picture.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A file with commands of the console, one a line; `-` is standard input.
    #[arg(value_name = "SCRIPT")]
    script: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// The moment after this many events, or after an event of this kind: `120`, `flush_ended`, or `flush_ended:2` for
    /// the second one; or after one of a job or an operation, by the name that a link of the page has:
    /// `compaction:2/version_installed`, `op:7/get_ended`, `flush:3` [default: after the last event]. `--list` numbers
    /// them and names their kinds.
    #[arg(long, value_name = "EVENT")]
    at: Option<String>,
    /// How far the event has come, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    progress: f64,
    /// Draw this many moments, evenly from `--from` to `--at`, as a contact sheet.
    #[arg(long, value_name = "FRAMES", value_parser = clap::value_parser!(u16).range(2..=60))]
    sheet: Option<u16>,
    /// Where a contact sheet begins, in the same words [default: before the first event].
    #[arg(long, value_name = "EVENT", requires = "sheet")]
    from: Option<String>,
    /// Width and height.
    #[arg(long, value_name = "WxH", default_value = "1280x720", value_parser = sides)]
    size: (u32, u32),
    /// Its colours.
    #[arg(long, value_name = "NAME", default_value = "light", value_parser = ["light", "dark"])]
    theme: String,
    /// Look at this part of the key axis: two shares of it, such as `0.25..0.5`.
    #[arg(long, value_name = "FROM..TO", default_value = "0..1", value_parser = window)]
    keys: Window,
    /// Show nothing of what is ahead: give only those keys and levels a place that were met up to each moment.
    #[arg(long)]
    past_only: bool,
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

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "expected a number from 0 to 1".into())
}

fn scale(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|n| (0.1..=8.0).contains(n)).ok_or_else(|| "expected a number from 0.1 to 8".into())
}

fn sides(text: &str) -> Result<(u32, u32), String> {
    let (least, most) = SIDES;
    let side = |text: &str| text.parse::<u32>().ok().filter(|side| (least..=most).contains(side));
    let sides = text.split_once('x').and_then(|(width, height)| side(width).zip(side(height)));
    sides.ok_or_else(|| format!("expected width and height, each from {least} to {most}, such as 1280x720"))
}

fn window(text: &str) -> Result<Window, String> {
    let ends = text.split_once("..").and_then(|(from, to)| share(from).ok().zip(share(to).ok()));
    let window = ends.map(|(from, to)| Window { from, to }).filter(|window| window.to - window.from >= 1e-6);
    window.ok_or_else(|| "expected two shares of the key axis, such as 0.25..0.5".into())
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
    let script = read(&arguments.script)?;
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut status = ExitCode::SUCCESS;
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone()))?;
    for (at, line) in script.lines().enumerate() {
        let outcome = block_on(session.run(line));
        // The picture shows what the line did before it failed, as a power cut that a script asks for.
        if let Some(error) = outcome.error {
            tell(format_args!("{}, line {}: {}", excerpt_of_path(&arguments.script), at + 1, error.message));
            status = ExitCode::FAILURE;
        }
        if outcome.exit {
            break;
        }
    }
    let timeline = recorder.timeline().borrow_mut();
    if arguments.list {
        list(&timeline)?;
        return Ok(status);
    }
    Ok(draw(arguments, timeline)?.unwrap_or(status))
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
    arguments.settings.options()
}

fn read(path: &Path) -> Result<String, Error> {
    let failed = |what: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Io, format!("cannot read {}: {what}", excerpt_of_path(path)))
    };
    let mut text = String::new();
    let read = match outputs::is_stdout(Some(path)) {
        true => stdin().take(MAX_SCRIPT + 1).read_to_string(&mut text),
        false => {
            if let Some(what) = fs::metadata(path).ok().and_then(|metadata| not_plain(metadata.file_type())) {
                return Err(failed(&what));
            }
            fs::File::open(path).and_then(|file| file.take(MAX_SCRIPT + 1).read_to_string(&mut text))
        }
    };
    match read {
        Ok(bytes) if bytes as u64 > MAX_SCRIPT => Err(failed(&"it is longer than 16 MB")),
        Ok(_) => Ok(text),
        Err(error) => Err(failed(&error)),
    }
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
fn draw(arguments: &Arguments, mut timeline: RefMut<'_, Timeline>) -> Result<Option<ExitCode>, Error> {
    let Some(out) = &arguments.out else { return Ok(None) };
    let (width, height) = arguments.size;
    let picture = Picture {
        width: f64::from(width),
        height: f64::from(height),
        window: arguments.keys,
        levels: 0,
        tree_only: false,
        known: if arguments.past_only { Known::Past } else { Known::Whole },
    };
    let last = timeline.len();
    let found = moment(&timeline, "--at", arguments.at.as_deref(), last)
        .and_then(|at| Ok((moment(&timeline, "--from", arguments.from.as_deref(), timeline.start())?, at)));
    let (from, at) = match found {
        Ok(found) => found,
        Err(problem) => return Ok(Some(super::refuse(&problem, "picture"))),
    };
    let theme = Theme::parse(&arguments.theme).unwrap_or(LIGHT);
    let title = format!("An LSM-tree after {}", counted(at as u64, "event"));
    let svg = match arguments.sheet {
        None => {
            let shapes = Figure::at(&mut timeline, at, &picture).shapes(arguments.progress);
            svg::document(&shapes, &picture, &theme, &title)
        }
        Some(count) => sheet(&mut timeline, (from, at), usize::from(count), &picture, &theme, &title),
    };
    let is_png = out.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("png"));
    let bytes = if is_png { chart::png::of(&svg, arguments.scale)? } else { svg.into_bytes() };
    outputs::write(out, &bytes)?;
    Ok(None)
}

/// The position that the value of a flag means.
fn moment(timeline: &Timeline, flag: &str, value: Option<&str>, otherwise: usize) -> Result<usize, Problem> {
    let Some(value) = value else { return Ok(otherwise) };
    timeline.find_moment(value).map_err(|unfound| Problem {
        field: flag.into(),
        value: excerpt(value),
        expected: unfound.expected,
    })
}

/// Frames evenly over the events from one position to another.
fn sheet(
    timeline: &mut Timeline,
    (from, to): (usize, usize),
    count: usize,
    picture: &Picture,
    theme: &Theme,
    title: &str,
) -> String {
    let frame = |nth: usize| -> Vec<DrawnShape> {
        let at = from as f64 + (to as f64 - from as f64) * nth as f64 / (count - 1) as f64;
        let position = at.ceil();
        Figure::at(timeline, position as usize, picture).shapes(1.0 - (position - at))
    };
    let frames: Vec<Vec<DrawnShape>> = (0..count).map(frame).collect();
    svg::sheet(&frames, picture, theme, title, COLUMNS)
}
