//! The bank of questions, as three lessons: the engine is the key, and each misconception gets its text. `bank.md` says
//! where the two disagreed, and who was right.

use std::{fs, path::Path};

use lsmscope::{
    lesson::{Grade, GradeOutcome, Lesson, LessonAnswer, LessonSeverity, check::check, plain},
    storage::block_on,
};
use serde_json::json;

/// The bank's questions, then second parts of them and those that only the lessons ask.
const FILES: [&str; 3] = ["bank-1.md", "bank-2.md", "bank-3.md"];

fn read(file: &str) -> (String, Lesson) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons").join(file)).unwrap();
    let lesson = Lesson::parse(&text).unwrap_or_else(|errors| panic!("{file}: {errors:#?}"));
    (text, lesson)
}

fn grade(lesson: &Lesson, id: &str, answer: &serde_json::Value) -> Grade {
    let (beat, block) = lesson.find(id).unwrap_or_else(|| panic!("there is no {id}"));
    let answer = LessonAnswer::from_json(answer).unwrap();
    block_on(lesson.grade(&lesson.variant(0), beat, block, &answer)).unwrap_or_else(|error| panic!("{id}: {error:?}"))
}

#[test]
fn every_question_is_as_the_engine_answers_it() {
    let mut count = 0;
    for file in FILES {
        let (_, lesson) = read(file);
        let findings = block_on(check(&lesson, 1));
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == LessonSeverity::Error).collect();
        assert_eq!(errors, [] as [&_; 0], "{file}");
        // Some run many lines; all texts are for some answer, and all wrong answers have one.
        let others: Vec<_> = findings.iter().filter(|f| !f.error.message.starts_with("this beat makes ")).collect();
        assert_eq!(others, [] as [&_; 0], "{file}");
        let blocks = lesson.outline().beats.iter().flat_map(|beat| beat.blocks.clone()).collect::<Vec<_>>();
        count += blocks.iter().filter(|block| block.name.starts_with("predict")).count();
    }
    assert!(count >= 117, "{count} questions");
}

/// Each line `wrong VALUE: m:TAG` of a choice or a number, without the parser: the id, the answer, the tag.
fn named_wrong_answers(text: &str) -> Vec<(String, serde_json::Value, String)> {
    let (mut found, mut id, mut kind) = (Vec::new(), String::new(), "");
    for line in text.lines() {
        if let Some(info) = line.strip_prefix("```predict ") {
            kind = if info.starts_with("choice") {
                "choice"
            } else if info.starts_with("number") {
                "number"
            } else {
                ""
            };
            id = info.split("id=").nth(1).unwrap().split(' ').next().unwrap().to_string();
        }
        let Some((value, rest)) = line.strip_prefix("wrong ").and_then(|line| line.split_once(": m:")) else {
            continue;
        };
        if !kind.is_empty() && !value.starts_with("if ") {
            found.push((id.clone(), json!({ kind: value }), rest.split(' ').next().unwrap().to_string()));
        }
    }
    found
}

#[test]
fn each_named_misconception_is_wrong_and_gets_its_text() {
    let mut count = 0;
    for file in FILES {
        let (text, lesson) = read(file);
        for (id, answer, tag) in named_wrong_answers(&text) {
            let grade = grade(&lesson, &id, &answer);
            assert_eq!((grade.outcome, grade.tag.as_deref()), (GradeOutcome::Wrong, Some(&*tag)), "{id} {answer}");
            assert!(
                plain(&grade.text).len() >= 10 && !plain(&grade.text).contains('?'),
                "{id}: {}",
                plain(&grade.text)
            );
            count += 1;
        }
    }
    assert!(count >= 115, "{count} misconceptions");
}

#[test]
fn orders_places_and_rows_are_graded_as_the_bank_says() {
    let (_, first) = read("bank-1.md");
    let (_, second) = read("bank-2.md");
    use GradeOutcome::{Right, Wrong};
    let put = ["wal_appended", "wal_synced", "memtable_inserted", "acknowledged"];
    let memory_first = ["memtable_inserted", "wal_appended", "wal_synced", "acknowledged"];
    let log_first = ["wal_removed", "table_finished", "edit_logged", "version_installed"];
    let index_first = ["index", "data", "filter", "properties", "footer"];
    for (lesson, id, answer, outcome, tag) in [
        (&first, "q01", json!({"order": put}), Right, None),
        (&first, "q01", json!({"order": memory_first}), Wrong, Some("memtable-first")),
        (&first, "q05", json!({"order": log_first}), Wrong, Some("log-first")),
        (&first, "q10", json!({"order": index_first}), Wrong, Some("index-first")),
        (&first, "q15", json!({"click": ["memtable"]}), Right, None),
        (&first, "q15", json!({"click": ["table 3"]}), Wrong, Some("bottom-truth")),
        (&first, "q28", json!({"click": ["memtable", "table 3"]}), Wrong, Some("below")),
        (&first, "q28", json!({"click": []}), Wrong, None),
        (&first, "q39", json!({"scan": ["t = 3", "s = 2", "r = 1", "p = 1"]}), Right, None),
        (&first, "q39", json!({"scan": ["p = 1", "q = 1", "r = 1", "s = 2", "t = 3"]}), Wrong, Some("first-source")),
        (&first, "q39", json!({"scan": ["p = 1", "r = 1", "s = 1", "t = 3"]}), Wrong, Some("first-source")),
        (&first, "q39", json!({"scan": ["s = 2", "t = 3"]}), Wrong, Some("whole-source")),
        (&second, "q48c", json!({"click": ["table 3", "table 5", "table 7"]}), Right, None),
        (&second, "q48c", json!({"click": ["table 3"]}), Wrong, Some("one-at-a-time")),
        (&second, "q49", json!({"click": ["table 3", "table 7"]}), Right, None),
        (&second, "q49", json!({"click": ["table 3", "table 5", "table 7"]}), Wrong, Some("l0-emptied")),
        (&second, "q54", json!({"click": ["memtable"]}), Right, None),
        (&second, "q61a", json!({"order": ["tiered", "universal", "leveled"]}), Right, None),
        (&second, "q66", json!({"number": "500"}), Wrong, Some("device-is-mine")),
        (&second, "q84", json!({"order": ["stopped", "write_delayed"]}), Wrong, Some("stop-first")),
    ] {
        let grade = grade(lesson, id, &answer);
        assert_eq!((grade.outcome, grade.tag.as_deref()), (outcome, tag), "{id} {answer}: {}", grade.truth);
        assert!(grade.from < grade.stop && grade.stop <= grade.to, "{id}");
    }
}
