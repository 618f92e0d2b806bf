//! Directories: making, removing, and the preopened one.

use crate::fd;
use crate::path;
use crate::words::{BOTH, CREAT, DIRECTORY, EXISTING, IS_DIRECTORY, SANDBOX};

pub(crate) fn make_and_remove() {
    path::create_directory(SANDBOX, b"d");
    path::create_directory(SANDBOX, b"d");
    path::create_directory(SANDBOX, b"d/e/f");
    path::create_directory(SANDBOX, b"d/e/");
    path::create_directory(SANDBOX, b"./d//e/./f");
    path::create_directory(SANDBOX, b".");
    path::create_directory(SANDBOX, b"");
    path::create_directory(SANDBOX, b"missing/x");
    path::filestat(SANDBOX, b".");
    path::filestat(SANDBOX, b"d/");
    path::filestat(SANDBOX, b"d/e/f/.");
    path::filestat(SANDBOX, b"d/e/f/..");
    path::filestat(SANDBOX, b"missing");
    path::make(SANDBOX, b"d/file", b"x");
    path::create_directory(SANDBOX, b"d/file");
    path::create_directory(SANDBOX, b"d/file/x");
    path::filestat(SANDBOX, b"d/file/");
    path::filestat(SANDBOX, b"d/file/.");

    path::unlink(SANDBOX, b"d/e");
    path::unlink(SANDBOX, b"d/e/");
    path::unlink(SANDBOX, b"d/file/");
    path::unlink(SANDBOX, b"missing");
    path::remove_directory(SANDBOX, b"d");
    path::remove_directory(SANDBOX, b"d/file");
    path::remove_directory(SANDBOX, b"d/file/");
    path::remove_directory(SANDBOX, b"missing");
    path::remove_directory(SANDBOX, b".");
    path::remove_directory(SANDBOX, b"d/e/.");
    path::remove_directory(SANDBOX, b"d/e/f/..");
    path::remove_directory(SANDBOX, b"");

    let e = path::open(SANDBOX, b"d/e", IS_DIRECTORY, DIRECTORY);
    path::make(e, b"inside", b"y");
    path::unlink(e, b"inside");
    path::remove_directory(e, b"f/");
    // Gone, so that what follows does not depend on the trailing slash.
    path::remove_directory(e, b"f");
    path::remove_directory(SANDBOX, b"d/e");
    path::refused(e, b"inside", CREAT, BOTH);
    path::filestat(e, b".");
    fd::close(e);
    path::unlink(SANDBOX, b"d/file");
    path::remove_directory(SANDBOX, b"d");
}

pub(crate) fn preopen() {
    fd::prestat(SANDBOX);
    fd::prestat_dir_name(SANDBOX, 0);
    fd::prestat_dir_name(SANDBOX, 4);
    fd::prestat_dir_name(SANDBOX, 8);
    fd::prestat_dir_name(SANDBOX, 16);
    fd::fdstat(SANDBOX);
    fd::filestat(SANDBOX);
    path::create_directory(SANDBOX, b"d");
    let d = path::open(SANDBOX, b"d", EXISTING, DIRECTORY);
    fd::prestat(d);
    fd::prestat_dir_name(d, 8);
    fd::close(d);
    path::remove_directory(SANDBOX, b"d");
}
