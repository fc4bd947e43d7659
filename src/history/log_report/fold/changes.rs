//! Options that are changed while the database runs: by `SetOptions` of a column family, or `SetDBOptions`.
//!
//! In: the lines of a thread: what it was asked for, then whether that went well. Out: the options in force. What
//! failed changes nothing. Up to release 10, and from 11 on:
//!
//! ```text
//! SetOptions() on column family [default], inputs:    SetOptions() on [2] column families, inputs:
//! ttl: 60                                             Set options on column family [a] (1/2), inputs:
//! [default] SetOptions() succeeded                    ttl: 60
//!                                                     Set options on column family [a] (1/2) succeeded, updated …
//! ```
//!
//! (`DBImpl::SetOptions` and `DBImpl::SetDBOptions`, `db/db_impl/db_impl.cc`.)

use super::*;

/// What a thread was asked to change.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Whose options the lines that follow are: of a column family, or of the database.
    of: Option<Option<usize>>,
    /// Of whom, which option, and its value.
    options: Vec<(Option<usize>, String, String)>,
}

/// The most options that are changed at once.
const MAX_ASKED: usize = 200;

impl Fold {
    /// A line of a change. Returns whether it is one.
    pub(super) fn change(&mut self, line: &Line<'_>) -> bool {
        let message = line.message;
        let is_done = message.contains(" succeeded");
        let is_of_database = message.starts_with("SetDBOptions");
        if message.contains("SetOptions() failed") || (is_of_database && message.contains(" failed")) {
            self.thread(line.thread).asked = Asked::default();
        } else if let Some(rest) = message.strip_prefix("SetOptions() on column family [") {
            let Some((family, _)) = rest.split_once("], inputs:") else { return false };
            let family = self.family(family);
            self.thread(line.thread).asked = Asked { of: Some(Some(family)), options: Vec::new() };
        } else if message.starts_with("SetOptions() on [") {
            self.thread(line.thread).asked = Asked::default();
        } else if let Some(rest) = message.strip_prefix("Set options on column family [") {
            let Some((family, _)) = rest.rsplit_once("] (") else { return false };
            let family = self.family(family);
            if is_done {
                self.changed(line, Some(family))
            } else {
                self.thread(line.thread).asked.of = Some(Some(family))
            }
        } else if is_of_database && message.contains(", inputs:") {
            self.thread(line.thread).asked = Asked { of: Some(None), options: Vec::new() };
        } else if is_of_database && is_done {
            self.changed(line, None);
        } else if let Some((family, _)) = message.split_once("] SetOptions() succeeded") {
            let family = self.family(family.strip_prefix('[').unwrap_or(family));
            self.changed(line, Some(family));
        } else {
            return self.is_asked(line);
        }
        true
    }

    /// The option of a line, if its thread was asked to change some: `ttl: 60`.
    fn is_asked(&mut self, line: &Line<'_>) -> bool {
        let asked = &mut self.thread(line.thread).asked;
        let Some(of) = asked.of else { return false };
        let Some((name, value)) = line.message.split_once(": ").filter(|(name, _)| !name.contains(' ')) else {
            asked.of = None;
            return false;
        };
        let value = value.trim_end();
        if asked.options.len() < MAX_ASKED && OptionsInForce::keeps(of.is_some(), name, value) {
            asked.options.push((of, name.into(), shortened(value)));
        }
        true
    }

    /// What the thread was asked to change of a column family, or of the database, is in force.
    fn changed(&mut self, line: &Line<'_>, of: Option<usize>) {
        let asked = std::mem::take(&mut self.thread(line.thread).asked.options);
        let (changed, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(asked, ..)| *asked == of);
        self.thread(line.thread).asked = Asked { of: None, options: others };
        for (_, name, value) in changed {
            let family = of.map(|family| (family, &*self.families[family].report.name));
            self.options.names(line.micros, family, &name, &value);
        }
        self.slots = self.options.compaction_slots();
    }
}
