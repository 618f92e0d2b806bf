//! Any serde type, as postcard.

use runoff_wire::EncodeError;
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
    let mut output = unsafe { Output::new(&OUTPUT) };
    match runoff_wire::write(answer, &mut output) {
        Ok(()) => give_output(&output),
        Err(EncodeError::Full) => refuse(wire::NO_ROOM),
        Err(_) => refuse(wire::ENCODE),
    }
}

/// A question for the host.
///
/// # Panics
///
/// When it does not fit.
pub fn encode_into<'a, T: Serialize>(value: &T, room: &'a mut [u8]) -> &'a [u8] {
    let len = runoff_wire::to_slice(value, room).expect("the question fits its room");
    &room[..len]
}

/// The host's answer.
///
/// # Panics
///
/// When it is of another type.
pub fn decode_from<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> T {
    postcard::from_bytes(bytes).expect("the host answers with another type")
}
