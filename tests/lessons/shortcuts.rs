//! A challenge is passed by what it teaches, and not around it: `shortcuts.txt` has the ways around that were found.

use std::{collections::BTreeSet, fs, path::Path};

use lsmscope::{
    lesson::{Attempt, Lesson, Variant},
    storage::block_on,
};

use crate::course::lessons;

/// The challenge of this id, and its lesson.
fn challenge<'a>(lessons: &'a [(String, Lesson)], id: &str) -> (&'a Lesson, usize, usize) {
    let mut found = lessons.iter().filter_map(|(_, lesson)| lesson.find(id).map(|(beat, block)| (lesson, beat, block)));
    found.next().unwrap_or_else(|| panic!("no lesson has the challenge {id}"))
}

fn lines_of(row: &str, variant: &Variant) -> Vec<String> {
    let fill = |text: &str| {
        variant.values.iter().fold(text.to_string(), |text, (name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), String::from);
            text.replace(&format!("{{{{{name}}}}}"), &value)
        })
    };
    row.split(" | ").map(fill).collect()
}

/// What is wrong with an attempt whose lines are not as they were meant: a slip in the list, not a way around.
fn slips(attempt: &Attempt) -> Vec<&str> {
    let messages = attempt.errors.iter().map(|error| error.message.as_str());
    messages.filter(|message| !message.contains("may not be used for this") && !message.contains("it takes")).collect()
}

#[test]
fn a_challenge_is_passed_by_what_it_teaches() {
    let mut lessons = lessons();
    lessons.retain(|(_, lesson)| lesson.lang() == "en");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lessons/shortcuts.txt");
    let mut refused = BTreeSet::new();
    for row in fs::read_to_string(file).unwrap().lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let (how, rest) = row.split_once(' ').unwrap();
        let (id, script) = rest.split_once(": ").unwrap();
        let (lesson, beat, block) = challenge(&lessons, id);
        for variant in lesson.variants().take(3) {
            let lines = lines_of(script, &variant);
            let attempt = block_on(lesson.attempt(&variant, beat, block, &lines)).unwrap();
            assert_eq!(slips(&attempt), [] as [&str; 0], "{row}");
            assert_eq!(attempt.passed, how == "passes", "{row}: {:?}", attempt.parts);
        }
        if how == "fails" {
            refused.insert(id.to_string());
        }
    }
    let outlines = lessons.iter().flat_map(|(_, lesson)| lesson.outline().beats);
    let blocks = outlines.flat_map(|beat| beat.blocks).filter(|block| block.name == "challenge");
    let all: BTreeSet<String> = blocks.filter_map(|block| block.id).collect();
    assert_eq!(refused, all, "each challenge has a way around that is refused");
}
