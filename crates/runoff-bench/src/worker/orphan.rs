//! A worker whose parent is gone has nobody to work for.

use std::io;
use std::os::unix::process::parent_id;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use runoff_runtimes::{on_engine_stack_watched, valgrind};

/// Seldom enough to cost a measurement nothing.
const PERIOD: Duration = Duration::from_secs(1);

/// Where events are simulated a look is some seven hundred instructions of this process, and counted with the guest's:
/// longer than a counting worker usually lives.
const COUNTED_PERIOD: Duration = Duration::from_mins(1);

/// Runs `work` on a thread engines can recurse on, and ends this process when its parent has ended. One that compiles for
/// minutes, or hangs, would not notice the end of its input.
pub(super) fn while_the_parent_lives<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let parent = parent_id();
    let period = if valgrind::running() { COUNTED_PERIOD } else { PERIOD };
    on_engine_stack_watched(work, period, || {
        if parent_id() != parent {
            // Leaving in order would run destructors of an engine that is at work.
            let _ = kill(Pid::this(), Signal::SIGKILL);
        }
    })
}
