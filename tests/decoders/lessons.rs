//! What is done with arbitrary lessons, and with what learners hand in.

use lsmscope::{
    lesson::{Lesson, LessonAnswer, check::check, skeleton::same_skeleton},
    storage::block_on,
};

/// A lesson: read, and its first beat presented. What one has in common with others comes first, so that the rest is a
/// body more often than not.
pub fn lesson(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let whole = format!("---\nid: a\ntitle: b\nvary: {{k: [a, b]}}\n---\n## C\n{text}");
    for text in [text, &whole] {
        if let Ok(lesson) = Lesson::parse(text) {
            let presented = block_on(lesson.present(&lesson.variant(1), 0));
            assert!(serde_json::to_string(&presented).is_ok_and(|json| json.len() < 1 << 25));
        }
    }
}

/// A lesson and what a learner does with it, behind a line `====`: the lesson is checked, each of its questions is
/// graded with every answer that the lines can be, each of its challenges is tried with them, and all is a hand-in.
pub fn grade(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (text, learner) = text.split_once("\n====\n").unwrap_or((text, "1\na, b\nflush"));
    let Ok(lesson) = Lesson::parse(text) else { return };
    let findings = block_on(check(&lesson, 2));
    assert!(findings.iter().all(|finding| finding.error.line >= 1 && !finding.error.message.is_empty()));
    // It has the same skeleton as itself, and the same language.
    assert_eq!(same_skeleton(&lesson, &lesson).len(), 1);
    let Some(variant) = lesson.variants().last() else { return };
    let lines: Vec<String> = learner.lines().take(8).map(String::from).collect();
    for (beat, outlined) in lesson.outline().beats.iter().enumerate().take(4) {
        for (block, outlined) in outlined.blocks.iter().enumerate().take(8) {
            if outlined.name.starts_with("predict") {
                for answer in lines.iter().flat_map(|line| answers(line)) {
                    let _ = block_on(lesson.grade(&variant, beat, block, &answer));
                }
            }
            if let Ok(attempt) = block_on(lesson.attempt(&variant, beat, block, &lines)) {
                assert!(!attempt.passed || attempt.errors.is_empty(), "what fails passes nothing");
            }
            let _ = block_on(lesson.moments(&variant, beat, block));
        }
    }
    if let Ok(hand_in) = serde_json::from_str(learner)
        && let Ok(graded) = block_on(lesson.grade_again(&hand_in))
    {
        assert!(graded.score.points <= graded.score.of, "{:?}", graded.score);
    }
}

/// What a line can be as an answer, to each kind of question.
fn answers(line: &str) -> [LessonAnswer; 6] {
    let why = line.len().checked_sub(3);
    let list: Vec<String> = line.split(", ").map(String::from).collect();
    [
        LessonAnswer::Choice { choice: line.into(), why },
        LessonAnswer::Choices { choices: list.clone(), why },
        LessonAnswer::Number { number: line.into(), why },
        LessonAnswer::Order { order: list.clone(), why },
        LessonAnswer::Click { click: list.clone(), why },
        LessonAnswer::Scan { scan: list, why },
    ]
}
