//! Texts of the source (names of options, phrases) in a recording.
//!
//! In: a text as it was recorded. Out: the same for as long as the program runs, as those that read it expect. It is
//! never freed: a page reads one recording, of some kilobytes.

use std::io::{Read, Result};

use borsh::BorshDeserialize;

/// One text.
pub fn read(reader: &mut impl Read) -> Result<&'static str> {
    String::deserialize_reader(reader).map(|text| &*text.leak())
}

/// A text that may be missing.
pub fn read_option(reader: &mut impl Read) -> Result<Option<&'static str>> {
    Ok(Option::<String>::deserialize_reader(reader)?.map(|text| &*text.leak()))
}
