//! Finds the flushes and compactions that are due, and runs them ([`super::job`]).
//!
//! The engine keeps the error of a failed job ([`Engine::job_error`]), and tries the job again whenever a memtable is
//! sealed: a full or failing disk may have recovered, and a try that often costs little. A compaction that met damage
//! is the exception: its input stays damaged, so it waits until `flush` or `compact` is called; flushes go on
//! meanwhile.

use super::Engine;
use crate::{
    error::{Error, ErrorKind, Result},
    policy::{Compaction, Explanation},
    storage::Storage,
    trace::{SealReason, Tracer},
};

/// More compactions than one write can require; a policy that picks more loops.
const MAX_COMPACTIONS: usize = 10_000;

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Seals the active memtable and writes every sealed one to level 0; then whatever compactions that makes due. With
    /// `job_mode=scheduled`, virtual time passes until all of them are in the tree; compactions begin, and go on. Logs
    /// that an open found, and that hold nothing that is not in tables, are left behind: none of them is asked again.
    ///
    /// # Errors
    /// The job failed; nothing was lost, and it can be tried again.
    pub async fn flush(&mut self) -> Result<()> {
        self.check_writable()?;
        self.state.job_error = None;
        if self.state.active.len() > 0 {
            self.seal(SealReason::Asked).await?;
        }
        if self.state.immutables.is_empty() && self.live_logs() > 0 {
            self.leave_logs_behind().await?;
        }
        if self.is_scheduled() {
            return self.flush_in_time().await;
        }
        self.flush_immutables().await?;
        if self.options.job_mode != crate::options::JobMode::Manual {
            self.run_due_jobs().await;
        }
        self.state.job_error.clone().map_or(Ok(()), Err)
    }

    /// Compacts one level into the next, or everything into the last level that has data. Returns the number of
    /// compactions: 0 if there was nothing to do. The memtable stays. With `job_mode=scheduled`, virtual time passes
    /// until the running jobs and then these compactions are done.
    ///
    /// # Errors
    /// A job failed; nothing was lost, and it can be tried again. Or there is no such level.
    pub async fn compact(&mut self, level: Option<usize>) -> Result<usize> {
        // An edit must not build on one of which it is not known whether it is durable.
        self.check_writable()?;
        if let Some(level) = level.filter(|l| *l >= self.state.version.levels.len()) {
            let last = self.state.version.levels.len() - 1;
            return Err(Error::invalid(format!("there is no level {level}: levels go from 0 to {last}")));
        }
        self.state.job_error = None;
        let mut done = 0;
        while done < MAX_COMPACTIONS && self.compact_once(level).await? {
            done += 1;
            if level.is_some() {
                break;
            }
        }
        Ok(done)
    }

    /// The next compaction that was asked for; `false` if there is nothing left to do.
    async fn compact_once(&mut self, level: Option<usize>) -> Result<bool> {
        if self.is_scheduled() {
            return self.compact_in_time(level).await;
        }
        match self.policy().pick_manual(&*self.state.version, &self.options, &self.running(), level) {
            Some(picked) => self.run_compaction(picked).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Runs every job that is due. A failure is kept in `job_error`, and ends it.
    pub(super) async fn run_due_jobs(&mut self) {
        let met_damage = self.state.job_error.as_ref().is_some_and(|e| e.kind == ErrorKind::Corruption);
        for _ in 0..MAX_COMPACTIONS {
            if self.state.stopped.is_some() {
                return;
            }
            let waiting = self.state.immutables.len() as u64;
            let soft = waiting > 0 && self.memory_at(self.options.soft_limit_percent);
            let result = if waiting >= self.options.min_write_buffer_number_to_merge || soft {
                self.flush_immutables().await
            } else {
                let due = match self.options.disable_auto_compactions || met_damage {
                    true => None,
                    false => {
                        self.policy().pick(&*self.state.version, &self.options, &self.running(), Explanation::Full)
                    }
                };
                match due {
                    Some(compaction) => self.run_compaction(compaction).await,
                    None => {
                        self.state.jobs_unclear = false;
                        self.state.job_error.take_if(|_| !met_damage);
                        return;
                    }
                }
            };
            if result.is_err() {
                return;
            }
        }
    }

    /// Writes every sealed memtable into one table of level 0.
    pub(super) async fn flush_immutables(&mut self) -> Result<()> {
        match self.begin_flush().await? {
            Some(job) => self.finish_job(job).await,
            None => Ok(()),
        }
    }

    async fn run_compaction(&mut self, compaction: Compaction) -> Result<()> {
        let job = self.begin_compaction(compaction).await?;
        self.finish_job(job).await
    }
}
