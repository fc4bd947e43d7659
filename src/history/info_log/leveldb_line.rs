//! What a line of LevelDB's `LOG` says.
//!
//! In: the text behind the time and the thread. Out: a [`LevelDbLine`]; none of what LevelDB does not say. The messages
//! are those of LevelDB 1.0 to 1.23: `db/db_impl.cc`, `db/version_set.cc`. Unlike RocksDB's, they name no place in the
//! source, no column family and no job:
//!
//! ```text
//! 2026/11/30-18:57:57.815094 139622862550720 Compacting 4@0 + 1@1 files
//! 2026/11/30-18:57:57.835587 139622862550720 Generated table #43@0: 12005 keys, 1027404 bytes
//! 2026/11/30-18:57:57.835641 139622862550720 Compacted 4@0 + 1@1 files => 1027404 bytes
//! 2026/11/30-18:57:57.836030 139622862550720 compacted to: files[ 0 2 13 0 0 0 0 ]
//! 2026/11/30-18:57:57.836119 139622862550720 Delete type=2 #42
//! ```

use super::line::number;

/// LevelDB's levels (`config::kNumLevels`).
pub(in crate::history) const LEVELS: usize = 7;

/// How many tables each level has.
pub(in crate::history) type LevelCounts = [u64; LEVELS];

/// What a line of LevelDB says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::history) enum LevelDbLine<'a> {
    /// A database is made.
    Created,
    /// A log of writes is read, when the database is opened.
    Recovering,
    /// What is compacted next was asked for by a person or a program.
    Manual,
    /// A memtable is being written to a table.
    FlushBegins,
    /// It is written; `status` is `OK`, or what went wrong.
    Flushed { table: u64, bytes: u64, status: &'a str },
    /// Tables of `level`, and of the one below it, are being merged.
    Compacting { level: usize, tables: u64, below: u64 },
    /// A compaction has written a table.
    Generated { table: u64, bytes: u64 },
    /// A compaction has written all of its tables.
    Compacted { bytes: u64 },
    /// A compaction is over, whether it went well or not: what the levels have now.
    CompactedTo { levels: LevelCounts },
    /// A table was moved.
    Moved { table: u64, level: usize, bytes: u64, levels: LevelCounts },
    /// A table is deleted.
    TableDeleted { table: u64 },
    /// A file of another kind is deleted.
    OtherDeleted,
    /// A writer waits: both memtables are full.
    MemtablesFull,
    /// A writer waits for a compaction of level 0.
    Level0Full,
    /// Something went wrong.
    Failed,
}

/// Reads what a line says.
pub(super) fn said(text: &str) -> Option<LevelDbLine<'_>> {
    // Looked at for each line of RocksDB that names no place: those are not to cost much.
    let text = text.trim_end();
    Some(match text.as_bytes().first()? {
        b'L' => flush(text.strip_prefix("Level-0 table #")?)?,
        b'D' => {
            let (kind, rest) = text.strip_prefix("Delete type=")?.split_once(" #")?;
            let table = whole_number(rest)?;
            if whole_number(kind)? == 2 { LevelDbLine::TableDeleted { table } } else { LevelDbLine::OtherDeleted }
        }
        b'G' => {
            let (table, rest) = text.strip_prefix("Generated table #")?.split_once(" keys, ")?;
            LevelDbLine::Generated { table: number(table)?, bytes: whole_number(rest.strip_suffix(" bytes")?)? }
        }
        b'C' if text.starts_with("Compacting ") => {
            let (first, second) = text.strip_prefix("Compacting ")?.strip_suffix(" files")?.split_once(" + ")?;
            let (tables, level) = first.split_once('@')?;
            let (below, _) = second.split_once('@')?;
            let level = usize::try_from(whole_number(level)?).ok().filter(|level| *level < LEVELS - 1)?;
            LevelDbLine::Compacting { level, tables: whole_number(tables)?, below: whole_number(below)? }
        }
        b'C' if text.starts_with("Compacted ") => {
            let (_, bytes) = text.split_once(" files => ")?;
            LevelDbLine::Compacted { bytes: whole_number(bytes.strip_suffix(" bytes")?)? }
        }
        b'C' if text.starts_with("Creating DB ") => {
            text.ends_with(" since it was missing.").then_some(LevelDbLine::Created)?
        }
        b'C' if text == "Current memtable full; waiting..." => LevelDbLine::MemtablesFull,
        b'C' if text.starts_with("Compaction error: ") => LevelDbLine::Failed,
        b'c' => LevelDbLine::CompactedTo { levels: levels(text.strip_prefix("compacted to: ")?)? },
        b'M' if text.starts_with("Moved #") => moved(text.strip_prefix("Moved #")?)?,
        b'M' if text.starts_with("Manual compaction at level-") => LevelDbLine::Manual,
        b'M' if text.starts_with("MANIFEST write: ") => LevelDbLine::Failed,
        b'R' => {
            whole_number(text.strip_prefix("Recovering log #")?)?;
            LevelDbLine::Recovering
        }
        b'T' if text == "Too many L0 files; waiting..." => LevelDbLine::Level0Full,
        b'I' => text.starts_with("Ignoring error ").then_some(LevelDbLine::Failed)?,
        b'E' => text.starts_with("Error recovering version set ").then_some(LevelDbLine::Failed)?,
        // `/path/000005.log: dropping 12 bytes; Corruption: …`
        _ => (text.contains(": dropping ") && text.contains(" bytes; ")).then_some(LevelDbLine::Failed)?,
    })
}

/// Behind `Level-0 table #`: `5: started`, `5: 123 bytes OK`.
fn flush(rest: &str) -> Option<LevelDbLine<'_>> {
    let (table, rest) = rest.split_once(": ")?;
    let table = whole_number(table)?;
    if rest == "started" {
        return Some(LevelDbLine::FlushBegins);
    }
    let (bytes, status) = rest.split_once(" bytes ")?;
    Some(LevelDbLine::Flushed { table, bytes: whole_number(bytes)?, status })
}

/// Behind `Moved #`: `5 to level-1 123 bytes OK: files[ 3 2 13 0 0 0 0 ]`.
fn moved(rest: &str) -> Option<LevelDbLine<'_>> {
    let (table, rest) = rest.split_once(" to level-")?;
    let (level, rest) = rest.split_once(' ')?;
    let (bytes, rest) = rest.split_once(" bytes ")?;
    let (status, summary) = rest.rsplit_once(": ")?;
    if status != "OK" {
        return Some(LevelDbLine::Failed);
    }
    let level = usize::try_from(whole_number(level)?).ok().filter(|level| *level < LEVELS)?;
    Some(LevelDbLine::Moved {
        table: whole_number(table)?,
        level,
        bytes: whole_number(bytes)?,
        levels: levels(summary)?,
    })
}

/// `files[ 3 2 13 0 0 0 0 ]`.
fn levels(summary: &str) -> Option<LevelCounts> {
    let mut levels = [0; LEVELS];
    let mut counts = summary.strip_prefix("files[ ")?.strip_suffix(" ]")?.split(' ');
    for level in &mut levels {
        *level = whole_number(counts.next()?)?;
    }
    counts.next().is_none().then_some(levels)
}

fn whole_number(text: &str) -> Option<u64> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_read() {
        let levels = [4, 1, 0, 0, 0, 0, 9];
        let expected = [
            ("Creating DB /srv/a b since it was missing.", LevelDbLine::Created),
            ("Recovering log #3", LevelDbLine::Recovering),
            ("Level-0 table #5: started", LevelDbLine::FlushBegins),
            ("Level-0 table #5: 123 bytes OK", LevelDbLine::Flushed { table: 5, bytes: 123, status: "OK" }),
            (
                "Level-0 table #5: 0 bytes IO error: x",
                LevelDbLine::Flushed { table: 5, bytes: 0, status: "IO error: x" },
            ),
            ("Compacting 4@0 + 1@1 files", LevelDbLine::Compacting { level: 0, tables: 4, below: 1 }),
            ("Generated table #7@0: 1000 keys, 12345 bytes", LevelDbLine::Generated { table: 7, bytes: 12_345 }),
            // Until LevelDB 1.18, without the level.
            ("Generated table #7: 1000 keys, 12345 bytes", LevelDbLine::Generated { table: 7, bytes: 12_345 }),
            ("Compacted 4@0 + 1@1 files => 12345 bytes", LevelDbLine::Compacted { bytes: 12_345 }),
            ("compacted to: files[ 4 1 0 0 0 0 9 ]", LevelDbLine::CompactedTo { levels }),
            (
                "Moved #5 to level-1 123 bytes OK: files[ 4 1 0 0 0 0 9 ]",
                LevelDbLine::Moved { table: 5, level: 1, bytes: 123, levels },
            ),
            ("Moved #5 to level-1 123 bytes IO error: a: b: files[ 4 1 0 0 0 0 9 ]", LevelDbLine::Failed),
            ("Delete type=2 #5", LevelDbLine::TableDeleted { table: 5 }),
            ("Delete type=0 #5", LevelDbLine::OtherDeleted),
            ("Current memtable full; waiting...", LevelDbLine::MemtablesFull),
            ("Too many L0 files; waiting...", LevelDbLine::Level0Full),
            ("Manual compaction at level-0 from (begin) .. 'a' @ 7 : 1; will stop at (end)", LevelDbLine::Manual),
            ("Compaction error: Corruption: x", LevelDbLine::Failed),
            ("(ignoring error) /srv/000003.log: dropping 12 bytes; Corruption: x", LevelDbLine::Failed),
        ];
        for (text, said_by) in expected {
            assert_eq!(said(text), Some(said_by), "{text}");
            // Cut anywhere, it is read or passed over.
            for end in 0..text.len() {
                said(&text[..end]);
            }
        }
    }

    #[test]
    fn what_is_damaged_or_of_another_program_is_passed_over() {
        for text in [
            "Recovering log #3 mode 2",
            "Compacting 4@9 + 1@10 files",
            "Compacting -1@0 + 1@1 files",
            "compacted to: files[ 1 2 3 ]",
            "compacted to: files[ 1 2 3 4 5 6 7 8 ]",
            "Moved #5 to level-7 123 bytes OK: files[ 4 1 0 0 0 0 9 ]",
            "Delete type=2 #99999999999999999999",
            "DB SUMMARY",
            "",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
