//! Exports every guest of this library has.

use crate::region::Region;
use crate::{message, wire};

static ARGUMENTS: Region = Region::new();

#[expect(unsafe_code, reason = "an export")]
// SAFETY: the convention's name, and nobody else's.
#[unsafe(no_mangle)]
extern "C" fn runoff_version(host: u32) -> u32 {
    wire::agree(host)
}

#[expect(unsafe_code, reason = "an export")]
// SAFETY: the convention's name, and nobody else's.
#[unsafe(no_mangle)]
extern "C" fn runoff_buffer(len: u32) -> usize {
    // SAFETY: only the host uses this region, and not while it asks for another.
    unsafe { ARGUMENTS.reserve(len as usize, 0) }.map_or(0, |start| start as usize)
}

#[expect(unsafe_code, reason = "an export")]
// SAFETY: the convention's name, and nobody else's.
#[unsafe(no_mangle)]
extern "C" fn runoff_message() -> usize {
    message::address()
}
