//! `verify`: silent on everything that the engine itself leaves behind, and on nothing else.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "cli")]
#[path = "verify/command.rs"]
mod command;
#[path = "damage/database.rs"]
mod database;
#[path = "damage/forge.rs"]
mod forge;
#[path = "verify/forged.rs"]
mod forged;

use database::{Model, files, open, options, sample, write};
use lsmscope::{
    random::Random,
    storage::{FileId, FileKind, Storage, block_on, memory::Memory},
    verify::{Findings, Severity, verify},
    version::VersionEdit,
};

fn check(disk: &impl Storage) -> Findings {
    block_on(verify(disk)).unwrap()
}

/// The findings that are damage, as text.
fn damage(disk: &impl Storage) -> Vec<String> {
    let findings = check(disk);
    findings.list.iter().filter(|f| f.severity == Severity::Damage).map(|f| f.to_string()).collect()
}

/// Asserts that the only damage is of `file`, and says `what`.
fn assert_damage(disk: &impl Storage, file: FileId, what: &str) {
    let found = damage(disk);
    assert!(
        found.len() == 1 && found[0].contains(&format!("{file} at byte ")) && found[0].contains(what),
        "expected {file}: {what}, found {found:#?}"
    );
}

#[test]
fn whatever_the_engine_does_its_files_are_sound() {
    let sets: [&[(&str, &str)]; 5] = [
        &[],
        &[("compression", "lz4"), ("bloom_bits_per_key", "0"), ("block_size", "64")],
        &[("job_mode", "manual"), ("wal_sync", "never")],
        &[("compaction_style", "full"), ("max_manifest_file_size", "256")],
        &[("num_levels", "2"), ("index_interval", "1"), ("max_total_wal_size", "200")],
    ];
    for (seed, changes) in (1..).zip(sets) {
        let (mut model, mut random) = (Model::new(), Random::new(seed));
        let mut engine = open(Memory::new(), options(changes)).unwrap();
        for round in 0..60 {
            write(&mut engine, &mut model, &mut random, 3);
            if round % 20 == 10 {
                block_on(engine.flush()).unwrap();
            }
            assert_eq!(damage(engine.storage()), Vec::<String>::new(), "{changes:?}");
            if round % 7 == 6 {
                let (mut disk, _) = engine.into_parts();
                disk.crash();
                assert_eq!(damage(&disk), Vec::<String>::new(), "{changes:?}");
                engine = open(disk, options(changes)).unwrap();
            }
        }
        let findings = check(engine.storage());
        let tables = engine.version().tables().map(|(_, t)| t.entries).sum::<u64>();
        assert_eq!(findings.tables, engine.version().tables().count() as u64);
        assert!(findings.entries >= tables && findings.manifests == 1 && findings.blocks >= findings.tables);
    }
}

#[test]
fn a_new_database_and_no_database_are_sound() {
    let nothing = check(&Memory::new());
    assert!(nothing.is_sound() && nothing.list.is_empty());
    assert_eq!(nothing.to_string(), "0 tables, 0 logs, 0 manifests: 0 blocks, 0 entries checked; nothing wrong");
    let engine = open(Memory::new(), options(&[])).unwrap();
    assert!(check(engine.storage()).list.is_empty());
}

#[test]
fn a_flipped_bit_is_found_where_it_is() {
    for changes in [&[][..], &[("compression", "lz4"), ("block_size", "64")]] {
        let (mut disk, _) = sample(changes);
        for (file, len) in block_on(disk.list()).unwrap() {
            // One bit of each byte: the campaigns flip them all.
            for bit in (0..len).map(|byte| byte * 8 + byte % 8) {
                let (byte, mask) = ((bit / 8) as usize, 1u8 << (bit % 8));
                disk.bytes_mut(file).unwrap()[byte] ^= mask;
                let findings = check(&disk);
                let told = findings.list.iter().any(|f| {
                    f.severity == Severity::Damage && f.file == Some(file) && f.offset.is_some_and(|at| at <= bit / 8)
                });
                assert!(told, "bit {bit} of {file}: {findings}");
                disk.bytes_mut(file).unwrap()[byte] ^= mask;
            }
        }
        assert_eq!(damage(&disk), Vec::<String>::new());
    }
}

#[test]
fn a_file_cut_short_is_damage_unless_a_crash_could_have_done_it() {
    let (disk, _) = sample(&[]);
    let last_log = *files(&disk, FileKind::Wal).last().unwrap();
    for (file, len) in block_on(disk.list()).unwrap() {
        for cut in 0..len {
            let mut disk = disk.clone();
            disk.bytes_mut(file).unwrap().truncate(cut as usize);
            let findings = check(&disk);
            // The last log, and the manifest behind its first edits, may end anywhere; but what the lost edits made is
            // no longer explained.
            if file == last_log {
                assert!(findings.is_sound(), "{file} cut at {cut}: {findings}");
            } else if file.kind != FileKind::Manifest {
                assert!(!findings.is_sound(), "{file} cut at {cut}: {findings}");
            }
        }
    }
}

#[test]
fn files_that_are_missing_or_not_needed_are_told_apart() {
    let (disk, _) = sample(&[]);
    for (file, _) in block_on(disk.list()).unwrap() {
        let mut without = disk.clone();
        block_on(without.remove(file)).unwrap();
        let last_log = *files(&disk, FileKind::Wal).last().unwrap();
        match file.kind {
            // Nothing says that there should be one more log.
            FileKind::Wal if file == last_log => assert!(check(&without).is_sound()),
            FileKind::Wal => {
                let next = *files(&disk, FileKind::Wal).iter().find(|f| **f > file).unwrap();
                assert_damage(&without, next, "begins with sequence number");
            }
            FileKind::Table => assert_damage(&without, file, "the manifest names it, but it does not exist"),
            FileKind::Manifest => assert_damage(&without, file, "CURRENT names it, but it does not exist"),
        }
    }
    let mut with = disk.clone();
    for file in [FileId::table(9000), FileId::manifest(9001), FileId::wal(0)] {
        with.append(file, b"rubbish").unwrap();
    }
    let findings = check(&with);
    assert_eq!((findings.damage, findings.harmless), (0, 3), "{findings}");
    assert!(findings.list.iter().all(|f| f.what.contains("the next open removes it")), "{findings}");
    // And so it does.
    assert!(check(open(with, options(&[])).unwrap().storage()).list.is_empty());
}

#[test]
fn what_comes_before_the_first_log_is_in_no_table_where_there_are_none() {
    let (mut disk, logs) = three_logs();
    block_on(disk.remove(logs[0])).unwrap();
    assert_damage(&disk, logs[1], "the frame begins with sequence number 2, expected 1, which is in no table");
}

/// Three writes, each in a log of its own, and no table.
fn three_logs() -> (Memory, Vec<FileId>) {
    let options = options(&[("write_buffer_entries", "1"), ("max_write_buffer_number", "9"), ("job_mode", "manual")]);
    let mut engine = open(Memory::new(), options).unwrap();
    for key in [b"a", b"b", b"c"] {
        block_on(engine.put(key, b"1")).unwrap();
    }
    let disk = engine.storage().clone();
    let logs = files(&disk, FileKind::Wal);
    (disk, logs)
}

#[test]
fn a_torn_tail_is_harmless() {
    let (mut disk, _) = sample(&[]);
    let logs = files(&disk, FileKind::Wal);
    let bytes = disk.bytes_mut(logs[2]).unwrap();
    let len = bytes.len() as u64;
    bytes.truncate(bytes.len() - 1);
    let findings = check(&disk);
    assert_eq!((findings.damage, findings.harmless), (0, 1), "{findings}");
    let torn = &findings.list[0];
    assert_eq!(torn.file, Some(logs[2]));
    assert!(
        torn.offset.unwrap() < len - 1 && torn.what.contains("is cut short, as a crash leaves one that was not synced"),
        "{torn}"
    );
    // In an earlier log, it is a hole.
    let bytes = disk.bytes_mut(logs[0]).unwrap();
    bytes.truncate(bytes.len() - 1);
    assert_damage(&disk, logs[1], &format!("{} ends in a torn frame", logs[0]));
}

/// Space that was allocated beforehand is no damage, as RocksDB's `log::Reader` has it; fewer zeros than a header are a
/// torn frame, there as here.
#[test]
fn zeros_behind_the_last_frame_are_harmless_and_zeros_before_one_are_not() {
    let (disk, model) = sample(&[]);
    let (log, manifest) = (*files(&disk, FileKind::Wal).last().unwrap(), files(&disk, FileKind::Manifest)[0]);
    for file in [log, manifest] {
        for zeros in [23, 24, 25, 4096, 300_000] {
            let mut padded = disk.clone();
            let bytes = padded.bytes_mut(file).unwrap();
            let whole = bytes.len();
            bytes.resize(whole + zeros, 0);
            let findings = check(&padded);
            assert_eq!((findings.damage, findings.harmless), (0, 1), "{zeros} behind {file}: {findings}");
            let found = &findings.list[0];
            assert_eq!((found.file, found.offset), (Some(file), Some(whole as u64)), "{found}");
            let says = if zeros < 24 { "cut short" } else { "is zeros, as space that was allocated beforehand" };
            assert!(found.what.contains(says), "{found}");
            let modes = ["absolute_consistency", "tolerate_corrupted_tail_records", "point_in_time"];
            for mode in [&modes[..], &["skip_any_corrupted_records"]].concat() {
                let opened = open(padded.clone(), options(&[("wal_recovery_mode", mode)]));
                if zeros < 24 && file == log && mode == modes[0] {
                    assert!(opened.is_err());
                    continue;
                }
                let mut engine = opened.unwrap_or_else(|error| panic!("{zeros} behind {file}, {mode}: {error}"));
                assert_eq!(database::contents(&mut engine), model, "{zeros} behind {file}, {mode}");
                block_on(engine.put(b"z", b"1")).unwrap();
                let again = open(engine.into_parts().0, options(&[("wal_recovery_mode", modes[0])]));
                assert!(zeros < 24 || again.is_ok(), "{zeros} behind {file}, {mode}");
            }
        }
    }
    // A frame that turned to zeros, with another behind it, in its log or the next.
    let (logs, mut disk) = (files(&disk, FileKind::Wal), disk);
    let bytes = disk.bytes_mut(logs[0]).unwrap();
    let first = 24 + u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let saved = bytes.clone();
    bytes[..first].fill(0);
    assert_damage(&disk, logs[0], "the frame header's checksum");
    *disk.bytes_mut(logs[0]).unwrap() = saved;
    disk.bytes_mut(logs[0]).unwrap()[first..].fill(0);
    assert_damage(&disk, logs[1], &format!("{} has only zeros from byte {first} on", logs[0]));
    let error = open(disk, options(&[])).unwrap_err();
    assert!(error.message.contains(&format!("{} has only zeros from byte {first} on", logs[0])), "{error}");
}

/// A flush in the background finds the log of the active memtable still needed, and its edit says so.
#[test]
fn a_log_that_the_manifest_expects_is_missed() {
    let (disk, expected) = flushed_beside_a_log();
    assert!(check(&disk).list.is_empty());
    let mut without = disk.clone();
    block_on(without.remove(expected)).unwrap();
    let findings = check(&without);
    let told = format!("unclear   {expected}: the manifest expects it, but it does not exist: the writes from 5 on");
    assert!(findings.to_string().starts_with(&told), "{findings}");
    assert_eq!((findings.damage, findings.harmless, findings.unclear), (0, 0, 1), "a crash may have taken it");
    assert!(findings.to_string().ends_with("nothing wrong for certain, but writes may be lost: 1 unclear"));
    let mut fresh = Memory::new();
    let account = block_on(lsmscope::repair::repair(&without, &mut fresh, &options(&[]), |_| ())).unwrap();
    assert!(account.notes.iter().any(|note| note.starts_with(&format!("{expected}, which the manifest expects"))));
    // Cut to nothing, it is as good as gone.
    let mut empty = disk.clone();
    empty.bytes_mut(expected).unwrap().clear();
    let findings = check(&empty);
    let told = format!("unclear   {expected}: the manifest expects it, but it is empty: the writes from 5 on");
    assert!(findings.to_string().starts_with(&told), "{findings}");
    let mut fresh = Memory::new();
    let account = block_on(lsmscope::repair::repair(&empty, &mut fresh, &options(&[]), |_| ())).unwrap();
    assert!(account.notes.iter().any(|note| note.contains("which the manifest expects, is empty")), "{account}");
    // Once its writes are in a table, it is not expected any more.
    let mut engine = open(disk, options(&[])).unwrap();
    block_on(engine.flush()).unwrap();
    assert!(!files(engine.storage(), FileKind::Wal).contains(&expected));
    assert!(check(engine.storage()).list.is_empty());
}

/// A table of writes 1 to 4, and a log with write 5.
fn flushed_beside_a_log() -> (Memory, FileId) {
    let mut engine = open(Memory::new(), options(&[("job_mode", "scheduled")])).unwrap();
    for key in [b"a", b"b", b"c", b"d", b"e"] {
        block_on(engine.put(key, b"1")).unwrap();
    }
    block_on(engine.advance_time(10)).unwrap();
    let disk = engine.storage().clone();
    let (logs, tables) = (files(&disk, FileKind::Wal), files(&disk, FileKind::Table));
    assert_eq!((logs.len(), tables.len()), (1, 1));
    (disk, logs[0])
}

#[test]
fn it_goes_on_behind_what_is_damaged() {
    let (mut disk, _) = sample(&[("block_size", "64")]);
    let before = check(&disk);
    let (tables, logs) = (files(&disk, FileKind::Table), files(&disk, FileKind::Wal));
    // The first block of two tables, the footer of another, the first frame of two logs.
    for (file, at) in [(tables[0], 0), (tables[1], 0), (logs[0], 0), (logs[1], 30)] {
        disk.bytes_mut(file).unwrap()[at] ^= 1;
    }
    *disk.bytes_mut(tables[2]).unwrap().last_mut().unwrap() ^= 1;
    let after = check(&disk);
    assert_eq!(after.damage, 5, "{after}");
    for file in [tables[0], tables[1], tables[2], logs[0], logs[1]] {
        assert_eq!(after.list.iter().filter(|f| f.file == Some(file)).count(), 1, "{after}");
    }
    assert!(after.logs == before.logs && after.tables == before.tables);
}

#[test]
fn frames_behind_damage_are_checked_too() {
    let (mut disk, _) = sample(&[]);
    let (before, logs) = (check(&disk), files(&disk, FileKind::Wal));
    // One header and one payload, each of a frame of one entry, and behind both of them another payload.
    let second = 24 + u32::from_le_bytes(disk.bytes_mut(logs[0]).unwrap()[4..8].try_into().unwrap()) as usize;
    for (log, at) in [(logs[0], 0), (logs[0], second + 24), (logs[1], 24)] {
        disk.bytes_mut(log).unwrap()[at] ^= 1;
    }
    let after = check(&disk);
    assert_eq!((after.damage, before.entries - after.entries), (3, 3), "{after}");
    let offsets: Vec<Option<u64>> = after.list.iter().map(|f| f.offset).collect();
    assert_eq!(offsets, [Some(0), Some(second as u64), Some(0)], "{after}");
}

#[test]
fn without_a_root_every_file_is_checked_for_itself() {
    let (mut disk, _) = sample(&[]);
    let before = check(&disk);
    let manifest = files(&disk, FileKind::Manifest)[0];
    disk.bytes_mut(manifest).unwrap()[8] ^= 1;
    let table = files(&disk, FileKind::Table)[0];
    disk.bytes_mut(table).unwrap()[0] ^= 1;
    let findings = check(&disk);
    assert_eq!((findings.damage, findings.tables, findings.logs), (2, before.tables, before.logs), "{findings}");
    // Without CURRENT, no file has a right to be there.
    let mut rootless = Memory::new();
    rootless.append(FileId::table(3), b"rubbish").unwrap();
    block_on(rootless.create(FileId::manifest(1), b"")).unwrap();
    let findings = check(&rootless);
    let said = "damage    CURRENT: it is missing, and a database was here: 1 table, 1 manifest are left. lsmscope \
                repair begins with MANIFEST-000001";
    assert!(findings.to_string().contains(said), "{findings}");
    assert!(!findings.to_string().contains("the first open was cut off"), "{findings}");
    // Or the manifest names tables, all of which are gone.
    let (mut disk, _) = sample(&[]);
    let mut bare = Memory::new();
    block_on(bare.create(manifest, disk.bytes_mut(manifest).unwrap())).unwrap();
    assert!(check(&bare).to_string().contains("a database was here: 1 manifest"), "{}", check(&bare));
    let mut begun = Memory::new();
    block_on(begun.create(FileId::manifest(1), b"")).unwrap();
    let findings = check(&begun);
    assert_eq!((findings.damage, findings.harmless), (0, 1), "the first open may have been cut off: {findings}");
}

#[test]
fn an_unreadable_file_is_a_finding() {
    use lsmscope::{
        ErrorKind,
        storage::fault::{Call, Fault, PlannedFailure},
    };
    let disk = block_on(Fault::new(sample(&[]).0)).unwrap();
    let whole = check(&disk);
    let failure = PlannedFailure { call: Call::Read, on: None, after: 0, for_good: true, with: ErrorKind::Io };
    disk.controls().fail(Some(failure));
    let findings = check(&disk);
    assert!(!findings.is_sound() && findings.tables == whole.tables && findings.logs == whole.logs, "{findings}");
}
