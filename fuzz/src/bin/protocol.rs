//! Lines between Runoff and a worker: what could be read can be written and read again.
#![no_main]

#[path = "../targets/protocol.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
