//! Functions on plain bytes: text, images, whatever both sides agree on.

use crate::error::Error;
use crate::guest::{Guest, Handle};
use crate::wire;

/// A function from bytes to bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    handle: Handle,
}

impl Guest {
    /// Looks a function on bytes up by its name without prefix.
    pub fn bytes(&mut self, name: &str) -> Result<Bytes, Error> {
        self.bytes_handle(wire::BYTES, name).map(|handle| Bytes { handle })
    }

    /// The nameless entry of a module with one job, `runoff_call`.
    pub fn entry(&mut self) -> Result<Bytes, Error> {
        self.bytes_handle(wire::CALL, "").map(|handle| Bytes { handle })
    }
}

impl Bytes {
    /// Calls it; the answer is shown where it lies.
    #[inline]
    pub fn call<'g>(&self, guest: &'g mut Guest, args: &[u8]) -> Result<&'g [u8], Error> {
        self.call_with(guest, args.len(), |at| at.copy_from_slice(args))
    }

    /// Like [`Bytes::call`] with `len` bytes that `write` makes right in the guest's memory. They are not cleared
    /// before.
    #[inline]
    pub fn call_with<'g>(
        &self,
        guest: &'g mut Guest,
        len: usize,
        write: impl FnOnce(&mut [u8]),
    ) -> Result<&'g [u8], Error> {
        let (ptr, len) = guest.exchange(self.handle, len, write)?;
        guest.answer(ptr, len)
    }

    /// Like [`Bytes::call`] with arguments in a block of their own; needs `runoff_alloc` and `runoff_free`.
    pub fn call_dynamic(&self, guest: &mut Guest, args: &[u8]) -> Result<Vec<u8>, Error> {
        let write = |at: &mut [u8]| {
            at.copy_from_slice(args);
            Ok(())
        };
        guest.exchange_dynamic(self.handle, args.len(), write, |answer| Ok(answer.to_vec()))
    }
}
