//! `repair`: what can be read is salvaged, what cannot is accounted for, and the result is a sound database.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "cli")]
#[path = "repair/command.rs"]
mod command;
#[path = "damage/database.rs"]
mod database;
#[path = "damage/forge.rs"]
mod forge;

use database::{Model, contents, files, open, options, sample};
use lsmscope::{
    Engine, ErrorKind,
    repair::{Account, LostBytes, repair},
    storage::{
        FileId, FileKind, Storage, block_on,
        fault::{Call, Fault, PlannedFailure},
        memory::Memory,
    },
    verify::verify,
};

/// Repairs, and asserts what must hold of every repair: the result verifies without a word, and opens.
fn repaired(damaged: &impl Storage) -> (Engine<Memory>, Account) {
    let mut fresh = Memory::new();
    let account = block_on(repair(damaged, &mut fresh, &options(&[]), |_| {})).unwrap();
    let findings = block_on(verify(&fresh)).unwrap();
    assert!(findings.list.is_empty(), "{findings}\n{account}");
    (open(fresh, options(&[])).unwrap(), account)
}

/// Asserts that nothing was lost.
fn assert_complete(damaged: &impl Storage, model: &Model) -> Account {
    let (mut engine, account) = repaired(damaged);
    assert_eq!(&contents(&mut engine), model, "{account}");
    assert!(account.is_complete(), "{account}");
    account
}

/// Whether a loss may have taken `key`.
fn covers(loss: &LostBytes, key: &str) -> bool {
    loss.first.as_ref().is_none_or(|first| **first <= *key.as_bytes())
        && loss.last.as_ref().is_none_or(|last| *key.as_bytes() <= **last)
}

/// Asserts that every answer is right, or that the account says that it may be wrong.
fn assert_accounted(damaged: &impl Storage, model: &Model, what: &str) -> Account {
    let (mut engine, account) = repaired(damaged);
    let found = contents(&mut engine);
    for key in model.keys().chain(found.keys()) {
        if found.get(key) != model.get(key) {
            assert!(
                account.losses.iter().any(|loss| covers(loss, key)),
                "{what}: {key} is wrong, unaccounted: {account}"
            );
        }
        // An older value of this key perhaps, but never another's.
        assert!(found.get(key).is_none_or(|value| value.ends_with(&format!(" of {key}"))), "{what}");
    }
    account
}

fn flip(disk: &mut Memory, file: FileId, at: usize) {
    disk.bytes_mut(file).unwrap()[at] ^= 0x10;
}

#[test]
fn nothing_is_lost_of_a_database_that_is_whole() {
    for changes in [&[][..], &[("compression", "lz4"), ("bloom_bits_per_key", "0")], &[("job_mode", "manual")]] {
        let (disk, model) = sample(&[]);
        let last_seq = open(disk.clone(), options(&[("job_mode", "manual")])).unwrap().last_seq();
        let mut fresh = Memory::new();
        let account = block_on(repair(&disk, &mut fresh, &options(changes), |_| {})).unwrap();
        assert!(account.is_complete() && account.notes.is_empty(), "{account}");
        assert!(account.to_string().ends_with("; nothing lost"), "{account}");
        assert!(block_on(verify(&fresh)).unwrap().list.is_empty());
        let mut engine = open(fresh, options(changes)).unwrap();
        assert_eq!(contents(&mut engine), model);
        // Tombstones were kept, versions that they or others hide were not.
        assert!(account.entries_written > model.len() as u64 && account.entries_written < account.entries, "{account}");
        // No sequence number is given out twice.
        assert_eq!(block_on(engine.put(b"new", b"value")).unwrap(), last_seq + 1);
    }
}

#[test]
fn an_empty_database_stays_one() {
    let empty = open(Memory::new(), options(&[])).unwrap().into_parts().0;
    assert_complete(&empty, &Model::new());
    assert_complete(&Memory::new(), &Model::new());
}

#[test]
fn whatever_byte_is_damaged_the_answers_are_right_or_accounted_for() {
    for changes in [&[][..], &[("compression", "lz4"), ("block_size", "64")]] {
        let (mut disk, model) = sample(changes);
        for (file, len) in block_on(disk.list()).unwrap() {
            for at in 0..len as usize {
                flip(&mut disk, file, at);
                let account = assert_accounted(&disk, &model, &format!("{file} at {at}"));
                for loss in &account.losses {
                    let within = (loss.offset..loss.offset + loss.bytes).contains(&(at as u64));
                    assert!(loss.file == Some(file) && within, "{file} at {at}: {account}");
                }
                if account.is_complete() {
                    assert_eq!(file.kind, FileKind::Table, "{at}");
                }
                flip(&mut disk, file, at);
            }
        }
    }
}

#[test]
fn wherever_a_file_is_cut_the_answers_are_right_or_accounted_for() {
    let (disk, model) = sample(&[]);
    let last_log = *files(&disk, FileKind::Wal).last().unwrap();
    for (file, len) in block_on(disk.list()).unwrap() {
        // A log's end, and a manifest's, may be missing without a trace: a crash leaves just that.
        if file == last_log || file.kind == FileKind::Manifest {
            continue;
        }
        for cut in 0..len as usize {
            let mut disk = disk.clone();
            disk.bytes_mut(file).unwrap().truncate(cut);
            assert_accounted(&disk, &model, &format!("{file} cut at {cut}"));
        }
    }
}

#[test]
fn a_broken_index_filter_or_footer_costs_nothing() {
    for compression in ["none", "lz4"] {
        let (disk, model) = sample(&[("compression", compression), ("block_size", "64")]);
        for table in files(&disk, FileKind::Table) {
            let len = disk.clone().bytes_mut(table).unwrap().len();
            let footer = len - 72;
            // The footer; the part before it (the properties); that and all that a footer points to.
            let data = data_bytes(&disk, table);
            for broken in [footer..len, footer - 40..footer, data..footer, data..len] {
                let mut disk = disk.clone();
                disk.bytes_mut(table).unwrap()[broken.clone()].fill(0x55);
                let account = assert_complete(&disk, &model);
                let noted = account.notes.iter().any(|note| note.starts_with(&table.to_string()));
                assert_eq!(noted, broken != (footer - 40..footer), "{broken:?}: {account}");
            }
        }
    }
}

/// How many bytes of a table are data blocks.
fn data_bytes(disk: &Memory, table: FileId) -> usize {
    let engine = open(disk.clone(), options(&[("job_mode", "manual")])).unwrap();
    let (_, meta) = engine.version().find(table.number).unwrap();
    let table = block_on(lsmscope::engine::table::Table::open(disk, meta.clone())).unwrap();
    table.properties().data_bytes as usize
}

#[test]
fn a_bad_block_costs_its_own_entries_and_its_keys_are_named() {
    let mut forgery = forge::Forgery::new();
    forgery.blocks[0] = vec![forge::entry("a", 1)];
    forgery.index[0] = ("a".into(), 1);
    forgery.properties.entries = 3;
    let whole = forgery.disk();
    let table = FileId::table(forge::TABLE);
    for (at, key, rest) in [(3, "a", ["c", "d"]), (data_bytes(&whole, table) - 9, "c to d", ["a", "a"])] {
        let mut disk = whole.clone();
        flip(&mut disk, table, at);
        let (mut engine, account) = repaired(&disk);
        let keys: Vec<String> = contents(&mut engine).into_keys().collect();
        assert!(keys.iter().all(|key| rest.contains(&key.as_str())), "{keys:?}");
        let [loss] = account.losses.as_slice() else { panic!("{account}") };
        assert_eq!(loss.entries, Some(if key == "a" { 1 } else { 2 }));
        let said = account.to_string();
        assert!(said.contains(&format!("{table} at byte {}, {} bytes, ", loss.offset, loss.bytes)), "{said}");
        let range = if key == "a" { "keys from a to a: data block 0" } else { "keys from a to d: data block 1" };
        assert!(said.contains(range), "{said}");
        assert!(
            said.ends_with(if key == "a" { "lost at 1 place: 1 entry" } else { "lost at 1 place: 2 entries" }),
            "{said}"
        );
    }
}

#[test]
fn frames_behind_damage_are_salvaged_and_what_is_missing_is_counted() {
    let (mut disk, model) = sample(&[]);
    let logs = files(&disk, FileKind::Wal);
    // Each of the last three logs holds three writes. The middle one's: first header, second payload.
    let log = logs[logs.len() - 2];
    let second = {
        let bytes = disk.bytes_mut(log).unwrap();
        24 + u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize
    };
    for (damaged, lost) in [(vec![0], 1), (vec![second + 25], 1), (vec![0, second + 2], 2), (vec![0, second + 25], 2)] {
        let mut disk = disk.clone();
        damaged.iter().for_each(|at| flip(&mut disk, log, *at));
        let account = assert_accounted(&disk, &model, "a log");
        assert!(!account.is_complete());
        let told = account.entries_lost;
        assert!(told == lost || (account.uncounted && told < lost), "{damaged:?}: {account}");
        assert_eq!(account.uncounted, damaged == [0, second + 25], "{account}");
    }
    // A log that is gone leaves a hole.
    block_on(disk.remove(log)).unwrap();
    let account = assert_accounted(&disk, &model, "a log");
    assert_eq!((account.places_lost, account.entries_lost, account.uncounted), (1, 3, false), "{account}");
    assert!(account.losses[0].what.contains("are in no log"), "{account}");
}

#[test]
fn a_single_write_that_is_gone_is_one() {
    let options = options(&[("write_buffer_entries", "1"), ("max_write_buffer_number", "9"), ("job_mode", "manual")]);
    let mut engine = open(Memory::new(), options).unwrap();
    for key in [b"a", b"b", b"c"] {
        block_on(engine.put(key, b"1")).unwrap();
    }
    let mut disk = engine.storage().clone();
    let log = files(&disk, FileKind::Wal)[1];
    block_on(disk.remove(log)).unwrap();
    let account = repaired(&disk).1;
    assert_eq!(account.losses[0].what, "write 2 should come before this and is in no log", "{account}");
}

#[test]
fn without_a_manifest_every_table_counts() {
    let (mut disk, model) = sample(&[]);
    let manifest = files(&disk, FileKind::Manifest)[0];
    let (mut engine, account) = {
        let mut disk = disk.clone();
        block_on(disk.remove(manifest)).unwrap();
        repaired(&disk)
    };
    assert_eq!(contents(&mut engine), model);
    assert!(!account.is_complete() && account.to_string().contains("it names MANIFEST-"), "{account}");
    assert!(account.notes.iter().any(|note| note.contains("may be back")), "{account}");
    // And with one of which not a frame is whole.
    disk.bytes_mut(manifest).unwrap().fill(0x77);
    assert_eq!(contents(&mut repaired(&disk).0), model);
}

#[test]
fn a_table_that_is_gone_is_accounted_for() {
    let (disk, model) = sample(&[]);
    for table in files(&disk, FileKind::Table) {
        let mut disk = disk.clone();
        block_on(disk.remove(table)).unwrap();
        let account = assert_accounted(&disk, &model, "a table");
        let [loss] = account.losses.as_slice() else { panic!("{account}") };
        assert!(loss.file == Some(table) && loss.entries.is_some() && loss.first.is_some(), "{account}");
    }
}

#[test]
fn what_a_compaction_gave_up_does_not_come_back() {
    let mut engine = open(Memory::new(), options(&[("disable_auto_compactions", "true")])).unwrap();
    block_on(engine.put(b"deleted", b"value")).unwrap();
    block_on(engine.flush()).unwrap();
    let old = files(engine.storage(), FileKind::Table)[0];
    let len = block_on(engine.storage().list()).unwrap().into_iter().find(|(f, _)| *f == old).unwrap().1;
    let bytes = block_on(engine.storage().read_all(old, len)).unwrap();
    block_on(engine.delete(b"deleted")).unwrap();
    block_on(engine.put(b"kept", b"value")).unwrap();
    block_on(engine.flush()).unwrap();
    block_on(engine.compact(None)).unwrap();
    // The removal was undone by a crash.
    let mut disk = engine.into_parts().0;
    assert!(!files(&disk, FileKind::Table).contains(&old), "the compaction removed it");
    block_on(disk.create(old, &bytes)).unwrap();
    let (mut engine, account) = repaired(&disk);
    assert_eq!(contents(&mut engine).into_keys().collect::<Vec<_>>(), ["kept"], "{account}");
    // Not even if the manifest is damaged behind the edit that gave it up.
    let manifest = files(&disk, FileKind::Manifest)[0];
    let at = block_on(disk.list()).unwrap().into_iter().find(|(f, _)| *f == manifest).unwrap().1;
    disk.append(manifest, &[0x55; 40]).unwrap();
    let (mut engine, account) = repaired(&disk);
    assert_eq!(contents(&mut engine).into_keys().collect::<Vec<_>>(), ["kept"], "{account}");
    assert_eq!((account.losses[0].file, account.losses[0].offset), (Some(manifest), at));
}

#[test]
fn entries_out_of_order_are_put_in_order() {
    let mut forgery = forge::Forgery::new();
    forgery.blocks =
        vec![vec![forge::entry("d", 1), forge::entry("b", 2)], vec![forge::entry("c", 3), forge::entry("a", 4)]];
    forgery.index = vec![("b".into(), 2), ("c".into(), 9)];
    let (mut engine, account) = repaired(&forgery.disk());
    assert_eq!(contents(&mut engine).into_keys().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert!(account.is_complete() && account.notes[0].contains("were put in order"), "{account}");
}

#[test]
fn logs_larger_than_memory_should_hold_are_sorted_in_parts() {
    let calm = options(&[("write_buffer_entries", "0"), ("write_buffer_size", "1GB")]);
    let mut engine = open(Memory::new(), calm).unwrap();
    let value = |n: u8| vec![n; 6 << 20];
    for n in 0..14u8 {
        block_on(engine.put(&[b'a' + n % 7], &value(n))).unwrap();
    }
    let (mut engine, account) = repaired(engine.storage());
    assert_eq!((account.entries, account.entries_written), (14, 7), "{account}");
    for n in 7..14u8 {
        assert!(block_on(engine.get(&[b'a' + n % 7])).unwrap() == Some(value(n)), "{n}");
    }
}

#[test]
fn a_place_that_is_not_empty_is_refused() {
    let (disk, _) = sample(&[]);
    let mut fresh = Memory::new();
    fresh.append(FileId::wal(1), b"somebody's").unwrap();
    let error = block_on(repair(&disk, &mut fresh, &options(&[]), |_| {})).unwrap_err();
    assert!(error.kind == ErrorKind::InvalidInput && error.message.contains("empty"), "{error}");
    assert_eq!(block_on(fresh.list()).unwrap(), [(FileId::wal(1), 10)]);
}

#[test]
fn a_newer_format_is_not_damage() {
    use lsmscope::engine::log::put_frame;
    let (manifest, mut content) = (FileId::manifest(1), Vec::new());
    put_frame(&mut content, manifest, 0, 0, 1, |out| out.extend_from_slice(&[1, 9]));
    let mut disk = Memory::new();
    block_on(disk.create(manifest, &content)).unwrap();
    block_on(disk.swap_current(manifest)).unwrap();
    let error = block_on(repair(&disk, &mut Memory::new(), &options(&[]), |_| {})).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
}

#[test]
fn a_disk_that_fails_is_told_apart_from_damage_and_leaves_no_half_database() {
    let (disk, _) = sample(&[]);
    let failing = |call| PlannedFailure { call, on: None, after: 0, for_good: true, with: ErrorKind::Io };
    // Nothing of the old one can be read: all is lost, and every file is named.
    let unreadable = block_on(Fault::new(disk.clone())).unwrap();
    unreadable.controls().fail(Some(failing(Call::Read)));
    let (mut engine, account) = repaired(&unreadable);
    assert!(contents(&mut engine).is_empty() && account.entries == 0);
    for (file, _) in block_on(disk.list()).unwrap() {
        assert!(account.losses.iter().any(|loss| loss.file == Some(file)), "{file}: {account}");
    }
    // The new one fails.
    for (call, after) in [(Call::Create, 0), (Call::Create, 2), (Call::SwapCurrent, 0), (Call::Read, 0)] {
        let mut fresh = block_on(Fault::new(Memory::new())).unwrap();
        fresh.controls().fail(Some(PlannedFailure { after, ..failing(call) }));
        let error = block_on(repair(&disk, &mut fresh, &options(&[("target_file_size_base", "1KB")]), |_| {}));
        assert_eq!(error.unwrap_err().kind, ErrorKind::Io, "{call:?}");
        fresh.controls().fail(None);
        assert!(block_on(fresh.list()).unwrap().is_empty() && block_on(fresh.current()).unwrap().is_none());
    }
}
