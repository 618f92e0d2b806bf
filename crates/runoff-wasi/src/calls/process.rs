//! Signals, scheduling and randomness.

use rand::Rng;

use super::{Answer, Args, Fault};
use crate::Wasi;
use crate::errno::Errno;
use crate::memory::Memory;
use runoff_runtime::HostFailure;

/// There are no signals here: raising one that ends a process ends the guest as a shell would report it.
pub(super) fn raise(_: &mut Wasi, _: &mut Memory<'_>, args: Args<'_>) -> Answer {
    match args.u32(0) {
        0 => Ok(()),
        signal @ 1..=30 => Err(Fault::Host(HostFailure::Exit(128 + signal.cast_signed()))),
        _ => Err(Errno::INVAL.into()),
    }
}

pub(super) fn random_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    wasi.random.fill_bytes(memory.bytes_mut(args.u32(0), args.u32(1))?);
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape all functions of the table share")]
pub(super) fn sched_yield(_: &mut Wasi, _: &mut Memory<'_>, _: Args<'_>) -> Answer {
    std::thread::yield_now();
    Ok(())
}
