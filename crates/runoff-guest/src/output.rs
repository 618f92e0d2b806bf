//! Answers of any length.

use bytemuck::NoUninit;
#[cfg(feature = "encoded")]
use runoff_wire::{EncodeError, LONGEST};

use crate::region::Region;

/// Where a function writes an answer whose length is not known before. Its memory is reused from call to call.
pub struct Output {
    region: &'static Region,
    /// Where the region is and how long, until it grows.
    start: *mut u8,
    room: usize,
    len: usize,
    failed: bool,
}

impl core::fmt::Debug for Output {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Output").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Output {
    /// An empty output in a region.
    ///
    /// # Safety
    ///
    /// Nobody else uses the region while the output lives.
    #[doc(hidden)]
    #[expect(unsafe_code, reason = "takes a region for itself")]
    #[inline]
    pub unsafe fn new(region: &'static Region) -> Self {
        // SAFETY: promised by the caller.
        let (start, room) = unsafe { region.place() };
        Self { region, start, room, len: 0, failed: false }
    }

    /// Adds a record.
    #[inline]
    pub fn push<T: NoUninit>(&mut self, record: T) {
        self.extend(bytemuck::bytes_of(&record));
    }

    /// Adds records.
    #[inline]
    pub fn extend_from_slice<T: NoUninit>(&mut self, records: &[T]) {
        self.extend(bytemuck::cast_slice(records));
    }

    /// Bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        #[expect(unsafe_code, reason = "a region's bytes")]
        // SAFETY: the region is this output's alone, and its first `len` bytes were written.
        unsafe {
            core::slice::from_raw_parts(self.start, self.len)
        }
    }

    /// Whether everything fitted: memory may have an end.
    pub fn is_complete(&self) -> bool {
        !self.failed
    }

    /// Adds bytes, if they fit.
    #[inline]
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        if bytes.len() > self.room - self.len {
            let Some(place) = grow(self.region, self.len, bytes.len()) else {
                self.failed = true;
                return;
            };
            (self.start, self.room) = place;
        }
        #[expect(unsafe_code, reason = "a region's bytes")]
        // SAFETY: there is room; `bytes` is not in the region: it could only be borrowed from this output, which is
        // borrowed mutably.
        unsafe {
            core::ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(self.len), bytes.len());
        }
        self.len += bytes.len();
    }
}

/// Makes room for so many bytes more than the first `len`, which are kept. Takes no reference to an output, so that
/// compilers can keep one in registers.
#[cold]
#[inline(never)]
fn grow(region: &'static Region, len: usize, more: usize) -> Option<(*mut u8, usize)> {
    #[expect(unsafe_code, reason = "a region's bytes")]
    // SAFETY: only outputs call this, for the region that is theirs alone, and what is kept they have written.
    unsafe {
        region.reserve(len.checked_add(more)?, len)?;
        Some(region.place())
    }
}

/// Encoded values.
#[cfg(feature = "encoded")]
impl runoff_wire::Sink for Output {
    #[inline]
    fn window(&mut self) -> Option<&mut [u8; LONGEST]> {
        if self.room - self.len < LONGEST {
            (self.start, self.room) = grow(self.region, self.len, LONGEST)?;
        }
        #[expect(unsafe_code, reason = "a region's bytes")]
        // SAFETY: there is room; all bytes of a region have a value from the start; nobody else has the region.
        Some(unsafe { &mut *self.start.add(self.len).cast() })
    }

    #[inline]
    fn advance(&mut self, len: usize) {
        self.len += len;
    }

    #[inline]
    fn extend(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        Output::extend(self, bytes);
        if self.failed { Err(EncodeError::Full) } else { Ok(()) }
    }
}

/// Text, for `write!`.
impl core::fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.extend(text.as_bytes());
        if self.failed { Err(core::fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Write;

    #[test]
    fn what_is_written_is_read() {
        static REGION: Region = Region::new();
        #[expect(unsafe_code, reason = "the one user of its region")]
        // SAFETY: nobody else knows this region.
        let mut out = unsafe { Output::new(&REGION) };
        out.push(0x0403_0201_u32);
        out.extend_from_slice(&[5_u8, 6]);
        write!(out, "{}", 78).expect("room");
        assert_eq!(out.as_bytes(), [1, 2, 3, 4, 5, 6, b'7', b'8']);
        for i in 0..5000_u16 {
            out.push(i);
        }
        assert_eq!(out.as_bytes()[..8], [1, 2, 3, 4, 5, 6, b'7', b'8']);
        assert_eq!(out.as_bytes()[8 + 2 * 4999..], 4999_u16.to_le_bytes());
        assert!(out.is_complete());
    }
}
