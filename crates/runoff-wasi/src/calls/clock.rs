//! Clocks: realtime 0, monotonic 1, processor time of the process 2 and of the thread 3.

use nix::time::{ClockId, clock_getres, clock_gettime};

use super::{Answer, Args};
use crate::Wasi;
use crate::errno::Errno;
use crate::memory::Memory;

pub(super) const REALTIME: u32 = 0;
pub(super) const MONOTONIC: u32 = 1;

pub(super) fn res_get(_: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let id = match args.u32(0) {
        REALTIME => ClockId::CLOCK_REALTIME,
        MONOTONIC => ClockId::CLOCK_MONOTONIC,
        2 => ClockId::CLOCK_PROCESS_CPUTIME_ID,
        3 => ClockId::CLOCK_THREAD_CPUTIME_ID,
        _ => return Err(Errno::INVAL.into()),
    };
    let resolution = std::time::Duration::from(clock_getres(id)?);
    Ok(memory.write_u64(args.u32(1), resolution.as_nanos() as u64)?)
}

pub(super) fn time_get(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let now = now(wasi, args.u32(0))?;
    Ok(memory.write_u64(args.u32(2), now)?)
}

pub(super) fn now(wasi: &Wasi, clock: u32) -> Result<u64, Errno> {
    let cpu =
        |id| clock_gettime(id).map(|t| std::time::Duration::from(t).as_nanos() as u64).map_err(Errno::from);
    match clock {
        REALTIME => Ok(wasi.clocks.realtime_ns()),
        MONOTONIC => Ok(wasi.clocks.monotonic_ns()),
        2 => cpu(ClockId::CLOCK_PROCESS_CPUTIME_ID),
        3 => cpu(ClockId::CLOCK_THREAD_CPUTIME_ID),
        _ => Err(Errno::INVAL),
    }
}
