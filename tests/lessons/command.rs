//! `lsmscope lesson`, from the outside.

use std::{fs, process::Output};

#[path = "../streams/command.rs"]
mod binary;

use binary::{command, run};

const SOUND: &str = "---\nid: t\ntitle: A title\nvary: {k: [a, b]}\n---\n## B\n\
    ```predict number id=q\nask: x of {{k}}?\nrun: put {{k}} 1\ntruth: count(wal_appended)\n\
    wrong 2: m:two \"no\"\nwrong: \"no\"\nright: \"yes\"\n```\n";

fn lesson(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = run(command(&[&["lesson"], arguments].concat()), "");
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Files {
        Files(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    }
}

#[test]
fn a_sound_lesson_is_said_to_be() {
    let files = Files::new();
    let file = files.write("t.md", SOUND);
    assert_eq!(lesson(&["check", &file]), (Some(0), format!("{file}: ok (2 variants)\n"), String::new()));
    let (status, told, _) = lesson(&["show", &file, "--variant", "2"]);
    assert_eq!(status, Some(0));
    assert!(told.starts_with("A title\nvariant 2 of 2 k = \"b\"\n"), "{told}");
    assert!(told.contains("[predict] x of b?") && told.contains("    put b 1"), "{told}");
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let files = Files::new();
    let file = files.write("t.md", &SOUND.replace("truth: count(wal_appended)", "truth: count(wal_append)"));
    let (status, told, _) = lesson(&["check", &file]);
    let expected = format!(
        "{file}:10:14: error: wal_append is no kind of event\n  truth: count(wal_append)\n               ^^^^^^^^^^\n  \
         Did you mean wal_appended?\n{file}: 1 error, 0 warnings\n"
    );
    assert_eq!((status, told), (Some(1), expected));
    let warned = files.write("w.md", &SOUND.replace("wrong: \"no\"\n", ""));
    let (status, told, _) = lesson(&["check", &warned, "--json"]);
    assert_eq!(status, Some(0), "warnings change nothing");
    let line: serde_json::Value = serde_json::from_str(told.trim()).unwrap();
    assert_eq!((line["severity"].as_str(), line["line"].as_u64()), (Some("warning"), Some(7)));
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_a_remedy_that_fits() {
    let files = Files::new();
    let sound = files.write("t.md", SOUND);
    for arguments in
        [&["check", "no-such-file.md"][..], &["check", &sound, "no-such-file.md"], &["show", "no-such-file.md"]]
    {
        let (status, _, told) = lesson(arguments);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!((status, lines.len()), (Some(1), 2), "{told}");
        assert!(lines[0].starts_with("error: cannot read the file no-such-file.md: "), "{told}");
        assert_eq!(lines[1], "Check the file's name, and that it may be read.");
    }
}

#[test]
fn variants_count_from_1() {
    let files = Files::new();
    let file = files.write("t.md", SOUND);
    let first = lesson(&["show", &file]);
    assert!(first.1.contains("\nvariant 1 of 2 k = \"a\"\n"), "{first:?}");
    assert_eq!(lesson(&["show", &file, "--variant", "1"]), first);
    for none in ["0", "3"] {
        let (status, _, told) = lesson(&["show", &file, "--variant", none]);
        assert_eq!(status, Some(1));
        assert!(told.contains(&format!("there is no variant {none}: the lesson has 2")), "{told}");
    }
}

#[test]
fn a_hand_in_is_graded_again() {
    let files = Files::new();
    let file = files.write("t.md", SOUND);
    let hand_in = |outcome: &str| {
        let text = format!(
            "{{\"v\": 2, \"lesson\": \"t\", \"variant\": 1, \"answers\": [{{\"id\": \"q\", \"answer\": \
             {{\"number\": \"2\"}}, \"outcome\": \"{outcome}\"}}]}}"
        );
        files.write(&format!("{outcome}.json"), &text)
    };
    let (status, told, _) = lesson(&["check", &file, "--report", &hand_in("wrong")]);
    assert_eq!(status, Some(0), "{told}");
    assert!(told.ends_with("t, variant 1: 0 of 1 points\n  q try 1: wrong (m:two)\n"), "{told}");
    let (status, told, _) = lesson(&["check", &file, "--report", &hand_in("right")]);
    assert_eq!(status, Some(1));
    assert!(told.ends_with("q try 1: wrong (m:two): the hand-in says right; it is wrong\n"), "{told}");
    let broken = files.write("broken.json", "{");
    assert_eq!(lesson(&["check", &file, "--report", &broken]).0, Some(1));
}

#[test]
fn files_of_one_id_are_compared() {
    let files = Files::new();
    let english = files.write("t.md", SOUND);
    let german = SOUND.replace("title: A title", "title: Ein Titel\nlang: de").replace("yes", "ja");
    let same = files.write("t.de.md", &german);
    assert_eq!(lesson(&["check", &english, &same]).0, Some(0));
    let other = files.write("u.de.md", &german.replace("count(wal_appended)", "1"));
    let (status, told, _) = lesson(&["check", &english, &other]);
    assert_eq!(status, Some(1));
    assert!(told.contains("error: truth differs: 1, and count(wal_appended) in the original"), "{told}");
}
