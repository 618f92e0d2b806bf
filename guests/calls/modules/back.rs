//! A guest that calls its host, as often as it is told to.
#![cfg_attr(target_arch = "wasm32", no_std)]

use runoff_guest::{State, export};
use runoff_guest_calls::{Record, mul};

runoff_guest::panic_handler!();

#[cfg(target_arch = "wasm32")]
#[link(wasm_import_module = "study")]
unsafe extern "C" {
    #[link_name = "mul"]
    safe fn host_mul(x: i32, y: i32) -> i32;
}

#[cfg(not(target_arch = "wasm32"))]
fn host_mul(x: i32, y: i32) -> i32 {
    mul(x, y)
}

/// Most bytes.
const MOST: usize = 1 << 20;

runoff_guest::host! {
    "study" {
        /// A record in, a record out.
        pod fn next_record(record: Record) -> Record;
        /// The same, encoded.
        encoded(32) fn next_encoded(record: Record) -> Record;
        /// Gives back what it gets.
        bytes fn echo(bytes: &[u8], into: &mut [u8; MOST]) -> usize;
    }
}

/// Numbers, `times` times.
#[export]
pub fn numbers(times: u32) -> i32 {
    (0..times.cast_signed()).fold(1, |sum, n| sum.wrapping_add(host_mul(n, 3)))
}

/// The same without the host.
#[export]
pub fn none(times: u32) -> i32 {
    (0..times.cast_signed()).fold(1, |sum, n| sum.wrapping_add(mul(core::hint::black_box(n), 3)))
}

/// Records, `times` times.
#[export]
pub fn records(times: u32) -> u32 {
    (0..times).fold(Record::default(), |record, _| next_record(record)).count
}

/// Encoded records, `times` times.
#[export]
pub fn encoded(times: u32) -> u32 {
    (0..times).fold(Record::default(), |record, _| next_encoded(record)).count
}

/// `len` bytes (at most a megabyte) there and back, `times` times.
#[export]
pub fn bytes(times: u32, len: u32) -> u32 {
    static SOME: State<[u8; MOST]> = State::new([0; MOST]);
    static ROOM: State<[u8; MOST]> = State::new([0; MOST]);
    let again = |some: &[u8], room: &mut _| (0..times).fold(0, |sum, _| sum + echo(some, room));
    let sum = SOME.with(|some| ROOM.with(|room| again(&some[..len as usize], room)));
    u32::try_from(sum).unwrap_or(u32::MAX)
}
