//! The summary of a run in sentences: the answer of the command `drive`, and the output of `lsmscope drive`.

use super::{DriveMarkKind, DriveRun, Ops};
use crate::{
    metrics::ratio_text,
    plural::counted,
    policy::expected::{Counted, Quantity},
    words::{decimal, places, say},
};

impl DriveRun {
    /// What was done, and below it, a line each: what reads found, which jobs ran, how long writes were held up, how
    /// long operations took, the amplifications and what formulas expect of them.
    pub fn summary(&self) -> Vec<String> {
        let mut lines = self.told();
        lines.push(self.amplified());
        lines.push(say!(
            "as RocksDB counts it: {rocksdb}; with the log: {user}",
            rocksdb = self.counters.fraction_rocksdb(),
            user = self.counters.fraction_user(),
        ));
        lines
    }

    /// The summary but for the amplifications, for where [`compared`](DriveRun::compared) is shown in full.
    pub fn told(&self) -> Vec<String> {
        let Ops { put, get, del, scan, found, scanned } = self.ops;
        // Where it was stopped, that was at no round number.
        let seconds = decimal(&(self.millis.round() / 1e3).to_string());
        let parts = [
            (put, counted(put, "put")),
            (get, counted(get, "get")),
            (del, counted(del, "delete")),
            (scan, counted(scan, "scan")),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, part)| part).collect();
        let (done, parts) = (counted(self.ops.total(), "operation"), parts.join(", "));
        let mut lines = vec![if self.complete {
            say!("ok  {operations} in {seconds} s of virtual time: {parts}", operations = done, seconds, parts)
        } else {
            say!("stopped  {operations} in {seconds} s of virtual time: {parts}", operations = done, seconds, parts)
        }];
        if get + scan > 0 {
            let gets = counted(get, "get");
            lines.push(say!("{found} of {gets} found something, scans returned {scanned}", found, gets, scanned));
        }
        if self.loaded > 0 {
            lines.push(say!("{keys} were loaded before", keys = counted(self.loaded, "key")));
        }
        let of = |kind| self.count(kind) as u64;
        lines.push(say!(
            "{flushes}, {compactions} and {moves}, {stalls}",
            flushes = counted(of(DriveMarkKind::Flush), "flush"),
            compactions = counted(of(DriveMarkKind::Compaction), "compaction"),
            moves = counted(of(DriveMarkKind::Move), "move"),
            stalls = counted(of(DriveMarkKind::Stall), "stall"),
        ));
        if self.counters.stall_nanos > 0 {
            let waited = places(self.counters.stall_nanos as f64 / 1e9, 2);
            let writes = counted(self.counters.delays, "write");
            lines.push(say!("writes were held up for {waited} s, {writes} slowed down", waited, writes));
        }
        for (kind, latency) in self.latencies.named() {
            let percentiles = latency.percentiles();
            lines.extend(percentiles.map(|percentiles| say!("{kind} latency: {percentiles}", kind, percentiles)));
        }
        lines
    }

    fn amplified(&self) -> String {
        let a = &self.amplification;
        let number = |value| places(value, 2);
        let with_expected = |said: String, quantity, counted| {
            let expected = self.compared.row(quantity, counted).and_then(|row| row.expected).map(number);
            match (expected, counted) {
                (None, _) => said,
                (Some(value), Counted::Rocksdb) => say!("{said} (at most {value} with full levels)", said, value),
                (Some(value), Counted::Literature) => {
                    say!("{said} ({value} by the literature's formula, without constants)", said, value)
                }
            }
        };
        let estimate = self.compared.row(Quantity::Write, Counted::Rocksdb).and_then(|row| row.estimate);
        let mut write = say!("write amplification {ratio} as RocksDB counts it", ratio = ratio_text(a.write_rocksdb));
        if let Some(value) = estimate.map(number) {
            write = say!("{said}, {value} estimated for this tree", said = write, value);
        }
        let user = say!("{ratio} with the log", ratio = ratio_text(a.write_user));
        let runs = say!("{runs} to read", runs = counted(a.read_runs, "sorted run"));
        let space = say!("space amplification {ratio}", ratio = ratio_text(a.space_rocksdb));
        let live = self.compared.row(Quantity::Space, Counted::Literature).and_then(|row| row.measured).map(number);
        let live = live.map_or(String::new(), |value| {
            let live = say!("{value} by what is alive", value);
            format!(", {}", with_expected(live, Quantity::Space, Counted::Literature))
        });
        format!(
            "{}, {}; {}; {}{live}",
            with_expected(write, Quantity::Write, Counted::Rocksdb),
            with_expected(user, Quantity::Write, Counted::Literature),
            with_expected(runs, Quantity::Scan, Counted::Literature),
            with_expected(space, Quantity::Space, Counted::Rocksdb),
        )
    }
}
