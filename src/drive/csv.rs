//! Samples as comma-separated values: one row each, and the columns of the demo driver in the teaching material.
//!
//! `ts_ms` is virtual, in milliseconds since the run began. `ops_*` count the operations since the row before; scans
//! count as gets there, because that is what range reads are in its mix. `sst_count_L*` and `sst_bytes_L*` are the
//! state at the row's time.

use std::fmt::Write;

use super::DriveSample;

/// The first line for `levels` levels.
pub fn header(levels: usize) -> String {
    let mut line = String::from("ts_ms,ops_total,ops_put,ops_get,ops_del,memtable_bytes");
    for what in ["sst_count", "sst_bytes"] {
        (0..levels).for_each(|level| write!(line, ",{what}_L{level}").expect("writing to a string cannot fail"));
    }
    line
}

/// One line.
pub fn row(sample: &DriveSample) -> String {
    let DriveSample { ts_ms, ops, memtable_bytes, level_tables, level_bytes, .. } = sample;
    let (total, get) = (ops.total(), ops.get + ops.scan);
    let mut line = format!("{ts_ms},{total},{},{get},{},{memtable_bytes}", ops.put, ops.del);
    for n in level_tables.iter().chain(level_bytes) {
        write!(line, ",{n}").expect("writing to a string cannot fail");
    }
    line
}

/// Everything: header and rows, each with its line's end.
pub fn table(samples: &[DriveSample], levels: usize) -> String {
    let mut text = header(levels) + "\n";
    for sample in samples {
        text += &row(sample);
        text.push('\n');
    }
    text
}
