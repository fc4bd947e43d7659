//! What the commands that draw the stage have in common: a script that is run, a size, colours, a part of the keys, and
//! moments of the script by name.

use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
};

use clap::Args;
use lsmscope::{
    Error, Options,
    error::{excerpt, excerpt_of_path},
    figure::{
        Known, Picture,
        key_scale::Window,
        theme::{LIGHT, Theme},
    },
    options::Problem,
    session::Session,
    storage::{block_on, file::not_plain, memory::Memory},
    timeline::{Recorder, Timeline},
};

use super::{Settings, inputs::unreadable, outputs, streams::tell};

/// The longest script.
const MAX_SCRIPT: u64 = 16 << 20;
/// The smallest and the largest picture.
const SIDES: (u32, u32) = (240, 7680);

/// A script, and how its stage is drawn.
#[derive(Debug, Args)]
pub struct StageArguments {
    /// A file with commands of the console, one a line; `-` is standard input.
    #[arg(value_name = "SCRIPT")]
    script: PathBuf,
    #[command(flatten)]
    settings: Settings,
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
}

/// A number from 0 to 1.
pub fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "expected a number from 0 to 1".into())
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

impl StageArguments {
    /// The options of the database.
    ///
    /// # Errors
    /// One of them is wrong.
    pub fn options(&self) -> Result<Options, Problem> {
        self.settings.options()
    }

    /// The picture that is wanted.
    pub fn picture(&self) -> Picture {
        let (width, height) = self.size;
        Picture {
            width: f64::from(width),
            height: f64::from(height),
            window: self.keys,
            levels: 0,
            tree_only: false,
            known: if self.past_only { Known::Past } else { Known::Whole },
        }
    }

    /// The colours that are wanted.
    pub fn theme(&self) -> Theme {
        Theme::parse(&self.theme).unwrap_or(LIGHT)
    }

    /// Runs the script. A line that fails is reported and makes the status a failure; what it did before is recorded.
    ///
    /// # Errors
    /// The script cannot be read.
    pub fn record(&self, options: Options) -> Result<(Recorder, ExitCode), Error> {
        let script = read(&self.script)?;
        let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
        let mut status = ExitCode::SUCCESS;
        let mut session = block_on(Session::open(Memory::new(), options, recorder.clone()))?;
        for (at, line) in script.lines().enumerate() {
            let outcome = block_on(session.run(line));
            // The picture shows what the line did before it failed, as a power cut that a script asks for.
            if let Some(error) = outcome.error {
                tell(format_args!("{}, line {}: {}", excerpt_of_path(&self.script), at + 1, error.message));
                status = ExitCode::FAILURE;
            }
            if outcome.exit {
                break;
            }
        }
        Ok((recorder, status))
    }
}

fn read(path: &Path) -> Result<String, Error> {
    let failed = |what: &dyn std::fmt::Display| unreadable(path, what);
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

/// The position that the value of a flag means.
pub fn moment(timeline: &Timeline, flag: &str, value: Option<&str>, otherwise: usize) -> Result<usize, Problem> {
    let Some(value) = value else { return Ok(otherwise) };
    timeline.find_moment(value).map_err(|unfound| Problem {
        field: flag.into(),
        value: excerpt(value),
        expected: unfound.expected,
    })
}
