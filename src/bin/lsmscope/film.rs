//! `lsmscope film SCRIPT`: a range of a script's events as a GIF, or as a directory of pictures with their times.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind, Options,
    error::excerpt_of_path,
    figure::{
        Figure, Picture,
        film::{self, FilmFrame, FilmRange, MAX_FRAMES},
        svg,
        theme::Theme,
    },
    options::Problem,
    plural::counted,
    timeline::Timeline,
};
use resvg::tiny_skia::Pixmap;

use super::{
    chart::png::Rasterizer,
    outputs,
    progress::ProgressLine,
    stage::{StageArguments, moment},
    streams::tell,
};

mod animation;

use animation::{Animation, Colours};

/// Letters of the sentence of an event, which is told on the page only: as many as a usual one has.
const LETTERS: usize = 70;
/// Frames that the colours of a GIF are chosen from.
const SAMPLES: usize = 12;

/// Which film.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    stage: StageArguments,
    /// Where it begins: after this many events, or after an event of this kind, as for `picture` [default: before the
    /// first event].
    #[arg(long, value_name = "EVENT")]
    from: Option<String>,
    /// Where it ends, in the same words [default: after the last event].
    #[arg(long, value_name = "EVENT")]
    to: Option<String>,
    /// Frames in a second.
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=60))]
    fps: u16,
    /// How many times as fast as the page plays it.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Of which kind the pictures of a directory are.
    #[arg(long, value_name = "KIND", default_value = "png", value_parser = ["png", "svg"])]
    frames: String,
    /// Write a `.gif`, or pictures into this directory, which is made: `0001.png`, `0002.png`, …
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|n| (0.1..=100.0).contains(n)).ok_or_else(|| "expected a number from 0.1 to 100".into())
}

/// Draws it.
///
/// # Errors
/// The script cannot be read, or the film cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let options = match checked(arguments) {
        Ok(options) => options,
        Err(problem) => return Ok(super::refuse(&problem, "film")),
    };
    let (recorder, status) = arguments.stage.record(options)?;
    let mut timeline = recorder.timeline().borrow_mut();
    let frames = match frames(arguments, &timeline) {
        Ok(frames) => frames,
        Err(problem) => return Ok(super::refuse(&problem, "film")),
    };
    let mut film = Film {
        timeline: &mut timeline,
        frames: &frames,
        picture: arguments.stage.picture(),
        theme: arguments.stage.theme(),
        rasterizer: Rasterizer::new(),
        progress: ProgressLine::new(),
    };
    match is_gif(&arguments.out) {
        true => outputs::write(&arguments.out, &film.animation()?)?,
        false => film.pictures(&arguments.out, &arguments.frames)?,
    }
    let seconds: f64 = frames.iter().map(|frame| frame.seconds).sum();
    tell(format_args!(
        "{}, {seconds:.1} s: {}",
        counted(frames.len() as u64, "frame"),
        excerpt_of_path(&arguments.out)
    ));
    Ok(status)
}

fn is_gif(out: &Path) -> bool {
    out.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("gif"))
}

/// The options, if nothing is wrong with the command line.
fn checked(arguments: &Arguments) -> Result<Options, Problem> {
    let out = &arguments.out;
    if is_gif(out) {
        outputs::check(&[("--out", Some(out))], None)?;
    } else if out.extension().is_some() && !out.is_dir() {
        let (field, value) = ("--out".into(), excerpt_of_path(out));
        return Err(Problem { field, value, expected: "a file that ends with .gif, or a directory".into() });
    }
    arguments.stage.options()
}

/// The frames that are wanted.
fn frames(arguments: &Arguments, timeline: &Timeline) -> Result<Vec<FilmFrame>, Problem> {
    let from = moment(timeline, "--from", arguments.from.as_deref(), timeline.start())?;
    let to = moment(timeline, "--to", arguments.to.as_deref(), timeline.len())?;
    let problem = |field: &str, value: Option<&String>, expected: String| Problem {
        field: field.into(),
        value: value.cloned().unwrap_or_default(),
        expected,
    };
    if to <= from {
        let expected = format!("an event after number {from}, where the film begins");
        return Err(problem("--to", arguments.to.as_ref(), expected));
    }
    let range = FilmRange { from, to, speed: arguments.speed, rate: f64::from(arguments.fps) };
    let too_many = || {
        let expected = format!("a shorter range, or a higher --speed: a film has at most {MAX_FRAMES} frames");
        problem("--from", arguments.from.as_ref(), expected)
    };
    film::frames(timeline, range, |_| LETTERS).ok_or_else(too_many)
}

struct Film<'a> {
    timeline: &'a mut Timeline,
    frames: &'a [FilmFrame],
    picture: Picture,
    theme: Theme,
    rasterizer: Rasterizer,
    progress: ProgressLine,
}

impl Film<'_> {
    fn svg(&mut self, frame: FilmFrame) -> String {
        let shapes = Figure::at(self.timeline, frame.position, &self.picture).shapes(frame.progress);
        let title = format!("An LSM-tree after {}", counted(frame.position as u64, "event"));
        svg::document(&shapes, &self.picture, &self.theme, &title)
    }

    fn pixels(&mut self, frame: FilmFrame) -> Result<Pixmap, Error> {
        let svg = self.svg(frame);
        self.rasterizer.pixels(&svg, 1.0)
    }

    /// The bytes of a GIF.
    fn animation(&mut self) -> Result<Vec<u8>, Error> {
        let frames = self.frames;
        let step = frames.len().div_ceil(SAMPLES).max(1);
        // From the end: the last picture has the most on it.
        let samples = frames.iter().rev().step_by(step).map(|frame| self.pixels(*frame));
        let samples = samples.collect::<Result<Vec<_>, _>>()?;
        let colours = Colours::of(&self.theme, &samples);
        let (width, height) = samples.first().map_or((1, 1), |sample| (sample.width(), sample.height()));
        drop(samples);
        let mut animation = Animation::new(colours, width, height)?;
        for (at, frame) in frames.iter().enumerate() {
            animation.add(&self.pixels(*frame)?, frame.seconds)?;
            self.shown(at);
        }
        self.progress.clear();
        animation.finish()
    }

    /// Writes each frame into `directory`, and the list of them.
    fn pictures(&mut self, directory: &Path, kind: &str) -> Result<(), Error> {
        let failed = |path: &Path, what: std::io::Error| {
            Error::new(ErrorKind::Io, format!("cannot write {}: {what}", excerpt_of_path(path)))
        };
        fs::create_dir_all(directory).map_err(|e| failed(directory, e))?;
        let mut list = String::from("ffconcat version 1.0\n");
        let mut name = String::new();
        for (at, frame) in self.frames.iter().enumerate() {
            name = format!("{:04}.{kind}", at + 1);
            let bytes = match kind {
                "svg" => self.svg(*frame).into_bytes(),
                _ => super::chart::png::encoded(&self.pixels(*frame)?)?,
            };
            outputs::write(&directory.join(&name), &bytes)?;
            // Writing to a string does not fail.
            let _ = write!(list, "file {name}\nduration {:.3}\n", frame.seconds);
            self.shown(at);
        }
        // The format takes the last time only with another file behind it.
        let _ = writeln!(list, "file {name}");
        self.progress.clear();
        outputs::write(&directory.join("frames.ffconcat"), list.as_bytes())
    }

    fn shown(&mut self, at: usize) {
        let count = self.frames.len();
        self.progress.show((at + 1) as f64 / count as f64, || format!("frame {} of {count}", at + 1));
    }
}
