//! The `fd_*` calls, each printed as it is made.

use super::raw::{self, Iovec};
use super::report::{called, check};
use super::words::{Bytes, Fd, Fdflags, Fstflags, Whence};
use core::fmt::{self, Display, Formatter};
use runoff_guest_wasi_probe::{Fdstat, Filestat, Outcome, filetype};

/// The most pieces that a scattered read or gathered write of the probe has.
const PIECES: usize = 4;

/// Lengths or texts of the pieces, `[5, 3]`.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if i == 0 { "[" } else { ", " })?;
        }
        f.write_str(if self.0.is_empty() { "[]" } else { "]" })
    }
}

fn gather(pieces: &[Bytes<'_>]) -> ([Iovec; PIECES], u32) {
    let mut iovecs = [Iovec { buf: core::ptr::null_mut(), len: 0 }; PIECES];
    for (iovec, piece) in iovecs.iter_mut().zip(pieces) {
        *iovec = Iovec { buf: piece.0.as_ptr().cast_mut(), len: piece.0.len() as u32 };
    }
    (iovecs, pieces.len() as u32)
}

fn scatter(buffer: &mut [u8], lens: &[usize]) -> ([Iovec; PIECES], u32) {
    let mut iovecs = [Iovec { buf: core::ptr::null_mut(), len: 0 }; PIECES];
    let mut rest = buffer;
    for (iovec, len) in iovecs.iter_mut().zip(lens) {
        let (piece, after) = rest.split_at_mut(*len);
        *iovec = Iovec { buf: piece.as_mut_ptr(), len: *len as u32 };
        rest = after;
    }
    (iovecs, lens.len() as u32)
}

pub(crate) fn write(fd: Fd, pieces: &[&[u8]]) -> u32 {
    let pieces = &pieces_of(pieces)[..pieces.len()];
    let (iovecs, len) = gather(pieces);
    let mut written = 0;
    // SAFETY: `iovecs` holds `len` pieces, which are only read, and `written` takes the count.
    let errno = unsafe { raw::fd_write(fd.number, iovecs.as_ptr(), len, &raw mut written) };
    called!(errno, "fd_write({fd}, {})", List(pieces); "{written} bytes");
    errno
}

pub(crate) fn pwrite(fd: Fd, pieces: &[&[u8]], offset: u64) {
    let pieces = &pieces_of(pieces)[..pieces.len()];
    let (iovecs, len) = gather(pieces);
    let mut written = 0;
    // SAFETY: as in `write`.
    let errno = unsafe { raw::fd_pwrite(fd.number, iovecs.as_ptr(), len, offset, &raw mut written) };
    called!(errno, "fd_pwrite({fd}, {}, at {offset})", List(pieces); "{written} bytes");
}

fn pieces_of<'a>(pieces: &[&'a [u8]]) -> [Bytes<'a>; PIECES] {
    let mut all = [Bytes(&[]); PIECES];
    for (to, from) in all.iter_mut().zip(pieces) {
        *to = Bytes(from);
    }
    all
}

/// Reads into pieces of the given lengths, at most 64 bytes together.
pub(crate) fn read(fd: Fd, lens: &[usize]) -> u32 {
    let mut buffer = [b'.'; 64];
    let (iovecs, len) = scatter(&mut buffer, lens);
    let mut nread = 0;
    // SAFETY: `iovecs` holds `len` separate writable pieces of `buffer`, and `nread` takes the count.
    let errno = unsafe { raw::fd_read(fd.number, iovecs.as_ptr(), len, &raw mut nread) };
    let got = buffer.get(..nread as usize).unwrap_or(&buffer);
    called!(errno, "fd_read({fd}, {})", List(lens); "{nread} bytes {}", Bytes(got));
    untouched(&buffer, nread);
    errno
}

/// Reads without printing and gives the number of bytes, 0 at the end or when it fails.
pub(crate) fn read_quietly(fd: Fd, len: usize) -> u32 {
    let mut buffer = [0; 64];
    let (iovecs, count) = scatter(&mut buffer, &[len]);
    let mut nread = 0;
    // SAFETY: as in `read`.
    let errno = unsafe { raw::fd_read(fd.number, iovecs.as_ptr(), count, &raw mut nread) };
    if errno == 0 { nread } else { 0 }
}

pub(crate) fn pread(fd: Fd, lens: &[usize], offset: u64) {
    let mut buffer = [b'.'; 64];
    let (iovecs, len) = scatter(&mut buffer, lens);
    let mut nread = 0;
    // SAFETY: as in `read`.
    let errno = unsafe { raw::fd_pread(fd.number, iovecs.as_ptr(), len, offset, &raw mut nread) };
    let got = buffer.get(..nread as usize).unwrap_or(&buffer);
    called!(errno, "fd_pread({fd}, {}, at {offset})", List(lens); "{nread} bytes {}", Bytes(got));
    untouched(&buffer, nread);
}

/// Says so when bytes were written behind what was read; worth a line only then.
fn untouched(buffer: &[u8], used: u32) {
    if buffer.iter().skip(used as usize).any(|&byte| byte != b'.') {
        check("nothing is written behind the bytes read", false);
    }
}

pub(crate) fn seek(fd: Fd, offset: i64, whence: Whence) {
    let mut at = 0;
    // SAFETY: `at` takes the position.
    let errno = unsafe { raw::fd_seek(fd.number, offset, whence.0, &raw mut at) };
    called!(errno, "fd_seek({fd}, {offset}, {whence})"; "at {at}");
}

pub(crate) fn tell(fd: Fd) {
    let mut at = 0;
    // SAFETY: `at` takes the position.
    let errno = unsafe { raw::fd_tell(fd.number, &raw mut at) };
    called!(errno, "fd_tell({fd})"; "at {at}");
}

pub(crate) fn close(fd: Fd) {
    called!(raw::fd_close(fd.number), "fd_close({fd})");
}

pub(crate) fn sync(fd: Fd) {
    called!(raw::fd_sync(fd.number), "fd_sync({fd})");
}

pub(crate) fn datasync(fd: Fd) {
    called!(raw::fd_datasync(fd.number), "fd_datasync({fd})");
}

pub(crate) fn advise(fd: Fd, offset: u64, len: u64, advice: u32) {
    const NAMES: [&str; 6] = ["normal", "sequential", "random", "willneed", "dontneed", "noreuse"];
    let name = NAMES.get(advice as usize).unwrap_or(&"unknown advice");
    called!(
        raw::fd_advise(fd.number, offset, len, advice),
        "fd_advise({fd}, at {offset}, len {len}, {name})"
    );
}

pub(crate) fn allocate(fd: Fd, offset: u64, len: u64) {
    called!(raw::fd_allocate(fd.number, offset, len), "fd_allocate({fd}, at {offset}, len {len})");
}

pub(crate) fn set_size(fd: Fd, size: u64) {
    called!(raw::fd_filestat_set_size(fd.number, size), "fd_filestat_set_size({fd}, {size})");
}

pub(crate) fn set_times(fd: Fd, atim: u64, mtim: u64, flags: Fstflags) {
    let errno = raw::fd_filestat_set_times(fd.number, atim, mtim, flags.0);
    called!(errno, "fd_filestat_set_times({fd}, {atim}, {mtim}, {flags})");
}

pub(crate) fn set_flags(fd: Fd, flags: Fdflags) {
    called!(raw::fd_fdstat_set_flags(fd.number, flags.0), "fd_fdstat_set_flags({fd}, {flags})");
}

pub(crate) fn set_rights(fd: Fd, base: u64, what: &str) {
    called!(raw::fd_fdstat_set_rights(fd.number, base, 0), "fd_fdstat_set_rights({fd}, {what})");
}

pub(crate) fn renumber(fd: Fd, to: Fd) {
    called!(raw::fd_renumber(fd.number, to.number), "fd_renumber({fd}, to {to})");
}

pub(crate) fn filestat(fd: Fd) -> Option<Filestat> {
    let (errno, stat) = filestat_quietly(fd);
    called!(errno, "fd_filestat_get({fd})"; "{}", Described(&stat));
    Outcome(errno).is_success().then_some(stat)
}

pub(crate) fn filestat_quietly(fd: Fd) -> (u32, Filestat) {
    let mut bytes = [0; Filestat::BYTES];
    // SAFETY: `bytes` has the size of a filestat.
    let errno = unsafe { raw::fd_filestat_get(fd.number, bytes.as_mut_ptr()) };
    (errno, Filestat::read(&bytes))
}

/// The fields of a filestat that are the same on every machine; sizes and links of directories are not.
pub(crate) struct Described<'a>(pub(crate) &'a Filestat);

impl Display for Described<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const REGULAR: u8 = 4;
        const SYMLINK: u8 = 7;
        f.write_str(filetype(self.0.filetype))?;
        match self.0.filetype {
            REGULAR | SYMLINK => write!(f, ", {} bytes, {} links", self.0.size, self.0.nlink),
            _ => Ok(()),
        }
    }
}

pub(crate) fn fdstat(fd: Fd) -> Option<Fdstat> {
    let (errno, stat) = fdstat_quietly(fd);
    called!(errno, "fd_fdstat_get({fd})"; "{}, flags {}", filetype(stat.filetype), stat.flags);
    Outcome(errno).is_success().then_some(stat)
}

pub(crate) fn fdstat_quietly(fd: Fd) -> (u32, Fdstat) {
    let mut bytes = [0; Fdstat::BYTES];
    // SAFETY: `bytes` has the size of an fdstat.
    let errno = unsafe { raw::fd_fdstat_get(fd.number, bytes.as_mut_ptr()) };
    (errno, Fdstat::read(&bytes))
}

pub(crate) fn prestat(fd: Fd) {
    let mut bytes = [0xff_u8; 8];
    // SAFETY: `bytes` has the size of a prestat.
    let errno = unsafe { raw::fd_prestat_get(fd.number, bytes.as_mut_ptr()) };
    let len = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    called!(errno, "fd_prestat_get({fd})"; "tag {}, name of {len} bytes", bytes[0]);
}

/// Asks for the name of a preopen with a buffer of `len` bytes, at most 16.
pub(crate) fn prestat_dir_name(fd: Fd, len: usize) {
    let mut bytes = [b'.'; 16];
    // SAFETY: `bytes` is at least `len` bytes long.
    let errno = unsafe { raw::fd_prestat_dir_name(fd.number, bytes[..len].as_mut_ptr(), len as u32) };
    called!(errno, "fd_prestat_dir_name({fd}, buffer of {len})"; "{}", Bytes(&bytes));
}

/// Reads directory entries into `buffer` from `cookie`; gives the error number and how many bytes were used.
pub(crate) fn readdir(fd: Fd, buffer: &mut [u8], cookie: u64) -> (u32, usize) {
    let mut used = 0;
    // SAFETY: `buffer` is writable, and `used` takes the count.
    let errno = unsafe {
        raw::fd_readdir(fd.number, buffer.as_mut_ptr(), buffer.len() as u32, cookie, &raw mut used)
    };
    (errno, used as usize)
}

/// Prints what [`readdir`] answered.
pub(crate) fn print_readdir(fd: Fd, len: usize, cookie: u64, errno: u32, used: usize) {
    called!(errno, "fd_readdir({fd}, buffer of {len}, from {cookie})"; "{used} bytes");
}

/// Makes the call and prints it.
pub(crate) fn readdir_refused(fd: Fd) {
    let mut buffer = [0; 64];
    let (errno, used) = readdir(fd, &mut buffer, 0);
    print_readdir(fd, buffer.len(), 0, errno, used);
}
