//! The charts as one HTML file that needs nothing else: no network, no other file. Light and dark, readable without its script,
//! which only adds a reading under the pointer and the CSV to save.

use std::fmt::Write;

use lsmscope::{
    Options,
    drive::{MarkKind, Run, csv},
    metrics::{
        compared::{Compared, Comparison},
        grouped,
        latency::{Percentiles, duration},
    },
    options::JobMode,
    workload::Workload,
};
use plotters::style::RGBColor;
use serde_json::json;

use super::chart::{DARK, PLOT, SIZE};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of `run`, headed with `title`, around the charts `svg`.
pub fn page(run: &Run, options: &Options, workload: &Workload, title: &str, svg: &str) -> String {
    let data = json!({
        "csv": csv::table(&run.samples, options.levels()),
        "plot": [PLOT.0, PLOT.1],
        "size": [SIZE.0, SIZE.1],
        "seconds": run.millis / 1e3,
        "times": run.samples.iter().map(|s| s.ts_ms).collect::<Vec<_>>(),
        "interval": workload.sample_ms,
        "read": run.samples.iter().map(reading).collect::<Vec<_>>(),
    });
    // In a script, only `<` could end it.
    let data = data.to_string().replace('<', "\\u003c");
    let mut out = String::new();
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{dark}</style>\n\
         <main>\n<h1>{title}</h1>\n<p class=\"lede\">{lede}</p>\n<dl class=\"facts\">{facts}</dl>\n\
         <figure id=\"charts\" role=\"img\" aria-label=\"Jobs and charts over virtual time; the CSV has the numbers\">\n{svg}<div id=\"reading\" hidden></div></figure>\n\
         <div class=\"tables\">{latencies}{amplification}</div>\n\
         <p><button id=\"save\" hidden>Save the samples as CSV</button></p>\n\
         <details><summary>How it was set</summary>\n{settings}</details>\n</main>\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>\n{SCRIPT}</script>\n</html>\n",
        title = escaped(title),
        dark = dark(),
        lede = lede(run, workload),
        facts = facts(run),
        latencies = latencies(run, options),
        amplification = amplification(&run.compared),
        settings = settings(options, workload),
    )
    .expect("writing to a string cannot fail");
    out
}

/// What stands under the pointer, for one sample.
fn reading(sample: &lsmscope::drive::Sample) -> serde_json::Value {
    let ops = &sample.ops;
    json!({
        "put": ops.put, "get": ops.get, "scan": ops.scan, "delete": ops.del,
        "memtable": sample.memtable_bytes, "tables": sample.level_tables, "bytes": sample.level_bytes,
    })
}

/// Each colour of the charts, as it is in the dark.
fn dark() -> String {
    let hex = |c: &RGBColor| format!("#{:02X}{:02X}{:02X}", c.0, c.1, c.2);
    let rule = |(light, dark): &(RGBColor, RGBColor)| {
        let (light, dark) = (hex(light), hex(dark));
        format!("  svg [fill=\"{light}\"] {{ fill: {dark}; }} svg [stroke=\"{light}\"] {{ stroke: {dark}; }}\n")
    };
    format!("@media (prefers-color-scheme: dark) {{\n{}}}\n", DARK.iter().map(rule).collect::<String>())
}

fn lede(run: &Run, workload: &Workload) -> String {
    let how = if run.complete { "" } else { ", stopped before its end" };
    format!(
        "{} operations in {} s of virtual time{how}; a sample every {} ms; seed {}.",
        grouped(run.ops.total()),
        run.millis / 1e3,
        workload.sample_ms,
        workload.seed
    )
}

fn facts(run: &Run) -> String {
    let seconds = (run.millis / 1e3).max(1e-9);
    let a = &run.amplification;
    let jobs = |kind| grouped(run.count(kind) as u64);
    [
        ("operations a second", grouped((run.ops.total() as f64 / seconds).round() as u64)),
        ("flushes", jobs(MarkKind::Flush)),
        ("compactions", jobs(MarkKind::Compaction)),
        ("moves", jobs(MarkKind::Move)),
        ("stalls", jobs(MarkKind::Stall)),
        ("held up", format!("{:.1} s", run.counters.stall_nanos as f64 / 1e9)),
        ("write amplification", format!("{:.2}", a.write_rocksdb)),
        ("with the log", format!("{:.2}", a.write_user)),
        ("sorted runs", grouped(a.read_runs)),
        ("space amplification", format!("{:.2}", a.space_rocksdb)),
    ]
    .iter()
    .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
    .collect()
}

/// Why nothing can be said of latencies, if nothing can.
pub fn without_latencies(options: &Options) -> Option<&'static str> {
    (options.job_mode != JobMode::Scheduled)
        .then_some("Operations take no time here, so there are no latencies: --async-compaction gives them some.")
}

fn latencies(run: &Run, options: &Options) -> String {
    if let Some(why) = without_latencies(options) {
        return format!("<p>{why}</p>\n");
    }
    let mut rows = String::new();
    for (kind, latency) in run.latencies.named() {
        let Some(percentiles) = latency.percentiles() else { continue };
        let cells = percentiles.named().map(|(_, nanos)| format!("<td>{}", duration(nanos))).concat();
        rows += &format!("<tr><th>{kind}<td>{}{cells}", grouped(percentiles.count));
    }
    let head = Percentiles::default().named().map(|(name, _)| format!("<th>{name}")).concat();
    format!(
        "<table class=\"numbers\"><caption>Latency, from when an operation was due to when it was done</caption>\
         <tr><th><th>operations{head}{rows}</table>\n"
    )
}

/// Amplification as it was counted, beside what formulas expect.
fn amplification(compared: &Comparison) -> String {
    let row = |row: &Compared| {
        let [measured, expected] = row.numbers();
        let formula = escaped(row.formula.as_deref().unwrap_or_default());
        format!("<tr><th>{}<td>{measured}<td>{expected}<td class=\"formula\">{formula}", row.name())
    };
    let note = compared.note.map_or(String::new(), |note| format!("<p>{note}</p>\n"));
    format!(
        "<table class=\"numbers\"><caption>Amplification, as it was counted and as formulas expect it</caption>\
         <tr><th><th>measured<th>expected<th class=\"formula\">formula{}</table>\n{note}",
        compared.rows.iter().map(row).collect::<String>()
    )
}

fn settings(options: &Options, workload: &Workload) -> String {
    let table = |title: &str, knobs: Vec<(String, String)>| {
        let row = |(name, value): &(String, String)| format!("<tr><th>{name}<td>{}", escaped(value));
        format!("<table><caption>{title}</caption>{}</table>\n", knobs.iter().map(row).collect::<String>())
    };
    let parameters = Workload::describe().into_iter().filter_map(|d| Some((d.name.to_string(), workload.get(d.name)?)));
    table("Options that are not RocksDB's defaults", options.changed()) + &table("The workload", parameters.collect())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsmscope::drive::{Ops, Sample};

    #[test]
    fn the_page_needs_nothing_else() {
        let sample = Sample { ts_ms: 500, ops: Ops { put: 7, ..Ops::default() }, ..Sample::default() };
        let run = Run { millis: 500.0, samples: vec![sample], complete: true, ..Run::default() };
        let options = lsmscope::options::preset("demo-recipe").unwrap();
        let svg = super::super::chart::svg(&run, 6, "t");
        let page = page(&run, &options, &Workload::default(), "1 < 2 & </script>", &svg);
        // Nothing is loaded from anywhere; names of XML namespaces are not addresses.
        let without_names = page.replace("http://www.w3.org/2000/svg", "");
        for reference in ["http:", "https:", "//cdn", "src=", "@import", "url(", "<link", "<iframe"] {
            assert!(!without_names.contains(reference), "{reference}");
        }
        assert!(page.contains("<h1>1 &lt; 2 &amp; &lt;/script&gt;</h1>"));
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(page.contains("ts_ms,ops_total,ops_put") && page.contains("write_buffer_size<td>200000"));
        assert!(page.contains("prefers-color-scheme: dark"));
    }
}
