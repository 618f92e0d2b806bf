//! What a module says of itself, and whether a runtime can run it.
#![no_main]

#[path = "../targets/module.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
