//! The bounds of a lesson, each with its reason. Who writes a lesson is not trusted: a page opens what a link names.

/// Bytes of a file: the longest of ours has 20 KB, and a phone reads this much at once.
pub const MAX_FILE_BYTES: usize = 256 * 1024;

/// Beats of a lesson: fifteen minutes of beats of 20 seconds are 45.
pub const MAX_BEATS: usize = 64;

/// Blocks of a lesson: three a beat.
pub const MAX_BLOCKS: usize = 200;

/// Lines of script that one beat runs, the windows of its predictions among them.
pub const MAX_LINES: usize = 500;

/// Events that the lines of one beat may make; beyond, its timeline would drop detail, and windows would be wrong.
pub const MAX_EVENTS: usize = 20_000;

/// From this many events on, `lesson check` warns: a beat's state should be there within 300 ms, also on a phone.
pub const SLOW_EVENTS: usize = 2_000;

/// Operations that `fill` and `drive` may make in one beat, of which a long `drive` traces its jobs only: about half a
/// second.
pub const MAX_OPERATIONS: u64 = 100_000;

/// Bytes of keys and values that they may write in one beat.
pub const MAX_WRITTEN_BYTES: f64 = 16e6;

/// Flushes of one `fill` or `drive`.
pub const MAX_FLUSHES: f64 = 2_000.0;

/// Forks of a block: each is another run of the beat.
pub const MAX_FORKS: usize = 16;

/// Characters of an expression.
pub const MAX_EXPRESSION: usize = 2_000;

/// Depth of an expression: the parser and the evaluator recurse.
pub const MAX_DEPTH: usize = 32;

/// Values and texts of a list.
pub const MAX_LIST: usize = 1_000;

/// Events and operations of a beat with all its forks: thirty forks of the most events, or six of the longest `drive`.
/// One that fails, because it would do more, counts as the latter.
pub const MAX_BEAT_WORK: u64 = 600_000;

/// Bytes that the lines of a beat may make the engine write, compactions included.
pub const MAX_DISK_BYTES: u64 = 128_000_000;

/// Steps of evaluating one expression: an event looked at, a value made.
pub const MAX_STEPS: u64 = 2_000_000;

/// Steps of all expressions that are evaluated over one run of a beat: many times what a beat of ours takes.
pub const MAX_BEAT_STEPS: u64 = 4_000_000;

/// Parts of a value: a list of all the tables of a large tree has some thousand.
pub const MAX_VALUE: u64 = 50_000;

/// How deeply lists lie in lists: values are compared, shown and dropped by recursion.
pub const MAX_VALUE_DEPTH: usize = 64;

/// Parts of a value that a text shows: more would not be read, and a text may have many values.
pub const MAX_SHOWN: u64 = 200;

/// `key: value` lines of a block, each of which is evaluated when an answer is graded.
pub const MAX_KEYS: usize = 100;

/// Names of `let`.
pub const MAX_LETS: usize = 32;

/// Variables of `vary`.
pub const MAX_VARIABLES: usize = 16;

/// Characters of a variable's value: a key or a number. It may stand in every line of the file.
pub const MAX_VARIABLE: usize = 100;

/// Combinations of the values of `vary`: `lesson check` runs every one.
pub const MAX_VARIANTS: usize = 200;

/// Errors of a file that are listed.
pub const MAX_ERRORS: usize = 100;

/// Depth of lists and quotes in a text.
pub const MAX_NESTING: usize = 12;

/// Characters of an answer, and of a learner's line.
pub const MAX_ANSWER: usize = 10_000;

/// Words in front of the first thing that moves: from more on, `lesson check` warns.
pub const MAX_WORDS: usize = 40;

/// Events and operations that `lesson check` runs in all: some minutes.
pub const MAX_CHECKED: u64 = 20_000_000;
