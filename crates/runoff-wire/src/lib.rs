//! Writes serde types in the [postcard] format, straight to where they are to lie: both sides of a call encode their
//! values with this.
//!
//! The `postcard` crate writes each number to a buffer of its own first and copies it from there, a length at a time
//! that the compiler does not know; for small records that is most of what an encoded call costs. Here numbers are
//! written in place. Reading has no such detour, and is left to that crate.
//!
//! [postcard]: https://postcard.jamesmunns.com/wire-format
#![no_std]
#![forbid(unsafe_code)]

mod count;
mod error;
mod serializer;
mod sink;
mod slice;

pub use count::Count;
pub use error::EncodeError;
pub use serializer::write;
pub use sink::{LONGEST, Sink};
pub use slice::Slice;

/// Encodes into the front of `room`; the number of bytes.
#[inline]
pub fn to_slice<T: serde::Serialize + ?Sized>(value: &T, room: &mut [u8]) -> Result<usize, EncodeError> {
    let mut sink = Slice::new(room);
    write(value, &mut sink)?;
    Ok(sink.len())
}

/// Bytes that a value takes.
pub fn encoded_len<T: serde::Serialize + ?Sized>(value: &T) -> Result<usize, EncodeError> {
    let mut sink = Count::default();
    write(value, &mut sink)?;
    Ok(sink.len())
}
