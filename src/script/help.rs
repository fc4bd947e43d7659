//! The table of commands, and what is derived from it: help, suggestions for a misspelt name, completion.
//!
//! In: a word, or a line and the cursor's offset. Out: a [`CommandHelp`], the error of an unknown name with the nearest
//! one, or [`Completion`]s.

use serde::Serialize;

use super::{ScriptError, word::Word};
use crate::{
    error::excerpt,
    options::{Description, Options, PRESETS, Unit, nearest},
    policy::describe_options,
    words::{said, say, to_say},
    workload::{self, Workload},
};

/// The description of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CommandHelp {
    /// Its name.
    pub name: &'static str,
    /// Its other names.
    pub aliases: &'static [&'static str],
    /// Its arguments: upper case stands for a value, brackets for an optional part.
    pub usage: &'static str,
    /// Its effect, as [`said`] says it.
    #[serde(serialize_with = "crate::words::serialize_said")]
    pub about: &'static str,
    /// A valid line.
    pub example: &'static str,
}

/// A possible next word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Completion {
    /// The text that replaces the line from `start` to the cursor.
    pub text: String,
    /// The offset of the replaced word, in bytes.
    pub start: usize,
    /// Its description.
    pub about: String,
}

/// Every command, in the order in which help lists them.
pub const COMMANDS: &[CommandHelp] = &[
    CommandHelp {
        name: "put",
        aliases: &[],
        usage: "put KEY VALUE",
        about: "Writes a value: first to the log, then to the memtable.",
        example: "put user:1 \"Alice Smith\"",
    },
    CommandHelp {
        name: "get",
        aliases: &[],
        usage: "get KEY [@SNAPSHOT]",
        about: "Reads a key: the memtables, then table after table, newest first.",
        example: "get user:1",
    },
    CommandHelp {
        name: "delete",
        aliases: &["del"],
        usage: "delete KEY",
        about: "Writes a tombstone, which hides older versions of the key.",
        example: "delete user:1",
    },
    CommandHelp {
        name: "scan",
        aliases: &["range"],
        usage: "scan [START [END]] [limit N] [reverse] [@SNAPSHOT]",
        about: "Reads a range of keys in order; START and END are included.",
        example: "scan key03 key07 limit 10",
    },
    CommandHelp {
        name: "batch",
        aliases: &[],
        usage: "batch put KEY VALUE; del KEY; …",
        about: "Several writes in one frame of the log: after a crash, all of them or none.",
        example: "batch put a 1; del b; put c 3",
    },
    CommandHelp {
        name: "flush",
        aliases: &[],
        usage: "flush",
        about: "Writes the memtables to a table of level 0.",
        example: "flush",
    },
    CommandHelp {
        name: "compact",
        aliases: &[],
        usage: "compact [LEVEL]",
        about: "Merges a level (0 or L0) into the next one; without a level, everything as far down as there is data.",
        example: "compact 0",
    },
    CommandHelp {
        name: "snapshot",
        aliases: &[],
        usage: "snapshot",
        about: "Keeps what can be read now readable, whatever is written later; read from it with @N. FIFO \
                compaction alone ignores snapshots: what it drops is gone from them as well, as in RocksDB.",
        example: "snapshot",
    },
    CommandHelp {
        name: "release",
        aliases: &[],
        usage: "release SNAPSHOT",
        about: "Gives a snapshot up, so that compactions may drop what only it saw.",
        example: "release 1",
    },
    CommandHelp {
        name: "wait",
        aliases: &[],
        usage: "wait TIME",
        about: "Lets virtual time pass (us, ms, s, m, h, d, w): tombstones age, and jobs get on where \
                job_mode=scheduled.",
        example: "wait 5m",
    },
    CommandHelp {
        name: "fill",
        aliases: &[],
        usage: "fill COUNT [seed N] [anyway]",
        about: "Puts COUNT random entries; the same seed gives the same ones. The page asks first about very many; \
                anyway does not.",
        example: "fill 100 seed 7",
    },
    CommandHelp {
        name: "drive",
        aliases: &[],
        usage: "drive [TIME] [preset=NAME] [NAME=VALUE …] [anyway]",
        about: "Runs a workload for TIME of virtual time: puts, gets, scans and deletes at their rates. help drive \
                lists the presets and parameters. The page asks first about a long one; anyway does not.",
        example: "drive 10s write_rate=500 read_rate=200 key_dist=zipf",
    },
    CommandHelp {
        name: "jobs",
        aliases: &[],
        usage: "jobs",
        about: "Shows the running flushes and compactions, with the virtual time that they still take, and whether \
                writes are slowed down.",
        example: "jobs",
    },
    CommandHelp {
        name: "stats",
        aliases: &[],
        usage: "stats",
        about: "Shows entries, tables, bytes of each level, and write, read and space amplification.",
        example: "stats",
    },
    CommandHelp {
        name: "tables",
        aliases: &[],
        usage: "tables",
        about: "Lists the tables: level, file, bytes, entries, keys, sequence numbers.",
        example: "tables",
    },
    CommandHelp {
        name: "verify",
        aliases: &[],
        usage: "verify",
        about: "Reads every file of the database, past the cache, and says what is wrong: checksums, order, ranges, \
                references. Works on a closed database too.",
        example: "verify",
    },
    CommandHelp {
        name: "options",
        aliases: &[],
        usage: "options [NAME=VALUE …] [preset=NAME]",
        about: "Shows every option; or changes some and reopens the database with them.",
        example: "options write_buffer_entries=8 wal_sync=never",
    },
    CommandHelp {
        name: "reopen",
        aliases: &[],
        usage: "reopen",
        about: "Closes the database and opens it again, which recovers it from its files.",
        example: "reopen",
    },
    CommandHelp {
        name: "crash",
        aliases: &["plug"],
        usage: "crash [in EVENTS] [keep nothing|all|torn [SEED]|BYTES] [during COMMAND]",
        about: "Pulls the plug: now, or after EVENTS events of the next command, or of this COMMAND. keep says which \
                unsynced bytes the disk keeps: nothing, if left out.",
        example: "crash in 3 keep torn 7",
    },
    CommandHelp {
        name: "disk",
        aliases: &[],
        usage: "disk full [BYTES] | disk lying | disk ok",
        about: "Breaks the disk: no more than BYTES (0) fit; or syncs say that all is well and do nothing. disk ok \
                heals it.",
        example: "disk lying",
    },
    CommandHelp {
        name: "flip",
        aliases: &[],
        usage: "flip FILE BYTE [BIT]",
        about: "Flips a bit (0 to 7) of a byte of a file, as a bad sector would, without an error.",
        example: "flip 000003.sst 17 0",
    },
    CommandHelp {
        name: "help",
        aliases: &["?"],
        usage: "help [COMMAND or OPTION]",
        about: "Lists the commands, or explains one command or one option.",
        example: "help scan",
    },
    CommandHelp {
        name: "exit",
        aliases: &["quit"],
        usage: "exit",
        about: "Closes the database and ends the session.",
        example: "exit",
    },
];

impl CommandHelp {
    /// The name, then the aliases.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The command that `word` names.
pub(super) fn find(word: &Word) -> Option<&'static CommandHelp> {
    let text = word.keyword()?;
    COMMANDS.iter().find(|c| c.names().any(|name| name.eq_ignore_ascii_case(text)))
}

/// The error of a line whose first word is no command.
pub(super) fn unknown(line: &str, word: &Word) -> ScriptError {
    let shown = excerpt(&line[word.place()]);
    // An alias that is a sign, as `?`, is no remedy for a misspelt word.
    let is_word = |name: &&str| name.chars().all(char::is_alphabetic);
    let names: Vec<&str> = COMMANDS.iter().flat_map(CommandHelp::names).filter(is_word).collect();
    let option = shown.split_once('=').filter(|(name, _)| Options::NAMES.contains(name));
    let remedy = match (option, nearest(&shown, &names)) {
        (Some((name, _)), _) => say!("{name} is an option: write options in front of it.", name),
        (None, Some(name)) => say!("Did you mean {name}? help lists every command.", name),
        (None, None) => say!("help lists every command."),
    };
    ScriptError::new(line, word.place(), say!("{word} is not a command", word = shown), remedy)
}

/// Every option, and every parameter of a workload.
fn knobs() -> impl Iterator<Item = Description> {
    describe_options().into_iter().chain(Workload::describe())
}

fn knob_names() -> impl Iterator<Item = &'static str> {
    Options::NAMES.iter().chain(Workload::NAMES).copied()
}

/// The name of the command, option or parameter that `word` names, for `help`.
pub(super) fn topic(word: &Word) -> Option<&'static str> {
    let option = || {
        let text = word.keyword()?;
        knob_names().find(|name| *name == text)
    };
    find(word).map(|c| c.name).or_else(option)
}

/// The error of `help` with an unknown name.
pub(super) fn unknown_topic(line: &str, word: &Word) -> ScriptError {
    let shown = excerpt(&line[word.place()]);
    let mut names: Vec<&str> = COMMANDS.iter().flat_map(CommandHelp::names).collect();
    names.extend(knob_names());
    let remedy = match nearest(&shown, &names) {
        Some(name) => say!("Did you mean help {name}?", name),
        None => say!("help lists every command, options every option."),
    };
    let message = say!("{word} is neither a command nor an option", word = shown);
    ScriptError::new(line, word.place(), message, remedy)
}

/// The possible words at byte `cursor` of `line`, best first.
pub fn complete(line: &str, cursor: usize) -> Vec<Completion> {
    let before = &line[..line.floor_char_boundary(cursor.min(line.len()))];
    let start = before.rfind(|c: char| c.is_ascii_whitespace() || c == ';').map_or(0, |at| at + 1);
    let typed = &before[start..];
    let earlier: Vec<&str> = before[..start].split_ascii_whitespace().collect();
    let Some(first) = earlier.first() else {
        return offer(typed, start, COMMANDS.iter().map(|c| (c.name.to_string(), said(c.about, &[]))));
    };
    let command = COMMANDS.iter().find(|c| c.names().any(|name| name.eq_ignore_ascii_case(first)));
    match command.map(|c| c.name) {
        Some("options") => complete_knob(typed, start, describe_options(), PRESETS.iter().map(|p| (p.name, p.about))),
        Some("drive") => {
            let presets = workload::PRESETS.iter().map(|p| (p.name, p.about));
            complete_knob(typed, start, Workload::describe(), presets)
        }
        Some("help") if earlier.len() == 1 => {
            let options = knobs().map(|knob| (knob.name.to_string(), knob.about.to_string()));
            let commands = COMMANDS.iter().map(|c| (c.name.to_string(), said(c.about, &[])));
            offer(typed, start, commands.chain(options))
        }
        Some("crash") if earlier.last() == Some(&"keep") => offer(typed, start, keywords(KEEP)),
        Some("crash") if earlier.len() == 1 => offer(typed, start, keywords(CRASH)),
        Some("crash") => offer(typed, start, keywords(&CRASH[1..])),
        Some("disk") if earlier.len() == 1 => offer(typed, start, keywords(DISK)),
        Some("scan") => offer(typed, start, keywords(SCAN)),
        Some("fill") if earlier.len() == 2 => offer(typed, start, keywords(FILL)),
        Some("batch") if earlier.len() == 1 || before[..start].trim_end().ends_with(';') => {
            offer(typed, start, keywords(BATCH))
        }
        _ => Vec::new(),
    }
}

/// Keywords, and what each means.
type Keywords = [(&'static str, &'static str)];

const SCAN: &Keywords = &[("limit", to_say!("at most N entries")), ("reverse", to_say!("last one first"))];
const FILL: &Keywords = &[("seed", to_say!("the same ones each time"))];
const BATCH: &Keywords = &[("put", to_say!("writes a value")), ("del", to_say!("writes a tombstone"))];
const CRASH: &Keywords = &[
    ("in", to_say!("after EVENTS events of the next command")),
    ("keep", to_say!("which unsynced bytes the disk keeps")),
];
const KEEP: &Keywords = &[
    ("nothing", to_say!("only what was synced")),
    ("all", to_say!("everything")),
    ("torn", to_say!("a part, drawn from a seed")),
];
const DISK: &Keywords = &[
    ("full", to_say!("nothing more fits")),
    ("lying", to_say!("syncs do nothing")),
    ("ok", to_say!("it is healthy again")),
];

fn keywords(words: &'static Keywords) -> impl Iterator<Item = (String, String)> {
    words.iter().map(|(word, about)| (word.to_string(), said(about, &[])))
}

/// The `choices` that begin with `typed`.
fn offer(typed: &str, start: usize, choices: impl Iterator<Item = (String, String)>) -> Vec<Completion> {
    choices.filter(|(text, _)| text.starts_with(typed)).map(|(text, about)| Completion { text, start, about }).collect()
}

/// Completes `name=`, then the knob's value.
fn complete_knob(
    typed: &str,
    start: usize,
    knobs: Vec<Description>,
    presets: impl Iterator<Item = (&'static str, &'static str)>,
) -> Vec<Completion> {
    let Some((name, _)) = typed.split_once('=') else {
        let presets = ("preset=".to_string(), say!("A ready-made set."));
        let knobs = knobs.into_iter().map(|knob| (format!("{}=", knob.name), knob.about.to_string()));
        return offer(typed, start, std::iter::once(presets).chain(knobs));
    };
    if name == "preset" {
        return offer(typed, start, presets.map(|(name, about)| (format!("preset={name}"), said(about, &[]))));
    }
    let Some(knob) = knobs.into_iter().find(|knob| knob.name == name) else { return Vec::new() };
    let values: Vec<&str> = match knob.unit {
        Unit::Switch => vec!["true", "false"],
        Unit::Choice => knob.choices.clone(),
        _ => vec![&knob.default],
    };
    let about = |value: &str| if value == knob.default { say!("the default") } else { String::new() };
    offer(typed, start, values.into_iter().map(|value| (format!("{name}={value}"), about(value))))
}
