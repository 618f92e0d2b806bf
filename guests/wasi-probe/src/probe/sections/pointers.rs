//! Addresses outside memory, buffers that end outside it, and addresses that are not aligned.
//!
//! An implementation either answers `fault` or traps, which ends this section; it is the last one for that reason.

use super::left_nothing;
use crate::fd;
use crate::path;
use crate::raw::{self, Iovec};
use crate::report::{called, line};
use crate::words::{BOTH, CREAT_EXCL, Fd, SANDBOX};
use core::ptr::without_provenance_mut;

/// Near the end of the 32-bit address space, where no memory of this program is.
fn beyond<T>() -> *mut T {
    without_provenance_mut(0xffff_fff0)
}

/// The last four bytes of memory: a number of 8 bytes there ends outside.
fn edge<T>() -> *mut T {
    let pages = core::arch::wasm32::memory_size(0);
    without_provenance_mut(pages * 0x1_0000 - 4)
}

/// Calls with addresses outside memory. The functions only name the addresses in their printed form, so every
/// call has the same justification.
macro_rules! outside {
    ($name:ident($($argument:expr),* $(,)?), $words:literal) => {{
        // SAFETY: the implementation checks addresses against the bounds of memory; what is inside is either
        // only read, or one of the buffers of this section, which nothing else uses.
        let errno = unsafe { raw::$name($($argument),*) };
        called!(errno, "{}({})", stringify!($name), $words);
    }};
}

pub(crate) fn pointers() {
    let file = path::open(SANDBOX, b"a", CREAT_EXCL, BOTH);
    fd::write(file, &[b"0123456789"]);
    numbers(file);
    buffers();
    pieces(file);
    paths();
    fd::pread(file, &[64], 0);
    unaligned(file);
    fd::close(file);
    path::unlink(SANDBOX, b"a");
    left_nothing();
}

/// Where single results and structures are to be written.
fn numbers(file: Fd) {
    let mut number = 0;
    outside!(args_sizes_get(beyond(), &raw mut number), "beyond, inside");
    outside!(args_sizes_get(&raw mut number, beyond()), "inside, beyond");
    outside!(environ_sizes_get(beyond(), beyond()), "beyond, beyond");
    outside!(clock_res_get(1, beyond()), "monotonic, beyond");
    outside!(clock_time_get(1, 1, beyond()), "monotonic, beyond");
    outside!(clock_time_get(1, 1, edge()), "monotonic, edge");
    outside!(fd_fdstat_get(file.number, beyond()), "<a>, beyond");
    outside!(fd_fdstat_get(file.number, edge()), "<a>, edge");
    outside!(fd_filestat_get(file.number, beyond()), "<a>, beyond");
    outside!(fd_prestat_get(SANDBOX.number, beyond()), "<sandbox>, beyond");
    outside!(fd_prestat_get(SANDBOX.number, edge()), "<sandbox>, edge");
    outside!(fd_seek(file.number, 0, 1, beyond()), "<a>, 0, cur, beyond");
    outside!(fd_tell(file.number, beyond()), "<a>, beyond");
    outside!(fd_tell(file.number, edge()), "<a>, edge");
}

/// Where strings and blocks are to be written.
fn buffers() {
    let mut number = 0;
    let mut bytes = [0_u8; 64];
    outside!(args_get(beyond(), bytes.as_mut_ptr()), "beyond, inside");
    outside!(random_get(beyond(), 8), "beyond, 8");
    outside!(random_get(edge(), 8), "edge, 8");
    outside!(random_get(bytes.as_mut_ptr(), u32::MAX), "inside, 2^32-1");
    outside!(fd_prestat_dir_name(SANDBOX.number, beyond(), 8), "<sandbox>, beyond, 8");
    outside!(fd_readdir(SANDBOX.number, beyond(), 64, 0, &raw mut number), "<sandbox>, beyond, 64");
    outside!(
        fd_readdir(SANDBOX.number, bytes.as_mut_ptr(), 64, 0, beyond()),
        "<sandbox>, inside, count beyond"
    );
    outside!(
        fd_readdir(SANDBOX.number, bytes.as_mut_ptr(), u32::MAX, 0, &raw mut number),
        "<sandbox>, inside, 2^32-1"
    );
    let subscription = runoff_guest_wasi_probe::Subscription::clock(1, 1, 0, false);
    let from = (&raw const subscription).cast();
    outside!(poll_oneoff(beyond(), bytes.as_mut_ptr(), 1, &raw mut number), "beyond, inside, 1");
    outside!(poll_oneoff(from, beyond(), 1, &raw mut number), "inside, beyond, 1");
    outside!(poll_oneoff(from, bytes.as_mut_ptr(), 1, beyond()), "inside, inside, count beyond");
    outside!(poll_oneoff(from, bytes.as_mut_ptr(), u32::MAX, &raw mut number), "inside, inside, 2^32-1");
}

/// Lists of pieces, and pieces.
fn pieces(file: Fd) {
    let mut bytes = [b'#'; 8];
    let mut number = 0;
    let inside = Iovec { buf: bytes.as_mut_ptr(), len: 8 };
    let outside = Iovec { buf: beyond(), len: 8 };
    let across = Iovec { buf: edge(), len: 8 };
    let endless = Iovec { buf: bytes.as_mut_ptr(), len: u32::MAX };
    let fd = file.number;
    outside!(fd_write(fd, beyond(), 1, &raw mut number), "<a>, list beyond");
    outside!(fd_write(fd, edge(), 1, &raw mut number), "<a>, list at edge");
    // A list of 2^29+1 pieces has 8 bytes when its size is computed in 32 bits.
    outside!(fd_write(fd, &raw const inside, 0x2000_0001, &raw mut number), "<a>, list of 2^29+1");
    outside!(fd_write(fd, &raw const outside, 1, &raw mut number), "<a>, piece beyond");
    outside!(fd_write(fd, &raw const across, 1, &raw mut number), "<a>, piece at edge");
    outside!(fd_write(fd, &raw const endless, 1, &raw mut number), "<a>, piece of 2^32-1");
    outside!(fd_pwrite(fd, &raw const outside, 1, 0, &raw mut number), "<a>, piece beyond");
    outside!(fd_read(fd, beyond(), 1, &raw mut number), "<a>, list beyond");
    fd::seek(file, 0, crate::words::SET);
    outside!(fd_read(fd, &raw const outside, 1, &raw mut number), "<a>, piece beyond");
    outside!(fd_read(fd, &raw const across, 1, &raw mut number), "<a>, piece at edge");
    outside!(fd_pread(fd, &raw const outside, 1, 0, &raw mut number), "<a>, piece beyond");
    outside!(fd_pread(fd, &raw const inside, 1, 0, beyond()), "<a>, count beyond");
    fd::tell(file);
}

/// Paths to be read from, and what the calls on them write.
fn paths() {
    let dir = SANDBOX.number;
    let a = b"a".as_ptr();
    let mut bytes = [0_u8; 64];
    let mut number = 0;
    outside!(path_create_directory(dir, beyond(), 4), "<sandbox>, beyond, 4");
    outside!(path_create_directory(dir, edge(), 8), "<sandbox>, edge, 8");
    outside!(path_create_directory(dir, a, u32::MAX), "<sandbox>, inside, 2^32-1");
    outside!(path_filestat_get(dir, 0, beyond(), 4, bytes.as_mut_ptr()), "<sandbox>, beyond");
    outside!(path_filestat_get(dir, 0, a, 1, beyond()), "<sandbox>, \"a\", result beyond");
    outside!(path_filestat_set_times(dir, 0, beyond(), 4, 0, 0, 0), "<sandbox>, beyond");
    outside!(path_link(dir, 0, beyond(), 4, dir, a, 1), "<sandbox>, beyond, \"a\"");
    outside!(path_link(dir, 0, a, 1, dir, beyond(), 4), "<sandbox>, \"a\", beyond");
    outside!(path_open(dir, 0, beyond(), 4, 0, 0, 0, 0, &raw mut number), "<sandbox>, beyond");
    outside!(path_open(dir, 0, a, 1, 0, 2, 0, 0, beyond()), "<sandbox>, \"a\", result beyond");
    outside!(path_readlink(dir, beyond(), 4, bytes.as_mut_ptr(), 64, &raw mut number), "<sandbox>, beyond");
    outside!(path_remove_directory(dir, beyond(), 4), "<sandbox>, beyond");
    outside!(path_rename(dir, beyond(), 4, dir, a, 1), "<sandbox>, beyond, \"a\"");
    outside!(path_rename(dir, a, 1, dir, beyond(), 4), "<sandbox>, \"a\", beyond");
    outside!(path_symlink(beyond(), 4, dir, a, 1), "beyond, <sandbox>, \"a\"");
    outside!(path_symlink(a, 1, dir, beyond(), 4), "\"a\", <sandbox>, beyond");
    outside!(path_unlink_file(dir, beyond(), 4), "<sandbox>, beyond");
    path::symlink(b"a", SANDBOX, b"s");
    let s = b"s".as_ptr();
    outside!(path_readlink(dir, s, 1, beyond(), 8, &raw mut number), "<sandbox>, \"s\", buffer beyond");
    outside!(path_readlink(dir, s, 1, bytes.as_mut_ptr(), 64, beyond()), "<sandbox>, \"s\", count beyond");
    path::unlink(SANDBOX, b"s");
}

/// Addresses need not be aligned in wasm.
fn unaligned(file: Fd) {
    #[repr(align(8))]
    struct Aligned([u8; 128]);
    let mut memory = Aligned([0; 128]);
    let base = memory.0.as_mut_ptr();
    let odd: *mut u8 = base.wrapping_add(1);
    outside!(args_sizes_get(odd.cast(), base.wrapping_add(7).cast()), "odd, odd");
    outside!(clock_time_get(1, 1, odd.cast()), "monotonic, odd");
    outside!(fd_tell(file.number, odd.cast()), "<a>, odd");
    outside!(fd_filestat_get(file.number, odd), "<a>, odd");
    let size = u64::from_le_bytes(memory.0[33..41].try_into().unwrap_or([0; 8]));
    line(format_args!("  {size} bytes"));
}
