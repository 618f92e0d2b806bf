//! What a module says of itself.
#![no_main]

use std::collections::BTreeSet;

use runoff_runtime::{Feature, ModuleDescriptor, check, required_features};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let described = ModuleDescriptor::parse(bytes);
    let baseline: BTreeSet<_> = Feature::BASELINE.into_iter().collect();
    let checked = check(bytes, &baseline);
    // What the baseline accepts can be described, and needs nothing beyond it.
    if checked.is_ok() {
        assert!(described.is_ok());
        assert!(required_features(bytes).is_subset(&baseline));
    }
});
