//! Numbers and layouts of preview 1.

use cap_std::fs::{FileType, Metadata};

use crate::errno::Errno;

/// Rights of a descriptor, one bit each.
pub(crate) mod rights {
    pub(crate) const FD_DATASYNC: u64 = 1;
    pub(crate) const FD_READ: u64 = 1 << 1;
    pub(crate) const FD_SEEK: u64 = 1 << 2;
    pub(crate) const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
    pub(crate) const FD_SYNC: u64 = 1 << 4;
    pub(crate) const FD_TELL: u64 = 1 << 5;
    pub(crate) const FD_WRITE: u64 = 1 << 6;
    pub(crate) const FD_ADVISE: u64 = 1 << 7;
    pub(crate) const FD_ALLOCATE: u64 = 1 << 8;
    pub(crate) const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
    pub(crate) const PATH_CREATE_FILE: u64 = 1 << 10;
    pub(crate) const PATH_LINK_SOURCE: u64 = 1 << 11;
    pub(crate) const PATH_LINK_TARGET: u64 = 1 << 12;
    pub(crate) const PATH_OPEN: u64 = 1 << 13;
    pub(crate) const FD_READDIR: u64 = 1 << 14;
    pub(crate) const PATH_READLINK: u64 = 1 << 15;
    pub(crate) const PATH_RENAME_SOURCE: u64 = 1 << 16;
    pub(crate) const PATH_RENAME_TARGET: u64 = 1 << 17;
    pub(crate) const PATH_FILESTAT_GET: u64 = 1 << 18;
    pub(crate) const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    pub(crate) const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
    pub(crate) const FD_FILESTAT_GET: u64 = 1 << 21;
    pub(crate) const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub(crate) const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
    pub(crate) const PATH_SYMLINK: u64 = 1 << 24;
    pub(crate) const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
    pub(crate) const PATH_UNLINK_FILE: u64 = 1 << 26;
    pub(crate) const POLL_FD_READWRITE: u64 = 1 << 27;

    /// What changes a file.
    pub(crate) const FILE_WRITING: u64 =
        FD_DATASYNC | FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE | FD_FILESTAT_SET_TIMES;
    /// What can be done with a file.
    pub(crate) const FILE: u64 = FILE_WRITING
        | FD_READ
        | FD_SEEK
        | FD_FDSTAT_SET_FLAGS
        | FD_SYNC
        | FD_TELL
        | FD_ADVISE
        | FD_FILESTAT_GET
        | POLL_FD_READWRITE;
    /// What changes a directory.
    pub(crate) const DIRECTORY_WRITING: u64 = PATH_CREATE_DIRECTORY
        | PATH_CREATE_FILE
        | PATH_LINK_SOURCE
        | PATH_LINK_TARGET
        | PATH_RENAME_SOURCE
        | PATH_RENAME_TARGET
        | PATH_FILESTAT_SET_SIZE
        | PATH_FILESTAT_SET_TIMES
        | PATH_SYMLINK
        | PATH_REMOVE_DIRECTORY
        | PATH_UNLINK_FILE;
    /// What can be done with a directory.
    pub(crate) const DIRECTORY: u64 = DIRECTORY_WRITING
        | PATH_OPEN
        | FD_READDIR
        | PATH_READLINK
        | PATH_FILESTAT_GET
        | FD_FILESTAT_GET
        | FD_FILESTAT_SET_TIMES
        | FD_SYNC
        | FD_DATASYNC
        | FD_FDSTAT_SET_FLAGS;
    /// What can be done with a standard stream.
    pub(crate) const STREAM_COMMON: u64 = FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE;
}

pub(crate) const FDFLAGS_APPEND: u16 = 1;
pub(crate) const FDFLAGS_DSYNC: u16 = 2;
pub(crate) const FDFLAGS_RSYNC: u16 = 8;
pub(crate) const FDFLAGS_SYNC: u16 = 16;
pub(crate) const FDFLAGS_ALL: u16 = 0x1f;

pub(crate) const FILETYPE_UNKNOWN: u8 = 0;
pub(crate) const FILETYPE_CHARACTER_DEVICE: u8 = 2;
pub(crate) const FILETYPE_DIRECTORY: u8 = 3;
pub(crate) const FILETYPE_REGULAR_FILE: u8 = 4;
pub(crate) const FILETYPE_SYMBOLIC_LINK: u8 = 7;

pub(crate) fn filetype(ty: FileType) -> u8 {
    if ty.is_dir() {
        FILETYPE_DIRECTORY
    } else if ty.is_file() {
        FILETYPE_REGULAR_FILE
    } else if ty.is_symlink() {
        FILETYPE_SYMBOLIC_LINK
    } else {
        FILETYPE_UNKNOWN
    }
}

/// `filestat` (64 bytes) of a file, directory or link.
pub(crate) fn filestat(meta: &Metadata) -> [u8; 64] {
    use cap_fs_ext::MetadataExt;
    let ns = |time: std::io::Result<cap_std::time::SystemTime>| {
        time.ok()
            .and_then(|t| t.into_std().duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |d| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX))
    };
    let change = {
        use cap_std::fs::MetadataExt;
        // Seconds before 1970 have no place in an unsigned number.
        let seconds = u64::try_from(meta.ctime()).unwrap_or(0);
        seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(meta.ctime_nsec()).unwrap_or(0))
    };
    filestat_of(
        MetadataExt::dev(meta),
        MetadataExt::ino(meta),
        filetype(meta.file_type()),
        MetadataExt::nlink(meta),
        meta.len(),
        [ns(meta.accessed()), ns(meta.modified()), change],
    )
}

/// `filestat` from its fields; times are access, modification, change.
pub(crate) fn filestat_of(dev: u64, ino: u64, ty: u8, nlink: u64, size: u64, times: [u64; 3]) -> [u8; 64] {
    let mut out = [0; 64];
    out[0..8].copy_from_slice(&dev.to_le_bytes());
    out[8..16].copy_from_slice(&ino.to_le_bytes());
    out[16] = ty;
    out[24..32].copy_from_slice(&nlink.to_le_bytes());
    out[32..40].copy_from_slice(&size.to_le_bytes());
    for (place, time) in out[40..].chunks_exact_mut(8).zip(times) {
        place.copy_from_slice(&time.to_le_bytes());
    }
    out
}

/// What `*_set_times` asks for: access and modification time.
pub(crate) struct Times {
    pub(crate) access: Option<TimeTo>,
    pub(crate) modification: Option<TimeTo>,
}

/// A time to set.
#[derive(Clone, Copy)]
pub(crate) enum TimeTo {
    Now,
    Ns(u64),
}

impl Times {
    /// From flags (atim 1, atim-now 2, mtim 4, mtim-now 8).
    pub(crate) fn new(atim: u64, mtim: u64, flags: u32) -> Result<Self, Errno> {
        let one = |set: bool, now: bool, ns: u64| match (set, now) {
            (true, true) => Err(Errno::INVAL),
            (true, false) => Ok(Some(TimeTo::Ns(ns))),
            (false, true) => Ok(Some(TimeTo::Now)),
            (false, false) => Ok(None),
        };
        if flags > 15 {
            return Err(Errno::INVAL);
        }
        Ok(Self {
            access: one(flags & 1 != 0, flags & 2 != 0, atim)?,
            modification: one(flags & 4 != 0, flags & 8 != 0, mtim)?,
        })
    }
}
