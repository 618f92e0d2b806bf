//! Files a workload finds beside itself.

use std::path::{Path, PathBuf};
use std::{fs, io};

use runoff_data::PlannedWorkload;

/// Largest file and largest sum of files that are copied for every run, bytes.
const MAX_BYTES: u64 = 1 << 30;

/// Copies a workload's files into `folder`, which is made and becomes the guest's `.`: what it writes there is gone
/// after the run, and every run starts with the same. `None` when it has no files.
pub fn furnish(workload: &PlannedWorkload, folder: &Path) -> Result<Option<PlannedWorkload>, String> {
    if workload.files.is_empty() {
        return Ok(None);
    }
    let failed = |path: &Path, e: io::Error| format!("{}: {e}", path.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| failed(folder, e))?;
    }
    let mut bytes = 0;
    for (host, guest) in &workload.files {
        let (host, to) = (Path::new(host), inside(folder, guest)?);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
        }
        bytes += fs::metadata(host).map_err(|e| format!("cannot read its file {}", failed(host, e)))?.len();
        if bytes > MAX_BYTES {
            return Err(format!("its files are larger than {MAX_BYTES} bytes; preopen their folder instead"));
        }
        fs::copy(host, &to).map_err(|e| failed(host, e))?;
    }
    let mut furnished = workload.clone();
    furnished.dirs.push((folder.display().to_string(), ".".into()));
    Ok(Some(furnished))
}

/// A guest's path in the folder, when it stays inside.
pub(crate) fn inside(folder: &Path, guest: &str) -> Result<PathBuf, String> {
    let path = Path::new(guest);
    let plain = path.components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if plain && !guest.is_empty() {
        Ok(folder.join(path))
    } else {
        Err(format!("`{guest}` is no path inside the guest's folder"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_starts_with_the_same_files() {
        let host = tempfile::tempdir().expect("tempdir");
        let input = host.path().join("default.input");
        fs::write(&input, "hello").expect("write");
        let workload = PlannedWorkload {
            files: vec![(input.display().to_string(), "in/put".into())],
            ..PlannedWorkload::default()
        };
        let folder = host.path().join("run");
        for _ in 0..2 {
            let furnished = furnish(&workload, &folder).expect("furnish").expect("has files");
            assert_eq!(furnished.dirs, [(folder.display().to_string(), ".".into())]);
            assert_eq!(fs::read_to_string(folder.join("in/put")).expect("read"), "hello");
            assert!(!folder.join("left").exists());
            fs::write(folder.join("left"), "over").expect("write");
            fs::write(folder.join("in/put"), "changed").expect("write");
        }
        assert_eq!(fs::read_to_string(&input).expect("read"), "hello");
        assert_eq!(furnish(&PlannedWorkload::default(), &folder), Ok(None));
    }

    #[test]
    fn a_way_out_is_refused() {
        for path in ["../x", "/etc/x", "a/../../x", "", "."] {
            assert!(inside(Path::new("/f"), path).is_err(), "{path}");
        }
    }
}
