//! Error numbers of preview 1.

use std::io;

/// An error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) u16);

macro_rules! errnos {
    ($($name:ident = $number:literal;)*) => {
        impl Errno {
            $(pub(crate) const $name: Self = Self($number);)*
        }
    };
}

errnos! {
    ACCES = 2;
    AGAIN = 6;
    BADF = 8;
    BUSY = 10;
    DQUOT = 19;
    EXIST = 20;
    FAULT = 21;
    FBIG = 22;
    ILSEQ = 25;
    INTR = 27;
    INVAL = 28;
    IO = 29;
    ISDIR = 31;
    LOOP = 32;
    MFILE = 33;
    MLINK = 34;
    NAMETOOLONG = 37;
    NFILE = 41;
    NOENT = 44;
    NOMEM = 48;
    NOSPC = 51;
    NOSYS = 52;
    NOTDIR = 54;
    NOTEMPTY = 55;
    NOTSOCK = 57;
    NOTSUP = 58;
    NXIO = 60;
    OVERFLOW = 61;
    PERM = 63;
    PIPE = 64;
    ROFS = 69;
    SPIPE = 70;
    TXTBSY = 74;
    XDEV = 75;
    NOTCAPABLE = 76;
}

impl From<io::Error> for Errno {
    fn from(error: io::Error) -> Self {
        use nix::errno::Errno as E;
        match error.raw_os_error().map(E::from_raw) {
            Some(E::EACCES) => Self::ACCES,
            Some(E::EAGAIN) => Self::AGAIN,
            Some(E::EBADF) => Self::BADF,
            Some(E::EBUSY) => Self::BUSY,
            Some(E::EDQUOT) => Self::DQUOT,
            Some(E::EEXIST) => Self::EXIST,
            Some(E::EFBIG) => Self::FBIG,
            Some(E::EILSEQ) => Self::ILSEQ,
            Some(E::EINTR) => Self::INTR,
            Some(E::EINVAL) => Self::INVAL,
            Some(E::EISDIR) => Self::ISDIR,
            Some(E::ELOOP) => Self::LOOP,
            Some(E::EMFILE) => Self::MFILE,
            Some(E::EMLINK) => Self::MLINK,
            Some(E::ENAMETOOLONG) => Self::NAMETOOLONG,
            Some(E::ENFILE) => Self::NFILE,
            Some(E::ENOENT) => Self::NOENT,
            Some(E::ENOMEM) => Self::NOMEM,
            Some(E::ENOSPC) => Self::NOSPC,
            Some(E::ENOSYS) => Self::NOSYS,
            Some(E::ENOTDIR) => Self::NOTDIR,
            Some(E::ENOTEMPTY) => Self::NOTEMPTY,
            Some(E::EOPNOTSUPP) => Self::NOTSUP,
            Some(E::ENXIO) => Self::NXIO,
            Some(E::EOVERFLOW) => Self::OVERFLOW,
            Some(E::EPERM) => Self::PERM,
            Some(E::EPIPE) => Self::PIPE,
            Some(E::EROFS) => Self::ROFS,
            Some(E::ESPIPE) => Self::SPIPE,
            Some(E::ETXTBSY) => Self::TXTBSY,
            Some(E::EXDEV) => Self::XDEV,
            Some(_) => Self::IO,
            // Errors the sandboxed file library makes itself have a kind only.
            None => match error.kind() {
                io::ErrorKind::NotFound => Self::NOENT,
                io::ErrorKind::PermissionDenied => Self::PERM,
                io::ErrorKind::AlreadyExists => Self::EXIST,
                io::ErrorKind::InvalidInput => Self::INVAL,
                io::ErrorKind::WouldBlock => Self::AGAIN,
                io::ErrorKind::BrokenPipe => Self::PIPE,
                io::ErrorKind::Interrupted => Self::INTR,
                io::ErrorKind::NotADirectory => Self::NOTDIR,
                io::ErrorKind::IsADirectory => Self::ISDIR,
                io::ErrorKind::Unsupported => Self::NOTSUP,
                _ => Self::IO,
            },
        }
    }
}

impl From<nix::errno::Errno> for Errno {
    fn from(errno: nix::errno::Errno) -> Self {
        io::Error::from(errno).into()
    }
}
