//! A check runs what a learner may do, and compares translations.

use lsmscope::{
    lesson::{Lesson, LessonSeverity, check::check, skeleton::same_skeleton},
    storage::block_on,
};

use crate::grade::{LESSON, lesson, small};

fn findings(blocks: &str) -> Vec<String> {
    let found = block_on(check(&small(blocks), 200));
    let word = |severity| if severity == LessonSeverity::Error { "error" } else { "warning" };
    found.iter().map(|f| format!("{} {}: {}", word(f.severity), f.error.line - 5, f.error.message)).collect()
}

fn prediction(kind: &str, lines: &str) -> String {
    format!("```predict {kind} id=q\nask: x\nrun: put a 1\n{lines}\nright: \"r\"\n```\n")
}

#[test]
fn a_misspelt_field_gets_the_name_that_was_meant_and_no_value_yet_the_other_remedy() {
    let remedies = |truth: &str| -> Vec<String> {
        let blocks = prediction("number", &format!("truth: {truth}\nwrong: \"w\""));
        let found = block_on(check(&small(&blocks), 200)).into_iter();
        found.filter(|f| f.severity == LessonSeverity::Error).map(|f| f.error.remedy).collect()
    };
    assert_eq!(remedies("report.memtable.entires"), ["Did you mean entries?"]);
    assert_eq!(remedies("list(memtable_inserted.record.vlaue)"), ["Did you mean value?"]);
    let [missing] = &remedies("at(first(get_ended)).tables")[..] else { panic!("it is one") };
    assert!(missing.starts_with("Over what runs above"), "{missing}");
}

#[test]
fn a_check_runs_what_a_learner_may_do() {
    let number = |lines: &str| findings(&prediction("number", lines));
    assert_eq!(number("truth: count(wal_appended)\nwrong: \"w\""), [] as [&str; 0]);
    assert_eq!(
        number("truth: count(wal_appended)\nexpect: 2\nwrong: \"w\""),
        ["error 5: the engine says 1, and the author 2"]
    );
    assert_eq!(number("truth: count(wal_appended)"), ["warning 1: some wrong answers have no text"]);
    assert_eq!(
        number("truth: 1\nwrong if answer > truth: \"w\"\nwrong 3: \"x\"\nwrong: \"y\""),
        ["warning 6: no answer gets this text"]
    );
    assert_eq!(number("truth: report.wals\nwrong: \"w\"\nstop: get_ended"), ["error 6: the window has no such moment"]);
    assert_eq!(
        findings(&prediction("choice", "truth: 1\nchoice 1 \"a\"\nchoice one \"b\" if truth == 1\nwrong: \"w\"")),
        ["error 4: 2 choices are right: the truth is 1"]
    );
    assert_eq!(
        findings(&prediction("choice", "truth: 1\nchoice 1 \"a\"\nchoice 2 \"b\"")),
        ["warning 6: this wrong choice has no text"]
    );
    assert_eq!(
        findings(&prediction("click", "truth: \"table 9\"\nwrong: \"w\"")),
        ["error 4: the truth has table 9, which cannot be clicked when it is asked"]
    );
    let long = "word ".repeat(41);
    assert_eq!(
        findings(&format!("{long}\n\n{}", prediction("number", "truth: 1\nwrong: \"w\""))),
        ["warning 0: 41 words stand here before something moves"]
    );
    assert_eq!(findings("a\n\n## C\nb\n"), ["warning 3: two beats in a row have nothing to do or decide"]);
    assert_eq!(findings("```lsm run\nget a @3\n```\n"), ["error 2: there is no snapshot 3"], "lines have to go well");
    assert_eq!(
        findings(&format!(
            "```lsm run\nput b 1\n```\nThere is {{{{report.memtable.entries}}}}.\n\n{}",
            prediction("number", "truth: count(wal_appended)\nwrong: \"w\"")
        )),
        ["warning 9: a value in the text above is the answer"]
    );
    assert_eq!(
        findings(&prediction("number", "truth: report.tables\nwrong: \"w\"")),
        ["warning 4: the answer is on the stage before the window runs"]
    );
    let challenge = |check: &str, solution: &str| {
        findings(&format!("```challenge id=c lines=1\nask: x\ncheck: {check}\nsolution: {solution}\n```\n"))
    };
    assert_eq!(challenge("report.last_seq == 1", "put a 1"), [] as [&str; 0]);
    assert_eq!(challenge("report.last_seq >= 0", "put a 1"), ["error 3: this is true without any line"]);
    assert_eq!(
        challenge("report.last_seq == 2", "put a 1 | put b 1"),
        ["error 4: the solution does not pass: these are 2 lines, and it takes 1"]
    );
    assert_eq!(
        challenge("report.last_seq == 2 and true", "put a 1"),
        ["error 4: the solution does not pass: report.last_seq == 2 is not true: it is 1"]
    );
}

#[test]
fn a_solution_that_fails_says_where_and_which_goal_was_not_reached() {
    let challenge = |goals: &str, solution: &str| {
        let goal = "report.tables == 1 and report.last_seq == versions(\"a\") and before(wal_appended, get_ended)";
        let block = format!("```challenge id=c lines=4\nask: x\ncheck: {goal}\n{goals}solution: {solution}\n```\n");
        let found = block_on(check(&small(&block), 200)).into_iter().map(|finding| finding.error);
        found.map(|error| (error.line - 5, error.column, error.length, error.message)).collect::<Vec<_>>()
    };
    let goals = "goal: one table\ngoal: as many `versions` as writes\ngoal: a get\n";
    let why = |why: &str| format!("the solution does not pass: {why}");
    assert_eq!(challenge(goals, "put a 1 | flush | get a"), []);
    assert_eq!(
        challenge(goals, "put a 1\n  put b 1\n  get a"),
        [(
            7,
            11,
            7,
            why("the goal “one table” is not reached, as report.tables == 1 is not true: it is 0; \
                 the goal “as many `versions` as writes” is not reached, as report.last_seq == versions(\"a\") is not \
                 true: these are 2 and 0")
        )]
    );
    assert_eq!(
        challenge("", "put a 1 | flush"),
        [(4, 11, 15, why("before(wal_appended, get_ended) is not true"))],
        "without words, the check says it"
    );
    // A line that fails when it runs is told where it stands in the lesson.
    assert_eq!(challenge(goals, "put a 1\n  flush\n  get a @3"), [(9, 10, 1, why("there is no snapshot 3"))]);
}

#[test]
fn the_moments_and_the_key_of_a_figure_are_in_its_run() {
    let figure = |attributes: &str| findings(&format!("```figure id=f {attributes}\nput a 1 | flush\n```\n"));
    assert_eq!(figure("from=op:1 via=\"flush_began, table_finished\" to=flush_ended key=a"), [] as [&str; 0]);
    assert_eq!(figure("via=\"flush_began, table_fell\""), ["error 1: the figure has no such moment"]);
    let late = "error 1: this moment comes earlier than the one named before it";
    assert_eq!(figure("from=flush_ended via=table_finished"), [late]);
    assert_eq!(figure("via=\"table_finished, flush_began\""), [late]);
    assert_eq!(figure("key=b"), ["error 1: nothing happens to b in this figure"]);
}

#[test]
fn a_check_names_the_variant() {
    let text = "---\nid: t\ntitle: T\nvary: {n: [1, 2]}\n---\n## B\n```predict choice id=q\nask: x\nrun: put a 1\n\
                truth: n\nchoice 1 \"a\"\nchoice 3 \"b\"\nwrong: \"w\"\nright: \"r\"\n```\n";
    let found = block_on(check(&Lesson::parse(text).unwrap(), 200));
    let message = "no choice is right: the truth is 2, and the choices are 1, 3 (with n=2)";
    assert_eq!(found[0].error.message, message);
    assert!(found[0].error.remedy.contains("write choice 2 \"text\""), "{:?}", found[0].error);
}

#[test]
fn a_translation_differs_in_texts_only() {
    let german = LESSON
        .replace("title: T", "title: T\nlang: de")
        .replace("After that", "Danach")
        .replace("Not below", "Nicht darunter")
        .replace("flush first", "erst flush");
    let german = Lesson::parse(&german).unwrap();
    assert_eq!(same_skeleton(&lesson(), &german), []);
    for (from, to, expected) in [
        ("truth: probed(get)", "truth: [\"memtable\"]", "truth differs"),
        ("lines=2", "lines=3", "lines differs: 3, and 2 in the original"),
        ("put x 1", "put x 2", "the script differs"),
        ("## ★ One", "## Eins", "the star differs"),
        ("{{report.tombstones}}", "x", "the values in the text differs"),
        ("wrong table: m:below", "wrong table: m:above", "the lines wrong differs"),
        ("```challenge id=gone", "```challenge id=weg", "the id differs"),
    ] {
        let other = Lesson::parse(&LESSON.replace("title: T", "title: T\nlang: de").replace(from, to)).unwrap();
        let found = same_skeleton(&lesson(), &other);
        assert!(found.len() == 1 && found[0].error.message.contains(expected), "{from}: {found:?}");
    }
    assert_eq!(same_skeleton(&lesson(), &lesson())[0].error.message, "both are in en");
}
