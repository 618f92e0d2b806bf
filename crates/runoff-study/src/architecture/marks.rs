//! The side that is followed.

use nix::sys::signal::{Signal, raise};

/// The measured part begins.
pub(super) const BEGIN: Signal = Signal::SIGUSR1;

/// It ended.
pub(super) const END: Signal = Signal::SIGUSR2;

/// Lets the parent process follow this thread; its number, by which the parent knows it.
pub fn offer() -> Result<i32, String> {
    #[cfg(target_os = "linux")]
    {
        nix::sys::ptrace::traceme().map_err(|e| {
            format!(
                "this process may not be followed ({e}); containers need the capability SYS_PTRACE for it"
            )
        })?;
        Ok(nix::unistd::gettid().as_raw())
    }
    #[cfg(not(target_os = "linux"))]
    Err(super::TraceError::Unsupported.to_string())
}

/// Marks the beginning of the measured part. Whoever follows never delivers the signal; unfollowed it ends the process.
pub fn begin() {
    // A signal of one's own cannot be refused.
    let _ = raise(BEGIN);
}

/// Marks its end.
pub fn end() {
    let _ = raise(END);
}
