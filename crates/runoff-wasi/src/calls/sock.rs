//! Sockets are refused: no descriptor ever is one.

use super::{Answer, Args};
use crate::Wasi;
use crate::errno::Errno;
use crate::memory::Memory;

fn refuse(wasi: &Wasi, args: Args<'_>) -> Answer {
    wasi.table.get(args.u32(0))?;
    Err(Errno::NOTSOCK.into())
}

pub(super) fn accept(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    refuse(wasi, args)
}

pub(super) fn recv(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    refuse(wasi, args)
}

pub(super) fn send(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    refuse(wasi, args)
}

pub(super) fn shutdown(wasi: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    refuse(wasi, args)
}
