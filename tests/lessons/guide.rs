//! What `docs/authoring.md` says of the engine is so.

use std::{collections::BTreeMap, fs, path::Path};

use lsmscope::{
    lesson::{PresentedItem, plain},
    options::{Options, preset},
    storage::block_on,
};

use crate::grade::small;

/// The rows of the guide's table of options: option and value.
fn table() -> BTreeMap<String, String> {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/authoring.md")).unwrap();
    let section = guide.split("### What your lines run with").nth(1).expect("the guide has a table of options");
    let rows = section.split("\n### ").next().unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (option, rest) = row.split_once("` | `").unwrap();
        (option.to_string(), rest.split_once("` | ").unwrap().0.to_string())
    })
    .collect()
}

#[test]
fn the_guide_has_the_options_that_a_lesson_runs_with() {
    let table = table();
    let (teaching, rocksdb) = (preset("teaching").unwrap(), Options::default());
    let mut changed = teaching.clone();
    for (option, value) in &table {
        changed.set(option, value).unwrap();
        assert_eq!(changed, teaching, "{option}");
    }
    let (teaching, rocksdb) = (serde_json::to_value(&teaching).unwrap(), serde_json::to_value(&rocksdb).unwrap());
    for (name, value) in teaching.as_object().unwrap() {
        let is_named = table.contains_key(name);
        assert!(is_named || *value == rocksdb[name], "{name} is not RocksDB's default, and not in the guide");
    }
    // So it is in a lesson that sets none.
    for (option, value) in &table {
        let lesson = small(&format!("It is {{{{options.{option}}}}}.\n"));
        let presented = block_on(lesson.present(&lesson.variant(0), 0));
        let PresentedItem::Text { nodes } = &presented.items[0] else { panic!("{:?}", presented.items) };
        let value = if value == "false" { "no" } else { value };
        assert_eq!(plain(nodes).replace(',', ""), format!("It is {value}."), "{option}");
    }
}
