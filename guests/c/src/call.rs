//! Calling a program in C with the streams of one in Rust. All unsafe code is here.

use std::ffi::{CString, c_char, c_int, c_void};
use std::slice;

use runoff_guest_program::Io;

/// The exit code for arguments that make no sense.
const USAGE: i32 = 2;

/// `struct io` of `program.h`.
#[repr(C)]
pub(crate) struct Streams {
    context: *mut c_void,
    out: extern "C" fn(*mut c_void, *const c_char, usize) -> c_int,
    err: extern "C" fn(*mut c_void, *const c_char, usize) -> c_int,
    start: extern "C" fn(*mut c_void),
    end: extern "C" fn(*mut c_void),
}

/// A program as C sees it: how many arguments, the arguments, streams and marks; its exit code.
type Entry = unsafe extern "C" fn(c_int, *const *const c_char, *const Streams) -> c_int;

macro_rules! entries {
    ($($symbol:ident),* $(,)?) => {
        unsafe extern "C" {
            $(pub(crate) fn $symbol(count: c_int, args: *const *const c_char, io: *const Streams) -> c_int;)*
        }
    };
}

entries!(
    runoff_c_2mm,
    runoff_c_atax,
    runoff_c_cholesky,
    runoff_c_crc32,
    runoff_c_durbin,
    runoff_c_floyd_warshall,
    runoff_c_gemm,
    runoff_c_jacobi_2d,
    runoff_c_lu,
    runoff_c_matmul_17,
    runoff_c_nussinov,
    runoff_c_seidel_2d,
    runoff_c_sha256,
    runoff_c_sieve,
    runoff_c_sort,
);

/// Runs one of this package's programs.
pub(crate) fn run(entry: Entry, args: &[&str], io: &mut dyn Io) -> i32 {
    let Ok(owned) = args.iter().map(|arg| CString::new(*arg)).collect::<Result<Vec<_>, _>>() else {
        io.err(b"an argument holds a zero byte\n");
        return USAGE;
    };
    let pointers: Vec<*const c_char> = owned.iter().map(|arg| arg.as_ptr()).collect();
    let Ok(count) = c_int::try_from(pointers.len()) else {
        io.err(b"too many arguments\n");
        return USAGE;
    };
    let mut context = Context(io);
    let streams = Streams { context: (&raw mut context).cast(), out, err, start, end };
    // SAFETY: `entry` is one of the functions declared above, whose definitions have this signature. `pointers` holds
    // `count` strings that end with a zero, and they, `streams` and `context` live until the call returns; the programs keep
    // no pointer longer than that, and use `context` through the functions below only, while nothing else does.
    unsafe { entry(count, pointers.as_ptr(), &raw const streams) }
}

/// A reference to a trait object is two words; this is where they are while C holds one.
struct Context<'a>(&'a mut dyn Io);

/// The streams behind a context.
///
/// # Safety
///
/// `context` must be the one that [`run`] made, while its call lasts, and no other reference from it may be alive.
unsafe fn streams<'a>(context: *mut c_void) -> &'a mut dyn Io {
    // SAFETY: by the condition above it points to the variable `context` in `run`.
    unsafe { &mut *(*context.cast::<Context<'a>>()).0 }
}

/// Bytes that C passes.
///
/// # Safety
///
/// `bytes` must point to `length` bytes that do not change while the result is used.
unsafe fn text<'a>(bytes: *const c_char, length: usize) -> &'a [u8] {
    // SAFETY: by the condition above.
    unsafe { slice::from_raw_parts(bytes.cast(), length) }
}

extern "C" fn out(context: *mut c_void, bytes: *const c_char, length: usize) -> c_int {
    // SAFETY: the programs pass the context they were given, and a buffer of theirs with its length.
    let (io, text) = unsafe { (streams(context), text(bytes, length)) };
    c_int::from(io.out(text))
}

extern "C" fn err(context: *mut c_void, bytes: *const c_char, length: usize) -> c_int {
    // SAFETY: the programs pass the context they were given, and a buffer of theirs with its length.
    let (io, text) = unsafe { (streams(context), text(bytes, length)) };
    c_int::from(io.err(text))
}

extern "C" fn start(context: *mut c_void) {
    // SAFETY: the programs pass the context they were given.
    unsafe { streams(context) }.start();
}

extern "C" fn end(context: *mut c_void) {
    // SAFETY: the programs pass the context they were given.
    unsafe { streams(context) }.end();
}
