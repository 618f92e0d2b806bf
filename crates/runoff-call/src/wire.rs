//! The wire convention: names and numbers both sides agree on. docs/CALLS.md explains it.

use std::ops::RangeInclusive;

/// Versions of the convention this library speaks.
pub const VERSIONS: RangeInclusive<u32> = 1..=1;

/// `(i32) -> i32`: told the newest version the host speaks, the guest answers with the one to use, or 0.
pub const VERSION: &str = "runoff_version";
/// `(i32) -> i32`: the address of the argument buffer, at least so long; 0 when there is no room.
pub const BUFFER: &str = "runoff_buffer";
/// `(i32) -> i32`: a new block, at least so long; 0 when there is no room. Optional.
pub const ALLOC: &str = "runoff_alloc";
/// `(i32, i32) -> ()`: gives a block of `runoff_alloc` back, with the length it was asked for. Optional.
pub const FREE: &str = "runoff_free";
/// `() -> i32`: the address of the last words of a guest that panics: their length (32 bits), then UTF-8. Optional.
pub const MESSAGE: &str = "runoff_message";
/// `(i32, i32) -> i64`: the nameless entry of a module that has one job, bytes in and out.
pub const CALL: &str = "runoff_call";
/// `() -> ()`: what a WASI reactor has run before anything else. Optional.
pub const INITIALIZE: &str = "_initialize";

/// What the name of an export begins with, by kind of function; a scalar function has its plain name.
pub const POD: &str = "runoff_pod_";
/// See [`POD`]: many records in one call.
pub const BATCH: &str = "runoff_batch_";
/// See [`POD`]: postcard.
pub const ENCODED: &str = "runoff_encoded_";
/// See [`POD`]: plain bytes.
pub const BYTES: &str = "runoff_bytes_";

/// What addresses of buffers and blocks are multiples of.
pub const ALIGN: u32 = 16;

/// Longest last words that are read.
pub const MESSAGE_CAP: u32 = 4096;

/// Where an answer lies: address above, length below.
#[inline]
pub const fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

/// The reverse of [`unpack`].
#[inline]
pub const fn pack(ptr: u32, len: u32) -> u64 {
    (ptr as u64) << 32 | len as u64
}
