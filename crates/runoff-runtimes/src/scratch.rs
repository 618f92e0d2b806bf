//! Folders for what a run needs only while it lasts.
//!
//! A process that is killed leaves its folders behind. Each holds a locked file, and a lock ends with its process however
//! that ends: a folder whose lock is free belongs to nobody, and a later run removes it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Begins the name of a folder whose file is locked.
const WHOLE: &str = "runoff-scratch-";

/// Begins the name of one whose file is not locked yet, so that nobody takes it for one that was left behind.
const NEW: &str = "runoff-new-";

/// The locked file.
const LOCK: &str = "lock";

/// A folder without the file that is this old was left while it was made or removed.
const OLD: Duration = Duration::from_hours(24);

/// A folder that goes when this is dropped, or with the next [`sweep`] after its process was killed.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    /// Held as long as the folder is needed. A system without such locks keeps what is left behind.
    _lock: File,
}

impl Scratch {
    /// A new folder among the system's temporary files.
    pub fn new() -> io::Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    fn within(folder: &Path) -> io::Result<Self> {
        let new = tempfile::Builder::new().prefix(NEW).tempdir_in(folder)?;
        let lock = File::create_new(new.path().join(LOCK))?;
        let _ = lock.lock();
        let name = new.path().file_name().unwrap_or_default().to_string_lossy().replacen(NEW, WHOLE, 1);
        let path = folder.join(name);
        fs::rename(new.path(), &path)?;
        // Under its first name nothing is left to be removed.
        let _ = new.keep();
        Ok(Self { path, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed by a later run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders of processes that are gone. What cannot be removed is left to whom it belongs.
pub fn sweep() {
    within(&std::env::temp_dir());
}

fn within(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = name.starts_with(WHOLE) || name.starts_with(NEW);
        // A link is not followed: it may lead anywhere.
        if ours && entry.file_type().is_ok_and(|t| t.is_dir()) {
            remove_abandoned(&entry.path(), name.starts_with(WHOLE));
        }
    }
}

fn remove_abandoned(folder: &Path, whole: bool) {
    let path = folder.join(LOCK);
    let lock = fs::symlink_metadata(&path).is_ok_and(|file| file.is_file()).then(|| File::open(&path));
    let (abandoned, _lock) = match lock {
        Some(Ok(lock)) if whole => (lock.try_lock().is_ok(), Some(lock)),
        // Another user's.
        Some(Err(_)) => (false, None),
        _ => (is_old(folder), None),
    };
    if abandoned {
        let _ = fs::remove_dir_all(folder);
    }
}

fn is_old(folder: &Path) -> bool {
    let changed = fs::symlink_metadata(folder).and_then(|of| of.modified());
    changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lasts_as_long_as_it_is_held() {
        let temp = tempfile::tempdir().expect("a folder");
        let scratch = Scratch::within(temp.path()).expect("a scratch folder");
        fs::write(scratch.path().join("file"), "content").expect("a file");
        within(temp.path());
        assert!(scratch.path().join("file").exists());
        assert_eq!(fs::read_dir(temp.path()).expect("the folder").count(), 1);
        drop(scratch);
        assert_eq!(fs::read_dir(temp.path()).expect("the folder").count(), 0);
    }

    #[test]
    fn what_nobody_holds_is_removed_and_nothing_else() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = |name: &str, lock: bool| {
            let path = temp.path().join(name);
            fs::create_dir_all(path.join("inner")).expect("a folder");
            if lock {
                fs::write(path.join(LOCK), "").expect("a file");
            }
            path
        };
        let old = std::time::SystemTime::now() - 2 * OLD;
        let aged = |path: PathBuf| {
            File::open(&path).and_then(|f| f.set_modified(old)).expect("an old folder");
            path
        };
        let gone = [
            folder("runoff-scratch-a", true),
            aged(folder("runoff-scratch-b", false)),
            aged(folder("runoff-new-c", false)),
            aged(folder("runoff-new-d", true)),
        ];
        let kept = [
            folder("runoff-scratch-e", false),
            folder("runoff-new-f", true),
            aged(folder("runoff-results", true)),
            aged(folder("other", true)),
        ];
        within(temp.path());
        assert!(gone.iter().all(|path| !path.exists()), "{gone:?}");
        assert!(kept.iter().all(|path| path.join("inner").exists()), "{kept:?}");
    }
}
