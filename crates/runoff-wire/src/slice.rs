//! Writing to a slice.

use crate::{EncodeError, LONGEST, Sink};

/// The front of a slice.
#[derive(Debug)]
pub struct Slice<'a> {
    room: &'a mut [u8],
    /// Bytes written, never above the room's.
    len: usize,
}

impl<'a> Slice<'a> {
    /// Nothing yet.
    #[inline]
    pub fn new(room: &'a mut [u8]) -> Self {
        Self { room, len: 0 }
    }

    /// Bytes written.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Sink for Slice<'_> {
    #[inline]
    fn window(&mut self) -> Option<&mut [u8; LONGEST]> {
        self.room.get_mut(self.len..)?.first_chunk_mut()
    }

    #[inline]
    fn advance(&mut self, len: usize) {
        self.len += len;
    }

    #[inline]
    fn extend(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let place = self.room.get_mut(self.len..).and_then(|rest| rest.get_mut(..bytes.len()));
        place.ok_or(EncodeError::Full)?.copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }
}
