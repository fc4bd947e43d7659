//! Amplification as measured, beside the formulas of [`expected`], which are of full levels, and beside the
//! [`write_estimate`] of the tree as it is: for summaries, JSON and reports.
//!
//! In: the options, the tree at the end, and the counters. Out: a [`Comparison`], a row for each amplified quantity and
//! each way of counting it. What was not counted has no number; where no formula applies, [`Comparison::note`] says
//! why.

use std::fmt;

use serde::Serialize;

use super::Amplification;
use crate::{
    options::Options,
    policy::{
        estimate::write_estimate,
        expected::{Counted, Quantity, expected},
        policy_for,
    },
    version::Version,
    words::{places, said, say},
};

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// What the engine, or the simulation, counts anyhow.
    pub amplification: Amplification,
    /// What is stored by what is alive of it, as the literature counts space; none where that is not known.
    pub space_live: Option<f64>,
    /// Tables that were read for an absent key, on average; none where no such key was read.
    pub absent_get: Option<f64>,
    /// Whether all that made the tree was counted, so that the estimate is of the same writes.
    pub is_whole: bool,
}

/// One amplification, measured and expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compared {
    /// Of what.
    pub quantity: Quantity,
    /// Counted by whom.
    pub counted: Counted,
    /// How much it was.
    pub measured: Option<f64>,
    /// How much the tree as it is now should have cost; of writes as RocksDB counts them only.
    pub estimate: Option<f64>,
    /// How that comes about.
    pub estimate_formula: Option<String>,
    /// How much a formula expects of full levels: an upper bound, where it is of writes, scans or space.
    pub expected: Option<f64>,
    /// That formula, with its numbers.
    pub formula: Option<String>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Comparison {
    /// One for each thing that is amplified and each way of counting it.
    pub rows: Vec<Compared>,
    /// Why there are no formulas, where there are none, or fewer.
    pub note: Option<String>,
}

const ROWS: [(Quantity, Counted); 7] = [
    (Quantity::Write, Counted::Rocksdb),
    (Quantity::Write, Counted::Literature),
    (Quantity::Space, Counted::Rocksdb),
    (Quantity::Space, Counted::Literature),
    (Quantity::Scan, Counted::Literature),
    (Quantity::AbsentGet, Counted::Literature),
    (Quantity::AbsentGetMonkey, Counted::Literature),
];

/// What `measured` is beside what a tree such as `version` should be under `options`.
pub fn compare(options: &Options, version: &Version, measured: &Measured) -> Comparison {
    let all = expected(options, version);
    let estimate = if measured.is_whole { write_estimate(options, version) } else { None };
    let row = |(quantity, counted): (Quantity, Counted)| {
        let is_estimated = (quantity, counted) == (Quantity::Write, Counted::Rocksdb);
        let expected = all.iter().find(|e| e.quantity == quantity && e.counted == counted);
        Compared {
            quantity,
            counted,
            measured: measured.of(quantity, counted),
            estimate: estimate.as_ref().filter(|_| is_estimated).map(|estimate| estimate.value),
            estimate_formula: estimate.as_ref().filter(|_| is_estimated).map(|estimate| estimate.formula.clone()),
            expected: expected.map(|e| e.value),
            formula: expected.map(|e| e.formula.to_string()),
        }
    };
    // Both ways of counting space stand side by side, also where one is not defined.
    let has_space = measured.amplification.space_rocksdb.is_some();
    let is_told = |row: &Compared| {
        row.measured.is_some() || row.expected.is_some() || (row.quantity == Quantity::Space && has_space)
    };
    let rows = ROWS.into_iter().map(row).filter(is_told).collect();
    Comparison { rows, note: note(options, all.is_empty(), measured.space_live.is_some()) }
}

fn note(options: &Options, is_empty: bool, has_live: bool) -> Option<String> {
    if is_empty {
        return Some(say!("There are no tables yet, so the formulas have no numbers."));
    }
    let policy = policy_for(options);
    let note = said(policy.why_not_expected()?, &[]);
    Some(match policy.about().drops_unread() && !has_live {
        true => format!("{note} {}", say!("What is dropped is alive no longer, and how much was is not counted.")),
        false => note,
    })
}

impl Measured {
    fn of(&self, quantity: Quantity, counted: Counted) -> Option<f64> {
        match (quantity, counted) {
            (Quantity::Write, Counted::Rocksdb) => self.amplification.write_rocksdb,
            (Quantity::Write, Counted::Literature) => self.amplification.write_user,
            (Quantity::Space, Counted::Rocksdb) => self.amplification.space_rocksdb,
            (Quantity::Space, Counted::Literature) => self.space_live,
            (Quantity::Scan, _) => Some(self.amplification.read_runs as f64).filter(|runs| *runs > 0.0),
            (Quantity::AbsentGet, _) => self.absent_get,
            (Quantity::AbsentGetMonkey, _) => None,
        }
    }
}

impl Compared {
    /// What it is called, as on the page.
    pub fn name(&self) -> String {
        match (self.quantity, self.counted) {
            (Quantity::Write, Counted::Rocksdb) => say!("write, RocksDB's"),
            (Quantity::Write, Counted::Literature) => say!("write, user bytes"),
            (Quantity::Space, Counted::Rocksdb) => say!("space, RocksDB's"),
            (Quantity::Space, Counted::Literature) => say!("space, live"),
            (Quantity::Scan, _) => say!("runs of a scan"),
            (Quantity::AbsentGet, _) => say!("absent get"),
            (Quantity::AbsentGetMonkey, _) => say!("absent get, Monkey"),
        }
    }

    /// The measured number as text, the estimated one, and the upper bound.
    pub fn numbers(&self) -> [String; 3] {
        [self.measured, self.estimate, self.expected].map(number)
    }
}

impl Comparison {
    /// The row of a quantity, counted in one way.
    pub fn row(&self, quantity: Quantity, counted: Counted) -> Option<&Compared> {
        self.rows.iter().find(|row| row.quantity == quantity && row.counted == counted)
    }
}

/// A number as a table has it: two places, and two digits of what is less than a tenth.
fn number(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(0.0) => "0".into(),
        Some(value) if value < 0.1 => places(value, (1.0 - libm::floor(libm::log10(value))) as usize),
        Some(value) => places(value, 2),
    }
}

impl fmt::Display for Comparison {
    /// As a table, a line for each row, and the note below it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amplification, formula) = (say!("Amplification"), say!("formula of a full tree"));
        let (measured, estimate, full) = (say!("measured"), say!("estimate"), say!("full tree"));
        write!(f, "{amplification:<20} {measured:>9} {estimate:>9} {full:>9}  {formula}")?;
        for row in &self.rows {
            let [measured, estimate, expected] = row.numbers();
            let line = format!(
                "{:<20} {measured:>9} {estimate:>9} {expected:>9}  {}",
                row.name(),
                row.formula.as_deref().unwrap_or_default()
            );
            write!(f, "\n{}", line.trim_end())?;
        }
        let estimate = self.rows.iter().find_map(|row| row.estimate_formula.as_ref());
        if let Some(estimate) = estimate {
            write!(f, "\n{}", say!("The estimate is of the tree as it is now: {formula}.", formula = estimate))?;
        }
        if self.rows.iter().any(|row| row.expected.is_some()) {
            let of_full =
                say!("Of a full tree, RocksDB's formula is an upper bound, and the literature's has no constants.");
            write!(f, "\n{of_full}")?;
        }
        self.note.as_ref().map_or(Ok(()), |note| write!(f, "\n{note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{options::CompactionStyle, policy::testing::bytes_of_levels as tree};

    const MB: u64 = 1 << 20;

    fn measured() -> Measured {
        Measured {
            amplification: Amplification {
                write_rocksdb: Some(9.5),
                write_user: Some(11.0),
                read_runs: 3,
                space_rocksdb: Some(1.1),
            },
            space_live: Some(1.2),
            absent_get: Some(0.0083),
            is_whole: false,
        }
    }

    fn leveled() -> Options {
        Options { level_compaction_dynamic_level_bytes: false, ..Options::default() }
    }

    #[test]
    fn each_way_of_counting_stands_beside_its_own_formula() {
        // Level 0 is due with 256 MB, as many as level 1 holds.
        let compared = compare(&leveled(), &tree(&[64 * MB, 256 * MB, 2560 * MB]), &measured());
        let row = |quantity, counted| {
            let row = compared.row(quantity, counted).expect("it is among them");
            (row.measured, row.expected)
        };
        assert_eq!(row(Quantity::Write, Counted::Rocksdb), (Some(9.5), Some(13.0)));
        assert_eq!(row(Quantity::Write, Counted::Literature), (Some(11.0), Some(20.0)));
        assert_eq!(row(Quantity::Scan, Counted::Literature), (Some(3.0), Some(2.0)));
        assert_eq!(row(Quantity::AbsentGetMonkey, Counted::Literature).0, None);
        let text = compared.to_string();
        for line in [
            "write, RocksDB's          9.50         –     13.00  1 + (268435456 + 268435456) / 268435456 bytes \
             + 10 × 1 level below the base",
            "space, live               1.20         –      1.11  1 + 1 / 9",
            "absent get              0.0083         –     0.025  3 runs × e^(−10 bits × ln² 2)",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert_eq!(compared.note, None);
    }

    #[test]
    fn where_no_formula_applies_it_says_so() {
        for (style, what) in [(CompactionStyle::Fifo, "fifo"), (CompactionStyle::Full, "full")] {
            let options = Options { compaction_style: style, ..leveled() };
            let compared = compare(&options, &tree(&[64 * MB]), &measured());
            let write = compared.row(Quantity::Write, Counted::Rocksdb).expect("it was measured");
            assert_eq!((write.measured, write.expected), (Some(9.5), None));
            assert!(compared.row(Quantity::AbsentGet, Counted::Literature).is_some_and(|row| row.expected.is_some()));
            let text = compared.to_string();
            assert!(text.contains("write, RocksDB's          9.50         –         –\n"), "{text}");
            assert!(text.ends_with("do not apply.") && text.contains(&format!("compaction_style={what}")), "{text}");
        }
        let tiers = Options { compaction_style: CompactionStyle::Universal, ..leveled() };
        let compared = compare(&tiers, &tree(&[64 * MB]), &measured());
        assert_eq!(compared.row(Quantity::Write, Counted::Rocksdb).expect("measured").expected, None);
        assert!(compared.note.as_ref().is_some_and(|note| note.contains("for levels")));
    }

    #[test]
    fn space_by_what_is_alive_is_a_dash_where_nobody_knows_what_is() {
        let options = Options { compaction_style: CompactionStyle::Fifo, ..leveled() };
        let compared = compare(&options, &tree(&[64 * MB]), &Measured { space_live: None, ..measured() });
        let text = compared.to_string();
        assert!(text.lines().any(|line| line == "space, live                  –         –         –"), "{text}");
        assert!(text.ends_with("is not counted."), "{text}");
    }

    #[test]
    fn what_was_not_counted_and_cannot_be_expected_is_left_out() {
        let compared = compare(&leveled(), &Version::new(3), &Measured::default());
        assert_eq!(compared.rows, []);
        assert!(compared.to_string().contains("no tables yet"));
    }
}
