//! What is reported of a challenge: its numbers before and after; a hand-in that says others is found out.

use lsmscope::{
    lesson::{ChallengeReport, Lesson, check::check, limits::MAX_VARIANTS},
    storage::block_on,
};
use serde_json::{Value as Json, json};

const LESSON: &str = "---\nid: t\ntitle: T\nvary: {seed: [7, 9]}\n---\n## Two customers\n\
    ```challenge id=small lines=2\nask: x\nstart: put a0 1\ncheck: report.writes >= 20\n\
    solution: options write_buffer_entries=20 write_buffer_size=2048 | fill 20 seed {{seed}}\n\
    memory: options.write_buffer_size\nnumber \"flushes\": report.flushes\nbefore: fill 20 seed {{seed}}\n```\n\
    ```challenge id=large lines=2\nask: x\nstart: put a0 1\ncheck: report.writes >= 20\n\
    solution: options write_buffer_size=4096 | fill 20 seed {{seed}}\n\
    memory: options.write_buffer_size\nnumber \"flushes\": report.flushes\nbefore: fill 20 seed {{seed}}\n```\n";

const SMALL: [&str; 2] = ["options write_buffer_entries=20 write_buffer_size=2048", "fill 20 seed 9"];

fn report(lesson: &Lesson, id: &str, lines: &[&str]) -> ChallengeReport {
    let (beat, block) = lesson.find(id).unwrap();
    let lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
    block_on(lesson.report(&lesson.variant(1), beat, block, &lines)).unwrap().unwrap()
}

#[test]
fn a_report_has_what_was_changed_and_what_came_of_it() {
    let lesson = Lesson::parse(LESSON).unwrap();
    assert_eq!(block_on(check(&lesson, MAX_VARIANTS)), []);
    let found = report(&lesson, "small", &SMALL);
    assert_eq!(found.variant.values["seed"], json!(9));
    let options: Vec<_> = found.options.iter().map(|o| (o.name.as_str(), o.after.as_str())).collect();
    assert_eq!(options, [("write_buffer_size", "2048"), ("write_buffer_entries", "20")]);
    let memory = found.memory.unwrap();
    assert_eq!(memory.after, json!(2048));
    assert!(memory.before != memory.after);
    let [flushes] = &found.numbers[..] else { panic!("{:?}", found.numbers) };
    assert_eq!(flushes.name, "flushes");
    assert!(flushes.before.as_u64() > flushes.after.as_u64(), "{flushes:?}");
    // The same lines, the same trace; another seed, another one.
    assert_eq!(found.trace, report(&lesson, "small", &SMALL).trace);
    assert_ne!(found.trace, report(&lesson, "small", &[SMALL[0], "fill 20 seed 7"]).trace);
}

#[test]
fn a_hand_in_is_sorted_by_memory_and_what_differs_is_said() {
    let lesson = Lesson::parse(LESSON).unwrap();
    let large = ["options write_buffer_size=4096", "fill 20 seed 9"];
    let entry = |id: &str, lines: &[&str]| {
        let report = serde_json::to_value(report(&lesson, id, lines)).unwrap();
        json!({"id": id, "lines": lines, "passed": true, "report": report, "sentences": format!("{id}\npays")})
    };
    let hand_in =
        |first: Json| json!({"v": 2, "lesson": "t", "variant": 2, "challenges": [first, entry("small", &SMALL)]});
    let graded = block_on(lesson.grade_again(&hand_in(entry("large", &large)))).unwrap();
    assert!(graded.is_as_said(), "{:?}", graded.differs);
    let order: Vec<_> = graded.reports.iter().map(|one| (one.id.as_str(), one.sentences.as_str())).collect();
    assert_eq!(order, [("small", "small pays"), ("large", "large pays")]);
    for (pointer, value, expected) in [
        ("/report/memory/after", json!(1), "the report of large says memory 1; it is 4096"),
        ("/report/numbers/0/after", json!(0), "the report of large says numbers [0]; it is ["),
        ("/report/trace", json!("0"), "the report of large says trace \"0\"; it is"),
        ("/report/options", json!([]), "the report of large says options []; it is"),
    ] {
        let mut changed = entry("large", &large);
        *changed.pointer_mut(pointer).unwrap() = value;
        let graded = block_on(lesson.grade_again(&hand_in(changed))).unwrap();
        assert!(!graded.is_as_said() && graded.differs.len() == 1, "{:?}", graded.differs);
        assert!(graded.differs[0].starts_with(expected), "{:?}", graded.differs);
    }
}

#[test]
fn what_has_no_number_on_one_side_is_an_error_of_the_lesson() {
    let text = LESSON.replace("before: fill 20 seed {{seed}}\n", "").replace("report.flushes", "last(flush_ended).job");
    let found = block_on(check(&Lesson::parse(&text).unwrap(), MAX_VARIANTS));
    let told: Vec<&str> = found.iter().map(|finding| finding.error.message.as_str()).collect();
    assert!(told.iter().any(|message| message.contains("this is no number after the lines of before")), "{told:?}");
}
