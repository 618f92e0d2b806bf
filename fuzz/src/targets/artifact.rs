//! The envelope of saved code: kept whole or refused.

use runoff_runtime::fake::{FakeRuntime, FakeScript};
use runoff_runtime::{Artifact, ArtifactKey, ManualClock, Runtime};

pub(crate) fn run(bytes: &[u8]) {
    if let Ok(artifact) = Artifact::from_bytes(bytes.to_vec()) {
        assert_eq!(artifact.as_bytes(), bytes);
        assert_eq!(artifact.module_sha256().len(), 32);
        assert!(artifact.key().len() + artifact.payload_len() < bytes.len());
    }
    // Random bytes have no right checksum: a real envelope is made of them, and one byte of it changed.
    let [at, high, change, payload @ ..] = bytes else { return };
    let fake = FakeRuntime::new("fake", ManualClock::default(), FakeScript::default());
    let key = ArtifactKey::of(&fake.info().identity);
    let artifact = Artifact::new(&key, [*at; 32], payload);
    let mut envelope = artifact.as_bytes().to_vec();
    let back = Artifact::from_bytes(envelope.clone()).expect("what was made is read");
    assert_eq!(back.payload(&key), Ok(payload));
    let at = usize::from(u16::from_le_bytes([*at, *high])) % envelope.len();
    envelope[at] ^= change;
    assert_eq!(Artifact::from_bytes(envelope).is_ok(), *change == 0, "byte {at} changed by {change:#x}");
    assert!(Artifact::from_bytes(artifact.as_bytes()[..at].to_vec()).is_err(), "cut at {at}");
}
