//! What `runoff cache` does: it works on the files alone, also while a host runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use runoff_runtime::Artifact;

use super::artifacts::{HEADER, MAGIC, move_aside};
use super::{Secret, StoreError, io};

/// One artifact of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its file.
    pub path: PathBuf,
    /// What it was made with: runtime, version, flags, CPU features; empty when it cannot be read.
    pub key: String,
    /// SHA-256 of the code it was made from, hexadecimal.
    pub module: String,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// When it was last used.
    pub used: SystemTime,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The artifact.
    pub artifact: Listed,
    /// What is wrong with it; `None` when it is authentic.
    pub problem: Option<String>,
}

/// What pruning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Artifacts removed.
    pub removed: u64,
    /// Their bytes.
    pub freed: u64,
    /// Bytes left.
    pub left: u64,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(io(folder)(e)),
    };
    for entry in entries {
        let path = entry.map_err(io(folder))?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "art") {
            found.push(path);
        }
    }
    Ok(())
}

/// Parts of a file: code, envelope; what is wrong with it, in words.
fn open(bytes: &[u8]) -> Result<([u8; 32], Artifact), String> {
    if bytes.len() < HEADER || &bytes[..8] != MAGIC {
        return Err("it is no artifact of a store".into());
    }
    let mut code = [0; 32];
    code.copy_from_slice(&bytes[8..HEADER]);
    Artifact::from_bytes(bytes[HEADER..].to_vec()).map(|a| (code, a)).map_err(|e| e.to_string())
}

fn listed(path: PathBuf, artifact: Option<&Artifact>, bytes: u64) -> Listed {
    let used = fs::metadata(&path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let key = artifact.map(|a| a.key().to_owned()).unwrap_or_default();
    let module = artifact.map(|a| hex::encode(a.module_sha256())).unwrap_or_default();
    Listed { path, key, module, bytes, used }
}

/// Every artifact in a store's folder, checked, in the order of their paths.
pub fn verify(folder: &Path) -> Result<Vec<Finding>, StoreError> {
    let mut paths = Vec::new();
    files(&folder.join("artifacts"), &mut paths)?;
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    paths.sort();
    let secret = Secret::of(folder)?;
    let check = |path: PathBuf| {
        // One that went meanwhile is no finding.
        let bytes = fs::read(&path).ok()?;
        let length = bytes.len() as u64;
        Some(match open(&bytes) {
            Err(words) => Finding { artifact: listed(path, None, length), problem: Some(words) },
            Ok((code, artifact)) => {
                let found = listed(path, Some(&artifact), length);
                let parts: [&[u8]; 3] = [found.key.as_bytes(), found.module.as_bytes(), artifact.as_bytes()];
                let wrong =
                    (!secret.vouches(&parts, &code)).then(|| "its authentication code is wrong".into());
                let name = runoff_runtime::sha256_hex(format!("{}\n{}", found.key, found.module).as_bytes());
                let swapped = found.path.file_stem().is_none_or(|stem| *stem != *name);
                let moved = swapped.then(|| "it is an artifact of something else".to_owned());
                Finding { artifact: found, problem: wrong.or(moved) }
            }
        })
    };
    Ok(paths.into_iter().filter_map(check).collect())
}

/// Every artifact in a store's folder.
pub fn list(folder: &Path) -> Result<Vec<Listed>, StoreError> {
    Ok(verify(folder)?.into_iter().map(|f| f.artifact).collect())
}

/// Removes damaged artifacts, those not used for longer than `age`, and the longest unused until at most `bytes` are
/// left.
pub fn prune(folder: &Path, age: Option<Duration>, bytes: Option<u64>) -> Result<Pruned, StoreError> {
    let mut pruned = Pruned::default();
    let mut kept = Vec::new();
    let now = SystemTime::now();
    for finding in verify(folder)? {
        let artifact = finding.artifact;
        let rested = now.duration_since(artifact.used).unwrap_or_default();
        if finding.problem.is_some() {
            move_aside(folder, &artifact.path);
        } else if age.is_some_and(|age| rested > age) {
            fs::remove_file(&artifact.path).map_err(io(&artifact.path))?;
        } else {
            kept.push(artifact);
            continue;
        }
        pruned.removed += 1;
        pruned.freed += artifact.bytes;
    }
    kept.sort_by_key(|a| a.used);
    pruned.left = kept.iter().map(|a| a.bytes).sum();
    for artifact in kept {
        if bytes.is_none_or(|most| pruned.left <= most) {
            break;
        }
        fs::remove_file(&artifact.path).map_err(io(&artifact.path))?;
        pruned.removed += 1;
        pruned.freed += artifact.bytes;
        pruned.left -= artifact.bytes;
    }
    Ok(pruned)
}

/// Removes all artifacts and what is in quarantine; profiles stay.
pub fn clear(folder: &Path) -> Result<Pruned, StoreError> {
    let all = list(folder)?;
    for part in ["artifacts", "quarantine"] {
        let path = folder.join(part);
        match fs::remove_dir_all(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(&path)(e)),
            _ => {}
        }
    }
    Ok(Pruned { removed: all.len() as u64, freed: all.iter().map(|a| a.bytes).sum(), left: 0 })
}
