//! The runs that no other beats, as a table.
//!
//! In: the rows of a sweep. Out: text: a line for each run of the front of write, read and space amplification, with
//! what varies, and how much writers waited. Runs that did not come to their end are in no front.

use lsmscope::{
    plural::counted,
    sweep::{SweepPlan, front::pareto_front},
};

use super::Rows;

/// What a front is made of; of each, less is better.
const BY: [&str; 3] = ["write_amp", "read_amp", "space_amp"];

/// What is shown behind them.
const BESIDE: [&str; 3] = ["stopped_seconds", "delayed_seconds", "peak_bytes"];

/// The table, and a sentence that says what it is.
pub fn text(plan: &SweepPlan, rows: &Rows) -> String {
    let columns: Vec<String> = plan.columns().into_iter().map(|column| column.name).collect();
    let place = |name: &str| columns.iter().position(|column| column == name).unwrap_or_default();
    let cells: Vec<Vec<&str>> = rows.values().map(|row| row.split(',').collect()).collect();
    let is_done = |cells: &[&str]| cells[place("outcome")] == "done";
    let point = |cells: &[&str]| match is_done(cells) {
        true => BY.map(|name| cells[place(name)].parse().unwrap_or(f64::NAN)),
        false => [f64::NAN; 3],
    };
    let points: Vec<[f64; 3]> = cells.iter().map(|cells| point(cells)).collect();
    let front = pareto_front(&points);
    let axes = plan.axes().iter().map(|axis| axis.name.as_str());
    let shown: Vec<&str> = ["run"].into_iter().chain(axes).chain(BY).chain(BESIDE).collect();
    let mut lines: Vec<Vec<String>> = vec![shown.iter().map(|name| (*name).to_string()).collect()];
    lines.extend(front.iter().map(|at| shown.iter().map(|name| cell(name, cells[*at][place(name)])).collect()));
    let widths: Vec<usize> =
        (0..shown.len()).map(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0)).collect();
    let aligned = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        cells.collect::<Vec<_>>().join("  ")
    };
    let mut text: Vec<String> = lines.iter().map(aligned).collect();
    let compared = points.iter().filter(|point| point.iter().all(|number| !number.is_nan())).count();
    text.push(format!(
        "\n{} of {}: no other run is better in one of {}, {} and {} without being worse in another.",
        front.len(),
        counted(compared, "run"),
        BY[0],
        BY[1],
        BY[2],
    ));
    if compared < points.len() {
        let left_out = counted(points.len() - compared, "run");
        text.push(format!("{left_out} left out: refused, stood still, or without one of these numbers."));
    }
    text.join("\n")
}

/// Amplifications and seconds with three places; anything else as it is.
fn cell(name: &str, text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if BY.contains(&name) || name.ends_with("_seconds") => format!("{number:.3}"),
        _ => text.to_string(),
    }
}
