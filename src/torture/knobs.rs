//! Random options with small sizes, so that a short script causes flushes, compactions, new logs and new manifests.
//!
//! In: a seeded [`Random`]. Out: [`Options`] that an open accepts.

use crate::{
    options::{CompactionStyle, Compression, JobMode, Options, UniversalStopStyle, WalSync},
    policy::{policy_for, styles},
    random::Random,
};

/// `N` sets of options with one number of levels, so that a reopening can change from each to the next.
pub(super) fn sets<const N: usize>(random: &mut Random) -> [Options; N] {
    let levels = 2 + random.below(5);
    [(); N].map(|()| Options { num_levels: levels, ..one(random) })
}

/// One set of options that an open accepts.
pub(super) fn one(random: &mut Random) -> Options {
    let mut options = Options::default();
    memtable(random, &mut options);
    wal(random, &mut options);
    table(random, &mut options);
    compaction(random, &mut options);
    options.job_mode = [JobMode::Inline, JobMode::Scheduled, JobMode::Manual][random.below(3) as usize];
    background(random, &mut options);
    options.max_manifest_file_size = 256 + random.below(2000);
    debug_assert_eq!(options.validate(), []);
    options
}

fn memtable(random: &mut Random, options: &mut Options) {
    options.write_buffer_size = 64 + random.below(1500);
    options.write_buffer_entries = if random.one_in(2) { 0 } else { 1 + random.below(12) };
    options.max_write_buffer_number = 2 + random.below(4);
    options.min_write_buffer_number_to_merge = 1 + random.below(options.max_write_buffer_number - 1);
    options.db_write_buffer_size = if random.one_in(4) { 200 + random.below(3000) } else { 0 };
}

fn wal(random: &mut Random, options: &mut Options) {
    options.wal_sync = [WalSync::EveryWrite, WalSync::Writes, WalSync::Bytes, WalSync::Never][random.below(4) as usize];
    options.wal_sync_writes = 1 + random.below(12);
    options.wal_bytes_per_sync = 1 + random.below(600);
    options.max_total_wal_size = if random.one_in(3) { 100 + random.below(1500) } else { 0 };
    let modes = Options::describe().into_iter().find(|d| d.name == "wal_recovery_mode").map(|d| d.choices);
    let modes = modes.unwrap_or_default();
    if let Some(mode) = modes.get(random.below(modes.len() as u64) as usize) {
        options.set("wal_recovery_mode", mode).expect("it is one of the choices");
    }
}

fn table(random: &mut Random, options: &mut Options) {
    options.block_size = 32 + random.below(500);
    options.index_interval = if random.one_in(3) { 1 + random.below(6) } else { 0 };
    options.block_restart_interval = 1 + random.below(16);
    options.compression = if random.one_in(2) { Compression::Lz4 } else { Compression::None };
    options.bloom_bits_per_key = if random.one_in(4) { 0.0 } else { 2.0 + random.below(12) as f64 };
    options.block_cache_size = if random.one_in(2) { random.below(2000) } else { 1 << 20 };
    options.target_file_size_base = 64 + random.below(3000);
}

fn compaction(random: &mut Random, options: &mut Options) {
    // Not FIFO: once it has dropped tables, the model does not know the remaining keys.
    let others: Vec<CompactionStyle> = styles()
        .filter(|(style, policy)| *style != options.compaction_style && !policy.about().drops_unread())
        .map(|(style, _)| style)
        .collect();
    if random.one_in(2) {
        options.compaction_style = others[random.below(others.len() as u64) as usize];
    }
    by_runs(random, options);
    options.disable_auto_compactions = random.one_in(8);
    options.num_levels = 2 + random.below(5);
    options.level0_file_num_compaction_trigger = 1 + random.below(4);
    options.max_bytes_for_level_base = 64 + random.below(3000);
    options.max_bytes_for_level_multiplier = 1.5 + random.below(8) as f64;
    options.level_compaction_dynamic_level_bytes = random.one_in(2);
    options.one_table_per_level = random.one_in(5);
    options.max_entries_for_level_base = if random.one_in(4) { 5 + random.below(80) } else { 0 };
    let pris =
        Options::describe().into_iter().find(|d| d.name == "compaction_pri").map(|d| d.choices).unwrap_or_default();
    if let Some(pri) = pris.get(random.below(pris.len() as u64) as usize) {
        options.set("compaction_pri", pri).expect("it is one of the choices");
    }
    options.ttl = if random.one_in(3) { 1 + random.below(200) } else { 0 };
    options.compact_on_deletion_ratio = if random.one_in(3) { random.below(100) as f64 / 100.0 } else { 0.0 };
    options.max_compaction_bytes = if random.one_in(3) { 100 + random.below(4000) } else { 0 };
    options.tombstone_retention_seconds = if random.one_in(4) { 1 + random.below(60) } else { 0 };
}

/// The options of virtual time.
fn background(random: &mut Random, options: &mut Options) {
    options.max_background_jobs = 1 + random.below(8);
    options.max_background_flushes = random.below(4);
    options.max_background_compactions = random.below(4);
    options.max_subcompactions = 1 + random.below(3);
    options.rate_limiter_bytes_per_sec = if random.one_in(4) { 1000 + random.below(900_000) } else { 0 };
    options.delayed_write_rate = if random.one_in(2) { 1000 + random.below(90_000) } else { 0 };
    // Under a style that leaves tables on level 0, low triggers would stall writes forever.
    if !policy_for(options).about().leaves_runs_on_level_0 {
        options.level0_slowdown_writes_trigger = options.level0_file_num_compaction_trigger + random.below(6);
        options.level0_stop_writes_trigger = options.level0_slowdown_writes_trigger + random.below(6);
    } else {
        options.level0_stop_writes_trigger = 100_000;
    }
    let devices = Options::describe().into_iter().find(|d| d.name == "device").map(|d| d.choices).unwrap_or_default();
    if let Some(device) = devices.get(random.below(devices.len() as u64) as usize) {
        options.set("device", device).expect("it is one of the choices");
    }
    options.table_build_mb_per_s = random.below(3) as f64;
}

/// The options of the styles that merge whole runs.
fn by_runs(random: &mut Random, options: &mut Options) {
    options.universal_size_ratio = random.below(100);
    options.universal_min_merge_width = 2 + random.below(2);
    options.universal_max_merge_width = options.universal_min_merge_width + random.below(4);
    options.universal_max_size_amplification_percent = random.below(400);
    if random.one_in(3) {
        options.universal_stop_style = UniversalStopStyle::SimilarSize;
    }
    options.size_tiered_min_threshold = 2 + random.below(3);
    options.size_tiered_max_threshold = options.size_tiered_min_threshold + random.below(3);
    options.size_tiered_min_sstable_size = random.below(1000);
}

/// Makes `options` those of a style that drops tables unread, and of so small a limit that it does.
pub(super) fn drop_unread(random: &mut Random, options: &mut Options) {
    const LIMITS: u64 = 3000;
    let dropping: Vec<(CompactionStyle, &str)> =
        styles().filter_map(|(style, policy)| Some((style, policy.about().drops_unread_above?))).collect();
    let drawn = random.below(LIMITS * dropping.len() as u64);
    let (style, limit) = dropping[(drawn / LIMITS) as usize];
    options.compaction_style = style;
    options.set(limit, &(100 + drawn % LIMITS).to_string()).expect("it is a number of bytes");
}

/// These options as `name=value` pairs, as the command `options` takes them.
pub(super) fn text(options: &Options) -> String {
    let mut words = vec!["preset=rocksdb".to_string()];
    words.extend(options.changed().into_iter().map(|(name, value)| format!("{name}={value}")));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Choice;

    #[test]
    fn all_can_be_opened_and_they_differ() {
        let mut random = Random::new(1);
        let drawn: Vec<Options> = (0..500).map(|_| one(&mut random)).collect();
        assert!(drawn.iter().all(|o| o.validate().is_empty()));
        // A style that drops tables unread loses data by design, which is what a campaign looks for.
        let is_dropping = |style| styles().any(|(s, policy)| s == style && policy.about().drops_unread());
        let dropping: Vec<&str> =
            CompactionStyle::NAMES.iter().filter(|(_, s)| is_dropping(*s)).map(|(name, _)| *name).collect();
        for d in Options::describe().iter().filter(|d| !d.choices.is_empty()) {
            for choice in d.choices.iter().filter(|choice| d.name != "compaction_style" || !dropping.contains(choice)) {
                let chosen = drawn.iter().filter(|o| o.get(d.name).as_deref() == Some(choice)).count();
                assert!(chosen > 20, "{} = {choice}: {chosen} of 500", d.name);
            }
        }
    }

    #[test]
    fn a_style_that_drops_unread_gets_a_small_limit() {
        let mut random = Random::new(1);
        for _ in 0..100 {
            let mut options = one(&mut random);
            drop_unread(&mut random, &mut options);
            let limit = policy_for(&options).about().drops_unread_above.expect("it drops");
            let bytes: u64 = options.get(limit).expect("it is an option").parse().expect("a number");
            assert!((100..3100).contains(&bytes), "{bytes}");
            assert_eq!(options.validate(), []);
        }
    }
}
