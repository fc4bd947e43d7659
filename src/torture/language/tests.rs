//! Tests of the campaign: its scripts cover the whole language, and its rules find errors.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    options::{Options, PRESETS},
    script::COMMANDS,
    workload::{self, Workload},
};

fn scripts(count: u64) -> impl Iterator<Item = Vec<String>> {
    (0..count).map(|n| draw(&Case::new(1, n, None)))
}

/// The changes of a line of `options` or `drive`.
fn changes(line: &str) -> Vec<(String, String)> {
    match parse(line) {
        Ok(Command::Options { changes } | Command::Drive { changes, .. }) => {
            changes.into_iter().map(|change| (change.name, change.value)).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn every_command_and_every_name_of_it_is_drawn() {
    let mut drawn: BTreeMap<String, u64> = BTreeMap::new();
    for line in scripts(500).flatten() {
        let name = line.split_ascii_whitespace().next().unwrap_or_default();
        *drawn.entry(name.to_string()).or_default() += 1;
    }
    for command in COMMANDS {
        for name in std::iter::once(&command.name).chain(command.aliases) {
            assert!(drawn.get(*name).is_some_and(|n| *n >= 10), "{name}: {:?} in 500 scripts", drawn.get(*name));
        }
    }
}

#[test]
fn every_option_and_parameter_is_drawn_at_both_ends_and_outside() {
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in scripts(8000).flatten() {
        for (name, value) in changes(&line) {
            values.entry(name).or_default().insert(value);
        }
    }
    let presets = PRESETS.iter().map(|p| p.name).chain(workload::PRESETS.iter().map(|p| p.name));
    for preset in presets {
        assert!(values["preset"].contains(preset), "{preset}");
    }
    for knob in Options::describe().into_iter().chain(Workload::describe()) {
        let drawn = values.get(knob.name).unwrap_or_else(|| panic!("{} is never drawn", knob.name));
        let fits = |value: &String| ends::fits(&knob, value);
        assert!(drawn.iter().any(|value| fits(value) == Some(false)), "{} is never wrong: {drawn:?}", knob.name);
        if let (Some(min), Some(max)) = (knob.min, knob.max) {
            for end in [min, max] {
                let is_there = drawn.iter().any(|value| value.parse::<f64>().is_ok_and(|value| value == end));
                assert!(is_there, "{} is never {end}: {drawn:?}", knob.name);
            }
        }
        for choice in &knob.choices {
            assert!(drawn.contains(*choice), "{} is never {choice}", knob.name);
        }
    }
}

#[test]
fn a_script_is_drawn_the_same_every_time_and_any_of_its_lines_by_themselves() {
    let case = Case::new(3, 4, None);
    let whole = draw(&case);
    assert_eq!(whole, draw(&case));
    let part = draw(&Case { ops: Some(vec![0, 5, 7]), ..case });
    assert_eq!(part, [&whole[0], &whole[5], &whole[7]].map(String::clone));
    assert_ne!(whole, draw(&Case::new(3, 5, None)));
}
