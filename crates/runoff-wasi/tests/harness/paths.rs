//! Path functions as a guest's library would call them, below the first preopened directory.

use super::{Answer, Guest, ROOT, SUCCESS};

pub(crate) const CREATE: u64 = 1;
pub(crate) const DIRECTORY: u64 = 2;
pub(crate) const EXCLUSIVE: u64 = 4;
pub(crate) const TRUNCATE: u64 = 8;

pub(crate) const APPEND: u64 = 1;
pub(crate) const SYNC: u64 = 16;

pub(crate) const READ: u64 = 1 << 1;
pub(crate) const SEEK: u64 = 1 << 2;
pub(crate) const TELL: u64 = 1 << 5;
pub(crate) const WRITE: u64 = 1 << 6;
/// Everything files and directories know.
pub(crate) const ALL_RIGHTS: u64 = 0x1fff_ffff;
/// Everything, except what makes a descriptor one for writing: directories are opened with it.
pub(crate) const NO_WRITING: u64 = ALL_RIGHTS & !(WRITE | 1 << 8 | 1 << 22);

/// Types of files in `filestat` and listings.
pub(crate) const IS_DIRECTORY: u8 = 3;
pub(crate) const IS_FILE: u8 = 4;
pub(crate) const IS_LINK: u8 = 7;

const FIRST: usize = 60_000;
const SECOND: usize = 55_000;
const RESULT: usize = 39_000;

/// What `path_open` takes beside the path.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    pub(crate) dir: u64,
    pub(crate) follow: bool,
    pub(crate) flags: u64,
    pub(crate) rights: u64,
    pub(crate) inheriting: u64,
    pub(crate) fdflags: u64,
}

/// As a library opens by default.
pub(crate) const OPEN: Open =
    Open { dir: ROOT, follow: true, flags: 0, rights: ALL_RIGHTS, inheriting: ALL_RIGHTS, fdflags: 0 };

/// `filestat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) inode: u64,
    pub(crate) ty: u8,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
}

impl Guest {
    pub(crate) fn open_as(&mut self, path: &str, open: Open) -> Result<u64, Answer> {
        let (at, length) = self.put(FIRST, path.as_bytes());
        let Open { dir, follow, flags, rights, inheriting, fdflags } = open;
        let args = [dir, follow.into(), at, length, flags, rights, inheriting, fdflags, RESULT as u64];
        let answer = self.call("path_open", &args);
        if answer == SUCCESS { Ok(u64::from(self.u32(RESULT))) } else { Err(answer) }
    }

    pub(crate) fn open(&mut self, path: &str, flags: u64, rights: u64) -> Result<u64, Answer> {
        self.open_as(path, Open { flags, rights, ..OPEN })
    }

    /// Opens a directory.
    pub(crate) fn open_dir(&mut self, path: &str) -> Result<u64, Answer> {
        self.open(path, DIRECTORY, NO_WRITING)
    }

    /// Makes a file with this content.
    pub(crate) fn save(&mut self, path: &str, content: &[u8]) {
        let fd = self.open(path, CREATE | TRUNCATE, ALL_RIGHTS).expect("a file to write");
        assert_eq!(self.write(fd, content), Ok(content.len() as u32), "{path}");
        assert_eq!(self.close(fd), SUCCESS);
    }

    /// The first 1,000 bytes of a file.
    pub(crate) fn load(&mut self, path: &str) -> Result<Vec<u8>, Answer> {
        let fd = self.open(path, 0, READ)?;
        let content = self.read(fd);
        assert_eq!(self.close(fd), SUCCESS);
        content
    }

    /// Calls a function that takes a directory and a path.
    fn on_path(&mut self, name: &str, path: &str) -> Answer {
        let (at, length) = self.put(FIRST, path.as_bytes());
        self.call(name, &[ROOT, at, length])
    }

    pub(crate) fn mkdir(&mut self, path: &str) -> Answer {
        self.on_path("path_create_directory", path)
    }

    pub(crate) fn rmdir(&mut self, path: &str) -> Answer {
        self.on_path("path_remove_directory", path)
    }

    pub(crate) fn unlink(&mut self, path: &str) -> Answer {
        self.on_path("path_unlink_file", path)
    }

    pub(crate) fn rename_to(&mut self, from: &str, dir: u64, to: &str) -> Answer {
        let (from, from_length) = self.put(FIRST, from.as_bytes());
        let (to, to_length) = self.put(SECOND, to.as_bytes());
        self.call("path_rename", &[ROOT, from, from_length, dir, to, to_length])
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Answer {
        self.rename_to(from, ROOT, to)
    }

    /// Makes a hard link.
    pub(crate) fn link(&mut self, from: &str, to: &str) -> Answer {
        let (from, from_length) = self.put(FIRST, from.as_bytes());
        let (to, to_length) = self.put(SECOND, to.as_bytes());
        self.call("path_link", &[ROOT, 0, from, from_length, ROOT, to, to_length])
    }

    pub(crate) fn symlink(&mut self, target: &str, link: &str) -> Answer {
        let (target, target_length) = self.put(FIRST, target.as_bytes());
        let (link, link_length) = self.put(SECOND, link.as_bytes());
        self.call("path_symlink", &[target, target_length, ROOT, link, link_length])
    }

    /// The target of a link, as far as it fits into a buffer of `room` bytes.
    pub(crate) fn readlink(&mut self, path: &str, room: u64) -> Result<String, Answer> {
        let (at, length) = self.put(FIRST, path.as_bytes());
        let answer = self.call("path_readlink", &[ROOT, at, length, SECOND as u64, room, RESULT as u64]);
        let used = self.u32(RESULT) as usize;
        if answer == SUCCESS {
            Ok(String::from_utf8_lossy(self.bytes(SECOND, used)).into())
        } else {
            Err(answer)
        }
    }

    pub(crate) fn stat(&mut self, path: &str, follow: bool) -> Result<Stat, Answer> {
        let (at, length) = self.put(FIRST, path.as_bytes());
        let answer = self.call("path_filestat_get", &[ROOT, follow.into(), at, length, RESULT as u64]);
        self.stat_result(answer)
    }

    pub(crate) fn stat_fd(&mut self, fd: u64) -> Result<Stat, Answer> {
        let answer = self.call("fd_filestat_get", &[fd, RESULT as u64]);
        self.stat_result(answer)
    }

    fn stat_result(&self, answer: Answer) -> Result<Stat, Answer> {
        if answer != SUCCESS {
            return Err(answer);
        }
        Ok(Stat {
            inode: self.u64(RESULT + 8),
            ty: self.memory[RESULT + 16],
            links: self.u64(RESULT + 24),
            size: self.u64(RESULT + 32),
            accessed: self.u64(RESULT + 40),
            modified: self.u64(RESULT + 48),
        })
    }

    /// Sets times by path; flags as in the specification.
    pub(crate) fn set_times(
        &mut self,
        path: &str,
        follow: bool,
        accessed: u64,
        modified: u64,
        flags: u64,
    ) -> Answer {
        let (at, length) = self.put(FIRST, path.as_bytes());
        self.call("path_filestat_set_times", &[ROOT, follow.into(), at, length, accessed, modified, flags])
    }
}
