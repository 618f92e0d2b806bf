//! Preopened directories and listings.

use cap_fs_ext::DirEntryExt;
use cap_std::fs::Dir;

use super::{Answer, Args};
use crate::Wasi;
use crate::abi::{FILETYPE_DIRECTORY, filetype, rights};
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
    let descriptor = wasi.table.get(args.u32(0))?;
    let dir = descriptor.dir()?;
    descriptor.allow(rights::FD_READDIR)?;
    let entries = entries(dir)?;
    let buffer = memory.bytes_mut(args.u32(1), args.u32(2))?;
    let mut used = 0;
    let from = usize::try_from(args.u64(3)).unwrap_or(usize::MAX);
    for (index, entry) in entries.iter().enumerate().skip(from) {
        let mut header = [0; 24];
        header[..8].copy_from_slice(&(index as u64 + 1).to_le_bytes());
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

struct Entry {
    name: String,
    inode: u64,
    filetype: u8,
}

/// `.` and `..`, then everything by name, so that listings are the same everywhere and cookies stay valid as
/// long as the directory does not change.
fn entries(dir: &Dir) -> Result<Vec<Entry>, Errno> {
    use cap_fs_ext::MetadataExt;
    let own = dir.dir_metadata()?.ino();
    let dots = [".", ".."].map(|name| Entry { name: name.into(), inode: own, filetype: FILETYPE_DIRECTORY });
    let mut found = Vec::new();
    for entry in dir.entries()? {
        let entry = entry?;
        // Names outside UTF-8 cannot be passed on; a guest could not open them either.
        if let Ok(name) = entry.file_name().into_string() {
            found.push(Entry {
                name,
                inode: entry.full_metadata()?.ino(),
                filetype: filetype(entry.file_type()?),
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(dots.into_iter().chain(found).collect())
}
