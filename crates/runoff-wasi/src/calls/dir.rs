//! Preopened directories and listings.

use super::{Answer, Args};
use crate::Wasi;
use crate::abi::rights;
use crate::errno::Errno;
use crate::memory::Memory;
use crate::table::Object;

/// `prestat`: tag 0 (directory) and length of the name; 8 bytes.
pub(super) fn prestat_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let len = preopen(wasi, args.u32(0))?.len() as u32;
    let mut out = [0; 8];
    out[4..].copy_from_slice(&len.to_le_bytes());
    Ok(memory.write(args.u32(1), &out)?)
}

pub(super) fn prestat_dir_name(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let name = preopen(wasi, args.u32(0))?;
    if name.len() > args.u32(2) as usize {
        return Err(Errno::NAMETOOLONG.into());
    }
    Ok(memory.write(args.u32(1), name.as_bytes())?)
}

fn preopen(wasi: &Wasi, fd: u32) -> Result<&str, Errno> {
    match &wasi.table.get(fd)?.object {
        Object::Dir { preopen: Some(name), .. } => Ok(name),
        // What libraries look for to know where preopens end.
        _ => Err(Errno::BADF),
    }
}

/// Entries from the cookie on, cut off where the buffer ends: a full buffer says "ask again".
pub(super) fn readdir(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let descriptor = wasi.table.get_mut(args.u32(0))?;
    descriptor.dir()?;
    descriptor.allow(rights::FD_READDIR)?;
    let Object::Dir { dir, listing, .. } = &mut descriptor.object else { return Err(Errno::NOTDIR.into()) };
    let buffer = memory.bytes_mut(args.u32(1), args.u32(2))?;
    let from = args.u64(3);
    let entries = listing.from(dir, usize::try_from(from).unwrap_or(usize::MAX))?;
    let mut used = 0;
    for (next, entry) in (from.saturating_add(1)..).zip(entries) {
        let mut header = [0; 24];
        header[..8].copy_from_slice(&next.to_le_bytes());
        header[8..16].copy_from_slice(&entry.inode.to_le_bytes());
        header[16..20].copy_from_slice(&(entry.name.len() as u32).to_le_bytes());
        header[20] = entry.filetype;
        for part in [&header[..], entry.name.as_bytes()] {
            let n = part.len().min(buffer.len() - used);
            buffer[used..used + n].copy_from_slice(&part[..n]);
            used += n;
        }
        if used == buffer.len() {
            break;
        }
    }
    Ok(memory.write_u32(args.u32(4), used as u32)?)
}
