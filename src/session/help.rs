//! `help`: the commands, the options and the parameters of a workload, as text.

use std::fmt::Write;

use crate::{
    options::{Description, Options, Unit, from_to, in_time, sizes},
    policy::describe_options,
    script::{COMMANDS, CommandHelp},
    words::{said, say},
    workload::{self, Workload},
};

/// Every command, or one command or option.
pub(super) fn help(topic: Option<&str>, options: &Options) -> String {
    let Some(topic) = topic else {
        let width = COMMANDS.iter().map(|c| c.usage.chars().count()).max().unwrap_or(0);
        let mut lines: Vec<String> =
            COMMANDS.iter().map(|c| format!("{:<width$}  {}", c.usage, said(c.about, &[]))).collect();
        lines.push(say!(
            "Quotes keep spaces; \\xNN is any byte; # begins a comment. help COMMAND or help OPTION says more."
        ));
        return lines.join("\n");
    };
    match COMMANDS.iter().find(|c| c.name == topic) {
        Some(command) => help_command(command),
        None => help_option(topic, options),
    }
}

fn help_command(command: &CommandHelp) -> String {
    let example = say!("for example: {example}", example = command.example);
    let mut out = format!("{}\n  {}\n  {example}", said(command.about, &[]), command.usage);
    if !command.aliases.is_empty() {
        let also = say!("also: {names}", names = command.aliases.join(", "));
        write!(out, "\n  {also}").expect("writing to a string cannot fail");
    }
    if command.name == "drive" {
        parameters(&mut out);
    }
    out
}

/// Every parameter of a workload with its default, and the presets.
fn parameters(out: &mut String) {
    let mut line = |text: String| write!(out, "\n  {text}").expect("writing to a string cannot fail");
    line(say!("presets:"));
    let width = workload::PRESETS.iter().map(|p| p.name.len()).max().unwrap_or(0);
    workload::PRESETS.iter().for_each(|p| line(format!("  {:<width$}  {}", p.name, said(p.about, &[]))));
    line(say!("parameters, as they are with preset={name}:", name = workload::PRESETS[0].name));
    let set = (workload::PRESETS[0].make)();
    let parameters = Workload::describe();
    let texts: Vec<String> =
        parameters.iter().map(|p| format!("{}={}", p.name, set.get(p.name).unwrap_or_default())).collect();
    let width = texts.iter().map(String::len).max().unwrap_or(0);
    texts.iter().zip(&parameters).for_each(|(text, p)| line(format!("  {text:<width$}  {}", p.about)));
}

fn help_option(name: &str, options: &Options) -> String {
    let described = |knobs: Vec<Description>| knobs.into_iter().find(|knob| knob.name == name);
    if let Some(knob) = described(describe_options()) {
        let value = options.get(name).unwrap_or_default();
        return help_knob(&knob, &format!("{name} = {value}"));
    }
    let Some(knob) = described(Workload::describe()) else { return String::new() };
    help_knob(&knob, &say!("a parameter of drive: drive 10s {name}={value}", name, value = knob.default))
}

fn help_knob(knob: &Description, now: &str) -> String {
    let limits = match (knob.unit, knob.min, knob.max) {
        (Unit::Switch, ..) => say!("true or false"),
        (Unit::Bytes, Some(min), Some(max)) => sizes(min as u64, max as u64),
        (_, Some(min), Some(max)) => from_to(&min, &format!("{max}{}", in_time(max as u64, knob.unit))),
        _ => knob.choices.join(", "),
    };
    let allowed = match knob.unit {
        Unit::Bytes => say!("allowed: {limits}; write 64KB, 1.5MB, 1GB, or a number of bytes", limits),
        Unit::Seconds | Unit::Milliseconds => say!("allowed: {limits}; or write 500ms, 90s, 5m, 1.5h, 30d, 2w", limits),
        _ => say!("allowed: {limits}", limits),
    };
    let default = say!("default: {value}", value = knob.default);
    format!("{}\n  {now}\n  {allowed}\n  {default}", knob.about)
}
