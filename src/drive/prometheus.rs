//! Totals in Prometheus' text format, version 0.0.4: the answer to a scrape of `/metrics`.
//!
//! A ratio that is not defined yet has no sample. Names end in their unit, counters in `_total`, as
//! <https://prometheus.io/docs/practices/naming/> asks.

use std::fmt::{Display, Write};

use super::{DriveProgress, DriveRun, DriveSample, Ops};

/// The content type of an answer.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The totals of `run`, and the state at its last sample.
pub fn text(run: &DriveRun, progress: &DriveProgress) -> String {
    let mut out = Metrics::default();
    operations(&mut out, run);
    latencies(&mut out, run);
    let c = &run.counters;
    out.one("counter", "lsmscope_user_bytes_total", "Bytes of keys and values written.", c.user_bytes);
    out.one("counter", "lsmscope_wal_bytes_total", "Bytes appended to logs.", c.wal_bytes);
    out.one("counter", "lsmscope_wal_syncs_total", "Syncs of logs.", c.wal_syncs);
    out.one("counter", "lsmscope_flushes_total", "Flushes done.", c.flushes);
    out.one("counter", "lsmscope_flush_bytes_total", "Bytes of tables that flushes wrote.", c.flush_bytes);
    out.one("counter", "lsmscope_compactions_total", "Compactions done, moves included.", c.compactions);
    out.one("counter", "lsmscope_moves_total", "Compactions that rewrote nothing.", c.moves);
    out.one("counter", "lsmscope_compaction_read_bytes_total", "Bytes that compactions read.", c.compaction_bytes_read);
    let written = c.compaction_bytes_written;
    out.one("counter", "lsmscope_compaction_written_bytes_total", "Bytes that compactions wrote.", written);
    let manifest = "Bytes of version edits written to manifests.";
    out.one("counter", "lsmscope_manifest_bytes_total", manifest, c.manifest_bytes);
    out.one("counter", "lsmscope_stalls_total", "Writes that had to wait.", c.stalls);
    let seconds = progress.millis / 1e3;
    out.one("gauge", "lsmscope_virtual_time_seconds", "Virtual time since the run began.", seconds);
    if let Some(sample) = run.samples.last() {
        shape(&mut out, sample);
    }
    out.0
}

fn operations(out: &mut Metrics, run: &DriveRun) {
    let Ops { put, get, del, scan, .. } = run.ops;
    let name = "lsmscope_operations_total";
    out.family("counter", name, "Operations done.");
    for (kind, n) in [("put", put), ("get", get), ("delete", del), ("scan", scan)] {
        out.value(&format!("{name}{{kind=\"{kind}\"}}"), n);
    }
}

/// As a summary: quantiles, and what an average is made of. Nothing where operations take no time.
fn latencies(out: &mut Metrics, run: &DriveRun) {
    let name = "lsmscope_operation_latency_seconds";
    let seconds = |nanos: u64| nanos as f64 / 1e9;
    for (at, (kind, latency)) in run.latencies.named().enumerate() {
        if at == 0 {
            out.family("summary", name, "Virtual time from when an operation was due to when it was done.");
        }
        for quantile in [0.5, 0.95, 0.99, 0.999, 1.0] {
            let labels = format!("kind=\"{kind}\",quantile=\"{quantile}\"");
            out.value(&format!("{name}{{{labels}}}"), seconds(latency.quantile(quantile)));
        }
        out.value(&format!("{name}_sum{{kind=\"{kind}\"}}"), seconds(latency.sum()));
        out.value(&format!("{name}_count{{kind=\"{kind}\"}}"), latency.count());
    }
}

fn shape(out: &mut Metrics, sample: &DriveSample) {
    out.one("gauge", "lsmscope_memtable_bytes", "Bytes of all memtables.", sample.memtable_bytes);
    out.one("gauge", "lsmscope_immutable_memtables", "Memtables that wait for their flush.", sample.immutables);
    for (name, help, values) in [
        ("lsmscope_level_tables", "Tables of a level.", &sample.level_tables),
        ("lsmscope_level_bytes", "Bytes of a level's tables.", &sample.level_bytes),
    ] {
        out.family("gauge", name, help);
        for (level, n) in values.iter().enumerate() {
            out.value(&format!("{name}{{level=\"{level}\"}}"), n);
        }
    }
    let a = &sample.amplification;
    let name = "lsmscope_write_amplification_ratio";
    let write = [("rocksdb", a.write_rocksdb), ("user", a.write_user)];
    let write: Vec<_> = write.into_iter().filter_map(|(counted, ratio)| Some((counted, ratio?))).collect();
    if !write.is_empty() {
        out.family("gauge", name, "Bytes written by bytes that flushes (rocksdb) or the user (user) wrote.");
    }
    for (counted, ratio) in write {
        out.value(&format!("{name}{{counted=\"{counted}\"}}"), ratio);
    }
    out.one("gauge", "lsmscope_sorted_runs", "Sorted runs that a get may have to look into.", a.read_runs);
    if let Some(space) = a.space_rocksdb {
        out.one("gauge", "lsmscope_space_amplification_ratio", "All tables by the last level.", space);
    }
}

#[derive(Default)]
struct Metrics(String);

impl Metrics {
    fn family(&mut self, kind: &str, name: &str, help: &str) {
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}").expect("writing to a string cannot fail");
    }

    fn value(&mut self, name: &str, value: impl Display) {
        writeln!(self.0, "{name} {value}").expect("writing to a string cannot fail");
    }

    fn one(&mut self, kind: &str, name: &str, help: &str, value: impl Display) {
        self.family(kind, name, help);
        self.value(name, value);
    }
}
