//! Saved code in an envelope that says what it is.
//!
//! Layout (little-endian): magic `RUNOFFA1`, length of key (u32), length of payload (u64), XXH3-64 of key and
//! payload, 32 bytes SHA-256 of the module, key (UTF-8), payload. The checksum finds accidents, not attacks;
//! stores that keep artifacts authenticate them on top.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::Xxh3;

use crate::{ArtifactRefusal, Identity};

const MAGIC: &[u8; 8] = b"RUNOFFA1";
const HEADER: usize = 8 + 4 + 8 + 8 + 32;

/// What an artifact must match to be loaded: the text of [`Identity::artifact_key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactKey(String);

impl ArtifactKey {
    /// The key of a runtime.
    pub fn of(identity: &Identity) -> Self {
        Self(identity.artifact_key())
    }
}

impl std::fmt::Display for ArtifactKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Compiled code of one module for one runtime.
#[derive(Clone, PartialEq, Eq)]
pub struct Artifact {
    bytes: Vec<u8>,
    key_len: usize,
}

impl std::fmt::Debug for Artifact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Artifact")
            .field("key", &self.key())
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Artifact {
    /// Wraps an engine's payload.
    pub fn new(key: &ArtifactKey, module_sha256: [u8; 32], payload: &[u8]) -> Self {
        let key_len = key.0.len();
        let mut bytes = Vec::with_capacity(HEADER + key_len + payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(key_len as u32).to_le_bytes());
        bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&checksum(&module_sha256, key.0.as_bytes(), payload).to_le_bytes());
        bytes.extend_from_slice(&module_sha256);
        bytes.extend_from_slice(key.0.as_bytes());
        bytes.extend_from_slice(payload);
        Self { bytes, key_len }
    }

    /// Reads an envelope: refuses anything that is not whole.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ArtifactRefusal> {
        let found = bytes.len() as u64;
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err(ArtifactRefusal::NotAnArtifact);
        }
        let key_len = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
        let payload_len = u64_at(&bytes, 12);
        let expected = (HEADER as u64).saturating_add(key_len as u64).saturating_add(payload_len);
        if expected != found {
            return Err(ArtifactRefusal::Length { expected, found });
        }
        let sum = u64_at(&bytes, 20);
        let (sha, rest) = (&bytes[28..HEADER], &bytes[HEADER..]);
        if checksum(sha, &rest[..key_len], &rest[key_len..]) != sum
            || std::str::from_utf8(&rest[..key_len]).is_err()
        {
            return Err(ArtifactRefusal::Damaged);
        }
        Ok(Self { bytes, key_len })
    }

    /// The whole envelope.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key it was made with.
    pub fn key(&self) -> &str {
        std::str::from_utf8(&self.bytes[HEADER..HEADER + self.key_len]).unwrap_or_default()
    }

    /// SHA-256 of the module it was made from.
    pub fn module_sha256(&self) -> &[u8] {
        &self.bytes[28..HEADER]
    }

    /// The engine's bytes, if this artifact was made with `key`.
    pub fn payload(&self, key: &ArtifactKey) -> Result<&[u8], ArtifactRefusal> {
        if self.key() != key.0 {
            return Err(ArtifactRefusal::Foreign { expected: key.0.clone(), found: self.key().to_owned() });
        }
        Ok(&self.bytes[HEADER + self.key_len..])
    }

    /// Length of the engine's bytes alone.
    pub fn payload_len(&self) -> usize {
        self.bytes.len() - HEADER - self.key_len
    }
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

fn checksum(sha: &[u8], key: &[u8], payload: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(sha);
    hash.update(key);
    hash.update(payload);
    hash.digest()
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn artifact(payload: &[u8]) -> (ArtifactKey, Artifact) {
        let key = ArtifactKey("fake 1".into());
        let artifact = Artifact::new(&key, [7; 32], payload);
        (key, artifact)
    }

    #[test]
    fn another_key_is_foreign() {
        let (_, artifact) = artifact(b"code");
        let other = ArtifactKey("fake 2".into());
        assert!(matches!(artifact.payload(&other), Err(ArtifactRefusal::Foreign { .. })));
    }

    proptest! {
        #[test]
        fn survives_a_round_trip(payload: Vec<u8>) {
            let (key, artifact) = artifact(&payload);
            let back = Artifact::from_bytes(artifact.as_bytes().to_vec()).unwrap();
            prop_assert_eq!(back.payload(&key).unwrap(), &payload[..]);
        }

        #[test]
        fn any_flipped_bit_or_cut_is_refused(payload: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
            let (_, artifact) = artifact(&payload);
            let mut flipped = artifact.as_bytes().to_vec();
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            prop_assert!(Artifact::from_bytes(flipped).is_err());
            prop_assert!(Artifact::from_bytes(artifact.as_bytes()[..at].to_vec()).is_err());
        }

        #[test]
        fn any_bytes_are_answered(bytes: Vec<u8>) {
            let _ = Artifact::from_bytes(bytes);
        }
    }
}
