//! `--live`: the run in the terminal: progress, memtable, levels, throughput, and the last jobs. `q` or Ctrl-C ends the
//! run.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use lsmscope::{
    Error, Options,
    drive::{DriveMark, DriveMarkKind, DriveProgress, DriveRun, DriveSample},
    metrics::ratio_text,
    plural::{counted, grouped, grouped_count},
};
use ratatui::{
    DefaultTerminal, Frame,
    crossterm::event::{self, Event, KeyCode, KeyModifiers},
    layout::{Constraint, Layout, Rect},
    style::{Color, Style},
    text::Line,
    widgets::{Block, Gauge, Paragraph, Row, Sparkline, Table},
};

/// The terminal, as long as it is ours.
pub struct Live {
    terminal: DefaultTerminal,
    options: Options,
}

impl Live {
    /// Takes the terminal.
    ///
    /// # Errors
    /// There is none.
    pub fn open(options: &Options) -> Result<Live, Error> {
        let failed =
            |what: &str| Error::invalid(format!("--live needs a terminal: {what}; --out-html FILE draws without"));
        if !io::stdout().is_terminal() {
            return Err(failed("standard output is none"));
        }
        let terminal = ratatui::try_init().map_err(|e| failed(&e.to_string()))?;
        Ok(Live { terminal, options: options.clone() })
    }

    /// Shows how things stand.
    ///
    /// # Errors
    /// The terminal failed.
    pub fn draw(&mut self, run: &DriveRun, progress: &DriveProgress) -> io::Result<()> {
        let options = &self.options;
        self.terminal.draw(|frame| draw(frame, run, progress, options))?;
        Ok(())
    }

    /// Waits up to `wait` for a key. Says whether the run is to go on.
    ///
    /// # Errors
    /// The terminal failed.
    pub fn goes_on(&mut self, wait: Duration) -> io::Result<bool> {
        if !event::poll(wait)? {
            return Ok(true);
        }
        let Event::Key(key) = event::read()? else { return Ok(true) };
        let is_interrupt = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
        Ok(!is_interrupt && !matches!(key.code, KeyCode::Char('q') | KeyCode::Esc))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // Not `restore`, which panics where standard error is closed.
        let _ = ratatui::try_restore();
    }
}

/// Everything, from top to bottom.
fn draw(frame: &mut Frame, run: &DriveRun, progress: &DriveProgress, options: &Options) {
    let levels = run.samples.last().map_or(1, levels_in_use);
    let rows = [
        Constraint::Length(3),
        Constraint::Length(3),
        // The first to go where there is little room.
        Constraint::Length(if frame.area().height < 22 { 0 } else { 5 }),
        Constraint::Length(levels as u16 + 3),
        Constraint::Min(3),
    ];
    let [time, memtable, throughput, tree, jobs] = Layout::vertical(rows).areas(frame.area());
    let (percent, seconds) = ((progress.done * 100.0).floor(), progress.millis / 1e3);
    let done = format!("{percent} %, {seconds:.1} s virtual, {}", grouped_count(progress.operations, "operation"));
    frame.render_widget(gauge("Run (q ends it)", progress.done, done, Color::Blue), time);
    let Some(sample) = run.samples.last() else { return };
    draw_memtable(frame, memtable, sample, options);
    draw_throughput(frame, throughput, &run.samples);
    draw_levels(frame, tree, run, sample, levels);
    draw_jobs(frame, jobs, run);
}

/// Levels down to the last that has tables.
fn levels_in_use(sample: &DriveSample) -> usize {
    sample.level_tables.iter().rposition(|tables| *tables > 0).map_or(1, |last| last + 1)
}

fn gauge(title: &str, ratio: f64, label: String, colour: Color) -> Gauge<'_> {
    Gauge::default()
        .block(Block::bordered().title(title))
        .ratio(ratio.clamp(0.0, 1.0))
        .label(label)
        .gauge_style(Style::new().fg(colour))
}

fn draw_memtable(frame: &mut Frame, area: Rect, sample: &DriveSample, options: &Options) {
    let most = options.write_buffer_size * (sample.immutables + 1);
    let waiting = match sample.immutables {
        0 => String::new(),
        n => format!(", {n} sealed"),
    };
    let label = format!("{} of {} bytes{waiting}", grouped(sample.memtable_bytes), grouped(most));
    let colour = if sample.immutables > 0 { Color::Yellow } else { Color::Green };
    frame.render_widget(gauge("Memtables", sample.memtable_bytes as f64 / most as f64, label, colour), area);
}

fn draw_throughput(frame: &mut Frame, area: Rect, samples: &[DriveSample]) {
    let width = usize::from(area.width.saturating_sub(2));
    let shown = &samples[samples.len().saturating_sub(width)..];
    let data: Vec<u64> = shown.iter().map(|s| s.ops.total()).collect();
    let title = format!("Operations in each sample (now {})", grouped(data.last().copied().unwrap_or(0)));
    frame.render_widget(Sparkline::default().block(Block::bordered().title(title)).data(data), area);
}

fn draw_levels(frame: &mut Frame, area: Rect, run: &DriveRun, sample: &DriveSample, levels: usize) {
    let most = sample.level_bytes.iter().copied().max().unwrap_or(0).max(1);
    let row = |(level, (tables, bytes)): (usize, (&u64, &u64))| {
        let bar = "█".repeat((*bytes as f64 / most as f64 * 30.0).ceil() as usize);
        Row::new([format!("L{level}"), grouped(*tables), grouped(*bytes), bar])
    };
    let rows = sample.level_tables.iter().zip(&sample.level_bytes).enumerate().take(levels).map(row);
    let widths = [Constraint::Length(4), Constraint::Length(8), Constraint::Length(16), Constraint::Min(10)];
    let header = Row::new(["", "tables", "bytes", ""]);
    let a = &run.amplification;
    let (write, space) = (ratio_text(a.write_rocksdb), ratio_text(a.space_rocksdb));
    let title = format!("Levels: write amplification {write}, space {space}");
    frame.render_widget(Table::new(rows, widths).header(header).block(Block::bordered().title(title)), area);
}

fn draw_jobs(frame: &mut Frame, area: Rect, run: &DriveRun) {
    let of = |kind, what| counted(run.count(kind) as u64, what);
    let mut lines = vec![Line::from(format!(
        "{}, {}, {}, {}",
        of(DriveMarkKind::Flush, "flush"),
        of(DriveMarkKind::Compaction, "compaction"),
        of(DriveMarkKind::Move, "move"),
        of(DriveMarkKind::Stall, "stall"),
    ))];
    let room = usize::from(area.height.saturating_sub(3));
    lines.extend(run.marks.iter().rev().take(room).map(|mark| Line::from(told(mark))));
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title("Jobs, newest first")), area);
}

/// A mark in words.
fn told(mark: &DriveMark) -> String {
    let at = mark.to_ms / 1e3;
    let what = match (mark.kind, mark.level, mark.output_level) {
        (DriveMarkKind::Flush, ..) => format!("flush, {} bytes to L0", grouped(mark.bytes)),
        (DriveMarkKind::Compaction, Some(from), Some(to)) => {
            format!("compaction L{from} to L{to}, {} bytes", grouped(mark.bytes))
        }
        (DriveMarkKind::Move, Some(from), Some(to)) => format!("move L{from} to L{to}"),
        (DriveMarkKind::Stall, ..) => "stall".to_string(),
        (DriveMarkKind::Slowdown, ..) => "slowdown".to_string(),
        _ => "compaction".to_string(),
    };
    match mark.to_ms - mark.from_ms {
        took if took > 0.0 => format!("{at:8.2} s  {what}, took {took:.1} ms"),
        _ => format!("{at:8.2} s  {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsmscope::drive::Ops;
    use ratatui::{Terminal, backend::TestBackend};

    #[test]
    fn the_view_shows_every_level_and_the_last_jobs() {
        let options = lsmscope::options::preset("demo-recipe").unwrap();
        let sample = DriveSample {
            ts_ms: 250,
            ops: Ops { put: 1250, ..Ops::default() },
            memtable_bytes: 100_000,
            level_tables: vec![2, 4, 0, 0, 0, 0],
            level_bytes: vec![400_000, 4_000_000, 0, 0, 0, 0],
            ..DriveSample::default()
        };
        let mark = DriveMark {
            kind: DriveMarkKind::Compaction,
            from_ms: 100.0,
            to_ms: 200.0,
            level: Some(0),
            output_level: Some(1),
            bytes: 1_234_567,
            reason: None,
        };
        let run = DriveRun { samples: vec![sample], marks: vec![mark], ..DriveRun::default() };
        let progress = DriveProgress { done: 0.25, millis: 250.0, operations: 1250, samples: 1 };
        let on = |width, height| {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| draw(frame, &run, &progress, &options)).unwrap();
            terminal.backend().to_string()
        };
        let screen = on(80, 24);
        for text in [
            "25 %, 0.2 s virtual, 1,250 operations",
            "100,000 of 200,000 bytes",
            "L0   2        400,000",
            "L1   4        4,000,000        ██████████████████████████████",
            "compaction L0 to L1, 1,234,567 bytes, took 100.0 ms",
        ] {
            assert!(screen.contains(text), "{text}\n{screen}");
        }
        assert!(!screen.contains("L2") && screen.contains("Operations in each sample"), "{screen}");
        // In a small window the levels and the jobs stay.
        let small = on(60, 16);
        assert!(
            small.contains("L1   4") && small.contains("0 flushes") && !small.contains("in each sample"),
            "{small}"
        );
    }
}
