//! Random scripts, as text.
//!
//! In: a seeded [`Random`]. Out: lines, with one writer for each command of [`COMMANDS`]: few keys, so that they recur,
//! snapshots by number, invalid lines, and sequences that belong together (a power cut and a reopening, a full disk and
//! a healed one).
//!
//! A line depends on the seed and on the lines before it, but never on the engine. So removing lines does not change
//! the others, and a failing script can be shrunk.

use super::{super::knobs, ends};
use crate::{
    options::{Description, Options, PRESETS},
    random::Random,
    script::{COMMANDS, CommandHelp, word},
};

mod drive;

/// The number of lines of a script, without [`END`].
const LINES: std::ops::RangeInclusive<u64> = 20..=60;

/// The last lines of every script: they heal the disk, open the database, read it and write to it.
const END: [&str; 8] = [
    "disk ok",
    "reopen",
    "options wal_recovery_mode=tolerate_corrupted_tail_records",
    "scan",
    "verify",
    "put end 1",
    "flush",
    "scan reverse",
];

/// The weight of a command in the draw.
fn weight(name: &str) -> u64 {
    match name {
        "put" => 40,
        "delete" => 10,
        "batch" => 7,
        "get" => 12,
        "scan" => 8,
        "flush" => 7,
        "compact" => 6,
        "snapshot" => 4,
        "release" => 3,
        "wait" => 6,
        "fill" => 4,
        "options" => 10,
        "reopen" => 4,
        "crash" => 5,
        "disk" | "drive" | "verify" => 2,
        _ => 1,
    }
}

/// Draws a script.
pub(super) fn draw(random: &mut Random) -> Vec<String> {
    let count = LINES.start() + random.below(LINES.end() - LINES.start() + 1);
    let mut draw = Draw::new(random);
    let mut lines = vec![draw.begin()];
    while (lines.len() as u64) < count {
        let line = match draw.next() {
            Some(line) => line,
            None => draw.any(),
        };
        lines.push(draw.spoilt(line));
    }
    lines.extend(END.map(String::from));
    lines
}

struct Draw<'a> {
    random: &'a mut Random,
    keys: Vec<Vec<u8>>,
    /// Values drawn so far. It is part of each value, so no two are equal.
    values: u64,
    /// Snapshots since the last open, as far as the lines show.
    snapshots: u64,
    /// The lines of a sequence that follow, in order.
    next: Vec<String>,
    /// Whether the script may flip bits and make syncs do nothing. The rules are loose after that, so most scripts do
    /// neither.
    harms: bool,
    knobs: Vec<Description>,
}

impl<'a> Draw<'a> {
    fn new(random: &'a mut Random) -> Draw<'a> {
        let count = 3 + random.below(14);
        let keys = (0..count).map(|i| key(random, i)).collect();
        let harms = random.one_in(6);
        Draw { random, keys, values: 0, snapshots: 0, next: Vec::new(), harms, knobs: Options::describe() }
    }

    /// The first line: any options with small sizes, a preset, or none.
    fn begin(&mut self) -> String {
        match self.random.below(4) {
            0 => format!("options preset={}", self.preset()),
            1 => self.options(),
            _ => {
                let mut options = knobs::one(self.random);
                if self.random.one_in(5) {
                    knobs::drop_unread(self.random, &mut options);
                }
                format!("options {}", knobs::text(&options))
            }
        }
    }

    fn next(&mut self) -> Option<String> {
        (!self.next.is_empty()).then(|| self.next.remove(0))
    }

    /// A random line.
    fn any(&mut self) -> String {
        let mut left = self.random.below(COMMANDS.iter().map(|c| weight(c.name)).sum());
        let drawn = COMMANDS.iter().find(|command| {
            let hit = left < weight(command.name);
            left = left.saturating_sub(weight(command.name));
            hit
        });
        self.write(drawn.expect("one of them is hit"))
    }

    /// A line of `command`. A new command in the table needs a writer here: without one, the draw panics.
    fn write(&mut self, command: &CommandHelp) -> String {
        let rest = match command.name {
            "put" => return self.named(command, |draw| format!("{} {}", draw.key(), draw.value())),
            "get" => format!("{}{}", self.key(), self.at()),
            "delete" => self.key(),
            "scan" => self.scan(),
            "batch" => self.batch(),
            "compact" => match self.random.below(3) {
                0 => String::new(),
                _ => self.random.below(8).to_string(),
            },
            "snapshot" => {
                self.snapshots += 1;
                String::new()
            }
            "release" => (1 + self.random.below(self.snapshots + 1)).to_string(),
            "wait" => self.wait(),
            "fill" => self.fill(),
            "drive" => drive::draw(self.random),
            "options" => return self.options(),
            "crash" => self.crash(),
            "disk" => self.disk(),
            "flip" => self.flip(),
            "help" => self.topic(),
            "exit" if !self.random.one_in(4) => return String::new(),
            "flush" | "jobs" | "stats" | "tables" | "verify" | "exit" => String::new(),
            "reopen" => {
                self.snapshots = 0;
                String::new()
            }
            other => {
                panic!("the tester does not know how to write {other}: give it a writer in torture/language/lines.rs")
            }
        };
        self.named(command, |_| rest)
    }

    /// The command's name or an alias, and `rest`.
    fn named(&mut self, command: &CommandHelp, rest: impl FnOnce(&mut Self) -> String) -> String {
        let names: Vec<&str> = std::iter::once(command.name).chain(command.aliases.iter().copied()).collect();
        let name = names[self.random.below(names.len() as u64) as usize];
        format!("{name} {}", rest(self)).trim_end().to_string()
    }

    fn key(&mut self) -> String {
        word(&self.keys[self.random.below(self.keys.len() as u64) as usize])
    }

    fn value(&mut self) -> String {
        self.values += 1;
        let mut value = format!("v{}", self.values).into_bytes();
        match self.random.below(12) {
            0 => value.extend((0..self.random.below(300)).map(|_| b'x')),
            1 => value.extend((0..self.random.below(40)).map(|_| self.random.draw() as u8)),
            2 => value.extend(b" = \"; #"),
            _ => {}
        }
        word(&value)
    }

    fn at(&mut self) -> String {
        match self.random.below(3) {
            0 if self.snapshots > 0 => format!(" @{}", 1 + self.random.below(self.snapshots + 1)),
            _ => String::new(),
        }
    }

    fn scan(&mut self) -> String {
        let mut ends: Vec<Vec<u8>> = Vec::new();
        for _ in 0..self.random.below(3) {
            ends.push(self.keys[self.random.below(self.keys.len() as u64) as usize].clone());
        }
        // One range in eight has its ends swapped.
        if !self.random.one_in(8) {
            ends.sort();
        }
        let mut text = ends.iter().map(|end| word(end)).collect::<Vec<_>>().join(" ");
        if self.random.one_in(3) {
            text += &format!(" limit {}", [0, 1, 2, 5, u64::MAX][self.random.below(5) as usize]);
        }
        if self.random.one_in(2) {
            text += " reverse";
        }
        text + &self.at()
    }

    fn batch(&mut self) -> String {
        let count = 1 + self.random.below(5);
        let write = |draw: &mut Self| match draw.random.below(3) {
            0 => format!("del {}", draw.key()),
            _ => format!("put {} {}", draw.key(), draw.value()),
        };
        (0..count).map(|_| write(self)).collect::<Vec<_>>().join("; ")
    }

    fn wait(&mut self) -> String {
        let (n, unit) = match self.random.below(12) {
            0 => (0, "s"),
            // Three of them exceed the range of virtual time.
            1 => {
                if self.random.one_in(2) {
                    let put = format!("put {} {}", self.key(), self.value());
                    let century = || "wait 36500d".to_string();
                    self.next.extend([century(), century(), put, "flush".into(), "compact".into(), "scan".into()]);
                }
                (36_500, "d")
            }
            2 => (36_501, "d"),
            3 | 4 => (1 + self.random.below(50), "ms"),
            5 => (1 + self.random.below(50), "us"),
            6 => (1 + self.random.below(40), "d"),
            7 => (1 + self.random.below(20), "h"),
            8 => (u64::MAX, "d"),
            _ => (1 + self.random.below(120), ""),
        };
        format!("{n}{unit}")
    }

    fn fill(&mut self) -> String {
        let count = match self.random.below(10) {
            0 => 0,
            1 => 1_000_001,
            2 => 1,
            _ => 1 + self.random.below(30),
        };
        match self.random.below(2) {
            0 => format!("{count} seed {}", self.random.below(3)),
            _ if count == 1 => "1 anyway".into(),
            _ => count.to_string(),
        }
    }

    fn crash(&mut self) -> String {
        let mut text = String::new();
        let is_later = self.random.one_in(2);
        if is_later {
            let most = if self.random.one_in(2) { 12 } else { 150 };
            text = format!("in {}", 1 + self.random.below(most));
        }
        text += &match self.random.below(6) {
            0 => " keep all".to_string(),
            1 => format!(" keep {}", self.random.below(300)),
            2 | 3 => format!(" keep torn {}", self.random.below(1000)),
            4 => " keep nothing".to_string(),
            _ => String::new(),
        };
        self.snapshots = 0;
        if self.random.one_in(6) {
            return text;
        }
        if is_later {
            let line = self.any();
            self.next.push(line);
        }
        let next = match self.random.below(8) {
            // While the power is cut, `options` is refused, or opens the database.
            0 => vec![self.options()],
            1 => vec![self.any(), "reopen".into()],
            2 => vec![format!("crash in {}", 1 + self.random.below(30)), "reopen".into(), "reopen".into()],
            3 => vec!["options wal_recovery_mode=point_in_time".into(), "scan".into()],
            4 => vec!["reopen".into(), "options wal_recovery_mode=skip_any_corrupted_records".into()],
            _ => vec!["reopen".into(), "scan".into()],
        };
        self.next.extend(next);
        text
    }

    fn disk(&mut self) -> String {
        match self.random.below(5) {
            0 if self.harms => "lying".into(),
            0 | 1 => "ok".into(),
            2 => "full".into(),
            n => {
                // Later lines heal the disk, and reopen the database if necessary.
                let room = if n == 3 { self.random.below(200) } else { self.random.below(3000) };
                for _ in 0..2 + self.random.below(8) {
                    let line = self.any();
                    self.next.push(line);
                }
                self.next.extend(["disk ok".into(), "reopen".into(), "scan".into()]);
                format!("full {room}")
            }
        }
    }

    fn flip(&mut self) -> String {
        let number = 1 + self.random.below(12);
        let file = match self.random.below(4) {
            0 => format!("MANIFEST-{number:06}"),
            1 | 2 => format!("{number:06}.log"),
            _ => format!("{number:06}.sst"),
        };
        // A byte beyond every file's end damages nothing.
        let byte = if self.harms { self.random.below(200) } else { u64::MAX - self.random.below(3) };
        format!("{file} {byte} {}", self.random.below(8))
    }

    fn topic(&mut self) -> String {
        match self.random.below(4) {
            0 => String::new(),
            1 => COMMANDS[self.random.below(COMMANDS.len() as u64) as usize].name.into(),
            _ => self.knobs[self.random.below(self.knobs.len() as u64) as usize].name.into(),
        }
    }

    fn preset(&mut self) -> &'static str {
        PRESETS[self.random.below(PRESETS.len() as u64) as usize].name
    }

    /// `options` without changes, with a preset, with common choices, or with values at the ends of their ranges.
    fn options(&mut self) -> String {
        let mut words = Vec::new();
        match self.random.below(10) {
            0 => {}
            1 => words.push(format!("preset={}", self.preset())),
            2 => words.push("preset=none".into()),
            3 | 4 => {
                let name =
                    ["compaction_style", "job_mode", "wal_sync", "num_levels", "disable_auto_compactions", "ttl"]
                        [self.random.below(6) as usize];
                words.extend(self.change(name, 12));
                self.live_with_it();
            }
            5 => words.push(format!("{}=1", ["blok_size", "=", "x y", "Block_size"][self.random.below(4) as usize])),
            6 => words.push(knobs::text(&knobs::one(self.random))),
            _ => {
                for _ in 0..1 + self.random.below(3) {
                    let name = self.knobs[self.random.below(self.knobs.len() as u64) as usize].name;
                    words.extend(self.change(name, 8));
                }
            }
        }
        if self.random.one_in(4) {
            words.reverse();
        }
        format!("options {}", words.join(" ")).trim_end().to_string()
    }

    /// Sometimes adds writes after a change of style or mode, so that the change takes effect on the tree.
    fn live_with_it(&mut self) {
        if self.random.one_in(3) {
            let put = format!("put {} {}", self.key(), self.value());
            let wait = if self.random.one_in(2) { "wait 40d" } else { "wait 5m" };
            let lines = ["flush".into(), wait.into(), put, "flush".into(), "compact".into(), "scan".into()];
            self.next.extend(lines);
        }
    }

    /// `name=value`; one in `wrong` is invalid.
    fn change(&mut self, name: &str, wrong: u64) -> Option<String> {
        let knob = self.knobs.iter().find(|knob| knob.name == name)?;
        Some(format!("{name}={}", ends::draw(self.random, knob, wrong)))
    }

    /// Makes one line in thirty invalid: a word too many or too few, an unclosed quote, an unknown name.
    fn spoilt(&mut self, line: String) -> String {
        if !self.random.one_in(30) {
            return line;
        }
        match self.random.below(7) {
            0 => format!("{line} more"),
            // Keeps the words that bound a workload.
            1 if !line.starts_with("drive") => {
                line.rsplit_once(' ').map_or(String::new(), |(rest, _)| rest.to_string())
            }
            2 => format!("{line} \"open"),
            1 | 3 => format!("x{line}"),
            4 => format!("# {line}"),
            5 => format!("{line} \\q"),
            _ => format!("  {line}   # as well"),
        }
    }
}

/// A key: usually short and similar to the others; sometimes empty, long, arbitrary bytes, or a word of the language.
fn key(random: &mut Random, i: u64) -> Vec<u8> {
    match i {
        2 if random.one_in(4) => Vec::new(),
        3 if random.one_in(4) => b"limit".to_vec(),
        4 if random.one_in(4) => vec![b'x'; 200],
        5 if random.one_in(4) => vec![0xff, 0, b'"', random.draw() as u8],
        6 if random.one_in(4) => b"a b;@1 #".to_vec(),
        // A key of `fill` or `drive`.
        7 if random.one_in(4) => b"key00000".to_vec(),
        _ => format!("k{i:02}").into_bytes(),
    }
}
