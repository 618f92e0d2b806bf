//! Getting arguments into the guest's memory.
//!
//! *Static*: one buffer of the guest is asked for once, used for every call, and asked for anew only when arguments
//! do not fit. *Dynamic*: a block per call, given back after it.

use crate::error::{Error, ErrorKind};
use crate::guest::{Guest, Handle};
use crate::wire;

/// The argument buffer as the guest told it; that it is inside memory is checked with every use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Buffer {
    pub(crate) ptr: u32,
    pub(crate) len: u32,
}

/// Smallest buffer asked for.
const LEAST: u32 = 1024;

impl Guest {
    /// Makes the argument buffer at least `len` bytes long.
    #[cold]
    #[inline(never)]
    pub(crate) fn grow_buffer(&mut self, len: usize) -> Result<(), Error> {
        let func = self.buffer_func()?;
        // Twice as long each time, so that growing costs little in the long run; just enough where twice is too much.
        let exact = u32::try_from(len).map_err(|_| ErrorKind::NoRoom(len as u64))?;
        let generous = exact.max(self.buffer.len).saturating_mul(2).max(LEAST);
        // Whatever happens, the old place is not the guest's word any more.
        self.buffer = Buffer::default();
        for wanted in [generous, exact] {
            let ptr = self.run(func, wanted.into(), 0)? as u32;
            if ptr != 0 {
                self.check_block(ptr, wanted)?;
                self.buffer = Buffer { ptr, len: wanted };
                return Ok(());
            }
        }
        Err(ErrorKind::NoRoom(len as u64).into())
    }

    fn check_block(&mut self, ptr: u32, len: u32) -> Result<(), Error> {
        if !ptr.is_multiple_of(wire::ALIGN) {
            return Err(ErrorKind::Misaligned(ptr).into());
        }
        let memory = self.memory().len() as u64;
        if u64::from(ptr) + u64::from(len) > memory {
            return Err(ErrorKind::OutOfBounds { ptr, len: len.into(), memory }.into());
        }
        Ok(())
    }

    /// Writes arguments into the buffer and calls; where the answer lies, unchecked.
    #[inline]
    pub(crate) fn exchange(
        &mut self,
        handle: Handle,
        len: usize,
        write: impl FnOnce(&mut [u8]),
    ) -> Result<(u32, u32), Error> {
        self.admit_handle(handle)?;
        if len > self.buffer.len as usize {
            self.grow_buffer(len)?;
        }
        let ptr = self.buffer.ptr;
        write(slice_mut(self.memory(), ptr, len)?);
        self.run_bytes(handle, ptr, len as u32)
    }

    /// Like [`Guest::exchange`] with a block of its own; `read` gets the answer before the block is given back.
    pub(crate) fn exchange_dynamic<T>(
        &mut self,
        handle: Handle,
        len: usize,
        write: impl FnOnce(&mut [u8]) -> Result<(), Error>,
        read: impl FnOnce(&[u8]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.admit_handle(handle)?;
        let blocks = self.blocks()?;
        let short = u32::try_from(len).map_err(|_| ErrorKind::NoRoom(len as u64))?;
        let ptr = self.run(blocks.alloc, short.into(), 0)? as u32;
        if ptr == 0 {
            return Err(ErrorKind::NoRoom(len as u64).into());
        }
        self.check_block(ptr, short)?;
        // From here on the block is given back, whatever else is wrong, unless the guest is poisoned.
        let answer = match write(slice_mut(self.memory(), ptr, len)?) {
            Ok(()) => {
                let (at, found) = self.run_bytes(handle, ptr, short)?;
                self.answer(at, found).and_then(read)
            }
            Err(error) => Err(error),
        };
        self.run(blocks.free, ptr.into(), short.into())?;
        answer
    }

    /// The bytes of an answer, or the guest's refusal.
    #[inline]
    pub(crate) fn answer(&mut self, ptr: u32, len: u32) -> Result<&[u8], Error> {
        if ptr == 0 {
            return if len == 0 { Ok(&[]) } else { Err(refused(len)) };
        }
        slice(self.memory(), ptr, len as usize)
    }
}

#[cold]
fn refused(code: u32) -> Error {
    ErrorKind::Refused(crate::Refusal::from_code(code)).into()
}

#[cold]
pub(crate) fn outside(ptr: u32, len: u64, memory: usize) -> Error {
    ErrorKind::OutOfBounds { ptr, len, memory: memory as u64 }.into()
}

#[inline]
pub(crate) fn slice(memory: &[u8], ptr: u32, len: usize) -> Result<&[u8], Error> {
    let at = ptr as usize;
    match at.checked_add(len).and_then(|end| memory.get(at..end)) {
        Some(bytes) => Ok(bytes),
        None => Err(outside(ptr, len as u64, memory.len())),
    }
}

#[inline]
pub(crate) fn slice_mut(memory: &mut [u8], ptr: u32, len: usize) -> Result<&mut [u8], Error> {
    let size = memory.len();
    let at = ptr as usize;
    match at.checked_add(len).and_then(|end| memory.get_mut(at..end)) {
        Some(bytes) => Ok(bytes),
        None => Err(outside(ptr, len as u64, size)),
    }
}
