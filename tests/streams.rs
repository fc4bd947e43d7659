//! The command's streams and files: a stream that is full or closed, an output that cannot be written, input of any
//! length.

#![cfg(all(feature = "cli", unix))]

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

#[path = "streams/command.rs"]
mod command;

use command::{command, run};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A pipe that no one reads any more.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[cfg(target_os = "linux")]
fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// Each subcommand, as short as it runs: its arguments, its input, and its status where all can be written.
fn subcommands(directory: &Path) -> Vec<(Vec<String>, &'static str, i32)> {
    let path = |name: &str| directory.join(name).display().to_string();
    let database = path("database");
    let made = run(command(&["repl", "--data-dir", &database]), "put a 1\nflush\n");
    assert!(made.status.success(), "{}", text(&made.stderr));
    fs::create_dir_all(path("empty")).unwrap();
    fs::write(path("no-history"), "no history").unwrap();
    let all: [(&[&str], &str, i32); 9] = [
        (&["repl"], "put a 1\nget\nget a\n", 1),
        (&["repl"], "put a 1\nget a\n", 0),
        (&["drive", "--duration-seconds", "1"], "", 0),
        (&["sim", "--duration-seconds", "60"], "", 0),
        (&["sim", "--list"], "", 0),
        (&["verify", &database], "", 0),
        (&["repair", &database, &path("empty")], "", 0),
        (&["replay", &path("no-history")], "", 1),
        (&["torture", "power", "--cases", "1"], "", 0),
    ];
    all.into_iter()
        .map(|(words, input, status)| (words.iter().map(|w| w.to_string()).collect(), input, status))
        .collect()
}

/// What `subcommands` do with the streams that `set` gives them.
fn statuses(set: impl Fn(&mut Command)) -> Vec<(String, Option<i32>, i32)> {
    let directory = tempfile::tempdir().unwrap();
    let run = |(arguments, input, well): (Vec<String>, &str, i32)| {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = command(&words);
        set(&mut command);
        (arguments[0].clone(), run(command, input).status.code(), well)
    };
    subcommands(directory.path()).into_iter().map(run).collect()
}

#[test]
fn messages_that_cannot_be_written_do_not_change_the_status() {
    for (name, status, well) in statuses(|command| _ = command.stderr(closed_pipe())) {
        assert_eq!(status, Some(well), "{name} with standard error closed");
    }
    #[cfg(target_os = "linux")]
    for (name, status, well) in statuses(|command| _ = command.stderr(full())) {
        assert_eq!(status, Some(well), "{name} with standard error full");
    }
}

#[test]
fn a_reader_that_has_enough_is_no_failure_and_a_full_disk_is_one() {
    for (name, status, well) in statuses(|command| _ = command.stdout(closed_pipe())) {
        // The lines of repl that are not run after the first cannot fail.
        assert!(
            status == Some(well) || name == "repl" && status == Some(0),
            "{name} with standard output closed: {status:?}"
        );
    }
    #[cfg(target_os = "linux")]
    for (name, status, _) in statuses(|command| _ = command.stdout(full())) {
        assert_eq!(status, Some(1), "{name} with standard output full");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn help_that_cannot_be_printed_is_a_failure() {
    for (arguments, status) in
        [(&["--help"][..], 1), (&["drive", "--help"], 1), (&["--version"], 1), (&["drive", "--x"], 2)]
    {
        let mut wanted = command(arguments);
        wanted.stdout(full()).stderr(full());
        assert_eq!(run(wanted, "").status.code(), Some(status), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_says_what_to_do_about_that() {
    let wanted: [&[&str]; 4] = [&["help"], &["help", "drive"], &["--version"], &["sim", "--duration-seconds", "60"]];
    for arguments in wanted {
        let mut wanted = command(arguments);
        wanted.stdout(full());
        let output = run(wanted, "");
        let errors = text(&output.stderr);
        let lines: Vec<&str> = errors.lines().collect();
        assert_eq!((output.status.code(), lines.len()), (Some(1), 2), "{arguments:?}: {errors}");
        assert!(lines[0].starts_with("error: cannot write to standard output: "), "{arguments:?}: {errors}");
        assert_eq!(lines[1], "Free some space there, or send the output somewhere else.", "{arguments:?}");
    }
}

#[test]
fn a_million_characters_are_not_printed_back() {
    let long = "x".repeat(1_000_000);
    let lines = [
        format!("options {long}=1"),
        format!("options block_size={long}"),
        format!("options preset={long}"),
        format!("options wal_sync={long}"),
        format!("drive {long}=1"),
        format!("drive key_dist={long}"),
        format!("drive preset={long}"),
        format!("drive {long}"),
        format!("help {long}"),
        long.clone(),
        format!("put {long} 1"),
        format!("flip {long} 1"),
        format!("get a @{long}"),
        format!("scan {long}z {long}a"),
        format!("wait {long}"),
    ];
    for line in lines {
        let output = run(command(&["repl"]), &line);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.chars().count() < 1500, "{} characters of {}…", told.len(), &line[..20]);
    }
    // An argument may have 128 KB.
    let long = "x".repeat(100_000);
    for (arguments, status) in [
        (vec!["drive".into(), format!("--set={long}=1")], 2),
        (vec!["drive".into(), format!("--set=block_size={long}")], 2),
        (vec!["drive".into(), format!("--set={long}")], 2),
        (vec!["drive".into(), format!("--write-rate={long}")], 2),
        (vec!["drive".into(), format!("--memtable-max-bytes={long}")], 2),
        (vec!["drive".into(), format!("--preset={long}")], 2),
        (vec!["drive".into(), format!("--workload={long}")], 2),
        (vec!["drive".into(), format!("--speed={long}")], 2),
        (vec!["drive".into(), format!("--{long}")], 2),
        (vec!["drive".into(), format!("--out-csv={long}")], 2),
        (vec!["drive".into(), format!("--metrics-addr={long}")], 1),
        (vec!["drive".into(), format!("--data-dir={long}")], 1),
        (vec!["sim".into(), format!("--set={long}=1")], 2),
        (vec!["sim".into(), format!("--duration-seconds={long}")], 2),
        (vec!["replay".into(), long.clone()], 1),
        (vec!["replay".into(), "Cargo.toml".into(), format!("--set={long}")], 2),
        (vec!["verify".into(), long.clone()], 1),
        (vec!["repair".into(), long.clone(), "x".into()], 1),
        (vec!["torture".into(), long.clone()], 2),
        (vec!["torture".into(), "power".into(), "--case=1".into(), format!("--ops={long}")], 2),
        (vec!["torture".into(), "power".into(), "--case=1".into(), format!("--at=1"), format!("--keep={long}")], 2),
        (vec!["torture".into(), "power".into(), format!("--scratch={long}")], 1),
        (vec![long.clone()], 2),
    ] {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(command(&words), "");
        let told = text(&output.stderr);
        let shown: String = arguments.join(" ").chars().take(40).collect();
        assert_eq!(output.status.code(), Some(status), "{shown}: {}", told.chars().take(300).collect::<String>());
        // Where a name is wrong, clap lists those there are.
        assert!(told.chars().count() < 2500, "{} characters for {shown}", told.len());
    }
}

#[test]
fn outputs_are_checked_before_anything_runs() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).display().to_string();
    fs::write(at("old.csv"), "what was there before").unwrap();
    fs::hard_link(at("old.csv"), at("hard.svg")).unwrap();
    symlink(at("old.csv"), at("soft.png")).unwrap();
    symlink(at("new.csv"), at("new.html")).unwrap();
    fs::create_dir(at("directory")).unwrap();
    symlink(at("directory"), at("other-directory")).unwrap();
    symlink(at("loop"), at("loop")).unwrap();
    std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let two = "another file than that of --out-csv";
    let before = listing(directory.path());
    let dotted = format!("{}/./directory/../new.csv", directory.path().display());
    let cases: Vec<(String, String, &str)> = vec![
        (at("new.csv"), at("new.csv"), two),
        (at("new.csv"), dotted, two),
        (at("new.csv"), at("new.html"), two),
        (at("directory/a"), at("other-directory/a"), two),
        (at("old.csv"), at("hard.svg"), two),
        (at("soft.png"), at("old.csv"), two),
        ("-".into(), "-".into(), two),
        (at("fine.csv"), at("directory"), "it is a directory"),
        (at("fine.csv"), at("missing/a"), "a file in a directory that is there"),
        (at("fine.csv"), at("loop"), "a file that can be written (too many symbolic links)"),
        (at("fine.csv"), at("socket"), "it is a socket"),
        (at("fine.csv"), at(&"n".repeat(300)), "a file that can be written (File name too long"),
        (at("fine.csv"), "/proc/new".into(), "a file that can be written"),
    ];
    for (csv, other, expected) in cases {
        for words in [
            &["drive", "--duration-seconds", "1", "--out-csv", &csv, "--out-svg", &other][..],
            &["sim", "--duration-seconds", "60", "--out-csv", &csv, "--out-jobs", &other],
        ] {
            let output = run(command(words), "");
            let told = text(&output.stderr);
            assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{told}");
            assert!(told.contains(expected), "{expected}: {told}");
            assert_eq!(listing(directory.path()), before, "nothing was made or changed");
        }
    }
    // A run that is refused for another reason has made nothing either.
    for wrong in [["--set", "nothing=1"], ["--metrics-addr", "nowhere"], ["--write-rate", "-1"]] {
        let words = ["drive", "--out-csv", &at("old.csv"), "--out-svg", &at("run.svg")];
        let output = run(command(&[&words[..], &wrong].concat()), "");
        assert!(!output.status.success());
        assert_eq!(listing(directory.path()), before);
    }
    let output = run(command(&["accuracy", "--out", &at("missing/a")]), "");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

/// Each entry of a directory with what is in it.
fn listing(directory: &Path) -> Vec<(String, Option<String>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let mut all: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).ok()))
        .collect();
    all.sort();
    all
}

#[test]
fn an_output_may_be_standard_output_a_device_or_behind_a_link_but_not_in_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).display().to_string();
    let run_of = |extra: &[&str]| run(command(&[&["drive", "--duration-seconds", "1"][..], extra].concat()), "");
    let html = run_of(&["--out-html", "-"]);
    assert!(text(&html.stdout).starts_with("<!doctype html>") && text(&html.stdout).ends_with("</html>\n"));
    let jobs = run(command(&["sim", "--duration-seconds", "60", "--out-jobs", "-"]), "");
    assert!(text(&jobs.stdout).starts_with("job,kind,") && !text(&jobs.stdout).contains("Level"));
    assert!(!Path::new("-").exists());
    assert!(run_of(&["--out-csv", "/dev/null", "--out-svg", "/dev/null"]).status.success());
    symlink(at("target"), at("link")).unwrap();
    assert!(run_of(&["--out-csv", &at("link")]).status.success());
    assert!(fs::read_to_string(at("target")).unwrap().starts_with("ts_ms,"));
    // Standard output that is a file is one of the files.
    let mut twice = command(&["drive", "--duration-seconds", "1", "--out-csv", "-", "--out-svg", &at("both")]);
    twice.stdout(File::create(at("both")).unwrap());
    assert_eq!(run(twice, "").status.code(), Some(2));
    let data = at("data");
    assert!(run_of(&["--data-dir", &data]).status.success());
    let output = run_of(&["--data-dir", &data, "--out-csv", &format!("{data}/CURRENT")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("a file outside of the database's directory"));
    assert!(run(command(&["verify", &data]), "").status.success());
}
