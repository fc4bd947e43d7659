//! What is wrong with a file is named where it stands, with a remedy; all of it at once.

use lsmscope::{
    lesson::{Lesson, LessonError},
    storage::block_on,
};

const HEAD: &str = "---\nid: t\ntitle: T\nvary: {k: [a, b], n: 1..3}\n---\n";

fn errors(text: &str) -> Vec<LessonError> {
    Lesson::parse(text).err().unwrap_or_default()
}

/// `line:column message` of each error of a lesson with this body.
fn of_body(body: &str) -> Vec<String> {
    let found = errors(&format!("{HEAD}{body}"));
    assert!(found.iter().all(|error| !error.remedy.is_empty()), "each has a remedy: {found:?}");
    // As if the body were the file.
    found.iter().map(|e| format!("{}:{} {}", e.line as i64 - 5, e.column, e.message)).collect()
}

/// The same of a beat with this block.
fn of_block(info: &str, content: &str) -> Vec<String> {
    of_body(&format!("## B\n```{info}\n{content}\n```\n"))
}

#[test]
fn a_lesson_has_a_front_matter_and_beats() {
    let lesson =
        Lesson::parse(&format!("{HEAD}## ★ One\nText `{{{{k}}}}` and {{{{report.tables}}}}.\n## Two\n- a\n- b\n"));
    let lesson = lesson.expect("it is one");
    assert_eq!((lesson.id(), lesson.title(), lesson.lang(), lesson.variant_count()), ("t", "T", "en", 6));
    let values = lesson.variant(4).values;
    assert_eq!((values["k"].clone(), values["n"].clone()), ("b".into(), 2.into()));
    assert_eq!(lesson.variant(10), lesson.variant(4));
    assert_eq!(lesson.variants().count(), 6);
}

/// *Again, other numbers* is offered where there are some.
#[test]
fn a_beat_has_other_values_in_the_variants_that_change_what_it_names() {
    let body = "## One\nText.\n## Two\nText `{{k}}`.\n## Three\n```lsm run\nfill {{n}} seed 1\n```\n\
                ## Four\nOf {{n + 1}}, `{{k}}`.\n## Five\n{{report.tables}} kn\n\
                ## Six\n```predict number id=six\nask: How many of k?\nrun: put a 1\nlet twice: 2 * n\ntruth: twice\n\
                right: So it is.\n```\n";
    let lesson = Lesson::parse(&format!("{HEAD}{body}")).expect("it is one");
    // k: a a a b b b, n: 1 2 3 1 2 3
    let others = |beat: usize| lesson.other_variants(&lesson.variant(1), beat);
    assert_eq!(others(0), [] as [usize; 0]);
    assert_eq!(others(1), [3, 4, 5]);
    assert_eq!(others(2), [0, 2, 3, 5]);
    assert_eq!(others(3), [0, 2, 3, 4, 5]);
    assert_eq!(others(4), [] as [usize; 0]);
    assert_eq!(others(5), [0, 2, 3, 5], "an expression names it without braces");
}

#[test]
fn the_front_matter_says_what_is_wrong_with_it() {
    for (head, expected) in [
        ("id: T 1\ntitle: x", "2:5 T 1 is no id"),
        ("id: t", "1:1 the front matter has no title"),
        ("id: t\ntitle: x\ntitel: y", "4:1 the front matter has no key titel"),
        ("id: t\ntitle: x\nid: u", "4:1 id stands twice"),
        ("id: t\ntitle: x\npreset: teching", "4:9 there is no preset teching"),
        ("id: t\ntitle: x\noptions: {block_size: 3}", "4:23 block_size = 3: expected 32 bytes to 16 MB"),
        ("id: t\ntitle: x\nvary: {report: [a]}", "4:8 report cannot be a variable"),
        ("id: t\ntitle: x\nvary: {a: 1..20, b: 1..20}", "4:7 vary makes 400 variants, and 200 are the most"),
        ("id: t\ntitle: x\nlang: e", "4:7 e is no language"),
        ("id: t\ntitle: x\nminutes: ten", "4:10 minutes is a number"),
        ("id: t\ntitle: x\ngoals: one", "4:8 expected a list"),
    ] {
        let found = errors(&format!("---\n{head}\n---\n## B\ntext\n"));
        let told: Vec<String> = found.iter().map(|e| format!("{}:{} {}", e.line, e.column, e.message)).collect();
        assert_eq!(told, [expected], "{head}");
    }
    let near = errors("---\nid: t\ntitel: x\n---\n## B\n");
    assert_eq!(near[1].remedy, "Did you mean title?");
}

#[test]
fn only_what_is_in_the_closed_set_is_shown() {
    for (body, expected) in [
        ("## B\nan <b>x</b>\n", vec!["2:4 raw HTML is not shown", "2:8 raw HTML is not shown"]),
        ("## B\n<div onclick=x>\n", vec!["2:1 raw HTML is not shown"]),
        ("## B\n![x](https://a/b.png)\n", vec!["2:1 an image is not shown"]),
        (
            "## B\n[x](javascript:alert(1))\n",
            vec!["2:1 a link goes to https:, http:, mailto:, a place of this page or a lesson"],
        ),
        ("## B\n[x](deletes) [y](#z) [w](https://a/?b) <mailto:a@b.c>\n", vec![]),
        ("## B\n# x\n", vec!["2:1 the title stands in the front matter"]),
        ("## B\n#### x\n", vec!["2:1 headings go down to ###"]),
        ("## B\n***\n", vec!["2:1 a rule is not shown"]),
        ("text\n## B\n", vec!["1:1 this stands before the first beat"]),
        ("## B\n- x\n  ```lsm run\n  put a 1\n  ```\n", vec!["3:3 a block cannot stand in a list or a quote"]),
        ("## B\n```rust\nfn f() {}\n```\n", vec![]),
        ("## B\n```predct choice id=q\n```\n", vec!["2:4 predct begins no block"]),
        ("## B\na {{k\n", vec!["2:3 a value is never closed"]),
        ("## B\na `{{kk}}` *{{n*2}}*\n", vec!["2:6 kk is no name that is known here"]),
        ("", vec!["1:1 the lesson has no beat"]),
    ] {
        assert_eq!(of_body(body), expected, "{body}");
    }
}

#[test]
fn blocks_say_what_is_wrong_with_them() {
    for (info, content, expected) in [
        ("lsm", "put a 1", "2:4 lsm needs a kind"),
        ("lsm rum", "put a 1", "2:8 lsm has no kind rum"),
        ("lsm run", "", "2:4 there is no line in this block"),
        ("lsm run", "putt a 1", "3:1 putt is not a command"),
        ("lsm run", "put a {{x}}", "3:7 x is no variable of vary"),
        ("lsm run", "exit", "3:1 this line is for a console only"),
        ("lsm run blok_size=64", "put a 1", "2:12 lsm has no attribute blok_size"),
        ("lsm run block_size=7", "put a 1", "2:23 block_size = 7: expected 32 bytes to 16 MB"),
        ("lsm run", "put a \u{200b}1", "3:7 a character that is not seen stands here: U+200B"),
        ("fork", "", "2:4 fork needs an option"),
        ("life", "", "2:4 life needs a key"),
        ("show stage stroy", "", "2:15 there is no control stroy"),
        ("compare", "left \"a\": put a 1", "2:4 a comparison has two sides"),
        ("figure id=f", "", "2:4 a figure is drawn from lines"),
        ("policy id=p", "level 9", "3:1 levels go from 0 to 6"),
        ("policy id=p", "options: num_levels=3\nlevel 0\n  1: a-m", "5:1 a card ends with pick or compact LEVEL"),
        ("challenge id=c", "ask: x\ncheck: true\nsolution: flush", "2:4 a challenge says how many lines it takes"),
        ("challenge id=c lines=2", "ask: x\ncheck: true", "2:4 a challenge needs solution"),
        ("challenge id=c lines=2", "ask: x\ncheck: true\nsolution: flush\nallow: putt", "6:8 there is no command putt"),
        (
            "challenge id=c lines=2",
            "ask: x\ncheck: true and report.tables == 1\ngoal: One table\nsolution: flush",
            "5:1 1 goal for a check of 2 parts",
        ),
    ] {
        assert_eq!(of_block(info, content), [expected], "{info}\n{content}");
    }
}

#[test]
fn a_fence_that_is_never_closed_is_told_where_it_begins_and_once() {
    let question = "```predict number id=q\nask: x\ntruth: 1\nright: y\n```\n";
    let open = ["2:1 this fence is never closed"];
    // Followed by text, by another block, by a beat with one, by code that is shown; and at the end of the file.
    for below in ["\nText.\n", question, "\n## C\n\nText.\n\n```lsm run\nput b 1\n```\n", "\n```rust\nx\n```\n", ""] {
        assert_eq!(of_body(&format!("## B\n```lsm run\nput a 1\n{below}")), open, "{below}");
    }
    // What it has run, and what it says, is not missed by what stands above.
    let above = "## B\n```predict number id=p\nask: x\nrun: get a\ntruth: 1\nright: y\n```\n";
    assert_eq!(of_body(&format!("{above}```lsm run\nput a 1\n\n{question}")), ["8:1 this fence is never closed"]);
    assert_eq!(of_body("```lsm run\nput a 1\n"), ["1:1 this fence is never closed"]);
    let found = errors(&format!("{HEAD}## B\n```lsm run\nput a 1\n\n{question}"));
    assert_eq!(found[0].remedy, "Write ``` in a line of its own where it ends, above line 10.");
}

#[test]
fn predictions_say_what_is_wrong_with_them() {
    let minimal = "ask: x\nrun: put a 1\ntruth: 1\nright: y";
    let with = |lines: &str| format!("{minimal}\n{lines}");
    assert_eq!(of_block("predict number id=q", minimal), [] as [&str; 0]);
    assert_eq!(of_block("predict number id=q", &with("  continued")), [] as [&str; 0]);
    for (info, content, expected) in [
        ("predict nummer id=q", minimal.into(), "2:12 predict has no kind nummer"),
        ("predict number", minimal.into(), "2:4 predict needs an id"),
        ("predict number id=Q", minimal.into(), "2:22 an id has letters, digits and - only"),
        ("predict number id=q", "ask: x\nrun: flush\nright: y".into(), "2:4 a prediction needs truth"),
        ("predict number id=q", "ask: x\ntruth: 1\nright: y".into(), "2:1 this prediction has no window"),
        ("predict number id=q", with("rigth: z"), "7:1 predict has no key rigth"),
        ("predict number id=q", with("ask: z"), "7:1 ask stands twice"),
        ("predict number id=q", with("accept: about 2"), "7:9 accept has another form"),
        ("predict number id=q", with("choice 1 \"x\""), "7:1 choice is for another kind of prediction"),
        ("predict number id=q", with("wrong two: \"x\""), "7:7 two is not a number, such as 1,024 or 0.5"),
        ("predict number id=q", with("wrong 2: x"), "7:10 the text for a wrong answer stands in quotes"),
        ("predict number id=q", with("wrong 2: m:A_b \"x\""), "7:10 a tag has small letters, digits and -"),
        ("predict number id=q", with("stop: get_endet"), "7:7 this names no moment"),
        ("predict number id=q hide=answers", minimal.into(), "2:29 answers cannot be hidden"),
        ("predict number id=q", with("why right \"x\"\nwhy right \"y\""), "2:4 exactly one reason is right"),
        ("predict choice id=q", with("choice 1 \"x\""), "2:4 at least two lines choice are needed"),
        ("predict choice id=q", with("choice 1 \"x\"\nchoice 1 \"y\""), "8:1 1 stands twice"),
        ("predict choice id=q", with("choice 1 x\nchoice 2 \"y\""), "7:1 choice has another form"),
        ("predict click id=q among=tabels", minimal.into(), "2:29 there is no kind of place tabels"),
        ("predict number id=q", with("let k: 1"), "7:5 the name k is taken"),
    ] {
        assert_eq!(of_block(info, &content), [expected], "{info}\n{content}");
    }
    let twice = format!("## B\n```predict number id=q\n{minimal}\n```\n```predict number id=q\n{minimal}\n```\n");
    assert_eq!(of_body(&twice), ["8:22 the id q is taken"]);
}

#[test]
fn expressions_say_what_is_wrong_with_them() {
    for (expression, expected) in [
        ("", "4:1 truth has another form"),
        ("1 +", "4:11 something is missing here"),
        ("1 = 1", "4:10 one = means nothing here"),
        ("1 == 1 && true", "4:15 this sign means nothing here"),
        ("count(wal_append)", "4:14 wal_append is no kind of event"),
        ("count(wal_appended where byte=1)", "4:33 wal_appended has no field byte"),
        ("sum(wal_appended.byte)", "4:25 wal_appended has no field byte"),
        ("sum(wal_appended)", "4:12 a field is missing"),
        ("count(wal_appended.bytes)", "4:14 count takes a kind of event alone"),
        ("last(get_ended).costs.blocks", "4:24 get_ended has no field costs"),
        ("report.table", "4:15 the state has no table"),
        ("options.blok_size", "4:16 there is no option blok_size"),
        ("expected.wites", "4:17 expected has no wites"),
        ("cuont(wal_appended)", "4:8 there is no call cuont"),
        ("wal_appended", "4:8 wal_appended is a kind of event, and no value"),
        ("truth + 1", "4:8 truth is known in right, wrong and choices only"),
        ("picked.level", "4:8 picked is known below a policy card only"),
        ("probed(scan)", "4:15 expected get"),
        ("before(get_ended)", "4:8 before compares two at least"),
        ("rank(report.tables)", "4:13 expected a name and a colon"),
        ("fork{blok=1}.report.tables", "4:13 there is no option blok"),
        ("fork{block_size=64}", "4:27 expected ."),
        ("fork{block_size=64}.fork{block_size=64}.report.tables", "4:8 a fork in a fork"),
        ("fork{ | put {{z}} 1}.report.tables", "4:15 z is no variable of vary"),
        ("\"open", "4:8 a quote is never closed"),
        ("2 ; 3", "4:10 ';' means nothing here"),
        ("has([1, 2])", "4:8 has takes 2 values"),
        ("(1", "4:10 expected )"),
    ] {
        let content = format!("ask: x\ntruth: {expression}\nrun: flush\nright: y");
        assert_eq!(of_block("predict number id=q", &content), [expected], "{expression}");
    }
    let nested = format!("{}1{}", "(".repeat(40), ")".repeat(40));
    let content = format!("ask: x\ntruth: {nested}\nrun: flush\nright: y");
    assert_eq!(of_block("predict number id=q", &content), ["4:40 this is nested too deeply"]);
    let long = format!("ask: x\ntruth: 1{}\nrun: flush\nright: y", " + 1".repeat(600));
    assert_eq!(of_block("predict number id=q", &long), ["4:8 an expression has at most 2,000 characters"]);
}

#[test]
fn a_heading_without_a_space_is_told_where_it_stands_and_begins_its_beat() {
    let second = "##Two\n\n```lsm run block_size=64\nput a 1\n```\n";
    let body = format!("## One\n\n```lsm run\nput a 1\n```\n\n{second}");
    assert_eq!(of_body(&body), ["7:1 a heading needs a space"]);
    assert_eq!(errors(&format!("{HEAD}{body}"))[0].remedy, "Write a space behind the ##.");
    assert_eq!(of_body("## One\nText\n###Small\n"), ["3:1 a heading needs a space"]);
    assert_eq!(of_body("## One\nIn C, ##a joins; `##Two` is code.\n\n##\n"), ["4:1 the beat has no title"]);
}

#[test]
fn a_misspelt_moment_or_option_gets_the_name_that_was_meant() {
    let remedies = |info: &str, content: &str| -> Vec<String> {
        errors(&format!("{HEAD}## B\n```{info}\n{content}\n```\n")).into_iter().map(|error| error.remedy).collect()
    };
    let moment = |stop: &str| {
        let content = format!("ask: x\nrun: get a\ntruth: report.tables\nright: x\nstop: {stop}");
        remedies("predict number id=q", &content)
    };
    assert_eq!(moment("filter_probe"), ["Did you mean filter_probed?"]);
    assert_eq!(moment("op:1/filter_probe:2"), ["Did you mean filter_probed?"]);
    assert_eq!(moment("filter_probed:x").len(), 1);
    assert!(moment("filter_probed:2").is_empty());
    assert_eq!(remedies("lsm run bloom_bits=2", "put a 1"), ["Did you mean bloom_bits_per_key?"]);
}

#[test]
fn quotes_that_hold_no_text_are_told() {
    let right = |text: &str| {
        of_block("predict number id=q", &format!("ask: x\nrun: put a 1\ntruth: report.tables\nright: {text}"))
    };
    for wrong in ["“One table.”", "„Eine Tabelle.“", "\"One table."] {
        assert_eq!(right(wrong), ["6:8 these quotes do not hold a text"], "{wrong}");
    }
    for text in ["\"One table.\"", "One table.", "“Yes” is what it says.", "“Yes”, not “no”", "\"Yes\" is right."]
    {
        assert!(right(text).is_empty(), "{text}");
    }
}

#[test]
fn all_errors_are_told_at_once_and_in_order() {
    let found = of_body("## B\n<b>\n\n```lsm rum\n```\n## C\n```predict number id=q\nask: x\n```\n");
    let lines: Vec<&str> = found.iter().map(|error| error.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["2", "4", "7", "7"], "{found:#?}");
}

#[test]
fn a_figure_has_moments_to_halt_at_and_a_key() {
    let lesson = Lesson::parse(
        "---\nid: t\ntitle: T\nvary: {k: [a, b]}\n---\n## B\n\
         ```figure id=f via=\"wal_appended, op:1/acknowledged\" key={{k}}\nput {{k}} 1\n```\n",
    )
    .unwrap();
    let presented = block_on(lesson.present(&lesson.variant(1), 0));
    let json = serde_json::to_value(&presented.items[0]).unwrap();
    assert_eq!(json["content"]["via"], serde_json::json!(["wal_appended", "op:1/acknowledged"]));
    assert_eq!(json["content"]["key"], "b");
}

#[test]
fn a_beat_names_its_controls_and_the_options_that_have_knobs() {
    assert_eq!(of_block("show stage meters options", "knobs: block_size, wal_sync"), [] as [&str; 0]);
    assert_eq!(of_block("show stage metres", ""), ["2:15 there is no control metres"]);
    assert_eq!(of_block("show options", "knobs: block_sise"), ["3:8 there is no option block_sise"]);
    assert_eq!(of_block("show meters", "knobs: block_size"), ["3:1 knobs are those of options"]);
}

#[test]
fn what_is_reported_is_named() {
    let challenge = "ask: x\ncheck: report.tables == 1\nsolution: put a 1\n";
    let of_challenge = |more: &str| of_block("challenge id=c lines=1", &format!("{challenge}{more}"));
    assert_eq!(of_challenge("number \"runs\": report.read_runs\nmemory: 8"), [] as [&str; 0]);
    assert_eq!(of_challenge("number: report.read_runs"), ["6:1 number has another form"]);
    assert_eq!(of_challenge("before: put b 1"), ["6:1 nothing is reported of these lines"]);
}

#[test]
fn values_behind_a_figure_are_of_the_figure_until_the_beat_has_lines_of_its_own() {
    let lesson = Lesson::parse(
        "---\nid: t\ntitle: T\n---\n## B\n\n\
         ```figure id=f caption=\"{{count(wal_appended)}} writes\"\n\
         put a 1\nput b 2\n```\n\n\
         Text of {{count(wal_appended)}}.\n\n```lsm run\nput c 3\n```\n\nText of {{count(wal_appended)}}.\n",
    )
    .unwrap();
    let presented = block_on(lesson.present(&lesson.variant(0), 0));
    assert_eq!(presented.problems, []);
    let json = serde_json::to_string(&presented.items).unwrap();
    let values: Vec<&str> = json.split("\"text\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let numbers: Vec<&str> = values.into_iter().filter(|text| text.parse::<u64>().is_ok()).collect();
    assert_eq!(numbers, ["2", "2", "1"]);
}
