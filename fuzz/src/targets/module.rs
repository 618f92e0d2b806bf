//! What a module says of itself, and whether a runtime can run it.

use std::collections::BTreeSet;

use runoff_runtime::{Feature, ModuleDescriptor, RuntimeError, check, required_features};

pub(crate) fn run(bytes: &[u8]) {
    let described = ModuleDescriptor::parse(bytes);
    let baseline: BTreeSet<_> = Feature::BASELINE.into_iter().collect();
    match check(bytes, &baseline) {
        // What the baseline accepts can be described, and needs nothing beyond it.
        Ok(()) => {
            let described = described.expect("a valid module is described");
            let _ = (described.exported_functions(), described.unlinkable());
            assert!(required_features(bytes).is_subset(&baseline));
        }
        // Malformed is malformed for both, at a place inside the bytes.
        Err(RuntimeError::Malformed { offset, .. }) => {
            assert!(described.is_err());
            assert!(offset.is_some_and(|at| at <= bytes.len() as u64), "{offset:?} of {}", bytes.len());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
