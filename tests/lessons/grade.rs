//! Beats are presented without their answers, answers and lines are graded by running them.

use lsmscope::{
    lesson::{
        Attempt, Grade, GradeError, GradeOutcome, Lesson, LessonAnswer, PresentedBeat, PresentedBlock, PresentedItem,
        plain,
    },
    storage::block_on,
};
use serde_json::{Value as Json, json};

pub const LESSON: &str = "---
id: t
title: T
vary: {k: [a, b]}
keep: Keep *this*.
---
## ★ One
Key `{{k}}` and {{report.tables}} tables.

```lsm silent write_buffer_entries=3
put a 1 | put b 1
```

Now {{report.memtable.entries}} entries.

```lsm run
put c {{k}}
```

There is {{report.tables}} table; {{count(wal_appended)}} frame was written.

```predict click id=where hide=read
ask: Where does `get {{k}}` look?
run: delete {{k}} | get {{k}}
truth: probed(get)
why right \"the tombstone is newest\"
why m:below \"below is nothing\"
wrong table: m:below \"Not below: seq {{last(get_ended).seq}}.\"
right: \"Deleted at seq {{last(get_ended).seq}}.\"
stop: get_ended
```

```predict number id=many
ask: How many memtables did it search?
truth: last(get_ended).cost.memtables
wrong 2: m:two \"One.\"
right: \"{{truth}}, and you said {{answer}}.\"
```

After that: {{report.tombstones}}.

```challenge id=gone lines=2
ask: Leave no version of `{{k}}` in tables.
check: versions(k) == 0 and report.tables == 1
goal: No version of `{{k}}`
goal: One table
hint: flush first
solution: flush | compact 0
allow: flush, compact
```

```lsm type
put x 1
```
";

pub fn lesson() -> Lesson {
    Lesson::parse(LESSON).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn present(lesson: &Lesson, variant: u64) -> PresentedBeat {
    block_on(lesson.present(&lesson.variant(variant), 0))
}

fn grade(id: &str, answer: Json) -> Result<Grade, GradeError> {
    let lesson = lesson();
    let (beat, block) = lesson.find(id).unwrap();
    let answer = LessonAnswer::from_json(&answer).unwrap();
    block_on(lesson.grade(&lesson.variant(1), beat, block, &answer))
}

fn attempt(id: &str, lines: &[&str]) -> Attempt {
    let lesson = lesson();
    let (beat, block) = lesson.find(id).unwrap();
    let lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
    block_on(lesson.attempt(&lesson.variant(0), beat, block, &lines)).unwrap()
}

#[test]
fn a_beat_is_presented_with_its_values_and_its_places() {
    let lesson = lesson();
    let beat = present(&lesson, 1);
    assert_eq!((plain(&beat.title), beat.lecture, beat.problems.len()), ("One".into(), true, 0));
    assert_eq!(beat.opening.options.get("write_buffer_entries").map(String::as_str), Some("3"));
    let texts = beat.items.iter().filter_map(|item| match item {
        PresentedItem::Text { nodes } => Some(plain(nodes)),
        PresentedItem::Block { .. } => None,
    });
    let texts: Vec<String> = texts.collect();
    let expected = [
        "Key `b` and 0 tables.",
        "Now 2 entries.",
        // The third put was flushed, and what ran silently is not counted.
        "There is 1 table; 1 frame was written.",
        "After that: 0.",
    ];
    assert_eq!(texts, expected);
    let blocks: Vec<&PresentedBlock> = beat
        .items
        .iter()
        .filter_map(|item| match item {
            PresentedItem::Block { content, .. } => Some(&**content),
            PresentedItem::Text { .. } => None,
        })
        .collect();
    let PresentedBlock::Lines { role: "run", lines, from, to } = blocks[1] else { panic!("{blocks:?}") };
    assert_eq!(lines, &["put c b"]);
    let PresentedBlock::Predict { prediction } = blocks[2] else { panic!("{blocks:?}") };
    assert_eq!((prediction.from, prediction.lines.len(), prediction.shares), (*to, 2, false));
    assert!(from < to && prediction.from < prediction.to);
    let places: Vec<(&str, &str)> = prediction.places.iter().map(|p| (p.place.as_str(), p.part.as_str())).collect();
    assert_eq!(places, [("memtable", "lane:memtable"), ("table 3", "tray:table-3")]);
    let PresentedBlock::Predict { prediction: second } = blocks[3] else { panic!("{blocks:?}") };
    assert!(second.shares && (second.from, second.to) == (prediction.from, prediction.to));
}

#[test]
fn what_is_presented_has_no_answer() {
    let told = serde_json::to_string(&present(&lesson(), 0)).unwrap();
    for hidden in ["probed", "truth", "Deleted at", "Not below", "compact 0", "m:below", "versions("] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
    let outline = serde_json::to_string(&lesson().outline()).unwrap();
    assert!(outline.contains("\"predict click\"") && !outline.contains("get "), "{outline}");
}

#[test]
fn an_answer_is_right_for_the_right_reason_or_partly() {
    let right = grade("where", json!({"click": ["memtable"], "why": 0})).unwrap();
    assert_eq!((right.outcome, plain(&right.text)), (GradeOutcome::Right, "Deleted at seq 4.".into()));
    assert_eq!((right.truth, plain(&right.happened[0])), (json!(["memtable"]), "memtable".into()));
    assert!(right.from < right.stop && right.stop < right.to, "it stops at the get, before the operation ends");
    let partly = grade("where", json!({"click": ["memtable"], "why": 1})).unwrap();
    assert_eq!((partly.outcome, partly.tag.as_deref()), (GradeOutcome::Partly, Some("below")));
    assert_eq!(plain(&partly.reason), "the tombstone is newest");
    let wrong = grade("where", json!({"click": ["table 3"], "why": 0})).unwrap();
    assert_eq!((wrong.outcome, wrong.tag.as_deref()), (GradeOutcome::Wrong, Some("below")));
    assert_eq!(plain(&wrong.text), "Not below: seq 4.");
    let number = grade("many", json!({"number": "1"})).unwrap();
    assert_eq!(plain(&number.text), "1, and you said 1.");
}

#[test]
fn what_is_no_answer_is_said_and_not_graded() {
    for (id, answer, expected) in [
        ("where", json!({"click": ["memtable"]}), "a reason is asked for"),
        ("where", json!({"click": ["table 9"], "why": 0}), "table 9 is no place of this question"),
        ("where", json!({"number": "1"}), "expected click: a list of places"),
        ("many", json!({"number": "four"}), "expected a number"),
        ("many", json!({"choice": "1"}), "expected number: digits"),
        ("gone", json!({"number": "1"}), "is no prediction"),
    ] {
        let Err(GradeError::Answer { message }) = grade(id, answer.clone()) else { panic!("{answer}") };
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_challenge_says_which_bound_failed() {
    let solved = attempt("gone", &["flush", "# a comment", "", "compact 0"]);
    assert!(solved.passed && solved.lines == 2 && solved.from < solved.to, "{solved:#?}");
    let half = attempt("gone", &["flush"]);
    let parts: Vec<_> = half.parts.iter().map(|p| (p.source.as_str(), p.holds, p.left.clone())).collect();
    assert!(!half.passed && half.errors.is_empty());
    assert_eq!(parts, [("versions(k) == 0", false, json!(2)), ("report.tables == 1", false, json!(2))]);
    assert!(!attempt("gone", &[]).passed);
    let long = attempt("gone", &["flush", "flush", "compact 0"]);
    assert_eq!((long.passed, long.errors[0].message.as_str()), (false, "these are 3 lines, and it takes 2"));
    let forbidden = attempt("gone", &["flush", "  put q 1"]);
    assert_eq!((forbidden.errors[0].line, forbidden.errors[0].start, forbidden.errors[0].end), (1, 2, 5));
    assert_eq!(forbidden.errors[0].message, "put may not be used for this");
    let unreadable = attempt("gone", &["flsh", "compact 9"]);
    let told: Vec<_> = unreadable.errors.iter().map(|error| (error.line, error.message.as_str())).collect();
    assert_eq!(told, [(0, "flsh is not a command"), (1, "there is no level 9")]);
    let endless: Vec<&str> = ["compact 0"].repeat(2000);
    assert!(!attempt("gone", &endless).passed);
    assert!(attempt("gone", &["fill 5000"]).errors[0].message.contains("may not be used"));
}

#[test]
fn a_typed_line_passes_if_its_effect_is_the_same() {
    let lesson = lesson();
    let typed = |line: &str| block_on(lesson.attempt(&lesson.variant(0), 0, 5, &[line.to_string()])).unwrap();
    assert!(typed("put x 1").passed && typed("  put 'x' \"1\" # as asked").passed);
    for other in ["put x 2", "put y 1", "delete x", "batch put x 1; put y 1", "putt x 1"] {
        assert!(!typed(other).passed, "{other}");
    }
}

/// A lesson of one beat with these blocks.
pub fn small(blocks: &str) -> Lesson {
    let text = format!("---\nid: t\ntitle: T\n---\n## B\n{blocks}");
    Lesson::parse(&text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn truth(expression: &str, run: &str) -> Result<Json, String> {
    let lesson = small(&format!(
        "```lsm silent\nput a 1\nput b 2\n```\n```predict choice id=q\nask: x\nrun: {run}\ntruth: {expression}\n\
         choice yes \"y\" if true\nchoice no \"n\" if false\nwrong: \"w\"\nright: \"r\"\n```\n"
    ));
    match block_on(lesson.grade(&lesson.variant(0), 0, 1, &LessonAnswer::Choice { choice: "yes".into(), why: None })) {
        Ok(grade) => Ok(grade.truth),
        Err(GradeError::Lesson { error }) => Err(error.message),
        Err(GradeError::Answer { message }) => Err(message),
    }
}

#[test]
fn expressions_are_computed_over_the_window() {
    let run = "put c 3 | put d 4 | get c | scan b d";
    for (expression, expected) in [
        ("1 + 2 * 3 - 4 / 2", json!(5)),
        ("-(1 - 2) == 1 and not false", json!(true)),
        ("1 < 2 and \"b\" > \"a\" or 1 / 0 == 1", json!(true)),
        ("count(wal_appended)", json!(2)),
        ("sum(wal_appended.bytes) == max(wal_appended.bytes) + min(wal_appended.bytes)", json!(true)),
        ("list(memtable_inserted.record.key)", json!(["c", "d"])),
        ("count(memtable_inserted where record.key=c or record.seq > 3)", json!(2)),
        ("first(table_finished).table.smallest", json!("a")),
        ("op(first(memtable_sealed))", json!(2)),
        ("op(last(scan_ended))", json!(4)),
        ("at(first(memtable_sealed)).immutables", json!(1)),
        ("begin.memtable.entries", json!(2)),
        ("report.tables - begin.tables", json!(1)),
        ("report.levels[0].entries", json!(4)),
        ("before(memtable_inserted, memtable_sealed, get_began)", json!(true)),
        ("before(memtable_sealed, memtable_inserted)", json!(false)),
        ("order(flush_ended, sealed: memtable_sealed)", json!(["sealed", "flush_ended"])),
        ("rank(many: 9, few: 2, some: 3)", json!(["few", "some", "many"])),
        ("rows(scan)", json!(["b = 2", "c = 3", "d = 4"])),
        ("probed(get)", json!(["memtable", "table 3"])),
        ("tables(first(flush_ended).tables)", json!(["table 3"])),
        ("versions(a) + versions(zz)", json!(1)),
        ("life(c)", json!(["logged", "inserted", "written", "read", "read"])),
        ("has(rows(scan), \"c = 3\") and length(rows(scan)) == 3", json!(true)),
        ("round(10 / 3, 2)", json!(3.33)),
        ("max(1, 5, 2) + min(4, 3)", json!(8)),
        ("[1, 2, 3][2]", json!(3)),
        ("options.write_buffer_entries", json!(4)),
        ("fork{write_buffer_entries=50}.report.tables", json!(0)),
        ("fork{ | put c 1 | put d 1 | put e 1 }.report.last_seq", json!(5)),
        ("fork{write_buffer_entries=2 | flush}.count(flush_ended)", json!(0)),
        ("expected.scan >= 1", json!(true)),
        ("same(scan)", json!(false)),
        ("first(stalled).reason == \"level0\"", json!(false)),
    ] {
        assert_eq!(truth(expression, run), Ok(expected), "{expression}");
    }
    assert_eq!(truth("same(scan)", "scan | flush | scan | compact | scan"), Ok(json!(true)));
    assert_eq!(truth("compared.write.measured > 1", "drive 1s write_rate=50"), Ok(json!(true)));
}

#[test]
fn an_expression_without_a_value_says_which_part_has_none() {
    for (expression, expected) in [
        ("first(get_ended).cost.blocks", "the truth is nothing: nothing"),
        ("first(get_ended).cost.blocks + 1", "expected a number, and this is nothing"),
        ("last(wal_appended).records[3]", "there is no 3 in it; it has 1 values"),
        ("last(wal_appended).records[0].vlaue", "there is no vlaue in it; it has key, kind, seq, value, value_bytes"),
        ("sum(wal_appended.records)", "records is no number"),
        ("1 / (count(get_ended))", "this divides by 0"),
        ("count(wal_appended) and true", "expected true or false, and this is a number"),
        ("rank(a: 1, b: 1)", "a and b are equal: 1"),
        ("order(stalled, wal_appended)", "there is no stalled in the window"),
        ("rows(scan)", "there is no scan in the window"),
        ("probed(get)", "there is no get in the window"),
        ("at(first(stalled)).tables", "there is no stalled in the window"),
        ("compared.write.measured", "no drive has run yet"),
        ("fork{ | put c }.report.tables", "the fork did not run: put c: put needs a value"),
    ] {
        let found = truth(expression, "put c 3").unwrap_err();
        assert!(found.contains(expected), "{expression}: {found}");
    }
}

#[test]
fn numbers_are_right_within_what_is_accepted() {
    let graded = |accept: &str, number: &str| {
        let lesson = small(&format!(
            "```predict number id=q\nask: x\nrun: put a 1 | put b 2 | put c 3 | put d 4\n\
             truth: last(table_finished).table.bytes\n{accept}\nright: \"r\"\nwrong {{truth * 2}}: m:double \"d\"\n\
             wrong if answer > truth: m:more \"m\"\nwrong: \"w\"\n```\n"
        ));
        let answer = LessonAnswer::Number { number: number.into(), why: None };
        let grade = block_on(lesson.grade(&lesson.variant(0), 0, 0, &answer)).unwrap();
        (grade.outcome == GradeOutcome::Right, grade.tag)
    };
    assert_eq!(graded("", "309"), (true, None));
    assert_eq!(graded("", "310"), (false, Some("more".into())));
    assert_eq!(graded("", "618"), (false, Some("double".into())));
    assert_eq!(graded("", "300"), (false, None));
    assert!(graded("accept: ±10%", "280").0 && !graded("accept: ±10%", "277").0);
    assert!(graded("accept: ±2", "311").0 && !graded("accept: ±2", "312").0);
    assert!(graded("accept: between 300 and 320", "300").0);
}

#[test]
fn cards_are_not_presented_in_the_order_of_the_truth() {
    let lesson = small(
        "```predict order id=q\nask: x\nrun: put a 1\ntruth: order(wal_appended, wal_synced)\n\
         card wal_appended \"log\"\ncard wal_synced \"sync\"\nwrong: \"w\"\nright: \"r\"\n```\n",
    );
    let beat = present(&lesson, 0);
    let PresentedItem::Block { content, .. } = &beat.items[0] else { panic!("{beat:?}") };
    let PresentedBlock::Predict { prediction } = &**content else { panic!("{beat:?}") };
    assert_eq!(
        prediction.cards.iter().map(|card| card.value.as_str()).collect::<Vec<_>>(),
        ["wal_synced", "wal_appended"]
    );
}

/// A question that is asked again comes in another variant, and so does its answer.
#[test]
fn each_answer_of_a_hand_in_is_graded_in_its_own_variant() {
    let text = "---\nid: t\ntitle: T\nvary: {n: [1, 2]}\n---\n## B\n\n```predict number id=q\nask: x\n\
                run: fill {{n}}\ntruth: count(acknowledged)\nwrong: \"w\"\nright: \"r\"\n```\n";
    let lesson = Lesson::parse(text).unwrap();
    let answer = |number: &str, variant: u64| json!({"id": "q", "answer": {"number": number}, "variant": variant});
    let hand_in = json!({
        "v": 2, "lesson": "t", "variant": 1,
        "answers": [answer("2", 1), answer("2", 2), answer("2", 3), {"id": "q", "answer": {"number": "1"}}],
    });
    let graded = block_on(lesson.grade_again(&hand_in)).unwrap();
    let outcomes: Vec<_> = graded.entries.iter().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Some("wrong"), Some("right"), None, Some("right")]);
    assert_eq!(graded.entries[2].differs.as_deref(), Some("there is no variant 3: the lesson has 2"));
    assert_eq!((graded.score.points, graded.score.of), (0, 1));

    // Those of an earlier lsmscope have no version, and count variants from 0.
    let before = json!({"lesson": "t", "variant": 0, "answers": [answer("2", 0), answer("2", 1), answer("2", 2)]});
    let graded = block_on(lesson.grade_again(&before)).unwrap();
    let outcomes: Vec<_> = graded.entries.iter().map(|entry| entry.outcome).collect();
    assert_eq!((graded.variant.number, outcomes), (1, vec![Some("wrong"), Some("right"), None]));
}

#[test]
fn a_hand_in_is_graded_again() {
    let lesson = lesson();
    let hand_in = json!({
        "v": 2, "lesson": "t", "variant": 1, "score": {"points": 4, "of": 4},
        "answers": [
            {"id": "where", "answer": {"click": ["table 3"], "why": 0}, "outcome": "wrong"},
            {"id": "where", "answer": {"click": ["memtable"], "why": 0}, "outcome": "right"},
            {"id": "nowhere", "answer": {"number": "1"}},
        ],
        "challenges": [
            {"id": "gone", "lines": ["flush"], "passed": true},
            {"id": "gone", "lines": ["flush", "compact 0"], "passed": true},
        ],
    });
    let graded = block_on(lesson.grade_again(&hand_in)).unwrap();
    // Wrong at first, the other question not answered; the challenge counts double.
    assert_eq!((graded.score.points, graded.score.of, &graded.missing[..]), (2, 4, &["many".to_string()][..]));
    let entries: Vec<_> = graded.entries.iter().map(|e| (e.id.as_str(), e.attempt, e.outcome)).collect();
    let expected = [
        ("where", 1, Some("wrong")),
        ("where", 2, Some("right")),
        ("nowhere", 1, None),
        ("gone", 1, Some("failed")),
        ("gone", 2, Some("passed")),
    ];
    assert_eq!(entries, expected);
    let differs: Vec<&str> = graded.entries.iter().filter_map(|entry| entry.differs.as_deref()).collect();
    assert_eq!(differs, ["the lesson has no such question", "the hand-in says passed; it is failed"]);
    assert_eq!(graded.differs, ["the hand-in says a score of {\"of\":4,\"points\":4}; it is 2 of 4"]);
    for (wrong, expected) in [
        (json!({}), "a hand-in names its lesson"),
        (json!({"v": 2, "lesson": "u", "variant": 1}), "the hand-in is of the lesson u, and this one is t"),
        (json!({"v": 2, "lesson": "t", "variant": 9}), "there is no variant 9"),
        (json!({"v": 2, "lesson": "t", "variant": 0}), "there is no variant 0"),
        (json!({"v": 2, "lesson": "t", "variant": 1, "answers": 3}), "answers is a list"),
        (json!({"lesson": "t", "variant": "1"}), "a variant is told by its number"),
        (json!({"v": 3, "lesson": "t", "variant": 1}), "the hand-in has version 3, and this lsmscope reads 2"),
    ] {
        let error = block_on(lesson.grade_again(&wrong)).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}
