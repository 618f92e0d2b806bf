//! The committed modules of `guests/` as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Most bytes that all of them may have together, as they lie in the repository.
const LIMIT: u64 = 40_000_000;

const FOLDERS: [&str; 4] = ["prebuilt", "levels", "c/prebuilt", "foreign/prebuilt"];

/// Modules in a folder and below it, packed or not.
fn modules(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            modules(&path, found);
        } else if path.extension().is_some_and(|e| e == "wasm" || e == "gz") {
            found.push(path);
        }
    }
}

#[test]
fn all_prebuilt_guests_are_small_and_have_checksums() {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests");
    let mut total = 0;
    for folder in FOLDERS.map(|folder| guests.join(folder)) {
        let mut found = Vec::new();
        modules(&folder, &mut found);
        total += found.iter().map(|path| path.metadata().expect("a file").len()).sum::<u64>();
        let there: BTreeSet<String> = found
            .iter()
            .map(|path| path.strip_prefix(&folder).expect("below it").display().to_string())
            .collect();
        let sums = fs::read_to_string(folder.join("SHA256SUMS")).expect("checksums");
        let listed: BTreeSet<String> =
            sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, name)| name.to_owned()).collect();
        assert_eq!(there, listed, "{}", folder.display());
    }
    assert!(total > LIMIT / 10, "the folders have moved");
    assert!(total < LIMIT, "all prebuilt guests together have {total} bytes");
}
