//! A stack deep enough for engines that recurse on it.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Bytes of stack for threads that run guests. wasm3 recurses on the native stack and aborts the process when
/// that overflows before its own limit; pages are only used when touched.
const ENGINE_STACK: usize = 256 << 20;

/// Runs `work` on a fresh thread with a deep stack and returns its result; a panic goes on in the caller.
pub fn on_engine_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let handle = thread::Builder::new().name("engine".into()).stack_size(ENGINE_STACK).spawn(work)?;
    handle.join().map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
}

/// The same for work that may take long: until it is done, `look` is called once in a `period`.
pub fn on_engine_stack_watched<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    period: Duration,
    mut look: impl FnMut(),
) -> io::Result<T> {
    let (done, ended) = channel::<()>();
    let work = move || {
        // Dropped with the work, also when that panics.
        let _done = done;
        work()
    };
    let handle = thread::Builder::new().name("engine".into()).stack_size(ENGINE_STACK).spawn(work)?;
    while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
        look();
    }
    handle.join().map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
}

/// Bytes of stack the calling thread has left, where the system tells.
#[cfg(all(target_os = "linux", feature = "wasm3"))]
pub(crate) fn stack_left() -> Option<usize> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut base, mut size) = (std::ptr::null_mut(), 0);
    let here = &raw const size as usize;
    #[expect(unsafe_code, reason = "only the C library knows a thread's stack")]
    // SAFETY: the attributes are written by the first call and only used, and destroyed, when it succeeded.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let got = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut base, &raw mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        (got == 0).then(|| here.saturating_sub(base as usize))
    }
}

/// Bytes of stack the calling thread has left, where the system tells.
#[cfg(all(not(target_os = "linux"), feature = "wasm3"))]
pub(crate) fn stack_left() -> Option<usize> {
    None
}
