//! Sockets: there are none, so every call is refused, on files as on numbers that are not open.

use super::left_nothing;
use crate::fd;
use crate::path;
use crate::raw::{self, Iovec};
use crate::report::called;
use crate::words::{BOTH, CREAT_EXCL, NOT_OPEN, SANDBOX, STDIN};

pub(crate) fn sockets() {
    let file = path::open(SANDBOX, b"a", CREAT_EXCL, BOTH);
    for fd in [STDIN, SANDBOX, file, NOT_OPEN] {
        let mut buffer = [0_u8; 8];
        let iovec = Iovec { buf: buffer.as_mut_ptr(), len: 8 };
        let mut number = 0;
        let mut flags = 0;
        // SAFETY: `number` takes the descriptor.
        let errno = unsafe { raw::sock_accept(fd.number, 0, &raw mut number) };
        called!(errno, "sock_accept({fd})");
        // SAFETY: the one piece is `buffer`; `number` and `flags` take the answer.
        let errno =
            unsafe { raw::sock_recv(fd.number, &raw const iovec, 1, 0, &raw mut number, &raw mut flags) };
        called!(errno, "sock_recv({fd}, [8])");
        // SAFETY: the one piece is `buffer`, and `number` takes the count.
        let errno = unsafe { raw::sock_send(fd.number, &raw const iovec, 1, 0, &raw mut number) };
        called!(errno, "sock_send({fd}, 8 bytes)");
        called!(raw::sock_shutdown(fd.number, 3), "sock_shutdown({fd}, both)");
        called!(raw::sock_shutdown(fd.number, 0), "sock_shutdown({fd}, neither)");
    }
    fd::filestat(file);
    fd::close(file);
    path::unlink(SANDBOX, b"a");
    left_nothing();
}
