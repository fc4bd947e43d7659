//! Ways in which logs go bad, and what each mode makes of them.

use lsmscope::storage::{FileId, Storage, block_on, memory::Memory};

use super::log;

/// What is wrong with the logs, and what comes of it.
pub struct Case {
    pub name: &'static str,
    pub harm: fn(&mut Memory),
    /// What the error says in the first two modes; nothing, if they open.
    pub absolute: &'static str,
    pub tolerate: Result<(&'static str, &'static str), &'static str>,
    /// Keys, and what was dropped.
    pub point_in_time: Result<(&'static str, &'static str), &'static str>,
    pub skip: (&'static str, &'static str),
}

impl Case {
    /// What the modes that drop something open with.
    pub fn salvaged(&self) -> impl Iterator<Item = (&'static str, (&'static str, &'static str))> {
        let opened = [self.point_in_time.ok().map(|kept| (super::MODES[2], kept)), Some((super::MODES[3], self.skip))];
        opened.into_iter().flatten()
    }
}

/// Where the second frame of a log begins.
pub const SECOND: usize = 29;
/// Where the third frame of a log begins.
const THIRD: usize = 58;
/// How long a frame's header is.
const HEADER: usize = 24;

pub const CASES: &[Case] = &[
    Case {
        name: "the last log's tail is torn",
        harm: |disk| log(disk, 4).truncate(86),
        absolute: "000004.log is damaged at byte 58: it ends in a torn frame",
        tolerate: Ok(("abcdefgh", "torn 4@58+28")),
        point_in_time: Ok(("abcdefgh", "torn 4@58+28")),
        skip: ("abcdefgh", "torn 4@58+28"),
    },
    Case {
        name: "the last log is torn inside of its first header",
        harm: |disk| log(disk, 4).truncate(7),
        absolute: "000004.log is damaged at byte 0",
        tolerate: Ok(("abcdef", "torn 4@0+7")),
        point_in_time: Ok(("abcdef", "torn 4@0+7")),
        skip: ("abcdef", "torn 4@0+7"),
    },
    Case {
        name: "an earlier log's tail is torn: a later one proves that it was whole once",
        harm: |disk| log(disk, 2).truncate(86),
        absolute: "000002.log is damaged at byte 58",
        tolerate: Err("expected 3: 000002.log ends in a torn frame at byte 58"),
        point_in_time: Ok(("ab", "torn 2@58+28, damaged 3@0+87, damaged 4@0+87")),
        skip: ("abdefghi", "torn 2@58+28, gap 3..3"),
    },
    Case {
        name: "a payload in the middle of the middle log",
        harm: |disk| log(disk, 3)[SECOND + HEADER + 1] ^= 4,
        absolute: "000003.log is damaged at byte 29: the frame payload's checksum",
        tolerate: Err("000003.log is damaged at byte 29: the frame payload's checksum"),
        point_in_time: Ok(("abcd", "damaged 3@29+58, damaged 4@0+87")),
        skip: ("abcdfghi", "skipped 3@29+29, gap 5..5"),
    },
    Case {
        name: "a length in the middle of the middle log",
        harm: |disk| log(disk, 3)[SECOND + 6] ^= 0x80,
        absolute: "000003.log is damaged at byte 29: the frame header's checksum",
        tolerate: Err("000003.log is damaged at byte 29: the frame header's checksum"),
        point_in_time: Ok(("abcd", "damaged 3@29+58, damaged 4@0+87")),
        skip: ("abcdfghi", "skipped 3@29+29, gap 5..5"),
    },
    Case {
        name: "the last frame of the last log",
        harm: |disk| log(disk, 4)[THIRD + HEADER] ^= 1,
        absolute: "000004.log is damaged at byte 58",
        tolerate: Err("000004.log is damaged at byte 58"),
        point_in_time: Ok(("abcdefgh", "damaged 4@58+29")),
        skip: ("abcdefgh", "skipped 4@58+29"),
    },
    Case {
        name: "the last frame of the middle log",
        harm: |disk| log(disk, 3)[THIRD] ^= 1,
        absolute: "000003.log is damaged at byte 58",
        tolerate: Err("000003.log is damaged at byte 58"),
        point_in_time: Ok(("abcde", "damaged 3@58+29, damaged 4@0+87")),
        skip: ("abcdeghi", "skipped 3@58+29, gap 6..6"),
    },
    Case {
        name: "the middle log is missing",
        harm: |disk| block_on(disk.remove(FileId::wal(3))).unwrap(),
        absolute: "000004.log is damaged at byte 0: the frame begins with sequence number 7, expected 4",
        tolerate: Err("000004.log is damaged at byte 0: the frame begins with sequence number 7, expected 4"),
        point_in_time: Ok(("abc", "damaged 4@0+87")),
        skip: ("abcghi", "gap 4..6"),
    },
    Case {
        name: "the first log is missing",
        harm: |disk| block_on(disk.remove(FileId::wal(2))).unwrap(),
        absolute: "begins with sequence number 4, expected 1",
        tolerate: Err("begins with sequence number 4, expected 1"),
        // It is not the logs that are damaged, and everything in them would be given up.
        point_in_time: Err(
            "the edits from here on are lost: tables end with write 0, but 000003.log begins with write 4",
        ),
        skip: ("defghi", "gap 1..3"),
    },
    Case {
        name: "rubbish behind the last log",
        harm: |disk| log(disk, 4).extend([0xa5; 100]),
        absolute: "000004.log is damaged at byte 87",
        tolerate: Err("000004.log is damaged at byte 87"),
        point_in_time: Ok(("abcdefghi", "damaged 4@87+100")),
        skip: ("abcdefghi", "skipped 4@87+100"),
    },
    Case {
        name: "rubbish behind the first log: the next goes on exactly where the damage is",
        harm: |disk| log(disk, 2).extend([0xa5; 100]),
        absolute: "000002.log is damaged at byte 87",
        tolerate: Err("000002.log is damaged at byte 87"),
        point_in_time: Ok(("abcdefghi", "damaged 2@87+100")),
        skip: ("abcdefghi", "skipped 2@87+100"),
    },
    Case {
        name: "two damages in one log",
        harm: |disk| {
            log(disk, 2)[3] ^= 1;
            log(disk, 2)[THIRD + HEADER + 2] ^= 1;
        },
        absolute: "000002.log is damaged at byte 0",
        tolerate: Err("000002.log is damaged at byte 0"),
        point_in_time: Ok(("", "damaged 2@0+87, damaged 3@0+87, damaged 4@0+87")),
        skip: ("bdefghi", "skipped 2@0+29, gap 1..1, skipped 2@58+29, gap 3..3"),
    },
    Case {
        name: "two headers in a row: their bytes are passed over in one go",
        harm: |disk| {
            log(disk, 3)[0] ^= 1;
            log(disk, 3)[SECOND + 9] ^= 1;
        },
        absolute: "000003.log is damaged at byte 0",
        tolerate: Err("000003.log is damaged at byte 0"),
        point_in_time: Ok(("abc", "damaged 3@0+87, damaged 4@0+87")),
        skip: ("abcfghi", "skipped 3@0+58, gap 4..5"),
    },
];
