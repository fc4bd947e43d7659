//! Makes modules of the tables of languages.
//!
//! In: `www/languages/de/*.json`, each an object of English sentences and German ones, one for each part of the page.
//! Out, in the same folder of the site: `de.js`, which is loaded where that language is spoken, with two objects:
//! `engine`, which each wasm is given, and `page`, the sentences of the page alone; and `de-lesson.js`, which comes
//! with lessons, with one: `lesson`, what is said of a lesson's text. Errors: a sentence that stands in two tables, a
//! table that is no object of texts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};

type Sentences = BTreeMap<String, String>;

/// The tables that the engine needs, beside those whose names begin with `engine`: words that both say.
const SHARED: [&str; 2] = ["nouns", "numbers"];

/// Writes the modules into `folder`, which has a folder for each language.
pub fn write(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let language = entry?.path();
        let Tables { engine, lesson, page } = tables(&language)?;
        module(&language.with_extension("js"), &[("engine", &engine), ("page", &page)])?;
        let code = language.file_name().unwrap_or_default().to_string_lossy();
        module(&language.with_file_name(format!("{code}-lesson.js")), &[("lesson", &lesson)])?;
    }
    Ok(())
}

/// Writes a module with an object for each name.
fn module(out: &Path, objects: &[(&str, &Sentences)]) -> Result<()> {
    let mut text = String::new();
    for (name, sentences) in objects {
        text += &format!("export const {name} = {};\n", serde_json::to_string(sentences)?);
    }
    fs::write(out, text).with_context(|| format!("writing {}", out.display()))
}

/// What the engine says, what it says of a lesson's text, and what the page alone says.
#[derive(Default)]
struct Tables {
    engine: Sentences,
    lesson: Sentences,
    page: Sentences,
}

fn tables(language: &Path) -> Result<Tables> {
    let (mut tables, mut seen) = (Tables::default(), BTreeSet::new());
    for entry in fs::read_dir(language).with_context(|| format!("listing {}", language.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let table: Sentences =
            serde_json::from_str(&text).with_context(|| format!("{} is no table of sentences", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let of_file = match &*name {
            name if name.starts_with("engine-lesson-") => &mut tables.lesson,
            name if name.starts_with("engine") || SHARED.contains(&name) => &mut tables.engine,
            _ => &mut tables.page,
        };
        for (english, said) in table {
            if !seen.insert(english.clone()) {
                bail!("{english:?} stands in {} and in another table of that language", path.display());
            }
            of_file.insert(english, said);
        }
    }
    Ok(tables)
}
