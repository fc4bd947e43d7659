//! Samples as comma-separated values: one row each, the columns of the demo driver in the teaching material, and behind
//! them write amplification as RocksDB counts it, with the bytes that it is made of.
//!
//! `ts_ms` is virtual, in milliseconds since the run began. `ops_*` count the operations since the row before; scans
//! count as gets there, because that is what range reads are in its mix. `sst_count_L*` and `sst_bytes_L*` are the
//! state at the row's time. `*_bytes` behind them are sums since the run began, as is
//! `write_amp = (flush_bytes + compaction_bytes) / flush_bytes`, which is empty before the first flush.

use std::fmt::Write;

use super::DriveSample;
use crate::metrics::Counters;

const COUNTED: &str = ",user_bytes,wal_bytes,flush_bytes,compaction_bytes,manifest_bytes,write_amp";

/// The first line for `levels` levels.
pub fn header(levels: usize) -> String {
    let mut line = String::from("ts_ms,ops_total,ops_put,ops_get,ops_del,memtable_bytes");
    for what in ["sst_count", "sst_bytes"] {
        (0..levels).for_each(|level| write!(line, ",{what}_L{level}").expect("writing to a string cannot fail"));
    }
    line + COUNTED
}

/// One line.
pub fn row(sample: &DriveSample) -> String {
    let DriveSample { ts_ms, ops, memtable_bytes, level_tables, level_bytes, counters: c, .. } = sample;
    let (total, get) = (ops.total(), ops.get + ops.scan);
    let mut line = format!("{ts_ms},{total},{},{get},{},{memtable_bytes}", ops.put, ops.del);
    for n in level_tables.iter().chain(level_bytes) {
        write!(line, ",{n}").expect("writing to a string cannot fail");
    }
    let Counters { user_bytes, wal_bytes, flush_bytes, compaction_bytes_written, manifest_bytes, .. } = c;
    let amplification = c.write_rocksdb().map_or(String::new(), |ratio| format!("{ratio:.3}"));
    let bytes = format!("{user_bytes},{wal_bytes},{flush_bytes},{compaction_bytes_written},{manifest_bytes}");
    format!("{line},{bytes},{amplification}")
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
