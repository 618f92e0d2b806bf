//! Workloads that come with Runoff.

use crate::{BundledModule, Manifest};

/// One of them.
struct Bundle {
    /// Path of its manifest in the catalogue, which is its name: `SET/NAME`, or `NAME` for a sample.
    name: &'static str,
    manifest: &'static str,
    module: BundledModule,
    /// Committed checksum of the module, however it is kept.
    sha256: &'static str,
    /// For a module built at another optimisation level: the name of the workload at the usual one, and the level
    /// (`O0`, `O1`, `O2`, `Os`, or `simd` for level 3 with 128-bit vectors). It is in a set of its own, `SET-LEVEL`.
    variant_of: Option<(&'static str, &'static str)>,
}

/// Made by the build script, in the order of names.
static BUNDLED: &[Bundle] = include!(concat!(env!("OUT_DIR"), "/bundle.rs"));

/// The phase samples, in the order they are measured by default.
pub const SAMPLES: [&str; 4] = ["add-one", "fibonacci", "nbody", "fibo"];

/// Names of all bundled workloads: the samples first, then set by set; without other optimisation levels.
pub fn bundled_names() -> Vec<&'static str> {
    let sets = BUNDLED.iter().filter(|b| b.variant_of.is_none() && b.name.contains('/'));
    SAMPLES.into_iter().chain(sets.map(|b| b.name)).collect()
}

/// Names of the sets, the samples (`samples`) first, sets at other optimisation levels (`SET-LEVEL`) last.
pub fn set_names() -> Vec<&'static str> {
    let mut names = vec!["samples"];
    let (variants, usual): (Vec<_>, Vec<_>) = BUNDLED.iter().partition(|b| b.variant_of.is_some());
    for bundle in usual.into_iter().chain(variants) {
        if let Some((set, _)) = bundle.name.split_once('/').filter(|(set, _)| !names.contains(set)) {
            names.push(set);
        }
    }
    names
}

/// The workloads of a set; none when there is no such set.
pub fn set(name: &str) -> Vec<&'static str> {
    if name == "samples" {
        return SAMPLES.to_vec();
    }
    let of = |b: &&Bundle| b.name.split_once('/').is_some_and(|(set, _)| set == name);
    BUNDLED.iter().filter(of).map(|b| b.name).collect()
}

/// A bundled workload: its manifest and module. A manifest that does not parse is a broken build, which the
/// tests catch; here it is the same as an unknown name.
pub fn bundled(name: &str) -> Option<(Manifest, BundledModule)> {
    let bundle = BUNDLED.iter().find(|b| b.name == name)?;
    let mut manifest: Manifest = toml::from_str(bundle.manifest).ok()?;
    manifest.name = Some(name.to_owned());
    if let Some((_, level)) = bundle.variant_of {
        manifest.summary = format!("{} (at the level {level})", manifest.summary);
        // Published figures are about the usual level.
        manifest.published.clear();
    }
    Some((manifest, bundle.module))
}

/// For a bundled workload whose set is there at several optimisation levels: its name at the usual one, and the level
/// of its module (`O0`, `O1`, `O2`, `O3`, `Os`, `simd`).
pub fn level(name: &str) -> Option<(&'static str, &'static str)> {
    let bundle = BUNDLED.iter().find(|b| b.name == name)?;
    let others = || BUNDLED.iter().any(|b| b.variant_of.is_some_and(|(of, _)| of == name));
    bundle.variant_of.or_else(|| others().then_some((bundle.name, "O3")))
}

/// The manifest of a bundled workload as it is written.
pub fn bundled_manifest(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|b| b.name == name).map(|b| b.manifest)
}

/// Committed checksums of a bundled module at all its optimisation levels, lower-case hexadecimal.
pub(crate) fn bundled_sha256(name: &str) -> impl Iterator<Item = &'static str> {
    BUNDLED
        .iter()
        .filter(move |b| b.name == name || b.variant_of.is_some_and(|(of, _)| of == name))
        .map(|b| b.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use runoff_runtime::{ModuleDescriptor, sha256_hex};

    #[test]
    fn every_bundled_workload_is_whole() {
        let usual = BUNDLED.iter().filter(|b| b.variant_of.is_none()).count();
        assert_eq!(bundled_names().len(), usual, "a sample is missing or not listed");
        for Bundle { name, sha256: committed, .. } in BUNDLED {
            let (manifest, module) =
                bundled(name).unwrap_or_else(|| panic!("{name}: manifest does not parse"));
            let bytes = module.bytes().unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(bytes.len() as u64, module.size(), "{name}");
            ModuleDescriptor::parse(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
            let sha256 = sha256_hex(&bytes);
            assert_eq!(*committed, sha256, "{name}: not the committed bytes");
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
            assert!(bundled_sha256(name).next().is_some(), "{name} is a twin of nothing");
        }
    }

    /// A level is a choice of modules, not of workloads: each set has its names once more, and nothing else.
    #[test]
    fn levels_are_sets_with_the_same_workloads() {
        for Bundle { name, variant_of, sha256, .. } in BUNDLED {
            let Some((of, level)) = variant_of else { continue };
            let (set, workload) = of.split_once('/').expect("samples have no levels");
            assert_eq!(*name, format!("{set}-{level}/{workload}"));
            let usual = BUNDLED.iter().find(|b| b.name == *of).expect("the usual level");
            assert_ne!(usual.sha256, *sha256, "{name} is the module of the usual level");
            assert_eq!(super::level(of), Some((*of, "O3")));
        }
        for level in set_names().into_iter().filter(|set| set.contains('-')) {
            let usual = level.split_once('-').map_or("", |(set, _)| set);
            let names = |set: &str| -> Vec<_> {
                super::set(set).into_iter().filter_map(|w| w.split_once('/')).map(|(_, name)| name).collect()
            };
            assert_eq!(names(level), names(usual), "{level} is not complete: run guests/levels.sh");
        }
    }
}
