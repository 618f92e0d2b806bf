//! Reading, writing and seeking.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use super::{Answer, Args, Fault};
use crate::Wasi;
use crate::abi::{FDFLAGS_APPEND, rights};
use crate::errno::Errno;
use crate::memory::Memory;
use crate::table::{Descriptor, Object};

pub(super) fn read(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    readable(descriptor, rights::FD_READ)?;
    let mut total = 0_u32;
    for iovec in memory.iovecs(args.u32(1), args.u32(2))? {
        let buffer = memory.at_mut(iovec);
        if buffer.is_empty() {
            continue;
        }
        let n = match &mut descriptor.object {
            Object::Stdin => wasi.stdin.read(buffer)?,
            Object::File { file, .. } => file.read(buffer)?,
            _ => return Err(Errno::BADF.into()),
        };
        total += n as u32;
        // A short read ends the call: more may block.
        if n < iovec.len {
            break;
        }
    }
    Ok(memory.write_u32(args.u32(3), total)?)
}

pub(super) fn pread(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    readable(descriptor, rights::FD_READ | rights::FD_SEEK)?;
    let file = seekable(descriptor)?;
    let (mut offset, mut total) = (args.u64(3), 0_u32);
    for iovec in memory.iovecs(args.u32(1), args.u32(2))? {
        let n = file.read_at(memory.at_mut(iovec), offset)?;
        total += n as u32;
        offset = offset.saturating_add(n as u64);
        if n < iovec.len {
            break;
        }
    }
    Ok(memory.write_u32(args.u32(4), total)?)
}

pub(super) fn write(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    writable(descriptor, rights::FD_WRITE)?;
    let append = descriptor.flags & FDFLAGS_APPEND != 0;
    let mut total = 0_u32;
    for iovec in memory.iovecs(args.u32(1), args.u32(2))? {
        let data = memory.at(iovec);
        match &mut descriptor.object {
            Object::Stdout => wasi.stdout.write(data)?,
            Object::Stderr => wasi.stderr.write(data)?,
            Object::File { file, .. } => {
                if append {
                    file.seek(SeekFrom::End(0))?;
                }
                file.write_all(data)?;
            }
            _ => return Err(Errno::BADF.into()),
        }
        total = total.checked_add(data.len() as u32).ok_or(Errno::OVERFLOW)?;
    }
    Ok(memory.write_u32(args.u32(3), total)?)
}

pub(super) fn pwrite(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    writable(descriptor, rights::FD_WRITE | rights::FD_SEEK)?;
    let file = seekable(descriptor)?;
    let (mut offset, mut total) = (args.u64(3), 0_u32);
    for iovec in memory.iovecs(args.u32(1), args.u32(2))? {
        let data = memory.at(iovec);
        file.write_all_at(data, offset)?;
        total = total.checked_add(data.len() as u32).ok_or(Errno::OVERFLOW)?;
        offset = offset.saturating_add(data.len() as u64);
    }
    Ok(memory.write_u32(args.u32(4), total)?)
}

pub(super) fn seek(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let offset = args.u64(1).cast_signed();
    let mut file = match &descriptor.object {
        Object::Dir { .. } => return Err(Errno::BADF.into()),
        _ => seekable(descriptor)?,
    };
    // Asking where one is needs less than moving.
    let tells = offset == 0 && args.u32(2) == 1;
    descriptor.allow(if tells { rights::FD_TELL } else { rights::FD_SEEK })?;
    let target = match args.u32(2) {
        0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::INVAL)?),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(Errno::INVAL.into()),
    };
    let position = file.seek(target)?;
    Ok(memory.write_u64(args.u32(3), position)?)
}

pub(super) fn tell(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get(args.u32(0))?;
    let mut file = match &descriptor.object {
        Object::Dir { .. } => return Err(Errno::BADF.into()),
        _ => seekable(descriptor)?,
    };
    descriptor.allow(rights::FD_TELL)?;
    let position = file.stream_position()?;
    Ok(memory.write_u64(args.u32(1), position)?)
}

fn readable(descriptor: &Descriptor, wanted: u64) -> Result<(), Fault> {
    match descriptor.object {
        Object::Dir { .. } => Err(Errno::ISDIR.into()),
        Object::Stdout | Object::Stderr => Err(Errno::BADF.into()),
        Object::Stdin | Object::File { .. } => Ok(descriptor.allow(wanted & stream_mask(descriptor))?),
    }
}

fn writable(descriptor: &Descriptor, wanted: u64) -> Result<(), Fault> {
    match descriptor.object {
        Object::Dir { .. } => Err(Errno::ISDIR.into()),
        Object::Stdin => Err(Errno::BADF.into()),
        _ => Ok(descriptor.allow(wanted & stream_mask(descriptor))?),
    }
}

/// Streams have no position; that is `ESPIPE`, which says more than a missing right.
fn stream_mask(descriptor: &Descriptor) -> u64 {
    match descriptor.object {
        Object::File { .. } => !0,
        _ => !rights::FD_SEEK,
    }
}

fn seekable(descriptor: &Descriptor) -> Result<&File, Errno> {
    match &descriptor.object {
        Object::File { file, .. } => Ok(file),
        _ => Err(Errno::SPIPE),
    }
}
