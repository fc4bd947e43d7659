//! The options that a log names: at its head, at each opening, and where they are changed.
//!
//! In: `Options.name: value` lines, and the assignments of `SetOptions`. Out: the options in force, of those that
//! matter for what is told here, and the changes among them.

use std::collections::BTreeMap;

use super::{LogOptionChange, MAX_FAMILIES, MAX_LISTED, fold::shortened};

/// Options of the database.
const OF_DATABASE: [&str; 9] = [
    "bytes_per_sync",
    "db_write_buffer_size",
    "delayed_write_rate",
    "max_background_compactions",
    "max_background_flushes",
    "max_background_jobs",
    "max_subcompactions",
    "max_total_wal_size",
    "stats_dump_period_sec",
];

/// Options of a column family.
const OF_FAMILY: [&str; 26] = [
    "compaction_options_fifo.max_table_files_size",
    "compaction_options_universal.max_size_amplification_percent",
    "compaction_options_universal.size_ratio",
    "compaction_pri",
    "compaction_style",
    "compression",
    "disable_auto_compactions",
    "hard_pending_compaction_bytes_limit",
    "level0_file_num_compaction_trigger",
    "level0_slowdown_writes_trigger",
    "level0_stop_writes_trigger",
    "level_compaction_dynamic_level_bytes",
    "max_bytes_for_level_base",
    "max_bytes_for_level_multiplier",
    "max_compaction_bytes",
    "max_write_buffer_number",
    "min_write_buffer_number_to_merge",
    "num_levels",
    "paranoid_file_checks",
    "periodic_compaction_seconds",
    "soft_pending_compaction_bytes_limit",
    "target_file_size_base",
    "target_file_size_multiplier",
    "ttl",
    "write_buffer_size",
    "bottommost_compression",
];

/// The longest value that is kept, in bytes.
const MAX_VALUE: usize = 80;

/// The options of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct OptionsInForce {
    database: BTreeMap<String, String>,
    families: BTreeMap<usize, BTreeMap<String, String>>,
    /// From an `OPTIONS` file, for what the log does not name: of the database, and of families by their names.
    of_file: (BTreeMap<String, String>, BTreeMap<String, BTreeMap<String, String>>),
    changes: Vec<LogOptionChange>,
}

/// No database runs more jobs.
const MAX_JOBS: i64 = 1024;

impl OptionsInForce {
    /// Whether an option matters for what is told here: of a column family, or of the database.
    pub fn keeps(is_of_family: bool, name: &str, value: &str) -> bool {
        let known: &[&str] = if is_of_family { &OF_FAMILY } else { &OF_DATABASE };
        known.contains(&name) && value.len() <= MAX_VALUE
    }

    /// An option is named, of the column family, or of the database. `family` is its index and its name.
    pub fn names(&mut self, at: u64, family: Option<(usize, &str)>, name: &str, value: &str) {
        if !OptionsInForce::keeps(family.is_some(), name, value) {
            return;
        }
        let options = match family {
            Some((index, _)) => self.families.entry(index).or_default(),
            None => &mut self.database,
        };
        let old = options.insert(name.into(), shortened(value));
        if let Some(old) = old.filter(|old| old != value && self.changes.len() < MAX_LISTED) {
            let family = family.map(|(_, name)| name.to_string());
            self.changes.push(LogOptionChange { at, family, name: name.into(), old, new: shortened(value) });
        }
    }

    /// Takes what the log does not name from the text of an `OPTIONS` file: sections with lines of `name=value`.
    pub fn read_file(&mut self, text: &str) {
        let mut section = None;
        for line in text.lines().map(str::trim) {
            if let Some(head) = line.strip_prefix('[') {
                let of_family = head.strip_prefix("CFOptions \"").and_then(|rest| rest.strip_suffix("\"]"));
                section = if head == "DBOptions]" { Some(None) } else { of_family.map(Some) };
            }
            let (Some(section), Some((name, value))) = (section, line.split_once('=')) else { continue };
            let known: &[&str] = if section.is_some() { &OF_FAMILY } else { &OF_DATABASE };
            if known.contains(&name) && value.len() <= MAX_VALUE && self.of_file.1.len() < MAX_FAMILIES {
                let options = match section {
                    Some(family) => self.of_file.1.entry(shortened(family)).or_default(),
                    None => &mut self.of_file.0,
                };
                options.insert(name.into(), shortened(value));
            }
        }
    }

    /// Those of the database.
    pub fn database(&self) -> BTreeMap<String, String> {
        with(&self.of_file.0, Some(&self.database))
    }

    /// Those of a column family: its index and its name.
    pub fn family(&self, family: usize, name: &str) -> BTreeMap<String, String> {
        let none = BTreeMap::new();
        with(self.of_file.1.get(name).unwrap_or(&none), self.families.get(&family))
    }

    /// What changed.
    pub fn changes(&self) -> &[LogOptionChange] {
        &self.changes
    }

    /// How many compactions may run at once, when there is pressure (`DBImpl::GetBGJobLimits`,
    /// `db/db_impl/db_impl_compaction_flush.cc`).
    pub fn compaction_slots(&self) -> Option<u64> {
        let option = |name: &str| {
            self.database.get(name).or(self.of_file.0.get(name))?.parse::<i64>().ok().map(|n| n.clamp(-1, MAX_JOBS))
        };
        let (flushes, compactions) = (option("max_background_flushes"), option("max_background_compactions"));
        let slots = match (flushes.unwrap_or(-1), compactions.unwrap_or(-1)) {
            (-1, -1) => option("max_background_jobs").map(|jobs| jobs - (jobs / 4).max(1))?,
            (_, compactions) => compactions,
        };
        u64::try_from(slots.max(1)).ok()
    }
}

/// `options`, with those that are named over them.
fn with(options: &BTreeMap<String, String>, named: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let mut all = options.clone();
    all.extend(named.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_in_for_what_a_log_does_not_name() {
        let mut options = OptionsInForce::default();
        options.read_file(
            "[Version]\n ttl=1\n[DBOptions]\n  max_background_jobs=8\n wal_dir=/secret\n[CFOptions \"a\"]\n  ttl=60\n\
             [TableOptions/BlockBasedTable \"a\"]\n  ttl=9\n",
        );
        assert_eq!((options.compaction_slots(), options.database().len()), (Some(6), 1));
        assert_eq!(options.family(3, "a").get("ttl").map(String::as_str), Some("60"));
        options.names(1, None, "max_background_jobs", "4");
        options.names(1, Some((3, "a")), "ttl", "70");
        assert_eq!((options.compaction_slots(), options.changes()), (Some(3), &[][..]));
        assert_eq!(options.family(3, "a").get("ttl").map(String::as_str), Some("70"));
    }

    #[test]
    fn the_last_value_is_in_force_and_what_it_replaced_is_a_change() {
        let mut options = OptionsInForce::default();
        options.names(1, None, "max_background_jobs", "8");
        options.names(1, None, "max_background_flushes", "-1");
        options.names(1, None, "db_host_id", "secret");
        options.names(2, Some((3, "users")), "ttl", "60");
        options.names(3, Some((3, "users")), "ttl", "60");
        assert_eq!((options.compaction_slots(), options.changes()), (Some(6), &[][..]));
        options.names(4, Some((3, "users")), "ttl", "70");
        let [change] = options.changes() else { panic!() };
        assert_eq!((change.family.as_deref(), &*change.old, &*change.new), (Some("users"), "60", "70"));
        options.names(5, None, "max_background_compactions", "3");
        assert_eq!(options.compaction_slots(), Some(3));
        assert_eq!(options.database().get("db_host_id"), None);
    }
}
