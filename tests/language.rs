//! The command language against a model of it: ten thousand scripts, of seeds that never change. `lsmscope torture
//! language` runs any number of any seed, and says more about what is held: `src/torture/language.rs`.
//!
//! # Does it find anything?
//!
//! Each of these was done to the session or the engine once, `lsmscope torture language` was run (seed 1), and it was
//! mended again. What it printed, shortened:
//!
//! **Compactions forget the snapshots**: in `engine/merge.rs`, `Gate::new` took none.
//!
//! ```text
//! case 29: line 5, `scan reverse @1`: it leaves out k01
//!   5 of 63: put k01 v14 │ snapshot │ del k01 │ flush │ scan reverse @1
//! ```
//!
//! **A sync is skipped**: in `engine/write.rs`, `sync_is_due` was never so with `wal_sync=every_write`.
//!
//! ```text
//! case 7: line 4, `reopen`: LOST: 1 writes were promised, and only 0 are there
//!   4 of 65: put k13 v15 │ crash in 4 keep torn 888 │ crash in 5 │ reopen
//! ```
//!
//! **The limit of a scan from the end is one too many**: in `engine/iterate.rs`.
//!
//! ```text
//! case 2: line 2, `scan k06 k15 limit 0 reverse`: it answers 1 entries, and the limit is 0
//! ```
//!
//! **Options that do not go together are taken**: in `session.rs`, `changed` did not ask `validate`; and **a value
//! below the least**: in `options/value.rs`, `check` did not look at it.
//!
//! ```text
//! case 3: line 1, `options min_write_buffer_number_to_merge=63`: it should be Refused; it is refused: …
//! case 88: line 1, `options num_levels=1`: num_levels=1 is answered with Ok(()), which its description does not say
//! ```
//!
//! **A wait leaves out what is less than a second**: in `session/carry_out.rs`. Case 1, one line: `wait 9ms`.

#![cfg(not(target_arch = "wasm32"))]

use lsmscope::torture::{Campaign, Case, Tally, language, run};

/// Scripts in all; in two tests, so that two cores have work.
const SCRIPTS: u64 = 10_000;

fn scripts(numbers: std::ops::Range<u64>) {
    let count = numbers.end - numbers.start;
    let mut tally = Tally::default();
    for number in numbers {
        if let Err(failure) = run(Campaign::Language, &Case::new(1, number, None), &mut tally) {
            panic!("{failure}");
        }
    }
    assert_eq!(tally.cases, count);
    assert!(tally.operations >= count * 40 && tally.errors >= count * 4, "{tally:?}");
}

#[test]
fn five_thousand_scripts_answer_as_the_model_does() {
    scripts(0..SCRIPTS / 2);
}

#[test]
fn five_thousand_more_scripts_answer_as_the_model_does() {
    scripts(SCRIPTS / 2..SCRIPTS);
}

/// Scripts that once went wrong, as short as they could be made.
#[test]
fn what_once_went_wrong_goes_well() {
    for script in [
        // An open that the fuse burnt out on had swallowed what was lost.
        "options write_buffer_entries=8 wal_sync=writes\nbatch del k02\ncrash\ncrash in 22\nreopen\nreopen",
        "options wal_sync=never\nput k02 v1\ncrash keep torn 476\ncrash in 6\nreopen\nreopen\nscan",
        // The third cut told again what the first had taken.
        "options wal_sync=never\nput a 1\ndel b\nput a 2\ncrash in 6 keep nothing\nscan\ncrash in 12 keep 278\nreopen\n\
         crash keep 175\nreopen",
        // What options refuse to change ended snapshots, or opened a database without power, without a word.
        "fill 24\nsnapshot\noptions num_levels=2\nscan @1",
        "options preset=rocksdb wal_sync=never\nput a 1\nflush\ncompact\nput b 2\nsnapshot\ncrash\noptions \
         num_levels=2\n\
         scan\nput c 4\nreopen",
        "snapshot\ndisk full 76\nput key a-value-that-does-not-fit-into-what-is-left-of-this-disk-which-is-76-bytes\n\
         options preset=rocksdb\nscan @1",
        // A job that ran when the options came put a table where they have no level.
        "options write_buffer_entries=8 max_write_buffer_number=5 min_write_buffer_number_to_merge=2 \
         compaction_style=universal compact_on_deletion_ratio=0.07 job_mode=scheduled\nfill 28\ndel k05\nflush\n\
         options num_levels=3\nscan",
        // Nothing takes any time after its end: the put never returned.
        "options job_mode=scheduled\nwait 36500d\nwait 36500d\nwait 36500d\nwait 36500d\nput a 1\nflush\nscan",
        // FIFO compaction: writes waited for ever, jobs failed for ever.
        "options preset=fifo job_mode=scheduled write_buffer_entries=1 fifo_max_table_files_size=1GB\nfill 40\nwait \
         1d\n\
         put a b",
        "options compaction_style=fifo level0_slowdown_writes_trigger=4 level0_stop_writes_trigger=6 \
         job_mode=scheduled\n\
         fill 29\nflush\nfill 6",
        "put a 1\nflush\ncompact\noptions compaction_style=fifo\nput b 1\nflush\nwait 400d\nput c 1\nflush\ncompact",
        "put a 8\nput b 9\ndelete a\nput c 10\ncompact\nput a 11\noptions compaction_style=fifo\nflush\nwait \
         40d\ncompact",
        "options preset=fifo\nput k 1\nflush\nsnapshot\nfill 200\nget k @1\nget k\nscan @1 limit 3\nstats",
    ] {
        language::check(script).unwrap_or_else(|what| panic!("{script}\n{what}"));
    }
}

#[test]
fn a_script_is_held_to_what_it_says() {
    // The model is not content with anything: a word in the wrong place is an error of the line, and must be one.
    language::check("put a\nput a 1 2\nfrobnicate\nget a\n\n# nothing").unwrap();
    language::check("put a 1\nsnapshot\nput a 2\nget a @1\nrelease 1\nget a @1\nexit\nput b 1\nhelp\nexit").unwrap();
}
