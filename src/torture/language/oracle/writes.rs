//! The rules for the answer of a write.
//!
//! In: a line's batches and its answer. Out: the ledger with the acknowledged batches and those in doubt. Errors: the
//! broken rule.

use super::{Before, Oracle, kind, told};
use crate::{entry::SeqNo, script::Command, session::LineOutcome, torture::ops::Write};

impl Oracle {
    /// Checks a line that writes `batches`, one after the other.
    pub(super) fn write(
        &mut self,
        command: &Command,
        outcome: &LineOutcome,
        before: &Before,
        batches: Vec<Vec<Write>>,
    ) -> Result<(), String> {
        let Some(engine) = self.session.engine() else { return Err(told(outcome)) };
        let (acked, stopped) = (engine.acked_seq(), engine.stopped().is_some());
        if self.ledger.is_harmed() {
            return Ok(());
        }
        let Some(count) = acked.checked_sub(self.ledger.last()) else {
            return Err(format!("number {acked} is the last one, and there were {}", self.ledger.last()));
        };
        let mut sum = 0;
        let whole = batches.iter().take_while(|batch| {
            sum += batch.len() as SeqNo;
            sum <= count
        });
        let (done, rest) = batches.split_at(whole.count());
        if done.iter().map(|batch| batch.len() as SeqNo).sum::<SeqNo>() != count {
            return Err(format!("{count} writes were acknowledged, of {}; {}", batches.len(), told(outcome)));
        }
        match &outcome.error {
            None if before.stopped => return Err(format!("writes are stopped; {}", told(outcome))),
            None => {
                let is_driven = matches!(command, Command::Drive { .. });
                if !is_driven && (!rest.is_empty() || outcome.result() != says(command, acked)) {
                    return Err(format!("it should be {:?}; {}", says(command, acked), told(outcome)));
                }
            }
            Some(error) => {
                if !self.is_explained(kind(error), before, command) {
                    return Err(told(outcome));
                }
            }
        }
        self.ledger.acknowledged(done, &before.options);
        if outcome.error.is_some() && stopped && !before.stopped {
            self.ledger.doubt(&rest[..rest.len().min(1)]);
            self.torn = true;
        }
        Ok(())
    }
}

/// The answer of a write whose last sequence number is `last`.
fn says(command: &Command, last: SeqNo) -> String {
    let several = |count: u64, what: &str| match count {
        1 => format!("ok  1 {what}"),
        _ => format!("ok  {count} {what}s"),
    };
    match command {
        Command::Put { .. } => format!("ok  seq {last}"),
        Command::Delete { .. } => format!("ok  tombstone, seq {last}"),
        Command::Batch(ops) if ops.len() == 1 => format!("ok  1 write, seq {last}"),
        Command::Batch(ops) => {
            format!("{}, seq {} to {last}", several(ops.len() as u64, "write"), last + 1 - ops.len() as u64)
        }
        Command::Fill { count, .. } => format!("{}, seq {} to {last}", several(*count, "put"), last + 1 - count),
        _ => String::new(),
    }
}
