//! The frames of a log or manifest, those behind damage too.
//!
//! In: a file. Out: its [`Piece`]s in order, which together are all of it. The checksum of a header tells a frame from
//! chance bytes: it covers the file's name and the frame's place. After damaged bytes, the frames go on at the next
//! place with a valid header.

use crate::{
    engine::log::{Frame, HEADER, Header, find_header, may_be_preallocated, only_zeros, too_many},
    error::Result,
    storage::{FileId, Storage, window::Window},
};

/// Where bytes cannot even be read, reading goes on at the next multiple of this: disks fail by the sector.
const SECTOR: u64 = 512;

/// A part of a file of frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A frame that is as it was written.
    Frame(Frame<'a>),
    /// The file ends inside a frame: what a crash leaves of one that was being written.
    Torn { offset: u64, bytes: u64 },
    /// There are only zeros up to the end of the file: space that was allocated beforehand.
    Zeros { offset: u64, bytes: u64 },
    /// Bytes that are not what was written.
    Damaged {
        offset: u64,
        bytes: u64,
        what: String,
        /// The header of the frame, if only the payload is damaged.
        header: Option<Header>,
    },
}

/// Reads one file's pieces.
#[derive(Debug)]
pub(crate) struct Pieces<'s, S> {
    storage: &'s S,
    window: Window,
    offset: u64,
}

impl<'s, S: Storage> Pieces<'s, S> {
    /// Those of `file`, which is `len` bytes long.
    pub fn new(storage: &'s S, file: FileId, len: u64) -> Pieces<'s, S> {
        Pieces { storage, window: Window::new(file, len), offset: 0 }
    }

    /// The next piece; `None` at the end of the file.
    pub async fn next_piece(&mut self) -> Option<Piece<'_>> {
        let (offset, rest) = (self.offset, self.window.len() - self.offset);
        if rest == 0 {
            return None;
        }
        let header = match self.header(offset).await {
            Ok(Some(Ok(header))) => header,
            Ok(Some(Err(_))) if self.ends_in_zeros(offset).await => {
                self.offset = self.window.len();
                return Some(Piece::Zeros { offset, bytes: rest });
            }
            Ok(Some(Err(what))) => {
                let first = self.window.get(self.storage, offset, HEADER as u64).await;
                let more = first.ok().and_then(|first| too_many(first, rest)).unwrap_or_default();
                return Some(self.damage(what + &more, offset + 1).await);
            }
            Ok(None) => return Some(self.torn()),
            Err(error) => return Some(self.damage(error.message, next_sector(offset)).await),
        };
        let length = u64::from(header.length);
        if length > rest - HEADER as u64 {
            return Some(self.torn());
        }
        self.offset = offset + HEADER as u64 + length;
        let payload = self.window.get(self.storage, offset + HEADER as u64, length).await;
        let checked = payload.map_err(|error| error.message).and_then(|p| header.check(p).map(|()| p));
        Some(match checked {
            Ok(payload) => Piece::Frame(header.frame(offset, payload)),
            Err(what) => Piece::Damaged { offset, bytes: HEADER as u64 + length, what, header: Some(header) },
        })
    }

    async fn header(&mut self, offset: u64) -> Result<Option<Result<Header, String>>> {
        let file = self.window.file();
        Ok(Header::parse(file, offset, self.window.get(self.storage, offset, HEADER as u64).await?))
    }

    async fn ends_in_zeros(&mut self, offset: u64) -> bool {
        let first = self.window.get(self.storage, offset, HEADER as u64).await;
        first.is_ok_and(may_be_preallocated) && only_zeros(&mut self.window, self.storage, offset).await
    }

    fn torn(&mut self) -> Piece<'static> {
        let offset = std::mem::replace(&mut self.offset, self.window.len());
        Piece::Torn { offset, bytes: self.window.len() - offset }
    }

    /// The bytes up to the next right header, which is not before `from`.
    async fn damage(&mut self, what: String, from: u64) -> Piece<'static> {
        let offset = self.offset;
        self.offset = self.find_header(from).await.unwrap_or(self.window.len());
        Piece::Damaged { offset, bytes: self.offset - offset, what, header: None }
    }

    async fn find_header(&mut self, from: u64) -> Option<u64> {
        let (file, mut at) = (self.window.file(), from);
        while at + HEADER as u64 <= self.window.len() {
            match self.window.chunk(self.storage, at, HEADER as u64).await {
                Ok(chunk) => match find_header(file, at, chunk) {
                    Some(found) => return Some(at + found as u64),
                    None => at += (chunk.len() - HEADER + 1) as u64,
                },
                Err(_) => at = next_sector(at),
            }
        }
        None
    }
}

fn next_sector(offset: u64) -> u64 {
    (offset / SECTOR + 1) * SECTOR
}
