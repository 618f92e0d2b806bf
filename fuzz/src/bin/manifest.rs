//! Workload manifests.
#![no_main]

use runoff_workloads::Manifest;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = toml::from_str::<Manifest>(text);
});
