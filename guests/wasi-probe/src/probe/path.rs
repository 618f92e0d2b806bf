//! The `path_*` calls, each printed as it is made.

use super::fd::Described;
use super::raw;
use super::report::called;
use super::words::{
    BOTH, Bytes, CREAT_EXCL, DIRECTORY, EXISTING, FOLLOW, Fd, Fdflags, Fstflags, Lookup, NOFOLLOW, Oflags,
    PLAIN, READ, Rights, right,
};
use runoff_guest_wasi_probe::{Filestat, Outcome};

/// Opens a path with every choice the call has.
pub(crate) fn open_with(
    dir: Fd,
    lookup: Lookup,
    path: &'static [u8],
    oflags: Oflags,
    rights: Rights,
    fdflags: Fdflags,
) -> Option<Fd> {
    let mut number = u32::MAX;
    let inheriting = if rights.0 == DIRECTORY.0 { right::INHERITED } else { 0 };
    // SAFETY: `path` is readable, and `number` takes the descriptor.
    let errno = unsafe {
        raw::path_open(
            dir.number,
            lookup.0,
            path.as_ptr(),
            path.len() as u32,
            oflags.0,
            rights.0,
            inheriting,
            fdflags.0,
            &raw mut number,
        )
    };
    called!(errno, "path_open({dir}, {lookup}, {}, {oflags}, {rights}, {fdflags})", Bytes(path));
    Outcome(errno).is_success().then(|| Fd::new(number, path))
}

/// Opens a path that is expected to exist or to be created. When it is not, the calls made with the result show
/// it, because no descriptor has its number.
pub(crate) fn open(dir: Fd, path: &'static [u8], oflags: Oflags, rights: Rights) -> Fd {
    open_with(dir, FOLLOW, path, oflags, rights, PLAIN).unwrap_or(Fd::new(u32::MAX, path))
}

/// Opens a path that is expected to be refused; if it is not, closes it again.
pub(crate) fn refused(dir: Fd, path: &'static [u8], oflags: Oflags, rights: Rights) {
    if let Some(fd) = open_with(dir, FOLLOW, path, oflags, rights, PLAIN) {
        super::fd::close(fd);
    }
}

/// Prints the content of a file, at most 64 bytes, by opening, reading and closing it.
pub(crate) fn show(dir: Fd, path: &'static [u8]) {
    if let Some(fd) = open_with(dir, FOLLOW, path, EXISTING, READ, PLAIN) {
        super::fd::read(fd, &[64]);
        super::fd::close(fd);
    }
}

/// Makes a file with a content.
pub(crate) fn make(dir: Fd, path: &'static [u8], content: &[u8]) {
    if let Some(fd) = open_with(dir, FOLLOW, path, CREAT_EXCL, BOTH, PLAIN) {
        super::fd::write(fd, &[content]);
        super::fd::close(fd);
    }
}

pub(crate) fn create_directory(dir: Fd, path: &[u8]) {
    // SAFETY: `path` is readable.
    let errno = unsafe { raw::path_create_directory(dir.number, path.as_ptr(), path.len() as u32) };
    called!(errno, "path_create_directory({dir}, {})", Bytes(path));
}

pub(crate) fn remove_directory(dir: Fd, path: &[u8]) {
    // SAFETY: `path` is readable.
    let errno = unsafe { raw::path_remove_directory(dir.number, path.as_ptr(), path.len() as u32) };
    called!(errno, "path_remove_directory({dir}, {})", Bytes(path));
}

pub(crate) fn unlink(dir: Fd, path: &[u8]) {
    // SAFETY: `path` is readable.
    let errno = unsafe { raw::path_unlink_file(dir.number, path.as_ptr(), path.len() as u32) };
    called!(errno, "path_unlink_file({dir}, {})", Bytes(path));
}

pub(crate) fn filestat_with(dir: Fd, lookup: Lookup, path: &[u8]) -> Option<Filestat> {
    let (errno, stat) = filestat_quietly(dir, lookup, path);
    called!(errno, "path_filestat_get({dir}, {lookup}, {})", Bytes(path); "{}", Described(&stat));
    Outcome(errno).is_success().then_some(stat)
}

pub(crate) fn filestat_quietly(dir: Fd, lookup: Lookup, path: &[u8]) -> (u32, Filestat) {
    let mut bytes = [0; Filestat::BYTES];
    // SAFETY: `path` is readable, and `bytes` has the size of a filestat.
    let errno = unsafe {
        raw::path_filestat_get(dir.number, lookup.0, path.as_ptr(), path.len() as u32, bytes.as_mut_ptr())
    };
    (errno, Filestat::read(&bytes))
}

pub(crate) fn filestat(dir: Fd, path: &[u8]) -> Option<Filestat> {
    filestat_with(dir, FOLLOW, path)
}

pub(crate) fn set_times(dir: Fd, lookup: Lookup, path: &[u8], atim: u64, mtim: u64, flags: Fstflags) {
    // SAFETY: `path` is readable.
    let errno = unsafe {
        raw::path_filestat_set_times(
            dir.number,
            lookup.0,
            path.as_ptr(),
            path.len() as u32,
            atim,
            mtim,
            flags.0,
        )
    };
    called!(errno, "path_filestat_set_times({dir}, {lookup}, {}, {atim}, {mtim}, {flags})", Bytes(path));
}

pub(crate) fn rename(from_dir: Fd, from: &[u8], to_dir: Fd, to: &[u8]) {
    // SAFETY: both paths are readable.
    let errno = unsafe {
        raw::path_rename(
            from_dir.number,
            from.as_ptr(),
            from.len() as u32,
            to_dir.number,
            to.as_ptr(),
            to.len() as u32,
        )
    };
    called!(errno, "path_rename({from_dir}, {}, to {to_dir}, {})", Bytes(from), Bytes(to));
}

pub(crate) fn link_with(lookup: Lookup, from_dir: Fd, from: &[u8], to_dir: Fd, to: &[u8]) {
    // SAFETY: both paths are readable.
    let errno = unsafe {
        raw::path_link(
            from_dir.number,
            lookup.0,
            from.as_ptr(),
            from.len() as u32,
            to_dir.number,
            to.as_ptr(),
            to.len() as u32,
        )
    };
    called!(errno, "path_link({from_dir}, {lookup}, {}, as {to_dir}, {})", Bytes(from), Bytes(to));
}

pub(crate) fn link(from_dir: Fd, from: &[u8], to_dir: Fd, to: &[u8]) {
    link_with(NOFOLLOW, from_dir, from, to_dir, to);
}

pub(crate) fn symlink(target: &[u8], dir: Fd, path: &[u8]) {
    // SAFETY: both texts are readable.
    let errno = unsafe {
        raw::path_symlink(target.as_ptr(), target.len() as u32, dir.number, path.as_ptr(), path.len() as u32)
    };
    called!(errno, "path_symlink({}, {dir}, {})", Bytes(target), Bytes(path));
}

/// Reads where a link points to, with a buffer of `len` bytes, at most 64.
pub(crate) fn readlink(dir: Fd, path: &[u8], len: usize) {
    let mut buffer = [b'.'; 64];
    let mut used = 0;
    // SAFETY: `path` is readable, `buffer` is at least `len` bytes long, and `used` takes the count.
    let errno = unsafe {
        raw::path_readlink(
            dir.number,
            path.as_ptr(),
            path.len() as u32,
            buffer[..len].as_mut_ptr(),
            len as u32,
            &raw mut used,
        )
    };
    let got = buffer.get(..used as usize).unwrap_or(&buffer);
    called!(errno, "path_readlink({dir}, {}, buffer of {len})", Bytes(path); "{}", Bytes(got));
    if buffer[(used as usize).min(64)..].iter().any(|&byte| byte != b'.') {
        super::report::check("nothing is written behind the bytes used", false);
    }
}
