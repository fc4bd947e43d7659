//! Calls of expressions: places, keys, scans, and small arithmetic.

use serde_json::Value as Json;

use super::{Computed, Evaluator, Value};
use crate::{
    entry::Bytes,
    lesson::{
        expression::{Function, Spanned},
        value::{self, number, text_of},
    },
    scene::Scene,
    timeline::{find::bytes_of_text, life::VersionStep},
    words::say,
};

impl Evaluator<'_> {
    pub(super) fn call(&self, term: &Spanned, function: Function, values: &[Spanned]) -> Computed<Value> {
        Ok(Value::Data(match function {
            Function::Min | Function::Max => {
                let numbers: Vec<f64> = values.iter().map(|value| self.number(value)).collect::<Computed<_>>()?;
                let pick = if function == Function::Min { f64::min } else { f64::max };
                numbers.into_iter().reduce(pick).map_or(Json::Null, number)
            }
            Function::Op => match self.value(&values[0])? {
                Value::Event(Some(index), _) => self.op(index),
                Value::Event(None, _) => Json::Null,
                _ => return self.fail(&values[0], say!("expected an event: first(KIND) or last(KIND)")),
            },
            Function::At => match self.value(&values[0])? {
                Value::Event(Some(index), _) => return Ok(Value::State(index + 1)),
                Value::Event(None, kind) => {
                    return self.fail(&values[0], say!("there is no {kind} in the window", kind));
                }
                _ => return self.fail(&values[0], say!("expected an event: first(KIND) or last(KIND)")),
            },
            Function::Probed => self.probed(term)?,
            Function::Rows => match self.scans(term)?.pop() {
                Some(rows) => self.bounded(term, rows)?,
                None => return self.fail(term, say!("there is no scan in the window")),
            },
            Function::Same => {
                let scans = self.scans(term)?;
                (scans.len() > 1 && scans.windows(2).all(|pair| pair[0] == pair[1])).into()
            }
            Function::Tables => {
                let mut found = Vec::new();
                self.places_of_tables(&self.data(&values[0])?, &mut found);
                if found.is_empty() {
                    return self
                        .fail(&values[0], say!("expected the number of a table, a list of them, or a compaction"));
                }
                self.bounded(term, found)?
            }
            Function::Versions => {
                let key = self.key(&values[0])?;
                let held = |scene: &Scene| {
                    let tables = scene.version().tables().filter(|(_, table)| table.contains(&key));
                    tables.map(|(_, table)| table.entries).sum()
                };
                self.step(term, self.scope.run.at(self.scope.window.end, held))?;
                let count = self.scope.run.at(self.scope.window.end, |scene| versions(scene, &key));
                match count {
                    Some(count) => count.into(),
                    None => {
                        return self.fail(term, say!("not every table's entries are known after a long drive or fill"));
                    }
                }
            }
            Function::Life => self.life(term, &values[0])?,
            Function::Length => match self.data(&values[0])? {
                Json::Array(items) => items.len().into(),
                Json::String(text) => text.chars().count().into(),
                other => return self.fail(&values[0], say!("{kind} has no length", kind = value::kind(&other))),
            },
            Function::Has => {
                let (items, wanted) = (self.list(&values[0])?, self.data(&values[1])?);
                self.step(term, items.len() as u64)?;
                items.iter().any(|item| value::same(item, &wanted)).into()
            }
            Function::Round => {
                let digits = values.get(1).map_or(Ok(0.0), |digits| self.number(digits))?.clamp(0.0, 9.0);
                let scale = libm::pow(10.0, digits);
                number(libm::round(self.number(&values[0])? * scale) / scale)
            }
        }))
    }

    /// In which operation of the window the event at `index` happened.
    fn op(&self, index: usize) -> Json {
        let window = &self.scope.window;
        let first = self.scope.run.first_op(window.start, window.end);
        match (self.scope.run.op_of(index), first) {
            (Some(op), Some(first)) if op >= first => (op - first + 1).into(),
            _ => Json::Null,
        }
    }

    /// The places that the last get of the window looked into, in its order.
    fn probed(&self, term: &Spanned) -> Computed<Json> {
        let (run, window) = (self.scope.run, &self.scope.window);
        let Some(begin) = run.of_kind("get_began", window.start, window.end).pop() else {
            return self.fail(term, say!("there is no get in the window"));
        };
        self.step(term, (window.end - begin) as u64)?;
        let active = run.at(begin, |scene| scene.active().id);
        let mut found: Vec<Json> = Vec::new();
        for index in run.of_kind("memtable_probed", begin, window.end) {
            found.push(memtable_place(run.row(index)["memtable"].as_u64().unwrap_or_default(), active));
        }
        for index in run.of_kind("range_probed", begin, window.end) {
            let row = run.row(index);
            if row["inside"] == true {
                found.push(format!("table {}", row["table"]).into());
            }
        }
        Ok(Json::Array(found))
    }

    /// The rows `key = value` of each scan of the window.
    fn scans(&self, term: &Spanned) -> Computed<Vec<Vec<Json>>> {
        let (run, window) = (self.scope.run, &self.scope.window);
        let ends = run.of_kind("scan_ended", window.start, window.end);
        self.step(term, (ends.len() as u64 + 1) * (window.len() as u64 / 8 + 1))?;
        let mut found = Vec::new();
        for end in ends {
            let began = run.of_kind("scan_began", window.start, end).pop().unwrap_or(end);
            // What a scan reads does not change while it runs.
            let emitted = run.of_kind("scan_emitted", began, end);
            let entries: u64 = run.at(began, |scene| scene.version().tables().map(|(_, table)| table.entries).sum());
            self.step(term, emitted.len() as u64 * (entries / 8 + 50))?;
            let rows = emitted.into_iter().map(|index| {
                let row = run.row(index);
                let (key, seq) = (text_of(&row["key"]), row["seq"].as_u64().unwrap_or_default());
                let bytes = bytes_of_text(&key).unwrap_or_else(|| key.as_str().into());
                let value = run.at(began, |scene| value_of(scene, &bytes, seq));
                Json::from(format!("{key} = {}", value.unwrap_or_else(|| "?".into())))
            });
            found.push(rows.collect());
        }
        Ok(found)
    }

    fn places_of_tables(&self, value: &Json, found: &mut Vec<Json>) {
        match value {
            Json::Number(id) => found.push(format!("table {id}").into()),
            Json::Array(items) => items.iter().for_each(|item| self.places_of_tables(item, found)),
            Json::Object(fields) => {
                let inner = ["compaction", "inputs", "tables", "table", "id"].iter().find_map(|name| fields.get(*name));
                if let Some(inner) = inner {
                    self.places_of_tables(inner, found);
                }
            }
            _ => {}
        }
    }

    fn key(&self, term: &Spanned) -> Computed<Bytes> {
        let text = text_of(&self.data(term)?);
        match bytes_of_text(&text) {
            Some(key) => Ok(key),
            None => self.fail(term, say!("{text} is no key", text)),
        }
    }

    fn life(&self, term: &Spanned, key: &Spanned) -> Computed<Json> {
        let key = self.key(key)?;
        self.step(term, self.scope.window.end as u64)?;
        let steps = self.scope.run.timeline().key_life(&key);
        let name = |what: &VersionStep| match what {
            VersionStep::Logged { .. } => "logged",
            VersionStep::Replayed { .. } => "replayed",
            VersionStep::Inserted { .. } => "inserted",
            VersionStep::Written { .. } => "written",
            VersionStep::Moved { .. } => "moved",
            VersionStep::Dropped { .. } => "dropped",
            VersionStep::DroppedWithTable { .. } => "dropped_with_table",
            VersionStep::Read { .. } => "read",
            VersionStep::NotFound {} => "not_found",
        };
        let steps = steps.iter().filter(|step| step.event < self.scope.window.end).map(|step| name(&step.what).into());
        self.bounded(term, steps.collect())
    }
}

/// The place of a memtable, given the active one.
pub(in crate::lesson) fn memtable_place(id: u64, active: u64) -> Json {
    if id == active { "memtable".into() } else { format!("immutable {id}").into() }
}

/// The number of versions of `key` in tables; none if not all entries are known.
pub(in crate::lesson) fn versions(scene: &Scene, key: &Bytes) -> Option<usize> {
    let mut count = 0;
    for (_, table) in scene.version().tables() {
        if table.contains(key) {
            count += scene.entries_of(table.id)?.iter().filter(|entry| entry.key == *key).count();
        }
    }
    Some(count)
}

/// The value of the version `seq` of `key`, where it is.
fn value_of(scene: &Scene, key: &Bytes, seq: u64) -> Option<String> {
    let memtables = scene.sealed().iter().chain([scene.active()]);
    let in_memory = memtables.filter_map(|memtable| memtable.get(key, seq)).map(|record| record.value.clone()).next();
    let found = in_memory.or_else(|| {
        let mut tables = scene.version().tables().filter(|(_, table)| table.contains(key));
        tables.find_map(|(_, table)| {
            let entries = scene.entries_of(table.id)?;
            entries.iter().find(|entry| entry.key == *key && entry.seq == seq)?.value.clone()
        })
    });
    found.map(|value| crate::entry::text(&value))
}
