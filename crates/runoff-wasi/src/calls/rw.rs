//! Reading, writing and seeking.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use super::{Answer, Args, Fault};
use crate::Wasi;
use crate::abi::{FDFLAGS_APPEND, rights};
use crate::errno::Errno;
use crate::memory::{Iovec, Memory};
use crate::stdio::Stdin;
use crate::table::{Descriptor, Object};

pub(super) fn read(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    readable(descriptor, rights::FD_READ)?;
    let iovecs = memory.iovecs(args.u32(1), args.u32(2))?;
    let total = match &mut descriptor.object {
        Object::Stdin => read_stream(&mut wasi.stdin, memory, &iovecs)?,
        Object::File { file } => read_file(file, memory, &iovecs)?,
        _ => return Err(Errno::BADF.into()),
    };
    Ok(memory.write_u32(args.u32(3), total)?)
}

/// Reads from a stream once: what is there is handed on, and only a stream with nothing blocks.
fn read_stream(stdin: &mut Stdin, memory: &mut Memory<'_>, iovecs: &[Iovec]) -> io::Result<u32> {
    /// Most that is read at once into more than one buffer.
    const PIECE: usize = 64 << 10;
    let filled: Vec<_> = iovecs.iter().filter(|iovec| iovec.len > 0).collect();
    match filled[..] {
        [] => Ok(0),
        [only] => Ok(stdin.read(memory.at_mut(*only))? as u32),
        _ => {
            let wanted = filled.iter().map(|iovec| iovec.len).sum::<usize>().min(PIECE);
            let mut piece = vec![0; wanted];
            let total = stdin.read(&mut piece)?;
            let mut rest = &piece[..total];
            for iovec in filled {
                let (now, later) = rest.split_at(iovec.len.min(rest.len()));
                memory.at_mut(*iovec)[..now.len()].copy_from_slice(now);
                rest = later;
            }
            Ok(total as u32)
        }
    }
}

fn read_file(file: &mut File, memory: &mut Memory<'_>, iovecs: &[Iovec]) -> io::Result<u32> {
    let mut total = 0;
    for iovec in iovecs.iter().filter(|iovec| iovec.len > 0) {
        let n = file.read(memory.at_mut(*iovec))?;
        total += n as u32;
        // A short read ends the call: more may block.
        if n < iovec.len {
            break;
        }
    }
    Ok(total)
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
        total += data.len() as u32;
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
        total += data.len() as u32;
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
