//! The summary of a run in sentences: the answer of the command `drive`, and the output of `lsmscope drive`.

use super::{DriveMarkKind, DriveRun, Ops};
use crate::{
    metrics::ratio_text,
    plural::counted,
    policy::expected::{Counted, Quantity},
};

impl DriveRun {
    /// What was done, and below it, a line each: what reads found, which jobs ran, how long writes were held up, how
    /// long operations took, the amplifications and what formulas expect of them.
    pub fn summary(&self) -> Vec<String> {
        let mut lines = self.told();
        lines.push(self.amplified());
        lines.push(format!(
            "as RocksDB counts it: {}; with the log: {}",
            self.counters.fraction_rocksdb(),
            self.counters.fraction_user()
        ));
        lines
    }

    /// The summary but for the amplifications, for where [`compared`](DriveRun::compared) is shown in full.
    pub fn told(&self) -> Vec<String> {
        let Ops { put, get, del, scan, found, scanned } = self.ops;
        let how = if self.complete { "ok " } else { "stopped " };
        // Where it was stopped, that was at no round number.
        let seconds = self.millis.round() / 1e3;
        let parts = [(put, "put"), (get, "get"), (del, "delete"), (scan, "scan")];
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n, what)).collect();
        let done = counted(self.ops.total(), "operation");
        let mut lines = vec![format!("{how} {done} in {seconds} s of virtual time: {}", parts.join(", "))];
        if get + scan > 0 {
            lines.push(format!("{found} of {} found something, scans returned {scanned}", counted(get, "get")));
        }
        if self.loaded > 0 {
            lines.push(format!("{} were loaded before", counted(self.loaded, "key")));
        }
        let of = |kind, what| counted(self.count(kind) as u64, what);
        lines.push(format!(
            "{}, {} and {}, {}",
            of(DriveMarkKind::Flush, "flush"),
            of(DriveMarkKind::Compaction, "compaction"),
            of(DriveMarkKind::Move, "move"),
            of(DriveMarkKind::Stall, "stall"),
        ));
        if self.counters.stall_nanos > 0 {
            let waited = self.counters.stall_nanos as f64 / 1e9;
            lines.push(format!(
                "writes were held up for {waited:.2} s, {} slowed down",
                counted(self.counters.delays, "write")
            ));
        }
        for (kind, latency) in self.latencies.named() {
            lines.extend(latency.percentiles().map(|percentiles| format!("{kind} latency: {percentiles}")));
        }
        lines
    }

    fn amplified(&self) -> String {
        let a = &self.amplification;
        let expected = |quantity, counted| {
            let value = self.compared.row(quantity, counted).and_then(|row| row.expected);
            value.map_or(String::new(), |value| match counted {
                Counted::Rocksdb => format!(" (at most {value:.2} with full levels)"),
                Counted::Literature => format!(" ({value:.2} by the literature's formula, without constants)"),
            })
        };
        let estimate = self.compared.row(Quantity::Write, Counted::Rocksdb).and_then(|row| row.estimate);
        let estimate = estimate.map_or(String::new(), |value| format!(", {value:.2} estimated for this tree"));
        let (rocksdb, user, space) =
            (ratio_text(a.write_rocksdb), ratio_text(a.write_user), ratio_text(a.space_rocksdb));
        let live = self.compared.row(Quantity::Space, Counted::Literature).and_then(|row| row.measured);
        let live = live.map_or(String::new(), |live| {
            format!(", {live:.2} by what is alive{}", expected(Quantity::Space, Counted::Literature))
        });
        format!(
            "write amplification {rocksdb} as RocksDB counts it{estimate}{}, {user} with the log{}; {} to read{}; \
             space amplification {space}{}{live}",
            expected(Quantity::Write, Counted::Rocksdb),
            expected(Quantity::Write, Counted::Literature),
            counted(a.read_runs, "sorted run"),
            expected(Quantity::Scan, Counted::Literature),
            expected(Quantity::Space, Counted::Rocksdb),
        )
    }
}
