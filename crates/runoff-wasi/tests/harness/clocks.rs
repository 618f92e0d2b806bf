//! Clocks that go on only when somebody sleeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runoff_wasi::Clocks;

/// Nanoseconds slept so far.
#[derive(Debug, Default)]
pub(crate) struct Frozen(AtomicU64);

impl Frozen {
    pub(crate) fn slept(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Clocks for Frozen {
    fn realtime_ns(&self) -> u64 {
        1_000_000_000 + self.slept()
    }

    fn monotonic_ns(&self) -> u64 {
        5 + self.slept()
    }

    fn sleep(&self, duration: Duration) -> bool {
        self.0.fetch_add(duration.as_nanos() as u64, Ordering::Relaxed);
        true
    }
}

/// Clocks of a guest that nobody lets sleep.
#[derive(Debug)]
pub(crate) struct Restless;

impl Clocks for Restless {
    fn realtime_ns(&self) -> u64 {
        1
    }

    fn monotonic_ns(&self) -> u64 {
        1
    }

    fn sleep(&self, _: Duration) -> bool {
        false
    }
}

pub(crate) fn frozen() -> Arc<Frozen> {
    Arc::new(Frozen::default())
}
