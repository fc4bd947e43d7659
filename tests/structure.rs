//! The order of rooms, as `src/lib.rs` states it, held against the imports of every file; and the one table of styles.

#![cfg(not(target_arch = "wasm32"))]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Attribute, Item, UseTree,
    visit::{self, Visit},
};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file of the library that is no test of its own: its path below `src`, and its text.
fn files() -> BTreeMap<String, String> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![source()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy();
            if path.is_dir() {
                folders.extend((!["bin", "tests"].contains(&&*name)).then_some(path));
            } else if path.extension().is_some_and(|end| end == "rs") && !["lib", "tests", "testing"].contains(&&*name)
            {
                let below = path.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(below, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The rooms in the order of the table in `src/lib.rs`, from the lowest up.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let named = text.lines().filter_map(|line| line.strip_prefix("//! | ")?.split_once(" | "));
    let rooms = named.map(|(room, _)| room.trim_matches(['[', ']', '`']).to_string());
    rooms.filter(|room| room != "room" && !room.starts_with("---") && !room.contains('/')).collect()
}

/// What a file uses of the crate: the first name behind `crate`.
#[derive(Default)]
struct Uses(BTreeSet<String>);

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        _ => false,
    })
}

impl Uses {
    fn tree(&mut self, tree: &UseTree) {
        let name = match tree {
            UseTree::Path(path) => path.ident.to_string(),
            UseTree::Name(name) => name.ident.to_string(),
            UseTree::Rename(name) => name.ident.to_string(),
            UseTree::Glob(_) => "*".into(),
            UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item));
                return;
            }
        };
        self.0.insert(name);
    }
}

impl<'a> Visit<'a> for Uses {
    fn visit_item(&mut self, item: &'a Item) {
        match item {
            Item::Mod(module) if is_test(&module.attrs) => {}
            Item::Use(used) if is_test(&used.attrs) => {}
            Item::Use(used) => {
                if let UseTree::Path(path) = &used.tree
                    && path.ident == "crate"
                {
                    self.tree(&path.tree);
                }
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names: Vec<String> = path.segments.iter().take(2).map(|segment| segment.ident.to_string()).collect();
        if let [first, second] = &names[..]
            && first == "crate"
        {
            self.0.insert(second.clone());
        }
        visit::visit_path(self, path);
    }
}

fn uses(text: &str) -> BTreeSet<String> {
    let mut uses = Uses::default();
    uses.visit_file(&syn::parse_file(text).expect("it compiles"));
    uses.0
}

/// What the root of the crate names again, and where it is from.
const ROOT: [(&str, &str); 5] =
    [("Engine", "engine"), ("Error", "error"), ("ErrorKind", "error"), ("Result", "error"), ("Options", "options")];

/// Every import of `files` that goes up, or to a room that is in no table.
fn against_the_order(files: &BTreeMap<String, String>, rooms: &[String]) -> Vec<String> {
    let place = |room: &str| rooms.iter().position(|known| known == room);
    let mut wrong = Vec::new();
    for (path, text) in files {
        let room = path.split('/').next().expect("a path has a beginning").trim_end_matches(".rs");
        for name in uses(text) {
            let used = ROOT.iter().find(|(short, _)| *short == name).map_or(&*name, |(_, room)| room);
            match (place(room), place(used)) {
                _ if room == used => {}
                (Some(here), Some(there)) if there < here => {}
                (None, _) => wrong.push(format!("{path}: the table in src/lib.rs has no room {room}")),
                (_, None) => wrong.push(format!("{path} uses {used}, which the table in src/lib.rs does not have")),
                _ => wrong.push(format!("{path} uses {used}, which stands below {room} in the table in src/lib.rs")),
            }
        }
    }
    wrong
}

#[test]
fn a_room_uses_only_those_above_it_in_the_table() {
    let (files, rooms) = (files(), rooms());
    assert!(files.len() > 200 && rooms.len() > 25, "{} files, {rooms:?}", files.len());
    let wrong = against_the_order(&files, &rooms);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_import_against_the_order_is_found_wherever_it_stands() {
    let rooms = ["error", "storage", "engine"].map(String::from);
    let found = |text: &str| against_the_order(&BTreeMap::from([("storage/memory.rs".into(), text.into())]), &rooms);
    assert_eq!(found("use crate::{error::Result, storage::FileId, Error};"), [] as [&str; 0]);
    let below = "storage/memory.rs uses engine, which stands below storage in the table in src/lib.rs";
    for text in [
        "use crate::{error::Result, engine::Report};",
        "use crate::Engine;",
        "fn f(_: crate::engine::Report) {}",
        "mod inner { use crate::engine::{self, Report}; }",
    ] {
        assert_eq!(found(text), [below], "{text}");
    }
    assert_eq!(found("#[cfg(test)] mod tests { use crate::engine::Report; }"), [] as [&str; 0]);
    assert_eq!(found("use crate::paint::Color;").len(), 1);
}

/// The types that `text` gives a name to, for the whole crate.
fn public_types(text: &str) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Struct(item) => Some((item.vis.clone(), item.ident.to_string())),
        Item::Enum(item) => Some((item.vis.clone(), item.ident.to_string())),
        Item::Trait(item) => Some((item.vis.clone(), item.ident.to_string())),
        Item::Type(item) => Some((item.vis.clone(), item.ident.to_string())),
        _ => None,
    };
    let named = syn::parse_file(text).expect("it compiles").items.into_iter().filter_map(|item| name(&item));
    named.filter(|(visible, _)| matches!(visible, syn::Visibility::Public(_))).map(|(_, name)| name).collect()
}

/// One name, one thing: a reader who meets a type need not ask of which room it is.
#[test]
fn no_two_public_types_share_a_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in files() {
        public_types(&text).into_iter().for_each(|name| places.entry(name).or_default().push(path.clone()));
    }
    assert!(places.len() > 300, "{} types", places.len());
    let shared: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();
    assert_eq!(shared, [], "these names need their module to be understood");
}

/// Where a compaction style may be named outside of tests: its name, its policy, and what is about certain styles.
const NAMED: [(&str, &str); 10] = [
    ("policy.rs", "the table of styles"),
    ("options.rs", "the default"),
    ("options/preset.rs", "presets are sets of options of a style"),
    ("accuracy.rs", "what was measured"),
    ("accuracy/published.rs", "what was measured"),
    ("history/cause.rs", "RocksDB's styles"),
    ("history/due.rs", "RocksDB's styles"),
    ("history/options_file.rs", "RocksDB's styles"),
    ("history/run.rs", "RocksDB's styles"),
    ("history/universal.rs", "RocksDB's styles"),
];

/// Adding a style is a file, a name, and a line in the table: nothing else asks which one it is.
#[test]
fn a_style_is_named_in_the_table_and_nowhere_else() {
    let names = |text: &str| {
        text.split("#[cfg(test)]\nmod tests {").next().is_some_and(|code| code.contains("CompactionStyle::"))
    };
    let naming: Vec<String> = files().into_iter().filter(|(_, text)| names(text)).map(|(path, _)| path).collect();
    let others: Vec<&String> = naming.iter().filter(|path| NAMED.iter().all(|(known, _)| known != path)).collect();
    assert_eq!(
        others,
        [] as [&str; 0],
        "let the style say it in its own file: a method of Policy, or a field of About"
    );
    let gone: Vec<&str> =
        NAMED.iter().map(|(path, _)| *path).filter(|path| !naming.iter().any(|p| p == path)).collect();
    assert_eq!(gone, [] as [&str; 0], "these name no style any more");
}
