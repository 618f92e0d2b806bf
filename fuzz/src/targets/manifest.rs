//! Workload manifests.

use runoff_workloads::Manifest;

pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = toml::from_str::<Manifest>(text) {
        assert!(!error.to_string().is_empty());
    }
}
