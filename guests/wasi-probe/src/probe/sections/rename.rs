//! Renaming files and directories, also over something that exists.

use crate::fd;
use crate::path;
use crate::words::{DIRECTORY, IS_DIRECTORY, SANDBOX};

pub(crate) fn rename() {
    path::make(SANDBOX, b"a", b"content of a");
    path::make(SANDBOX, b"b", b"content of b");
    path::create_directory(SANDBOX, b"d");
    path::create_directory(SANDBOX, b"full");
    path::make(SANDBOX, b"full/x", b"content of x");

    path::rename(SANDBOX, b"a", SANDBOX, b"a");
    path::rename(SANDBOX, b"a", SANDBOX, b"new");
    path::filestat(SANDBOX, b"a");
    path::show(SANDBOX, b"new");
    path::rename(SANDBOX, b"new", SANDBOX, b"b");
    path::show(SANDBOX, b"b");
    path::rename(SANDBOX, b"missing", SANDBOX, b"c");
    path::rename(SANDBOX, b"b", SANDBOX, b"missing/c");
    path::rename(SANDBOX, b"", SANDBOX, b"c");
    path::rename(SANDBOX, b"b", SANDBOX, b"");

    path::rename(SANDBOX, b"b", SANDBOX, b"d");
    path::rename(SANDBOX, b"d", SANDBOX, b"b");
    path::rename(SANDBOX, b"b/", SANDBOX, b"c");
    path::rename(SANDBOX, b"b", SANDBOX, b"c/");
    path::rename(SANDBOX, b"d", SANDBOX, b"full");
    path::rename(SANDBOX, b"d", SANDBOX, b"d/inside");
    path::rename(SANDBOX, b"d/", SANDBOX, b"e/");
    path::rename(SANDBOX, b"full", SANDBOX, b"e");
    path::filestat(SANDBOX, b"full");
    path::show(SANDBOX, b"e/x");
    path::rename(SANDBOX, b".", SANDBOX, b"c");

    let e = path::open(SANDBOX, b"e", IS_DIRECTORY, DIRECTORY);
    path::rename(e, b"x", SANDBOX, b"y");
    path::rename(SANDBOX, b"b", e, b"z");
    path::show(SANDBOX, b"y");
    path::show(e, b"z");
    fd::close(e);

    path::unlink(SANDBOX, b"y");
    path::unlink(SANDBOX, b"e/z");
    path::remove_directory(SANDBOX, b"e");
}
