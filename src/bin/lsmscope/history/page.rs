//! `--out-html`: a report as one page that needs nothing else, and no script.
//!
//! In: a report. Out: HTML, light and dark. All texts of a log are escaped: none of it becomes HTML.

use std::fmt::Write;

use lsmscope::{
    history::log_report::{LogFamily, LogFinding, LogReport},
    plural::grouped,
};

use super::{page_chart, tables};
use crate::html::{STYLE, escaped};

const OWN_STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(report: &LogReport, whose: &str) -> String {
    let title = escaped(&format!("What happened: {whose}"));
    let sentences = report.sentences();
    let (first, rest) = sentences.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let findings: String = report.findings.iter().map(of_finding).collect();
    let rest: String =
        rest.iter().skip(report.findings.len()).map(|said| format!("<p>{}</p>\n", escaped(said))).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{OWN_STYLE}</style>\n\
         <main>\n<h1>{title}</h1>\n<p class=\"lede\">{lede}</p>\n\
         <ol class=\"findings\">\n{findings}</ol>\n{rest}{chart}{families}{text}{options}</main>\n</html>\n",
        lede = escaped(first),
        chart = page_chart::chart(report),
        families = families(report),
        text = as_text(report, whose),
        options = options(report),
    )
}

/// Sentences and tables, as the command prints them: levels, stalls and jobs in numbers.
fn as_text(report: &LogReport, whose: &str) -> String {
    let text = escaped(&tables::text(report, whose));
    format!("<details><summary>In numbers: levels, stalls, the slowest jobs</summary>\n<pre>{text}</pre></details>\n")
}

fn of_finding(finding: &LogFinding) -> String {
    let mut out = format!("<li><p><strong>{}</strong></p>\n", escaped(&finding.says));
    for part in [&finding.cause, &finding.remedy].into_iter().filter(|part| !part.is_empty()) {
        let _ = writeln!(out, "<p>{}</p>", escaped(part));
    }
    for option in &finding.try_options {
        let now = option.now.as_ref().map_or(String::new(), |now| format!(" (now {now})"));
        let _ = writeln!(
            out,
            "<p class=\"try\">try <code>{} = {}</code>{}</p>",
            escaped(&option.name),
            escaped(&option.to),
            escaped(&now)
        );
    }
    out + "</li>\n"
}

fn families(report: &LogReport) -> String {
    let heads = [
        "flushes",
        "flushed",
        "compactions",
        "compacted",
        "moves",
        "write amplification",
        "stopped",
        "limited",
        "on level 0, half of the time",
        "most on level 0",
    ];
    let head: String = heads.iter().map(|head| format!("<th>{head}")).collect();
    let row = |family: &LogFamily| {
        let level0 = [grouped(family.level0_median), grouped(family.level0_max)];
        let cells = tables::family_cells(family).into_iter().chain(level0);
        format!("<tr><th>{}{}", escaped(&family.name), cells.map(|cell| format!("<td>{cell}")).collect::<String>())
    };
    let rows: String = report.families.iter().map(row).collect();
    format!("<table><caption>By column family</caption><tr><th>{head}{rows}</table>\n")
}

fn options(report: &LogReport) -> String {
    let row = |(name, value): (&String, &String)| format!("<tr><th>{}<td>{}", escaped(name), escaped(value));
    let mut out = String::from("<details><summary>Options in force at the end</summary>\n");
    let database: String = report.options.iter().map(row).collect();
    let _ = writeln!(out, "<table><caption>Database</caption>{database}</table>");
    for family in &report.families {
        let of_family: String = family.options.iter().map(row).collect();
        let _ = writeln!(out, "<table><caption>{}</caption>{of_family}</table>", escaped(&family.name));
    }
    out + "</details>\n"
}
