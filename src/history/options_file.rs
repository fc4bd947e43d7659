//! RocksDB's `OPTIONS` file: the options that its compaction picker reads, as RocksDB treats them.
//!
//! In: the text of a file like `OPTIONS-000011`, which RocksDB writes beside its `MANIFEST`, and changes of it. Out:
//! [`Settings`]. Only one column family's are read, and only those that have a say in compaction:
//!
//! ```text
//! [CFOptions "default"]
//!   compaction_pri=kMinOverlappingRatio
//!   max_bytes_for_level_base=268435456
//! ```
//!
//! What RocksDB allows is more than our engine does: a trigger below 0, 40 levels, sizes up to 2^64 - 1. Here all of it
//! counts, and is settled as RocksDB does it when it opens a database (`SanitizeOptions` in `db/column_family.cc`).
//!
//! Errors: the file has no such column family, or an option is one that cannot be followed: it is named.

use std::collections::BTreeMap;

use crate::{
    error::{Error, ErrorKind, Result},
    options::{CompactionStyle, Options, Problem, Unit, Value, preset},
    words::say,
};

/// No more levels than this are replayed.
pub(super) const MAX_LEVELS: u64 = 1000;
/// Sizes beyond it are as good as this one: no level ever holds as much, and sums of it stay numbers, in JavaScript as
/// well.
const MAX_BYTES: u64 = (1 << 53) - 1;
/// As which RocksDB writes a `ttl` that was not set.
const DEFAULT_TTL: u64 = u64::MAX - 1;
/// What it then is.
const ADJUSTED_TTL: u64 = 30 * 24 * 60 * 60;

/// The style under which nothing is compacted but by hand.
const NO_STYLE: &str = "kCompactionStyleNone";

/// The options that a decision depends on, under their own names.
const READ: &[&str] = &[
    "compaction_style",
    "level0_file_num_compaction_trigger",
    "level0_slowdown_writes_trigger",
    "level0_stop_writes_trigger",
    "level_compaction_dynamic_level_bytes",
    "max_bytes_for_level_base",
    "max_bytes_for_level_multiplier",
    "max_bytes_for_level_multiplier_additional",
    "max_compaction_bytes",
    "compaction_pri",
    "disable_auto_compactions",
    "num_levels",
    "target_file_size_base",
    "target_file_size_multiplier",
    "ttl",
    "write_buffer_size",
];

/// The options that have options of their own, `{size_ratio=1;stop_style=…;}`: of which, ours, and what it is called
/// there.
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

/// How a database was set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its options.
    pub options: Options,
    /// Whether old tables are rewritten (`periodic_compaction_seconds`).
    pub is_periodic: bool,
    /// What has a say in RocksDB's decisions, and none in ours.
    pub left_out: Vec<String>,
}

/// The options that say how many jobs run, and when writes are slowed down or stopped: no decision depends on them,
/// what other options would have cost does. Of the database, and of a column family.
const OF_RUNNING: [&str; 7] = [
    "max_background_jobs",
    "max_background_compactions",
    "max_background_flushes",
    "max_subcompactions",
    "delayed_write_rate",
    "soft_pending_compaction_bytes_limit",
    "hard_pending_compaction_bytes_limit",
];

/// Sets those as far as they are in our range: RocksDB's -1 stands for what it finds itself, as 0 does here.
fn set_running(options: &mut Options, lines: &[(&str, &str)]) {
    for (name, value) in lines.iter().filter(|(name, _)| OF_RUNNING.contains(name)) {
        let value = if value.starts_with('-') { "0" } else { value };
        // Another value is no reason to refuse a history: it keeps RocksDB's default.
        let _ = options.set(name, value);
    }
}

impl Settings {
    /// RocksDB's defaults, changed by what the `OPTIONS` file with this `text` says of `family`, changed by `changes`.
    ///
    /// # Errors
    /// See above; or a change is of no option that there is, or of one that only the database has.
    pub fn read(text: Option<&str>, family: &str, changes: &[(&str, &str)]) -> Result<Settings> {
        let mut options = preset("rocksdb")?;
        let raw = text.map_or(Ok(Vec::new()), |text| section(text, family))?;
        let of_database = text.map(|text| lines_below(text, "[DBOptions]")).unwrap_or_default();
        set_running(&mut options, &of_database);
        set_running(&mut options, &raw);
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, value) in &raw {
            if READ.contains(name) {
                known.insert(name, value);
            }
            for (_, ours, theirs) in NESTED.iter().filter(|(of, ..)| of == name) {
                known.extend(field(value, theirs).map(|value| (*ours, value)));
            }
        }
        for (name, value) in changes {
            let name = &own_name(name);
            if READ.contains(name) || NESTED.iter().any(|(_, ours, _)| ours == name) {
                known.insert(name, value);
            } else if options.get(name).is_none() && raw.iter().chain(&of_database).any(|(there, _)| there == name) {
                return Err(Error::invalid(say!(
                    "{name}: the database has this option, but neither our decisions nor an estimate depend on it",
                    name
                )));
            } else {
                options.set(name, value)?;
            }
        }
        let mut signed = Signed::default();
        let is_of_no_style = known.get("compaction_style") == Some(&NO_STYLE);
        for (name, value) in known {
            set(&mut options, &mut signed, name, value)?;
        }
        // Whatever the file says of it: under this style, nothing is compacted but by hand.
        options.disable_auto_compactions |= is_of_no_style;
        settle(&mut options, &signed)?;
        let mut left_out: Vec<String> =
            raw.iter().filter_map(|(name, value)| left_out(options.compaction_style, name, value)).collect();
        if is_of_no_style {
            left_out.push(say!(
                "manual compactions, which cannot be predicted: compaction_style={style}, there are no others; what \
                 is shown of levels is by leveled compaction",
                style = NO_STYLE,
            ));
        } else if options.disable_auto_compactions {
            left_out.push(say!(
                "manual compactions, which cannot be predicted: disable_auto_compactions=true, there are no others"
            ));
        }
        let is_periodic = raw.iter().any(|(name, value)| {
            options.compaction_style == CompactionStyle::Leveled && is_periodic(options.compaction_style, name, value)
        });
        Ok(Settings { options, is_periodic, left_out })
    }
}

/// What an option of an option is called here: `compaction_options_universal.size_ratio` is `universal_size_ratio`.
pub fn own_name(name: &str) -> &str {
    let is_it = |(of, _, theirs): &&(&str, &'static str, &str)| {
        name.strip_prefix(of).and_then(|rest| rest.strip_prefix('.')) == Some(theirs)
    };
    NESTED.iter().find(is_it).map_or(name, |(_, ours, _)| ours)
}

/// The lines of one column family: name and value.
///
/// # Errors
/// It has none of that family.
pub(super) fn section<'a>(text: &'a str, family: &str) -> Result<Vec<(&'a str, &'a str)>> {
    let head = format!("[CFOptions \"{family}\"]");
    if !text.lines().any(|line| line.trim() == head) {
        let what = match text.contains("[CFOptions ") {
            true => say!("the OPTIONS file has no column family {family}: it has no section {head}", family, head),
            false if text.trim().is_empty() => say!("this is no OPTIONS file of RocksDB: it is empty"),
            false => say!("this is no OPTIONS file of RocksDB: it has no section {head}", head),
        };
        return Err(Error::invalid(what));
    }
    Ok(lines_below(text, &head))
}

/// The lines of the section with this `head`: name and value.
fn lines_below<'a>(text: &'a str, head: &str) -> Vec<(&'a str, &'a str)> {
    let lines = text.lines().map(str::trim).skip_while(|line| *line != head).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('=')).collect()
}

/// The options that are whole numbers there and may be below 0, as they were written.
#[derive(Debug)]
struct Signed {
    trigger: i64,
    slowdown: i64,
    stop: i64,
    levels: i64,
}

impl Default for Signed {
    fn default() -> Signed {
        Signed { trigger: 4, slowdown: 20, stop: 36, levels: 7 }
    }
}

/// Sets one option from the value that RocksDB writes.
fn set(options: &mut Options, signed: &mut Signed, name: &str, value: &str) -> Result<()> {
    let refused = |expected: String| {
        let problem = Problem { field: name.into(), value: value.into(), expected };
        Error::new(ErrorKind::Unsupported, say!("the database was set as it cannot be replayed: {problem}", problem))
    };
    let number = |unit| u64::parse(value, unit, &(0..=u64::MAX)).map_err(refused);
    let whole = || i64::parse(value, Unit::Count, &(i64::from(i32::MIN)..=i64::from(i32::MAX))).map_err(refused);
    match name {
        "level0_file_num_compaction_trigger" => signed.trigger = whole()?,
        "level0_slowdown_writes_trigger" => signed.slowdown = whole()?,
        "level0_stop_writes_trigger" => signed.stop = whole()?,
        "num_levels" => signed.levels = whole()?,
        "target_file_size_multiplier" => options.target_file_size_multiplier = whole()?.max(1).unsigned_abs(),
        "universal_max_read_amp" => options.universal_max_read_amp = whole()?,
        "max_bytes_for_level_base" => options.max_bytes_for_level_base = number(Unit::Bytes)?,
        "max_compaction_bytes" => options.max_compaction_bytes = number(Unit::Bytes)?,
        "target_file_size_base" => options.target_file_size_base = number(Unit::Bytes)?,
        "ttl" => options.ttl = number(Unit::Seconds)?,
        "write_buffer_size" => options.write_buffer_size = number(Unit::Bytes)?,
        "fifo_max_table_files_size" => options.fifo_max_table_files_size = number(Unit::Bytes)?,
        "universal_size_ratio" => options.universal_size_ratio = number(Unit::Percent)?,
        "universal_min_merge_width" => options.universal_min_merge_width = number(Unit::Count)?,
        "universal_max_merge_width" => options.universal_max_merge_width = number(Unit::Count)?,
        "universal_max_size_amplification_percent" => {
            options.universal_max_size_amplification_percent = number(Unit::Percent)?
        }
        "max_bytes_for_level_multiplier" => {
            options.max_bytes_for_level_multiplier =
                f64::parse(value, Unit::Count, &(f64::MIN..=f64::MAX)).map_err(|_| refused(say!("a finite number")))?;
        }
        // RocksDB takes any numbers; only static levels have a use for them, and then the engine's limits hold.
        "max_bytes_for_level_multiplier_additional"
            if options.compaction_style != CompactionStyle::Leveled || options.level_compaction_dynamic_level_bytes => {
        }
        "compaction_style" if value == NO_STYLE => options.compaction_style = CompactionStyle::Leveled,
        "compaction_style" | "compaction_pri" | "universal_stop_style" => {
            options.set(name, &choice(value)).map_err(|problem| refused(problem.expected))?;
        }
        _ => options.set(name, value).map_err(|problem| refused(problem.expected))?,
    }
    Ok(())
}

/// What one of RocksDB's names, `kCompactionStyleLevel`, is called here.
fn choice(value: &str) -> String {
    let name = value.strip_prefix('k').unwrap_or(value);
    let name = name.trim_start_matches("CompactionStyle").trim_start_matches("CompactionStopStyle");
    match snake_case(name).as_str() {
        "level" => "leveled".into(),
        "f_i_f_o" => "fifo".into(),
        other => other.into(),
    }
}

/// Makes of what was written what RocksDB makes of it.
fn settle(options: &mut Options, signed: &Signed) -> Result<()> {
    let style = options.compaction_style;
    let least = if style == CompactionStyle::Leveled { 2 } else { 1 };
    options.num_levels = signed.levels.max(least).unsigned_abs();
    if options.num_levels > MAX_LEVELS {
        let n = options.num_levels;
        let what = say!("num_levels = {n}: more than {most} levels are not replayed", n, most = MAX_LEVELS);
        return Err(Error::new(ErrorKind::Unsupported, what));
    }
    let trigger = if signed.trigger == 0 { 1 } else { signed.trigger };
    let slowdown = if style == CompactionStyle::Fifo { i64::from(i32::MAX) } else { signed.slowdown.max(trigger) };
    let stop = if style == CompactionStyle::Fifo { slowdown } else { signed.stop.max(slowdown) };
    // Below 0, no number of tables makes level 0 due: here that is 0.
    options.level0_file_num_compaction_trigger = trigger.max(0).unsigned_abs();
    options.level0_slowdown_writes_trigger = slowdown.max(0).unsigned_abs();
    options.level0_stop_writes_trigger = stop.max(0).unsigned_abs();
    options.write_buffer_size = options.write_buffer_size.clamp(64 << 10, 64 << 30);
    if options.max_bytes_for_level_multiplier <= 0.0 {
        options.max_bytes_for_level_multiplier = 1.0;
    }
    if options.max_compaction_bytes == 0 {
        options.max_compaction_bytes = options.target_file_size_base.wrapping_mul(25);
    }
    if options.ttl == DEFAULT_TTL {
        options.ttl = ADJUSTED_TTL;
    }
    options.level_compaction_dynamic_level_bytes &= style == CompactionStyle::Leveled;
    for bytes in [
        &mut options.max_bytes_for_level_base,
        &mut options.max_compaction_bytes,
        &mut options.target_file_size_base,
        &mut options.ttl,
        &mut options.fifo_max_table_files_size,
        &mut options.universal_size_ratio,
        &mut options.universal_max_size_amplification_percent,
        &mut options.universal_min_merge_width,
        &mut options.universal_max_merge_width,
    ] {
        *bytes = (*bytes).min(MAX_BYTES);
    }
    Ok(())
}

/// Sets `compaction_pri` from the name that RocksDB has for it.
///
/// # Errors
/// There is no such order.
pub(super) fn set_priority(options: &mut Options, name: &str) -> Result<()> {
    set(options, &mut Signed::default(), "compaction_pri", name)
}

/// Settles the numbers of a recorded history.
///
/// # Errors
/// It has more levels than can be replayed.
pub(super) fn settle_recorded(options: &mut Options, trigger: i64, levels: i64) -> Result<()> {
    settle(options, &Signed { trigger, levels, ..Signed::default() })
}

/// The field `name` of `{a=1;b=2;}`.
fn field<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let fields = value.trim_matches(['{', '}']).split(';');
    fields.filter_map(|field| field.split_once('=')).find(|(of, _)| *of == name).map(|(_, value)| value)
}

fn is_periodic(style: CompactionStyle, name: &str, value: &str) -> bool {
    // As it is written where it was not set; leveled compaction then has none.
    let unset = value == "0" || (style == CompactionStyle::Leveled && value == "18446744073709551614");
    name == "periodic_compaction_seconds" && style != CompactionStyle::Fifo && !unset
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
        "periodic_compaction_seconds" => is_periodic(style, name, value),
        "preclude_last_level_data_seconds" => value != "0",
        "compression_per_level" => !value.is_empty(),
        "sst_partitioner_factory" => value != "nullptr",
        _ => false,
    };
    matters.then(|| say!("{name}={value}, which has a say in RocksDB's decisions, and none in ours", name, value))
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
mod tests;
