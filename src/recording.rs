//! A recording: what an open and some command lines did, event by event, with their answers.
//!
//! The page shows one before the engine has arrived: its player is a quarter of the engine's bytes, and plays what the
//! engine did on another machine. In: bytes, as [`to_bytes`](Recording::to_bytes) made them. Out: the events, for a
//! [`Timeline`](crate::timeline::Timeline), and the answers. Errors: the bytes are of another version, or are cut
//! short.
//!
//! The form is Borsh's (borsh.io) of the structs below, behind [`MAGIC`]. It has no promise: a recording is read by the
//! build that made it, and a test makes it again (`tests/recording.rs`).

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{options::Options, trace::Event};

/// The first bytes of a recording.
pub const MAGIC: [u8; 8] = *b"lsmsrec1";

/// What an open and the lines after it did.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Recording {
    /// The options of the open.
    pub options: Options,
    /// The events of the open.
    pub opening: Vec<Event>,
    /// The lines, in order.
    pub lines: Vec<RecordedLine>,
}

/// A command line, and what it did.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct RecordedLine {
    /// As it was typed.
    pub line: String,
    /// Whether it did what was asked.
    pub ok: bool,
    /// What it answered.
    pub text: String,
    /// Its events.
    pub events: Vec<Event>,
}

impl Recording {
    /// The recording as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        self.serialize(&mut bytes).expect("memory takes any bytes, and no number of an event is NaN");
        bytes
    }

    /// The recording that `bytes` hold.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Recording> {
        match bytes.strip_prefix(&MAGIC) {
            Some(rest) => Recording::try_from_slice(rest),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "this is no recording of this version of lsmscope")),
        }
    }
}
