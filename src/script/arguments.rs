//! Parses the arguments of a command: keys, numbers and keywords, in the command's order.
//!
//! In: the words of a line, and the command's help. Out: a [`Command`]. Errors: the wrong or missing word, what is
//! expected there, and the command's usage.

use super::{
    BatchOp, Command, OptionChange, ScriptError,
    help::{self, CommandHelp},
    numbers::{MAX_WAIT_DAYS, is_beyond_all_files, is_whole_number, seconds_by_default, time_of},
    word::Word,
};
use std::ops::RangeInclusive;

use crate::{
    entry::{MAX_KEY_LEN, MAX_VALUE_LEN, text},
    error::excerpt,
    options::{Options, from_to, is_unit},
    runtime::clock::SECOND,
    storage::{FileId, fault::Keep},
    words::{said, say, to_say},
};

/// The maximum number of entries of one `fill`; `drive` writes more.
const MAX_FILL: u64 = 1_000_000;

const A_KEY: &str = to_say!("a key");
const A_VALUE: &str = to_say!("a value");
const A_SEED: &str = to_say!("a seed: a whole number");

/// The words after a command's name, and the next one to parse.
pub(super) struct Arguments<'a> {
    line: &'a str,
    help: &'static CommandHelp,
    words: std::vec::IntoIter<Word>,
    /// The end of the last parsed word: the place of an error about a missing one.
    end: usize,
}

impl<'a> Arguments<'a> {
    /// The arguments of the command in `words`, whose first word is its name.
    pub fn new(line: &'a str, help: &'static CommandHelp, words: Vec<Word>) -> Arguments<'a> {
        let mut arguments = Arguments { line, help, words: words.into_iter(), end: 0 };
        arguments.next();
        arguments
    }

    /// Parses all arguments.
    pub fn command(mut self) -> Result<Command, ScriptError> {
        let command = match self.help.name {
            "put" => Command::Put { key: self.key()?, value: self.value()? },
            "get" => Command::Get { key: self.key()?, at: self.snapshot_if_any()? },
            "delete" => Command::Delete { key: self.key()? },
            "scan" => self.scan()?,
            "batch" => self.batch()?,
            "flush" => Command::Flush,
            "compact" => Command::Compact { level: self.level_if_any()? },
            "snapshot" => Command::Snapshot,
            "release" => Command::Release { snapshot: self.snapshot()? },
            "wait" => self.wait()?,
            "fill" => self.fill()?,
            "drive" => self.drive()?,
            "stats" => Command::Stats,
            "jobs" => Command::Jobs,
            "tables" => Command::Tables,
            "verify" => Command::Verify,
            "options" => self.options()?,
            "reopen" => Command::Reopen,
            "crash" => self.crash()?,
            "disk" => self.disk()?,
            "flip" => self.flip()?,
            "help" => self.topic()?,
            _ => Command::Exit,
        };
        match self.next() {
            None => Ok(command),
            Some(extra) => Err(self.too_many(extra.start)),
        }
    }

    fn next(&mut self) -> Option<Word> {
        let word = self.words.next()?;
        self.end = word.end;
        Some(word)
    }

    fn peek(&self) -> Option<&Word> {
        self.words.as_slice().first()
    }

    fn usage(&self) -> String {
        say!("Write: {usage}   for example: {example}", usage = self.help.usage, example = self.help.example)
    }

    /// The error of a word that is not what is `expected`, a text that [`said`] says.
    fn wrong(&self, word: &Word, expected: &'static str) -> ScriptError {
        let (shown, expected) = (excerpt(&self.line[word.place()]), said(expected, &[]));
        let message = say!("{word} is not {expected}", word = shown, expected);
        ScriptError::new(self.line, word.place(), message, self.usage())
    }

    /// The error of a word of the right form whose value is outside `limits`.
    fn out_of_range(&self, word: &Word, limits: &str) -> ScriptError {
        let shown = excerpt(&self.line[word.place()]);
        let message = say!("{word} is out of range: the limits are {limits}", word = shown, limits);
        ScriptError::new(self.line, word.place(), message, self.usage())
    }

    fn missing(&self, what: &'static str) -> ScriptError {
        let message = say!("{command} needs {what}", command = self.help.name, what = said(what, &[]));
        ScriptError::new(self.line, self.end..self.end, message, self.usage())
    }

    fn too_many(&self, start: usize) -> ScriptError {
        let end = self.words.as_slice().last().map_or(self.end, |word| word.end);
        let message = match self.help.name {
            "put" => say!("put takes one key and one value: quote a value that has spaces"),
            name => say!("{name} takes no more than this", name),
        };
        ScriptError::new(self.line, start..end, message, self.usage())
    }

    fn key(&mut self) -> Result<Vec<u8>, ScriptError> {
        match self.next() {
            None => Err(self.missing(A_KEY)),
            Some(word) => self.checked_key(word),
        }
    }

    fn value(&mut self) -> Result<Vec<u8>, ScriptError> {
        let Some(word) = self.next() else { return Err(self.missing(A_VALUE)) };
        if word.bytes.len() <= MAX_VALUE_LEN {
            return Ok(word.bytes);
        }
        let (most, n) = (MAX_VALUE_LEN, word.bytes.len());
        Err(self.too_long(&word, most, say!("a value may have up to {most} bytes; this one has {n}", most, n)))
    }

    fn checked_key(&self, word: Word) -> Result<Vec<u8>, ScriptError> {
        if word.bytes.len() <= MAX_KEY_LEN {
            return Ok(word.bytes);
        }
        let (most, n) = (MAX_KEY_LEN, word.bytes.len());
        Err(self.too_long(&word, most, say!("a key may have up to {most} bytes; this one has {n}", most, n)))
    }

    fn too_long(&self, word: &Word, most: usize, message: String) -> ScriptError {
        ScriptError::new(self.line, word.place(), message, say!("Shorten it to {most} bytes or fewer.", most))
    }

    fn number(&mut self, expected: &'static str) -> Result<u64, ScriptError> {
        self.number_from(expected, 0..=u64::MAX)
    }

    /// A number in `range`.
    fn number_from(&mut self, expected: &'static str, range: RangeInclusive<u64>) -> Result<u64, ScriptError> {
        match self.next() {
            None => Err(self.missing(expected)),
            Some(word) => self.number_in(&word, word.keyword(), expected, range),
        }
    }

    /// Parses `text`, which is `word` or a part of it, as a number.
    fn number_in(
        &self,
        word: &Word,
        text: Option<&str>,
        expected: &'static str,
        range: RangeInclusive<u64>,
    ) -> Result<u64, ScriptError> {
        let digits = text.ok_or_else(|| self.wrong(word, expected))?.replace('_', "");
        match digits.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            // Digits that do not fit 64 bits are a number out of range.
            Err(_) if !is_whole_number(&digits) => Err(self.wrong(word, expected)),
            _ => Err(self.out_of_range(word, &from_to(range.start(), range.end()))),
        }
    }

    fn number_if_any(&mut self, expected: &'static str) -> Result<Option<u64>, ScriptError> {
        if self.peek().is_none() { Ok(None) } else { self.number(expected).map(Some) }
    }

    /// A level: `2`, or `L2` as in answers and on the page.
    fn level_if_any(&mut self) -> Result<Option<u64>, ScriptError> {
        let Some(word) = self.next() else { return Ok(None) };
        let digits = word.keyword().map(|text| text.strip_prefix(['L', 'l']).unwrap_or(text));
        self.number_in(&word, digits, to_say!("a level: a whole number, such as 1 or L1"), 0..=u64::MAX).map(Some)
    }

    /// A snapshot to read from: `@2`.
    fn snapshot_if_any(&mut self) -> Result<Option<u64>, ScriptError> {
        let is_snapshot = self.peek().and_then(Word::keyword).is_some_and(|text| text.starts_with('@'));
        if is_snapshot { self.snapshot().map(Some) } else { Ok(None) }
    }

    /// A snapshot: `@2`, or `2`.
    fn snapshot(&mut self) -> Result<u64, ScriptError> {
        let expected = to_say!("the number of a snapshot, such as 1");
        let Some(word) = self.next() else { return Err(self.missing(expected)) };
        let digits = word.keyword().map(|text| text.strip_prefix('@').unwrap_or(text));
        self.number_in(&word, digits, expected, 0..=u64::MAX)
    }

    fn scan(&mut self) -> Result<Command, ScriptError> {
        let mut keys: Vec<Word> = Vec::new();
        let (mut limit, mut reverse, mut at) = (None, false, None);
        while let Some(word) = self.peek() {
            match word.keyword() {
                Some("limit") if limit.is_none() => {
                    self.next();
                    limit = Some(self.number(to_say!("a limit: a whole number"))?);
                }
                Some("reverse") if !reverse => {
                    self.next();
                    reverse = true;
                }
                Some(text) if text.starts_with('@') && at.is_none() => at = self.snapshot_if_any()?,
                _ if keys.len() < 2 => keys.extend(self.next()),
                _ => {
                    let start = word.start;
                    return Err(self.too_many(start));
                }
            }
        }
        if let [start, end] = &keys[..]
            && start.bytes > end.bytes
        {
            return Err(ScriptError::new(
                self.line,
                start.start..end.end,
                say!(
                    "the range begins at {start}, after its end {end}",
                    start = excerpt(&text(&start.bytes)),
                    end = excerpt(&text(&end.bytes)),
                ),
                say!("Give the smaller key first; add reverse to see the entries from the last to the first."),
            ));
        }
        let mut keys = keys.into_iter().map(|word| self.checked_key(word));
        let (start, end) = (keys.next().transpose()?, keys.next().transpose()?);
        Ok(Command::Scan { start, end, limit, reverse, at })
    }

    fn batch(&mut self) -> Result<Command, ScriptError> {
        let mut ops = Vec::new();
        loop {
            // An extra `;` is ignored.
            while self.peek().is_some_and(|word| word.is(";")) {
                self.next();
            }
            let Some(word) = self.next() else { break };
            ops.push(match word.keyword() {
                Some("put") => {
                    BatchOp::Put { key: self.part(A_KEY, Self::key)?, value: self.part(A_VALUE, Self::value)? }
                }
                Some("delete" | "del") => BatchOp::Delete { key: self.part(A_KEY, Self::key)? },
                _ => return Err(self.wrong(&word, to_say!("put or del"))),
            });
            if let Some(extra) = self.peek().filter(|word| !word.is(";")) {
                let message = say!("the next write of a batch begins after a ;");
                return Err(ScriptError::new(self.line, extra.place(), message, self.usage()));
            }
        }
        if ops.is_empty() { Err(self.missing(to_say!("at least one write"))) } else { Ok(Command::Batch(ops)) }
    }

    /// A word of a batch's write, which ends at the next `;`.
    fn part(
        &mut self,
        what: &'static str,
        read: impl FnOnce(&mut Self) -> Result<Vec<u8>, ScriptError>,
    ) -> Result<Vec<u8>, ScriptError> {
        match self.peek() {
            Some(word) if word.is(";") => Err(self.missing(what)),
            _ => read(self),
        }
    }

    fn wait(&mut self) -> Result<Command, ScriptError> {
        let expected = to_say!("a time such as 500ms, 10s, 5m, 1h, 2d or 3w");
        let Some(word) = self.next() else { return Err(self.missing(expected)) };
        match word.keyword().and_then(time_of) {
            None => Err(self.wrong(&word, expected)),
            Some(None) => Err(self.out_of_range(&word, &from_to(&"0s", &format!("{MAX_WAIT_DAYS}d")))),
            Some(Some(nanos)) => Ok(Command::Wait { nanos }),
        }
    }

    /// Removes `anyway` from the end of the line. Returns whether it was there.
    fn anyway(&mut self) -> bool {
        let found = self.words.as_slice().last().is_some_and(|word| word.is("anyway"));
        found.then(|| self.words.next_back()).is_some()
    }

    fn fill(&mut self) -> Result<Command, ScriptError> {
        let anyway = self.anyway();
        let count = self.number_from(to_say!("a number of entries from 1 to 1000000"), 1..=MAX_FILL)?;
        let mut seed = None;
        if let Some(word) = self.next() {
            if !word.is("seed") {
                return Err(self.wrong(&word, to_say!("the word seed")));
            }
            seed = Some(self.number(A_SEED)?);
        }
        Ok(Command::Fill { count, seed, anyway })
    }

    fn drive(&mut self) -> Result<Command, ScriptError> {
        let anyway = self.anyway();
        let mut changes = Vec::new();
        if let Some(word) = self.peek().filter(|word| !word.bytes.contains(&b'=')).cloned() {
            self.next();
            let expected = to_say!("a time such as 10s or 5m, or name=value");
            let seconds = word.keyword().and_then(|text| {
                let (digits, unit) = seconds_by_default(text)?;
                let nanos = digits.parse::<f64>().ok()? * unit as f64;
                Some(nanos / SECOND as f64)
            });
            let value = seconds.ok_or_else(|| self.wrong(&word, expected))?.to_string();
            changes.push(OptionChange { name: "duration_seconds".into(), value, start: word.start, end: word.end });
        }
        Ok(Command::Drive { changes: self.changes(changes)?, anyway })
    }

    fn options(&mut self) -> Result<Command, ScriptError> {
        Ok(Command::Options { changes: self.changes(Vec::new())? })
    }

    /// The `name=value` words up to the end of the line, after those of `changes`.
    fn changes(&mut self, mut changes: Vec<OptionChange>) -> Result<Vec<OptionChange>, ScriptError> {
        while let Some(word) = self.next() {
            let change = std::str::from_utf8(&word.bytes).ok().and_then(|text| text.split_once('='));
            let (name, value) = change.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                let last = changes.last();
                let error = last.and_then(|before| self.split_unit(before, &word).or_else(|| self.comma(before)));
                if let Some(error) = error {
                    return error;
                }
                let message = say!("{word} is not name=value", word = excerpt(&self.line[word.place()]));
                let remedy = say!("{usage}   (no spaces around =)", usage = self.usage());
                ScriptError::new(self.line, word.place(), message, remedy)
            })?;
            changes.push(OptionChange {
                name: name.to_string(),
                value: value.to_string(),
                start: word.start,
                end: word.end,
            });
        }
        Ok(changes)
    }

    /// The error of `block_size=64 KB`: `word` is the unit of the number in the change before it.
    fn split_unit(&self, before: &OptionChange, word: &Word) -> Option<ScriptError> {
        let unit = word.keyword().filter(|unit| is_unit(unit))?;
        let joined = format!("{}{unit}", before.value);
        before.value.ends_with(|c: char| c.is_ascii_digit()).then(|| {
            let message = say!("a space stands between {number} and {unit}", number = before.value, unit);
            let remedy = say!("Write: {usage}", usage = format!("{}={joined}", before.name));
            ScriptError::new(self.line, before.start..word.end, message, remedy)
        })
    }

    /// The error of `wal_sync=writes, every 2`: the comma is part of the value, which is the first wrong thing in the
    /// line.
    fn comma(&self, before: &OptionChange) -> Option<ScriptError> {
        let is_option = before.value.ends_with(',') && Options::NAMES.contains(&&*before.name);
        let problem = is_option.then(|| Options::default().set(&before.name, &before.value).err())??;
        let remedy = say!("Between two options stands a space, and no comma.");
        Some(ScriptError::new(self.line, before.start..before.end, problem.to_string(), remedy))
    }

    fn crash(&mut self) -> Result<Command, ScriptError> {
        let mut after = None;
        if self.peek().is_some_and(|word| word.is("in")) {
            self.next();
            after = Some(self.number_from(to_say!("a number of events, 1 or more"), 1..=u64::MAX)?);
        }
        let mut keep = Keep::Nothing;
        if self.peek().is_some_and(|word| word.is("keep")) {
            self.next();
            keep = self.keep()?;
        }
        match (self.next(), after) {
            (None, _) => Ok(Command::Crash { after, keep }),
            (Some(word), Some(events)) if word.is("during") => {
                Ok(Command::CrashDuring { events, keep, command: Box::new(self.during()?) })
            }
            (Some(word), None) => Err(self.wrong(&word, to_say!("in or keep"))),
            (Some(word), Some(_)) => Err(self.wrong(&word, to_say!("keep or during"))),
        }
    }

    /// The command in which the power is cut: all further words.
    fn during(&mut self) -> Result<Command, ScriptError> {
        let expected = to_say!("a command other than crash and exit");
        let words: Vec<Word> = self.words.by_ref().collect();
        let Some(name) = words.first().cloned() else { return Err(self.missing(expected)) };
        match super::command(self.line, words)? {
            Command::Crash { .. } | Command::CrashDuring { .. } | Command::Exit => Err(self.wrong(&name, expected)),
            command => Ok(command),
        }
    }

    fn keep(&mut self) -> Result<Keep, ScriptError> {
        let expected = to_say!("nothing, all, torn or a number of bytes");
        let Some(word) = self.next() else { return Err(self.missing(expected)) };
        Ok(match word.keyword() {
            Some("nothing" | "none") => Keep::Nothing,
            Some("all" | "everything") => Keep::Everything,
            Some("torn") => Keep::Torn(self.number_if_any(A_SEED)?.unwrap_or(1)),
            text => Keep::Bytes(self.number_in(&word, text, expected, 0..=u64::MAX)?),
        })
    }

    fn disk(&mut self) -> Result<Command, ScriptError> {
        let expected = to_say!("full, lying or ok");
        let Some(word) = self.next() else { return Err(self.missing(expected)) };
        Ok(match word.keyword() {
            Some("full") => {
                let room = self.number_if_any(to_say!("a number of bytes that still fit"))?.unwrap_or(0);
                Command::Disk { room: Some(room), lying: false }
            }
            Some("lying") => Command::Disk { room: None, lying: true },
            Some("ok") => Command::Disk { room: None, lying: false },
            _ => return Err(self.wrong(&word, expected)),
        })
    }

    fn flip(&mut self) -> Result<Command, ScriptError> {
        let expected = to_say!("a file such as 000003.log, 000004.sst or MANIFEST-000001");
        let Some(word) = self.next() else { return Err(self.missing(expected)) };
        let file = match word.keyword().map(|name| (FileId::parse(name), name)) {
            Some((Some(file), _)) => file,
            Some((None, name)) if is_beyond_all_files(name) => {
                let limits = say!("0 to {most} for a file's number", most = FileId::MAX_NUMBER);
                return Err(self.out_of_range(&word, &limits));
            }
            _ => return Err(self.wrong(&word, expected)),
        };
        let offset = self.number(to_say!("a byte's place: 0 is the first"))?;
        let bit = match self.peek() {
            None => 0,
            Some(_) => self.number_from(to_say!("a bit, 0 to 7"), 0..=7)? as u8,
        };
        Ok(Command::Flip { file, offset, bit })
    }

    fn topic(&mut self) -> Result<Command, ScriptError> {
        let Some(word) = self.next() else { return Ok(Command::Help { topic: None }) };
        match help::topic(&word) {
            Some(topic) => Ok(Command::Help { topic: Some(topic.to_string()) }),
            None => Err(help::unknown_topic(self.line, &word)),
        }
    }
}
