//! The end: `proc_raise`, `proc_exit`, and a trap.

use crate::fd;
use crate::raw;
use crate::report::{called, check};
use crate::words::{STDERR, STDIN};

/// Closes two streams, then exits with the code in decimal digits, 7 without any.
pub(crate) fn exit(code: &[u8]) {
    fd::close(STDIN);
    fd::read(STDIN, &[1]);
    fd::close(STDERR);
    fd::write(STDERR, &[b"never seen\n"]);
    called!(raw::proc_raise(0), "proc_raise(none)");
    let code = match code {
        [] => 7,
        digits => digits
            .iter()
            .fold(0_u32, |sum, digit| sum.wrapping_mul(10).wrapping_add(u32::from(digit.wrapping_sub(b'0')))),
    };
    crate::report::line(format_args!("proc_exit({code})"));
    raw::proc_exit(code);
}

pub(crate) fn trap() {
    check("a trap follows", true);
    core::arch::wasm32::unreachable()
}
