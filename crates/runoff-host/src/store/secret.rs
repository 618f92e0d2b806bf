//! The key artifacts are authenticated with: an artifact is native code, and loading one runs it.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use blake3::{Hash, Hasher};
use rand::TryRng;

use super::{StoreError, io};

/// The key of one store; never leaves its folder.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// So many random bytes from the system.
pub(crate) fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}

/// Creates a file only its owner reads, whole and on disk; `false` when it is there already.
pub(crate) fn create_private(path: &Path, content: &[u8]) -> std::io::Result<bool> {
    use std::os::unix::fs::OpenOptionsExt;
    let folder = path.parent().unwrap_or(Path::new("."));
    // Written beside and linked: a host that starts at the same time sees all of it or nothing.
    let beside = path.with_extension(format!("{}-{}.tmp", std::process::id(), hex::encode(random::<4>()?)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let made =
        file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    match made {
        Ok(()) => {}
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return removed.map(|()| false),
        Err(e) => return Err(e),
    }
    removed.and_then(|()| fs::File::open(folder)?.sync_all()).map(|()| true)
}

impl Secret {
    /// Reads the key of a store, or makes one.
    pub fn of(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("secret.key");
        if !path.exists() {
            let fresh = random::<32>().map_err(io(&path))?;
            create_private(&path, &fresh).map_err(io(&path))?;
        }
        let bytes = fs::read(&path).map_err(io(&path))?;
        bytes.try_into().map(Self).map_err(|_| StoreError::Secret(path))
    }

    fn mac(&self, parts: &[&[u8]]) -> Hash {
        let mut mac = Hasher::new_keyed(&self.0);
        for part in parts {
            // With its length before it, no part can pass for the end of another.
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize()
    }

    /// The code that vouches for these parts: keyed BLAKE3.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        *self.mac(parts).as_bytes()
    }

    /// Whether a code vouches for these parts; takes the same time however much of it is right.
    pub fn vouches(&self, parts: &[&[u8]], code: &[u8; 32]) -> bool {
        self.mac(parts) == Hash::from_bytes(*code)
    }
}
