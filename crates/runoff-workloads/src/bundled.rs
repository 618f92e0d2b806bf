//! Workloads that come with Runoff.

use crate::Manifest;

/// One of them.
struct Bundle {
    /// Path of its manifest in the catalogue, which is its name: `SET/NAME`, or `NAME` for a sample.
    name: &'static str,
    manifest: &'static str,
    module: &'static [u8],
    /// Committed checksum of the module.
    sha256: &'static str,
}

/// Made by the build script, in the order of names.
const BUNDLED: &[Bundle] = include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

/// The phase samples, in the order they are measured by default.
pub const SAMPLES: [&str; 4] = ["add-one", "fibonacci", "nbody", "fibo"];

/// Names of all bundled workloads: the samples first, then set by set.
pub fn bundled_names() -> Vec<&'static str> {
    let sets = BUNDLED.iter().map(|b| b.name).filter(|name| name.contains('/'));
    SAMPLES.into_iter().chain(sets).collect()
}

/// Names of the sets, the samples (`samples`) first.
pub fn set_names() -> Vec<&'static str> {
    let mut names = vec!["samples"];
    names.extend(BUNDLED.iter().filter_map(|b| b.name.split_once('/')).map(|(set, _)| set));
    names.dedup();
    names
}

/// The workloads of a set; none when there is no such set.
pub fn set(name: &str) -> Vec<&'static str> {
    let of = |workload: &str| workload.split_once('/').map_or("samples", |(set, _)| set) == name;
    bundled_names().into_iter().filter(|w| of(w)).collect()
}

/// A bundled workload: its manifest and module. A manifest that does not parse is a broken build, which the
/// tests catch; here it is the same as an unknown name.
pub fn bundled(name: &str) -> Option<(Manifest, &'static [u8])> {
    let bundle = BUNDLED.iter().find(|b| b.name == name)?;
    let mut manifest: Manifest = toml::from_str(bundle.manifest).ok()?;
    manifest.name = Some(name.to_owned());
    Some((manifest, bundle.module))
}

/// The manifest of a bundled workload as it is written.
pub fn bundled_manifest(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|b| b.name == name).map(|b| b.manifest)
}

/// Committed checksum of a bundled module, lower-case hexadecimal.
pub(crate) fn bundled_sha256(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|b| b.name == name).map(|b| b.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use runoff_runtime::{ModuleDescriptor, sha256_hex};

    #[test]
    fn every_bundled_workload_is_whole() {
        assert_eq!(bundled_names().len(), BUNDLED.len(), "a sample is missing or not listed");
        for name in bundled_names() {
            let (manifest, module) =
                bundled(name).unwrap_or_else(|| panic!("{name}: manifest does not parse"));
            ModuleDescriptor::parse(module).unwrap_or_else(|e| panic!("{name}: {e}"));
            let sha256 = sha256_hex(module);
            assert_eq!(bundled_sha256(name), Some(sha256.as_str()), "{name}: not the committed bytes");
            assert!(crate::TWINS.iter().any(|t| t.module_sha256 == sha256), "{name} has no twin");
            let answers = manifest.expected_results.is_some() || manifest.expected_stdout.is_some();
            assert!(answers || !manifest.sizes.is_empty(), "{name} has no right answer");
            for (size, spec) in &manifest.sizes {
                assert!(crate::SIZES.contains(&size.as_str()), "{name}: no size is called {size}");
                let answers = spec.expected_results.is_some() || spec.expected_stdout.is_some();
                assert!(answers, "{name}@{size} has no right answer");
            }
            assert!(manifest.sizes.is_empty() || manifest.sizes.contains_key("ci"), "{name} has no size ci");
        }
    }

    #[test]
    fn every_twin_has_its_module() {
        for (name, _) in crate::twins::all() {
            assert!(bundled_sha256(name).is_some(), "{name} is a twin of nothing");
        }
    }
}
