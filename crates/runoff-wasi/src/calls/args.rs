//! Arguments and environment.

use super::{Answer, Args};
use crate::Wasi;
use crate::errno::Errno;
use crate::memory::Memory;

pub(super) fn args_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    strings(&wasi.args, memory, args)
}

pub(super) fn args_sizes_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    sizes(&wasi.args, memory, args)
}

pub(super) fn environ_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    strings(&wasi.env, memory, args)
}

pub(super) fn environ_sizes_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    sizes(&wasi.env, memory, args)
}

/// A table of addresses at the first argument, the strings with their ending NULs at the second.
fn strings(list: &[String], memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let (mut table, mut at) = (args.u32(0), args.u32(1));
    for text in list {
        memory.write_u32(table, at)?;
        memory.write(at, text.as_bytes())?;
        let end = at.checked_add(text.len() as u32).ok_or(Errno::FAULT)?;
        memory.write(end, &[0])?;
        at = end.checked_add(1).ok_or(Errno::FAULT)?;
        table = table.checked_add(4).ok_or(Errno::FAULT)?;
    }
    Ok(())
}

fn sizes(list: &[String], memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    memory.write_u32(args.u32(0), list.len() as u32)?;
    memory.write_u32(args.u32(1), list.iter().map(|t| t.len() as u32 + 1).sum())?;
    Ok(())
}
