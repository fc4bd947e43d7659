//! Rows of a sweep's table: one line of CSV for each run.
//!
//! ```text
//! plan,run,seed,num_levels,…,outcome,seconds,write_amp,…
//! p3f…,0,1,5,…,done,3600,11.25,…
//! │    │ │ │       │    └ numbers; empty where they are not defined
//! │    │ │ │       └ done, standstill or refused
//! │    │ │ └ each option that varies, as its text: sizes in bytes, times in seconds
//! │    │ └ the seed of the run, of a workload; only here if it does not vary
//! │    └ the number of the run, from 0
//! └ the plan's id
//! ```
//!
//! No cell has a comma, a quote or a line's end: options are written without.
//!
//! In: a run's number and outcome. Out: its row; and of a row that was read, whether it is one of this plan.

use super::{
    axis::ColumnType,
    outcome::{NumberOf, SweepEnd, SweepNumber, SweepOutcome},
    plan::{SweepPlan, SweepSource},
};
use crate::sim::csv::number as number_text;

/// A column of a sweep's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepColumn {
    /// Its name.
    pub name: String,
    /// How its cells are stored.
    pub column: ColumnType,
    /// What it is, and in which unit.
    pub about: String,
}

impl SweepPlan {
    /// The seed of all runs; none if it is one of the axes, or if there is none.
    fn shared_seed(&self) -> Option<u64> {
        let varies = self.axes().iter().any(|axis| axis.name == "seed");
        self.settings().workload.as_ref().filter(|_| !varies).map(|workload| workload.seed)
    }

    /// Which numbers a row has, in its order.
    fn has(&self) -> impl Fn(&SweepNumber) -> bool {
        let without = match self.source() {
            SweepSource::Workload => NumberOf::History,
            SweepSource::History(_) => NumberOf::Workload,
        };
        move |number| number.of != without
    }

    /// The columns of its table, in order.
    pub fn columns(&self) -> Vec<SweepColumn> {
        let column = |name: &str, column, about: &str| SweepColumn { name: name.into(), column, about: about.into() };
        let mut columns = vec![
            column(
                "plan",
                ColumnType::Text,
                "Which sweep it is a row of: the same where all that a row follows from is.",
            ),
            column("run", ColumnType::Whole, "The number of the run, from 0."),
        ];
        if self.shared_seed().is_some() {
            columns.push(column("seed", ColumnType::Whole, "The seed of the run's random numbers."));
        }
        columns.extend(self.axes().iter().map(|axis| column(&axis.name, axis.column, "An option that varies.")));
        columns.push(column("outcome", ColumnType::Text, "done, standstill or refused."));
        let numbers = SweepOutcome::NUMBERS.iter().filter(|number| self.has()(number));
        columns.extend(numbers.map(|number| column(number.name, number.column, number.about)));
        columns
    }

    /// The names of the columns, as the first line of a CSV.
    pub fn header(&self) -> String {
        self.columns().into_iter().map(|column| column.name).collect::<Vec<_>>().join(",")
    }

    /// What a row of this number begins with: all that does not follow from the run.
    fn beginning(&self, number: u64) -> Option<Vec<String>> {
        let mut cells = vec![self.id().to_string(), number.to_string()];
        cells.extend(self.shared_seed().map(|seed| seed.to_string()));
        cells.extend(self.values(number)?);
        Some(cells)
    }

    /// The row of a run, without a line's end. Empty if there is no such run.
    pub fn row(&self, number: u64, outcome: &SweepOutcome) -> String {
        let Some(mut cells) = self.beginning(number) else { return String::new() };
        cells.push(outcome.end.name().into());
        let numbers = SweepOutcome::NUMBERS.iter().zip(outcome.numbers()).filter(|(number, _)| self.has()(number));
        cells.extend(numbers.map(|(_, number)| number_text(number)));
        cells.join(",")
    }

    /// The number of the run whose `row` this is.
    ///
    /// # Errors
    /// It is no row of this plan: says why.
    pub fn number_of(&self, row: &str) -> Result<u64, String> {
        let cells: Vec<&str> = row.split(',').collect();
        let numbers = SweepOutcome::NUMBERS.iter().filter(|number| self.has()(number)).count();
        let expected = 3 + usize::from(self.shared_seed().is_some()) + self.axes().len() + numbers;
        if cells.len() != expected {
            return Err(format!("it has {} cells instead of {expected}", cells.len()));
        }
        if cells[0] != self.id() {
            return Err(format!(
                "it is a row of another plan ({} instead of {})",
                crate::error::excerpt(cells[0]),
                self.id()
            ));
        }
        let number: u64 = cells[1].parse().map_err(|_| "it has no number of a run".to_string())?;
        let beginning = self.beginning(number).ok_or_else(|| format!("there is no run {number}"))?;
        let wrong = beginning.iter().zip(&cells).position(|(expected, cell)| expected != cell);
        if let Some(at) = wrong {
            let (name, cell) = (&self.columns()[at].name, crate::error::excerpt(cells[at]));
            return Err(format!("{name} is {cell} instead of {}", beginning[at]));
        }
        let rest = &cells[beginning.len()..];
        if !SweepEnd::NAMES.iter().any(|(name, _)| *name == rest[0]) {
            return Err(format!("outcome is {}", crate::error::excerpt(rest[0])));
        }
        let no_number = |cell: &&&str| !cell.is_empty() && cell.parse::<f64>().is_err();
        match rest[1..].iter().find(no_number) {
            Some(cell) => Err(format!("{} is no number", crate::error::excerpt(cell))),
            None => Ok(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::{Options, sim::Spec, sweep::spec_file::read_workload as read};

    const SPEC: &str = "[set]\nduration_seconds = 200\nwrite_mb_per_s = 5\n[vary]\nnum_levels = [3, 4]";

    fn row(plan: &SweepPlan, number: u64) -> String {
        plan.row(number, &plan.run(number, &mut |_| ControlFlow::Continue(())).unwrap())
    }

    #[test]
    fn a_row_is_known_again_and_any_other_is_refused() {
        let plan = read(SPEC).unwrap();
        let good = row(&plan, 1);
        assert_eq!(plan.number_of(&good), Ok(1));
        let seed = read(&SPEC.replace("5\n", "5\nseed = 7\n")).unwrap();
        for (bad, why) in [
            (good.replace(",1,1,4,", ",1,1,3,"), "num_levels is 3 instead of 4"),
            (good.replace(",1,1,4,", ",7,1,4,"), "there is no run 7"),
            (good.replace(",done,", ",fine,"), "outcome is fine"),
            (row(&seed, 1), "another plan"),
            (good[..good.len() - 40].to_string(), "cells instead of"),
            (good.replace(",done,200,", ",done,long,"), "long is no number"),
        ] {
            let found = plan.number_of(&bad).unwrap_err();
            assert!(found.contains(why), "{bad}: {found}");
        }
    }

    #[test]
    fn a_run_has_the_numbers_that_the_simulator_says() {
        let plan = read(SPEC).unwrap();
        let header = plan.header();
        let (line, cells) = (row(&plan, 0), |line: &str| line.split(',').map(String::from).collect::<Vec<_>>());
        let of = |name: &str| cells(&line)[cells(&header).iter().position(|n| n == name).unwrap()].clone();
        let mut simulation = crate::sim::Simulation::new(
            plan.settings_of(0).unwrap().options,
            Spec { duration_seconds: 200.0, write_mb_per_s: 5.0, ..Spec::default() },
        )
        .unwrap();
        while !simulation.run(1000).done {}
        let counters = simulation.counters();
        assert_eq!(of("flushed_bytes"), counters.flush_bytes.to_string());
        assert_eq!(of("compacted_bytes"), counters.compaction_bytes_written.to_string());
        assert!((of("write_amp").parse::<f64>().unwrap() - counters.write_rocksdb().unwrap()).abs() < 1e-6);
        assert!(of("peak_bytes").parse::<u64>().unwrap() >= of("end_bytes").parse::<u64>().unwrap());
        assert_eq!((of("outcome"), of("num_levels"), of("seconds")), ("done".into(), "3".into(), "200".into()));
    }

    #[test]
    fn no_column_is_called_as_an_option() {
        for number in SweepOutcome::NUMBERS {
            let name = number.name;
            assert!(Options::NAMES.iter().chain(Spec::NAMES).all(|option| *option != name), "{name}");
        }
    }
}
