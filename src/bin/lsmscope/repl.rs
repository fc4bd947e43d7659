//! `lsmscope repl`: the loop around a session, with line editing at a terminal, plain lines elsewhere.

use std::{
    cell::RefCell,
    future::ready,
    io::{self, BufRead, IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
    rc::Rc,
};

use lsmscope::{
    Error, ErrorKind,
    script::{ScriptError, complete},
    session::{LineOutcome, Session},
    storage::{Storage, block_on},
    trace::Tracer,
};
use rustyline::{
    Context, Editor, Helper, completion::Completer, error::ReadlineError, highlight::Highlighter, hint::Hinter,
    history::FileHistory, validate::Validator,
};

use super::{
    drive::watch::show,
    progress::ProgressLine,
    streams::{self, print, tell},
};

/// The most bytes of a line: enough for some values of the largest size with every byte escaped.
const MAX_LINE: usize = 256 << 20;

/// Runs lines until there are no more.
///
/// # Errors
/// Standard input or output failed, or the database could not be closed.
pub fn run<S: Storage, T: Tracer>(session: Session<S, T>) -> Result<ExitCode, Error> {
    let shown = Rc::new(RefCell::new(ProgressLine::new()));
    let mut session = session;
    session.set_watch(Box::new({
        let shown = shown.clone();
        move |_, progress| {
            show(&mut shown.borrow_mut(), progress);
            Box::pin(ready(true))
        }
    }));
    if io::stdin().is_terminal() { interactive(session, &shown) } else { from_input(session, &shown) }
}

/// Runs one line; of a long workload, a terminal shows how far it has come.
fn run_line<S: Storage, T: Tracer>(
    session: &mut Session<S, T>,
    shown: &RefCell<ProgressLine>,
    line: &str,
) -> LineOutcome {
    *shown.borrow_mut() = ProgressLine::new();
    let outcome = block_on(session.run(line));
    shown.borrow_mut().clear();
    outcome
}

/// Lines of standard input, one result each: to standard output, or, if it failed, to standard error. So are warnings.
fn from_input<S: Storage, T: Tracer>(
    mut session: Session<S, T>,
    shown: &RefCell<ProgressLine>,
) -> Result<ExitCode, Error> {
    let answered = answer_input(&mut session, shown);
    // Also where an answer could not be written: what was acknowledged is kept.
    block_on(session.close())?;
    answered.map(status)
}

/// Whether all lines went well.
fn answer_input<S: Storage, T: Tracer>(
    session: &mut Session<S, T>,
    shown: &RefCell<ProgressLine>,
) -> Result<bool, Error> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut all_well = true;
    let mut bytes = Vec::new();
    for number in 1u64.. {
        bytes.clear();
        if read_line(&mut input, &mut bytes).map_err(|e| failed("read standard input", &e))? == 0 {
            break;
        }
        let outcome = match std::str::from_utf8(&bytes) {
            _ if bytes.len() > MAX_LINE => too_long(),
            Ok(line) => run_line(session, shown, line.trim_end_matches(['\n', '\r'])),
            Err(_) => not_utf8(&bytes),
        };
        if let Some(error) = &outcome.error {
            // In the order in which things happened, even where both go to one place.
            output.flush().map_err(|e| streams::failed(&e))?;
            tell(format_args!("line {number}: {error}"));
        }
        all_well &= outcome.ok;
        match answer(&mut output, outcome.result()) {
            // The reader has enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            result => result.map_err(|e| streams::failed(&e))?,
        }
        for warning in &outcome.warnings {
            tell(format_args!("line {number}: {warning}"));
        }
        if outcome.exit {
            break;
        }
    }
    Ok(all_well)
}

/// Reads a line into `bytes` and returns how many bytes it had. Of a line that is too long, one byte too many is kept.
fn read_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<u64> {
    let mut length = input.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', bytes)? as u64;
    while bytes.len() > MAX_LINE && bytes.last() != Some(&b'\n') {
        let rest = input.fill_buf()?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(rest.len(), |end| end + 1);
        input.consume(used);
        length += used as u64;
        if end.is_some() || used == 0 {
            break;
        }
    }
    Ok(length)
}

fn too_long() -> LineOutcome {
    let message = format!("the line has more than {MAX_LINE} bytes");
    LineOutcome::failed(ScriptError::new("", 0..0, message, "Write several lines instead."))
}

fn answer(output: &mut impl Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(output, "{text}")?;
    output.flush()
}

fn status(all_well: bool) -> ExitCode {
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn failed(what: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot {what}: {error}"))
}

/// The line is shown with what is no text replaced, and pointed at where that begins.
fn not_utf8(bytes: &[u8]) -> LineOutcome {
    let line = String::from_utf8_lossy(bytes).trim_end().to_string();
    let at = line.find('\u{fffd}').unwrap_or_default();
    let place = at..line[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    LineOutcome::failed(ScriptError::new(&line, place, "the line is not UTF-8 text", "Write such bytes as \\xNN."))
}

/// A prompt with history and completion. Failed lines do not make the command fail: one sees them.
fn interactive<S: Storage, T: Tracer>(
    mut session: Session<S, T>,
    shown: &RefCell<ProgressLine>,
) -> Result<ExitCode, Error> {
    let mut editor = Editor::<Completions, FileHistory>::new().map_err(|e| terminal(&e))?;
    editor.set_helper(Some(Completions));
    let history = history_file();
    if let Some(file) = &history {
        // There is none at the first start.
        let _ = editor.load_history(file);
    }
    print("lsmscope: help lists the commands, Tab completes, exit ends. Try: put user:1 Alice")?;
    loop {
        match editor.readline("> ") {
            Ok(line) => {
                let _ = editor.add_history_entry(&line);
                let outcome = run_line(&mut session, shown, &line);
                if let Some(error) = &outcome.error {
                    tell(error);
                }
                if !outcome.text.is_empty() {
                    print(&outcome.text)?;
                }
                if outcome.exit {
                    break;
                }
            }
            // Ctrl-C drops the line, Ctrl-D ends the session.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(terminal(&error)),
        }
    }
    if let Some(file) = &history {
        // A history that cannot be kept is no reason to fail.
        let _ = editor.save_history(file);
    }
    block_on(session.close())?;
    Ok(ExitCode::SUCCESS)
}

fn terminal(error: &ReadlineError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot use the terminal: {error}"))
}

fn history_file() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".lsmscope_history"))
}

/// Tab: what the command language offers.
struct Completions;

impl Completer for Completions {
    type Candidate = String;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let offers = complete(line, cursor);
        let start = offers.first().map_or(cursor, |offer| offer.start);
        // An option goes on with its value; everything else with a space.
        let text = |text: String| if text.ends_with('=') { text } else { text + " " };
        Ok((start, offers.into_iter().map(|offer| text(offer.text)).collect()))
    }
}

impl Hinter for Completions {
    type Hint = String;
}

impl Highlighter for Completions {}

impl Validator for Completions {}

impl Helper for Completions {}
