//! The names that expressions know, held against what they are names of.

use std::{collections::BTreeMap, fs, path::Path};

use lsmscope::lesson::{
    expression::names::{EVENT_FIELDS, FORMULA_NAMES, INNER_FIELDS, STATE_NAMES},
    vocabulary::EVENT_ABOUT,
};
use syn::{Fields, Item};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// `MergeKept` as the trace writes it.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[test]
fn the_fields_of_events_are_those_of_the_trace() {
    let file = syn::parse_file(&read("src/trace/event.rs")).unwrap();
    let event = file.items.iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == "Event" => Some(item),
        _ => None,
    });
    let fields = |fields: &Fields| -> Vec<String> {
        fields.iter().map(|field| field.ident.as_ref().expect("it has a name").to_string()).collect()
    };
    let found: BTreeMap<String, Vec<String>> =
        event.unwrap().variants.iter().map(|kind| (snake(&kind.ident.to_string()), fields(&kind.fields))).collect();
    let known: BTreeMap<String, Vec<String>> = EVENT_FIELDS
        .iter()
        .map(|(kind, fields)| (kind.to_string(), fields.iter().map(|field| field.to_string()).collect()))
        .collect();
    assert_eq!(known, found);
}

#[test]
fn what_a_field_of_an_event_has_in_it_are_the_fields_of_its_type() {
    for (field, path, of_type) in
        [("cost", "src/trace/event_fields.rs", "Cost"), ("table", "src/version.rs", "TableMeta")]
    {
        let file = syn::parse_file(&read(path)).unwrap();
        let found = file.items.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == of_type => Some(item),
            _ => None,
        });
        // A field that is left out where it has nothing to say has an attribute of its own.
        let is_always_there = |field: &&syn::Field| !field.attrs.iter().any(|one| one.path().is_ident("serde"));
        let fields = found.unwrap().fields.iter().filter(is_always_there);
        let fields: Vec<String> = fields.map(|field| field.ident.as_ref().unwrap().to_string()).collect();
        let listed: Vec<_> = INNER_FIELDS.iter().filter(|(_, name, _)| *name == field).collect();
        assert!(!listed.is_empty(), "{field}");
        for (kind, _, known) in listed {
            assert_eq!(*known, fields, "{kind}.{field}");
        }
    }
}

/// The first sentence of the comment of an item.
fn first_sentence(attributes: &[syn::Attribute]) -> String {
    let line = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value().trim().to_string()),
            _ => None,
        },
        _ => None,
    };
    let text = attributes.iter().filter_map(line).collect::<Vec<_>>().join(" ");
    text.split_inclusive(". ").next().unwrap_or_default().trim().to_string()
}

#[test]
fn what_is_said_of_an_event_is_what_the_trace_says() {
    let file = syn::parse_file(&read("src/trace/event.rs")).unwrap();
    let event = file.items.iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == "Event" => Some(item),
        _ => None,
    });
    let kinds = &event.unwrap().variants;
    let said: Vec<(String, String)> =
        kinds.iter().map(|kind| (snake(&kind.ident.to_string()), first_sentence(&kind.attrs))).collect();
    let known: Vec<(String, String)> =
        EVENT_ABOUT.iter().map(|(kind, about)| (kind.to_string(), about.to_string())).collect();
    assert_eq!(known, said);
}

#[test]
fn the_reference_has_every_name_of_the_state() {
    let reference = read("docs/lesson-format.md");
    let section = |from: &str| reference.split(from).nth(1).unwrap().split("### ").next().unwrap().to_string();
    let state = section("### State");
    for name in STATE_NAMES.iter().chain(FORMULA_NAMES) {
        let is_told = [format!("`{name}`"), format!("`{name}."), format!("`{name}[")].iter().any(|n| state.contains(n));
        assert!(is_told, "docs/lesson-format.md does not have {name}");
    }
}
