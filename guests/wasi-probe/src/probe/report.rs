//! Lines on standard output, written with `fd_write` and nothing else.

use super::raw::{self, Iovec};
use core::fmt::{self, Arguments, Write};

/// One line being put together; what does not fit is cut off.
struct Line {
    bytes: [u8; 1024],
    len: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &mut self.bytes[self.len..];
        let taken = text.len().min(room.len());
        room[..taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.len += taken;
        Ok(())
    }
}

fn write_line(fd: u32, text: Arguments<'_>) {
    let mut line = Line { bytes: [0; 1024], len: 0 };
    // A `Line` never fails, and one that was cut off is visible as such.
    let _ = line.write_fmt(text);
    line.len = line.len.min(line.bytes.len() - 1);
    line.bytes[line.len] = b'\n';
    let mut rest = &mut line.bytes[..=line.len];
    while !rest.is_empty() {
        let iovec = Iovec { buf: rest.as_mut_ptr(), len: rest.len() as u32 };
        let mut written = 0;
        // SAFETY: the piece is `rest`, and `written` takes the count.
        let errno = unsafe { raw::fd_write(fd, &raw const iovec, 1, &raw mut written) };
        if errno != 0 || written == 0 {
            // Without a way to report, a trap is the clearest sign.
            core::arch::wasm32::unreachable();
        }
        rest = &mut rest[written as usize..];
    }
}

/// Writes a line to standard output.
pub(crate) fn line(text: Arguments<'_>) {
    write_line(1, text);
}

/// Writes a line to standard error.
pub(crate) fn error(text: Arguments<'_>) {
    write_line(2, text);
}

/// Prints a relation that must hold wherever the calls before it succeeded.
pub(crate) fn check(what: &str, holds: bool) {
    line(format_args!("check: {what}: {}", if holds { "yes" } else { "NO" }));
}

/// Prints a call: `called!(errno, "fd_sync({fd})")`, with what it answered after a semicolon:
/// `called!(errno, "fd_tell({fd})"; "at {position}")`.
macro_rules! called {
    ($errno:expr, $($call:tt)*) => {
        $crate::report::called!(@split $errno, [] $($call)*)
    };
    (@split $errno:expr, [$($call:tt)*] ; $($answer:tt)*) => {{
        let outcome = ::runoff_guest_wasi_probe::Outcome($errno);
        if outcome.is_success() {
            $crate::report::line(format_args!(
                "{} = 0, {}", format_args!($($call)*), format_args!($($answer)*)
            ));
        } else {
            $crate::report::line(format_args!("{} = {outcome}", format_args!($($call)*)));
        }
    }};
    (@split $errno:expr, [$($call:tt)*] $next:tt $($rest:tt)*) => {
        $crate::report::called!(@split $errno, [$($call)* $next] $($rest)*)
    };
    (@split $errno:expr, [$($call:tt)*]) => {{
        let outcome = ::runoff_guest_wasi_probe::Outcome($errno);
        $crate::report::line(format_args!("{} = {outcome}", format_args!($($call)*)));
    }};
}
pub(crate) use called;
