//! Workloads that come with Runoff.

use crate::Manifest;

macro_rules! bundle {
    ($($name:literal),* $(,)?) => {
        const BUNDLED: &[(&str, &str, &[u8])] = &[$((
            $name,
            include_str!(concat!("../catalogue/", $name, ".toml")),
            include_bytes!(concat!("../../../guests/prebuilt/", $name, ".wasm")),
        )),*];
    };
}

bundle!("add-one", "fibonacci", "nbody", "fibo");

/// Names of the bundled workloads, in the order they are measured by default.
pub fn bundled_names() -> Vec<&'static str> {
    BUNDLED.iter().map(|(name, ..)| *name).collect()
}

/// A bundled workload: its manifest and module. A manifest that does not parse is a broken build, which the
/// tests catch; here it is the same as an unknown name.
pub fn bundled(name: &str) -> Option<(Manifest, &'static [u8])> {
    let (_, manifest, module) = BUNDLED.iter().find(|(n, ..)| *n == name)?;
    Some((toml::from_str(manifest).ok()?, module))
}

#[cfg(test)]
mod tests {
    use super::*;
    use runoff_runtime::{ModuleDescriptor, sha256_hex};

    #[test]
    fn every_bundled_workload_is_whole() {
        for name in bundled_names() {
            let (manifest, module) =
                bundled(name).unwrap_or_else(|| panic!("{name}: manifest does not parse"));
            assert_eq!(manifest.name.as_deref(), Some(name));
            ModuleDescriptor::parse(module).unwrap_or_else(|e| panic!("{name}: {e}"));
            let sha256 = sha256_hex(module);
            assert!(
                crate::TWINS.iter().any(|t| t.module_sha256 == sha256),
                "{name} has no twin for its bytes"
            );
            let answers = manifest.expected_results.is_some() || manifest.expected_stdout.is_some();
            assert!(answers || !manifest.sizes.is_empty(), "{name} has no right answer");
        }
    }
}
