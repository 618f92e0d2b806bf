//! Content of files: opening, reading, writing, positions, sizes.

use crate::fd;
use crate::path;
use crate::report::check;
use crate::words::{
    APPEND, BOTH, CREAT, CREAT_DIRECTORY, CREAT_EXCL, CUR, DIRECTORY, END, EXISTING, FOLLOW, IS_DIRECTORY,
    NO_RIGHTS, NONBLOCK, PLAIN, READ, SANDBOX, SET, TRUNC, WRITE,
};

pub(crate) fn content() {
    path::refused(SANDBOX, b"a.txt", EXISTING, READ);
    let a = path::open(SANDBOX, b"a.txt", CREAT_EXCL, BOTH);
    path::refused(SANDBOX, b"a.txt", CREAT_EXCL, BOTH);

    fd::tell(a);
    fd::write(a, &[b"hello ", b"", b"world"]);
    fd::tell(a);
    fd::read(a, &[8]);
    fd::seek(a, 0, SET);
    fd::read(a, &[3, 0, 4]);
    fd::read(a, &[]);
    fd::read(a, &[0]);
    fd::tell(a);
    fd::seek(a, -2, CUR);
    fd::read(a, &[64]);
    fd::seek(a, -5, END);
    fd::write(a, &[b"W"]);
    fd::seek(a, -1, SET);
    fd::seek(a, -100, CUR);
    fd::seek(a, i64::MIN, END);
    fd::seek(a, i64::MAX, CUR);
    fd::tell(a);

    fd::pread(a, &[2, 3], 6);
    fd::pread(a, &[8], 9);
    fd::pread(a, &[8], 100);
    fd::pwrite(a, &[b"J", b"e"], 0);
    fd::tell(a);
    fd::pwrite(a, &[b"!"], 13);
    fd::filestat(a);
    fd::pread(a, &[64], 0);
    fd::pread(a, &[1], u64::MAX);
    fd::pwrite(a, &[b"x"], u64::MAX);

    fd::seek(a, 4, END);
    fd::filestat(a);
    fd::write(a, &[b"end"]);
    fd::filestat(a);
    fd::pread(a, &[64], 0);

    fd::set_size(a, 5);
    fd::tell(a);
    fd::filestat(a);
    fd::set_size(a, 8);
    fd::pread(a, &[64], 0);
    fd::set_size(a, u64::MAX);
    fd::allocate(a, 4, 8);
    fd::filestat(a);
    fd::allocate(a, 0, 2);
    fd::filestat(a);
    fd::allocate(a, 0, 0);
    fd::allocate(a, u64::MAX, 1);
    for advice in 0..=5 {
        fd::advise(a, 1, 2, advice);
    }
    fd::advise(a, u64::MAX, 1, 0);
    fd::sync(a);
    fd::datasync(a);
    fd::close(a);

    flags();
    path::unlink(SANDBOX, b"a.txt");
}

/// Append and truncate.
fn flags() {
    let open = |oflags, fdflags| path::open_with(SANDBOX, FOLLOW, b"a.txt", oflags, BOTH, fdflags);
    if let Some(a) = open(TRUNC, APPEND) {
        fd::fdstat(a);
        fd::write(a, &[b"one "]);
        fd::seek(a, 0, SET);
        fd::write(a, &[b"two "]);
        fd::tell(a);
        fd::pread(a, &[64], 0);
        fd::set_flags(a, PLAIN);
        fd::fdstat(a);
        fd::seek(a, 0, SET);
        fd::write(a, &[b"ONE"]);
        fd::set_flags(a, APPEND);
        fd::write(a, &[b"three"]);
        fd::pread(a, &[64], 0);
        fd::close(a);
    }
    if let Some(a) = open(EXISTING, NONBLOCK) {
        fd::fdstat(a);
        fd::close(a);
    }
}

/// What a descriptor was not opened for, and calls on the wrong kind of thing.
pub(crate) fn kinds_and_rights() {
    path::make(SANDBOX, b"r.txt", b"content");
    path::create_directory(SANDBOX, b"d");

    let reader = path::open(SANDBOX, b"r.txt", EXISTING, READ);
    fd::write(reader, &[b"x"]);
    fd::pwrite(reader, &[b"x"], 0);
    fd::set_size(reader, 0);
    fd::allocate(reader, 0, 100);
    fd::read(reader, &[8]);
    fd::close(reader);
    let writer = path::open(SANDBOX, b"r.txt", EXISTING, WRITE);
    fd::read(writer, &[8]);
    fd::pread(writer, &[8], 0);
    fd::write(writer, &[b"C"]);
    fd::close(writer);
    path::refused(SANDBOX, b"r.txt", EXISTING, NO_RIGHTS);
    path::show(SANDBOX, b"r.txt");

    let narrowed = path::open(SANDBOX, b"r.txt", EXISTING, BOTH);
    if let Some(stat) = fd::fdstat(narrowed) {
        check("no rights are given that were not asked for", stat.rights_base & !BOTH.0 == 0);
        check(
            "the rights to read and write are given",
            stat.rights_base & (1 << 1 | 1 << 6) == 1 << 1 | 1 << 6,
        );
    }
    fd::set_rights(narrowed, READ.0, "read");
    fd::write(narrowed, &[b"x"]);
    fd::set_rights(narrowed, BOTH.0, "read+write");
    fd::close(narrowed);

    path::refused(SANDBOX, b"r.txt", IS_DIRECTORY, READ);
    path::refused(SANDBOX, b"r.txt/", EXISTING, READ);
    path::refused(SANDBOX, b"r.txt/x", EXISTING, READ);
    path::refused(SANDBOX, b"r.txt/x", CREAT, BOTH);
    path::refused(SANDBOX, b"new/", CREAT, BOTH);
    path::refused(SANDBOX, b"d", EXISTING, BOTH);
    path::refused(SANDBOX, b"d", CREAT, BOTH);
    path::refused(SANDBOX, b"d", CREAT_EXCL, BOTH);
    path::refused(SANDBOX, b"new", CREAT_DIRECTORY, DIRECTORY);
    path::refused(SANDBOX, b"d", TRUNC, BOTH);

    let file = path::open(SANDBOX, b"r.txt", EXISTING, BOTH);
    path::refused(file, b"x", CREAT, BOTH);
    path::create_directory(file, b"x");
    path::filestat(file, b"x");
    path::filestat(file, b"");
    path::unlink(file, b"x");
    fd::readdir_refused(file);
    fd::prestat(file);
    fd::close(file);

    let dir = path::open(SANDBOX, b"d", IS_DIRECTORY, DIRECTORY);
    fd::fdstat(dir);
    fd::filestat(dir);
    fd::read(dir, &[8]);
    fd::write(dir, &[b"x"]);
    fd::pread(dir, &[8], 0);
    fd::pwrite(dir, &[b"x"], 0);
    fd::seek(dir, 0, CUR);
    fd::tell(dir);
    fd::set_size(dir, 0);
    fd::allocate(dir, 0, 1);
    fd::advise(dir, 0, 0, 0);
    fd::sync(dir);
    fd::datasync(dir);
    fd::set_flags(dir, PLAIN);
    fd::close(dir);

    path::remove_directory(SANDBOX, b"d");
    path::unlink(SANDBOX, b"r.txt");
}
