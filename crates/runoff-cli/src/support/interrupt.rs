//! Ctrl-C, once for the whole program.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::exit;

static SEEN: Mutex<Option<Arc<AtomicBool>>> = Mutex::new(None);

/// Set by the first Ctrl-C or request to end from now on; the second ends the program at once.
pub(crate) fn watch() -> io::Result<Arc<AtomicBool>> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(flag) = seen.as_ref() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(
            signal,
            exit::INTERRUPTED.into(),
            Arc::clone(&flag),
        )?;
        signal_hook::flag::register(signal, Arc::clone(&flag))?;
    }
    *seen = Some(Arc::clone(&flag));
    Ok(flag)
}

/// Whether the program was asked to end since it watches.
pub(crate) fn seen() -> bool {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Ends the program when it was asked to end: where there is nothing to keep.
#[expect(clippy::exit, reason = "called from inside measurements that have no other end")]
pub(crate) fn leave() {
    if seen() {
        std::process::exit(exit::INTERRUPTED.into());
    }
}
