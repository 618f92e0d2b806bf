//! Listing directories in pages.

mod harness;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use harness::{BADF, DIRECTORY, FAULT, NOTDIR, World};
use harness::{Guest, IS_DIRECTORY, IS_FILE, IS_LINK, NO_WRITING, NOTCAPABLE, OPEN, Open, ROOT, SUCCESS};
use runoff_wasi::WasiConfig;

const BUFFER: usize = 1_000;

/// One page: what is complete in it (cookie of the next, name, type), and whether the buffer was filled.
fn page(guest: &mut Guest, fd: u64, room: usize, cookie: u64) -> (Vec<(u64, String, u8)>, bool) {
    assert_eq!(guest.call("fd_readdir", &[fd, BUFFER as u64, room as u64, cookie, 0]), SUCCESS);
    let used = guest.u32(0) as usize;
    let (mut at, mut found) = (0, Vec::new());
    // Entries: next cookie, inode, length of the name, type; then the name. The last may be cut.
    while at + 24 <= used {
        let (next, length) = (guest.u64(BUFFER + at), guest.u32(BUFFER + at + 16) as usize);
        if at + 24 + length > used {
            break;
        }
        let name = String::from_utf8(guest.bytes(BUFFER + at + 24, length).to_vec()).expect("UTF-8");
        found.push((next, name, guest.memory[BUFFER + at + 20]));
        at += 24 + length;
    }
    (found, used == room)
}

/// Reads a whole listing with a buffer of this size; after each page something may happen to the names in it.
fn listing(guest: &mut Guest, room: usize, mut after: impl FnMut(&mut Guest, &str)) -> BTreeMap<String, u32> {
    let (mut names, mut cookie) = (BTreeMap::new(), 0);
    loop {
        let (found, filled) = page(guest, ROOT, room, cookie);
        for (next, name, _) in &found {
            *names.entry(name.clone()).or_insert(0) += 1;
            cookie = *next;
            after(guest, name);
        }
        if !filled {
            return names;
        }
        assert!(!found.is_empty(), "a buffer of {room} bytes never ends");
    }
}

/// A folder of 40 files with names of different lengths; and how often each must come.
fn many() -> (tempfile::TempDir, BTreeMap<String, u32>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wanted: BTreeMap<String, u32> = [(".".to_owned(), 1), ("..".to_owned(), 1)].into();
    for i in 0..40 {
        let name = format!("{}{i}", "long".repeat(i % 9));
        fs::write(folder.path().join(&name), "").expect("a file");
        wanted.insert(name, 1);
    }
    (folder, wanted)
}

#[test]
fn every_entry_comes_once_whatever_the_buffer() {
    let (folder, wanted) = many();
    for room in [64, 65, 100, 333, 4_096, 60_000] {
        let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
        assert_eq!(listing(&mut guest, room, |_, _| ()), wanted, "buffer of {room}");
    }
}

#[test]
fn deleting_while_reading_misses_nothing() {
    for room in [64, 333, 4_096] {
        let (folder, wanted) = many();
        let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
        let found = listing(&mut guest, room, |guest, name| {
            if !name.starts_with('.') {
                assert_eq!(guest.unlink(name), SUCCESS, "{name}");
            }
        });
        assert_eq!(found, wanted, "buffer of {room}");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }
}

#[test]
fn starting_over_shows_what_has_changed() {
    let (folder, wanted) = many();
    let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
    assert!(!page(&mut guest, ROOT, 200, 0).0.is_empty());
    guest.save("0-new", b"");
    assert_eq!(listing(&mut guest, 300, |_, _| ()).len(), wanted.len() + 1);
}

#[test]
fn the_last_entry_is_cut_where_the_buffer_ends() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.call("fd_readdir", &[ROOT, BUFFER as u64, 2_000, 0, 0]), SUCCESS);
    let used = guest.u32(0) as usize;
    let whole = guest.bytes(BUFFER, used).to_vec();
    for room in 0..=used {
        guest.memory[BUFFER..BUFFER + 2_000].fill(0xee);
        assert_eq!(guest.call("fd_readdir", &[ROOT, BUFFER as u64, room as u64, 0, 0]), SUCCESS);
        assert_eq!(guest.u32(0) as usize, room, "a filled buffer asks to be called again");
        assert_eq!(guest.bytes(BUFFER, room), &whole[..room]);
        assert_eq!(guest.memory[BUFFER + room], 0xee, "nothing is written behind it");
    }
}

#[test]
fn every_cookie_continues_behind_its_entry() {
    let (folder, _) = many();
    let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
    let (all, _) = page(&mut guest, ROOT, 60_000, 0);
    for (i, (cookie, ..)) in all.iter().enumerate() {
        assert_eq!(page(&mut guest, ROOT, 60_000, *cookie).0, all[i + 1..]);
        // A descriptor that has read nothing yet understands it too.
        let mut fresh = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
        assert_eq!(page(&mut fresh, ROOT, 60_000, *cookie).0, all[i + 1..]);
    }
    for cookie in [1_000, u64::MAX - 1, u64::MAX] {
        assert_eq!(page(&mut guest, ROOT, 60_000, cookie), (Vec::new(), false), "{cookie}");
    }
}

#[test]
fn types_are_told_and_links_not_followed() {
    let world = World::with_links();
    let (found, _) = page(&mut world.guest(), ROOT, 60_000, 0);
    for (_, name, ty) in found {
        let expected = match name.as_str() {
            "." | ".." | "dir" => IS_DIRECTORY,
            "file" => IS_FILE,
            _ => IS_LINK,
        };
        assert_eq!(ty, expected, "{name}");
    }
}

#[test]
fn the_parent_of_the_root_is_not_told() {
    let world = World::new();
    let mut guest = world.guest();
    let own = guest.stat(".", true).expect("the root").inode;
    page(&mut guest, ROOT, 2_000, 0);
    // The second entry is `..`.
    assert_eq!([guest.u64(BUFFER + 8), guest.u64(BUFFER + 25 + 8)], [own, own]);
}

#[test]
fn names_outside_utf8_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xff")), "").expect("a file");
    fs::write(folder.path().join("ä"), "").expect("a file");
    let mut guest = Guest::new(&WasiConfig::new().preopen(folder.path(), "/"));
    let names: Vec<String> = page(&mut guest, ROOT, 2_000, 0).0.into_iter().map(|entry| entry.1).collect();
    assert_eq!(names, [".", "..", "ä"]);
}

#[test]
fn what_is_no_directory_or_may_not_be_listed_is_refused() {
    let world = World::new();
    let mut guest = world.guest();
    let file = guest.open("file", 0, NO_WRITING).expect("the file");
    let blind = guest
        .open_as("dir", Open { flags: DIRECTORY, rights: NO_WRITING & !(1 << 14), ..OPEN })
        .expect("the directory");
    for (fd, expected) in [(file, NOTDIR), (0, NOTDIR), (blind, NOTCAPABLE), (99, BADF)] {
        assert_eq!(guest.call("fd_readdir", &[fd, 1_000, 100, 0, 0]), expected, "{fd}");
    }
    let far = u64::from(u32::MAX);
    for (buffer, room, used) in [(65_500, 100, 0), (far, far, 0), (0, far, 0), (1_000, 100, 65_533)] {
        assert_eq!(guest.call("fd_readdir", &[ROOT, buffer, room, 0, used]), FAULT, "{buffer} {room} {used}");
    }
}
