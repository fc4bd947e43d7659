//! How to open a database: where its bytes are, and its options.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    storage::AnyStorage,
    value::{invalid, thrown, thrown_problem},
};
use crate::{
    options::{Options, Problem, preset},
    storage::{
        indexed_db::{Durability, IndexedDb, Ownership},
        memory::Memory,
    },
};

/// The preset of a database that is opened without one.
const PRESET: &str = "teaching";

/// The name of a database that is opened without one.
const NAME: &str = "lsmscope";

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum BackendKind {
    /// In memory: gone with the page.
    Memory,
    /// In the browser's database: there again after a reload.
    IndexedDb,
}

/// What a returned sync promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum DurabilityKind {
    /// The browser is asked to flush to the disk.
    Strict,
    /// The browser may leave the bytes to the operating system.
    Relaxed,
}

/// How to open a database.
#[derive(Clone, Debug, Deserialize, Tsify)]
pub struct OpenConfig {
    /// Where its bytes are.
    pub backend: BackendKind,
    /// For IndexedDB: the database's name; `lsmscope` if left out.
    #[serde(default)]
    #[tsify(optional)]
    pub name: Option<String>,
    /// For IndexedDB: what a sync promises; strict if left out.
    #[serde(default)]
    #[tsify(optional)]
    pub durability: Option<DurabilityKind>,
    /// For IndexedDB: whether to take it from another tab that has it open.
    #[serde(default)]
    #[tsify(optional)]
    pub take_over: Option<bool>,
    /// The preset to begin with; `teaching` if left out.
    #[serde(default)]
    #[tsify(optional)]
    pub preset: Option<String>,
    /// Changes to it, by the option's name.
    #[serde(default)]
    #[tsify(optional, type = "{ [option: string]: string }")]
    pub options: Option<BTreeMap<String, String>>,
}

/// Where a database's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Backend {
    /// Memory or IndexedDB.
    pub kind: BackendKind,
    /// For IndexedDB: what the browser agreed to.
    pub durability: Option<DurabilityKind>,
    /// For IndexedDB: the database's name.
    pub name: Option<String>,
}

impl OpenConfig {
    /// Reads the configuration that JavaScript gave.
    pub fn parse(config: JsValue) -> Result<OpenConfig, JsValue> {
        serde_wasm_bindgen::from_value(config).map_err(|error| invalid(format!("the configuration: {error}")))
    }

    /// The options it asks for, if all of them fit.
    pub fn options(&self) -> Result<Options, JsValue> {
        let none = BTreeMap::new();
        let (options, problems) =
            changed(self.preset.as_deref().unwrap_or(PRESET), self.options.as_ref().unwrap_or(&none));
        match problems.into_iter().next() {
            Some(problem) => Err(thrown_problem(problem)),
            None => Ok(options),
        }
    }

    /// Opens the place where the bytes are.
    pub async fn storage(&self) -> Result<(AnyStorage, Backend), JsValue> {
        match self.backend {
            BackendKind::Memory => {
                let backend = Backend { kind: BackendKind::Memory, durability: None, name: None };
                Ok((AnyStorage::Memory(Memory::new()), backend))
            }
            BackendKind::IndexedDb => self.indexed_db().await,
        }
    }

    async fn indexed_db(&self) -> Result<(AnyStorage, Backend), JsValue> {
        let name = self.name.as_deref().unwrap_or(NAME);
        let asked = match self.durability {
            Some(DurabilityKind::Relaxed) => Durability::Relaxed,
            Some(DurabilityKind::Strict) | None => Durability::Strict,
        };
        let ownership = if self.take_over == Some(true) { Ownership::TakeOver } else { Ownership::Refuse };
        let storage = IndexedDb::open(name, asked, ownership).await.map_err(|error| thrown(&error))?;
        let durability = match storage.durability() {
            Durability::Strict => DurabilityKind::Strict,
            Durability::Relaxed => DurabilityKind::Relaxed,
        };
        let backend =
            Backend { kind: BackendKind::IndexedDb, durability: Some(durability), name: Some(name.to_string()) };
        Ok((AnyStorage::IndexedDb(Box::new(storage)), backend))
    }
}

/// The options of the preset `name` with `changes`, and everything that is wrong with them.
pub fn changed(name: &str, changes: &BTreeMap<String, String>) -> (Options, Vec<Problem>) {
    let (mut options, mut problems) = match preset(name) {
        Ok(options) => (options, Vec::new()),
        Err(problem) => (Options::default(), vec![problem]),
    };
    problems.extend(changes.iter().filter_map(|(name, text)| options.set(name, text).err()));
    problems.extend(options.validate());
    (options, problems)
}
