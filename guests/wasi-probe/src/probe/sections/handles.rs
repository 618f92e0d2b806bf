//! Descriptors: closing twice, renumbering, and numbers that are not open.

use crate::fd;
use crate::path;
use crate::words::{BOTH, CREAT, EXISTING, HUGE, LEAVE, NOT_OPEN, PLAIN, READ, SANDBOX, SET};

pub(crate) fn handles() {
    path::make(SANDBOX, b"1", b"one");
    path::make(SANDBOX, b"2", b"two");
    let one = path::open(SANDBOX, b"1", EXISTING, READ);
    let two = path::open(SANDBOX, b"2", EXISTING, READ);
    fd::read(two, &[1]);
    fd::renumber(two, two);
    fd::renumber(two, one);
    fd::read(two, &[8]);
    // The position moves along with the descriptor.
    fd::read(one, &[8]);
    fd::renumber(NOT_OPEN, one);
    fd::renumber(one, NOT_OPEN);
    fd::close(one);
    fd::close(one);
    fd::close(two);
    fd::close(NOT_OPEN);
    fd::close(HUGE);

    let removed = path::open(SANDBOX, b"1", EXISTING, BOTH);
    path::unlink(SANDBOX, b"1");
    fd::write(removed, &[b"ONE"]);
    fd::pread(removed, &[8], 0);
    fd::filestat(removed);
    fd::close(removed);
    path::unlink(SANDBOX, b"2");

    for fd in [NOT_OPEN, HUGE] {
        not_open(fd);
    }
}

fn not_open(fd: crate::words::Fd) {
    fd::advise(fd, 0, 0, 0);
    fd::allocate(fd, 0, 1);
    fd::datasync(fd);
    fd::fdstat(fd);
    fd::set_flags(fd, PLAIN);
    fd::set_rights(fd, 0, "none");
    fd::filestat(fd);
    fd::set_size(fd, 0);
    fd::set_times(fd, 0, 0, LEAVE);
    fd::pread(fd, &[1], 0);
    fd::prestat(fd);
    fd::prestat_dir_name(fd, 8);
    fd::pwrite(fd, &[b"x"], 0);
    fd::read(fd, &[1]);
    fd::readdir_refused(fd);
    fd::seek(fd, 0, SET);
    fd::sync(fd);
    fd::tell(fd);
    fd::write(fd, &[b"x"]);
    path::create_directory(fd, b"x");
    path::filestat(fd, b"x");
    path::set_times(fd, crate::words::FOLLOW, b"x", 0, 0, LEAVE);
    path::link(fd, b"x", SANDBOX, b"y");
    path::link(SANDBOX, b"x", fd, b"y");
    path::refused(fd, b"x", CREAT, BOTH);
    path::readlink(fd, b"x", 8);
    path::remove_directory(fd, b"x");
    path::rename(fd, b"x", SANDBOX, b"y");
    path::rename(SANDBOX, b"x", fd, b"y");
    path::symlink(b"x", fd, b"y");
    path::unlink(fd, b"x");
}
