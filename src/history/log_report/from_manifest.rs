//! The bytes of each level from the `MANIFEST` that lies beside a log: a log that does not reach back to the first
//! table does not have them all.
//!
//! In: a report, and the bytes of a manifest. Out: the report with the bytes that it lacked. Errors: it is no manifest,
//! or damaged.

use std::collections::BTreeMap;

use super::{LogDatabase, LogLevel, LogReport, add, live_tables::MAX_LEVELS, sentences};
use crate::{
    error::{ErrorKind, Result},
    history::manifest::{self, Manifest},
    words::say,
};

impl LogReport {
    /// Whether the tables or bytes of a level are not known exactly.
    pub fn lacks_bytes(&self) -> bool {
        let lacks = |level: &LogLevel| level.tables > 0 && (level.bytes.is_none() || level.is_of_dump);
        self.database == LogDatabase::LevelDb || self.families.iter().flat_map(|family| &family.levels).any(lacks)
    }

    /// Takes what each level holds from the `MANIFEST` of a LevelDB, whose log does not tell to which levels flushes
    /// wrote. It has to be of the same moment: it has as many tables in all, if the log knows how many there are.
    fn take_levels(&mut self, levels: &[(u64, u64)]) -> bool {
        let Some(family) = self.families.first_mut() else { return true };
        let has_all = family.levels.iter().all(|level| level.bytes.is_some());
        let of_log = family.levels.iter().map(|level| level.tables).fold(0, u64::saturating_add);
        if has_all && of_log != levels.iter().map(|(tables, _)| *tables).fold(0, u64::saturating_add) {
            return false;
        }
        family.levels.resize(levels.len().max(family.levels.len()), LogLevel::default());
        for (at, level) in family.levels.iter_mut().enumerate() {
            let (tables, bytes) = levels.get(at).copied().unwrap_or_default();
            *level = LogLevel { level: at, tables, bytes: Some(bytes), ..LogLevel::default() };
        }
        true
    }

    /// Takes the bytes of levels that the log lacks from the database's `MANIFEST`. It has to be of the same moment:
    /// each level of a column family has as many tables in it as the log says; otherwise nothing is taken of that
    /// family.
    ///
    /// # Errors
    /// It is no manifest, or damaged.
    pub fn take_bytes_of(&mut self, manifest: &[u8]) -> Result<()> {
        if !manifest::is(manifest) {
            return Err(crate::Error::invalid("this is no MANIFEST"));
        }
        let mut is_of_another_moment = false;
        for log in Manifest::read(manifest)?.families {
            let Some(family) = self.families.iter_mut().find(|family| family.name == log.name) else { continue };
            let mut tables = BTreeMap::new();
            for edit in &log.edits {
                for (_, id) in &edit.removed {
                    tables.remove(id);
                }
                tables.extend(edit.added.iter().map(|added| (added.table.id, (added.level, added.table.bytes))));
            }
            let mut levels = vec![(0, 0); family.levels.len()];
            for (level, size) in tables.into_values() {
                if level >= MAX_LEVELS {
                    let what = say!("the MANIFEST has a table on level {level}, which no database has", level);
                    return Err(crate::Error::new(ErrorKind::Corruption, what));
                }
                if level >= levels.len() {
                    levels.resize(level + 1, (0, 0));
                }
                levels[level].0 += 1;
                add(&mut levels[level].1, size);
            }
            if self.database == LogDatabase::LevelDb {
                is_of_another_moment |= !self.take_levels(&levels);
                continue;
            }
            let is_same = |level: &LogLevel| levels[level.level].0 == level.tables;
            if levels.len() != family.levels.len() || !family.levels.iter().all(is_same) {
                is_of_another_moment = true;
                continue;
            }
            for level in &mut family.levels {
                (level.bytes, level.is_of_dump) = (Some(levels[level.level].1), false);
            }
        }
        self.untold = sentences::untold(self);
        if is_of_another_moment && self.lacks_bytes() {
            self.untold.push(say!("The MANIFEST beside it is of another moment: its levels have other tables."));
        }
        Ok(())
    }
}
