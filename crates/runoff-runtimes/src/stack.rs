//! A stack deep enough for engines that recurse on it.

use std::io;
use std::thread;

/// Bytes of stack for threads that run guests. wasm3 recurses on the native stack and aborts the process when
/// that overflows before its own limit; pages are only used when touched.
const ENGINE_STACK: usize = 256 << 20;

/// Runs `work` on a fresh thread with a deep stack and returns its result; a panic goes on in the caller.
pub fn on_engine_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let handle = thread::Builder::new().name("engine".into()).stack_size(ENGINE_STACK).spawn(work)?;
    handle.join().map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
}
