//! The lessons of the course: nothing is wrong with them, in any variant, and a beat is there at once.

use std::{collections::BTreeSet, fs, path::Path};

use lsmscope::{
    lesson::{
        Lesson, LessonKind,
        check::check,
        limits::{MAX_VARIANTS, SLOW_EVENTS},
        skeleton::same_skeleton,
    },
    storage::block_on,
};

pub fn lessons() -> Vec<(String, Lesson)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/lessons");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "md"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let lesson = Lesson::parse(&fs::read_to_string(path).unwrap());
        (name.clone(), lesson.unwrap_or_else(|errors| panic!("{name}: {errors:#?}")))
    };
    files.iter().map(read).collect()
}

#[test]
fn nothing_is_wrong_with_a_lesson_of_the_course() {
    let lessons = lessons();
    for (name, lesson) in &lessons {
        assert_eq!(block_on(check(lesson, MAX_VARIANTS)), [], "{name}");
        assert!(name.split('.').next() == Some(lesson.id()), "{name} is called by its id");
    }
}

/// What `docs/authoring.md` tells a lecturer to write.
#[test]
fn the_lesson_of_the_guide_is_right() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/authoring.md")).unwrap();
    let (_, rest) = guide.split_once("````markdown\n").unwrap();
    let (text, _) = rest.split_once("````").unwrap();
    assert!(guide.contains("In line 15, change `put {{k}} 1`") && text.lines().nth(14) == Some("put {{k}} 1"));
    let lesson = Lesson::parse(text).unwrap();
    assert_eq!(block_on(check(&lesson, MAX_VARIANTS)), []);
    assert_eq!(lesson.outline().beats.len(), 3);
}

#[test]
fn a_translation_has_the_skeleton_of_its_original() {
    let lessons = lessons();
    for (name, lesson) in lessons.iter().filter(|(_, lesson)| lesson.lang() != "en") {
        let original = lessons.iter().find(|(_, other)| other.id() == lesson.id() && other.lang() == "en");
        let (_, original) = original.unwrap_or_else(|| panic!("{name} translates nothing"));
        assert_eq!(same_skeleton(original, lesson), [], "{name}");
    }
}

#[test]
fn every_beat_is_short() {
    for (name, lesson) in lessons() {
        for beat in 0..lesson.outline().beats.len() {
            let presented = block_on(lesson.present(&lesson.variant(0), beat));
            let json = serde_json::to_value(&presented).unwrap();
            let ends = json["items"].as_array().unwrap().iter().filter_map(|item| item["content"]["to"].as_u64());
            assert!(ends.max().unwrap_or(0) <= SLOW_EVENTS as u64, "{name}, beat {beat}");
        }
    }
}

#[test]
fn fourteen_lessons_and_an_article_name_each_other() {
    let lessons = lessons();
    let english: Vec<_> = lessons.iter().filter(|(_, lesson)| lesson.lang() == "en").collect();
    let outlines: Vec<_> = english.iter().map(|(_, lesson)| lesson.outline()).collect();
    let numbers: BTreeSet<_> = outlines.iter().filter_map(|outline| outline.lesson).collect();
    assert_eq!(numbers, (1..=14).collect());
    assert_eq!(outlines.iter().filter(|outline| outline.kind == LessonKind::Article).count(), 1);
    let ids: Vec<&str> = outlines.iter().map(|outline| outline.id.as_str()).collect();
    for outline in &outlines {
        let json = serde_json::to_value(outline).unwrap();
        let next = json["next"].as_array().unwrap().iter().filter_map(|node| node["to"].as_str());
        for id in outline.needs.iter().map(String::as_str).chain(next) {
            assert!(ids.contains(&id), "{} names {id}", outline.id);
        }
    }
}
