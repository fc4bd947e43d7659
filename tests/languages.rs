//! What the crate says, and the tables of other languages (`www/languages`): each sentence is there, with the places of
//! the English one. `www/words.test.js` holds the page to the same.

#![cfg(not(target_arch = "wasm32"))]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use lsmscope::{
    engine::SENTENCES,
    lesson::vocabulary::{BlockWords, vocabulary},
    options::{self, Options},
    script::COMMANDS,
    sim::{
        sample_columns::SampleColumns,
        spec::{self, Spec},
    },
    workload::{self, Workload},
};
use serde_json::Value as Json;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// The text of the literal with which `rest` begins, behind white space.
fn literal(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let mut is_escaped = false;
    let end = rest.strip_prefix('"')?.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })?;
    syn::parse_str::<syn::LitStr>(&rest[..end + 2]).ok().map(|text| text.value())
}

/// The keys in a source: of `say!` and `to_say!`, and of counted nouns.
fn keys_of(source: &str) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = source.split("say!(").skip(1).filter_map(literal).collect();
    for counted in ["counted(", "grouped_count("] {
        let nouns = source.split(counted).skip(1).filter_map(|rest| {
            // The noun is the last argument: behind the comma that no bracket encloses.
            let mut depth = 0;
            let comma = rest.find(|c| {
                depth += match c {
                    '(' | '[' => 1,
                    ')' | ']' => -1,
                    _ => 0,
                };
                c == ',' && depth == 0
            })?;
            literal(&rest[comma + 1..])
        });
        keys.extend(nouns.map(|noun| {
            let many = lsmscope::plural::many(&noun);
            format!("{{n}} {noun}|{{n}} {many}")
        }));
    }
    keys
}

/// What the rooms of the page say: without tests, and without what only the native command has.
fn said() -> BTreeSet<String> {
    let is_shown = |path: &PathBuf| {
        let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().into_owned();
        !["bin/", "torture", "accuracy", "words.rs"].iter().any(|native| name.starts_with(native))
            && !name.ends_with("tests.rs")
    };
    let sources = files(&root().join("src")).into_iter().filter(is_shown).map(|path| fs::read_to_string(path).unwrap());
    let mut said: BTreeSet<String> =
        sources.flat_map(|source| keys_of(source.split("mod tests {").next().unwrap())).collect();
    said.extend(described());
    said
}

/// What the lists of options, parameters, presets and commands say of each.
fn described() -> impl Iterator<Item = String> {
    let knobs = [Options::describe(), Workload::describe(), Spec::describe()].into_iter().flatten();
    let presets = options::PRESETS.iter().map(|preset| preset.about);
    let workloads = workload::PRESETS.iter().map(|preset| preset.about);
    let simulations = spec::PRESETS.iter().map(|preset| preset.about);
    let commands = COMMANDS.iter().map(|command| command.about);
    let columns = SampleColumns::default();
    let columns: Vec<_> = columns.columns().iter().map(|(_, about, _)| *about).collect();
    let lists = presets.chain(workloads).chain(simulations).chain(commands).chain(columns).chain(words_of_lessons());
    knobs.map(|knob| knob.about.into_owned()).chain(lists.map(String::from))
}

/// What an editor of lessons says of each word that it completes.
fn words_of_lessons() -> impl Iterator<Item = &'static str> {
    let all = vocabulary();
    let of_block =
        |BlockWords { word, kinds, attributes, keys, .. }: BlockWords| [vec![word], kinds, attributes, keys].concat();
    let words = [all.front, all.names, all.functions, all.state, all.formulas, all.picked].concat();
    let events = all.events.into_iter().map(|event| event.word);
    words.into_iter().chain(all.blocks.into_iter().flat_map(of_block)).chain(events).map(|word| word.about)
}

/// The tables of a language: of the file's name, of each sentence.
fn tables(language: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let table = |path: PathBuf| {
        let Json::Object(table) = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap() else { panic!() };
        let text = |(key, said): (String, Json)| (key, said.as_str().unwrap().to_string());
        (path.file_stem().unwrap().to_string_lossy().into_owned(), table.into_iter().map(text).collect())
    };
    files(language).into_iter().map(table).collect()
}

fn places(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn the_keys_of_a_source_are_found() {
    let source =
        "say!(\"a {b} \\\"c\\\"\", b = counted(map.len(), \"entry\")); format!(\"{}\", to_say!(\n \"long \\\n  one\"))";
    let expected = ["a {b} \"c\"", "long one", "{n} entry|{n} entries"];
    assert_eq!(keys_of(source).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn what_the_engine_says_of_errors_stands_in_its_source() {
    let rooms = ["engine", "storage", "runtime", "error.rs", "version.rs", "version", "storage.rs", "engine.rs"];
    let rooms = rooms.map(|room| root().join("src").join(room));
    let all = rooms.iter().flat_map(|room| if room.is_dir() { files(room) } else { vec![room.clone()] });
    let sources: String =
        all.filter(|path| !path.ends_with("retold.rs")).map(|path| fs::read_to_string(path).unwrap()).collect();
    // A literal may go on in the next line.
    let lines: Vec<&str> = sources.split("\\\n").collect();
    let sources = lines.iter().enumerate().map(|(at, line)| if at == 0 { line } else { line.trim_start() });
    let sources: String = sources.collect();
    for sentence in SENTENCES {
        let own = sentence.split('{').flat_map(|part| part.split('}').next_back()).map(str::trim);
        for words in own.filter(|words| words.len() > 3) {
            assert!(sources.contains(&words.replace('"', "\\\"")), "{words:?} of {sentence:?}");
        }
    }
}

#[test]
fn every_language_has_what_the_crate_says() {
    let said = said();
    for language in fs::read_dir(root().join("www/languages")).unwrap().map(|entry| entry.unwrap().path()) {
        let tables = tables(&language);
        let known: BTreeSet<&String> = tables.values().flat_map(BTreeMap::keys).collect();
        let missing: Vec<&String> = said.iter().filter(|key| !known.contains(key)).collect();
        assert!(missing.is_empty(), "{}: missing {missing:#?}", language.display());
        // What stands in the tables of the crate alone is said by the crate.
        let own = tables.iter().filter(|(name, _)| name.starts_with("engine"));
        for (key, text) in own.flat_map(|(_, table)| table) {
            assert!(said.contains(key) || [",", "."].contains(&key.as_str()), "{key:?} is not said anywhere");
            let forms = if key.contains('|') { text.split('|').collect() } else { vec![text.as_str()] };
            for form in forms {
                assert_eq!(places(form), places(key), "{key:?}");
            }
        }
    }
}
