//! Listing directories in pages.

mod harness;

use std::collections::BTreeMap;
use std::fs;

use harness::{Guest, SUCCESS};
use runoff_wasi::WasiConfig;

/// Reads a listing with a buffer of this size; each name with how often it came.
fn listing(guest: &mut Guest, buffer: usize) -> BTreeMap<String, u32> {
    let (mut names, mut cookie) = (BTreeMap::new(), 0_u64);
    loop {
        assert_eq!(guest.call("fd_readdir", &[3, 1_000, buffer as u64, cookie, 0]), SUCCESS);
        let used = guest.u32(0) as usize;
        let (mut at, mut progress) = (0, false);
        // Entries: next cookie, inode, length of the name, type; then the name. The last may be cut.
        while at + 24 <= used {
            let (next, length) = (guest.u64(1_000 + at), guest.u32(1_000 + at + 16) as usize);
            if at + 24 + length > used {
                break;
            }
            let name = String::from_utf8(guest.bytes(1_000 + at + 24, length).to_vec()).expect("UTF-8");
            *names.entry(name).or_insert(0) += 1;
            (cookie, progress) = (next, true);
            at += 24 + length;
        }
        if used < buffer {
            return names;
        }
        assert!(progress, "a buffer of {buffer} bytes never ends");
    }
}

#[test]
fn every_entry_comes_once_whatever_the_buffer() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wanted: BTreeMap<String, u32> = [(".".to_owned(), 1), ("..".to_owned(), 1)].into();
    for i in 0..40 {
        let name = format!("{}{i}", "long".repeat(i % 9));
        fs::write(folder.path().join(&name), "").expect("a file");
        wanted.insert(name, 1);
    }
    for buffer in [64, 100, 333, 4_096, 60_000] {
        let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
        assert_eq!(listing(&mut guest, buffer), wanted, "buffer of {buffer}");
    }
}
