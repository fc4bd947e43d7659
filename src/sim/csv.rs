//! SampleColumns and jobs as CSV: a line of names, then a line for each moment, or for each job.

use std::fmt::Write;

use super::{Simulation, recent_spans::SimulatedJob, sample_columns::SampleColumns};
use crate::runtime::{WorkKind, clock::seconds};

/// A number as short as it can be read back, but no finer than a millionth; empty where it is not defined.
pub(crate) fn number(x: f64) -> String {
    if x.is_nan() {
        return String::new();
    }
    // Of bytes, a millionth would leave the digits of a float.
    let rounded = if x.fract() == 0.0 { x } else { (x * 1e6).round() / 1e6 };
    format!("{rounded}")
}

impl SampleColumns {
    /// As CSV: `at` and the other columns, then `sst_count_L0…`, `sst_bytes_L0…`.
    pub fn csv(&self) -> String {
        let columns = self.columns();
        let names = columns.iter().map(|(name, ..)| (*name).to_string());
        let tables = (0..self.tables.len()).map(|level| format!("sst_count_L{level}"));
        let bytes = (0..self.bytes.len()).map(|level| format!("sst_bytes_L{level}"));
        let mut csv = names.chain(tables).chain(bytes).collect::<Vec<_>>().join(",");
        for at in 0..self.at.len() {
            csv.push('\n');
            let levels = self.tables.iter().chain(&self.bytes).map(|level| level[at]);
            let line: Vec<String> = columns.iter().map(|(.., values)| values[at]).chain(levels).map(number).collect();
            csv.push_str(&line.join(","));
        }
        csv.push('\n');
        csv
    }
}

impl Simulation {
    /// Every flush, compaction and move that is kept, as CSV. Times are in seconds.
    pub fn jobs_csv(&self) -> String {
        let mut csv = String::from("job,kind,from_level,to_level,began,ended,read,written,inputs,outputs,rule\n");
        for span in self.job_spans().since(0) {
            let SimulatedJob { job, to_level, read, written, inputs, outputs, rule, .. } = *span;
            let kind = match (span.kind, span.is_move) {
                (_, true) => "move",
                (WorkKind::Flush, _) => "flush",
                _ => "compaction",
            };
            let from = span.from_level.map_or(String::new(), |level| level.to_string());
            let (began, ended) =
                (number(seconds(span.began)), span.ended.map_or(String::new(), |e| number(seconds(e))));
            writeln!(csv, "{job},{kind},{from},{to_level},{began},{ended},{read},{written},{inputs},{outputs},{rule}")
                .expect("a string takes any text");
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_is_written_with_six_places_and_whole_ones_as_they_are() {
        assert_eq!([number(1.0 / 3.0), number(-0.25), number(f64::NAN)], ["0.333333", "-0.25", ""]);
        for bytes in [674_813_718_503_u64, 1 << 52, 0] {
            assert_eq!(number(bytes as f64), bytes.to_string());
        }
    }
}
