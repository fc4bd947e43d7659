//! The progress of a long run and the time left: one line on a terminal, drawn over by the next.
//!
//! In: how much is done, of how much. Out: `\r 12 %  what, 1:05 left` on standard error, if that is a terminal; nothing
//! otherwise. The one place of the command that looks at a clock for it: nothing else that is written depends on one.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use super::streams;

/// How often a person is shown something new.
const REFRESH: Duration = Duration::from_millis(200);

/// Draws over the line.
const CLEAR: &str = "\r\x1b[K";

/// The line of a run.
#[derive(Debug)]
pub struct ProgressLine {
    begun: Instant,
    /// When it was last drawn.
    shown: Option<Duration>,
    is_terminal: bool,
}

impl ProgressLine {
    /// Of a run that begins now.
    #[expect(clippy::disallowed_methods, reason = "a person wants to know how long it still takes")]
    pub fn new() -> ProgressLine {
        ProgressLine { begun: Instant::now(), shown: None, is_terminal: io::stderr().is_terminal() }
    }

    /// The same, which draws nothing: something else has the terminal.
    pub fn hidden(self) -> ProgressLine {
        ProgressLine { is_terminal: false, ..self }
    }

    /// How long the run has taken so far.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// `share` of the run is done, from 0 to 1: draws the line, if that is worth it yet.
    pub fn show(&mut self, share: f64, what: impl FnOnce() -> String) {
        let elapsed = self.elapsed();
        self.draw(elapsed, || line(share, elapsed, &what()));
    }

    /// The same of a run that lasts until a moment.
    pub fn show_until(&mut self, end: Duration, what: impl FnOnce() -> String) {
        let elapsed = self.elapsed();
        self.draw(elapsed, || format!("{}, {} left", what(), minutes(end.saturating_sub(elapsed))));
    }

    fn draw(&mut self, elapsed: Duration, text: impl FnOnce() -> String) {
        // Not at once: of most runs, there is nothing to wait for.
        if self.is_terminal && elapsed >= self.shown.unwrap_or_default() + REFRESH {
            self.shown = Some(elapsed);
            streams::progress(format_args!("{CLEAR}{}", text()));
        }
    }

    /// Nothing is drawn any more, until the next time.
    pub fn clear(&mut self) {
        if self.shown.take().is_some() {
            streams::progress(CLEAR);
        }
    }
}

/// The text of a run of which `share` is done after `elapsed`. Without an idea of the rest before anything is done.
fn line(share: f64, elapsed: Duration, what: &str) -> String {
    // Nothing of nothing is no number.
    let share = if share > 0.0 { share.min(1.0) } else { 0.0 };
    // Not so near to nothing that the time left is past all numbers.
    let left = if share > 1e-6 { elapsed.mul_f64((1.0 - share) / share) } else { Duration::MAX };
    let left = if left == Duration::MAX { "?".to_string() } else { minutes(left) };
    format!("{:3.0} %  {what}, {left} left", (share * 100.0).floor())
}

/// Minutes and seconds, or hours as well.
fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_is_done_and_how_long_the_rest_takes() {
        let text = |share, seconds| line(share, Duration::from_secs(seconds), "200 s simulated");
        assert_eq!(text(0.25, 20), " 25 %  200 s simulated, 1:00 left");
        assert_eq!(text(0.5, 7200), " 50 %  200 s simulated, 2:00:00 left");
        assert_eq!(text(0.999, 1000), " 99 %  200 s simulated, 0:01 left");
        assert_eq!(text(1.0, 5), "100 %  200 s simulated, 0:00 left");
        assert_eq!(text(0.0, 5), "  0 %  200 s simulated, ? left");
        assert_eq!(text(f64::NAN, 5), "  0 %  200 s simulated, ? left");
    }

    #[test]
    fn nothing_is_drawn_where_there_is_no_terminal() {
        let mut progress = ProgressLine { begun: ProgressLine::new().begun, shown: None, is_terminal: false };
        progress.show(0.5, || unreachable!("not asked for"));
        progress.show_until(Duration::ZERO, || unreachable!("not asked for"));
        assert_eq!(progress.shown, None);
    }
}
