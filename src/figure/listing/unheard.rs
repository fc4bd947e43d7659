//! Entries that are no parts of their own: what holds them says which they are.
//!
//! In: a memtable or a table, and which of them have entries that are listed as parts. Out: their entries in words,
//! each of a few, the first and the last key of many. So who hears the figure misses nothing that has no room in it.

use super::{Teller, listed};
use crate::{
    entry::{Bytes, SeqNo},
    figure::part::Holder,
    storage::FileId,
    version::TableId,
    words::say,
};

/// The most entries that are named one by one.
const MAX_NAMED: usize = 30;

impl Teller<'_> {
    /// Which entries a holder has, if none of them is a part, and none of its parts tells of them.
    pub(super) fn unheard(&self, holder: Holder) -> Option<String> {
        if self.heard.contains(&holder) {
            return None;
        }
        let entries = self.named_entries(holder)?;
        Some(say!("not drawn one by one: {entries}", entries))
    }

    /// The entries of a holder: each of a few, or from which key to which. Nothing where they are not known.
    pub(super) fn named_entries(&self, holder: Holder) -> Option<String> {
        let scene = &self.told.scene;
        let few = |entries: &mut dyn Iterator<Item = (&Bytes, SeqNo)>| {
            listed(entries.map(|(key, seq)| self.entry_words(holder, key, seq)))
        };
        let (first, last) = match holder {
            Holder::Memtable(id) => {
                let memtable = scene.sealed().iter().chain([scene.active()]).find(|memtable| memtable.id == id)?;
                let records = || memtable.entries().map(|record| (&record.key, record.seq));
                if records().nth(MAX_NAMED).is_none() {
                    return Some(few(&mut records())).filter(|words| !words.is_empty());
                }
                (records().next()?.0, records().last()?.0)
            }
            Holder::Table(id) => {
                let entries = scene.entries_of(id)?;
                if entries.len() <= MAX_NAMED {
                    let mut pairs = entries.iter().map(|entry| (&entry.key, entry.seq));
                    return Some(few(&mut pairs)).filter(|words| !words.is_empty());
                }
                (&entries.first()?.key, &entries.last()?.key)
            }
        };
        Some(say!("keys {smallest} to {largest}", smallest = self.key_words(first), largest = self.key_words(last)))
    }

    /// An entry, with its table where the keys of tables overlap: its place on the stage alone does not say which.
    pub(super) fn placed_entry(&self, holder: Holder, key: &Bytes, seq: SeqNo) -> String {
        let table = match holder {
            Holder::Table(id) if self.crowded.contains(&id) => Some(say!("in {file}", file = FileId::table(id))),
            _ => None,
        };
        listed([self.entry_words(holder, key, seq)].into_iter().chain(table))
    }

    /// Whether a table shares its lane with others that have keys between its own, or is not in the tree yet.
    pub(super) fn is_crowded(&self, id: TableId) -> bool {
        let version = self.told.scene.version();
        let Some((level, table)) = version.find(id) else { return true };
        version.overlapping(level, &table.smallest, &table.largest).any(|other| other.id != id)
    }
}
