//! Paths that lead out of the directory they are resolved in, and other malformed paths.
//!
//! An implementation under test may be broken, and whoever tests it may be root. So a call that could change
//! something names nothing outside that exists: only a name that nobody else uses, or a directory that cannot be
//! removed or replaced because it is not empty. What does exist is only looked at.

use super::left_nothing;
use crate::fd;
use crate::path;
use crate::words::{BOTH, CREAT, DIRECTORY, EXISTING, FOLLOW, IS_DIRECTORY, LEAVE, NOFOLLOW, READ, SANDBOX};

/// Ways out by the path itself; `d` is a directory and `d/in` a file in it.
const OUTSIDE: [&[u8]; 10] = [
    b"..",
    b"../",
    b"../runoff-probe-outside",
    b"/",
    b"/runoff-probe-outside",
    b"//",
    b"d/../..",
    b"d/../../runoff-probe-outside",
    b"./../runoff-probe-outside",
    b"../sandbox",
];

/// Files that exist on most hosts, to be looked at and nothing else.
const EXISTING_OUTSIDE: [&[u8]; 3] =
    [b"/etc/passwd", b"../../../../../../../../etc/passwd", b"to-root/etc/passwd"];

/// A way out through a link.
const THROUGH: &[u8] = b"to-parent/runoff-probe-outside";

/// Longer than any file system allows for one name, and than any system allows for a path.
static LONG_NAME: [u8; 300] = [b'n'; 300];
static LONG_PATH: [u8; 6000] = {
    let mut path = [b'.'; 6000];
    let mut i = 1;
    while i < path.len() {
        path[i] = b'/';
        i += 2;
    }
    path
};

pub(crate) fn escape() {
    path::create_directory(SANDBOX, b"d");
    path::make(SANDBOX, b"d/in", b"inside");
    for path in OUTSIDE {
        every_call(path);
    }
    staying_inside();
    through_links();
    malformed();
    path::unlink(SANDBOX, b"d/in");
    path::remove_directory(SANDBOX, b"d");
    left_nothing();
}

fn every_call(outside: &'static [u8]) {
    path::refused(SANDBOX, outside, EXISTING, READ);
    path::refused(SANDBOX, outside, IS_DIRECTORY, DIRECTORY);
    path::refused(SANDBOX, outside, CREAT, BOTH);
    path::filestat_with(SANDBOX, FOLLOW, outside);
    path::filestat_with(SANDBOX, NOFOLLOW, outside);
    path::set_times(SANDBOX, FOLLOW, outside, 0, 0, LEAVE);
    path::create_directory(SANDBOX, outside);
    path::remove_directory(SANDBOX, outside);
    path::unlink(SANDBOX, outside);
    path::readlink(SANDBOX, outside, 64);
    path::rename(SANDBOX, outside, SANDBOX, b"stolen");
    path::rename(SANDBOX, b"d/in", SANDBOX, outside);
    path::link(SANDBOX, outside, SANDBOX, b"stolen");
    path::link(SANDBOX, b"d/in", SANDBOX, outside);
    path::symlink(b"d/in", SANDBOX, outside);
}

/// Dots that do not lead out are not refused; above an opened directory is out, even within the sandbox.
fn staying_inside() {
    path::show(SANDBOX, b"d/../d/in");
    path::show(SANDBOX, b"./d/./in");
    path::show(SANDBOX, b"d//in");
    path::filestat(SANDBOX, b"d/..");
    path::filestat(SANDBOX, b"missing/../d/in");
    path::filestat(SANDBOX, b"d/in/../in");
    path::filestat(SANDBOX, b"...");
    path::filestat(SANDBOX, b"..d");
    path::filestat(SANDBOX, b"d\\in");
    let d = path::open(SANDBOX, b"d", IS_DIRECTORY, DIRECTORY);
    path::show(d, b"in");
    path::filestat(d, b"..");
    path::filestat(d, b"../d/in");
    path::refused(d, b"../d/in", EXISTING, READ);
    path::rename(d, b"in", d, b"../runoff-probe-outside");
    fd::close(d);
}

fn through_links() {
    for (target, link) in [
        (&b"/"[..], &b"to-root"[..]),
        (b"/runoff-probe-outside", b"to-absolute"),
        (b"..", b"to-parent"),
        (b"../..", b"to-grandparent"),
        (b"d/../../runoff-probe-outside", b"to-winding"),
    ] {
        path::symlink(target, SANDBOX, link);
    }
    path::symlink(b"..", SANDBOX, b"d/to-sandbox");
    path::symlink(b"../..", SANDBOX, b"d/to-outside");

    for path in EXISTING_OUTSIDE {
        path::refused(SANDBOX, path, EXISTING, READ);
        path::filestat_with(SANDBOX, FOLLOW, path);
        path::filestat_with(SANDBOX, NOFOLLOW, path);
        path::readlink(SANDBOX, path, 64);
    }
    for path in [
        &b"to-root"[..],
        b"to-root/",
        b"to-root/runoff-probe-outside",
        b"to-absolute",
        b"to-parent",
        b"to-parent/",
        b"to-parent/runoff-probe-outside",
        b"to-grandparent/runoff-probe-outside",
        b"to-winding",
        b"d/to-outside",
        b"d/to-outside/runoff-probe-outside",
        b"d/to-sandbox/to-parent",
        b"d/to-sandbox/../runoff-probe-outside",
    ] {
        path::refused(SANDBOX, path, EXISTING, READ);
        path::refused(SANDBOX, path, CREAT, BOTH);
        path::filestat_with(SANDBOX, FOLLOW, path);
    }
    path::create_directory(SANDBOX, THROUGH);
    path::remove_directory(SANDBOX, THROUGH);
    path::unlink(SANDBOX, THROUGH);
    path::rename(SANDBOX, b"d/in", SANDBOX, THROUGH);
    path::rename(SANDBOX, THROUGH, SANDBOX, b"stolen");
    path::link(SANDBOX, b"d/in", SANDBOX, THROUGH);
    path::link(SANDBOX, THROUGH, SANDBOX, b"stolen");
    path::symlink(b"d/in", SANDBOX, THROUGH);
    path::readlink(SANDBOX, THROUGH, 64);
    path::set_times(SANDBOX, FOLLOW, b"to-parent", 0, 0, LEAVE);
    path::set_times(SANDBOX, FOLLOW, THROUGH, 0, 0, LEAVE);

    // Up, but still inside: allowed.
    path::show(SANDBOX, b"d/to-sandbox/d/in");
    // Asking about the link itself is asking about something inside.
    path::filestat_with(SANDBOX, NOFOLLOW, b"to-parent");
    path::readlink(SANDBOX, b"to-parent", 64);
    path::readlink(SANDBOX, b"d/to-outside", 64);
    for link in [
        &b"to-root"[..],
        b"to-absolute",
        b"to-parent",
        b"to-grandparent",
        b"to-winding",
        b"d/to-sandbox",
        b"d/to-outside",
    ] {
        path::unlink(SANDBOX, link);
    }
}

fn malformed() {
    for path in [&b""[..], b"\0", b"d\0/in", b"d/in\0", b"\xff", b"d/\xc3\x28", &LONG_NAME, &LONG_PATH] {
        path::refused(SANDBOX, path, EXISTING, READ);
        path::refused(SANDBOX, path, CREAT, BOTH);
        path::filestat_with(SANDBOX, FOLLOW, path);
        path::create_directory(SANDBOX, path);
        path::unlink(SANDBOX, path);
        path::remove_directory(SANDBOX, path);
        path::rename(SANDBOX, b"d/in", SANDBOX, path);
        path::link(SANDBOX, b"d/in", SANDBOX, path);
        path::symlink(b"x", SANDBOX, path);
        path::readlink(SANDBOX, path, 64);
    }
    path::symlink(b"a\0b", SANDBOX, b"nul-inside");
    path::symlink(b"\xff", SANDBOX, b"not-utf8-inside");
}
