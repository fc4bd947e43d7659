//! Makes modules of the lessons: one with the text of each, and one with the list of all.
//!
//! In: `www/lessons/*.md`; a translation has its language before the ending (`write.de.md`). Out, in the same folder of
//! the site: `course.js`, with what stands in the front matter of each lesson and a way to its text, and a module for
//! each text, which is loaded when its lesson is opened; `guide.js`, with the lesson of `docs/authoring.md`. Errors: a
//! lesson without an id or a title.
//!
//! The page need not read lessons to list them, and the single file has them without a request. The crate's own reader
//! (`src/lesson/front_matter.rs`) is not called: chores do not wait for the crate to be compiled, and what that reader
//! refuses fails `lesson check` in the tests.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::step::root;

/// A text of a lesson.
struct Text {
    /// The name of its file, without the ending.
    stem: String,
    lang: String,
    /// What the list says of it.
    facts: Value,
}

/// Writes the modules into `folder`, which has the lessons.
pub fn write(folder: &Path) -> Result<()> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        let Some(stem) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".md")) else { continue };
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let module = format!("export default {};\n", json!(text));
        fs::write(folder.join(format!("{stem}.js")), module).with_context(|| format!("writing {stem}.js"))?;
        texts.push(read(stem, &text)?);
    }
    texts.sort_by(|a, b| place(a).cmp(&place(b)));
    let entries: Vec<String> = texts.iter().map(entry).collect();
    let guide = format!("export default {};\n", json!(guide()?));
    fs::write(folder.join("guide.js"), guide).context("writing guide.js")?;
    let list = format!("export const COURSE = [\n{}];\n", entries.concat());
    fs::write(folder.join("course.js"), list).context("writing the list of lessons")
}

/// The lesson that the guide for authors writes, for the editor to begin with.
fn guide() -> Result<String> {
    let guide = fs::read_to_string(root().join("docs/authoring.md")).context("reading docs/authoring.md")?;
    let text = guide.split("````markdown\n").nth(1).and_then(|rest| rest.split("````").next());
    text.map(String::from).context("docs/authoring.md has no lesson")
}

/// Articles first, then lessons by their numbers.
fn place(text: &Text) -> (bool, u64, &str) {
    let facts = &text.facts;
    (facts["kind"] != "article", facts["lesson"].as_u64().unwrap_or(u64::MAX), &text.stem)
}

/// The line of the list for a text.
fn entry(text: &Text) -> String {
    let Text { stem, lang, facts } = text;
    format!("  {{ ...{facts}, lang: {}, text: () => import(\"./{stem}.js\") }},\n", json!(lang))
}

fn read(stem: &str, text: &str) -> Result<Text> {
    let mut lines = text.lines();
    if lines.next() != Some("---") {
        bail!("{stem}.md does not begin with a line ---");
    }
    let head: Vec<(&str, &str)> =
        lines.take_while(|line| *line != "---").filter_map(|line| line.split_once(": ")).collect();
    let value = |key: &str| head.iter().find(|(name, _)| *name == key).map(|(_, value)| unquoted(value));
    let number = |key: &str| value(key).and_then(|value| value.parse::<u64>().ok());
    let needed = |key: &str| value(key).with_context(|| format!("{stem}.md has no {key}"));
    let facts = json!({
        "id": needed("id")?,
        "title": needed("title")?,
        "kind": value("kind").unwrap_or("lesson"),
        "lesson": number("lesson"),
        "minutes": number("minutes"),
        "goals": value("goals").map(listed).unwrap_or_default(),
        "asked": asked(text),
    });
    let lang = value("lang").unwrap_or("en").to_owned();
    Ok(Text { stem: stem.to_owned(), lang, facts })
}

/// The ids of a lesson's questions and challenges, in order.
fn asked(text: &str) -> Vec<&str> {
    let blocks = text.lines().filter(|line| line.starts_with("```predict ") || line.starts_with("```challenge "));
    blocks.filter_map(|line| line.split_whitespace().find_map(|word| word.strip_prefix("id=")).map(unquoted)).collect()
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

/// The parts of `[a, "b, c", d]`.
fn listed(value: &str) -> Vec<String> {
    let inner = value.trim().trim_start_matches('[').trim_end_matches(']');
    let mut parts = vec![String::new()];
    let mut in_quotes = false;
    for letter in inner.chars() {
        match letter {
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => parts.push(String::new()),
            _ => parts.last_mut().expect("it begins with one").push(letter),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{listed, read};

    #[test]
    fn a_list_parts_at_commas_outside_of_quotes() {
        assert_eq!(listed(r#"[Say where, "Say when, and why"]"#), ["Say where", "Say when, and why"]);
    }

    #[test]
    fn a_lesson_without_a_title_is_named() {
        let error = read("write", "---\nid: write\n---\n").err().expect("it has no title");
        assert_eq!(error.to_string(), "write.md has no title");
    }
}
