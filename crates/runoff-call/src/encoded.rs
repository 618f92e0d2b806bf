//! Functions on any serde type, as postcard.

use runoff_wire::EncodeError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::buffer::slice_mut;
use crate::error::{Error, ErrorKind};
use crate::guest::Guest;
use crate::link::{Link, handle};
use crate::wire;

handle! {
    /// A function from any serde type to any other, in the postcard format: strings, vectors, options, nested. A
    /// function of several arguments takes a tuple of them.
    Encoded<A, R>
}

impl Guest {
    /// Looks an encoded function up by its name without prefix.
    pub fn encoded<A: ?Sized, R: ?Sized>(&mut self, name: &str) -> Result<Encoded<A, R>, Error> {
        self.bytes_handle(wire::ENCODED, name).map(|handle| Encoded { link: Link::new(handle) })
    }

    /// Encodes into the argument buffer; the number of bytes.
    #[inline]
    fn encode<A: Serialize + ?Sized>(&mut self, args: &A) -> Result<u32, Error> {
        let buffer = self.buffer;
        // One pass when it fits; its size is found out only when it does not.
        let place = slice_mut(self.memory(), buffer.ptr, buffer.len as usize)?;
        match runoff_wire::to_slice(args, place) {
            Ok(len) => Ok(len as u32),
            Err(EncodeError::Full) => self.encode_grown(args),
            Err(error) => Err(ErrorKind::Encode(error).into()),
        }
    }

    #[cold]
    fn encode_grown<A: Serialize + ?Sized>(&mut self, args: &A) -> Result<u32, Error> {
        self.grow_buffer(encoded_size(args)?)?;
        let buffer = self.buffer;
        let place = slice_mut(self.memory(), buffer.ptr, buffer.len as usize)?;
        Ok(runoff_wire::to_slice(args, place).map_err(ErrorKind::Encode)? as u32)
    }
}

impl<A: Serialize + ?Sized, R> Encoded<A, R> {
    /// Calls it, arguments in the reused buffer.
    #[inline]
    pub fn call(&self, guest: &mut Guest, args: &A) -> Result<R, Error>
    where
        R: DeserializeOwned,
    {
        decode(self.answer(guest, args)?)
    }

    /// Like [`Encoded::call`] with an answer that borrows from the guest's memory: `&str` instead of `String`.
    #[inline]
    pub fn call_borrowed<'g, B>(&self, guest: &'g mut Guest, args: &A) -> Result<B, Error>
    where
        B: Deserialize<'g>,
    {
        decode(self.answer(guest, args)?)
    }

    /// Calls it, arguments in a block of their own; needs `runoff_alloc` and `runoff_free` in the guest.
    pub fn call_dynamic(&self, guest: &mut Guest, args: &A) -> Result<R, Error>
    where
        R: DeserializeOwned,
    {
        let write = |at: &mut [u8]| match runoff_wire::to_slice(args, at) {
            Ok(_) => Ok(()),
            Err(error) => Err(ErrorKind::Encode(error).into()),
        };
        guest.exchange_dynamic(self.link.handle, encoded_size(args)?, write, |answer| decode(answer))
    }

    #[inline]
    fn answer<'g>(&self, guest: &'g mut Guest, args: &A) -> Result<&'g [u8], Error> {
        guest.admit_handle(self.link.handle)?;
        let len = guest.encode(args)?;
        let (ptr, len) = guest.run_bytes(self.link.handle, guest.buffer.ptr, len)?;
        guest.answer(ptr, len)
    }
}

fn encoded_size<A: Serialize + ?Sized>(args: &A) -> Result<usize, Error> {
    Ok(runoff_wire::encoded_len(args).map_err(ErrorKind::Encode)?)
}

/// Decodes all of the bytes.
#[inline]
fn decode<'a, R: Deserialize<'a>>(bytes: &'a [u8]) -> Result<R, Error> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(trailing(bytes, rest)),
        Err(error) => Err(ErrorKind::Decode(error).into()),
    }
}

#[cold]
fn trailing(bytes: &[u8], rest: &[u8]) -> Error {
    ErrorKind::Length { found: bytes.len() as u64, wanted: (bytes.len() - rest.len()) as u64 }.into()
}
