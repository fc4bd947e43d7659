//! Lessons that were written to do harm: what they may show is bounded, and what they may run is bounded.
//!
//! The corpus is `hostile/`, read by hand, and texts that are made here, because they are large. Bounds are numbers of
//! events, values and errors; what goes past them is an error at its place.

use std::{fs, path::Path};

use lsmscope::{
    lesson::{
        Lesson,
        limits::{MAX_BEAT_WORK, MAX_ERRORS, MAX_EVENTS, MAX_FILE_BYTES, MAX_SHOWN},
    },
    storage::block_on,
};
use serde_json::Value as Json;

/// A lesson of one beat.
fn beat(body: &str) -> String {
    format!("---\nid: hostile\ntitle: Hostile\n---\n## Beat\n{body}")
}

/// All that a player gets of a lesson, or what is wrong with the file; and what is wrong when it runs.
fn everything(text: &str) -> (Json, Vec<String>) {
    let lesson = match Lesson::parse(text) {
        Ok(lesson) => lesson,
        Err(errors) => {
            assert!(errors.len() <= MAX_ERRORS, "{} errors", errors.len());
            return (Json::Null, errors.into_iter().map(|error| error.message).collect());
        }
    };
    let outline = serde_json::to_value(lesson.outline()).unwrap();
    let count = outline["beats"].as_array().unwrap().len();
    let (mut beats, mut problems) = (Vec::new(), Vec::new());
    for beat in 0..count {
        let presented = block_on(lesson.present(&lesson.variant(0), beat));
        assert!(presented.problems.len() <= MAX_ERRORS, "{} problems", presented.problems.len());
        problems.extend(presented.problems.iter().map(|error| error.message.clone()));
        beats.push(serde_json::to_value(&presented).unwrap());
    }
    (serde_json::json!({ "outline": outline, "beats": beats }), problems)
}

fn each<'a>(value: &'a Json, look: &mut impl FnMut(&'a Json)) {
    look(value);
    match value {
        Json::Array(items) => items.iter().for_each(|item| each(item, look)),
        Json::Object(fields) => fields.values().for_each(|field| each(field, look)),
        _ => {}
    }
}

/// Nothing of it leads elsewhere or is more than letters, and it is not much.
fn assert_harmless(name: &str, shown: &Json) {
    const NODES: [&str; 14] = [
        "paragraph",
        "heading",
        "list",
        "table",
        "quote",
        "code_block",
        "emphasis",
        "strong",
        "code",
        "link",
        "line_break",
        "text",
        "value",
        "block",
    ];
    const BLOCKS: [&str; 10] =
        ["lines", "predict", "compare", "fork", "life", "figure", "policy", "challenge", "note", "show"];
    each(shown, &mut |part| {
        if let Some(kind) = part.get("type").and_then(Json::as_str) {
            assert!(NODES.contains(&kind) || BLOCKS.contains(&kind), "{name}: {kind}");
        }
        if part["type"] == "link" {
            let to = part["to"].as_str().unwrap();
            let is_inside = to.chars().all(|c| c.is_ascii_alphanumeric() || "-_#".contains(c));
            let is_page = ["https://", "http://", "mailto:"].iter().any(|scheme| to.starts_with(scheme));
            assert!(is_inside || is_page, "{name}: {to}");
        }
        if let Some(position) = part.get("to").and_then(Json::as_u64) {
            assert!(position <= MAX_EVENTS as u64, "{name}: {position} events");
        }
    });
    let size = shown.to_string().len();
    assert!(size <= 16 * MAX_FILE_BYTES, "{name}: {size} bytes are shown");
}

/// A file of `hostile/`, and the first thing that is wrong with it; none if all of it is shown as letters.
const FILES: [(&str, Option<&str>); 11] = [
    ("raw-html.md", Some("raw HTML is not shown")),
    ("links.md", Some("a link goes to https:, http:, mailto:, a place of this page or a lesson")),
    ("images.md", Some("an image is not shown")),
    ("shown-as-text.md", None),
    ("console-only.md", Some("this line is for a console only")),
    ("endless-lines.md", None),
    ("many-events.md", Some("the lines up to here make more than 20,000 events")),
    ("rewrites.md", Some("the lines up to here write more than 128 MB, compactions included")),
    ("doubling-names.md", Some("this value has too many parts")),
    ("long-values.md", Some("this value is too long for a text")),
    ("unseen.md", Some("the character U+202E may not stand in a lesson")),
];

#[test]
fn a_hostile_file_shows_text_or_an_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons/hostile");
    for (name, expected) in FILES {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let (shown, wrong) = everything(&text);
        assert_eq!(wrong.first().map(String::as_str), expected, "{name}: {wrong:?}");
        assert_harmless(name, &shown);
    }
    let count = fs::read_dir(&folder).unwrap().count();
    assert_eq!(count, FILES.len(), "each file of {} is tried", folder.display());
}

#[test]
fn a_line_that_would_take_for_ever_does_not_begin() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons/hostile/endless-lines.md");
    let (shown, _) = everything(&fs::read_to_string(folder).unwrap());
    for beat in shown["beats"].as_array().unwrap() {
        let lines = &beat["items"][0]["content"];
        // The refusal is on record, and nothing else.
        let events = lines["to"].as_u64().unwrap() - lines["from"].as_u64().unwrap();
        assert!(events <= 2, "{events} events");
    }
}

#[test]
fn a_huge_text_is_read_once() {
    let of = |piece: &str| piece.repeat((MAX_FILE_BYTES - 100) / piece.len());
    let all = [
        ("unclosed braces", of("{{")),
        ("unclosed braces and words", of("{{ a ")),
        ("unclosed braces in lines", of("{{\n")),
        ("closed braces", of("{{1}}")),
        ("values in code", format!("`{}", of("{{"))),
        ("brackets", of("[")),
        ("links", of("[a](")),
        ("quotes", of(">")),
        ("quotes and lines", of("> > > > > > > > a\n")),
        ("lists", of("- - - - - - - - a\n")),
        ("stars", of("*a _b ")),
        ("backticks", of("`` ` ")),
        ("angles", of("<a ")),
        ("entities", of("&amp")),
        ("table", format!("{}\n{}\n", of("|a")[..100_000].to_owned(), of("|-")[..100_000].to_owned())),
        ("headings", of("## a\n")),
        ("fences", of("```\n")),
        ("blocks", of("```show stage\n```\n")),
        ("keys", format!("```predict number id=q\n{}```\n", of("wrong 1: \"a\"\n"))),
        ("continued lines", format!("```predict number id=q\nask: a\n{}```\n", of("  a\n"))),
        ("script", format!("```lsm run\n{}\n```\n", of("put a 1 | "))),
        ("script with unclosed braces", format!("```lsm run\nput a {}\n```\n", of("{{"))),
        ("attributes", format!("```fork {}\n```\n", of("a=b "))),
        ("quotes of words", format!("```life {}\n```\n", of("\""))),
    ];
    for (name, body) in all {
        let text = beat(&body);
        let (shown, _) = everything(&text[..text.len().min(MAX_FILE_BYTES)]);
        assert_harmless(name, &shown);
    }
    assert_eq!(everything(&" ".repeat(MAX_FILE_BYTES + 1)).1, ["a lesson has at most 256 KiB"]);
}

#[test]
fn a_huge_front_matter_is_refused() {
    let head = |line: &str| format!("---\nid: a\ntitle: b\n{line}\n---\n## B\na\n");
    let names: String = (0..100).map(|n| format!("v{n}: [a], ")).collect();
    for (line, expected) in [
        (format!("goals: {}", "[".repeat(50_000)), "a value is nested too deeply"),
        (format!("goals: [{}]", "a, ".repeat(2_000)), "there are more than 1,000 values"),
        ("vary: {k: 1..1000000000}".to_string(), "a range has at most 200 numbers"),
        ("vary: {a: 1..100, b: 1..100}".to_string(), "vary makes 10000 variants, and 200 are the most"),
        (format!("vary: {{k: [{}]}}", "x".repeat(1_000)), "a variable's value has at most 100 characters"),
        (format!("vary: {{{names}}}"), "vary has at most 16 variables"),
        (format!("vary: {{k: [{}]}}", "a, ".repeat(300)), "vary makes 300 variants, and 200 are the most"),
    ] {
        assert_eq!(everything(&head(&line)).1.first().map(String::as_str), Some(expected), "{}", &line[..20]);
    }
}

#[test]
fn a_deep_or_endless_expression_is_an_error() {
    let value = |expression: &str| everything(&beat(&format!("```lsm run\nput a 1\n```\n{{{{{expression}}}}}\n"))).1;
    for (expression, expected) in [
        (format!("{}1{}", "(".repeat(900), ")".repeat(900)), "this is nested too deeply"),
        (format!("{}1", "-".repeat(1_000)), "this is nested too deeply"),
        (format!("{}true", "not ".repeat(400)), "this is nested too deeply"),
        (format!("1{}", " + 1".repeat(400)), "this has too many parts"),
        (format!("report{}", ".x".repeat(900)), "the state has no x"),
        (format!("truth{}", "[0]".repeat(600)), "truth is known in right, wrong and choices only"),
        ("x".repeat(2_001), "an expression has at most 2,000 characters"),
        (format!("[{}]", "fork{block_size=64}.report.tables, ".repeat(17)), "there are more than 16 forks"),
        ("fork{block_size=64}.fork{block_size=128}.report.tables".to_string(), "a fork in a fork"),
    ] {
        assert_eq!(value(&expression).first().map(String::as_str), Some(expected), "{expression:.40}");
    }
}

#[test]
fn many_values_share_a_budget() {
    // Each looks at all events for each event: by itself within bounds.
    let value = "{{count(memtable_inserted where count(memtable_inserted where record.seq > 0) > 0)}}\n\n";
    let body = format!(
        "```lsm run write_buffer_entries=5000 write_buffer_size=1MB\nfill 1000 seed 1\n```\n{}",
        value.repeat(2_000)
    );
    let (shown, wrong) = everything(&beat(&body));
    assert_eq!(wrong.first().map(String::as_str), Some("this is too much work for one expression"));
    assert_harmless("many values", &shown);
}

#[test]
fn values_behind_a_figure_share_the_budget_of_their_beat() {
    // By itself, each is within bounds.
    let value = "{{count(memtable_inserted where count(memtable_inserted where record.seq > 0) > 0)}}\n\n";
    let body = format!(
        "```figure id=f write_buffer_entries=5000 write_buffer_size=1MB\nfill 300 seed 1\n```\n{}",
        format!("{value}```show stage\n```\n").repeat(50)
    );
    let (shown, wrong) = everything(&beat(&body));
    assert_eq!(wrong.first().map(String::as_str), Some("this is too much work for one expression"));
    assert_harmless("many values behind a figure", &shown);
}

#[test]
fn many_forks_share_a_budget() {
    let fork = |n: usize| format!("{{{{fork{{block_size={} | fill 900 seed {n}}}.report.tables}}}}", 64 + n);
    let block = |n: usize| {
        let values: String = (0..10).map(|nth| fork(10 * n + nth)).collect();
        format!("```lsm run\nput a {n}\n```\n{values}\n")
    };
    let body: String = (0..10).map(block).collect();
    let (shown, wrong) = everything(&beat(&body));
    let told = "the fork did not run: the forks before it have done all that those of a beat may do";
    assert!(wrong.iter().any(|message| message == told), "at most {MAX_BEAT_WORK}: {wrong:?}");
    assert_harmless("many forks", &shown);
}

#[test]
fn a_long_value_is_not_repeated() {
    let key = "x".repeat(MAX_SHOWN as usize * 16);
    let value = "{{last(memtable_inserted).record.key}} ";
    let body = format!("```lsm run\nput {key} a\n```\n{}", value.repeat(2_000));
    let (shown, wrong) = everything(&beat(&body));
    assert_eq!(wrong.first().map(String::as_str), Some("this value is too long for a text"));
    assert_harmless("long values", &shown);
}
