//! Any serde type, as postcard.

use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};

use super::{OUTPUT, give_output};
use crate::Output;
use crate::wire::{self, refuse};

/// Arguments, all of the bytes.
///
/// # Safety
///
/// `len` bytes at `ptr` can be read, and nobody changes them during `'a`.
#[expect(unsafe_code, reason = "the host's word")]
#[inline]
pub unsafe fn decode<'a, T: Deserialize<'a>>(ptr: *const u8, len: usize) -> Result<T, u64> {
    // SAFETY: promised by the caller; an empty slice needs an address as well.
    let bytes = if len == 0 { &[] } else { unsafe { core::slice::from_raw_parts(ptr, len) } };
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(refuse(wire::DECODE)),
    }
}

/// Leaves an answer.
///
/// # Safety
///
/// Nobody else uses the output now.
#[expect(unsafe_code, reason = "takes the output for itself")]
#[inline]
pub unsafe fn encode<R: Serialize>(answer: &R) -> u64 {
    // SAFETY: promised by the caller.
    let sink = Sink(unsafe { Output::new(&OUTPUT) });
    match postcard::serialize_with_flavor(answer, sink) {
        Ok(output) => give_output(&output),
        Err(_) => refuse(wire::ENCODE),
    }
}

/// A question for the host.
///
/// # Panics
///
/// When it does not fit.
pub fn encode_into<'a, T: Serialize>(value: &T, room: &'a mut [u8]) -> &'a [u8] {
    postcard::to_slice(value, room).expect("the question fits its room")
}

/// the host's answer.
///
/// # Panics
///
/// When it is of another type.
pub fn decode_from<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> T {
    postcard::from_bytes(bytes).expect("the host answers with another type")
}

/// Has postcard write to an output.
struct Sink(Output);

impl Flavor for Sink {
    type Output = Output;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        // Whether it fitted is asked once, at the end.
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        // Numbers are short, and copying a length that is not known is a call of the runtime on many of them.
        match *bytes {
            [a] => self.0.push([a]),
            [a, b] => self.0.push([a, b]),
            [a, b, c] => self.0.push([a, b, c]),
            _ => self.0.extend(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Output> {
        Ok(self.0)
    }
}
