//! Files that nobody but the host's user should read.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Says so when others may read or write a file; `words` is what that would mean.
pub(super) fn warn(path: &Path, words: &str) {
    if is_open(path) {
        let path = path.display();
        crate::say(&format!("others may read or write {path}: `chmod 600 {path}`; {words}"));
    }
}

fn is_open(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_open_when_others_may_read_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, open) in [(0o600, false), (0o640, true), (0o604, true), (0o602, true)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open(file.path()), open, "{mode:o}");
        }
        assert!(!is_open(Path::new("/nowhere")));
    }
}
