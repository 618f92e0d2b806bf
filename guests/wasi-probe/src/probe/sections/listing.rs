//! Reading directories: what is listed, cookies, and buffers too small for it.

use crate::fd;
use crate::path;
use crate::report::{check, line};
use crate::words::{Bytes, DIRECTORY, Fd, IS_DIRECTORY, NOFOLLOW, SANDBOX};
use runoff_guest_wasi_probe::{Dirent, filetype};

const ENTRIES: usize = 32;
const NAME: usize = 64;
const FILES: [&[u8]; 4] = [b"a", b"bb", b"a-name-of-33-bytes-in-total------", b"\xc3\xa4"];

#[derive(Clone, Copy)]
struct Entry {
    head: Dirent,
    name: [u8; NAME],
}

impl Entry {
    fn name(&self) -> &[u8] {
        &self.name[..(self.head.name_len as usize).min(NAME)]
    }

    fn is_dots(&self) -> bool {
        matches!(self.name(), b"." | b"..")
    }
}

/// A listing in the order in which it was read, which is up to the file system.
struct Listing {
    entries: [Entry; ENTRIES],
    len: usize,
}

impl Listing {
    const fn new() -> Self {
        let head = Dirent { next: 0, ino: 0, name_len: 0, filetype: 0 };
        Self { entries: [Entry { head, name: [0; NAME] }; ENTRIES], len: 0 }
    }

    fn push(&mut self, head: Dirent, name: &[u8]) {
        if let Some(entry) = self.entries.get_mut(self.len) {
            *entry = Entry { head, name: [0; NAME] };
            let len = name.len().min(NAME);
            entry.name[..len].copy_from_slice(&name[..len]);
            self.len += 1;
        }
    }

    fn entries(&self) -> &[Entry] {
        &self.entries[..self.len]
    }

    fn same_names(&self, other: &[Entry]) -> bool {
        self.len == other.len() && self.entries().iter().zip(other).all(|(a, b)| a.name() == b.name())
    }
}

/// Lists from `cookie` with a buffer of the given size, as a C library does: an entry cut off at the end of the
/// buffer is read again from the cookie of the one before it. `None` when it fails or does not get on.
fn list(dir: Fd, mut cookie: u64, buffer_len: usize) -> Option<Listing> {
    let mut listing = Listing::new();
    let mut buffer = [0_u8; 2048];
    for _ in 0..1000 {
        let buffer = &mut buffer[..buffer_len];
        let (errno, used) = fd::readdir(dir, buffer, cookie);
        if errno != 0 || used > buffer_len {
            return None;
        }
        let before = listing.len;
        let mut rest = &buffer[..used];
        while let Some((head, name, after)) = Dirent::split_first(rest) {
            listing.push(head, name);
            cookie = head.next;
            rest = after;
        }
        // Less than the buffer holds is the sign that nothing follows.
        if used < buffer_len {
            return Some(listing);
        }
        if listing.len == before {
            return None;
        }
    }
    None
}

/// How many entries a directory has besides `.` and `..`.
pub(super) fn count(dir: Fd) -> Option<usize> {
    Some(list(dir, 0, 2048)?.entries().iter().filter(|entry| !entry.is_dots()).count())
}

/// Prints the entries, sorted by name.
fn print(listing: &mut Listing) {
    let len = listing.len;
    listing.entries[..len].sort_unstable_by(|a, b| a.name().cmp(b.name()));
    for entry in listing.entries() {
        line(format_args!("  {} {}", Bytes(entry.name()), filetype(entry.head.filetype)));
    }
}

pub(crate) fn listing() {
    path::create_directory(SANDBOX, b"d");
    let d = path::open(SANDBOX, b"d", IS_DIRECTORY, DIRECTORY);
    line(format_args!("an empty directory lists:"));
    if let Some(mut empty) = list(d, 0, 2048) {
        print(&mut empty);
    }

    for name in FILES {
        path::make(d, name, b"");
    }
    path::create_directory(d, b"sub");
    path::symlink(b"a", d, b"to-a");
    line(format_args!("with entries it lists:"));
    let Some(mut whole) = list(d, 0, 2048) else {
        check("a directory can be listed", false);
        return;
    };
    cookies(d, &whole);
    buffers(d, &whole);
    inodes(d, &whole);
    print(&mut whole);

    path::unlink(d, b"to-a");
    path::remove_directory(d, b"sub");
    for name in FILES {
        path::unlink(d, name);
    }
    fd::close(d);
    path::remove_directory(SANDBOX, b"d");
}

fn cookies(d: Fd, whole: &Listing) {
    let resumed = whole.entries().iter().enumerate().all(|(index, entry)| {
        list(d, entry.head.next, 2048).is_some_and(|rest| rest.same_names(&whole.entries()[index + 1..]))
    });
    check("from every cookie the rest is listed", resumed);
    check(
        "starting over lists the same",
        list(d, 0, 2048).is_some_and(|again| again.same_names(whole.entries())),
    );
}

/// Buffers of every size that ends within the first entries, and listing with the smallest that holds one.
fn buffers(d: Fd, whole: &Listing) {
    let mut reference = [0_u8; 2048];
    let total = fd::readdir(d, &mut reference, 0).1;
    let filled = (0..=total).all(|len| {
        let mut buffer = [0xee_u8; 2048];
        let (errno, used) = fd::readdir(d, &mut buffer[..len], 0);
        errno == 0 && used == len && buffer[..len] == reference[..len] && buffer[len] == 0xee
    });
    check("a small buffer is filled with the beginning", filled);
    for len in [0, 1, 23, 24, 25] {
        let (errno, used) = fd::readdir(d, &mut [0; 32][..len], 0);
        fd::print_readdir(d, len, 0, errno, used);
    }
    let largest = Dirent::BYTES + 33;
    let piecewise = (largest..largest + 60)
        .all(|len| list(d, 0, len).is_some_and(|listing| listing.same_names(whole.entries())));
    check("buffers for one entry or a few list the same", piecewise);
}

fn inodes(d: Fd, whole: &Listing) {
    let same = whole.entries().iter().filter(|entry| !entry.is_dots()).all(|entry| {
        let (errno, stat) = path::filestat_quietly(d, NOFOLLOW, entry.name());
        errno == 0 && (stat.ino, stat.filetype) == (entry.head.ino, entry.head.filetype)
    });
    check("inodes and types are those of filestat", same);
    let device = fd::filestat(d).map(|stat| stat.dev);
    let file = path::filestat(d, b"a").map(|stat| stat.dev);
    check("a directory and a file in it are on one device", device.is_some() && device == file);
}
