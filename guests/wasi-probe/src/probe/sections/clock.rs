//! Clocks, and giving way to others.

use crate::raw;
use crate::report::{called, check};

const NAMES: [&str; 4] = ["realtime", "monotonic", "process cpu", "thread cpu"];
const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;
/// 2020-01-01 in nanoseconds since 1970.
const YEAR_2020: u64 = 1_577_836_800_000_000_000;

/// The time of a clock, if it has one.
pub(super) fn now(clock: u32) -> (u32, u64) {
    let mut time = 0;
    // SAFETY: `time` takes the time.
    let errno = unsafe { raw::clock_time_get(clock, 1, &raw mut time) };
    (errno, time)
}

/// The time that passes, in nanoseconds.
pub(super) fn monotonic() -> u64 {
    now(MONOTONIC).1
}

pub(crate) fn clock() {
    for (id, name) in (0..).zip(NAMES) {
        let mut resolution = 0;
        // SAFETY: `resolution` takes the resolution.
        let errno = unsafe { raw::clock_res_get(id, &raw mut resolution) };
        called!(errno, "clock_res_get({name})"; "positive {}, below a second {}",
            resolution > 0, resolution < 1_000_000_000);
    }
    for (id, name) in (0..).zip(NAMES) {
        let (errno, first) = now(id);
        let second = now(id).1;
        called!(errno, "clock_time_get({name})"; "not going backwards {}", second >= first);
    }
    check("the real time is after 2020", now(REALTIME).1 > YEAR_2020);
    called!(raw::sched_yield(), "sched_yield()");
}
