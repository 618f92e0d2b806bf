//! Checked access to a guest's memory.

use crate::errno::Errno;

/// Most buffers in one scatter/gather call, as on Linux.
const MAX_IOVECS: u32 = 1024;

/// A guest's memory during one call. Every access is checked; addresses have no alignment.
pub(crate) struct Memory<'a>(pub(crate) &'a mut [u8]);

/// One buffer of a scatter/gather call, known to lie inside memory.
#[derive(Clone, Copy)]
pub(crate) struct Iovec {
    pub(crate) start: usize,
    pub(crate) len: usize,
}

impl Memory<'_> {
    pub(crate) fn bytes(&self, at: u32, len: u32) -> Result<&[u8], Errno> {
        let start = at as usize;
        let end = start.checked_add(len as usize).ok_or(Errno::FAULT)?;
        self.0.get(start..end).ok_or(Errno::FAULT)
    }

    pub(crate) fn bytes_mut(&mut self, at: u32, len: u32) -> Result<&mut [u8], Errno> {
        let start = at as usize;
        let end = start.checked_add(len as usize).ok_or(Errno::FAULT)?;
        self.0.get_mut(start..end).ok_or(Errno::FAULT)
    }

    pub(crate) fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Errno> {
        let len = u32::try_from(bytes.len()).map_err(|_| Errno::OVERFLOW)?;
        self.bytes_mut(at, len)?.copy_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn write_u32(&mut self, at: u32, value: u32) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    pub(crate) fn write_u64(&mut self, at: u32, value: u64) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    /// A path: valid UTF-8 without NUL. Paths beyond what a kernel takes are refused before they are copied.
    pub(crate) fn path(&self, at: u32, len: u32) -> Result<String, Errno> {
        const MAX_PATH: u32 = 4096;
        let bytes = self.bytes(at, len.min(MAX_PATH))?;
        if len >= MAX_PATH {
            self.bytes(at, len)?;
            return Err(Errno::NAMETOOLONG);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Errno::ILSEQ)?;
        if text.contains('\0') {
            return Err(Errno::INVAL);
        }
        Ok(text.to_owned())
    }

    /// The buffers of a scatter/gather call, all inside memory, together below 4 GiB.
    pub(crate) fn iovecs(&self, at: u32, count: u32) -> Result<Vec<Iovec>, Errno> {
        if count > MAX_IOVECS {
            return Err(Errno::INVAL);
        }
        let table = self.bytes(at, count * 8)?;
        let word = |b: &[u8]| u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        // Buffers may overlap, so that they can hold more than memory does and more than can be answered.
        let mut sum = 0_u32;
        table
            .chunks_exact(8)
            .map(|entry| {
                let (start, len) = (word(&entry[..4]), word(&entry[4..]));
                self.bytes(start, len)?;
                sum = sum.checked_add(len).ok_or(Errno::INVAL)?;
                Ok(Iovec { start: start as usize, len: len as usize })
            })
            .collect()
    }

    pub(crate) fn at(&self, iovec: Iovec) -> &[u8] {
        &self.0[iovec.start..iovec.start + iovec.len]
    }

    pub(crate) fn at_mut(&mut self, iovec: Iovec) -> &mut [u8] {
        &mut self.0[iovec.start..iovec.start + iovec.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_reached() {
        let mut bytes = [0_u8; 16];
        let mut memory = Memory(&mut bytes);
        assert_eq!(memory.write_u32(13, 1), Err(Errno::FAULT));
        assert_eq!(memory.bytes(u32::MAX, 1).map(<[u8]>::len), Err(Errno::FAULT));
        assert_eq!(memory.bytes(8, u32::MAX).map(<[u8]>::len), Err(Errno::FAULT));
        assert!(memory.write_u32(12, 7).is_ok());
        assert!(memory.iovecs(0, 3).is_err());
        assert_eq!(memory.path(0, 5000), Err(Errno::FAULT));
    }
}
