//! Makes modules of the tables of languages.
//!
//! In: `www/languages/de/*.json`, each an object of English sentences and German ones, one for each part of the page.
//! Out, in the same folder of the site: `de.js`, with all of them in one object, which is loaded where that language is
//! spoken. Errors: a sentence that stands in two tables, a table that is no object of texts.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};

/// Writes the modules into `folder`, which has a folder for each language.
pub fn write(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let language = entry?.path();
        let module = format!("export default {};\n", serde_json::to_string(&sentences(&language)?)?);
        let out = language.with_extension("js");
        fs::write(&out, module).with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}

fn sentences(language: &Path) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(language).with_context(|| format!("listing {}", language.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let table: BTreeMap<String, String> =
            serde_json::from_str(&text).with_context(|| format!("{} is no table of sentences", path.display()))?;
        for (english, said) in table {
            if all.insert(english.clone(), said).is_some() {
                bail!("{english:?} stands in {} and in another table of that language", path.display());
            }
        }
    }
    Ok(all)
}
