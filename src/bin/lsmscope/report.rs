//! Charts as one HTML file that needs nothing else: no network, no other file. Light and dark, readable without its
//! script, which only adds a reading under the pointer and the CSV to save.
//!
//! In: a [`Report`], which `drive` makes of a run and `sim` of a simulation. Out: HTML.

use std::fmt::Write;

use lsmscope::{
    Options,
    metrics::compared::{Compared, Comparison},
};
use plotters::style::RGBColor;
use serde_json::json;

use crate::{
    chart::{DARK, PLOT, Picture},
    html::{STYLE, escaped},
};

const OWN_STYLE: &str = include_str!("report/page.css");
const SCRIPT: &str = include_str!("report/page.js");

/// What stands in a report.
pub struct Report<'a> {
    /// What it is headed with.
    pub title: &'a str,
    /// One sentence below.
    pub lede: String,
    /// Numbers, by name.
    pub facts: Vec<(&'static str, String)>,
    /// The charts, and the same as SVG.
    pub picture: (&'a Picture<'a>, &'a str),
    /// The moments of the samples, in seconds, and what is read of each: some lines of text.
    pub readings: Vec<(f64, String)>,
    /// HTML below the charts.
    pub tables: String,
    /// What differed from the defaults, and the parameters: each a table with a caption.
    pub settings: Vec<(&'static str, Vec<(String, String)>)>,
    /// The samples, and the name of the file that they are saved as.
    pub csv: (String, &'static str),
}

impl Report<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let (picture, svg) = self.picture;
        let data = json!({
            "csv": self.csv.0,
            "name": self.csv.1,
            "plot": [PLOT.0, PLOT.1],
            "size": [picture.size().0, picture.size().1],
            "seconds": picture.seconds,
            "times": self.readings.iter().map(|(at, _)| at).collect::<Vec<_>>(),
            "read": self.readings.iter().map(|(_, text)| text).collect::<Vec<_>>(),
        });
        // In a script, only `<` could end it.
        let data = data.to_string().replace('<', "\\u003c");
        let mut out = String::new();
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}{OWN_STYLE}{dark}</style>\n\
             <main>\n<h1>{title}</h1>\n<p class=\"lede\">{lede}</p>\n<dl class=\"facts\">{facts}</dl>\n\
             <figure id=\"charts\" role=\"img\" aria-label=\"Jobs and charts over virtual time; the CSV has the \
             numbers\">\n{svg}<div id=\"reading\" hidden></div></figure>\n\
             <div class=\"tables\">{tables}</div>\n\
             <p><button id=\"save\" hidden>Save the samples as CSV</button></p>\n\
             <details><summary>How it was set</summary>\n{settings}</details>\n</main>\n\
             <script type=\"application/json\" id=\"data\">{data}</script>\n<script>\n{SCRIPT}</script>\n</html>\n",
            title = escaped(self.title),
            dark = dark(),
            lede = self.lede,
            facts = self
                .facts
                .iter()
                .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
                .collect::<String>(),
            tables = self.tables,
            settings = self.settings.iter().map(|(title, knobs)| settings(title, knobs)).collect::<String>(),
        )
        .expect("writing to a string cannot fail");
        out
    }
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

/// A table of numbers: a caption, the heads of its columns (the first column has none), and rows with a name each.
pub fn numbers(caption: &str, heads: &[&str], rows: &[(String, Vec<String>)]) -> String {
    let head = heads.iter().map(|head| format!("<th>{head}")).collect::<String>();
    let row = |(name, cells): &(String, Vec<String>)| {
        let cells = cells.iter().map(|cell| format!("<td>{cell}")).collect::<String>();
        format!("<tr><th>{name}{cells}")
    };
    format!(
        "<table class=\"numbers\"><caption>{caption}</caption><tr><th>{head}{}</table>\n",
        rows.iter().map(row).collect::<String>()
    )
}

/// Amplification as it was counted, beside what formulas expect.
pub fn amplification(compared: &Comparison) -> String {
    let row = |row: &Compared| {
        let [measured, estimate, expected] = row.numbers();
        let formula = escaped(row.formula.as_deref().unwrap_or_default());
        format!("<tr><th>{}<td>{measured}<td>{estimate}<td>{expected}<td class=\"formula\">{formula}", row.name())
    };
    let note = compared.note.as_ref().map_or(String::new(), |note| format!("<p>{note}</p>\n"));
    format!(
        "<table class=\"numbers\"><caption>Amplification, as it was counted, estimated for the tree as it is, and of a \
         full tree: by RocksDB's formula, an upper bound, and by the literature's, without constants</caption>\
         <tr><th><th>measured<th>estimate<th>full tree<th class=\"formula\">formula{}</table>\n{note}",
        compared.rows.iter().map(row).collect::<String>()
    )
}

/// The options as a table of settings.
pub fn options(options: &Options) -> (&'static str, Vec<(String, String)>) {
    ("Options that are not RocksDB's defaults", options.changed())
}

fn settings(title: &str, knobs: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| format!("<tr><th>{name}<td>{}", escaped(value));
    format!("<table><caption>{title}</caption>{}</table>\n", knobs.iter().map(row).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_needs_nothing_else_and_nothing_in_it_ends_its_script() {
        let picture = Picture { title: "t", seconds: 1.0, lanes: Vec::new(), panels: Vec::new() };
        let page = Report {
            title: "1 < 2 & </script>",
            lede: String::new(),
            facts: vec![("flushes", "3".into())],
            picture: (&picture, &picture.svg()),
            readings: vec![(0.5, "</script>".into())],
            tables: amplification(&Comparison::default()),
            settings: vec![options(&lsmscope::options::preset("demo-recipe").unwrap())],
            csv: ("ts_ms,ops_total".into(), "run.csv"),
        }
        .html();
        // Nothing is loaded from anywhere; names of XML namespaces are not addresses.
        let without_names = page.replace("http://www.w3.org/2000/svg", "");
        for reference in ["http:", "https:", "//cdn", "src=", "@import", "url(", "<link", "<iframe"] {
            assert!(!without_names.contains(reference), "{reference}");
        }
        assert!(page.contains("<h1>1 &lt; 2 &amp; &lt;/script&gt;</h1>"));
        assert_eq!(page.matches("</script>").count(), 2);
        assert!(page.contains("ts_ms,ops_total") && page.contains("write_buffer_size<td>200000"));
        assert!(page.contains("prefers-color-scheme: dark"));
    }
}
