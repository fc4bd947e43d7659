//! What goes on beside a run: the line of progress, the live view, the metrics, and keeping to a speed. The one place of `drive`
//! that looks at a clock; nothing that is written depends on it.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use lsmscope::{
    Error, ErrorKind, Options,
    drive::{Progress, Run, prometheus},
    metrics::grouped_count,
};

use super::{Arguments, live::Live, serve::Metrics};
use crate::streams;

/// How often a person is shown something new.
const REFRESH: Duration = Duration::from_millis(100);

/// The speed of a live view, if none is asked for.
const LIVE_SPEED: f64 = 5.0;

/// Everything beside the run.
pub struct Watch {
    begun: Instant,
    shown: Option<Duration>,
    speed: Option<f64>,
    live: Option<Live>,
    metrics: Option<Metrics>,
    terminal: bool,
    failure: Option<io::Error>,
    last: Progress,
}

impl Watch {
    /// What `arguments` ask for.
    ///
    /// # Errors
    /// Metrics cannot be served there, or a live view needs a terminal.
    #[allow(clippy::disallowed_methods, reason = "a person wants to know how long it still takes")]
    pub fn new(arguments: &Arguments, options: &Options) -> Result<Watch, Error> {
        let metrics = arguments.metrics_addr.as_deref().map(Metrics::listen).transpose()?;
        if let Some(metrics) = &metrics {
            metrics.publish(prometheus::text(&Run::default(), &Progress::default()));
        }
        let live = arguments.live.then(|| Live::open(options)).transpose()?;
        Ok(Watch {
            begun: Instant::now(),
            shown: None,
            speed: arguments.speed.or(live.as_ref().map(|_| LIVE_SPEED)),
            terminal: live.is_none() && io::stderr().is_terminal(),
            live,
            metrics,
            failure: None,
            last: Progress::default(),
        })
    }

    /// Between two slices. Says whether the run is to go on.
    pub fn look(&mut self, run: &Run, progress: &Progress) -> bool {
        self.last = *progress;
        let looked = self.try_look(run, progress);
        looked.unwrap_or_else(|failure| {
            self.failure = Some(failure);
            false
        })
    }

    fn try_look(&mut self, run: &Run, progress: &Progress) -> io::Result<bool> {
        let elapsed = self.begun.elapsed();
        if self.shown.is_none_or(|shown| elapsed >= shown + REFRESH) {
            self.shown = Some(elapsed);
            if self.terminal {
                show(progress, elapsed);
            }
            if let Some(live) = &mut self.live {
                live.draw(run, progress)?;
            }
            if let Some(metrics) = &self.metrics {
                metrics.publish(prometheus::text(run, progress));
            }
        }
        self.wait(progress)
    }

    /// Listens to the keyboard, and waits until the run may go on at its speed.
    fn wait(&mut self, progress: &Progress) -> io::Result<bool> {
        loop {
            let due = self.speed.map_or(Duration::ZERO, |speed| Duration::from_secs_f64(progress.millis / 1e3 / speed));
            let left = due.saturating_sub(self.begun.elapsed()).min(REFRESH);
            let goes_on = match &mut self.live {
                Some(live) => live.goes_on(left)?,
                None => {
                    pause(left);
                    true
                }
            };
            if !goes_on || left.is_zero() {
                return Ok(goes_on);
            }
        }
    }

    /// The run is over: the terminal is as it was.
    ///
    /// # Errors
    /// The terminal failed meanwhile.
    pub fn end(&mut self) -> Result<(), Error> {
        drop(self.live.take());
        if self.terminal {
            streams::progress("\r\x1b[K");
        }
        match self.failure.take() {
            Some(failure) => Err(Error::new(ErrorKind::Io, format!("the run was stopped: {failure}"))),
            None => Ok(()),
        }
    }

    /// Metrics are asked for after the run too: answers until the process is interrupted.
    ///
    /// # Errors
    /// The socket failed.
    pub fn serve_on(&mut self, run: &Run) -> Result<(), Error> {
        let Some(metrics) = self.metrics.take() else { return Ok(()) };
        metrics.publish(prometheus::text(run, &Progress { millis: run.millis, ..self.last }));
        streams::tell("the run is over; its metrics stay until Ctrl-C");
        let failure = metrics.wait();
        Err(Error::new(ErrorKind::Io, format!("cannot serve metrics any more: {failure}")))
    }
}

#[allow(clippy::disallowed_methods, reason = "a person asked for a speed; nothing that is written depends on it")]
fn pause(time: Duration) {
    if !time.is_zero() {
        std::thread::sleep(time);
    }
}

/// One line on a terminal.
fn show(progress: &Progress, elapsed: Duration) {
    let left = match progress.done {
        done if done > 0.0 => elapsed.mul_f64((1.0 - done) / done).as_secs(),
        _ => 0,
    };
    let (percent, operations) = (progress.done * 100.0, grouped_count(progress.operations, "operation"));
    let time = progress.millis / 1e3;
    let (minutes, rest) = (left / 60, left % 60);
    streams::progress(format_args!(
        "\r\x1b[K{percent:3.0} %  {time:.1} s virtual, {operations}, {minutes}:{rest:02} left"
    ));
}
