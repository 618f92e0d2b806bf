//! Arguments in words: descriptors, paths, rights and flags.

use core::fmt::{self, Display, Formatter};

/// A path or other bytes, quoted and escaped; long ones by their first bytes and their length.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Display for Bytes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.len() > 64 {
            write!(f, "\"{}...\" ({} bytes)", self.0[..8].escape_ascii(), self.0.len())
        } else {
            write!(f, "\"{}\"", self.0.escape_ascii())
        }
    }
}

/// A file descriptor, shown by what was opened since numbers are up to the implementation.
#[derive(Clone, Copy)]
pub(crate) struct Fd {
    pub(crate) number: u32,
    name: &'static [u8],
}

impl Fd {
    pub(crate) const fn new(number: u32, name: &'static [u8]) -> Self {
        Self { number, name }
    }
}

impl Display for Fd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name.escape_ascii())
    }
}

pub(crate) const STDIN: Fd = Fd::new(0, b"stdin");
pub(crate) const STDOUT: Fd = Fd::new(1, b"stdout");
pub(crate) const STDERR: Fd = Fd::new(2, b"stderr");
pub(crate) const SANDBOX: Fd = Fd::new(3, b"sandbox");
/// Numbers that no implementation hands out to a program with so few open files.
pub(crate) const NOT_OPEN: Fd = Fd::new(1000, b"not open");
pub(crate) const HUGE: Fd = Fd::new(u32::MAX, b"2^32-1");

/// A set of bits with a name.
#[derive(Clone, Copy)]
pub(crate) struct Named<T>(pub(crate) T, pub(crate) &'static str);

impl<T> Display for Named<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

pub(crate) mod right {
    pub(crate) const READ: u64 = 1 << 1;
    pub(crate) const WRITE: u64 = 1 << 6;
    /// Everything about a file except reading and writing it.
    pub(super) const OTHER: u64 =
        1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 21 | 1 << 22 | 1 << 23 | 1 << 27;
    /// Everything about a directory and what is in it, but not `fd_filestat_set_size`, which only files have.
    pub(super) const DIRECTORY: u64 = 0x07bf_fe00;
    /// Everything but sockets: what may be done with what is opened below a directory.
    pub(crate) const INHERITED: u64 = 0x0fff_ffff;
}

pub(crate) type Rights = Named<u64>;
pub(crate) const READ: Rights = Named(right::READ | 1 << 2 | 1 << 5 | 1 << 21 | 1 << 7 | 1 << 27, "read");
pub(crate) const WRITE: Rights = Named(right::WRITE | right::OTHER, "write");
pub(crate) const BOTH: Rights = Named(right::READ | right::WRITE | right::OTHER, "read+write");
pub(crate) const DIRECTORY: Rights = Named(right::DIRECTORY, "directory");
pub(crate) const NO_RIGHTS: Rights = Named(0, "no rights");

pub(crate) type Lookup = Named<u32>;
pub(crate) const FOLLOW: Lookup = Named(1, "follow");
pub(crate) const NOFOLLOW: Lookup = Named(0, "nofollow");
pub(crate) const BAD_LOOKUP: Lookup = Named(2, "unknown lookup flag");

pub(crate) type Oflags = Named<u32>;
pub(crate) const EXISTING: Oflags = Named(0, "existing");
pub(crate) const CREAT: Oflags = Named(1, "creat");
pub(crate) const IS_DIRECTORY: Oflags = Named(2, "directory");
pub(crate) const CREAT_DIRECTORY: Oflags = Named(3, "creat+directory");
pub(crate) const CREAT_EXCL: Oflags = Named(5, "creat+excl");
pub(crate) const TRUNC: Oflags = Named(8, "trunc");
pub(crate) const BAD_OFLAGS: Oflags = Named(16, "unknown oflag");

pub(crate) type Fdflags = Named<u32>;
pub(crate) const PLAIN: Fdflags = Named(0, "plain");
pub(crate) const APPEND: Fdflags = Named(1, "append");
pub(crate) const NONBLOCK: Fdflags = Named(4, "nonblock");
pub(crate) const BAD_FDFLAGS: Fdflags = Named(32, "unknown fdflag");

pub(crate) type Fstflags = Named<u32>;
pub(crate) const LEAVE: Fstflags = Named(0, "neither");
pub(crate) const SET_BOTH: Fstflags = Named(1 | 4, "atim+mtim");
pub(crate) const SET_ATIM: Fstflags = Named(1, "atim");
pub(crate) const SET_MTIM: Fstflags = Named(4, "mtim");
pub(crate) const BOTH_NOW: Fstflags = Named(2 | 8, "atim now+mtim now");
pub(crate) const ATIM_TWICE: Fstflags = Named(1 | 2, "atim+atim now");
pub(crate) const MTIM_TWICE: Fstflags = Named(4 | 8, "mtim+mtim now");
pub(crate) const BAD_FSTFLAGS: Fstflags = Named(16, "unknown time flag");

pub(crate) type Whence = Named<u32>;
pub(crate) const SET: Whence = Named(0, "set");
pub(crate) const CUR: Whence = Named(1, "cur");
pub(crate) const END: Whence = Named(2, "end");
pub(crate) const BAD_WHENCE: Whence = Named(3, "unknown whence");
