//! Every file that a document names exists.

#![cfg(not(target_arch = "wasm32"))]

use std::{fs, path::Path};

/// Where a path of the repository begins.
const PLACES: [&str; 9] = ["src/", "tests/", "docs/", "www/", "xtask/", "benches/", "fuzz/", ".github/", ".cargo/"];

/// How a file of the repository ends. A name without a place is looked for at the root.
const ENDINGS: [&str; 9] = ["rs", "md", "js", "mjs", "toml", "yml", "css", "html", "lsm"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `docs/*.md`, and those at the root that name files as they are now. (The change log names some that are gone.)
fn documents() -> Vec<String> {
    let mut found: Vec<String> = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(String::from).into();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            found.push(format!("docs/{name}"));
        }
    }
    found.sort();
    found
}

/// The path that `text` is, if it looks like one: a place with something behind it, or a name with an ending of ours.
fn path(text: &str) -> Option<&str> {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let is_placed = PLACES.iter().any(|place| text.starts_with(place));
    let ends = text.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && ENDINGS.contains(&end));
    (is_plain && (is_placed || ends)).then_some(text)
}

/// What is in backticks in `text`; in a block, of which most is commands and bytes, the words that begin with a place.
fn quoted(text: &str) -> Vec<&str> {
    let (mut found, mut in_block) = (Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            let words = line.split([' ', ',', ';', '(', ')', '│']);
            found.extend(words.filter(|word| PLACES.iter().any(|place| word.starts_with(place))));
        } else {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// Where the links of `text` lead to, but for those to other sites and inside of the page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('#')).filter_map(|t| t.split('#').next())
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut missing = Vec::new();
    let mut count = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        let from = root().join(&document).parent().unwrap().to_path_buf();
        let named = quoted(&text).into_iter().filter_map(path).map(|path| (path, root().join(path)));
        for (name, place) in named.chain(links(&text).map(|link| (link, from.join(link)))) {
            count += 1;
            if !place.exists() {
                missing.push(format!("{document} names {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "there is no such file:\n{}", missing.join("\n"));
    assert!(count > 100, "only {count} names were found: what is a name has changed");
}

#[test]
fn what_looks_like_a_path_is_one() {
    for name in ["src/engine.rs", "src/engine", "rustfmt.toml", ".github/workflows/test.yml", "www/views/story"] {
        assert_eq!(path(name), Some(name));
    }
    for other in ["wal_sync", "drive --out-html run.html", "dist/", "000009.sst", "1.5", "*.rs", ".rs", "src/*.rs"] {
        assert_eq!(path(other), None, "{other}");
    }
    let text = "a `lib.rs` and `b`\n```text\nsrc/x.rs  y.rs\n```\n`c`";
    assert_eq!(quoted(text), ["lib.rs", "b", "src/x.rs", "c"]);
    assert_eq!(links("[a](b.md#c) [d](https://x/y) [e](#f)").collect::<Vec<_>>(), ["b.md"]);
}
