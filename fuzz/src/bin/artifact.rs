//! The envelope of saved code.
#![no_main]

use runoff_runtime::Artifact;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(artifact) = Artifact::from_bytes(bytes.to_vec()) {
        assert_eq!(artifact.as_bytes(), bytes);
        let _ = artifact.module_sha256();
    }
});
