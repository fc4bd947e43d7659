//! `lsmscope picture`, from the outside.

#![cfg(not(target_arch = "wasm32"))]

use std::process::Output;

#[path = "streams/command.rs"]
mod command;

use command::{command, run};

const SCRIPT: &str = "put user:1 Alice\nput user:3 Carol\nput user:2 Bob\nput user:5 Erin\nput user:2 Bert\n\
    delete user:3\nput user:4 Dave\nput user:7 Gail\nput user:6 Frank\nput user:1 Anna\nput user:8 Hugo\n\
    put user:9 Ivy\nget user:3\n";

fn picture(script: &str, arguments: &[&str]) -> Output {
    run(command(&[&["picture", "-"], arguments].concat()), script)
}

fn svg(script: &str, arguments: &[&str]) -> String {
    let output = picture(script, &[arguments, &["--out", "-"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Half way through a merge. `UPDATE_GOLDEN=1 cargo test --test picture` writes it again; a commit that does so says
/// why.
#[test]
fn a_moment_is_the_same_picture_everywhere() {
    let found = svg(SCRIPT, &["--at", "merge_dropped:2", "--progress", "0.5", "--size", "960x540"]);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/figure.svg");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    assert!(found == std::fs::read_to_string(path).unwrap(), "the picture is another one: compare it with {path}");
}

#[test]
fn a_picture_of_the_end_has_what_the_database_holds() {
    let end = svg(SCRIPT, &[]);
    for part in ["lane:level-1", "tray:table-8", "entry:table-8:10:user:1", "plumb", "answer"] {
        assert!(end.contains(&format!("<g id=\"{part}\"")), "{part}");
    }
    assert!(!end.contains("user:3:"), "what was deleted is gone");
    let sheet = svg(SCRIPT, &["--from", "flush_began", "--at", "flush_ended", "--sheet", "6"]);
    assert!((0..6).all(|frame| sheet.contains(&format!("<g id=\"{frame}:lane:wal\""))), "six frames");
}

#[test]
fn what_is_ahead_shows_only_where_it_may() {
    let third_put = ["--at", "op_ended:3"];
    assert!(svg(SCRIPT, &third_put).contains("key-name:user:9"));
    let past = svg(SCRIPT, &[&third_put[..], &["--past-only"]].concat());
    assert!(past.contains("key-name:user:3") && !past.contains("user:5") && !past.contains("user:9"));
}

#[test]
fn what_is_wrong_is_named_where_it_was_typed() {
    for (arguments, expected) in [
        (&["--at", "100000", "--out", "-"][..], "--at = 100000: expected at most "),
        (&["--at", "compaction_ended:2", "--out", "-"], "there are 1 of the kind compaction_ended"),
        (&["--at", "compaction:2/version_installed", "--out", "-"], "a compaction that there is: there are 1"),
        (&["--at", "op:99", "--out", "-"], "an operation that there is: there are 13"),
        (&["--at", "flush_ended:x", "--out", "-"], "such as flush_ended:2"),
        (&["--out", "picture.gif"], "--out = picture.gif: expected a file that ends with .svg or .png"),
        (&["--out", "-", "--size", "10x10"], "each from 240 to 7680"),
        (&["--out", "-", "--keys", "0.5..0.2"], "two shares of the key axis"),
        (&[], "--out <FILE>"),
    ] {
        let output = picture(SCRIPT, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

/// A line that fails is named, and the picture shows what it did.
#[test]
fn a_line_that_fails_does_not_keep_the_picture_back() {
    let output = picture("put a 1\nputt b 2\nput c 3\n", &["--out", "-"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 2: "), "the line is named");
    let drawn = String::from_utf8(output.stdout).unwrap();
    assert!(drawn.contains("entry:memtable-1:1:a") && drawn.contains("entry:memtable-1:2:c"));
}

#[test]
fn events_are_listed_with_the_numbers_and_kinds_that_a_moment_is_named_by() {
    let output = picture("put a 1\n", &["--list"]);
    let told = String::from_utf8(output.stdout).unwrap();
    let (number, _) = told.lines().find_map(|line| line.split_once(" {\"type\":\"memtable_inserted\"")).unwrap();
    assert_eq!(svg("put a 1\n", &["--at", number]), svg("put a 1\n", &["--at", "memtable_inserted"]));
}

#[test]
fn a_moment_is_called_by_the_same_name_as_in_a_link() {
    let by = |name: &str| svg(SCRIPT, &["--at", name]);
    assert_eq!(by("compaction:1/merge_dropped:2"), by("merge_dropped:2"));
    assert_eq!(by("op:3"), by("op_ended:3"));
    assert_eq!(by("op:3/op_ended"), by("op_ended:3"));
    assert_eq!(by("flush:2"), by("flush_ended:2"));
}
