//! The charts of the page, over the log's own time: jobs as lanes, stalls, tables on level 0, bytes that were written,
//! write amplification, bytes by level.
//!
//! In: a report. Out: one SVG, coloured by the classes of the page.

use std::fmt::Write;

use lsmscope::{
    figure::label::size,
    history::log_report::{LogJob, LogJobKind, LogPeriod, LogReport, duration},
};

use crate::html::escaped;

/// The width of the picture, and where the plots are in it.
const WIDTH: f64 = 1200.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 1185.0;

/// The height of a plot, of a lane, and between plots.
const PLOT: f64 = 90.0;
const LANE: f64 = 11.0;
const GAP: f64 = 34.0;

/// The most lanes, jobs and columns that are drawn.
const MAX_LANES: usize = 16;
const MAX_DRAWN: usize = 3_000;
const COLUMNS: usize = 500;

/// The picture.
pub fn chart(report: &LogReport) -> String {
    if report.span() == 0 {
        return String::new();
    }
    let mut chart = Chart { report, out: String::new(), y: 18.0, periods: report.at_most_periods(COLUMNS) };
    chart.jobs();
    chart.stalls();
    chart.level0();
    chart.written();
    chart.amplification();
    chart.levels();
    let height = chart.y + 8.0;
    let label = "Jobs, stalls, level 0, bytes written, write amplification and levels over time; the sentences above \
                 and the tables below say the same";
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{label}\">\n{axis}{out}</svg>\n",
        axis = axis(report, chart.y),
        out = chart.out
    )
}

/// Lines and times through all plots.
fn axis(report: &LogReport, bottom: f64) -> String {
    const STEPS: [u64; 15] = [1, 2, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000];
    let span = report.span() / 1_000_000;
    let step = STEPS.iter().copied().find(|step| span / step <= 10).unwrap_or(span / 10 + 1) * 1_000_000;
    let mut out = String::new();
    let mut at = report.from.next_multiple_of(step);
    while at <= report.until {
        let x = x(report, at);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"22\" y2=\"{bottom:.0}\"/>\
             <text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            bottom + 2.0,
            report.clock().time(at)
        );
        at += step;
    }
    out
}

fn x(report: &LogReport, at: u64) -> f64 {
    let share = at.saturating_sub(report.from) as f64 / report.span() as f64;
    LEFT + share.min(1.0) * (RIGHT - LEFT)
}

struct Chart<'a> {
    report: &'a LogReport,
    out: String,
    /// The top of the next plot.
    y: f64,
    periods: Vec<LogPeriod>,
}

impl Chart<'_> {
    fn title(&mut self, title: &str) {
        let _ = writeln!(self.out, "<text class=\"title\" x=\"{LEFT}\" y=\"{:.0}\">{title}</text>", self.y);
        self.y += 6.0;
    }

    /// Ends a plot: its scale, at the left.
    fn scale(&mut self, most: &str) {
        let (top, bottom) = (self.y, self.y + PLOT);
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{:.0}\" text-anchor=\"end\">{most}</text>\
             <text x=\"{x}\" y=\"{bottom:.0}\" text-anchor=\"end\">0</text>\
             <line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{bottom:.0}\" y2=\"{bottom:.0}\"/>",
            top + 10.0,
            x = LEFT - 6.0
        );
        self.y = bottom + GAP;
    }

    fn jobs(&mut self) {
        self.title("Jobs: a bar for each flush and each compaction");
        let mut jobs: Vec<&LogJob> = self.report.jobs.iter().filter(|job| job.kind != LogJobKind::Move).collect();
        if jobs.len() > MAX_DRAWN {
            jobs.sort_by_key(|job| std::cmp::Reverse(job.until - job.from));
            jobs.truncate(MAX_DRAWN);
            jobs.sort_by_key(|job| (job.from, job.job));
        }
        for kind in [LogJobKind::Flush, LogJobKind::Compaction] {
            let mut lanes: Vec<u64> = Vec::new();
            for job in jobs.iter().filter(|job| job.kind == kind) {
                let free = lanes.iter().position(|until| *until <= job.from);
                let lane = match free {
                    Some(lane) => lane,
                    None if lanes.len() < MAX_LANES => {
                        lanes.push(0);
                        lanes.len() - 1
                    }
                    None => continue,
                };
                lanes[lane] = job.until;
                self.job(job, self.y + lane as f64 * LANE);
            }
            self.y += lanes.len() as f64 * LANE + 3.0;
        }
        self.y += GAP - 10.0;
    }

    fn job(&mut self, job: &LogJob, y: f64) {
        let (from, until) = (x(self.report, job.from), x(self.report, job.until));
        let (class, name) = match job.kind {
            LogJobKind::Flush => ("flush", "flush".to_string()),
            _ => ("merge", format!("compaction into {}, {} read", job.level_name(), size(job.read_bytes))),
        };
        let family = self.report.families.get(job.family).map_or("", |family| family.name.as_str());
        let title = format!(
            "{} {name}, {} written, {}, {} [{family}]",
            self.report.clock().time(job.from),
            size(job.bytes),
            duration(job.until - job.from),
            job.reason
        );
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\">\
             <title>{}</title></rect>",
            (until - from).max(0.8),
            LANE - 2.0,
            escaped(&title)
        );
    }

    /// A bar of each period: `of` is from 0 to 1, above `base`.
    fn bars(&mut self, class: &str, of: impl Fn(&LogPeriod) -> (f64, f64)) {
        let periods = std::mem::take(&mut self.periods);
        for (index, period) in periods.iter().enumerate() {
            let (base, height) = of(period);
            if height <= 0.0 {
                continue;
            }
            let until = periods.get(index + 1).map_or(self.report.until, |next| next.from);
            let (from, until) = (x(self.report, period.from), x(self.report, until));
            let _ = writeln!(
                self.out,
                "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                self.y + PLOT * (1.0 - (base + height).min(1.0)),
                (until - from).max(0.8),
                PLOT * height.min(1.0)
            );
        }
        self.periods = periods;
    }

    /// A curve with the value of each period, as steps.
    fn curve(&mut self, most: f64, of: impl Fn(&LogPeriod) -> Option<f64>) {
        let mut path = String::new();
        for (index, period) in self.periods.iter().enumerate() {
            let Some(value) = of(period) else { continue };
            let until = self.periods.get(index + 1).map_or(self.report.until, |next| next.from);
            let y = self.y + PLOT * (1.0 - (value / most.max(1e-9)).min(1.0));
            let letter = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{letter}{:.1} {y:.1}H{:.1}", x(self.report, period.from), x(self.report, until));
        }
        let _ = writeln!(self.out, "<path class=\"curve\" d=\"{path}\"/>");
    }

    fn stalls(&mut self) {
        if self.report.stalls.episode_count == 0 {
            return;
        }
        self.title("Share of the time in which writes were stopped (red) or limited (amber)");
        let lengths: Vec<u64> = self.periods.iter().map(|period| period.from).collect();
        let length =
            lengths.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(self.report.span()).max(1) as f64;
        let share = move |micros: u64| micros as f64 / length;
        self.bars("stop", move |period| (0.0, share(period.stopped_micros)));
        self.bars("limit", move |period| {
            (share(period.stopped_micros), share(period.stalled_micros.saturating_sub(period.stopped_micros)))
        });
        self.scale("100 %");
    }

    fn level0(&mut self) {
        let most = self.periods.iter().map(|period| period.level0_max).max().unwrap_or(0);
        self.title("Most tables on level 0; dashed: where writes are limited and stopped");
        self.curve(most as f64, |period| Some(period.level0_max as f64));
        for name in ["level0_slowdown_writes_trigger", "level0_stop_writes_trigger"] {
            // 0 and -1 are off.
            let limits = self
                .report
                .families
                .iter()
                .filter_map(|family| family.options.get(name)?.parse::<f64>().ok().filter(|n| *n > 0.0));
            let lowest = limits.fold(f64::MAX, f64::min);
            if lowest <= most as f64 {
                let y = self.y + PLOT * (1.0 - lowest / most as f64);
                let _ = writeln!(
                    self.out,
                    "<line class=\"mark\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
                );
            }
        }
        self.scale(&most.to_string());
    }

    fn written(&mut self) {
        let all = |period: &LogPeriod| period.flushed_bytes.saturating_add(period.compacted_bytes);
        let most = self.periods.iter().map(all).max().unwrap_or(0);
        let seconds =
            self.periods.windows(2).map(|pair| pair[1].from - pair[0].from).next().unwrap_or(self.report.span());
        let title = format!(
            "Written by flushes (green) and compactions (blue), when they ended: in each {}",
            duration(seconds)
        );
        self.title(&title);
        let share = move |bytes: u64| bytes as f64 / most.max(1) as f64;
        self.bars("flush", move |period| (0.0, share(period.flushed_bytes)));
        self.bars("merge", move |period| (share(period.flushed_bytes), share(period.compacted_bytes)));
        self.scale(&size(most));
    }

    fn amplification(&mut self) {
        let (mut flushed, mut all) = (0_u64, 0_u64);
        let values: Vec<(u64, f64)> = self
            .periods
            .iter()
            .filter_map(|period| {
                flushed = flushed.saturating_add(period.flushed_bytes);
                all = all.saturating_add(period.flushed_bytes).saturating_add(period.compacted_bytes);
                (flushed > 0).then(|| (period.from, all as f64 / flushed as f64))
            })
            .collect();
        let most = values.iter().map(|(_, times)| *times).fold(0.0, f64::max);
        self.title("Write amplification since the beginning of the log");
        self.curve(most, |period| values.iter().find(|(from, _)| *from == period.from).map(|(_, times)| *times));
        self.scale(&format!("{most:.1}"));
    }

    fn levels(&mut self) {
        let all = |period: &LogPeriod| period.level_bytes.iter().copied().fold(0, u64::saturating_add);
        let most = self.periods.iter().map(all).max().unwrap_or(0);
        if most == 0 {
            return;
        }
        self.title("Bytes by level, the deepest below, of the tables of which the log tells");
        let levels = self.periods.iter().map(|period| period.level_bytes.len()).max().unwrap_or(0);
        for level in 0..levels {
            let below = move |period: &LogPeriod| {
                period.level_bytes.iter().skip(level + 1).copied().fold(0, u64::saturating_add) as f64 / most as f64
            };
            let opacity = 0.3 + 0.7 * level as f64 / levels.max(1) as f64;
            let _ = writeln!(self.out, "<g opacity=\"{opacity:.2}\">");
            self.bars("merge", move |period| {
                (below(period), period.level_bytes.get(level).copied().unwrap_or(0) as f64 / most as f64)
            });
            let _ = writeln!(self.out, "</g>");
        }
        self.scale(&size(most));
    }
}
