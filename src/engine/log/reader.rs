//! Reads the frames of a file in order, a window at a time, without loading the file.
//!
//! In: a file of any length. Out: the same items as [`Frames`](super::Frames). One window and the current frame are in
//! memory, however long the file is.

use super::{End, Frame, HEADER, Header, find_header, may_be_preallocated, only_zeros, too_many};
use crate::{
    error::Result,
    storage::{FileId, Storage, window::Window},
};

/// Reads one file's frames from the front. It does not hold the storage, which is handed to each call.
#[derive(Debug)]
pub(crate) struct FrameReader {
    window: Window,
    /// Where the next frame is looked for.
    at: u64,
}

impl FrameReader {
    /// From the first frame of `file` on, which is `len` bytes long.
    pub fn new(file: FileId, len: u64) -> FrameReader {
        FrameReader { window: Window::new(file, len), at: 0 }
    }

    /// Where the next frame is looked for.
    pub fn offset(&self) -> u64 {
        self.at
    }

    /// As [`Frames::next_frame`](super::Frames::next_frame).
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub async fn next_frame<S: Storage>(&mut self, storage: &S) -> Result<Result<Frame<'_>, End>> {
        let offset = self.at;
        let rest = self.window.len() - offset;
        if rest == 0 {
            return Ok(Err(End::Clean));
        }
        let header = match self.header(storage).await? {
            None => return Ok(Err(End::Torn { offset })),
            Some(Err(what)) => {
                let first = self.window.get(storage, offset, HEADER as u64).await?;
                let what = format!("{what}{}", too_many(first, rest).unwrap_or_default());
                let is_preallocated = may_be_preallocated(first) && only_zeros(&mut self.window, storage, offset).await;
                return Ok(Err(if is_preallocated { End::Zeros { offset } } else { End::Damaged { offset, what } }));
            }
            Some(Ok(header)) => header,
        };
        let length = u64::from(header.length);
        if length > rest - HEADER as u64 {
            return Ok(Err(End::Torn { offset }));
        }
        let payload = self.window.get(storage, offset + HEADER as u64, length).await?;
        if let Err(what) = header.check(payload) {
            return Ok(Err(End::Damaged { offset, what }));
        }
        self.at = offset + HEADER as u64 + length;
        Ok(Ok(header.frame(offset, payload)))
    }

    /// As [`Frames::resync`](super::Frames::resync).
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub async fn resync<S: Storage>(&mut self, storage: &S) -> Result<()> {
        let behind = match self.header(storage).await? {
            Some(Ok(header)) => Some(self.at + HEADER as u64 + u64::from(header.length)),
            _ => None,
        };
        if let Some(end) = behind.filter(|end| *end <= self.window.len()) {
            self.at = end;
            return Ok(());
        }
        let mut at = self.at + 1;
        while at + HEADER as u64 <= self.window.len() {
            let file = self.window.file();
            let chunk = self.window.chunk(storage, at, HEADER as u64).await?;
            if let Some(found) = find_header(file, at, chunk) {
                self.at = at + found as u64;
                return Ok(());
            }
            at += (chunk.len() - HEADER + 1) as u64;
        }
        self.at = self.window.len();
        Ok(())
    }

    async fn header<S: Storage>(&mut self, storage: &S) -> Result<Option<Result<Header, String>>> {
        let (file, at) = (self.window.file(), self.at);
        Ok(Header::parse(file, at, self.window.get(storage, at, HEADER as u64).await?))
    }
}
