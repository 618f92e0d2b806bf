//! Compiled code as files: written beside, synced, renamed; never overwritten in place; authenticated before use.
//!
//! `artifacts/RUNTIME/aa/HASH.art`, where HASH is SHA-256 of the runtime's key (engine, version, flags, architecture,
//! CPU features) and the module's SHA-256. Content: magic `RUNOFFS1`, keyed BLAKE3 over key, module and envelope, the
//! envelope of `runoff_runtime::Artifact`.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use runoff_runtime::{Artifact, ArtifactKey, sha256_hex};

use super::{Secret, StoreError, io};

pub(super) const MAGIC: &[u8; 8] = b"RUNOFFS1";
pub(super) const HEADER: usize = 8 + 32;

/// What was looked for.
#[derive(Debug)]
pub enum Lookup {
    /// It is there and authentic.
    Hit(Box<Artifact>),
    /// It is not there.
    Miss,
    /// It was there and is not what it should be; it is in quarantine now.
    Corrupt(String),
}

/// What happened since the host started.
#[derive(Debug, Default)]
pub struct StoreCounters {
    /// Found and loaded.
    pub hits: AtomicU64,
    /// Not there.
    pub misses: AtomicU64,
    /// Put in quarantine.
    pub corrupt: AtomicU64,
    /// Could not be written.
    pub write_failures: AtomicU64,
}

/// The artifacts of one store.
#[derive(Debug)]
pub struct Artifacts {
    folder: PathBuf,
    secret: Secret,
    next: AtomicU64,
    /// What happened.
    pub counters: StoreCounters,
}

/// A runtime id as a folder's name.
pub(super) fn folder_name(runtime: &str) -> String {
    runtime.replace(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)), "-")
}

impl Artifacts {
    /// Opens the store in a folder; what writers that were killed left behind is removed, so nobody else may use it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(io(folder))?;
        let secret = Secret::of(folder)?;
        let parts = folder.join("parts");
        match fs::remove_dir_all(&parts) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(&parts)(e)),
            _ => fs::create_dir_all(&parts).map_err(io(&parts))?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            secret,
            next: AtomicU64::new(0),
            counters: StoreCounters::default(),
        })
    }

    /// Where an artifact lies.
    pub fn path(&self, runtime: &str, key: &ArtifactKey, module: &str) -> PathBuf {
        let name = sha256_hex(format!("{key}\n{module}").as_bytes());
        self.folder.join("artifacts").join(folder_name(runtime)).join(&name[..2]).join(format!("{name}.art"))
    }

    /// Whether there is one, without looking into it.
    pub fn has(&self, runtime: &str, key: &ArtifactKey, module: &str) -> bool {
        self.path(runtime, key, module).is_file()
    }

    /// Reads an artifact; only what this store wrote for this runtime and module comes back.
    pub fn get(&self, runtime: &str, key: &ArtifactKey, module: &str) -> Lookup {
        let path = self.path(runtime, key, module);
        let Ok(bytes) = fs::read(&path) else {
            self.counters.misses.fetch_add(1, Ordering::Relaxed);
            return Lookup::Miss;
        };
        match self.open_envelope(bytes, key, module) {
            Ok(artifact) => {
                self.counters.hits.fetch_add(1, Ordering::Relaxed);
                // For pruning by age; a store that cannot be written still serves.
                let _ =
                    File::options().append(true).open(&path).and_then(|f| f.set_modified(SystemTime::now()));
                Lookup::Hit(Box::new(artifact))
            }
            Err(reason) => {
                self.quarantine(runtime, key, module);
                Lookup::Corrupt(reason)
            }
        }
    }

    fn open_envelope(&self, mut bytes: Vec<u8>, key: &ArtifactKey, module: &str) -> Result<Artifact, String> {
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err("it is no artifact of a store".into());
        }
        let envelope = bytes.split_off(HEADER);
        let key = key.to_string();
        let parts: [&[u8]; 3] = [key.as_bytes(), module.as_bytes(), &envelope];
        let mut code = [0; 32];
        code.copy_from_slice(&bytes[8..HEADER]);
        if !self.secret.vouches(&parts, &code) {
            return Err("its authentication code is wrong".into());
        }
        Artifact::from_bytes(envelope).map_err(|e| e.to_string())
    }

    /// Moves an artifact out of the way, to be looked at.
    pub fn quarantine(&self, runtime: &str, key: &ArtifactKey, module: &str) {
        self.counters.corrupt.fetch_add(1, Ordering::Relaxed);
        let path = self.path(runtime, key, module);
        move_aside(&self.folder, &path);
    }

    /// Writes an artifact. A failure is counted and said, and nothing half written can be found.
    pub fn put(
        &self,
        runtime: &str,
        key: &ArtifactKey,
        module: &str,
        artifact: &Artifact,
    ) -> Result<(), StoreError> {
        let written = self.write(&self.path(runtime, key, module), key, module, artifact);
        if written.is_err() {
            self.counters.write_failures.fetch_add(1, Ordering::Relaxed);
        }
        written
    }

    fn write(
        &self,
        path: &Path,
        key: &ArtifactKey,
        module: &str,
        artifact: &Artifact,
    ) -> Result<(), StoreError> {
        let envelope = artifact.as_bytes();
        let code = self.secret.sign(&[key.to_string().as_bytes(), module.as_bytes(), envelope]);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let part = self.folder.join("parts").join(format!("{}-{number}", std::process::id()));
        let done = (|| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
            file.write_all(MAGIC)?;
            file.write_all(&code)?;
            file.write_all(envelope)?;
            file.sync_all()?;
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            fs::rename(&part, path)?;
            File::open(folder)?.sync_all()
        })();
        if done.is_err() {
            let _ = fs::remove_file(&part);
        }
        done.map_err(io(path))
    }
}

/// Moves a file of the store into its quarantine; removes it where that fails.
pub(super) fn move_aside(folder: &Path, path: &Path) {
    let aside = folder.join("quarantine");
    let name = path.file_name().unwrap_or_default();
    let moved = fs::create_dir_all(&aside).and_then(|()| fs::rename(path, aside.join(name)));
    if moved.is_err() {
        let _ = fs::remove_file(path);
    }
}
