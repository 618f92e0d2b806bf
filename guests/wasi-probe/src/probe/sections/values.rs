//! Numbers and flags that the types of the arguments do not have.
//!
//! An implementation either answers `inval` or traps, which ends this section.

use super::left_nothing;
use super::poll::{MILLISECOND, MONOTONIC, wait};
use crate::fd;
use crate::path;
use crate::raw;
use crate::report::called;
use crate::words::{
    BAD_FDFLAGS, BAD_FSTFLAGS, BAD_LOOKUP, BAD_OFLAGS, BAD_WHENCE, BOTH, CREAT_EXCL, EXISTING, FOLLOW, PLAIN,
    SANDBOX,
};
use runoff_guest_wasi_probe::Subscription;

const UNKNOWN_CLOCK: u32 = 77;

pub(crate) fn values() {
    let a = path::open(SANDBOX, b"a", CREAT_EXCL, BOTH);
    fd::seek(a, 0, BAD_WHENCE);
    fd::advise(a, 0, 0, 6);
    fd::set_flags(a, BAD_FDFLAGS);
    fd::set_times(a, 1, 1, BAD_FSTFLAGS);
    path::set_times(SANDBOX, FOLLOW, b"a", 1, 1, BAD_FSTFLAGS);
    path::filestat_with(SANDBOX, BAD_LOOKUP, b"a");
    for (lookup, oflags, fdflags) in
        [(BAD_LOOKUP, EXISTING, PLAIN), (FOLLOW, BAD_OFLAGS, PLAIN), (FOLLOW, EXISTING, BAD_FDFLAGS)]
    {
        if let Some(a) = path::open_with(SANDBOX, lookup, b"a", oflags, BOTH, fdflags) {
            fd::close(a);
        }
    }
    fd::close(a);
    path::unlink(SANDBOX, b"a");

    let mut number = 0;
    // SAFETY: `number` takes the resolution.
    let errno = unsafe { raw::clock_res_get(UNKNOWN_CLOCK, &raw mut number) };
    called!(errno, "clock_res_get(unknown clock)");
    // SAFETY: `number` takes the time.
    let errno = unsafe { raw::clock_time_get(UNKNOWN_CLOCK, 1, &raw mut number) };
    called!(errno, "clock_time_get(unknown clock)");

    let minute = Subscription::clock(9, MONOTONIC, 60_000 * MILLISECOND, false);
    wait("an unknown clock", &[Subscription::clock(1, UNKNOWN_CLOCK, 0, false)]);
    wait("an unknown clock, or a minute", &[Subscription::clock(1, UNKNOWN_CLOCK, 0, false), minute]);
    let mut unknown_flag = Subscription::clock(1, MONOTONIC, 0, false);
    unknown_flag.0[40] = 2;
    wait("an unknown clock flag", &[unknown_flag]);
    wait("an unknown kind", &[Subscription::fd(1, 3, 0)]);
    called!(raw::proc_raise(99), "proc_raise(unknown signal)");
    left_nothing();
}
