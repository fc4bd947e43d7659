//! One edit as bytes: the fields of a manifest's frame.

use std::rc::Rc;

use super::FORMAT;
use crate::{
    engine::{
        codec::{Reader, put_slice, put_varint},
        log::{Frame, put_frame},
    },
    entry::MAX_SEQ,
    storage::FileId,
    version::{Cursor, TableId, TableMeta, VersionEdit},
};

/// An edit as the manifest holds it: removed tables by number only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredEdit {
    /// The format, in a manifest's first edit.
    pub format: Option<u64>,
    /// Removed tables: level and number.
    pub removed: Vec<(usize, TableId)>,
    /// All the rest.
    pub edit: VersionEdit,
}

/// Appends `edit` to `out` as frame number `number` of `file`, at `offset`.
pub fn put_edit(out: &mut Vec<u8>, file: FileId, offset: u64, number: u64, edit: &VersionEdit) {
    put_frame(out, file, offset, number, 1, |out| {
        if number == 0 {
            put_field(out, 1, &[FORMAT]);
        }
        let counters = [(2, edit.log_number), (3, edit.next_file), (4, edit.last_seq), (5, edit.time)];
        for (tag, value) in counters {
            if let Some(value) = value {
                put_field(out, tag, &[value]);
            }
        }
        for (level, table) in &edit.removed {
            put_field(out, 6, &[*level as u64, table.id]);
        }
        for (level, t) in &edit.added {
            put_field(out, 9, &[*level as u64, t.id, t.bytes, t.entries, t.tombstones, t.smallest_seq, t.largest_seq]);
            let tombstones = t.tombstone_seqs;
            let known =
                [t.newest_time, t.oldest_time, tombstones.map(|t| t.0), tombstones.map(|t| t.1), t.shadowing_seq];
            known.iter().for_each(|number| put_varint(out, number.map_or(0, |n| n + 1)));
            put_slice(out, &t.smallest);
            put_slice(out, &t.largest);
        }
        for (seq, time) in &edit.ages {
            put_field(out, 10, &[*seq, *time]);
        }
        for cursor in &edit.cursors {
            if let Some(key) = &cursor.to {
                put_field(out, 8, &[cursor.level as u64]);
                put_slice(out, key);
            }
        }
    });
}

fn put_field(out: &mut Vec<u8>, tag: u8, numbers: &[u64]) {
    out.push(tag);
    numbers.iter().for_each(|n| put_varint(out, *n));
}

/// Reads the edit in a frame. Of a format that this build does not read, the rest of the edit is left unread: its
/// fields are not known, and to take them for damage would have a repair throw them away.
///
/// # Errors
/// What is wrong with it, though its checksum is right.
pub fn read_edit(frame: &Frame<'_>) -> Result<StoredEdit, String> {
    let mut reader = Reader::new(frame.payload);
    let mut stored = StoredEdit::default();
    while let Some(tag) = reader.u8() {
        read_field(tag, &mut reader, &mut stored)
            .ok_or_else(|| format!("field {tag} of a version edit is cut short"))??;
        if stored.format.is_some_and(|format| !(1..=FORMAT).contains(&format)) {
            return Ok(stored);
        }
    }
    if frame.count != 1 || (frame.first == 0) != stored.format.is_some() {
        return Err("a frame of the manifest is not one edit in its place".into());
    }
    Ok(stored)
}

fn read_field(tag: u8, reader: &mut Reader<'_>, stored: &mut StoredEdit) -> Option<Result<(), String>> {
    let edit = &mut stored.edit;
    match tag {
        1 => stored.format = Some(reader.varint()?),
        2..=5 => {
            let n = reader.varint()?;
            // All of them stay below this: further counting must not overflow.
            if n > MAX_SEQ {
                return Some(Err(format!("field {tag} of a version edit is {n}, which is more than can be")));
            }
            match tag {
                2 => edit.log_number = Some(n),
                3 => edit.next_file = Some(n),
                4 => edit.last_seq = Some(n),
                _ => edit.time = Some(n),
            }
        }
        6 => stored.removed.push((reader.varint()? as usize, reader.varint()?)),
        7 | 9 => match read_table(tag, reader)? {
            Ok((level, table)) => edit.added.push((level, Rc::new(table))),
            Err(what) => return Some(Err(what)),
        },
        10 => edit.ages.push((reader.varint()?, reader.varint()?)),
        8 => {
            let level = reader.varint()? as usize;
            edit.cursors.push(Cursor { level, from: None, to: Some(reader.slice()?.into()) });
        }
        _ => return Some(Err(format!("a version edit has a field {tag}, which this format does not know"))),
    }
    Some(Ok(()))
}

/// An added table and its level, in the form of field `tag`.
fn read_table(tag: u8, reader: &mut Reader<'_>) -> Option<Result<(usize, TableMeta), String>> {
    let mut n = [0; 12];
    for slot in &mut n[..if tag == 7 { 8 } else { 12 }] {
        *slot = reader.varint()?;
    }
    let (smallest, largest) = (reader.slice()?, reader.slice()?);
    let [level, id, bytes, entries, tombstones, smallest_seq, largest_seq, ..] = n;
    if smallest > largest || smallest_seq > largest_seq {
        return Some(Err(format!("table {id} is said to end before it begins")));
    }
    let known = |n: u64| n.checked_sub(1);
    if n[1..7].iter().any(|n| *n > MAX_SEQ) || n[7..].iter().any(|n| known(*n) > Some(MAX_SEQ)) {
        return Some(Err(format!("table {id} has a number that is more than can be")));
    }
    let (newest_time, oldest_time, tombstone_seqs, shadowing_seq) = match tag {
        7 => {
            let tombstone_seqs = (tombstones > 0).then_some((smallest_seq, largest_seq));
            (Some(n[7]), Some(n[7]), tombstone_seqs, (entries > 1).then_some(smallest_seq))
        }
        _ => (known(n[7]), known(n[8]), known(n[9]).zip(known(n[10])), known(n[11])),
    };
    if oldest_time.zip(newest_time).is_some_and(|(oldest, newest)| oldest > newest) {
        return Some(Err(format!("table {id} is said to be older than itself")));
    }
    let within = |seq: &u64| (smallest_seq..=largest_seq).contains(seq);
    if !tombstone_seqs.iter().all(|(low, high)| within(low) && within(high)) || !shadowing_seq.iter().all(within) {
        return Some(Err(format!("table {id} has a sequence number that is none of its own")));
    }
    let (smallest, largest) = (smallest.into(), largest.into());
    let table = TableMeta {
        id,
        bytes,
        entries,
        tombstones,
        range_deletion_bytes: 0,
        smallest,
        largest,
        smallest_seq,
        largest_seq,
        oldest_time,
        newest_time,
        tombstone_seqs,
        shadowing_seq,
    };
    Some(Ok((level as usize, table)))
}
