//! Times of files: set exactly, set to now, left alone.

use super::left_nothing;
use crate::fd;
use crate::path;
use crate::report::check;
use crate::words::{
    ATIM_TWICE, BOTH, BOTH_NOW, CREAT_EXCL, FOLLOW, Fd, LEAVE, MTIM_TWICE, NOFOLLOW, SANDBOX, SET_ATIM,
    SET_BOTH, SET_MTIM,
};
use runoff_guest_wasi_probe::Filestat;

/// Exact to the nanosecond, on both sides of a whole second.
const EARLY: u64 = 1_000_000_000_123_456_789;
const LATE: u64 = 1_500_000_000_987_654_321;

fn times_are(stat: Option<Filestat>, atim: u64, mtim: u64) {
    check("the times are as set", stat.is_some_and(|stat| (stat.atim, stat.mtim) == (atim, mtim)));
}

pub(crate) fn times() {
    let a = path::open(SANDBOX, b"a", CREAT_EXCL, BOTH);
    through_the_descriptor(a);
    through_the_path(a);
    fd::close(a);
    path::unlink(SANDBOX, b"a");
    left_nothing();
}

fn through_the_descriptor(a: Fd) {
    fd::set_times(a, EARLY, LATE, SET_BOTH);
    times_are(fd::filestat(a), EARLY, LATE);
    fd::set_times(a, LATE, 1, SET_ATIM);
    times_are(fd::filestat(a), LATE, LATE);
    fd::set_times(a, 1, EARLY, SET_MTIM);
    times_are(fd::filestat(a), LATE, EARLY);
    fd::set_times(a, 1, 1, LEAVE);
    times_are(fd::filestat(a), LATE, EARLY);
    fd::set_times(a, 0, 0, SET_BOTH);
    times_are(fd::filestat(a), 0, 0);
    fd::set_times(a, 1, 1, BOTH_NOW);
    let now = fd::filestat(a);
    check("now is later", now.is_some_and(|stat| stat.atim > LATE && stat.mtim > LATE));
    fd::set_times(a, EARLY, EARLY, ATIM_TWICE);
    fd::set_times(a, EARLY, EARLY, MTIM_TWICE);

    fd::set_times(a, EARLY, EARLY, SET_BOTH);
    let before = fd::filestat(a);
    fd::write(a, &[b"x"]);
    fd::sync(a);
    let after = fd::filestat(a);
    if let (Some(before), Some(after)) = (before, after) {
        check("writing changes the time of modification", after.mtim > before.mtim);
        check("the status does not change backwards", after.ctim >= before.ctim);
        check("inode and device stay", (after.ino, after.dev) == (before.ino, before.dev));
    }
    fd::set_times(SANDBOX, EARLY, LATE, SET_BOTH);
    times_are(fd::filestat(SANDBOX), EARLY, LATE);
}

fn through_the_path(a: Fd) {
    path::set_times(SANDBOX, FOLLOW, b"a", EARLY, LATE, SET_BOTH);
    times_are(path::filestat(SANDBOX, b"a"), EARLY, LATE);
    times_are(fd::filestat(a), EARLY, LATE);
    path::set_times(SANDBOX, FOLLOW, b"a", LATE, LATE, SET_ATIM);
    times_are(path::filestat(SANDBOX, b"a"), LATE, LATE);
    path::set_times(SANDBOX, FOLLOW, b"a", EARLY, EARLY, SET_MTIM);
    times_are(path::filestat(SANDBOX, b"a"), LATE, EARLY);
    path::set_times(SANDBOX, FOLLOW, b"a", EARLY, EARLY, ATIM_TWICE);
    path::set_times(SANDBOX, FOLLOW, b"a", EARLY, EARLY, MTIM_TWICE);
    path::set_times(SANDBOX, FOLLOW, b"missing", EARLY, EARLY, SET_BOTH);
    path::set_times(SANDBOX, FOLLOW, b"a/", EARLY, EARLY, SET_BOTH);
    path::set_times(SANDBOX, FOLLOW, b".", EARLY, EARLY, SET_BOTH);
    times_are(fd::filestat(SANDBOX), EARLY, EARLY);

    path::symlink(b"a", SANDBOX, b"s");
    path::set_times(SANDBOX, NOFOLLOW, b"s", EARLY, LATE, SET_BOTH);
    times_are(path::filestat_with(SANDBOX, NOFOLLOW, b"s"), EARLY, LATE);
    times_are(path::filestat(SANDBOX, b"a"), LATE, EARLY);
    path::set_times(SANDBOX, FOLLOW, b"s", EARLY, EARLY, SET_BOTH);
    times_are(path::filestat(SANDBOX, b"a"), EARLY, EARLY);
    path::unlink(SANDBOX, b"s");
}
