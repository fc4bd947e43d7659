//! The work of an estimate in slices, so that a page can draw in between and report progress.
//!
//! In: a history, and sets of options. Out: progress, then the estimate of each set. Errors: those of the parts.

use std::{rc::Rc, sync::Arc};

use super::{
    FIRST_SEED, Speed, WhatIf, WhatIfEstimate, WhatIfOutcome,
    keys::{KeySearch, KeySpace, MAX_RUNS},
    run::{Ran, Run},
    sizes::EntrySizer,
    timed::TimedRun,
    writes::RecordedWrites,
};
use crate::{Options, error::Result, history::History};

/// One run, of a writer that waits or of one that does not.
pub(super) enum RunOnce {
    Waits(Box<Run>),
    OnTime(Box<TimedRun>),
}

impl RunOnce {
    pub fn new(
        writes: &Arc<RecordedWrites>,
        sizer: EntrySizer,
        keys: KeySpace,
        options: &Rc<Options>,
        speed: Speed,
        seed: u64,
    ) -> RunOnce {
        let run = Run::new(writes, sizer, keys, options, seed);
        match writes.pace {
            None => RunOnce::Waits(Box::new(run)),
            Some(pace) => RunOnce::OnTime(Box::new(TimedRun::new(run, pace, speed))),
        }
    }

    fn run(&self) -> &Run {
        match self {
            RunOnce::Waits(run) => run,
            RunOnce::OnTime(timed) => &timed.run,
        }
    }

    /// Goes on by at most `flushes`; returns whether those were the last.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn advance(&mut self, flushes: usize) -> Result<bool> {
        let writes = self.run().writes.clone();
        let from = self.run().flushes();
        for flush in writes.flushes[from..].iter().take(flushes) {
            match self {
                RunOnce::Waits(run) => run.flush_and_wait(flush)?,
                RunOnce::OnTime(timed) => timed.flush_on_time(flush)?,
            }
        }
        Ok(self.run().flushes() == writes.flushes.len())
    }

    /// What it came to, once all flushes are done.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn ran(mut self) -> Result<Ran> {
        let stalled = match &mut self {
            RunOnce::Waits(_) => None,
            RunOnce::OnTime(timed) => Some(timed.end()?),
        };
        Ok(self.run().ran(stalled))
    }
}

/// An estimate in progress: first of how many keys there are, then of each set of options.
pub struct WhatIfWork {
    writes: Arc<RecordedWrites>,
    sizer: EntrySizer,
    search: KeySearch,
    recorded: Rc<Options>,
    /// What is estimated, each with its outcomes so far, one of a draw.
    sets: Vec<(Rc<Options>, Speed, Vec<WhatIfOutcome>)>,
    draws: u64,
    run: Option<RunOnce>,
}

impl WhatIfWork {
    /// Of `history`: each of `sets` is to be estimated by `draws` draws of keys.
    ///
    /// # Errors
    /// The history does not tell what its tables hold, or has no flush.
    pub fn new(history: &History, sets: &[(Options, Speed)], draws: u64) -> Result<WhatIfWork> {
        let writes = RecordedWrites::of(history)?;
        Ok(WhatIfWork {
            sizer: EntrySizer::of(&writes),
            search: KeySearch::new(&writes),
            recorded: Rc::new(history.options.clone()),
            sets: sets.iter().map(|(options, speed)| (Rc::new(options.clone()), *speed, Vec::new())).collect(),
            draws,
            run: None,
            writes: Arc::new(writes),
        })
    }

    /// Goes on by at most `flushes`; returns whether all is estimated.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn advance(&mut self, flushes: usize) -> Result<bool> {
        let Some(mut run) = self.run.take().or_else(|| self.next_run()) else { return Ok(true) };
        if !run.advance(flushes)? {
            self.run = Some(run);
            return Ok(false);
        }
        let Ran { outcome, dropped } = run.ran()?;
        if !self.search.is_over() {
            self.search.tried(dropped);
        } else if let Some((.., outcomes)) = self.next_set() {
            outcomes.push(outcome);
        }
        Ok(self.search.is_over() && self.next_set().is_none())
    }

    fn next_set(&mut self) -> Option<&mut (Rc<Options>, Speed, Vec<WhatIfOutcome>)> {
        let draws = self.draws as usize;
        self.sets.iter_mut().find(|(.., outcomes)| outcomes.len() < draws)
    }

    fn next_run(&mut self) -> Option<RunOnce> {
        let keys = self.search.keys();
        let (options, speed, draw) = match self.search.is_over() {
            false => (self.recorded.clone(), Speed::AsRecorded, 0),
            true => self.next_set().map(|(options, speed, outcomes)| (options.clone(), *speed, outcomes.len()))?,
        };
        Some(RunOnce::new(&self.writes, self.sizer, keys, &options, speed, FIRST_SEED + draw as u64))
    }

    /// How many flushes are done, and of how many at most: the search for the number of keys may be over sooner.
    pub fn progress(&self) -> (usize, usize) {
        let flushes = self.writes.flushes.len();
        let drawn: usize = self.sets.iter().map(|(.., outcomes)| outcomes.len()).sum();
        let searched = if self.search.is_over() { MAX_RUNS } else { self.search.runs() } as usize;
        let now = self.run.as_ref().map_or(0, |run| run.run().flushes());
        let all = MAX_RUNS as usize + self.draws as usize * self.sets.len();
        ((searched + drawn) * flushes + now, all * flushes)
    }

    /// The estimates, in the order of the sets, once they are done.
    pub fn estimates(&self) -> Vec<WhatIfEstimate> {
        self.sets.iter().map(|(.., outcomes)| WhatIfEstimate::of(outcomes)).collect()
    }

    /// The writes, once the number of keys is known.
    pub fn what_if(&self) -> WhatIf {
        WhatIf { writes: self.writes.clone(), sizer: self.sizer, keys: self.search.keys() }
    }
}
