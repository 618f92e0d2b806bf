//! Paths below a directory descriptor. The file library keeps them inside: `..`, absolute paths and links that
//! lead out are `EPERM`.

use std::io;
use std::sync::Arc;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsMaybeDirExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use nix::fcntl::OFlag;

use super::fd::spec;
use super::{Answer, Args};
use crate::Wasi;
use crate::abi::{FDFLAGS_ALL, FDFLAGS_DSYNC, FDFLAGS_RSYNC, FDFLAGS_SYNC, Times, filestat, rights};
use crate::errno::Errno;
use crate::listing::Listing;
use crate::memory::Memory;
use crate::table::{Descriptor, Object};

/// `lookupflags`: follow a link at the end of the path.
const FOLLOW: u32 = 1;

const CREATE: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCLUSIVE: u32 = 4;
const TRUNCATE: u32 = 8;

/// The directory behind `fd`, if it has the rights asked for.
fn dir(wasi: &Wasi, fd: u32, wanted: u64) -> Result<Arc<Dir>, Errno> {
    let descriptor = wasi.table.get(fd)?;
    let dir = descriptor.dir()?;
    descriptor.allow(wanted)?;
    Ok(Arc::clone(dir))
}

/// A path from memory; the empty one names nothing.
fn path(memory: &Memory<'_>, at: u32, len: u32) -> Result<String, Errno> {
    let path = memory.path(at, len)?;
    if path.is_empty() { Err(Errno::NOENT) } else { Ok(path) }
}

pub(super) fn create_directory(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_CREATE_DIRECTORY)?;
    Ok(dir.create_dir(path(memory, args.u32(1), args.u32(2))?)?)
}

pub(super) fn filestat_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_FILESTAT_GET)?;
    let path = path(memory, args.u32(2), args.u32(3))?;
    let meta = if args.u32(1) & FOLLOW != 0 { dir.metadata(path)? } else { dir.symlink_metadata(path)? };
    Ok(memory.write(args.u32(4), &filestat(&meta))?)
}

pub(super) fn filestat_set_times(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_FILESTAT_SET_TIMES)?;
    let path = path(memory, args.u32(2), args.u32(3))?;
    let times = Times::new(args.u64(4), args.u64(5), args.u32(6))?;
    let (access, modification) = (spec(times.access)?, spec(times.modification)?);
    if args.u32(1) & FOLLOW != 0 {
        Ok(dir.set_times(path, access, modification)?)
    } else {
        Ok(dir.set_symlink_times(path, access, modification)?)
    }
}

pub(super) fn link(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let from = dir(wasi, args.u32(0), rights::PATH_LINK_SOURCE)?;
    let to = dir(wasi, args.u32(4), rights::PATH_LINK_TARGET)?;
    // As on Linux, hard links are made to links themselves, never through them.
    if args.u32(1) & FOLLOW != 0 {
        return Err(Errno::INVAL.into());
    }
    let source = path(memory, args.u32(2), args.u32(3))?;
    let target = path(memory, args.u32(5), args.u32(6))?;
    Ok(from.hard_link(source, &to, target)?)
}

pub(super) fn open(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let (lookup, oflags) = (args.u32(1), args.u32(4));
    let (base, inheriting) = (args.u64(5), args.u64(6));
    let flags = u16::try_from(args.u32(7)).ok().filter(|f| f & !FDFLAGS_ALL == 0).ok_or(Errno::INVAL)?;
    let parent = wasi.table.get(args.u32(0))?;
    let dir = Arc::clone(parent.dir()?);
    let mut needed = rights::PATH_OPEN;
    if oflags & CREATE != 0 {
        needed |= rights::PATH_CREATE_FILE;
    }
    if oflags & TRUNCATE != 0 {
        needed |= rights::PATH_FILESTAT_SET_SIZE;
    }
    parent.allow(needed)?;
    let read_only = parent.read_only;
    let granted = parent.inheriting;
    let path = path(memory, args.u32(2), args.u32(3))?;
    if oflags & !15 != 0 || (oflags & DIRECTORY != 0 && oflags & (CREATE | EXCLUSIVE | TRUNCATE) != 0) {
        return Err(Errno::INVAL.into());
    }
    // The rights asked for say what the descriptor is for: there are no other access modes.
    let writes = base & (rights::FD_WRITE | rights::FD_ALLOCATE | rights::FD_FILESTAT_SET_SIZE) != 0;
    let truncates = oflags & TRUNCATE != 0;
    if read_only && (writes || truncates || oflags & CREATE != 0) {
        return Err(Errno::PERM.into());
    }
    let follow = if lookup & FOLLOW != 0 { FollowSymlinks::Yes } else { FollowSymlinks::No };
    let mut options = OpenOptions::new();
    options.follow(follow).maybe_dir(true);
    options.dsync(flags & FDFLAGS_DSYNC != 0).sync(flags & (FDFLAGS_SYNC | FDFLAGS_RSYNC) != 0);
    let creates = oflags & CREATE != 0;
    options.read(base & (rights::FD_READ | rights::FD_READDIR) != 0 || !(writes || truncates || creates));
    options.write(writes || truncates || creates);
    if creates && oflags & EXCLUSIVE != 0 {
        options.create_new(true);
    } else {
        options.create(creates).truncate(truncates);
    }
    let opened = if oflags & DIRECTORY != 0 {
        Opened::Dir(open_dir(&dir, &path, follow)?)
    } else {
        open_any(&dir, &path, &options, follow)?
    };
    let (object, kind) = match opened {
        Opened::Dir(dir) => {
            let object = Object::Dir { dir: Arc::new(dir), preopen: None, listing: Listing::default() };
            (object, rights::DIRECTORY)
        }
        Opened::File(file) => (Object::File { file: file.into_std() }, rights::FILE),
    };
    let directory = matches!(object, Object::Dir { .. });
    if directory && (writes || truncates) {
        return Err(Errno::ISDIR.into());
    }
    // A directory keeps what its parent could hand on; a file gets what was asked for.
    let rights =
        if directory { base & granted & kind } else { base & granted & kind | rights::FD_FILESTAT_GET };
    let descriptor = Descriptor {
        object,
        rights,
        inheriting: if directory { inheriting & granted } else { 0 },
        flags,
        read_only,
    };
    let fd = wasi.table.push(descriptor)?;
    Ok(memory.write_u32(args.u32(8), fd).inspect_err(|_| drop(wasi.table.remove(fd)))?)
}

enum Opened {
    File(cap_std::fs::File),
    Dir(Dir),
}

fn open_dir(dir: &Dir, path: &str, follow: FollowSymlinks) -> io::Result<Dir> {
    match follow {
        FollowSymlinks::Yes => dir.open_dir(path),
        FollowSymlinks::No => dir.open_dir_nofollow(path),
    }
}

fn open_any(dir: &Dir, path: &str, options: &OpenOptions, follow: FollowSymlinks) -> Result<Opened, Errno> {
    // A link that is not to be followed is an error of its own, whatever the kernel calls it.
    if follow == FollowSymlinks::No && dir.symlink_metadata(path).is_ok_and(|m| m.is_symlink()) {
        return Err(Errno::LOOP);
    }
    // Opening a pipe waits for its other end, perhaps for ever, where nothing interrupts a guest.
    let file = dir.open_with(path, options.clone().custom_flags(OFlag::O_NONBLOCK.bits()))?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Ok(Opened::Dir(Dir::from_std_file(file.into_std())));
    }
    // Pipes and devices may wait with every byte, too.
    if !metadata.is_file() {
        return Err(Errno::NXIO);
    }
    if path.ends_with('/') { Err(Errno::NOTDIR) } else { Ok(Opened::File(file)) }
}

pub(super) fn readlink(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_READLINK)?;
    let path = path(memory, args.u32(1), args.u32(2))?;
    // An absolute target would tell about the machine outside: it is refused as a way out.
    let target = dir.read_link(path)?.into_os_string().into_string().map_err(|_| Errno::ILSEQ)?;
    let n = target.len().min(args.u32(4) as usize);
    memory.bytes_mut(args.u32(3), args.u32(4))?[..n].copy_from_slice(&target.as_bytes()[..n]);
    Ok(memory.write_u32(args.u32(5), n as u32)?)
}

pub(super) fn remove_directory(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_REMOVE_DIRECTORY)?;
    Ok(dir.remove_dir(path(memory, args.u32(1), args.u32(2))?)?)
}

pub(super) fn rename(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let from = dir(wasi, args.u32(0), rights::PATH_RENAME_SOURCE)?;
    let to = dir(wasi, args.u32(3), rights::PATH_RENAME_TARGET)?;
    let source = path(memory, args.u32(1), args.u32(2))?;
    let target = path(memory, args.u32(4), args.u32(5))?;
    // A final slash promises a directory. The sandboxed rename drops it; the system's would not.
    if target.ends_with('/') && !from.symlink_metadata(&source)?.is_dir() {
        return match to.symlink_metadata(target.trim_end_matches('/')) {
            // A way out of the sandbox is refused as one.
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Err(error.into()),
            _ => Err(Errno::NOTDIR.into()),
        };
    }
    Ok(from.rename(source, &to, target)?)
}

pub(super) fn symlink(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(2), rights::PATH_SYMLINK)?;
    let target = path(memory, args.u32(0), args.u32(1))?;
    let link = path(memory, args.u32(3), args.u32(4))?;
    // An absolute target could never be followed, and would mislead whoever looks from outside.
    if target.starts_with('/') {
        return Err(Errno::PERM.into());
    }
    Ok(dir.symlink(target, link)?)
}

pub(super) fn unlink_file(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let dir = dir(wasi, args.u32(0), rights::PATH_UNLINK_FILE)?;
    Ok(dir.remove_file_or_symlink(path(memory, args.u32(1), args.u32(2))?)?)
}
