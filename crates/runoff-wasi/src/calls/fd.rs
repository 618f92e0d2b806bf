//! Descriptors: state, size, times, closing.

use std::fs::FileTimes;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_fs_ext::{DirExt, SystemTimeSpec};
use cap_std::fs::Metadata;
use cap_std::time::SystemTime as CapSystemTime;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise, posix_fallocate};

use super::{Answer, Args};
use crate::Wasi;
use crate::abi::{
    FDFLAGS_ALL, FDFLAGS_DSYNC, FDFLAGS_RSYNC, FDFLAGS_SYNC, FILETYPE_CHARACTER_DEVICE, FILETYPE_DIRECTORY,
    FILETYPE_REGULAR_FILE, TimeTo, Times, filestat, filestat_of, rights,
};
use crate::errno::Errno;
use crate::memory::Memory;
use crate::table::Object;

pub(super) fn advise(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let advice = match args.u32(3) {
        0 => PosixFadviseAdvice::POSIX_FADV_NORMAL,
        1 => PosixFadviseAdvice::POSIX_FADV_SEQUENTIAL,
        2 => PosixFadviseAdvice::POSIX_FADV_RANDOM,
        3 => PosixFadviseAdvice::POSIX_FADV_WILLNEED,
        4 => PosixFadviseAdvice::POSIX_FADV_DONTNEED,
        5 => PosixFadviseAdvice::POSIX_FADV_NOREUSE,
        _ => return Err(Errno::INVAL.into()),
    };
    let Object::File { file, .. } = &descriptor.object else { return Err(Errno::BADF.into()) };
    descriptor.allow(rights::FD_ADVISE)?;
    Ok(posix_fadvise(file, offset(args.u64(1))?, offset(args.u64(2))?, advice)?)
}

pub(super) fn allocate(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let Object::File { file, .. } = &descriptor.object else { return Err(Errno::BADF.into()) };
    descriptor.allow(rights::FD_ALLOCATE)?;
    Ok(posix_fallocate(file, offset(args.u64(1))?, offset(args.u64(2))?)?)
}

fn offset(value: u64) -> Result<i64, Errno> {
    i64::try_from(value).map_err(|_| Errno::INVAL)
}

pub(super) fn close(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    Ok(wasi.table.remove(args.u32(0)).map(drop)?)
}

pub(super) fn renumber(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    Ok(wasi.table.renumber(args.u32(0), args.u32(1))?)
}

pub(super) fn datasync(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    match &descriptor.object {
        Object::File { file, .. } => {
            descriptor.allow(rights::FD_DATASYNC)?;
            Ok(file.sync_data()?)
        }
        Object::Dir { .. } => Ok(()),
        _ => Err(Errno::INVAL.into()),
    }
}

pub(super) fn sync(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    match &descriptor.object {
        Object::File { file, .. } => {
            descriptor.allow(rights::FD_SYNC)?;
            Ok(file.sync_all()?)
        }
        Object::Dir { .. } => Ok(()),
        _ => Err(Errno::INVAL.into()),
    }
}

/// `fdstat`: type, flags, rights, inherited rights; 24 bytes.
pub(super) fn fdstat_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let mut out = [0; 24];
    out[0] = match &descriptor.object {
        Object::Stdin | Object::Stdout | Object::Stderr => FILETYPE_CHARACTER_DEVICE,
        Object::File { .. } => FILETYPE_REGULAR_FILE,
        Object::Dir { .. } => FILETYPE_DIRECTORY,
    };
    out[2..4].copy_from_slice(&descriptor.flags.to_le_bytes());
    out[8..16].copy_from_slice(&descriptor.rights.to_le_bytes());
    out[16..24].copy_from_slice(&descriptor.inheriting.to_le_bytes());
    Ok(memory.write(args.u32(1), &out)?)
}

pub(super) fn fdstat_set_flags(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    let flags = u16::try_from(args.u32(1)).ok().filter(|f| f & !FDFLAGS_ALL == 0).ok_or(Errno::INVAL)?;
    if matches!(descriptor.object, Object::Dir { .. }) {
        return Err(Errno::BADF.into());
    }
    descriptor.allow(rights::FD_FDSTAT_SET_FLAGS)?;
    // Whether writes wait for the disk is settled when a file is opened.
    if (flags ^ descriptor.flags) & (FDFLAGS_DSYNC | FDFLAGS_RSYNC | FDFLAGS_SYNC) != 0 {
        return Err(Errno::INVAL.into());
    }
    descriptor.flags = flags;
    Ok(())
}

/// Rights can be given up, never gained.
pub(super) fn fdstat_set_rights(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    let (base, inheriting) = (args.u64(1), args.u64(2));
    if base & !descriptor.rights != 0 || inheriting & !descriptor.inheriting != 0 {
        return Err(Errno::NOTCAPABLE.into());
    }
    descriptor.rights = base;
    descriptor.inheriting = inheriting;
    Ok(())
}

pub(super) fn filestat_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    descriptor.allow(rights::FD_FILESTAT_GET)?;
    let stat = match &descriptor.object {
        Object::File { file, .. } => filestat(&Metadata::from_file(file)?),
        Object::Dir { dir, .. } => filestat(&dir.dir_metadata()?),
        _ => filestat_of(0, 0, FILETYPE_CHARACTER_DEVICE, 0, 0, [0; 3]),
    };
    Ok(memory.write(args.u32(1), &stat)?)
}

pub(super) fn filestat_set_size(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let Object::File { file, .. } = &descriptor.object else { return Err(Errno::BADF.into()) };
    descriptor.allow(rights::FD_FILESTAT_SET_SIZE)?;
    Ok(file.set_len(args.u64(1))?)
}

pub(super) fn filestat_set_times(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let times = Times::new(args.u64(1), args.u64(2), args.u32(3))?;
    let descriptor = wasi.table.get(args.u32(0))?;
    if matches!(descriptor.object, Object::Stdin | Object::Stdout | Object::Stderr) {
        return Err(Errno::BADF.into());
    }
    descriptor.allow(rights::FD_FILESTAT_SET_TIMES)?;
    match &descriptor.object {
        Object::File { file, .. } => {
            let mut set = FileTimes::new();
            if let Some(time) = times.access {
                set = set.set_accessed(instant(time)?);
            }
            if let Some(time) = times.modification {
                set = set.set_modified(instant(time)?);
            }
            Ok(file.set_times(set)?)
        }
        Object::Dir { dir, .. } => {
            if descriptor.read_only {
                return Err(Errno::PERM.into());
            }
            Ok(dir.set_times(".", spec(times.access)?, spec(times.modification)?)?)
        }
        _ => Err(Errno::BADF.into()),
    }
}

fn instant(time: TimeTo) -> Result<SystemTime, Errno> {
    match time {
        TimeTo::Now => Ok(SystemTime::now()),
        TimeTo::Ns(ns) => UNIX_EPOCH.checked_add(Duration::from_nanos(ns)).ok_or(Errno::INVAL),
    }
}

/// A time in the terms of the sandboxed file library.
pub(super) fn spec(time: Option<TimeTo>) -> Result<Option<SystemTimeSpec>, Errno> {
    time.map(|time| match time {
        TimeTo::Now => Ok(SystemTimeSpec::SymbolicNow),
        TimeTo::Ns(_) => Ok(SystemTimeSpec::Absolute(CapSystemTime::from_std(instant(time)?))),
    })
    .transpose()
}
