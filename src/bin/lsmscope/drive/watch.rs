//! The outputs of a running workload: the line of progress, the live view, the metrics, and keeping to a speed. They
//! use the wall clock; no result depends on it.

use std::{io, time::Duration};

use lsmscope::{
    Error, ErrorKind, Options,
    drive::{DriveProgress, DriveRun, prometheus},
    plural::grouped_count,
};

use super::{Arguments, live::Live, serve::Metrics};
use crate::{progress::ProgressLine, streams};

/// How often a person is shown something new.
const REFRESH: Duration = Duration::from_millis(100);

/// The speed of a live view, if none is asked for.
const LIVE_SPEED: f64 = 5.0;

/// Everything beside the run.
pub struct Watch {
    line: ProgressLine,
    shown: Option<Duration>,
    speed: Option<f64>,
    live: Option<Live>,
    metrics: Option<Metrics>,
    failure: Option<io::Error>,
    last: DriveProgress,
}

impl Watch {
    /// What `arguments` ask for.
    ///
    /// # Errors
    /// Metrics cannot be served there, or a live view needs a terminal.
    pub fn new(arguments: &Arguments, options: &Options) -> Result<Watch, Error> {
        let metrics = arguments.metrics_addr.as_deref().map(Metrics::listen).transpose()?;
        if let Some(metrics) = &metrics {
            metrics.publish(prometheus::text(&DriveRun::default(), &DriveProgress::default()));
        }
        let live = arguments.live.then(|| Live::open(options)).transpose()?;
        Ok(Watch {
            line: if live.is_none() { ProgressLine::new() } else { ProgressLine::new().hidden() },
            shown: None,
            speed: arguments.speed.or(live.as_ref().map(|_| LIVE_SPEED)),
            live,
            metrics,
            failure: None,
            last: DriveProgress::default(),
        })
    }

    /// Between two slices. Says whether the run is to go on.
    pub fn look(&mut self, run: &DriveRun, progress: &DriveProgress) -> bool {
        self.last = *progress;
        let looked = self.try_look(run, progress);
        looked.unwrap_or_else(|failure| {
            self.failure = Some(failure);
            false
        })
    }

    fn try_look(&mut self, run: &DriveRun, progress: &DriveProgress) -> io::Result<bool> {
        show(&mut self.line, progress);
        let elapsed = self.line.elapsed();
        if self.shown.is_none_or(|shown| elapsed >= shown + REFRESH) {
            self.shown = Some(elapsed);
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
    fn wait(&mut self, progress: &DriveProgress) -> io::Result<bool> {
        loop {
            let due = self.speed.map_or(Duration::ZERO, |speed| Duration::from_secs_f64(progress.millis / 1e3 / speed));
            let left = due.saturating_sub(self.line.elapsed()).min(REFRESH);
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
        self.line.clear();
        match self.failure.take() {
            Some(failure) => Err(Error::new(ErrorKind::Io, format!("the run was stopped: {failure}"))),
            None => Ok(()),
        }
    }

    /// Metrics are asked for after the run too: answers until the process is interrupted.
    ///
    /// # Errors
    /// The socket failed.
    pub fn serve_on(&mut self, run: &DriveRun) -> Result<(), Error> {
        let Some(metrics) = self.metrics.take() else { return Ok(()) };
        metrics.publish(prometheus::text(run, &DriveProgress { millis: run.millis, ..self.last }));
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

/// Draws how far a run has come.
pub fn show(line: &mut ProgressLine, progress: &DriveProgress) {
    line.show(progress.done, || {
        let operations = grouped_count(progress.operations, "operation");
        format!("{:.1} s virtual, {operations}", progress.millis / 1e3)
    });
}
