//! The three standard streams. What they answer about positions assumes pipes or buffers, not files or terminals.

use crate::fd;
use crate::report::{called, check};
use crate::words::{CUR, PLAIN, SET, STDERR, STDIN, STDOUT};

pub(crate) fn stdio() {
    fd::write(STDOUT, &[b"", b"standard ", b"output\n"]);
    fd::write(STDOUT, &[]);
    fd::write(STDOUT, &[b""]);
    fd::write(STDERR, &[b"standard ", b"error\n"]);
    fd::write(STDIN, &[b"x"]);

    fd::read(STDIN, &[3, 0, 2]);
    fd::read(STDIN, &[]);
    // A stream may give less than there is; the end is where it gives nothing.
    let mut reads = 0;
    while fd::read_quietly(STDIN, 64) > 0 {
        reads += 1;
    }
    check("standard input ends", reads < 1000);
    fd::read(STDIN, &[8]);
    fd::read(STDOUT, &[8]);

    for stream in [STDIN, STDOUT, STDERR] {
        let (errno, stat) = fd::fdstat_quietly(stream);
        called!(errno, "fd_fdstat_get({stream})");
        check("a stream is neither file nor directory", !matches!(stat.filetype, 3 | 4));
        fd::seek(stream, 0, CUR);
        fd::tell(stream);
        fd::prestat(stream);
        fd::prestat_dir_name(stream, 8);
    }
    fd::seek(STDOUT, 0, SET);
    fd::pread(STDIN, &[4], 0);
    fd::pwrite(STDOUT, &[b"x"], 0);
    fd::set_flags(STDOUT, PLAIN);
    fd::allocate(STDOUT, 0, 1);
    fd::set_size(STDOUT, 0);
    fd::advise(STDOUT, 0, 0, 0);
    fd::readdir_refused(STDIN);
    let (errno, stat) = fd::filestat_quietly(STDOUT);
    called!(errno, "fd_filestat_get({STDOUT})");
    check("a stream has no size", stat.size == 0);
}
