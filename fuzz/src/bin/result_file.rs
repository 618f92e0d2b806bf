//! The reader of result files: what could be read can be used, and written and read again.
#![no_main]

#[path = "../targets/result_file.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
