//! Makes modules of the tables of languages.
//!
//! In: `www/languages/de/*.json`, each an object of English sentences and German ones, one for each part of the page.
//! Out, in the same folder of the site: `de.js`, which is loaded where that language is spoken, with two objects:
//! `engine`, which each wasm is given, and `page`, the sentences of the page alone. Errors: a sentence that stands in
//! two tables, a table that is no object of texts.

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
        let (engine, page) = tables(&language)?;
        let [engine, page] = [serde_json::to_string(&engine)?, serde_json::to_string(&page)?];
        let out = language.with_extension("js");
        fs::write(&out, format!("export const engine = {engine};\nexport const page = {page};\n"))
            .with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}

/// The sentences of the engine, and those of the page alone.
fn tables(language: &Path) -> Result<(Sentences, Sentences)> {
    let (mut engine, mut page, mut seen) = (Sentences::new(), Sentences::new(), BTreeSet::new());
    for entry in fs::read_dir(language).with_context(|| format!("listing {}", language.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let table: Sentences =
            serde_json::from_str(&text).with_context(|| format!("{} is no table of sentences", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_engine = name.starts_with("engine") || SHARED.contains(&&*name);
        for (english, said) in table {
            if !seen.insert(english.clone()) {
                bail!("{english:?} stands in {} and in another table of that language", path.display());
            }
            if is_engine { &mut engine } else { &mut page }.insert(english, said);
        }
    }
    Ok((engine, page))
}
