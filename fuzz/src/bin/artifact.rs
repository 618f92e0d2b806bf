//! The envelope of saved code: kept whole or refused.
#![no_main]

#[path = "../targets/artifact.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
