//! The allowed answers of a read: the newest write that it may see, or any earlier one after tables were dropped or
//! damaged.
//!
//! In: the ledger of writes, and the text that `get` or `scan` answers. Errors: the answer is not allowed.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use crate::{
    entry::{SeqNo, text},
    script::word,
    torture::ops::Write,
};

/// The newest write of a key: its sequence number, and its value unless it is a delete.
type Newest<'a> = (SeqNo, Option<&'a [u8]>);

/// The writes that a reader sees.
pub(super) struct View<'a> {
    ledger: &'a Ledger,
    at: SeqNo,
    newest: BTreeMap<&'a [u8], Newest<'a>>,
}

/// A range of keys, as `scan` takes it.
pub(super) struct Range<'a> {
    pub start: Option<&'a [u8]>,
    pub end: Option<&'a [u8]>,
    pub limit: u64,
    pub reverse: bool,
}

impl Range<'_> {
    fn has(&self, key: &[u8]) -> bool {
        self.start.is_none_or(|start| key >= start) && self.end.is_none_or(|end| key <= end)
    }

    /// Whether `a` comes before `b`.
    fn orders(&self, a: &[u8], b: &[u8]) -> bool {
        if self.reverse { a > b } else { a < b }
    }
}

impl<'a> View<'a> {
    /// The view at sequence number `at`.
    pub fn new(ledger: &'a Ledger, at: SeqNo) -> View<'a> {
        let mut newest = BTreeMap::new();
        for (write, seq) in ledger.writes().iter().zip(1..=at) {
            match write {
                Write::Put(key, value) => newest.insert(key.as_slice(), (seq, Some(value.as_slice()))),
                Write::Delete(key) => newest.insert(key.as_slice(), (seq, None)),
            };
        }
        View { ledger, at, newest }
    }

    /// The only right answer for `key`; `None` if older ones are allowed too.
    fn exact(&self, key: &[u8]) -> Option<Newest<'a>> {
        let newest = self.newest.get(key).copied().unwrap_or((0, None));
        // A key without a write must be absent, unless files were damaged.
        let is_exact = newest.0 > self.ledger.dropped() || newest.0 == 0 && !self.ledger.is_harmed();
        is_exact.then_some(newest)
    }

    /// Whether a write of `value` to `key` is visible to this reader.
    fn was_written(&self, key: &[u8], value: &[u8]) -> bool {
        if self.ledger.is_harmed() {
            return self.ledger.ever().get(key).is_some_and(|values| values.contains(value));
        }
        let writes = self.ledger.writes();
        let seen = &writes[..writes.len().min(self.at as usize)];
        seen.iter().any(|write| matches!(write, Write::Put(k, v) if k == key && v == value))
    }

    /// `result` without the note that FIFO compaction has dropped entries of the snapshot. The note is an error if no
    /// tables were dropped.
    fn without_loss<'t>(&self, result: &'t str) -> Result<&'t str, String> {
        match result.split_once("; FIFO compaction has dropped ") {
            Some(_) if self.ledger.dropped() == 0 => Err(format!("nothing was dropped: {result:?}")),
            Some((result, _)) => Ok(result),
            None => Ok(result),
        }
    }

    /// Checks the answer of a `get` of `key`: its result, and its whole text.
    pub fn check_get(&self, key: &[u8], result: &str, whole: &str) -> Result<(), String> {
        let result = if result.starts_with("not found: ") { self.without_loss(result)? } else { result };
        let absent = result.strip_prefix("not found: ");
        match (self.exact(key), absent) {
            (Some((seq, Some(value))), None) if result == text(value) => {
                let note = format!("\nseq {seq}, in ");
                if whole.contains(&note) {
                    Ok(())
                } else {
                    Err(format!("it does not say that it is number {seq}: {whole}"))
                }
            }
            (Some((seq, None)), Some(why)) => {
                let is_right = why == "no version of the key" || why == format!("deleted at seq {seq}");
                if is_right { Ok(()) } else { Err(format!("it was deleted by write {seq}: {result}")) }
            }
            (Some((seq, value)), _) => {
                let wanted = value.map_or("absent".to_string(), text);
                Err(format!("it answers {result:?}, should be {wanted:?} as of write {seq}"))
            }
            (None, Some(_)) => Ok(()),
            (None, None) => {
                let values = self.ledger.ever().get(key).into_iter().flatten();
                let written = values.filter(|value| text(value) == result).any(|value| self.was_written(key, value));
                if written { Ok(()) } else { Err(format!("it answers {result:?}, which was never written to it")) }
            }
        }
    }

    /// Checks the answer of a `scan`.
    pub fn check_scan(&self, range: &Range<'_>, result: &str) -> Result<(), String> {
        let ever = self.ledger.ever().iter().flat_map(|(key, values)| values.iter().map(move |value| (key, value)));
        let said: BTreeMap<String, (&[u8], &[u8])> = ever
            .filter(|(key, _)| range.has(key))
            .map(|(key, value)| (format!("{} = {}", word(key), word(value)), (key.as_slice(), value.as_slice())))
            .collect();
        let result = if result.starts_with("no entries; ") { self.without_loss(result)? } else { result };
        let lines = result.lines().filter(|_| result != "no entries");
        let mut last: Option<&[u8]> = None;
        let mut count = 0;
        for line in lines {
            let Some(&(key, value)) = said.get(line) else {
                return Err(format!("it answers {line:?}, which was never written in that range"));
            };
            if last.is_some_and(|last| !range.orders(last, key)) {
                return Err(format!("{line:?} is not in order"));
            }
            self.check_missing(range, last, Some(key))?;
            match self.exact(key) {
                Some((_, Some(wanted))) if wanted == value => {}
                Some((seq, wanted)) => {
                    let wanted = wanted.map_or("absent".to_string(), text);
                    return Err(format!("it answers {line:?}, should be {wanted:?} as of write {seq}"));
                }
                None if self.was_written(key, value) => {}
                None => return Err(format!("it answers {line:?}, which this reader must not see")),
            }
            (last, count) = (Some(key), count + 1);
        }
        match count {
            _ if count > range.limit => Err(format!("it answers {count} entries, and the limit is {}", range.limit)),
            _ if count == range.limit => Ok(()),
            _ => self.check_missing(range, last, None),
        }
    }

    /// Checks that no key between `after` and `before` must be in the answer.
    fn check_missing(&self, range: &Range<'_>, after: Option<&[u8]>, before: Option<&[u8]>) -> Result<(), String> {
        let between = |key: &[u8]| {
            range.has(key)
                && after.is_none_or(|after| range.orders(after, key))
                && before.is_none_or(|before| range.orders(key, before))
        };
        match self.newest.keys().find(|key| between(key) && matches!(self.exact(key), Some((_, Some(_))))) {
            Some(key) => Err(format!("it leaves out {}", word(key))),
            None => Ok(()),
        }
    }
}
