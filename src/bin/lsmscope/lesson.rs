//! `lsmscope lesson check FILE…`: what is wrong with lessons; `lsmscope lesson show FILE`: a lesson as text.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use lsmscope::{
    Error,
    error::excerpt_of_path,
    lesson::{
        GradedReport, Lesson, LessonFinding, LessonSeverity, Node, PresentedBlock, PresentedItem, PresentedPrediction,
        ReportedNumber, ReportedOption,
        check::check,
        limits::{MAX_FILE_BYTES, MAX_VARIANTS},
        plain,
        skeleton::same_skeleton,
    },
    plural::counted,
    storage::block_on,
};
use serde_json::{Value as Json, json};

use super::{inputs::unreadable, print, tell};

/// What is asked about lessons.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: LessonCommand,
}

#[derive(Debug, Subcommand)]
enum LessonCommand {
    /// Say what is wrong with lessons: all variants are run, right and wrong answers graded, challenges solved.
    ///
    /// Files of the same id are compared as translations. The exit status is 0 if there are no errors; warnings are
    /// printed and change nothing.
    Check {
        /// Markdown files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Print a line of JSON for each finding instead.
        #[arg(long)]
        json: bool,
        /// Grade what a learner hands in again: a JSON file that the player has exported.
        #[arg(long, value_name = "HANDIN")]
        report: Option<PathBuf>,
    },
    /// Print a lesson as text, with the values of a variant: for authors, and for reading aloud.
    Show {
        /// A Markdown file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Which variant, from 1.
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        variant: u64,
    },
}

/// Does it.
///
/// # Errors
/// A file cannot be read, or standard output cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    match &arguments.command {
        LessonCommand::Check { files, json, report } => check_files(files, *json, report.as_deref()),
        LessonCommand::Show { file, variant } => show(file, *variant),
    }
}

/// The most bytes of a file that are read: what is longer is refused by the reader.
const MAX_READ: u64 = 4 * MAX_FILE_BYTES as u64;

fn read(path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MAX_READ).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| unreadable(path, &"it is no text in UTF-8"))
}

/// A file that was read, and what is wrong with it.
struct CheckedFile {
    name: String,
    text: String,
    lesson: Option<Lesson>,
    findings: Vec<LessonFinding>,
}

fn check_files(files: &[PathBuf], as_json: bool, report: Option<&Path>) -> Result<ExitCode, Error> {
    let mut checked: Vec<CheckedFile> = Vec::new();
    for path in files {
        let (name, text) = (path.display().to_string(), read(path)?);
        checked.push(match Lesson::parse(&text) {
            Ok(lesson) => {
                let mut findings = block_on(check(&lesson, MAX_VARIANTS));
                let original = checked.iter().filter_map(|other| other.lesson.as_ref());
                if let Some(original) = original.into_iter().find(|other| other.id() == lesson.id()) {
                    findings.extend(same_skeleton(original, &lesson));
                }
                CheckedFile { name, text, lesson: Some(lesson), findings }
            }
            Err(errors) => {
                let finding = |error| LessonFinding { severity: LessonSeverity::Error, error };
                CheckedFile { name, text, lesson: None, findings: errors.into_iter().map(finding).collect() }
            }
        });
    }
    let mut is_sound = true;
    for file in &checked {
        is_sound &= file.findings.iter().all(|finding| finding.severity != LessonSeverity::Error);
        print_findings(file, as_json)?;
    }
    if let Some(report) = report {
        is_sound &= grade_report(&checked, report, as_json)?;
    }
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_findings(file: &CheckedFile, as_json: bool) -> Result<(), Error> {
    for finding in &file.findings {
        let LessonFinding { severity, error } = finding;
        let word = if *severity == LessonSeverity::Error { "error" } else { "warning" };
        if as_json {
            let line = json!({
                "file": file.name, "severity": word, "line": error.line, "column": error.column,
                "length": error.length, "message": error.message, "remedy": error.remedy,
            });
            print(&line.to_string())?;
        } else {
            print(&error.shown(&file.name, word, &file.text))?;
        }
    }
    let count = |severity| file.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(LessonSeverity::Error), count(LessonSeverity::Warning));
    if as_json {
        return Ok(());
    }
    let variants = file.lesson.as_ref().map_or(0, Lesson::variant_count);
    let what = match (errors, warnings) {
        (0, 0) => "ok".to_string(),
        _ => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    let checked = if variants > 0 { format!(" ({})", counted(variants, "variant")) } else { String::new() };
    print(&format!("{}: {what}{checked}", file.name))
}

/// Grades a hand-in again; whether all is as it says.
fn grade_report(checked: &[CheckedFile], path: &Path, as_json: bool) -> Result<bool, Error> {
    let hand_in: Json = serde_json::from_str(&read(path)?)
        .map_err(|error| Error::invalid(format!("{} is no JSON: {error}", excerpt_of_path(path))))?;
    let id = hand_in.get("lesson").and_then(Json::as_str).unwrap_or_default();
    let lessons = checked.iter().filter_map(|file| file.lesson.as_ref());
    let Some(lesson) = lessons.into_iter().find(|lesson| lesson.id() == id) else {
        let message = format!("{} is of the lesson {id:?}, which is none of these files", excerpt_of_path(path));
        return Err(Error::invalid(lsmscope::error::excerpt(&message)));
    };
    let graded = block_on(lesson.grade_again(&hand_in)).map_err(Error::invalid)?;
    if as_json {
        print(&serde_json::to_string(&graded).unwrap_or_default())?;
        return Ok(graded.is_as_said());
    }
    let score = graded.score;
    print(&format!("{}, variant {}: {} of {} points", graded.lesson, graded.variant.number, score.points, score.of))?;
    for entry in &graded.entries {
        let outcome = entry.outcome.unwrap_or("not graded");
        let tag = entry.tag.as_ref().map_or(String::new(), |tag| format!(" (m:{tag})"));
        let differs = entry.differs.as_ref().map_or(String::new(), |differs| format!(": {differs}"));
        print(&format!("  {} try {}: {outcome}{tag}{differs}", entry.id, entry.attempt))?;
    }
    for report in &graded.reports {
        print(&report_text(report))?;
    }
    for id in &graded.missing {
        print(&format!("  {id}: not answered"))?;
    }
    for differs in &graded.differs {
        print(&format!("  {differs}"))?;
    }
    Ok(graded.is_as_said())
}

/// A report of a challenge: what was changed, what came of it, and the learner's sentences.
fn report_text(GradedReport { id, passed, report, sentences }: &GradedReport) -> String {
    let values = report.variant.values.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
    let mut text = format!("  report of {id}{values}{}", if *passed { "" } else { " (not passed)" });
    if let Some(ReportedNumber { before, after, .. }) = &report.memory {
        text += &format!("\n    bytes of memory: {before} -> {after}");
    }
    for ReportedNumber { name, before, after } in &report.numbers {
        text += &format!("\n    {name}: {before} -> {after}");
    }
    for ReportedOption { name, before, after } in &report.options {
        text += &format!("\n    {name}: {before} -> {after}");
    }
    text += &format!("\n    trace {}", report.trace);
    if !sentences.trim().is_empty() {
        text += &format!("\n    {}", sentences.trim());
    }
    text
}

fn show(path: &Path, variant: u64) -> Result<ExitCode, Error> {
    let (name, text) = (path.display().to_string(), read(path)?);
    let lesson = match Lesson::parse(&text) {
        Ok(lesson) => lesson,
        Err(errors) => {
            errors.iter().for_each(|error| tell(error.shown(&name, "error", &text)));
            return Ok(ExitCode::FAILURE);
        }
    };
    let outline = lesson.outline();
    let variant = lesson.numbered_variant(variant).map_err(Error::invalid)?;
    let values: Vec<String> = variant.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    print(&format!("{}\nvariant {} of {} {}", outline.title, variant.number, outline.variants, values.join(", ")))?;
    let mut status = ExitCode::SUCCESS;
    for beat in 0..outline.beats.len() {
        let presented = block_on(lesson.present(&variant, beat));
        let star = if presented.lecture { "★ " } else { "" };
        print(&format!("\n## {}. {star}{}", beat + 1, plain(&presented.title)))?;
        for item in &presented.items {
            match item {
                PresentedItem::Text { nodes } => print(&format!("\n{}", plain(nodes)))?,
                PresentedItem::Block { content, .. } => print(&format!("\n{}", block_text(content)))?,
            }
        }
        for problem in &presented.problems {
            tell(problem.shown(&name, "error", &text));
            status = ExitCode::FAILURE;
        }
    }
    let keep = plain(&outline.keep);
    if !keep.is_empty() {
        print(&format!("\nKeep: {keep}"))?;
    }
    Ok(status)
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

fn listed(texts: &[Vec<Node>]) -> String {
    texts.iter().map(|text| format!("\n  - {}", plain(text))).collect()
}

fn block_text(block: &PresentedBlock) -> String {
    match block {
        PresentedBlock::Lines { role, lines, .. } => format!("[{role}]\n{}", indented(lines)),
        PresentedBlock::Predict { prediction } => prediction_text(prediction),
        PresentedBlock::Compare { left_title, left, right_title, right, .. } => {
            let (left, right) = (indented(left), indented(right));
            format!("[compare] {}\n{left}\n  with {}\n{right}", plain(left_title), plain(right_title))
        }
        PresentedBlock::Fork { opening, .. } => {
            let options: Vec<String> = opening.options.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("[fork] the same with {}", options.join(" "))
        }
        PresentedBlock::Life { key } => format!("[life] of {key}"),
        PresentedBlock::Figure { lines, caption, .. } => format!("[figure] {}\n{}", plain(caption), indented(lines)),
        PresentedBlock::Policy { text } => {
            format!("[policy]\n{}", indented(&text.lines().map(String::from).collect::<Vec<_>>()))
        }
        PresentedBlock::Challenge { lines, ask, goals, hints, .. } => {
            let goals: Vec<String> = goals.iter().map(|goal| format!("\n  - {}", plain(goal))).collect();
            format!("[challenge, {}] {}{}{}", counted(*lines, "line"), plain(ask), goals.concat(), listed(hints))
        }
        PresentedBlock::Note { nodes } => format!("[note] {}", plain(nodes)),
        PresentedBlock::Show { controls, knobs } => {
            let knobs = if knobs.is_empty() { String::new() } else { format!(" ({})", knobs.join(", ")) };
            format!("[show] {}{knobs}", controls.join(", "))
        }
    }
}

fn prediction_text(prediction: &PresentedPrediction) -> String {
    let mut text = format!("[predict] {}", plain(&prediction.ask));
    for choice in prediction.choices.iter().chain(&prediction.cards) {
        text += &format!("\n  - {}", plain(&choice.text));
    }
    for place in &prediction.places {
        let range = place.smallest.as_ref().zip(place.largest.as_ref());
        let range = range.map_or(String::new(), |(smallest, largest)| format!(", {smallest} to {largest}"));
        text += &format!("\n  - {}{range}", place.place);
    }
    for row in &prediction.rows {
        text += &format!("\n  - {}", row.row);
    }
    if !prediction.unit.is_empty() {
        text += &format!("\n  in {}", prediction.unit);
    }
    text += &listed(&prediction.reasons);
    if !prediction.shares && !prediction.lines.is_empty() {
        text += &format!("\n  then\n{}", indented(&prediction.lines));
    }
    text
}
