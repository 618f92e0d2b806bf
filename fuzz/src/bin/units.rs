//! What users type: sizes, durations, shares, counts, values.
#![no_main]

#[path = "../targets/units.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
