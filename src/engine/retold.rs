//! What the engine and its storage say of errors and of damage, in the reader's language.
//!
//! In: a text that they wrote: in English, as it stands in events, whatever the language. Out: the same in the language
//! of [`words`](crate::words). The sentences are listed here, with the places of their values; `tests/languages.rs`
//! finds each in the source. A text that is none of them stays as it is.

use crate::words::{said_again, to_say};

/// `text` in the reader's language.
pub fn retold(text: &str) -> String {
    said_again(text, SENTENCES)
}

/// The sentences.
pub const SENTENCES: &[&str] = &[
    to_say!("{file} is damaged at byte {offset}: {what}"),
    to_say!("the database is closed"),
    to_say!("there is no snapshot {number}"),
    to_say!("snapshot {id} was released"),
    to_say!("the write would wait forever: {why}, and no flush or compaction is due that would change that"),
    to_say!("there is no level {level}: levels go from 0 to {last}"),
    to_say!("there is no level {level}"),
    to_say!("every file number has been given out"),
    to_say!("every sequence number has been given out"),
    to_say!("the compaction takes table {id}, which is not on level {level}"),
    to_say!("the frame header's checksum is {found}, expected {expected}"),
    to_say!("the frame payload's checksum is {found}, expected {expected}"),
    to_say!("{file} has format {format}; this build reads formats 1 to {newest}"),
    to_say!("edit {number} stands where edit {expected} was expected"),
    to_say!("it removes table {id}, which is not on level {level}"),
    to_say!("the version edit does not fit: {what}"),
    to_say!("table {id} is there already"),
    to_say!("tables {a} and {b} overlap on level {level}"),
    to_say!("table {id} is not on level {level}"),
    to_say!("it holds no whole edit"),
    to_say!("field {tag} of a version edit is cut short"),
    to_say!("field {tag} of a version edit is {n}, which is more than can be"),
    to_say!("a version edit has a field {tag}, which this format does not know"),
    to_say!("table {id} is said to end before it begins"),
    to_say!("table {id} has a number that is more than can be"),
    to_say!("table {id} is said to be older than itself"),
    to_say!("table {id} has a sequence number that is none of its own"),
    to_say!("a frame of the manifest is not one edit in its place"),
    to_say!("{table}, which the manifest does not name, holds {writes}, and no other table and no log does"),
    to_say!("write {first}"),
    to_say!("writes {first} to {last}"),
    to_say!("{error}; {what}"),
    to_say!("{what}; it would be removed"),
    to_say!("the edits from here on are lost: {what}, so nothing was changed"),
    to_say!("CURRENT is missing, but {file} is there: this is a database without its root"),
    to_say!("{file} is there, but no file gets a number above {max}: take it away"),
    to_say!("CURRENT names it, but it does not exist"),
    to_say!("the manifest names it, but it does not exist"),
    to_say!("it has {bytes} bytes, the manifest says {said}"),
    to_say!("num_levels = {levels}: expected at least {least}, because level {level} holds tables"),
    to_say!("{file} has only zeros from byte {offset} on"),
    to_say!("{file} ends in a torn frame at byte {offset}"),
    to_say!("the frame begins with sequence number {first}, expected {expected}: {cut}"),
    to_say!("the frame begins with sequence number {first}, expected {expected}"),
    to_say!(
        "tables end with write {flushed}, but {file} begins with write {first}, and point_in_time would give up all of \
         it"
    ),
    to_say!("the database was closed before it was installed"),
    to_say!("a record's kind is neither put nor delete"),
    to_say!("a record's key ends past its frame"),
    to_say!("a record's value ends past its frame"),
    to_say!("a frame's sequence numbers are out of range"),
    to_say!("a frame holds another number of records than it says"),
    to_say!("the file is too short for a table's footer"),
    to_say!("it does not end as a table does: the magic number is missing"),
    to_say!("the footer's checksum does not match"),
    to_say!("the properties do not end where the footer begins"),
    to_say!("the index does not end where the properties begin"),
    to_say!("the filter does not end where the index begins"),
    to_say!("the index is too short"),
    to_say!("block {n} of the index is cut short"),
    to_say!("there are bytes behind the last block of the index"),
    to_say!("block {n} of the index {what}"),
    to_say!("is out of order"),
    to_say!("does not begin where the one before ends"),
    to_say!("has more keys than can be"),
    to_say!("is longer than can be"),
    to_say!("the entry at {at} of the block is cut short"),
    to_say!("the entry at {at} of the block shares more than there is"),
    to_say!("the entry at {at} of the block has no valid tag"),
    to_say!("the restart at {at} of the block has no whole key"),
    to_say!("a restart of the block is not at an entry, or there is none at the first"),
    to_say!("the block is too short"),
    to_say!("the block has no restarts, or is too long"),
    to_say!("the block has more restarts than bytes"),
    to_say!("the properties are not as long as they must be"),
    to_say!("compression {number} is unknown"),
    to_say!("too short for a checksum"),
    to_say!("the checksum is {computed} and should be {stored}"),
    to_say!("too short for an LZ4 payload"),
    to_say!("{n} bytes cannot decompress to {raw}"),
    to_say!("an LZ4 piece is cut short"),
    to_say!("an LZ4 piece does not decompress to its length"),
    to_say!("there are bytes behind the last LZ4 piece"),
    to_say!("a filter of {n} bytes cannot be"),
    to_say!("the filter's number of probes is not 1 to 30"),
    to_say!("{n} bytes are too few for a table"),
    to_say!("entry {key} at sequence number {seq} is not after the one before it"),
    to_say!("entry {key} at sequence number {seq} is larger than an entry may be"),
    to_say!("the properties: {what}"),
    to_say!("the index: {what}"),
    to_say!("data block {n}: {what}"),
    to_say!("{name}: {other}, but the table's properties say {own}"),
    to_say!("the range of keys is not the one that the manifest names"),
    to_say!("the last key of the index is not the largest of the table"),
    to_say!("there is a filter and should be none, or the other way round"),
    to_say!("a part of the table is not in the file"),
    to_say!("{file} has version {version} of the table format; this build reads version {own}"),
    to_say!("it is table {number} by its footer"),
    to_say!("the key has {n} bytes; the longest has {most}"),
    to_say!("the value has {n} bytes; the longest has {most}"),
    to_say!("the batch would have {n} bytes; the longest has {most}"),
    to_say!("writes are stopped, because what reached the disk is not known: {why}"),
    to_say!("virtual time ends after {end} s: of {length} that should pass, it has {left} left"),
    to_say!("{file} does not exist"),
    to_say!("{file} has {n} bytes, but bytes {start} to {end} were wanted"),
    to_say!("{file} has {n} bytes: there is no byte {offset}"),
    to_say!("there is no file {file}"),
    to_say!("the power was cut"),
    to_say!("could not write {file}: no space is left"),
    to_say!("cannot {action} in the browser's storage: {why}"),
    to_say!("the transaction was aborted"),
    to_say!("its chunk of bytes {start} to {end} is missing or has another length"),
    to_say!("the record \"{name}\" is damaged: it should name a manifest, but is {value}"),
    to_say!("the object store \"{store}\" has a record {key}, which names no file"),
    to_say!("the database \"{name}\" was deleted"),
    to_say!("the browser closed the database \"{name}\": its data may have been cleared"),
    to_say!("other tabs are opening the database \"{name}\" at this moment"),
    to_say!("another tab has the database \"{name}\" open: close it there, or take over"),
    to_say!("another tab took over the database \"{name}\": nothing more is written from here"),
    to_say!("the database \"{name}\" has format {number}, but this version reads format {own}"),
    to_say!(
        "the browser's database \"{name}\" was not written by lsmscope (its object stores: {stores}); nothing was \
         changed"
    ),
    to_say!(
        "the browser found its storage damaged and discarded everything that this site had stored, the database \
         \"{name}\" included: {why}"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::log::Header, file_id::FileId, words::speak};

    #[test]
    fn what_the_engine_wrote_is_found_again() {
        let header = Header::parse(FileId::wal(3), 0, &[1; 24]).and_then(Result::err).expect("it is damaged");
        let error = crate::Error::corruption(FileId::wal(3), 24, &header);
        assert_eq!(retold(&error.message), error.message);
        let german = [
            ("{file} is damaged at byte {offset}: {what}", "{file}, Byte {offset}: {what}"),
            ("the frame header's checksum is {found}, expected {expected}", "Prüfsumme {found}, erwartet {expected}"),
        ];
        speak(german.map(|(key, said)| (key.to_string(), said.to_string())).into());
        let told = retold(&error.message);
        speak(Default::default());
        let found = header.split(' ').nth(5).expect("a number").trim_end_matches(',');
        assert_eq!(told, format!("000003.log, Byte 24: Prüfsumme {found}, erwartet 01010101"));
    }
}
