//! Bits of a byte sequence, the lowest of each byte first.

use super::Damaged;

const SHORT: Damaged = Damaged("the compressed data ends too early");

/// What is left of the sequence.
pub(super) struct Bits<'a> {
    all: &'a [u8],
    /// What is not yet in the buffer.
    bytes: &'a [u8],
    /// Bits taken from the bytes and not yet read, the next one lowest.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes, bytes, buffer: 0, count: 0 }
    }

    fn refill(&mut self) {
        while self.count <= 56
            && let Some((&byte, rest)) = self.bytes.split_first()
        {
            self.buffer |= u64::from(byte) << self.count;
            self.count += 8;
            self.bytes = rest;
        }
    }

    /// The next bits without reading them, zeros after the end; `count` up to 15.
    pub(super) fn peek(&mut self, count: u32) -> usize {
        if self.count < count {
            self.refill();
        }
        usize::try_from(self.buffer & ((1 << count) - 1)).unwrap_or(0)
    }

    /// Skips bits that were seen.
    pub(super) fn skip(&mut self, count: u32) -> Result<(), Damaged> {
        self.count = self.count.checked_sub(count).ok_or(SHORT)?;
        self.buffer >>= count;
        Ok(())
    }

    /// Reads a number of up to 15 bits.
    pub(super) fn take(&mut self, count: u32) -> Result<usize, Damaged> {
        let value = self.peek(count);
        self.skip(count).map(|()| value)
    }

    /// Skips the rest of the byte that is being read, and goes back to whole bytes.
    pub(super) fn align(&mut self) {
        self.buffer >>= self.count % 8;
        self.count -= self.count % 8;
    }

    /// Reads a number of two bytes, after [`Bits::align`].
    pub(super) fn take_u16(&mut self) -> Result<u16, Damaged> {
        let (low, high) = (self.take(8)?, self.take(8)?);
        Ok(u16::try_from(low | high << 8).unwrap_or(0))
    }

    /// Reads whole bytes, after [`Bits::align`].
    pub(super) fn take_bytes(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        // What is in the buffer goes back.
        let buffered = usize::try_from(self.count / 8).unwrap_or(0);
        let start = self.all.len() - self.bytes.len() - buffered;
        let (bytes, rest) = self.all[start..].split_at_checked(count).ok_or(SHORT)?;
        (self.bytes, self.buffer, self.count) = (rest, 0, 0);
        Ok(bytes)
    }
}
