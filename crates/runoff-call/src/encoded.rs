//! Functions on any serde type, as postcard.

use postcard::ser_flavors::{Flavor, Size};
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
        let place = Place::new(slice_mut(self.memory(), buffer.ptr, buffer.len as usize)?);
        match postcard::serialize_with_flavor(args, place) {
            Ok(len) => Ok(len as u32),
            Err(postcard::Error::SerializeBufferFull) => self.encode_grown(args),
            Err(error) => Err(ErrorKind::Encode(error).into()),
        }
    }

    #[cold]
    fn encode_grown<A: Serialize + ?Sized>(&mut self, args: &A) -> Result<u32, Error> {
        self.grow_buffer(encoded_size(args)?)?;
        let buffer = self.buffer;
        let place = slice_mut(self.memory(), buffer.ptr, buffer.len as usize)?;
        Ok(postcard::to_slice(args, place).map_err(ErrorKind::Encode)?.len() as u32)
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
        let write = |at: &mut [u8]| match postcard::to_slice(args, at) {
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
    Ok(postcard::serialize_with_flavor(args, Size::default()).map_err(ErrorKind::Encode)?)
}

/// Where postcard writes to.
struct Place<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl<'a> Place<'a> {
    fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }

    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) -> postcard::Result<()> {
        match self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut) {
            Some(place) => *place = bytes,
            None => return Err(postcard::Error::SerializeBufferFull),
        }
        self.len += N;
        Ok(())
    }
}

impl Flavor for Place<'_> {
    type Output = usize;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.put([byte])
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        // Numbers are short: copies of a known length are a few instructions, others a call.
        match *bytes {
            [a] => self.put([a]),
            [a, b] => self.put([a, b]),
            [a, b, c] => self.put([a, b, c]),
            _ => {
                let end = self.len + bytes.len();
                let place = self.bytes.get_mut(self.len..end);
                place.ok_or(postcard::Error::SerializeBufferFull)?.copy_from_slice(bytes);
                self.len = end;
                Ok(())
            }
        }
    }

    fn finalize(self) -> postcard::Result<usize> {
        Ok(self.len)
    }
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
