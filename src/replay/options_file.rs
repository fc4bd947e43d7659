//! RocksDB's `OPTIONS` file: the options that the picker goes by.
//!
//! In: the text of a file like `OPTIONS-000011`, which RocksDB writes beside its `MANIFEST`. Out: our [`Options`], which have
//! the same names. Only the default column family's are read, and only those that have a say in compaction:
//!
//! ```text
//! [CFOptions "default"]
//!   compaction_pri=kMinOverlappingRatio
//!   max_bytes_for_level_base=268435456
//! ```

use crate::{
    error::{Error, ErrorKind, Result},
    options::{CompactionStyle, Options},
};

/// The options that a decision hangs on.
const READ: &[&str] = &[
    "compaction_style",
    "level0_file_num_compaction_trigger",
    "level_compaction_dynamic_level_bytes",
    "max_bytes_for_level_base",
    "max_bytes_for_level_multiplier",
    "max_compaction_bytes",
    "compaction_pri",
    "num_levels",
    "target_file_size_base",
    "target_file_size_multiplier",
    "ttl",
    "write_buffer_size",
];

/// The options that have options of their own, `{size_ratio=1;stop_style=…;}`: of which, ours, and what it is called there.
const NESTED: &[(&str, &str, &str)] = &[
    ("compaction_options_universal", "universal_size_ratio", "size_ratio"),
    ("compaction_options_universal", "universal_min_merge_width", "min_merge_width"),
    ("compaction_options_universal", "universal_max_merge_width", "max_merge_width"),
    ("compaction_options_universal", "universal_max_size_amplification_percent", "max_size_amplification_percent"),
    ("compaction_options_universal", "universal_stop_style", "stop_style"),
    ("compaction_options_universal", "universal_max_read_amp", "max_read_amp"),
    ("compaction_options_universal", "universal_allow_trivial_move", "allow_trivial_move"),
    ("compaction_options_fifo", "fifo_max_table_files_size", "max_table_files_size"),
    ("compaction_options_fifo", "fifo_allow_compaction", "allow_compaction"),
];

/// Reads `text` into `options`. Returns what in it we leave out, though it has a say.
///
/// # Errors
/// The file has no default column family, or an option is one that we cannot follow: it is named.
pub fn read(text: &str, options: &mut Options) -> Result<Vec<String>> {
    let lines = text.lines().map(str::trim);
    let mut section = lines.skip_while(|line| *line != "[CFOptions \"default\"]").skip(1).peekable();
    if section.peek().is_none() {
        return Err(Error::invalid(
            "this is no OPTIONS file of RocksDB: it has no section [CFOptions \"default\"]. Give the one beside the MANIFEST",
        ));
    }
    let mut notes = Vec::new();
    for (name, value) in section.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('=')) {
        if READ.contains(&name) {
            set(options, name, value)?;
        }
        for (_, ours, theirs) in NESTED.iter().filter(|(of, ..)| *of == name) {
            if let Some(value) = field(value, theirs) {
                set(options, ours, value)?;
            }
        }
        notes.extend(left_out(options.compaction_style, name, value));
    }
    Ok(notes)
}

/// Sets one option from the value that RocksDB writes.
///
/// # Errors
/// We have no such value.
pub(super) fn set(options: &mut Options, name: &str, value: &str) -> Result<()> {
    let unsupported = |what: String| Error::new(ErrorKind::Unsupported, what);
    let value = match name {
        "compaction_style" | "compaction_pri" | "universal_stop_style" => {
            let name = value.trim_start_matches('k');
            snake_case(name.trim_start_matches("CompactionStyle").trim_start_matches("CompactionStopStyle"))
        }
        _ => value.to_string(),
    };
    let value = match value.as_str() {
        "level" => "leveled".to_string(),
        "f_i_f_o" => "fifo".to_string(),
        _ => value,
    };
    options.set(name, &value).map_err(|problem| {
        unsupported(format!("the database was set as we cannot be: {problem}; only what fits can be replayed"))
    })
}

/// The field `name` of `{a=1;b=2;}`.
fn field<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let fields = value.trim_matches(['{', '}']).split(';');
    fields.filter_map(|field| field.split_once('=')).find(|(of, _)| *of == name).map(|(_, value)| value)
}

fn left_out(style: CompactionStyle, name: &str, value: &str) -> Option<String> {
    let of_universal = || style == CompactionStyle::Universal && field(value, "incremental") == Some("true");
    let of_fifo = || {
        let ages = field(value, "file_temperature_age_thresholds");
        style == CompactionStyle::Fifo && ages.is_some_and(|ages| !ages.is_empty())
    };
    let matters = match name {
        "compaction_options_universal" => of_universal(),
        "compaction_options_fifo" => of_fifo(),
        "max_bytes_for_level_multiplier_additional" => value.split(':').any(|n| n != "1"),
        "periodic_compaction_seconds" | "preclude_last_level_data_seconds" => value != "0",
        "compression_per_level" => !value.is_empty(),
        "sst_partitioner_factory" => value != "nullptr",
        _ => false,
    };
    matters.then(|| format!("{name}={value} has a say in RocksDB's decisions, and none in ours"))
}

/// `OldestLargestSeqFirst` as `oldest_largest_seq_first`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[DBOptions]\n  max_background_jobs=2\n\n[CFOptions \"default\"]\n  ttl=2592000\n  num_levels=5\n  \
                        compaction_pri=kOldestLargestSeqFirst\n  compaction_style=kCompactionStyleLevel\n  \
                        max_bytes_for_level_multiplier=8.000000\n\n[CFOptions \"other\"]\n  num_levels=3\n";

    #[test]
    fn the_default_column_family_is_what_counts() {
        let mut options = Options::default();
        assert_eq!(read(FILE, &mut options).unwrap(), [] as [String; 0]);
        assert_eq!((options.num_levels, options.max_bytes_for_level_multiplier), (5, 8.0));
        assert_eq!(options.get("compaction_pri").unwrap(), "oldest_largest_seq_first");
    }

    #[test]
    fn what_cannot_be_followed_is_named() {
        let mut options = Options::default();
        let note = read("[CFOptions \"default\"]\nperiodic_compaction_seconds=60\n", &mut options).unwrap();
        assert!(note[0].starts_with("periodic_compaction_seconds=60"), "{note:?}");
        let error = read("[CFOptions \"default\"]\nnum_levels=70\n", &mut options).unwrap_err();
        assert!(error.kind == ErrorKind::Unsupported && error.message.contains("num_levels = 70"), "{error}");
        assert!(read("num_levels=7\n", &mut options).unwrap_err().message.contains("no OPTIONS file"));
    }
}
