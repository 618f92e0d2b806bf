//! Symbolic and hard links.

use super::left_nothing;
use crate::fd;
use crate::path;
use crate::report::check;
use crate::words::{
    BOTH, CREAT, CREAT_EXCL, DIRECTORY, EXISTING, FOLLOW, IS_DIRECTORY, NOFOLLOW, PLAIN, READ, SANDBOX,
};

pub(crate) fn links() {
    path::make(SANDBOX, b"a", b"content");
    path::create_directory(SANDBOX, b"d");
    path::make(SANDBOX, b"d/x", b"inner");
    symbolic();
    through_directories();
    loops_and_dangling();
    hard();
    path::unlink(SANDBOX, b"d/x");
    path::remove_directory(SANDBOX, b"d");
    path::unlink(SANDBOX, b"a");
    left_nothing();
}

fn symbolic() {
    path::symlink(b"a", SANDBOX, b"s");
    path::symlink(b"b", SANDBOX, b"s");
    path::symlink(b"a", SANDBOX, b"missing/s");
    path::symlink(b"", SANDBOX, b"empty");
    path::symlink(b"a", SANDBOX, b"");
    path::symlink(b"a", SANDBOX, b"t/");
    path::readlink(SANDBOX, b"s", 64);
    path::readlink(SANDBOX, b"s", 1);
    path::readlink(SANDBOX, b"s", 0);
    path::readlink(SANDBOX, b"a", 64);
    path::readlink(SANDBOX, b"d", 64);
    path::readlink(SANDBOX, b"missing", 64);
    path::symlink(b"a-longer-target", SANDBOX, b"long");
    path::readlink(SANDBOX, b"long", 5);
    path::unlink(SANDBOX, b"long");

    path::filestat_with(SANDBOX, NOFOLLOW, b"s");
    path::filestat_with(SANDBOX, FOLLOW, b"s");
    path::show(SANDBOX, b"s");
    if let Some(opened) = path::open_with(SANDBOX, NOFOLLOW, b"s", EXISTING, READ, PLAIN) {
        fd::close(opened);
    }
    path::refused(SANDBOX, b"s", CREAT_EXCL, BOTH);
    path::refused(SANDBOX, b"s/", EXISTING, READ);
    path::remove_directory(SANDBOX, b"s");
    path::rename(SANDBOX, b"s", SANDBOX, b"t");
    path::readlink(SANDBOX, b"t", 64);
    path::unlink(SANDBOX, b"t");
    path::filestat(SANDBOX, b"a");
}

fn through_directories() {
    path::symlink(b"d", SANDBOX, b"to-d");
    path::show(SANDBOX, b"to-d/x");
    path::filestat_with(SANDBOX, NOFOLLOW, b"to-d/x");
    path::filestat_with(SANDBOX, NOFOLLOW, b"to-d");
    path::filestat_with(SANDBOX, NOFOLLOW, b"to-d/");
    path::filestat_with(SANDBOX, NOFOLLOW, b"to-d/.");
    let opened = path::open(SANDBOX, b"to-d", IS_DIRECTORY, DIRECTORY);
    path::show(opened, b"x");
    fd::close(opened);
    if let Some(opened) = path::open_with(SANDBOX, NOFOLLOW, b"to-d", IS_DIRECTORY, DIRECTORY, PLAIN) {
        fd::close(opened);
    }
    path::remove_directory(SANDBOX, b"to-d");
    path::remove_directory(SANDBOX, b"to-d/");
    path::unlink(SANDBOX, b"to-d/");
    path::unlink(SANDBOX, b"to-d");
    path::symlink(b"../d/x", SANDBOX, b"d/up-and-down");
    path::show(SANDBOX, b"d/up-and-down");
    path::unlink(SANDBOX, b"d/up-and-down");
}

fn loops_and_dangling() {
    path::symlink(b"loop-b", SANDBOX, b"loop-a");
    path::symlink(b"loop-a", SANDBOX, b"loop-b");
    path::symlink(b"self", SANDBOX, b"self");
    path::filestat(SANDBOX, b"loop-a");
    path::filestat_with(SANDBOX, NOFOLLOW, b"loop-a");
    path::refused(SANDBOX, b"loop-a", EXISTING, READ);
    path::refused(SANDBOX, b"loop-a/x", EXISTING, READ);
    path::refused(SANDBOX, b"self", CREAT, BOTH);
    for name in [&b"loop-a"[..], b"loop-b", b"self"] {
        path::unlink(SANDBOX, name);
    }

    path::symlink(b"later", SANDBOX, b"dangling");
    path::filestat(SANDBOX, b"dangling");
    path::refused(SANDBOX, b"dangling", EXISTING, READ);
    path::refused(SANDBOX, b"dangling", CREAT_EXCL, BOTH);
    path::create_directory(SANDBOX, b"dangling");
    path::refused(SANDBOX, b"dangling", CREAT, BOTH);
    path::filestat(SANDBOX, b"later");
    path::unlink(SANDBOX, b"later");
    path::unlink(SANDBOX, b"dangling");
}

fn hard() {
    path::link(SANDBOX, b"a", SANDBOX, b"h");
    let a = path::filestat(SANDBOX, b"a");
    let h = path::filestat(SANDBOX, b"h");
    check("both names have one inode", a.map(|stat| stat.ino) == h.map(|stat| stat.ino));
    path::link(SANDBOX, b"a", SANDBOX, b"h");
    path::link(SANDBOX, b"a", SANDBOX, b"d");
    path::link(SANDBOX, b"a", SANDBOX, b"missing/h");
    path::link(SANDBOX, b"a", SANDBOX, b"h2/");
    path::link(SANDBOX, b"a/", SANDBOX, b"h2");
    path::link(SANDBOX, b"missing", SANDBOX, b"h2");
    path::link(SANDBOX, b"d", SANDBOX, b"h2");
    path::link(SANDBOX, b"", SANDBOX, b"h2");
    path::rename(SANDBOX, b"a", SANDBOX, b"h");
    path::filestat(SANDBOX, b"a");
    path::unlink(SANDBOX, b"a");
    path::show(SANDBOX, b"h");
    path::link(SANDBOX, b"h", SANDBOX, b"a");

    path::symlink(b"h", SANDBOX, b"s");
    path::link(SANDBOX, b"s", SANDBOX, b"s2");
    path::filestat_with(SANDBOX, NOFOLLOW, b"s2");
    path::unlink(SANDBOX, b"s2");
    path::link_with(FOLLOW, SANDBOX, b"s", SANDBOX, b"s3");
    path::filestat_with(SANDBOX, NOFOLLOW, b"s3");
    path::unlink(SANDBOX, b"s3");
    path::unlink(SANDBOX, b"s");
    path::unlink(SANDBOX, b"h");
}
